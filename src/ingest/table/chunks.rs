//! Large texts are read in chunks, several at a time, cut where records end.
//!
//! A line end is the end of a record unless it stands inside quotes. Whether it does is told by the number of quotes
//! before it, and then checked: the records of each chunk must end exactly where the next chunk begins. As the first
//! chunk begins at the start of the text, every cut is proven by the one before it; where one is not, the text is read
//! in one piece.
use std::ops::Range;

use rayon::prelude::*;

use crate::ingest::table::{dialect::Dialect, marks::tally, records::count_lines};

/// Texts shorter than this are not worth cutting.
const LEAST: usize = 4 << 20;
/// So many chunks a text has at most: each has dictionaries of its own.
const MOST: usize = 32;

/// A part of a text that begins and, as far as it can be told, ends with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Where it stands in the text.
    pub bytes: Range<usize>,
    /// The physical line that it begins with, from 1.
    pub line: u32,
}

impl Chunk {
    /// All of a text, whatever its length.
    pub const fn whole() -> Self {
        Self { bytes: 0..usize::MAX, line: 1 }
    }

    /// Whether it is [`Chunk::whole`].
    pub const fn is_whole(&self) -> bool {
        self.bytes.end == usize::MAX
    }
}

/// Cuts a text in chunks whose number depends on its length alone: what is read must not depend on the threads.
pub fn cut(text: &str, dialect: Dialect) -> Vec<Chunk> {
    let wanted = (text.len() / LEAST).clamp(1, MOST);
    cut_in(text.as_bytes(), dialect, wanted)
}

fn cut_in(text: &[u8], dialect: Dialect, wanted: usize) -> Vec<Chunk> {
    let mut bounds: Vec<usize> = (0..=wanted).map(|part| text.len() * part / wanted.max(1)).collect();
    for bound in bounds.iter_mut().skip(1) {
        let line_end = memchr::memchr(b'\n', &text[*bound..]);
        *bound = line_end.map_or(text.len(), |at| *bound + at + 1);
    }
    bounds.dedup();
    let pieces: Vec<Range<usize>> = bounds.windows(2).map(|pair| pair[0]..pair[1]).collect();
    let counts: Vec<(usize, u32)> = pieces.par_iter().map(|piece| count(&text[piece.clone()], dialect)).collect();
    let (mut chunks, mut quotes, mut line) = (Vec::<Chunk>::new(), 0, 1);
    for (piece, (quotes_in, lines_in)) in pieces.into_iter().zip(counts) {
        match chunks.last_mut().filter(|_| quotes % 2 == 1) {
            Some(open) => open.bytes.end = piece.end,
            None => chunks.push(Chunk { bytes: piece, line }),
        }
        quotes += quotes_in;
        line += lines_in;
    }
    chunks
}

/// How many quotes and how many line ends a text holds; an escaped quote is none.
fn count(text: &[u8], dialect: Dialect) -> (usize, u32) {
    let [quotes, feeds, returns] = tally(text, [dialect.quote, b'\n', b'\r']);
    let is_escaped = |at: &usize| *at > 0 && Some(text[at - 1]) == dialect.escape;
    let escaped = dialect.escape.map_or(0, |_| memchr::memchr_iter(dialect.quote, text).filter(is_escaped).count());
    let lines = if returns == 0 { u32::try_from(feeds).unwrap_or(u32::MAX) } else { count_lines(text) };
    (quotes - escaped, lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: usize, expected: &[(&str, u32)]) {
        let chunks = cut_in(text.as_bytes(), Dialect::plain(b','), wanted);
        let got: Vec<(&str, u32)> = chunks.into_iter().map(|chunk| (&text[chunk.bytes], chunk.line)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn chunks_end_with_lines_outside_quotes() {
        check("a\nb\nc\nd\n", 2, &[("a\nb\nc\n", 1), ("d\n", 4)]);
        check("a\n\"b\nc\nd\"\ne\n", 3, &[("a\n\"b\nc\nd\"\n", 1), ("e\n", 5)]);
        check("abc", 4, &[("abc", 1)]);
        check("", 4, &[]);
    }
}
