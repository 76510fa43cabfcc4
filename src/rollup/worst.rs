//! What is told event by event: the dearest session's steps, who paid, and why events cost nothing.
use std::collections::BTreeMap;

use crate::{
    model::{
        account::{Basis, ZeroCause},
        decision::Decision,
        event::{Account, Event},
    },
    rollup::{Classified, Selection, Step, Tally},
    timeline::SessionId,
};

/// The events of one account that count.
pub(super) struct Picked<'a> {
    pub(super) input: Classified<'a>,
    pub(super) selection: &'a Selection,
    pub(super) account: Account,
}

impl Picked<'_> {
    fn picks(&self, event: &Event) -> bool {
        let names = self.input.names;
        names.tag(event.tag).account == self.account && self.selection.picks(event, names)
    }
}

/// What events cost by how their amounts came about.
pub(super) fn by_basis(picked: &Picked) -> Vec<(Basis, Tally)> {
    let mut tallies: BTreeMap<Basis, Tally> = BTreeMap::new();
    for event in picked.input.timeline.events().iter().filter(|event| picked.picks(event)) {
        let basis = picked.input.names.tag(event.tag).basis;
        tallies.entry(basis).or_default().add(Tally { events: 1, amount: event.amount.into() });
    }
    tallies.into_iter().collect()
}

/// How many events cost nothing, by cause.
pub(super) fn zero_causes(picked: &Picked) -> Vec<(ZeroCause, u64)> {
    let mut causes = BTreeMap::new();
    for event in picked.input.timeline.events().iter().filter(|event| event.amount.is_zero()) {
        let cause = picked.input.names.tag(event.tag).zero_cause(event.amount).filter(|_| picked.picks(event));
        if let Some(cause) = cause {
            *causes.entry(cause).or_insert(0) += 1;
        }
    }
    causes.into_iter().collect()
}

/// The events of a session, in order of time.
pub(super) fn steps(picked: &Picked, session: Option<u32>) -> Vec<Step> {
    let Some(index) = session.and_then(|id| (id as usize).checked_sub(1)) else { return Vec::new() };
    let wanted = Some(SessionId::from_index(index));
    let Classified { timeline, decisions, .. } = picked.input;
    let events = timeline.events().iter().zip(decisions).zip(timeline.session_of());
    let of_session = events.filter(|((event, _), session)| **session == wanted && picked.picks(event));
    let step = |((event, decision), _): ((&Event, &Decision), _)| Step {
        at: event.at,
        action: decision.action,
        probability: decision.probability,
        amount: event.amount,
    };
    of_session.map(step).collect()
}
