//! One line of a rollout, and what it means.
use serde::Deserialize;
use serde_json::Value;

use crate::ingest::{batch::RowError, token_prices::Tokens};

/// The envelope of every line.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    pub(super) timestamp: Option<String>,
    #[serde(default)]
    payload: Value,
}

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Which session this is, and in which folder.
    Session { id: Option<String>, folder: Option<String> },
    /// Which model answers, and in which folder.
    Context { model: Option<String>, folder: Option<String> },
    /// A person asks for something, as the program tells it.
    Prompt(String),
    /// A message in a person's name, as it is sent to the model: the same prompt once more, or the only trace of it.
    Sent(String),
    /// The person stopped the assistant.
    Interruption,
    /// All that the session has used so far.
    Totals(Told),
    /// An answer, a tool's call, a note of the program.
    Nothing,
}

/// The counts of one line; parts of input and output are not always told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    input: u64,
    cached_input: Option<u64>,
    output: u64,
    reasoning_output: Option<u64>,
    total: Option<u64>,
}

impl Told {
    /// All counts: those that are not told are as they were, unless counting began anew.
    pub(super) fn after(self, before: Totals) -> Totals {
        let is_new = self.input < before.input || self.output < before.output;
        let or = |told: Option<u64>, before: u64| told.unwrap_or(if is_new { 0 } else { before });
        Totals {
            input: self.input,
            cached_input: or(self.cached_input, before.cached_input),
            output: self.output,
            reasoning_output: or(self.reasoning_output, before.reasoning_output),
            total: or(self.total, before.total),
        }
    }
}

/// Cumulative counts of a session, under the transcript's own names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// With what was read from the cache.
    pub(super) input: u64,
    /// Of the input.
    pub(super) cached_input: u64,
    /// With reasoning.
    pub(super) output: u64,
    /// Of the output.
    pub(super) reasoning_output: u64,
    /// Input and output.
    pub(super) total: u64,
}

const KINDS: [&str; 5] = ["session_meta", "turn_context", "response_item", "event_msg", "compacted"];

/// Beginnings of messages that the program sends in the person's name.
const PROGRAM_NOTES: [&str; 10] = [
    "<environment_context>",
    "<user_instructions>",
    "<INSTRUCTIONS>",
    "# AGENTS.md instructions",
    "<turn_aborted>",
    "<skill>",
    "<user_shell_command>",
    "<subagent_notification>",
    "<permissions instructions>",
    "<collaboration_mode>",
];

/// Reads a line.
///
/// # Errors
/// A sentence, when it is no JSON object of the known shape.
pub(super) fn parse(text: &str) -> Result<Line, String> {
    serde_json::from_str(text).map_err(|err| format!("not a line of a rollout: {err}"))
}

impl Line {
    /// Whether only a rollout has such a line.
    pub(super) fn is_of_a_rollout(&self) -> bool {
        KINDS.contains(&self.kind.as_str()) && self.timestamp.is_some() && self.payload.is_object()
    }

    /// What it says.
    ///
    /// # Errors
    /// When it tells use that cannot be read.
    pub(super) fn meaning(&self) -> Result<Meaning, RowError> {
        let text = |name: &str| self.payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = self.payload.get("type").and_then(Value::as_str).unwrap_or("");
        Ok(match (self.kind.as_str(), kind) {
            ("session_meta", _) => Meaning::Session { id: text("id"), folder: text("cwd") },
            ("turn_context", _) => Meaning::Context { model: text("model"), folder: text("cwd") },
            ("event_msg", "user_message") => {
                text("message").filter(|text| !is_program_note(text)).map_or(Meaning::Nothing, Meaning::Prompt)
            }
            ("event_msg", "turn_aborted") => Meaning::Interruption,
            ("event_msg", "token_count") => self.totals()?.map_or(Meaning::Nothing, Meaning::Totals),
            ("response_item", "message") if text("role").as_deref() == Some("user") => {
                let sent = self.payload.get("content").and_then(sent_text);
                sent.filter(|text| !is_program_note(text)).map_or(Meaning::Nothing, Meaning::Sent)
            }
            _ => Meaning::Nothing,
        })
    }

    /// The counts of a `token_count` line; none before the first answer.
    fn totals(&self) -> Result<Option<Told>, RowError> {
        const FIELD: &str = "total_token_usage";
        let Some(info) = self.payload.get("info").filter(|info| !info.is_null()) else { return Ok(None) };
        let Some(told) = info.get(FIELD).filter(|told| told.is_object()) else {
            let value = info.get(FIELD).unwrap_or(info);
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Err(RowError::cell(FIELD, &value, "no counts of tokens: what was used until here is not told"));
        };
        let count = |name: &str| {
            let value = told.get(name);
            value.and_then(Value::as_u64).ok_or_else(|| {
                let value = value.map_or_else(String::new, Value::to_string);
                RowError::cell(name, &value, "not a count of tokens: a whole number from 0")
            })
        };
        let part = |name: &str| told.get(name).filter(|told| !told.is_null()).map(|_| count(name)).transpose();
        let (input, cached_input) = (count("input_tokens")?, part("cached_input_tokens")?);
        if let Some(cached) = cached_input.filter(|cached| *cached > input) {
            let cause = "more than the input of which it is a part";
            return Err(RowError::cell("cached_input_tokens", &cached.to_string(), cause));
        }
        Ok(Some(Told {
            input,
            cached_input,
            output: count("output_tokens")?,
            reasoning_output: part("reasoning_output_tokens")?,
            total: part("total_tokens")?,
        }))
    }
}

impl Totals {
    /// What was used since an earlier count; `None` where a count has gone down, so that counting began anew.
    pub(super) fn since(self, before: Self) -> Option<Self> {
        Some(Self {
            input: self.input.checked_sub(before.input)?,
            cached_input: self.cached_input.checked_sub(before.cached_input)?,
            output: self.output.checked_sub(before.output)?,
            reasoning_output: self.reasoning_output.checked_sub(before.reasoning_output)?,
            total: self.total.checked_sub(before.total)?,
        })
    }

    /// The counts of both.
    #[must_use]
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cached_input: self.cached_input.saturating_add(other.cached_input),
            output: self.output.saturating_add(other.output),
            reasoning_output: self.reasoning_output.saturating_add(other.reasoning_output),
            total: self.total.saturating_add(other.total),
        }
    }

    /// By kinds that do not overlap.
    pub(super) const fn tokens(self) -> Tokens {
        Tokens {
            input: self.input.saturating_sub(self.cached_input),
            cache_write: 0,
            cache_write_1h: 0,
            cache_read: self.cached_input,
            output: self.output,
        }
    }
}

fn is_program_note(text: &str) -> bool {
    let start = text.trim_start();
    PROGRAM_NOTES.iter().any(|note| start.starts_with(note))
}

/// The text of a message; a message of images alone is an empty prompt.
fn sent_text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) if !parts.is_empty() => {
            let texts = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str));
            Some(texts.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

/// Whether a text tells prompts by events of the program, not only as messages to the model.
pub(super) fn has_prompt_events(text: &str) -> bool {
    let is_prompt = |line: &str| matches!(parse(line).map(|line| line.meaning()), Ok(Ok(Meaning::Prompt(_))));
    text.lines().any(|line| line.contains("\"user_message\"") && is_prompt(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &str, payload: &str, expected: &str) {
        let text = format!(r#"{{"timestamp":"2026-02-01T08:00:00Z","type":"{kind}","payload":{payload}}}"#);
        let got = match parse(&text).unwrap().meaning() {
            Ok(meaning) => format!("{meaning:?}"),
            Err(error) => format!("{}: {}: {}", error.column, error.value, error.cause),
        };
        assert!(got.starts_with(expected), "{text}: {got}");
    }

    #[test]
    fn a_prompt_is_what_a_person_typed() {
        check("event_msg", r#"{"type":"user_message","message":"Add a map"}"#, r#"Prompt("Add a map")"#);
        check("event_msg", r#"{"type":"user_message","message":"<user_instructions>x"}"#, "Nothing");
        let sent = |text: &str| {
            format!(r#"{{"type":"message","role":"user","content":[{{"type":"input_text","text":"{text}"}}]}}"#)
        };
        check("response_item", &sent("Add a map"), r#"Sent("Add a map")"#);
        check("response_item", &sent("<environment_context>\\n<cwd>"), "Nothing");
        check("response_item", &sent("# AGENTS.md instructions for /srv"), "Nothing");
        check("response_item", r#"{"type":"message","role":"assistant","content":[]}"#, "Nothing");
        check("event_msg", r#"{"type":"turn_aborted","reason":"interrupted"}"#, "Interruption");
    }

    #[test]
    fn totals_are_read_exactly_or_refused() {
        let count = |usage: &str| format!(r#"{{"type":"token_count","info":{{"total_token_usage":{usage}}}}}"#);
        check(
            "event_msg",
            &count(r#"{"input_tokens":9,"cached_input_tokens":4,"output_tokens":2,"total_tokens":11}"#),
            "Totals(Told { input: 9, cached_input: Some(4), output: 2, reasoning_output: None, total: Some(11) })",
        );
        check("event_msg", r#"{"type":"token_count","info":null}"#, "Nothing");
        check("event_msg", &count(r#""[REDACTED]""#), "total_token_usage: [REDACTED]: no counts of tokens");
        check("event_msg", &count(r#"{"input_tokens":1.5,"output_tokens":2}"#), "input_tokens: 1.5: not a count");
        check("event_msg", &count(r#"{"input_tokens":1}"#), "output_tokens: : not a count");
        let more = r#"{"input_tokens":1,"cached_input_tokens":2,"output_tokens":2}"#;
        check("event_msg", &count(more), "cached_input_tokens: 2: more than the input");
    }

    #[test]
    fn what_is_not_told_has_not_changed_unless_counting_began_anew() {
        let before = Totals { input: 9, cached_input: 4, output: 2, reasoning_output: 1, total: 11 };
        let told = |input| Told { input, cached_input: None, output: 3, reasoning_output: None, total: None };
        assert_eq!(told(12).after(before), Totals { input: 12, output: 3, ..before });
        assert_eq!(told(5).after(before), Totals { input: 5, output: 3, ..Totals::default() });
    }
}
