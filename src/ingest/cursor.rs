//! Cursor's usage export: one row a request, in dollars and tokens. Its header has changed many times; columns are
//! found by name. `Included` is use that the plan covered, not zero use.
use std::collections::BTreeMap;

use crate::{
    ingest::{
        batch::{Batch, Measure, RowError},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
            notes,
        },
        value::{
            decimal::{Decimals, is_foreign},
            instant::Instants,
            key_of,
        },
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::{Amount, Total},
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "cursor",
    about: "Cursor: Dashboard > Usage > Export CSV, all header generations",
    same_event: "rows with the same time, user and model are one event, whatever their cost",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(Cursor::new(conventions)) },
};

/// The columns of all header generations; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("date", &[]),
    Column::new("user", &["email"]),
    Column::new("cloud agent id", &[]),
    Column::new("automation id", &[]),
    Column::new("kind", &[]),
    Column::new("model", &[]),
    Column::new("max mode", &[]),
    Column::new("cost", &["cost($)"]),
    Column::new("cost to you", &[]),
    Column::new("requests", &[]),
    Column::new("total tokens", &["tokens"]),
    Column::new("input (w/ cache write)", &[]),
    Column::new("input (w/o cache write)", &[]),
    Column::new("cache read", &[]),
    Column::new("output tokens", &["output"]),
];
const DATE: usize = 0;
const USER: usize = 1;
const CLOUD_AGENT: usize = 2;
const AUTOMATION: usize = 3;
const KIND: usize = 4;
const MODEL: usize = 5;
const MAX_MODE: usize = 6;
const COST: usize = 7;
const COST_TO_YOU: usize = 8;
const REQUESTS: usize = 9;
const TOKENS: usize = 10;
/// The amount columns and their units, the first choice first; tokens of a kind only add to the file's sums.
const AMOUNTS: [(usize, Unit); 8] = [
    (COST, Unit::Usd),
    (REQUESTS, Unit::Requests),
    (TOKENS, Unit::Tokens),
    (COST_TO_YOU, Unit::Usd),
    (11, Unit::Tokens),
    (12, Unit::Tokens),
    (13, Unit::Tokens),
    (14, Unit::Tokens),
];

/// Columns that no other vendor has.
const OWN: [usize; 5] = [CLOUD_AGENT, MAX_MODE, COST_TO_YOU, 11, 12];
/// How many of [`AMOUNTS`] can be audited.
const N_CHOICES: usize = 3;
/// Where tokens stand in [`AMOUNTS`].
const TOKENS_INDEX: usize = 2;

/// How sure it is that a header is Cursor's: other tables of models, tokens and cost have none of its own names.
pub fn score(header: &Header) -> f64 {
    let has = |column: usize| header.position(column).is_some();
    let has_amount = has(COST) || has(REQUESTS) || has(TOKENS);
    let is_own = OWN.into_iter().any(has) || has(KIND) && (has(TOKENS) || has(COST));
    header.score_of(has(DATE) && has(MODEL) && has_amount && is_own)
}

/// Reads Cursor's rows.
pub struct Cursor {
    decimals: Decimals,
    instants: Instants,
    sums: BTreeMap<(usize, Basis), (String, Total)>,
    words: u64,
}

impl Cursor {
    /// A reader of one file.
    pub fn new(conventions: Conventions) -> Self {
        Self {
            decimals: Decimals::with_mark(conventions.mark),
            instants: Instants::new(Some(Zone::utc())),
            sums: BTreeMap::new(),
            words: 0,
        }
    }

    /// The amount of a cell; `Included`, `Free`, `-`, `NaN` and nothing are no amounts, which is counted.
    fn amount(&mut self, row: &Row, index: usize) -> Result<Amount, RowError> {
        let (column, _) = AMOUNTS[index];
        let cell = row.cell(column);
        if cell.is_empty() || matches!(cell, "Included" | "Free" | "-" | "NaN") {
            self.words += u64::from(row.has(column) && index == 0);
            return Ok(Amount::ZERO);
        }
        if is_foreign(cell) {
            return Err(row.error(column, notes::FOREIGN));
        }
        self.decimals.read(cell).map_err(|cause| row.error(column, cause))
    }

    /// Adds a row's amounts to the file's sums: money and requests by who paid, tokens as they were counted.
    fn add_up(&mut self, row: &Row, amounts: &[Amount; AMOUNTS.len()], basis: Basis) {
        for (index, amount) in amounts.iter().enumerate() {
            let (column, unit) = AMOUNTS[index];
            if row.has(column) {
                let basis = match unit {
                    Unit::Tokens => Basis::List,
                    _ if column == COST_TO_YOU => Basis::Billed,
                    _ => basis,
                };
                let sum = self.sums.entry((index, basis)).or_insert_with(|| (row.name(column).to_owned(), Total::ZERO));
                sum.1 += *amount;
            }
        }
    }

    /// Every amount of a row, by position in [`AMOUNTS`].
    fn amounts(&mut self, row: &Row) -> Result<[Amount; AMOUNTS.len()], RowError> {
        let mut amounts = [Amount::ZERO; AMOUNTS.len()];
        for (index, amount) in amounts.iter_mut().enumerate() {
            *amount = self.amount(row, index)?;
        }
        Ok(amounts)
    }
}

/// What the `Kind` column says of how a request ended and who paid.
fn status_and_basis(kind: &str, cost: &str) -> (Status, Basis) {
    let kind = kind.to_lowercase();
    let says = |word| kind.contains(word);
    match () {
        () if says("errored") => (Status::Failed, Basis::Waived),
        () if says("aborted") => (Status::Cancelled, Basis::Waived),
        () if says("included") || cost == "Included" => (Status::Success, Basis::Included),
        () if says("free") || says("no charge") || says("not charged") || cost == "Free" => {
            (Status::Success, Basis::Waived)
        }
        () => (Status::Success, Basis::Billed),
    }
}

impl TableReader for Cursor {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(DATE)).map_err(|cause| row.error(DATE, cause))?;
        let amounts = self.amounts(row)?;
        let first = (0..N_CHOICES).find(|&index| row.has(AMOUNTS[index].0)).unwrap_or(0);
        let unit = AMOUNTS[first].1;
        let (status, basis) = status_and_basis(row.cell(KIND), row.cell(COST));
        self.add_up(row, &amounts, basis);
        let provider = names.word("cursor");
        let is_automation = !row.cell(AUTOMATION).is_empty();
        let tag = Tag {
            account: Account { provider, meter: Meter::Message, unit },
            entry: if amounts[first] < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis,
            kind: if is_automation { Kind::Automation } else { Kind::Unknown },
            status,
            model: names.word_if_any(row.cell(MODEL)),
            has_id: false,
            is_aggregate: false,
        };
        let user = row.cell(USER).to_lowercase();
        let user = if user == "you" { "" } else { &user };
        let thread = Thread {
            workspace: None,
            user: names.word_if_any(user),
            app: None,
            session: names.word_if_any(row.cell(CLOUD_AGENT)),
        };
        let event = Event {
            at,
            amount: amounts[first],
            key: key_of((at, user, row.cell(MODEL))),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        let has_second = row.has(TOKENS) && unit != Unit::Tokens;
        Ok(Parsed { second: has_second.then_some((Unit::Tokens, amounts[TOKENS_INDEX])), ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        Evidence::of(&self.decimals)
    }

    fn finish(&mut self, batch: &mut Batch) {
        for ((index, basis), (name, amount)) in std::mem::take(&mut self.sums) {
            let (provider, unit) = ("cursor".to_owned(), AMOUNTS[index].1);
            batch.measure(Measure { provider, meter: Meter::Message, unit, basis, name, amount });
        }
        batch.note(self.decimals.rounded, notes::ROUNDED);
        batch.note(self.instants.naive, "times without an offset were read as UTC, in which Cursor writes them");
        batch.note(self.words, "rows carry no price (Included, Free, - or nothing): their use shows in tokens only");
    }
}
