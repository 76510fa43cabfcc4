//! Which events the reports count. Selecting comes after classification and sessions, so it never changes a label.
use crate::model::{event::Event, instant::Instant, names::Names};

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
}

impl Selection {
    /// Whether an event counts.
    pub fn picks(&self, event: &Event, names: &Names) -> bool {
        let in_time = self.from.is_none_or(|from| event.at >= from) && self.until.is_none_or(|until| event.at < until);
        if self.users.is_empty() && self.apps.is_empty() {
            return in_time;
        }
        let thread = names.thread(event.thread);
        let is_one_of = |wanted: &[String], texts: [Option<&str>; 2]| {
            let same = |wanted: &String| texts.into_iter().flatten().any(|text| text.eq_ignore_ascii_case(wanted));
            wanted.is_empty() || wanted.iter().any(same)
        };
        let label = thread.app.map(|app| names.app_label(thread.workspace, app));
        in_time
            && is_one_of(&self.users, [names.text_of(thread.user), None])
            && is_one_of(&self.apps, [names.text_of(thread.app), label])
    }

    /// Whether it restricts nothing.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}
