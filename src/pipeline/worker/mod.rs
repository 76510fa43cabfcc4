//! Workers: the stages of an audit, each a process of its own, so that an engine can split the work, move it, and do a lost
//! part again. The engine reads none of it: rows go from worker to worker as bytes with a key.
//!
//! ```text
//! paths ─► ingest ─┬─ accounts ─► agree ─┬─► meet ─► judge ─┐
//!                  └─ slices ────────────┴──────────────────┴─► rollup ─► gather ─► bundle
//! ```
//!
//! - [`ingest`]: each file by itself becomes accounts (where its rows went) and slices (events of one workspace).
//! - [`agree`]: what is decided over all files and before any event is counted, by the accounts alone: how numbers and
//!   dates of a header are written (files that show it otherwise by themselves are read again), which unit is audited, how
//!   users are spelled, which files may hold the same events.
//! - [`judge`]: what is decided over all files and by events: day totals beside single events, resumed transcripts, copies and
//!   overlaps. One process sees the events that lie in the time of two files or more, and of files that are needed whole,
//!   and names the rows that do not count. Where no two files meet there is nothing to judge.
//! - [`rollup`]: whole workspaces are ordered, classified and added up. Nothing here depends on other workspaces. Where an id
//!   stands in several files at times that no two share, all files agree and are judged once more, with the rows of such ids.
//! - [`gather`]: the parts become one bundle; every event arrived once, and all rows are accounted for.
//!
//! Each calls the functions that `audit` calls, so that the bundle is that of `rollup` on one machine, byte for byte.
mod account;
pub mod agree;
pub mod gather;
pub mod ingest;
pub mod judge;
pub mod rollup;

use std::{collections::BTreeMap, hash::BuildHasher as _};

use anyhow::ensure;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{Keep, slices::Slice},
    model::{event::Event, wire},
    pipeline::Settings,
};

/// What workers hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the bytes are.
    pub kind: Kind,
    /// The file that it is of; empty where it is of several.
    pub path: String,
    /// What is to come together: begins with `=` and goes on with the workspace; empty for what has none.
    pub workspace: String,
    /// The bytes.
    pub payload: Vec<u8>,
}

/// What the bytes of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The account of a file that was read or skipped.
    File,
    /// Events of one workspace.
    Events,
    /// Which rows of files that meet do not count.
    Judged,
    /// What workspaces add up to.
    Part,
    /// Ids that several files hold and nobody judged.
    Common,
}

impl Kind {
    const ALL: [Self; 5] = [Self::File, Self::Events, Self::Judged, Self::Part, Self::Common];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Events => "events",
            Self::Judged => "judged",
            Self::Part => "part",
            Self::Common => "common",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Row {
    fn of_slice(slice: &Slice) -> anyhow::Result<Self> {
        Ok(Self {
            kind: Kind::Events,
            path: slice.file.clone(),
            workspace: slice.workspace.as_ref().map_or_else(String::new, |workspace| format!("={workspace}")),
            payload: slice.write()?,
        })
    }

    fn of(kind: Kind, payload: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self { kind, path: String::new(), workspace: String::new(), payload: wire::write(payload)? })
    }
}

/// What was handed over of a file: by it, losses and repetitions on the way are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Arrived {
    slices: u64,
    events: u64,
    /// The wrapping sum of the digests of all events.
    digest: u64,
}

impl Arrived {
    fn add(&mut self, slice: &Slice) {
        let digest = |event: &Event| FxBuildHasher.hash_one((event.place.line, event.key, event.at, event.amount));
        self.slices += 1;
        for event in slice.rows() {
            self.events += 1;
            self.digest = self.digest.wrapping_add(digest(event));
        }
    }

    fn plus(&mut self, other: Self) {
        self.slices += other.slices;
        self.events += other.events;
        self.digest = self.digest.wrapping_add(other.digest);
    }
}

/// What arrived of each file.
type Arrivals = BTreeMap<String, Arrived>;

/// Checks that nothing is asked for that takes all events at once.
///
/// # Errors
/// When something is.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    let taken = [
        ("--keep-prompts", settings.ingest.keep == Keep::IdsAndPrompts),
        ("--labels", settings.corrections.labels.is_some()),
        ("--rules", settings.corrections.rules.is_some()),
        ("--features", settings.features.is_some()),
        ("--pseudonymize", settings.pseudonyms.is_some()),
    ];
    if let Some((option, _)) = taken.into_iter().find(|(_, is_asked)| *is_asked) {
        ensure!(false, "{option} takes all events at once, which no worker has: audit on one machine with it");
    }
    Ok(())
}
