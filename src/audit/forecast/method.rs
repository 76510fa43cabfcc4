//! Forecasts from several memories, how far off each was before, and which of them is taken.
//!
//! - **Which memory**: the simplest (longest) whose errors on the past are within noise of the smallest: the mean
//!   difference of their errors is below [`NOISE`] of its standard error. Long histories of steady use keep the whole
//!   past; use that grows or fades makes a shorter memory win.
//! - **Company**: what is chosen so is blended with the mean of the whole past, by how well each did of late (Bates and
//!   Granger 1969, "The combination of forecasts"): two forecasts together miss by less than the one that seems better. The
//!   past before a change beyond doubt is left out of it.
//! - **Bias**: where forecasts of the past came out too low or too high again and again, their median deviate shifts the
//!   forecast, pulled towards none by what chance explains (James and Stein 1961).
//! - **Width**: intervals are widened or narrowed so that they would have held before, as in split conformal prediction
//!   (Vovk, Gammerman and Shafer 2005), pulled towards the model's own width while there is little past to learn from.
//!
//! Forecasts made on days in a row overlap, so that only as many count as periods stand side by side.
use std::ops::Range;

use crate::audit::forecast::{
    level::{self, Habits, MEMORIES, count},
    shape::Place,
    spread::{Spread, Z50, Z80},
};

/// The level itself moves by this share in four weeks (standard deviation). Chosen, as are the others below, on the
/// simulated histories of `families`.
const DRIFT: f64 = 0.05;
/// A level that remembers so few days moves so many times as much.
const QUICK: [(usize, f64); 2] = [(14, 3.0), (28, 1.7)];
/// Widths learned from the past count against the model's own by as much as so many separate periods.
const TRUST: f64 = 1.0;
/// Widths learned from the past stay within these factors.
const WIDTHS: (f64, f64) = (0.5, 3.0);
/// A bias learned from the past shifts a forecast by at most so many deviations.
const MOST_BIAS: f64 = 1.0;
/// The variance of the median of one period's deviate that is taken for chance; that of a normal one is 1.57.
const CHANCE: f64 = 2.5;
/// Two errors are as good as equal up to so many standard errors of their difference.
const NOISE: f64 = 1.0;
/// Nothing beyond so many times the most that was ever used in as many days is expected: a skewed distribution fitted to a
/// few bursts would promise any amount.
const CEILING: f64 = 2.0;
/// The chance of more than that, at most.
const BEYOND: f64 = 0.02;
/// An error of the past counts half after so many days.
const HALF_LIFE: f64 = 30.0;
/// How strongly the better one of two forecasts is preferred: shares go by errors to this power.
const PREFERENCE: i32 = 4;
/// How long the periods are that are learned from, in days.
const SPANS: [usize; 4] = [4, 8, 15, 28];
/// Nothing is forecast from fewer days.
pub(super) const LEAST_DAYS: usize = 14;

/// How a meter used its days so far.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// What each day used, idle days being 0.
    pub(super) days: Vec<f64>,
    /// The weekday of the first day, Monday being 0.
    pub(super) first: usize,
    /// Where each day lies in its cycle, the days to come up to the end of the next cycle included.
    pub(super) places: Vec<Place>,
}

/// How forecasts for a span came out, each made on a day and checked as soon as it could be.
#[derive(Debug, Clone, Default)]
struct Record {
    /// How far off, as deviates.
    deviates: Vec<f64>,
    /// How far off, in amounts.
    errors: Vec<f64>,
}

/// How forecasts of the past came out: by memory and by span.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    records: [[Record; SPANS.len()]; MEMORIES.len()],
    /// By how much the mean of the whole past was off, by span.
    past: [Vec<f64>; SPANS.len()],
    /// What was known on each day, the first after [`LEAST_DAYS`].
    habits: Vec<Habits>,
}

/// How the model's own percentiles are moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Correction {
    bias: f64,
    inner: f64,
    outer: f64,
}

/// A forecast of one sum: its mean, its spread, how that is corrected, and what it is not expected to exceed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    spread: Spread,
    correction: Correction,
    ceiling: f64,
}

impl History {
    /// What comes on the given days, a part of the first and of the last of them left out where they are cut.
    fn spread(&self, known: usize, days: &[(usize, f64)], memory: usize, habits: &Habits) -> Spread {
        let [far, near] = self.levels(known, memory, habits);
        let level = habits.changed(far, near);
        let memory = memory.min(habits.since);
        let weight: f64 = days.iter().map(|(day, part)| self.weight(*day, habits) * part).sum();
        let length: f64 = days.iter().map(|(_, part)| part).sum();
        let mean = level * weight;
        let noise = habits.dispersion * habits.clumping;
        let of_level = noise * level / count(known.min(memory));
        let quick = QUICK.iter().find(|(most, _)| memory <= *most).map_or(1.0, |(_, times)| *times);
        let drift = (DRIFT * quick * level).powi(2) * (1.0 + length / 28.0);
        let of_level = of_level + drift + habits.unsure(far, near);
        Spread { mean, variance: noise * mean + of_level * weight * weight }
    }

    /// The level of a memory, and that after the last change.
    fn levels(&self, known: usize, memory: usize, habits: &Habits) -> [f64; 2] {
        let weights: Vec<f64> = (0..known).map(|day| self.weight(day, habits)).collect();
        [memory, memory.min(habits.since)].map(|memory| level::level(&self.days[..known], &weights, memory))
    }

    fn weight(&self, day: usize, habits: &Habits) -> f64 {
        habits.weight((self.first + day) % 7, self.places[day])
    }

    /// The forecast for days, knowing those before `known`, with what was learned by then.
    pub(super) fn ahead(&self, known: usize, days: &[(usize, f64)], learned: &Learned, memory: usize) -> Ahead {
        let habits = learned.habits[known - LEAST_DAYS];
        let [far, near] = self.levels(known, usize::MAX, &habits);
        let past = self.spread(known, days, usize::MAX, &habits.unchanged());
        let share = learned.share_of_past(memory, days.len(), known) * habits.doubt(far, near);
        let spread = self.spread(known, days, MEMORIES[memory], &habits).blended(past, share);
        let ceiling = CEILING * self.most(known, days.len());
        Ahead { spread, correction: learned.correction(memory, days.len(), known), ceiling }
    }

    /// The most that was used in so many days in a row; where only fewer are known, as much more as there are more days.
    fn most(&self, known: usize, days: usize) -> f64 {
        let span = days.clamp(1, (known / 2).max(1));
        let most = self.days[..known].windows(span).map(|days| days.iter().sum()).fold(0.0, f64::max);
        most * count(days) / count(span)
    }
}

impl Ahead {
    /// The 10th, 25th, 50th, 75th and 90th percentile, in order.
    pub(super) fn percentiles(&self) -> [f64; 5] {
        let Correction { bias, inner, outer } = self.correction;
        let deviates = [-Z80 * outer, -Z50 * inner, 0.0, Z50 * inner, Z80 * outer];
        let mut found = deviates.map(|deviate| self.spread.quantile(bias + deviate).min(self.ceiling));
        found.sort_by(f64::total_cmp);
        found
    }

    /// The mean of all that may come: what many such cycles come to on average.
    pub(super) fn mean(&self) -> f64 {
        const STEPS: i16 = 160;
        let (mut sum, mut weights) = (0.0, 0.0);
        for step in -STEPS..=STEPS {
            let deviate = f64::from(step) * 4.0 / f64::from(STEPS);
            let weight = (-deviate * deviate / 2.0).exp();
            let shifted = self.correction.bias + deviate * self.correction.outer;
            sum += weight * self.spread.quantile(shifted).min(self.ceiling);
            weights += weight;
        }
        sum / weights
    }

    /// The chance of more than an amount.
    pub(super) fn chance_above(&self, amount: f64) -> f64 {
        if amount < 0.0 {
            return 1.0;
        }
        let deviate = (self.spread.deviate(amount) - self.correction.bias) / self.correction.outer;
        let chance = 1.0 - super::spread::normal_share(deviate);
        if amount > self.ceiling { chance.min(BEYOND) } else { chance }
    }
}

/// Whole days.
pub(super) fn whole(days: Range<usize>) -> Vec<(usize, f64)> {
    days.map(|day| (day, 1.0)).collect()
}

impl Learned {
    /// What forecasts for each span would have been off by, made on each day so far.
    pub(super) fn of(history: &History) -> Self {
        let habits = |known: usize| Habits::of(&history.days[..known], history.first, &history.places);
        let habits = (LEAST_DAYS..=history.days.len()).map(habits).collect();
        let mut learned = Self { records: Default::default(), past: Default::default(), habits };
        for (known, habits) in (LEAST_DAYS..).zip(&learned.habits) {
            for (span, errors) in SPANS.into_iter().zip(&mut learned.past) {
                let Some(came) = history.days.get(known..known + span) else { continue };
                let spread = history.spread(known, &whole(known..known + span), usize::MAX, &habits.unchanged());
                errors.push((spread.mean - came.iter().sum::<f64>()).abs());
            }
            for (memory, records) in MEMORIES.into_iter().zip(&mut learned.records) {
                for (span, record) in SPANS.into_iter().zip(records) {
                    let Some(came) = history.days.get(known..known + span) else { continue };
                    let came: f64 = came.iter().sum();
                    let spread = history.spread(known, &whole(known..known + span), memory, habits);
                    record.deviates.push(spread.deviate(came));
                    record.errors.push((spread.mean - came).abs());
                }
            }
        }
        learned
    }

    /// The share of the whole past in a forecast, by how well it and a memory did of late.
    fn share_of_past(&self, memory: usize, span: usize, known: usize) -> f64 {
        let at = nearest(span, known);
        let seen = self.seen(memory, at, known, |record| &record.errors);
        let of_late = |errors: &[f64]| {
            let weights = (0..errors.len()).rev().map(|ago| 0.5_f64.powf(count(ago) / HALF_LIFE));
            let sum: f64 = errors.iter().zip(weights.clone()).map(|(error, weight)| error * weight).sum();
            (sum / weights.sum::<f64>()).max(f64::MIN_POSITIVE)
        };
        if seen.is_empty() {
            return 0.5;
        }
        let better = of_late(&self.past[at][..seen.len()]) / of_late(seen);
        1.0 / (1.0 + better.powi(PREFERENCE))
    }

    /// How many days a memory reaches back at last: not before the last lasting change.
    pub(super) fn memory(&self, memory: usize) -> usize {
        MEMORIES[memory].min(self.habits.last().map_or(usize::MAX, |habits| habits.since))
    }

    /// How forecasts for so many days are to be corrected by what was known before a day.
    fn correction(&self, memory: usize, span: usize, known: usize) -> Correction {
        let at = nearest(span, known);
        let mut deviates = self.seen(memory, at, known, |record| &record.deviates).to_vec();
        deviates.sort_by(f64::total_cmp);
        let periods = count(deviates.len()) / count(SPANS[at]);
        // What a few days came out at says nothing about a bias over many.
        let is_like = SPANS[at] * 2 >= span;
        let bias = quantile(&deviates, 0.5).filter(|_| is_like).map_or(0.0, |found| {
            let found = found.clamp(-MOST_BIAS, MOST_BIAS);
            let chance = CHANCE / periods;
            if found * found > chance { found * (1.0 - chance / (found * found)) } else { 0.0 }
        });
        let mut sizes: Vec<f64> = deviates.iter().map(|deviate| (deviate - bias).abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let width = |share: f64, normal: f64| {
            let found = quantile(&sizes, share).map_or(1.0, |found| (found / normal).clamp(WIDTHS.0, WIDTHS.1));
            (found.ln() * periods / (periods + TRUST)).exp()
        };
        Correction { bias, inner: width(0.5, Z50), outer: width(0.8, Z80) }
    }

    /// The simplest memory whose errors before a day are within noise of the smallest.
    pub(super) fn simplest(&self, span: usize, known: usize) -> usize {
        let at = nearest(span, known);
        let errors = |memory: usize| self.seen(memory, at, known, |record| &record.errors);
        let mean = |errors: &[f64]| errors.iter().sum::<f64>() / count(errors.len()).max(1.0);
        let all = 0..MEMORIES.len();
        let best = all.clone().min_by(|one, other| mean(errors(*one)).total_cmp(&mean(errors(*other)))).unwrap_or(0);
        let within = |memory: &usize| {
            let apart: Vec<f64> = errors(*memory).iter().zip(errors(best)).map(|(one, best)| one - best).collect();
            let mean = mean(&apart);
            let variance = apart.iter().map(|apart| (apart - mean).powi(2)).sum::<f64>() / count(apart.len()).max(1.0);
            let periods = (count(apart.len()) / count(SPANS[at])).max(1.0);
            mean <= NOISE * (variance / periods).sqrt()
        };
        all.clone().find(within).unwrap_or(best)
    }

    /// What could be checked before a day.
    fn seen(&self, memory: usize, at: usize, known: usize, of: fn(&Record) -> &Vec<f64>) -> &[f64] {
        let record = of(&self.records[memory][at]);
        &record[..checked(at, known).min(record.len())]
    }
}

/// How many forecasts for a span could be checked before a day.
fn checked(at: usize, known: usize) -> usize {
    (known + 1).saturating_sub(LEAST_DAYS + SPANS[at])
}

/// The longest span up to the wanted one that was seen at least twice over.
fn nearest(span: usize, known: usize) -> usize {
    let nearest = SPANS.iter().rposition(|of| *of <= span.max(SPANS[0])).unwrap_or(0);
    (0..=nearest).rev().find(|at| checked(*at, known) >= 2 * SPANS[*at]).unwrap_or(0)
}

/// A quantile of sorted values.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = count(last) * share;
    let index = (0..=last).rev().find(|index| count(*index) <= at)?;
    let above = sorted.get(index + 1).copied().unwrap_or(sorted[index]);
    Some(sorted[index] + (above - sorted[index]) * (at - count(index)))
}
