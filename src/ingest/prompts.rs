//! What becomes of a prompt before its text is dropped: cues, and beside the event what was asked to be kept.
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{
    cues::{
        self,
        pattern::Pattern,
        scan::{self, Said},
        topic,
        weights::Weights,
    },
    ingest::{Keep, Settings, value::key_of},
    model::{
        cues::Cues,
        event::{About, Event, TopicId},
        names::Names,
    },
};

/// How prompts are read.
#[derive(Debug, Clone, Default)]
pub struct Prompts {
    /// The weights of cues, where they are not those of this crate.
    pub weights: Option<Arc<Weights>>,
    /// Patterns that each prompt is compared with.
    pub patterns: Arc<[Pattern]>,
    /// Whether only the rows are wanted: then no prompt is read.
    pub are_skipped: bool,
}

/// What prompts are read into, remembered for those that come again: buttons, "try again", a template's sentences.
pub(super) struct Reader<'s> {
    settings: &'s Settings,
    known: FxHashMap<Box<str>, Read>,
}

/// What a prompt was read into.
#[derive(Debug, Clone, Copy)]
struct Read {
    cues: Cues,
    about: Topical,
}

/// What a prompt is about.
#[derive(Debug, Clone, Copy)]
enum Topical {
    /// Nobody asked yet.
    Unread,
    /// This, or nothing.
    Read(Option<TopicId>),
}

/// Longer prompts hardly ever come again.
const LONGEST: usize = 160;
/// So many prompts are remembered at a time.
const MOST: usize = 1 << 13;

impl<'s> Reader<'s> {
    /// A reader for one dictionary of names.
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, known: FxHashMap::default() }
    }

    /// Sets the cues of an event, and what it is about where no column tells.
    pub(super) fn read(&mut self, prompt: &str, event: &mut Event, names: &mut Names) {
        if self.settings.prompts.are_skipped {
            // Whatever tells rows apart tells them apart without cues, too.
            let hash = key_of(prompt);
            let [upper, lower] = [hash >> 32, hash & u64::from(u32::MAX)];
            event.cues.fingerprint = [upper, lower].map(|half| u32::try_from(half).unwrap_or_default());
            event.cues.length = 1;
            return;
        }
        let wants_topic = event.about.feature().is_none();
        let known = self.known.get_mut(prompt);
        let is_new = known.is_none();
        let mut fresh = Read { cues: Cues::default(), about: Topical::Unread };
        let read = known.unwrap_or(&mut fresh);
        if is_new {
            read.cues = self.settings.cues(prompt);
        }
        event.cues = read.cues;
        if wants_topic {
            let topic = match read.about {
                Topical::Read(topic) => topic,
                Topical::Unread => topic::read(prompt, names),
            };
            read.about = Topical::Read(topic);
            event.about = About::new(None, topic);
        }
        if is_new && prompt.len() <= LONGEST {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            self.known.insert(prompt.into(), fresh);
        }
    }
}

/// The text of rows, kept on request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptText {
    /// The event id as the export wrote it.
    pub id: Option<Box<str>>,
    /// The balance after it as the export wrote it.
    pub balance: Option<Box<str>>,
    /// Why it ended as it did, as the export wrote it.
    pub reason: Option<Box<str>>,
    /// The prompt.
    pub prompt: Option<Box<str>>,
    /// Phrases of the lexicon in the prompt.
    pub said: Box<[Said]>,
    /// Positions of the patterns that are in the prompt.
    pub patterns: Box<[u16]>,
}

/// The text of a row as its export wrote it, as far as it may be kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written<'t> {
    /// The event id.
    pub id: Option<&'t str>,
    /// The prompt.
    pub prompt: Option<&'t str>,
    /// The balance after it.
    pub balance: Option<&'t str>,
    /// Why it ended as it did.
    pub reason: Option<&'t str>,
}

impl Prompts {
    /// The weights to use.
    pub fn weights(&self) -> &Weights {
        self.weights.as_deref().unwrap_or_else(|| Weights::built_in())
    }
}

impl Settings {
    /// The cues of a prompt.
    pub fn cues(&self, prompt: &str) -> Cues {
        cues::read_with(prompt, self.prompts.weights())
    }

    /// What is kept beside an event; `None` where that is nothing.
    pub fn kept(&self, Written { id, prompt, balance, reason }: Written) -> Option<KeptText> {
        if self.keep == Keep::Nothing && self.prompts.patterns.is_empty() {
            return None;
        }
        let cell = |cell: Option<&str>| cell.filter(|_| self.keep != Keep::Nothing).map(Into::into);
        let kept = KeptText {
            id: cell(id),
            balance: cell(balance),
            reason: cell(reason),
            prompt: prompt.filter(|_| self.keep == Keep::IdsAndPrompts).map(Into::into),
            said: prompt.filter(|_| self.keep != Keep::Nothing).map(scan::said).unwrap_or_default().into(),
            patterns: prompt.map(|prompt| self.matches(prompt)).unwrap_or_default(),
        };
        (kept != KeptText::default()).then_some(kept)
    }

    fn matches(&self, prompt: &str) -> Box<[u16]> {
        if self.prompts.patterns.is_empty() {
            return Box::default();
        }
        let prompt = prompt.to_lowercase();
        let found = (0..).zip(self.prompts.patterns.iter()).filter(|(_, pattern)| pattern.is_in(&prompt));
        found.map(|(number, _)| number).collect()
    }
}
