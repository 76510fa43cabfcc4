//! From amounts to pixels: a linear scale that includes 0 and begins and ends at round numbers. All in integers.
use crate::model::amount::Total;

/// A linear scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: i128,
    high: i128,
    step: i128,
    from: i32,
    to: i32,
}

impl Scale {
    /// Covers 0 and both amounts, in about so many steps, between two pixels.
    pub(super) fn over(low: Total, high: Total, steps: i128, from: i32, to: i32) -> Self {
        let (low, high) = (low.nanos().min(0), high.nanos().max(0));
        let high = if low == high { 1_000_000_000 } else { high };
        let step = round_step((high - low) / steps.max(1));
        let (low, high) = (low.div_euclid(step) * step, -(-high).div_euclid(step) * step);
        Self { low, high, step, from, to }
    }

    /// The pixel of an amount; what lies beyond the ends is drawn at them.
    pub(super) fn at(&self, amount: Total) -> i32 {
        let nanos = amount.nanos().clamp(self.low, self.high);
        let share = Total::from_nanos(nanos - self.low).share_of(Total::from_nanos(self.high - self.low));
        pixel(self.from, self.to, share)
    }

    /// The amounts at which a line is drawn.
    pub(super) fn ticks(&self) -> Vec<Total> {
        let count = (self.high - self.low) / self.step;
        (0..=count).map(|index| Total::from_nanos(self.low + index * self.step)).collect()
    }

    /// The distance of ticks.
    pub(super) const fn step(&self) -> Total {
        Total::from_nanos(self.step)
    }

    /// The largest size on the scale.
    pub(super) fn largest(&self) -> Total {
        Total::from_nanos(self.high.max(-self.low))
    }
}

/// The pixel at a share of the way.
#[expect(clippy::cast_possible_truncation, reason = "charts are a few thousand pixels wide")]
pub(super) fn pixel(from: i32, to: i32, share: f64) -> i32 {
    (f64::from(from) + f64::from(to - from) * share).round() as i32
}

/// The next of 1, 2, 5 times a power of ten.
fn round_step(least: i128) -> i128 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: i128, high: i128, expected: &str) {
        let units = |n: i128| Total::from_nanos(n * 1_000_000);
        let ticks = Scale::over(units(low), units(high), 5, 0, 100).ticks();
        assert_eq!(ticks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn ticks_are_round_and_include_zero() {
        check(0, 0, "0 0.2 0.4 0.6 0.8 1");
        check(0, 970, "0 0.2 0.4 0.6 0.8 1");
        check(300, 12_300, "0 5 10 15");
        check(-2_000, 7_000, "-2 0 2 4 6 8");
        check(-9, 0, "-0.01 -0.008 -0.006 -0.004 -0.002 0");
    }

    #[test]
    fn ends_are_at_the_pixels_given() {
        let scale = Scale::over(Total::ZERO, Total::from_nanos(10), 5, 200, 100);
        assert_eq!((scale.at(Total::ZERO), scale.at(Total::from_nanos(10))), (200, 100));
        assert_eq!(scale.at(Total::from_nanos(99)), 100);
    }
}
