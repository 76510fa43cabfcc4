//! Sessions: the session column where there is one, else work of one user on one app without a longer pause.
use std::{num::NonZeroU32, ops::Range, str::FromStr};

use chrono::TimeDelta;
use rustc_hash::FxHashMap;

use crate::model::{
    account::Meter,
    event::{Event, Thread, ThreadId},
    instant::Instant,
    names::Names,
};

/// The pause that ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap(TimeDelta);

/// Position of a session in the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(NonZeroU32);

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

impl SessionId {
    /// The id of a position.
    ///
    /// # Panics
    /// Beyond four thousand million sessions.
    pub fn from_index(index: usize) -> Self {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        Self(number.expect("fewer than four thousand million sessions"))
    }

    /// The position.
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// 30 minutes, the cut that web analytics and the studies of chat logs use.
impl Default for Gap {
    fn default() -> Self {
        Self(TimeDelta::minutes(30))
    }
}

/// A pause that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pause: write minutes or hours, such as 30m, 45m or 2h")]
pub struct BadGap(String);

impl FromStr for Gap {
    type Err = BadGap;
    fn from_str(text: &str) -> Result<Self, BadGap> {
        let bad = || BadGap(text.to_owned());
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: i64 = digits.parse().ok().filter(|n| (1..=100_000).contains(n)).ok_or_else(bad)?;
        match &text[digits.len()..] {
            "m" | "min" | "" => Ok(Self(TimeDelta::minutes(number))),
            "h" => Ok(Self(TimeDelta::hours(number))),
            "s" => Ok(Self(TimeDelta::seconds(number))),
            _ => Err(bad()),
        }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.num_seconds() {
            seconds if seconds % 60 != 0 => write!(f, "{seconds} seconds"),
            seconds => write!(f, "{} minutes", seconds / 60),
        }
    }
}

/// The sessions of ordered events, and the session of each event.
pub(super) fn find(
    events: &[Event],
    apps: &[Range<usize>],
    names: &Names,
    gap: Gap,
) -> (Vec<Session>, Vec<Option<SessionId>>) {
    let mut sessions: Vec<Session> = Vec::new();
    let mut session_of = Vec::with_capacity(events.len());
    let mut open: FxHashMap<Thread, SessionId> = FxHashMap::default();
    for app in apps {
        open.clear();
        for event in &events[app.clone()] {
            let Some(key) = session_key(event, names) else {
                session_of.push(None);
                continue;
            };
            let goes_on = |id: &SessionId| key.session.is_some() || event.at.since(sessions[id.index()].last) <= gap.0;
            let running = open.get(&key).copied().filter(goes_on);
            let id = running.unwrap_or_else(|| {
                sessions.push(Session { thread: event.thread, first: event.at, last: event.at });
                SessionId::from_index(sessions.len() - 1)
            });
            open.insert(key, id);
            sessions[id.index()].last = event.at;
            session_of.push(Some(id));
        }
    }
    (sessions, session_of)
}

/// What events of one session share, the app aside; `None` for day totals and for the running app, which has none.
fn session_key(event: &Event, names: &Names) -> Option<Thread> {
    let tag = names.tag(event.tag);
    let Thread { workspace, user, app, session } = names.thread(event.thread);
    if tag.is_aggregate || session.is_none() && tag.account.meter == Meter::Integration {
        return None;
    }
    let user = if session.is_some() { None } else { user };
    Some(Thread { workspace, user, app, session })
}
