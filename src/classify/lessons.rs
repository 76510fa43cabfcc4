//! Made-up prompts that show what each class means: `lessons.toml`, written for this crate. Training counts them beside
//! the labelled files, as words without context.
use std::collections::BTreeMap;

use crate::classify::{
    logistic::Example,
    train::{Collected, column},
};
use crate::cues::scan::{NAMED, scan};
use crate::model::action::Action;

/// How much a made-up prompt counts.
const WEIGHT: f64 = 1.0;
/// So many of them with a word count as one history.
const HISTORY: usize = 3;

/// A made-up prompt.
pub(super) struct Lesson {
    label: usize,
    read: Collected,
}

/// All made-up prompts.
pub(super) fn read() -> Vec<Lesson> {
    let classes: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(include_str!("lessons.toml")).unwrap_or_default();
    let mut lessons = Vec::new();
    for (class, languages) in classes {
        let label = Action::LABELS.iter().position(|label| label.word() == class).unwrap_or(0);
        for text in languages.values().flatten() {
            let mut read = Collected::default();
            scan(text, &mut read);
            lessons.push(Lesson { label, read });
        }
    }
    lessons
}

/// For each word of made-up prompts, as many histories as they count for.
pub(super) fn histories(lessons: &[Lesson]) -> impl Iterator<Item = (u64, usize)> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for gram in lessons.iter().flat_map(|lesson| &lesson.read.grams) {
        *counts.entry(*gram).or_default() += 1;
    }
    counts.into_iter().map(|(gram, count)| (gram, count / HISTORY))
}

impl Lesson {
    /// As the fit takes it: words and the bias.
    pub(super) fn example(&self, columns: &BTreeMap<u64, usize>) -> Example {
        let Self { label, read } = self;
        let known = read.grams.iter().filter_map(|gram| columns.get(gram).copied());
        let all = read.named.iter().copied().chain([NAMED]).chain(known);
        Example { values: all.map(|index| (column(index), 1.0)).collect(), label: *label, weight: WEIGHT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_shown_in_five_languages() {
        let classes: BTreeMap<String, BTreeMap<String, Vec<String>>> =
            toml::from_str(include_str!("lessons.toml")).unwrap();
        assert_eq!(classes.len(), Action::LABELS.len());
        for (class, languages) in classes {
            assert!(Action::LABELS.iter().any(|label| label.word() == class), "{class}");
            assert_eq!(languages.keys().map(String::as_str).collect::<Vec<_>>(), ["de", "en", "es", "fr", "pt"]);
        }
    }
}
