//! The dictionaries behind the ids of events: each word, thread and tag is kept once.
use std::hash::{BuildHasher as _, Hash};

use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::model::{
    event::{About, Event, Tag, TagId, Thread, ThreadId, Topic, TopicId, Word},
    instant::Instant,
    text::trimmed,
};

/// Distinct values in order of first sight.
#[derive(Debug, Clone)]
pub struct Interner<T> {
    values: Vec<T>,
    positions: FxHashMap<T, u32>,
    /// The position of what was added last: rows of a kind stand together.
    latest: usize,
}

/// Every word, thread and tag that events refer to.
#[derive(Debug, Clone, Default)]
pub struct Names {
    words: Words,
    threads: Interner<Thread>,
    tags: Interner<Tag>,
    topics: Interner<Topic>,
    labels: FxHashMap<(Option<Word>, Word), (Instant, Word)>,
}

/// Distinct texts, each stored once behind the one before; the hash table holds positions only.
#[derive(Debug, Clone, Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
    table: HashTable<Known>,
}

/// A text of the table.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: u64,
    position: u32,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), positions: FxHashMap::default(), latest: 0 }
    }
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// The position of a value, added if it is new.
    fn add(&mut self, value: T) -> usize {
        if self.values.get(self.latest) == Some(&value) {
            return self.latest;
        }
        let next = u32::try_from(self.values.len()).expect("fewer than four thousand million combinations");
        let position = *self.positions.entry(value).or_insert(next);
        if position == next {
            self.values.push(value);
        }
        self.latest = position as usize;
        self.latest
    }
}

impl Words {
    fn at(&self, position: usize) -> &str {
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[position]]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|position| self.at(position))
    }

    fn find_hashed(&self, hash: u64, text: &str) -> Option<Word> {
        let found = self.table.find(hash, |known| known.hash == hash && self.at(known.position as usize) == text);
        found.map(|known| Word::from_index(known.position as usize))
    }

    fn find(&self, text: &str) -> Option<Word> {
        self.find_hashed(FxBuildHasher.hash_one(text), text)
    }

    fn add(&mut self, text: &str) -> Word {
        match self.find_hashed(FxBuildHasher.hash_one(text), text) {
            Some(word) => word,
            None => self.push(text),
        }
    }

    /// Adds a text whether or not it is there; it is found at its first place.
    fn push(&mut self, text: &str) -> Word {
        let hash = FxBuildHasher.hash_one(text);
        let word = Word::from_index(self.ends.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let known = Known { hash, position: word.number() - 1 };
        self.table.insert_unique(hash, known, |known| known.hash);
        word
    }
}

impl Names {
    /// The word of a text, added if it is new.
    pub fn word(&mut self, text: &str) -> Word {
        self.words.add(text)
    }

    /// The word of a text that is there already.
    pub fn known(&self, text: &str) -> Option<Word> {
        self.words.find(text)
    }

    /// The word of a text after trimming; `None` for blank.
    pub fn word_if_any(&mut self, text: &str) -> Option<Word> {
        let text = trimmed(text);
        (!text.is_empty()).then(|| self.word(text))
    }

    /// The id of a thread, added if it is new.
    pub fn thread_id(&mut self, thread: Thread) -> ThreadId {
        ThreadId::from_index(self.threads.add(thread))
    }

    /// The id of a tag, added if it is new.
    pub fn tag_id(&mut self, tag: Tag) -> TagId {
        TagId::from_index(self.tags.add(tag))
    }

    /// The id of a topic, added if it is new.
    pub fn topic_id(&mut self, topic: Topic) -> TopicId {
        TopicId::from_index(self.topics.add(topic))
    }

    /// What a prompt names.
    pub fn topic(&self, id: TopicId) -> &Topic {
        &self.topics.values[id.index()]
    }

    /// Remembers how an app with an id was called in a workspace at some time; its latest name is shown.
    pub fn label(&mut self, workspace: Option<Word>, id: Word, name: &str, at: Instant) {
        if let Some(name) = self.word_if_any(name) {
            self.set_label((workspace, id), name, at);
        }
    }

    fn set_label(&mut self, app: (Option<Word>, Word), name: Word, at: Instant) {
        let known = self.labels.get(&app).copied();
        let is_later = known.is_none_or(|(then, now)| (at, self.text(name)) > (then, self.text(now)));
        if is_later {
            self.labels.insert(app, (at, name));
        }
    }

    /// What to call an app of a workspace: its latest name, where its id has one, else the word itself.
    pub fn app_label(&self, workspace: Option<Word>, app: Word) -> &str {
        self.text(self.labels.get(&(workspace, app)).map_or(app, |(_, name)| *name))
    }

    /// The text of a word.
    pub fn text(&self, word: Word) -> &str {
        self.words.at(word.index())
    }

    /// The text of a word, if there is one.
    pub fn text_of(&self, word: Option<Word>) -> Option<&str> {
        word.map(|word| self.text(word))
    }

    /// Who and where.
    pub fn thread(&self, id: ThreadId) -> Thread {
        self.threads.values[id.index()]
    }

    /// What kind of row.
    pub fn tag(&self, id: TagId) -> &Tag {
        &self.tags.values[id.index()]
    }

    /// Every thread, by id.
    pub fn threads(&self) -> &[Thread] {
        &self.threads.values
    }

    /// Every tag, by id.
    pub fn tags(&self) -> &[Tag] {
        &self.tags.values
    }

    /// Every word, by id.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }

    /// Every topic, by id.
    pub fn topics(&self) -> &[Topic] {
        &self.topics.values
    }

    /// How an app of a workspace is called, and since when.
    pub fn label_of(&self, workspace: Option<Word>, app: Word) -> Option<(Instant, Word)> {
        self.labels.get(&(workspace, app)).copied()
    }

    /// How many words there are.
    pub fn n_words(&self) -> usize {
        self.words.ends.len()
    }

    /// The rank of each word in the order of its text, by position.
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.n_words()).map(|index| Word::from_index(index).number() - 1).collect();
        order.par_sort_unstable_by_key(|&index| self.words.at(index as usize));
        let mut ranks = vec![0; order.len()];
        for (rank, index) in (0..).zip(order) {
            ranks[index as usize] = rank;
        }
        ranks
    }

    /// Gives users other names, and rewrites the threads of all events; threads that become equal become one.
    pub fn rename_users(&mut self, mut rename: impl FnMut(&str) -> Option<String>, events: [&mut [Event]; 2]) {
        let mut users: Vec<Word> = self.threads.values.iter().filter_map(|thread| thread.user).collect();
        users.sort_unstable();
        users.dedup();
        let renamed: Vec<(Word, String)> =
            users.into_iter().filter_map(|user| Some((user, rename(self.text(user))?))).collect();
        if renamed.is_empty() {
            return;
        }
        let renamed: FxHashMap<Word, Word> = renamed.into_iter().map(|(user, name)| (user, self.word(&name))).collect();
        let new = |user: Word| renamed.get(&user).copied().unwrap_or(user);
        let mut threads = Vec::new();
        for thread in std::mem::take(&mut self.threads).values {
            threads.push(self.thread_id(Thread { user: thread.user.map(new), ..thread }));
        }
        for event in events.into_iter().flatten() {
            event.thread = threads[event.thread.index()];
        }
    }

    /// The names of users, some of them several times.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.threads.values.iter().filter_map(|thread| self.text_of(thread.user))
    }

    /// The names of workspaces, apps and sessions that are no users.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        let users: FxHashSet<Word> = self.threads.values.iter().filter_map(|thread| thread.user).collect();
        let labels = self.labels.values().map(|(_, name)| *name);
        let threads = self.threads.values.iter().flat_map(|thread| [thread.workspace, thread.app, thread.session]);
        let words: FxHashSet<Word> = threads.flatten().chain(labels).filter(|word| !users.contains(word)).collect();
        words.into_iter().map(|word| self.text(word))
    }

    /// Gives words other texts, wherever they stand; the names of vendors and models stay.
    pub fn rewrite(&mut self, mut text: impl FnMut(&str) -> Option<String>) {
        let tags = self.tags.values.iter();
        let fixed: FxHashSet<Word> = tags.flat_map(|tag| [Some(tag.account.provider), tag.model]).flatten().collect();
        let mut words = Words::default();
        for position in 0..self.n_words() {
            let (word, old) = (Word::from_index(position), self.words.at(position));
            let new = if fixed.contains(&word) { None } else { text(old) };
            words.push(new.as_deref().unwrap_or(old));
        }
        self.words = words;
    }

    /// Takes over another set of names, and tells how its ids are to be rewritten to this one's.
    pub fn absorb(&mut self, other: Self) -> Translation {
        if self.words.ends.is_empty() && self.threads.values.is_empty() && self.tags.values.is_empty() {
            *self = other;
            return Translation { is_needed: false, ..Translation::default() };
        }
        let words: Vec<Word> = other.words.iter().map(|text| self.word(text)).collect();
        let here = |word: Option<Word>| word.map(|word| words[word.index()]);
        for ((workspace, id), (at, name)) in &other.labels {
            self.set_label((here(*workspace), words[id.index()]), words[name.index()], *at);
        }
        let mut threads = Vec::with_capacity(other.threads.values.len());
        for thread in &other.threads.values {
            let Thread { workspace, user, app, session } = *thread;
            let thread =
                Thread { workspace: here(workspace), user: here(user), app: here(app), session: here(session) };
            threads.push(self.thread_id(thread));
        }
        let mut tags = Vec::with_capacity(other.tags.values.len());
        for tag in &other.tags.values {
            let mut tag = *tag;
            tag.account.provider = words[tag.account.provider.index()];
            tag.model = here(tag.model);
            tags.push(self.tag_id(tag));
        }
        let topics = other.topics.values.iter().map(|topic| self.topic_id(Topic(topic.0.map(here)))).collect();
        Translation { is_needed: true, words, threads, tags, topics }
    }
}

/// How the ids of absorbed names are rewritten.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    is_needed: bool,
    words: Vec<Word>,
    threads: Vec<ThreadId>,
    tags: Vec<TagId>,
    topics: Vec<TopicId>,
}

impl Translation {
    /// An event of the absorbed names in the words of the others.
    #[must_use]
    #[inline]
    pub fn of(&self, event: &Event) -> Event {
        if !self.is_needed {
            return *event;
        }
        let topic = event.about.topic().map(|topic| self.topics[topic.index()]);
        let feature = event.about.feature().map(|word| self.words[word.index()]);
        let (thread, tag) = (self.threads[event.thread.index()], self.tags[event.tag.index()]);
        Event { thread, tag, about: About::new(feature, topic), ..*event }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_kept_once() {
        let mut names = Names::default();
        let (ada, ben) = (names.word("ada"), names.word("ben"));
        assert_eq!(names.word("ada"), ada);
        assert_eq!((names.text(ada), names.text(ben), names.n_words()), ("ada", "ben", 2));
        assert_eq!(names.word_if_any("  "), None);
        assert_eq!(names.word_if_any(" ada "), Some(ada));
    }

    #[test]
    fn rewritten_words_keep_their_places() {
        let mut names = Names::default();
        let words = ["ada", "ben", "shop"].map(|text| names.word(text));
        names.rewrite(|text| (text != "shop").then(|| "somebody".to_owned()));
        assert_eq!(words.map(|word| names.text(word)), ["somebody", "somebody", "shop"]);
        assert_eq!((names.known("ada"), names.known("shop")), (None, Some(words[2])));
        assert_eq!(names.word("new"), Word::from_index(3));
    }

    #[test]
    fn ranks_follow_the_texts() {
        let mut names = Names::default();
        for text in ["m", "z", "a"] {
            names.word(text);
        }
        assert_eq!(names.ranks(), [1, 2, 0]);
    }
}
