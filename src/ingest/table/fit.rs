//! A header and the rows below it may have come apart: a delimiter too many in the header, or another delimiter in the
//! rows. Where all rows agree on what is meant, the header is read so, and that is said.
use crate::{
    ingest::{
        sheet::Sheet,
        table::header::{Header, is_blank},
    },
    model::problem::RowCount,
};

/// Rows that are looked at.
const SAMPLE: usize = 64;
/// So many rows must agree for one that does not.
const AGREEING: usize = 10;

/// The header as the rows below it have it, and what to say where that is not as it is written.
pub(in crate::ingest) fn fitted(sheet: &Sheet, header: Header, delimiters: &[u8]) -> (Header, Option<&'static str>) {
    if !matches!(sheet, Sheet::Delimited(_)) {
        return (header, None);
    }
    let n_named = header.cells().iter().filter(|cell| !cell.is_empty()).count();
    let (n_cells, delimiter) = (header.width(), header.delimiter);
    let widths = widths(sheet, &header, delimiter);
    let of = |widths: &[usize], wanted: usize| widths.iter().filter(|width| **width == wanted).count();
    let is_agreed = |n_agreed: usize| n_agreed > 1 && n_agreed >= of(&widths, n_cells) * AGREEING;
    if n_named < n_cells && is_agreed(of(&widths, n_named)) {
        return (
            header.narrowed(delimiter),
            Some("the header has a cell without a name that no row has: it was left out"),
        );
    }
    for &other in delimiters.iter().filter(|other| **other != delimiter) {
        if n_named == n_cells && n_cells > 1 && is_agreed(of(&self::widths(sheet, &header, other), n_cells)) {
            let note = "the rows have another delimiter than the header: each was read with its own";
            return (header.narrowed(other), Some(note));
        }
    }
    (header, None)
}

/// How many cells each of the first rows below a header has.
fn widths(sheet: &Sheet, header: &Header, delimiter: u8) -> Vec<usize> {
    let (mut rows, mut count) = (sheet.rows(delimiter), RowCount::default());
    let mut widths = Vec::new();
    for number in 0.. {
        if widths.len() == SAMPLE || rows.advance(&mut count).is_none() {
            break;
        }
        if number > header.record && !is_blank(rows.record()) {
            widths.push(rows.record().len());
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ledger::COLUMNS;

    #[track_caller]
    fn check(text: &str, expected: &str, is_said: bool) {
        let cells = text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let (header, note) = fitted(&Sheet::Delimited(text), Header::new(b',', 0, cells, COLUMNS), b",;");
        let got = format!("{} {}", header.cells().join(","), char::from(header.delimiter));
        assert_eq!((got.as_str(), note.is_some()), (expected, is_said), "{text:?}");
    }

    #[test]
    fn a_header_follows_its_rows_where_they_agree() {
        check("a,b\n1,2\n3,4\n", "a,b ,", false);
        check("a,,b\n1,2\n3,4\n", "a,b ,", true);
        check("a,,b\n1,2\n", "a,,b ,", false);
        check("a,,b\n1,2,3\n3,4\n5,6\n", "a,,b ,", false);
        check("a,b\n1;2\n3;4\n", "a,b ;", true);
        check("a,b\n1;2\n", "a,b ,", false);
    }
}
