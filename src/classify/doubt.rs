//! How sure class totals are, given how sure each label is.
//!
//! A calibrated label of probability `p` is right `p` of the time; where it is wrong, the true class is spread as the
//! cross-validated confusion of the weights spreads it. The expected total of a class is then the sum of amount times
//! chance, the prevalence corrected for misclassification (Rogan and Gladen 1978), and its variance is that of a sum of
//! Bernoulli draws, `a² q (1 - q)` each. Errors within one app go together: with an intra-class correlation `r`, the
//! variance of an app's sum is `(1 - r) Σ v + r (Σ √v)²` (the design effect of Kish 1965). `r` is measured on held-out
//! histories when weights are learned, by moments; evaluation tells how many of their class totals the ranges hold.
use std::collections::BTreeMap;

use super::{CLASSES, logistic::softmax, train::Held};
use crate::cues::weights::Weights;
use crate::model::{action::Action, decision::Decision};

/// What is known of wrong labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Where a label (a row) is wrong, how likely each class is.
    instead: [[f64; CLASSES]; CLASSES],
    /// How much errors of one app are correlated.
    pub correlation: f64,
}

impl Doubt {
    /// As measured when the weights were learned.
    pub fn new(weights: &Weights) -> Self {
        let about = weights.about();
        Self::of(&about.confusion, about.correlation)
    }

    /// Of a confusion, a row a label and a column a prediction, and a correlation of errors.
    pub(super) fn of(confusion: &[[u32; CLASSES]; CLASSES], correlation: f64) -> Self {
        let mut instead = [[0.0; CLASSES]; CLASSES];
        for (best, row) in instead.iter_mut().enumerate() {
            // One more of each: a confusion that was never seen is not impossible.
            let count = |class: usize| if class == best { 0.0 } else { f64::from(confusion[class][best]) + 1.0 };
            let all: f64 = (0..CLASSES).map(count).sum();
            for (class, share) in row.iter_mut().enumerate() {
                *share = count(class) / all;
            }
        }
        Self { instead, correlation: correlation.clamp(0.0, 1.0) }
    }

    /// How likely each of [`Action::ALL`] is for an event; `None` where the event has no class at all, such as a total
    /// of several.
    pub fn chances(&self, decision: &Decision) -> Option<[f64; Action::ALL.len()]> {
        let chance = decision.probability.get();
        if chance <= 0.0 {
            return None;
        }
        let mut chances = [0.0; Action::ALL.len()];
        let best = decision.best.index();
        if best < CLASSES {
            chances[..CLASSES].copy_from_slice(&self.spread(best, chance));
        } else {
            chances[best] = 1.0;
        }
        Some(chances)
    }

    /// How likely each of [`Action::LABELS`] is, given the likeliest and its chance.
    pub(super) fn spread(&self, best: usize, chance: f64) -> [f64; CLASSES] {
        let mut chances = self.instead[best].map(|share| (1.0 - chance) * share);
        chances[best] = chance;
        chances
    }
}

/// What some labels of one app add to a class: expectation and variance of its total.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    mean: f64,
    variance: f64,
    deviation: f64,
}

/// Standard deviations of 95 %.
const REACH: f64 = 1.96;

impl Expected {
    /// Adds an event that belongs to the class with some chance.
    pub fn add(&mut self, amount: f64, chance: f64) {
        let variance = amount * amount * chance * (1.0 - chance);
        self.mean += amount * chance;
        self.variance += variance;
        self.deviation += variance.sqrt();
    }

    /// All that one app adds, whose errors are correlated.
    pub fn of_app(&self, correlation: f64) -> Spread {
        let variance = (1.0 - correlation) * self.variance + correlation * self.deviation * self.deviation;
        Spread { mean: self.mean, variance }
    }
}

/// Expectation and variance of a class total; those of several apps add up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    /// The expected total.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl Spread {
    /// Adds what another app adds.
    pub fn add(&mut self, app: Self) {
        self.mean += app.mean;
        self.variance += app.variance;
    }

    /// Between which totals the class lies, 95 %. A class of positive amounts has no negative total.
    pub fn range(&self) -> (f64, f64) {
        let reach = REACH * self.variance.sqrt();
        let least = if self.mean < 0.0 { f64::MIN } else { 0.0 };
        ((self.mean - reach).max(least), self.mean + reach)
    }
}

/// How much errors of one history are correlated, given how likely each class of each of its prompts was said to be:
/// over all pairs of prompts of one history and all classes, the sum of products of residuals (1 where the class is the
/// label, less its chance) by the sum of products of their standard deviations.
pub(super) fn correlation<'h>(
    held: impl IntoIterator<Item = &'h Held<'h>>,
    confusion: &[[u32; CLASSES]; CLASSES],
    temperature: f64,
) -> f64 {
    let doubt = Doubt::of(confusion, 0.0);
    let mut histories: BTreeMap<&str, [Residuals; CLASSES]> = BTreeMap::new();
    for Held { row, sums, .. } in held {
        let chances = softmax(*sums, temperature);
        let best = (0..CLASSES).max_by(|left, right| chances[*left].total_cmp(&chances[*right])).unwrap_or(0);
        let classes = histories.entry(&row.history).or_default();
        for (class, chance) in doubt.spread(best, chances[best]).into_iter().enumerate() {
            classes[class].add(if class == row.label.index() { 1.0 } else { 0.0 }, chance);
        }
    }
    let (mut products, mut most) = (0.0, 0.0);
    for sums in histories.values().flatten() {
        products += sums.residual * sums.residual - sums.squares;
        most += sums.deviation * sums.deviation - sums.variance;
    }
    if most > 0.0 { (products / most).clamp(0.0, 1.0) } else { 0.0 }
}

/// Sums over the prompts of one history, for one class.
#[derive(Debug, Clone, Copy, Default)]
struct Residuals {
    residual: f64,
    squares: f64,
    deviation: f64,
    variance: f64,
}

impl Residuals {
    fn add(&mut self, is_label: f64, chance: f64) {
        let (residual, variance) = (is_label - chance, chance * (1.0 - chance));
        self.residual += residual;
        self.squares += residual * residual;
        self.deviation += variance.sqrt();
        self.variance += variance;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decision::{Probability, Reason};

    #[track_caller]
    fn check(best: Action, chance: f64, of: Action, expected: std::ops::RangeInclusive<f64>) {
        let decision = Decision {
            action: best,
            best,
            probability: Probability::new(chance),
            reason: Reason::default(),
            earlier: None,
        };
        let chances = Doubt::new(Weights::built_in()).chances(&decision).unwrap();
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(expected.contains(&chances[of.index()]), "{chances:?}");
    }

    #[test]
    fn chances_follow_label_and_confusion() {
        check(Action::Fix, 0.7, Action::Fix, 0.7..=0.7);
        check(Action::Fix, 0.7, Action::Revision, 0.1..=0.25);
        check(Action::Fix, 1.0, Action::Revision, 0.0..=0.0);
        check(Action::Runtime, 1.0, Action::Runtime, 1.0..=1.0);
    }
}
