//! What many sessions add up to, so that the spread of their costs around any prices is told without looking at each again.
//!
//! The cost of a session less a ratio of its expectation is a weighted sum of its amounts and prompts by class; the sum of the
//! squares of such sums is a form of the second moments, which are added up once.
use crate::{audit::excess::CLASSES, rollup::Tally};

/// Amounts and prompts by class.
const PARTS: usize = 2 * CLASSES;

/// Sums of the amounts and prompts of units by class, and of the products of any two of them.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    units: f64,
    sums: [f64; PARTS],
    products: [[f64; PARTS]; PARTS],
}

impl Default for Moments {
    fn default() -> Self {
        Self { units: 0.0, sums: [0.0; PARTS], products: [[0.0; PARTS]; PARTS] }
    }
}

impl Moments {
    /// Adds a unit; with a sign of -1 it is taken away again.
    #[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
    pub(super) fn add(&mut self, actions: &[Tally; CLASSES], sign: f64) {
        let parts: [f64; PARTS] = std::array::from_fn(|at| match actions.get(at) {
            Some(tally) => tally.amount.approx(),
            None => actions[at - CLASSES].events as f64,
        });
        self.units += sign;
        for ((sum, products), part) in self.sums.iter_mut().zip(&mut self.products).zip(parts) {
            *sum += sign * part;
            for (product, other) in products.iter_mut().zip(parts) {
                *product += sign * part * other;
            }
        }
    }

    /// The variance of the logarithm of what the units cost by what they are expected to at some prices.
    #[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
    pub(super) fn variance(&self, prices: &[Tally; CLASSES]) -> f64 {
        let each = |class: usize| match prices[class].events {
            0 => None,
            events => Some(prices[class].amount.approx() / events as f64),
        };
        let classes = || (0..CLASSES).filter_map(|class| Some((class, each(class)?)));
        let cost: f64 = classes().map(|(class, _)| self.sums[class]).sum();
        let expected: f64 = classes().map(|(class, price)| self.sums[CLASSES + class] * price).sum();
        if self.units < 1.5 || cost <= 0.0 || expected <= 0.0 {
            return 0.0;
        }
        let mut weights = [0.0; PARTS];
        for (class, price) in classes() {
            (weights[class], weights[CLASSES + class]) = (1.0, -cost / expected * price);
        }
        let row = |products: &[f64; PARTS]| products.iter().zip(weights).map(|(one, weight)| one * weight).sum::<f64>();
        let squares: f64 = self.products.iter().zip(weights).map(|(products, weight)| weight * row(products)).sum();
        self.units / (self.units - 1.0) * squares.max(0.0) / cost.powi(2)
    }
}
