//! A sheet of cells that are texts already.
use rust_xlsxwriter::Workbook;

use crate::report::xlsx::grid::{Cell, Grid, Look};

/// Adds the sheet, where there are rows.
pub(super) fn sheet<const N: usize>(
    book: &mut Workbook,
    name: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> anyhow::Result<()> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    let mut grid = Grid::new(sheet, 0, &columns.map(|name| (name, Look::Plain)))?;
    for row in rows {
        grid.row(row.map(|cell| if cell.is_empty() { Cell::Blank } else { Cell::Text(cell) }).into())?;
    }
    grid.finish()
}
