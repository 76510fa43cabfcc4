//! How good forecasts are on simulated histories, and what must hold for any.
use proptest::prelude::*;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::{
    audit::{
        cycle::resets::Resets,
        forecast::{
            Forecast,
            backtest::{Baseline, Bounds},
            families::{Draws, FAMILIES, Family},
            forecast,
            method::{History, Learned, whole},
        },
        usage::Usage,
    },
    model::{amount::Total, instant::Instant, zone::Zone},
};

/// So many histories of each family are drawn for a quick look.
const FEW: usize = 50;
/// So many for a good one: `cargo test --release --lib forecast -- --ignored`.
const MANY: usize = 400;
/// So many standard deviations a share of so many draws may be off: one of 400 is off by more, and a hundred are looked at.
const STRAYS: f64 = 3.0;
/// Likewise for the ratio of errors, one a family.
const RATIO_STRAYS: f64 = 2.0;

/// Errors are sums over histories, each against what its cycles usually come to.
#[derive(Debug, Default)]
struct Score {
    error: f64,
    inner: f64,
    outer: f64,
    thumbs: [f64; Baseline::ALL.len()],
    /// The error of each history, and those of the rules of thumb.
    each: Vec<(f64, [f64; Baseline::ALL.len()])>,
}

impl Score {
    /// How far chance may push the ratio of errors above what holds of endless histories: from how much the differences of
    /// single histories vary. At 50 histories that is 0.07 to 0.32, at the bound of all for bursts, holidays, launches
    /// and steps down, whose single histories differ most.
    fn slack(&self, limit: f64) -> f64 {
        let best =
            (0..self.thumbs.len()).min_by(|one, other| self.thumbs[*one].total_cmp(&self.thumbs[*other])).unwrap();
        let count = super::level::count(self.each.len());
        let beyond: Vec<f64> = self.each.iter().map(|(error, thumbs)| error - limit * thumbs[best]).collect();
        let mean = beyond.iter().sum::<f64>() / count;
        let variance = beyond.iter().map(|beyond| (beyond - mean).powi(2)).sum::<f64>() / (count - 1.0);
        RATIO_STRAYS * (variance * count).sqrt() / self.thumbs[best]
    }
}

fn score(family: Family, seed: u64, histories: usize) -> Score {
    let (mut draws, mut score) = (Draws(seed), Score::default());
    let each = 1.0 / super::level::count(histories);
    let mut kept = 0;
    while kept < histories {
        let simulated = family.history(&mut draws);
        let [.., before, start, end] = simulated.ends[..] else { unreachable!("three months at least") };
        let (cycle, before, now) = (Bounds { start, end }, Bounds { start: before, end: start }, simulated.now);
        if simulated.days[..now].iter().filter(|used| **used > 0.0).count() < super::LEAST_ACTIVE {
            continue;
        }
        kept += 1;
        let came: f64 = simulated.days[start..end].iter().sum();
        let usual = simulated.days.iter().sum::<f64>() / super::level::count(simulated.days.len()) * 30.0;
        let places = simulated.places();
        let known = History { days: simulated.days[..now].to_vec(), first: simulated.first, places };
        let used: f64 = known.days[start..].iter().sum();
        let learned = Learned::of(&known);
        let memory = learned.simplest(end - now, now);
        let said = known.ahead(now, &whole(now..end), &learned, memory).percentiles().map(|rest| used + rest);
        let holds = |low: usize, high: usize| said[low] <= came + 1e-9 && came <= said[high] + 1e-9;
        let error = (said[2] - came).abs() / usual;
        score.error += error;
        score.inner += if holds(1, 3) { each } else { 0.0 };
        score.outer += if holds(0, 4) { each } else { 0.0 };
        let thumbs = Baseline::ALL
            .map(|rule| (rule.total(&simulated.days, cycle, Some(before), now).unwrap() - came).abs() / usual);
        for (sum, error) in score.thumbs.iter_mut().zip(thumbs) {
            *sum += error;
        }
        score.each.push((error, thumbs));
    }
    score
}

/// What holds of a family: how often the intervals cover, and how large errors are against the best rule of thumb.
struct Wanted {
    inner: [f64; 2],
    outer: [f64; 2],
    ratio: f64,
}

/// What is wanted of each family, and where the method is known not to reach it.
const fn wanted(family: Family) -> Wanted {
    let wanted = Wanted { inner: [0.45, 0.55], outer: [0.75, 0.85], ratio: 1.1 };
    match family {
        // too wide: a shape of the cycle that is learned late, growth taken for noise
        Family::Rush | Family::MonthEnd | Family::Linear | Family::StepUp | Family::Sprints | Family::Launch => {
            Wanted { inner: [0.45, 0.64], outer: [0.75, 0.89], ..wanted }
        }
        Family::Projects | Family::TwoSpeed | Family::Fortnight | Family::FreshStart => {
            Wanted { inner: [0.45, 0.59], outer: [0.75, 0.88], ..wanted }
        }
        // what began days ago is believed in part: too narrow, and dearer than the rule that knows these days only
        Family::TwoProjects => Wanted { outer: [0.71, 0.85], ratio: 1.35, ..wanted },
        Family::ProjectBegins => Wanted { inner: [0.36, 0.55], outer: [0.58, 0.85], ratio: 1.35 },
        Family::StepDown => Wanted { ratio: 1.2, ..wanted },
        Family::Decline => Wanted { outer: [0.70, 0.85], inner: [0.42, 0.55], ..wanted },
        _ => wanted,
    }
}

/// The bounds that the method has to keep on histories it was not tuned on (other seeds).
#[expect(clippy::print_stdout, reason = "the table that is looked at")]
fn check(seed: u64, histories: usize) {
    let (mut ratios, mut inner, mut outer) = (Vec::new(), Vec::new(), Vec::new());
    let scores: Vec<(Family, Score)> =
        FAMILIES.into_par_iter().map(|family| (family, score(family, seed, histories))).collect();
    let strays = |share: f64| STRAYS * (share * (1.0 - share) / super::level::count(histories)).sqrt();
    let mut wrong = Vec::new();
    for (family, score) in scores {
        let best = score.thumbs.iter().copied().fold(f64::INFINITY, f64::min);
        let (ratio, Wanted { inner: half, outer: most, ratio: limit }) = (score.error / best, wanted(family));
        let within = |share: f64, [low, high]: [f64; 2], nominal: f64| {
            (low - strays(nominal)..=high + strays(nominal)).contains(&share)
        };
        let slack = score.slack(limit).min(1.5 * strays(0.5));
        let is_right = within(score.inner, half, 0.5) && within(score.outer, most, 0.8) && ratio <= limit + slack;
        println!(
            "{family:?}: 50 % {:.3}, 80 % {:.3}, error {ratio:.3} of the best rule's, {limit} + {slack:.3} at most",
            score.inner, score.outer
        );
        if !is_right {
            wrong.push(format!("{family:?}: {:.3} {:.3} {ratio:.3}", score.inner, score.outer));
        }
        ratios.push(ratio);
        inner.push(score.inner);
        outer.push(score.outer);
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    let mean = |of: &[f64]| of.iter().sum::<f64>() / super::level::count(of.len());
    println!("all: 50 % {:.3}, 80 % {:.3}, error {:.3}", mean(&inner), mean(&outer), mean(&ratios));
    assert!(mean(&ratios) < 1.0, "{ratios:?}");
    assert!((0.45..=0.55).contains(&mean(&inner)), "{inner:?}");
    assert!((0.75..=0.85).contains(&mean(&outer)), "{outer:?}");
}

#[test]
fn intervals_cover_what_they_say_and_errors_are_below_the_rules_of_thumb() {
    check(2_026, FEW);
}

#[test]
#[ignore = "minutes where it is not optimised"]
fn the_same_holds_of_many_histories() {
    for seed in [5, 11] {
        check(seed, MANY);
    }
}

fn at(text: &str) -> Instant {
    Instant::from_utc(text.parse().unwrap()).unwrap()
}

/// Days from 1 August 2026 on, each used at noon, and the forecast at an instant.
fn of(days: &[u64], as_of: &str) -> Forecast {
    let noon = |day: usize| {
        Instant::from_nanos(at("2026-08-01T12:00:00Z").nanos() + i64::try_from(day).unwrap() * super::DAY_NANOS)
    };
    let usage = Usage::new(days.iter().enumerate().map(|(day, used)| (noon(day), Total::from_units(*used))).collect());
    forecast(&usage, &Resets::calendar(Zone::utc()), at(as_of)).unwrap()
}

#[test]
fn steady_use_goes_on_and_runs_out_when_it_must() {
    let forecast = of(&[10; 60], "2026-09-11T00:00:00Z");
    assert_eq!((forecast.used, forecast.cycle.end), (Total::from_units(100), at("2026-10-01T00:00:00Z")));
    let said = forecast.consumption().unwrap();
    assert!((said[2].approx() - 300.0).abs() < 3.0, "{said:?}");
    let run_out = forecast.run_out(Total::from_units(105)).unwrap();
    assert_eq!(run_out.at.unwrap().to_string()[..10], *"2026-09-21");
    assert!(run_out.early <= run_out.at && run_out.at <= run_out.late && run_out.chance > 0.9, "{run_out:?}");
    let lasts = forecast.run_out(Total::from_units(900)).unwrap();
    assert!(lasts.at.is_none() && lasts.chance < 0.1, "{lasts:?}");
}

#[test]
fn idle_days_count_and_what_comes_later_is_not_known() {
    let mut days = [10; 60];
    for idle in (0..60).step_by(2) {
        days[idle] = 0;
    }
    let said = of(&days, "2026-09-11T00:00:00Z").consumption().unwrap();
    assert!((said[2].approx() - 150.0).abs() < 15.0, "{said:?}");
    let without_later = of(&days[..41], "2026-09-11T00:00:00Z").consumption().unwrap();
    assert_eq!(said, without_later);
}

#[test]
fn too_little_history_is_refused_with_its_reason() {
    let refused = |days: &[u64], as_of: &str| of(days, as_of).outlook.unwrap_err();
    assert!(refused(&[1; 5], "2026-08-06T00:00:00Z").contains("5 whole days of history: 14 are needed"));
    assert!(refused(&[7, 0, 0, 0, 3], "2026-09-05T00:00:00Z").contains("only 2 of 35 days"));
    assert!(of(&[1; 20], "2026-08-20T00:00:00Z").outlook.unwrap().backtest.unwrap_err().contains("complete cycles"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn percentiles_are_in_order_and_never_below_what_was_used(
        days in prop::collection::vec(0_u64..500, 15..150),
        later in 0_i64..40 * 24,
    ) {
        let end = at("2026-08-16T00:00:00Z").nanos() + later * 3_600 * 1_000_000_000;
        let forecast = of(&days, &Instant::from_nanos(end).to_string());
        if let Ok(outlook) = &forecast.outlook {
            for pair in outlook.path.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0);
                prop_assert!((0..5).all(|percentile| pair[0].1[percentile] <= pair[1].1[percentile]));
            }
            for (_, used) in &outlook.path {
                prop_assert!(used.is_sorted() && used[0] >= forecast.used);
            }
            for balance in [0, 10, 1_000, 100_000] {
                let run_out = forecast.run_out(Total::from_units(balance)).unwrap();
                prop_assert!((0.0..=1.0).contains(&run_out.chance));
                prop_assert!(run_out.at.is_none_or(|at| forecast.as_of <= at && at <= forecast.cycle.end));
            }
        }
    }
}
