//! Tables cut by workspace, each piece as bytes: what travels between the workers of one audit. Put together again, the
//! pieces of a table are the table, less the rows of other workspaces.
use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        Columns, FileReport, Table,
        batch::{Batch, Second},
        resumed::Part,
        source::Source,
        table::evidence::Conventions,
    },
    model::{
        amount::Amount,
        event::{About, Event, Place, Tag, TagId, Thread, ThreadId, Topic, TopicId, Word},
        instant::Instant,
        names::Names,
        problem::RowCount,
        wire,
    },
};

/// So many events a piece holds at most: engines move pieces, and cut none.
const MOST: usize = 1 << 13;

/// A piece of a table: rows of one workspace, with the names that they need.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slice {
    /// The path of the table.
    pub file: String,
    /// Its place among the pieces of the table.
    pub number: u32,
    /// The workspace of all its rows.
    pub workspace: Option<String>,
    source: String,
    period: Option<(Instant, Instant)>,
    words: Vec<String>,
    threads: Vec<Thread>,
    tags: Vec<Tag>,
    topics: Vec<Topic>,
    labels: Vec<((Option<Word>, Word), Word, Instant)>,
    events: Vec<Event>,
    second: Vec<Option<Second>>,
    pool: Vec<Event>,
    balances: Vec<(Place, Amount)>,
    parts: Vec<Part>,
}

/// Cuts a table by workspace, and where there are many rows of one, again.
pub fn cut((file, batch): &Table) -> Vec<Slice> {
    let mut rows: FxHashMap<Option<Word>, [Vec<usize>; 2]> = FxHashMap::default();
    for (kind, events) in [&batch.events, &batch.pool].into_iter().enumerate() {
        for (index, event) in events.iter().enumerate() {
            let workspace = batch.names.thread(event.thread).workspace;
            rows.entry(workspace).or_default()[kind].push(index);
        }
    }
    let rows: BTreeMap<Option<&str>, [Vec<usize>; 2]> =
        rows.into_iter().map(|(workspace, rows)| (batch.names.text_of(workspace), rows)).collect();
    let balances: FxHashMap<u32, Amount> = batch.balances.iter().map(|(place, told)| (place.line, *told)).collect();
    let mut parts: FxHashMap<usize, Vec<Part>> = FxHashMap::default();
    for part in &batch.parts {
        parts.entry(part.event).or_default().push(*part);
    }
    let mut slices = Vec::new();
    for (workspace, [events, pool]) in rows {
        for start in (0..events.len().max(pool.len())).step_by(MOST) {
            let piece = |rows: &[usize]| rows[start.min(rows.len())..(start + MOST).min(rows.len())].to_vec();
            let (events, pool) = (piece(&events), piece(&pool));
            let mut cutter = Cutter::new(&batch.names);
            let mut slice = Slice {
                file: file.path.clone(),
                number: u32::try_from(slices.len()).unwrap_or(u32::MAX),
                workspace: workspace.map(str::to_owned),
                source: file.source.name.to_owned(),
                period: batch.period,
                words: Vec::new(),
                threads: Vec::new(),
                tags: Vec::new(),
                topics: Vec::new(),
                labels: Vec::new(),
                second: events.iter().filter(|_| !batch.second.is_empty()).map(|row| batch.second_of(*row)).collect(),
                parts: Vec::new(),
                events: events.iter().map(|row| cutter.event(&batch.events[*row])).collect(),
                pool: pool.iter().map(|row| cutter.event(&batch.pool[*row])).collect(),
                balances: Vec::new(),
            };
            if !parts.is_empty() {
                for (event, row) in events.iter().enumerate() {
                    slice.parts.extend(parts.get(row).into_iter().flatten().map(|part| Part { event, ..*part }));
                }
            }
            let told = slice.events.iter().chain(&slice.pool);
            slice.balances = told.filter_map(|event| Some((event.place, *balances.get(&event.place.line)?))).collect();
            cutter.finish(&mut slice);
            slices.push(slice);
        }
    }
    slices
}

/// The names that a piece needs, in the words of its own.
struct Cutter<'n> {
    all: &'n Names,
    own: Names,
    threads: FxHashMap<ThreadId, ThreadId>,
    tags: FxHashMap<TagId, TagId>,
    topics: FxHashMap<TopicId, TopicId>,
    labels: Vec<((Option<Word>, Word), Word, Instant)>,
}

impl<'n> Cutter<'n> {
    fn new(all: &'n Names) -> Self {
        let (threads, tags, topics) = Default::default();
        Self { all, own: Names::default(), threads, tags, topics, labels: Vec::new() }
    }

    fn word(&mut self, word: Option<Word>) -> Option<Word> {
        word.map(|word| self.own.word(self.all.text(word)))
    }

    fn event(&mut self, event: &Event) -> Event {
        let thread = self.threads.get(&event.thread).copied();
        let tag = self.tags.get(&event.tag).copied();
        let topic = event.about.topic().map(|id| self.topics.get(&id).copied().unwrap_or_else(|| self.topic(id)));
        let feature = self.word(event.about.feature());
        Event {
            thread: thread.unwrap_or_else(|| self.thread(event.thread)),
            tag: tag.unwrap_or_else(|| self.tag(event.tag)),
            about: About::new(feature, topic),
            place: Place { file: 0, ..event.place },
            ..*event
        }
    }

    fn thread(&mut self, id: ThreadId) -> ThreadId {
        let Thread { workspace, user, app, session } = self.all.thread(id);
        let label = app.and_then(|app| self.all.label_of(workspace, app));
        let [workspace, user, app, session] = [workspace, user, app, session].map(|word| self.word(word));
        if let (Some(app), Some((since, name))) = (app, label) {
            let name = self.own.word(self.all.text(name));
            self.labels.push(((workspace, app), name, since));
        }
        let own = self.own.thread_id(Thread { workspace, user, app, session });
        self.threads.insert(id, own);
        own
    }

    fn tag(&mut self, id: TagId) -> TagId {
        let mut tag = *self.all.tag(id);
        tag.account.provider = self.own.word(self.all.text(tag.account.provider));
        tag.model = self.word(tag.model);
        let own = self.own.tag_id(tag);
        self.tags.insert(id, own);
        own
    }

    fn topic(&mut self, id: TopicId) -> TopicId {
        let words = self.all.topic(id).0.map(|word| self.word(word));
        let own = self.own.topic_id(Topic(words));
        self.topics.insert(id, own);
        own
    }

    fn finish(mut self, slice: &mut Slice) {
        self.labels.sort_unstable();
        self.labels.dedup();
        slice.words = self.own.texts().map(str::to_owned).collect();
        slice.threads = self.own.threads().to_vec();
        slice.tags = self.own.tags().to_vec();
        slice.topics = self.own.topics().to_vec();
        slice.labels = self.labels;
    }
}

impl Slice {
    /// As bytes.
    ///
    /// # Errors
    /// When it cannot be written, which it always can.
    pub fn write(&self) -> anyhow::Result<Vec<u8>> {
        wire::write(self)
    }

    /// From bytes.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let slice: Self = wire::read(bytes)?;
        ensure!(slice.is_sound(), "the piece {} of {} is damaged", slice.number, slice.file);
        Ok(slice)
    }

    /// Its events, and its grants, top-ups and expiries.
    pub fn rows(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().chain(&self.pool)
    }

    /// The rows that are wanted; what they are parts of another row is left out.
    #[must_use]
    pub fn only(mut self, is_wanted: impl Fn(&Event) -> bool) -> Self {
        if !self.second.is_empty() {
            let mut kept = self.events.iter().map(&is_wanted);
            self.second.retain(|_| kept.next().unwrap_or(false));
        }
        self.events.retain(&is_wanted);
        self.pool.retain(&is_wanted);
        let lines: FxHashSet<u32> = self.rows().map(|event| event.place.line).collect();
        self.balances.retain(|(place, _)| lines.contains(&place.line));
        self.parts = Vec::new();
        self
    }

    /// Whether every id names something.
    fn is_sound(&self) -> bool {
        let is_word = |word: Option<Word>| word.is_none_or(|word| word.index() < self.words.len());
        let is_thread = |t: &Thread| [t.workspace, t.user, t.app, t.session].into_iter().all(is_word);
        let is_tag = |tag: &Tag| is_word(Some(tag.account.provider)) && is_word(tag.model);
        let is_event = |event: &Event| {
            event.thread.index() < self.threads.len()
                && event.tag.index() < self.tags.len()
                && is_word(event.about.feature())
                && event.about.topic().is_none_or(|topic| topic.index() < self.topics.len())
        };
        self.threads.iter().all(is_thread)
            && self.tags.iter().all(is_tag)
            && self.topics.iter().flat_map(|topic| topic.0).all(is_word)
            && self
                .labels
                .iter()
                .all(|((workspace, app), name, _)| [*workspace, Some(*app), Some(*name)].into_iter().all(is_word))
            && self.rows().all(is_event)
            && self.parts.iter().all(|part| part.event < self.events.len())
            && (self.second.is_empty() || self.second.len() == self.events.len())
    }

    /// The rows as those of a table, whose events come after some others.
    fn into_batch(self, before: usize) -> anyhow::Result<Batch> {
        let mut names = Names::default();
        for word in &self.words {
            names.word(word);
        }
        let ids = self.threads.iter().map(|thread| names.thread_id(*thread).index()).max();
        let tags = self.tags.iter().map(|tag| names.tag_id(*tag).index()).max();
        let topics = self.topics.iter().map(|topic| names.topic_id(*topic).index()).max();
        let counts = [names.n_words().checked_sub(1), ids, tags, topics];
        let lengths = [self.words.len(), self.threads.len(), self.tags.len(), self.topics.len()];
        let is_distinct =
            counts.into_iter().zip(lengths).all(|(last, length)| last.map_or(0, |last| last + 1) == length);
        ensure!(is_distinct, "the piece {} of {} is damaged: it names things twice", self.number, self.file);
        for ((workspace, app), name, since) in self.labels {
            let name = names.text(name).to_owned();
            names.label(workspace, app, &name, since);
        }
        let accepted = (self.events.len() + self.pool.len()) as u64;
        Ok(Batch {
            rows: RowCount { physical: accepted, accepted, ..RowCount::default() },
            events: self.events,
            second: self.second,
            pool: self.pool,
            names,
            period: self.period,
            balances: self.balances,
            parts: self.parts.into_iter().map(|part| Part { event: part.event + before, ..part }).collect(),
            ..Batch::default()
        })
    }
}

/// Puts pieces of tables together; of each table is told where its rows went as if it held no others.
///
/// # Errors
/// When a piece came twice, or is of a kind of file that is not known.
pub fn joined(mut slices: Vec<Slice>) -> anyhow::Result<Vec<Table>> {
    slices.sort_by(|a, b| (&a.file, a.number).cmp(&(&b.file, b.number)));
    if let Some(twice) =
        slices.windows(2).find(|pair| (&pair[0].file, pair[0].number) == (&pair[1].file, pair[1].number))
    {
        anyhow::bail!(
            "the piece {} of {} came twice: the engine repeated what it had handed over",
            twice[0].number,
            twice[0].file
        );
    }
    let mut tables = Vec::new();
    while let Some(first) = slices.first() {
        let file = first.file.clone();
        let source = Source::from_name(&first.source)
            .or_else(|| super::map::SOURCE.name.eq(&first.source).then_some(super::map::SOURCE));
        let source = source.with_context(|| format!("{file} is of an unknown kind, {:?}", first.source))?;
        let others = slices.split_off(slices.partition_point(|slice| slice.file == file));
        let mut before = 0;
        let mut batches = Vec::new();
        let mut all_parts = Vec::new();
        for slice in std::mem::replace(&mut slices, others) {
            let count = slice.events.len();
            let mut batch = slice.into_batch(before)?;
            all_parts.append(&mut batch.parts);
            before += count;
            batches.push(batch);
        }
        let batch = Batch { parts: all_parts, ..Batch::joined(batches) };
        tables.push((stub(file, source, &batch), batch));
    }
    Ok(tables)
}

/// What is known of a table of which there are pieces only.
fn stub(path: String, source: Source, batch: &Batch) -> FileReport {
    FileReport {
        path,
        sha256: String::new(),
        source,
        confidence: 1.0,
        columns: Columns::default(),
        rows: batch.rows,
        period: batch.period,
        measures: Vec::new(),
        problems: Vec::new(),
        conventions: Conventions::default(),
        notes: Vec::new(),
        told: Vec::new(),
    }
}
