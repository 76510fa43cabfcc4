//! Days on which nothing could be used, because the pool had run dry: they are no idle days.
//!
//! Told of plans that grant once a cycle to all and let nothing roll over: what was used in a cycle comes to all there was,
//! gifts included, but for a rest of some per cent (a prompt that costs more than is left is not begun), and nothing was used
//! from then on up to the reset, for some days. Requests that were refused are no use. Where more was used than there was,
//! the plan was another; where credits were bought, the pool was filled again: neither is told.
use std::collections::BTreeSet;

use crate::{
    audit::{
        cycle::rules::{Grant, Rollover, Rules},
        outlook::{Books, Planning},
    },
    model::{
        account::{Entry as Kind, Meter},
        amount::Total,
        instant::{Day, Instant},
    },
    rollup::Booked,
};

/// A pool with this share left is as good as empty.
const REST: f64 = 0.04;
/// Fewer days without use are a weekend.
const LEAST_DAYS: i32 = 3;

/// The days before an instant.
pub(super) fn days(books: &Books, rules: Rules, planning: &Planning, meter: Meter, as_of: Instant) -> BTreeSet<Day> {
    let (resets, mut days) = (&planning.resets, BTreeSet::new());
    let is_pool = matches!((rules.grant, rules.rollover, rules.seats), (Grant::Monthly(_), Rollover::None, None));
    let mut cycle = books.usage.entries().first().filter(|_| is_pool).and_then(|(first, _)| resets.cycle(*first));
    while let Some(now) = cycle.filter(|cycle| cycle.start < as_of) {
        let end = now.end.min(as_of);
        let booked = || books.booked.iter().filter(|(at, ..)| (now.start..end).contains(at));
        let bought = booked().any(|(_, kind, _)| *kind == Kind::Topup);
        let is_gift = |(at, kind, amount): &&Booked| *kind == Kind::Grant && !planning.is_own(*at, *amount, meter);
        let gifts: Total = booked().filter(is_gift).map(|(.., amount)| *amount).sum();
        let used = books.usage.between(now.start, end);
        let left = rules.most() + gifts - used;
        let last = books.usage.slice(now.start, end).iter().rev().find(|(_, used)| *used > Total::ZERO);
        let last = last.map(|(at, _)| resets.zone().day(*at));
        let is_empty = left.approx().abs() <= REST * rules.most().approx() && !bought;
        if let Some(last) = last.filter(|_| is_empty) {
            let first = last.next();
            let after = resets.zone().day(Instant::from_nanos(end.nanos() - 1)).next();
            if after.epoch_days() - first.epoch_days() >= LEAST_DAYS {
                days.extend((first.epoch_days()..after.epoch_days()).map(Day::from_epoch_days));
            }
        }
        cycle = resets.next(now);
    }
    days
}
