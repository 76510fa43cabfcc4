//! How sure class totals are, given how sure each label is.
//!
//! A calibrated label of probability `p` is right `p` of the time; where it is wrong, the true class is spread as the
//! cross-validated confusion of the weights spreads it. The expected total of a class is then the sum of amount times
//! chance, the prevalence corrected for misclassification (Rogan and Gladen 1978), and its variance is that of a sum of
//! Bernoulli draws, `a² q (1 - q)` each. Errors within one app go together: with an intra-class correlation `r`, the
//! variance of an app's sum is `(1 - r) Σ v + r (Σ √v)²` (the design effect of Kish 1965). `r` is the mean product of
//! standardised residuals of pairs of prompts of one history, measured when weights are learned.
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
        let mut instead = [[0.0; CLASSES]; CLASSES];
        for (best, row) in instead.iter_mut().enumerate() {
            // One more of each: a confusion that was never seen is not impossible.
            let count = |class: usize| if class == best { 0.0 } else { f64::from(about.confusion[class][best]) + 1.0 };
            let all: f64 = (0..CLASSES).map(count).sum();
            for (class, share) in row.iter_mut().enumerate() {
                *share = count(class) / all;
            }
        }
        Self { instead, correlation: about.correlation.clamp(0.0, 1.0) }
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
        chances[best] = if best < CLASSES { chance } else { 1.0 };
        for (class, share) in
            self.instead.get(best).into_iter().flatten().enumerate().filter(|(class, _)| *class != best)
        {
            chances[class] = (1.0 - chance) * share;
        }
        Some(chances)
    }
}

/// The mean product of standardised residuals of pairs of prompts of one history.
pub(super) fn correlation(held: &[Held], temperature: f64) -> f64 {
    let mut histories: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for Held { row, sums, .. } in held {
        let chances = softmax(*sums, temperature);
        let best = (0..CLASSES).max_by(|left, right| chances[*left].total_cmp(&chances[*right])).unwrap_or(0);
        let chance = chances[best].clamp(0.01, 0.99);
        let right = if best == row.label.index() { 1.0 } else { 0.0 };
        let residual = (right - chance) / (chance * (1.0 - chance)).sqrt();
        let (sum, squares, count) = histories.entry(&row.history).or_default();
        *sum += residual;
        *squares += residual * residual;
        *count += 1.0;
    }
    let (mut products, mut pairs) = (0.0, 0.0);
    for (sum, squares, count) in histories.values() {
        products += sum * sum - squares;
        pairs += count * (count - 1.0);
    }
    if pairs > 0.0 { (products / pairs).clamp(0.0, 1.0) } else { 0.0 }
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
