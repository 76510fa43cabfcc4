//! One walk over a text that names its features: to the weights when prompts are read, to the trainer when they are
//! learned from. Both see the same features, since there is only this walk.
use std::cell::RefCell;

use crate::cues::{
    form,
    lexicon::{Found, GROUPS, KEPT, KEPT_BITS, Lexicon, bit},
    sketch,
    words::{Words, mix},
};
use crate::model::cues::Cues;

/// Takes the features of a text, each once.
pub trait Sink {
    /// A feature that has a name, see [`name`].
    fn named(&mut self, index: usize);
    /// A word, a pair of words, a beginning of a word or a pair of word groups, hashed.
    fn gram(&mut self, hash: u64);
}

/// Words counted as the beginning of a prompt.
const LEAD_WORDS: usize = 3;
/// Length classes that are told apart.
const LENGTHS: usize = 16;
/// Bytes of the beginning of a word.
const STEM: usize = 5;

/// From this word on, words of going back or building anew are told of something, not asked for: long specifications
/// are full of them.
const DEEP: usize = 20;
/// The groups that ask for that.
const AGAIN: u32 = bit("revert") | bit("rebuild");

/// Pairs of neighbouring groups that count, from the beginning.
const PAIRS: u64 = 3;

/// Salts that keep the kinds of hashes apart.
const START: u64 = 1;
const BEGIN: u64 = 2;
const LEADING: u64 = 3;
const PAIR: u64 = 4;

const LEAD: usize = GROUPS.len();
const FIRST: usize = 2 * GROUPS.len();
const FORM: usize = 3 * GROUPS.len();
const LENGTH: usize = FORM + form::FORMS.len();
/// How many named features there are.
pub const NAMED: usize = LENGTH + LENGTHS;

/// The name of a named feature.
pub fn name(index: usize) -> String {
    if index < FORM {
        let group = GROUPS[index % GROUPS.len()];
        let place = ["", "lead ", "first "][index / GROUPS.len()];
        return format!("{place}{group}");
    }
    if index < LENGTH { form::FORMS[index - FORM].to_owned() } else { format!("length {}", index - LENGTH) }
}

/// The named feature of a bit of the cues.
pub const fn of_bit(bit: usize) -> usize {
    if bit < KEPT { bit } else { FORM + bit - KEPT }
}

/// Walks over a text. The cues have every part but the scores.
pub fn scan(text: &str, sink: &mut impl Sink) -> Cues {
    let text = text.trim();
    if text.is_empty() {
        return Cues::default();
    }
    SCRATCH.with_borrow_mut(|scratch| scan_with(text, scratch, sink))
}

/// A phrase of the lexicon that a text holds: what people are shown of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The groups it belongs to.
    pub groups: u32,
    /// The phrase as the lexicon writes it.
    pub phrase: &'static str,
}

/// The phrases of a text in order, the first of each group.
pub fn said(text: &str) -> Vec<Said> {
    let words = Words::of(text);
    let lexicon = Lexicon::built_in();
    let hashes: Vec<(u64, u64)> = lexicon.keys(&words).collect();
    let mut all: Vec<Said> = Vec::new();
    let mut groups = 0;
    for_phrases(&hashes, lexicon, |_, found| {
        if found.groups & !groups != 0 {
            all.push(Said { groups: found.groups & !groups, phrase: lexicon.text(found) });
            groups |= found.groups;
        }
    });
    all
}

/// Buffers that are used again for each text of a thread.
#[derive(Default)]
struct Scratch {
    words: Words,
    hashes: Vec<(u64, u64)>,
    seen: Seen,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

fn scan_with(text: &str, Scratch { words, hashes, seen }: &mut Scratch, sink: &mut impl Sink) -> Cues {
    words.fold(text);
    let lexicon = Lexicon::built_in();
    hashes.clear();
    hashes.extend(lexicon.keys(words));
    let groups = name_groups(hashes, lexicon, sink);
    name_grams(words, seen, sink);
    let forms = form::read(text, words);
    for index in 0..form::FORMS.len() {
        if forms & (1 << (KEPT + index)) != 0 {
            sink.named(FORM + index);
        }
    }
    let length = length_class(text);
    sink.named(LENGTH + usize::from(length).min(LENGTHS - 1));
    Cues {
        bits: groups & KEPT_BITS | forms,
        fingerprint: sketch::fingerprint(words.folded()),
        specifics: sketch::specifics(words),
        scores: [0; _],
        length,
    }
}

/// One plus the position of the highest bit of the length in bytes of a text without blanks around it.
fn length_class(text: &str) -> u8 {
    u8::try_from(usize::BITS - text.len().leading_zeros()).unwrap_or(u8::MAX)
}

/// Names the word groups: anywhere, at the beginning, first of all, and as a pair of neighbours.
fn name_groups(hashes: &[(u64, u64)], lexicon: &Lexicon, sink: &mut impl Sink) -> u32 {
    let (mut anywhere, mut lead) = (0, 0);
    let (mut before, mut count) = (0, 0);
    for_phrases(hashes, lexicon, |at, Found { groups, .. }| {
        if at < LEAD_WORDS {
            lead |= groups;
        }
        if anywhere == 0 {
            each(groups, |group| sink.named(FIRST + group));
        }
        if count < PAIRS {
            sink.gram(mix(PAIR + count, mix(before.into(), groups.into())));
        }
        count += 1;
        anywhere |= groups;
        before = groups;
    });
    each(anywhere, |group| sink.named(group));
    each(lead, |group| sink.named(LEAD + group));
    anywhere
}

/// Each phrase with the position of its first word; a phrase may begin with the last word of the one before.
#[inline]
fn for_phrases(hashes: &[(u64, u64)], lexicon: &Lexicon, mut take: impl FnMut(usize, Found)) {
    let mut at = 0;
    while at < hashes.len() {
        match lexicon.longest(&hashes[at..]) {
            None => at += 1,
            Some(found) => {
                let groups = if at < DEEP { found.groups } else { found.groups & !AGAIN };
                if groups != 0 {
                    take(at, Found { groups, ..found });
                }
                at += (found.words - 1).max(1);
            }
        }
    }
}

fn each(mut bits: u32, mut take: impl FnMut(usize)) {
    while bits != 0 {
        take(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// Names words, their beginnings and pairs of words, where they stand for the first time.
fn name_grams(words: &Words, seen: &mut Seen, sink: &mut impl Sink) {
    seen.clear();
    let mut before = START;
    for index in 0..words.count() {
        let word = words.hash(index);
        if seen.is_new(word) {
            sink.gram(mix(0, word));
            if words.word(index).len() > STEM {
                sink.gram(mix(BEGIN, words.hash_of_first(index, STEM)));
            }
        }
        let pair = mix(before, word);
        if seen.is_new(pair) {
            sink.gram(pair);
        }
        if index < LEAD_WORDS {
            sink.gram(mix(LEADING, word));
        }
        before = word;
    }
}

/// Which hashes of a text were seen: a small table of the last one in each slot.
struct Seen {
    /// Bits of a hash, and the number of the text it was seen in: what other texts left counts as empty.
    slots: [(u32, u32); 512],
    text: u32,
}

impl Default for Seen {
    fn default() -> Self {
        Self { slots: [(0, 0); _], text: 0 }
    }
}

impl Seen {
    #[inline]
    fn is_new(&mut self, hash: u64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "the lower bits of the hash are meant")]
        let now = (hash as u32, self.text);
        let slot = &mut self.slots[(hash >> 55) as usize];
        let is_new = *slot != now;
        *slot = now;
        is_new
    }

    /// Begins another text.
    fn clear(&mut self) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            *self = Self { text: 1, ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Names(Vec<String>);
    impl Sink for Names {
        fn named(&mut self, index: usize) {
            self.0.push(name(index));
        }
        fn gram(&mut self, _: u64) {}
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut names = Names(Vec::new());
        scan(text, &mut names);
        assert_eq!(names.0, expected);
    }

    #[test]
    fn features_have_names() {
        check("Undo it", &["first revert", "revert", "lead revert", "length 3"]);
        assert_eq!((0..NAMED).map(name).collect::<std::collections::BTreeSet<_>>().len(), NAMED);
    }
}
