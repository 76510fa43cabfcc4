//! The parts of `report.json` that the audit fills: findings, forecast, plan fit. Amounts are decimal strings.
use serde::Serialize;

use crate::report::json::findings::V1Cause;

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

/// The forecasts of both meters.
#[derive(Debug, Clone, Serialize)]
pub struct V1Forecast {
    /// Building.
    pub message: V1MeterForecast,
    /// The running app.
    pub integration: V1MeterForecast,
}

/// The forecast of one meter.
#[derive(Debug, Clone, Serialize)]
pub struct V1MeterForecast {
    /// The moment it is made for.
    pub as_of: String,
    /// The next reset.
    pub reset: Option<String>,
    /// When the pool is empty.
    pub run_out: Option<String>,
    /// Why there is no such moment.
    pub cause: Option<String>,
    /// Consumption at the end of the cycle.
    pub cycle_end: Option<V1Percentiles>,
    /// How the method did on the past.
    pub backtest: Option<serde_json::Value>,
    /// Why no forecast is made.
    pub refused: Option<String>,
}

/// Percentiles of an amount.
#[derive(Debug, Clone, Serialize)]
pub struct V1Percentiles {
    /// One in ten ends below.
    pub p10: String,
    /// One in four ends below.
    pub p25: String,
    /// The median.
    pub p50: String,
    /// One in four ends above.
    pub p75: String,
    /// One in ten ends above.
    pub p90: String,
}

/// Which plan fits.
#[derive(Debug, Clone, Serialize)]
pub struct V1PlanFit {
    /// Its id.
    pub recommended: Option<String>,
    /// The second best.
    pub runner_up: Option<String>,
    /// Why, or why none.
    pub reason: String,
    /// Each plan that was tried.
    pub plans: Vec<V1Plan>,
}

/// One plan, replayed on the past.
#[derive(Debug, Clone, Serialize)]
pub struct V1Plan {
    /// Its id.
    pub id: String,
    /// What it would have cost.
    pub cost: String,
    /// Days without credits.
    pub blocked_days: u32,
    /// What would have lapsed.
    pub unused: String,
    /// The chance of running dry, 0 to 1.
    pub overrun_probability: f64,
    /// What it costs beyond the best choice in hindsight.
    pub regret: String,
}
