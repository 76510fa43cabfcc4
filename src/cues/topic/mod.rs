//! The things a prompt names: up to eight words in their base form, without the words that any prompt may hold.
//!
//! A word is folded (case, accents), words of grammar and of asking (`stop.txt`) are left out, an English plural
//! becomes its singular, and words for the same thing in five languages become one (`same.txt`). Only the beginning
//! is read: what a prompt is about stands there. Numbers, tags and builders' buttons name nothing.
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    cues::form,
    model::{
        event::{Topic, TopicId},
        names::Names,
    },
};

/// How many bytes are read.
const BYTES: usize = 600;
/// How many words are looked at.
const WORDS: usize = 90;
/// Longer words are pasted keys or paths.
const LONGEST: usize = 24;
/// What is elided before a vowel in French and Italian.
const ELIDED: [&str; 9] = ["l", "d", "j", "n", "s", "m", "t", "c", "qu"];

static STOP: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("stop.txt").split_ascii_whitespace().collect());
static SAME: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("same.txt").lines().filter_map(|line| line.split_once(": "));
    lines.flat_map(|(shown, words)| words.split_ascii_whitespace().map(move |word| (word, shown))).collect()
});

/// What a prompt names; `None` where it names nothing.
pub fn read(text: &str, names: &mut Names) -> Option<TopicId> {
    if form::is_button(text) {
        return None;
    }
    let mut topic = Topic::default();
    let mut count = 0;
    each_word(text, |word| {
        let word = names.word(word);
        if !topic.0[..count].contains(&Some(word)) {
            topic.0[count] = Some(word);
            count += 1;
        }
        count < Topic::SIZE
    });
    (count > 0).then(|| names.topic_id(topic))
}

/// Gives the base form of each word that names a thing, until told to stop.
pub fn each_word(text: &str, mut take: impl FnMut(&str) -> bool) {
    let mut word = String::new();
    let mut seen = 0;
    let mut rest = text[..text.floor_char_boundary(BYTES)].chars();
    loop {
        let skipped = if word.is_empty() { length_of_tag(rest.as_str()) } else { 0 };
        rest = rest.as_str()[skipped..].chars();
        let letter = rest.next();
        match letter {
            Some(letter) if letter.is_alphanumeric() => push_folded(&mut word, letter),
            Some('\'' | '’') if ELIDED.contains(&word.as_str()) => word.clear(),
            Some('\'' | '’' | '\u{300}'..='\u{36f}') => {}
            _ => {
                seen += usize::from(!word.is_empty());
                if base(&word).is_some_and(|word| !take(word)) || seen >= WORDS {
                    return;
                }
                word.clear();
            }
        }
        if letter.is_none() {
            return;
        }
    }
}

/// How long the tag is that a text begins with; 0 where it begins with none.
fn length_of_tag(text: &str) -> usize {
    let is_tag = matches!(text.as_bytes(), [b'<', b'/' | b'a'..=b'z' | b'A'..=b'Z', ..]);
    if !is_tag {
        return 0;
    }
    let end = text.find(['>', '\n']).filter(|end| text.as_bytes()[*end] == b'>');
    end.map_or(0, |end| end + 1)
}

fn push_folded(word: &mut String, letter: char) {
    match letter {
        'a'..='z' | '0'..='9' => word.push(letter),
        'A'..='Z' => word.push(letter.to_ascii_lowercase()),
        'à'..='å' | 'À'..='Å' => word.push('a'),
        'ç' | 'Ç' => word.push('c'),
        'è'..='ë' | 'È'..='Ë' => word.push('e'),
        'ì'..='ï' | 'Ì'..='Ï' => word.push('i'),
        'ñ' | 'Ñ' => word.push('n'),
        'ò'..='ö' | 'Ò'..='Ö' => word.push('o'),
        'ù'..='ü' | 'Ù'..='Ü' => word.push('u'),
        'ß' => word.push_str("ss"),
        _ => word.extend(letter.to_lowercase()),
    }
}

/// The base form of a folded word that names a thing.
fn base(word: &str) -> Option<&str> {
    if word.len() < 2 || word.len() > LONGEST || is_stop(word) || is_number(word) {
        return None;
    }
    if let Some(shown) = SAME.get(word) {
        return Some(shown);
    }
    let one = singular(word);
    (!is_stop(one)).then(|| SAME.get(one).copied().unwrap_or(one))
}

fn is_stop(word: &str) -> bool {
    STOP.contains(word)
}

/// `42`, `10px`, `3rd`.
fn is_number(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() * 2 >= word.len()
}

/// Takes the ending of an English, Spanish or Portuguese plural off.
fn singular(word: &str) -> &str {
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    match word {
        _ if !is_plural || word.ends_with("is") => word,
        _ if ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end)) => &word[..word.len() - 2],
        _ => &word[..word.len() - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        each_word(text, |word| {
            words.push(word.to_owned());
            true
        });
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn things_are_named_in_their_base_form() {
        check("Please fix the recipes page, it does not work!", &["recipe"]);
        check("Add a filter for open invoices to the customer list", &["filter", "invoice", "customer", "list"]);
        check("The progress bars of the status boxes", &["progress", "bar", "status", "box"]);
        check("make it 20px bigger", &[]);
        check("still not working", &[]);
        check("<image></image> the cart or <b>prices</b>", &["cart", "price"]);
        check("keep stock < demand and a <b", &["stock", "demand"]);
    }

    #[test]
    fn languages_share_their_things() {
        check("Añade un filtro a las facturas", &["filter", "invoice"]);
        check("Die Rechnungen auf der Seite", &["invoice"]);
        check("l’agenda de l'entête", &["agenda", "header"]);
    }

    #[test]
    fn a_topic_is_kept_once_and_buttons_have_none() {
        let mut names = Names::default();
        let (one, other) = (read("the invoice list", &mut names), read("Invoice lists?", &mut names));
        assert!(one.is_some() && one == other);
        assert_eq!(read("Fix all reported errors.", &mut names), None);
        assert_eq!(read(&"ab ".repeat(4000), &mut names).map(|id| names.topic(id).words().count()), Some(1));
        for text in ["", "🙂", "é".repeat(4000).as_str(), "''''", "l'"] {
            assert_eq!(read(text, &mut names), None, "{text}");
        }
    }

    #[test]
    fn the_words_of_this_crate_are_folded() {
        for line in include_str!("same.txt").lines().skip(1) {
            let (shown, words) = line.split_once(": ").expect("a shown word and its like");
            for word in words.split_ascii_whitespace().chain([shown]) {
                assert_eq!(base(word), Some(shown), "{word}");
            }
        }
    }
}
