//! Joins the stages. The only place that calls more than one of them.
pub mod compare;
pub mod convert;
pub mod manifest;
mod notes;
pub mod output;
pub mod planning;
pub mod reconcile;
pub mod rejects;
pub mod verify;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::Days;

use notes::{notes, nothing_accepted};

use crate::{
    audit::{
        self, budget::Budget, chargeback::Center, estimate::Projects, outlook::Planning, policy::Policy,
        reconcile::Reconciliation, scope::Scope,
    },
    classify::{
        self,
        corrections::{Corrected, Corrections},
        doubt::Doubt,
        feature_map::FeatureMap,
        links::{self, Inferred},
    },
    ingest::{
        self, FileReport, Ingested,
        identity::{
            mask,
            pseudonyms::{Mask, Pseudonyms},
        },
        prompts::Prompts,
    },
    model::{
        account::Meter, decision::Decision, digest, event::Place, instant::Instant, names::Names, problem::RowCount,
        zone::Zone,
    },
    report::{self, FileView, ProblemView, Problems, Report, json},
    rollup::{self, AccountRollup, Classified, Prices, Rollups, Selection},
    timeline::{Exports, Gap, Timeline},
};

/// What a run is asked for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Files, folders, patterns, `-`.
    pub paths: Vec<PathBuf>,
    /// How files are read.
    pub ingest: ingest::Settings,
    /// What people know better than the weights.
    pub corrections: Corrections,
    /// Names of users that the outputs show in place of their own, where that is wanted.
    pub pseudonyms: Option<Pseudonyms>,
    /// What a team calls its features.
    pub features: Option<FeatureMap>,
    /// The pause that ends a session.
    pub gap: Gap,
    /// The zone of days and hours in reports.
    pub zone: Zone,
    /// Which events count.
    pub selection: Selection,
    /// What credits cost.
    pub prices: Prices,
    /// The plans, the cycle, and what is asked of them.
    pub planning: Planning,
    /// Kinds of projects, and which app is of which.
    pub projects: Projects,
    /// What is to be built, and how far each feature is.
    pub scope: Option<Scope>,
    /// Who pays for what.
    pub centers: Vec<Center>,
    /// Limits for each cycle.
    pub budgets: Vec<Budget>,
    /// The moment the report is made for; absent: the end of the last day in the data.
    pub now: Option<Instant>,
    /// The profile of rates and bands.
    pub profile: String,
    /// At most this many rows of a cut in JSON.
    pub max_rows: usize,
    /// The files behind these settings.
    pub files: Vec<NamedFile>,
}

/// A file that an option names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// The option.
    pub option: &'static str,
    /// The path, relative to the working folder where it lies below it.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl NamedFile {
    /// Digests the file of an option.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(option: &'static str, path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self { option, path: ingest::discover::label(path), sha256: digest::sha256(&bytes) })
    }
}

/// Events that are read, ordered and classified.
#[derive(Debug)]
pub struct Events {
    /// What was read, without its events.
    pub input: Ingested,
    /// The ordered events.
    pub timeline: Timeline,
    /// The decision on each.
    pub decisions: Vec<Decision>,
    /// The inferred feature of each.
    pub inferred: Vec<Option<Inferred>>,
    /// The classes that people gave.
    pub corrected: Corrected,
    /// What became of corrections, in sentences.
    pub notes: Vec<String>,
    /// What takes the names of users out of texts, where that is wanted.
    pub mask: Option<Mask>,
}

/// A whole audit.
#[derive(Debug)]
pub struct Audit {
    /// The events behind it.
    pub events: Events,
    /// The small tables.
    pub rollups: Rollups,
    /// The books against each other.
    pub reconciliation: Reconciliation,
    /// The moment it is made for.
    pub now: Instant,
    /// What lies ahead of that moment.
    pub ahead: planning::Ahead,
}

/// How many problem rows a report shows; `rejects.csv` has all.
const FIRST_PROBLEMS: usize = 20;

/// Reads and orders, without classification: enough to tell what files are.
///
/// # Errors
/// When a file cannot be read or is no known export.
pub fn read(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<(Ingested, Timeline)> {
    let prompts = Prompts { are_skipped: true, ..settings.ingest.prompts.clone() };
    let ingest = ingest::Settings { prompts, ..settings.ingest.clone() };
    let (mut input, timeline) = ordered(&settings.paths, &ingest, settings.gap, progress)?;
    masked(&mut input, settings)?;
    Ok((input, timeline))
}

fn ordered(
    paths: &[PathBuf],
    settings: &ingest::Settings,
    gap: Gap,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<(Ingested, Timeline)> {
    let mut input = ingest::ingest(paths, settings, progress)?;
    let exports = Exports::of(&[&input.events, &input.pool], &input.names);
    let mut timeline = Timeline::order_of(std::mem::take(&mut input.events), &input.names, &exports, gap);
    let pool = Timeline::order_of(std::mem::take(&mut input.pool), &input.names, &exports, gap);
    for Place { file, .. } in timeline.duplicates().iter().chain(pool.duplicates()) {
        let rows = &mut input.files[*file as usize].rows;
        (rows.accepted, rows.duplicates) = (rows.accepted - 1, rows.duplicates + 1);
    }
    timeline.adopt_overlaps(&pool);
    input.pool = pool.events().to_vec();
    if let Some(file) = input.files.iter().find(|file| !file.rows.balances()) {
        bail!("{}: its rows do not add up, which is a defect of creditscope: {:?}", file.path, file.rows);
    }
    Ok((input, timeline))
}

/// Reads, orders and classifies.
///
/// # Errors
/// When a file cannot be read, is no known export, or no row of any file was accepted.
pub fn classify(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Events> {
    let (mut input, timeline) = ordered(&settings.paths, &settings.ingest, settings.gap, progress)?;
    if let Some(skipped) = input.skipped.iter().find(|skipped| skipped.is_named) {
        bail!("{}: {}", skipped.path, skipped.cause);
    }
    if timeline.events().is_empty() {
        bail!(nothing_accepted(&input));
    }
    progress("classifying");
    let (corrected, mut notes) = settings.corrections.find(&input, &timeline)?;
    let weights = settings.ingest.prompts.weights();
    let mut decisions = classify::classify_corrected(&timeline, &input.names, weights, &corrected);
    let mut inferred = links::link(&timeline, &mut decisions, &mut input.names);
    if let Some(features) = &settings.features {
        notes.extend(features.apply(&timeline, &mut input.names, &mut inferred));
    }
    let mask = masked(&mut input, settings)?;
    if let Some(mask) = &mask {
        for note in &mut notes {
            mask.clear(note);
        }
        notes.push("users stand under pseudonyms: the same salt gives the same ones".to_owned());
    }
    Ok(Events { input, timeline, decisions, inferred, corrected, notes, mask })
}

/// The position of the event that is named by its id or by `file:line`.
///
/// # Errors
/// When there is none, or several.
pub fn position_of(events: &Events, name: &str) -> anyhow::Result<usize> {
    let Events { input, timeline, .. } = events;
    let is_named = |place: Place| {
        input.at(place) == name || input.kept.get(&place).and_then(|kept| kept.id.as_deref()) == Some(name)
    };
    let mut found = timeline.events().iter().zip(0..).filter(|(event, _)| is_named(event.place));
    match (found.next(), found.next()) {
        (Some((_, position)), None) => Ok(position),
        (Some((one, _)), Some((other, _))) => {
            let (one, other) = (input.at(one.place), input.at(other.place));
            bail!("several events are called {name:?}: name one by file and line, such as {one} or {other}")
        }
        (None, _) => bail!(
            "no event {name:?}: name it by its id or by file:line, as `creditscope classify` does; grants, top-ups and \
             rows that are no events have no class"
        ),
    }
}

/// Who gave the event at a position its class, where people did.
pub fn corrected_by(settings: &Settings, events: &Events, position: usize) -> Option<String> {
    settings.corrections.by(&events.corrected, u32::try_from(position).unwrap_or(u32::MAX))
}

/// Takes the names of users out of what was read, where that is wanted.
fn masked(input: &mut Ingested, settings: &Settings) -> anyhow::Result<Option<Mask>> {
    let pseudonyms = settings.pseudonyms.as_ref();
    pseudonyms.map(|pseudonyms| mask::mask(input, pseudonyms, &settings.ingest.aliases)).transpose()
}

/// The whole job up to the small tables.
///
/// # Errors
/// As [`classify()`]; and when the selection picks no event.
pub fn audit(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Audit> {
    let events = classify(settings, progress)?;
    progress("adding up");
    let doubt = Doubt::new(settings.ingest.prompts.weights());
    let Settings { zone, selection, prices, .. } = settings;
    let how = rollup::Settings { zone, selection, prices, doubt: &doubt };
    let rollups = rollup::roll_up(events.classified(), &how)?;
    let Some((_, last)) = rollups.period else {
        bail!(
            "no event is left after --from, --to, --user, --app, --feature, --action and --meter: widen the selection"
        );
    };
    let now = settings.now.map_or_else(|| end_of_day(last, &settings.zone), Ok)?;
    let reconciliation = reconcile::reconcile(&events.input, &events.timeline, &settings.selection);
    progress("looking ahead");
    let ahead = planning::look_ahead(&events, &rollups, settings, now)?;
    Ok(Audit { events, rollups, reconciliation, now, ahead })
}

impl Events {
    /// The events as the rollup takes them.
    pub fn classified(&self) -> Classified<'_> {
        let Self { timeline, decisions, inferred, .. } = self;
        Classified { timeline, decisions, inferred, names: self.names() }
    }

    /// A text, without names of users where that is wanted.
    pub fn masked(&self, text: &str) -> String {
        self.mask.as_ref().and_then(|mask| mask.text(text)).unwrap_or_else(|| text.to_owned())
    }

    /// The dictionaries.
    pub fn names(&self) -> &Names {
        &self.input.names
    }
}

impl Audit {
    /// The scope held against the account that the plan is about, else the first that is built with.
    fn scope(&self, settings: &Settings) -> Option<report::scope::V1Scope> {
        let is_building = |account: &&AccountRollup| account.account.meter == Meter::Message;
        let building = || self.rollups.accounts.iter().filter(is_building);
        let plans = building().find(|one| Some(&one.account) == self.ahead.outlooks.message.account.as_ref());
        let account = plans.or_else(|| building().next())?;
        settings.scope.as_ref().map(|scope| report::scope::view(scope, account, self.now))
    }

    /// Hands the report everything it shows.
    pub fn with_report<T>(&self, settings: &Settings, show: impl FnOnce(&Report) -> T) -> T {
        let files: Vec<FileView> = self.events.input.files.iter().map(file_view).collect();
        let input = &self.events.input;
        let is_metered = self.ahead.fit.is_some();
        let stale = report::ahead::text::stale(&settings.planning.catalogue, self.now).filter(|_| is_metered);
        let policy = Policy {
            planning: &settings.planning,
            outlooks: &self.ahead.outlooks,
            budgets: &settings.projects.budgets,
            projects: &settings.projects.apps,
        };
        let when = (self.now, &settings.zone);
        let audited = audit::findings::find(&self.rollups, &self.reconciliation, when, Some(&policy));
        let title = settings.paths.iter().map(|path| ingest::discover::label(path)).collect::<Vec<_>>().join(", ");
        show(&Report {
            title: self.events.masked(&title),
            version: env!("CARGO_PKG_VERSION"),
            profile: &settings.profile,
            now: self.now,
            zone: &settings.zone,
            rollups: &self.rollups,
            files: &files,
            rows: total_rows(&input.files),
            problems: problems(&input.files),
            unread: unread(input),
            notes: self.events.notes.iter().cloned().chain(notes(input, settings)).chain(stale).collect(),
            findings: json::findings::findings(&audited, &self.rollups),
            checks: audited.checks.iter().map(Into::into).collect(),
            overlaps: report::overlaps::view(input, &self.events.timeline),
            reconciliation: &self.reconciliation,
            outlooks: &self.ahead.outlooks,
            plan_fit: self.ahead.fit.as_ref(),
            budgets: &self.ahead.budgets,
            scope: self.scope(settings),
            comparison: report::people::view(&self.rollups, self.now),
            chargeback: report::centers::view(&self.rollups, &settings.centers, self.ahead.settled.as_ref()),
            max_rows: settings.max_rows,
        })
    }
}

fn file_view(file: &FileReport) -> FileView {
    let FileReport { path, sha256, source, rows, .. } = file;
    FileView { path: path.clone(), sha256: sha256.clone(), source: source.name.to_owned(), rows: *rows }
}

/// The rows of all files.
pub fn total_rows(files: &[FileReport]) -> RowCount {
    files.iter().fold(RowCount::default(), |sum, file| sum.plus(file.rows))
}

fn problems(files: &[FileReport]) -> Problems {
    let all = files.iter().flat_map(|file| file.problems.iter().map(move |rejected| (file, &rejected.problem)));
    let view = |(file, problem): (&FileReport, &crate::model::problem::Problem)| ProblemView {
        path: file.path.clone(),
        line: problem.place.line,
        byte: problem.byte,
        column: problem.column.clone(),
        value: problem.value.clone(),
        cause: problem.cause.clone(),
    };
    let count = files.iter().map(|file| file.rows.rejected).sum();
    Problems { first: all.take(FIRST_PROBLEMS).map(view).collect(), count }
}

/// The files that may well be exports and could not be read, a sentence each: what they hold is missing.
pub fn unread(input: &Ingested) -> Vec<String> {
    let damaged = input.skipped.iter().filter(|skipped| skipped.is_damaged);
    damaged.map(|skipped| format!("{} is missing here: {}", skipped.path, skipped.cause)).collect()
}

/// A problem in one line: file, line, column, value, cause.
pub fn describe(path: &str, problem: &crate::model::problem::Problem) -> String {
    let at = format!("{path}:{}", problem.place.line);
    let byte = problem.byte.map(|byte| format!(" (byte {byte})")).unwrap_or_default();
    match (problem.column.is_empty(), problem.value.is_empty()) {
        (true, _) => format!("{at}: {}{byte}", problem.cause),
        (false, true) => format!("{at}: column {}: {}{byte}", problem.column, problem.cause),
        (false, false) => format!("{at}: column {}: {:?}: {}{byte}", problem.column, problem.value, problem.cause),
    }
}

/// The end of the local day of an instant.
fn end_of_day(at: Instant, zone: &Zone) -> anyhow::Result<Instant> {
    let next = zone.day(at).date().checked_add_days(Days::new(1));
    next.and_then(|next| zone.start_of(next)).with_context(|| format!("finding the end of the day of {at}"))
}
