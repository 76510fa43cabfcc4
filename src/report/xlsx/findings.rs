//! What the audit found, one a row.
use rust_xlsxwriter::Workbook;

use crate::{
    model::{account::Unit, amount::Amount},
    report::{
        Report,
        xlsx::grid::{Cell, Grid, Look},
    },
};

/// Adds the sheet, where anything was found.
pub(super) fn write(book: &mut Workbook, report: &Report) -> anyhow::Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Findings")?;
    let heads = [
        "Finding",
        "Rule",
        "Severity",
        "Confidence",
        "Provider",
        "Meter",
        "Unit",
        "Amount",
        "Recoverable from",
        "Recoverable to",
        "Workspace",
        "User",
        "App",
        "Feature",
        "Session",
        "Evidence",
        "Advice",
        "Amount, exact",
        "Recoverable from, exact",
        "Recoverable to, exact",
    ];
    let mut grid = Grid::new(sheet, 0, &heads.map(|name| (name, Look::Plain)))?;
    for finding in &report.findings {
        let text = |text: &str| Cell::Text(text.to_owned());
        let name = |name: &Option<String>| name.clone().map_or(Cell::Blank, Cell::Text);
        let unit = Unit::from_word(finding.unit).unwrap_or(Unit::Credits);
        let amount = |exact: &str| match exact.parse::<Amount>() {
            Ok(amount) => Cell::Amount(amount.into(), unit),
            Err(_) => text(exact),
        };
        let subject = &finding.subject;
        grid.row(vec![
            text(&finding.title),
            text(&finding.id),
            text(&finding.severity),
            text(&finding.confidence),
            text(&finding.provider),
            text(finding.meter),
            text(finding.unit),
            amount(&finding.amount),
            amount(&finding.recoverable.low),
            amount(&finding.recoverable.high),
            name(&subject.workspace),
            name(&subject.user),
            name(&subject.app),
            name(&subject.feature),
            name(&subject.session),
            text(&finding.evidence.join(" ")),
            text(&finding.advice),
            text(&finding.amount),
            text(&finding.recoverable.low),
            text(&finding.recoverable.high),
        ])?;
    }
    grid.finish()
}
