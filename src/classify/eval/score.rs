//! Scores of predicted against labelled classes: accuracy, F1, Cohen's kappa, calibration.
//!
//! Calibration: predictions are ordered by probability and cut into ten bins of equal size; the expected calibration
//! error is the mean distance, weighted by size, between a bin's mean probability and its accuracy (Naeini, Cooper,
//! Hauskrecht 2015, with equal-mass bins as in Nixon et al. 2019). Intervals of shares are Wilson's (1927), 95 %.
use serde::Serialize;

use crate::classify::CLASSES;
use crate::model::action::Action;

const BINS: usize = 10;

/// How well one class is found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassScore {
    /// The class.
    pub class: &'static str,
    /// How many are labelled so.
    pub n: usize,
    /// The share of its predictions that are right; 0 without predictions.
    pub precision: f64,
    /// The share of its labels that are found; 0 without labels.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Scores over a set of prompts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// How many prompts.
    pub n: usize,
    /// The share that is right.
    pub accuracy: f64,
    /// The mean F1 over the classes that are labelled or predicted.
    pub macro_f1: f64,
    /// Agreement beyond chance.
    pub kappa: f64,
    /// Each class.
    pub per_class: Vec<ClassScore>,
    /// Rows are labels, columns are predictions, both in the order of the classes.
    pub confusion: [[usize; CLASSES]; CLASSES],
}

/// Predictions of about equal probability.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub n: usize,
    /// Their mean probability.
    pub probability: f64,
    /// The share that is right.
    pub accuracy: f64,
}

/// A share with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// Which prompts, or which method.
    pub name: String,
    /// How many prompts.
    pub n: usize,
    /// The share that is right.
    pub accuracy: f64,
    /// The 95 % interval of the accuracy, as if prompts were independent.
    pub interval: [f64; 2],
    /// The mean F1 over the classes.
    pub macro_f1: f64,
}

/// Scores pairs of label and prediction, as positions in [`Action::LABELS`].
pub(super) fn score(pairs: impl IntoIterator<Item = (usize, usize)>) -> Score {
    let mut confusion = [[0; CLASSES]; CLASSES];
    for (label, best) in pairs {
        confusion[label][best] += 1;
    }
    let n: usize = confusion.iter().flatten().sum();
    let right: usize = (0..CLASSES).map(|class| confusion[class][class]).sum();
    let mut per_class = Vec::with_capacity(CLASSES);
    let mut by_chance = 0.0;
    let mut used = 0.0;
    for (class, action) in Action::LABELS.into_iter().enumerate() {
        let labelled: usize = confusion[class].iter().sum();
        let predicted: usize = confusion.iter().map(|row| row[class]).sum();
        let found = confusion[class][class];
        by_chance += share(labelled, n) * share(predicted, n);
        if labelled + predicted > 0 {
            used += 1.0;
        }
        per_class.push(ClassScore {
            class: action.word(),
            n: labelled,
            precision: share(found, predicted),
            recall: share(found, labelled),
            f1: share(2 * found, labelled + predicted),
        });
    }
    let accuracy = share(right, n);
    let total: f64 = per_class.iter().map(|class| class.f1).sum();
    let kappa = if by_chance < 1.0 { (accuracy - by_chance) / (1.0 - by_chance) } else { 0.0 };
    Score { n, accuracy, macro_f1: if used > 0.0 { total / used } else { 0.0 }, kappa, per_class, confusion }
}

/// The reliability table and the expected calibration error of pairs of probability and whether it was right.
pub(super) fn reliability(mut outcomes: Vec<(f64, bool)>) -> (Vec<Bin>, f64) {
    outcomes.sort_by(|left, right| left.0.total_cmp(&right.0));
    let n = outcomes.len();
    let mut bins = Vec::with_capacity(BINS);
    for index in 0..BINS {
        let bin = &outcomes[index * n / BINS..(index + 1) * n / BINS];
        if !bin.is_empty() {
            let probability = bin.iter().map(|(chance, _)| chance).sum::<f64>() / float(bin.len());
            let accuracy = share(bin.iter().filter(|(_, right)| *right).count(), bin.len());
            bins.push(Bin { n: bin.len(), probability, accuracy });
        }
    }
    let error = bins.iter().map(|bin| float(bin.n) * (bin.probability - bin.accuracy).abs()).sum::<f64>();
    (bins, if n == 0 { 0.0 } else { error / float(n) })
}

/// The calibration error that chance alone is expected to give these bins, were each probability true: the accuracy of
/// `n` prompts of probability `p` lies `√(2 p (1 - p) / (π n))` from `p` in the mean.
pub(super) fn by_chance(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.n).sum();
    let distance = |bin: &Bin| {
        let variance = bin.probability * (1.0 - bin.probability) / float(bin.n.max(1));
        share(bin.n, all) * (variance * std::f64::consts::FRAC_2_PI).sqrt()
    };
    bins.iter().map(distance).sum()
}

/// The mean of some numbers; 0 of none.
pub(super) fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut sum) = (0, 0.0);
    for number in numbers {
        n += 1;
        sum += number;
    }
    sum / float(n.max(1))
}

/// The mean of some numbers and their standard deviation; 0 of fewer than two.
pub(super) fn spread(numbers: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (middle, n) = (mean(numbers.clone()), numbers.clone().count());
    let squares: f64 = numbers.map(|number| (number - middle).powi(2)).sum();
    (middle, (squares / float(n.saturating_sub(1).max(1))).sqrt())
}

/// A slice under a name.
pub(super) fn slice(name: &str, pairs: impl IntoIterator<Item = (usize, usize)>) -> Slice {
    let Score { n, accuracy, macro_f1, .. } = score(pairs);
    Slice { name: name.to_owned(), n, accuracy, interval: wilson(accuracy, n), macro_f1 }
}

fn wilson(share: f64, n: usize) -> [f64; 2] {
    const Z: f64 = 1.96;
    if n == 0 {
        return [0.0, 1.0];
    }
    let n = float(n);
    let middle = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    [((middle - reach) / scale).max(0.0), ((middle + reach) / scale).min(1.0)]
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of labelled prompts")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn scores_follow_their_definitions() {
        let score = score([(0, 0), (0, 0), (0, 1), (1, 1)]);
        assert!(near(score.accuracy, 0.75));
        assert!(near(score.per_class[0].f1, 0.8) && near(score.per_class[1].f1, 2.0 / 3.0));
        assert!(near(score.macro_f1, f64::midpoint(0.8, 2.0 / 3.0)));
        assert!(near(score.kappa, 0.5));
        assert!(near(super::score([]).accuracy, 0.0));
    }

    #[test]
    fn calibration_is_the_distance_of_said_and_seen() {
        let outcomes = (0..100).map(|at| (0.9, at % 2 == 0)).collect();
        let (bins, error) = reliability(outcomes);
        assert_eq!(bins.len(), 10);
        assert!(near(error, 0.4));
        assert!(near(reliability(Vec::new()).1, 0.0));
    }

    #[test]
    fn chance_alone_moves_small_bins() {
        let bins = |n| reliability((0..n).map(|at| (0.5, at % 2 == 0)).collect()).0;
        assert!(near(by_chance(&bins(1000)), (0.5 / (std::f64::consts::PI * 100.0)).sqrt()));
        assert!(by_chance(&bins(100)) > 3.0 * by_chance(&bins(1000)));
        assert!(near(by_chance(&[]), 0.0));
    }

    #[test]
    fn a_spread_is_mean_and_deviation() {
        let (middle, wide) = spread([0.6, 0.7, 0.8].into_iter());
        assert!(near(middle, 0.7) && near(wide, 0.1));
        assert!(near(spread([0.5].into_iter()).1, 0.0));
    }

    #[test]
    fn an_interval_holds_its_share() {
        let [low, high] = wilson(0.7, 600);
        assert!((0.66..0.67).contains(&low) && (0.73..0.74).contains(&high));
    }
}
