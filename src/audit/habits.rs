//! What became of earlier findings: what a rule found before, held against what it finds after.
//!
//! Measured is the share of an account's use that the findings of a rule concern. The advice *worked* where the share is at
//! most a third of what it was, *partly* at most two thirds, else it had *no effect*. A share that fell may have fallen by
//! chance: at the rate of before, the use after would hold an expected number of findings, and unless so few as there are
//! have a chance (Poisson) of at most one in five, there is *not enough data*; nor is there where the rule says so itself.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{
        finding::Status,
        findings::{self, Audited},
        reconcile::Reconciliation,
    },
    model::{amount::Total, instant::Instant, zone::Zone},
    rollup::{AccountName, Rollups, Tally},
};

/// What is left of the share of before, at most, where advice worked, and where it did partly.
const LEFT: [f64; 2] = [1.0 / 3.0, 2.0 / 3.0];
/// How likely so few findings may be by chance.
const CHANCE: f64 = 0.2;

/// A rule, applied to an account.
type Applied = (AccountName, &'static str);

/// What the rules found in some period.
#[derive(Debug, Clone, Default)]
pub struct Found {
    by_rule: BTreeMap<Applied, (u64, Total)>,
    blind: BTreeSet<Applied>,
    totals: BTreeMap<AccountName, Tally>,
}

/// What a rule found on one side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// How many findings.
    pub findings: u64,
    /// What they concern.
    pub amount: Total,
    /// Its part of the use of the account.
    pub part: f64,
}

/// A rule that found something before.
#[derive(Debug, Clone, PartialEq)]
pub struct Habit {
    /// The account.
    pub account: AccountName,
    /// The id of the rule.
    pub id: &'static str,
    /// Before and after.
    pub sides: [Share; 2],
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// At most a third of it is left.
    Worked,
    /// At most two thirds are left.
    Partly,
    /// Most of it is left, or more.
    NoEffect,
    /// Too little was used to tell.
    NotEnoughData,
}

impl Outcome {
    /// The words of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Worked => "worked",
            Self::Partly => "partly",
            Self::NoEffect => "no effect",
            Self::NotEnoughData => "not enough data",
        }
    }
}

impl Found {
    /// Applies the rules that need no plan and no books.
    pub fn of(rollups: &Rollups, now: Instant, zone: &Zone) -> Self {
        let Audited { findings, checks } = findings::find(rollups, &Reconciliation::default(), (now, zone), None);
        let mut by_rule: BTreeMap<Applied, (u64, Total)> = BTreeMap::new();
        for finding in findings {
            let (count, amount) = by_rule.entry((finding.account, finding.id)).or_default();
            (*count, *amount) = (*count + 1, *amount + finding.amount);
        }
        let is_blind = |status| status == Status::InsufficientData;
        Self {
            by_rule,
            blind: checks.into_iter().filter(|one| is_blind(one.status)).map(|one| (one.account, one.id)).collect(),
            totals: rollups.accounts.iter().map(|one| (one.account.clone(), one.total)).collect(),
        }
    }

    fn total(&self, account: &AccountName) -> Tally {
        self.totals.get(account).copied().unwrap_or_default()
    }

    fn share(&self, applied: &Applied) -> Share {
        let (findings, amount) = self.by_rule.get(applied).copied().unwrap_or_default();
        let whole = self.total(&applied.0).amount;
        let part = if whole > Total::ZERO { amount.share_of(whole) } else { 0.0 };
        Share { findings, amount, part }
    }
}

/// What became of each rule that found something before.
pub fn measure(before: &Found, after: &Found) -> Vec<Habit> {
    let habit = |applied: &Applied| {
        let sides = [before, after].map(|side| side.share(applied));
        let uses = [before, after].map(|side| side.total(&applied.0).events);
        let outcome = if after.blind.contains(applied) { Outcome::NotEnoughData } else { outcome(sides, uses) };
        Habit { account: applied.0.clone(), id: applied.1, sides, outcome }
    };
    before.by_rule.keys().map(habit).collect()
}

fn outcome([before, after]: [Share; 2], uses: [u64; 2]) -> Outcome {
    #[expect(clippy::cast_precision_loss, reason = "counts of prompts and findings")]
    let expected = before.findings as f64 * uses[1] as f64 / uses[0].max(1) as f64;
    let left = after.part / before.part;
    match left {
        _ if uses[1] == 0 || before.part <= 0.0 => Outcome::NotEnoughData,
        left if left > LEFT[1] => Outcome::NoEffect,
        _ if at_most(after.findings, expected) > CHANCE => Outcome::NotEnoughData,
        left if left > LEFT[0] => Outcome::Partly,
        _ => Outcome::Worked,
    }
}

/// The chance of at most so many where some number is expected (Poisson).
fn at_most(count: u64, expected: f64) -> f64 {
    let (mut term, mut sum) = ((-expected).exp(), 0.0);
    for n in 0..=count {
        sum += term;
        #[expect(clippy::cast_precision_loss, reason = "a count of findings")]
        let next = (n + 1) as f64;
        term *= expected / next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: (u64, f64), after: (u64, f64), uses: [u64; 2], expected: Outcome) {
        let share = |(findings, part)| Share { findings, amount: Total::ZERO, part };
        assert_eq!(outcome([share(before), share(after)], uses), expected);
    }

    #[test]
    fn what_is_left_says_what_became_of_it() {
        check((6, 0.12), (0, 0.0), [400, 400], Outcome::Worked);
        check((6, 0.12), (2, 0.03), [400, 400], Outcome::Worked);
        check((6, 0.12), (3, 0.05), [400, 400], Outcome::Partly);
        check((6, 0.12), (4, 0.09), [400, 400], Outcome::NoEffect);
        check((1, 0.02), (3, 0.09), [400, 40], Outcome::NoEffect);
    }

    #[test]
    fn what_chance_could_do_is_not_enough() {
        check((1, 0.03), (0, 0.0), [400, 400], Outcome::NotEnoughData);
        check((6, 0.12), (0, 0.0), [400, 20], Outcome::NotEnoughData);
        check((6, 0.12), (0, 0.0), [400, 0], Outcome::NotEnoughData);
        check((2, 0.12), (0, 0.0), [400, 400], Outcome::Worked);
    }

    #[test]
    fn chances_of_counts_are_those_of_poisson() {
        assert!((at_most(0, 2.0) - (-2.0_f64).exp()).abs() < 1e-12);
        assert!((at_most(2, 2.0) - 5.0 * (-2.0_f64).exp()).abs() < 1e-12);
        assert!(at_most(200, 2.0) <= 1.0 + 1e-12);
    }
}
