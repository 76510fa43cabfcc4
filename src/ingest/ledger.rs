//! The ledger: the tool's own table of consumption, for builders without an export. Only a time and an amount are
//! needed; every other column makes the audit better.
use crate::{
    ingest::{
        Settings,
        batch::{Batch, Measure, RowError},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            evidence::{Conventions, Debit, Evidence},
            header::{Column, Header},
            notes,
        },
        value::{decimal::Decimals, instant::Instants, key_of, key_of_id, words},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Amount,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread, Word},
        names::Names,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "ledger",
    about: "the tool's own table (creditscope template), for builders without an export",
    shape: Shape::Table {
        columns: COLUMNS,
        score,
        reader: |settings, conventions| Box::new(Ledger::new(settings, conventions)),
    },
};

/// The columns, in the order of `creditscope template`; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("timestamp", &["date", "createdat", "time", "datetime"]),
    Column::new("workspace", &["workspacename", "workspaceid", "team", "client"]),
    Column::new("user", &["useremail", "email", "member", "username"]),
    Column::new("app", &["appname", "project", "projectname"]),
    Column::new("app_id", &["projectid"]),
    Column::new("session", &["sessionid", "chatid", "conversationid", "thread", "threadid"]),
    Column::new("feature", &["component", "page", "tag"]),
    Column::prompt(
        "prompt",
        &[
            "message",
            "text",
            "request",
            "prompttext",
            "userprompt",
            "usermessage",
            "chatmessage",
            "instruction",
            "instructions",
            "query",
            "question",
        ],
    ),
    Column::new("kind", &["mode", "action", "type"]),
    Column::new("meter", &["credittype"]),
    Column::new("entry", &["entrytype"]),
    Column::new("credits", &["creditsused", "creditsconsumed", "amount", "cost"]),
    Column::new("status", &["outcome", "result"]),
    Column::new("status_reason", &["reason"]),
    Column::new("event_id", &["id", "messageid"]),
    Column::new("balance_after", &["balance"]),
    Column::new("model", &[]),
    Column::new("provider", &["vendor", "builder", "platform"]),
];
/// Position of the time.
pub const TIMESTAMP: usize = 0;
const WORKSPACE: usize = 1;
const USER: usize = 2;
const APP: usize = 3;
const APP_ID: usize = 4;
const SESSION: usize = 5;
const FEATURE: usize = 6;
const PROMPT: usize = 7;
const KIND: usize = 8;
const METER: usize = 9;
const ENTRY: usize = 10;
/// Position of the amount.
pub const CREDITS: usize = 11;
const STATUS: usize = 12;
const STATUS_REASON: usize = 13;
const EVENT_ID: usize = 14;
const BALANCE_AFTER: usize = 15;
const MODEL: usize = 16;
const PROVIDER: usize = 17;

/// What a column of the ledger means, in a few words.
pub fn meaning(field: &str) -> &'static str {
    match field {
        "timestamp" => "when: RFC 3339, a local time with --tz, epoch seconds, or a date",
        "credits" => "how much was consumed; negative is a refund; Free and - are 0",
        "workspace" => "who shares the pool",
        "user" => "the person; empty for automations",
        "app" => "the app that is built",
        "app_id" => "its id, which survives renaming",
        "session" => "the chat; without it, work without a pause of --gap",
        "feature" => "what is worked on",
        "prompt" => "what was asked; read for its class, then dropped",
        "kind" => "the builder's word: build, discuss, plan, visual_edit, auto_fix, automation, workflow, agent",
        "meter" => "message (building, the default) or integration (the running app)",
        "entry" => "usage (the default), grant, topup, expiry or refund",
        "status" => "success, failed, cancelled, reverted or blocked",
        "status_reason" => "why it failed",
        "event_id" => "tells events of overlapping exports apart",
        "balance_after" => "credits left afterwards",
        "model" => "the language model",
        "provider" => "the builder, where it is not the profile's",
        _ => "",
    }
}

/// Names of the amount column that no other kind of table uses.
const OWN_AMOUNTS: [&str; 3] = ["credits", "creditsused", "creditsconsumed"];

/// How sure it is that a header is a ledger's: `cost` and `amount` stand in bank statements too, so with those most
/// columns must be known; `credits` speaks for itself.
pub fn score(header: &Header) -> f64 {
    if header.position(TIMESTAMP).is_none() || header.position(CREDITS).is_none() {
        return 0.0;
    }
    let share = header.known_share();
    let has_own_name = OWN_AMOUNTS.contains(&words::normal(header.name(CREDITS)).as_str());
    match (has_own_name, share >= 0.75) {
        (true, _) => 0.6 + 0.4 * share,
        (false, true) => share * 0.9,
        (false, false) => 0.4 * share,
    }
}

/// Reads ledger rows.
pub struct Ledger {
    provider: String,
    decimals: Decimals,
    instants: Instants,
    debit: Debit,
    positive: u64,
    negative: u64,
    balances: Vec<(Place, Amount)>,
    balance_decimals: Decimals,
    unread_balances: u64,
}

impl Ledger {
    /// A reader of one file.
    pub fn new(settings: &Settings, conventions: Conventions) -> Self {
        Self {
            provider: settings.ledger_provider.clone(),
            decimals: Decimals::with_mark(conventions.mark),
            instants: Instants::new(settings.zone.clone()),
            debit: conventions.debit,
            positive: 0,
            negative: 0,
            balances: Vec::new(),
            balance_decimals: Decimals::with_mark(conventions.mark),
            unread_balances: 0,
        }
    }

    /// The amount as consumption: positive where credits were used, negative where they were given back.
    fn amount(&mut self, row: &Row, entry: Entry) -> Result<Amount, RowError> {
        let cell = row.cell(CREDITS);
        if cell.is_empty() {
            return Err(row.error(CREDITS, "empty: write 0, Free or - where nothing was charged"));
        }
        if is_free(cell) {
            return Ok(Amount::ZERO);
        }
        let amount = self.decimals.read(cell).map_err(|cause| row.error(CREDITS, cause))?;
        let nanos = amount.nanos();
        if entry == Entry::Usage {
            self.positive += u64::from(nanos > 0);
            self.negative += u64::from(nanos < 0);
        }
        let flipped = match (entry, self.debit) {
            (Entry::Refund, _) => nanos.saturating_abs().saturating_neg(),
            (Entry::Usage, Debit::Negative) => nanos.saturating_neg(),
            _ => nanos,
        };
        Ok(Amount::from_nanos(flipped))
    }

    /// Remembers the balance told after a row; one that cannot be read is counted and does not fail the row.
    fn note_balance(&mut self, cell: &str, place: Place) {
        match self.balance_decimals.read(cell) {
            _ if cell.is_empty() => (),
            Ok(balance) => self.balances.push((place, balance)),
            Err(_) => self.unread_balances += 1,
        }
    }

    fn tag(&self, row: &Row, names: &mut Names) -> Result<Tag, RowError> {
        let provider = row.cell(PROVIDER);
        let provider = names.word(if provider.is_empty() { &self.provider } else { provider });
        let meter = match row.cell(METER) {
            "" => Meter::Message,
            word => words::meter(word).ok_or_else(|| row.error(METER, "not a meter: write message or integration"))?,
        };
        let entry = match row.cell(ENTRY) {
            "" => Entry::Usage,
            word => words::entry(word)
                .ok_or_else(|| row.error(ENTRY, "not an entry: write usage, grant, topup, expiry or refund"))?,
        };
        let kind = match row.cell(KIND) {
            "" => Kind::Unknown,
            word => words::kind(word),
        };
        let status = match (row.cell(STATUS), row.cell(STATUS_REASON)) {
            ("", "") => Status::Unknown,
            (status, reason) => match (words::status(reason), words::status(status)) {
                (Status::Blocked, _) => Status::Blocked,
                (_, status) => status,
            },
        };
        Ok(Tag {
            account: Account { provider, meter, unit: Unit::Credits },
            entry,
            basis: Basis::Billed,
            kind,
            status,
            model: names.word_if_any(row.cell(MODEL)),
            has_id: !row.cell(EVENT_ID).is_empty(),
            is_aggregate: false,
        })
    }
}

/// Words for "nothing was charged".
fn is_free(cell: &str) -> bool {
    matches!(cell, "-" | "–" | "—") || cell.eq_ignore_ascii_case("free")
}

/// A person's name for counting; an e-mail address is the same in any case.
fn user(names: &mut Names, cell: &str) -> Option<Word> {
    if cell.contains('@') && cell.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return names.word_if_any(&cell.to_lowercase());
    }
    names.word_if_any(cell)
}

impl TableReader for Ledger {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(TIMESTAMP)).map_err(|cause| row.error(TIMESTAMP, cause))?;
        let mut tag = self.tag(row, names)?;
        let amount = self.amount(row, tag.entry)?;
        if tag.entry == Entry::Usage && amount < Amount::ZERO {
            tag.entry = Entry::Refund;
        }
        let app_id = row.cell(APP_ID);
        let app = if app_id.is_empty() { row.cell(APP) } else { app_id };
        let thread = Thread {
            workspace: names.word_if_any(row.cell(WORKSPACE)),
            user: user(names, row.cell(USER)),
            app: names.word_if_any(app),
            session: names.word_if_any(row.cell(SESSION)),
        };
        if let Some(id) = thread.app.filter(|_| !app_id.is_empty()) {
            names.label(thread.workspace, id, row.cell(APP), at);
        }
        let (id, prompt) = (row.cell(EVENT_ID), row.cell(PROMPT));
        let key = if id.is_empty() {
            let who = (row.cell(USER).to_lowercase(), row.cell(SESSION), row.cell(FEATURE));
            key_of((at, who, prompt, amount, tag.kind.word(), tag.account.meter, row.cell(BALANCE_AFTER)))
        } else {
            key_of_id(id)
        };
        let topic = if prompt.is_empty() { None } else { crate::cues::topic::read(prompt, names) };
        let event = Event {
            at,
            amount,
            key,
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::new(names.word_if_any(row.cell(FEATURE)), topic),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        self.note_balance(row.cell(BALANCE_AFTER), event.place);
        Ok(Parsed {
            event,
            second: Amount::ZERO,
            id: (!id.is_empty()).then_some(id),
            prompt: (!prompt.is_empty()).then_some(prompt),
            is_pool: !tag.entry.is_use(),
        })
    }

    fn second_unit(&self) -> Option<Unit> {
        None
    }

    fn evidence(&self) -> Evidence {
        Evidence { positive: self.positive, negative: self.negative, ..Evidence::of(&self.decimals) }
    }

    fn finish(&mut self, batch: &mut Batch) {
        let Batch { events, pool, names, .. } = &*batch;
        let part = |event: &Event| {
            let tag = names.tag(event.tag);
            Measure {
                provider: names.text(tag.account.provider).to_owned(),
                meter: tag.account.meter,
                unit: Unit::Credits,
                basis: tag.basis,
                name: if tag.entry.is_use() { "usage and refunds" } else { tag.entry.word() }.to_owned(),
                amount: event.amount.into(),
            }
        };
        let parts = super::batch::summed(events.iter().chain(pool), |event| event.tag, part);
        for sum in parts {
            batch.measure(sum);
        }
        batch.balances = std::mem::take(&mut self.balances);
        batch.note(self.unread_balances, "balances cannot be read and were not checked");
        let Self { decimals, instants, .. } = self;
        batch.note(decimals.rounded, notes::ROUNDED);
        batch.note(decimals.approximate, "amounts are marked as approximate (~) and were taken as written");
        batch.note(decimals.money, "amounts carry the sign of a currency and were read as credits");
        batch.note(instants.dates, "rows hold a date without a time: their sessions are whole days");
        if self.debit == Debit::Negative {
            batch.remark("every use is negative, so negative is consumption here");
        }
        if let Some(zone) = &instants.zone {
            batch.note(instants.naive, &format!("times without an offset were read as {}", zone.name()));
        }
    }
}
