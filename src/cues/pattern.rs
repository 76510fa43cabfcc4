//! Patterns of correction rules: words with `*` for any run of characters, without regard to case.
//!
//! In a prompt a pattern may stand anywhere, as whole words: `fix` is in "please fix it", not in "prefix"; `fix*` is in
//! "fixing it" too. Of other fields it must be the whole value.

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What stands before the first star, in lower case.
    first: String,
    /// What stands after each star.
    rest: Vec<String>,
}

impl Pattern {
    /// Reads a pattern; `None` for one that holds nothing but stars and blanks.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let mut pieces = text.split('*').map(str::to_owned);
        let pattern = Self { first: pieces.next().unwrap_or_default(), rest: pieces.collect() };
        text.contains(|letter: char| letter != '*' && !letter.is_whitespace()).then_some(pattern)
    }

    /// Whether a prompt, in lower case, holds it as whole words.
    pub fn is_in(&self, prompt: &str) -> bool {
        let Self { first, rest } = self;
        let Some((last, middle)) = rest.split_last() else {
            return places(prompt, first).any(|at| opens(prompt, at) && closes(prompt, at + first.len()));
        };
        let Some(at) = places(prompt, first).find(|&at| first.is_empty() || opens(prompt, at)) else { return false };
        let Some(from) = after(prompt, at + first.len(), middle) else { return false };
        last.is_empty() || places(&prompt[from..], last).any(|at| closes(prompt, from + at + last.len()))
    }

    /// Whether it is a whole value, in lower case.
    pub fn is_all_of(&self, value: &str) -> bool {
        let Self { first, rest } = self;
        let Some((last, middle)) = rest.split_last() else { return value == first };
        value.starts_with(first.as_str())
            && after(value, first.len(), middle).is_some_and(|from| value[from..].ends_with(last.as_str()))
    }
}

/// The end of some pieces that follow each other from a place on, each found as early as can be.
fn after(text: &str, mut from: usize, pieces: &[String]) -> Option<usize> {
    for piece in pieces {
        from += text[from..].find(piece.as_str())? + piece.len();
    }
    Some(from)
}

/// Where a piece stands in a text.
fn places<'t>(text: &'t str, piece: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(piece).map(|(at, _)| at)
}

fn opens(text: &str, at: usize) -> bool {
    let joined = |(before, letter): (char, char)| before.is_alphanumeric() && letter.is_alphanumeric();
    !text[..at].chars().next_back().zip(text[at..].chars().next()).is_some_and(joined)
}

fn closes(text: &str, end: usize) -> bool {
    opens(text, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, is_in: bool, is_all: bool) {
        let pattern = Pattern::parse(pattern).unwrap();
        assert_eq!((pattern.is_in(text), pattern.is_all_of(text)), (is_in, is_all));
    }

    #[test]
    fn patterns_are_whole_words_unless_starred() {
        check("fix", "please fix it", true, false);
        check("fix", "a prefix", false, false);
        check("FIX", "fix", true, true);
        check("fix*", "fixing", true, true);
        check("*fix", "a prefix", true, true);
        check("fix*menu", "fix the old menu, now", true, false);
        check("fix*menu", "fix the menus", false, false);
        check("fix*menu", "fix the menus and the menu", true, true);
        check("qa-*", "qa-shop", true, true);
        check("année*", "l'année", true, false);
    }
}
