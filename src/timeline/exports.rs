//! What each export covers, and which of two is the newer one: told from what they hold, so that copying, renaming and
//! reordering files changes nothing.
//!
//! The newer export is the one whose last event is later; of those that end together the one with more events; then a
//! digest of all events decides, which is arbitrary but the same wherever the files lie. Exports that are equal in all of
//! this are copies.
use std::{
    cmp::Reverse,
    hash::{BuildHasher as _, Hash},
};

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use crate::model::{event::Event, instant::Instant, names::Names};

/// Times of files kept by the day, in whatever zone, are whole quarters of an hour.
const QUARTER: i64 = 15 * 60 * 1_000_000_000;

/// Why a file is the newer one of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newer {
    /// Its last event is later.
    EndsLater,
    /// Both end together and it holds more events.
    HoldsMore,
    /// Its digest is the greater one.
    ByDigest,
}

/// The files behind some events.
#[derive(Debug, Clone, Default)]
pub struct Exports {
    files: Vec<Export>,
    newness: Vec<u32>,
}

/// What a file covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its first and last instant.
    pub period: Option<(Instant, Instant)>,
    /// How many events it holds.
    pub events: u64,
    is_fine: bool,
    has_singles: bool,
    /// Of grants and the like, and of events.
    has_users: [bool; 2],
    digest: u64,
}

impl Exports {
    /// The files of all these events.
    pub fn of(parts: &[&[Event]], names: &Names) -> Self {
        let events = || parts.iter().copied().flatten();
        let n_files = events().map(|event| event.place.file as usize + 1).max().unwrap_or(0);
        let mut files = vec![Export::default(); n_files];
        for event in events() {
            files[event.place.file as usize].add(event, names);
        }
        Self::known(files, parts, names)
    }

    /// The files of all these events, of which more is known than these events tell; files that nothing else tells apart are
    /// there as a whole.
    pub fn known(mut files: Vec<Export>, parts: &[&[Event]], names: &Names) -> Self {
        digest(&mut files, || parts.iter().copied().flatten(), names);
        let mut order: Vec<u32> = (0..).zip(&files).map(|(file, _)| file).collect();
        order.sort_by_key(|&file| (files[file as usize].measure(), Reverse(file)));
        let mut newness = vec![0; files.len()];
        for (rank, file) in (0..).zip(order) {
            newness[file as usize] = rank;
        }
        Self { files, newness }
    }

    /// Whether no two files hold events.
    pub(super) fn is_single(&self) -> bool {
        self.files.iter().filter(|file| file.events > 0).nth(1).is_none()
    }

    /// Whether the periods of any two files meet.
    pub(super) fn may_overlap(&self) -> bool {
        let mut periods: Vec<(Instant, Instant)> = self.files.iter().filter_map(|file| file.period).collect();
        periods.sort_unstable();
        periods.windows(2).any(|pair| pair[1].0 <= pair[0].1)
    }

    /// How new a file is; more is newer.
    pub(super) fn newness(&self, file: u32) -> u32 {
        self.newness[file as usize]
    }

    /// Why a file is newer than another.
    pub(super) fn why_newer(&self, newer: u32, older: u32) -> Newer {
        let (newer, older) = (&self.files[newer as usize], &self.files[older as usize]);
        match () {
            () if newer.period.map(|(_, last)| last) != older.period.map(|(_, last)| last) => Newer::EndsLater,
            () if newer.events != older.events => Newer::HoldsMore,
            () => Newer::ByDigest,
        }
    }

    /// The newer and the older of two files.
    pub(super) fn by_age(&self, one: u32, other: u32) -> (u32, u32) {
        if self.newness(one) > self.newness(other) { (one, other) } else { (other, one) }
    }

    /// The first and last instant of a file.
    pub(super) fn period(&self, file: u32) -> Option<(Instant, Instant)> {
        self.files[file as usize].period
    }

    /// Whether an instant lies in the period of a file, and not at its ends, where a file may be cut.
    pub(super) fn covers_wholly(&self, file: u32, at: Instant) -> bool {
        self.period(file).is_some_and(|(first, last)| first < at && at < last)
    }

    /// Whether two files meet at a single instant and go on from there, as the halves of one table do.
    pub(super) fn touch(&self, one: u32, other: u32) -> bool {
        let (Some(one), Some(other)) = (self.period(one), self.period(other)) else { return false };
        let (earlier, later) = if one < other { (one, other) } else { (other, one) };
        earlier.1 == later.0 && earlier.0 < earlier.1 && later.0 < later.1
    }

    /// Whether the periods of two files have an instant in common.
    pub(super) fn meet(&self, one: u32, other: u32) -> bool {
        let periods = self.period(one).zip(self.period(other));
        periods.is_some_and(|(one, other)| one.0 <= other.1 && other.0 <= one.1)
    }

    /// Whether the times of a file tell more than days and quarters of an hour.
    pub(super) fn is_fine(&self, file: u32) -> bool {
        self.files[file as usize].is_fine
    }

    /// Whether a file holds totals of days and no single event.
    pub(super) fn are_totals(&self, file: u32) -> bool {
        !self.files[file as usize].has_singles
    }

    /// Whether a file names users of events, or else of grants and the like.
    pub(super) fn has_users(&self, file: u32, are_uses: bool) -> bool {
        self.files[file as usize].has_users[usize::from(are_uses)]
    }

    /// Whether two files hold the same.
    pub(super) fn are_copies(&self, one: u32, other: u32) -> bool {
        self.files[one as usize].measure() == self.files[other as usize].measure()
    }
}

impl Export {
    /// Adds an event of the file.
    pub fn add(&mut self, event: &Event, names: &Names) {
        let (first, last) = self.period.unwrap_or((event.at, event.at));
        self.period = Some((first.min(event.at), last.max(event.at)));
        self.events += 1;
        let tag = names.tag(event.tag);
        self.has_singles |= !tag.is_aggregate;
        self.has_users[usize::from(tag.entry.is_use())] |= names.thread(event.thread).user.is_some();
        self.is_fine |= event.at.nanos() % QUARTER != 0;
    }

    fn measure(&self) -> (Option<Instant>, u64, u64) {
        (self.period.map(|(_, last)| last), self.events, self.digest)
    }
}

/// Digests the files that nothing else tells apart, whatever the order of their events and of the dictionaries.
fn digest<'e, I: Iterator<Item = &'e Event>>(files: &mut [Export], events: impl Fn() -> I, names: &Names) {
    let mut alike: FxHashMap<_, u32> = FxHashMap::default();
    for file in files.iter().filter(|file| file.events > 0) {
        *alike.entry(file.measure()).or_default() += 1;
    }
    let is_tied: Vec<bool> =
        files.iter().map(|file| alike.get(&file.measure()).is_some_and(|files| *files > 1)).collect();
    if !is_tied.contains(&true) {
        return;
    }
    let thread = |thread: &crate::model::event::Thread| {
        hash([thread.workspace, thread.user, thread.app, thread.session].map(|word| names.text_of(word)))
    };
    let tag = |tag: &crate::model::event::Tag| {
        let account = (names.text(tag.account.provider), tag.account.meter, tag.account.unit);
        hash((account, tag.entry, tag.basis, tag.kind, tag.status, names.text_of(tag.model)))
    };
    let threads: Vec<u64> = names.threads().iter().map(thread).collect();
    let tags: Vec<u64> = names.tags().iter().map(tag).collect();
    for event in events().filter(|event| is_tied[event.place.file as usize]) {
        let who = (threads[event.thread.index()], tags[event.tag.index()]);
        let what = (event.at, event.key, event.amount);
        let file = &mut files[event.place.file as usize];
        file.digest = file.digest.wrapping_add(hash((who, what)));
    }
}

pub(super) fn hash(parts: impl Hash) -> u64 {
    FxBuildHasher.hash_one(parts)
}
