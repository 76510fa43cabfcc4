//! What a person's work costs against what the same mix of work costs the others, fairly.
//!
//! The expectation of a session is the sum over its prompts of what a prompt of the class costs the others on average; prompts
//! of classes of which they have fewer than [`PRICED`] are left out on both sides, since nobody tells what they should cost.
//! The ratio of a person is the cost of his or her sessions by their expectation. Its 95 % interval is that of its logarithm,
//! because costs are skewed; the units are sessions (a ratio estimator, Cochran 1977, 6.3: with residuals
//! `e = cost - ratio * expectation` of `n` sessions, the variance is `n / (n - 1) * sum(e^2) / sum(expectation)^2`), and what
//! the others' prices vary by is added: by sessions or by persons, whichever is more. Quantiles are Student's, by the
//! expansion of Cornish and Fisher. The share of rework has Wilson's interval (1927).
//!
//! A person is told apart where three things hold: the sessions are no random part of all ([`exchange`]), with Benjamini and
//! Hochberg's bound over all people compared, so that of those told apart one in twenty is expected to be chance; the ratio is
//! [`FLOOR`] or more, either way; and the difference is [`LEAST_SHARE`] of the account or more. Fewer than [`OTHERS`] others
//! are not compared with: that would hold one person against another by name.
//!
//! The mix of classes is taken out; how hard a feature is, is not. Small samples are not compared.
use std::collections::BTreeMap;

use crate::{
    audit::{
        delivered::delivered,
        excess::{self, CLASSES},
        exchange,
        moments::Moments,
        robust,
    },
    model::{amount::Total, instant::Instant},
    rollup::{AccountRollup, Tally, cases::SessionCase},
};

/// So many sessions and prompts a person needs to be compared, and so many prompts the others.
pub const SESSIONS: usize = 5;
/// So many prompts.
pub const PROMPTS: u64 = 20;
/// So many others are needed, with a class's worth of prompts each.
pub const OTHERS: usize = 3;
/// So many prompts of a class the others need for a price.
const PRICED: u64 = 5;
/// A smaller ratio is nothing to act on; that of the peers' spread in [`robust`].
pub const FLOOR: f64 = 1.25;
/// A difference of a smaller share of the account is nothing to act on.
const LEAST_SHARE: f64 = 0.01;
/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_985;

/// A person's work.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Who.
    pub user: String,
    /// All events.
    pub tally: Tally,
    /// How many prompts in sessions of this person alone.
    pub prompts: u64,
    /// How many such sessions.
    pub sessions: usize,
    /// How many others there are to compare with.
    pub others: usize,
    /// The share of prompts of a known class that are rework, and its 95 % interval; `None` without such prompts.
    pub rework: Option<(f64, [f64; 2])>,
    /// What the prompts cost that are compared.
    pub compared: Total,
    /// What these prompts would cost the others.
    pub expected: Total,
    /// What is compared by what is expected, with its 95 % interval; `None` where there is too little to compare.
    pub ratio: Option<(f64, [f64; 2])>,
    /// What the ratio says.
    pub verdict: Verdict,
    /// This person's part of the features that do not wait for a repair; `None` where that is not known.
    pub delivered: Option<f64>,
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// There is too little to compare.
    TooLittle,
    /// The same work cost this person more.
    More,
    /// The same work cost this person less.
    Less,
    /// About the same: the interval says so, or the difference is too small to act on.
    Alike,
    /// It may be chance.
    Unclear,
}

/// Compares the people of an account, in the order of its users.
pub fn compare(account: &AccountRollup, now: Instant) -> Vec<Compared> {
    let mut sessions: BTreeMap<&str, Vec<&SessionCase>> = BTreeMap::new();
    for session in &account.cases.sessions {
        if let Some(user) = session.subject.user.as_deref() {
            sessions.entry(user).or_default().push(session);
        }
    }
    let all = add(account.cases.sessions.iter());
    let delivered = delivered(account, now);
    let enough = |of: &[&SessionCase]| of.iter().map(|one| one.whole.events).sum::<u64>() >= PRICED;
    let all_others = sessions.values().filter(|of| enough(of)).count();
    let (mut by_session, mut by_person) = (Moments::default(), Moments::default());
    for of in sessions.values() {
        for session in of {
            by_session.add(&session.actions, 1.0);
        }
        by_person.add(&add(of.iter().copied()), 1.0);
    }
    let named = account.by_user.iter().filter_map(|row| Some((row.subject.user.as_deref()?, row.tally)));
    let mut chances: Vec<f64> = Vec::new();
    let mut compared: Vec<Compared> = Vec::new();
    for (user, tally) in named {
        let mine = sessions.get(user).map_or(&[][..], Vec::as_slice);
        let own = add(mine.iter().copied());
        let prices: [Tally; CLASSES] = std::array::from_fn(|class| priced(less(all[class], own[class])));
        let (cost, expected) = exact(&own, &prices);
        let prompts = excess::sum(&own, |_| true).events;
        let others = all_others - usize::from(enough(mine));
        let is_enough = mine.len() >= SESSIONS && prompts >= PROMPTS && others >= OTHERS && expected > Total::ZERO;
        let is_enough = is_enough && excess::sum(&prices, |_| true).events >= PROMPTS && cost > Total::ZERO;
        let difference = Total::from_nanos((cost.nanos() - expected.nanos()).abs());
        let is_material = difference.share_of(account.total.amount) >= LEAST_SHARE;
        let mut ratio = None;
        if is_enough {
            let (mut sessions_of_others, mut others) = (by_session.clone(), by_person.clone());
            for session in mine {
                sessions_of_others.add(&session.actions, -1.0);
            }
            others.add(&own, -1.0);
            let of_others = sessions_of_others.variance(&prices).max(others.variance(&prices));
            let units: Vec<(f64, f64)> = mine.iter().map(|one| unit(&one.actions, &prices)).collect();
            ratio = Some(self::ratio(&units, of_others));
            // Who would not be told apart anyway counts as compared, and is not drawn lots for.
            let is_open = matches!(verdict(ratio, is_material), Verdict::More | Verdict::Less);
            chances.push(if is_open { chance(&units, user, &sessions, &prices) } else { 1.0 });
        }
        compared.push(Compared {
            user: user.to_owned(),
            tally,
            prompts,
            sessions: mine.len(),
            others,
            rework: wilson(excess::sum(&own, excess::is_rework).events, excess::sum(&own, excess::is_told).events),
            compared: cost,
            expected,
            ratio,
            verdict: verdict(ratio, is_material),
            delivered: delivered.as_ref().map(|delivered| delivered.get(user).copied().unwrap_or(0.0)),
        });
    }
    let named = robust::named(&chances);
    let tested = compared.iter_mut().filter(|one| one.ratio.is_some());
    for (one, is_named) in tested.zip(named) {
        if !is_named && matches!(one.verdict, Verdict::More | Verdict::Less) {
            one.verdict = Verdict::Unclear;
        }
    }
    compared
}

/// What a ratio says, were it no chance.
fn verdict(ratio: Option<(f64, [f64; 2])>, is_material: bool) -> Verdict {
    let within = |ratio: f64| (1.0 / FLOOR..=FLOOR).contains(&ratio);
    match ratio {
        None => Verdict::TooLittle,
        Some((_, [low, high])) if within(low) && within(high) => Verdict::Alike,
        Some((ratio, [low, high])) if within(ratio) || !is_material => {
            if low > 1.0 || high < 1.0 {
                Verdict::Alike
            } else {
                Verdict::Unclear
            }
        }
        Some((ratio, [low, _])) if ratio > 1.0 => {
            if low > 1.0 {
                Verdict::More
            } else {
                Verdict::Unclear
            }
        }
        Some((_, [_, high])) => {
            if high < 1.0 {
                Verdict::Less
            } else {
                Verdict::Unclear
            }
        }
    }
}

fn add<'a>(sessions: impl Iterator<Item = &'a SessionCase>) -> [Tally; CLASSES] {
    sessions.fold([Tally::default(); CLASSES], |mut sum, session| {
        for (sum, tally) in sum.iter_mut().zip(session.actions) {
            sum.add(tally);
        }
        sum
    })
}

fn less(all: Tally, part: Tally) -> Tally {
    Tally { events: all.events - part.events, amount: all.amount - part.amount }
}

/// The others' prompts of a class where they have enough for a price; else none.
fn priced(others: Tally) -> Tally {
    if others.events >= PRICED { others } else { Tally::default() }
}

/// What prompts of priced classes cost, and what they would cost at these prices, each class rounded towards zero.
fn exact(own: &[Tally; CLASSES], prices: &[Tally; CLASSES]) -> (Total, Total) {
    let classes = own.iter().zip(prices).filter(|(_, price)| price.events > 0);
    classes.fold((Total::ZERO, Total::ZERO), |(cost, expected), (own, price)| {
        let at = price.amount.nanos().saturating_mul(own.events.into()) / i128::from(price.events);
        (cost + own.amount, expected + Total::from_nanos(at))
    })
}

/// The same of a session, as floats.
#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn unit(actions: &[Tally; CLASSES], prices: &[Tally; CLASSES]) -> (f64, f64) {
    let classes = actions.iter().zip(prices).filter(|(_, price)| price.events > 0);
    classes.fold((0.0, 0.0), |(cost, expected), (own, price)| {
        let each = price.amount.approx() / price.events as f64;
        (cost + own.amount.approx(), expected + own.events as f64 * each)
    })
}

/// The chance that the sessions of a person are a random part of all.
fn chance(
    mine: &[(f64, f64)],
    user: &str,
    sessions: &BTreeMap<&str, Vec<&SessionCase>>,
    prices: &[Tally; CLASSES],
) -> f64 {
    let residual = |(cost, expected): (f64, f64)| cost - expected;
    let part: Vec<f64> = mine.iter().copied().map(residual).collect();
    let theirs = sessions.iter().filter(|(other, _)| **other != user).flat_map(|(_, of)| of);
    let rest: Vec<f64> = theirs.map(|one| residual(unit(&one.actions, prices))).collect();
    exchange::chance(&part, &rest)
}

/// The ratio of sums and its interval; there are several units of the person, and the logarithm of what they are held
/// against has a variance.
#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
fn ratio(mine: &[(f64, f64)], of_others: f64) -> (f64, [f64; 2]) {
    let half = student(mine.len() as f64 - 1.0) * (variance(mine) + of_others).sqrt();
    let (cost, expected) = sums(mine);
    let ratio = cost / expected;
    (ratio, [ratio * (-half).exp(), ratio * half.exp()])
}

fn sums(units: &[(f64, f64)]) -> (f64, f64) {
    units.iter().fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1))
}

/// The variance of the logarithm of a ratio, by units.
#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
fn variance(units: &[(f64, f64)]) -> f64 {
    let ((cost, expected), count) = (sums(units), units.len() as f64);
    let squares: f64 = units.iter().map(|unit| (unit.0 - cost / expected * unit.1).powi(2)).sum();
    if count < 2.0 || cost <= 0.0 { 0.0 } else { count / (count - 1.0) * squares / cost.powi(2) }
}

/// The 97.5th percentile of Student's distribution (Abramowitz and Stegun 26.7.5).
fn student(freedom: f64) -> f64 {
    let [third, fifth, seventh] = [Z.powi(3), Z.powi(5), Z.powi(7)];
    Z + (third + Z) / (4.0 * freedom)
        + (5.0 * fifth + 16.0 * third + 3.0 * Z) / (96.0 * freedom.powi(2))
        + (3.0 * seventh + 19.0 * fifth + 17.0 * third - 15.0 * Z) / (384.0 * freedom.powi(3))
}

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn wilson(part: u64, whole: u64) -> Option<(f64, [f64; 2])> {
    let count = whole as f64;
    let share = part as f64 / count;
    let scale = 1.0 + Z * Z / count;
    let middle = (share + Z * Z / (2.0 * count)) / scale;
    let half = Z / scale * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
    (whole > 0).then(|| (share, [(middle - half).max(0.0), (middle + half).min(1.0)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantiles_are_those_of_tables() {
        for (freedom, expected) in [(4.0, 2.776), (9.0, 2.262), (30.0, 2.042)] {
            assert!((student(freedom) - expected).abs() < 0.015, "{freedom}: {}", student(freedom));
        }
    }

    #[test]
    fn a_ratio_is_as_sure_as_what_it_is_held_against() {
        let mine = [(2.0, 1.0), (4.0, 2.0), (6.0, 3.0), (2.0, 1.0), (2.0, 1.0)];
        let against = |theirs: [Vec<(f64, f64)>; 2]| {
            let persons: Vec<(f64, f64)> = theirs.iter().map(|units| sums(units)).collect();
            super::ratio(&mine, variance(&theirs.concat()).max(variance(&persons)))
        };
        let (ratio, [low, high]) = against([vec![(1.0, 1.0); 5], vec![(2.0, 2.0); 5]]);
        assert!((ratio - 2.0).abs() < 1e-12 && (high - low).abs() < 1e-9);
        let (ratio, [low, high]) = against([vec![(0.5, 1.0); 5], vec![(1.5, 1.0); 5]]);
        assert!((ratio - 2.0).abs() < 1e-12 && low < 1.0 && high > 4.0, "{low} {high}");
    }

    #[test]
    fn moments_have_the_variance_of_their_units() {
        let tally = |events: u64, units: u64| Tally { events, amount: Total::from_units(units) };
        let of = |n: u64| -> [Tally; CLASSES] {
            std::array::from_fn(|class| tally((n + class as u64) % 4, n * 7 % 11 + class as u64))
        };
        let mut prices: [Tally; CLASSES] = std::array::from_fn(|class| tally(10, 13 + 2 * class as u64));
        prices[2] = Tally::default();
        let mut moments = Moments::default();
        (0..40).for_each(|n| moments.add(&of(n), 1.0));
        (30..40).for_each(|n| moments.add(&of(n), -1.0));
        let units: Vec<(f64, f64)> = (0..30).map(|n| unit(&of(n), &prices)).collect();
        let (plain, told) = (variance(&units), moments.variance(&prices));
        assert!(plain > 0.0 && (plain - told).abs() < 1e-9 * plain, "{plain} {told}");
    }

    #[test]
    fn small_differences_and_wide_intervals_name_nobody() {
        for (ratio, is_material, expected) in [
            ((1.02, [1.01, 1.03]), true, Verdict::Alike),
            ((1.2, [1.1, 1.3]), true, Verdict::Alike),
            ((1.1, [0.6, 2.0]), true, Verdict::Unclear),
            ((1.47, [0.45, 2.49]), true, Verdict::Unclear),
            ((2.0, [1.4, 2.9]), true, Verdict::More),
            ((2.0, [1.4, 2.9]), false, Verdict::Alike),
            ((0.5, [0.3, 0.8]), true, Verdict::Less),
            ((0.5, [0.2, 1.1]), true, Verdict::Unclear),
        ] {
            assert_eq!(verdict(Some(ratio), is_material), expected, "{ratio:?}");
        }
    }

    #[test]
    fn shares_have_wilsons_interval() {
        let (share, [low, high]) = wilson(2, 10).unwrap();
        assert!((share - 0.2).abs() < 1e-12 && (low - 0.0567).abs() < 1e-3 && (high - 0.5098).abs() < 1e-3);
        assert_eq!(wilson(0, 0), None);
    }
}
