//! Exports of overlapping periods hold the same events twice; here they are counted once.
//!
//! The rule: events of one moment with equal keys are the same event. Where the key is an event id, one stays. Where
//! it is what the source's rows are told apart by, the file whose last event is newest keeps all of its equal rows
//! (two genuinely equal events of one file both count) and the other files' rows are dropped.
use crate::model::{
    event::{Event, Place},
    instant::Instant,
    names::Names,
};

/// Drops duplicates from ordered events and returns where they stand.
pub(super) fn drop(events: &mut Vec<Event>, names: &Names, rank: &impl Fn(&Event) -> u32) -> Vec<Place> {
    let same = |a: &Event, b: &Event| a.at == b.at && a.key == b.key && rank(a) == rank(b);
    if !events.windows(2).any(|pair| same(&pair[0], &pair[1])) {
        return Vec::new();
    }
    let newest = newest_by_file(events);
    let mut kept = vec![true; events.len()];
    let mut start = 0;
    for run in events.chunk_by(same) {
        let best = run.iter().map(|event| (newest[event.place.file as usize], event.place)).max();
        if let Some((_, best)) = best.filter(|_| run.len() > 1) {
            let has_id = names.tag(run[0].tag).has_id;
            for (offset, event) in run.iter().enumerate() {
                kept[start + offset] = if has_id { event.place == best } else { event.place.file == best.file };
            }
        }
        start += run.len();
    }
    let dropped = events.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(event, _)| event.place).collect();
    let mut kept = kept.into_iter();
    events.retain(|_| kept.next().unwrap_or(true));
    dropped
}

/// The last instant of each file.
fn newest_by_file(events: &[Event]) -> Vec<Option<Instant>> {
    let n_files = events.iter().map(|event| event.place.file as usize + 1).max().unwrap_or(0);
    let mut newest = vec![None; n_files];
    for event in events {
        let last = &mut newest[event.place.file as usize];
        *last = (*last).max(Some(event.at));
    }
    newest
}
