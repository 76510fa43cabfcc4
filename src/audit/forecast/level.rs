//! How much a day uses: a level and what the calendar lets expect, from the days before.
//!
//! - **Idle days count** as zeros; leaving them out is the commonest way to forecast too much.
//! - **The level** is the mean of a memory of days, the shapes of week and cycle taken out ([`shape`]). It hardly remembers
//!   what was before the last lasting change ([`change`]). There is no trend: a line drawn through a month of use misleads more
//!   often than it helps; growth shows in the choice of a shorter memory.
//! - **Noise** grows with the level: `variance = dispersion · mean`, as in sums of bursts. Days in a row move together;
//!   `clumping` says how much more the sum of seven days varies than seven independent days would.
use crate::audit::forecast::{
    change::{self, Change},
    shape::{self, Place},
};

/// How many days the level is taken from, simplest first.
pub(super) const MEMORIES: [usize; 5] = [usize::MAX, 56, 28, 14, 7];
/// The week's shape and the noise are taken from so many days.
const SHAPE_DAYS: usize = 112;
/// A change of so many times its variance is beyond doubt to one part in so many.
const DOUBT: f64 = 6.0;
/// Clumping is pulled towards this by as much as so many weeks weigh.
const CLUMPING: (f64, f64) = (1.3, 4.0);

/// What the days before tell of those to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// Each weekday against the mean day; 1 everywhere where the week has no shape.
    week: [f64; 7],
    /// Each quarter of the cycle, likewise.
    quarters: [f64; 4],
    /// Variance of a day per unit of its mean.
    pub(super) dispersion: f64,
    /// How much more a week varies than seven independent days.
    pub(super) clumping: f64,
    /// How many days the last lasting change is ago; `usize::MAX` where there was none.
    pub(super) since: usize,
    /// How far that change is believed, from 0 to 1.
    belief: f64,
}

impl Habits {
    /// From days in order; `first` is the weekday of the first, Monday being 0, and `places` tell where each lies in its
    /// cycle.
    pub(super) fn of(days: &[f64], first: usize, places: &[Place]) -> Self {
        let skipped = days.len().saturating_sub(SHAPE_DAYS);
        let week = shape::week(&days[skipped..], (first + skipped) % 7);
        let of_week: Vec<f64> = (0..days.len()).map(|day| week[(first + day) % 7]).collect();
        let quarters = shape::quarters(days, &of_week, places);
        let weights: Vec<f64> =
            of_week.iter().zip(places).map(|(weight, place)| weight * quarters[place.quarter]).collect();
        let Change { at: change, belief } = change::last(days, &weights);
        let (recent, weights) = (&days[skipped..], &weights[skipped..]);
        let at = change.saturating_sub(skipped);
        let (before, after) =
            (level(&recent[..at], &weights[..at], usize::MAX), level(&recent[at..], &weights[at..], usize::MAX));
        let all = level(recent, weights, usize::MAX);
        let (before, after) = (all + belief * (before - all), all + belief * (after - all));
        let expected: Vec<f64> =
            weights.iter().enumerate().map(|(day, weight)| weight * if day < at { before } else { after }).collect();
        let whole: f64 = expected.iter().sum();
        let squares: f64 = recent.iter().zip(&expected).map(|(used, mean)| (used - mean).powi(2)).sum();
        let dispersion = if whole > 0.0 { squares / whole } else { 0.0 };
        let clumping = clumping(recent, &expected, dispersion);
        let since = if change == 0 { usize::MAX } else { days.len() - change };
        Self { week, quarters, dispersion, clumping, since, belief }
    }

    /// The level after the last change, pulled towards the level of the whole memory by how much of the difference chance
    /// explains, and as far as the change is not believed.
    pub(super) fn changed(&self, far: f64, near: f64) -> f64 {
        let variance = self.dispersion * self.clumping * near.max(far) / count(self.since);
        let difference = (near - far).powi(2);
        if difference > variance { far + self.belief * (1.0 - variance / difference) * (near - far) } else { far }
    }

    /// How far the last change may be chance, by the levels of the whole past and after it: 1 where there was none.
    pub(super) fn doubt(&self, far: f64, near: f64) -> f64 {
        if self.since == usize::MAX {
            return 1.0;
        }
        let variance = self.dispersion * self.clumping * near.max(far) / count(self.since);
        (DOUBT * variance / (near - far).powi(2).max(f64::MIN_POSITIVE)).clamp(1.0 - self.belief, 1.0)
    }

    /// The variance of a level that may have changed or not.
    pub(super) fn unsure(&self, far: f64, near: f64) -> f64 {
        self.belief * (1.0 - self.belief) * (near - far).powi(2)
    }

    /// The same without any change.
    pub(super) const fn unchanged(self) -> Self {
        Self { since: usize::MAX, ..self }
    }

    /// What the calendar lets expect of a day against the mean day.
    pub(super) const fn weight(&self, weekday: usize, place: Place) -> f64 {
        self.week[weekday] * self.quarters[place.quarter]
    }
}

/// The mean of the last `memory` days, the shapes taken out.
pub(super) fn level(days: &[f64], weights: &[f64], memory: usize) -> f64 {
    let start = days.len().saturating_sub(memory);
    let weight: f64 = weights[start..].iter().sum();
    let used: f64 = days[start..].iter().sum();
    if weight > 0.0 { (used / weight).max(0.0) } else { 0.0 }
}

fn clumping(days: &[f64], expected: &[f64], dispersion: f64) -> f64 {
    let (prior, weight) = CLUMPING;
    let weeks = count(days.len()) / 7.0;
    if days.len() < 14 || dispersion <= 0.0 {
        return prior;
    }
    let (mut squares, mut variance) = (0.0, 0.0);
    for (used, mean) in days.windows(7).zip(expected.windows(7)) {
        let mean: f64 = mean.iter().sum();
        squares += (used.iter().sum::<f64>() - mean).powi(2);
        variance += dispersion * mean;
    }
    let found = if variance > 0.0 { (squares / variance).clamp(0.5, 7.0) } else { prior };
    (found * weeks + prior * weight) / (weeks + weight)
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "days and cycles are few")]
pub(super) const fn count(n: usize) -> f64 {
    n as f64
}
