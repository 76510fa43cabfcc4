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

/// Users and how many events each has, in the order of their names.
pub fn users<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        if let Some(user) = names.text_of(names.thread(event.thread).user) {
            *counts.entry(user).or_default() += 1;
        }
    }
    counts.into_iter().map(|(user, count)| (user.to_owned(), count)).collect()
}
