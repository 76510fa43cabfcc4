//! What is decided over all files by events: which rows of files that meet do not count.
use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        self, Ingested, Table,
        slices::{self, Slice},
    },
    model::event::Event,
    pipeline::{
        Settings, in_order,
        worker::{Kind, Row, agree::Agreement},
    },
    report::overlaps::{self, V1Overlaps},
    timeline::{Exports, exports::Export},
};

/// What was judged.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Judged {
    /// The rows that do not count, by file: line and key, in order.
    dropped: BTreeMap<String, Vec<(u32, u64)>>,
    /// How many rows of a file are duplicates, and what is said of it.
    pub(super) files: BTreeMap<String, (u64, Vec<String>)>,
    /// The overlaps, as they are reported; as JSON, since their form tells fields by name.
    overlaps: String,
}

/// The events of a slice that are judged; `None` where no event of its file is.
///
/// # Errors
/// When the slice is damaged.
pub fn meet(row: &Row, agreement: &Agreement) -> anyhow::Result<Option<Row>> {
    let slice = Slice::read(&row.payload)?;
    let Some(is_judged) = agreement.is_judged(&slice.file) else { return Ok(None) };
    let is_whole = slice.rows().all(&is_judged);
    let slice = if is_whole { slice } else { slice.only(&is_judged) };
    Row::of_slice(&slice).map(Some)
}

/// Judges the events that all files have in common.
///
/// # Errors
/// When a slice is missing or came twice.
pub fn judge(rows: Vec<Row>, agreement: &Agreement, settings: &Settings) -> anyhow::Result<Row> {
    let slices: Vec<Slice> = rows.iter().map(|row| Slice::read(&row.payload)).collect::<anyhow::Result<_>>()?;
    drop(rows);
    let mut arrived: BTreeMap<&str, u64> = BTreeMap::new();
    for slice in &slices {
        *arrived.entry(&slice.file).or_default() += 1;
    }
    for (path, met) in &agreement.met {
        let found = arrived.get(path.as_str()).copied().unwrap_or(0);
        ensure!(
            found == met.slices,
            "{path}: {found} of {} pieces arrived: the engine lost or repeated some",
            met.slices
        );
    }
    let tables = slices::joined(slices)?;
    let before = places(&tables);
    let input = ingest::combine(tables, &settings.ingest, Some(&agreement.agreed))?;
    let mut exports = vec![Export::default(); input.files.len()];
    for event in input.events.iter().chain(&input.pool) {
        exports[event.place.file as usize].add(event, &input.names);
    }
    for (file, export) in input.files.iter().zip(&mut exports) {
        let met = agreement.met.get(&file.path).with_context(|| format!("{} is not to be judged", file.path))?;
        if !met.is_whole {
            *export = met.export;
        }
    }
    let exports = Exports::known(exports, &[&input.events, &input.pool], &input.names);
    let (input, timeline) = in_order(input, &exports, settings.gap)?;
    let overlaps = serde_json::to_string(&overlaps::view(&input, &timeline)).context("writing what overlaps")?;
    let mut after: BTreeMap<&str, Vec<(u32, u64)>> = BTreeMap::new();
    for event in timeline.events().iter().chain(&input.pool) {
        after.entry(&input.files[event.place.file as usize].path).or_default().push(place(event));
    }
    let mut dropped = BTreeMap::new();
    for (path, before) in before {
        let mut after = after.remove(path.as_str()).unwrap_or_default();
        after.sort_unstable();
        let mut after = after.into_iter().peekable();
        let gone: Vec<_> = before.into_iter().filter(|row| after.next_if(|kept| kept == row).is_none()).collect();
        if !gone.is_empty() {
            dropped.insert(path, gone);
        }
    }
    let files = input.files.into_iter().map(|file| (file.path, (file.rows.duplicates, file.notes)));
    Row::of(Kind::Judged, &Judged { dropped, files: files.collect(), overlaps })
}

/// The rows of each table, in order.
fn places(tables: &[Table]) -> BTreeMap<String, Vec<(u32, u64)>> {
    let places = tables.iter().map(|(file, batch)| {
        let mut rows: Vec<(u32, u64)> = batch.events.iter().chain(&batch.pool).map(place).collect();
        rows.sort_unstable();
        (file.path.clone(), rows)
    });
    places.collect()
}

fn place(event: &Event) -> (u32, u64) {
    (event.place.line, event.key)
}

impl Judged {
    /// Takes the rows out that do not count.
    pub(super) fn sweep(&self, input: &mut Ingested) {
        let mut dropped: FxHashMap<(u32, u32, u64), u32> = FxHashMap::default();
        for (number, file) in (0..).zip(&input.files) {
            for (line, key) in self.dropped.get(&file.path).into_iter().flatten() {
                *dropped.entry((number, *line, *key)).or_default() += 1;
            }
        }
        let mut is_kept = |event: &Event| match dropped.get_mut(&(event.place.file, event.place.line, event.key)) {
            Some(left @ 1..) => {
                *left -= 1;
                false
            }
            _ => true,
        };
        input.events.retain(&mut is_kept);
        input.pool.retain(&mut is_kept);
    }

    /// What overlaps.
    pub(super) fn overlaps(&self) -> anyhow::Result<V1Overlaps> {
        if self.overlaps.is_empty() {
            return Ok(V1Overlaps::default());
        }
        serde_json::from_str(&self.overlaps).context("reading what overlaps")
    }
}
