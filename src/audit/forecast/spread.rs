//! From a mean and a variance to percentiles of an amount that is never negative.
//!
//! Sums of many bursts of use are skewed to the right, the more the fewer bursts there are; a gamma distribution of the
//! same mean and variance has that form. Its percentiles come from Wilson and Hilferty's approximation (1931, "The
//! distribution of chi-square", PNAS 17): with shape `k = mean²/variance`, `q = mean · (1 - 1/9k + z/(3√k))³`, `z` being
//! the percentile of the normal distribution. Below a shape of about a third its lower percentiles are 0.

/// What an amount may come to: the mean and how far off it usually is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// The mean.
    pub(super) mean: f64,
    /// The square of the standard deviation.
    pub(super) variance: f64,
}

/// Half of a normal distribution lies within so many standard deviations.
pub(super) const Z50: f64 = 0.674_489_750_196_081_7;
/// Four fifths of a normal distribution lie within so many standard deviations.
pub(super) const Z80: f64 = 1.281_551_565_544_600_4;

impl Spread {
    /// Pulled towards another one by a share; that they differ makes it wider.
    pub(super) fn blended(self, other: Self, share: f64) -> Self {
        let mean = self.mean + share * (other.mean - self.mean);
        let scale = if self.mean > 0.0 { mean / self.mean } else { 1.0 };
        let apart = share * (1.0 - share) * (self.mean - other.mean).powi(2) / 2.0;
        Self { mean, variance: self.variance * scale + apart }
    }

    /// The amount that stays below it as often as a normal deviate does.
    pub(super) fn quantile(self, deviate: f64) -> f64 {
        if self.mean <= 0.0 {
            return 0.0;
        }
        let ninth = self.variance / (9.0 * self.mean * self.mean);
        let root = 1.0 - ninth + deviate * ninth.sqrt();
        if root <= 0.0 { 0.0 } else { self.mean * root.powi(3) }
    }

    /// The deviate of an amount: the inverse of [`Self::quantile`].
    pub(super) fn deviate(self, amount: f64) -> f64 {
        if self.mean <= 0.0 || self.variance <= 0.0 {
            return if amount > self.mean { f64::from(u8::MAX) } else { 0.0 };
        }
        let ninth = self.variance / (9.0 * self.mean * self.mean);
        ((amount.max(0.0) / self.mean).cbrt() - 1.0 + ninth) / ninth.sqrt()
    }
}

/// The share of a standard normal distribution below a deviate, to about 1e-7 (Abramowitz and Stegun 1964, 26.2.17).
pub(super) fn normal_share(deviate: f64) -> f64 {
    const TERMS: [f64; 5] = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let t = 1.0 / (1.0 + 0.231_641_9 * deviate.abs());
    let poly = TERMS.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    let tail = (-deviate * deviate / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if deviate > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(got: f64, expected: f64, within: f64) {
        assert!((got - expected).abs() <= within, "{got} is not {expected}");
    }

    #[test]
    fn percentiles_are_those_of_tables() {
        // a gamma distribution of shape 5 and scale 20: half of chi-square with 10 degrees of freedom, times 20
        let spread = Spread { mean: 100.0, variance: 2_000.0 };
        let deviates = [-Z80, -Z50, 0.0, Z50, Z80];
        for (deviate, expected) in deviates.into_iter().zip([48.65, 67.37, 93.42, 125.49, 159.87]) {
            near(spread.quantile(deviate), expected, 0.5);
            near(spread.deviate(spread.quantile(deviate)), deviate, 1e-9);
        }
        near(normal_share(1.281_551_565_5), 0.9, 1e-6);
        near(normal_share(-0.674_489_75), 0.25, 1e-6);
        near(normal_share(0.0), 0.5, 1e-6);
    }

    #[test]
    fn nothing_stays_nothing_and_no_amount_is_negative() {
        near(Spread { mean: 0.0, variance: 0.0 }.quantile(2.0), 0.0, 0.0);
        near(Spread { mean: 1.0, variance: 30.0 }.quantile(-2.0), 0.0, 0.0);
    }
}
