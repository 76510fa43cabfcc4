//! Whole workspaces become parts of a bundle.
use std::{collections::BTreeMap, mem};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        self, Agreed, Ingested,
        slices::{self, Slice},
    },
    model::{event::Event, instant::Instant},
    pipeline::{
        Settings,
        bundle::Content,
        worker::{Arrivals, Kind, Row, agree::Agreement, judge::Judged},
    },
    report::Artifact,
    rollup::workload,
    timeline::{Exports, Timeline, duplicates::is_number},
};

/// So many events are added up at a time at least, and no more than that and those of one workspace at most.
const MANY: u64 = 1 << 20;

/// What some workspaces add up to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Part {
    /// The files of its bundle.
    pub(super) bundle: Vec<(String, Vec<u8>)>,
    pub(super) arrived: Arrivals,
    /// How many rows of each file count, and how many repeat others of their file.
    pub(super) rows: BTreeMap<String, (u64, u64)>,
    /// The first and the last event.
    pub(super) period: Option<(Instant, Instant)>,
}

/// Adds up workspaces that come one after the other.
pub struct Rollup<'a> {
    settings: &'a Settings,
    agreement: &'a Agreement,
    judged: &'a Judged,
    workspace: String,
    slices: Vec<Slice>,
    n_events: u64,
}

impl<'a> Rollup<'a> {
    /// Nothing yet.
    pub const fn new(settings: &'a Settings, agreement: &'a Agreement, judged: &'a Judged) -> Self {
        Self { settings, agreement, judged, workspace: String::new(), slices: Vec::new(), n_events: 0 }
    }

    /// Takes the next slice; gives a part where enough workspaces are whole.
    ///
    /// # Errors
    /// When a slice is damaged or came twice.
    pub fn take(&mut self, row: &Row) -> anyhow::Result<Option<Row>> {
        let is_new = row.workspace != self.workspace;
        let part = if is_new && self.n_events >= MANY { self.finish()? } else { None };
        self.workspace.clone_from(&row.workspace);
        let slice = Slice::read(&row.payload)?;
        self.n_events += slice.rows().count() as u64;
        self.slices.push(slice);
        Ok(part)
    }

    /// The part of all that was taken since the last one.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn finish(&mut self) -> anyhow::Result<Option<Row>> {
        if self.slices.is_empty() {
            return Ok(None);
        }
        self.n_events = 0;
        part(mem::take(&mut self.slices), self.settings, self.agreement, self.judged).map(Some)
    }
}

fn part(slices: Vec<Slice>, settings: &Settings, agreement: &Agreement, judged: &Judged) -> anyhow::Result<Row> {
    let mut arrived = Arrivals::new();
    for slice in &slices {
        arrived.entry(slice.file.clone()).or_default().add(slice);
    }
    let agreed = Agreed { is_judged: true, ..agreement.agreed.clone() };
    let mut input = ingest::combine(slices::joined(slices)?, &settings.ingest, Some(&agreed))?;
    judged.sweep(&mut input);
    // what several files hold was judged: now each is alone
    let before: Vec<u64> = input.files.iter().map(|file| file.rows.duplicates).collect();
    let (input, timeline) = crate::pipeline::in_order(input, &Exports::default(), settings.gap)?;
    let common = common(&input, &timeline, agreement);
    if !common.is_empty() {
        return Row::of(Kind::Common, &common);
    }
    let mut rows: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (file, before) in input.files.iter().zip(before) {
        rows.entry(file.path.clone()).or_default().1 += file.rows.duplicates - before;
    }
    for event in timeline.events().iter().chain(&input.pool) {
        rows.entry(input.files[event.place.file as usize].path.clone()).or_default().0 += 1;
    }
    let period = workload::period(&timeline);
    let events = crate::pipeline::decided(input, timeline, settings)?;
    let mut content = Content::of(&events, settings)?;
    // files are told by their accounts
    content.waist.files.clear();
    let bundle = content.write(&settings.terms)?.into_iter().map(|Artifact { path, bytes }| (path, bytes));
    Row::of(Kind::Part, &Part { bundle: bundle.collect(), arrived, rows, period })
}

/// The keys of ids that stand in several files, and of which not all rows were judged: files may tell their time otherwise.
fn common(input: &Ingested, timeline: &Timeline, agreement: &Agreement) -> Vec<u64> {
    let with_id = |event: &&Event| input.names.tag(event.tag).has_id && !is_number(event.key);
    let rows = || timeline.events().iter().chain(&input.pool).filter(with_id);
    let mut keys: Vec<u64> = rows().map(|event| event.key).collect();
    keys.sort_unstable();
    let twice: FxHashSet<u64> = keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    if twice.is_empty() {
        return Vec::new();
    }
    let judged: Vec<_> = input.files.iter().map(|file| agreement.is_judged(&file.path)).collect();
    let mut found: BTreeMap<u64, (u32, bool, bool)> = BTreeMap::new();
    for event in rows().filter(|event| twice.contains(&event.key)) {
        let file = event.place.file;
        let (first, are_several, are_judged) = found.entry(event.key).or_insert((file, false, true));
        *are_several |= *first != file;
        *are_judged &= judged[file as usize].as_ref().is_some_and(|is_judged| is_judged(event));
    }
    found.into_iter().filter(|(_, (_, several, judged))| *several && !judged).map(|(key, _)| key).collect()
}
