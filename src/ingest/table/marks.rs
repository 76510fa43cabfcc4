//! Where cells and lines end in a text, 64 bytes at a time. Quotes that stand where they belong are seen through.
//!
//! Each block of bytes becomes masks of 64 bits, one for each kind of byte. A byte is inside of quotes where the number of
//! quotes up to it is odd, which is the parity of all bits below its own and a carry from the block before. This way of
//! reading is that of Langdale and Lemire, Parsing Gigabytes of JSON per Second, 2019.
use wide::u8x16;

use crate::ingest::table::dialect::Dialect;

/// So many bytes are looked at together, a bit for each.
const BLOCK: usize = 64;

/// So many bytes are looked at ahead at most. It is one block at first and twice as much each time: where quotes do not
/// stand where they belong, each record is a new start.
const FURTHEST: u32 = 16 << 10;

/// A byte at which whoever splits a text in cells has something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    /// Where it stands; the length of the text where nothing is left.
    pub(super) at: usize,
    /// Whether it is a line end inside of quotes or the second quote of a doubled one. Else it is a delimiter or a line end
    /// outside of quotes, or a byte that a quote should not stand beside.
    pub(super) is_inner: bool,
}

/// Finds the stops of a text from the start of a record on.
#[derive(Debug)]
pub(super) struct Stops {
    delimiter: u8x16,
    quote: u8x16,
    /// Whether a quote can be escaped: then each is a stop.
    is_escaped: bool,
    /// Those that were found: how far behind `base` they stand, and [`INNER`].
    found: Vec<u32>,
    passed: usize,
    base: usize,
    /// Where the first block begins that was not looked at.
    behind: usize,
    /// How many bytes are looked at next.
    ahead: u32,
    edge: Edge,
}

/// What is known where one block ends and the next begins; each a bit, but `inside`.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    /// All bits where the next byte is inside of quotes.
    inside: u64,
    /// The byte before ends a cell or a line.
    ends: u64,
    quotes: u64,
    closes: u64,
}

const INNER: u32 = 1 << 31;

impl Stops {
    /// For a text that is written in some way; begin with [`Stops::seek`].
    pub(super) fn of(dialect: Dialect) -> Self {
        Self {
            delimiter: u8x16::splat(dialect.delimiter),
            quote: u8x16::splat(dialect.quote),
            is_escaped: dialect.escape.is_some(),
            found: Vec::new(),
            passed: 0,
            base: 0,
            behind: 0,
            ahead: 0,
            edge: Edge::default(),
        }
    }

    /// Moves to where a record begins.
    pub(super) fn seek(&mut self, text: &[u8], at: usize) {
        self.behind = at - at % BLOCK;
        self.ahead = u64::BITS;
        self.edge = Edge { ends: 1 << (at % BLOCK), ..Edge::default() };
        self.look_ahead(text, u64::MAX << (at % BLOCK));
    }

    /// The next stop.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> Stop {
        loop {
            if let Some(found) = self.found.get(self.passed) {
                self.passed += 1;
                return Stop { at: self.base + (found & !INNER) as usize, is_inner: found & INNER != 0 };
            }
            if self.behind >= text.len() {
                return Stop { at: text.len(), is_inner: false };
            }
            self.look_ahead(text, u64::MAX);
        }
    }

    /// Whether the text ends inside of quotes; asked when all of it is passed.
    pub(super) const fn is_open(&self) -> bool {
        self.edge.inside != 0
    }

    /// Looks at the next blocks, of the first of which some bytes count.
    fn look_ahead(&mut self, text: &[u8], mut wanted: u64) {
        self.found.clear();
        self.passed = 0;
        self.base = self.behind;
        let (mut edge, mut from) = (self.edge, 0_u32);
        let rest = &text[self.base..];
        while (from as usize) < rest.len() && from < self.ahead {
            let block = &rest[from as usize..];
            let masks = if let Some(block) = block.first_chunk::<BLOCK>() {
                self.masks(block)
            } else {
                let mut padded = [0; BLOCK];
                padded[..block.len()].copy_from_slice(block);
                wanted &= !(u64::MAX << block.len());
                self.masks(&padded)
            };
            let Found { mut stops, inner } = edge.pass(masks, wanted, self.is_escaped);
            while stops != 0 {
                let bit = stops.trailing_zeros();
                let inner = if inner >> bit & 1 == 1 { INNER } else { 0 };
                self.found.push((from + bit) | inner);
                stops &= stops - 1;
            }
            (wanted, from) = (u64::MAX, from + u64::BITS);
        }
        self.edge = edge;
        self.behind = self.base + from as usize;
        self.ahead = (self.ahead * 2).min(FURTHEST);
    }

    /// A bit for each delimiter, for each byte that ends a line, and for each quote.
    #[inline]
    fn masks(&self, block: &[u8; BLOCK]) -> [u64; 3] {
        let (parts, _) = block.as_chunks::<16>();
        let (mut masks, feed, turn) = ([0; 3], u8x16::splat(b'\n'), u8x16::splat(b'\r'));
        for (part, shift) in parts.iter().zip((0..BLOCK).step_by(16)) {
            let bytes = u8x16::from(*part);
            let lines = bytes.simd_eq(feed) | bytes.simd_eq(turn);
            for (mask, found) in masks.iter_mut().zip([bytes.simd_eq(self.delimiter), lines, bytes.simd_eq(self.quote)])
            {
                *mask |= u64::from(found.to_bitmask()) << shift;
            }
        }
        masks
    }
}

/// The stops of a block, and which of them are inner.
struct Found {
    stops: u64,
    inner: u64,
}

impl Edge {
    /// Passes a block of which some bytes count.
    #[inline]
    fn pass(&mut self, masks: [u64; 3], wanted: u64, is_escaped: bool) -> Found {
        let [delimiters, lines, quotes] = masks.map(|mask| mask & wanted);
        let ends = delimiters | lines;
        if quotes == 0 || is_escaped {
            let torn = self.closes & !ends & wanted;
            let inner = lines & self.inside;
            let stops = ends & !self.inside | torn | inner | quotes;
            *self = Self { inside: self.inside, ends: ends >> (BLOCK - 1), quotes: 0, closes: 0 };
            return Found { stops, inner };
        }
        let inside = parities(quotes) ^ self.inside;
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let behind_quote = quotes << 1 | self.quotes;
        let torn_before = opening & !(ends << 1 | self.ends | behind_quote);
        let torn_behind = (closing << 1 | self.closes) & wanted & !(ends | quotes);
        let inner = lines & inside | opening & behind_quote;
        *self = Self {
            inside: if inside >> (BLOCK - 1) == 1 { u64::MAX } else { 0 },
            ends: ends >> (BLOCK - 1),
            quotes: quotes >> (BLOCK - 1),
            closes: closing >> (BLOCK - 1),
        };
        Found { stops: ends & !inside | torn_before | torn_behind | inner, inner }
    }
}

/// Each bit is whether an odd number of bits stand at it and below it.
const fn parities(bits: u64) -> u64 {
    let mut sums = bits;
    sums ^= sums << 1;
    sums ^= sums << 2;
    sums ^= sums << 4;
    sums ^= sums << 8;
    sums ^= sums << 16;
    sums ^ sums << 32
}

/// How often each of some bytes stands in a text.
pub(super) fn tally<const N: usize>(text: &[u8], bytes: [u8; N]) -> [usize; N] {
    /// Lanes of one byte count so far.
    const MOST: usize = 255;
    let wanted = bytes.map(u8x16::splat);
    let mut totals = [0; N];
    let (parts, rest) = text.as_chunks::<16>();
    for parts in parts.chunks(MOST) {
        let mut lanes = [u8x16::ZERO; N];
        for part in parts {
            let part = u8x16::from(*part);
            for (lanes, wanted) in lanes.iter_mut().zip(wanted) {
                // Lanes that are equal are 255, which is one less than none.
                *lanes -= part.simd_eq(wanted);
            }
        }
        for (total, lanes) in totals.iter_mut().zip(lanes) {
            *total += lanes.to_array().into_iter().map(usize::from).sum::<usize>();
        }
    }
    for (total, byte) in totals.iter_mut().zip(bytes) {
        *total += memchr::memchr_iter(byte, rest).count();
    }
    totals
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The stops behind a byte up to the first one beside which a quote should not stand, byte by byte.
    fn plain_stops(text: &[u8], from: usize) -> (Vec<Stop>, bool) {
        let (mut stops, mut is_inside) = (Vec::new(), false);
        let ends = |at: usize| matches!(text[at], b',' | b'\n' | b'\r');
        for at in from..text.len() {
            let is_behind_quote = at > from && text[at - 1] == b'"';
            let mut stop = |is_inner| stops.push(Stop { at, is_inner });
            if is_behind_quote && !is_inside && !ends(at) && text[at] != b'"' {
                stop(false);
                return (stops, true);
            }
            if text[at] == b'"' {
                if !is_inside && is_behind_quote {
                    stop(true);
                } else if !is_inside && at > from && !ends(at - 1) {
                    stop(false);
                    return (stops, true);
                }
                is_inside = !is_inside;
            } else if ends(at) && !(is_inside && text[at] == b',') {
                stop(is_inside);
            }
        }
        stops.push(Stop { at: text.len(), is_inner: false });
        (stops, is_inside)
    }

    proptest! {
        #[test]
        fn stops_are_those_of_a_walk_byte_by_byte(text in "([a,\"\n\r;]|\"\"|,\"|\",|bcdefghijk){0,90}", from in 0_usize..210) {
            let bytes = text.as_bytes();
            let from = from.min(bytes.len());
            let (plain, is_open) = plain_stops(bytes, from);
            let mut stops = Stops::of(Dialect::plain(b','));
            stops.seek(bytes, from);
            for stop in &plain {
                prop_assert_eq!(stops.next(bytes), *stop);
            }
            if plain.last().is_some_and(|last| last.at == bytes.len()) {
                prop_assert_eq!(stops.is_open(), is_open);
            }
        }

        #[test]
        fn stops_are_found_however_far_apart(gap in 0_usize..70_000, cells in 0_usize..2_000) {
            let text = format!("{}{}\n", "a".repeat(gap), ",".repeat(cells));
            let mut stops = Stops::of(Dialect::plain(b','));
            stops.seek(text.as_bytes(), 0);
            for at in gap..=gap + cells + 1 {
                prop_assert_eq!(stops.next(text.as_bytes()), Stop { at, is_inner: false });
            }
        }

        #[test]
        fn tallies_are_those_of_a_plain_count(text in "[a\"\n]{0,40}", times in 1_usize..400) {
            let text = text.repeat(times);
            let plain = [b'"', b'\n'].map(|wanted| text.bytes().filter(|byte| *byte == wanted).count());
            prop_assert_eq!(tally(text.as_bytes(), [b'"', b'\n']), plain);
        }
    }
}
