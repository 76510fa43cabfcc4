//! The ledger: the tool's own table of consumption, for builders without an export. Only a time and an amount are
//! needed; every other column makes the audit better.
pub mod about;
mod known;
pub(super) mod score;
mod tags;

use std::sync::Arc;

use known::Known;
use tags::Tags;

use crate::{
    ingest::{
        Settings,
        batch::{Batch, Measure, RowError, Second},
        map::{
            charges::Charges,
            description::{Description, TIME},
        },
        prompts::Written,
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            evidence::{Conventions, Evidence},
            header::Column,
            notes,
        },
        value::{date_beside, decimal::Decimals, instant::Instants, key_of_id, key_of_row, words},
    },
    model::{
        account::{Entry, Unit},
        amount::Amount,
        cues::Cues,
        event::{About, Event, Place, Thread, ThreadId, Word},
        instant::Instant,
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "ledger",
    about: "the tool's own table (creditscope template), for builders without an export",
    same_event: "rows with the same event_id in the same second are one event, and those of files that tell the times of the same ids otherwise; without ids rows equal in time, workspace, app, user, session, feature, prompt, amount, kind, meter and balance, and in files that overlap also those that differ in amount or balance only",
    shape: Shape::Table {
        columns: COLUMNS,
        score: score::score,
        reader: |settings, conventions| Box::new(Ledger::new(settings, conventions, Arc::default())),
    },
};

/// The columns, in the order of `creditscope template`; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("timestamp", &["datetime", "createdat", "date", "time"]).with_clock("time"),
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
    Column::new("credits", &["amount", "cost"]).or_plainer(&["creditsused", "creditsconsumed"]),
    Column::new("status", &["outcome", "result"]),
    Column::new("status_reason", &["reason"]),
    Column::new("event_id", &["id", "messageid"]),
    Column::new("balance_after", &["balance"]),
    Column::new("model", &[]),
    Column::new("provider", &["vendor", "builder", "platform"]),
    Column::new("unit", &[]),
    Column::new("basis", &[]),
    Column::new("grain", &[]),
    Column::new("row_key", &[]),
    Column::new("also", &[]),
    Column::new("also_unit", &[]),
];
/// So many columns are filled by hand; those behind them are written by `creditscope convert`.
pub const BY_HAND: usize = 18;
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
const UNIT: usize = 18;
const BASIS: usize = 19;
const GRAIN: usize = 20;
const ROW_KEY: usize = 21;
const ALSO: usize = 22;
const ALSO_UNIT: usize = 23;

/// The columns that tell who and where.
const WHO: [usize; 5] = [WORKSPACE, USER, APP, APP_ID, SESSION];

/// Reads ledger rows, and those of any table whose columns are described in the ledger's words.
pub struct Ledger {
    columns: Arc<Description>,
    /// The zone that the user said of all files.
    told_zone: Option<Zone>,
    may_pass_over: bool,
    tags: Tags,
    /// Those of [`WHO`] that the header has.
    who: Option<Vec<usize>>,
    threads: Known<ThreadId>,
    amounts: Charges,
    instants: Instants,
    joined: String,
    /// Rows whose time of day stands beside their date.
    clocks: u64,
    skipped: u64,
    balances: Vec<(Place, Amount)>,
    balance_decimals: Decimals,
    unread_balances: u64,
    has_also: bool,
}

impl Ledger {
    /// A reader of one file.
    pub fn new(settings: &Settings, conventions: Conventions, columns: Arc<Description>) -> Self {
        let zone = columns.zone.clone().or_else(|| settings.zone.clone());
        Self {
            told_zone: settings.zone.clone(),
            may_pass_over: columns.may_pass_over(),
            tags: Tags::new(columns.constants[PROVIDER].as_deref().unwrap_or(&settings.ledger_provider)),
            who: None,
            threads: Known::at_most(usize::MAX),
            amounts: Charges::new(&columns, conventions),
            instants: Instants {
                dates_as: conventions.dates,
                format: columns.format.clone(),
                is_by_hand: true,
                ..Instants::new(zone)
            },
            joined: String::new(),
            clocks: 0,
            skipped: 0,
            balances: Vec::new(),
            balance_decimals: Decimals::with_mark(conventions.mark),
            unread_balances: 0,
            has_also: false,
            columns,
        }
    }

    /// When it was; the time of day may stand in a column of its own.
    fn at(&mut self, row: &Row) -> Result<Instant, RowError> {
        let (mut cell, time) = (row.cell(TIMESTAMP), row.cell(TIME));
        if !self.columns.has_time {
            // What is called a time may be a duration, and what is called a date may tell the time itself.
            let Some(date) = (!time.is_empty()).then(|| date_beside(cell, time)).flatten() else {
                return self.instants.read(cell).map_err(|cause| row.error(TIMESTAMP, cause));
            };
            cell = date;
            self.clocks += 1;
        }
        if time.is_empty() && !cell.is_empty() {
            return Err(row.error(TIME, "empty: each row needs a time of day beside its date"));
        }
        self.joined.clear();
        self.joined.extend([cell, " ", time]);
        let read = self.instants.read(&self.joined);
        read.map_err(|cause| RowError::cell(row.name(TIMESTAMP), &self.joined, cause))
    }

    /// Who and where, each a cell that stands in the books as it is: quotes around it are no part of it.
    fn thread(&mut self, row: &Row, names: &mut Names) -> Result<ThreadId, RowError> {
        // What was counted already stands as it was counted.
        let is_counted = !row.cell(ROW_KEY).is_empty();
        let Self { columns, threads, who, .. } = self;
        let told = &*who.get_or_insert_with(|| WHO.into_iter().filter(|column| row.has(*column)).collect());
        let mut make = || {
            let cells = WHO.map(|column| columns.cell(row, column));
            let quoted = |cell: &str| cell.len() > 1 && cell.starts_with('\'') && cell.ends_with('\'');
            let mut quoted = WHO.into_iter().zip(cells).filter(|(_, cell)| !is_counted && quoted(cell));
            if let Some((column, _)) = quoted.next() {
                return Err(row.error(column, QUOTED));
            }
            let [workspace, who, app, app_id, session] = cells;
            let thread = Thread {
                workspace: names.word_if_any(workspace),
                user: if is_counted { names.word_if_any(who) } else { user(names, who) },
                app: names.word_if_any(if app_id.is_empty() { app } else { app_id }),
                session: names.word_if_any(session),
            };
            Ok(names.thread_id(thread))
        };
        if is_counted { make() } else { threads.get_or_make(told.iter().map(|column| row.cell(*column)), make) }
    }

    /// Remembers the balance told after a row; one that cannot be read is counted and does not fail the row.
    fn note_balance(&mut self, cell: &str, place: Place) {
        match self.balance_decimals.read(cell) {
            _ if cell.is_empty() => (),
            Ok(balance) => self.balances.push((place, balance)),
            Err(_) => self.unread_balances += 1,
        }
    }

    /// The same use in another unit, as a converted row tells it.
    fn also(&mut self, row: &Row) -> Result<Option<Second>, RowError> {
        let (amount, word) = (row.cell(ALSO), row.cell(ALSO_UNIT));
        if amount.is_empty() && word.is_empty() {
            return Ok(None);
        }
        let unit = unit(row, ALSO_UNIT, word)?;
        self.has_also = true;
        Ok(Some((unit, self.amounts.decimal(&self.columns, row, (ALSO, amount), unit)?)))
    }
}

fn unit(row: &Row, column: usize, word: &str) -> Result<Unit, RowError> {
    let unit = Unit::from_word(&words::normal(word));
    unit.ok_or_else(|| row.error(column, "not a unit: write credits, tokens, usd or requests"))
}

const QUOTED: &str = "stands in single quotes: take them off, or use double quotes in the file";
const GIVES: &str = "adds to the balance, where negative is use: write grant, topup or refund in a column named entry";

/// A person's name for counting; an e-mail address is the same in any case.
fn user(names: &mut Names, cell: &str) -> Option<Word> {
    if cell.bytes().any(|byte| byte.is_ascii_uppercase()) && cell.contains('@') {
        return names.word_if_any(&cell.to_lowercase());
    }
    names.word_if_any(cell)
}

/// What tells a converted row apart; its names stand as they were counted.
fn row_key(row: &Row) -> Result<Option<u64>, RowError> {
    let cell = row.cell(ROW_KEY);
    if cell.is_empty() {
        return Ok(None);
    }
    let key = u64::from_str_radix(cell, 16).ok().filter(|_| cell.len() == 16);
    let wrong = "not a row's key: 16 hexadecimal digits, as convert writes them, or leave it empty";
    key.map(Some).ok_or_else(|| row.error(ROW_KEY, wrong))
}

impl TableReader for Ledger {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let mut tag = self.tags.read(&self.columns, row, names)?;
        // The amount is read even where the time cannot be: what it proves counts for the whole file.
        let at = self.at(row);
        let charge = self.amounts.read(&self.columns, row, tag.entry)?;
        let at = at?;
        let amount = charge.amount;
        tag.basis = charge.basis.unwrap_or(tag.basis);
        if tag.entry == Entry::Usage && amount < Amount::ZERO {
            if self.amounts.is_found_negative() && self.columns.cell(row, ENTRY).is_empty() {
                return Err(row.error(CREDITS, GIVES));
            }
            tag.entry = Entry::Refund;
        }
        let second = match self.also(row)? {
            Some(also) => Some(also),
            None => self.columns.second_unit().map(|unit| (unit, charge.second())),
        };
        let thread = self.thread(row, names)?;
        self.amounts.add(&charge);
        let has_app_id = !self.columns.cell(row, APP_ID).is_empty();
        if has_app_id && let Thread { workspace, app: Some(id), .. } = names.thread(thread) {
            names.label(workspace, id, self.columns.cell(row, APP), at);
        }
        let (id, prompt, feature) = (row.cell(EVENT_ID), row.cell(PROMPT), self.columns.cell(row, FEATURE));
        let key = if let Some(key) = row_key(row)? {
            key
        } else if id.is_empty() {
            let cell = |column| self.columns.cell(row, column);
            let who = (cell(USER).to_lowercase(), cell(SESSION), feature);
            key_of_row((at, who, prompt, tag.kind.word(), tag.account.meter), (amount, row.cell(BALANCE_AFTER)))
        } else {
            key_of_id(id)
        };
        let event = Event {
            at,
            amount,
            key,
            thread,
            tag: names.tag_id(tag),
            about: About::new(names.word_if_any(feature), None),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        let told = |cell: &'r str| Some(cell).filter(|cell| !cell.is_empty());
        let (balance, reason) = (row.cell(BALANCE_AFTER), told(row.cell(STATUS_REASON)));
        self.note_balance(balance, event.place);
        let written = Written { id: told(id), prompt: told(prompt), balance: told(balance), reason };
        Ok(Parsed { second, written, is_pool: !tag.entry.is_use(), ..Parsed::of(event) })
    }

    fn passes_over(&mut self, row: &Row) -> bool {
        let is_passed = self.may_pass_over && self.columns.passes_over(row);
        self.skipped += u64::from(is_passed);
        is_passed
    }

    fn evidence(&self) -> Evidence {
        Evidence { dates: self.instants.told, ..self.amounts.evidence() }
    }

    fn finish(&mut self, batch: &mut Batch) {
        let Batch { events, second, pool, names, .. } = &*batch;
        let part = |event: &Event| {
            let tag = names.tag(event.tag);
            Measure {
                provider: names.text(tag.account.provider).to_owned(),
                meter: tag.account.meter,
                unit: tag.account.unit,
                basis: tag.basis,
                name: if tag.entry.is_use() { "usage and refunds" } else { tag.entry.word() }.to_owned(),
                amount: event.amount.into(),
            }
        };
        let mut parts = super::batch::summed(events.iter().chain(pool), |event| event.tag, part);
        for (event, second) in events.iter().zip(second).filter(|_| self.has_also) {
            let Some((unit, amount)) = *second else { continue };
            parts.push(Measure { unit, name: "also".to_owned(), amount: amount.into(), ..part(event) });
        }
        for sum in parts {
            batch.measure(sum);
        }
        batch.balances = std::mem::take(&mut self.balances);
        batch.note(self.unread_balances, "balances cannot be read and were not checked");
        self.amounts.finish(batch, self.tags.provider());
        batch.note(self.skipped, "rows were passed over, as the map says");
        let instants = &self.instants;
        batch.note(instants.dates, "rows hold a date without a time: their sessions are whole days");
        batch.note(self.clocks, "times of day were read from the column time, beside their dates");
        if let Some(zone) = &instants.zone {
            batch.note(instants.naive, &format!("times without an offset were read as {}", zone.name()));
            let other = self.told_zone.as_ref().filter(|told| told.name() != zone.name() && instants.naive > 0);
            if let Some(told) = other {
                batch.remark(&format!("its map says {}, {} {}", zone.name(), notes::ZONE, told.name()));
            }
        }
        if let Some(note) = instants.dates_as.note(instants.told) {
            batch.remark(note);
        }
    }
}
