//! The text of a prompt becomes cues: bits, word scores, a fingerprint. The text itself is needed nowhere after this.
//!
//! One pass: the text is folded (case, accents) into a short buffer and cut into words ([`words`]); word groups of the
//! [`lexicon`] are found by hash, in five languages at once; words and word pairs are looked up in the weights; the
//! [`form`] (question, list, code, pasted error, a builder's button) is read off the raw text; a [`sketch`] of the
//! folded text tells near-equal requests. Nothing is allocated for a prompt.
pub mod form;
mod letters;
pub mod lexicon;
pub mod pattern;
pub mod scan;
pub mod sketch;
pub mod topic;
pub mod turns;
pub mod weights;
pub mod words;

use crate::cues::{
    scan::{Sink, scan},
    weights::{Lanes, Weights},
};
use crate::model::{cues::Cues, event::About, names::Names};

/// The cues of a prompt, scored with the built-in weights.
pub fn read(text: &str) -> Cues {
    read_with(text, Weights::built_in())
}

/// The cues of a prompt, scored with the given weights. Blank text has no cues.
pub fn read_with(text: &str, weights: &Weights) -> Cues {
    let mut scores = Scores { weights, sums: Lanes::default() };
    let mut cues = scan(text, &mut scores);
    for (score, sum) in cues.scores.iter_mut().zip(scores.sums.to_array()) {
        *score = i8::try_from((i32::from(sum) + 8).div_euclid(weights::PARTS / PARTS).clamp(-127, 127)).unwrap_or(0);
    }
    cues
}

/// What a prompt without a feature column is about.
pub fn topic_of(text: &str, names: &mut Names) -> About {
    About::new(None, topic::read(text, names))
}

/// Parts of a log-odds point in [`Cues::scores`].
pub const PARTS: i32 = 16;

/// Adds up what the weights say of each class.
struct Scores<'a> {
    weights: &'a Weights,
    sums: Lanes,
}

impl Scores<'_> {
    /// Sums end far outside of what scores can hold.
    fn add(&mut self, row: Lanes) {
        self.sums = self.sums.saturating_add(row);
    }
}

impl Sink for Scores<'_> {
    fn named(&mut self, index: usize) {
        self.add(self.weights.cue(index));
    }

    #[inline]
    fn gram(&mut self, hash: u64) {
        if let Some(row) = self.weights.gram(hash) {
            self.add(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_text_has_no_cues() {
        assert!(!read("").has_text());
        assert!(!read(" \n\t ").has_text());
        assert!(read("x").has_text());
    }

    #[test]
    fn long_and_odd_text_is_read() {
        for text in
            ["🙂".repeat(9), "אבג דה ".repeat(50), "a".repeat(1 << 20), "\u{0}\u{1}".to_owned(), "?".repeat(5000)]
        {
            let cues = read(&text);
            assert!(cues.has_text());
            assert_eq!(cues, read(&text));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC*") {
            prop_assert_eq!(read(&text).has_text(), !text.trim().is_empty());
        }
    }
}
