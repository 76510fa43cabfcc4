//! Words of exports that have a meaning of ours: the builder's kinds, statuses, meters, entries. Data, one list a set.
use crate::model::account::{Entry, Kind, Meter, Status};

const KINDS: &[(&str, Kind)] = &[
    ("agent", Kind::Agent),
    ("appagent", Kind::Agent),
    ("ask", Kind::Discuss),
    ("autofix", Kind::AutoFix),
    ("automaticfix", Kind::AutoFix),
    ("automation", Kind::Automation),
    ("bugfix", Kind::Fix),
    ("build", Kind::Build),
    ("buildmode", Kind::Build),
    ("chat", Kind::Discuss),
    ("command", Kind::Command),
    ("create", Kind::Generation),
    ("debug", Kind::Fix),
    ("discuss", Kind::Discuss),
    ("discussion", Kind::Discuss),
    ("edit", Kind::Revision),
    ("fix", Kind::Fix),
    ("fixbutton", Kind::FixButton),
    ("generate", Kind::Generation),
    ("generation", Kind::Generation),
    ("iteration", Kind::Revision),
    ("manualedit", Kind::VisualEdit),
    ("message", Kind::Build),
    ("newfeature", Kind::Generation),
    ("plan", Kind::Plan),
    ("planning", Kind::Plan),
    ("prompt", Kind::Build),
    ("question", Kind::Discuss),
    ("rebuild", Kind::Regeneration),
    ("refinement", Kind::Revision),
    ("regenerate", Kind::Regeneration),
    ("regeneration", Kind::Regeneration),
    ("revision", Kind::Revision),
    ("schedule", Kind::Automation),
    ("scheduled", Kind::Automation),
    ("tryfix", Kind::FixButton),
    ("visual", Kind::VisualEdit),
    ("visualedit", Kind::VisualEdit),
    ("workflow", Kind::Workflow),
];

const STATUSES: &[(&str, Status)] = &[
    ("aborted", Status::Cancelled),
    ("blocked", Status::Blocked),
    ("canceled", Status::Cancelled),
    ("cancelled", Status::Cancelled),
    ("completed", Status::Success),
    ("done", Status::Success),
    ("error", Status::Failed),
    ("errored", Status::Failed),
    ("failed", Status::Failed),
    ("failure", Status::Failed),
    ("insufficientcredits", Status::Blocked),
    ("ok", Status::Success),
    ("reverted", Status::Reverted),
    ("rolledback", Status::Reverted),
    ("succeeded", Status::Success),
    ("success", Status::Success),
    ("uncounted", Status::Uncounted),
    ("undone", Status::Reverted),
];

const METERS: &[(&str, Meter)] = &[
    ("build", Meter::Message),
    ("integration", Meter::Integration),
    ("integrationcredits", Meter::Integration),
    ("integrations", Meter::Integration),
    ("message", Meter::Message),
    ("messagecredits", Meter::Message),
    ("messages", Meter::Message),
];

const ENTRIES: &[(&str, Entry)] = &[
    ("allocation", Entry::Grant),
    ("bonus", Entry::Grant),
    ("expired", Entry::Expiry),
    ("expiry", Entry::Expiry),
    ("grant", Entry::Grant),
    ("purchase", Entry::Topup),
    ("refund", Entry::Refund),
    ("topup", Entry::Topup),
    ("usage", Entry::Usage),
    ("use", Entry::Usage),
];

/// A word or header without case, spaces, underscores and hyphens.
pub fn normal(text: &str) -> String {
    normal_chars(text).collect()
}

/// Whether a text is, but for case and separators, a name that is normal already.
pub fn is_normal(text: &str, name: &str) -> bool {
    normal_chars(text).eq(name.chars())
}

fn normal_chars(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).flat_map(char::to_lowercase)
}

/// The meaning of a kind word; `Unknown` for words that say nothing here.
pub fn kind(word: &str) -> Kind {
    meaning(KINDS, word).unwrap_or(Kind::Unknown)
}

/// The meaning of a status word; `Unknown` for words that say nothing here.
pub fn status(word: &str) -> Status {
    meaning(STATUSES, word).unwrap_or(Status::Unknown)
}

/// The meaning of a meter word.
pub fn meter(word: &str) -> Option<Meter> {
    meaning(METERS, word)
}

/// The meaning of an entry word.
pub fn entry(word: &str) -> Option<Entry> {
    meaning(ENTRIES, word)
}

fn meaning<T: Copy>(list: &[(&str, T)], word: &str) -> Option<T> {
    let word = normal(word);
    list.binary_search_by(|(known, _)| (*known).cmp(&word)).ok().map(|found| list[found].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_so_that_they_can_be_searched() {
        assert!(KINDS.is_sorted_by_key(|(word, _)| word));
        assert!(STATUSES.is_sorted_by_key(|(word, _)| word), "{STATUSES:?}");
        assert!(METERS.is_sorted_by_key(|(word, _)| word));
        assert!(ENTRIES.is_sorted_by_key(|(word, _)| word));
    }

    #[test]
    fn words_are_read_without_case_and_separators() {
        assert_eq!(kind("Visual Edit"), Kind::VisualEdit);
        assert_eq!(kind("auto-fix"), Kind::AutoFix);
        assert_eq!(kind("mystery"), Kind::Unknown);
        assert!(is_normal("Cloud Agent_ID", "cloudagentid") && !is_normal("cloud agent", "cloudagentid"));
        assert_eq!(status("Insufficient_Credits"), Status::Blocked);
        assert_eq!(meter("Message credits"), Some(Meter::Message));
        assert_eq!(entry("Top-up"), Some(Entry::Topup));
    }
}
