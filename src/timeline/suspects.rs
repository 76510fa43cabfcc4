//! Files that may hold the same events twice without a proof of it: their keys differ (an app renamed, an id column missing,
//! fractions of seconds cut, amounts changed without ids), yet most rows of one find their like in the other.
//!
//! Alike are rows of one account with the same id that is no mere number; or in the same second that share user and amount; or user and app, where the times of both
//! files tell more than days; or all that tells totals apart; or the amount, where one of the files names no users at all.
//! The rows must be more than half of what one of the files counts in the period of the other, unless they are equal in all
//! that is read, at times that tell more than days. They are counted, and said.
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    model::{
        amount::Total,
        event::{Account, Event, Place},
        names::Names,
    },
    timeline::{
        duplicates::is_number,
        exports::{Exports, hash},
        groups::Groups,
        retimed::second,
    },
};

/// Two files that may hold the same events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// The newer file.
    pub newer: u32,
    /// The older file.
    pub older: u32,
    /// How many rows of the one find their like in the other.
    pub rows: u64,
    /// What these rows of the older file add up to: counted twice, if they are the same.
    pub at_stake: BTreeMap<Account, Total>,
    /// In what the rows that are alike differ.
    pub differences: Vec<Difference>,
    /// The first such row of the older file, and its like.
    pub first: (Place, Place),
}

/// Why rows that are alike are not known to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Only one of the files has event ids.
    Id,
    /// Both have event ids, and these differ.
    OtherId,
    /// Their ids are equal, and their times differ.
    Time,
    /// The app is called otherwise.
    App,
    /// Only one of the files names users.
    User,
    /// The fraction of the second.
    Fraction,
    /// The amount.
    Amount,
    /// Something else that tells rows of the source apart.
    Other,
}

/// What rows must share to be alike.
#[derive(Clone, Copy)]
enum Likeness {
    All,
    Id,
    UserAndAmount,
    UserAndApp,
    AmountAlone,
}

struct Search<'a> {
    events: &'a [Event],
    names: &'a Names,
    exports: &'a Exports,
    are_uses: bool,
}

/// Compares what counts: a sort of the rows, and a look at each two files that share some.
pub(super) fn find(events: &[Event], names: &Names, exports: &Exports) -> Vec<Suspect> {
    if exports.is_single() || !exports.may_overlap() {
        return Vec::new();
    }
    let are_uses = events.first().is_some_and(|event| names.tag(event.tag).entry.is_use());
    let search = Search { events, names, exports, are_uses };
    let mut found: BTreeMap<(u32, u32), Suspect> = BTreeMap::new();
    for likeness in [Likeness::All, Likeness::Id, Likeness::UserAndAmount, Likeness::UserAndApp, Likeness::AmountAlone]
    {
        for (pair, suspect) in search.pairs(likeness) {
            let is_more = found.get(&pair).is_none_or(|known| suspect.rows > known.rows);
            if is_more {
                found.insert(pair, suspect);
            }
        }
    }
    let mut found: Vec<Suspect> = found.into_values().collect();
    found.sort_by_key(|suspect| (exports.newness(suspect.newer), exports.newness(suspect.older)));
    found
}

impl Search<'_> {
    fn likeness_of(&self, event: &Event, likeness: Likeness) -> Option<u64> {
        let (tag, thread) = (self.names.tag(event.tag), self.names.thread(event.thread));
        let what = (tag.account, event.at.nanos().div_euclid(1_000_000_000));
        let is_fine = self.exports.is_fine(event.place.file);
        match likeness {
            Likeness::All if !is_fine || tag.has_id || tag.is_aggregate => None,
            Likeness::All => Some(hash((event.at, event.key, event.amount, event.thread, event.tag))),
            Likeness::Id => (tag.has_id && !is_number(event.key)).then(|| hash((tag.account, event.key))),
            Likeness::UserAndAmount => Some(hash((what, thread.user, event.amount))),
            Likeness::UserAndApp if tag.is_aggregate => Some(hash((what, event.key))),
            Likeness::UserAndApp => is_fine.then(|| hash((what, thread.user, thread.app))),
            Likeness::AmountAlone => (is_fine && !tag.is_aggregate).then(|| hash((what, event.amount))),
        }
    }

    /// Whether so many rows are enough for two files to be suspects; a single one is where times tell more than days, or
    /// where both name people.
    fn is_enough(&self, likeness: Likeness, (one, other): (u32, u32), rows: u64) -> bool {
        let has_users = |file| self.exports.has_users(file, self.are_uses);
        let is_fine = |file| self.exports.is_fine(file);
        match likeness {
            Likeness::All => true,
            Likeness::Id => rows > 1 && self.exports.meet(one, other),
            Likeness::UserAndAmount => rows > 1 || is_fine(one) && is_fine(other) || has_users(one) && has_users(other),
            Likeness::UserAndApp => {
                let are_totals = self.exports.are_totals(one) && self.exports.are_totals(other);
                rows > 1 || are_totals || is_fine(one) && is_fine(other)
            }
            Likeness::AmountAlone => rows > 1 && has_users(one) != has_users(other),
        }
    }

    /// Pairs of files with rows that are alike.
    fn pairs(&self, likeness: Likeness) -> BTreeMap<(u32, u32), Suspect> {
        let count = u32::try_from(self.events.len()).expect("places are 32 bits");
        let rows = self.events.par_iter().zip(0..count);
        let alike = |(event, row): (&Event, u32)| Some((self.likeness_of(event, likeness)?, event.place, row));
        let mut rows: Vec<(u64, Place, u32)> = rows.filter_map(alike).collect();
        rows.par_sort_unstable();
        let mut groups = Groups::of(self.names);
        for run in rows.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            groups.add(self.events, run.iter().map(|(.., row)| *row));
        }
        let mut wanted = match likeness {
            Likeness::All => groups.all_alike(),
            _ => groups.most_alike(self.events, self.exports),
        };
        wanted.retain(|pair, rows| self.is_enough(likeness, *pair, *rows));
        let mut pairs: BTreeMap<(u32, u32), Suspect> = BTreeMap::new();
        let is_wanted = |one: u32, other: u32| wanted.contains_key(&(one.min(other), one.max(other)));
        groups.each_pair(self.events, is_wanted, |one, other| {
            let [one, other] = [one, other].map(|rows| rows.iter().map(|row| &self.events[*row as usize]));
            for (one, other) in one.zip(other) {
                let (newer, _) = self.exports.by_age(one.place.file, other.place.file);
                let (new, old) = if newer == one.place.file { (one, other) } else { (other, one) };
                let none = || Suspect::none((old.place, new.place));
                let files = (new.place.file, old.place.file);
                self.book(pairs.entry(files).or_insert_with(none), new, old);
            }
        });
        pairs
    }

    fn book(&self, suspect: &mut Suspect, new: &Event, old: &Event) {
        suspect.rows += 1;
        *suspect.at_stake.entry(self.names.tag(old.tag).account).or_default() += old.amount;
        suspect.first = suspect.first.min((old.place, new.place));
        let difference = self.difference(new, old);
        if !suspect.differences.contains(&difference) {
            suspect.differences.push(difference);
            suspect.differences.sort_unstable();
        }
    }

    fn difference(&self, new: &Event, old: &Event) -> Difference {
        let has_id = |event: &Event| self.names.tag(event.tag).has_id;
        let thread = |event: &Event| self.names.thread(event.thread);
        let (one, other) = (thread(new), thread(old));
        match () {
            () if has_id(new) != has_id(old) => Difference::Id,
            () if has_id(new) && new.key != old.key => Difference::OtherId,
            () if has_id(new) && second(new) != second(old) => Difference::Time,
            () if (one.workspace, one.app) != (other.workspace, other.app) => Difference::App,
            () if one.user != other.user => Difference::User,
            () if new.at != old.at => Difference::Fraction,
            () if new.amount != old.amount => Difference::Amount,
            () => Difference::Other,
        }
    }
}

impl Suspect {
    fn none(first: (Place, Place)) -> Self {
        let (older, newer) = (first.0.file, first.1.file);
        Self { newer, older, rows: 0, at_stake: BTreeMap::new(), differences: Vec::new(), first }
    }
}
