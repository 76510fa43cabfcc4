//! How alike two prompts are, without their text: a fingerprint of 16 four-bit minima, and a hash of the specifics.
//!
//! One-permutation min-hash (Li, Owen, Zhang 2012) over runs of four folded bytes: each run falls into one of 16 bins
//! by its hash, each bin keeps four bits of its smallest hash, 0 where it is empty. The share of equal bins estimates
//! the share of common runs (Jaccard).
use crate::cues::{turns::Turns, words::Words};

const BINS: usize = 16;
const RUN: usize = 4;
/// How many folded bytes are compared.
const BYTES: usize = 320;

/// The fingerprint of a folded text.
pub fn fingerprint(folded: &[u8]) -> [u32; 2] {
    let mut least = [u32::MAX; BINS];
    for run in folded[..folded.len().min(BYTES)].array_windows::<RUN>() {
        let mixed = scramble(u32::from_le_bytes(*run));
        // The smallest of those that agree in the bits of the bin.
        let bin = &mut least[(mixed >> 28) as usize];
        *bin = mixed.min(*bin);
    }
    let mut bits = 0_u64;
    for (index, value) in least.into_iter().enumerate() {
        let part = if value == u32::MAX { 0 } else { (scramble(value) >> 28).max(1) };
        bits |= u64::from(part) << (4 * index);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits")]
    let halves = [bits as u32, (bits >> 32) as u32];
    halves
}

/// The estimated share of common runs, 0 to 1.
pub fn similarity(left: [u32; 2], right: [u32; 2]) -> f32 {
    Print::new(left).likeness(Print::new(right)).share()
}

/// A fingerprint, ready to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Print {
    bits: u64,
    used: u64,
}

impl Print {
    /// From its halves.
    pub fn new(halves: [u32; 2]) -> Self {
        let bits = u64::from(halves[0]) | u64::from(halves[1]) << 32;
        Self { bits, used: used(bits) }
    }

    /// How many bins agree.
    #[inline]
    pub fn likeness(self, other: Self) -> Likeness {
        let any = self.used | other.used;
        let equal = any & !used(self.bits ^ other.bits);
        Likeness { equal: count(equal), any: count(any) }
    }
}

/// How many bins of two fingerprints are equal, of those that either uses.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    equal: u8,
    any: u8,
}

impl Likeness {
    /// Nothing in common.
    pub const NONE: Self = Self { equal: 0, any: 1 };

    /// Whether the share is greater than another.
    #[inline]
    pub fn is_more_than(self, other: Self) -> bool {
        u16::from(self.equal) * u16::from(other.any) > u16::from(other.equal) * u16::from(self.any)
    }

    /// The share of equal bins.
    pub fn share(self) -> f32 {
        if self.any == 0 { 0.0 } else { f32::from(self.equal) / f32::from(self.any) }
    }
}

/// The lowest bit of each bin that is not 0.
fn used(bits: u64) -> u64 {
    (bits | bits >> 1 | bits >> 2 | bits >> 3) & 0x1111_1111_1111_1111
}

/// How many of the lowest bits of bins are set.
fn count(lowest: u64) -> u8 {
    let pairs = (lowest + (lowest >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    (pairs.wrapping_mul(0x0101_0101_0101_0101) >> 56) as u8
}

/// A hash of what makes a request specific: its numbers, capitalised words and words whose exchange turns it into
/// another ([`crate::cues::turns`]), in any order. 0 where there is none. Requests that differ in one number of at most four
/// digits never have the same.
pub fn specifics(words: &Words) -> u16 {
    let turns = Turns::built_in();
    let is_told = |index: &usize| words.is_specific(*index) || turns.has(words.hash(*index));
    let parts = (0..words.count()).filter(is_told).map(|index| {
        number(words.word(index)).map_or_else(|| (words.hash(index) >> 48) as u16, |number| shuffle(NUMBERS + number))
    });
    parts.fold(0, u16::wrapping_add)
}

/// Numbers of at most four digits stand behind this one, so that none of them counts as 0.
const NUMBERS: u16 = 20_000;

/// The value of a word of at most four digits.
fn number(word: &[u8]) -> Option<u16> {
    let is_short = (1..=4).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    is_short.then(|| word.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

/// Another number for each; only 0 stays 0.
fn shuffle(number: u16) -> u16 {
    let mixed = number.wrapping_mul(0x9e37);
    (mixed ^ mixed >> 7).wrapping_mul(0x85eb)
}

/// The upper half of a product: each of its bits depends on all bits of the word.
fn scramble(word: u32) -> u32 {
    (u64::from(word).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn requests_with_another_number_never_have_the_same_specifics() {
        let specifics = |text: &str| specifics(&Words::of(text));
        for about in ["field", "Ada and 7 others on the left"] {
            let mut seen = vec![specifics(about)];
            seen.extend((0..10_000).map(|number| specifics(&format!("rename {about} {number}"))));
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 10_001, "{about}");
        }
    }

    #[test]
    fn specifics_tell_requests_apart() {
        let specifics = |text| specifics(&Words::of(text));
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
