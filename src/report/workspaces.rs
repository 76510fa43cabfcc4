//! Workspaces beside each other, worst first, where a report covers more than one.
use serde::Serialize;

use crate::{
    audit::{
        finding::Finding,
        workspaces::{Workspace, worst_first},
    },
    model::{account::Unit, amount::Total},
    report::{cut, json, words},
    rollup::{AccountName, AccountRollup, Rollups},
};

/// What is to be known of the order.
pub(super) const METHOD: &str = "The workspace whose fixes and regenerations took most stands first. The rows of an account add up \
     to it; filters of the page leave this table as it is.";

pub(super) const COLUMNS: [&str; 15] = [
    "provider",
    "meter",
    "unit",
    "workspace",
    "apps",
    "events",
    "amount",
    "value",
    "share",
    "rework",
    "rework_value",
    "rework_share",
    "findings",
    "gravest",
    "last",
];

/// A workspace of an account; null is what has none.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Workspace {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    workspace: Option<String>,
    apps: u64,
    events: u64,
    amount: String,
    value: Option<String>,
    /// Its part of the account; null where parts are no shares, as with refunds.
    share: Option<f64>,
    /// What fixes and regenerations took.
    rework: String,
    rework_value: Option<String>,
    rework_share: Option<f64>,
    /// How many findings are about it.
    findings: u64,
    /// The gravest of them.
    gravest: Option<V1Gravest>,
    last: String,
    #[serde(skip)]
    pub(super) sums: Sums,
}

/// What is added up where rows are summed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) unit: Unit,
    pub(super) apps: u64,
    pub(super) whole: Total,
    pub(super) rework: Total,
}

/// The gravest finding.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Gravest {
    severity: &'static str,
    title: String,
}

/// The rows of all accounts; none of an account with one workspace.
pub fn view(rollups: &Rollups, findings: &[Finding]) -> Vec<V1Workspace> {
    let rows = |account| worst_first(account, findings).into_iter().map(move |row| V1Workspace::of(account, row));
    rollups.accounts.iter().flat_map(rows).collect()
}

impl V1Workspace {
    fn of(account: &AccountRollup, workspace: Workspace) -> Self {
        let Workspace { name, apps, whole, rework, findings, gravest, last } = workspace;
        let value = |amount: Total| cut::value(account, amount).map(|value| value.to_string());
        Self {
            provider: account.account.provider.clone(),
            meter: account.account.meter.word(),
            unit: account.account.unit.word(),
            workspace: name,
            apps,
            events: whole.events,
            amount: whole.amount.to_string(),
            value: value(whole.amount),
            share: share(whole.amount, account.total.amount),
            rework: rework.amount.to_string(),
            rework_value: value(rework.amount),
            rework_share: share(rework.amount, whole.amount),
            findings,
            gravest: gravest.map(|(severity, title)| V1Gravest { severity: severity.word(), title }),
            last: last.to_string(),
            sums: Sums { unit: account.account.unit, apps, whole: whole.amount, rework: rework.amount },
        }
    }

    /// The cells of a row.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |share: Option<f64>| share.map(|share| share.to_string()).unwrap_or_default();
        [
            self.provider.clone(),
            self.meter.to_owned(),
            self.unit.to_owned(),
            text(&self.workspace),
            self.apps.to_string(),
            self.events.to_string(),
            self.amount.clone(),
            text(&self.value),
            number(self.share),
            self.rework.clone(),
            text(&self.rework_value),
            number(self.rework_share),
            self.findings.to_string(),
            self.gravest.as_ref().map(|gravest| gravest.title.clone()).unwrap_or_default(),
            self.last.clone(),
        ]
    }

    /// Its account in words.
    pub(super) fn account(&self) -> String {
        format!("{} {} {}", self.provider, self.meter, self.unit)
    }

    /// Its name, or that it has none.
    pub(super) fn name(&self) -> &str {
        self.workspace.as_deref().unwrap_or("no workspace")
    }

    /// Whether it is one of an account.
    pub(super) fn is_of(&self, account: &AccountName) -> bool {
        let AccountName { provider, meter, unit } = account;
        self.provider == *provider && self.meter == meter.word() && self.unit == unit.word()
    }

    /// The gravest finding and how many more there are; empty where there is none.
    pub(super) fn gravest_in_short(&self) -> String {
        let others = self.findings.saturating_sub(1);
        let more = if others > 0 { format!(" (and {} more)", words::count(others)) } else { String::new() };
        let said = |gravest: &V1Gravest| format!("{}: {}{more}", gravest.severity, gravest.title);
        self.gravest.as_ref().map(said).unwrap_or_default()
    }
}

impl Sums {
    /// Of no workspace.
    pub(super) fn of(unit: Unit) -> Self {
        Self { unit, apps: 0, whole: Total::ZERO, rework: Total::ZERO }
    }

    /// Of both.
    pub(super) fn plus(self, other: Self) -> Self {
        let (whole, rework) = (self.whole + other.whole, self.rework + other.rework);
        Self { unit: self.unit, apps: self.apps + other.apps, whole, rework }
    }

    /// How much of it is rework; none where that is no share.
    pub(super) fn share(self) -> Option<f64> {
        share(self.rework, self.whole)
    }
}

/// A part of a whole that it lies in.
fn share(part: Total, whole: Total) -> Option<f64> {
    let inside = whole > Total::ZERO && part >= Total::ZERO && part <= whole;
    inside.then(|| json::share(part.share_of(whole)))
}
