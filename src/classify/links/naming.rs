//! What a feature is called: the one or two things that its requests name most, in the order they are named.
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

/// The names of an app's features. A name of the feature column stands as it is.
pub(super) fn names(past: &Past, names: &Names) -> Vec<Box<str>> {
    past.groups.iter().map(|group| name(group, past, names).into()).collect()
}

fn name(group: &Group, past: &Past, names: &Names) -> String {
    if let Some(told) = group.told {
        return names.text(told).to_owned();
    }
    if group.is_whole || group.words.is_empty() {
        return WHOLE_APP.to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of requests of an app")]
    let place = |&(_, count, places): &(Word, u32, u32)| places as f32 / count as f32;
    // Often named and named early; of what the whole app speaks of, less.
    #[expect(clippy::cast_precision_loss, reason = "counts of requests of an app")]
    let strength = |word: &(Word, u32, u32)| word.1 as f32 * (0.5 + past.weight(word.0)) / (1.0 + place(word) / 4.0);
    let mut words: Vec<&(Word, u32, u32)> = group.words.iter().collect();
    words.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then_with(|| names.text(a.0).cmp(names.text(b.0))));
    words.truncate(2);
    if let [first, second] = words[..]
        && second.1 * 2 < first.1
    {
        words.truncate(1);
    }
    let is_done = |word: &(Word, u32, u32)| DONE_TO_THINGS.contains(&names.text(word.0));
    words.sort_by(|a, b| is_done(a).cmp(&is_done(b)).then_with(|| place(a).total_cmp(&place(b))));
    words.iter().map(|word| names.text(word.0)).collect::<Vec<_>>().join(" ")
}
