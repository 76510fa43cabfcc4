//! aider's chat histories: Markdown with prompts, answers, and what each message used.
//!
//! One event a prompt: a run of `####` lines. Only a chat has a time, a local one without zone, so `--tz` must name it; a
//! prompt takes its chat's start and, to keep the order, as many milliseconds as prompts stand before it. aider writes a
//! request such as `/ask …` twice, as the command and as the request that it becomes: the command is none by itself, unless
//! what was used stands below it.
mod line;

use crate::{
    ingest::{
        Settings,
        batch::{Batch, Measure, RowError},
        prompts::Written,
        source::{Shape, Source},
        value::{instant::Instants, key_of},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::{Amount, Total},
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
    },
};
use line::{Meaning, Use};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "aider",
    about: "aider: chat histories, .aider.chat.history.md (times need --tz)",
    same_event: "rows with the same time and prompt in the same folder are one event",
    shape: Shape::Lines { is_own: is_history, read },
};

const PROVIDER: &str = "aider";
/// How many lines are looked at to tell a history.
const LINES_LOOKED_AT: usize = 200;
/// What keeps the order of a chat's prompts.
const STEP_NANOS: i64 = 1_000_000;

/// Whether a text is a history: a chat starts in its first lines.
fn is_history(text: &str) -> bool {
    text.lines().take(LINES_LOOKED_AT).any(|line| line.starts_with(line::START))
}

/// A chat.
struct Chat {
    line: u32,
    start: String,
    at: Result<Instant, String>,
    prompts: u32,
}

/// A prompt under construction.
struct Open {
    line: u32,
    at: Instant,
    session: String,
    text: String,
    kind: Kind,
    model: Option<String>,
    used: Vec<Use>,
}

/// Reads one history.
struct Reader<'s> {
    settings: &'s Settings,
    batch: Batch,
    instants: Instants,
    chat: Option<Chat>,
    model: Option<String>,
    /// The prompt that use belongs to now.
    open: Option<Open>,
    /// Whether the line before belongs to the prompt.
    is_asking: bool,
    /// The command before, where it becomes a request.
    command: Option<(Kind, String)>,
    sums: Use,
    unpriced: u64,
}

/// Reads a history; each line that fails is a problem.
fn read(text: &str, settings: &Settings) -> Batch {
    let mut reader = Reader {
        settings,
        batch: Batch::default(),
        instants: Instants::new(settings.zone.clone()),
        chat: None,
        model: None,
        open: None,
        is_asking: false,
        command: None,
        sums: Use::default(),
        unpriced: 0,
    };
    let has_breaks = line::has_breaks(text);
    for (number, text) in (1..).zip(text.lines()) {
        reader.batch.rows.physical += 1;
        let is_blank = text.trim().is_empty();
        match reader.line(number, text, has_breaks) {
            Ok(()) if is_blank => reader.batch.rows.skipped += 1,
            Ok(()) => reader.batch.rows.folded += 1,
            Err(error) => reader.batch.reject(number, error, Vec::new()),
        }
    }
    reader.finish()
}

impl Reader<'_> {
    /// Reads a line; one that becomes an event is booked again when the prompt is complete.
    fn line(&mut self, number: u32, text: &str, has_breaks: bool) -> Result<(), RowError> {
        let meaning = line::meaning(text, has_breaks);
        let was_asking = std::mem::replace(&mut self.is_asking, matches!(meaning, Ok(Meaning::Asked(_))));
        match meaning? {
            Meaning::Start(start) => {
                self.close_chat();
                let at = self.instants.read(start);
                self.chat = Some(Chat { line: number, start: start.to_owned(), at, prompts: 0 });
            }
            Meaning::Asked(text) if was_asking => {
                if let Some(open) = &mut self.open {
                    open.text.push('\n');
                    open.text.push_str(text);
                }
            }
            Meaning::Asked(text) => self.ask(number, text)?,
            Meaning::Use(used) => self.use_of(number, used)?,
            Meaning::Model(name) => self.model = Some(name.to_owned()),
            Meaning::Nothing => (),
        }
        Ok(())
    }

    /// Begins a prompt, unless its chat has no time: then the chat is the problem.
    fn ask(&mut self, number: u32, text: &str) -> Result<(), RowError> {
        self.close();
        let chat = self.chat.as_mut().ok_or_else(|| RowError::row("a prompt before any chat has started"))?;
        chat.prompts += 1;
        let Ok(start) = &chat.at else { return Ok(()) };
        let nanos = start.nanos().saturating_add(i64::from(chat.prompts - 1) * STEP_NANOS);
        self.open = Some(Open {
            line: number,
            at: Instant::from_nanos(nanos),
            session: chat.start.clone(),
            text: text.to_owned(),
            kind: Kind::Unknown,
            model: None,
            used: Vec::new(),
        });
        Ok(())
    }

    /// Adds what a message used to its prompt.
    fn use_of(&mut self, number: u32, used: Use) -> Result<(), RowError> {
        if self.open.is_none() {
            let is_timeless = self.chat.as_ref().is_some_and(|chat| chat.at.is_err());
            if is_timeless {
                return Ok(());
            }
            self.ask(number, "")?;
        }
        if let Some(open) = &mut self.open {
            open.used.push(used);
        }
        Ok(())
    }

    fn close_chat(&mut self) {
        self.close();
        self.command = None;
        let Some(Chat { line, start, at, prompts }) = self.chat.take() else { return };
        match at {
            Ok(at) => self.batch.saw(at),
            Err(cause) => {
                self.batch.rows.folded -= 1;
                let cause = format!("{cause} (prompts of this chat, not read: {prompts})");
                self.batch.reject(line, RowError::cell("chat started at", &start, cause), Vec::new());
            }
        }
    }

    /// Turns the open prompt into an event.
    fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        open.model.clone_from(&self.model);
        self.read_command(&mut open);
        let Some((cost, tokens)) = self.add_up(&open.used) else {
            self.batch.rows.folded -= 1;
            let error = RowError::row("its use is beyond the range of amounts");
            return self.batch.reject(open.line, error, Vec::new());
        };
        self.batch.rows.folded -= 1;
        self.batch.rows.accepted += 1;
        let place = Place { file: 0, line: open.line };
        let names = &mut self.batch.names;
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Usd },
            entry: Entry::Usage,
            basis: Basis::List,
            kind: open.kind,
            status: Status::Unknown,
            model: open.model.and_then(|model| names.word_if_any(&model)),
            has_id: false,
            is_aggregate: false,
        };
        let thread = Thread { session: names.word_if_any(&open.session), ..Thread::default() };
        let has_text = !open.text.is_empty() && open.kind != Kind::Command;
        let about = if has_text { crate::cues::topic_of(&open.text, names) } else { About::default() };
        let event = Event {
            at: open.at,
            amount: cost,
            key: key_of((open.at, &open.text)),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about,
            place,
            cues: if has_text { self.settings.cues(&open.text) } else { Cues::default() },
        };
        self.batch.book(event, Some((Unit::Tokens, tokens)));
        let prompt = Some(open.text.as_str()).filter(|text| !text.is_empty());
        if let Some(kept) = self.settings.kept(Written { prompt, ..Written::default() }) {
            self.batch.kept.insert(place, kept);
        }
    }

    /// What aider's command makes of a request: a question or work. Other commands only steer the program.
    fn read_command(&mut self, open: &mut Open) {
        let before = self.command.take();
        if !is_command(&open.text) {
            let told = before.filter(|(_, request)| *request == open.text);
            open.kind = told.map_or(Kind::Unknown, |(kind, _)| kind);
            return;
        }
        let (command, request) = open.text.split_once(char::is_whitespace).unwrap_or((&open.text, ""));
        let kind = match command {
            "/ask" => Kind::Discuss,
            "/code" | "/architect" => Kind::Build,
            _ => Kind::Command,
        };
        let request = request.trim().to_owned();
        if kind == Kind::Command || open.used.is_empty() {
            open.kind = Kind::Command;
            self.command = (kind != Kind::Command).then_some((kind, request));
        } else {
            (open.kind, open.text) = (kind, request);
        }
    }

    /// The dollars and tokens of a prompt's messages; `None` beyond the range of amounts.
    fn add_up(&mut self, used: &[Use]) -> Option<(Amount, Amount)> {
        let (mut cost, mut tokens) = (Amount::ZERO, Total::ZERO);
        for message in used {
            cost = cost.checked_add(message.cost.unwrap_or(Amount::ZERO))?;
            tokens = tokens + message.sent + message.received;
        }
        let tokens = i64::try_from(tokens.nanos()).ok().map(Amount::from_nanos)?;
        for message in used {
            self.sums.sent += message.sent;
            self.sums.cache_write += message.cache_write;
            self.sums.cache_hit += message.cache_hit;
            self.sums.received += message.received;
            self.unpriced += u64::from(message.cost.is_none());
        }
        Some((cost, tokens))
    }

    fn finish(mut self) -> Batch {
        self.close_chat();
        let mut batch = self.batch;
        let cost: Total = batch.events.iter().map(|event| Total::from(event.amount)).sum();
        let tokens = [
            ("tokens sent", self.sums.sent),
            ("tokens written to a cache", self.sums.cache_write),
            ("tokens read from a cache", self.sums.cache_hit),
            ("tokens received", self.sums.received),
        ];
        let tokens = tokens.into_iter().filter(|(_, amount)| !amount.is_zero());
        let sums = tokens.map(|(name, amount)| (name, Unit::Tokens, amount));
        for (name, unit, amount) in std::iter::once(("message cost USD", Unit::Usd, cost)).chain(sums) {
            let (provider, name) = (PROVIDER.to_owned(), name.to_owned());
            batch.measure(Measure { provider, meter: Meter::Message, unit, basis: Basis::List, name, amount });
        }
        batch.problems.sort_by_key(|rejected| rejected.problem.place.line);
        if !batch.events.is_empty() {
            batch.remark("dollars and tokens (k = thousands) are as rounded by aider");
            batch.remark("a prompt has its chat's start for a time: the order is kept, times are not known");
            if let Some(zone) = &self.instants.zone {
                batch.note(self.instants.naive, &format!("starts of chats were read as {}", zone.name()));
            }
        }
        batch.note(self.unpriced, "messages tell tokens and no cost: they count as 0 dollars");
        batch
    }
}

/// Whether a prompt steers the program.
fn is_command(text: &str) -> bool {
    text.starts_with(['/', '!'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{events, inspected, settings};

    const HISTORY: &str = "
# aider chat started at 2026-04-10 02:05:58

> Model: m1 with diff edit format  

#### Add a map  
#### with pins  

#### A heading of an answer

> Tokens: 2.4k sent, 100 received. Cost: $0.01 message, $0.01 session.  
> Tokens: 1k sent, 50 received. Cost: $0.0025 message, $0.01 session.  

#### /ask why blue?  

#### why blue?  

> Tokens: 593 sent, 40 received.  

# aider chat started at 2026-04-11 09:00:00

#### /add map.js  
> Tokens: broken  
";

    fn berlin() -> Settings {
        Settings { zone: Some("Europe/Berlin".parse().unwrap()), ..settings() }
    }

    #[test]
    fn prompts_carry_what_their_messages_cost() {
        let (source, batch) = inspected(HISTORY, &berlin());
        assert_eq!(source.name, "aider");
        assert_eq!(
            events(&batch),
            [
                "2026-04-10T00:05:58Z 0.0125 aider message usd list",
                "2026-04-10T00:05:58.001Z 0 aider message usd list",
                "2026-04-10T00:05:58.002Z 0 aider message usd list",
                "2026-04-11T07:00:00Z 0 aider message usd list",
            ]
        );
        let seconds: Vec<String> = batch.second.iter().flatten().map(|(_, tokens)| tokens.to_string()).collect();
        assert_eq!(seconds, ["3550", "0", "633", "0"]);
        let kinds: Vec<Kind> = batch.events.iter().map(|event| batch.names.tag(event.tag).kind).collect();
        assert_eq!(kinds, [Kind::Unknown, Kind::Command, Kind::Discuss, Kind::Command]);
        let first = batch.kept.values().next().and_then(|kept| kept.prompt.as_deref());
        assert_eq!(first, Some("Add a map\nwith pins"));
        assert_eq!((batch.rows.accepted, batch.rows.rejected), (4, 1));
        assert_eq!(batch.problems[0].problem.column, "Tokens");
        let thread = batch.names.thread(batch.events[3].thread);
        assert_eq!(batch.names.text_of(thread.session), Some("2026-04-11 09:00:00"));
    }

    #[test]
    fn a_command_with_use_below_it_is_the_request_itself() {
        let text = "# aider chat started at 2026-04-10 02:05:58\n\n#### /code paint it  \n\n> Tokens: 2k sent, 60 received.  \n";
        let (_, batch) = inspected(text, &berlin());
        assert_eq!(batch.names.tag(batch.events[0].tag).kind, Kind::Build);
        assert_eq!(batch.kept.values().next().and_then(|kept| kept.prompt.as_deref()), Some("paint it"));
    }

    #[test]
    fn without_a_zone_each_chat_is_a_problem_that_names_the_flag() {
        let (_, batch) = inspected(HISTORY, &settings());
        let problems: Vec<String> =
            batch.problems.iter().map(|p| format!("{} {}", p.problem.place.line, p.problem.cause)).collect();
        assert_eq!((batch.events.len(), problems.len()), (0, 3), "{problems:?}");
        assert!(problems[0].starts_with("2 a time without an offset: declare its zone, for instance --tz"));
        assert!(problems[0].ends_with("(prompts of this chat, not read: 3)"), "{problems:?}");
    }

    #[test]
    fn a_prompt_before_any_chat_has_no_time() {
        let text = format!("#### hello  \n{HISTORY}");
        let (_, batch) = inspected(&text, &berlin());
        assert_eq!(batch.problems[0].problem.cause, "a prompt before any chat has started");
    }
}
