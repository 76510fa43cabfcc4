//! Rows of several files that may be one event, and which files have enough of them in common to be told to overlap.
use std::{collections::BTreeMap, ops::Range};

use rayon::slice::ParallelSliceMut as _;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    model::{
        amount::Amount,
        event::{Event, ThreadId},
        instant::Instant,
        names::Names,
    },
    timeline::exports::{Exports, hash},
};

/// Groups of rows with equal keys in at least two files.
///
/// The files of a group and how many rows each has are kept once for all groups that share them: a row costs a look-up,
/// and each distinct set of files as much as it has pairs.
#[derive(Debug, Default)]
pub(super) struct Groups {
    members: Vec<u32>,
    /// The rows of each group, as a range of `members`, and the position of its shape.
    spans: Vec<(Range<usize>, u32)>,
    /// The positions of shapes by their files: of rows of unequal and of equal amounts.
    ids: [FxHashMap<Vec<(u32, u32)>, u32>; 2],
    shapes: Vec<Shape>,
    scratch: Vec<(u32, u32)>,
    /// The threads that name a person or a session.
    named: FxHashSet<ThreadId>,
}

/// Which files hold the rows of some groups.
#[derive(Debug)]
struct Shape {
    /// Each file and how many rows of a group it has.
    files: Vec<(u32, u32)>,
    /// Whether all rows of a group say the same amount.
    are_equal: bool,
    groups: u64,
    /// Who did what in the first of them.
    what: u64,
    /// Whether that is something else in others, or names a person or a session.
    is_telling: bool,
    /// Different amounts of groups whose rows agree on it, up to [`AMOUNTS`].
    amounts: Vec<Amount>,
}

/// So many different amounts that agree day by day are no chance.
const AMOUNTS: usize = 7;

/// Pairs of files that were told to overlap.
#[derive(Debug, Default)]
pub(super) struct Proven {
    pairs: FxHashSet<(u32, u32)>,
    partners: FxHashMap<u32, Vec<u32>>,
}

impl Groups {
    /// No groups yet, of events with these names.
    pub(super) fn of(names: &Names) -> Self {
        let threads = names.threads().iter().enumerate();
        let people = threads.filter(|(_, thread)| thread.user.is_some() || thread.session.is_some());
        Self { named: people.map(|(index, _)| ThreadId::from_index(index)).collect(), ..Self::default() }
    }

    /// Adds rows of equal keys, those of a file beside each other; rows of one file alone are no group.
    pub(super) fn add(&mut self, events: &[Event], rows: impl IntoIterator<Item = u32>) {
        let start = self.members.len();
        self.members.extend(rows);
        let rows = &self.members[start..];
        let file = |row: u32| events[row as usize].place.file;
        self.scratch.clear();
        for &row in rows {
            match self.scratch.last_mut() {
                Some((of, count)) if *of == file(row) => *count += 1,
                _ => self.scratch.push((file(row), 1)),
            }
        }
        if self.scratch.len() < 2 {
            self.members.truncate(start);
            return;
        }
        let next = u32::try_from(self.shapes.len()).expect("fewer shapes than events, whose places are 32 bits");
        let said = |row: u32| (events[row as usize].amount, events[row as usize].tag);
        let are_equal = rows.iter().all(|row| said(*row) == said(rows[0]));
        let Event { thread, about, cues, amount, .. } = events[rows[0] as usize];
        let what = hash((thread, about, cues.fingerprint));
        let is_named = self.named.contains(&thread);
        let ids = &mut self.ids[usize::from(are_equal)];
        let id = ids.get(&self.scratch).copied().unwrap_or_else(|| {
            ids.insert(self.scratch.clone(), next);
            self.shapes.push(Shape {
                files: self.scratch.clone(),
                are_equal,
                groups: 0,
                what,
                is_telling: false,
                amounts: Vec::new(),
            });
            next
        });
        let shape = &mut self.shapes[id as usize];
        shape.groups += 1;
        shape.is_telling |= shape.what != what || is_named;
        if are_equal && shape.amounts.len() < AMOUNTS && !shape.amounts.contains(&amount) {
            shape.amounts.push(amount);
        }
        self.spans.push((start..self.members.len(), id));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The rows of each group that are one event by `is_one`, which tells whether two files overlap.
    pub(super) fn each_overlapping(
        &self,
        events: &[Event],
        is_one: impl Fn(u32, u32) -> bool,
        mut take: impl FnMut(Vec<u32>),
    ) {
        let parts: Vec<Vec<Vec<u32>>> = self.shapes.iter().map(|shape| parts(&shape.files, &is_one)).collect();
        for (rows, shape) in &self.spans {
            let rows = &self.members[rows.clone()];
            for part in &parts[*shape as usize] {
                let is_all = part.len() == self.shapes[*shape as usize].files.len();
                let is_in = |row: &u32| is_all || part.binary_search(&events[*row as usize].place.file).is_ok();
                take(rows.iter().copied().filter(is_in).collect());
            }
        }
    }

    /// The pairs of files that overlap: copies; files that share two rows or more, or a single one that is equal in all that
    /// is read, of totals or where times of one of them tell more than days, where what they share is at least half of what one of them has
    /// in the period of the other. Where times tell days only, rows must name a person or a session, tell more than one
    /// thing by their other names and prompts, or agree on all amounts, of which many differ: a day and an amount, or the same run each night, stand in the books of many. Where files meet at one instant only, one table
    /// may have been cut there between equal rows: then both must hold the same rows of it, and not all equal.
    pub(super) fn proven(&self, events: &[Event], exports: &Exports, counts: impl Fn(&Event) -> bool) -> Proven {
        let shared = self.shared();
        let inside = Inside::of(events, shared.keys(), counts);
        let mut proven = Proven::default();
        for (&(one, other), shared) in &shared {
            let [here, there] = inside.both(one, other, exports);
            let are_totals = exports.are_totals(one) && exports.are_totals(other);
            let is_known = if exports.touch(one, other) && !are_totals {
                shared.groups > 1 && shared.rows == here.max(there)
            } else {
                let are_fine = [one, other].map(|file| are_totals || exports.is_fine(file));
                let is_single = are_fine.contains(&true) && shared.equal > 0;
                let is_enough = is_single || shared.rows > 1 && (are_fine == [true; 2] || shared.is_told());
                is_enough && shared.rows * 2 >= here.min(there)
            };
            if exports.are_copies(one, other) || is_known {
                proven.add(one, other);
            }
        }
        proven
    }

    /// The pairs of files whose groups hold more than half of what one of them has in the period of the other.
    pub(super) fn most_alike(&self, events: &[Event], exports: &Exports) -> BTreeMap<(u32, u32), u64> {
        let shared = self.shared();
        let inside = Inside::of(events, shared.keys(), |_| true);
        let is_most = |(one, other): (u32, u32), rows: u64| {
            let [here, there] = inside.both(one, other, exports);
            rows * 2 > here.min(there)
        };
        shared
            .into_iter()
            .map(|(pair, shared)| (pair, shared.rows))
            .filter(|(pair, rows)| is_most(*pair, *rows))
            .collect()
    }

    /// The pairs of files with rows in a group, and how many of them.
    pub(super) fn all_alike(&self) -> BTreeMap<(u32, u32), u64> {
        self.shared().into_iter().map(|(pair, shared)| (pair, shared.rows)).collect()
    }

    /// The rows of two files in each group of both.
    pub(super) fn each_pair(
        &self,
        events: &[Event],
        is_wanted: impl Fn(u32, u32) -> bool,
        mut take: impl FnMut(&[u32], &[u32]),
    ) {
        let pairs_of = |shape: &Shape| -> Vec<(usize, usize)> {
            let pairs = (0..shape.files.len()).flat_map(|other| (0..other).map(move |one| (one, other)));
            pairs.filter(|(one, other)| is_wanted(shape.files[*one].0, shape.files[*other].0)).collect()
        };
        let pairs: Vec<Vec<(usize, usize)>> = self.shapes.iter().map(pairs_of).collect();
        for (rows, shape) in self.spans.iter().filter(|(_, shape)| !pairs[*shape as usize].is_empty()) {
            let rows = &self.members[rows.clone()];
            let file = |row: u32| events[row as usize].place.file;
            let by_file: Vec<&[u32]> = rows.chunk_by(|a, b| file(*a) == file(*b)).collect();
            for (one, other) in &pairs[*shape as usize] {
                take(by_file[*one], by_file[*other]);
            }
        }
    }

    /// What each two files have in common.
    fn shared(&self) -> FxHashMap<(u32, u32), Shared> {
        let mut pairs: FxHashMap<(u32, u32), Shared> = FxHashMap::default();
        for Shape { files, are_equal, groups, what, is_telling, amounts } in &self.shapes {
            for (index, (one, count)) in files.iter().enumerate() {
                for (other, there) in &files[..index] {
                    let shared = pairs.entry((*one.min(other), *one.max(other))).or_default();
                    shared.rows += u64::from(*count.min(there)) * groups;
                    shared.groups += groups;
                    shared.equal += if *are_equal { *groups } else { 0 };
                    shared.is_telling |= *is_telling || shared.what.is_some_and(|known| known != *what);
                    shared.what = Some(*what);
                    for amount in amounts {
                        if shared.amounts.len() < AMOUNTS && !shared.amounts.contains(amount) {
                            shared.amounts.push(*amount);
                        }
                    }
                }
            }
        }
        pairs
    }
}

/// What two files have in common.
#[derive(Debug, Clone, Default)]
struct Shared {
    rows: u64,
    groups: u64,
    /// Groups whose rows all say the same.
    equal: u64,
    /// Who did what in one of them.
    what: Option<u64>,
    /// Whether that differs among them, or names a person or a session.
    is_telling: bool,
    /// Different amounts on which both agree.
    amounts: Vec<Amount>,
}

impl Shared {
    /// Whether rows known by days only show by what they say that they are the same.
    fn is_told(&self) -> bool {
        self.is_telling || self.equal == self.groups && self.amounts.len() >= AMOUNTS
    }
}

/// When the events of some files happened.
struct Inside(FxHashMap<u32, Vec<Instant>>);

impl Inside {
    fn of<'p>(events: &[Event], pairs: impl Iterator<Item = &'p (u32, u32)>, counts: impl Fn(&Event) -> bool) -> Self {
        let mut instants: FxHashMap<u32, Vec<Instant>> =
            pairs.flat_map(|(one, other)| [(*one, Vec::new()), (*other, Vec::new())]).collect();
        if !instants.is_empty() {
            for event in events.iter().filter(|event| counts(event)) {
                if let Some(instants) = instants.get_mut(&event.place.file) {
                    instants.push(event.at);
                }
            }
        }
        for instants in instants.values_mut() {
            instants.par_sort_unstable();
        }
        Self(instants)
    }

    /// How many events of each file lie in the period of the other.
    fn both(&self, one: u32, other: u32, exports: &Exports) -> [u64; 2] {
        [(one, other), (other, one)].map(|(file, other)| {
            let (Some(of), Some((first, last))) = (self.0.get(&file), exports.period(other)) else { return 0 };
            (of.partition_point(|at| *at <= last) - of.partition_point(|at| *at < first)) as u64
        })
    }
}

/// The files of a group in sorted parts that overlap, directly or through others; files by themselves are no part.
fn parts(files: &[(u32, u32)], is_one: &impl Fn(u32, u32) -> bool) -> Vec<Vec<u32>> {
    let mut parts: Vec<Vec<u32>> = Vec::new();
    for &(file, _) in files {
        let (joined, others): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.iter().any(|other| is_one(file, *other)));
        parts = others;
        parts.push(joined.into_iter().flatten().chain([file]).collect());
    }
    parts.retain(|part| part.len() > 1);
    for part in &mut parts {
        part.sort_unstable();
    }
    parts
}

impl Proven {
    fn add(&mut self, one: u32, other: u32) {
        self.pairs.insert((one.min(other), one.max(other)));
        self.partners.entry(one).or_default().push(other);
        self.partners.entry(other).or_default().push(one);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Without some pairs.
    pub(super) fn without(mut self, apart: &FxHashSet<(u32, u32)>) -> Self {
        self.pairs.retain(|pair| !apart.contains(pair));
        for (one, partners) in &mut self.partners {
            partners.retain(|other| !apart.contains(&(*one.min(other), *one.max(other))));
        }
        self
    }

    /// Whether two files were told to overlap.
    pub(super) fn holds(&self, one: u32, other: u32) -> bool {
        self.pairs.contains(&(one.min(other), one.max(other)))
    }

    /// The files that a file overlaps, in no particular order.
    pub(super) fn partners(&self, file: u32) -> &[u32] {
        self.partners.get(&file).map(Vec::as_slice).unwrap_or_default()
    }
}
