//! A header and the rows below it may have come apart: a delimiter too many in the header, or another delimiter in the
//! rows. Where all rows agree on what is meant, the header is read so, and that is said.
use csv::StringRecord;

use crate::ingest::{
    sheet::Sheet,
    table::{header::Header, realign},
};

/// So many rows must agree for one that does not, and more than half of all.
const AGREEING: usize = 10;

/// The header as the rows below it have it.
pub(in crate::ingest) fn fitted(sheet: &Sheet, header: Header, delimiters: &[u8]) -> Header {
    let Sheet::Delimited(text) = sheet else { return header };
    let n_named = header.cells().iter().filter(|cell| !cell.is_empty()).count();
    let (n_cells, dialect) = (header.width(), header.dialect);
    let rows_with = |dialect| realign::below(text, header.record, dialect).rows;
    let widths_of = |rows: &[StringRecord]| rows.iter().map(StringRecord::len).collect::<Vec<_>>();
    let rows = rows_with(dialect);
    let widths = widths_of(&rows);
    let of = |widths: &[usize], wanted: usize| widths.iter().filter(|width| **width == wanted).count();
    let is_agreed =
        |n_agreed: usize| n_agreed > 1 && n_agreed >= of(&widths, n_cells) * AGREEING && n_agreed * 2 > widths.len();
    if n_named < n_cells && is_agreed(of(&widths, n_named)) {
        return header.narrowed(dialect).remarked(LEFT_OUT);
    }
    for other in delimiters.iter().filter(|other| **other != dialect.delimiter).map(|other| sheet.dialect(*other)) {
        if n_named == n_cells && n_cells > 1 && is_agreed(of(&widths_of(&rows_with(other)), n_cells)) {
            return header.narrowed(other).remarked(OTHER_DELIMITER);
        }
    }
    let filled = if n_named < n_cells { filled_without_name(&header, &rows) } else { Vec::new() };
    if filled.is_empty() { header } else { header.named(&filled).remarked(NAMED) }
}

/// The columns without a name that hold something in every row: numbers that count the rows, or anything where no amount
/// may have been torn in two by a delimiter, which looks as if the second half had no name.
fn filled_without_name(header: &Header, rows: &[StringRecord]) -> Vec<usize> {
    let rows: Vec<&StringRecord> = rows.iter().filter(|row| row.len() == header.width()).collect();
    let cell = |row: &StringRecord, at: usize| row.get(at).map(str::trim).unwrap_or_default().to_owned();
    let is_number = |at: usize| rows.iter().all(|row| cell(row, at).bytes().all(|byte| byte.is_ascii_digit()));
    let may_be_torn = (1..header.width()).any(|at| is_number(at - 1) && is_number(at));
    let counts = |at: usize| {
        let numbers: Vec<Option<u64>> = rows.iter().map(|row| cell(row, at).parse().ok()).collect();
        numbers.windows(2).all(|pair| pair[0].is_some_and(|number| pair[1] == number.checked_add(1)))
    };
    let is_column = |at: &usize| {
        let is_filled = rows.len() >= LEAST_ROWS && rows.iter().all(|row| !cell(row, *at).is_empty());
        header.cells()[*at].is_empty() && is_filled && (!may_be_torn || counts(*at))
    };
    (0..header.width()).filter(is_column).collect()
}

/// So many rows must fill a column that has no name.
const LEAST_ROWS: usize = 3;
const NAMED: &str = "the header has a cell without a name that every row fills: it was read as a column of its own";

const LEFT_OUT: &str = "the header has a cell without a name that no row has: it was left out";
const OTHER_DELIMITER: &str = "the rows have another delimiter than the header: each was read with its own";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{ledger::COLUMNS, table::dialect::Dialect};

    #[track_caller]
    fn check(text: &str, expected: &str, is_said: bool) {
        let cells = text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let header = fitted(&Sheet::Delimited(text), Header::new(Dialect::plain(b','), 0, cells, COLUMNS), b",;");
        let got = format!("{} {}", header.cells().join(","), char::from(header.dialect.delimiter));
        assert_eq!((got.as_str(), header.remark.is_some()), (expected, is_said), "{text:?}");
    }

    #[test]
    fn a_header_follows_its_rows_where_they_agree() {
        check("a,b\n1,2\n3,4\n", "a,b ,", false);
        check("a,,b\n1,2\n3,4\n", "a,b ,", true);
        check("a,,b\n1,2\n", "a,,b ,", false);
        check("a,,b\n1,2,3\n3,4\n5,6\n", "a,,b ,", false);
        check(",a,b\n0,x,5\n1,y,6\n2,z,7\n", "(column 1),a,b ,", true);
        check("a,,b\nx,p,5\ny,q,6\nz,r,7\n", "a,(column 2),b ,", true);
        check("a,,b\nx,1,5\ny,1,6\nz,2,7\n", "a,,b ,", false);
        check("a,,b\nx,p,5\ny,,6\nz,r,7\n", "a,,b ,", false);
        check("a,b\n1;2\n3;4\n", "a,b ;", true);
        check("a,b\n1;2\n", "a,b ,", false);
    }
}
