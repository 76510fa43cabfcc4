//! How much a day uses: a level and the shape of the week, from the days before.
//!
//! - **Idle days count** as zeros; leaving them out is the commonest way to forecast too much.
//! - **The week's shape** is the mean of each weekday against the mean of all, pulled towards flat by how much of the
//!   difference chance explains (James and Stein 1961): weight `1 - noise / difference`, never below 0.
//! - **The level** is the mean of a memory of days, the shape taken out. There is no trend: a line drawn through a month of
//!   use misleads more often than it helps; growth shows in the choice of a shorter memory.
//! - **Noise** grows with the level: `variance = dispersion · mean`, as in sums of bursts. Days in a row move together;
//!   `clumping` says how much more the sum of seven days varies than seven independent days would.

/// How many days the level is taken from, simplest first.
pub(super) const MEMORIES: [usize; 5] = [usize::MAX, 56, 28, 14, 7];
/// The week's shape and the noise are taken from so many days.
const SHAPE_DAYS: usize = 112;
/// Clumping is pulled towards this by as much as so many weeks weigh.
const CLUMPING: (f64, f64) = (1.3, 4.0);

/// What the days before tell of those to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// Each weekday against the mean day; 1 everywhere where the week has no shape.
    pub(super) shape: [f64; 7],
    /// Variance of a day per unit of its mean.
    pub(super) dispersion: f64,
    /// How much more a week varies than seven independent days.
    pub(super) clumping: f64,
}

impl Habits {
    /// From days in order; `first` is the weekday of the first, Monday being 0.
    pub(super) fn of(days: &[f64], first: usize) -> Self {
        let skipped = days.len().saturating_sub(SHAPE_DAYS);
        let (days, first) = (&days[skipped..], (first + skipped) % 7);
        let shape = shape(days, first);
        let level = level(days, first, &shape, usize::MAX);
        let expected: Vec<f64> = (0..days.len()).map(|day| level * shape[(first + day) % 7]).collect();
        let whole: f64 = expected.iter().sum();
        let squares: f64 = days.iter().zip(&expected).map(|(used, mean)| (used - mean).powi(2)).sum();
        let dispersion = if whole > 0.0 { squares / whole } else { 0.0 };
        Self { shape, dispersion, clumping: clumping(days, &expected, dispersion) }
    }
}

/// The mean of the last `memory` days, the shape of the week taken out.
pub(super) fn level(days: &[f64], first: usize, shape: &[f64; 7], memory: usize) -> f64 {
    let start = days.len().saturating_sub(memory);
    let weight: f64 = (start..days.len()).map(|day| shape[(first + day) % 7]).sum();
    let used: f64 = days[start..].iter().sum();
    if weight > 0.0 { (used / weight).max(0.0) } else { 0.0 }
}

fn shape(days: &[f64], first: usize) -> [f64; 7] {
    const FLAT: [f64; 7] = [1.0; 7];
    let count = count(days.len());
    let mean = days.iter().sum::<f64>() / count.max(1.0);
    if days.len() < 21 || mean <= 0.0 {
        return FLAT;
    }
    let mut of_weekday: [Vec<f64>; 7] = Default::default();
    for (day, used) in days.iter().enumerate() {
        of_weekday[(first + day) % 7].push(used / mean);
    }
    let means = of_weekday.each_ref().map(|used| used.iter().sum::<f64>() / self::count(used.len()));
    let noise_of = |weekday: usize| {
        let (used, mean) = (&of_weekday[weekday], means[weekday]);
        let squares: f64 = used.iter().map(|used| (used - mean).powi(2)).sum();
        squares / (self::count(used.len()) - 1.0).max(1.0) / self::count(used.len())
    };
    let noise = (0..7).map(noise_of).sum::<f64>() / 7.0;
    let difference = means.iter().map(|mean| (mean - 1.0).powi(2)).sum::<f64>() / 6.0;
    let weight = if difference > 0.0 { (1.0 - noise / difference).max(0.0) } else { 0.0 };
    means.map(|mean| (1.0 + weight * (mean - 1.0)).max(0.0))
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
