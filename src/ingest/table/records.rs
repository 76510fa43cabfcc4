//! Records of a delimited text with the physical line of each. Blank lines, which the `csv` crate passes over, count.
use crate::model::problem::RowCount;

/// A cursor over records.
pub struct Records<'t> {
    text: &'t [u8],
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    at: usize,
    line: u32,
}

impl<'t> Records<'t> {
    /// A cursor before the first record.
    pub fn new(text: &'t str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        Self { text: text.as_bytes(), reader, record: csv::StringRecord::new(), at: 0, line: 1 }
    }

    /// Moves to the next record and returns its physical line; counts it and the blank lines before it.
    pub fn advance(&mut self, rows: &mut RowCount) -> Option<u32> {
        // Reading from memory cannot fail, and the text is UTF-8 already; an error would end the file early.
        let read = self.reader.read_record(&mut self.record).unwrap_or(false);
        let mut end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX).min(self.text.len());
        let ends_between_cr_and_lf = end > 0 && self.text[end - 1] == b'\r' && self.text.get(end) == Some(&b'\n');
        end += usize::from(ends_between_cr_and_lf);
        let mut span = &self.text[self.at..end];
        self.at = end;
        while let Some(length) = terminator(span) {
            span = &span[length..];
            self.line += 1;
            rows.physical += 1;
            rows.skipped += 1;
        }
        if !read {
            return None;
        }
        rows.physical += 1;
        let line = self.line;
        self.line += count_lines(span);
        Some(line)
    }

    /// The record moved to.
    pub fn record(&self) -> &csv::StringRecord {
        &self.record
    }
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
fn count_lines(text: &[u8]) -> u32 {
    let ends = memchr::memchr2_iter(b'\n', b'\r', text);
    let ends = ends.filter(|&at| text[at] == b'\n' || text.get(at + 1) != Some(&b'\n')).count();
    u32::try_from(ends).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(u32, usize)], physical: u64) {
        let mut records = Records::new(text, b',');
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
}
