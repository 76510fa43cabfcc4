//! `report.xlsx`: a sheet a cut, for whoever goes on reckoning. Cells are typed: numbers are numbers, days are days, texts
//! are texts and never formulas. A spreadsheet keeps some 15 digits of a number, so amounts stand a second time as exact
//! text. The same report has the same bytes.
mod chains;
mod charts;
mod cuts;
mod findings;
mod grid;
mod plain;
mod quality;
mod summary;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::report::{Report, Sheet, centers, clean, cut::Cut, people, scope, workspaces};

/// So many rows of a cut and account are listed; what follows is summed in one row.
const MOST_ROWS: usize = 1_000;

/// The workbook.
///
/// # Errors
/// When a sheet has more than the format can hold, which the bounds above prevent.
pub(super) fn render(report: &Report, sheets: &[Sheet]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(clean::line(&format!("Credit audit: {}", report.title)))
        .set_author(format!("creditscope {}", report.version))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    summary::write(&mut book, report)?;
    findings::write(&mut book, report)?;
    let mut placed = Vec::new();
    for cut in Cut::ALL {
        if sheets.iter().any(|sheet| cut.named(sheet.account) > 0) {
            placed.extend(cuts::write(&mut book, cut, report, sheets)?);
        }
    }
    chains::write(&mut book, report, sheets)?;
    if let Some(scope) = &report.scope {
        plain::sheet(&mut book, "Scope", scope::COLUMNS, scope.rows())?;
    }
    let workspaces = report.workspaces.iter().map(workspaces::V1Workspace::cells);
    plain::sheet(&mut book, "Workspaces", workspaces::COLUMNS, workspaces)?;
    plain::sheet(&mut book, "Comparison", people::COLUMNS, report.comparison.iter().map(people::V1Compared::cells))?;
    plain::sheet(&mut book, "Chargeback", centers::COLUMNS, report.chargeback.iter().map(centers::V1Charged::cells))?;
    charts::write(&mut book, sheets, &placed)?;
    quality::write(&mut book, report)?;
    book.save_to_buffer().context("writing report.xlsx")
}
