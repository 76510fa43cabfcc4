//! When the pool runs out, and what the cycle will have used by its end: with intervals, and with how well the method did
//! on the same team's past.
//!
//! # Method
//! A day's use is a level times the shapes of week and cycle ([`level`], [`shape`]), after the last change ([`change`]); the sum of the days up to the reset has the mean and
//! variance that follow, and a skewed distribution ([`spread`]). From how earlier forecasts came out, [`method`] chooses how
//! long the level remembers and corrects bias and width. No trend is drawn: on builders' bursts it doubles the error more
//! often than it helps. [`backtest`] repeats all of it on each day of the past and tells error and coverage beside three
//! rules of thumb. Nothing here is random, and floats are used for statistics only: what was used is exact, and what is
//! forecast is rounded in one place, [`rounded`].
pub mod backtest;
mod change;
#[cfg(test)]
mod families;
mod level;
mod method;
mod shape;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::{
    audit::{
        cycle::resets::{Cycle, Resets},
        usage::Usage,
    },
    model::{
        amount::Total,
        instant::{Day, Instant},
    },
};
use backtest::{Backtest, Bounds};
use method::{Ahead, History, LEAST_DAYS, Learned};
use shape::Place;

/// Fewer days with use say nothing about the days to come.
const LEAST_ACTIVE: usize = 5;
/// After so many days without any use there is nothing to go on from.
const MOST_IDLE: usize = 42;
/// Days before that are forgotten.
const MOST_DAYS: i32 = 730;
const DAY_NANOS: i64 = 86_400 * 1_000_000_000;

/// The 10th, 25th, 50th, 75th and 90th percentile.
pub type Percentiles = [Total; 5];

/// What is known and what is expected of a meter's current cycle.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// The moment it is made at.
    pub as_of: Instant,
    /// The cycle of that moment.
    pub cycle: Cycle,
    /// What the cycle used so far.
    pub used: Total,
    /// What is expected, or why nothing is.
    pub outlook: Result<Outlook, String>,
}

/// What is expected.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// What the cycle will have used at the end of each day up to the reset, beginning with the moment of the forecast.
    pub path: Vec<(Instant, Percentiles)>,
    /// How many days the level is taken from; absent where it is the whole past.
    pub memory: Option<usize>,
    /// How the method did on the past, or why that cannot be told.
    pub backtest: Result<Backtest, String>,
    rest: Ahead,
    next: Ahead,
}

/// When a pool is empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunOut {
    /// The chance that it is before the reset.
    pub chance: f64,
    /// When, as likely earlier as later; absent where it lasts.
    pub at: Option<Instant>,
    /// The earliest moment that is not unlikely: one in ten runs out before.
    pub early: Option<Instant>,
    /// The latest: one in ten runs out after.
    pub late: Option<Instant>,
}

/// Makes the forecast of a meter. `None` where the calendar ends.
pub fn forecast(usage: &Usage, resets: &Resets, as_of: Instant) -> Option<Forecast> {
    need(usage, resets, as_of, &BTreeSet::new())
}

/// Makes the forecast of what a meter needs, where on some days nothing could be used, the pool being empty: such a day is
/// no idle one, and is taken for the mean of its weekdays.
pub fn need(usage: &Usage, resets: &Resets, as_of: Instant, dry: &BTreeSet<Day>) -> Option<Forecast> {
    let cycle = resets.cycle(as_of)?;
    let usage = usage.until(as_of);
    let used = usage.between(cycle.start, as_of);
    Some(Forecast { as_of, cycle, used, outlook: outlook(&usage, resets, (as_of, cycle, used), dry) })
}

fn outlook(
    usage: &Usage,
    resets: &Resets,
    (as_of, cycle, used): (Instant, Cycle, Total),
    dry: &BTreeSet<Day>,
) -> Result<Outlook, String> {
    let zone = resets.zone();
    let today = zone.day(as_of);
    let (first, mut days) = history(usage, resets, today)?;
    let is_dry: Vec<bool> = (0..days.len()).map(|day| dry.contains(&day_at(first, day))).collect();
    fill(&mut days, &is_dry);
    let after = resets.next(cycle).ok_or("the calendar ends")?;
    let places = places(resets, first, after.end).ok_or("the calendar ends")?;
    let history = History { days, first: weekday(first), places };
    let known = history.days.len();
    let parts = parts(resets, as_of, cycle.end, first);
    let learned = Learned::of(&history);
    let memory = learned.simplest(parts.len(), known);
    let cycles = complete_cycles(resets, first, known);
    let sum =
        |of: &[(usize, f64)]| history.ahead(known, of, &learned, memory).percentiles().map(|rest| used + rounded(rest));
    let mut path = vec![(as_of, [used; 5])];
    for upto in 1..=parts.len() {
        let end = zone.start_of(day_at(first, parts[upto - 1].0).next().date()).ok_or("the calendar ends")?;
        path.push((end.min(cycle.end), sum(&parts[..upto])));
    }
    // a sum that grows cannot shrink: widths are learned by span, so that a shorter span may come out wider than a longer one
    for later in (1..path.len()).rev() {
        let end = path[later].1;
        for (percentile, at_end) in end.into_iter().enumerate() {
            let before = &mut path[later - 1].1[percentile];
            *before = (*before).min(at_end);
        }
    }
    Ok(Outlook {
        path,
        memory: Some(learned.memory(memory)).filter(|days| *days < known),
        backtest: if is_dry.contains(&true) {
            Err("the pool was empty before the reset, so that nobody knows what these cycles needed".to_owned())
        } else {
            backtest::run(&history, &learned, &cycles)
        },
        rest: history.ahead(known, &parts, &learned, memory),
        next: history.ahead(known, &self::parts(resets, after.start, after.end, first), &learned, memory),
    })
}

/// Puts the mean of its weekdays in the place of each day on which nothing could be used.
fn fill(days: &mut [f64], is_dry: &[bool]) {
    const WEEK: usize = 7;
    let mean = |of: &dyn Fn(usize) -> bool| {
        let known: Vec<f64> = (0..days.len()).filter(|day| !is_dry[*day] && of(*day)).map(|day| days[day]).collect();
        (known.len() > 1).then(|| known.iter().sum::<f64>() / level::count(known.len()))
    };
    let all = mean(&|_| true).unwrap_or(0.0);
    let of_weekday: Vec<f64> = (0..WEEK).map(|weekday| mean(&|day| day % WEEK == weekday).unwrap_or(all)).collect();
    for (day, _) in is_dry.iter().enumerate().filter(|(_, is_dry)| **is_dry) {
        days[day] = of_weekday[day % WEEK];
    }
}

/// The first day and what each day before `today` used; why they are too few.
fn history(usage: &Usage, resets: &Resets, today: Day) -> Result<(Day, Vec<f64>), String> {
    let zone = resets.zone();
    let first = usage.first_day(zone).ok_or("nothing was used before")?;
    let days = usage.by_day(zone, today);
    let skipped = usize::try_from(today.epoch_days() - first.epoch_days() - MOST_DAYS).unwrap_or(0);
    let days: Vec<f64> = days[skipped..].iter().map(|used| used.approx()).collect();
    let active = days.iter().filter(|used| **used > 0.0).count();
    if days.len() < LEAST_DAYS {
        let whole = if days.len() == 1 { "is 1 whole day" } else { &format!("are {} whole days", days.len()) };
        return Err(format!("there {whole} of history: {LEAST_DAYS} are needed"));
    }
    if active < LEAST_ACTIVE || days.iter().sum::<f64>() <= 0.0 {
        let strays = usage.lone_last_day(zone, MOST_DAYS / 4).map_or_else(String::new, |(last, after)| {
            format!(
                "; the last use is on {}, {after} days after the one before: if that date is wrong, mend it, or name the \
                 moment with --now",
                last.date()
            )
        });
        return Err(format!("only {active} of {} days have any use: {LEAST_ACTIVE} are needed{strays}", days.len()));
    }
    let idle = days.iter().rev().take_while(|used| **used <= 0.0).count();
    if idle >= MOST_IDLE {
        return Err(format!("nothing was used in the last {idle} days, so that there is nothing to go on from"));
    }
    Ok((day_at(first, skipped), days))
}

/// The days from one instant up to another, by position, each with the part of it that lies between.
fn parts(resets: &Resets, start: Instant, end: Instant, first: Day) -> Vec<(usize, f64)> {
    let zone = resets.zone();
    let mut parts = Vec::new();
    let (mut day, mut from) = (zone.day(start), start);
    while from < end {
        let Some(next) = zone.start_of(day.next().date()) else { break };
        let until = next.min(end);
        let part = (nanos(until) - nanos(from)) / nanos(Instant::from_nanos(DAY_NANOS));
        if let Ok(at) = usize::try_from(day.epoch_days() - first.epoch_days()) {
            parts.push((at, part.min(1.0)));
        }
        (day, from) = (day.next(), next);
    }
    parts
}

/// Where each day lies in its cycle, from a first one up to the end of a cycle.
fn places(resets: &Resets, first: Day, end: Instant) -> Option<Vec<Place>> {
    let zone = resets.zone();
    let mut cycle = resets.cycle(zone.start_of(first.date())?)?;
    let (mut places, mut at) = (Vec::new(), 0);
    while cycle.start < end {
        let [start, end] = [cycle.start, cycle.end].map(|at| zone.day(at).epoch_days());
        for day in start.max(first.epoch_days())..end {
            let quarter = usize::try_from((day - start) * 4 / (end - start)).ok()?;
            places.push(Place { cycle: at, quarter });
        }
        (cycle, at) = (resets.next(cycle)?, at + 1);
    }
    // the day of a reset that is no midnight belongs to the next cycle
    places.extend(places.last().copied());
    Some(places)
}

/// The cycles that lie within the known days, by position; the first may have begun before them.
fn complete_cycles(resets: &Resets, first: Day, known: usize) -> Vec<Bounds> {
    let zone = resets.zone();
    let mut bounds: Vec<Bounds> = Vec::new();
    let mut cycle = zone.start_of(first.date()).and_then(|start| resets.cycle(start));
    while let Some(now) = cycle {
        let position = |at: Instant| usize::try_from(zone.day(at).epoch_days() - first.epoch_days()).unwrap_or(0);
        let (start, end) = (position(now.start), position(now.end));
        if end > known {
            break;
        }
        if start < end {
            bounds.push(Bounds { start, end });
        }
        cycle = resets.next(now);
    }
    bounds
}

impl Forecast {
    /// What the cycle will have used at its end.
    pub fn consumption(&self) -> Option<Percentiles> {
        self.outlook.as_ref().ok()?.path.last().map(|(_, used)| *used)
    }

    /// What such cycles will have used at their end on average: more than the median where use comes in bursts.
    pub fn mean(&self) -> Option<Total> {
        Some(self.used + rounded(self.outlook.as_ref().ok()?.rest.mean()))
    }

    /// When a pool that holds so much now will be empty; `None` where nothing is expected.
    pub fn run_out(&self, balance: Total) -> Option<RunOut> {
        let outlook = self.outlook.as_ref().ok()?;
        let limit = self.used + balance;
        let when = |percentile: usize| crossing(&outlook.path, percentile, limit);
        Some(RunOut { chance: outlook.rest.chance_above(balance.approx()), at: when(2), early: when(4), late: when(0) })
    }
}

impl Outlook {
    /// What the next whole cycle will use.
    pub fn next_cycle(&self) -> Percentiles {
        self.next.percentiles().map(rounded)
    }

    /// The chance that the next whole cycle needs more than an amount.
    pub fn chance_above(&self, amount: Total) -> f64 {
        self.chance_above_scaled(amount, 1.0)
    }

    /// The same if only a share of the use were needed.
    pub fn chance_above_scaled(&self, amount: Total, share: f64) -> f64 {
        if share > 0.0 { self.next.chance_above(amount.approx() / share) } else { 0.0 }
    }

    /// What the next whole cycle is expected to need beyond an amount: the area below the chances of more, in steps.
    pub fn expected_above(&self, amount: Total) -> Total {
        const STEPS: u16 = 400;
        let width = (4.0 * self.next.percentiles()[4]).max(1.0) / f64::from(STEPS);
        let chance = |step: u16| self.next.chance_above(amount.approx() + (f64::from(step) + 0.5) * width);
        rounded((0..STEPS).map(|step| chance(step) * width).sum())
    }
}

/// When a line between the ends of days first reaches a limit.
fn crossing(path: &[(Instant, Percentiles)], percentile: usize, limit: Total) -> Option<Instant> {
    let pairs = path.windows(2);
    let mut steps = pairs.map(|pair| ((pair[0].0, pair[0].1[percentile]), (pair[1].0, pair[1].1[percentile])));
    let ((start, low), (end, high)) = steps.find(|(_, (_, high))| *high > limit)?;
    let share = (limit - low).approx().max(0.0) / (high - low).approx();
    #[expect(clippy::cast_possible_truncation, reason = "a part of a day, in whole seconds")]
    let seconds = ((nanos(end) - nanos(start)) * share / 1e9) as i64;
    Some(Instant::from_nanos(start.nanos() + seconds * 1_000_000_000))
}

/// A forecast amount: two decimals, which is more than is known of it.
pub fn rounded(amount: f64) -> Total {
    const HUNDREDTH: i128 = 10_000_000;
    #[expect(clippy::cast_possible_truncation, reason = "a float that is too large becomes the largest number")]
    let hundredths = (amount * 100.0).round() as i64;
    Total::from_nanos(i128::from(hundredths) * HUNDREDTH)
}

fn weekday(day: Day) -> usize {
    usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

fn day_at(first: Day, position: usize) -> Day {
    Day::from_epoch_days(first.epoch_days() + i32::try_from(position).unwrap_or(i32::MAX / 2))
}

#[expect(clippy::cast_precision_loss, reason = "a length of time to be divided")]
const fn nanos(at: Instant) -> f64 {
    at.nanos() as f64
}
