//! How often the range of a class total holds the total that the labels give, for histories that were held out: the
//! chances come from weights, a temperature, a confusion and a correlation that never saw the history.
use std::collections::BTreeMap;

use super::greatest;
use crate::classify::{
    CLASSES,
    doubt::{Doubt, Expected},
    logistic::softmax,
    train::Held,
};

/// Shorter histories are left out: their totals are a handful of prompts.
const PROMPTS: usize = 8;

/// For each class of each held-out history, whether its number of prompts is in the range.
pub(super) fn of(held: &[&Held], doubt: &Doubt, temperature: f64) -> Vec<bool> {
    let mut histories: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
    for held in held {
        histories.entry(&held.row.history).or_default().push(held);
    }
    let long = histories.values().filter(|prompts| prompts.len() >= PROMPTS);
    long.flat_map(|prompts| covered(prompts, doubt, temperature)).collect()
}

fn covered(prompts: &[&Held], doubt: &Doubt, temperature: f64) -> [bool; CLASSES] {
    let mut counts = [0.0; CLASSES];
    let mut sums = [Expected::default(); CLASSES];
    for Held { row, sums: odds, .. } in prompts {
        let best = greatest(*odds);
        counts[row.label.index()] += 1.0;
        for (sum, chance) in sums.iter_mut().zip(doubt.spread(best, softmax(*odds, temperature)[best])) {
            sum.add(1.0, chance);
        }
    }
    std::array::from_fn(|class| {
        let total = sums[class].of_app(doubt.correlation);
        let (low, high) = total.range();
        (low..=high).contains(&counts[class])
    })
}
