//! Rows of one cut of several parts: those about the same thing become one.
use std::collections::{BTreeMap, btree_map::Entry};

use rustc_hash::FxHashMap;

use crate::{
    rollup::{Row, Subject, Tally, seams::Participant},
    schema::Col,
};

/// Merges rows, given who took part in them.
pub(super) struct Merging<'m> {
    users: FxHashMap<(&'m str, &'m Subject), u64>,
}

impl<'m> Merging<'m> {
    /// Of participants, each of whom stands there once.
    pub(super) fn new(met: &'m [Participant]) -> Self {
        let mut users: FxHashMap<(&str, &Subject), u64> = FxHashMap::default();
        for Participant { cut, subject, .. } in met {
            *users.entry((cut.as_str(), subject)).or_default() += 1;
        }
        Self { users }
    }

    /// The rows of a cut, by subject. Rows of one part stay apart, even where their names are equal: ids told them apart.
    pub(super) fn rows(&self, cut: Option<Col>, parts: Vec<Vec<Row>>) -> Vec<Row> {
        let mut merged: BTreeMap<(Subject, usize), Row> = BTreeMap::new();
        for part in parts {
            let mut twins: FxHashMap<Subject, usize> = FxHashMap::default();
            for row in part {
                let number = twins.entry(row.subject.clone()).or_default();
                match merged.entry((row.subject.clone(), *number)) {
                    Entry::Vacant(free) => _ = free.insert(row),
                    Entry::Occupied(mut known) => self.add(cut, known.get_mut(), &row),
                }
                *number += 1;
            }
        }
        let mut rows: Vec<Row> = merged.into_values().collect();
        rows.sort_by(|a, b| a.subject.cmp(&b.subject).then_with(|| a.first.cmp(&b.first)));
        rows
    }

    fn add(&self, cut: Option<Col>, row: &mut Row, other: &Row) {
        row.tally.add(other.tally);
        for (sum, tally) in row.actions.iter_mut().zip(other.actions) {
            sum.add(tally);
        }
        (row.first, row.last) = (row.first.min(other.first), row.last.max(other.last));
        row.sessions = if row.subject.session.is_some() {
            row.sessions.max(other.sessions)
        } else {
            row.sessions + other.sessions
        };
        let known = cut.and_then(|cut| self.users.get(&(cut.name(), &row.subject)).copied());
        row.users = known.unwrap_or(row.users.max(other.users));
        row.inferred += other.inferred;
        row.parts = row.parts.plus(other.parts);
    }
}

/// What each user used on each app, by name; pairs of one part stay apart.
pub(super) fn pairs(parts: Vec<Vec<(Subject, Tally)>>) -> Vec<(Subject, Tally)> {
    let mut merged: BTreeMap<(Subject, usize), Tally> = BTreeMap::new();
    for part in parts {
        let mut twins: FxHashMap<Subject, usize> = FxHashMap::default();
        for (subject, tally) in part {
            let number = twins.entry(subject.clone()).or_default();
            merged.entry((subject, *number)).or_default().add(tally);
            *number += 1;
        }
    }
    let mut pairs: Vec<(Subject, Tally)> = merged.into_iter().map(|((subject, _), tally)| (subject, tally)).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| (a.1.amount, a.1.events).cmp(&(b.1.amount, b.1.events))));
    pairs
}

/// The values of equal keys added, in the order of the keys.
pub(super) fn added<K: Ord, V: Default>(parts: Vec<Vec<(K, V)>>, add: impl Fn(&mut V, V)) -> Vec<(K, V)> {
    let mut sums: BTreeMap<K, V> = BTreeMap::new();
    for (key, value) in parts.into_iter().flatten() {
        add(sums.entry(key).or_default(), value);
    }
    sums.into_iter().collect()
}
