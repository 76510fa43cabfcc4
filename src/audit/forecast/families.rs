//! Simulated histories of use that forecasts are measured on: seeded, so that they are the same on each machine.
use crate::audit::forecast::level::count;

/// The kinds of histories.
pub(super) const FAMILIES: [Family; 5] =
    [Family::Weekly, Family::Bursts, Family::Holidays, Family::Growth, Family::NearEmpty];

/// A kind of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Working days full, weekends quiet.
    Weekly,
    /// A quiet base with a few days of much work now and then.
    Bursts,
    /// As weekly, with a week or two without anybody.
    Holidays,
    /// From little to much, a tenth more each month or twice as much.
    Growth,
    /// Use on one day in six.
    NearEmpty,
}

/// A history: whole months from a first day, and the day at which it is cut.
pub(super) struct History {
    /// What each day used.
    pub(super) days: Vec<f64>,
    /// The weekday of the first day.
    pub(super) first: usize,
    /// Where each month ends, as positions of days.
    pub(super) ends: Vec<usize>,
    /// The days before this are known.
    pub(super) now: usize,
}

/// A sequence of drawn numbers (Steele, Lea and Flood 2014, splitmix64).
pub(super) struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1.
    pub(super) fn unit(&mut self) -> f64 {
        count(usize::try_from(self.next() >> 33).unwrap()) / count(1 << 31)
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % most
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// How many prompts there are where `mean` are expected (Knuth's product of draws), each costing 0.3 to 2.3.
    fn use_of(&mut self, mean: f64) -> f64 {
        let (mut left, mut used) = ((-mean / 1.3).exp(), 0.0);
        let mut product = self.unit();
        left = left.max(1e-300);
        while product > left {
            used += self.between(0.3, 2.3);
            product *= self.unit();
        }
        used
    }
}

impl Family {
    /// A history of this kind.
    pub(super) fn history(self, draws: &mut Draws) -> History {
        let months = 3 + draws.below(6);
        let mut ends = vec![28 + draws.below(4)];
        for _ in 1..months {
            ends.push(ends[ends.len() - 1] + 30 + draws.below(2));
        }
        let (total, first) = (ends[months - 1], draws.below(7));
        let base = draws.between(3.0, 30.0);
        let week = [1.2, 1.1, 1.0, 1.0, 0.9, draws.between(0.0, 0.4), draws.between(0.0, 0.3)];
        let monthly = draws.between(1.08, 1.6_f64);
        let holiday = draws.below(total);
        let length = 6 + draws.below(9);
        let (mut burst, mut strength) = (0, 0.0);
        let mut days = Vec::new();
        for day in 0..total {
            let weekday = week[(first + day) % 7];
            let mean = match self {
                Self::Holidays if (holiday..holiday + length).contains(&day) => 0.0,
                Self::Weekly | Self::Holidays => base * weekday,
                Self::Growth => base * weekday * 0.5 * monthly.powf(count(day) / 30.0),
                Self::NearEmpty => {
                    if draws.below(6) == 0 {
                        base / 4.0
                    } else {
                        0.0
                    }
                }
                Self::Bursts => {
                    if burst == 0 && draws.below(18) == 0 {
                        (burst, strength) = (2 + draws.below(4), draws.between(3.0, 8.0));
                    }
                    let factor = if burst > 0 { strength } else { 0.6 };
                    burst = burst.saturating_sub(1);
                    base * 0.4 * factor * (weekday + 0.2)
                }
            };
            days.push(draws.use_of(mean));
        }
        let start = ends[months - 2];
        let now = start + 3 + draws.below(total - start - 6);
        History { days, first, ends, now }
    }
}
