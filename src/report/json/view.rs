//! The views of `report.json` that the rollups fill.
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    model::{amount::Total, instant::Instant, problem::RowCount},
    report::{
        FileView, ProblemView, Report, books,
        cut::{self, Cut, Others},
        json::{classes, share},
        overlaps::V1Overlaps,
        rework,
    },
    rollup::{
        AccountRollup, Row, Tally,
        lineage::{Part, Parts},
    },
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Tool<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Period {
    first: String,
    last: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Input<'a> {
    title: &'a str,
    files: Vec<V1File<'a>>,
    rows: V1Rows,
    problems: V1Problems<'a>,
    balances: Vec<books::V1Balance>,
    told: Vec<books::V1Told>,
    #[serde(flatten)]
    overlaps: &'a V1Overlaps,
    unread: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1File<'a> {
    path: &'a str,
    sha256: &'a str,
    source: &'a str,
    #[serde(flatten)]
    rows: V1Rows,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Rows {
    physical_rows: u64,
    header: u64,
    skipped: u64,
    accepted: u64,
    folded: u64,
    empty: u64,
    duplicates: u64,
    rejected: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Problems<'a> {
    count: u64,
    first: Vec<V1Problem<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Problem<'a> {
    path: &'a str,
    line: u32,
    byte: Option<u64>,
    column: &'a str,
    value: &'a str,
    cause: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Account {
    provider: String,
    meter: &'static str,
    unit: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Total {
    #[serde(flatten)]
    account: V1Account,
    events: u64,
    amount: String,
    value: Option<String>,
    rework: String,
    rework_share: Option<f64>,
    basis: BTreeMap<&'static str, V1Tally>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Tally {
    events: u64,
    amount: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Actions {
    pub(super) generation: V1Tally,
    pub(super) revision: V1Tally,
    pub(super) fix: V1Tally,
    pub(super) regeneration: V1Tally,
    pub(super) other: V1Tally,
    pub(super) runtime: V1Tally,
    pub(super) unclassified: V1Tally,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Row {
    #[serde(flatten)]
    account: V1Account,
    #[serde(flatten)]
    subject: Map<String, Value>,
    events: u64,
    amount: String,
    value: Option<String>,
    #[serde(flatten)]
    range: Option<V1Range>,
    actions: V1Actions,
    rework: String,
    rework_share: Option<f64>,
    sessions: Option<u64>,
    users: Option<u64>,
    first: Option<String>,
    last: Option<String>,
    /// What the amount of a feature was spent for; the parts add up to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<V1Parts>,
    /// How many of the events were taken to be about the feature, because no column tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    inferred: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<u64>,
}

/// What an amount was spent for.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Parts {
    build: String,
    iterate: String,
    repair: String,
    unsorted: String,
}

/// Between which amounts the total of a class lies, 95 %, given how sure the labels are.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Range {
    low: Option<String>,
    likely: Option<String>,
    high: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Zero {
    #[serde(flatten)]
    account: V1Account,
    cause: &'static str,
    events: u64,
}

impl From<(Instant, Instant)> for V1Period {
    fn from((first, last): (Instant, Instant)) -> Self {
        Self { first: first.to_string(), last: last.to_string() }
    }
}

impl<'a> From<&'a Report<'a>> for V1Input<'a> {
    fn from(report: &'a Report<'a>) -> Self {
        let first = report.problems.first.iter().map(V1Problem::from).collect();
        Self {
            title: &report.title,
            files: report.files.iter().map(V1File::from).collect(),
            rows: report.rows.into(),
            problems: V1Problems { count: report.problems.count, first },
            balances: books::balances(report.reconciliation),
            told: books::told(report.reconciliation),
            overlaps: &report.overlaps,
            unread: &report.unread,
            notes: &report.notes,
        }
    }
}

impl<'a> From<&'a FileView> for V1File<'a> {
    fn from(file: &'a FileView) -> Self {
        Self { path: &file.path, sha256: &file.sha256, source: &file.source, rows: file.rows.into() }
    }
}

impl From<RowCount> for V1Rows {
    fn from(rows: RowCount) -> Self {
        let RowCount { physical, header, skipped, accepted, folded, empty, duplicates, rejected } = rows;
        Self { physical_rows: physical, header, skipped, accepted, folded, empty, duplicates, rejected }
    }
}

impl<'a> From<&'a ProblemView> for V1Problem<'a> {
    fn from(problem: &'a ProblemView) -> Self {
        let ProblemView { path, line, byte, column, value, cause } = problem;
        Self { path, line: *line, byte: *byte, column, value, cause }
    }
}

impl From<&AccountRollup> for V1Account {
    fn from(account: &AccountRollup) -> Self {
        let name = &account.account;
        Self { provider: name.provider.clone(), meter: name.meter.word(), unit: name.unit.word() }
    }
}

impl From<&AccountRollup> for V1Total {
    fn from(account: &AccountRollup) -> Self {
        let Tally { events, amount } = account.total;
        let rework = rework::of(&cut::actions_of(account));
        Self {
            account: account.into(),
            events,
            amount: amount.to_string(),
            value: worth(account, amount),
            rework: rework.amount.to_string(),
            rework_share: rework.share.map(share),
            basis: account.by_basis.iter().map(|(basis, tally)| (basis.word(), V1Tally::from(*tally))).collect(),
        }
    }
}

impl From<Parts> for V1Parts {
    fn from(parts: Parts) -> Self {
        let said = |part| parts.of(part).to_string();
        Self {
            build: said(Part::Build),
            iterate: said(Part::Iterate),
            repair: said(Part::Repair),
            unsorted: said(Part::Unsorted),
        }
    }
}

impl From<Tally> for V1Tally {
    fn from(tally: Tally) -> Self {
        Self { events: tally.events, amount: tally.amount.to_string() }
    }
}

impl V1Row {
    /// A row of a cut.
    pub(super) fn of(account: &AccountRollup, cut: Cut, row: &Row) -> Self {
        let rework = rework::of(&row.actions);
        let range = row.subject.action.and_then(|action| account.ranges[action.index()]);
        let subject = cut.keys().iter().map(|key| (key.word().to_owned(), Value::from(key.text(&row.subject))));
        Self {
            account: account.into(),
            subject: subject.collect(),
            events: row.tally.events,
            amount: row.tally.amount.to_string(),
            value: worth(account, row.tally.amount),
            range: (cut == Cut::Action).then(|| V1Range {
                low: range.map(|range| range.low.to_string()),
                likely: range.map(|range| range.likely.to_string()),
                high: range.map(|range| range.high.to_string()),
            }),
            actions: classes(&row.actions),
            rework: rework.amount.to_string(),
            rework_share: rework.share.map(share),
            sessions: Some(row.sessions),
            users: Some(row.users),
            first: Some(row.first.to_string()),
            last: Some(row.last.to_string()),
            cost: (cut == Cut::Feature).then(|| row.parts.into()),
            inferred: (cut == Cut::Feature).then_some(row.inferred),
            others: None,
        }
    }

    /// The sum of the rows that are left out.
    pub(super) fn rest(account: &AccountRollup, cut: Cut, others: &Others) -> Self {
        let rework = rework::of(&others.actions);
        Self {
            account: account.into(),
            subject: cut.keys().iter().map(|key| (key.word().to_owned(), Value::Null)).collect(),
            events: others.tally.events,
            amount: others.tally.amount.to_string(),
            value: worth(account, others.tally.amount),
            range: None,
            actions: classes(&others.actions),
            rework: rework.amount.to_string(),
            rework_share: rework.share.map(share),
            sessions: None,
            users: None,
            first: None,
            last: None,
            cost: (cut == Cut::Feature).then(|| others.parts.into()),
            inferred: None,
            others: Some(others.rows),
        }
    }
}

impl V1Zero {
    /// Every cause of an account.
    pub(super) fn of(account: &AccountRollup) -> impl Iterator<Item = Self> {
        account.zero.iter().map(|(cause, events)| Self {
            account: account.into(),
            cause: cause.word(),
            events: *events,
        })
    }
}

fn worth(account: &AccountRollup, amount: Total) -> Option<String> {
    cut::value(account, amount).map(|value| value.to_string())
}
