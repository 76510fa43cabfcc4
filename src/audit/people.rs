//! What a person's work costs against what the same mix of work costs the others, fairly.
//!
//! The expectation of a session is the sum over its prompts of what a prompt of the class costs all others; where they have
//! fewer than [`PRICED`] of a class, what it costs everybody. The ratio of a person is the cost of his or her sessions by
//! their expectation. Its 95 % interval is that of a ratio estimator whose units are sessions (Cochran 1977, 6.3): with
//! residuals `e = cost - ratio * expectation` of `n` sessions, the variance is `n / (n - 1) * sum(e^2) / sum(expectation)^2`;
//! quantiles are Student's, by the expansion of Cornish and Fisher. The share of rework has Wilson's interval (1927).
//!
//! The mix of classes is taken out; how hard a feature is, is not. Small samples are not compared.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::excess::{self, CLASSES},
    model::{action::Action, amount::Total, instant::Instant},
    rollup::{AccountRollup, Tally, cases::SessionCase, lineage::chains::State},
};

/// So many sessions and prompts a person needs to be compared, and so many prompts the others.
pub const SESSIONS: usize = 5;
/// So many prompts.
pub const PROMPTS: u64 = 20;
/// So many prompts of a class the others need for a price.
const PRICED: u64 = 5;
/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_985;

/// A person's work.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Who.
    pub user: String,
    /// All events.
    pub tally: Tally,
    /// How many prompts in sessions of this person alone, and in how many sessions.
    pub prompts: u64,
    /// How many such sessions.
    pub sessions: usize,
    /// The share of prompts that are rework, and its 95 % interval; `None` without prompts.
    pub rework: Option<(f64, [f64; 2])>,
    /// What these prompts would cost the others.
    pub expected: Total,
    /// Cost by expectation, with its 95 % interval; `None` where there is too little to compare.
    pub ratio: Option<(f64, [f64; 2])>,
    /// How many features this person began that do not wait for a repair; `None` where that is not known.
    pub delivered: Option<u64>,
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
    let named = account.by_user.iter().filter_map(|row| Some((row.subject.user.as_deref()?, row.tally)));
    let compared = named.map(|(user, tally)| {
        let sessions = sessions.get(user).map_or(&[][..], Vec::as_slice);
        let mine = add(sessions.iter().copied());
        let others: [Tally; CLASSES] = std::array::from_fn(|class| less(all[class], mine[class]));
        let prices: [f64; CLASSES] = std::array::from_fn(|class| price(&others, &all, class));
        let units: Vec<(f64, f64)> =
            sessions.iter().map(|one| (one.whole.amount.approx(), expectation(&one.actions, &prices))).collect();
        let expected: f64 = units.iter().map(|(_, expected)| expected).sum();
        let prompts = excess::sum(&mine, |_| true).events;
        let enough = sessions.len() >= SESSIONS && prompts >= PROMPTS;
        let enough = enough && excess::sum(&others, |_| true).events >= PROMPTS && expected > 0.0;
        Compared {
            user: user.to_owned(),
            tally,
            prompts,
            sessions: sessions.len(),
            rework: wilson(excess::sum(&mine, excess::is_rework).events, prompts),
            expected: crate::audit::forecast::rounded(expected),
            ratio: enough.then(|| ratio(&units)),
            delivered: delivered.as_ref().map(|delivered| delivered.get(user).copied().unwrap_or(0)),
        }
    });
    compared.collect()
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

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn price(others: &[Tally; CLASSES], all: &[Tally; CLASSES], class: usize) -> f64 {
    let tally = if others[class].events >= PRICED { others[class] } else { all[class] };
    if tally.events == 0 { 0.0 } else { tally.amount.approx() / tally.events as f64 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn expectation(actions: &[Tally; CLASSES], prices: &[f64; CLASSES]) -> f64 {
    actions.iter().zip(prices).map(|(tally, price)| tally.events as f64 * price).sum()
}

/// The ratio of sums and its interval; there are several units and their expectations are not all 0.
#[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
fn ratio(units: &[(f64, f64)]) -> (f64, [f64; 2]) {
    let sum = |of: fn(&(f64, f64)) -> f64| units.iter().map(of).sum::<f64>();
    let expected = sum(|unit| unit.1);
    let ratio = sum(|unit| unit.0) / expected;
    let count = units.len() as f64;
    let squares: f64 = units.iter().map(|(cost, expected)| (cost - ratio * expected).powi(2)).sum();
    let half = student(count - 1.0) * (count / (count - 1.0) * squares).sqrt() / expected;
    (ratio, [(ratio - half).max(0.0), ratio + half])
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

/// How many features each person began that are not abandoned or open; `None` where nothing tells who began what.
fn delivered(account: &AccountRollup, now: Instant) -> Option<BTreeMap<&str, u64>> {
    let cube = &account.cube;
    let waiting: BTreeSet<(Option<&str>, Option<&str>)> = account
        .chains
        .iter()
        .filter(|chain| chain.state(now) != State::Resolved)
        .map(|chain| (chain.subject.app.as_deref(), chain.subject.feature.as_deref()))
        .collect();
    let at = |number: u32| (number as usize).checked_sub(1);
    let mut begun: BTreeSet<(u32, u32)> = BTreeSet::new();
    begun.extend(
        cube.cells
            .iter()
            .filter(|cell| cell.action == Action::Generation && cell.user > 0 && cell.feature > 0)
            .map(|cell| (cell.user, cell.feature)),
    );
    let mut delivered: BTreeMap<&str, u64> = BTreeMap::new();
    for (user, feature) in begun {
        let (app, name) = cube.features.get(at(feature)?)?;
        let app = at(*app).and_then(|app| cube.apps.get(app)).and_then(|app| app.label.as_deref());
        if !waiting.contains(&(app, Some(name.as_str()))) {
            *delivered.entry(cube.users.get(at(user)?)?).or_default() += 1;
        }
    }
    (!cube.cells.is_empty()).then_some(delivered)
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
    fn a_ratio_without_spread_is_sure() {
        let (ratio, [low, high]) = ratio(&[(2.0, 1.0), (4.0, 2.0), (6.0, 3.0), (2.0, 1.0), (2.0, 1.0)]);
        assert!((ratio - 2.0).abs() < 1e-12 && (high - low).abs() < 1e-9);
    }

    #[test]
    fn shares_have_wilsons_interval() {
        let (share, [low, high]) = wilson(2, 10).unwrap();
        assert!((share - 0.2).abs() < 1e-12 && (low - 0.0567).abs() < 1e-3 && (high - 0.5098).abs() < 1e-3);
        assert_eq!(wilson(0, 0), None);
    }
}
