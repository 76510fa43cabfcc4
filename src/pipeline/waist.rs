//! The waist: all that an audit and its report need of what was read, in small plain tables. It holds no events and no
//! prompts, and it is made from classified events or read from a bundle.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ingest::{self, FileReport, Keep, Rejected, Skipped, totals::ToldTotal},
    model::{problem::RowCount, zone::Zone},
    pipeline::{Events, Settings, manifest::Reading, reconcile::Books, request::Known},
    report::{
        FileView,
        kept::{self, Kept},
        overlaps::{self, V1Overlaps},
    },
    rollup::{
        AccountName, Booked, Rollups,
        spend::{self, Spend},
        usage,
    },
};

/// What was read, added up.
#[derive(Debug, Clone)]
pub struct Waist {
    /// The zone of its days and hours.
    pub zone: Zone,
    /// What was asked for while reading.
    pub reading: Reading,
    /// What was read, as it was named.
    pub titles: Vec<String>,
    /// What became of corrections, in sentences.
    pub notes: Vec<String>,
    /// What was decided for the whole input, in sentences.
    pub input_notes: Vec<String>,
    /// The files, in order of their paths.
    pub files: Vec<FileFacts>,
    /// What was not read.
    pub skipped: Vec<Skipped>,
    /// The cuts.
    pub rollups: Rollups,
    /// Grants, top-ups and expiries of each account, in order of time.
    pub booked: BTreeMap<AccountName, Vec<Booked>>,
    /// The use by the minute and by whom, where it is wanted.
    pub spend: Vec<Spend>,
    /// What the rows say of pools and of what users and apps consumed.
    pub books: Books,
    /// What overlapping files say otherwise of the same events.
    pub overlaps: V1Overlaps,
    /// The names that the files have.
    pub known: Known,
    /// The prompts, where they are kept; bundles hold none.
    pub prompts: Vec<Kept>,
    /// Whether it was put together from bundles of one workspace: then it is not what one reading of the files gives.
    pub has_seams: bool,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its path, digest, kind and rows.
    pub view: FileView,
    /// Every header name in its order.
    pub header: Vec<String>,
    /// How its numbers are written, as it is said after the cause of a rejected row.
    pub conventions: String,
    /// What was decided while reading it, in sentences.
    pub notes: Vec<String>,
    /// The rows that failed.
    pub problems: Vec<Rejected>,
    /// Totals that it tells instead of events.
    pub told: Vec<ToldTotal>,
}

impl FileFacts {
    pub(super) fn of(file: &FileReport) -> Self {
        let FileReport { path, sha256, source, rows, .. } = file;
        Self {
            view: FileView { path: path.clone(), sha256: sha256.clone(), source: source.name.to_owned(), rows: *rows },
            header: file.columns.header.clone(),
            conventions: file.conventions.said(),
            notes: file.notes.clone(),
            problems: file.problems.clone(),
            told: file.told.clone(),
        }
    }
}

impl Waist {
    /// Of classified events and their rollups. Who used what in which minute is told where somebody asks for it: budgets
    /// and cost centres do, and bundles.
    pub fn new(events: &Events, rollups: Rollups, settings: &Settings, with_spend: bool) -> Self {
        let Events { input, timeline, .. } = events;
        let label = |path| events.masked(&ingest::discover::label(path));
        Self {
            zone: settings.zone.clone(),
            reading: Reading::of(events, settings),
            titles: settings.paths.iter().map(|path| label(path)).collect(),
            notes: events.notes.clone(),
            input_notes: input.notes.clone(),
            files: input.files.iter().map(FileFacts::of).collect(),
            skipped: input.skipped.clone(),
            booked: usage::booked(&input.pool, &input.names),
            spend: if with_spend { spend::by_minute(events.classified()) } else { Vec::new() },
            books: Books::of(input, timeline, &events.request.selection),
            overlaps: overlaps::view(input, timeline),
            known: events.known(),
            has_seams: false,
            prompts: if settings.ingest.keep == Keep::IdsAndPrompts {
                kept::prompts(input, events.classified(), &events.request.selection)
            } else {
                Vec::new()
            },
            rollups,
        }
    }

    /// The rows of all files.
    pub fn rows(&self) -> RowCount {
        self.files.iter().fold(RowCount::default(), |sum, file| sum.plus(file.view.rows))
    }
}
