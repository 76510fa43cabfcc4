//! Digests of events: by them bundles of one workspace find what stands in several of them.
use std::{
    collections::BTreeMap,
    hash::{BuildHasher as _, Hash},
};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::model::{
    event::{Event, TagId, Word},
    names::Names,
};

/// The digests of each workspace's events, in order.
pub type Digests = BTreeMap<Option<String>, Vec<u64>>;

/// Digests uses, refunds, grants, top-ups and expiries by what makes two rows of different exports one event: vendor,
/// workspace, meter, kind of entry, and the event's id in its second, else the moment and what tells the source's rows
/// apart, amounts left out.
pub fn of<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Digests {
    let tag_of = |id: TagId| {
        let tag = names.tag(id);
        hash((names.text(tag.account.provider), tag.account.meter.word(), tag.entry.word()))
    };
    let mut tags: FxHashMap<TagId, u64> = FxHashMap::default();
    let mut digests: FxHashMap<Option<Word>, Vec<u64>> = FxHashMap::default();
    for event in events {
        let kind = *tags.entry(event.tag).or_insert_with(|| tag_of(event.tag));
        let digest = if names.tag(event.tag).has_id {
            hash((kind, event.at.nanos().div_euclid(SECOND), event.key))
        } else {
            hash((kind, event.at.nanos(), event.key >> 32))
        };
        digests.entry(names.thread(event.thread).workspace).or_default().push(digest);
    }
    let in_order = digests.into_iter().map(|(workspace, mut digests)| {
        digests.sort_unstable();
        (names.text_of(workspace).map(str::to_owned), digests)
    });
    in_order.collect()
}

/// How many digests stand in both of two lists in order.
pub fn shared(one: &[u64], other: &[u64]) -> u64 {
    let (mut left, mut right, mut count) = (one.iter().peekable(), other.iter().peekable(), 0);
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => _ = left.next(),
            std::cmp::Ordering::Greater => _ = right.next(),
            std::cmp::Ordering::Equal => {
                count += 1;
                left.next();
                right.next();
            }
        }
    }
    count
}

const SECOND: i64 = 1_000_000_000;

fn hash(parts: impl Hash) -> u64 {
    FxBuildHasher.hash_one(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_lists_hold_is_counted_as_often_as_both_hold_it() {
        assert_eq!(shared(&[1, 2, 2, 5, 9], &[2, 2, 2, 3, 9]), 3);
        assert_eq!(shared(&[], &[1]), 0);
        assert_eq!(shared(&[1, 3], &[2, 4]), 0);
    }
}
