//! What was read: the files, where their rows went, the first rows that failed, what was decided.
use rust_xlsxwriter::Workbook;

use crate::{
    model::problem::RowCount,
    report::{
        Report,
        xlsx::grid::{self, Cell, Grid, Look},
    },
};

/// Adds the sheet.
pub(super) fn write(book: &mut Workbook, report: &Report) -> anyhow::Result<()> {
    let sheet = book.add_worksheet();
    sheet.set_name("Data quality")?;
    let heads = [
        "File",
        "What it is",
        "Rows",
        "Header",
        "Skipped",
        "Accepted",
        "Folded",
        "Empty",
        "Duplicates",
        "Rejected",
        "SHA-256",
    ];
    let mut grid = Grid::new(sheet, 0, &heads.map(|name| (name, Look::Plain)))?;
    let mut next = 1;
    for file in report.files {
        let mut cells = vec![Cell::Text(file.path.clone()), Cell::Text(file.source.clone())];
        let RowCount { physical, header, skipped, accepted, folded, empty, duplicates, rejected } = file.rows;
        cells.extend([physical, header, skipped, accepted, folded, empty, duplicates, rejected].map(Cell::Count));
        cells.push(Cell::Text(file.sha256.clone()));
        next = grid.row(cells)? + 1;
    }
    grid.finish()?;
    let mut line = |cells: Vec<Cell>| -> anyhow::Result<()> {
        next += 1;
        for (column, cell) in (0..).zip(cells) {
            grid::write(sheet, next, column, cell)?;
        }
        Ok(())
    };
    let remark = |text: &str| Cell::Remark(text.to_owned());
    if report.problems.count > 0 {
        line(vec![remark("Rows that failed, the first of them; rejects.csv has all")])?;
        line(["File", "Line", "Column", "Value", "What is wrong"].map(remark).into())?;
        for problem in &report.problems.first {
            let text = |text: &String| Cell::Text(text.clone());
            let place = [text(&problem.path), Cell::Count(problem.line.into()), text(&problem.column)];
            line(place.into_iter().chain([text(&problem.value), text(&problem.cause)]).collect())?;
        }
        line(Vec::new())?;
    }
    if !report.overlaps.is_empty() {
        line(vec![remark("Files that overlap and differ")])?;
        for said in report.overlaps.sentences() {
            line(vec![Cell::Text(said)])?;
        }
        line(Vec::new())?;
    }
    line(vec![remark("Decided for this report")])?;
    for note in &report.notes {
        line(vec![Cell::Text(note.clone())])?;
    }
    if let Some(more @ 1..) = report.rollups.accounts.len().checked_sub(crate::report::MOST_SHEETS) {
        line(vec![Cell::Text(format!("{more} further accounts are in report.json and tables/*.csv only"))])?;
    }
    Ok(())
}
