//! Exports of overlapping periods hold the same events twice; here they are counted once.
//!
//! With an event id: events of one vendor, workspace, meter and kind of entry with the same id in the same second are
//! the same event, whatever app or amount an export gives them; in one file only exact repetitions are dropped. Files in
//! which most shared ids are numbers and stand for other prompts of other people, apps or amounts count their rows, and share
//! nothing. Two exports may also tell the time of an id otherwise (by the minute, in another zone): see `retimed`.
//!
//! Without one: rows are told apart by what their source names (time, user, model ...). A row that stands in two files
//! is one event only if the files really overlap (see `groups`), directly or through other files. Then rows that differ in
//! nothing but their amount (the lower half of their key) are the same event too.
//!
//! Of several exports of an event the newest is believed (see `exports` and `settle`), and what it changes is noted.
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    ingest::value::key_of_id,
    model::{
        account::{Entry, Meter},
        event::{Event, Place, Word},
        names::Names,
    },
    timeline::{
        exports::Exports,
        groups::{Groups, Proven},
        overlaps::{Overlap, Overlaps},
        retimed::{Retimed, second},
        settle::Settler,
    },
};

/// Drops duplicates from ordered events; returns where they stand, and what the files say otherwise of the same events.
pub(super) fn drop(
    events: &mut Vec<Event>,
    names: &Names,
    exports: &Exports,
    rank: &impl Fn(&Event) -> u32,
) -> (Vec<Place>, Vec<Overlap>) {
    let states = vec![State::Single; events.len()];
    let mut settling = Settling { events, names, exports, states, overlaps: Overlaps::default() };
    settling.by_id();
    if !exports.is_single() {
        settling.by_content(rank);
    }
    let Settling { states, overlaps, .. } = settling;
    if !states.contains(&State::Dropped) {
        return (Vec::new(), overlaps.into_vec(exports));
    }
    let dropped = events.iter().zip(&states).filter(|(_, state)| **state == State::Dropped);
    let dropped = dropped.map(|(event, _)| event.place).collect();
    let mut states = states.into_iter();
    events.retain(|_| states.next() != Some(State::Dropped));
    (dropped, overlaps.into_vec(exports))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No other file that overlaps its own holds it.
    Single,
    /// It is what the newest of several files says.
    Newest,
    /// It stands in an older file that holds more of it than the newest one.
    Fullest,
    /// Another one counts.
    Dropped,
}

/// What events of one id share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    key: u64,
    provider: Word,
    workspace: Option<Word>,
    meter: Meter,
    entry: Entry,
    second: i64,
}

struct Settling<'a> {
    events: &'a [Event],
    names: &'a Names,
    exports: &'a Exports,
    states: Vec<State>,
    overlaps: Overlaps,
}

impl Settling<'_> {
    fn event(&self, row: u32) -> &Event {
        &self.events[row as usize]
    }

    fn has_id(&self, event: &Event) -> bool {
        self.names.tag(event.tag).has_id
    }

    fn identity(&self, row: u32) -> Identity {
        let event = self.event(row);
        let tag = self.names.tag(event.tag);
        Identity {
            key: event.key,
            second: second(event),
            provider: tag.account.provider,
            workspace: self.names.thread(event.thread).workspace,
            meter: tag.account.meter,
            entry: tag.entry,
        }
    }

    /// The rows of a key in order.
    fn rows_of(&self, run: &[(u64, u32)]) -> Vec<(Identity, Place, u32)> {
        let mut rows: Vec<(Identity, Place, u32)> =
            run.iter().map(|(_, row)| (self.identity(*row), self.event(*row).place, *row)).collect();
        rows.sort_unstable();
        rows
    }

    /// The rows of a key that are not dropped, by what they share but for the time.
    fn ids_of(&self, run: &[(u64, u32)]) -> Vec<Vec<(Identity, Place, u32)>> {
        let mut rows = self.rows_of(run);
        rows.retain(|(.., row)| self.states[*row as usize] != State::Dropped);
        rows.chunk_by(|a, b| Identity { second: b.0.second, ..a.0 } == b.0).map(<[_]>::to_vec).collect()
    }

    fn by_id(&mut self) {
        let keyed = keyed(self.events, |event| self.has_id(event).then_some(event.key));
        let runs = || keyed.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1);
        let mut is_retimed = false;
        for run in runs() {
            for same in self.rows_of(run).chunk_by(|a, b| a.0 == b.0) {
                is_retimed |= same.len() < run.len() && !is_number(run[0].0);
                for of_file in same.chunk_by(|a, b| a.1.file == b.1.file) {
                    self.drop_repetitions(of_file.iter().map(|(.., row)| *row));
                }
            }
        }
        if self.exports.is_single() {
            return;
        }
        let mut retimed = Retimed::default();
        for run in runs().filter(|run| is_retimed && !is_number(run[0].0)) {
            for mut rows in self.ids_of(run) {
                rows.sort_unstable_by_key(|(_, place, _)| *place);
                let events: Vec<&Event> = rows.iter().map(|(.., row)| self.event(*row)).collect();
                retimed.count(&events, self.names);
            }
        }
        let retimed = retimed.settled();
        let mut groups = Groups::of(self.names);
        for run in runs() {
            for mut rows in self.ids_of(run) {
                let files: Vec<u32> = rows.iter().map(|(_, place, _)| place.file).collect();
                if rows[0].0 != rows[rows.len() - 1].0 && retimed.hold(&files) {
                    rows.sort_unstable_by_key(|(_, place, _)| *place);
                    groups.add(self.events, rows.iter().map(|(.., row)| *row));
                } else {
                    for same in rows.chunk_by(|a, b| a.0 == b.0) {
                        groups.add(self.events, same.iter().map(|(.., row)| *row));
                    }
                }
            }
        }
        if groups.is_empty() {
            return;
        }
        let apart = self.of_others(&groups);
        let is_one = |one: u32, other: u32| !apart.contains(&(one.min(other), one.max(other)));
        groups.each_overlapping(self.events, is_one, |rows| self.settle(&rows));
        let proven = groups.proven(self.events, self.exports, |event| self.has_id(event)).without(&apart);
        self.lacking(&proven, true);
    }

    /// The pairs of files whose ids are numbers of rows that mean different events: in more than half of the rows that share
    /// one, the prompt differs, and the amount, the person or the app; without prompts, the amount and one of those two.
    fn of_others(&self, groups: &Groups) -> FxHashSet<(u32, u32)> {
        let mut votes: FxHashMap<(u32, u32), (u64, u64)> = FxHashMap::default();
        groups.each_pair(
            self.events,
            |_, _| true,
            |one, other| {
                let (Some(one), Some(other)) = (one.first(), other.first()) else { return };
                let (one, other) = (self.event(*one), self.event(*other));
                if !is_number(one.key) {
                    return;
                }
                let pair = (one.place.file.min(other.place.file), one.place.file.max(other.place.file));
                let (same, differ) = votes.entry(pair).or_default();
                *(if self.is_of_another(one, other) { differ } else { same }) += 1;
            },
        );
        votes.into_iter().filter(|(_, (same, differ))| differ > same).map(|(pair, _)| pair).collect()
    }

    fn is_of_another(&self, one: &Event, other: &Event) -> bool {
        let (thread, there) = (self.names.thread(one.thread), self.names.thread(other.thread));
        let differ = |one: Option<Word>, other: Option<Word>| one.is_some() && other.is_some() && one != other;
        let (is_other_amount, is_elsewhere) =
            (one.amount != other.amount, differ(thread.user, there.user) || differ(thread.app, there.app));
        if one.cues.has_text() && other.cues.has_text() {
            one.cues.fingerprint != other.cues.fingerprint && (is_other_amount || is_elsewhere)
        } else {
            is_other_amount && is_elsewhere
        }
    }

    /// Drops all but the first of the rows of a file that repeat an id and all that is told of it.
    fn drop_repetitions(&mut self, rows: impl Iterator<Item = u32>) {
        let mut seen = FxHashSet::default();
        for row in rows {
            let Event { amount, thread, tag, about, cues, .. } = self.event(row);
            if !seen.insert((*amount, *thread, *tag, *about, cues.fingerprint)) {
                self.states[row as usize] = State::Dropped;
            }
        }
    }

    fn by_content(&mut self, rank: &impl Fn(&Event) -> u32) {
        let events = self.events;
        let mut instants = Vec::new();
        let mut groups = Groups::of(self.names);
        let mut start = 0;
        for run in events.chunk_by(|a, b| a.at == b.at && rank(a) == rank(b)) {
            let rows = start..start + u32::try_from(run.len()).expect("places are 32 bits");
            start = rows.end;
            if run.iter().all(|event| event.place.file == run[0].place.file) {
                continue;
            }
            let mut first = rows.start;
            for same in run.chunk_by(|a, b| a.key == b.key) {
                let next = first + u32::try_from(same.len()).expect("places are 32 bits");
                if !self.has_id(&same[0]) {
                    groups.add(events, first..next);
                }
                first = next;
            }
            instants.push(rows);
        }
        let proven = groups.proven(events, self.exports, |event| !self.has_id(event));
        if proven.is_empty() {
            return;
        }
        let mut groups = Groups::of(self.names);
        for rows in instants {
            self.join(rows, &mut groups);
        }
        groups.each_overlapping(events, |one, other| proven.holds(one, other), |rows| self.settle(&rows));
        self.lacking(&proven, false);
    }

    /// Groups the rows of an app and instant that are equal but for what a later export may tell otherwise.
    fn join(&self, rows: Range<u32>, groups: &mut Groups) {
        let mut rows: Vec<u32> = rows.filter(|row| !self.has_id(self.event(*row))).collect();
        let stays = |row: u32| self.event(row).key >> 32;
        rows.sort_unstable_by_key(|row| (stays(*row), self.event(*row).place));
        for same in rows.chunk_by(|a, b| stays(*a) == stays(*b)) {
            groups.add(self.events, same.iter().copied());
        }
    }

    fn settle(&mut self, rows: &[u32]) {
        let settler = Settler { events: self.events, names: self.names, exports: self.exports };
        let (kept, newest) = settler.settle(rows, &mut self.overlaps);
        for row in rows {
            self.states[*row as usize] = State::Dropped;
        }
        for row in kept {
            let is_newest = self.event(row).place.file == newest;
            self.states[row as usize] = if is_newest { State::Newest } else { State::Fullest };
        }
    }

    /// Notes the rows of older files that a newer one lacks, although it overlaps them and covers their time.
    fn lacking(&mut self, proven: &Proven, with_id: bool) {
        if proven.is_empty() {
            return;
        }
        for (event, state) in self.events.iter().zip(&self.states) {
            if matches!(state, State::Single | State::Newest) && self.has_id(event) == with_id {
                let file = event.place.file;
                let newer = proven.partners(file).iter().filter(|other| {
                    self.exports.by_age(file, **other).0 == **other && self.exports.covers_wholly(**other, event.at)
                });
                for newer in newer {
                    self.overlaps.lacks(*newer, event, self.names);
                }
            }
        }
    }
}

/// Whether a key is that of an id which is nothing but a number, as those of rows are.
pub fn is_number(key: u64) -> bool {
    key == key_of_id(&(key >> 32).to_string())
}

/// The keys that stand twice or more, with their rows, in order.
fn keyed(events: &[Event], key: impl Fn(&Event) -> Option<u64> + Sync) -> Vec<(u64, u32)> {
    let mut keys: Vec<u64> = events.par_iter().filter_map(&key).collect();
    keys.par_sort_unstable();
    if keys.windows(2).all(|pair| pair[0] != pair[1]) {
        return Vec::new();
    }
    let count = u32::try_from(events.len()).expect("places are 32 bits");
    let rows = events.par_iter().zip(0..count);
    let mut keyed: Vec<(u64, u32)> = rows.filter_map(|(event, row)| Some((key(event)?, row))).collect();
    keyed.par_sort_unstable();
    keyed
}
