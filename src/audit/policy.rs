//! The rules of a profile held against an account, as checks whose sources are named: what actions cost against its bands,
//! apps against the budgets of their kind of project, starts with and without a written spec. The 80/20 rule is a finding
//! of its own (`reserve-broken`).
use crate::{
    audit::{
        estimate::Budgets,
        excess,
        finding::{Check, Status, counted, say},
        outlook::{Outlooks, Planning},
    },
    model::{account::Unit, action::Action, amount::Total, instant::Instant, text},
    rollup::{AccountRollup, cases::START_DAYS},
};

/// So many prompts of a class are needed for its mean.
const PROMPTS: u64 = 10;
/// The vendor's figures are given as "about": a mean is outside a band from so many times its ends on.
const ABOUT: f64 = 1.25;
/// So many prompts in its first days make an app's start.
const START_PROMPTS: u64 = 15;
/// The days of a month of maintenance.
const MONTH_DAYS: f64 = 30.0;
/// So many apps are named in a note.
const MOST: usize = 8;

/// What is asked of an account beside what it did itself.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// The plan, the cycle, and the profile.
    pub planning: &'a Planning,
    /// Each meter's account and pool.
    pub outlooks: &'a Outlooks,
    /// What kinds of projects exist, and what actions cost by profile.
    pub budgets: &'a Budgets,
    /// Apps and the kind of project that each is.
    pub projects: &'a [(String, String)],
}

impl Policy<'_> {
    /// Whether an account holds message credits of the profile's vendor.
    pub fn is_about(&self, account: &AccountRollup) -> bool {
        let name = &account.account;
        name.unit == Unit::Credits
            && name.provider == self.planning.catalogue.provider
            && self.outlooks.message.account.as_ref() == Some(name)
    }

    /// What an action costs in the profile, in words: `1 to 2 credits (docs.base44.com, autumn 2026)`.
    pub fn band_in_words(&self, action: Action) -> Option<String> {
        let (band, source) = self.budgets.band(&self.planning.catalogue.profile, action)?;
        Some(format!("{} credits ({source})", range(band)))
    }

    /// The checks of an account; none where the profile is another vendor's.
    pub fn checks(&self, account: &AccountRollup) -> Vec<Check> {
        if !self.is_about(account) {
            return Vec::new();
        }
        let check = |id, (status, tested, note): (Status, u64, String)| Check {
            id,
            account: account.account.clone(),
            status,
            tested,
            note,
        };
        vec![
            check("price-band", self.bands(account)),
            check("project-budget", self.projects(account)),
            check("spec-rule", spec(account)),
        ]
    }

    fn bands(&self, account: &AccountRollup) -> (Status, u64, String) {
        let profile = &self.planning.catalogue.profile;
        let (mut said, mut source, mut is_above) = (Vec::new(), None, false);
        for action in Action::ALL {
            let Some((band, from)) = self.budgets.band(profile, action) else { continue };
            source = Some(from);
            let row = account.by_action.iter().find(|row| row.subject.action == Some(action));
            let Some(row) = row.filter(|row| row.tally.events >= PROMPTS) else { continue };
            let mean = Total::from_nanos(row.tally.amount.nanos() / i128::from(row.tally.events));
            let place = match mean.approx() {
                mean if mean > band[1] * ABOUT => "above",
                mean if mean < band[0] / ABOUT => "below",
                _ => "within",
            };
            is_above |= place == "above";
            said.push(format!("a {action} cost {} in the mean, {place} {}", say(mean, Unit::Credits), range(band)));
        }
        let rule = format!(
            "the mean of each class with {PROMPTS} prompts or more against the band of {profile} ({}), a quarter beside it being within",
            source.unwrap_or("no band is known")
        );
        let tested = said.len() as u64;
        let status = match tested {
            0 => Status::InsufficientData,
            _ if is_above => Status::Found,
            _ => Status::Nothing,
        };
        (status, tested, note(&rule, &said, "insufficient data: no class of it has enough prompts"))
    }

    fn projects(&self, account: &AccountRollup) -> (Status, u64, String) {
        let (mut said, mut is_over) = (Vec::new(), false);
        for (app, kind) in self.projects {
            let same = |name: &Option<String>| name.as_ref().is_some_and(|name| text::same(name, app));
            let rows: Vec<_> = account.by_app.iter().filter(|row| same(&row.subject.app)).collect();
            let (Some(project), Some(first), Some(last)) = (
                self.budgets.project_of(kind),
                rows.iter().map(|row| row.first).min(),
                rows.iter().map(|row| row.last).max(),
            ) else {
                continue;
            };
            let used: Total = rows.iter().map(|row| row.tally.amount).sum();
            let each = if project.monthly { used.approx() / months(first, last) } else { used.approx() };
            let [low, high] = project.whole();
            let over = each > high;
            is_over |= over && !project.open_ended;
            let a_month = if project.monthly { " a month" } else { "" };
            let place = if over { "more than" } else { "within" };
            said.push(format!(
                "{app} took {each:.0} credits{a_month}, {place} the {} of a {}",
                range([low, high]),
                project.name
            ));
        }
        let rule = format!(
            "each app against the budget of its kind, [project] in creditscope.toml ({}, in credits of which about ten are one of the vendor today)",
            self.budgets.source
        );
        let tested = said.len() as u64;
        let status = match tested {
            0 => Status::InsufficientData,
            _ if is_over => Status::Found,
            _ => Status::Nothing,
        };
        (status, tested, note(&rule, &said, "insufficient data: no app of it has a kind"))
    }
}

/// How starts with and without a written spec fared.
fn spec(account: &AccountRollup) -> (Status, u64, String) {
    let mut sums = [(0_u64, Total::ZERO, Total::ZERO); 2];
    for app in account.cases.apps.iter().filter(|app| app.has_text) {
        let whole = excess::sum(&app.start, |_| true);
        if whole.events < START_PROMPTS || app.start[Action::Generation.index()].events == 0 {
            continue;
        }
        let sum = &mut sums[usize::from(app.has_spec)];
        sum.0 += 1;
        sum.1 += excess::sum(&app.start, excess::is_rework).amount;
        sum.2 += whole.amount;
    }
    let [without, with] = sums;
    let share = |(_, rework, whole): (u64, Total, Total)| rework.share_of(whole);
    let rule = format!(
        "rework in the first {START_DAYS} days of apps whose first prompt is a written spec (512 bytes or a list) and of others, \
         {START_PROMPTS} prompts or more each; a spec saves 30 to 50 %, none costs 40 to 60 % more (lowcode.agency, 2026-04-30)"
    );
    let said: Vec<String> = [(with, "with"), (without, "without")]
        .into_iter()
        .filter(|((apps, ..), _)| *apps > 0)
        .map(|(sum, word)| {
            format!("{} {word} a spec: {:.0} % rework", counted(sum.0, "app", "apps"), share(sum) * 100.0)
        })
        .collect();
    let status = match (with.0, without.0) {
        (0, _) | (_, 0) => Status::InsufficientData,
        _ if share(without) > share(with) => Status::Found,
        _ => Status::Nothing,
    };
    let lacks = "insufficient data: apps of both kinds are needed";
    let said = if status == Status::InsufficientData { [said, vec![lacks.to_owned()]].concat() } else { said };
    (status, with.0 + without.0, note(&rule, &said, lacks))
}

fn note(rule: &str, said: &[String], lacks: &str) -> String {
    if said.is_empty() {
        return format!("{rule}; {lacks}");
    }
    let more = said.len().checked_sub(MOST).filter(|more| *more > 0);
    let more = more.map(|more| format!("; and {more} more")).unwrap_or_default();
    format!("{rule}; {}{more}", said[..said.len().min(MOST)].join("; "))
}

/// `1 to 2`, or `1` where both ends are the same.
fn range([low, high]: [f64; 2]) -> String {
    if (high - low).abs() < f64::EPSILON { format!("{low}") } else { format!("{low} to {high}") }
}

/// How many months of thirty days a time spans, one at least.
fn months(first: Instant, last: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of days")]
    let days = (last.since(first).num_days() + 1) as f64;
    (days / MONTH_DAYS).max(1.0)
}
