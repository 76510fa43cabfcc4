//! Finds names in texts, as whole words, whatever their capitals and accents and however letters are composed: what is
//! searched is a plain copy of the text (see [`plain`]), each of whose letters knows where it came from.
use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::{Context as _, Result};

use crate::model::text::plain;

/// Finds names.
#[derive(Debug, Clone)]
pub(super) struct Finder {
    automaton: AhoCorasick,
}

/// Where a name stands, in bytes, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its position among the names.
    pub(super) name: usize,
}

impl Finder {
    /// For names; those without letters are found nowhere.
    ///
    /// # Errors
    /// When there are more than can be searched for.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(names.into_iter().map(|name| Plain::of(name).text))
            .context("preparing the search for names")?;
        Ok(Self { automaton })
    }

    /// Every place where a name stands as a whole word; places may overlap.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let found = |at: aho_corasick::Match| (at.start(), at.end(), at.pattern().as_usize());
        let is_whole = |found: &Found| found.start < found.end && is_word(text, found.start, found.end);
        if text.is_ascii() {
            let all = self.automaton.find_overlapping_iter(text).map(found);
            return all.map(|(start, end, name)| Found { start, end, name }).filter(is_whole).collect();
        }
        let plain = Plain::of(text);
        let all = self.automaton.find_overlapping_iter(&plain.text).map(found);
        let there = |(start, end, name)| Some(Found { start: plain.border(start)?, end: plain.border(end)?, name });
        all.filter_map(there).filter(is_whole).collect()
    }
}

/// A plain copy of a text.
struct Plain {
    text: String,
    /// For each of its bytes, where the letter that it came from begins; at last the end of the text.
    origins: Vec<usize>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain_text = String::with_capacity(text.len());
        let mut origins = Vec::with_capacity(text.len() + 1);
        for (at, letter) in text.char_indices() {
            plain(letter, |part| plain_text.push(part));
            origins.resize(plain_text.len(), at);
        }
        origins.push(text.len());
        Self { text: plain_text, origins }
    }

    /// Where a letter of the text begins; `None` amid what came from one letter. Marks without a letter of their own belong to
    /// the letter before.
    fn border(&self, at: usize) -> Option<usize> {
        let origin = *self.origins.get(at)?;
        let is_inner = at > 0 && self.origins.get(at - 1) == Some(&origin);
        (!is_inner).then_some(origin)
    }
}

/// Whether a part of a text is not within a longer word.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let inner = |one: Option<char>, other: Option<char>| is_letter(one) && is_letter(other);
    !inner(text[..start].chars().next_back(), text[start..].chars().next())
        && !inner(text[..end].chars().next_back(), text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 8] = ["Émile Zola", "łukasz", "Анна Петрова", "İpek", "strauß", "zoë", "αθηνά", "ada"];

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let finder = Finder::new(NAMES).unwrap();
        let found = finder.find(text);
        let found: Vec<(usize, &str)> = found.iter().map(|found| (found.name, &text[found.start..found.end])).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_are_found_in_any_script_and_case() {
        check("page of ÉMILE ZOLA.", &[(0, "ÉMILE ZOLA")]);
        check("e\u{301}mile zola", &[(0, "e\u{301}mile zola")]);
        check("emile zola", &[(0, "emile zola")]);
        check("Łukasz-50, ŁUKASZ", &[(1, "Łukasz"), (1, "ŁUKASZ")]);
        check("АННА ПЕТРОВА/анна петрова.csv", &[(2, "АННА ПЕТРОВА"), (2, "анна петрова")]);
        check("İPEK ipek IPEK ıpek", &[(3, "İPEK"), (3, "ipek"), (3, "IPEK"), (3, "ıpek")]);
        check("STRAUSS, Strauß", &[(4, "STRAUSS"), (4, "Strauß")]);
        check("ZOE\u{308} kravitz", &[(5, "ZOE\u{308}")]);
        check("ΑΘΗΝΆ ΑΘΗΝΑ", &[(6, "ΑΘΗΝΆ"), (6, "ΑΘΗΝΑ")]);
    }

    #[test]
    fn parts_of_words_are_no_names() {
        check("adapter, ada's, Adaß, Ada", &[(7, "ada"), (7, "Ada")]);
        check("straußen, zoëy", &[]);
    }

    proptest! {
        #[test]
        fn a_name_in_capitals_is_found_wherever_it_stands(before in "[ -~é]{0,9}[ .,/-]", after in "[ .,/-][ -~Ж]{0,9}", name in 0..NAMES.len()) {
            let finder = Finder::new(NAMES).unwrap();
            for written in [NAMES[name].to_uppercase(), NAMES[name].to_lowercase()] {
                let text = format!("{before}{written}{after}");
                let is_there = |found: &Found| found.name == name && text[found.start..found.end] == written;
                prop_assert!(finder.find(&text).iter().any(is_there), "{}", text);
            }
        }
    }
}
