//! Facts added up by account and subject: one pass a cut.
//!
//! The rows are walked session by session, so a group knows with one number whether it has seen a session; whom it has
//! seen is a set, which is asked only where the user changes. Two group-bys and two distinct counts of a lazy frame give
//! the same and took about ten times as long.
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    model::{action::Action, instant::Instant},
    rollup::{Tally, facts::FactRows},
    schema::{Col, tables::fact},
};

/// The events of one account and subject, by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The groups by account and subject id, each with the number of a user it met; in no order.
pub(super) type Met = Vec<((u32, u32), u32)>;

/// The rows session by session; those without one stand first.
pub(super) fn by_session(rows: &FactRows) -> Vec<u32> {
    let sessions = rows.ids(fact::SESSION);
    let mut order: Vec<u32> = (0..u32::try_from(rows.count()).unwrap_or(u32::MAX)).collect();
    order.sort_by_key(|&row| sessions[row as usize]);
    order
}

/// Cuts the facts by a column; `order` is [`by_session()`]. Also tells which users each group met.
pub(super) fn by(rows: &FactRows, order: &[u32], subject: Col) -> (Groups, Met) {
    let [accounts, ids, actions] = [fact::ACCOUNT, subject, fact::ACTION].map(|column| rows.ids(column));
    let [sessions, users] = [fact::SESSION, fact::USER].map(|column| rows.ids(column));
    let mut positions: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut groups: Vec<(Group, LastSeen)> = Vec::new();
    let mut met: FxHashSet<(u32, u32)> = FxHashSet::default();
    for row in order.iter().map(|&row| row as usize) {
        let position = *positions.entry((accounts[row], ids[row])).or_insert_with(|| {
            groups.push((Group::starting(rows.at(row)), LastSeen::default()));
            u32::try_from(groups.len() - 1).unwrap_or(u32::MAX)
        });
        let (group, last) = &mut groups[position as usize];
        let (at, tally) = (rows.at(row), Tally { events: 1, amount: rows.amount(row).into() });
        group.tally.add(tally);
        group.actions[actions[row] as usize].add(tally);
        group.first = group.first.min(at);
        group.last = group.last.max(at);
        if sessions[row] != last.session {
            last.session = sessions[row];
            group.sessions += 1;
        }
        if users[row] != last.user {
            last.user = users[row];
            group.users += u64::from(last.user != 0 && met.insert((position, last.user)));
        }
    }
    let mut keys = vec![(0, 0); groups.len()];
    for (key, position) in &positions {
        keys[*position as usize] = *key;
    }
    let met = met.into_iter().map(|(position, user)| (keys[position as usize], user)).collect();
    (positions.into_iter().map(|(key, position)| (key, groups[position as usize].0)).collect(), met)
}

/// The session and the user that a group saw last; 0 is none.
#[derive(Debug, Clone, Copy, Default)]
struct LastSeen {
    session: u32,
    user: u32,
}

impl Group {
    fn starting(at: Instant) -> Self {
        let actions = [Tally::default(); Action::ALL.len()];
        Self { tally: Tally::default(), actions, first: at, last: at, sessions: 0, users: 0 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The same by sets and scans.
    fn plainly(rows: &FactRows, subject: Col) -> Groups {
        let id = |column: Col, row: usize| rows.ids(column)[row];
        let key = |row: usize| (id(fact::ACCOUNT, row), id(subject, row));
        let keys: BTreeSet<_> = (0..rows.count()).map(key).collect();
        let group = |wanted: (u32, u32)| {
            let members: Vec<usize> = (0..rows.count()).filter(|row| key(*row) == wanted).collect();
            let mut group = Group::starting(rows.at(members[0]));
            for &row in &members {
                let tally = Tally { events: 1, amount: rows.amount(row).into() };
                group.tally.add(tally);
                group.actions[id(fact::ACTION, row) as usize].add(tally);
            }
            let distinct = |column: Col| {
                let ids: BTreeSet<u32> = members.iter().map(|row| id(column, *row)).filter(|id| *id != 0).collect();
                ids.len() as u64
            };
            (group.sessions, group.users) = (distinct(fact::SESSION), distinct(fact::USER));
            group.first = members.iter().map(|row| rows.at(*row)).min().unwrap();
            group.last = members.iter().map(|row| rows.at(*row)).max().unwrap();
            (wanted, group)
        };
        keys.into_iter().map(group).collect()
    }

    proptest! {
        #[test]
        fn groups_are_what_sets_and_scans_find(
            ids in prop::collection::vec((0_u32..2, 0_u32..7, 0_u32..4, 0_u32..3, 0_u32..3, 0_u32..6, 0_u32..2), 0..60),
        ) {
            let ids: Vec<[u32; 9]> = ids.into_iter().map(|(a, b, c, d, e, f, g)| [a, b, c, d, e, f, g, d, f]).collect();
            let rows = FactRows::of(&ids);
            let order = by_session(&rows);
            for column in [fact::ACTION, fact::USER, fact::FEATURE, fact::APP, fact::SESSION, fact::DAY, fact::MODEL] {
                prop_assert_eq!(by(&rows, &order, column).0, plainly(&rows, column), "{}", column);
            }
        }
    }
}
