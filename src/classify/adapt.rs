//! Weights of a team: those of this crate, moved as far as corrections of the team's own prompts move them.
//!
//! The same fit as in training, with the old weights as the prior: a cue that the corrections say nothing of stays as it
//! is. The gain is measured on parts of the corrections that were held out: histories, or stretches of the only one.
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    CLASSES,
    eval::score,
    labelled::{Labelled, Row},
    logistic::{Column, Example, Problem, fit},
    signs::{self, SIGNS},
    train::{self, Sample},
};
use crate::cues::{
    scan::NAMED,
    weights::{About, Learned, PARTS, Row as Weight, Weights},
};

/// How strongly old weights are held.
const HOLD: f64 = 8.0;
/// How many corrected prompts a word must occur in.
const PROMPTS: usize = 2;
/// How many steps the fit may take.
const STEPS: usize = 120;
/// Into how many parts corrections are divided to measure the gain.
const PARTS_HELD: usize = 5;

/// What adapting brought, on corrections that were held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// How many corrections.
    pub prompts: usize,
    /// The share that the old weights have right.
    pub before: f64,
    /// The share that adapted weights have right.
    pub after: f64,
}

/// Moves weights by corrections.
pub fn adapt(base: &Learned, files: &[Labelled], day: &str) -> (Learned, Gain) {
    let samples = train::collect(files);
    let parts = divide(files);
    let old = Weights::new(base.clone());
    let before: Vec<(Column, usize)> = files.iter().flat_map(|file| predicted(&file.rows, &old, |_| true)).collect();
    let after: Vec<(Column, usize)> = (0..PARTS_HELD)
        .into_par_iter()
        .flat_map_iter(|part| {
            let is_held = |row: &Row| parts.get(&(row.history.as_str(), row.seq)) == Some(&part);
            let kept: Vec<&Sample> = samples.iter().filter(|sample| !is_held(sample.row)).collect();
            if kept.len() == samples.len() {
                return Vec::new();
            }
            let weights = Weights::new(moved(base, &kept, base.about.clone()));
            files.iter().flat_map(|file| predicted(&file.rows, &weights, is_held)).collect()
        })
        .collect();
    let gain = Gain { prompts: samples.len(), before: score(&before).accuracy, after: score(&after).accuracy };
    let mut about =
        About { trained: day.to_owned(), prompts: base.about.prompts + samples.len(), ..base.about.clone() };
    about.inputs.extend(files.iter().map(|file| file.sha256.clone()));
    (moved(base, &samples.iter().collect::<Vec<_>>(), about), gain)
}

/// The part of each prompt: whole histories where there are enough, else stretches.
fn divide(files: &[Labelled]) -> BTreeMap<(&str, u64), usize> {
    let rows: Vec<&Row> = files.iter().flat_map(|file| &file.rows).collect();
    let histories: BTreeSet<&str> = rows.iter().map(|row| row.history.as_str()).collect();
    let numbered: BTreeMap<&str, usize> = histories.into_iter().zip(0..).collect();
    let part = |(index, row): (usize, &Row)| {
        if numbered.len() >= PARTS_HELD {
            numbered[row.history.as_str()] % PARTS_HELD
        } else {
            index * PARTS_HELD / rows.len()
        }
    };
    rows.iter().enumerate().map(|(index, row)| ((row.history.as_str(), row.seq), part((index, row)))).collect()
}

/// Sums and labels of some prompts, each read with the prompts before it.
fn predicted(rows: &[Row], weights: &Weights, keep: impl Fn(&Row) -> bool) -> Vec<(Column, usize)> {
    let all = train::sums(rows, weights).into_iter();
    let some = all.filter(|(position, _)| keep(&rows[*position]));
    some.map(|(position, sums)| (sums, rows[position].label.index())).collect()
}

fn moved(base: &Learned, samples: &[&Sample], about: About) -> Learned {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for gram in samples.iter().flat_map(|sample| &sample.grams) {
        *counts.entry(*gram).or_default() += 1;
    }
    counts.retain(|_, count| *count >= PROMPTS);
    let columns: BTreeMap<u64, usize> = counts.into_keys().zip(NAMED + SIGNS..).collect();
    let mut priors: Vec<Column> = base.cues.iter().copied().map(points).collect();
    priors.extend(signs::NAMES.iter().map(|name| base.context.get(*name).copied().map_or([0.0; CLASSES], points)));
    priors.extend(columns.keys().map(|gram| base.grams.get(gram).copied().map_or([0.0; CLASSES], points)));
    let examples: Vec<Example> = samples.iter().map(|sample| train::example(sample, &columns)).collect();
    let examples: Vec<&Example> = examples.iter().collect();
    let penalties = vec![HOLD; priors.len()];
    let problem = Problem { examples: &examples, penalties: &penalties, priors: &priors, spread: train::DISAGREE };
    let fitted = fit(&problem, STEPS);
    let rows: Vec<Weight> = fitted.into_iter().map(train::rounded).collect();
    let mut learned = Learned { about, ..base.clone() };
    learned.cues.copy_from_slice(&rows[..NAMED]);
    learned.context = signs::NAMES.iter().map(|name| (*name).to_owned()).zip(rows[NAMED..].iter().copied()).collect();
    learned.grams.extend(columns.into_keys().zip(rows[NAMED + SIGNS..].iter().copied()));
    learned
}

fn points(row: Weight) -> Column {
    row.map(|weight| f64::from(weight) / f64::from(PARTS))
}
