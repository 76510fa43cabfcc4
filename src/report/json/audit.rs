//! The findings in `report.json`. Amounts are decimal strings.
use serde::Serialize;

use crate::report::json::findings::V1Cause;

/// One finding.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Finding {
    /// Which rule, e.g. `fix-loop`.
    pub id: String,
    /// One line.
    pub title: String,
    /// How grave.
    pub severity: String,
    /// How sure.
    pub confidence: String,
    /// The vendor.
    pub provider: String,
    /// The meter.
    pub meter: &'static str,
    /// The unit of the amounts.
    pub unit: &'static str,
    /// What is concerned.
    pub amount: String,
    /// The same in money; null where no price is known.
    pub value: Option<String>,
    /// What could have been saved.
    pub recoverable: V1Range,
    /// The same in money; null where no price is known.
    pub recoverable_value: Option<V1Range>,
    /// What the range assumes.
    pub assumption: &'static str,
    /// Whom and what it is about.
    pub subject: V1Subject,
    /// What the excess over the expectation comes from; empty where there is no expectation.
    pub causes: Vec<V1Cause>,
    /// What it rests on, in sentences.
    pub evidence: Vec<String>,
    /// What to do.
    pub advice: String,
}

/// A range of amounts.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Range {
    /// The lower end.
    pub low: String,
    /// The upper end.
    pub high: String,
}

/// What a finding is about; null where it is not about one.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Subject {
    /// Workspace.
    pub workspace: Option<String>,
    /// User.
    pub user: Option<String>,
    /// App.
    pub app: Option<String>,
    /// Feature.
    pub feature: Option<String>,
    /// The raw value of the session column, where there is one.
    pub session: Option<String>,
}
