//! The books as tables: pools, balances, vendors' totals.
use crate::{
    audit::reconcile::{Balances, Reconciliation, told::Compared},
    model::{amount::Total, zone::Zone},
    report::{
        books,
        html::table::{Cell, Head, Line, Table},
        words,
    },
    rollup::{AccountName, books::PoolRow},
};

/// So many lines of vendors' totals are shown, the largest differences first; report.json has all.
const MOST: usize = 100;

/// Every table that has something to show.
pub(super) fn tables(reconciliation: &Reconciliation, zone: &Zone) -> String {
    let Reconciliation { pool, balances, told } = reconciliation;
    let mut html = String::new();
    if !pool.is_empty() {
        html.push_str(&of_pool(pool).html());
    }
    if !balances.is_empty() {
        html.push_str(&of_balances(balances, zone).html());
    }
    let mut lines: Vec<&Compared> = told.iter().flat_map(|file| &file.lines).collect();
    if !lines.is_empty() {
        lines.sort_by_key(|line| std::cmp::Reverse(line.difference().nanos().unsigned_abs()));
        html.push_str(&of_told(&lines).html());
    }
    html
}

fn amount(total: Option<Total>) -> Cell {
    total.map_or(Cell::Blank, |total| Cell::Number(total.to_string(), total.to_string()))
}

fn account(account: &AccountName) -> Cell {
    Cell::Text(words::account(account))
}

fn workspace(workspace: Option<&String>) -> Cell {
    workspace.map_or(Cell::Blank, |workspace| Cell::Text(workspace.clone()))
}

fn of_pool(pool: &[PoolRow]) -> Table {
    let row = |row: &PoolRow| {
        let count = row.tally.events;
        let cells = vec![
            account(&row.account),
            workspace(row.workspace.as_ref()),
            Cell::Text(row.entry.word().to_owned()),
            Cell::Number(words::count(count), count.to_string()),
            amount(Some(row.tally.amount)),
            Cell::Text(if row.entry.is_use() { "yes" } else { "no" }.to_owned()),
        ];
        Line { cells, others: false }
    };
    let heads = vec![
        Head::text("Account"),
        Head::text("Workspace"),
        Head::text("Entry"),
        Head::number("Entries"),
        Head::number("Amount"),
        Head::text("In the totals"),
    ];
    let caption = "Grants, top-ups, refunds and expiries".to_owned();
    Table { id: None, caption, heads, rows: pool.iter().map(row).collect(), total: None }
}

fn of_balances(balances: &[Balances], zone: &Zone) -> Table {
    let row = |line: &Balances| {
        let checked = &line.checked;
        let cells = vec![
            account(&line.account),
            workspace(line.workspace.as_ref()),
            Cell::Moment(words::time::moment(line.period.0, zone)),
            Cell::Moment(words::time::moment(line.period.1, zone)),
            Cell::Text(checked.verdict.word().to_owned()),
            Cell::Number(words::count(checked.compared), checked.compared.to_string()),
            Cell::Number(words::count(checked.breaks), checked.breaks.to_string()),
            amount(checked.expected),
            amount(checked.found),
            amount(checked.difference()),
            line.first.clone().map_or(Cell::Blank, Cell::Text),
        ];
        Line { cells, others: false }
    };
    let texts = ["Account", "Workspace", "First row", "Last row", "Balances"].map(Head::text).into_iter();
    let numbers = ["Compared", "Do not follow", "Expected at the end", "Found", "Difference"].map(Head::number);
    let heads = texts.chain(numbers).chain([Head::text("First break")]).collect();
    let mut caption = "Balances told after rows, against the rows".to_owned();
    if balances.len() > MOST {
        let all = words::counted(balances.len() as u64, "balance", "balances");
        caption = format!("{caption}: the {MOST} that differ most, of {all}; report.json has all");
    }
    let mut balances: Vec<&Balances> = balances.iter().collect();
    if balances.len() > MOST {
        balances.sort_by_key(|line| std::cmp::Reverse(line.checked.difference().map(|by| by.nanos().abs())));
    }
    Table { id: None, caption, heads, rows: balances.into_iter().take(MOST).map(row).collect(), total: None }
}

fn of_told(lines: &[&Compared]) -> Table {
    let row = |line: &&Compared| {
        let cells = vec![
            Cell::Text(line.name.clone()),
            Cell::Text(books::subject(line.subject).to_owned()),
            Cell::Text(line.meter.word().to_owned()),
            amount(line.expected),
            amount(Some(line.found)),
            amount(Some(line.difference())),
        ];
        Line { cells, others: false }
    };
    let texts = ["Name", "What", "Meter"].map(Head::text).into_iter();
    let heads = texts.chain(["Vendor tells", "Events add up to", "Difference"].map(Head::number)).collect();
    let all = words::counted(lines.len() as u64, "total", "totals");
    let caption = if lines.len() > MOST {
        format!("The {MOST} largest differences of {all} that the vendor tells; report.json has all")
    } else {
        format!("{all} that the vendor tells, against the events")
    };
    Table { id: None, caption, heads, rows: lines.iter().take(MOST).map(row).collect(), total: None }
}
