//! Why one workload cost more than another: four effects that add up exactly.
//!
//! From the amount before to the amount after, one thing is exchanged at a time, as in the decomposition of price, volume
//! and mix that controllers use. With `n` uses and their mean price `p`:
//!
//! - before: `T = n p`
//! - *volume*: as many uses as after, at the mean price before;
//! - *rework*: the same, in the parts of rework and of other work after, each at its mean price before;
//! - *mix*: the same, in the kinds of work (class, app, model) after, each at its price before; a kind that is new has the
//!   mean price of its part;
//! - *price*: what is left, up to the amount after: the same kind of work costs more or less.
//!
//! Each level is rounded to the ninth decimal, so the differences add up to the last digit. The effects describe, they do not
//! prove a cause. Their intervals are those of calendar days drawn anew with replacement from each side, days without use
//! among them (Efron and Tibshirani 1993, percentile method, 95 %), which reckon with how much days differ and with nothing
//! else: days that are all alike tell nothing, and have none.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::dice::Dice,
    model::{action::Action, amount::Total},
    rollup::{
        AccountName, Tally,
        workload::{Kind, Workload},
    },
};

/// So many days with use each side needs for intervals.
pub const LEAST_DAYS: usize = 7;
/// So many times days are drawn anew.
const DRAWS: usize = 1_000;
/// The share of draws that lie below an interval, and above it, is one in so many.
const TAIL: usize = 40;

/// The effects, in the order in which they are exchanged.
pub const EFFECTS: [&str; 4] = ["volume", "rework", "mix", "price"];

/// Two workloads of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The account.
    pub account: AccountName,
    /// Both sides.
    pub sides: [Side; 2],
    /// What volume, rework, mix and price made of the difference.
    pub effects: [Total; 4],
    /// Between which amounts each effect lies; `None` where a side has too few days.
    pub intervals: Option<[(Total, Total); 4]>,
    /// Users, features and apps, the largest change first.
    pub movers: Vec<Mover>,
}

/// One side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// Uses and their amount.
    pub total: Tally,
    /// Of it, rework.
    pub rework: Tally,
    /// Whether any use has a class that could be rework.
    pub is_classified: bool,
    /// Days with use.
    pub days: usize,
    /// Days from the first to the last, with use or without.
    pub span: u64,
    /// How many of the uses are totals of a day or a bucket.
    pub buckets: u64,
}

/// A user, a feature or an app on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// `user`, `feature` or `app`.
    pub cut: &'static str,
    /// Its name; `None` for use without one.
    pub name: Option<String>,
    /// Before and after; `None` where it is not there.
    pub sides: [Option<Tally>; 2],
}

impl Mover {
    /// The amount after, less that before.
    pub fn change(&self) -> Total {
        let [before, after] = self.sides.map(|side| side.unwrap_or_default().amount);
        after - before
    }

    /// `new`, `gone`, `up`, `down` or `same`.
    pub fn word(&self) -> &'static str {
        match self.sides {
            [None, _] => "new",
            [_, None] => "gone",
            _ if self.change() > Total::ZERO => "up",
            _ if self.change() < Total::ZERO => "down",
            _ => "same",
        }
    }
}

/// Compares the workloads of each account that either side has.
pub fn compare(before: &BTreeMap<AccountName, Workload>, after: &BTreeMap<AccountName, Workload>) -> Vec<Comparison> {
    let none = Workload::default();
    let accounts: BTreeSet<&AccountName> = before.keys().chain(after.keys()).collect();
    let pair = |account: &AccountName| [before, after].map(|side| side.get(account).unwrap_or(&none));
    let mut all: Vec<Comparison> = accounts.into_iter().map(|account| of_account(account, pair(account))).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.sides.map(|side| side.total.events).iter().sum::<u64>()));
    all
}

/// Use by name.
type Names = BTreeMap<Option<String>, Tally>;
/// By what names are cut, and where they stand.
type Cut = (&'static str, fn(&Workload) -> &Names);

fn of_account(account: &AccountName, workloads: [&Workload; 2]) -> Comparison {
    let known: BTreeSet<&Kind> = workloads.iter().flat_map(|one| one.days.values().flat_map(BTreeMap::keys)).collect();
    let kinds: BTreeMap<&Kind, usize> = known.into_iter().zip(0..).collect();
    let could_be = |kind: &Kind| !matches!(kind.action, Action::Runtime | Action::Unclassified);
    let is_classified =
        [0, 1].map(|at| workloads[at].days.values().any(|day: &BTreeMap<Kind, Tally>| day.keys().any(could_be)));
    let is_rework: Vec<bool> = kinds.keys().map(|kind| kind.action.is_rework()).collect();
    let days = workloads.map(|workload| {
        let day = |day: &BTreeMap<Kind, Tally>| day.iter().map(|(kind, tally)| (kinds[kind], *tally)).collect();
        workload.days.values().map(day).collect::<Vec<Vec<(usize, Tally)>>>()
    });
    let sums = [&days[0], &days[1]].map(|days| sum(days, is_rework.len()));
    let sides = [0, 1].map(|at| {
        let parts = parts(&is_rework, &sums[at]);
        Side {
            total: whole(parts),
            rework: parts[1],
            is_classified: is_classified[at],
            days: days[at].len(),
            span: workloads[at].span,
            buckets: workloads[at].buckets,
        }
    });
    let mut movers = Vec::new();
    let cuts: [Cut; 3] = [("user", |one| &one.users), ("feature", |one| &one.features), ("app", |one| &one.apps)];
    for (cut, of) in cuts {
        let names: BTreeSet<&Option<String>> = workloads.iter().flat_map(|workload| of(workload).keys()).collect();
        let both = |name: &Option<String>| workloads.map(|workload| of(workload).get(name).copied());
        movers.extend(names.into_iter().map(|name| Mover { cut, name: name.clone(), sides: both(name) }));
    }
    movers.sort_by_key(|mover| std::cmp::Reverse(mover.change().nanos().unsigned_abs()));
    let effects = effects(&is_rework, &sums);
    Comparison {
        account: account.clone(),
        sides,
        effects,
        intervals: intervals(&is_rework, &days, sides.map(|side| side.span)),
        movers,
    }
}

/// What some days add up to, by the position of the kind of work.
fn sum<'d>(days: impl IntoIterator<Item = &'d Vec<(usize, Tally)>>, n_kinds: usize) -> Vec<Tally> {
    let mut sums = vec![Tally::default(); n_kinds];
    for (kind, tally) in days.into_iter().flatten() {
        sums[*kind].add(*tally);
    }
    sums
}

/// Other work and rework.
fn parts(is_rework: &[bool], kinds: &[Tally]) -> [Tally; 2] {
    let mut parts = [Tally::default(); 2];
    for (is_rework, tally) in is_rework.iter().zip(kinds) {
        parts[usize::from(*is_rework)].add(*tally);
    }
    parts
}

fn whole([mut other, rework]: [Tally; 2]) -> Tally {
    other.add(rework);
    other
}

/// `n` uses at the mean price of a tally, rounded half away from zero; `None` where it has no uses.
fn priced(n: u64, at: Tally) -> Option<i128> {
    let (amount, uses) = (at.amount.nanos(), i128::from(at.events));
    let product = amount.checked_mul(n.into())?;
    (uses > 0).then(|| (product + product.signum() * (uses / 2)) / uses)
}

/// What volume, rework, mix and price made of the difference between two sides; they add up to it.
fn effects(is_rework: &[bool], [before, after]: &[Vec<Tally>; 2]) -> [Total; 4] {
    let [old, new] = [before, after].map(|kinds| parts(is_rework, kinds));
    let (all, now) = (whole(old), whole(new));
    let volume = priced(now.events, all).unwrap_or(now.amount.nanos());
    let of_part = |part: usize, n: u64| priced(n, old[part]).or_else(|| priced(n, all));
    let rework: Option<i128> = [0, 1].into_iter().map(|part| of_part(part, new[part].events)).sum();
    let kinds = is_rework.iter().zip(before).zip(after);
    let mix = kinds.map(|((is_rework, before), after)| {
        priced(after.events, *before).or_else(|| of_part(usize::from(*is_rework), after.events))
    });
    let mix: Option<i128> = mix.sum();
    let rework = rework.unwrap_or(volume);
    let levels = [all.amount.nanos(), volume, rework, mix.unwrap_or(rework), now.amount.nanos()];
    [0, 1, 2, 3].map(|at| Total::from_nanos(levels[at + 1] - levels[at]))
}

/// The middle 95 % of each effect over days drawn anew.
fn intervals(is_rework: &[bool], days: &[Vec<Vec<(usize, Tally)>>; 2], spans: [u64; 2]) -> Option<[(Total, Total); 4]> {
    if days.iter().any(|days| days.len() < LEAST_DAYS) {
        return None;
    }
    let mut dice = Dice::default();
    let mut drawn: [Vec<Total>; 4] = Default::default();
    for _ in 0..DRAWS {
        let sums = [0, 1].map(|side| {
            // days without use stand behind those with
            let days = &days[side];
            let span = usize::try_from(spans[side]).unwrap_or(usize::MAX).max(days.len());
            let picked: Vec<&Vec<(usize, Tally)>> = (0..span).filter_map(|_| days.get(dice.below(span))).collect();
            sum(picked, is_rework.len())
        });
        for (all, one) in drawn.iter_mut().zip(effects(is_rework, &sums)) {
            all.push(one);
        }
    }
    Some(drawn.map(|mut all| {
        all.sort_unstable();
        (all[DRAWS / TAIL], all[DRAWS - 1 - DRAWS / TAIL])
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{
        account::{Meter, Unit},
        instant::Day,
    };

    const ONE: i128 = 1_000_000_000;

    /// Class, model, uses and whole credits.
    type Row = (Action, u8, u64, i128);

    fn of_rows(before: &[Row], after: &[Row]) -> Comparison {
        let side = |rows: &[Row]| {
            let mut workload = Workload::default();
            let day = workload.days.entry(Day::from_epoch_days(20_000)).or_default();
            for (action, model, events, amount) in rows {
                let kind = Kind { action: *action, app: None, model: Some(model.to_string()) };
                day.entry(kind).or_default().add(Tally { events: *events, amount: Total::from_nanos(amount * ONE) });
            }
            workload
        };
        let account = AccountName { provider: "base44".to_owned(), meter: Meter::Message, unit: Unit::Credits };
        of_account(&account, [&side(before), &side(after)])
    }

    #[track_caller]
    fn check(before: &[Row], after: &[Row], expected: [&str; 4]) {
        assert_eq!(of_rows(before, after).effects.map(|effect| effect.to_string()), expected);
    }

    #[test]
    fn each_effect_alone_is_found_alone() {
        use Action::{Fix, Generation};
        let base = [(Generation, 0, 10, 20), (Fix, 0, 10, 10)];
        check(&base, &base, ["0", "0", "0", "0"]);
        check(&base, &[(Generation, 0, 20, 40), (Fix, 0, 20, 20)], ["30", "0", "0", "0"]);
        check(&base, &[(Generation, 0, 5, 10), (Fix, 0, 15, 15)], ["0", "-5", "0", "0"]);
        check(&base, &[(Generation, 0, 10, 30), (Fix, 0, 10, 10)], ["0", "0", "0", "10"]);
        let two = [(Generation, 0, 5, 5), (Generation, 1, 5, 15)];
        check(&two, &[(Generation, 1, 10, 30)], ["0", "0", "10", "0"]);
        check(&[], &base, ["30", "0", "0", "0"]);
        check(&base, &[], ["-30", "0", "0", "0"]);
    }

    #[test]
    fn a_new_kind_of_work_is_priced_as_its_part() {
        use Action::{Generation, Revision};
        check(&[(Generation, 0, 10, 10)], &[(Generation, 0, 5, 5), (Revision, 1, 5, 20)], ["0", "0", "0", "15"]);
    }

    proptest! {
        #[test]
        fn effects_add_up_to_the_last_digit(
            before in prop::collection::vec((0..7_usize, 0..3_u8, 0..50_u64, -5..900_i128), 0..12),
            after in prop::collection::vec((0..7_usize, 0..3_u8, 0..50_u64, -5..900_i128), 0..12),
        ) {
            let [before, after] = [&before, &after].map(|rows| {
                rows.iter().map(|(action, model, n, t)| (Action::ALL[*action], *model, *n, *t)).collect::<Vec<Row>>()
            });
            let Comparison { effects, sides: [old, new], .. } = of_rows(&before, &after);
            prop_assert_eq!(effects.into_iter().sum::<Total>(), new.total.amount - old.total.amount);
        }
    }
}
