//! What is told event by event, in one pass over the events: who paid, why events cost nothing, and the steps of the
//! dearest session of each account.
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    classify::links::feature_of,
    model::{
        account::{Basis, Entry, ZeroCause},
        event::{Account, TagId},
    },
    rollup::{Candidate, Classified, Selection, Step, Tally},
};

/// What one account's events tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// What events cost by how their amounts came about.
    pub(super) by_basis: BTreeMap<Basis, Tally>,
    /// How many events are totals of several.
    pub(super) buckets: u64,
    /// What was given back.
    pub(super) refunds: Tally,
    /// How many events cost nothing, by cause.
    pub(super) zero: BTreeMap<ZeroCause, u64>,
    /// The events of the wanted session, in order of time.
    pub(super) steps: Vec<Step>,
}

/// Tells of each account; `sessions` has the wanted session of each, counted from 1.
pub(super) fn told(
    input: Classified,
    selection: &Selection,
    sessions: &FxHashMap<Account, u32>,
) -> FxHashMap<Account, Told> {
    let Classified { timeline, decisions, inferred, names } = input;
    let mut told: FxHashMap<Account, Told> = FxHashMap::default();
    let mut by_tag: BTreeMap<TagId, Tally> = BTreeMap::new();
    let mut zero: BTreeMap<TagId, u64> = BTreeMap::new();
    let events = timeline.events().iter().zip(decisions).zip(timeline.session_of()).zip(inferred);
    for (((event, decision), session), inferred) in events {
        let feature = feature_of(event, *inferred);
        if !selection.picks(Candidate { event, action: decision.action, feature }, names) {
            continue;
        }
        by_tag.entry(event.tag).or_default().add(Tally { events: 1, amount: event.amount.into() });
        if event.amount.is_zero() {
            *zero.entry(event.tag).or_default() += 1;
        }
        let Some(session) = session.and_then(|session| u32::try_from(session.index() + 1).ok()) else { continue };
        let account = names.tag(event.tag).account;
        if sessions.get(&account) == Some(&session) {
            let (at, amount) = (event.at, event.amount);
            let step = Step { at, action: decision.action, probability: decision.probability, amount };
            told.entry(account).or_default().steps.push(step);
        }
    }
    for (tag, tally) in by_tag {
        let tag = names.tag(tag);
        let told = told.entry(tag.account).or_default();
        told.by_basis.entry(tag.basis).or_default().add(tally);
        if tag.entry == Entry::Refund {
            told.refunds.add(tally);
        }
        told.buckets += if tag.is_aggregate { tally.events } else { 0 };
    }
    for (tag, count) in zero {
        let tag = names.tag(tag);
        if let Some(cause) = tag.zero_cause(crate::model::amount::Amount::ZERO) {
            *told.entry(tag.account).or_default().zero.entry(cause).or_default() += count;
        }
    }
    told
}
