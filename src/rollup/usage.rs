//! The use of each account by the minute: enough to replay a pool, and no more than a row a minute.
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    model::{
        account::Entry,
        amount::Total,
        event::{Account, Event},
        instant::Instant,
        names::Names,
    },
    rollup::{AccountName, name_of},
    timeline::Timeline,
};

const MINUTE: i64 = 60 * 1_000_000_000;

/// Adds up all events by account and minute, in order of time.
pub(super) fn by_minute(timeline: &Timeline, names: &Names) -> BTreeMap<AccountName, Vec<(Instant, Total)>> {
    let mut minutes: FxHashMap<(Account, Instant), Total> = FxHashMap::default();
    for event in timeline.events() {
        *minutes.entry((names.tag(event.tag).account, minute_of(event.at))).or_default() += event.amount;
    }
    let mut usage: BTreeMap<AccountName, Vec<(Instant, Total)>> = BTreeMap::new();
    for ((account, at), used) in minutes {
        usage.entry(name_of(account, names)).or_default().push((at, used));
    }
    for used in usage.values_mut() {
        used.sort_unstable_by_key(|(at, _)| *at);
    }
    usage
}

/// The minute that an instant lies in, by its start.
pub(super) fn minute_of(at: Instant) -> Instant {
    Instant::from_nanos(at.nanos().div_euclid(MINUTE).saturating_mul(MINUTE))
}

/// A row of the ledger's pool: when, what kind of entry, how much.
pub type Booked = (Instant, Entry, Total);

/// The grants, top-ups and expiries of each account, in order of time.
pub fn booked(pool: &[Event], names: &Names) -> BTreeMap<AccountName, Vec<Booked>> {
    let mut booked: BTreeMap<AccountName, Vec<Booked>> = BTreeMap::new();
    for event in pool {
        let tag = names.tag(event.tag);
        booked.entry(name_of(tag.account, names)).or_default().push((event.at, tag.entry, event.amount.into()));
    }
    for booked in booked.values_mut() {
        booked.sort_unstable();
    }
    booked
}
