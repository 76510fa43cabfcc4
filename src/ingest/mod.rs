//! Files become compact events and located problems. A bad row never fails a run and never disappears: each row of
//! each file is accounted for. Text is read here and nowhere later.
pub mod aider;
pub mod anthropic;
pub mod base44_monitoring;
pub mod base44_workflows;
pub mod batch;
#[cfg(test)]
mod check;
pub mod claude_code;
pub mod codex;
mod contents;
pub mod copilot;
pub mod cursor;
pub mod discover;
mod find;
mod folder;
pub mod identity;
pub(crate) mod isolate;
pub mod json_rows;
pub mod ledger;
pub mod map;
pub mod openai;
pub mod openrouter;
mod overlap;
mod parquet;
pub mod pooled;
pub mod prompts;
pub mod resumed;
pub mod sheet;
pub mod slices;
pub mod source;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
pub mod token_prices;
pub mod totals;
pub mod units;
pub mod unpack;
pub mod v0;
pub mod value;
pub mod windsurf;
mod workbook;

use std::{borrow::Cow, collections::BTreeMap, path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::model::{
    account::Unit,
    amount::Amount,
    digest,
    event::{Event, Place},
    instant::Instant,
    names::Names,
    problem::{Problem, RowCount},
    zone::Zone,
};
use batch::{Batch, Measure, Second};
use discover::{Found, Input};
use identity::{Aliases, Spellings};
use map::Map;
use prompts::{KeptText, Prompts};
use source::Source;
use table::evidence::{Conventions, Pooled};
use totals::ToldTotal;
use value::{decimal::Mark, order::DateOrder};

/// How files are read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the files are, where the user said so.
    pub source: Option<Source>,
    /// The zone of times without an offset, where the user declared one.
    pub zone: Option<Zone>,
    /// The unit to audit, where the user picked one.
    pub unit: Option<Unit>,
    /// What the columns of a foreign table are, where the user gave a map.
    pub map: Option<Arc<Map>>,
    /// Whether a table that lacks the map's columns is refused rather than read as what it is.
    pub map_must_fit: bool,
    /// The order of dates such as `03/04/2026`, where the user said so.
    pub date_order: DateOrder,
    /// How tables are written that were told by others with the same header.
    pub pooled: Pooled,
    /// The decimal mark, where the user said so.
    pub decimal_mark: Mark,
    /// The vendor whose credits a ledger without a `provider` column holds.
    pub ledger_provider: String,
    /// The sheet of workbooks to read, where the user named one.
    pub sheet: Option<String>,
    /// How many bytes a compressed file may unpack to, where the user said so.
    pub max_size: Option<u64>,
    /// Whether prompts and event ids are kept beside the events.
    pub keep: Keep,
    /// Other names of users.
    pub aliases: Aliases,
    /// How prompts are read.
    pub prompts: Prompts,
}

/// What is kept of each row's text beyond cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// Nothing.
    #[default]
    Nothing,
    /// The event ids.
    Ids,
    /// The event ids and the prompts.
    IdsAndPrompts,
}

impl Keep {
    /// The same, but at least the event ids.
    #[must_use]
    pub const fn with_ids(self) -> Self {
        match self {
            Self::Nothing | Self::Ids => Self::Ids,
            Self::IdsAndPrompts => Self::IdsAndPrompts,
        }
    }
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// The path as given or found; of a member of an archive, followed by its name.
    pub path: String,
    /// SHA-256 of the bytes on disk, in hexadecimal: all members of an archive have that of the archive.
    pub sha256: String,
    /// What it was read as.
    pub source: Source,
    /// How sure that is, 0 to 1; 1 where the user said so.
    pub confidence: f64,
    /// Its columns by what they were read as, and those that were not.
    pub columns: Columns,
    /// Where its rows went.
    pub rows: RowCount,
    /// The first and last instant that it tells.
    pub period: Option<(Instant, Instant)>,
    /// What its amount columns add up to.
    pub measures: Vec<Measure>,
    /// The problem rows.
    pub problems: Vec<Rejected>,
    /// How its numbers were found to be written.
    pub conventions: Conventions,
    /// What was decided while reading, in sentences.
    pub notes: Vec<String>,
    /// Totals of users, apps and workspaces that it tells instead of events.
    pub told: Vec<ToldTotal>,
}

/// The header of a table, by what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Every header name in its order, those that this program adds left out.
    pub header: Vec<String>,
    /// Header name and the field it was read as.
    pub matched: Vec<(String, &'static str)>,
    /// Header names that no field is read from.
    pub unmatched: Vec<String>,
}

/// A row that failed a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// What is wrong and where.
    pub problem: Problem,
    /// Its cells in the order of the header, surplus ones after them; prompts blank unless they are kept.
    pub cells: Vec<String>,
}

/// A file that was found and not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// Why it was not read.
    pub cause: String,
    /// Whether the user named it: an audit does not go on without it.
    pub is_named: bool,
    /// Whether it may well be an export, but is damaged or cannot be opened.
    pub is_damaged: bool,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Consumption and refunds, in file order.
    pub events: Vec<Event>,
    /// Grants, top-ups and expiries, in file order.
    pub pool: Vec<Event>,
    /// The dictionaries of both.
    pub names: Names,
    /// The files, in order of their paths.
    pub files: Vec<FileReport>,
    /// Files that are no exports.
    pub skipped: Vec<Skipped>,
    /// Kept text by place.
    pub kept: BTreeMap<Place, KeptText>,
    /// The balances told after rows, in the order of their places.
    pub balances: Vec<(Place, Amount)>,
    /// The amounts in another unit beside the audited ones, in the order of their places, where event ids are kept.
    pub seconds: Vec<(Place, Second)>,
    /// What was decided for the whole input, in sentences.
    pub notes: Vec<String>,
}

/// Reads files, folders, patterns and `-` (standard input).
///
/// # Errors
/// When a path does not exist or cannot be read, or no source has the wanted unit.
pub fn ingest(paths: &[PathBuf], settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Ingested> {
    let found = discover::discover(paths)?;
    let read = pooled::read(&found, settings, &|found, settings| {
        progress(&found.label);
        read(found, settings)
    });
    let mut tables: Vec<Table> = Vec::new();
    let mut all_skipped = Vec::new();
    for (mut read, mut skipped) in read {
        tables.append(&mut read);
        all_skipped.append(&mut skipped);
    }
    Ok(Ingested { skipped: all_skipped, ..combine(tables, settings, None)? })
}

/// What files tell together, beside their rows: it is agreed on before any of them is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Which amounts are audited.
    pub units: units::Choice,
    /// How users are spelled.
    pub spellings: Spellings,
    /// Whether the rows that stand in several files are known: then totals of days are not held against the single events of
    /// some workspaces, which are not all.
    pub is_judged: bool,
}

/// Puts tables together: what stands in several counts once, as far as it can be told without an order of the events. Where
/// they are some of many tables, what all of them agreed on is given.
///
/// # Errors
/// When no source has the wanted unit.
pub fn combine(mut tables: Vec<Table>, settings: &Settings, agreed: Option<&Agreed>) -> anyhow::Result<Ingested> {
    tables.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let mut ingested = Ingested::default();
    let mut batches: Vec<Batch>;
    (ingested.files, batches) = tables.into_iter().unzip();
    renumber(&mut ingested.files, &mut batches);
    let survey = || batches.iter().map(units::Survey::of).fold(units::Survey::default(), units::Survey::and);
    let units = agreed.map_or_else(|| survey().choose(settings.unit), |agreed| Ok(agreed.units.clone()))?;
    resumed::count_once(&mut ingested.files, &mut batches);
    if !agreed.is_some_and(|agreed| agreed.is_judged) {
        overlap::drop_covered(&mut ingested.files, &mut batches, settings);
    }
    units.apply(&mut batches);
    ingested.notes = units.notes();
    let batch = Batch::joined(batches);
    if settings.keep != Keep::Nothing {
        let seconds = batch.events.iter().zip(&batch.second);
        ingested.seconds = seconds.filter_map(|(event, second)| Some((event.place, (*second)?))).collect();
    }
    (ingested.names, ingested.kept) = (batch.names, batch.kept);
    (ingested.events, ingested.pool, ingested.balances) = (batch.events, batch.pool, batch.balances);
    ingested.balances.sort_by_key(|(place, _)| *place);
    ingested.seconds.sort_by_key(|(place, _)| *place);
    let spellings = agreed.map_or_else(
        || Cow::Owned(identity::spellings(ingested.names.users(), &settings.aliases)),
        |agreed| Cow::Borrowed(&agreed.spellings),
    );
    identity::apply(&mut ingested, &settings.aliases, &spellings);
    Ok(ingested)
}

impl Ingested {
    /// How an event is named to people: its id, else `file:line`.
    pub fn reference(&self, place: Place) -> String {
        let id = self.kept.get(&place).and_then(|kept| kept.id.as_deref());
        id.map_or_else(|| self.at(place), str::to_owned)
    }

    /// A place as `file:line`.
    pub fn at(&self, place: Place) -> String {
        format!("{}:{}", self.files[place.file as usize].path, place.line)
    }
}

/// Reads a file by itself, or as several files together tell how it is written.
pub fn read_file(found: &Found, settings: &Settings, told: Option<&pooled::Told>) -> (Vec<Table>, Vec<Skipped>) {
    told.map_or_else(|| read(found, settings), |told| told.read_again(found, settings, &read))
}

/// A table or a transcript that was read.
pub type Table = (FileReport, Batch);

/// What the bytes of a file hold: how many rows were accepted of each table or transcript in it, or why it was not read.
/// Nothing is read from the disk and nothing is digested, so this is what parsing and checking cost.
pub fn parse(bytes: &[u8], settings: &Settings) -> Vec<Result<u64, source::ReadError>> {
    let contents = contents::read(bytes, settings);
    contents.into_iter().map(|content| content.outcome.map(|(_, _, batch)| batch.rows.accepted)).collect()
}

/// Reads one file and all that is in it.
fn read(found: &Found, settings: &Settings) -> (Vec<Table>, Vec<Skipped>) {
    let is_named = found.input != Input::InFolder;
    let skipped = |path, cause, is_damaged| Skipped { path, cause, is_named, is_damaged };
    let bytes = match found.read() {
        Ok(bytes) => bytes,
        Err(err) => return (Vec::new(), vec![skipped(found.label.clone(), format!("cannot be read: {err}"), true)]),
    };
    let settings = Settings { map_must_fit: is_named, ..settings.clone() };
    let (sha256, contents) = rayon::join(|| digest::sha256(&bytes), || contents::read(&bytes, &settings));
    let (mut tables, mut unread) = (Vec::new(), Vec::new());
    for content in contents {
        let path = content.member.map_or_else(|| found.label.clone(), |member| format!("{}/{member}", found.label));
        match content.outcome {
            Ok((source, confidence, batch)) => tables.push(report(path, &sha256, source, confidence, batch)),
            Err(err) => unread.push(skipped(path, err.to_string(), err.is_damage())),
        }
    }
    // What lies in an archive beside exports is as what lies in a folder beside them, unless it is damaged.
    for skipped in &mut unread {
        skipped.is_named &= tables.is_empty() || skipped.is_damaged;
    }
    (tables, unread)
}

fn report(path: String, sha256: &str, source: Source, confidence: f64, mut batch: Batch) -> Table {
    let report = FileReport {
        path,
        sha256: sha256.to_owned(),
        source,
        confidence,
        columns: std::mem::take(&mut batch.columns),
        rows: batch.rows,
        period: batch.period,
        measures: std::mem::take(&mut batch.measures),
        problems: std::mem::take(&mut batch.problems),
        conventions: batch.conventions,
        notes: batch.sentences(),
        told: std::mem::take(&mut batch.told),
    };
    (report, batch)
}

/// Numbers the files that were read from 0 on, without the skipped ones.
fn renumber(files: &mut [FileReport], batches: &mut [Batch]) {
    for (index, (file, batch)) in (0..).zip(files.iter_mut().zip(batches)) {
        batch.set_file(index);
        for rejected in &mut file.problems {
            rejected.problem.place.file = index;
        }
    }
}
