//! How alike two prompts are, without their text: a fingerprint of 16 four-bit minima, and a hash of the specifics.
//!
//! One-permutation min-hash (Li, Owen, Zhang 2012) over runs of four folded bytes: each run falls into one of 16 bins
//! by its hash, each bin keeps four bits of its smallest hash, 0 where it is empty. The share of equal bins estimates
//! the share of common runs (Jaccard).
use crate::cues::{
    turns::Turns,
    words::{Words, mix},
};

const BINS: usize = 16;
const RUN: usize = 4;
/// How many folded bytes are compared.
const BYTES: usize = 320;

/// The fingerprint of a folded text.
pub fn fingerprint(folded: &[u8]) -> [u32; 2] {
    let mut least = [u32::MAX; BINS];
    for run in folded[..folded.len().min(BYTES)].windows(RUN) {
        let word = u32::from_le_bytes([run[0], run[1], run[2], run[3]]);
        let mixed = scramble(word);
        let bin = (mixed >> 28) as usize;
        least[bin] = least[bin].min(mixed & 0x0fff_ffff);
    }
    let mut bits = 0_u64;
    for (index, value) in least.into_iter().enumerate() {
        if value != u32::MAX {
            bits |= u64::from(1 + scramble(value) % 15) << (4 * index);
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits")]
    let halves = [bits as u32, (bits >> 32) as u32];
    halves
}

/// The estimated share of common runs, 0 to 1.
pub fn similarity(left: [u32; 2], right: [u32; 2]) -> f32 {
    let join = |halves: [u32; 2]| u64::from(halves[0]) | u64::from(halves[1]) << 32;
    let (left, right) = (join(left), join(right));
    // One bit for each bin: the lowest of its four.
    let used = |bits: u64| (bits | bits >> 1 | bits >> 2 | bits >> 3) & 0x1111_1111_1111_1111;
    let any = used(left) | used(right);
    let equal = any & !used(left ^ right);
    if any == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts up to 16")]
    let share = equal.count_ones() as f32 / any.count_ones() as f32;
    share
}

/// A hash of what makes a request specific: its numbers, capitalised words and words whose exchange turns it into
/// another ([`crate::cues::turns`]), in any order. 0 where there is none.
pub fn specifics(words: &Words, hashes: impl Iterator<Item = u64>) -> u16 {
    let mut sum = 0_u64;
    let turns = Turns::built_in();
    for (index, hash) in hashes.enumerate() {
        if words.is_specific(index) || turns.has(hash) {
            sum = sum.wrapping_add(hash);
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "16 of 64 mixed bits are kept")]
    let short = mix(sum, 0) as u16;
    if sum == 0 { 0 } else { short.max(1) }
}

fn scramble(word: u32) -> u32 {
    let mixed = word.wrapping_mul(0x9e37_79b1);
    (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca77)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cues::words::hash;

    #[track_caller]
    fn check(left: &str, right: &str, expected: std::ops::RangeInclusive<f32>) {
        let print = |text| fingerprint(Words::of(text).folded());
        let got = similarity(print(left), print(right));
        assert!(expected.contains(&got), "{got} for {left:?} and {right:?}");
    }

    #[test]
    fn near_equal_texts_are_alike() {
        let text = "Add a filter for open invoices to the table of customers";
        check(text, text, 1.0..=1.0);
        check(text, "add a filter for open invoices to the table of custmers!", 0.6..=1.0);
        check(text, "Why is the header on the start page still green", 0.0..=0.3);
        check("", "", 0.0..=0.0);
    }

    #[test]
    fn specifics_tell_requests_apart() {
        let specifics = |text| {
            let words = Words::of(text);
            specifics(&words, (0..words.count()).map(|index| hash(words.word(index))))
        };
        assert_eq!(specifics("rename field 3"), specifics("Rename the field 3"));
        assert_ne!(specifics("rename field 3"), specifics("rename field 4"));
        assert_ne!(specifics("show Ada first"), specifics("show Ben first"));
        assert_ne!(specifics("move it to the left"), specifics("move it to the right"));
        assert_ne!(specifics("mach sie rot"), specifics("mach sie blau"));
        assert_eq!(specifics("make it blue"), specifics("MAKE IT BLUE!"));
        assert_eq!(specifics("make it nice. Then wait"), 0);
        assert_eq!(specifics("MAKE IT NICE"), 0);
    }
}
