//! Robust statistics: what is usual, and what is out of line, where single values may be extreme.
//!
//! The centre is the median, the spread the median absolute deviation times 1.4826, which estimates the standard
//! deviation of normal data (Rousseeuw and Croux 1993). Costs are compared as logarithms: they grow by factors. The
//! spread has a floor, a quarter of the cost, since peers that are alike by chance make everything else look strange.
//! Of many tests some come out by chance: Benjamini and Hochberg (1995) bound the expected share of false ones.

/// The factor between the median absolute deviation and the standard deviation of normal data.
const CONSISTENT: f64 = 1.4826;
/// The smallest spread of logarithms: ln 1.25.
pub const FLOOR: f64 = 0.223_143_551_314_209_76;
/// The bound on the expected share of false findings among those named.
pub const FALSE_SHARE: f64 = 0.05;

/// The middle of a group and how much its values differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The median.
    pub centre: f64,
    /// The spread, at least [`FLOOR`].
    pub spread: f64,
}

impl Usual {
    /// Of values without NaN; `None` for none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        let centre = median(&mut values)?;
        let mut away: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
        let spread = (median(&mut away)? * CONSISTENT).max(FLOOR);
        Some(Self { centre, spread })
    }

    /// How many spreads a value lies above the centre.
    pub fn above(self, value: f64) -> f64 {
        (value - self.centre) / self.spread
    }
}

/// The median; the mean of the two middle values of an even count.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], upper) } else { upper })
}

/// The exact lower median of whole numbers.
pub fn exact_median(values: &mut [i128]) -> Option<i128> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

/// The chance of a standard normal value above `z` (Abramowitz and Stegun 26.2.17, error below 7.5e-8).
pub fn upper_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = series.iter().rev().fold(0.0, |sum, factor| (sum + factor) * t);
    sum * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Which chances are small enough that of all named at most [`FALSE_SHARE`] are expected to be false.
pub fn named(chances: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    #[expect(clippy::cast_precision_loss, reason = "counts of tests")]
    let bound = |rank: usize| FALSE_SHARE * (rank + 1) as f64 / chances.len() as f64;
    let last = (0..order.len()).rev().find(|rank| chances[order[*rank]] <= bound(*rank));
    let mut named = vec![false; chances.len()];
    for index in order.into_iter().take(last.map_or(0, |last| last + 1)) {
        named[index] = true;
    }
    named
}

/// What the logarithms of costs lack of a spread of [`FLOOR`], for draws from them with replacement.
#[expect(clippy::cast_precision_loss, reason = "a count of features")]
pub fn blur(costs: &[f64]) -> f64 {
    let logs: Vec<f64> = costs.iter().map(|cost| cost.ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (logs.len() as f64 - 1.0);
    (FLOOR.powi(2) - variance).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_extreme_value_moves_nothing() {
        let usual = Usual::of(vec![1.0, 1.1, 0.9, 1.0, 100.0]).unwrap();
        assert!((usual.centre - 1.0).abs() < 1e-9 && usual.spread <= FLOOR);
        assert_eq!(Usual::of(Vec::new()), None);
    }

    #[test]
    fn tails_are_those_of_tables() {
        for (z, expected) in [(0.0, 0.5), (1.0, 0.158_655), (1.96, 0.024_998), (3.0, 0.001_350), (-1.0, 0.841_345)] {
            assert!((upper_tail(z) - expected).abs() < 1e-5, "{z}");
        }
    }

    #[test]
    fn few_of_many_chances_are_named() {
        assert_eq!(named(&[0.001, 0.5, 0.04, 0.9]), [true, false, false, false]);
        assert_eq!(named(&[0.01, 0.02, 0.03]), [true, true, true]);
        assert!(named(&[]).is_empty());
    }
}
