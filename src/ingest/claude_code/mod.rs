//! Claude Code's session transcripts: one JSON object a line; prompts and consumption together.
//!
//! One event a user prompt. Its consumption is that of the assistant's messages until the next prompt. The transcript
//! writes a line for each block of a message and repeats the usage on each, so a message counts once, by its last
//! line. Use before any prompt, and use in a side chain (a sub-agent), is an event of its own without a prompt.
mod line;

use rustc_hash::FxHashMap;

use crate::{
    ingest::{
        Settings,
        batch::{Batch, Measure, RowError, summed},
        folder,
        prompts::KeptText,
        prompts::Written,
        resumed::Part,
        source::{Shape, Source},
        token_prices::{self, Tokens},
        value::{instant::Instants, key_of},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Total,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
        names::Names,
        zone::Zone,
    },
};
use line::{Line, Meaning, Use};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "claude-code",
    about: "Claude Code: session transcripts, ~/.claude/projects/**/*.jsonl",
    same_event: "prompts with the same id are one event; each message of the assistant counts once, in the transcript that began first",
    shape: Shape::Lines { is_own: is_transcript, read },
};

const PROVIDER: &str = "claude-code";
/// Shorter messages tell nothing of how their tokens were counted.
const LONG: usize = 400;
/// So many bytes of English or of code are a token.
const BYTES_A_TOKEN: usize = 4;
/// A count that is so many times too small is none of the whole message, whatever the language.
const FEW_TIMES: usize = 3;
/// How many lines are looked at to tell a transcript.
const LINES_LOOKED_AT: usize = 50;

/// Whether a text is a transcript: its first lines are JSON objects, and one is a session's user or assistant line.
pub fn is_transcript(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT);
    let mut found = false;
    for line in lines {
        match line::parse(line) {
            Ok(line) => found |= line.is_of_a_session(),
            Err(_) if found => return true,
            Err(_) => return false,
        }
    }
    found
}

/// An event under construction.
struct Open {
    at: Instant,
    line: u32,
    key: u64,
    thread: Thread,
    cues: Cues,
    about: About,
    kind: Kind,
    status: Status,
    kept: Option<KeptText>,
}

/// A message's use, kept once by the last line that tells it.
struct Message {
    /// Hash of its id.
    key: u64,
    event: usize,
    tokens: Tokens,
    model: Option<String>,
    /// How many bytes of it the transcript holds.
    length: usize,
}

impl Message {
    /// Whether its count was written down before it was complete: a token is about four bytes, so so much text has more.
    fn is_cut_short(&self) -> bool {
        let told = usize::try_from(self.tokens.output).unwrap_or(usize::MAX);
        self.length >= LONG && self.length / BYTES_A_TOKEN / FEW_TIMES > told
    }
}

/// Reads one transcript.
struct Reader<'s> {
    settings: &'s Settings,
    batch: Batch,
    instants: Instants,
    events: Vec<Open>,
    messages: Vec<Message>,
    by_id: FxHashMap<String, usize>,
    /// The prompt that use belongs to now.
    prompt: Option<usize>,
    /// Events of side chains since that prompt, by agent.
    side_chains: FxHashMap<(Option<usize>, String), usize>,
    /// The event of use before any prompt.
    unprompted: Option<usize>,
    /// Where the session began: its folder names the app and the person.
    folder: Option<String>,
}

/// Reads a transcript; each line that fails is a problem.
pub fn read(text: &str, settings: &Settings) -> Batch {
    let mut reader = Reader {
        settings,
        batch: Batch::default(),
        instants: Instants::new(Some(Zone::utc())),
        events: Vec::new(),
        messages: Vec::new(),
        by_id: FxHashMap::default(),
        prompt: None,
        side_chains: FxHashMap::default(),
        unprompted: None,
        folder: None,
    };
    for (number, text) in (1..).zip(text.lines()) {
        reader.batch.rows.physical += 1;
        if text.trim().is_empty() {
            reader.batch.rows.skipped += 1;
        } else if let Err(error) = reader.line(number, text) {
            reader.batch.reject(number, error, Vec::new());
        }
    }
    reader.finish()
}

impl Reader<'_> {
    /// Reads a line and books it as accepted or folded.
    fn line(&mut self, number: u32, text: &str) -> Result<(), RowError> {
        let line = line::parse(text).map_err(RowError::row)?;
        if let Some(Ok(at)) = line.timestamp.as_deref().map(|text| self.instants.read(text)) {
            self.batch.saw(at);
        }
        if self.folder.is_none() {
            self.folder.clone_from(&line.cwd);
        }
        let is_new_event = match line.meaning()? {
            Meaning::Prompt(prompt) => {
                // Use after a prompt that cannot be placed is not that of the prompt before it.
                self.prompt = None;
                let at = self.at(&line)?;
                self.prompt = Some(self.open(number, at, &line, Some(&prompt)));
                true
            }
            Meaning::Refusal => {
                let refused = self.prompt.take();
                if let Some(event) = refused {
                    self.events[event].status = Status::Blocked;
                }
                let at = self.at(&line)?;
                let note = self.open(number, at, &line, None);
                self.events[note].kind = Kind::Command;
                self.prompt = Some(note);
                true
            }
            Meaning::Interruption => {
                if let Some(event) = self.prompt {
                    self.events[event].status = Status::Cancelled;
                }
                false
            }
            Meaning::Use(used) => self.use_of(number, &line, used)?,
            Meaning::Nothing => false,
        };
        self.batch.rows.accepted += u64::from(is_new_event);
        self.batch.rows.folded += u64::from(!is_new_event);
        Ok(())
    }

    fn at(&mut self, line: &Line) -> Result<Instant, RowError> {
        let text = line.timestamp.as_deref().unwrap_or("");
        self.instants.read(text).map_err(|cause| RowError::cell("timestamp", text, cause))
    }

    /// Books a message's use; true where it opened an event of its own.
    fn use_of(&mut self, number: u32, line: &Line, used: Use) -> Result<bool, RowError> {
        if let Some(&known) = self.by_id.get(&used.message) {
            let message = &mut self.messages[known];
            message.tokens = used.tokens;
            message.model = used.model.or(message.model.take());
            message.length += used.length;
            return Ok(false);
        }
        let (event, is_new) = if line.is_side_chain {
            let agent = (self.prompt, line.agent.clone().unwrap_or_default());
            self.side_chains.get(&agent).copied().map_or_else(
                || {
                    let at = self.at(line)?;
                    let event = self.open(number, at, line, None);
                    self.side_chains.insert(agent, event);
                    Ok::<_, RowError>((event, true))
                },
                |event| Ok((event, false)),
            )?
        } else if let Some(event) = self.prompt.or(self.unprompted) {
            (event, false)
        } else {
            let at = self.at(line)?;
            let event = self.open(number, at, line, None);
            self.unprompted = Some(event);
            (event, true)
        };
        let key = key_of(&used.message);
        self.by_id.insert(used.message, self.messages.len());
        self.messages.push(Message { key, event, tokens: used.tokens, model: used.model, length: used.length });
        Ok(is_new)
    }

    fn open(&mut self, number: u32, at: Instant, line: &Line, prompt: Option<&str>) -> usize {
        let folder = self.folder.as_deref().unwrap_or("");
        let names = &mut self.batch.names;
        let thread = Thread {
            workspace: None,
            user: folder::person(folder).and_then(|person| names.word_if_any(person)),
            app: names.word_if_any(folder::app(folder)),
            session: line.session.as_deref().and_then(|session| names.word_if_any(session)),
        };
        let id = line.uuid.clone().unwrap_or_default();
        let id_told = Some(id.as_str()).filter(|id| !id.is_empty());
        let kept = self.settings.kept(Written { id: id_told, prompt, ..Written::default() });
        self.events.push(Open {
            at,
            line: number,
            key: if id.is_empty() { key_of((at, prompt)) } else { key_of(&id) },
            thread,
            cues: prompt.map(|prompt| self.settings.cues(prompt)).unwrap_or_default(),
            about: prompt.map_or_else(About::default, |prompt| crate::cues::topic_of(prompt, names)),
            kind: Kind::Unknown,
            status: Status::Unknown,
            kept,
        });
        self.events.len() - 1
    }

    /// Turns what was collected into events and sums.
    fn finish(mut self) -> Batch {
        let mut tokens = vec![Tokens::default(); self.events.len()];
        let mut models: Vec<Option<String>> = vec![None; self.events.len()];
        for message in &mut self.messages {
            tokens[message.event] = tokens[message.event].plus(message.tokens);
            let model = message.model.take();
            let slot = &mut models[message.event];
            *slot = slot.take().or(model);
        }
        let cut_short = self.messages.iter().filter(|message| message.is_cut_short()).count() as u64;
        let events = std::mem::take(&mut self.events);
        let mut positions = Vec::with_capacity(events.len());
        for ((open, tokens), model) in events.into_iter().zip(&tokens).zip(models) {
            positions.push(self.close(open, *tokens, model));
        }
        let part = |message: &Message| {
            let amount = token_prices::of("anthropic").equivalents(message.tokens)?;
            Some(Part { message: message.key, event: positions[message.event]?, amount })
        };
        self.batch.parts = self.messages.iter().filter_map(part).collect();
        let mut batch = self.batch;
        sum_raw_kinds(&mut batch, &tokens);
        let names = &batch.names;
        let part = |event: &Event| measure(names, event);
        let sums = summed(batch.events.iter(), |event| event.tag, part);
        for sum in sums {
            batch.measure(sum);
        }
        if !batch.events.is_empty() {
            let weights = token_prices::of("anthropic");
            batch.remark(&format!(
                "audited in input-token equivalents: kinds of tokens weighted by their relative price of {}",
                weights.dated
            ));
            batch.note(
                cut_short,
                "messages tell fewer output tokens than a third of their own text: they were counted before they were \
                 complete, so the true use is higher",
            );
            batch.remark("users and apps are the home and the working folder that the transcript names");
        }
        batch
    }

    /// Adds an event to the batch and returns its position; `None` where its use is beyond the range.
    fn close(&mut self, open: Open, tokens: Tokens, model: Option<String>) -> Option<usize> {
        let Some(amount) = token_prices::of("anthropic").equivalents(tokens) else {
            self.batch.rows.accepted -= 1;
            let error = RowError::row("its tokens are beyond the range of amounts");
            self.batch.reject(open.line, error, Vec::new());
            return None;
        };
        let place = Place { file: 0, line: open.line };
        if let Some(kept) = open.kept {
            self.batch.kept.insert(place, kept);
        }
        let names = &mut self.batch.names;
        let tag = Tag {
            account: account(names),
            entry: Entry::Usage,
            basis: Basis::List,
            kind: open.kind,
            status: open.status,
            model: model.and_then(|model| names.word_if_any(&model)),
            has_id: true,
            is_aggregate: false,
        };
        self.batch.events.push(Event {
            at: open.at,
            amount,
            key: open.key,
            thread: names.thread_id(open.thread),
            tag: names.tag_id(tag),
            about: open.about,
            place,
            cues: open.cues,
        });
        Some(self.batch.events.len() - 1)
    }
}

fn account(names: &mut Names) -> Account {
    Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Tokens }
}

fn measure(names: &Names, event: &Event) -> Measure {
    Measure {
        provider: names.text(names.tag(event.tag).account.provider).to_owned(),
        meter: Meter::Message,
        unit: Unit::Tokens,
        basis: Basis::List,
        name: "input-token equivalents".to_owned(),
        amount: event.amount.into(),
    }
}

/// The four raw counts, as the transcript names them.
fn sum_raw_kinds(batch: &mut Batch, tokens: &[Tokens]) {
    let all = tokens.iter().fold(Tokens::default(), |sum, part| sum.plus(*part));
    let kinds = [
        ("input_tokens", all.input),
        ("cache_creation_input_tokens", all.cache_write),
        ("cache_read_input_tokens", all.cache_read),
        ("output_tokens", all.output),
    ];
    for (name, count) in kinds {
        let amount = Total::from_units(count);
        let (provider, name) = (PROVIDER.to_owned(), name.to_owned());
        batch.measure(Measure {
            provider,
            meter: Meter::Message,
            unit: Unit::Tokens,
            basis: Basis::List,
            name,
            amount,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{inspected, settings};

    #[test]
    fn counts_that_are_too_small_for_their_text_are_told() {
        let asked = r#"{"type":"user","sessionId":"s","uuid":"u","timestamp":"2026-02-01T08:00:00Z","message":{"role":"user","content":"Explain"}}"#;
        let remarks = |output: u64| {
            let (text, head) =
                ("word ".repeat(200), r#"{"type":"assistant","sessionId":"s","timestamp":"2026-02-01T08:00:01Z""#);
            let content = format!(r#"[{{"type":"text","text":"{text}"}}]"#);
            let usage = format!(r#"{{"input_tokens":3,"output_tokens":{output}}}"#);
            let told =
                format!(r#"{head},"message":{{"role":"assistant","id":"m","content":{content},"usage":{usage}}}}}"#);
            let (_, batch) = inspected(&format!("{asked}\n{told}\n"), &settings());
            batch.sentences().join("; ")
        };
        assert!(remarks(4).contains("1 messages tell fewer output tokens"), "{}", remarks(4));
        assert!(!remarks(120).contains("fewer output tokens"), "a terse count is a count");
    }
}
