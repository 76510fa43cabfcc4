//! From classified events to the report: the waist, what it means, and all that a report shows. `audit` is `roll_up` and
//! then `of`; a bundle lies between the two.
use anyhow::{Context as _, ensure};

use crate::{
    audit::{self, policy::Policy, reconcile::Reconciliation},
    classify::doubt::Doubt,
    model::{account::Meter, instant::Instant, problem::Problem},
    pipeline::{
        self, Events, Settings, Terms,
        notes::notes,
        plan_notes,
        planning::{self, Ahead},
        request::Request,
        waist::{FileFacts, Waist},
    },
    report::{self, FileView, ProblemView, Problems, Report, json},
    rollup::{self, AccountRollup},
};

/// A whole audit.
#[derive(Debug)]
pub struct Audit {
    /// The small tables behind it.
    pub waist: Waist,
    /// What is asked of them.
    pub terms: Terms,
    /// The books against each other.
    pub reconciliation: Reconciliation,
    /// The moment it is made for.
    pub now: Instant,
    /// What lies ahead of that moment.
    pub ahead: Ahead,
}

/// How many problem rows a report shows; `rejects.csv` has all.
const FIRST_PROBLEMS: usize = 20;

/// Reads, classifies, adds up and audits.
///
/// # Errors
/// As [`pipeline::classify()`]; and when the selection picks no event.
pub fn audit(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Audit> {
    let events = pipeline::classify(settings, progress)?;
    progress("adding up");
    let terms = &settings.terms;
    let with_spend = !terms.budgets.is_empty() || !terms.centers.is_empty() || planning::needs_members(&terms.planning);
    let waist = roll_up(&events, settings, with_spend)?;
    check_choice(&waist)?;
    progress("looking ahead");
    of(waist, events.request.terms)
}

/// Adds up events; who used what in which minute is told where budgets, cost centres or bundles ask for it.
///
/// # Errors
/// When polars fails.
pub fn roll_up(events: &Events, settings: &Settings, with_spend: bool) -> anyhow::Result<Waist> {
    let doubt = Doubt::new(settings.ingest.prompts.weights());
    let (zone, selection) = (&settings.zone, &events.request.selection);
    let rollups = rollup::roll_up(events.classified(), &rollup::Settings { zone, selection, doubt: &doubt })?;
    Ok(Waist::new(events, rollups, settings, with_spend))
}

/// Checks that something was chosen.
///
/// # Errors
/// When the selection picks no event.
pub(super) fn check_choice(waist: &Waist) -> anyhow::Result<()> {
    ensure!(
        waist.rollups.period.is_some(),
        "no event is left after --from, --to, --user, --app, --feature, --action and --meter: widen the selection"
    );
    Ok(())
}

/// Audits what was added up.
///
/// # Errors
/// When an instant lies where calendars end.
pub fn of(mut waist: Waist, terms: Terms) -> anyhow::Result<Audit> {
    let (_, last) = waist.rollups.period.context("a bundle without events has no report")?;
    let now = terms.now.map_or_else(|| planning::end_of_day(last, &waist.zone), Ok)?;
    waist.rollups.set_prices(&terms.prices);
    let told = waist.files.iter().map(|file| (file.view.path.as_str(), &file.told[..]));
    let reconciliation = waist.books.reconciled(told);
    let ahead = planning::look_ahead(&waist, &terms, now)?;
    let request = Request { selection: waist.reading.selection(), terms };
    waist.notes.extend(request.unmet(&waist.known));
    let Request { terms, .. } = request;
    Ok(Audit { waist, terms, reconciliation, now, ahead })
}

impl Audit {
    /// The scope held against the account that the plan is about, else the first that is built with.
    fn scope(&self) -> Option<report::scope::V1Scope> {
        let is_building = |account: &&AccountRollup| account.account.meter == Meter::Message;
        let building = || self.waist.rollups.accounts.iter().filter(is_building);
        let plans = building().find(|one| Some(&one.account) == self.ahead.outlooks.message.account.as_ref());
        let account = plans.or_else(|| building().next())?;
        self.terms.scope.as_ref().map(|scope| report::scope::view(scope, account, self.now))
    }

    /// What is to be known before forecast and plans are believed, in sentences.
    pub fn plan_notes(&self) -> Vec<String> {
        plan_notes::notes(&self.waist, &self.terms, &self.ahead, self.now)
    }

    /// Hands the report everything it shows.
    pub fn with_report<T>(&self, show: impl FnOnce(&Report) -> T) -> T {
        let Self { waist, terms, reconciliation, now, ahead } = self;
        let files: Vec<FileView> = waist.files.iter().map(|file| file.view.clone()).collect();
        let policy = Policy {
            planning: &terms.planning,
            outlooks: &ahead.outlooks,
            budgets: &terms.projects.budgets,
            projects: &terms.projects.apps,
        };
        let audited = audit::findings::find(&waist.rollups, reconciliation, (*now, &waist.zone), Some(&policy));
        show(&Report {
            title: waist.titles.join(", "),
            version: env!("CARGO_PKG_VERSION"),
            profile: &terms.profile,
            now: *now,
            zone: &waist.zone,
            rollups: &waist.rollups,
            files: &files,
            rows: waist.rows(),
            problems: problems(&waist.files),
            unread: pipeline::unread(&waist.skipped),
            notes: notes(waist).into_iter().chain(self.plan_notes()).collect(),
            findings: json::findings::findings(&audited, &waist.rollups),
            checks: audited.checks.iter().map(Into::into).collect(),
            overlaps: waist.overlaps.shown(),
            reconciliation,
            outlooks: &ahead.outlooks,
            plan_fit: ahead.fit.as_ref(),
            budgets: &ahead.budgets,
            scope: self.scope(),
            workspaces: report::workspaces::view(&waist.rollups, &audited.findings),
            comparison: report::people::view(&waist.rollups, *now),
            chargeback: report::centers::view(
                waist.rollups.accounts.iter(),
                &terms.centers,
                &waist.spend,
                ahead.settled.as_ref(),
            ),
            prompts: &waist.prompts,
            max_rows: terms.max_rows,
            charts: terms.charts,
        })
    }
}

fn problems(files: &[FileFacts]) -> Problems {
    let all = files.iter().flat_map(|file| file.problems.iter().map(move |rejected| (file, &rejected.problem)));
    let view = |(file, problem): (&FileFacts, &Problem)| ProblemView {
        path: file.view.path.clone(),
        line: problem.place.line,
        byte: problem.byte,
        column: problem.column.clone(),
        value: problem.value.clone(),
        cause: problem.cause.clone(),
    };
    let count = files.iter().map(|file| file.view.rows.rejected).sum();
    Problems { first: all.take(FIRST_PROBLEMS).map(view).collect(), count }
}
