//! One line of a chat history, and what it means.
//!
//! aider ends each line that it writes itself with two spaces; a heading in a model's answer has none. Where a program
//! has taken the spaces away, every line that begins right counts.
use crate::{
    ingest::batch::RowError,
    model::amount::{Amount, Total},
};

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning<'t> {
    /// A chat begins, at a local time.
    Start(&'t str),
    /// A line of a prompt.
    Asked(&'t str),
    /// What a message used.
    Use(Use),
    /// Which model answers.
    Model(&'t str),
    /// An answer, or a note of the program.
    Nothing,
}

/// What a message used, as rounded by aider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// Tokens sent.
    pub(super) sent: Total,
    /// Of these, written to a cache.
    pub(super) cache_write: Total,
    /// Of these, read from a cache.
    pub(super) cache_hit: Total,
    /// Tokens received.
    pub(super) received: Total,
    /// What the message cost in dollars, where a price is known.
    pub(super) cost: Option<Amount>,
}

pub(super) const START: &str = "# aider chat started at ";
const PROMPT: &str = "####";
const TOKENS: &str = "> Tokens:";
const MODELS: [&str; 2] = ["> Model: ", "> Main model: "];
/// What ends a line that aider wrote.
const BREAK: &str = "  ";

/// Whether a history has kept the spaces at the ends of prompts.
pub(super) fn has_breaks(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(PROMPT) && line.ends_with(BREAK))
}

/// Reads a line.
///
/// # Errors
/// When it tells use that cannot be read.
pub(super) fn meaning(line: &str, has_breaks: bool) -> Result<Meaning<'_>, RowError> {
    if let Some(at) = line.strip_prefix(START) {
        return Ok(Meaning::Start(at.trim()));
    }
    if has_breaks && !line.ends_with(BREAK) {
        return Ok(Meaning::Nothing);
    }
    if let Some(text) = line.strip_prefix(PROMPT).filter(|text| text.is_empty() || text.starts_with(' ')) {
        return Ok(Meaning::Asked(text.trim()));
    }
    if let Some(told) = line.strip_prefix(TOKENS) {
        let wrong = || RowError::cell("Tokens", told.trim(), "not of the form 2.4k sent, 1.1k received. Cost: $0.01 …");
        return used(told.trim()).map(Meaning::Use).ok_or_else(wrong);
    }
    let model = MODELS.into_iter().find_map(|prefix| line.strip_prefix(prefix));
    let name = model.and_then(|text| text.split_whitespace().next());
    Ok(name.map_or(Meaning::Nothing, Meaning::Model))
}

/// `2.4k sent, 1k cache write, 3k cache hit, 60 received. Cost: $0.01 message, $0.05 session.`
fn used(told: &str) -> Option<Use> {
    let (tokens, cost) = match told.split_once("Cost:") {
        Some((tokens, cost)) => (tokens, Some(cost)),
        None => (told, None),
    };
    let mut used = Use::default();
    let (mut has_sent, mut has_received) = (false, false);
    for part in tokens.trim().trim_end_matches('.').split(", ") {
        let (count, what) = part.trim().split_once(' ')?;
        let count = thousands(count)?;
        match what {
            "sent" => (used.sent, has_sent) = (count, true),
            "received" => (used.received, has_received) = (count, true),
            "cache write" => used.cache_write = count,
            "cache hit" => used.cache_hit = count,
            _ => return None,
        }
    }
    if let Some(cost) = cost {
        let message = cost.trim().strip_prefix('$')?.split_once(" message")?.0;
        used.cost = Some(Amount::parse(message).ok()?.amount);
    }
    (has_sent && has_received).then_some(used)
}

/// `593`, `2.4k`, `11k`.
fn thousands(text: &str) -> Option<Total> {
    let (digits, scale) = text.strip_suffix('k').map_or((text, 1), |digits| (digits, 1_000));
    let count = Amount::parse(digits).ok()?.amount;
    (count >= Amount::ZERO).then(|| Total::from_nanos(i128::from(count.nanos()) * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let got = match meaning(line, line.ends_with(BREAK)) {
            Ok(Meaning::Use(used)) => {
                let Use { sent, cache_write, cache_hit, received, cost } = used;
                let cost = cost.map_or_else(|| "none".to_owned(), |cost| cost.to_string());
                format!("{sent} {cache_write} {cache_hit} {received} {cost}")
            }
            Ok(meaning) => format!("{meaning:?}"),
            Err(error) => format!("{}: {}", error.column, error.cause),
        };
        assert!(got.starts_with(expected), "{line}: {got}");
    }

    #[test]
    fn lines_of_aider_are_told_from_answers() {
        check("# aider chat started at 2026-04-10 02:05:58", r#"Start("2026-04-10 02:05:58")"#);
        check("#### Add a map  ", r#"Asked("Add a map")"#);
        check("#### Add a map", r#"Asked("Add a map")"#);
        check("##### A heading", "Nothing");
        check("> Main model: openrouter/x/y with diff edit format  ", r#"Model("openrouter/x/y")"#);
        assert_eq!(meaning("#### A heading", true), Ok(Meaning::Nothing));
        assert!(has_breaks("x\n#### y  \n") && !has_breaks("#### y\n"));
    }

    #[test]
    fn use_is_read_as_told_or_refused() {
        check("> Tokens: 2.4k sent, 60 received. Cost: $0.0017 message, $0.0030 session.  ", "2400 0 0 60 0.0017");
        check("> Tokens: 593 sent, 40 received.  ", "593 0 0 40 none");
        check("> Tokens: 11k sent, 1k cache write, 3.2k cache hit, 1.2k received.", "11000 1000 3200 1200 none");
        check("> Tokens: 2.4k sent", "Tokens: not of the form");
        check("> Tokens: many sent, 1 received.", "Tokens: not of the form");
        check("> Tokens: 1 sent, 1 received. Cost: free", "Tokens: not of the form");
    }
}
