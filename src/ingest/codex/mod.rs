//! Codex CLI's rollouts: one JSON object a line; prompts and consumption together.
//!
//! One event a user prompt. A `token_count` line tells all that the session has used so far, and is repeated: a prompt
//! used the difference between the count at its start and that at the next prompt's start, so the events add up to the
//! last count. Cached input is part of the input, reasoning part of the output. A prompt stands in the file twice, as the
//! program's own event and as the message sent to the model; the first is read where there is one in the file. A rollout is
//! one session, pauses or not.
mod line;

use crate::{
    ingest::{
        Settings,
        batch::{Batch, Measure, RowError, summed},
        folder,
        prompts::Written,
        source::{Shape, Source},
        token_prices,
        value::{instant::Instants, key_of},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Total,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
        zone::Zone,
    },
};
use line::{Line, Meaning, Totals};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "codex",
    about: "Codex CLI: session rollouts, ~/.codex/sessions/**/rollout-*.jsonl",
    same_event: "rows with the same session, time and prompt are one event",
    shape: Shape::Lines { is_own: is_rollout, read },
};

const PROVIDER: &str = "codex";
/// How many lines are looked at to tell a rollout.
const LINES_LOOKED_AT: usize = 50;

/// Whether a text is a rollout: its first lines are JSON objects, and one has the rollout's envelope.
fn is_rollout(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT);
    let mut found = false;
    for line in lines {
        match line::parse(line) {
            Ok(line) => found |= line.is_of_a_rollout(),
            Err(_) => return found,
        }
    }
    found
}

/// An event under construction.
struct Open {
    at: Instant,
    line: u32,
    prompt: Option<String>,
    status: Status,
    used: Totals,
    /// Whether its last count of tokens could not be read; a readable one behind it makes up for all before.
    is_unsure: bool,
    model: Option<String>,
    /// Whether a turn of its own has told the model.
    has_own_model: bool,
}

/// Reads one rollout.
struct Reader<'s> {
    settings: &'s Settings,
    batch: Batch,
    instants: Instants,
    events: Vec<Open>,
    /// The event that use belongs to now.
    current: Option<usize>,
    has_prompt_events: bool,
    counted: Totals,
    restarts: u64,
    model: Option<String>,
    session: Option<String>,
    /// The time of its first line, by which a rollout is known that does not say which session it is.
    began: Option<String>,
    folder: Option<String>,
}

/// Reads a rollout; each line that fails is a problem.
fn read(text: &str, settings: &Settings) -> Batch {
    let mut reader = Reader {
        settings,
        batch: Batch::default(),
        instants: Instants::new(Some(Zone::utc())),
        events: Vec::new(),
        current: None,
        has_prompt_events: line::has_prompt_events(text),
        counted: Totals::default(),
        restarts: 0,
        model: None,
        session: None,
        began: None,
        folder: None,
    };
    for (number, text) in (1..).zip(text.lines()) {
        reader.batch.rows.physical += 1;
        if text.trim().is_empty() {
            reader.batch.rows.skipped += 1;
            continue;
        }
        match reader.line(number, text) {
            Ok(true) => reader.batch.rows.accepted += 1,
            Ok(false) => reader.batch.rows.folded += 1,
            Err(error) => reader.batch.reject(number, error, Vec::new()),
        }
    }
    reader.finish()
}

impl Reader<'_> {
    /// Reads a line; true where it opened an event.
    fn line(&mut self, number: u32, text: &str) -> Result<bool, RowError> {
        let line = line::parse(text).map_err(RowError::row)?;
        if let Some(Ok(at)) = line.timestamp.as_deref().map(|text| self.instants.read(text)) {
            self.batch.saw(at);
            self.began = self.began.take().or_else(|| line.timestamp.clone());
        }
        let meaning = line.meaning().inspect_err(|_| {
            if let Some(event) = self.current {
                self.events[event].is_unsure = true;
            }
        })?;
        match meaning {
            Meaning::Session { id, folder } => {
                self.session = self.session.take().or(id);
                self.folder = self.folder.take().or(folder);
            }
            Meaning::Context { model, folder } => {
                self.folder = self.folder.take().or(folder);
                self.answers_with(model);
            }
            Meaning::Prompt(prompt) => return self.open(number, &line, Some(prompt)).map(|()| true),
            Meaning::Sent(prompt) if !self.has_prompt_events => {
                return self.open(number, &line, Some(prompt)).map(|()| true);
            }
            Meaning::Interruption => {
                if let Some(event) = self.current {
                    self.events[event].status = Status::Cancelled;
                }
            }
            Meaning::Totals(totals) => return self.count(number, &line, totals.after(self.counted)),
            Meaning::Sent(_) | Meaning::Nothing => (),
        }
        Ok(false)
    }

    /// The model of this turn; it stands behind the prompt that began the turn.
    fn answers_with(&mut self, model: Option<String>) {
        let event = self.current.map(|event| &mut self.events[event]);
        if let Some(event) = event.filter(|event| !event.has_own_model) {
            event.model.clone_from(&model);
            event.has_own_model = true;
        }
        self.model = model.or(self.model.take());
    }

    /// Books what was used since the last count; true where that is an event of its own, for want of a prompt.
    fn count(&mut self, number: u32, line: &Line, totals: Totals) -> Result<bool, RowError> {
        let used = totals.since(self.counted).unwrap_or_else(|| {
            self.restarts += 1;
            totals
        });
        let is_new = self.current.is_none() && used != Totals::default();
        if is_new {
            self.open(number, line, None)?;
        }
        self.counted = totals;
        if let Some(event) = self.current.map(|event| &mut self.events[event]) {
            event.used = event.used.plus(used);
            event.is_unsure = false;
        }
        Ok(is_new)
    }

    fn open(&mut self, number: u32, line: &Line, prompt: Option<String>) -> Result<(), RowError> {
        // Use after a prompt that cannot be placed is not that of the prompt before it.
        self.current = None;
        let text = line.timestamp.as_deref().unwrap_or("");
        let at = self.instants.read(text).map_err(|cause| RowError::cell("timestamp", text, cause))?;
        self.events.push(Open {
            at,
            line: number,
            prompt,
            status: Status::Unknown,
            used: Totals::default(),
            is_unsure: false,
            model: self.model.clone(),
            has_own_model: false,
        });
        self.current = Some(self.events.len() - 1);
        Ok(())
    }

    /// Turns what was collected into events and sums.
    fn finish(mut self) -> Batch {
        let events = std::mem::take(&mut self.events);
        let used = events.iter().fold(Totals::default(), |sum, event| sum.plus(event.used));
        let unsure = events.iter().filter(|event| event.is_unsure).count() as u64;
        for event in events {
            self.close(event);
        }
        let batch = &mut self.batch;
        let counts = [
            ("input_tokens", used.input),
            ("cached_input_tokens", used.cached_input),
            ("output_tokens", used.output),
            ("reasoning_output_tokens", used.reasoning_output),
            ("total_tokens", used.total),
        ];
        for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0 || unsure == 0) {
            batch.measure(measure(name, Total::from_units(count)));
        }
        let part = |event: &Event| measure("input-token equivalents", event.amount.into());
        for sum in summed(batch.events.iter(), |event| event.tag, part) {
            batch.measure(sum);
        }
        if !batch.events.is_empty() {
            batch.remark(&format!(
                "audited in input-token equivalents: kinds of tokens weighted by their relative price of {}",
                token_prices::of("openai").dated
            ));
        }
        let text = "prompts end without a readable count of tokens: their use is unknown, or counted with the next";
        batch.note(unsure, text);
        batch.note(self.restarts, "times the count of tokens began anew; all parts are added");
        self.batch
    }

    fn close(&mut self, open: Open) {
        let place = Place { file: 0, line: open.line };
        let Some(amount) = token_prices::of("openai").equivalents(open.used.tokens()) else {
            self.batch.rows.accepted -= 1;
            let error = RowError::row("its tokens are beyond the range of amounts");
            return self.batch.reject(open.line, error, Vec::new());
        };
        let is_uncounted = open.is_unsure && amount.is_zero() && open.status == Status::Unknown;
        let folder = self.folder.as_deref().unwrap_or("");
        let session = self.session.as_deref().or(self.began.as_deref()).unwrap_or("");
        let names = &mut self.batch.names;
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Tokens },
            entry: Entry::Usage,
            basis: Basis::List,
            kind: Kind::Unknown,
            status: if is_uncounted { Status::Uncounted } else { open.status },
            model: open.model.and_then(|model| names.word_if_any(&model)),
            has_id: false,
            is_aggregate: false,
        };
        let thread = Thread {
            workspace: None,
            user: folder::person(folder).and_then(|person| names.word_if_any(person)),
            app: names.word_if_any(folder::app(folder)),
            session: names.word_if_any(session),
        };
        let about = open.prompt.as_deref().map_or_else(About::default, |prompt| crate::cues::topic_of(prompt, names));
        self.batch.events.push(Event {
            at: open.at,
            amount,
            key: key_of((session, open.at, &open.prompt)),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about,
            place,
            cues: open.prompt.as_deref().map_or_else(Cues::default, |prompt| self.settings.cues(prompt)),
        });
        if let Some(kept) = self.settings.kept(Written { prompt: open.prompt.as_deref(), ..Written::default() }) {
            self.batch.kept.insert(place, kept);
        }
    }
}

fn measure(name: &str, amount: Total) -> Measure {
    Measure {
        provider: PROVIDER.to_owned(),
        meter: Meter::Message,
        unit: Unit::Tokens,
        basis: Basis::List,
        name: name.to_owned(),
        amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{events, inspected, settings};

    fn line(second: u32, kind: &str, payload: &str) -> String {
        format!(r#"{{"timestamp":"2026-02-01T08:00:{second:02}Z","type":"{kind}","payload":{payload}}}"#)
    }

    fn count(second: u32, input: u64, cached: u64, output: u64) -> String {
        let usage = format!(
            r#"{{"input_tokens":{input},"cached_input_tokens":{cached},"output_tokens":{output},"total_tokens":{}}}"#,
            input + output
        );
        line(second, "event_msg", &format!(r#"{{"type":"token_count","info":{{"total_token_usage":{usage}}}}}"#))
    }

    fn asked(second: u32, text: &str) -> String {
        line(second, "event_msg", &format!(r#"{{"type":"user_message","message":"{text}"}}"#))
    }

    fn sent(second: u32, text: &str) -> String {
        let content = format!(r#"[{{"type":"input_text","text":"{text}"}}]"#);
        line(second, "response_item", &format!(r#"{{"type":"message","role":"user","content":{content}}}"#))
    }

    fn read(lines: &[String]) -> Batch {
        let (source, batch) = inspected(&lines.join("\n"), &settings());
        assert_eq!(source.name, "codex");
        batch
    }

    fn sums(batch: &Batch) -> Vec<String> {
        batch.measures.iter().map(|sum| format!("{} {}", sum.name, sum.amount)).collect()
    }

    #[test]
    fn a_prompt_used_what_the_count_grew_by() {
        let batch = read(&[
            line(0, "session_meta", r#"{"id":"s1","cwd":"/home/ada/shop"}"#),
            sent(1, "Add a map"),
            asked(1, "Add a map"),
            line(2, "turn_context", r#"{"model":"gpt-5","cwd":"/home/ada/shop"}"#),
            line(3, "event_msg", r#"{"type":"token_count","info":null}"#),
            count(4, 100, 40, 10),
            count(5, 100, 40, 10),
            sent(6, "Make it blue"),
            asked(6, "Make it blue"),
            count(7, 300, 240, 15),
        ]);
        assert_eq!(
            events(&batch),
            [
                "2026-02-01T08:00:01Z 144 codex message tokens list", // 60 + 40 * 0.1 + 10 * 8
                "2026-02-01T08:00:06Z 60 codex message tokens list",  // 0 + 200 * 0.1 + 5 * 8
            ]
        );
        assert_eq!(sums(&batch)[..3], ["input_tokens 300", "cached_input_tokens 240", "output_tokens 15"]);
        let (tag, thread) = (batch.names.tag(batch.events[1].tag), batch.names.thread(batch.events[1].thread));
        let words = [tag.model, thread.session, thread.app, thread.user];
        assert_eq!(words.map(|word| batch.names.text_of(word)), [Some("gpt-5"), Some("s1"), Some("shop"), Some("ada")]);
        assert_eq!((batch.rows.accepted, batch.rows.folded), (2, 8));
    }

    #[test]
    fn messages_to_the_model_are_prompts_where_nothing_else_tells_them() {
        let batch = read(&[
            count(0, 10, 0, 0),
            sent(1, "<environment_context>x"),
            sent(2, "Add a map"),
            line(3, "event_msg", r#"{"type":"turn_aborted"}"#),
            count(4, 5, 0, 1),
        ]);
        assert_eq!(
            events(&batch),
            ["2026-02-01T08:00:00Z 10 codex message tokens list", "2026-02-01T08:00:02Z 13 codex message tokens list",]
        );
        assert_eq!(batch.names.tag(batch.events[1].tag).status, Status::Cancelled);
        assert!(batch.sentences().iter().any(|note| note.starts_with("1 times the count")), "{:?}", batch.notes);
    }

    #[test]
    fn use_after_a_prompt_without_a_time_is_not_that_of_the_prompt_before() {
        let timeless = r#"{"timestamp":"soon","type":"event_msg","payload":{"type":"user_message","message":"x"}}"#;
        let batch = read(&[asked(1, "Add a map"), count(2, 10, 0, 0), timeless.to_owned(), count(3, 30, 0, 0)]);
        let amounts: Vec<String> = batch.events.iter().map(|event| event.amount.to_string()).collect();
        assert_eq!((amounts, batch.rows.rejected), (vec!["10".to_owned(), "20".to_owned()], 1));
    }

    #[test]
    fn a_redacted_count_is_a_problem_and_never_a_silent_zero() {
        let redacted = r#"{"type":"token_count","info":{"total_token_usage":"[REDACTED]"}}"#;
        let batch = read(&[
            asked(1, "Add a map"),
            line(2, "event_msg", redacted),
            count(3, 10, 0, 0),
            asked(4, "Make it blue"),
            line(5, "event_msg", redacted),
        ]);
        assert_eq!((batch.rows.accepted, batch.rows.rejected), (2, 2));
        assert_eq!(batch.problems[0].problem.place.line, 2);
        assert!(batch.sentences().iter().any(|note| note.starts_with("1 prompts end without")), "{:?}", batch.notes);
    }
}
