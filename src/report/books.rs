//! The books in words and as JSON: pools, balances and vendors' totals.
use serde::Serialize;

use crate::{
    audit::reconcile::{
        Balances, Reconciliation, ToldFile,
        balance::{Checked, Verdict},
        told::Compared,
    },
    ingest::totals::Subject,
    model::amount::Total,
    report::words,
    rollup::{AccountName, books::PoolRow},
};

/// An entry of `pool[]`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct V1Pool {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    workspace: Option<String>,
    entry: &'static str,
    events: u64,
    amount: String,
    in_totals: bool,
    first: String,
    last: String,
}

/// An entry of `balances[]`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct V1Balance {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    workspace: Option<String>,
    /// Its first and its last row; months that were read apart stand apart.
    first: String,
    last: String,
    verdict: &'static str,
    compared: u64,
    breaks: u64,
    expected: Option<String>,
    found: Option<String>,
    difference: Option<String>,
    first_break: Option<V1Break>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Break {
    place: Option<String>,
    at: String,
    expected: String,
    found: String,
}

/// An entry of `told[]`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct V1Told {
    path: String,
    provider: String,
    subject: &'static str,
    name: String,
    meter: &'static str,
    expected: Option<String>,
    found: String,
    difference: String,
}

/// Every entry of `pool[]`.
pub(in crate::report) fn pool(books: &Reconciliation) -> Vec<V1Pool> {
    let view = |row: &PoolRow| V1Pool {
        provider: row.account.provider.clone(),
        meter: row.account.meter.word(),
        unit: row.account.unit.word(),
        workspace: row.workspace.clone(),
        entry: row.entry.word(),
        events: row.tally.events,
        amount: row.tally.amount.to_string(),
        in_totals: row.entry.is_use(),
        first: row.period.0.to_string(),
        last: row.period.1.to_string(),
    };
    books.pool.iter().map(view).collect()
}

/// Every entry of `balances[]`.
pub(in crate::report) fn balances(books: &Reconciliation) -> Vec<V1Balance> {
    let text = |total: Option<Total>| total.map(|total| total.to_string());
    let view = |line: &Balances| V1Balance {
        provider: line.account.provider.clone(),
        meter: line.account.meter.word(),
        unit: line.account.unit.word(),
        workspace: line.workspace.clone(),
        first: line.period.0.to_string(),
        last: line.period.1.to_string(),
        verdict: line.checked.verdict.word(),
        compared: line.checked.compared,
        breaks: line.checked.breaks,
        expected: text(line.checked.expected),
        found: text(line.checked.found),
        difference: text(line.checked.difference()),
        first_break: line.checked.first.map(|first| V1Break {
            place: line.first.clone(),
            at: first.at.to_string(),
            expected: first.expected.to_string(),
            found: first.found.to_string(),
        }),
    };
    books.balances.iter().map(view).collect()
}

/// Every entry of `told[]`.
pub(in crate::report) fn told(books: &Reconciliation) -> Vec<V1Told> {
    let view = |path: &str, line: &Compared| V1Told {
        path: path.to_owned(),
        provider: line.provider.clone(),
        subject: subject(line.subject),
        name: line.name.clone(),
        meter: line.meter.word(),
        expected: line.expected.map(|expected| expected.to_string()),
        found: line.found.to_string(),
        difference: line.difference().to_string(),
    };
    books.told.iter().flat_map(|file| file.lines.iter().map(|line| view(&file.path, line))).collect()
}

/// User, app or workspace.
pub(in crate::report) const fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::User => "user",
        Subject::App => "app",
        Subject::Workspace => "workspace",
    }
}

/// What there is to say of the books, a sentence each; the alarms first, each marked as one.
pub(in crate::report) fn sentences(books: &Reconciliation) -> Vec<(bool, String)> {
    let is_good = |line: &&Balances| line.checked.verdict == Verdict::Agrees;
    let mut said: Vec<(bool, String)> = books.balances.iter().filter(|line| !is_good(line)).map(of_balances).collect();
    let mut good: Vec<&Balances> = books.balances.iter().filter(is_good).collect();
    good.sort_by_key(|line| (&line.account, &line.workspace, line.period));
    said.extend(good.chunk_by(|a, b| (&a.account, &a.workspace) == (&b.account, &b.workspace)).map(of_good));
    said.extend(books.told.iter().map(of_told));
    said.sort_by_key(|(is_alarm, _)| !is_alarm);
    said.extend(books.pool.iter().map(|row| (false, of_pool(row))));
    said
}

fn account(account: &AccountName, workspace: Option<&String>) -> String {
    let AccountName { provider, meter, unit } = account;
    let of = workspace.map(|workspace| format!(" of {workspace}")).unwrap_or_default();
    format!("{provider} {meter} {unit}{of}")
}

fn of_pool(row: &PoolRow) -> String {
    let what = match row.tally.events {
        1 => row.entry.word().to_owned(),
        n => format!("{} entries of {}", words::count(n), row.entry.word()),
    };
    let beside = if row.entry.is_use() { "counted in the totals" } else { "outside the totals" };
    format!("{what}: {} {}, {beside}", row.tally.amount, account(&row.account, row.workspace.as_ref()))
}

/// Balances of one pool that follow from their rows, read together or in parts.
fn of_good(parts: &[&Balances]) -> (bool, String) {
    let compared = parts.iter().map(|part| part.checked.compared).sum();
    let of = account(&parts[0].account, parts[0].workspace.as_ref());
    let parts = if parts.len() > 1 {
        format!(", in {} parts read apart", words::count(parts.len() as u64))
    } else {
        String::new()
    };
    (false, format!("balances of {of}: all {} follow from their rows{parts}", words::count(compared)))
}

fn of_balances(line: &Balances) -> (bool, String) {
    let Checked { verdict, compared, breaks, first, .. } = &line.checked;
    let head = format!("balances of {}", account(&line.account, line.workspace.as_ref()));
    let of = format!("{} of {}", words::count(*breaks), words::count(*compared));
    let place = line.first.clone().unwrap_or_default();
    let first = first.map(|first| format!("the first at {place}: expected {}, found {}", first.expected, first.found));
    let first = first.unwrap_or_default();
    match verdict {
        Verdict::Agrees => (false, format!("{head}: all {} follow from their rows", words::count(*compared))),
        Verdict::Unknown => (false, format!("{head}: not checked, fewer than two are told")),
        Verdict::Partial => {
            let why = "rows are missing, such as other members' use";
            (false, format!("{head}: cannot be reconciled, {of} do not follow ({why}); {first}"))
        }
        Verdict::Breaks => {
            let by = line.checked.difference().map(|by| format!("; {by} in all")).unwrap_or_default();
            (true, format!("{head}: {of} do not follow from their rows{by}; {first}"))
        }
    }
}

fn of_told(file: &ToldFile) -> (bool, String) {
    let ToldFile { path, lines } = file;
    if lines.is_empty() {
        return (false, format!("{path}: nothing to compare its totals with, no event of its vendor was read"));
    }
    let size = |line: &&Compared| line.difference().nanos().unsigned_abs();
    let apart = lines.iter().filter(|line| !line.difference().is_zero()).count();
    // of equals the first
    let largest = lines.iter().rev().max_by_key(size).filter(|_| apart > 0);
    let Some(largest) = largest else {
        return (false, format!("{path}: all {} totals agree with the events", words::count(lines.len() as u64)));
    };
    let expected = largest.expected.map_or_else(|| "nothing".to_owned(), |expected| expected.to_string());
    let Compared { name, meter, found, .. } = largest;
    let of =
        format!("{} of {} totals differ from the events", words::count(apart as u64), words::count(lines.len() as u64));
    let most = format!("{name} {meter} expected {expected}, found {found}, difference {}", largest.difference());
    (true, format!("{path}: {of}, most {most}; its period may be another one"))
}
