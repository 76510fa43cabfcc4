//! Resumed and forked sessions: a transcript that goes on from another one repeats its lines, so the same message of the
//! assistant stands in several files. Each message counts once, in the transcript that began first.
//!
//! A prompt that stands in several files under one id is one event with the use of all of them; a prompt whose every
//! message is counted elsewhere, or which used nothing and says the same at the same time, is a copy of the prompt there.
//! Both are booked as duplicates.
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{FileReport, batch::Batch},
    model::{amount::Amount, event::Event},
};

/// A message's part in the use of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Hash of the message's id.
    pub message: u64,
    /// Position of its event in the batch.
    pub event: usize,
    /// What it used.
    pub amount: Amount,
}

/// Counts each message once; `files` are the reports of the batches, in the same order.
pub(super) fn count_once(files: &mut [FileReport], batches: &mut [Batch]) {
    let mut order: Vec<usize> = (0..batches.len()).filter(|&index| !batches[index].parts.is_empty()).collect();
    if order.len() < 2 {
        return;
    }
    order.sort_by_key(|&index| (batches[index].period, index));
    let mut messages = FxHashSet::default();
    let mut prompts: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
    let mut earlier = FxHashSet::default();
    for index in order {
        let parts = std::mem::take(&mut batches[index].parts);
        let mut own = vec![Amount::ZERO; batches[index].events.len()];
        let mut state = vec![Copied::NoMessage; own.len()];
        let mut repeated = 0;
        for part in parts {
            if messages.insert(part.message) {
                own[part.event] = own[part.event].checked_add(part.amount).unwrap_or(own[part.event]);
                state[part.event] = Copied::No;
            } else {
                repeated += 1;
                state[part.event] = state[part.event].repeated();
            }
        }
        let mut dropped = vec![false; own.len()];
        for event in 0..own.len() {
            batches[index].events[event].amount = own[event];
            let Event { at, key, cues, .. } = batches[index].events[event];
            let is_known = earlier.contains(&(at, cues.fingerprint, cues.length));
            let is_copy = state[event] == Copied::Whole || state[event] == Copied::NoMessage && is_known;
            let first = prompts.get(&key).copied();
            dropped[event] = first.is_some() || is_copy;
            match first {
                Some((file, first)) => {
                    let target = &mut batches[file].events[first];
                    target.amount = target.amount.checked_add(own[event]).unwrap_or(target.amount);
                }
                // What is dropped itself can take nothing over.
                None if is_copy => (),
                None => {
                    prompts.insert(key, (index, event));
                }
            }
        }
        let said = |event: &Event| (event.at, event.cues.fingerprint, event.cues.length);
        earlier.extend(batches[index].events.iter().map(said));
        drop(&mut files[index], &mut batches[index], &mut prompts, index, &dropped, repeated);
    }
}

/// How much of an event stands in an earlier transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied {
    /// It has no message at all.
    NoMessage,
    /// Something of it is its own.
    No,
    /// All of it.
    Whole,
}

impl Copied {
    const fn repeated(self) -> Self {
        match self {
            Self::NoMessage | Self::Whole => Self::Whole,
            Self::No => Self::No,
        }
    }
}

/// Takes copies out of a batch and books them.
fn drop(
    file: &mut FileReport,
    batch: &mut Batch,
    prompts: &mut FxHashMap<u64, (usize, usize)>,
    index: usize,
    dropped: &[bool],
    repeated: u64,
) {
    let count = dropped.iter().filter(|dropped| **dropped).count() as u64;
    file.rows.accepted -= count;
    file.rows.duplicates += count;
    if repeated > 0 {
        file.notes.push(format!("{repeated} messages stand in an earlier transcript too and are counted there"));
    }
    let mut flags = dropped.iter();
    batch.events.retain(|_| !flags.next().copied().unwrap_or(false));
    for (event, kept) in batch.events.iter().enumerate() {
        if prompts.get(&kept.key).is_some_and(|(file, _)| *file == index) {
            prompts.insert(kept.key, (index, event));
        }
    }
}
