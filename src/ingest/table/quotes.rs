//! Records over several lines: a cell may hold line ends inside quotes, and a stray quote looks just like that while it
//! swallows the rows below it. Here the two are told apart.
use csv::StringRecord;

use crate::{
    ingest::{
        batch::Spot,
        table::{Row, TableReader, cells::Cells, dialect::Dialect, header::Header},
    },
    model::names::Names,
};

/// The cells of the first line by itself, as far as a quote lets them be told apart.
pub(super) fn first_line(text: &str, dialect: Dialect) -> StringRecord {
    let line = text.split_inclusive(['\r', '\n']).next().unwrap_or("").trim_end_matches(['\r', '\n']);
    dialect.record(line).unwrap_or_default()
}

/// Whether a record over several lines does not close its quotes on a line that is a row by itself, below one that may be:
/// then two stray quotes have met. A row pasted into a prompt is followed by the rest of its own record, so it stands above
/// the last line, and a first line with too few cells for a row holds the beginning of one; in a record whose cells have moved
/// nothing is known to be a prompt, so there no line may be a row.
pub(super) fn is_one_record(text: &str, has_moved: bool, header: &Header, reader: &mut dyn TableReader) -> bool {
    let mut names = Names::default();
    let mut is_row = |line| is_row(line, header, reader, &mut names);
    if has_moved {
        return is_sound(text.as_bytes(), header.dialect) && !lines(text).skip(1).any(is_row);
    }
    let mut lines = lines(text);
    let may_be_row = lines.next().is_some_and(|line| n_cells(line, header.dialect) >= header.width());
    !may_be_row || !lines.next_back().is_some_and(&mut is_row)
}

/// How many cells a line has at most, if quotes mean nothing.
fn n_cells(line: &str, dialect: Dialect) -> usize {
    memchr::memchr_iter(dialect.delimiter, line.as_bytes()).count() + 1
}

/// The lines of a text, whichever way they end, without the blank ones.
fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty())
}

/// Whether it is certain where the cells of a record begin and end, and what they hold. A quote inside a cell that is not
/// quoted may be a stray one that moved a border: it does no harm where no quote hides a delimiter, and it stands in a
/// cell that nobody counts.
pub(super) fn is_clear(record: &str, header: &Header) -> bool {
    let (text, dialect) = (record.trim_end_matches(['\n', '\r']), header.dialect);
    if memchr::memchr(dialect.quote, text.as_bytes()).is_none() || is_strict(text.as_bytes(), dialect) {
        return true;
    }
    let cells: Vec<&str> = text.split(char::from(dialect.delimiter)).collect();
    let quote = char::from(dialect.quote);
    let counts = |(position, cell): (usize, &&str)| cell.contains(quote) && header.is_counted(position);
    cells.len() == header.width() && !cells.iter().enumerate().any(counts)
}

/// The cells of a line if quotes mean nothing.
pub(super) fn split(line: &str, dialect: Dialect) -> StringRecord {
    let cells = line.trim_end_matches(['\n', '\r']).split(char::from(dialect.delimiter));
    cells.map(|cell| cell.trim().trim_matches(char::from(dialect.quote))).collect::<Vec<_>>().into()
}

/// Whether quotes stand around cells and, doubled or escaped, inside of quoted ones, and nowhere else; apostrophes between
/// letters are no quotes.
pub(super) fn is_strict(text: &[u8], dialect: Dialect) -> bool {
    let mut rest = text;
    loop {
        if rest.first() == Some(&dialect.quote) {
            let Some(after) = after_quoted(rest, dialect) else { return false };
            let cell = &rest[1..rest.len() - after.len()];
            if dialect.escape.is_some_and(|escape| is_other_escape(cell, escape, dialect.quote)) {
                return false;
            }
            let spaces = after.iter().take_while(|byte| **byte == b' ' && dialect.delimiter != b' ').count();
            match after.get(spaces) {
                None => return true,
                Some(byte) if *byte == dialect.delimiter => rest = &after[spaces + 1..],
                Some(_) => return false,
            }
            continue;
        }
        let end = memchr::memchr(dialect.delimiter, rest).unwrap_or(rest.len());
        if memchr::memchr_iter(dialect.quote, &rest[..end]).any(|at| !is_apostrophe(&rest[..end], at)) {
            return false;
        }
        let Some(next) = rest.get(end + 1..) else { return true };
        rest = next;
    }
}

/// How many cells have quotes around them.
pub(super) fn count_enclosed(text: &[u8], dialect: Dialect) -> usize {
    let (mut rest, mut count) = (text, 0);
    loop {
        if rest.first() == Some(&dialect.quote) {
            let Some(after) = after_quoted(rest, dialect) else { return count };
            count += usize::from(after.len() + 2 < rest.len());
            rest = after;
        }
        let Some(next) = memchr::memchr(dialect.delimiter, rest) else { return count };
        rest = &rest[next + 1..];
    }
}

/// Whether a quote of an unquoted cell stands between two letters, as in `don't`.
fn is_apostrophe(cell: &[u8], at: usize) -> bool {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    cell[at] == b'\'' && at > 0 && is_letter(cell.get(at - 1)) && is_letter(cell.get(at + 1))
}

/// Whether a quoted cell holds the escape before something else than a quote or itself, where it may mean itself or not.
fn is_other_escape(cell: &[u8], escape: u8, quote: u8) -> bool {
    let mut rest = cell;
    while let Some(at) = memchr::memchr(escape, rest) {
        match rest.get(at + 1) {
            Some(byte) if *byte == quote || *byte == escape => rest = &rest[at + 2..],
            _ => return true,
        }
    }
    false
}

/// Whether each cell that opens with a quote closes with one, right before a delimiter or the end.
pub(super) fn is_sound(text: &[u8], dialect: Dialect) -> bool {
    let mut rest = text;
    loop {
        if rest.first() == Some(&dialect.quote) {
            let Some(after) = after_quoted(rest, dialect) else { return false };
            rest = after;
            match rest.first() {
                None | Some(b'\r' | b'\n') => return true,
                Some(byte) if *byte == dialect.delimiter => (),
                Some(_) => return false,
            }
        }
        let Some(next) = memchr::memchr(dialect.delimiter, rest) else { return true };
        rest = &rest[next + 1..];
    }
}

/// What stands behind the quoted cell that a text begins with; `None` where the cell is not closed.
pub(super) fn after_quoted(text: &[u8], dialect: Dialect) -> Option<&[u8]> {
    let (quote, escape) = (dialect.quote, dialect.escape.unwrap_or(dialect.quote));
    let mut rest = text.get(1..)?;
    loop {
        let at = memchr::memchr2(quote, escape, rest)?;
        let is_escape = rest[at] != quote;
        rest = &rest[at + 1..];
        if is_escape {
            rest = rest.get(1..)?;
        } else if rest.first() == Some(&quote) {
            rest = &rest[1..];
        } else {
            return Some(rest);
        }
    }
}

/// Whether a line reads as a data row.
fn is_row(line: &str, header: &Header, reader: &mut dyn TableReader, names: &mut Names) -> bool {
    if n_cells(line, header.dialect) < header.width() {
        return false;
    }
    let Some(record) = header.dialect.record(line) else { return false };
    let has_moved = header.check_width(Cells::from(&record)).is_err();
    let at = Spot { line: 0, byte: None };
    let row = Row::new(Cells::from(&record), header, &header.places(), at, has_moved);
    let is_bucket = matches!(reader.empty_bucket(&row), Ok(Some(_)));
    is_bucket || !has_moved && reader.row(&row, names).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_quotes_close_before_a_delimiter_or_the_end() {
        for sound in ["a,\"b\nc\",d\n", "\"a\"\"\n\",b", "a,b\n", "a b\"c,d", "\"\"", ""] {
            assert!(is_sound(sound.as_bytes(), Dialect::plain(b',')), "{sound:?}");
        }
        for broken in ["a,\"b\nc\n", "a,\"b\nc\"d,e\n", "\"", "\"a\"\"\n"] {
            assert!(!is_sound(broken.as_bytes(), Dialect::plain(b',')), "{broken:?}");
        }
    }

    #[test]
    fn strict_quotes_stand_around_cells_only() {
        for strict in ["a,b", "\"a,b\",c", "a,\"say \"\"x\"\", y\"", "\"a\" ,b", "", "\"\",\"\"", "\"a\nb\",c"] {
            assert!(is_strict(strict.as_bytes(), Dialect::plain(b',')), "{strict:?}");
        }
        for loose in ["a\"b,c", "\"a\"b,c", "\"a,b", " \"a\",b", "a,b\"", "\"a,\",b\",c", "\"\"a\",b"] {
            assert!(!is_strict(loose.as_bytes(), Dialect::plain(b',')), "{loose:?}");
        }
    }
}
