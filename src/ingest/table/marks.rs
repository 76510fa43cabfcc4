//! Where the bytes stand that cells and lines end with, 64 bytes at a time.
use wide::u8x16;

/// So many bytes are looked at together, a bit for each.
const BLOCK: usize = 64;

/// Finds delimiters, quotes and line ends in a text, from the front to the back.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    wanted: [u8x16; 4],
    /// Where the block begins that was looked at last.
    block: usize,
    /// A bit for each byte of it that is wanted.
    bits: u64,
}

impl Marks {
    /// Looks for some bytes.
    pub(super) fn of(wanted: [u8; 4]) -> Self {
        Self { wanted: wanted.map(u8x16::splat), block: usize::MAX, bits: 0 }
    }

    /// The first wanted byte at a position or behind it; the length of the text where there is none.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8], at: usize) -> usize {
        let mut block = at - at % BLOCK;
        let mut hidden = at % BLOCK;
        loop {
            if block >= text.len() {
                return text.len();
            }
            if block != self.block {
                self.bits = self.look(&text[block..]);
                self.block = block;
            }
            let bits = self.bits >> hidden;
            if bits != 0 {
                return block + hidden + bits.trailing_zeros() as usize;
            }
            (block, hidden) = (block + BLOCK, 0);
        }
    }

    /// A bit for each wanted byte of the next block.
    fn look(&self, text: &[u8]) -> u64 {
        if let Some(block) = text.first_chunk::<BLOCK>() {
            return self.bits_of(block);
        }
        let mut block = [0; BLOCK];
        block[..text.len()].copy_from_slice(text);
        self.bits_of(&block) & !(u64::MAX << text.len())
    }

    fn bits_of(&self, block: &[u8; BLOCK]) -> u64 {
        let (parts, _) = block.as_chunks::<16>();
        let mut bits = 0;
        for (part, shift) in parts.iter().zip((0..BLOCK).step_by(16)) {
            let bytes = u8x16::from(*part);
            let is_wanted = self.wanted.iter().fold(u8x16::ZERO, |found, wanted| found | bytes.simd_eq(*wanted));
            bits |= u64::from(is_wanted.to_bitmask()) << shift;
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_those_of_a_plain_search(text in "[a,\"\n\r;]{0,200}", from in 0_usize..210) {
            let bytes = text.as_bytes();
            let from = from.min(bytes.len());
            let mut marks = Marks::of([b',', b'"', b'\n', b'\r']);
            let mut at = from;
            while at < bytes.len() {
                let plain = bytes[at..].iter().position(|byte| b",\"\n\r".contains(byte)).map_or(bytes.len(), |gap| at + gap);
                prop_assert_eq!(marks.next(bytes, at), plain);
                at = plain + 1;
            }
            prop_assert_eq!(marks.next(bytes, bytes.len()), bytes.len());
        }
    }
}
