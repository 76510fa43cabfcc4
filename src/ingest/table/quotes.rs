//! Records over several lines: a cell may hold line ends inside quotes, and a stray quote looks just like that while it
//! swallows the rows below it. Here the two are told apart.
use csv::StringRecord;

use crate::{
    ingest::table::{Row, TableReader, header::Header},
    model::names::Names,
};

/// The cells of the first line by itself, as far as a quote lets them be told apart.
pub(super) fn first_line(text: &str, delimiter: u8) -> StringRecord {
    let line = text.split_inclusive(['\r', '\n']).next().unwrap_or("").trim_end_matches(['\r', '\n']);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    // Reading from memory cannot fail; a blank line has no record.
    let _ = reader.read_record(&mut record);
    record
}

/// Whether a record over several lines does not close its quotes on a line that is a row by itself: then two stray quotes
/// have met. A row pasted into a prompt is followed by the rest of its own record, so it stands above the last line; in a
/// record whose cells have moved nothing is known to be a prompt, so there no line may be a row.
pub(super) fn is_one_record(text: &str, has_moved: bool, header: &Header, reader: &mut dyn TableReader) -> bool {
    let mut is_row = |line| is_row(line, header, reader);
    if has_moved {
        return is_sound(text.as_bytes(), header.delimiter) && !lines(text).skip(1).any(is_row);
    }
    !lines(text).next_back().is_some_and(&mut is_row)
}

/// The lines of a text, whichever way they end, without the blank ones.
fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty())
}

/// Whether it is certain where the cells of a record begin and end, and what they hold. A quote inside a cell that is not
/// quoted may be a stray one that moved a border: it does no harm where no quote hides a delimiter, and it stands in a
/// cell that nobody counts.
pub(super) fn is_clear(record: &str, header: &Header) -> bool {
    let (text, delimiter) = (record.trim_end_matches(['\n', '\r']), header.delimiter);
    if memchr::memchr(b'"', text.as_bytes()).is_none() || is_strict(text.as_bytes(), delimiter) {
        return true;
    }
    let cells: Vec<&str> = text.split(char::from(delimiter)).collect();
    let counts = |(position, cell): (usize, &&str)| cell.contains('"') && header.is_counted(position);
    cells.len() == header.width() && !cells.iter().enumerate().any(counts)
}

/// The cells of a line if quotes mean nothing.
pub(super) fn split(line: &str, delimiter: u8) -> StringRecord {
    let cells = line.trim_end_matches(['\n', '\r']).split(char::from(delimiter));
    cells.map(|cell| cell.trim().trim_matches('"')).collect::<Vec<_>>().into()
}

/// Whether quotes stand around cells and, doubled, inside of quoted ones, and nowhere else.
pub(super) fn is_strict(text: &[u8], delimiter: u8) -> bool {
    let mut rest = text;
    loop {
        if rest.first() == Some(&b'"') {
            let Some(after) = after_quoted(rest) else { return false };
            let spaces = after.iter().take_while(|byte| **byte == b' ' && delimiter != b' ').count();
            match after.get(spaces) {
                None => return true,
                Some(byte) if *byte == delimiter => rest = &after[spaces + 1..],
                Some(_) => return false,
            }
            continue;
        }
        let end = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        if memchr::memchr(b'"', &rest[..end]).is_some() {
            return false;
        }
        let Some(next) = rest.get(end + 1..) else { return true };
        rest = next;
    }
}

/// Whether each cell that opens with a quote closes with one, right before a delimiter or the end.
pub(super) fn is_sound(text: &[u8], delimiter: u8) -> bool {
    let mut rest = text;
    loop {
        if rest.first() == Some(&b'"') {
            let Some(after) = after_quoted(rest) else { return false };
            rest = after;
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

/// What stands behind the quoted cell that a text begins with; `None` where the cell is not closed.
fn after_quoted(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text.get(1..)?;
    loop {
        rest = &rest[memchr::memchr(b'"', rest)? + 1..];
        let Some(doubled) = rest.strip_prefix(b"\"") else { return Some(rest) };
        rest = doubled;
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

    #[test]
    fn strict_quotes_stand_around_cells_only() {
        for strict in ["a,b", "\"a,b\",c", "a,\"say \"\"x\"\", y\"", "\"a\" ,b", "", "\"\",\"\"", "\"a\nb\",c"] {
            assert!(is_strict(strict.as_bytes(), b','), "{strict:?}");
        }
        for loose in ["a\"b,c", "\"a\"b,c", "\"a,b", " \"a\",b", "a,b\"", "\"a,\",b\",c", "\"\"a\",b"] {
            assert!(!is_strict(loose.as_bytes(), b','), "{loose:?}");
        }
    }
}
