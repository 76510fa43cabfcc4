//! Events in one total order, without duplicates, in sessions.
use std::ops::Range;

use crate::model::event::{Event, ThreadId};
use crate::model::instant::Instant;

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
