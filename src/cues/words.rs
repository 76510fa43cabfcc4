//! Words of a prompt: folded (lower case, no accents, no apostrophes), hashed, and kept in a short buffer.
//!
//! Sixteen bytes are looked at together: where runs of letters begin and end is told by bits, and only these places
//! are walked over. Letters beyond ASCII are brought into it first, see [`letters`].
use wide::u8x16;

use crate::cues::letters;

/// How many bytes are read; what is asked stands at the beginning.
const BYTES: usize = 1024;
/// How many words are read.
const WORDS: usize = 192;
/// So many bytes have their places told by one number of bits.
const BLOCK: usize = 64;
/// So many bytes are copied together.
const CHUNK: usize = 16;
/// What is a word of its own.
const MARKS: [u8; 2] = [b'?', b'!'];
/// Room for every word and the space after it, and for a chunk beyond.
const ROOM: usize = BYTES + WORDS + CHUNK;

/// The beginning of a text, folded and cut into words.
pub struct Words {
    /// The beginning of the text in ASCII as far as may be, then spaces.
    plain: [u8; BYTES + BLOCK],
    /// The same in lower case.
    lower: [u8; BYTES + BLOCK],
    /// The words.
    bytes: [u8; ROOM],
    len: usize,
    spans: [Word; WORDS],
    count: usize,
    /// Where the last word ended.
    end: usize,
    /// How many bytes were read.
    read: usize,
}

#[derive(Clone, Copy, Default)]
struct Word {
    hash: u64,
    /// Its first bytes, eight at most.
    first: u64,
    start: u16,
    end: u16,
    is_specific: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            plain: [b' '; _],
            lower: [b' '; _],
            bytes: [b' '; _],
            len: 0,
            spans: [Word::default(); _],
            count: 0,
            end: 0,
            read: 0,
        }
    }
}

impl Words {
    /// Folds a text. Words are runs of letters and digits; `?` and `!` are words of their own.
    pub fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.fold(text);
        words
    }

    /// Folds a text in the place of the one before.
    pub fn fold(&mut self, text: &str) {
        (self.len, self.count, self.end) = (0, 0, 0);
        let head = &text.as_bytes()[..text.len().min(BYTES)];
        let read = if head.is_ascii() {
            self.plain[..head.len()].copy_from_slice(head);
            head.len()
        } else {
            letters::fold(text, &mut self.plain[..BYTES])
        };
        self.read = read;
        self.plain[read..read + BLOCK].copy_from_slice(&[b' '; BLOCK]);
        let mut open = Open::default();
        for block in (0..=read).step_by(BLOCK) {
            self.block(block, &mut open);
        }
    }

    /// Takes the words that end in a block.
    fn block(&mut self, block: usize, open: &mut Open) {
        let Places { letters, marks, odd } = self.look(block);
        // Each run begins with a bit here and ends before one there; the bits of both follow each other in turn.
        let before = letters << 1 | u64::from(open.letter);
        let mut starts = letters & !before | marks;
        let mut ends = before & !letters | marks << 1 | u64::from(open.mark);
        let may_be_odd = odd != 0 || open.is_odd;
        let mut start = if open.letter || open.mark { open.start } else { block + pop(&mut starts) };
        while ends != 0 {
            self.push(start, block + pop(&mut ends), may_be_odd);
            start = block + pop(&mut starts);
        }
        *open = Open {
            start,
            letter: letters >> 63 != 0,
            mark: marks >> 63 != 0,
            is_odd: odd != 0 || open.is_odd && letters == u64::MAX,
        };
    }

    /// Tells the places of a block apart and puts it into lower case.
    #[inline]
    fn look(&mut self, block: usize) -> Places {
        let mut places = Places { letters: 0, marks: 0, odd: 0 };
        let (plain, _) = self.plain[block..block + BLOCK].as_chunks::<CHUNK>();
        let (lower, _) = self.lower[block..block + BLOCK].as_chunks_mut::<CHUNK>();
        for (index, (plain, lower)) in plain.iter().zip(lower).enumerate() {
            let all = u8x16::from(*plain);
            let is = |byte: u8| all.simd_eq(u8x16::splat(byte));
            let case = u8x16::splat(b' ');
            let letters = between(all | case, b'a', b'z');
            *lower = (all | letters & case).to_array();
            let odd = between(all, b'0', b'9') | is(b'\'');
            let bits = |found: u8x16| u64::from(found.to_bitmask()) << (index * CHUNK);
            // The highest bit of bytes beyond ASCII is set: they are letters.
            places.letters |= bits(letters | odd | all);
            places.marks |= bits(is(MARKS[0]) | is(MARKS[1]));
            places.odd |= bits(odd);
        }
        places
    }

    /// Takes a word of the text, which may hold digits or apostrophes.
    #[inline]
    fn push(&mut self, mut start: usize, end: usize, may_be_odd: bool) {
        if self.count == WORDS {
            return;
        }
        let to = self.len;
        let mut len = end - start;
        let mut is_specific = false;
        self.copy(start, to);
        for at in (CHUNK..len).step_by(CHUNK) {
            self.copy(start + at, to + at);
        }
        if may_be_odd {
            start += self.lower[start..end].iter().take_while(|byte| **byte == b'\'').count();
            len = without_apostrophes(&mut self.bytes[to..to + len]);
            is_specific = self.bytes[to..to + len].iter().any(u8::is_ascii_digit);
            if len == 0 {
                return;
            }
        }
        if self.plain[start].is_ascii_uppercase() && self.plain[start + 1].is_ascii_lowercase() {
            is_specific |= self.count > 0 && !self.plain[self.end..start].iter().any(|byte| opens(*byte));
        }
        let first = eight(&self.bytes, to) & ones(len);
        let hash = if len < 8 { mix(len as u64, first) } else { hash(&self.bytes[to..to + len]) };
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        self.spans[self.count] = Word { hash, first, start: place(to), end: place(to + len), is_specific };
        self.count += 1;
        self.bytes[to + len] = b' ';
        self.len = to + len + 1;
        self.end = if MARKS.contains(&self.plain[start]) { start } else { end };
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.bytes[to..to + CHUNK].copy_from_slice(&self.lower[from..from + CHUNK]);
    }

    /// How many words there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A word's folded bytes.
    pub fn word(&self, index: usize) -> &[u8] {
        let Word { start, end, .. } = self.spans[index];
        &self.bytes[start.into()..end.into()]
    }

    /// A word's hash, that of [`hash`].
    pub fn hash(&self, index: usize) -> u64 {
        self.spans[index].hash
    }

    /// The hash of the first bytes of a word that has as many.
    #[inline]
    pub fn hash_of_first(&self, index: usize, len: usize) -> u64 {
        let first = self.spans[index].first;
        if len < 8 { mix(len as u64, first & ones(len)) } else { hash(&self.word(index)[..len]) }
    }

    /// The first four bytes of a word, or of it and what follows it.
    #[inline]
    pub fn first_four(&self, index: usize) -> u32 {
        self.four(self.spans[index].start.into())
    }

    /// The last four bytes of a word, or of what stands before it and of it.
    #[inline]
    pub fn last_four(&self, index: usize) -> u32 {
        self.four(usize::from(self.spans[index].end).saturating_sub(4))
    }

    fn four(&self, at: usize) -> u32 {
        self.bytes[at..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four))
    }

    /// Whether a word makes a request specific: it holds a digit, or is capitalised within a sentence.
    pub fn is_specific(&self, index: usize) -> bool {
        self.spans[index].is_specific
    }

    /// What was read in lower case, with spaces to the end of a block.
    pub fn lower(&self) -> &[u8] {
        &self.lower[..self.read.next_multiple_of(CHUNK)]
    }

    /// All folded bytes, words apart by one space.
    pub fn folded(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// What a block leaves to the next.
#[derive(Default)]
struct Open {
    /// Where the word begins that the block ends in.
    start: usize,
    letter: bool,
    mark: bool,
    /// Whether the word may hold digits or apostrophes.
    is_odd: bool,
}

/// A bit for each byte of a block.
struct Places {
    /// Those within words.
    letters: u64,
    /// Those that are words of their own.
    marks: u64,
    /// Digits and apostrophes.
    odd: u64,
}

fn between(bytes: u8x16, least: u8, most: u8) -> u8x16 {
    bytes.max(u8x16::splat(least)).min(u8x16::splat(most)).simd_eq(bytes)
}

/// Whether a sentence may begin after a byte between words.
fn opens(byte: u8) -> bool {
    matches!(byte, b'.' | b':' | b'\n' | b'-' | b'*' | b'?' | b'!')
}

/// Moves all other bytes to the front; gives how many there are.
fn without_apostrophes(bytes: &mut [u8]) -> usize {
    let mut kept = 0;
    for at in 0..bytes.len() {
        bytes[kept] = bytes[at];
        kept += usize::from(bytes[at] != b'\'');
    }
    kept
}

/// A 64-bit hash of bytes, the same on every machine.
pub fn hash(bytes: &[u8]) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let state = eights.iter().fold(bytes.len() as u64, |state, eight| mix(state, u64::from_le_bytes(*eight)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(state, u64::from_le_bytes(last))
}

fn eight(bytes: &[u8; ROOM], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
}

/// Ones in so many bytes, eight at most.
fn ones(bytes: usize) -> u64 {
    u64::MAX >> (64 - 8 * bytes.clamp(1, 8))
}

/// Takes the lowest bit away and gives its position; 64 where there is none.
fn pop(bits: &mut u64) -> usize {
    let at = bits.trailing_zeros();
    *bits &= bits.wrapping_sub(1);
    at as usize
}

/// Joins two hashes; the order matters.
#[inline]
pub fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left.rotate_left(23) ^ 0x9e37_79b9_7f4a_7c15) * u128::from(right ^ 0xd1b5_4a32_d192_ed03);
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the product are meant")]
    let mixed = (product as u64) ^ ((product >> 64) as u64);
    mixed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of a text, a byte at a time.
    fn plainly(text: &str) -> Vec<Vec<u8>> {
        let mut folded = [0; 4 * BYTES];
        let len = letters::fold(text, &mut folded);
        let mut words = vec![Vec::new()];
        for byte in folded[..len].to_ascii_lowercase() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | 0x80.. => words.last_mut().unwrap().push(byte),
                b'?' | b'!' => words.extend([vec![byte], Vec::new()]),
                b'\'' => {}
                _ => words.push(Vec::new()),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    proptest! {
        #[test]
        fn words_are_those_of_a_plain_walk(text in "[a-eX-Z0-2'?! .é’🙂ß]{0,190}") {
            let words = Words::of(&text);
            let got: Vec<&[u8]> = (0..words.count()).map(|at| words.word(at)).collect();
            prop_assert_eq!(got, plainly(&text));
            prop_assert!((0..words.count()).all(|at| words.hash(at) == hash(words.word(at))));
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words = Words::of(text);
        let got: Vec<&str> = (0..words.count()).map(|at| std::str::from_utf8(words.word(at)).unwrap()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn words_are_folded() {
        check("It doesn’t WORK!", &["it", "doesnt", "work", "!"]);
        check("Añade la sección: ¿por qué?", &["anade", "la", "seccion", "por", "que", "?"]);
        check("Größe größer", &["grosse", "grosser"]);
        check("кнопка 🙂 x2", &["кнопка", "x2"]);
        check("", &[]);
    }

    #[test]
    fn a_text_leaves_nothing_to_the_next() {
        let mut words = Words::of("xxxxxxxxxxxxxxxx yyy zzzzzzzzz");
        words.fold("add a page");
        assert_eq!(words.folded(), b"add a page ");
    }

    #[test]
    fn long_words_end_at_the_buffer() {
        assert_eq!(Words::of(&"é".repeat(4000)).count(), 1);
        assert_eq!(Words::of(&"а".repeat(4000)).count(), 1);
        assert!(Words::of(&"ab ".repeat(4000)).count() <= WORDS);
        assert!(Words::of(&"! ".repeat(4000)).count() <= WORDS);
    }

    #[test]
    fn hashes_keep_order_apart() {
        assert_ne!(mix(hash(b"a"), hash(b"b")), mix(hash(b"b"), hash(b"a")));
        assert_ne!(hash(b"a"), hash(b"a\0"));
    }
}
