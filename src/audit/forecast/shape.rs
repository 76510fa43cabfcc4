//! What the calendar lets expect of a day: the shape of the week and of the cycle, each against the mean day.
//!
//! Both are pulled towards flat by how much of the difference chance explains (James and Stein 1961): weight
//! `1 - noise / difference`, never below 0. A cycle's shape, such as the rush before the reset, needs several cycles to be
//! told from chance and is held to more of it.
use crate::audit::forecast::level::count;

/// A week's shape needs so many days.
const LEAST_DAYS: usize = 21;
/// A cycle's shape needs so many whole cycles.
const LEAST_CYCLES: usize = 2;
/// How many times the noise a cycle's shape must exceed, more where there are few cycles.
const CYCLE_NOISE: f64 = 3.0;
/// No part of a cycle is taken to be idle for good.
const LEAST_SHARE: f64 = 0.05;
/// A first cycle that lacks a few days counts as whole.
const WHOLE: usize = 28;

/// Where a day lies in its cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The how manieth cycle, from 0.
    pub(super) cycle: usize,
    /// The quarter of the cycle, 0 to 3.
    pub(super) quarter: usize,
}

/// Each weekday against the mean day; `first` is the weekday of the first, Monday being 0.
pub(super) fn week(days: &[f64], first: usize) -> [f64; 7] {
    let mean = days.iter().sum::<f64>() / count(days.len()).max(1.0);
    if days.len() < LEAST_DAYS || mean <= 0.0 {
        return [1.0; 7];
    }
    let mut of_weekday: [Vec<f64>; 7] = Default::default();
    for (day, used) in days.iter().enumerate() {
        of_weekday[(first + day) % 7].push(used / mean);
    }
    shrunk(&of_weekday, 1.0).map(|share| share.max(0.0))
}

/// Each quarter of a cycle against the mean day, the shape of the week taken out by `weights`.
pub(super) fn quarters(days: &[f64], weights: &[f64], places: &[Place]) -> [f64; 4] {
    let mut ratios: [Vec<f64>; 4] = Default::default();
    let known: Vec<usize> = (0..days.len()).collect();
    let cycles: Vec<&[usize]> = known.chunk_by(|one, other| places[*one].cycle == places[*other].cycle).collect();
    let (_, over) = cycles.split_last().unwrap_or((&&[][..], &[]));
    for cycle in over.iter().filter(|cycle| places[cycle[0]].quarter == 0 && cycle.len() >= WHOLE) {
        let (mut used, mut weight) = ([0.0; 4], [0.0; 4]);
        for day in *cycle {
            used[places[*day].quarter] += days[*day];
            weight[places[*day].quarter] += weights[*day];
        }
        let mean = used.iter().sum::<f64>() / weight.iter().sum::<f64>();
        if mean > 0.0 && weight.iter().all(|weight| *weight > 0.0) {
            for (quarter, ratios) in ratios.iter_mut().enumerate() {
                ratios.push(used[quarter] / weight[quarter] / mean);
            }
        }
    }
    let cycles = ratios[0].len();
    if cycles < LEAST_CYCLES {
        return [1.0; 4];
    }
    shrunk(&ratios, CYCLE_NOISE * (1.0 + 2.0 / count(cycles - 1))).map(|share| share.max(LEAST_SHARE))
}

/// The means of groups of ratios, pulled towards 1 by so many times their noise.
fn shrunk<const N: usize>(ratios: &[Vec<f64>; N], times: f64) -> [f64; N] {
    let means = ratios.each_ref().map(|ratios| ratios.iter().sum::<f64>() / count(ratios.len()).max(1.0));
    let noise_of = |(ratios, mean): (&Vec<f64>, &f64)| {
        let squares: f64 = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum();
        squares / count(ratios.len().saturating_sub(1)).max(1.0) / count(ratios.len()).max(1.0)
    };
    let noise = ratios.iter().zip(&means).map(noise_of).sum::<f64>() / count(N);
    let difference = means.iter().map(|mean| (mean - 1.0).powi(2)).sum::<f64>() / count(N - 1);
    let weight = if difference > 0.0 { (1.0 - times * noise / difference).max(0.0) } else { 0.0 };
    means.map(|mean| 1.0 + weight * (mean - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(day: usize) -> Place {
        Place { cycle: day / 28, quarter: day % 28 / 7 }
    }

    #[test]
    fn a_rush_before_the_reset_is_a_shape_and_one_dear_week_is_none() {
        let places: Vec<Place> = (0..112).map(place).collect();
        let shape =
            |days: &[f64]| quarters(days, &[1.0; 112][..days.len()], &places).map(|share| (share * 10.0).round());
        let rush: Vec<f64> = (0..112).map(|day| if place(day).quarter == 3 { 5.0 } else { 1.0 }).collect();
        assert_eq!(shape(&rush).map(|share| share > 10.0), [false, false, false, true]);
        let once: Vec<f64> = (0..112).map(|day| if (30..37).contains(&day) { 5.0 } else { 1.0 }).collect();
        assert_eq!(shape(&once).map(f64::to_bits), [10.0_f64; 4].map(f64::to_bits));
        assert_eq!(shape(&rush[..50]).map(f64::to_bits), [10.0_f64; 4].map(f64::to_bits), "one whole cycle is too few");
    }

    #[test]
    fn weekends_are_a_shape_of_the_week() {
        let days: Vec<f64> = (0..56).map(|day| if day % 7 < 5 { 7.0 } else { 0.0 }).collect();
        let week = week(&days, 0);
        assert!(week[0] > 1.3 && week[6] < 0.1, "{week:?}");
        assert_eq!(super::week(&days[..20], 0).map(f64::to_bits), [1.0_f64; 7].map(f64::to_bits));
    }
}
