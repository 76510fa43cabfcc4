//! Words whose exchange turns a request into another one: left and right, red and blue, show and hide, two and three.
//! Requests that are alike but differ in one of them are no resends. In five languages, folded: `turns.txt`.
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::cues::words::hash;

/// Parts of the hashes that are settled by a bit each.
const KNOWN_BITS: u32 = 14;

static TURNS: LazyLock<Turns> = LazyLock::new(|| {
    let mut turns = Turns { known: Box::new([0; _]), hashes: FxHashSet::default() };
    for word in include_str!("turns.txt").split_ascii_whitespace() {
        let hash = hash(word.as_bytes());
        let (at, bit) = known_bit(hash);
        turns.known[at] |= bit;
        turns.hashes.insert(hash);
    }
    turns
});

/// The words by hash.
pub struct Turns {
    /// A bit for each used part of the hashes: most words of a text are settled by it.
    known: Box<[u64; 1 << (KNOWN_BITS - 6)]>,
    hashes: FxHashSet<u64>,
}

impl Turns {
    /// The words of this crate.
    pub fn built_in() -> &'static Self {
        &TURNS
    }

    /// Whether a word, given by its hash, is one of them.
    #[inline]
    pub fn has(&self, hash: u64) -> bool {
        let (at, bit) = known_bit(hash);
        self.known[at] & bit != 0 && self.hashes.contains(&hash)
    }
}

fn known_bit(hash: u64) -> (usize, u64) {
    let at = (hash >> 24) & ((1 << KNOWN_BITS) - 1);
    ((at >> 6) as usize, 1 << (at & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cues::words::Words;

    #[test]
    fn the_words_are_folded_and_found() {
        for word in include_str!("turns.txt").split_ascii_whitespace() {
            assert_eq!(Words::of(word).folded().trim_ascii_end(), word.as_bytes());
            assert!(Turns::built_in().has(hash(word.as_bytes())), "{word}");
        }
        assert!(!Turns::built_in().has(hash(b"invoice")));
    }
}
