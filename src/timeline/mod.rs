//! Events in one total order, without duplicates, in sessions.
use std::ops::Range;

use chrono::TimeDelta;

use crate::model::event::{Event, ThreadId, Word};
use crate::model::instant::Instant;
use crate::model::names::Names;

/// Ordered events and the sessions they fall into.
///
/// Invariants: events stand in the order (workspace, app, time, key, file, line); `session_of` is as long as `events`.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    events: Vec<Event>,
    session_of: Vec<u32>,
    sessions: Vec<Session>,
    apps: Vec<Range<usize>>,
}

/// Consecutive work on one app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The thread of its first event.
    pub thread: ThreadId,
    /// Its first event.
    pub first: Instant,
    /// Its last event.
    pub last: Instant,
}

impl Timeline {
    /// Puts events in order and cuts them into sessions where work on an app paused for longer than the gap.
    pub fn order(mut events: Vec<Event>, names: &Names, gap: TimeDelta) -> Self {
        let ranks = names.ranks();
        let rank = |word: Option<Word>| word.map_or(0, |word| 1 + ranks[word.index()]);
        let app = |event: &Event| {
            let thread = names.thread(event.thread);
            (rank(thread.workspace), rank(thread.app))
        };
        events.sort_by_cached_key(|event| (app(event), event.at, event.key, event.place));
        let mut timeline = Self::default();
        for (index, event) in events.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &events[before]);
            let same_app = before.is_some_and(|before| app(before) == app(event));
            match timeline.apps.last_mut() {
                Some(range) if same_app => range.end = index + 1,
                _ => timeline.apps.push(index..index + 1),
            }
            match timeline.sessions.last_mut() {
                Some(session) if same_app && event.at.since(session.last) <= gap => session.last = event.at,
                _ => timeline.sessions.push(Session { thread: event.thread, first: event.at, last: event.at }),
            }
            let session = u32::try_from(timeline.sessions.len() - 1).unwrap_or(u32::MAX);
            timeline.session_of.push(session);
        }
        timeline.events = events;
        timeline
    }

    /// The events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The session of each event, as a position in [`Timeline::sessions`].
    pub fn session_of(&self) -> &[u32] {
        &self.session_of
    }

    /// The sessions.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The runs of events that share a workspace and an app.
    pub fn apps(&self) -> &[Range<usize>] {
        &self.apps
    }
}
