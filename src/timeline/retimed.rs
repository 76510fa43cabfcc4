//! Exports that tell the time of the same ids otherwise: cut to the minute or the day, in another zone, or corrected.
//!
//! An id names an event whatever its time, but what stands in an id column may be a number of a row or the id of a chat.
//! So two files are believed to mean the same events if, of the ids that both hold once each and that are no mere numbers, nine
//! in ten stand in the same second, or within the widest difference of zones with the same amount, person, app and
//! prompt as far as both tell these, and at least one of the last three.
use rustc_hash::FxHashMap;

use crate::model::{
    event::{Event, Word},
    names::Names,
};

/// The widest difference of two zones, in nanoseconds.
const ZONES: u64 = 26 * 3_600 * 1_000_000_000;
/// So many in ten of the shared ids must agree.
const AGREEING: u64 = 9;

/// Votes of shared ids, by pairs of files.
#[derive(Debug, Default)]
pub(super) struct Retimed(FxHashMap<(u32, u32), Votes>);

#[derive(Debug, Default, Clone, Copy)]
struct Votes {
    agree: u64,
    differ: u64,
}

impl Retimed {
    /// Counts an id: its rows, those of a file beside each other.
    pub(super) fn count(&mut self, rows: &[&Event], names: &Names) {
        let by_file: Vec<&[&Event]> = rows.chunk_by(|a, b| a.place.file == b.place.file).collect();
        for (index, ones) in by_file.iter().enumerate() {
            for others in &by_file[..index] {
                let votes = self.0.entry(pair(ones[0].place.file, others[0].place.file)).or_default();
                let do_agree = matches!((ones, others), ([one], [other]) if are_one(one, other, names));
                *(if do_agree { &mut votes.agree } else { &mut votes.differ }) += 1;
            }
        }
    }

    /// Whether all files of some rows mean the same events by their ids.
    pub(super) fn hold(&self, files: &[u32]) -> bool {
        let is_one = |one: u32, other: u32| {
            self.0
                .get(&pair(one, other))
                .is_some_and(|votes| votes.agree * 10 >= (votes.agree + votes.differ) * AGREEING)
        };
        let of_pairs =
            |index: usize| files[..index].iter().all(|other| *other == files[index] || is_one(files[index], *other));
        (0..files.len()).all(of_pairs)
    }
}

fn pair(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

fn are_one(one: &Event, other: &Event, names: &Names) -> bool {
    if second(one) == second(other) {
        return true;
    }
    let (thread, there) = (names.thread(one.thread), names.thread(other.thread));
    let is_same = |one: Option<Word>, other: Option<Word>| Some(one? == other?);
    let prompt = (one.cues.has_text() && other.cues.has_text()).then(|| one.cues.fingerprint == other.cues.fingerprint);
    let told = [is_same(thread.user, there.user), is_same(thread.app, there.app), prompt];
    let is_near = one.at.nanos().abs_diff(other.at.nanos()) <= ZONES;
    is_near && one.amount == other.amount && told.contains(&Some(true)) && !told.contains(&Some(false))
}

/// The second in which an event was.
pub(super) fn second(event: &Event) -> i64 {
    event.at.nanos().div_euclid(1_000_000_000)
}
