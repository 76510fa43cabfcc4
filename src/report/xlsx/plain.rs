//! A sheet of a table whose cells are texts already: in columns of figures they become numbers again.
use rust_xlsxwriter::Workbook;

use crate::report::{
    words,
    xlsx::grid::{Cell, Grid, Look},
};

/// Columns whose cells are names and sentences, whatever they look like.
const TEXTS: [&str; 16] = [
    "provider",
    "meter",
    "unit",
    "user",
    "workspace",
    "cost_center",
    "feature",
    "state",
    "depends_on",
    "flags",
    "said",
    "gravest",
    "finding",
    "severity",
    "title",
    "name",
];
/// Columns of shares.
const SHARES: [&str; 4] = ["share", "rework_share", "rework_low", "rework_high"];

/// A cell by the name of its column.
fn cell(column: &str, text: String) -> Cell {
    let is_plain = text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match text.parse::<f64>() {
        _ if text.is_empty() => Cell::Blank,
        Ok(share) if is_plain && SHARES.contains(&column) => Cell::Share(share),
        Ok(number) if is_plain && !TEXTS.contains(&column) => Cell::Number(number),
        _ => Cell::Text(text),
    }
}

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
    let heads = columns.map(|name| words::capital(&name.replace('_', " ")));
    let mut grid = Grid::new(sheet, 0, &heads.each_ref().map(|name| (name.as_str(), Look::Plain)))?;
    for row in rows {
        grid.row(columns.into_iter().zip(row).map(|(column, text)| cell(column, text)).collect())?;
    }
    grid.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numbers_and_names_are_texts() {
        assert!(matches!(cell("amount", "-3.75".to_owned()), Cell::Number(n) if (n + 3.75).abs() < 1e-12));
        assert!(matches!(cell("rework_share", "0.25".to_owned()), Cell::Share(_)));
        assert!(matches!(cell("user", "007".to_owned()), Cell::Text(_)));
        assert!(matches!(cell("said", "1.5".to_owned()), Cell::Text(_)));
        assert!(matches!(cell("amount", "=1+1".to_owned()), Cell::Text(_)));
        assert!(matches!(cell("value", String::new()), Cell::Blank));
    }
}
