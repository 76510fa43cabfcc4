//! What one file gives: events, dictionaries of its own, sums, problems.
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    ingest::{
        Columns, Rejected,
        prompts::KeptText,
        resumed::Part,
        table::evidence::{Conventions, Writing},
        totals::ToldTotal,
    },
    model::{
        account::{Basis, Meter, Unit},
        amount::{Amount, Total},
        event::{Event, Place, TagId},
        instant::Instant,
        names::{Names, Translation},
        problem::{Problem, RowCount},
    },
};

/// What an amount column of a file adds up to, over its accepted rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The vendor.
    pub provider: String,
    /// The meter.
    pub meter: Meter,
    /// The unit.
    pub unit: Unit,
    /// How the amounts came about.
    pub basis: Basis,
    /// The column or field, as the source names it.
    pub name: String,
    /// The sum.
    pub amount: Total,
}

/// One file's worth of events.
#[derive(Debug, Default)]
pub struct Batch {
    /// Consumption and refunds.
    pub events: Vec<Event>,
    /// The second amount of each event, where the source has two: as long as `events`, or empty where no event has one.
    pub second: Vec<Option<Second>>,
    /// Grants, top-ups and expiries.
    pub pool: Vec<Event>,
    /// The dictionaries of both.
    pub names: Names,
    /// Where the rows went.
    pub rows: RowCount,
    /// Sums of the amount columns.
    pub measures: Vec<Measure>,
    /// Rows that failed.
    pub problems: Vec<Rejected>,
    /// The header, by what became of it.
    pub columns: Columns,
    /// How its numbers were found to be written.
    pub conventions: Conventions,
    /// Kept text by place.
    pub kept: BTreeMap<Place, KeptText>,
    /// Decisions, in sentences, each with the number of cells or rows it was made for; 0 where it is of the whole file.
    pub notes: BTreeMap<String, u64>,
    /// The first and last instant that the file tells.
    pub period: Option<(Instant, Instant)>,
    /// The balances told after rows, in the order of their places.
    pub balances: Vec<(Place, Amount)>,
    /// What each message of a transcript used.
    pub parts: Vec<Part>,
    /// Totals that the vendor tells instead of events.
    pub told: Vec<ToldTotal>,
    /// The line of the header of another table, while rows below it are read.
    pub rival_below: Option<u32>,
    /// How a table is written.
    pub writing: Option<Writing>,
}

/// An amount beside the one that is audited, in another unit.
pub type Second = (Unit, Amount);

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Its physical line, from 1.
    pub line: u32,
    /// Where it begins, in bytes of the text; `None` where the format has no such place.
    pub byte: Option<u64>,
}

impl From<u32> for Spot {
    fn from(line: u32) -> Self {
        Self { line, byte: None }
    }
}

/// Why a row failed: column, value, cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The column's name in the header; empty for the whole row.
    pub column: String,
    /// The offending value.
    pub value: String,
    /// What is wrong and what to try.
    pub cause: String,
}

/// So many parts are joined at a time, and given up then.
const JOINED: usize = 8;
/// So many events at least are rewritten by one thread.
const SLICE: usize = 1 << 14;

/// Values longer than this are cut in messages.
const LONGEST_VALUE: usize = 60;

impl RowError {
    /// A row failed on one cell.
    pub fn cell(column: &str, value: &str, cause: impl Into<String>) -> Self {
        let mut short: String = value.chars().take(LONGEST_VALUE).collect();
        if short.len() < value.len() {
            short.push('…');
        }
        Self { column: column.to_owned(), value: short, cause: cause.into() }
    }

    /// The whole row failed.
    pub fn row(cause: impl Into<String>) -> Self {
        Self { column: String::new(), value: String::new(), cause: cause.into() }
    }
}

impl Batch {
    /// Books a row as rejected; `cells` in the order of its header, surplus ones after them.
    pub fn reject(&mut self, at: impl Into<Spot>, error: RowError, cells: Vec<String>) {
        let (Spot { line, byte }, RowError { column, value, cause }) = (at.into(), error);
        let problem = Problem { place: Place { file: 0, line }, byte, column, value, cause };
        self.problems.push(Rejected { problem, cells });
        self.rows.rejected += 1;
    }

    /// Books an event with its second amount, if it has one.
    pub fn book(&mut self, event: Event, second: Option<Second>) {
        if second.is_some() || !self.second.is_empty() {
            self.second.resize(self.events.len(), None);
            self.second.push(second);
        }
        self.events.push(event);
    }

    /// The second amount of the event at a position.
    pub fn second_of(&self, event: usize) -> Option<Second> {
        self.second.get(event).copied().flatten()
    }

    /// Adds to the sum of an amount column.
    pub fn measure(&mut self, part: Measure) {
        let same = |sum: &&mut Measure| {
            (&sum.provider, sum.meter, sum.unit, sum.basis, &sum.name)
                == (&part.provider, part.meter, part.unit, part.basis, &part.name)
        };
        match self.measures.iter_mut().find(same) {
            Some(sum) => sum.amount += part.amount,
            None => self.measures.push(part),
        }
    }

    /// Notes a decision that was made for some cells or rows, if there were any.
    pub fn note(&mut self, count: u64, text: &str) {
        if count > 0 {
            *self.notes.entry(text.to_owned()).or_default() += count;
        }
    }

    /// Notes a decision for the whole file.
    pub fn remark(&mut self, text: &str) {
        self.notes.entry(text.to_owned()).or_default();
    }

    /// The decisions as sentences.
    pub fn sentences(&self) -> Vec<String> {
        let sentence =
            |(text, count): (&String, &u64)| if *count == 0 { text.clone() } else { format!("{count} {text}") };
        self.notes.iter().map(sentence).collect()
    }

    /// What several parts hold, one behind the other.
    pub fn joined(mut parts: Vec<Self>) -> Self {
        if parts.len() < 2 {
            return parts.pop().unwrap_or_default();
        }
        let mut whole = Self::default();
        whole.events.reserve_exact(parts.iter().map(|part| part.events.len()).sum());
        whole.balances.reserve_exact(parts.iter().map(|part| part.balances.len()).sum());
        while !parts.is_empty() {
            let behind = parts.split_off(parts.len().min(JOINED));
            whole.append(parts);
            parts = behind;
        }
        whole
    }

    fn append(&mut self, mut parts: Vec<Self>) {
        let mut translations = Vec::with_capacity(parts.len());
        let has_second = !self.second.is_empty() || parts.iter().any(|part| !part.second.is_empty());
        if has_second {
            self.second.resize(self.events.len(), None);
        }
        for part in &mut parts {
            translations.push(self.names.absorb(std::mem::take(&mut part.names)));
            if has_second {
                part.second.resize(part.events.len(), None);
                self.second.append(&mut part.second);
            }
        }
        let translated = |of: fn(&Self) -> &[Event]| -> Vec<(&[Event], &Translation)> {
            parts.iter().map(of).zip(&translations).collect()
        };
        extend(&mut self.events, &translated(|part| &part.events));
        extend(&mut self.pool, &translated(|part| &part.pool));
        for mut other in parts {
            self.rows = self.rows.plus(other.rows);
            for part in other.measures {
                self.measure(part);
            }
            self.problems.append(&mut other.problems);
            self.kept.append(&mut other.kept);
            self.balances.append(&mut other.balances);
            for (text, count) in other.notes {
                *self.notes.entry(text).or_default() += count;
            }
            for at in other.period.into_iter().flat_map(|(first, last)| [first, last]) {
                self.saw(at);
            }
        }
    }

    /// Moves the byte positions of problems from the decoded text to the file; `None` where it had another encoding.
    pub fn move_bytes(&mut self, before_text: Option<u64>) {
        for Rejected { problem, .. } in &mut self.problems {
            problem.byte = problem.byte.zip(before_text).map(|(byte, before)| byte + before);
        }
    }

    /// Widens the period by an instant.
    pub fn saw(&mut self, at: Instant) {
        self.period = Some(self.period.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }

    /// Gives all places the number of this file.
    pub fn set_file(&mut self, file: u32) {
        if file == 0 {
            return;
        }
        for event in self.events.iter_mut().chain(&mut self.pool) {
            event.place.file = file;
        }
        for (place, _) in &mut self.balances {
            place.file = file;
        }
        let kept = std::mem::take(&mut self.kept);
        self.kept = kept.into_iter().map(|(place, text)| (Place { file, ..place }, text)).collect();
    }
}

/// Puts events behind others, in the words of those; several threads write them.
fn extend(to: &mut Vec<Event>, parts: &[(&[Event], &Translation)]) {
    let mut ends = Vec::with_capacity(parts.len());
    for (events, _) in parts {
        ends.push(ends.last().copied().unwrap_or(0) + events.len());
    }
    let rewritten = |part: &mut usize, at: usize| {
        if !ends.get(*part).is_some_and(|end| (end - parts[*part].0.len()..*end).contains(&at)) {
            *part = ends.partition_point(|end| *end <= at);
        }
        let (events, translation) = parts[*part];
        translation.of(&events[at + events.len() - ends[*part]])
    };
    let all = (0..ends.last().copied().unwrap_or(0)).into_par_iter().with_min_len(SLICE);
    to.par_extend(all.map_init(|| 0, rewritten));
}

/// Sums events by tag, then turns each sum into a measure: a file has few tags and many events.
pub(super) fn summed<'e>(
    events: impl Iterator<Item = &'e Event>,
    tag: impl Fn(&Event) -> TagId,
    describe: impl Fn(&Event) -> Measure,
) -> Vec<Measure> {
    let mut sums: Vec<Option<(Total, &Event)>> = Vec::new();
    for event in events {
        let at = tag(event).index();
        if at >= sums.len() {
            sums.resize(at + 1, None);
        }
        sums[at].get_or_insert((Total::ZERO, event)).0 += event.amount;
    }
    sums.into_iter().flatten().map(|(amount, event)| Measure { amount, ..describe(event) }).collect()
}
