//! The chains of repair, one a row.
use rust_xlsxwriter::Workbook;

use crate::{
    report::{
        Report, Sheet, words,
        xlsx::{
            MOST_ROWS,
            grid::{Cell, Grid, Look},
        },
    },
    rollup::lineage::chains::Summed,
};

/// Adds the sheet, where anything needed repair.
pub(super) fn write(book: &mut Workbook, report: &Report, sheets: &[Sheet]) -> anyhow::Result<()> {
    if sheets.iter().all(|sheet| sheet.account.chains.is_empty()) {
        return Ok(());
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Repairs")?;
    let heads = [
        "Provider",
        "Meter",
        "Unit",
        "Workspace",
        "App",
        "Feature",
        "User",
        "Session",
        "Ended",
        "Repair",
        "Repairs",
        "Build",
        "Iterate",
        "First repair",
        "Last repair",
        "Calm after, hours",
        "Sessions",
        "Repair, exact",
    ];
    let mut grid = Grid::new(sheet, 0, &heads.map(|name| (name, Look::Plain)))?;
    for Sheet { account, .. } in sheets {
        let unit = account.account.unit;
        let key = || {
            let name = &account.account;
            [name.provider.clone(), name.meter.word().to_owned(), unit.word().to_owned()].map(Cell::Text)
        };
        let (shown, rest) = account.chains.split_at(account.chains.len().min(MOST_ROWS));
        for chain in shown {
            let name = |name: &Option<String>| name.clone().map_or(Cell::Blank, Cell::Text);
            let moment = |at| Cell::Moment(report.zone.local(at));
            let subject = &chain.subject;
            let mut cells: Vec<Cell> = key().into();
            cells.extend(
                [&subject.workspace, &subject.app, &subject.feature, &subject.user, &subject.session].map(name),
            );
            let hours = chain.last_repair.since(chain.began()).num_hours();
            cells.extend([
                Cell::Text(chain.state(report.now).word().to_owned()),
                Cell::Amount(chain.repair.amount, unit),
                Cell::Count(chain.repair.events),
                Cell::Amount(chain.build.amount, unit),
                Cell::Amount(chain.iterate.amount, unit),
                moment(chain.first_repair),
                moment(chain.last_repair),
                Cell::Count(u64::try_from(hours).unwrap_or(0)),
                Cell::Count(chain.sessions),
                Cell::Text(chain.repair.amount.to_string()),
            ]);
            grid.row(cells)?;
        }
        if !rest.is_empty() {
            let sum = Summed::of(rest, report.now);
            let mut cells: Vec<Cell> = key().into();
            cells.push(Cell::Remark(words::counted(sum.chains, "other", "others")));
            cells.extend((0..5).map(|_| Cell::Blank));
            cells.extend([
                Cell::Amount(sum.repair.amount, unit),
                Cell::Count(sum.repair.events),
                Cell::Amount(sum.build.amount, unit),
                Cell::Amount(sum.iterate.amount, unit),
            ]);
            cells.extend((0..4).map(|_| Cell::Blank));
            cells.push(Cell::Text(sum.repair.amount.to_string()));
            grid.row(cells)?;
        }
    }
    grid.finish()
}
