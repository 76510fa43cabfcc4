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
    let mut minutes: FxHashMap<(Account, i64), Total> = FxHashMap::default();
    for event in timeline.events() {
        let minute = event.at.nanos().div_euclid(MINUTE);
        *minutes.entry((names.tag(event.tag).account, minute)).or_default() += event.amount;
    }
    let mut usage: BTreeMap<AccountName, Vec<(Instant, Total)>> = BTreeMap::new();
    for ((account, minute), used) in minutes {
        let at = Instant::from_nanos(minute.saturating_mul(MINUTE));
        usage.entry(name_of(account, names)).or_default().push((at, used));
    }
    for used in usage.values_mut() {
        used.sort_unstable_by_key(|(at, _)| *at);
    }
    usage
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
