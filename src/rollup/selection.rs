//! Which events the reports count. Selecting comes after classification and sessions, so it never changes a label.
use crate::model::{
    event::{Event, Word},
    instant::Instant,
    names::Names,
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
}

impl Selection {
    /// Whether an event counts.
    pub fn picks(&self, event: &Event, names: &Names) -> bool {
        let in_time = self.from.is_none_or(|from| event.at >= from) && self.until.is_none_or(|until| event.at < until);
        if self.users.is_empty() && self.apps.is_empty() {
            return in_time;
        }
        let thread = names.thread(event.thread);
        let is_one_of = |wanted: &[String], word: Option<Word>| {
            let same = |word: Word| {
                let texts = [names.text(word), names.label_of(word)];
                wanted.iter().any(|wanted| texts.iter().any(|text| text.eq_ignore_ascii_case(wanted)))
            };
            wanted.is_empty() || word.is_some_and(same)
        };
        in_time && is_one_of(&self.users, thread.user) && is_one_of(&self.apps, thread.app)
    }

    /// Whether it restricts nothing.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}
