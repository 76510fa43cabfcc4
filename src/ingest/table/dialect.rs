//! How a delimited text is written: what separates cells, what stands around them, and what stands before a quote that is
//! part of a cell. Quotes and escapes are told from a bounded sample, by what makes its records agree: a file is read with
//! others than `"` and `""` only where more of its records then are rows of one width, with every quote in its place.
use std::borrow::Cow;

use crate::{
    ingest::table::{quotes, records::Records},
    model::problem::RowCount,
};

/// How a delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// What separates the cells.
    pub delimiter: u8,
    /// What stands around cells that hold delimiters or line ends; doubled, it is part of such a cell.
    pub quote: u8,
    /// What stands before a quote that is part of a quoted cell, where doubling is not the only way.
    pub escape: Option<u8>,
}

/// Bytes that are looked at.
const SAMPLE: usize = 64 << 10;
/// Records that are looked at.
const MOST_RECORDS: usize = 256;
/// This share of the records, in percent, must agree on how the text is written.
const ENOUGH: usize = 90;
/// What may stand before a quote that is part of a cell.
const ESCAPES: [u8; 2] = [b'\\', 0];

impl Dialect {
    /// With quotes as RFC 4180 has them.
    pub const fn plain(delimiter: u8) -> Self {
        Self { delimiter, quote: b'"', escape: None }
    }

    /// The dialect of a text with some delimiter.
    pub fn told(text: &str, delimiter: u8) -> Self {
        let sample = sample(text);
        let plain = Self::plain(delimiter);
        let escapes = ESCAPES.into_iter().filter(|escape| memchr::memchr(*escape, sample.as_bytes()).is_some());
        let escapes: Vec<Option<u8>> = std::iter::once(None).chain(escapes.map(Some)).collect();
        let quotes = [b'"', b'\''].into_iter().filter(|quote| memchr::memchr(*quote, sample.as_bytes()).is_some());
        let others =
            quotes.flat_map(|quote| escapes.iter().map(move |escape| Self { quote, escape: *escape, ..plain }));
        let others: Vec<Self> = others.filter(|other| *other != plain).collect();
        if others.is_empty() {
            return plain;
        }
        let mut best = (plain, Agreement::of(sample, plain));
        for other in others {
            let agreement = Agreement::of(sample, other);
            let is_proven = agreement.agreeing * 100 >= agreement.records * ENOUGH && agreement.width > 1;
            let is_quoted = other.quote != best.0.quote && other.escape.is_none() && agreement.all_quoted;
            if is_proven && (agreement.agreeing > best.1.agreeing || is_quoted) {
                best = (other, agreement);
            }
        }
        best.0
    }

    /// A reader of records, whatever their widths.
    pub fn reader<R: std::io::Read>(self, text: R) -> csv::Reader<R> {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        builder.delimiter(self.delimiter).quote(self.quote).escape(self.escape).from_reader(text)
    }

    /// The cells of the first line of a text.
    pub fn record(self, line: &str) -> Option<csv::StringRecord> {
        let mut record = csv::StringRecord::new();
        // Reading from memory cannot fail; a blank line has no record.
        self.reader(line.as_bytes()).read_record(&mut record).unwrap_or(false).then_some(record)
    }
}

/// The lines in the first bytes of a text.
fn sample(text: &str) -> &str {
    let Some(head) = text.as_bytes().get(..SAMPLE) else { return text };
    let end = memchr::memrchr2(b'\n', b'\r', head).map_or(0, |at| at + 1);
    &text[..end]
}

/// How well a sample can be read in a dialect.
struct Agreement {
    /// Records but for lines of one cell, such as notes.
    records: usize,
    /// Records of the width that most have, with every quote in its place.
    agreeing: usize,
    width: usize,
    /// Whether nearly all cells that hold something have quotes around them.
    all_quoted: bool,
}

impl Agreement {
    fn of(sample: &str, dialect: Dialect) -> Self {
        let (mut records, mut count) = (Records::new(sample, dialect), RowCount::default());
        let mut widths = Vec::new();
        let (mut n_lines, mut n_records, mut filled, mut quoted) = (0, 0, 0, 0);
        while n_lines < MOST_RECORDS && records.advance(&mut count).is_some() {
            let line = records.span().trim_end_matches(['\n', '\r']);
            let is_strict = !records.is_torn() && quotes::is_strict(line.as_bytes(), dialect);
            n_lines += 1;
            if is_strict && records.record().len() == 1 {
                continue;
            }
            n_records += 1;
            if is_strict {
                widths.push(records.record().len());
            }
            filled += records.record().iter().filter(|cell| !cell.is_empty()).count();
            quoted += quotes::count_enclosed(line.as_bytes(), dialect);
        }
        widths.sort_unstable();
        let runs = widths.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0]));
        let (agreeing, width) = runs.max().unwrap_or_default();
        Self { records: n_records, agreeing, width, all_quoted: filled > 0 && quoted * 100 >= filled * ENOUGH }
    }
}

/// The text with the spaces between delimiters and quotes behind the quoted cell, byte for byte as long; where cells are
/// separated by a delimiter and a space, such as `a, "b, c"`, and more records agree so.
pub fn without_spaces_before_quotes(text: &str, delimiters: &[u8]) -> Option<String> {
    for &delimiter in delimiters.iter().filter(|delimiter| **delimiter != b' ') {
        let spaced = [delimiter, b' ', b'"'];
        if memchr::memmem::find(sample(text).as_bytes(), &spaced).is_none() {
            continue;
        }
        let dialect = Dialect::plain(delimiter);
        let (before, moved) = (Agreement::of(sample(text), dialect), respaced(sample(text), delimiter));
        let after = Agreement::of(&moved, dialect);
        if after.agreeing > before.agreeing && after.agreeing * 100 >= after.records * ENOUGH && after.width > 1 {
            return Some(respaced(text, delimiter).into_owned());
        }
    }
    None
}

fn respaced(text: &str, delimiter: u8) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = memchr::memmem::find(&bytes[at..], &[delimiter, b' ', b'"']) {
        let space = at + found + 1;
        at = space + 2;
        let Some(after) = quotes::after_quoted(&bytes[space + 1..], Dialect::plain(delimiter)) else { break };
        let end = bytes.len() - after.len();
        if after.first().is_none_or(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r' | b' ')) {
            out.push_str(&text[copied..space]);
            out.push_str(&text[space + 1..end]);
            out.push(' ');
            (copied, at) = (end, end);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, quote: u8, escape: Option<u8>) {
        assert_eq!(Dialect::told(text, b','), Dialect { delimiter: b',', quote, escape }, "{text:?}");
    }

    #[test]
    fn quotes_and_escapes_are_told_by_what_makes_records_agree() {
        check("a,b\n1,2\n", b'"', None);
        check("a,b\n\"1,5\",2\n", b'"', None);
        check("a,b\n'1,5',2\n'it''s, so',3\n", b'\'', None);
        check("'a','b'\n'1','2'\n", b'\'', None);
        check("notes\n\nmore\n'a','b'\n'1,5','2'\n", b'\'', None);
        check("a,b\n\"say \\\"x, y\\\"\",2\n1,2\n", b'"', Some(b'\\'));
        check("a,b\n'don\\'t, so',2\n1,2\n", b'\'', Some(b'\\'));
        check("a,b\n\"say \0\"x, y\0\"\",2\n1,2\n", b'"', Some(0));
    }

    #[test]
    fn apostrophes_and_backslashes_in_cells_prove_nothing() {
        check("a,b\ndon't,2\nit's,3\n", b'"', None);
        check("a,b\n'tis,2\n3,dogs'\n4,5\n", b'"', None);
        check("a,b\n'so',2\n3,4\n5,6\n", b'"', None);
        check("a,b\n\"C:\\\",2\n\"D:\\\",3\n", b'"', None);
        check("a,b\n\"x, y\",2\n\"x, z\",2\n'1,5',2\n", b'"', None);
    }

    #[test]
    fn spaces_before_quotes_move_behind_them() {
        let spaced = "a, b, c\n1, \"x, y\", 2\n3, \"z\", \"\"\n";
        let moved = "a, b, c\n1,\"x, y\" , 2\n3,\"z\" ,\"\" \n";
        assert_eq!(without_spaces_before_quotes(spaced, b",;").as_deref(), Some(moved));
        assert_eq!(without_spaces_before_quotes("a,b\n1, 2\n", b",;"), None);
        assert_eq!(without_spaces_before_quotes("a,b\n\"x, \"\"y\"\"\",2\n", b",;"), None, "inside a cell");
    }

    #[test]
    fn runs_of_quotes_that_close_before_a_letter_are_passed_over_once() {
        let started = std::time::Instant::now();
        for run in [", \"\"\"", ", \"\"", ", \"\"\"x", ", \"x\"\""] {
            respaced(&(run.repeat(300_000) + "\"x"), b',');
            respaced(&(", \"".to_owned() + &run.repeat(300_000) + "x"), b',');
        }
        assert!(started.elapsed().as_secs() < 20);
    }
}
