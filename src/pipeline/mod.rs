//! Joins the stages. The only place that calls more than one of them.
mod again;
pub mod audit;
pub mod bundle;
pub mod compare;
pub mod convert;
pub mod manifest;
mod notes;
pub mod output;
mod plan_notes;
pub mod planning;
pub mod reconcile;
pub mod rejects;
pub mod request;
pub mod verify;
pub mod waist;
pub mod worker;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

pub use notes::doubts;
use notes::nothing_accepted;
use request::{Known, Request};
use waist::FileFacts;

use crate::{
    audit::{budget::Budget, chargeback::Center, estimate::Projects, outlook::Planning, scope::Scope},
    classify::{
        self,
        corrections::{Corrected, Corrections},
        feature_map::FeatureMap,
        links::{self, Inferred},
    },
    ingest::{
        self, FileReport, Ingested, Skipped,
        identity::{
            mask,
            pseudonyms::{Mask, Pseudonyms},
        },
        prompts::Prompts,
    },
    model::{decision::Decision, digest, event::Place, instant::Instant, names::Names, problem::RowCount, zone::Zone},
    rollup::{Classified, Prices, Selection},
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
    /// What is asked of what was read.
    pub terms: Terms,
    /// The files behind these settings.
    pub files: Vec<NamedFile>,
    /// The options on reading that neither these files nor the choice of events tell, as they were typed.
    pub typed: Vec<String>,
}

/// What is asked of what was read: prices, plans, limits, and the moment of the report.
#[derive(Debug, Clone)]
pub struct Terms {
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
    /// In which forms charts are written.
    pub charts: crate::report::charts::Forms,
    /// The options on plans, as they were typed.
    pub typed: Vec<String>,
}

/// A file that an option names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// The option.
    pub option: Cow<'static, str>,
    /// The path, relative to the working folder where it lies below it.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Settings {
    /// What is asked for by name, as it was written.
    pub fn request(&self) -> Request {
        Request { selection: self.selection.clone(), terms: self.terms.clone() }
    }
}

impl NamedFile {
    /// Digests the file of an option.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(option: &'static str, path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self { option: option.into(), path: ingest::discover::label(path), sha256: digest::sha256(&bytes) })
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
    /// What is asked for, by the names that these events have.
    pub request: Request,
    /// What became of corrections, in sentences.
    pub notes: Vec<String>,
    /// What takes the names of users out of texts, where that is wanted.
    pub mask: Option<Mask>,
}

/// Events that are read and ordered.
#[derive(Debug)]
pub struct Read {
    /// What was read, without its events.
    pub input: Ingested,
    /// The ordered events.
    pub timeline: Timeline,
    /// What is asked for, by the names that these events have.
    pub request: Request,
}

/// Reads and orders, without classification: enough to tell what files are.
///
/// # Errors
/// When a file cannot be read or is no known export.
pub fn read(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Read> {
    let prompts = Prompts { are_skipped: true, ..settings.ingest.prompts.clone() };
    let ingest = ingest::Settings { prompts, ..settings.ingest.clone() };
    let (mut input, timeline) = ordered(&settings.paths, &ingest, settings.gap, progress)?;
    let request = settings.request().with_users(&settings.ingest.aliases);
    let mask = hidden(&mut input, &request, settings)?;
    let request = mask.iter().fold(request, Request::masked);
    Ok(Read { input, timeline, request })
}

fn ordered(
    paths: &[PathBuf],
    settings: &ingest::Settings,
    gap: Gap,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<(Ingested, Timeline)> {
    let input = ingest::ingest(paths, settings, progress)?;
    let exports = Exports::of(&[&input.events, &input.pool], &input.names);
    in_order(input, &exports, gap)
}

/// Orders what was read, and counts once what stands in several files.
fn in_order(mut input: Ingested, exports: &Exports, gap: Gap) -> anyhow::Result<(Ingested, Timeline)> {
    let mut timeline = Timeline::order_of(std::mem::take(&mut input.events), &input.names, exports, gap);
    let pool = Timeline::order_of(std::mem::take(&mut input.pool), &input.names, exports, gap);
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
    let mut events = classify_named(settings, progress)?;
    if let Some(mask) = hidden(&mut events.input, &events.request, settings)? {
        for note in &mut events.notes {
            mask.clear(note);
        }
        events.request = events.request.masked(&mask);
        events.notes.push(PSEUDONYMS.to_owned());
        events.mask = Some(mask);
    }
    Ok(events)
}

/// What is to be known of names under pseudonyms.
const PSEUDONYMS: &str = "users stand under pseudonyms: the same salt gives the same ones; in texts, first names alone, \
     initials and nicknames are not known for names and stay";

/// As [`classify()`], with the names of users, whatever is wanted.
fn classify_named(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Events> {
    let (mut input, timeline) = ordered(&settings.paths, &settings.ingest, settings.gap, progress)?;
    if timeline.events().is_empty() || input.skipped.iter().any(|skipped| skipped.is_named) {
        let request = settings.request().with_users(&settings.ingest.aliases);
        hidden(&mut input, &request, settings)?;
        if let Some(skipped) = input.skipped.iter().find(|skipped| skipped.is_named) {
            bail!("{}: {}", skipped.path, skipped.cause);
        }
        let files: Vec<FileFacts> = input.files.iter().map(FileFacts::of).collect();
        bail!(nothing_accepted(&files, &input.skipped, !input.pool.is_empty()));
    }
    progress("classifying");
    decided(input, timeline, settings)
}

/// Classifies what was read and ordered.
fn decided(mut input: Ingested, timeline: Timeline, settings: &Settings) -> anyhow::Result<Events> {
    let request = settings.request().with_users(&settings.ingest.aliases);
    let (mut corrected, mut notes) = settings.corrections.find(&input, &timeline)?;
    let weights = settings.ingest.prompts.weights();
    let mut decisions = classify::classify_corrected(&timeline, &input.names, weights, &corrected);
    notes.extend(settings.corrections.without_echoes(&mut corrected, &decisions));
    let mut inferred = links::link(&timeline, &mut decisions, &mut input.names);
    if let Some(features) = &settings.features {
        notes.extend(features.apply(&timeline, &mut input.names, &mut inferred));
    }
    Ok(Events { input, timeline, decisions, inferred, corrected, request, notes, mask: None })
}

/// The position of the event that is named by its id or by `file:line`.
///
/// # Errors
/// When there is none, or several.
pub fn position_of(events: &Events, name: &str) -> anyhow::Result<usize> {
    let Events { input, timeline, .. } = events;
    let name = events.masked(name);
    let is_named = |place: Place| {
        input.at(place) == name || input.kept.get(&place).and_then(|kept| kept.id.as_deref()) == Some(&*name)
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
fn hidden(input: &mut Ingested, request: &Request, settings: &Settings) -> anyhow::Result<Option<Mask>> {
    let Some(pseudonyms) = &settings.pseudonyms else { return Ok(None) };
    let mut mask = {
        let persons = mask::persons(input, &settings.ingest.aliases);
        pseudonyms.mask(persons.into_iter().chain(request.users().map(|user| (user, user))))?
    };
    mask.keep_apart(input.names.places());
    mask::hide(input, &mask);
    Ok(Some(mask))
}

impl Events {
    /// The events as the rollup takes them.
    pub fn classified(&self) -> Classified<'_> {
        let Self { timeline, decisions, inferred, .. } = self;
        Classified { timeline, decisions, inferred, names: self.names() }
    }

    /// Which names that are asked for nothing in the files has, in sentences.
    pub fn unmet(&self) -> Vec<String> {
        self.request.unmet(&self.known())
    }

    /// The names that the files have.
    pub(super) fn known(&self) -> Known {
        Known::of(self.names(), &self.timeline, &self.inferred)
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

/// The rows of all files.
pub fn total_rows(files: &[FileReport]) -> RowCount {
    files.iter().fold(RowCount::default(), |sum, file| sum.plus(file.rows))
}

/// The files that may well be exports and could not be read, a sentence each: what they hold is missing.
pub fn unread(skipped: &[Skipped]) -> Vec<String> {
    let damaged = skipped.iter().filter(|skipped| skipped.is_damaged);
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
