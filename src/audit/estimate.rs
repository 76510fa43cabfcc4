//! What a build will take, before it is begun: from the kind of project or a list of what is to be built.
//!
//! - A **project** has the article's budget, a range. It is taken for the middle 80 % of a normal distribution.
//! - A **scope list** adds up the ranges of its items; items vary independently, so that the range of a long list is
//!   relatively narrower: `mean ± √(Σ half²)`.
//! - **Specification**: none adds 40 to 60 %, a written one takes off 30 to 50 %.
//! - **The team**: the budgets leave a fifth for repairs and surprises (the 80/20 rule). A team whose rework takes another
//!   share `r` of its credits needs `0.8 / (1 - r)` times as much.
use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::audit::{forecast::rounded, outlook::Planning};
use crate::model::{account::Meter, action::Action, amount::Total};

/// The share of a budget that is left for repairs.
const REPAIRS: f64 = 0.2;
/// No team is taken to need more than so many times the budget.
const MOST_FACTOR: f64 = 3.0;

/// The figures, from a dated data file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// When they were read.
    pub dated: String,
    /// Where.
    pub source: String,
    /// The kinds of projects.
    #[serde(rename = "project")]
    pub projects: Vec<Project>,
    article_credits: BTreeMap<String, f64>,
    spec: BTreeMap<String, [f64; 2]>,
    items: BTreeMap<String, BTreeMap<String, [f64; 2]>>,
    item_sources: BTreeMap<String, String>,
}

/// A kind of project.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The word of options.
    pub id: String,
    /// In words.
    pub name: String,
    build: [f64; 2],
    iteration: Option<[f64; 2]>,
    /// Whether it can take more than the upper end.
    #[serde(default)]
    pub open_ended: bool,
    /// Whether it is the need of each month.
    #[serde(default)]
    pub monthly: bool,
}

impl Project {
    /// What building it and iterating on it take.
    pub fn whole(&self) -> [f64; 2] {
        let [low, high] = self.iteration.unwrap_or_default();
        [self.build[0] + low, self.build[1] + high]
    }
}

/// Kinds of projects, and which app is of which.
#[derive(Debug, Clone)]
pub struct Projects {
    /// The kinds.
    pub budgets: Budgets,
    /// Apps and their kinds.
    pub apps: Vec<(String, String)>,
}

impl Projects {
    /// With the built-in kinds.
    ///
    /// # Errors
    /// When an app is of a kind that is not known.
    pub fn new(apps: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let (budgets, apps) = (Budgets::built_in()?, apps.into_iter().collect::<Vec<_>>());
        for (app, kind) in &apps {
            let known = || budgets.projects.iter().map(|project| project.id.as_str()).collect::<Vec<_>>().join(", ");
            ensure!(
                budgets.project_of(kind).is_some(),
                "unknown kind {kind:?} of the app {app:?}: use one of {}",
                known()
            );
        }
        Ok(Self { budgets, apps })
    }
}

/// What is to be built.
#[derive(Debug, Clone)]
pub enum Scope {
    /// A project of a kind.
    Project(String),
    /// So many items of each kind.
    Items(BTreeMap<String, u32>),
}

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What is estimated, in words.
    pub what: String,
    /// The 10th, 50th and 90th percentile.
    pub credits: [Total; 3],
    /// How it came about, step by step.
    pub steps: Vec<String>,
    /// The need is that of each month.
    pub monthly: bool,
    /// For each plan with known credits: how many cycles it takes for the median and for the upper end.
    pub plans: Vec<PlanCycles>,
}

/// How long a plan takes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanCycles {
    /// The plan's id.
    pub id: String,
    /// The plan's name.
    pub name: String,
    /// Cycles for the median.
    pub cycles: i128,
    /// Cycles in nine of ten cases.
    pub cycles_p90: i128,
    /// What these cost, where the price is known.
    pub cost: Option<Total>,
}

impl Budgets {
    /// The built-in figures.
    ///
    /// # Errors
    /// Never for the file in the repository, which a test reads.
    pub fn built_in() -> anyhow::Result<Self> {
        toml::from_str(include_str!("../../data/estimates.toml")).context("reading the built-in budgets")
    }

    /// What an action costs in a profile, in credits, and where that is from; `None` where it says nothing.
    pub fn band(&self, profile: &str, action: Action) -> Option<([f64; 2], &str)> {
        let item = match action {
            Action::Generation => "feature",
            Action::Revision => "revision",
            Action::Fix => "fix",
            Action::Regeneration => "rebuild",
            Action::Other | Action::Runtime | Action::Unclassified => return None,
        };
        Some((*self.items.get(profile)?.get(item)?, self.item_sources.get(profile)?))
    }

    /// How many credits of the project budgets are about one of a profile; `None` where nobody says.
    pub fn article_credits(&self, profile: &str) -> Option<f64> {
        self.article_credits.get(profile).copied()
    }

    /// A kind of project by its id.
    pub fn project_of(&self, id: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == id)
    }

    /// Estimates a scope; `rework` is the share of a team's credits that rework took, where it is known.
    ///
    /// # Errors
    /// When the kind of project, of specification or of an item is not known.
    pub fn estimate(
        &self,
        scope: &Scope,
        spec: &str,
        rework: Option<f64>,
        planning: &Planning,
    ) -> anyhow::Result<Estimate> {
        let mut steps = Vec::new();
        let (what, mut range, monthly) = match scope {
            Scope::Project(id) => self.project(id, &mut steps)?,
            Scope::Items(items) => self.items(items, &planning.catalogue.profile, &mut steps)?,
        };
        let known: Vec<&str> = self.spec.keys().map(String::as_str).collect();
        let change = self.spec.get(spec);
        let change =
            change.with_context(|| format!("unknown specification {spec:?}: use one of {}", known.join(", ")))?;
        if change.iter().any(|percent| percent.abs() > 0.0) {
            range = [range[0] * (1.0 + change[0] / 100.0), range[1] * (1.0 + change[1] / 100.0)];
            steps.push(format!("specification {spec}: {:+} to {:+} %", change[0], change[1]));
        }
        if let Some(share) = rework {
            let factor = ((1.0 - REPAIRS) / (1.0 - share.clamp(0.0, 0.9))).min(MOST_FACTOR);
            range = range.map(|end| end * factor);
            steps.push(format!("the team's rework of {:.0} % instead of 20 %: × {factor:.2}", share * 100.0));
        }
        let credits = [range[0], f64::midpoint(range[0], range[1]), range[1]].map(rounded);
        let plans = if monthly { Vec::new() } else { cycles(credits, planning) };
        Ok(Estimate { what, credits, steps, monthly, plans })
    }

    fn project(&self, id: &str, steps: &mut Vec<String>) -> anyhow::Result<(String, [f64; 2], bool)> {
        let known: Vec<&str> = self.projects.iter().map(|project| project.id.as_str()).collect();
        let project =
            self.project_of(id).with_context(|| format!("unknown project {id:?}: use one of {}", known.join(", ")))?;
        let [low, high] = project.build;
        let open = if project.open_ended { " and more" } else { "" };
        steps.push(format!("{}: {low} to {high} credits{open} ({}, {})", project.name, self.source, self.dated));
        let range = project.whole();
        if let Some([low, high]) = project.iteration {
            steps.push(format!("iteration: {low} to {high} more"));
        }
        Ok((project.name.clone(), range, project.monthly))
    }

    fn items(
        &self,
        items: &BTreeMap<String, u32>,
        profile: &str,
        steps: &mut Vec<String>,
    ) -> anyhow::Result<(String, [f64; 2], bool)> {
        let known: Vec<&str> = self.items.keys().map(String::as_str).collect();
        let bands = self.items.get(profile);
        let bands =
            bands.with_context(|| format!("no bands for the profile {profile:?}: use one of {}", known.join(", ")))?;
        let (mut middle, mut spread, mut count) = (0.0, 0.0, 0);
        for (kind, number) in items {
            let known: Vec<&str> = bands.keys().map(String::as_str).collect();
            let Some([low, high]) = bands.get(kind) else {
                bail!("unknown item {kind:?}: use one of {}", known.join(", "))
            };
            middle += f64::from(*number) * f64::midpoint(*low, *high);
            spread += f64::from(*number) * ((high - low) / 2.0).powi(2);
            count += number;
            steps.push(format!("{number} × {kind}: {low} to {high} credits each ({profile})"));
        }
        ensure!(count > 0, "the scope list has no items: write one a line, such as `3 feature`");
        let half = spread.sqrt();
        Ok((format!("a scope of {count} items"), [middle - half, middle + half], false))
    }
}

/// Reads a scope list: one item a line, `3 feature`, `revision`; `#` begins a remark.
///
/// # Errors
/// When a line is neither.
pub fn scope_list(text: &str) -> anyhow::Result<Scope> {
    let mut items: BTreeMap<String, u32> = BTreeMap::new();
    for (at, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let (number, kind) = match words[..] {
            [kind] => (1, kind),
            [number, kind] => {
                let read: Option<u32> = number.parse().ok();
                (read.with_context(|| format!("line {at}: {number:?} is no number of items"))?, kind)
            }
            _ => bail!("line {at}: {line:?}: write a number and a kind, such as `3 feature`"),
        };
        let sum = items.entry(kind.to_lowercase()).or_default();
        *sum = sum.saturating_add(number);
    }
    Ok(Scope::Items(items))
}

/// How many cycles of each plan a need takes.
fn cycles(credits: [Total; 3], planning: &Planning) -> Vec<PlanCycles> {
    let of = |need: Total, has: Total| (need.nanos().max(1) + has.nanos() - 1) / has.nanos();
    let plans = planning.catalogue.plans.iter();
    let known = plans.filter_map(|plan| {
        let has = plan.credits(Meter::Message, planning.seats).filter(|has| *has > Total::ZERO)?;
        let (cycles, cycles_p90) = (of(credits[1], has), of(credits[2], has));
        let cost = planning.price(plan).map(|price| Total::from_nanos(price.nanos() * cycles));
        Some(PlanCycles { id: plan.id.clone(), name: plan.name.clone(), cycles, cycles_p90, cost })
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::plans::{Catalogue, DEFAULT_PROFILE},
        model::zone::Zone,
    };

    #[track_caller]
    fn check(scope: &Scope, spec: &str, rework: Option<f64>, expected: &str) {
        let planning = Planning::without_plan(Catalogue::built_in(DEFAULT_PROFILE).unwrap(), Zone::utc());
        let got = match Budgets::built_in().unwrap().estimate(scope, spec, rework, &planning) {
            Ok(estimate) => {
                let builder = estimate.plans.iter().find(|plan| plan.id == "builder").map(|plan| plan.cycles);
                format!("{} {builder:?}", estimate.credits.map(|credits| credits.to_string()).join(" "))
            }
            Err(err) => err.to_string(),
        };
        assert_eq!(got, expected);
    }

    fn project(id: &str) -> Scope {
        Scope::Project(id.to_owned())
    }

    #[test]
    fn budgets_are_the_articles() {
        check(&project("simple-tool"), "usual", None, "30 55 80 Some(1)");
        check(&project("internal-tool"), "usual", None, "150 225 300 Some(1)");
        check(&project("saas-mvp"), "none", None, "350 575 800 Some(3)");
        check(&project("saas-mvp"), "written", None, "125 237.5 350 Some(1)");
        check(&project("maintenance"), "usual", None, "50 100 150 None");
        check(
            &project("moon"),
            "usual",
            None,
            "unknown project \"moon\": use one of simple-tool, internal-tool, saas-mvp, maintenance",
        );
        check(&project("saas-mvp"), "x", None, "unknown specification \"x\": use one of none, usual, written");
    }

    #[test]
    fn a_teams_rework_scales_a_budget() {
        check(&project("simple-tool"), "usual", Some(0.2), "30 55 80 Some(1)");
        check(&project("simple-tool"), "usual", Some(0.6), "60 110 160 Some(1)");
    }

    #[test]
    fn a_scope_list_adds_up() {
        check(&scope_list("4 feature\n# later\nfix\n").unwrap(), "usual", None, "6 7 8 Some(1)");
        check(
            &scope_list("2 unicorn").unwrap(),
            "usual",
            None,
            "unknown item \"unicorn\": use one of feature, fix, rebuild, revision",
        );
        check(
            &scope_list("").unwrap(),
            "usual",
            None,
            "the scope list has no items: write one a line, such as `3 feature`",
        );
        assert!(scope_list("many things to do").unwrap_err().to_string().contains("line 1"));
    }
}
