//! What a build will take, before it is begun: from the kind of project or a list of what is to be built.
//!
//! - A **project** has the article's budget, a range. It is taken for the middle 80 % of a normal distribution. It counts
//!   in the article's credits, of which several are about one of the vendor's; plans hold the vendor's, so that the need is
//!   told in both and plans are held against the converted one.
//! - A **scope list** adds up the ranges of its items. Half of their variance is each item's own, so that a long list is
//!   relatively surer, and half is the team's, whose items are dear or cheap together: `mean ± √((Σ half² + (Σ half)²) / 2)`.
//! - **Specification**: none adds 40 to 60 %, a written one takes off 30 to 50 %.
//! - **The team**: the budgets leave a fifth for repairs and surprises (the 80/20 rule). A team whose rework takes another
//!   share `r` of its credits needs `0.8 / (1 - r)` times as much. Where its [`history`] is given, that share and the cost
//!   of its prompts against the profile's bands are its own, and features of a scope are drawn from what its features took.
//!   What its apps took counts, too: the middle is that of both, the range holds both.
//! - **Plans** ([`plans`]): how many cycles of each, which is the cheapest, which is enough within so many months.
pub mod history;
pub mod plans;
pub mod scope;

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::{
    audit::{
        estimate::{history::History, plans::Plans},
        forecast::rounded,
        outlook::Planning,
    },
    model::{action::Action, amount::Total},
};

/// The items of a scope and the classes they are.
const ITEMS: [(&str, Action); 4] = [
    ("feature", Action::Generation),
    ("revision", Action::Revision),
    ("fix", Action::Fix),
    ("rebuild", Action::Regeneration),
];
/// The rule set that the budgets of projects are counted in.
const ARTICLE: &str = "article-2026-04";

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

/// What is known of who builds, and when.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builder<'a> {
    /// How clear the specification is.
    pub spec: &'a str,
    /// The share of a team's credits that rework takes, where it is told.
    pub rework: Option<f64>,
    /// The team's own past, where it is given.
    pub history: Option<&'a History>,
    /// Within how many months it is to be built.
    pub months: Option<u32>,
}

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What is estimated, in words.
    pub what: String,
    /// The rule set whose credits these are.
    pub counted_in: String,
    /// The 10th, 50th and 90th percentile.
    pub credits: [Total; 3],
    /// The same in credits of the profile, where that counts otherwise.
    pub converted: Option<Converted>,
    /// How it came about, step by step.
    pub steps: Vec<String>,
    /// The need is that of each month.
    pub monthly: bool,
    /// How long plans take, and which is enough; why not where nobody says what their credits are worth.
    pub plans: Result<Plans, String>,
}

/// A need in credits of another rule set.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// Which.
    pub profile: String,
    /// How many of the article's credits are about one of these.
    pub factor: f64,
    /// The 10th, 50th and 90th percentile.
    pub credits: [Total; 3],
}

impl Budgets {
    /// The built-in figures.
    ///
    /// # Errors
    /// Never for the file in the repository, which a test reads.
    pub fn built_in() -> anyhow::Result<Self> {
        toml::from_str(include_str!("../../../data/estimates.toml")).context("reading the built-in budgets")
    }

    /// What an action costs in a profile, in credits, and where that is from; `None` where it says nothing.
    pub fn band(&self, profile: &str, action: Action) -> Option<([f64; 2], &str)> {
        let (item, _) = ITEMS.iter().find(|(_, class)| *class == action)?;
        Some((*self.items.get(profile)?.get(*item)?, self.item_sources.get(profile)?))
    }

    /// How many credits of the project budgets are about one of a profile; `None` where nobody says.
    pub fn article_credits(&self, profile: &str) -> Option<f64> {
        self.article_credits.get(profile).copied()
    }

    /// A kind of project by its id.
    pub fn project_of(&self, id: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == id)
    }

    /// Estimates a scope.
    ///
    /// # Errors
    /// When the kind of project, of specification or of an item is not known.
    pub fn estimate(&self, scope: &Scope, builder: &Builder, planning: &Planning) -> anyhow::Result<Estimate> {
        let mut steps = Vec::new();
        let profile = &planning.catalogue.profile;
        let is_project = matches!(scope, Scope::Project(_));
        let (what, mut range, monthly) = match scope {
            Scope::Project(id) => self.project(id, &mut steps)?,
            Scope::Items(items) => self.items(items, profile, builder.history, &mut steps)?,
        };
        let known: Vec<&str> = self.spec.keys().map(String::as_str).collect();
        let (spec, change) = (builder.spec, self.spec.get(builder.spec));
        let change =
            change.with_context(|| format!("unknown specification {spec:?}: use one of {}", known.join(", ")))?;
        if change.iter().any(|percent| percent.abs() > 0.0) {
            let [low, high] = change.map(|percent| 1.0 + percent / 100.0);
            range = [range[0] * low, range[1] * f64::midpoint(low, high), range[2] * high];
            steps.push(format!("specification {spec}: {:+} to {:+} %", change[0], change[1]));
        }
        // a scope that was drawn from the team's features holds their repairs already
        let own = builder.history.filter(|_| is_project);
        let is_double = builder.history.is_some() && !is_project && builder.rework.is_some();
        ensure!(!is_double, "a scope drawn from --history holds the team's repairs already: leave --rework out");
        if let Some(share) = builder.rework.or(own.map(|history| history.rework)) {
            let factor = ((1.0 - REPAIRS) / (1.0 - share.clamp(0.0, 0.9))).min(MOST_FACTOR);
            range = range.map(|end| end * factor);
            steps.push(format!("the team's rework of {:.0} % instead of 20 %: × {factor:.2}", share * 100.0));
        }
        if let Some(level) = own.and_then(|history| history.level(self, profile)) {
            let factor = level.clamp(1.0 / MOST_FACTOR, MOST_FACTOR);
            range = range.map(|end| end * factor);
            steps.push(format!(
                "the team's prompts cost {level:.2} times the middle of {profile}'s bands: × {factor:.2}"
            ));
        }
        range[1] = if is_project { f64::midpoint(range[0], range[2]) } else { range[1] };
        let credits = range.map(rounded);
        let counted_in = if is_project { ARTICLE } else { profile };
        let converted = self.article_credits(profile).filter(|_| counted_in != profile).map(|factor| {
            let credits =
                history::with_apps(own.filter(|_| !monthly), range.map(|end| end / factor), profile, &mut steps);
            Converted { profile: profile.clone(), factor, credits: credits.map(rounded) }
        });
        let plans = match &converted {
            Some(converted) => Ok(converted.credits),
            None if counted_in == profile => Ok(credits),
            None => Err(format!(
                "nobody says how many credits of the article are one of {profile}, so that no plan is held against it"
            )),
        };
        let plans = plans.map(|need| Plans::of(need, monthly, builder.months, planning));
        Ok(Estimate { what, counted_in: counted_in.to_owned(), credits, converted, steps, monthly, plans })
    }

    fn project(&self, id: &str, steps: &mut Vec<String>) -> anyhow::Result<(String, [f64; 3], bool)> {
        let known: Vec<&str> = self.projects.iter().map(|project| project.id.as_str()).collect();
        let project =
            self.project_of(id).with_context(|| format!("unknown project {id:?}: use one of {}", known.join(", ")))?;
        let [low, high] = project.build;
        let open = if project.open_ended { " and more" } else { "" };
        steps.push(format!("{}: {low} to {high} credits{open} ({})", project.name, self.source));
        let [least, most] = project.whole();
        if let Some([low, high]) = project.iteration {
            steps.push(format!("iteration: {low} to {high} more"));
        }
        Ok((project.name.clone(), [least, f64::midpoint(least, most), most], project.monthly))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::plans::{Catalogue, DEFAULT_PROFILE},
        model::zone::Zone,
    };

    #[track_caller]
    pub(in crate::audit::estimate) fn check(scope: &Scope, spec: &'static str, rework: Option<f64>, expected: &str) {
        let planning = Planning::without_plan(Catalogue::built_in(DEFAULT_PROFILE).unwrap(), Zone::utc());
        let got = match Budgets::built_in().unwrap().estimate(
            scope,
            &Builder { spec, rework, ..Builder::default() },
            &planning,
        ) {
            Ok(estimate) => {
                let plans = estimate.plans.unwrap();
                let starter = plans.each.iter().find(|plan| plan.id == "starter").map(|plan| plan.cycles);
                let converted = estimate.converted.map(|converted| converted.credits[1].to_string());
                let [low, middle, high] = estimate.credits.map(|credits| credits.to_string());
                format!("{low} {middle} {high} = {} {starter:?}", converted.unwrap_or_default())
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
        check(&project("simple-tool"), "usual", None, "30 55 80 = 5.5 Some(1)");
        check(&project("internal-tool"), "usual", None, "150 225 300 = 22.5 Some(1)");
        check(&project("saas-mvp"), "none", None, "350 575 800 = 57.5 Some(1)");
        check(&project("saas-mvp"), "written", None, "125 237.5 350 = 23.75 Some(1)");
        check(&project("maintenance"), "usual", None, "50 100 150 = 10 Some(1)");
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
        check(&project("simple-tool"), "usual", Some(0.2), "30 55 80 = 5.5 Some(1)");
        check(&project("simple-tool"), "usual", Some(0.6), "60 110 160 = 11 Some(1)");
    }
}
