//! Rows of FOCUS as CSV, JSON lines and Parquet. In CSV, cells that a spreadsheet would run have an apostrophe before them.
use std::sync::Arc;

use anyhow::Context as _;
use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use chrono::SecondsFormat;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use serde::Serializer as _;

use crate::report::{
    clean::guarded,
    focus::{Books, COLUMNS, Cell, Charge, Kind, Source},
    ledger::Form,
};

/// Rows of one part of a Parquet file.
const PART: usize = 65_536;
/// Digits of a decimal in a Parquet file, and those behind the point.
const DECIMAL: (u8, i8) = (38, 9);

/// What was written, and how many of its rows have no price.
#[derive(Debug)]
pub struct Written {
    /// The rows.
    pub bytes: Vec<u8>,
    /// Rows that cost something, whose value in dollars is not known.
    pub unpriced: usize,
}

/// Charges as rows of FOCUS.
///
/// # Errors
/// Never in memory.
pub fn write(books: Books, charges: &[Charge], form: Form) -> anyhow::Result<Written> {
    let has_no_price = |charge: &&Charge| Source::new(books, **charge).value().is_none();
    let unpriced = charges.iter().filter(|charge| !charge.event.amount.is_zero()).filter(has_no_price).count();
    let bytes = match form {
        Form::Csv => csv(books, charges).context("writing CSV"),
        Form::Jsonl => jsonl(books, charges).context("writing JSON lines"),
        Form::Parquet => parquet(books, charges).context("writing Parquet"),
    };
    Ok(Written { bytes: bytes?, unpriced })
}

fn shown(cell: Option<Cell>) -> String {
    match cell {
        None => String::new(),
        Some(Cell::Text(text)) => text.into_owned(),
        // Readers that tell types from the cells must not take a column of decimals for whole numbers.
        Some(Cell::Decimal(amount)) => match amount.to_string() {
            whole if !whole.contains('.') => whole + ".0",
            decimal => decimal,
        },
        Some(Cell::Moment(at)) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

fn csv(books: Books, charges: &[Charge]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.map(|(name, _)| name))?;
    for charge in charges {
        let source = Source::new(books, *charge);
        writer.write_record(COLUMNS.map(|(name, _)| guarded(&shown(source.cell(name)))))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn jsonl(books: Books, charges: &[Charge]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for charge in charges {
        let source = Source::new(books, *charge);
        let cells = COLUMNS.iter().map(|(name, _)| (name, source.cell(name).map(|cell| shown(Some(cell)))));
        serde_json::Serializer::new(&mut bytes).collect_map(cells)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn parquet(books: Books, charges: &[Charge]) -> anyhow::Result<Vec<u8>> {
    let kind = |kind| match kind {
        Kind::Text => DataType::Utf8,
        Kind::Decimal => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
        Kind::Moment => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    };
    let fields: Vec<Field> = COLUMNS.iter().map(|(name, of)| Field::new(*name, kind(*of), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let how = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(how))?;
    for part in charges.chunks(PART) {
        let array = |(name, of): &(&'static str, Kind)| -> anyhow::Result<ArrayRef> {
            let cells = part.iter().map(|charge| Source::new(books, *charge).cell(name));
            Ok(match of {
                Kind::Text => Arc::new(cells.map(|cell| cell.map(|cell| shown(Some(cell)))).collect::<StringArray>()),
                Kind::Decimal => {
                    let nanos = |cell| if let Cell::Decimal(amount) = cell { Some(amount.nanos()) } else { None };
                    let amounts: Decimal128Array = cells.map(|cell| cell.and_then(nanos)).collect();
                    Arc::new(amounts.with_precision_and_scale(DECIMAL.0, DECIMAL.1)?)
                }
                Kind::Moment => {
                    let micros = |cell| if let Cell::Moment(at) = cell { Some(at.timestamp_micros()) } else { None };
                    let times: TimestampMicrosecondArray = cells.map(|cell| cell.and_then(micros)).collect();
                    Arc::new(times.with_timezone("UTC"))
                }
            })
        };
        let arrays = COLUMNS.iter().map(array).collect::<anyhow::Result<_>>()?;
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), arrays)?)?;
    }
    Ok(writer.into_inner()?)
}
