//! Texts of cells.

/// A text without the blanks around it; nearly all have none.
#[inline]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [one] if one.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Whether a text is blank.
#[inline]
pub fn is_blank(text: &str) -> bool {
    text.as_bytes().first().is_none_or(|first| !first.is_ascii_graphic() && text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_what_is_no_character_at_their_ends() {
        for text in ["", "a", "ab", " a", "a ", "\u{a0}é\u{2003}", "\ta b\n", " ", "\u{3000}", "é"] {
            assert_eq!((trimmed(text), is_blank(text)), (text.trim(), text.trim().is_empty()), "{text:?}");
        }
    }
}
