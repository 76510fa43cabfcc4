//! The scope of a build, as `scope` of `report.json`, a table and a sentence.
use serde::Serialize;

use crate::{
    audit::scope::{Plan, Progress, Scope, Stage},
    model::instant::Instant,
    report::words,
    rollup::AccountRollup,
};

pub(super) const COLUMNS: [&str; 8] =
    ["feature", "state", "used", "repair", "budget", "budget_left", "depends_on", "flags"];

/// What is to be known of the table.
pub(super) const METHOD: &str =
    "What is left is drawn from what the finished features of this list cost, repairs included.";

/// The scope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Scope {
    unit: &'static str,
    features: Vec<V1Feature>,
    to_finish: Option<V1Left>,
    cause: Option<String>,
    unplanned: V1Unplanned,
    said: String,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Feature {
    feature: String,
    state: &'static str,
    used: String,
    repair: String,
    budget: Option<String>,
    budget_left: Option<String>,
    depends_on: Vec<String>,
    flags: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Left {
    p10: String,
    p50: String,
    p90: String,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Unplanned {
    features: u64,
    amount: String,
}

/// The scope held against an account.
pub fn view(scope: &Scope, account: &AccountRollup, now: Instant) -> V1Scope {
    let plan = scope.plan(account, now);
    let said = sentence(&plan, account);
    let Plan { features, to_finish, unplanned } = plan;
    let text = |total: crate::model::amount::Total| total.to_string();
    V1Scope {
        unit: account.account.unit.word(),
        features: features.into_iter().map(V1Feature::from).collect(),
        cause: to_finish.as_ref().err().cloned(),
        to_finish: to_finish.ok().map(|ends| {
            let [p10, p50, p90] = ends.map(text);
            V1Left { p10, p50, p90 }
        }),
        unplanned: V1Unplanned { features: unplanned.0, amount: text(unplanned.1) },
        said,
    }
}

fn sentence(plan: &Plan, account: &AccountRollup) -> String {
    let unit = account.account.unit;
    let done = plan.features.iter().filter(|one| one.item.stage == Stage::Done).count();
    let rest = match &plan.to_finish {
        Ok([low, middle, high]) => {
            format!("to finish: {} (80 %: {low} to {high})", words::amount::amount(*middle, unit))
        }
        Err(cause) => cause.clone(),
    };
    let flags = plan.features.iter().filter(|one| !one.flags.is_empty()).count();
    let flags = if flags == 0 {
        String::new()
    } else {
        format!("; {} to look at", words::counted(flags as u64, "feature", "features"))
    };
    let all = words::counted(plan.features.len() as u64, "feature", "features");
    let unplanned = match plan.unplanned {
        (0, _) => String::new(),
        (count, took) => format!(
            "; {} beside the list took {}",
            words::counted(count, "feature", "features"),
            words::amount::amount(took, unit)
        ),
    };
    format!("{done} of {all} done; {rest}{flags}{unplanned}")
}

impl From<Progress> for V1Feature {
    fn from(progress: Progress) -> Self {
        let Progress { item, used, repair, left, flags } = progress;
        Self {
            feature: item.name,
            state: item.stage.word(),
            used: used.to_string(),
            repair: repair.to_string(),
            budget: item.budget.map(|budget| budget.to_string()),
            budget_left: left.map(|left| left.to_string()),
            depends_on: item.base,
            flags,
        }
    }
}

impl V1Scope {
    /// In one sentence.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// The cells of each feature.
    pub(super) fn rows(&self) -> impl Iterator<Item = [String; COLUMNS.len()]> + '_ {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        self.features.iter().map(move |one| {
            [
                one.feature.clone(),
                one.state.to_owned(),
                one.used.clone(),
                one.repair.clone(),
                text(&one.budget),
                text(&one.budget_left),
                one.depends_on.join(", "),
                one.flags.join("; "),
            ]
        })
    }
}
