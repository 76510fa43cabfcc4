//! What an app's earlier requests were about: the last 64 of them and the first, its words, its features.
use rustc_hash::FxHashMap;

use crate::cues::{form, lexicon::bit, topic};
use crate::model::{
    action::Action,
    cues::Cues,
    event::{Event, Thread, Topic, Word},
    instant::Instant,
    names::Names,
};

/// How many requests are remembered: a bit each in a set.
const SIZE: usize = 64;
/// The slot of the first request of the app, which is never forgotten.
pub(super) const FIRST: usize = SIZE;
/// A feature remembers so many words.
const GROUP_WORDS: usize = 24;
/// What speaks against a request of another user.
const OTHER_USER: f32 = 1.0;
/// What speaks against a request of another thread.
const OTHER_SESSION: f32 = 0.5;
/// The same where it shares no thing.
const OTHER_SESSION_AND_THING: f32 = 2.0;
/// Words that share so many first letters may be forms of one.
const BEGINNING: usize = 5;
/// So many of the latest requests are compared in any case.
const LATEST: usize = 4;
/// So many requests that share a word are compared, latest first.
const SHARING: usize = 16;

/// A request, as far as links need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) topic: Topic,
    /// How each of its things begins, hashed; 0 for short words and after the last.
    beginnings: [u32; Topic::SIZE],
    pub(super) cues: Cues,
    pub(super) action: Action,
    pub(super) at: Instant,
    user: Option<Word>,
    session: Option<Word>,
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
    /// It comes back to nothing.
    pub(super) is_new: bool,
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
    /// Words that stand side by side in a topic, in their order, and how often.
    pub(super) pairs: Vec<([Word; 2], u32)>,
    /// How the feature column calls it.
    pub(super) told: Option<Word>,
    /// Its latest request.
    pub(super) latest: u32,
    /// How many requests it has.
    pub(super) count: u32,
    /// How many of them name a thing.
    pub(super) naming: u32,
    /// It begins with the first request of the app, which asks for the whole.
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
    /// The latest request that no button sent.
    pub(super) before_buttons: Option<u32>,
}

impl Asked {
    /// Reads an event; where a feature column tells what it is about, the words of the feature stand for its things.
    pub(super) fn of(event: &Event, action: Action, names: &Names, told: &ToldTopics) -> Self {
        let topic = event.about.topic().map(|topic| *names.topic(topic));
        let topic = topic.or_else(|| event.about.feature().and_then(|feature| told.get(&feature).copied()));
        let topic = topic.unwrap_or_default();
        let mut beginnings = [0; Topic::SIZE];
        for (beginning, word) in beginnings.iter_mut().zip(topic.words()) {
            *beginning = hash_of_beginning(names.text(word));
        }
        let Thread { user, session, .. } = names.thread(event.thread);
        Self { topic, beginnings, cues: event.cues, action, at: event.at, user, session }
    }

    /// What speaks against coming back to a request of somebody else or of another thread, in log-odds points. Set by
    /// hand: the histories that the weights were learned from have one author each and no threads.
    pub(super) fn bar(&self, other: &Self, shares_a_thing: bool) -> f32 {
        let differ = |ours: Option<Word>, theirs: Option<Word>| ours.is_some() && theirs.is_some() && ours != theirs;
        let user = if differ(self.user, other.user) { OTHER_USER } else { 0.0 };
        let session = match (differ(self.session, other.session), shares_a_thing) {
            (false, _) => 0.0,
            (true, true) => OTHER_SESSION,
            (true, false) => OTHER_SESSION_AND_THING,
        };
        user + session
    }

    /// How many of its things begin like one of another request's without being one of them.
    pub(super) fn beginnings_shared(&self, other: &Self) -> u8 {
        let ours = self.topic.words().zip(self.beginnings).filter(|(_, beginning)| *beginning != 0);
        let is_alike = |(word, beginning): &(Word, u32)| {
            !other.topic.words().any(|theirs| theirs == *word) && other.beginnings.contains(beginning)
        };
        ours.filter(is_alike).fold(0, |count, _| count + 1)
    }

    pub(super) fn is_button(&self) -> bool {
        self.cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0
    }

    pub(super) fn has(&self, group: &str) -> bool {
        self.cues.bits & bit(group) != 0
    }
}

/// "generate", "generator" and "generation" begin alike; words that are shorter than a beginning give 0.
fn hash_of_beginning(word: &str) -> u32 {
    let Some((end, _)) = word.char_indices().nth(BEGINNING - 1).map(|(at, letter)| (at + letter.len_utf8(), letter))
    else {
        return 0;
    };
    word[..end].bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)).max(1)
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

    /// The latest request.
    pub(super) fn last(&self) -> Option<&Remembered> {
        let before = self.seen.checked_sub(1)?;
        self.slots.get(before as usize % SIZE)
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

    /// A new feature; an app that begins with the making of something begins with the making of the whole.
    pub(super) fn new_group(&mut self, asked: &Asked) -> u32 {
        let is_whole = self.seen == 0 && asked.action == Action::Generation;
        self.add(Group { is_whole, ..Group::default() })
    }

    fn add(&mut self, group: Group) -> u32 {
        self.groups.push(group);
        u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX)
    }

    /// Remembers a request.
    pub(super) fn push(&mut self, asked: Asked, group: Option<u32>, position: u32, is_new: bool) {
        let remembered = Remembered { asked, group, position, number: self.seen, is_new };
        if !asked.is_button() {
            self.before_buttons = Some(self.seen);
        }
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
            group.naming += u32::from(asked.topic.words().next().is_some());
            for pair in asked.topic.words().zip(asked.topic.words().skip(1)).map(<[Word; 2]>::from) {
                if let Some((_, count)) = group.pairs.iter_mut().find(|(known, _)| *known == pair) {
                    *count += 1;
                } else if group.pairs.len() < GROUP_WORDS {
                    group.pairs.push((pair, 1));
                }
            }
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
