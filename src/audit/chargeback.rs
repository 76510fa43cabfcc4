//! What each client or cost centre is charged: the use of its users, apps and workspaces, and its shares of what the plan
//! held unused and of what was used beyond the plan.
//!
//! Each cycle is settled by itself, and its shares follow the use in it: who used nothing in a cycle pays for nothing that
//! was used beyond the plan in it. What lapsed of the plan in a cycle that nobody used is nobody's in particular. A refund
//! gives back what its cycle used: first what went beyond the plan, then what the plan holds. Where the ledger books
//! expiries at the end of a cycle, these are what lapsed. Where it books grants, cycles without one are none of the plan's.
//! Shares add up to what is settled exactly.
use crate::{
    audit::cycle::{
        pool::{CycleBooks, Replay},
        resets::Cycle,
        rules::{Grant, Rules},
    },
    model::{account::Entry, amount::Total, instant::Instant, text::same},
    rollup::{AccountRollup, Booked, Subject, Tally, spend::Spend},
};

/// Rows so near to a reset are booked for it.
const NEAR_NANOS: i64 = 24 * 3_600 * 1_000_000_000;

/// Who pays for what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Center {
    /// What it is called.
    pub name: String,
    /// The users whose work it pays for, on whatever app.
    pub users: Vec<String>,
    /// The apps that it pays for, whoever works on them.
    pub apps: Vec<String>,
    /// The workspaces that it pays for.
    pub workspaces: Vec<String>,
}

/// What a plan held and did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Lapsed of the plan, unused, at the ends of cycles.
    pub unused: Total,
    /// Used beyond what came with the plan: bought on top, given, or not there.
    pub beyond: Total,
}

/// A cycle of a plan, settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledCycle {
    /// Which.
    pub cycle: Cycle,
    /// What it held and did not hold.
    pub settled: Settled,
}

/// A row of the chargeback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// The centre; `None` for what none pays for.
    pub center: Option<String>,
    /// Its use.
    pub tally: Tally,
    /// Its part of [`Settled`]; `None` where no cycle of a plan is known.
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

/// Settles the cycles of a replay: of those that are over at some moment what lapsed, of all what went beyond.
pub fn settle(replay: &Replay, rules: Rules, booked: &[Booked], now: Instant) -> Vec<SettledCycle> {
    let near = |kind: Entry, at: Instant| {
        let is_near = move |(when, entry, _): &&Booked| {
            *entry == kind && when.nanos().abs_diff(at.nanos()) < NEAR_NANOS.unsigned_abs()
        };
        booked.iter().filter(is_near)
    };
    let has_grants = replay.cycles.iter().any(|one| near(Entry::Grant, one.cycle.start).next().is_some());
    let is_plans = |one: &&CycleBooks| !has_grants || near(Entry::Grant, one.cycle.start).next().is_some();
    let settle = |CycleBooks { cycle, books, .. }: &CycleBooks| {
        let beyond = books.used_beyond + books.missing;
        let given_back = beyond.min(books.expired_refunds);
        let lapsed = match rules.grant {
            Grant::Monthly(_) => books.expired_plan,
            // of each day's credits, no more than the cycle could still have used
            Grant::Daily { most, .. } => {
                let most = Total::from_nanos(most.nanos() * i128::from(rules.seats.unwrap_or(1)));
                let used = books.used - books.used_beyond - books.used_refunds;
                books.expired_plan.min((most - used).max(Total::ZERO))
            }
        };
        let told: Vec<Total> = near(Entry::Expiry, cycle.end).map(|(_, _, amount)| *amount).collect();
        let told = told.iter().map(|amount| if *amount < Total::ZERO { -*amount } else { *amount });
        let unused = match (cycle.end <= now, told.len()) {
            (false, _) => Total::ZERO,
            (true, 0) => lapsed + (books.expired_refunds - given_back),
            (true, _) => told.sum(),
        };
        SettledCycle { cycle: *cycle, settled: Settled { unused, beyond: beyond - given_back } }
    };
    replay.cycles.iter().filter(is_plans).map(settle).collect()
}

/// Charges an account: the first centre that fits pays. Centres stand in their order, what none pays for last. `spend` is
/// who used what when.
pub fn charge(
    account: &AccountRollup,
    centers: &[Center],
    spend: &[Spend],
    settled: Option<&[SettledCycle]>,
) -> Vec<Charged> {
    let of = |subject: &Subject| centers.iter().position(|center| center.pays(subject)).unwrap_or(centers.len());
    let mut sums = vec![Tally::default(); centers.len() + 1];
    for (subject, tally) in &account.by_user_and_app {
        sums[of(subject)].add(*tally);
    }
    let spend: Vec<(usize, &Spend)> =
        spend.iter().filter(|one| one.account == account.account).map(|one| (of(&one.subject), one)).collect();
    let mut shares = vec![Settled::default(); sums.len()];
    for SettledCycle { cycle, settled } in settled.unwrap_or_default() {
        let mut used = vec![Total::ZERO; sums.len()];
        for (at, one) in &spend {
            used[*at] += one.between(cycle.start, cycle.end);
        }
        let parts = parts(settled.unused, &used).into_iter().zip(parts(settled.beyond, &used));
        for (share, (unused, beyond)) in shares.iter_mut().zip(parts) {
            share.unused += unused;
            share.beyond += beyond;
        }
    }
    let names = centers.iter().map(|center| Some(center.name.clone())).chain([None]);
    let rows = names.zip(sums).zip(shares).map(|((center, tally), share)| Charged {
        center,
        tally,
        settled: settled.filter(|cycles| !cycles.is_empty()).map(|_| share),
    });
    let is_something = |row: &Charged| {
        row.center.is_some() || row.tally.events > 0 || row.settled.is_some_and(|share| share != Settled::default())
    };
    rows.filter(is_something).collect()
}

/// An amount in parts by weight that add up to it exactly: each gets what all before it and it get less what those got. The
/// last gets all where nothing has a weight.
fn parts(whole: Total, weights: &[Total]) -> Vec<Total> {
    let weight = |total: &Total| total.nanos().max(0);
    let all: i128 = weights.iter().map(weight).sum();
    let (mut seen, mut given) = (0_i128, 0_i128);
    let mut part = |at: usize, own: i128| {
        seen += own;
        let is_last = at + 1 == weights.len();
        let until = match all {
            0 if is_last => whole.nanos(),
            0 => 0,
            _ => mul_div(whole.nanos(), seen, all),
        };
        let part = until - given;
        given = until;
        Total::from_nanos(part)
    };
    weights.iter().enumerate().map(|(at, total)| part(at, weight(total))).collect()
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
        fn parts_add_up(whole in 0_i128..1_000_000_000_000_000, weights in prop::collection::vec(-9_i128..1_000_000_000_000_000, 1..9), is_nothing: bool) {
            let weigh = |weight: i128| Total::from_nanos(if is_nothing { -weight.abs() } else { weight });
            let weights: Vec<Total> = weights.into_iter().map(weigh).collect();
            let parts = parts(Total::from_nanos(whole), &weights);
            prop_assert_eq!(parts.iter().map(|part| part.nanos()).sum::<i128>(), whole);
            prop_assert!(parts.iter().all(|part| part.nanos() >= 0));
        }
    }
}
