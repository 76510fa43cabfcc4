//! What a feature is called: the thing that its requests name most, with the word that stands beside it most.
//!
//! Two words make a name only where they stand side by side in a request. Words of doing, of talk and of the work itself
//! (`unnamed.txt`) name nothing, nor do participles and gerunds that are no nouns (`nouns.txt`). A feature that holds
//! much of an app but whose requests share no thing is no feature: it has no name.
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::classify::links::{
    WHOLE_APP,
    past::{Group, Past},
};
use crate::model::{event::Word, names::Names};

/// What is done to a thing is said after it: "invoice export".
const DONE_TO_THINGS: [&str; 12] = [
    "export",
    "import",
    "upload",
    "download",
    "search",
    "filter",
    "saving",
    "sharing",
    "share",
    "tracking",
    "planning",
    "generator",
];
/// How verbs and adverbs of English end; `nouns.txt` has the nouns that end so.
const FORMS: [&str; 5] = ["ing", "ed", "ly", "ize", "ise"];
/// In an app of fewer requests any feature may hold most of them.
const REQUESTS: u32 = 10;

static UNNAMED: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("unnamed.txt").split_ascii_whitespace().collect());
static NOUNS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("nouns.txt").split_ascii_whitespace().collect());

/// The names of an app's features. A name of the feature column stands as it is.
pub(super) fn names(past: &Past, names: &Names) -> Vec<Option<Box<str>>> {
    past.groups.iter().map(|group| name(group, past, names).map(Into::into)).collect()
}

fn name(group: &Group, past: &Past, names: &Names) -> Option<String> {
    if let Some(told) = group.told {
        return Some(names.text(told).to_owned());
    }
    if group.is_whole {
        return Some(WHOLE_APP.to_owned());
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of requests of an app")]
    let strength = |&&(word, count, places): &&(Word, u32, u32)| {
        // Often named and named early; of what the whole app speaks of, less.
        let place = places as f32 / count as f32;
        count as f32 * (0.5 + past.weight(word)) / (1.0 + place / 4.0)
    };
    let is_thing = |word: &&(Word, u32, u32)| names_a_thing(names.text(word.0));
    let by_strength = |a: &&(Word, u32, u32), b: &&(Word, u32, u32)| {
        strength(a).total_cmp(&strength(b)).then_with(|| names.text(b.0).cmp(names.text(a.0)))
    };
    let head = group.words.iter().filter(is_thing).max_by(by_strength)?;
    let is_most_of_it = past.seen >= REQUESTS && group.count * 5 > past.seen * 2;
    if is_most_of_it && head.1 * 4 < group.naming {
        return None;
    }
    let beside = |other: &&(Word, u32, u32)| {
        let is_pair = |(pair, _): &&([Word; 2], u32)| *pair == [head.0, other.0] || *pair == [other.0, head.0];
        group.pairs.iter().filter(is_pair).map(|(_, count)| *count).sum::<u32>() * 2 >= head.1
    };
    let partner =
        group.words.iter().filter(is_thing).filter(|word| word.0 != head.0).filter(beside).max_by(by_strength);
    let Some(partner) = partner else {
        return Some(names.text(head.0).to_owned());
    };
    let is_before =
        group.pairs.iter().filter(|(pair, _)| *pair == [head.0, partner.0]).map(|(_, count)| count).sum::<u32>()
            > group.pairs.iter().filter(|(pair, _)| *pair == [partner.0, head.0]).map(|(_, count)| count).sum();
    let mut words = if is_before { [head.0, partner.0] } else { [partner.0, head.0] }.map(|word| names.text(word));
    words.sort_by_key(|word| DONE_TO_THINGS.contains(word));
    Some(words.join(" "))
}

/// Whether a base form can name a feature.
fn names_a_thing(word: &str) -> bool {
    if NOUNS.contains(word) {
        return true;
    }
    let is_form = word.len() > 4 && FORMS.iter().any(|end| word.ends_with(end));
    !is_form && !UNNAMED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: bool) {
        assert_eq!(names_a_thing(word), expected, "{word}");
    }

    #[test]
    fn nouns_name_things_and_verbs_do_not() {
        for word in ["invoice", "booking", "feed", "checkout", "seating", "newsletter"] {
            check(word, true);
        }
        for word in
            ["representing", "confirmed", "slightly", "yeah", "insert", "customize", "tolong", "ubernehmen", "commit"]
        {
            check(word, false);
        }
    }
}
