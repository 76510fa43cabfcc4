//! Workspaces beside each other, worst first: what an agency looks at before it opens one.
//!
//! The worst is the one whose rework took most; of equals the one that used more. Amounts of different accounts are not
//! added, so each account has its own list. The rows of a list add up to its account.
use std::collections::BTreeMap;

use crate::{
    audit::finding::{Finding, Severity},
    model::{action::Action, instant::Instant},
    rollup::{AccountRollup, Tally},
};

/// A workspace of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its name; none for events without one.
    pub name: Option<String>,
    /// How many apps it has.
    pub apps: u64,
    /// All its events.
    pub whole: Tally,
    /// Fixes and regenerations.
    pub rework: Tally,
    /// How many findings are about it.
    pub findings: u64,
    /// The gravest of them: how grave, and its title.
    pub gravest: Option<(Severity, String)>,
    /// Its last event.
    pub last: Instant,
}

/// The workspaces of an account; none where there is only one.
pub fn worst_first(account: &AccountRollup, findings: &[Finding]) -> Vec<Workspace> {
    let mut all: BTreeMap<Option<&String>, Workspace> = BTreeMap::new();
    for row in &account.by_app {
        let blank = || Workspace {
            name: row.subject.workspace.clone(),
            apps: 0,
            whole: Tally::default(),
            rework: Tally::default(),
            findings: 0,
            gravest: None,
            last: row.last,
        };
        let workspace = all.entry(row.subject.workspace.as_ref()).or_insert_with(blank);
        workspace.apps += u64::from(row.subject.app.is_some());
        workspace.whole.add(row.tally);
        workspace.rework.add(row.of(Action::Fix));
        workspace.rework.add(row.of(Action::Regeneration));
        workspace.last = workspace.last.max(row.last);
    }
    if all.len() < 2 {
        return Vec::new();
    }
    for finding in findings.iter().filter(|finding| finding.account == account.account) {
        let Some(workspace) = finding.subject.workspace.as_ref().and_then(|name| all.get_mut(&Some(name))) else {
            continue;
        };
        workspace.findings += 1;
        if workspace.gravest.as_ref().is_none_or(|(severity, _)| finding.severity > *severity) {
            workspace.gravest = Some((finding.severity, finding.title.clone()));
        }
    }
    let mut all: Vec<Workspace> = all.into_values().collect();
    all.sort_by(|a, b| {
        let cost = |one: &Workspace| (one.rework.amount, one.whole.amount);
        cost(b).cmp(&cost(a)).then_with(|| a.name.cmp(&b.name))
    });
    all
}
