//! How accurate the classes are, measured against labels. The weights of this crate were learned from labelled prompts,
//! so on those they look better than they are; [`cross_validate`] predicts each prompt by weights that never saw its
//! history. Each result says which of the two it is.
mod coverage;
mod score;
mod text;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::classify::{
    doubt::{self, Doubt},
    labelled::{Labelled, Row},
    logistic::{Column, softmax, temperature},
    train::{self, Held},
    window,
};
use crate::cues::{self, form, lexicon::bit, weights::Weights};
use crate::model::action::Action;

pub use self::{
    score::{Bin, ClassScore, Score, Slice},
    text::render,
};

/// How accurate the classes are. Scored is `best`, buttons included unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// The version of this view.
    pub schema: &'static str,
    /// How the predictions came about.
    pub method: Method,
    /// What the method means for these numbers.
    pub note: String,
    /// All prompts.
    #[serde(flatten)]
    pub score: Score,
    /// All prompts that no button sent.
    pub without_buttons: Score,
    /// The expected calibration error.
    pub calibration_error: f64,
    /// The calibration error that chance alone would give probabilities that are all true.
    pub calibration_error_by_chance: f64,
    /// The mean of the negative logarithm of the label's probability, without buttons.
    pub log_loss: f64,
    /// Ten bins of equal size.
    pub reliability: Vec<Bin>,
    /// Parts of the prompts: languages and sureness without buttons, decided and unclassified.
    pub slices: Vec<Slice>,
    /// Accuracy and macro-F1 without buttons for each way that histories were divided; none where nothing was divided.
    pub splits: Vec<[f64; 2]>,
    /// The calibration error for each way that histories were divided.
    pub split_calibration_errors: Vec<f64>,
    /// How often a history's class totals lie in their ranges; none where nothing was held out.
    pub coverage: Option<Slice>,
    /// What simpler methods reach on the same prompts, without buttons.
    pub baselines: Vec<Slice>,
}

/// How predictions came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By given weights.
    Weights,
    /// By weights that were learned from other histories.
    CrossValidation,
}

/// A prompt and its prediction.
struct Outcome<'a> {
    row: &'a Row,
    label: usize,
    best: usize,
    probability: f64,
    surprise: f64,
    rules: usize,
    is_button: bool,
    /// Whether it holds words of going back or building anew.
    asks_again: bool,
}

/// Measures weights on labelled files.
pub fn evaluate(files: &[Labelled], weights: &Weights) -> Evaluation {
    let about = weights.about();
    let mut outcomes = Vec::new();
    for file in files {
        for (position, sums) in train::sums(&file.rows, weights) {
            outcomes.push(Outcome::new(&file.rows[position], sums, about.temperature));
        }
    }
    let seen = files.iter().any(|file| about.inputs.contains(&file.sha256));
    let note = if seen {
        "these weights were learned from a file measured here: the numbers flatter; cross-validate instead".to_owned()
    } else {
        format!("weights of {}, learned from {} other prompts", about.trained, about.prompts)
    };
    summarise(Method::Weights, note, &outcomes, about.threshold)
}

/// Measures the method: each prompt of `tested` is predicted by weights learned from the other histories of `tested`
/// and `more`, and its probability is tempered by the other parts' predictions only.
///
/// Histories are divided once for each split; all but the first give their scores to [`Evaluation::splits`] only.
pub fn cross_validate(tested: &[Labelled], more: &[Labelled], splits: u32) -> Evaluation {
    let files: Vec<Labelled> = tested.iter().chain(more).cloned().collect();
    let mut evaluation = cross_validate_once(&files, tested.len(), 0);
    for split in 1..splits {
        let other = cross_validate_once(&files, tested.len(), split);
        evaluation.splits.extend(other.splits);
        evaluation.split_calibration_errors.extend(other.split_calibration_errors);
    }
    evaluation
}

fn cross_validate_once(files: &[Labelled], tested: usize, split: u32) -> Evaluation {
    let held = train::cross_validated(files, tested, split);
    let folds: BTreeSet<u64> = held.iter().map(|held| held.fold).collect();
    let mut outcomes = Vec::with_capacity(held.len());
    let mut covered = Vec::new();
    for fold in &folds {
        let (part, others): (Vec<&Held>, Vec<&Held>) = held.iter().partition(|held| held.fold == *fold);
        let pairs: Vec<(Column, usize)> = others.iter().map(|held| (held.sums, held.row.label.index())).collect();
        let temperature = if others.is_empty() { 1.0 } else { temperature(&pairs) };
        let confusion = train::confusion(&score(&pairs));
        let doubt = Doubt::of(&confusion, doubt::correlation(others, &confusion, temperature));
        covered.extend(coverage::of(&part, &doubt, temperature));
        outcomes.extend(part.into_iter().map(|held| Outcome::new(held.row, held.sums, temperature)));
    }
    let note = format!("{} parts by history; each predicted by weights learned from the others", folds.len());
    let mut evaluation = summarise(Method::CrossValidation, note, &outcomes, train::THRESHOLD);
    let pairs = covered.into_iter().map(|is_covered| (1, usize::from(is_covered)));
    evaluation.coverage = Some(score::slice("class totals in their 95 % range", pairs));
    evaluation.splits = vec![[evaluation.without_buttons.accuracy, evaluation.without_buttons.macro_f1]];
    evaluation.split_calibration_errors = vec![evaluation.calibration_error];
    evaluation
}

/// Scores sums of log-odds against labels.
pub(super) fn score(pairs: &[(Column, usize)]) -> Score {
    score::score(pairs.iter().map(|(sums, label)| (*label, greatest(*sums))))
}

fn greatest(sums: Column) -> usize {
    (0..sums.len()).rev().max_by(|left, right| sums[*left].total_cmp(&sums[*right])).unwrap_or(0)
}

impl<'a> Outcome<'a> {
    fn new(row: &'a Row, sums: Column, temperature: f64) -> Self {
        let best = greatest(sums);
        let bits = cues::read_with(&row.text, Weights::built_in()).bits;
        let is_button = row.is_button.unwrap_or(bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0);
        Self {
            row,
            label: row.label.index(),
            best,
            probability: softmax(sums, temperature)[best],
            surprise: -softmax(sums, temperature)[row.label.index()].ln(),
            rules: window::by_bits(bits).index(),
            is_button,
            asks_again: bits & (bit("revert") | bit("rebuild")) != 0,
        }
    }

    fn pair(&self) -> (usize, usize) {
        (self.label, self.best)
    }
}

fn summarise(method: Method, note: String, outcomes: &[Outcome], threshold: f64) -> Evaluation {
    let typed: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.is_button).collect();
    let part = |name: &str, keep: &dyn Fn(&Outcome) -> bool| {
        score::slice(name, typed.iter().filter(|outcome| keep(outcome)).map(|outcome| outcome.pair()))
    };
    let mut slices =
        vec![score::slice("buttons", outcomes.iter().filter(|outcome| outcome.is_button).map(Outcome::pair))];
    let languages: BTreeSet<&str> = typed.iter().filter_map(|outcome| outcome.row.language.as_deref()).collect();
    for language in &languages {
        slices.push(part(language, &|outcome| outcome.row.language.as_deref() == Some(language)));
    }
    slices.push(part("not en", &|outcome| outcome.row.language.as_deref().is_some_and(|language| language != "en")));
    slices.push(part("labels sure", &|outcome| outcome.row.is_sure == Some(true)));
    slices.push(part("labels unsure", &|outcome| outcome.row.is_sure == Some(false)));
    slices.push(part("decided", &|outcome| outcome.probability >= threshold));
    slices.push(part("unclassified", &|outcome| outcome.probability < threshold));
    let is_regenerated = |outcome: &Outcome| outcome.row.label == Action::Regeneration;
    slices.push(part("asked anew or back, found", &|outcome| is_regenerated(outcome) && outcome.asks_again));
    slices.push(part("sent again, found", &|outcome| is_regenerated(outcome) && !outcome.asks_again));
    slices.retain(|slice| slice.n > 0);
    let all = score::score(typed.iter().map(|outcome| outcome.pair()));
    let majority = (0..Action::LABELS.len()).rev().max_by_key(|class| all.per_class[*class].n).unwrap_or(0);
    let baselines = vec![
        score::slice("always the commonest class", typed.iter().map(|outcome| (outcome.label, majority))),
        score::slice("keyword rules", typed.iter().map(|outcome| (outcome.label, outcome.rules))),
    ];
    let seen = outcomes.iter().map(|outcome| (outcome.probability, outcome.label == outcome.best)).collect();
    let (reliability, calibration_error) = score::reliability(seen);
    Evaluation {
        schema: "creditscope.eval/v1",
        method,
        note,
        score: score::score(outcomes.iter().map(Outcome::pair)),
        without_buttons: all,
        calibration_error,
        calibration_error_by_chance: score::by_chance(&reliability),
        log_loss: score::mean(typed.iter().map(|outcome| outcome.surprise)),
        reliability,
        slices,
        splits: Vec::new(),
        split_calibration_errors: Vec::new(),
        coverage: None,
        baselines,
    }
}
