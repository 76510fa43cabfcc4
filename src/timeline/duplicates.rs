//! Exports of overlapping periods hold the same events twice; here they are counted once.
//!
//! With an event id: events of one vendor, workspace, meter and kind of entry with the same id in the same second are
//! the same event, whatever app or amount an export gives them; the export whose last event is newest is believed, and
//! in one file only exact repetitions are dropped.
//!
//! Without one: rows are told apart by what their source names (time, user, model ...). A row that stands in two files
//! is one event only if the files really overlap: at least two rows are shared, and they are at least half of what one of
//! the two holds in the period of the other. Two genuinely equal rows of one file both count.
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::model::{
    account::{Entry, Meter},
    amount::Amount,
    event::{Event, Place, Word},
    instant::Instant,
    names::Names,
};

/// The first and last instant of a file.
type Period = Option<(Instant, Instant)>;

/// Drops duplicates from ordered events and returns where they stand.
pub(super) fn drop(events: &mut Vec<Event>, names: &Names, rank: &impl Fn(&Event) -> u32) -> Vec<Place> {
    let mut kept = vec![true; events.len()];
    let periods = periods(events);
    by_id(events, names, &periods, &mut kept);
    by_content(events, names, &periods, rank, &mut kept);
    if kept.iter().all(|kept| *kept) {
        return Vec::new();
    }
    let dropped = events.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(event, _)| event.place).collect();
    let mut kept = kept.into_iter();
    events.retain(|_| kept.next().unwrap_or(true));
    dropped
}

/// How new a file is: its last instant, then its position.
fn newness(periods: &[Period], file: u32) -> (Option<Instant>, u32) {
    (periods[file as usize].map(|(_, last)| last), file)
}

/// Whether any key stands twice: nearly always none does, and then nothing needs to be compared.
fn may_repeat(events: &[Event]) -> bool {
    let mut keys: Vec<u64> = events.par_iter().map(|event| event.key).collect();
    keys.par_sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// What events of one id share.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    provider: Word,
    workspace: Option<Word>,
    meter: Meter,
    entry: Entry,
    key: u64,
    second: i64,
}

fn by_id(events: &[Event], names: &Names, periods: &[Period], kept: &mut [bool]) {
    if !may_repeat(events) {
        return;
    }
    let with_id = events.iter().enumerate().filter(|(_, event)| names.tag(event.tag).has_id);
    let mut best: FxHashMap<Identity, u32> = FxHashMap::default();
    let mut seen: FxHashMap<(Identity, Amount), usize> = FxHashMap::default();
    let identity = |event: &Event| {
        let tag = names.tag(event.tag);
        Identity {
            provider: tag.account.provider,
            workspace: names.thread(event.thread).workspace,
            meter: tag.account.meter,
            entry: tag.entry,
            key: event.key,
            second: event.at.nanos().div_euclid(1_000_000_000),
        }
    };
    if periods.iter().flatten().count() > 1 {
        for (_, event) in with_id.clone() {
            let file = event.place.file;
            let newest = best.entry(identity(event)).or_insert(file);
            if newness(periods, file) > newness(periods, *newest) {
                *newest = file;
            }
        }
    }
    for (index, event) in with_id {
        let is_of_newest = best.get(&identity(event)).is_none_or(|file| *file == event.place.file);
        let is_first = is_of_newest && *seen.entry((identity(event), event.amount)).or_insert(index) == index;
        kept[index] = is_first;
    }
}

fn by_content(events: &[Event], names: &Names, periods: &[Period], rank: &impl Fn(&Event) -> u32, kept: &mut [bool]) {
    if periods.iter().flatten().count() < 2 {
        return;
    }
    let same = |a: &Event, b: &Event| a.at == b.at && a.key == b.key && rank(a) == rank(b);
    let mut shared: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
    let mut start = 0;
    for run in events.chunk_by(same) {
        let newest = run.iter().map(|event| newness(periods, event.place.file)).max();
        if let Some((_, newest)) = newest.filter(|_| run.len() > 1 && !names.tag(run[0].tag).has_id) {
            for (offset, event) in run.iter().enumerate().filter(|(_, event)| event.place.file != newest) {
                shared.entry((newest, event.place.file)).or_default().push(start + offset);
            }
        }
        start += run.len();
    }
    let mut within: FxHashMap<u32, Vec<(u32, usize)>> = FxHashMap::default();
    for (newer, older) in shared.keys() {
        within.entry(*older).or_default().push((*newer, 0));
        within.entry(*newer).or_default().push((*older, 0));
    }
    for event in events {
        for (other, count) in within.get_mut(&event.place.file).into_iter().flatten() {
            let inside = periods[*other as usize].is_some_and(|(first, last)| (first..=last).contains(&event.at));
            *count += usize::from(inside);
        }
    }
    for ((newer, older), rows) in shared {
        let count =
            |of: u32, other: u32| within[&of].iter().find(|(file, _)| *file == other).map_or(0, |(_, count)| *count);
        if rows.len() > 1 && rows.len() * 2 >= count(older, newer).min(count(newer, older)) {
            for index in rows {
                kept[index] = false;
            }
        }
    }
}

/// The period of each file.
fn periods(events: &[Event]) -> Vec<Period> {
    let n_files = events.iter().map(|event| event.place.file as usize + 1).max().unwrap_or(0);
    let mut periods: Vec<Period> = vec![None; n_files];
    for event in events {
        let period = &mut periods[event.place.file as usize];
        *period = Some(period.map_or((event.at, event.at), |(first, last)| (first.min(event.at), last.max(event.at))));
    }
    periods
}
