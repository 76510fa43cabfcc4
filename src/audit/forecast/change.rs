//! When the level of use last changed for good: a new team, a finished project.
//!
//! Days are ranked by what they used beyond what the calendar lets expect, and cut in two where the ranks before and after
//! differ most (Pettitt 1979, "A non-parametric approach to the change-point problem", Applied Statistics 28). Ranks know no
//! outliers: one dear day among cheap ones is no change. Days in a row move together, so that the difference is held against
//! how much sums of seven days vary. What follows the cut is cut again, so that the last change counts. A change that is a few
//! days old cannot be told from chance yet: it is believed in part, by how much of the difference chance explains.
use crate::audit::forecast::level::{self, count};

/// A change shows in so many days at least.
const LEAST_AFTER: usize = 4;
/// So many days before it are needed.
const LEAST_BEFORE: usize = 14;
/// Days without any use are a pause until there are so many of them.
const PAUSE: usize = 21;
/// The last days must lie on the side of the change, by this share of it: a pause that is over is no change.
const LASTS: f64 = 0.5;
/// How many times the variance by chance the difference explains where a change is beginning to be believed, and where it
/// is believed altogether.
const BELIEVED: (f64, f64) = (6.0, 16.0);
const WEEK: usize = 7;

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    /// The first day after it; 0 where there was none.
    pub(super) at: usize,
    /// How far it is believed, from 0 to 1.
    pub(super) belief: f64,
}

/// The last change. `weights` tell what the calendar lets expect of each day.
pub(super) fn last(days: &[f64], weights: &[f64]) -> Change {
    let mut last = Change { at: 0, belief: 1.0 };
    while let Some(change) = split(&days[last.at..], &weights[last.at..]) {
        if change.belief < 1.0 {
            // what came before counts again as far as this one is not believed, which two changes in doubt would not tell
            return if last.at == 0 { change } else { last };
        }
        last.at += change.at;
    }
    last
}

fn split(days: &[f64], weights: &[f64]) -> Option<Change> {
    let length = days.len();
    if length < LEAST_BEFORE + LEAST_AFTER {
        return None;
    }
    let ranks = ranks(days, weights);
    let sums = Sums::of(&ranks);
    let squares = |at: usize| sums.squares(0, at) + sums.squares(at, length);
    let cuts = LEAST_BEFORE..=length - LEAST_AFTER;
    let at = cuts.min_by(|one, other| squares(*one).total_cmp(&squares(*other)))?;
    let recent = &days[length - WEEK..];
    if length - at < PAUSE && recent.iter().filter(|used| **used > 0.0).count() < 2 {
        return None;
    }
    let (before, after) = (sums.mean(0, at), sums.mean(at, length));
    let lasts = (sums.mean(length - WEEK, length) - before) / (after - before);
    let variance = squares(at) / count(length - 2);
    let rest = |day: usize| ranks[day] - if day < at { before } else { after };
    let rest: Vec<f64> = (0..length).map(rest).collect();
    let weeks = rest.windows(WEEK).map(|week| week.iter().sum::<f64>().powi(2));
    let clumped = weeks.sum::<f64>() / count(length - WEEK + 1) / count(WEEK);
    let explained = sums.squares(0, length) - squares(at);
    let (least, most) = BELIEVED;
    let belief = (explained / variance.max(clumped).max(f64::MIN_POSITIVE) - least) / (most - least);
    (lasts >= LASTS && belief > 0.0).then_some(Change { at, belief: belief.min(1.0) })
}

/// The rank of each day, as a share of all, by what it used beyond its expected part; equal days share a rank.
fn ranks(days: &[f64], weights: &[f64]) -> Vec<f64> {
    let level = level::level(days, weights, usize::MAX);
    let beyond: Vec<f64> = days.iter().zip(weights).map(|(used, weight)| used - level * weight).collect();
    let mut order: Vec<usize> = (0..days.len()).collect();
    order.sort_by(|one, other| beyond[*one].total_cmp(&beyond[*other]));
    let mut ranks = vec![0.0; days.len()];
    let mut start = 0;
    for equal in order.chunk_by(|one, other| beyond[*one].total_cmp(&beyond[*other]).is_eq()) {
        let rank = (count(2 * start + equal.len()) - 1.0) / 2.0 / count(days.len());
        for day in equal {
            ranks[*day] = rank;
        }
        start += equal.len();
    }
    ranks
}

/// Sums up to each day, of values and of their squares.
struct Sums(Vec<[f64; 2]>);

impl Sums {
    fn of(values: &[f64]) -> Self {
        let mut sums = vec![[0.0; 2]];
        let mut sum = [0.0; 2];
        for value in values {
            sum = [sum[0] + value, sum[1] + value * value];
            sums.push(sum);
        }
        Self(sums)
    }

    fn mean(&self, start: usize, end: usize) -> f64 {
        (self.0[end][0] - self.0[start][0]) / count(end - start)
    }

    /// The squares of the differences from the mean.
    fn squares(&self, start: usize, end: usize) -> f64 {
        let sum = self.0[end][0] - self.0[start][0];
        (self.0[end][1] - self.0[start][1] - sum * sum / count(end - start)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(days: impl Fn(usize) -> f64, expected: usize) {
        let days: Vec<f64> = (0..90).map(days).collect();
        let change = last(&days, &[1.0; 90]);
        assert_eq!((change.at, change.belief < 1.0), (expected, false));
    }

    /// Something between 0 and 1 that looks like chance.
    fn noise(day: usize) -> f64 {
        (count(day * 7_919 % 97) * 0.618).fract()
    }

    #[test]
    fn a_new_level_is_a_change_and_the_last_one_counts() {
        check(|day| if day < 60 { 10.0 + noise(day) } else { 4.0 + noise(day) }, 60);
        check(|day| [3.0, 30.0, 9.0][day / 30] + noise(day), 60);
    }

    #[test]
    fn a_change_of_a_few_days_ago_is_believed_in_part() {
        let since = |after: usize| {
            let days: Vec<f64> =
                (0..90).map(|day| if day < 90 - after { 10.0 } else { 16.0 } + 8.0 * noise(day)).collect();
            last(&days, &[1.0; 90])
        };
        let beliefs = [3, 5, 8, 20].map(|after| if since(after).at == 0 { 0.0 } else { since(after).belief });
        assert!(beliefs.is_sorted() && beliefs[0] < 0.1 && beliefs[3] > 0.9, "{beliefs:?}");
    }

    #[test]
    fn noise_dear_days_and_pauses_are_none() {
        check(noise, 0);
        check(|day| if day % 40 == 39 { 500.0 } else { 5.0 + noise(day) }, 0);
        check(|day| if (70..80).contains(&day) { 0.0 } else { 5.0 + noise(day) }, 0);
        check(|day| if day >= 78 { 0.0 } else { 5.0 + noise(day) }, 0);
        check(|_| 0.0, 0);
    }
}
