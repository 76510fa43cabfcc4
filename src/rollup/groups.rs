//! Group-bys over the facts, read back as plain values.
use std::collections::BTreeMap;

use anyhow::Context as _;
use polars::prelude::{DataFrame, SortMultipleOptions};

use crate::{
    model::{action::Action, amount::Total, instant::Instant},
    rollup::Tally,
    schema::{
        Col, metrics,
        stage::Facts,
        tables::{fact, group},
    },
};

/// The events of one account and subject, by class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) tally: Tally,
    pub(super) actions: [Tally; Action::ALL.len()],
    pub(super) first: Instant,
    pub(super) last: Instant,
    pub(super) sessions: u64,
    pub(super) users: u64,
}

/// Every group of a cut, by account and subject id.
pub(super) type Groups = BTreeMap<(u32, u32), Group>;

/// Cuts the facts by a column.
///
/// # Errors
/// When polars fails.
pub(super) fn by(facts: &Facts, subject: Col) -> anyhow::Result<Groups> {
    let mut groups = Groups::new();
    let classes = by_class(facts, subject).with_context(|| format!("adding up by {subject}"))?;
    let (account, ids, action) =
        (u32s(&classes, fact::ACCOUNT)?, u32s(&classes, subject)?, u32s(&classes, fact::ACTION)?);
    let events = u64s(&classes, group::EVENTS)?;
    let totals: Vec<i128> = group::TOTAL.of(&classes)?.i128()?.into_no_null_iter().collect();
    let (firsts, lasts) = (instants(&classes, group::FIRST)?, instants(&classes, group::LAST)?);
    for row in 0..classes.height() {
        let tally = Tally { events: events[row], amount: Total::from_nanos(totals[row]) };
        let empty = Group {
            tally: Tally::default(),
            actions: [Tally::default(); Action::ALL.len()],
            first: firsts[row],
            last: lasts[row],
            sessions: 0,
            users: 0,
        };
        let group = groups.entry((account[row], ids[row])).or_insert(empty);
        group.tally.add(tally);
        group.actions[action[row] as usize].add(tally);
        group.first = group.first.min(firsts[row]);
        group.last = group.last.max(lasts[row]);
    }
    let people = distinct(facts, subject).with_context(|| format!("counting sessions by {subject}"))?;
    let (account, ids) = (u32s(&people, fact::ACCOUNT)?, u32s(&people, subject)?);
    let (sessions, users) = (u64s(&people, group::SESSIONS)?, u64s(&people, group::USERS)?);
    for row in 0..people.height() {
        if let Some(group) = groups.get_mut(&(account[row], ids[row])) {
            (group.sessions, group.users) = (sessions[row], users[row]);
        }
    }
    Ok(groups)
}

fn by_class(facts: &Facts, subject: Col) -> anyhow::Result<DataFrame> {
    let mut keys = vec![fact::ACCOUNT.expr(), subject.expr()];
    if subject.name() != fact::ACTION.name() {
        keys.push(fact::ACTION.expr());
    }
    let measures = [metrics::events(), metrics::total(), metrics::first(), metrics::last()];
    let plan = facts.lazy().group_by(&keys).agg(measures);
    Ok(plan.sort_by_exprs(keys, SortMultipleOptions::default()).collect()?)
}

fn distinct(facts: &Facts, subject: Col) -> anyhow::Result<DataFrame> {
    let keys = [fact::ACCOUNT.expr(), subject.expr()];
    let plan = facts.lazy().group_by(&keys).agg([metrics::sessions(), metrics::users()]);
    Ok(plan.sort_by_exprs(keys, SortMultipleOptions::default()).collect()?)
}

fn u32s(frame: &DataFrame, column: Col) -> anyhow::Result<Vec<u32>> {
    Ok(column.of(frame)?.u32()?.into_no_null_iter().collect())
}

fn u64s(frame: &DataFrame, column: Col) -> anyhow::Result<Vec<u64>> {
    Ok(column.of(frame)?.u64()?.into_no_null_iter().collect())
}

fn instants(frame: &DataFrame, column: Col) -> anyhow::Result<Vec<Instant>> {
    Ok(column.of(frame)?.i64()?.into_no_null_iter().map(Instant::from_nanos).collect())
}
