//! Records of a delimited text with the physical line of each. Blank lines, which the `csv` crate passes over, count.
//!
//! A record whose quotes stand where they belong, as nearly all do, is cut at its delimiters; all others are left to the
//! `csv` crate, which is slower, and a test compares the two.
use std::{
    io::{Cursor, SeekFrom},
    ops::Range,
};

use crate::{
    ingest::table::{cells::Cells, dialect::Dialect, marks::Stops, quotes},
    model::problem::RowCount,
};

/// A cursor over records.
pub struct Records<'t> {
    text: &'t str,
    reader: csv::Reader<Cursor<&'t [u8]>>,
    /// Where the reader stands, once it was moved.
    reader_at: Option<u64>,
    dialect: Dialect,
    stops: Stops,
    /// The record that the stops stand before, unless they were moved past it.
    stops_at: Option<usize>,
    /// The cells of the record moved to, as parts of the text.
    parts: Vec<&'t str>,
    /// Its cells where they are no parts of the text.
    record: csv::StringRecord,
    /// Which of the two holds them.
    is_own: bool,
    /// Where the record moved to begins, and on which line.
    before: (usize, u32),
    /// What is known of the record moved to.
    shape: Shape,
    /// Whether the record moved to is a line with a quote that opens and is not closed.
    is_torn: bool,
    at: usize,
    line: u32,
    /// How many bytes were read again.
    again: usize,
}

/// What is known of a record.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// One line, its quotes where they belong.
    Line,
    /// Several lines, its quotes where they belong.
    Lines,
    /// Nothing.
    Unknown,
}

/// What was read of quotes that are never closed is read again: so many times the text and so many bytes at most, for a text
/// of nothing but such quotes must not take for ever.
const MOST_AGAIN: (usize, usize) = (4, 16 << 20);

impl<'t> Records<'t> {
    /// A cursor before the first record of a text that begins on line 1.
    pub fn new(text: &'t str, dialect: Dialect) -> Self {
        Self::from(text, 0, 1, dialect)
    }

    /// A cursor before the record that begins at a byte, on a physical line.
    pub fn from(text: &'t str, at: usize, line: u32, dialect: Dialect) -> Self {
        let mut reader = dialect.reader(Cursor::new(text.as_bytes()));
        // Without known headers, a reader that is moved reads the first record before.
        reader.set_headers(csv::StringRecord::new());
        Self {
            text,
            reader,
            reader_at: None,
            stops: Stops::of(dialect),
            stops_at: None,
            dialect,
            parts: Vec::new(),
            record: csv::StringRecord::new(),
            is_own: false,
            before: (at, line),
            shape: Shape::Unknown,
            is_torn: false,
            at,
            line,
            again: 0,
        }
    }

    /// Moves to the next record and returns its physical line; counts it and the blank lines before it.
    pub fn advance(&mut self, rows: &mut RowCount) -> Option<u32> {
        self.is_torn = false;
        if let Some(line) = self.strict_record(rows) {
            return Some(line);
        }
        self.shape = Shape::Unknown;
        self.is_own = true;
        self.catch_up();
        // Reading from memory cannot fail, and the text is UTF-8 already; an error would end the file early.
        let read = self.reader.read_record(&mut self.record).unwrap_or(false);
        self.reader_at = Some(self.reader.position().byte());
        let passed = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let mut end = passed.min(self.text.len());
        let text = self.text.as_bytes();
        let ends_between_cr_and_lf = end > 0 && text[end - 1] == b'\r' && text.get(end) == Some(&b'\n');
        end += usize::from(ends_between_cr_and_lf);
        let mut span = &text[self.at..end];
        while let Some(length) = terminator(span) {
            span = &span[length..];
            self.line += 1;
            rows.physical += 1;
            rows.skipped += 1;
        }
        self.before = (end - span.len(), self.line);
        self.at = end;
        if !read {
            return None;
        }
        rows.physical += 1;
        let line = self.line;
        self.line += count_lines(span);
        self.is_torn = self.several_lines().is_some_and(|text| !quotes::is_sound(text.as_bytes(), self.dialect));
        if self.is_torn && self.can_step_back() {
            self.step_back();
            self.record = quotes::split(&self.text[self.before.0..self.at], self.dialect);
        }
        Some(line)
    }

    /// Moves to the next record where quotes stand around cells and, doubled, inside of quoted ones, and nowhere else.
    fn strict_record(&mut self, rows: &mut RowCount) -> Option<u32> {
        let text = self.text.as_bytes();
        if self.stops_at.take() != Some(self.at) {
            self.stops.seek(text, self.at);
        }
        let (mut start, mut blank) = (self.at, 0);
        let mut stop = self.stops.next(text);
        while stop.at == start
            && let Some(length) = self.pass_line_end(start)
        {
            (start, blank) = (start + length, blank + 1);
            stop = self.stops.next(text);
        }
        if start == text.len() {
            return None;
        }
        self.parts.clear();
        self.is_own = false;
        let (mut at, mut inner_lines, mut is_doubled) = (start, 0, false);
        let ended = loop {
            let byte = text.get(stop.at);
            if stop.is_inner {
                let is_feed_behind_return = byte == Some(&b'\n') && text[stop.at - 1] == b'\r';
                is_doubled |= byte == Some(&self.dialect.quote);
                inner_lines += u32::from(byte != Some(&self.dialect.quote) && !is_feed_behind_return);
                stop = self.stops.next(text);
                continue;
            }
            let is_last = match byte {
                Some(byte) if *byte == self.dialect.delimiter => false,
                Some(b'\n' | b'\r') => true,
                None if !self.stops.is_open() => true,
                _ => return None,
            };
            self.push_cell(at..stop.at, is_doubled);
            if is_last {
                break self.pass_line_end(stop.at);
            }
            (at, is_doubled) = (stop.at + 1, false);
            stop = self.stops.next(text);
        };
        let line = self.line + blank;
        self.before = (start, line);
        self.at = stop.at + ended.unwrap_or(0);
        self.stops_at = Some(self.at);
        self.line = line + inner_lines + u32::from(ended.is_some());
        self.shape = if inner_lines > 0 { Shape::Lines } else { Shape::Line };
        rows.physical += u64::from(blank) + 1;
        rows.skipped += u64::from(blank);
        Some(line)
    }

    /// The length of the line end at a stop, if there is one; the stops pass its second byte.
    fn pass_line_end(&mut self, stop: usize) -> Option<usize> {
        let text = self.text.as_bytes();
        let length = terminator(&text[stop..])?;
        if length == 2 {
            self.stops.next(text);
        }
        Some(length)
    }

    /// Adds a cell to the record, in which quotes are perhaps doubled.
    #[expect(clippy::inline_always, reason = "each cell of each file comes this way")]
    #[inline(always)]
    fn push_cell(&mut self, mut cell: Range<usize>, is_doubled: bool) {
        if self.text.as_bytes()[cell.start..cell.end].first() == Some(&self.dialect.quote) {
            cell = cell.start + 1..cell.end - 1;
        }
        let cell = &self.text[cell];
        if is_doubled || self.is_own {
            self.push_own(cell, is_doubled);
        } else {
            self.parts.push(cell);
        }
    }

    /// Adds a cell to a record that is kept apart from the text.
    #[cold]
    fn push_own(&mut self, cell: &str, is_doubled: bool) {
        if !self.is_own {
            self.record = Cells::Parts(&self.parts).to_record();
            self.is_own = true;
        }
        if is_doubled {
            let quote = char::from(self.dialect.quote);
            let doubled: String = [quote; 2].iter().collect();
            self.record.push_field(&cell.replace(&doubled, quote.encode_utf8(&mut [0; 4])));
        } else {
            self.record.push_field(cell);
        }
    }

    /// Moves the reader to where the next record begins.
    fn catch_up(&mut self) {
        if self.reader_at != Some(self.at as u64) {
            let mut position = csv::Position::new();
            position.set_byte(self.at as u64);
            // Seeking in memory cannot fail.
            let _ = self.reader.seek_raw(SeekFrom::Start(self.at as u64), position);
        }
    }

    /// Where the record moved to begins.
    pub const fn start(&self) -> usize {
        self.before.0
    }

    /// Whether the record moved to is a line with a quote that opens and is not closed: its cells are those that it has
    /// without quotes.
    pub const fn is_torn(&self) -> bool {
        self.is_torn
    }

    /// The cells of the record moved to if quotes mean nothing, where stray ones may have moved its borders.
    pub fn loose_cells(&self) -> Option<csv::StringRecord> {
        let line = self.span().trim_end_matches(['\n', '\r']);
        (!quotes::is_strict(line.as_bytes(), self.dialect)).then(|| quotes::split(line, self.dialect))
    }

    /// The text of the record moved to, with its line end.
    pub fn span(&self) -> &'t str {
        &self.text[self.before.0..self.at]
    }

    /// Where the next record begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The text of the record moved to, where it spans several lines.
    pub fn several_lines(&self) -> Option<&'t str> {
        let span = self.span();
        let is_several = match self.shape {
            Shape::Line => false,
            Shape::Lines => true,
            Shape::Unknown => first_line(span.as_bytes()) < span.len(),
        };
        is_several.then_some(span)
    }

    /// Whether it is certain that quotes stand only where they belong in the record moved to.
    pub const fn is_strict(&self) -> bool {
        !matches!(self.shape, Shape::Unknown)
    }

    /// Whether going back would not read too much again.
    pub const fn can_step_back(&self) -> bool {
        let (times, more) = MOST_AGAIN;
        self.again + self.at.saturating_sub(self.before.0) <= self.text.len().saturating_mul(times).saturating_add(more)
    }

    /// Goes back to the second line of the record moved to, so that a quote which is never closed swallows its own line
    /// only.
    pub fn step_back(&mut self) {
        let (start, line) = self.before;
        let span = self.span().as_bytes();
        self.again += span.len();
        (self.at, self.line) = (start + first_line(span), line + 1);
    }

    /// The record moved to.
    pub fn record(&self) -> Cells<'_> {
        if self.is_own { Cells::Own(&self.record) } else { Cells::Parts(&self.parts) }
    }
}

/// The length of the first line of a text, with its end.
fn first_line(text: &[u8]) -> usize {
    let end = memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    end + terminator(&text[end..]).unwrap_or(0)
}

/// The length of a line end at the start of a text, if there is one.
fn terminator(text: &[u8]) -> Option<usize> {
    match text {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

/// How many line ends a text holds: LF, CRLF and CR count once each.
pub(super) fn count_lines(text: &[u8]) -> u32 {
    let ends = memchr::memchr2_iter(b'\n', b'\r', text);
    let ends = ends.filter(|&at| text[at] == b'\n' || text.get(at + 1) != Some(&b'\n')).count();
    u32::try_from(ends).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(u32, usize)], physical: u64) {
        let mut records = Records::new(text, Dialect::plain(b','));
        let mut rows = RowCount::default();
        let mut got = Vec::new();
        while let Some(line) = records.advance(&mut rows) {
            got.push((line, records.record().len()));
        }
        assert_eq!((got.as_slice(), rows.physical), (expected, physical), "{text:?}");
    }

    #[test]
    fn lines_are_physical_and_blank_ones_count() {
        check("a,b\n1,2\n", &[(1, 2), (2, 2)], 2);
        check("a,b\r\n\r\n1,2", &[(1, 2), (3, 2)], 3);
        check("\n\na\n\n", &[(3, 1)], 4);
        check("a,\"x\ny\"\nb\n", &[(1, 2), (3, 1)], 2);
        check("a\rb\rc", &[(1, 1), (2, 1), (3, 1)], 3);
        check("a\r\nb\nc\r", &[(1, 1), (2, 1), (3, 1)], 3);
        check("", &[], 0);
    }

    /// The cells of each record, as the `csv` crate alone reads them.
    fn by_crate(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
        let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        dialect.reader(text.as_bytes()).into_records().map(|record| cells(record.unwrap())).collect()
    }

    /// Cells with and without quotes around them.
    const CELL: &str = "[a-z é\\\\]{0,4}|\"([a-z,;\n\ré]|\"\"){0,5}\"";

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_crate(
            lines in prop::collection::vec(prop::collection::vec(CELL, 1..5), 0..8),
            end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]),
            delimiter in prop::sample::select(vec![b',', b';']),
            escape in prop::sample::select(vec![None, Some(b'\\')]),
        ) {
            let dialect = Dialect { escape, ..Dialect::plain(delimiter) };
            let lines: Vec<String> =
                lines.into_iter().map(|cells| cells.join(char::from(delimiter).encode_utf8(&mut [0; 4]))).collect();
            let text = lines.join(end);
            let mut records = Records::new(&text, dialect);
            let mut got: Vec<Vec<String>> = Vec::new();
            while records.advance(&mut RowCount::default()).is_some() {
                got.push(records.record().iter().map(str::to_owned).collect());
            }
            prop_assert_eq!(got, by_crate(&text, dialect));
        }
    }
}
