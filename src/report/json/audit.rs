//! The findings in `report.json`. Amounts are decimal strings.
use serde::Serialize;

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct V1Finding {
    /// Which rule, e.g. `fix-loop`.
    pub id: String,
    /// One line.
    pub title: String,
    /// How grave.
    pub severity: String,
    /// How sure.
    pub confidence: String,
    /// What it cost.
    pub amount: String,
    /// What could have been saved.
    pub recoverable: V1Range,
    /// Whom and what it is about.
    pub subject: V1Subject,
    /// What it rests on, in sentences.
    pub evidence: Vec<String>,
    /// What to do.
    pub advice: String,
}

/// A range of amounts.
#[derive(Debug, Clone, Serialize)]
pub struct V1Range {
    /// The lower end.
    pub low: String,
    /// The upper end.
    pub high: String,
}

/// What a finding is about; null where it is not about one.
#[derive(Debug, Clone, Default, Serialize)]
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
