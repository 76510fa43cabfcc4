//! Which rows of an event count, where several files tell it: those of the newest one, unless another holds all of them
//! and more.
//!
//! Rows that are equal in all that is compared are counted as often as the file with most of them holds them: two equal
//! rows of one file are two events, and a file may be cut between them.
use std::cmp::Reverse;

use crate::{
    model::{
        event::{Event, Place},
        names::Names,
    },
    timeline::{
        exports::Exports,
        overlaps::{Overlaps, Said},
    },
};

/// Rows with what they say, sorted.
type Rows = Vec<(Said, u32)>;

/// What the files are settled with.
#[derive(Clone, Copy)]
pub(super) struct Settler<'a> {
    pub(super) events: &'a [Event],
    pub(super) names: &'a Names,
    pub(super) exports: &'a Exports,
}

impl<'a> Settler<'a> {
    /// The rows that count and the newest file; what it changes is noted.
    pub(super) fn settle(self, rows: &[u32], overlaps: &mut Overlaps) -> (Vec<u32>, u32) {
        let parts = self.parts(rows);
        let Some((newest, older)) = parts.split_first() else { return (Vec::new(), 0) };
        let file = self.file(newest);
        let all = older.iter().fold(newest.clone(), union);
        let is_nested = parts.iter().any(|part| part.len() == all.len());
        let is_told_whole = self.is_told_whole(newest);
        let may_be_cut = !is_nested && self.may_be_cut(newest, older);
        let are_united = may_be_cut || is_nested && !is_told_whole;
        if may_be_cut {
            for (_, row) in all.iter().filter(|(_, row)| self.event(*row).place.file != file) {
                overlaps.lacks(file, self.event(*row), self.names);
            }
        }
        for part in older.iter().filter(|_| !are_united) {
            let (lost, new) = (without(part, newest), without(newest, part));
            if !lost.is_empty() || is_told_whole && !new.is_empty() {
                let before = self.place(if lost.is_empty() { part } else { &lost });
                let after = self.place(if new.is_empty() { newest } else { &new });
                overlaps.change((before, &said(&lost)), (after, &said(&new)));
            }
        }
        let kept = if are_united { &all } else { newest };
        (kept.iter().map(|(_, row)| *row).collect(), file)
    }

    fn event(self, row: u32) -> &'a Event {
        &self.events[row as usize]
    }

    fn file(self, part: &Rows) -> u32 {
        self.place(part).file
    }

    /// The first place of some rows, of which there is one at least.
    fn place(self, rows: &Rows) -> Place {
        let places = rows.iter().map(|(_, row)| self.event(*row).place);
        places.min().unwrap_or(Place { file: 0, line: 0 })
    }

    /// The rows of each file, the newest first.
    fn parts(self, rows: &[u32]) -> Vec<Rows> {
        let file = |row: u32| self.event(row).place.file;
        let mut rows = rows.to_vec();
        rows.sort_unstable_by_key(|row| Reverse(self.exports.newness(file(*row))));
        let part = |rows: &[u32]| {
            let mut part: Rows = rows.iter().map(|row| (Said::of(self.event(*row), self.names), *row)).collect();
            part.sort_unstable();
            part
        };
        rows.chunk_by(|a, b| file(*a) == file(*b)).map(part).collect()
    }

    /// Whether the newest file is believed even where it holds less than others: it tells the total of a day within its
    /// period.
    fn is_told_whole(self, newest: &Rows) -> bool {
        newest.first().map(|(_, row)| self.event(*row)).is_some_and(|event| {
            self.names.tag(event.tag).is_aggregate && self.exports.covers_wholly(event.place.file, event.at)
        })
    }

    /// Whether the newest file may begin in the middle of a day that others hold from its start: rows are known by days
    /// only, and it has none of earlier days.
    fn may_be_cut(self, newest: &Rows, older: &[Rows]) -> bool {
        newest.first().map(|(_, row)| self.event(*row)).is_some_and(|event| {
            let tag = self.names.tag(event.tag);
            let begins = |file: u32| self.exports.period(file).is_some_and(|(first, _)| first == event.at);
            let file = event.place.file;
            let goes_back = older.iter().any(|part| !begins(self.file(part)));
            !tag.has_id && !tag.is_aggregate && !self.exports.is_fine(file) && begins(file) && goes_back
        })
    }
}

fn said(rows: &Rows) -> Vec<Said> {
    rows.iter().map(|(said, _)| *said).collect()
}

/// The rows of a list that another one lacks, where equal rows stand for each other once.
fn without(rows: &Rows, other: &Rows) -> Rows {
    let mut other = other.iter().peekable();
    let is_left = |(said, _): &&(Said, u32)| {
        while other.next_if(|(there, _)| there < said).is_some() {}
        other.next_if(|(there, _)| there == said).is_none()
    };
    rows.iter().filter(is_left).copied().collect()
}

/// Each row as often as the list with most of it holds it; equal rows are those of the first list.
fn union(mut all: Rows, part: &Rows) -> Rows {
    let more = without(part, &all);
    if !more.is_empty() {
        all.extend(more);
        all.sort_unstable();
    }
    all
}
