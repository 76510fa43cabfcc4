//! Events in one total order, without duplicates, in sessions.
//!
//! The order is (workspace, app, time, key, file, line); the key is the hash of the event id or of the content, so
//! splitting or reordering files changes nothing but the order of rows that are equal anyway.
//!
//! - [`exports`]: what each file covers, and which of two is the newer.
//! - `groups`: which rows may be one event, and which files overlap.
//! - [`duplicates`]: each event counts once; `settle`: which of its rows.
//! - [`overlaps`]: what a newer file changes; [`suspects`]: files that may overlap without a proof.
//! - [`sessions`]: consecutive work.
pub mod duplicates;
pub mod exports;
mod groups;
pub mod overlaps;
mod retimed;
pub mod sessions;
mod settle;
pub mod suspects;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod window_tests;

use std::ops::Range;

use rayon::slice::ParallelSliceMut as _;

use crate::model::{
    event::{Event, Place, Thread},
    names::Names,
};
pub use exports::Exports;
pub use overlaps::Overlap;
pub use sessions::{Gap, Session, SessionId};
pub use suspects::Suspect;

/// Ordered events and the sessions they fall into.
///
/// Invariants: events stand in the total order; `session_of` is as long as `events`; `apps` cover all events in order.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    events: Vec<Event>,
    session_of: Vec<Option<SessionId>>,
    sessions: Vec<Session>,
    apps: Vec<Range<usize>>,
    duplicates: Vec<Place>,
    overlaps: Vec<Overlap>,
    suspects: Vec<Suspect>,
}

impl Timeline {
    /// Orders the events of some exports as [`Self::order_of`] does; no other file holds events.
    pub fn order(events: Vec<Event>, names: &Names, gap: Gap) -> Self {
        let exports = Exports::of(&[&events], names);
        Self::order_of(events, names, &exports, gap)
    }

    /// Orders events, drops what another export holds too, and finds the sessions.
    pub fn order_of(mut events: Vec<Event>, names: &Names, exports: &Exports, gap: Gap) -> Self {
        let ranks = app_ranks(names);
        let rank = |event: &Event| ranks[event.thread.index()];
        events.par_sort_unstable_by_key(|event| (rank(event), event.at, event.key, event.place));
        let (duplicates, overlaps) = duplicates::drop(&mut events, names, exports, &rank);
        let suspects = suspects::find(&events, names, exports);
        let mut apps = Vec::new();
        let mut start = 0;
        for run in events.chunk_by(|a, b| rank(a) == rank(b)) {
            apps.push(start..start + run.len());
            start += run.len();
        }
        let (sessions, session_of) = sessions::find(&events, &apps, names, gap);
        Self { events, session_of, sessions, apps, duplicates, overlaps, suspects }
    }

    /// The events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The session of each event; none for day totals and for the running app.
    pub fn session_of(&self) -> &[Option<SessionId>] {
        &self.session_of
    }

    /// The sessions.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The session of an id.
    pub fn session(&self, id: SessionId) -> &Session {
        &self.sessions[id.index()]
    }

    /// The runs of events that share a workspace and an app.
    pub fn apps(&self) -> &[Range<usize>] {
        &self.apps
    }

    /// Where the dropped duplicates stand.
    pub fn duplicates(&self) -> &[Place] {
        &self.duplicates
    }

    /// What newer files say otherwise than older ones of the same events.
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    /// Takes over what is known of the overlaps of the same files by events that stand in another timeline.
    pub fn adopt_overlaps(&mut self, other: &Self) {
        self.overlaps.extend_from_slice(&other.overlaps);
        self.suspects.extend_from_slice(&other.suspects);
    }

    /// Files that may hold the same events twice.
    pub fn suspects(&self) -> &[Suspect] {
        &self.suspects
    }
}

/// For each thread, the rank of its workspace and app in the order of their texts; none comes first.
fn app_ranks(names: &Names) -> Vec<u32> {
    let word_ranks = names.ranks();
    let rank_of = |word: Option<crate::model::event::Word>| word.map(|word| word_ranks[word.index()]);
    let key = |thread: &Thread| (rank_of(thread.workspace), rank_of(thread.app));
    let mut order: Vec<usize> = (0..names.threads().len()).collect();
    order.sort_by_key(|&index| key(&names.threads()[index]));
    let mut ranks = vec![0; order.len()];
    let mut rank = 0;
    for (position, &index) in order.iter().enumerate() {
        if position > 0 && key(&names.threads()[index]) != key(&names.threads()[order[position - 1]]) {
            rank += 1;
        }
        ranks[index] = rank;
    }
    ranks
}
