//! Texts of cells, and when two of them are the same name.
use unicode_normalization::{UnicodeNormalization as _, char::decompose_canonical};

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

/// A name for comparison: without blanks around it, capitals, and differences between composed and decomposed letters.
pub fn folded(text: &str) -> String {
    let text = trimmed(text);
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().flat_map(small).nfc().collect()
}

/// Whether two texts are the same name.
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (trimmed(one), trimmed(other));
    if one.is_ascii() && other.is_ascii() { one.eq_ignore_ascii_case(other) } else { folded(one) == folded(other) }
}

/// A letter as a search sees it, which is [`folded`] and without accents: `É` is `e`, `İ` and `ı` are `i`, `ß` is `ss`. A mark
/// of its own is nothing.
pub fn plain(letter: char, mut found: impl FnMut(char)) {
    if letter.is_ascii() {
        return found(letter.to_ascii_lowercase());
    }
    let is_mark = |letter: char| ('\u{300}'..='\u{36f}').contains(&letter);
    decompose_canonical(letter, |part| {
        small(part).filter(|part| !is_mark(*part)).for_each(&mut found);
    });
}

/// By way of the capital, so that letters that share one are the same: `ß` and `SS`, `ς` and `σ`, `ı` and `I`.
fn small(letter: char) -> impl Iterator<Item = char> {
    letter.to_uppercase().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_without_capitals_and_however_letters_are_composed() {
        for (one, other) in [
            ("Ada", " aDA "),
            ("Café", "CAFÉ"),
            ("Caf\u{e9}", "cafe\u{301}"),
            ("Анна", "АННА"),
            ("Strauß", "STRAUSS"),
            ("ΟΔΟΣ", "οδος"),
            ("Łukasz", "łUKASZ"),
        ] {
            assert!(same(one, other), "{one} {other}: {} {}", folded(one), folded(other));
            assert_eq!(folded(one), folded(other));
        }
        for (one, other) in [("José", "Jose"), ("shop", "shopp"), ("", "a")] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[track_caller]
    fn check_plain(text: &str, expected: &str) {
        let mut plain_text = String::new();
        text.chars().for_each(|letter| plain(letter, |part| plain_text.push(part)));
        assert_eq!(plain_text, expected);
    }

    #[test]
    fn searched_letters_have_no_accents() {
        check_plain("Émile ZOË İpek ıpek", "emile zoe ipek ipek");
        check_plain("e\u{301} Анна Й ß", "e анна и ss");
        check_plain("田中 がん", "田中 か\u{3099}ん");
    }

    #[test]
    fn texts_lose_what_is_no_character_at_their_ends() {
        for text in ["", "a", "ab", " a", "a ", "\u{a0}é\u{2003}", "\ta b\n", " ", "\u{3000}", "é"] {
            assert_eq!((trimmed(text), is_blank(text)), (text.trim(), text.trim().is_empty()), "{text:?}");
        }
    }
}
