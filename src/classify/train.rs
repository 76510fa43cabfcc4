//! Learns weights from labelled prompts. Equal files give equal bytes.
//!
//! The features are those of reading and classifying, collected by the same code ([`crate::cues::scan`], the signs of
//! the context). A word counts only where it occurs in several histories: what one history alone says teaches its
//! subject, not how people ask. Context and word groups start from a prior set by hand and are held to it loosely.
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::classify::{
    CLASSES, Model, doubt,
    eval::Score,
    labelled::{Labelled, Laid, Row, lay_out},
    lessons::{self, Lesson},
    logistic::{Column, Example, Problem, fit, temperature},
    prior,
    signs::{self, SIGNS},
};
use crate::cues::scan::{NAMED, Sink, scan};
use crate::cues::weights::{self, About, Learned, PARTS, Weights};
use crate::model::{action::Action, event::Event};

/// How many histories a word must occur in.
const HISTORIES: usize = 3;
/// How many steps the fit may take.
const STEPS: usize = 120;
/// How strongly hashed words are held at zero.
const WORD_PENALTY: f64 = 10.0;
/// How strongly named cues are held at their prior.
const CUE_PENALTY: f64 = 5.0;
/// How strongly signs of the context are held at their prior.
const SIGN_PENALTY: f64 = 3.0;
/// How much a prompt counts whose label is unsure.
const UNSURE: f64 = 0.7;
/// The share of each label that is spread over all classes: readers disagree on some, and no cue is to be too sure.
pub(super) const DISAGREE: f64 = 0.1;
/// How much more a regeneration counts: there are few, and each is a whole result thrown away.
const RARE: f64 = 1.5;
/// Below this probability the action is `unclassified`.
pub(super) const THRESHOLD: f64 = 0.4;
/// Into how many parts histories are divided for cross-validation.
const FOLDS: u64 = 8;

/// Settings of a training.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The day of training, as it is to stand in the file; training never asks the clock.
    pub day: String,
}

/// A prompt as the trainer sees it.
pub(super) struct Sample<'a> {
    pub(super) row: &'a Row,
    named: Vec<usize>,
    pub(super) grams: Vec<u64>,
    signs: [f32; SIGNS],
}

/// What a text's features are.
#[derive(Default)]
pub(super) struct Collected {
    /// Those with a name.
    pub(super) named: Vec<usize>,
    /// Hashed words and pairs of words.
    pub(super) grams: Vec<u64>,
}

impl Sink for Collected {
    fn named(&mut self, index: usize) {
        self.named.push(index);
    }
    fn gram(&mut self, hash: u64) {
        self.grams.push(hash);
    }
}

/// What a prompt came out as under weights that never saw its history.
pub(super) struct Held<'a> {
    /// The prompt.
    pub(super) row: &'a Row,
    /// The sums of log-odds.
    pub(super) sums: Column,
    /// Which part it was held out with.
    pub(super) fold: u64,
}

/// Learns from every prompt of the files.
pub fn train(files: &[Labelled], settings: &Settings) -> Learned {
    let samples = collect(files);
    let held = hold_out(files, &samples, files.len(), 0);
    let pairs: Vec<(Column, usize)> = held.iter().map(|held| (held.sums, held.row.label.index())).collect();
    let score = super::eval::score(&pairs);
    let temperature = temperature(&pairs);
    let confusion = confusion(&score);
    let about = About {
        version: weights::VERSION,
        trained: settings.day.clone(),
        prompts: samples.len(),
        accuracy: score.accuracy,
        macro_f1: score.macro_f1,
        temperature,
        threshold: THRESHOLD,
        inputs: files.iter().map(|file| file.sha256.clone()).collect(),
        confusion,
        correlation: doubt::correlation(&held, &confusion, temperature),
    };
    learn(&samples.iter().collect::<Vec<_>>(), about)
}

/// How many prompts of each class (a row) were taken for which (a column).
pub(super) fn confusion(score: &Score) -> [[u32; CLASSES]; CLASSES] {
    score.confusion.map(|row| row.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
}

/// Predicts each prompt of the first `tested` files by weights that were learned from other histories, which are
/// divided as the split says.
pub(super) fn cross_validated(files: &[Labelled], tested: usize, split: u32) -> Vec<Held<'_>> {
    hold_out(files, &collect(files), tested, split)
}

fn hold_out<'a>(files: &'a [Labelled], samples: &[Sample], tested: usize, split: u32) -> Vec<Held<'a>> {
    let fold_of = |history: &str| fold_of(history, split);
    let parts: Vec<Vec<Held>> = (0..FOLDS)
        .into_par_iter()
        .map(|fold| {
            let kept: Vec<&Sample> = samples.iter().filter(|sample| fold_of(&sample.row.history) != fold).collect();
            let weights = Weights::new(learn(&kept, About::unknown()));
            let mut held = Vec::new();
            for file in &files[..tested] {
                let rows: Vec<Row> = file.rows.iter().filter(|row| fold_of(&row.history) == fold).cloned().collect();
                let back: Vec<&Row> = file.rows.iter().filter(|row| fold_of(&row.history) == fold).collect();
                for (position, sums) in sums(&rows, &weights) {
                    held.push(Held { row: back[position], sums, fold });
                }
            }
            held
        })
        .collect();
    parts.into_iter().flatten().collect()
}

/// Position among the rows and sums of each prompt under some weights.
pub(super) fn sums(rows: &[Row], weights: &Weights) -> Vec<(usize, Column)> {
    let Laid { timeline, names } = lay_out(rows, weights);
    let model = Model::new(weights);
    let mut all = Vec::with_capacity(rows.len());
    for range in timeline.apps() {
        let events = &timeline.events()[range.clone()];
        model.app(events, 0, &names, |event, _, sums| {
            all.push((event.place.line as usize - 1, sums.map(f64::from)));
        });
    }
    all
}

/// The part that a history falls into: each split divides them in another way.
fn fold_of(history: &str, split: u32) -> u64 {
    crate::cues::words::hash(history.as_bytes()).rotate_right(8 * split) % FOLDS
}

/// Reads every prompt's features; each file is laid out on its own.
pub(super) fn collect(files: &[Labelled]) -> Vec<Sample<'_>> {
    let blank = Weights::blank();
    let mut samples = Vec::new();
    for file in files {
        let Laid { timeline, names } = lay_out(&file.rows, &blank);
        let row = |event: &Event| &file.rows[event.place.line as usize - 1];
        for range in timeline.apps() {
            let events = &timeline.events()[range.clone()];
            for (event, signs) in signs::of_app(events, &names, |event| row(event).label) {
                let row = row(event);
                let mut collected = Collected::default();
                scan(&row.text, &mut collected);
                let Collected { named, grams } = collected;
                samples.push(Sample { row, named, grams, signs });
            }
        }
    }
    samples
}

fn learn(samples: &[&Sample], about: About) -> Learned {
    let lessons = lessons::read();
    let grams = common_grams(samples, &lessons);
    let columns: BTreeMap<u64, usize> = grams.iter().copied().zip(NAMED + SIGNS..).collect();
    let mut examples: Vec<Example> = samples.iter().map(|sample| example(sample, &columns)).collect();
    examples.extend(lessons.iter().map(|lesson| lesson.example(&columns)));
    let examples: Vec<&Example> = examples.iter().collect();
    let mut priors = prior::of_cues();
    priors.extend(prior::of_signs());
    priors.resize(NAMED + SIGNS + grams.len(), [0.0; CLASSES]);
    let mut penalties = vec![CUE_PENALTY; NAMED];
    penalties.resize(NAMED + SIGNS, SIGN_PENALTY);
    penalties.resize(priors.len(), WORD_PENALTY);
    let fitted = fit(&Problem { examples: &examples, penalties: &penalties, priors: &priors, spread: DISAGREE }, STEPS);
    let rows: Vec<_> = fitted.into_iter().map(rounded).collect();
    Learned {
        about,
        cues: rows[..NAMED].to_vec(),
        context: signs::NAMES.iter().map(|name| (*name).to_owned()).zip(rows[NAMED..].iter().copied()).collect(),
        grams: grams.into_iter().zip(rows[NAMED + SIGNS..].iter().copied()).collect(),
    }
}

/// The number of a column.
pub(super) fn column(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A prompt as the fit takes it.
pub(super) fn example(sample: &Sample, columns: &BTreeMap<u64, usize>) -> Example {
    let mut values: Vec<(u32, f32)> = sample.named.iter().map(|index| (column(*index), 1.0)).collect();
    let signs = sample.signs.iter().enumerate().filter(|(_, value)| **value != 0.0);
    values.extend(signs.map(|(index, value)| (column(NAMED + index), *value)));
    values.extend(sample.grams.iter().filter_map(|gram| columns.get(gram)).map(|index| (column(*index), 1.0)));
    let label = Action::LABELS.iter().position(|label| *label == sample.row.label).unwrap_or(0);
    let sure = if sample.row.is_sure == Some(false) { UNSURE } else { 1.0 };
    let weight = if sample.row.label == Action::Regeneration { RARE * sure } else { sure };
    Example { values, label, weight }
}

/// Words that occur in several histories, in the order of their hashes. Some made-up prompts with a word count as one
/// history.
fn common_grams(samples: &[&Sample], lessons: &[Lesson]) -> Vec<u64> {
    let mut histories: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
    for sample in samples {
        for gram in &sample.grams {
            histories.entry(*gram).or_default().insert(&sample.row.history);
        }
    }
    let mut counts: BTreeMap<u64, usize> = histories.into_iter().map(|(gram, all)| (gram, all.len())).collect();
    for (gram, count) in lessons::histories(lessons) {
        *counts.entry(gram).or_default() += count;
    }
    counts.into_iter().filter(|(_, count)| *count >= HISTORIES).map(|(gram, _)| gram).collect()
}

/// Weights as files hold them.
#[expect(clippy::cast_possible_truncation, reason = "clamped to 16 bits")]
pub(super) fn rounded(column: Column) -> weights::Row {
    column.map(|weight| (weight * f64::from(PARTS)).round().clamp(-32_000.0, 32_000.0) as i16)
}
