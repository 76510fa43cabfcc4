//! One consumption event in 64 bytes: ids, amounts and cues, no text.
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::model::{
    account::{Basis, Entry, Kind, Meter, Status, Unit, ZeroCause},
    amount::Amount,
    cues::Cues,
    instant::Instant,
};

/// A word of the dictionary, see [`crate::model::names::Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Word(NonZeroU32);

/// A combination of workspace, user, app and session column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ThreadId(u32);

/// A combination of what does not vary much from row to row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TagId(u32);

/// What a prompt names, see [`Topic`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TopicId(u32);

/// The things a prompt names, in order: words in their base form, "none" after the last. No sentence can be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Topic(pub [Option<Word>; Topic::SIZE]);

/// What an event is about, as far as the export tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct About(u32);

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Position among the input files.
    pub file: u32,
    /// Physical line, from 1.
    pub line: u32,
}

/// A consumption event.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    pub at: Instant,
    /// How much it consumed, in the unit of its tag.
    pub amount: Amount,
    /// Hash of the event id, else of what identifies the row: equal events have equal keys, and where amounts are part of
    /// them, the upper half is without.
    pub key: u64,
    /// Who and where.
    pub thread: ThreadId,
    /// What kind of row.
    pub tag: TagId,
    /// What it is about: the feature column, else what its prompt names.
    pub about: About,
    /// The file and line it was read from.
    pub place: Place,
    /// What its prompt said, as far as classification needs it.
    pub cues: Cues,
}

const _: () = assert!(size_of::<Event>() <= 64, "a hundred million events fit one machine");

/// Who worked where, as the export tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Thread {
    /// The workspace that holds the pool.
    pub workspace: Option<Word>,
    /// The person; none for automations.
    pub user: Option<Word>,
    /// The app that is built.
    pub app: Option<Word>,
    /// The session column.
    pub session: Option<Word>,
}

/// What an event shares with many others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tag {
    /// The account the amount is booked on.
    pub account: Account,
    /// Kind of entry.
    pub entry: Entry,
    /// How the amount came about.
    pub basis: Basis,
    /// The builder's word for the action.
    pub kind: Kind,
    /// How it ended.
    pub status: Status,
    /// The language model.
    pub model: Option<Word>,
    /// True where the key is the hash of an event id that the export gave.
    pub has_id: bool,
    /// True where the event is a day's or a bucket's total: it has no session and no class.
    pub is_aggregate: bool,
}

/// What amounts are added up by; amounts of different accounts are never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The vendor.
    pub provider: Word,
    /// The meter.
    pub meter: Meter,
    /// The unit.
    pub unit: Unit,
}

impl Tag {
    /// Why an event of this tag cost nothing; `None` where it cost something.
    pub fn zero_cause(&self, amount: Amount) -> Option<ZeroCause> {
        if !amount.is_zero() {
            return None;
        }
        Some(match (self.kind, self.status, self.basis) {
            (Kind::VisualEdit, ..) => ZeroCause::ManualEdit,
            (Kind::AutoFix, ..) => ZeroCause::AutomaticFix,
            (Kind::Command, ..) => ZeroCause::Command,
            (_, Status::Uncounted, _) => ZeroCause::Unknown,
            (_, Status::Blocked, _) => ZeroCause::Blocked,
            (_, Status::Failed | Status::Cancelled, _) => ZeroCause::Errored,
            (.., Basis::Included) => ZeroCause::Included,
            (.., Basis::Waived) => ZeroCause::Waived,
            _ => ZeroCause::Free,
        })
    }
}

impl Topic {
    /// How many things are kept.
    pub const SIZE: usize = 8;

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.0.iter().map_while(|word| *word)
    }
}

impl About {
    const TOPIC: u32 = 1 << 31;

    /// A feature that the export tells; without one, what the prompt names.
    ///
    /// # Panics
    /// Beyond two thousand million words.
    pub fn new(feature: Option<Word>, topic: Option<TopicId>) -> Self {
        let (number, mark) = match (feature, topic) {
            (Some(feature), _) => (feature.number(), 0),
            (None, Some(topic)) => (topic.0, Self::TOPIC),
            (None, None) => return Self::default(),
        };
        assert!(number < Self::TOPIC, "a dictionary holds less than two thousand million words");
        Self(number | mark)
    }

    /// The feature that the export tells.
    pub fn feature(self) -> Option<Word> {
        if self.0 & Self::TOPIC == 0 { Word::from_number(self.0) } else { None }
    }

    /// What the prompt names, where the export tells no feature.
    pub fn topic(self) -> Option<TopicId> {
        (self.0 & Self::TOPIC != 0).then_some(TopicId(self.0 & !Self::TOPIC))
    }
}

impl From<Option<Word>> for About {
    fn from(feature: Option<Word>) -> Self {
        Self::new(feature, None)
    }
}

impl Word {
    /// The word at a position of the dictionary.
    ///
    /// # Panics
    /// Beyond four thousand million words.
    pub fn from_index(index: usize) -> Self {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        Self(number.expect("a dictionary holds less than four thousand million words"))
    }

    /// The position in the dictionary.
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// The number of this word; 0 is left for "none".
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// The word of a number; `None` for 0.
    pub fn from_number(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
}

macro_rules! id {
    ($name:ident) => {
        impl $name {
            /// The id of a position.
            ///
            /// # Panics
            /// Beyond four thousand million.
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than four thousand million combinations"))
            }

            /// The position.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(ThreadId);
id!(TagId);
id!(TopicId);
