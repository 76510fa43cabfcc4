//! Simulated histories of use that forecasts are measured on: seeded, so that they are the same on each machine.
use crate::audit::forecast::{level::count, shape::Place};

/// The kinds of histories.
pub(super) const FAMILIES: [Family; 33] = [
    Family::Weekly,
    Family::Flat,
    Family::Bursts,
    Family::Holidays,
    Family::Growth,
    Family::Decline,
    Family::NearEmpty,
    Family::LogNormal,
    Family::Clumped,
    Family::Pareto,
    Family::Steps,
    Family::Projects,
    Family::DearPrompts,
    Family::Rush,
    Family::FreshStart,
    Family::Young,
    Family::MonthEnd,
    Family::Freelancer,
    Family::Team,
    Family::TwoSpeed,
    Family::DearAmounts,
    Family::Wandering,
    Family::Scattered,
    Family::Sprints,
    Family::Linear,
    Family::Launch,
    Family::Tiny,
    Family::Uneven,
    Family::StepUp,
    Family::StepDown,
    Family::TwoProjects,
    Family::ProjectBegins,
    Family::Fortnight,
];

/// A kind of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Working days full, weekends quiet.
    Weekly,
    /// Every day as the other.
    Flat,
    /// A quiet base with a few days of much work now and then.
    Bursts,
    /// As weekly, with a week or two without anybody.
    Holidays,
    /// From little to much, a tenth more each month or half as much again.
    Growth,
    /// From much to little, likewise.
    Decline,
    /// Use on one day in six.
    NearEmpty,
    /// Days that differ by factors.
    LogNormal,
    /// Days of use follow days of use, idle ones idle ones.
    Clumped,
    /// Now and then a day of ten or a hundred times as much.
    Pareto,
    /// Another level from some day on.
    Steps,
    /// Weeks of work, weeks of none.
    Projects,
    /// Few prompts of ten times the usual cost.
    DearPrompts,
    /// More the nearer the reset.
    Rush,
    /// Most right after the reset.
    FreshStart,
    /// As weekly, known for two months at most.
    Young,
    /// Twice or thrice as much from shortly before or after the last reset on.
    StepUp,
    /// Half as much or less, likewise.
    StepDown,
    /// A second project begins and ends.
    TwoProjects,
    /// A second project begins after the last reset.
    ProjectBegins,
    /// Weeks of much and weeks of little in turn.
    Fortnight,
    /// Four times as much on the last five days before the reset.
    MonthEnd,
    /// Alone, on working days only, and not on all of them.
    Freelancer,
    /// A new member joins now and then.
    Team,
    /// Fast weeks and slow weeks.
    TwoSpeed,
    /// Amounts of prompts that differ by factors.
    DearAmounts,
    /// A level that wanders.
    Wandering,
    /// Counts that vary more than chance.
    Scattered,
    /// Ten days of much, four of little.
    Sprints,
    /// More by the same amount each day.
    Linear,
    /// One launch of a few days of five times as much.
    Launch,
    /// A prompt now and then.
    Tiny,
    /// One day in two is idle, the rest differ.
    Uneven,
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

impl History {
    /// Where each day lies in its month.
    pub(super) fn places(&self) -> Vec<Place> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let months = starts.zip(self.ends.iter().copied()).enumerate();
        let of_month = |(cycle, (start, end)): (usize, (usize, usize))| {
            (start..end).map(move |day| Place { cycle, quarter: (day - start) * 4 / (end - start) })
        };
        months.flat_map(of_month).collect()
    }
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

    /// From 0 up to 1, neither included.
    pub(super) fn unit(&mut self) -> f64 {
        (count(usize::try_from(self.next() >> 33).unwrap()) + 0.5) / count(1 << 31)
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % most
    }

    fn is(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// How many prompts there are where `mean` are expected (Knuth's product of draws), each costing 0.3 to 2.3.
    fn use_of(&mut self, mean: f64) -> f64 {
        let (left, mut used) = ((-mean / 1.3).exp().max(1e-300), 0.0);
        let mut product = self.unit();
        while product > left {
            used += self.between(0.3, 2.3);
            product *= self.unit();
        }
        used
    }
}

/// What of a history stays the same over its days, and what a day leaves to the next.
struct State {
    base: f64,
    monthly: f64,
    holiday: std::ops::Range<usize>,
    project: std::ops::Range<usize>,
    wild: f64,
    tail: f64,
    step: (usize, f64),
    turns: [f64; 2],
    is_on: bool,
    left: usize,
    strength: f64,
}

impl State {
    fn drawn(draws: &mut Draws, days: usize) -> Self {
        let holiday = draws.below(days);
        Self {
            base: draws.between(3.0, 30.0),
            monthly: draws.between(1.08, 1.6),
            holiday: holiday..holiday + 6 + draws.below(9),
            project: 0..0,
            wild: draws.between(0.5, 1.3),
            tail: draws.between(1.3, 2.3),
            step: (draws.below(days), draws.between(-1.2, 1.2).exp()),
            turns: [draws.between(0.08, 0.4), draws.between(0.08, 0.4)],
            is_on: draws.is(0.5),
            left: 0,
            strength: 1.0,
        }
    }
}

impl Family {
    /// A history of this kind.
    pub(super) fn history(self, draws: &mut Draws) -> History {
        let months = if self == Self::Young { 3 } else { 3 + draws.below(7) };
        let mut ends = vec![28 + draws.below(4)];
        for _ in 1..months {
            ends.push(ends[ends.len() - 1] + 30 + draws.below(2));
        }
        let (total, first) = (ends[months - 1], draws.below(7));
        let week = [1.2, 1.1, 1.0, 1.0, 0.9, draws.between(0.0, 0.4), draws.between(0.0, 0.3)];
        let mut state = State::drawn(draws, total);
        let last = ends[months - 2];
        match self {
            Self::StepUp => state.step = (last + draws.below(46) - 40.min(last), draws.between(1.7, 3.5)),
            Self::StepDown => state.step = (last + draws.below(46) - 40.min(last), draws.between(0.25, 0.6)),
            Self::TwoProjects => {
                let begins = draws.below(total);
                state.project = begins..begins + 20 + draws.below(51);
            }
            Self::ProjectBegins => state.project = last + draws.below(7)..total,
            _ => {}
        }

        let mut days = Vec::new();
        for day in 0..total {
            let start = ends.iter().rev().find(|end| **end <= day).map_or(0, |end| *end);
            let end = ends.iter().find(|end| **end > day).map_or(total, |end| *end);
            let of_cycle = count(day - start) / count(end - start);
            days.push(self.day(draws, &mut state, day, week[(first + day) % 7], of_cycle));
        }
        let start = ends[months - 2];
        let now = start + 2 + draws.below(total - start - 4);
        if self != Self::Young {
            return History { days, first, ends, now };
        }
        // the first month is hardly known
        let skipped = ends[0] - 5;
        History {
            days: days[skipped..].to_vec(),
            first: (first + skipped) % 7,
            ends: ends.iter().map(|end| end - skipped).collect(),
            now: now - skipped,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a kind")]
    fn day(self, draws: &mut Draws, state: &mut State, day: usize, weekday: f64, of_cycle: f64) -> f64 {
        let base = state.base;
        let grown = state.monthly.powf(count(day) / 30.0);
        let mean = match self {
            Self::Holidays if state.holiday.contains(&day) => 0.0,
            Self::Weekly | Self::Holidays | Self::Young => base * weekday,
            Self::Flat => base,
            Self::Growth => base * weekday * 0.5 * grown,
            Self::Decline => base * weekday * 2.0 / grown,
            Self::NearEmpty => f64::from(u8::from(draws.below(6) == 0)) * base / 4.0,
            Self::Bursts => {
                if state.left == 0 && draws.below(18) == 0 {
                    (state.left, state.strength) = (2 + draws.below(4), draws.between(3.0, 8.0));
                }
                let factor = if state.left > 0 { state.strength } else { 0.6 };
                state.left = state.left.saturating_sub(1);
                base * 0.4 * factor * (weekday + 0.2)
            }
            Self::LogNormal => {
                return base * weekday * (state.wild * draws.normal() - state.wild.powi(2) / 2.0).exp();
            }
            Self::Clumped => {
                state.is_on ^= draws.is(state.turns[usize::from(state.is_on)]);
                f64::from(u8::from(state.is_on)) * base
            }
            Self::Pareto => return base * 0.4 * draws.unit().powf(-1.0 / state.tail),
            Self::Projects => {
                if state.left == 0 {
                    state.is_on ^= true;
                    state.left = if state.is_on { 14 + draws.below(20) } else { 7 + draws.below(16) };
                }
                state.left -= 1;
                f64::from(u8::from(state.is_on)) * base * weekday
            }
            Self::DearPrompts => {
                let dear = if draws.is(0.05) { draws.between(3.0, 12.0) * base } else { 0.0 };
                return draws.use_of(base * weekday * 0.6) + dear;
            }
            Self::Rush => base * weekday * (2.0 * of_cycle + 0.1),
            Self::FreshStart => base * weekday * (2.1 - 2.0 * of_cycle),
            Self::MonthEnd => base * weekday * if of_cycle >= 25.0 / 30.0 { 4.0 } else { 1.0 },
            Self::Freelancer => {
                if weekday > 0.45 && draws.is(0.3 + state.turns[0] * 1.5) {
                    base
                } else {
                    0.0
                }
            }
            Self::Team => {
                let gap = 20.0 + 60.0 * (state.tail - 1.3);
                let members = 1.0 + (count(day) / gap).floor();
                base * 0.3 * members * weekday
            }
            Self::TwoSpeed => {
                if state.left == 0 {
                    state.is_on ^= true;
                    state.left = 10 + draws.below(30);
                }
                state.left -= 1;
                base * weekday * if state.is_on { 1.0 } else { state.turns[0] + 0.1 }
            }
            Self::DearAmounts => {
                let (mut used, mut prompts) = (0.0, (draws.use_of(base * weekday / 2.0) / 1.3).round());
                while prompts > 0.0 {
                    used += (1.2 * draws.normal()).exp();
                    prompts -= 1.0;
                }
                return used;
            }
            Self::Wandering => {
                state.strength = (0.93 * state.strength.ln() + 0.25 * draws.normal()).exp();
                base * weekday * state.strength
            }
            Self::Scattered => base * weekday * -draws.unit().ln(),
            Self::Sprints => base * weekday * if day % 14 < 10 { 1.3 } else { 0.25 },
            Self::Steps | Self::StepUp | Self::StepDown => {
                base * weekday * if day >= state.step.0 { state.step.1 } else { 1.0 }
            }
            Self::TwoProjects | Self::ProjectBegins => {
                weekday * base * if state.project.contains(&day) { 2.0 + 3.0 * state.wild } else { 1.0 }
            }
            Self::Fortnight => base * weekday * if (day / 7).is_multiple_of(2) { 1.7 } else { 0.3 },
            Self::Linear => base * weekday * (0.2 + count(day) / 100.0),
            Self::Launch => {
                let launch = state.holiday.start..state.holiday.start + 5;
                base * weekday * if launch.contains(&day) { 5.0 } else { 1.0 }
            }
            Self::Tiny => {
                if draws.is(0.35) {
                    weekday * 1.5
                } else {
                    0.0
                }
            }
            Self::Uneven => {
                if draws.is(0.5) {
                    0.0
                } else {
                    return base * (0.9 * draws.normal()).exp();
                }
            }
        };
        draws.use_of(mean)
    }
}
