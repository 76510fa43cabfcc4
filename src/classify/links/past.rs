//! What an app's earlier requests were about: the last 64 of them and the first, its words, its features.
use rustc_hash::FxHashMap;

use crate::cues::{form, lexicon::bit, topic};
use crate::model::{
    action::Action,
    cues::Cues,
    event::{Event, Topic, Word},
    names::Names,
};

/// How many requests are remembered: a bit each in a set.
const SIZE: usize = 64;
/// The slot of the first request of the app, which is never forgotten.
pub(super) const FIRST: usize = SIZE;
/// A feature remembers so many words.
const GROUP_WORDS: usize = 24;
/// So many of the latest requests are compared in any case.
const LATEST: usize = 4;
/// So many requests that share a word are compared, latest first.
const SHARING: usize = 16;

/// A request, as far as links need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) topic: Topic,
    pub(super) cues: Cues,
    pub(super) action: Action,
}

/// A request that was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remembered {
    pub(super) asked: Asked,
    /// Its feature within the app; none for questions about nothing in particular.
    pub(super) group: Option<u32>,
    /// Its position in the timeline.
    pub(super) position: u32,
    /// How many requests came before it.
    pub(super) number: u32,
}

/// A word of the app.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// How many requests held it.
    pub(super) count: u32,
    /// Which of the remembered requests hold it.
    slots: u64,
    /// The latest request with it.
    pub(super) latest: u32,
}

/// A feature.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// Its words: how often each, and the sum of its places in the topics.
    pub(super) words: Vec<(Word, u32, u32)>,
    /// How the feature column calls it.
    pub(super) told: Option<Word>,
    /// Its latest request.
    pub(super) latest: u32,
    /// How many requests it has.
    pub(super) count: u32,
    /// It holds the first request of the app, which asks for the whole.
    pub(super) is_whole: bool,
}

/// The past of an app.
#[derive(Debug, Default)]
pub(super) struct Past {
    slots: Vec<Remembered>,
    first: Option<Remembered>,
    pub(super) words: FxHashMap<Word, Known>,
    pub(super) groups: Vec<Group>,
    told: FxHashMap<Word, u32>,
    /// How many requests there were.
    pub(super) seen: u32,
}

impl Asked {
    /// Reads an event; where a feature column tells what it is about, the words of the feature stand for its things.
    pub(super) fn of(event: &Event, action: Action, names: &Names, told: &ToldTopics) -> Self {
        let topic = event.about.topic().map(|topic| *names.topic(topic));
        let topic = topic.or_else(|| event.about.feature().and_then(|feature| told.get(&feature).copied()));
        Self { topic: topic.unwrap_or_default(), cues: event.cues, action }
    }

    pub(super) fn is_button(&self) -> bool {
        self.cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0
    }

    pub(super) fn has(&self, group: &str) -> bool {
        self.cues.bits & bit(group) != 0
    }
}

/// The things in the name of each feature that a column tells.
pub(super) type ToldTopics = FxHashMap<Word, Topic>;

/// Reads the names of all features that columns tell.
pub(super) fn told_topics(events: &[Event], names: &mut Names) -> ToldTopics {
    let mut told = ToldTopics::default();
    for feature in events.iter().filter_map(|event| event.about.feature()) {
        told.entry(feature).or_insert_with(|| words_of(feature, names));
    }
    told
}

/// The things in the name of a feature; where it names none, the name itself.
fn words_of(told: Word, names: &mut Names) -> Topic {
    let mut found = Topic::default();
    let mut count = 0;
    let text = names.text(told).to_owned();
    topic::each_word(&text, |word| {
        let word = Some(names.word(word));
        if !found.0[..count].contains(&word) {
            found.0[count] = word;
            count += 1;
        }
        count < Topic::SIZE
    });
    if count == 0 {
        found.0[0] = Some(told);
    }
    found
}

impl Past {
    /// The remembered request of a slot.
    pub(super) fn at(&self, slot: usize) -> Option<&Remembered> {
        if slot == FIRST { self.first.as_ref() } else { self.slots.get(slot) }
    }

    /// How telling a word is: the rarer the more.
    pub(super) fn weight(&self, word: Word) -> f32 {
        let count = self.words.get(&word).map_or(0, |known| known.count);
        #[expect(clippy::cast_precision_loss, reason = "counts of requests of an app")]
        let (all, with) = (self.seen as f32, count as f32);
        ((all + 1.5) / (with + 0.5)).ln().max(0.0)
    }

    /// The slots worth comparing, the latest first: the last few, the latest that share a word, the first of the app.
    pub(super) fn candidates(&self, asked: &Asked) -> Vec<usize> {
        let sharing =
            asked.topic.words().filter_map(|word| self.words.get(&word)).fold(0, |set, known| set | known.slots);
        let count = self.slots.len();
        let mut found = Vec::with_capacity(LATEST + SHARING + 1);
        let mut found_sharing = 0;
        for back in 1..=count {
            let slot = (self.seen as usize - back) % SIZE;
            let shares = sharing & (1 << slot) != 0;
            if back <= LATEST || shares {
                found.push(slot);
                found_sharing += usize::from(shares);
            }
            if found_sharing == SHARING {
                break;
            }
        }
        if self.first.is_some_and(|first| !found.iter().any(|slot| self.slots[*slot].number == first.number)) {
            found.push(FIRST);
        }
        found
    }

    /// The feature that the column calls so.
    pub(super) fn group_told(&mut self, told: Word) -> u32 {
        if let Some(group) = self.told.get(&told) {
            return *group;
        }
        let group = self.add(Group { told: Some(told), ..Group::default() });
        self.told.insert(told, group);
        group
    }

    /// A new feature.
    pub(super) fn new_group(&mut self) -> u32 {
        let is_whole = self.seen == 0;
        self.add(Group { is_whole, ..Group::default() })
    }

    fn add(&mut self, group: Group) -> u32 {
        self.groups.push(group);
        u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX)
    }

    /// Remembers a request.
    pub(super) fn push(&mut self, asked: Asked, group: Option<u32>, position: u32) {
        let remembered = Remembered { asked, group, position, number: self.seen };
        let slot = self.seen as usize % SIZE;
        if let Some(old) = self.slots.get(slot) {
            for word in old.asked.topic.words() {
                if let Some(known) = self.words.get_mut(&word) {
                    known.slots &= !(1 << slot);
                }
            }
            self.slots[slot] = remembered;
        } else {
            self.slots.push(remembered);
        }
        self.first = self.first.or(Some(remembered));
        for word in asked.topic.words() {
            let known = self.words.entry(word).or_default();
            *known = Known { count: known.count + 1, slots: known.slots | 1 << slot, latest: self.seen };
        }
        if let Some(group) = group.and_then(|group| self.groups.get_mut(group as usize)) {
            group.latest = self.seen;
            group.count += 1;
            for (word, place) in asked.topic.words().zip(0..) {
                if let Some((_, count, places)) = group.words.iter_mut().find(|(known, ..)| *known == word) {
                    (*count, *places) = (*count + 1, *places + place);
                } else if group.words.len() < GROUP_WORDS {
                    group.words.push((word, 1, place));
                }
            }
        }
        self.seen += 1;
    }
}
