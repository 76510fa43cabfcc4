//! Which events the reports count. Selecting comes after classification and sessions, so it never changes a label.
use crate::model::{
    account::Meter,
    action::Action,
    event::{Event, Word},
    instant::Instant,
    names::Names,
    text::same as same_name,
};

/// A choice of events; what is absent does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The first instant that counts.
    pub from: Option<Instant>,
    /// The first instant that no longer counts.
    pub until: Option<Instant>,
    /// Users; any of them.
    pub users: Vec<String>,
    /// Apps by name or id; any of them.
    pub apps: Vec<String>,
    /// Features; any of them.
    pub features: Vec<String>,
    /// Classes; any of them.
    pub actions: Vec<Action>,
    /// Meters; any of them.
    pub meters: Vec<Meter>,
}

/// An event as a selection sees it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The event.
    pub event: &'a Event,
    /// Its class.
    pub action: Action,
    /// Its feature, told or inferred.
    pub feature: Option<Word>,
}

impl Selection {
    /// Whether an event counts.
    pub fn picks(&self, candidate: Candidate, names: &Names) -> bool {
        let Candidate { event, action, feature } = candidate;
        let in_time = self.from.is_none_or(|from| event.at >= from) && self.until.is_none_or(|until| event.at < until);
        if !in_time || !is_any(&self.actions, &action) {
            return false;
        }
        if !self.meters.is_empty() && !is_any(&self.meters, &names.tag(event.tag).account.meter) {
            return false;
        }
        if self.users.is_empty() && self.apps.is_empty() && self.features.is_empty() {
            return true;
        }
        let thread = names.thread(event.thread);
        let is_one_of = |wanted: &[String], texts: [Option<&str>; 2]| {
            let same = |wanted: &String| texts.into_iter().flatten().any(|text| same_name(text, wanted));
            wanted.is_empty() || wanted.iter().any(same)
        };
        let label = thread.app.map(|app| names.app_label(thread.workspace, app));
        is_one_of(&self.users, [names.text_of(thread.user), None])
            && is_one_of(&self.apps, [names.text_of(thread.app), label])
            && is_one_of(&self.features, [names.text_of(feature), None])
    }

    /// Whether it restricts nothing.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

fn is_any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
    wanted.is_empty() || wanted.contains(value)
}
