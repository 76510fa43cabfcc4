//! The cuts, one a sheet, the accounts below each other: a filter on provider, meter and unit picks one. There is no row
//! of totals among them, so that sums over a column count nothing twice; the totals are on the first sheet.
use rust_xlsxwriter::Workbook;

use crate::{
    model::{action::Action, amount::Total},
    report::{
        Report, Sheet,
        cut::{self, Cut, Key},
        rework, words,
        xlsx::{
            MOST_ROWS,
            grid::{Cell, Grid, Look},
        },
    },
    rollup::{
        AccountRollup, Row, Tally,
        lineage::{Part, Parts},
    },
};

/// Where the rows of an account stand on the sheet of a cut, for charts.
pub(super) struct Placed {
    pub(super) cut: Cut,
    /// Position of the account among the sheets.
    pub(super) account: usize,
    /// The first row, and the last one with a name that the table lists.
    pub(super) rows: (u32, u32),
    /// The column that names a row.
    pub(super) name: u16,
    /// The column of the first class; the others follow in the order of [`Action::ALL`].
    pub(super) actions: u16,
}

/// The name of a cut's sheet.
pub(super) const fn name(cut: Cut) -> &'static str {
    match cut {
        Cut::Action => "Actions",
        Cut::User => "Users",
        Cut::Feature => "Features",
        Cut::App => "Apps",
        Cut::Session => "Sessions",
        Cut::Day => "Days",
        Cut::Model => "Models",
    }
}

/// Adds the sheet of a cut.
pub(super) fn write(book: &mut Workbook, cut: Cut, report: &Report, sheets: &[Sheet]) -> anyhow::Result<Vec<Placed>> {
    let sheet = book.add_worksheet();
    sheet.set_name(name(cut))?;
    let heads = heads(cut);
    let heads: Vec<(&str, Look)> = heads.iter().map(|(name, look)| (name.as_str(), *look)).collect();
    let mut grid = Grid::new(sheet, 0, &heads)?;
    let mut placed = Vec::new();
    for (position, Sheet { account, .. }) in sheets.iter().enumerate() {
        let shown = cut.shown(account, MOST_ROWS);
        let mut named: Option<(u32, u32)> = None;
        for row in shown.rows {
            let at = grid.row(cells(cut, account, row, report))?;
            if !cut.is_nameless(row) {
                named = Some(named.map_or((at, at), |(first, _)| (first, at)));
            }
        }
        if let Some(others) = shown.others {
            let mut cells = account_cells(account);
            cells.push(Cell::Remark(words::counted(others.rows, "other", "others")));
            cells.extend(cut.keys().iter().skip(1).map(|_| Cell::Blank));
            figures(&mut cells, cut, account, others.tally, &others.actions);
            cells.extend([Cell::Blank, Cell::Blank, Cell::Blank, Cell::Blank]);
            parts(&mut cells, cut, account, others.parts);
            cells.push(Cell::Text(others.tally.amount.to_string()));
            grid.row(cells)?;
        }
        let n_keys = u16::try_from(cut.keys().len()).unwrap_or(0);
        placed.extend(named.map(|rows| Placed {
            cut,
            account: position,
            rows,
            name: 2 + n_keys,
            actions: 3 + n_keys + FIGURES,
        }));
    }
    grid.finish()?;
    Ok(placed)
}

/// Columns between the names and the classes: events, amount, share, value, rework and its share.
const FIGURES: u16 = 6;

fn heads(cut: Cut) -> Vec<(String, Look)> {
    let plain = |name: &str| (words::capital(name), Look::Plain);
    let mut heads: Vec<_> = ["provider", "meter", "unit"].map(plain).into();
    heads.extend(cut.keys().iter().map(|key| plain(key.word())));
    heads.extend([plain("events"), plain("amount"), ("Share".to_owned(), Look::Bar), plain("value (USD)")]);
    if cut != Cut::Action {
        heads.extend([plain("rework"), ("Rework share".to_owned(), Look::Heat)]);
        heads.extend(Action::ALL.iter().map(|action| plain(action.word())));
    }
    heads.extend(["sessions", "users", "first", "last"].map(plain));
    if cut == Cut::Feature {
        heads.extend(Part::ALL.iter().map(|part| plain(part.word())));
    }
    heads.push(plain("amount, exact"));
    heads
}

fn account_cells(account: &AccountRollup) -> Vec<Cell> {
    let name = &account.account;
    vec![
        Cell::Text(name.provider.clone()),
        Cell::Text(name.meter.word().to_owned()),
        Cell::Text(name.unit.word().to_owned()),
    ]
}

fn cells(cut: Cut, account: &AccountRollup, row: &Row, report: &Report) -> Vec<Cell> {
    let mut cells = account_cells(account);
    cells.extend(cut.keys().iter().map(|key| {
        let nameless = || Cell::Remark(words::nameless(*key).to_owned());
        let day = row.subject.day.filter(|_| *key == Key::Day).map(|day| Cell::Day(day.date()));
        day.unwrap_or_else(|| key.text(&row.subject).map_or_else(nameless, Cell::Text))
    }));
    figures(&mut cells, cut, account, row.tally, &row.actions);
    let moment = |at| Cell::Moment(report.zone.local(at));
    cells.extend([Cell::Count(row.sessions), Cell::Count(row.users), moment(row.first), moment(row.last)]);
    parts(&mut cells, cut, account, row.parts);
    cells.push(Cell::Text(row.tally.amount.to_string()));
    cells
}

/// What the amount of a feature was spent for.
fn parts(cells: &mut Vec<Cell>, cut: Cut, account: &AccountRollup, parts: Parts) {
    if cut == Cut::Feature {
        cells.extend(Part::ALL.iter().map(|part| Cell::Amount(parts.of(*part), account.account.unit)));
    }
}

fn figures(
    cells: &mut Vec<Cell>,
    cut: Cut,
    account: &AccountRollup,
    tally: Tally,
    actions: &[Tally; Action::ALL.len()],
) {
    let (unit, whole) = (account.account.unit, account.total.amount);
    cells.push(Cell::Count(tally.events));
    cells.push(Cell::Amount(tally.amount, unit));
    cells.push(if whole > Total::ZERO { Cell::Share(tally.amount.share_of(whole)) } else { Cell::Blank });
    cells.push(cut::value(account, tally.amount).map_or(Cell::Blank, Cell::Money));
    if cut != Cut::Action {
        let rework = rework::of(actions);
        cells.push(Cell::Amount(rework.amount, unit));
        cells.push(rework.share.map_or(Cell::Blank, Cell::Share));
        cells.extend(actions.iter().map(|tally| Cell::Amount(tally.amount, unit)));
    }
}
