//! The rules of a profile held against an account, as checks whose sources are named: what actions cost against its bands,
//! apps against the budgets of their kind of project, starts with and without a written spec. The 80/20 rule is a finding
//! of its own (`reserve-broken`).
use crate::{
    audit::{
        estimate::Budgets,
        excess, exchange,
        finding::{Check, Status, counted, say},
        outlook::{Outlooks, Planning},
        robust,
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
/// So many apps with and without a spec are needed.
const APPS: u64 = 5;
/// A spec saves 30 % at least, by the source of the rule.
const LESS: f64 = 0.3;
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
        let prompts = account.cases.prompts();
        for action in Action::ALL {
            let Some((band, from)) = self.budgets.band(profile, action) else { continue };
            source = Some(from);
            let prompts = prompts[action.index()];
            if prompts.events < PROMPTS {
                continue;
            }
            let mean = Total::from_nanos(prompts.amount.nanos() / i128::from(prompts.events));
            let place = place(mean.approx(), band);
            is_above |= place == "above";
            said.push(format!("a {action} cost {} in the mean, {place} {}", say(mean, Unit::Credits), range(band)));
        }
        let rule = format!(
            "the mean of each class with {PROMPTS} prompts or more against the band of {profile} ({}), a quarter beside it being near; refunds are no prompts",
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
        let profile = &self.planning.catalogue.profile;
        let (mut said, mut is_over) = (Vec::new(), false);
        let factor = self.budgets.article_credits(profile);
        for (app, kind) in self.projects {
            let same = |name: &Option<String>| name.as_ref().is_some_and(|name| text::same(name, app));
            let rows: Vec<_> = account.by_app.iter().filter(|row| same(&row.subject.app)).collect();
            let (Some(factor), Some(project), Some(first), Some(last)) = (
                factor,
                self.budgets.project_of(kind),
                rows.iter().map(|row| row.first).min(),
                rows.iter().map(|row| row.last).max(),
            ) else {
                continue;
            };
            let used: Total = rows.iter().map(|row| row.tally.amount).sum();
            let each = if project.monthly { used.approx() / months(first, last) } else { used.approx() };
            let band = project.whole().map(|end| end / factor);
            let place = place(each, band);
            is_over |= place == "above" && !project.open_ended;
            let a_month = if project.monthly { " a month" } else { "" };
            let more = if project.open_ended { " and more" } else { "" };
            said.push(format!(
                "{app} took {each:.0} credits{a_month}, {place} the {}{more} of a {}",
                range(band),
                project.name
            ));
        }
        let ten = match factor {
            Some(factor) if factor > 1.0 => format!(", about {factor} of its credits being one of {profile}"),
            _ => String::new(),
        };
        let rule = format!(
            "each app against the budget of its kind, [project] in creditscope.toml ({}{ten}), a quarter beside it being near",
            self.budgets.source
        );
        let tested = said.len() as u64;
        let status = match tested {
            0 => Status::InsufficientData,
            _ if is_over => Status::Found,
            _ => Status::Nothing,
        };
        let lacks = match factor {
            Some(_) => "insufficient data: no app of it has a kind",
            None => "insufficient data: nobody says what they are in credits of this profile",
        };
        (status, tested, note(&rule, &said, lacks))
    }
}

/// Where a figure lies that is to be in a band, whose ends are given as "about".
fn place(figure: f64, [low, high]: [f64; 2]) -> &'static str {
    match figure {
        figure if figure > high * ABOUT => "above",
        figure if figure < low / ABOUT => "below",
        figure if figure > high || figure < low => "near",
        _ => "within",
    }
}

/// How starts with and without a written spec fared: found where rework was less by [`LESS`] or more with one, and the apps
/// with one are no random part of all.
fn spec(account: &AccountRollup) -> (Status, u64, String) {
    let mut sums = [(0_u64, Total::ZERO, Total::ZERO); 2];
    let mut shares: [Vec<f64>; 2] = Default::default();
    for app in account.cases.apps.iter().filter(|app| app.has_text) {
        let whole = excess::sum(&app.start, |_| true);
        if whole.events < START_PROMPTS || app.start[Action::Generation.index()].events == 0 {
            continue;
        }
        let rework = excess::sum(&app.start, excess::is_rework).amount;
        let kind = usize::from(app.has_spec);
        let sum = &mut sums[kind];
        (sum.0, sum.1, sum.2) = (sum.0 + 1, sum.1 + rework, sum.2 + whole.amount);
        shares[kind].push(rework.share_of(whole.amount));
    }
    let [without, with] = sums;
    let share = |(_, rework, whole): (u64, Total, Total)| rework.share_of(whole);
    let rule = format!(
        "rework in the first {START_DAYS} days of apps whose first prompt is a written spec (512 bytes or a list) and of others, \
         {START_PROMPTS} prompts or more each; a spec saves 30 to 50 %, none costs 40 to 60 % more (lowcode.agency, 2026-04-30)"
    );
    let mut said: Vec<String> = [(with, "with"), (without, "without")]
        .into_iter()
        .filter(|((apps, ..), _)| *apps > 0)
        .map(|(sum, word)| {
            format!("{} {word} a spec: {:.0} % rework", counted(sum.0, "app", "apps"), share(sum) * 100.0)
        })
        .collect();
    let tested = with.0 + without.0;
    let lacks = format!("insufficient data: {APPS} apps of each kind are needed");
    if with.0.min(without.0) < APPS {
        said.push(lacks.clone());
        return (Status::InsufficientData, tested, note(&rule, &said, &lacks));
    }
    let is_less = share(with) <= share(without) * (1.0 - LESS);
    let is_chance = exchange::chance(&away(&shares, 1), &away(&shares, 0)) > robust::FALSE_SHARE;
    if is_less && is_chance {
        said.push("the difference may be chance".to_owned());
    }
    let status = if is_less && !is_chance { Status::Found } else { Status::Nothing };
    (status, tested, note(&rule, &said, &lacks))
}

/// Shares of one kind, less the mean of both kinds.
#[expect(clippy::cast_precision_loss, reason = "a count of apps")]
fn away(shares: &[Vec<f64>; 2], kind: usize) -> Vec<f64> {
    let all = shares.concat();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    shares[kind].iter().map(|share| share - mean).collect()
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
