//! Findings and checks as `report.json` shows them.
use serde::Serialize;

use crate::{
    audit::{
        finding::{Check, Finding},
        findings::Audited,
    },
    model::amount::Total,
    report::{
        cut,
        json::audit::{V1Finding, V1Range, V1Subject},
    },
    rollup::{AccountName, AccountRollup, Rollups},
};

/// A part of an excess; the parts of a finding add up to it exactly.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Cause {
    /// What made the difference.
    pub cause: &'static str,
    /// How much of it.
    pub amount: String,
}

/// What became of a rule.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Check {
    /// Which rule.
    pub id: &'static str,
    /// The vendor.
    pub provider: String,
    /// The meter.
    pub meter: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// `found`, `nothing found` or `insufficient data`.
    pub status: &'static str,
    /// How many things were looked at.
    pub tested: u64,
    /// How the rule decides, with its constants, and what is missing.
    pub note: String,
}

/// The findings as they are shown; money where the account has a price.
pub fn findings(audited: &Audited, rollups: &Rollups) -> Vec<V1Finding> {
    let account = |name: &AccountName| rollups.accounts.iter().find(|account| account.account == *name);
    audited.findings.iter().map(|finding| shown(finding, account(&finding.account))).collect()
}

fn shown(finding: &Finding, account: Option<&AccountRollup>) -> V1Finding {
    let Finding { recoverable, subject, .. } = finding;
    let text = |amount: Total| amount.to_string();
    let money = |amount: Total| account.and_then(|account| cut::value(account, amount)).map(text);
    let worth = money(recoverable.low).zip(money(recoverable.high));
    V1Finding {
        id: finding.id.to_owned(),
        title: finding.title.clone(),
        severity: finding.severity.word().to_owned(),
        confidence: finding.confidence.word().to_owned(),
        provider: finding.account.provider.clone(),
        meter: finding.account.meter.word(),
        unit: finding.account.unit.word(),
        amount: text(finding.amount),
        value: money(finding.amount),
        recoverable: V1Range { low: text(recoverable.low), high: text(recoverable.high) },
        recoverable_value: worth.map(|(low, high)| V1Range { low, high }),
        assumption: finding.assumption,
        subject: V1Subject {
            workspace: subject.workspace.clone(),
            user: subject.user.clone(),
            app: subject.app.clone(),
            feature: subject.feature.clone(),
            session: subject.session.clone(),
        },
        causes: finding.causes.iter().map(|(cause, amount)| V1Cause { cause, amount: text(*amount) }).collect(),
        evidence: finding.evidence.clone(),
        advice: finding.advice.to_owned(),
    }
}

impl From<&Check> for V1Check {
    fn from(check: &Check) -> Self {
        Self {
            id: check.id,
            provider: check.account.provider.clone(),
            meter: check.account.meter.word(),
            unit: check.account.unit.word(),
            status: check.status.word(),
            tested: check.tested,
            note: check.note.clone(),
        }
    }
}
