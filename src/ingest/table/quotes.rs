//! Records over several lines: a cell may hold line ends inside quotes, and a stray quote looks just like that while it
//! swallows the rows below it. Here the two are told apart.
use csv::StringRecord;

use crate::{
    ingest::table::{Row, TableReader, header::Header},
    model::names::Names,
};

/// Whether the quotes of a record are sound, and they do not close on a line that is a row by itself: then two stray quotes
/// have met. A row pasted into a prompt is followed by the rest of its own record, so it stands above the last line; in a
/// record whose cells have moved nothing is known to be a prompt, so there no line may be a row.
pub(super) fn is_one_record(text: &str, has_moved: bool, header: &Header, reader: &mut dyn TableReader) -> bool {
    let mut below = text.lines().skip(1);
    let mut is_row = |line| is_row(line, header, reader);
    is_sound(text.as_bytes(), header.delimiter)
        && !if has_moved { below.any(is_row) } else { below.last().is_some_and(&mut is_row) }
}

/// The cells of the first line by itself, as far as a quote lets them be told apart.
pub(super) fn first_line(text: &str, delimiter: u8) -> StringRecord {
    let line = text.split_inclusive(['\r', '\n']).next().unwrap_or("").trim_end_matches(['\r', '\n']);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    // Reading from memory cannot fail; a blank line has no record.
    let _ = reader.read_record(&mut record);
    record
}

/// Whether each cell that opens with a quote closes with one, right before a delimiter or the end.
fn is_sound(text: &[u8], delimiter: u8) -> bool {
    let mut rest = text;
    loop {
        if let Some(mut quoted) = rest.strip_prefix(b"\"") {
            loop {
                let Some(quote) = memchr::memchr(b'"', quoted) else { return false };
                quoted = &quoted[quote + 1..];
                let Some(after) = quoted.strip_prefix(b"\"") else { break };
                quoted = after;
            }
            rest = quoted;
            match rest.first() {
                None | Some(b'\r' | b'\n') => return true,
                Some(byte) if *byte == delimiter => (),
                Some(_) => return false,
            }
        }
        let Some(next) = memchr::memchr(delimiter, rest) else { return true };
        rest = &rest[next + 1..];
    }
}

/// Whether a line reads as a data row.
fn is_row(line: &str, header: &Header, reader: &mut dyn TableReader) -> bool {
    let n_delimiters = memchr::memchr_iter(header.delimiter, line.as_bytes()).count();
    if n_delimiters + 1 < header.width() {
        return false;
    }
    let mut lines =
        csv::ReaderBuilder::new().has_headers(false).delimiter(header.delimiter).from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    let is_read = lines.read_record(&mut record).unwrap_or(false);
    let row = Row { record: &record, header, line: 0, byte: None };
    let is_event = |reader: &mut dyn TableReader| reader.row(&row, &mut Names::default()).is_ok();
    let is_bucket = matches!(reader.empty_bucket(&row), Ok(Some(_)));
    is_read && (is_bucket || header.check_width(&record).is_ok() && is_event(reader))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_quotes_close_before_a_delimiter_or_the_end() {
        for sound in ["a,\"b\nc\",d\n", "\"a\"\"\n\",b", "a,b\n", "a b\"c,d", "\"\"", ""] {
            assert!(is_sound(sound.as_bytes(), b','), "{sound:?}");
        }
        for broken in ["a,\"b\nc\n", "a,\"b\nc\"d,e\n", "\"", "\"a\"\"\n"] {
            assert!(!is_sound(broken.as_bytes(), b','), "{broken:?}");
        }
    }
}
