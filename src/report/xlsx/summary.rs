//! The first sheet: what the report is about, and the totals of each account, exact.
use rust_xlsxwriter::{Format, Workbook};

use crate::{
    model::{action::Action, instant::Instant},
    report::{
        Report, cut, rework, summary, words,
        xlsx::grid::{Cell, Grid, Look},
    },
    rollup::AccountRollup,
};

/// Adds the sheet.
pub(super) fn write(book: &mut Workbook, report: &Report) -> anyhow::Result<()> {
    let sheet = book.add_worksheet();
    sheet.set_name("Summary")?;
    let title = format!("Credit audit: {}", crate::report::clean::line(&report.title));
    sheet.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(16))?;
    let period = summary::period(report).unwrap_or_else(|| "no events".to_owned());
    let zone = report.zone.name();
    let made = words::time::moment(report.now, report.zone);
    sheet.write_string(1, 0, format!("{period}, time zone {zone}, made for {made}, creditscope {}", report.version))?;
    sheet.write_string(2, 0, summary::row_equation(&report.rows))?;
    sheet.write_string(
        3,
        0,
        "Amounts of different providers, meters and units are never added. A spreadsheet keeps some 15 digits of a \
         number; the exact amounts stand beside them as text.",
    )?;
    let mut row = 5;
    for account in report.rollups.accounts.iter().take(crate::report::MOST_SHEETS) {
        let verdict = summary::verdict(account, report).join(" ");
        let text = format!("{}: {verdict}", words::account(&account.account));
        sheet.write_string(row, 0, crate::report::clean::line(&text))?;
        row += 1;
    }
    let mut heads = vec![("Provider", Look::Plain), ("Meter", Look::Plain), ("Unit", Look::Plain)];
    heads.extend(["Events", "Amount", "Amount, exact", "Value (USD)", "Value, exact"].map(|name| (name, Look::Plain)));
    heads.extend([("Rework", Look::Plain), ("Rework, exact", Look::Plain), ("Rework share", Look::Heat)]);
    heads.extend(Action::WORDS.iter().map(|name| (*name, Look::Plain)));
    heads.extend([("First", Look::Plain), ("Last", Look::Plain)]);
    let mut grid = Grid::new(sheet, row + 1, &heads)?;
    for account in &report.rollups.accounts {
        grid.row(cells(account, report))?;
    }
    grid.finish()
}

fn cells(account: &AccountRollup, report: &Report) -> Vec<Cell> {
    let (name, total) = (&account.account, account.total);
    let sums = cut::actions_of(account);
    let rework = rework::of(&sums);
    let value = cut::value(account, total.amount);
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut cells = vec![text(&name.provider), text(name.meter.word()), text(name.unit.word())];
    cells.extend([Cell::Count(total.events), Cell::Amount(total.amount, name.unit)]);
    cells.push(Cell::Text(total.amount.to_string()));
    cells.push(value.map_or(Cell::Blank, Cell::Money));
    cells.push(value.map_or(Cell::Blank, |value| Cell::Text(value.to_string())));
    // where no class is known, no rework is none that is known
    let is_known = rework.share.is_some() || !rework.amount.is_zero();
    cells.extend(if is_known {
        [Cell::Amount(rework.amount, name.unit), Cell::Text(rework.amount.to_string())]
    } else {
        [Cell::Blank, Cell::Remark("unknown".to_owned())]
    });
    cells.push(rework.share.map_or(Cell::Blank, Cell::Share));
    cells.extend(sums.iter().map(|tally| Cell::Amount(tally.amount, name.unit)));
    let moment = |at: Option<Instant>| at.map_or(Cell::Blank, |at| Cell::Moment(report.zone.local(at)));
    cells.push(moment(account.by_action.iter().map(|row| row.first).min()));
    cells.push(moment(account.by_action.iter().map(|row| row.last).max()));
    cells
}
