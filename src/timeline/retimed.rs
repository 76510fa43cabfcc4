//! Exports that tell the time of the same ids otherwise: cut to the minute or the day, in another zone, or corrected.
//!
//! An id names an event whatever its time, but what stands in an id column may count the rows of a book (`evt_1`), or name a
//! chat or a nightly job. So two files mean the same events only if, of the ids that both hold and that are no mere numbers,
//! nine in ten stand in each of them once, and their times differ in one way: not at all, by less than a minute, by the
//! difference of two zones (with or without an hour for the summer), or because one of the files tells days. Ids that may
//! count rows must agree in amount, person, app and prompt besides, and not all say the same.
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{
    event::{Event, Word},
    names::Names,
};

const QUARTER: i64 = 15 * 60;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// What zones differ from UTC at most. By a whole day nothing is moved that is not another night's.
const ZONES: i64 = 14 * HOUR;
/// So many in ten of the shared ids must agree.
const AGREEING: usize = 9;
/// Numbers at the end of ids are counted up where they leave out no more than so many for one that stands there.
const SPARSE: u64 = 4;

/// What two files tell of the ids that both hold, by pairs of files.
#[derive(Debug, Default)]
pub(super) struct Retimed(FxHashMap<(u32, u32), Vec<Vote>>);

/// The pairs of files that mean the same events by their ids, whatever the time.
#[derive(Debug, Default)]
pub(super) struct Agreed(FxHashSet<(u32, u32)>);

/// An id in two files.
#[derive(Debug, Clone, Copy)]
struct Vote {
    /// Whether both hold it once.
    is_unique: bool,
    /// When it was by each file, in seconds.
    seconds: [i64; 2],
    /// The number at its end.
    number: u64,
    /// Whether amount, person, app and prompt agree as far as both tell them, and at least one of the last three.
    agrees: bool,
    /// Whether the amount differs, and what else is told of it.
    is_other: bool,
    /// What the first file says.
    said: (i64, [u32; 2]),
}

impl Retimed {
    /// Counts an id: its rows, those of a file beside each other.
    pub(super) fn count(&mut self, rows: &[&Event], names: &Names) {
        let by_file: Vec<&[&Event]> = rows.chunk_by(|a, b| a.place.file == b.place.file).collect();
        for (index, others) in by_file.iter().enumerate() {
            for ones in &by_file[..index] {
                let vote = Vote { is_unique: ones.len() + others.len() == 2, ..Vote::of(ones[0], others[0], names) };
                self.0.entry(pair(ones[0].place.file, others[0].place.file)).or_default().push(vote);
            }
        }
    }

    /// What the votes come to.
    pub(super) fn settled(self) -> Agreed {
        Agreed(self.0.into_iter().filter(|(_, votes)| are_same(votes)).map(|(pair, _)| pair).collect())
    }
}

impl Agreed {
    /// Whether all of some files mean the same events.
    pub(super) fn hold(&self, files: &[u32]) -> bool {
        let is_one = |one: u32, other: u32| one == other || self.0.contains(&pair(one, other));
        (0..files.len()).all(|index| files[..index].iter().all(|other| is_one(files[index], *other)))
    }
}

impl Vote {
    fn of(one: &Event, other: &Event, names: &Names) -> Self {
        let (thread, there) = (names.thread(one.thread), names.thread(other.thread));
        let is_same = |one: Option<Word>, other: Option<Word>| Some(one? == other?);
        let have_text = one.cues.has_text() && other.cues.has_text();
        let prompt = have_text.then(|| one.cues.fingerprint == other.cues.fingerprint);
        let told = [is_same(thread.user, there.user), is_same(thread.app, there.app), prompt];
        let (is_equal, differs) = (one.amount == other.amount, told.contains(&Some(false)));
        Self {
            is_unique: true,
            seconds: [second(one), second(other)],
            number: one.key >> 32,
            agrees: is_equal && told.contains(&Some(true)) && !differs,
            is_other: !is_equal && differs,
            said: (one.amount.nanos(), one.cues.fingerprint),
        }
    }

    fn moved(self) -> i64 {
        self.seconds[1] - self.seconds[0]
    }
}

fn pair(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

fn are_same(votes: &[Vote]) -> bool {
    let most =
        |holds: &dyn Fn(&Vote) -> bool| votes.iter().filter(|vote| holds(vote)).count() * 10 >= votes.len() * AGREEING;
    let of_zones = of_zones(votes);
    let tells_days = [0, 1].map(|file| tells_days(votes, file));
    let is_explained = |vote: &Vote| {
        let moved = vote.moved();
        let is_moved = of_zones.is_some_and(|zones| [-HOUR, 0, HOUR].contains(&(moved - zones)));
        moved.abs() < 60 || is_moved || tells_days.contains(&true) && moved.abs() <= DAY + ZONES
    };
    let is_other = votes.iter().filter(|vote| vote.is_other).count() * 2 > votes.len();
    let is_told = || {
        let said: FxHashSet<(i64, [u32; 2])> = votes.iter().map(|vote| vote.said).collect();
        said.len() > 1 && most(&|vote| vote.agrees)
    };
    most(&|vote| vote.is_unique) && most(&is_explained) && !is_other && (!may_count(votes) || is_told())
}

/// By how much most times are moved that are, where zones may differ by that.
fn of_zones(votes: &[Vote]) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for moved in votes.iter().map(|vote| vote.moved()).filter(|moved| moved.abs() >= 60) {
        *counts.entry(moved).or_default() += 1;
    }
    let (moved, _) = counts.into_iter().max_by_key(|(moved, count)| (*count, -moved.abs(), *moved))?;
    (moved % QUARTER == 0 && moved.abs() <= ZONES).then_some(moved)
}

/// Whether a file tells days: several, and all at one time of day, but for an hour in summer.
fn tells_days(votes: &[Vote], file: usize) -> bool {
    let days: FxHashSet<i64> = votes.iter().map(|vote| vote.seconds[file].div_euclid(DAY)).collect();
    let clocks: FxHashSet<i64> = votes.iter().map(|vote| vote.seconds[file].rem_euclid(DAY)).collect();
    let is_round = clocks.iter().all(|clock| clock % QUARTER == 0);
    let (first, last) = (clocks.iter().min(), clocks.iter().max());
    days.len() > 1 && is_round && first.zip(last).is_some_and(|(first, last)| [0, HOUR].contains(&(last - first)))
}

/// Whether ids may count the rows of their file: they end with different numbers, of which few are left out.
fn may_count(votes: &[Vote]) -> bool {
    let numbers: FxHashSet<u64> = votes.iter().map(|vote| vote.number).collect();
    let (first, last) = (numbers.iter().min().copied(), numbers.iter().max().copied());
    let range = last.unwrap_or(0) - first.unwrap_or(0);
    numbers.len() == votes.len() && range <= numbers.len() as u64 * SPARSE
}

/// The second in which an event was.
pub(super) fn second(event: &Event) -> i64 {
    event.at.nanos().div_euclid(1_000_000_000)
}
