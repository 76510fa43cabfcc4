//! The cells of one worksheet as rows. Cells come with their position, so rows need no cells that fill gaps; here they get
//! them, within bounds: one cell in the last column of each row must not fill the memory.
use csv::StringRecord;

use crate::ingest::{
    sheet::Sheet,
    unpack::{Damage, bounds::Budget},
};

/// Rows under construction.
pub(super) struct Grid {
    rows: Vec<(u32, StringRecord)>,
    /// The row that cells are added to, from 1.
    number: u32,
    record: StringRecord,
    /// Bytes that the rows may still take.
    left: u64,
}

/// Where a sheet ends in every spreadsheet program.
const MOST_COLUMNS: u32 = 16_384;
const MOST_ROWS: u32 = 1_048_576;
/// How much the rows of a small workbook may take, in bytes.
const HARMLESS: u64 = 64 << 20;
/// How much more than its parts unpack to those of a large one may take.
const MOST_TIMES: u64 = 2;
/// A full sheet of a million rows with some twenty columns takes as much, unless the user allows more.
const MOST: u64 = 448 << 20;
/// What a row and a cell take beside their text, in bytes.
const ROW: u64 = 96;
const CELL: u64 = 8;
/// In so many rows the header may stand, which tells how wide the table is.
const HEAD: usize = 40;

impl Grid {
    /// An empty sheet of a workbook that unpacks to a number of bytes.
    pub(super) fn new(unpacked: u64, budget: &Budget) -> Self {
        let left = (HARMLESS + unpacked.saturating_mul(MOST_TIMES)).min(budget.capped(MOST).left());
        Self { rows: Vec::new(), number: 0, record: StringRecord::new(), left }
    }

    /// Adds a cell; row and column are counted from 0, and cells come in order.
    pub(super) fn push(&mut self, row: u32, column: u32, text: &str) -> Result<(), Damage> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(broken(row, "it has a cell where no spreadsheet program has one"));
        }
        if row + 1 < self.number || row + 1 == self.number && (column as usize) < self.record.len() {
            return Err(broken(row, "its cells are not in order"));
        }
        if row + 1 > self.number {
            self.end_row();
            self.number = row + 1;
        }
        let gap = column as usize - self.record.len();
        self.take((gap as u64 + 1) * CELL + text.len() as u64)?;
        for _ in 0..gap {
            self.record.push_field("");
        }
        self.record.push_field(text);
        Ok(())
    }

    /// The rows, as wide as the widest among those in which the header may stand.
    pub(super) fn finish(mut self) -> Result<Sheet<'static>, Damage> {
        self.end_row();
        let width = self.rows.iter().take(HEAD).map(|(_, record)| record.len()).max().unwrap_or(0);
        let missing = self.rows.iter().map(|(_, record)| width.saturating_sub(record.len()) as u64).sum::<u64>();
        self.take(missing * CELL)?;
        for (_, record) in &mut self.rows {
            for _ in record.len()..width {
                record.push_field("");
            }
        }
        Ok(Sheet::Grid(self.rows))
    }

    fn end_row(&mut self) {
        if !self.record.is_empty() {
            let mut record = StringRecord::with_capacity(self.record.as_slice().len(), self.record.len());
            record.extend(&self.record);
            self.rows.push((self.number, record));
            self.record.clear();
        }
    }

    fn take(&mut self, bytes: u64) -> Result<(), Damage> {
        let row = if self.record.is_empty() { ROW } else { 0 };
        self.left = self.left.checked_sub(bytes + row).ok_or(Damage::Bomb)?;
        Ok(())
    }
}

fn broken(row: u32, what: &str) -> Damage {
    Damage::Broken(format!("row {}: {what}: save the workbook again", row + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[(u32, u32, &str)], expected: Result<&[(u32, &[&str])], &str>) {
        let mut grid = Grid::new(0, &Budget::new(None));
        let pushed = cells.iter().try_for_each(|(row, column, text)| grid.push(*row, *column, text));
        let got = pushed.and_then(|()| grid.finish()).map_err(|err| err.to_string());
        let got = got.map(|sheet| if let Sheet::Grid(rows) = sheet { rows } else { Vec::new() });
        let row = |(number, cells): &(u32, &[&str])| (*number, StringRecord::from(cells.to_vec()));
        assert_eq!(got, expected.map(|rows| rows.iter().map(row).collect()).map_err(str::to_owned));
    }

    #[test]
    fn gaps_are_filled_and_rows_keep_their_numbers() {
        check(&[(1, 1, "a"), (1, 3, "b"), (4, 0, "c")], Ok(&[(2, &["", "a", "", "b"]), (5, &["c", "", "", ""])]));
        check(&[(0, 0, ""), (7, 9, "")], Ok(&[]));
    }

    #[test]
    fn cells_out_of_order_or_out_of_bounds_are_refused() {
        let order = "its cells are not in order: save the workbook again";
        check(&[(1, 0, "a"), (0, 0, "b")], Err(&format!("row 1: {order}")));
        check(&[(1, 1, "a"), (1, 1, "b")], Err(&format!("row 2: {order}")));
        let place = "it has a cell where no spreadsheet program has one: save the workbook again";
        check(&[(0, 16_384, "a")], Err(&format!("row 1: {place}")));
    }

    #[test]
    fn a_cell_far_out_in_each_row_is_a_bomb() {
        let mut grid = Grid::new(1_000, &Budget::new(None));
        let pushed = (0..MOST_ROWS).try_for_each(|row| grid.push(row, MOST_COLUMNS - 1, "x"));
        assert!(matches!(pushed, Err(Damage::Bomb)));
        let mut grid = Grid::new(1_000, &Budget::new(None));
        (0..100_000).try_for_each(|row| grid.push(row, if row == 0 { 16_000 } else { 0 }, "x")).unwrap();
        assert!(matches!(grid.finish(), Err(Damage::Bomb)));
    }
}
