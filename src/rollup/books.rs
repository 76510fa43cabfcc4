//! What the books say beside the cuts: totals of each account, of all its entries.
use std::collections::BTreeMap;

use crate::{
    model::{event::Event, names::Names},
    rollup::{AccountName, Tally, name_of},
};

/// Events added up by account, in the order of the accounts' names.
pub fn totals<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<(AccountName, Tally)> {
    let mut sums: BTreeMap<_, Tally> = BTreeMap::new();
    for event in events {
        let one = Tally { events: 1, amount: event.amount.into() };
        sums.entry(names.tag(event.tag).account).or_default().add(one);
    }
    let mut totals: Vec<_> = sums.into_iter().map(|(account, tally)| (name_of(account, names), tally)).collect();
    totals.sort_by(|(one, _), (other, _)| one.cmp(other));
    totals
}
