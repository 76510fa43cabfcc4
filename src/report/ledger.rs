//! Events as a ledger that reads back as the same events: one row each, in the columns of the ledger's reader.
//!
//! `row_key` keeps what tells rows apart and in which order equal times stand, so equal rows survive. In CSV, cells that
//! a spreadsheet would run have an apostrophe before them; by `_file` and `_line`, the place each row comes from, the
//! reader knows to take it off. Other formats need neither.
use std::{borrow::Cow, sync::Arc};

use anyhow::Context as _;
use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, TimestampNanosecondArray, builder::StringBuilder};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use serde::Serializer as _;

use crate::{
    ingest::{
        Ingested,
        batch::Second,
        ledger::COLUMNS,
        prompts::KeptText,
        table::header::{FILE, LINE},
    },
    model::{
        account::{Entry, Kind, Status},
        amount::Amount,
        event::{Event, Tag, Thread},
    },
    report::clean::guarded,
};

/// How a ledger is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// Rows of one part of a Parquet file.
const PART: usize = 65_536;
/// Digits of a decimal in a Parquet file, and those behind the point.
const DECIMAL: (u8, i8) = (38, 9);

/// What is known of an event beyond itself.
struct Source<'a> {
    event: &'a Event,
    thread: Thread,
    tag: &'a Tag,
    kept: Option<&'a KeptText>,
    input: &'a Ingested,
}

/// The fields that are written; without kept prompts there is no column for them.
fn fields(with_prompts: bool) -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().filter(move |column| with_prompts || !column.is_prompt).map(|column| column.field)
}

impl<'a> Source<'a> {
    fn new(input: &'a Ingested, event: &'a Event) -> Self {
        let names = &input.names;
        let (thread, tag) = (names.thread(event.thread), names.tag(event.tag));
        Self { event, thread, tag, kept: input.kept.get(&event.place), input }
    }

    /// The cell of a field; empty where the event has none.
    fn cell(&self, field: &str) -> Cow<'a, str> {
        let Self { event, thread, tag, kept, input } = *self;
        let text = |word| Cow::Borrowed(input.names.text_of(word).unwrap_or_default());
        let said = |text: Option<&'a str>| Cow::Borrowed(text.unwrap_or_default());
        let label = thread.app.map(|app| input.names.app_label(thread.workspace, app));
        match field {
            "timestamp" => event.at.to_string().into(),
            "workspace" => text(thread.workspace),
            "user" => text(thread.user),
            "app" => said(label),
            "app_id" if label != input.names.text_of(thread.app) => text(thread.app),
            "session" => text(thread.session),
            "feature" => text(event.about.feature()),
            "prompt" => said(kept.and_then(|kept| kept.prompt.as_deref())),
            "kind" if tag.kind != Kind::Unknown => tag.kind.word().into(),
            "meter" => tag.account.meter.word().into(),
            "entry" => self.entry().word().into(),
            "credits" => event.amount.to_string().into(),
            "status" if tag.status != Status::Unknown => tag.status.word().into(),
            "status_reason" => said(kept.and_then(|kept| kept.reason.as_deref())),
            "event_id" if tag.has_id => match kept.and_then(|kept| kept.id.as_deref()) {
                Some(id) => id.into(),
                None => self.key().into(),
            },
            "balance_after" => match input.balances.binary_search_by_key(&event.place, |(place, _)| *place) {
                Ok(found) => input.balances[found].1.to_string().into(),
                Err(_) => said(kept.and_then(|kept| kept.balance.as_deref())),
            },
            "model" => text(tag.model),
            "provider" => text(Some(tag.account.provider)),
            "unit" => tag.account.unit.word().into(),
            "basis" => tag.basis.word().into(),
            "grain" => if tag.is_aggregate { "day" } else { "event" }.into(),
            "row_key" => self.key().into(),
            "also" => self.second().map_or("".into(), |(_, amount)| amount.to_string().into()),
            "also_unit" => self.second().map_or("".into(), |(unit, _)| unit.word().into()),
            _ => "".into(),
        }
    }

    /// The same use in another unit.
    fn second(&self) -> Option<Second> {
        let seconds = &self.input.seconds;
        seconds.binary_search_by_key(&self.event.place, |(place, _)| *place).ok().map(|found| seconds[found].1)
    }

    fn key(&self) -> String {
        format!("{:016x}", self.event.key)
    }

    /// A refund is negative; what is booked as one and is not, is use in another unit.
    fn entry(&self) -> Entry {
        let is_use = self.tag.entry == Entry::Refund && self.event.amount > Amount::ZERO;
        if is_use { Entry::Usage } else { self.tag.entry }
    }
}

/// Events as a ledger.
///
/// # Errors
/// Never in memory.
pub fn write(input: &Ingested, events: &[&Event], form: Form, with_prompts: bool) -> anyhow::Result<Vec<u8>> {
    match form {
        Form::Csv => csv(input, events, with_prompts).context("writing CSV"),
        Form::Jsonl => jsonl(input, events, with_prompts).context("writing JSON lines"),
        Form::Parquet => parquet(input, events, with_prompts).context("writing Parquet"),
    }
}

fn csv(input: &Ingested, events: &[&Event], with_prompts: bool) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields(with_prompts).chain([FILE, LINE]))?;
    for event in events {
        let source = Source::new(input, event);
        for field in fields(with_prompts) {
            writer.write_field(guarded(&source.cell(field)))?;
        }
        writer.write_field(guarded(&input.files[event.place.file as usize].path))?;
        writer.write_field(event.place.line.to_string())?;
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn jsonl(input: &Ingested, events: &[&Event], with_prompts: bool) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for event in events {
        let source = Source::new(input, event);
        let cells = fields(with_prompts).map(|field| (field, source.cell(field)));
        serde_json::Serializer::new(&mut bytes).collect_map(cells.filter(|(_, cell)| !cell.is_empty()))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn parquet(input: &Ingested, events: &[&Event], with_prompts: bool) -> anyhow::Result<Vec<u8>> {
    let kind = |field: &str| match field {
        "timestamp" => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
        "credits" | "also" => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
        _ => DataType::Utf8,
    };
    let is_needed = |field: &str| matches!(field, "timestamp" | "credits");
    let columns: Vec<Field> =
        fields(with_prompts).map(|field| Field::new(field, kind(field), !is_needed(field))).collect();
    let schema = Arc::new(Schema::new(columns));
    let how = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(how))?;
    for part in events.chunks(PART) {
        let arrays = fields(with_prompts).map(|field| array(input, part, field)).collect::<anyhow::Result<_>>()?;
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), arrays)?)?;
    }
    Ok(writer.into_inner()?)
}

fn array(input: &Ingested, events: &[&Event], field: &str) -> anyhow::Result<ArrayRef> {
    Ok(match field {
        "timestamp" => {
            let times = TimestampNanosecondArray::from_iter_values(events.iter().map(|event| event.at.nanos()));
            Arc::new(times.with_timezone("UTC"))
        }
        "credits" => {
            let amounts = Decimal128Array::from_iter_values(events.iter().map(|event| event.amount.nanos().into()));
            Arc::new(amounts.with_precision_and_scale(DECIMAL.0, DECIMAL.1)?)
        }
        "also" => {
            let second = |event: &&Event| Source::new(input, event).second();
            let amounts = events.iter().map(|event| second(event).map(|(_, amount)| amount.nanos().into()));
            let amounts: Decimal128Array = amounts.collect();
            Arc::new(amounts.with_precision_and_scale(DECIMAL.0, DECIMAL.1)?)
        }
        _ => {
            let mut cells = StringBuilder::new();
            for event in events {
                let cell = Source::new(input, event).cell(field);
                cells.append_option(Some(cell).filter(|cell| !cell.is_empty()));
            }
            Arc::new(cells.finish())
        }
    })
}
