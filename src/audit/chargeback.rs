//! What each client or cost centre is charged: the use of its users, apps and workspaces, and its shares of what the plan
//! held unused and of what was used beyond the plan, which follow the use. Rows add up to the account exactly.
use crate::{
    audit::cycle::pool::Replay,
    model::{amount::Total, instant::Instant, text::same},
    rollup::{AccountRollup, Subject, Tally},
};

/// Who pays for what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Center {
    /// What it is called.
    pub name: String,
    /// Whose work it pays for.
    pub users: Vec<String>,
    /// On which apps.
    pub apps: Vec<String>,
    /// In which workspaces.
    pub workspaces: Vec<String>,
}

/// What a plan held and did not hold, over its cycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Lapsed unused at the ends of cycles.
    pub unused: Total,
    /// Used beyond what came with the plan: bought on top, given, or not there.
    pub beyond: Total,
}

/// A row of the chargeback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// The centre; `None` for what none pays for.
    pub center: Option<String>,
    /// Its use.
    pub tally: Tally,
    /// Its part of [`Settled`]; `None` where no plan is known.
    pub settled: Option<Settled>,
}

impl Center {
    fn pays(&self, subject: &Subject) -> bool {
        let is_one = |names: &[String], name: &Option<String>| {
            name.as_ref().is_some_and(|name| names.iter().any(|one| same(one, name)))
        };
        is_one(&self.users, &subject.user)
            || is_one(&self.apps, &subject.app)
            || is_one(&self.workspaces, &subject.workspace)
    }
}

impl Settled {
    /// Of the cycles of a replay that are over at some moment for what lapsed, and of all for what went beyond.
    pub fn of(replay: &Replay, now: Instant) -> Self {
        let mut settled = Self::default();
        for cycle in &replay.cycles {
            let books = cycle.books;
            let beyond = books.used + books.missing - books.granted;
            settled.beyond += if beyond > Total::ZERO { beyond } else { Total::ZERO };
            if cycle.cycle.end <= now {
                settled.unused += books.expired;
            }
        }
        settled
    }
}

/// Charges an account: the first centre that fits pays. Centres stand in their order, what none pays for last.
pub fn charge(account: &AccountRollup, centers: &[Center], settled: Option<Settled>) -> Vec<Charged> {
    let mut sums = vec![Tally::default(); centers.len() + 1];
    for (subject, tally) in &account.by_user_and_app {
        let at = centers.iter().position(|center| center.pays(subject)).unwrap_or(centers.len());
        sums[at].add(*tally);
    }
    let amounts: Vec<Total> = sums.iter().map(|tally| tally.amount).collect();
    let unused = settled.map(|settled| parts(settled.unused, &amounts));
    let beyond = settled.map(|settled| parts(settled.beyond, &amounts));
    let names = centers.iter().map(|center| Some(center.name.clone())).chain([None]);
    let row = |(at, (center, tally)): (usize, (Option<String>, Tally))| {
        let settled = unused.as_ref().zip(beyond.as_ref());
        Charged {
            center,
            tally,
            settled: settled.map(|(unused, beyond)| Settled { unused: unused[at], beyond: beyond[at] }),
        }
    };
    names.zip(sums).enumerate().map(row).filter(|row| row.center.is_some() || row.tally.events > 0).collect()
}

/// An amount in parts by weight that add up to it exactly: each gets what all before it and it get less what those got.
fn parts(whole: Total, weights: &[Total]) -> Vec<Total> {
    let weight = |total: &Total| total.nanos().max(0);
    let all: i128 = weights.iter().map(weight).sum();
    let (mut seen, mut given) = (0_i128, 0_i128);
    let mut part = |own: i128| {
        seen += own;
        let until = if all == 0 { 0 } else { mul_div(whole.nanos(), seen, all) };
        let part = until - given;
        given = until;
        Total::from_nanos(part)
    };
    weights.iter().map(|total| part(weight(total))).collect()
}

/// `a * b / c` for `b` up to `c`; where the product is beyond 128 bits, with 40 bits less of `b` and `c`.
fn mul_div(a: i128, b: i128, c: i128) -> i128 {
    match a.checked_mul(b) {
        Some(product) => product / c,
        None if b == c => a,
        None => a.saturating_mul(b >> 40) / (c >> 40).max(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_add_up(whole in 0_i128..1_000_000_000_000_000, weights in prop::collection::vec(0_i128..1_000_000_000_000_000, 1..9)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let weights: Vec<Total> = weights.into_iter().map(Total::from_nanos).collect();
            let parts = parts(Total::from_nanos(whole), &weights);
            prop_assert_eq!(parts.iter().map(|part| part.nanos()).sum::<i128>(), whole);
            prop_assert!(parts.iter().all(|part| part.nanos() >= 0));
        }
    }
}
