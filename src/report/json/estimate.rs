//! What a build will take, as JSON. Amounts are decimal strings.
use serde::Serialize;

use crate::audit::estimate::{Converted, Estimate, plans::PlanCycles};

/// What a build will take.
#[derive(Debug, Clone, Serialize)]
pub(super) struct V1Estimate {
    what: String,
    /// The rule set whose credits p10, p50 and p90 are.
    counted_in: String,
    p10: String,
    p50: String,
    p90: String,
    /// The same in credits of the profile, which plans are held against.
    converted: Option<V1Converted>,
    monthly: bool,
    steps: Vec<String>,
    plans: Vec<V1PlanCycles>,
    /// Why no plan is held against it.
    plans_refused: Option<String>,
    /// Which costs least in nine of ten such builds.
    cheapest: Option<String>,
    /// Which takes the fewest cycles.
    fastest: Option<String>,
    /// Within how many months it is to be built, and which plan is enough.
    months: Option<u32>,
    enough: Option<String>,
}

/// A need in credits of another rule set.
#[derive(Debug, Clone, Serialize)]
struct V1Converted {
    profile: String,
    /// So many credits of `counted_in` are about one of these.
    factor: f64,
    p10: String,
    p50: String,
    p90: String,
}

#[derive(Debug, Clone, Serialize)]
struct V1PlanCycles {
    id: String,
    credits: String,
    cycles: i128,
    cycles_p90: i128,
    cost: Option<String>,
    cost_p90: Option<String>,
}

impl From<&PlanCycles> for V1PlanCycles {
    fn from(plan: &PlanCycles) -> Self {
        Self {
            id: plan.id.clone(),
            credits: plan.credits.to_string(),
            cycles: plan.cycles,
            cycles_p90: plan.cycles_p90,
            cost: plan.cost.map(|cost| cost.to_string()),
            cost_p90: plan.cost_p90.map(|cost| cost.to_string()),
        }
    }
}

impl From<&Converted> for V1Converted {
    fn from(converted: &Converted) -> Self {
        let [p10, p50, p90] = converted.credits.map(|credits| credits.to_string());
        Self { profile: converted.profile.clone(), factor: converted.factor, p10, p50, p90 }
    }
}

impl From<&Estimate> for V1Estimate {
    fn from(estimate: &Estimate) -> Self {
        let [p10, p50, p90] = estimate.credits.map(|credits| credits.to_string());
        let plans = estimate.plans.as_ref().ok();
        let id = |at: Option<usize>| at.zip(plans).map(|(at, plans)| plans.each[at].id.clone());
        let within = plans.and_then(|plans| plans.within);
        Self {
            what: estimate.what.clone(),
            counted_in: estimate.counted_in.clone(),
            p10,
            p50,
            p90,
            converted: estimate.converted.as_ref().map(V1Converted::from),
            monthly: estimate.monthly,
            steps: estimate.steps.clone(),
            plans: plans.map(|plans| plans.each.iter().map(V1PlanCycles::from).collect()).unwrap_or_default(),
            plans_refused: estimate.plans.as_ref().err().cloned(),
            cheapest: id(plans.and_then(|plans| plans.cheapest)),
            fastest: id(plans.and_then(|plans| plans.fastest)),
            months: within.map(|(months, _)| months),
            enough: id(within.and_then(|(_, at)| at)),
        }
    }
}
