//! Word groups in five languages: phrases that report a failure, ask a question, revert, add ... The phrases are data:
//! `lexicon/*.toml`, one file a language. All languages are searched at once, since people mix them.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::cues::words::{Words, hash, mix};

const FILES: [&str; 5] = [
    include_str!("lexicon/en.toml"),
    include_str!("lexicon/es.toml"),
    include_str!("lexicon/pt.toml"),
    include_str!("lexicon/fr.toml"),
    include_str!("lexicon/de.toml"),
];

/// How many groups are kept in [`crate::model::cues::Cues::bits`]; those after them count for the word scores only.
pub const KEPT: usize = 24;
/// The bits of the kept groups.
pub const KEPT_BITS: u32 = (1 << KEPT) - 1;

/// The groups, in the order of their bits.
pub const GROUPS: [&str; 28] = [
    "failure",
    "contradiction",
    "persistence",
    "repair",
    "error",
    "observation",
    "create",
    "addition",
    "wish",
    "ability",
    "thing",
    "novelty",
    "change",
    "removal",
    "look",
    "degree",
    "duty",
    "question",
    "request",
    "revert",
    "rebuild",
    "approval",
    "discussion",
    "operation",
    "effect",
    "part",
    "function",
    "existing",
];

/// The bit of a group; 0 for a name that is none.
pub const fn bit(name: &str) -> u32 {
    let mut index = 0;
    while index < GROUPS.len() {
        if same(GROUPS[index], name) {
            return 1 << index;
        }
        index += 1;
    }
    0
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How many words it has.
    pub words: usize,
    /// The groups it belongs to.
    pub groups: u32,
    /// Where it stands in the lexicon, see [`Lexicon::text`].
    pub slot: usize,
}

/// Phrases by hash.
pub struct Lexicon {
    slots: Vec<Slot>,
    /// A bit for each used part of the keys: most words are settled by it.
    known: Box<[u64; 1 << (KNOWN_BITS - 6)]>,
    /// The phrase of each slot as the files write it: for people, never read when prompts are.
    texts: Vec<Option<Box<str>>>,
    /// The upper halves of the hashes of stems, each in the slot of its lower half or after it; 0 where none is.
    stems: Box<[u32; STEM_SLOTS]>,
    /// By the first three bytes, the lengths of the stems that begin so, as bits.
    lengths: Box<[u32; STARTS]>,
}

/// A phrase or the beginning of one.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    groups: u32,
}

/// Set in [`Slot::groups`] where a longer phrase begins like this.
const LONGER: u32 = 1 << 31;
const SLOT_BITS: u32 = 14;
const SLOTS: usize = 1 << SLOT_BITS;
const KNOWN_BITS: u32 = 16;
const STEM_SLOTS: usize = 2048;
const START_BITS: u32 = 12;
const STARTS: usize = 1 << START_BITS;
const STEM: u64 = 0x5354_454d;
/// Stems are looked for from this length on.
const SHORTEST_STEM: usize = 3;
const PHRASE_WORDS: usize = 6;

static BUILT_IN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(&FILES));

impl Lexicon {
    /// The lexicon of this crate.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    fn parse(files: &[&str]) -> Self {
        let mut phrases: Vec<(Vec<u64>, Option<String>, u32, String)> = Vec::new();
        for file in files {
            let groups: BTreeMap<String, Vec<String>> = toml::from_str(file).unwrap_or_default();
            for (group, texts) in groups {
                for text in texts {
                    let (words, stem) = phrase(&text);
                    phrases.push((words, stem, bit(&group), text));
                }
            }
        }
        let mut stems: Vec<&String> = phrases.iter().filter_map(|(_, stem, ..)| stem.as_ref()).collect();
        stems.sort_unstable();
        stems.dedup();
        let mut lexicon = Self::with_stems(&stems);
        for (words, stem, groups, text) in &phrases {
            match stem {
                None => lexicon.insert(words, *groups, text),
                // A word is looked up by the longest stem it begins with, so a phrase stands under all of them.
                Some(stem) => {
                    for longer in stems.iter().filter(|other| other.starts_with(stem.as_str())) {
                        let mut words = words.clone();
                        words.push(mix(STEM, hash(longer.as_bytes())));
                        lexicon.insert(&words, *groups, text);
                    }
                }
            }
        }
        lexicon
    }

    fn with_stems(stems: &[&String]) -> Self {
        let slots = vec![Slot::default(); SLOTS];
        let texts = vec![None; SLOTS];
        let known = Box::new([0; _]);
        let mut lexicon = Self { slots, known, texts, stems: Box::new([0; _]), lengths: Box::new([0; _]) };
        for stem in stems {
            let (mut at, tag) = stem_slot(hash(stem.as_bytes()));
            while lexicon.stems[at] != 0 && lexicon.stems[at] != tag {
                at = (at + 1) % STEM_SLOTS;
            }
            lexicon.stems[at] = tag;
            let first = Words::of(stem).first_four(0);
            lexicon.lengths[start(first)] |= 1 << stem.len().min(31);
        }
        lexicon
    }

    fn insert(&mut self, words: &[u64], groups: u32, text: &str) {
        let mut key = 0;
        for (index, &word) in words.iter().enumerate() {
            key = mix(key, word);
            let slot = self.slot(key);
            self.slots[slot].tag = tag(key);
            let (word, bit) = known_bit(key);
            self.known[word] |= bit;
            let is_whole = index + 1 == words.len();
            self.slots[slot].groups |= if is_whole { groups } else { LONGER };
            if is_whole {
                self.texts[slot].get_or_insert_with(|| text.trim_end_matches('*').into());
            }
        }
    }

    /// The slot that holds a key, or the empty one where it would stand.
    fn slot(&self, key: u64) -> usize {
        let mut at = (key >> (64 - SLOT_BITS)) as usize;
        while self.slots[at].groups != 0 && self.slots[at].tag != tag(key) {
            at = (at + 1) % SLOTS;
        }
        at
    }

    /// The slot of a key and its groups; none of them where no phrase begins so.
    #[inline]
    fn find(&self, key: u64) -> (usize, u32) {
        let (word, bit) = known_bit(key);
        if self.known[word] & bit == 0 {
            return (0, 0);
        }
        let at = self.slot(key);
        (at, self.slots[at].groups)
    }

    /// The hash of each word and of the longest stem that it begins with, 0 for none.
    pub fn keys(&self, words: &Words) -> impl Iterator<Item = (u64, u64)> {
        (0..words.count()).map(|index| (words.hash(index), self.stem(words, index)))
    }

    #[inline]
    fn stem(&self, words: &Words, index: usize) -> u64 {
        let length = words.word(index).len();
        if length < SHORTEST_STEM {
            return 0;
        }
        let mut lengths = self.lengths[start(words.first_four(index))] & (u32::MAX >> (31 - length.min(31)));
        while lengths != 0 {
            let length = lengths.ilog2();
            let stem = words.hash_of_first(index, length as usize);
            let (mut at, tag) = stem_slot(stem);
            while self.stems[at] != 0 {
                if self.stems[at] == tag {
                    return mix(STEM, stem);
                }
                at = (at + 1) % STEM_SLOTS;
            }
            lengths &= !(1 << length);
        }
        0
    }

    /// A found phrase as the lexicon writes it.
    pub fn text(&self, found: Found) -> &str {
        self.texts[found.slot].as_deref().unwrap_or_default()
    }

    /// The longest phrase that begins with these words, given as pairs of word hash and stem hash.
    pub fn longest(&self, words: &[(u64, u64)]) -> Option<Found> {
        let mut key = 0;
        let mut found = None;
        for (index, &(word, stem)) in words.iter().take(PHRASE_WORDS).enumerate() {
            let whole = mix(key, word);
            let (at, exact) = self.find(whole);
            let (at_stem, ending) = if stem == 0 { (at, 0) } else { self.find(mix(key, stem)) };
            let groups = (exact | ending) & !LONGER;
            if groups != 0 {
                let slot = if exact & !LONGER == 0 { at_stem } else { at };
                found = Some(Found { words: index + 1, groups, slot });
            }
            if exact & LONGER == 0 {
                break;
            }
            key = whole;
        }
        found
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a tag is the lower half of the key")]
fn tag(key: u64) -> u32 {
    key as u32
}

/// The place of a key among the used ones.
fn known_bit(key: u64) -> (usize, u64) {
    let at = (key >> 8) & ((1 << KNOWN_BITS) - 1);
    ((at >> 6) as usize, 1 << (at & 63))
}

/// The slot and the tag of a stem's hash.
#[expect(clippy::cast_possible_truncation, reason = "lower bits are the slot, upper bits the tag")]
fn stem_slot(hash: u64) -> (usize, u32) {
    (hash as usize % STEM_SLOTS, ((hash >> 32) as u32).max(1))
}

/// A hash of the first three of four bytes.
fn start(first: u32) -> usize {
    ((first << 8).wrapping_mul(0x9e37_79b1) >> (32 - START_BITS)) as usize
}

/// The word hashes of a phrase, its last word apart where any ending will do.
fn phrase(text: &str) -> (Vec<u64>, Option<String>) {
    let words = Words::of(text.trim_end_matches('*'));
    let mut hashes: Vec<u64> = (0..words.count()).map(|index| words.hash(index)).collect();
    let mut stem = None;
    if text.ends_with('*') && words.count() > 0 {
        hashes.pop();
        stem = Some(String::from_utf8_lossy(words.word(words.count() - 1)).into_owned());
    }
    (hashes, stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words = Words::of(text);
        let lexicon = Lexicon::built_in();
        let hashes: Vec<(u64, u64)> = lexicon.keys(&words).collect();
        let groups = lexicon.longest(&hashes).map_or(0, |found| found.groups);
        let names: Vec<&str> = GROUPS.iter().copied().filter(|name| groups & bit(name) != 0).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn every_group_has_words_in_every_language() {
        for file in FILES {
            let groups: BTreeMap<String, Vec<String>> = toml::from_str(file).unwrap();
            let mut names: Vec<&str> = groups.keys().map(String::as_str).collect();
            let mut expected = GROUPS.to_vec();
            names.sort_unstable();
            expected.sort_unstable();
            assert_eq!(names, expected);
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        check("not working", &["failure"]);
        check("nada más", &["contradiction"]);
        check("rolled", &[]);
        check("roll back", &["revert"]);
        check("xyzzy", &[]);
    }

    #[test]
    fn tables_have_room() {
        let lexicon = Lexicon::built_in();
        let used = lexicon.slots.iter().filter(|slot| slot.groups != 0).count();
        assert!(used < lexicon.slots.len() / 2, "{used}");
        let used = lexicon.stems.iter().filter(|stem| **stem != 0).count();
        assert!(used < lexicon.stems.len() * 2 / 3, "{used}");
        assert_eq!(lexicon.lengths.iter().fold(0, |all, lengths| all | lengths) & 0b111, 0, "no stem is too short");
    }
}
