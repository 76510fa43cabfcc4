//! Rows of plain values as columns of a Parquet table, and back. Each type says once which columns it has; a record has
//! those of its fields, named `field` or `field.part`.
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{
        ArrayBuilder, BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
        TimestampNanosecondBuilder, UInt64Builder,
    },
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use bytes::Bytes;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder, arrow_writer::ArrowWriterOptions},
    basic::{Compression, Encoding, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::ColumnPath,
};

use crate::ingest::isolate::isolated;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Count,
    /// Counts or hashes that stand in order, nearly all of them once.
    Ordered,
    Whole,
    /// An amount with nine decimals.
    Exact,
    Instant,
    Float,
    Flag,
}

/// The columns of a type, and how its values are put into them.
pub(super) trait Put {
    /// How many columns it has.
    const WIDTH: usize;
    /// Names and kinds of its columns.
    fn columns(name: &str, all: &mut Vec<(String, Kind)>);
    /// Puts a value into the next columns.
    fn put(&self, out: &mut Writer);
}

/// How values are taken from columns again.
pub(super) trait Take: Put + Sized {
    /// Takes a value from the next columns.
    fn take(from: &mut Reader) -> anyhow::Result<Self>;
}

/// Columns that are being filled, row by row.
pub(super) struct Writer {
    columns: Vec<(Kind, Box<dyn ArrayBuilder>)>,
    next: usize,
}

/// Columns that are being read, row by row.
pub(super) struct Reader {
    columns: Vec<(String, ArrayRef)>,
    row: usize,
    next: usize,
}

/// Digits of a decimal, and those behind the point.
const DECIMAL: (u8, i8) = (38, 9);

impl Kind {
    fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Count | Self::Ordered => DataType::UInt64,
            Self::Whole => DataType::Int64,
            Self::Exact => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
            Self::Instant => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            Self::Float => DataType::Float64,
            Self::Flag => DataType::Boolean,
        }
    }

    fn builder(self) -> Box<dyn ArrayBuilder> {
        match self {
            Self::Text => Box::new(StringBuilder::new()),
            Self::Count | Self::Ordered => Box::new(UInt64Builder::new()),
            Self::Whole => Box::new(Int64Builder::new()),
            Self::Exact => Box::new(Decimal128Builder::new().with_data_type(self.data_type())),
            Self::Instant => Box::new(TimestampNanosecondBuilder::new().with_timezone("UTC")),
            Self::Float => Box::new(Float64Builder::new()),
            Self::Flag => Box::new(BooleanBuilder::new()),
        }
    }
}

/// The names and kinds of the columns of a type.
pub(super) fn columns_of<T: Put>() -> Vec<(String, Kind)> {
    let mut all = Vec::new();
    T::columns("", &mut all);
    all
}

/// The name of a part of something that may have a name itself.
pub(super) fn joined(name: &str, part: &str) -> String {
    if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") }
}

/// Rows as a Parquet file.
///
/// # Errors
/// When an amount has more than 38 digits.
pub(super) fn write<T: Put>(rows: impl Iterator<Item = T>) -> anyhow::Result<Vec<u8>> {
    let columns = columns_of::<T>();
    // a table is read as a whole: what helps to read a part of it would be half of a small one
    let mut how = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true);
    for (name, kind) in &columns {
        if matches!(kind, Kind::Instant | Kind::Ordered) {
            let path = ColumnPath::from(vec![name.clone()]);
            how = how.set_column_dictionary_enabled(path.clone(), false);
            how = how.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    let fields: Vec<Field> = columns.iter().map(|(name, kind)| Field::new(name, kind.data_type(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut out = Writer { columns: columns.iter().map(|(_, kind)| (*kind, kind.builder())).collect(), next: 0 };
    for row in rows {
        out.next = 0;
        row.put(&mut out);
    }
    let arrays: Vec<ArrayRef> = out.columns.iter_mut().map(|(_, builder)| builder.finish()).collect();
    let options = ArrowWriterOptions::new().with_properties(how.build()).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options)?;
    if !arrays.is_empty() && !arrays[0].is_empty() {
        writer.write(&RecordBatch::try_new(schema, arrays)?)?;
    }
    Ok(writer.into_inner()?)
}

/// The rows of a Parquet file.
///
/// # Errors
/// When it is damaged, or has other columns than its rows have.
pub(super) fn read<T: Take>(bytes: Vec<u8>) -> anyhow::Result<Vec<T>> {
    let rows = isolated(|| read_rows(bytes));
    rows.unwrap_or_else(|| bail!("its parts contradict each other"))
}

fn read_rows<T: Take>(bytes: Vec<u8>) -> anyhow::Result<Vec<T>> {
    let wanted = columns_of::<T>();
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))?.with_batch_size(8_192).build()?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch?;
        let mut columns = Vec::with_capacity(wanted.len());
        for (name, kind) in &wanted {
            let column = batch.column_by_name(name).with_context(|| format!("it has no column {name}"))?;
            let (found, kind) = (column.data_type(), kind.data_type());
            ensure!(*found == kind, "column {name} holds {found}, not {kind}");
            columns.push((name.clone(), Arc::clone(column)));
        }
        let mut from = Reader { columns, row: 0, next: 0 };
        for row in 0..batch.num_rows() {
            (from.row, from.next) = (row, 0);
            rows.push(T::take(&mut from)?);
        }
    }
    Ok(rows)
}

impl Writer {
    /// The builder of the next column; every value passes as many columns as its type names, in their order.
    fn next<B: ArrayBuilder>(&mut self) -> Option<&mut B> {
        let (_, builder) = self.columns.get_mut(self.next)?;
        self.next += 1;
        builder.as_any_mut().downcast_mut()
    }

    /// Leaves some columns empty.
    pub(super) fn skip(&mut self, width: usize) {
        for (kind, builder) in self.columns.iter_mut().skip(self.next).take(width) {
            let builder = builder.as_any_mut();
            macro_rules! empty {
                ($type:ty) => {
                    if let Some(builder) = builder.downcast_mut::<$type>() {
                        builder.append_null();
                    }
                };
            }
            match kind {
                Kind::Text => empty!(StringBuilder),
                Kind::Count | Kind::Ordered => empty!(UInt64Builder),
                Kind::Whole => empty!(Int64Builder),
                Kind::Exact => empty!(Decimal128Builder),
                Kind::Instant => empty!(TimestampNanosecondBuilder),
                Kind::Float => empty!(Float64Builder),
                Kind::Flag => empty!(BooleanBuilder),
            }
        }
        self.next += width;
    }
}

impl Reader {
    /// Whether the next columns are all empty; if so, they are passed.
    pub(super) fn pass_empty(&mut self, width: usize) -> bool {
        let columns = &self.columns[self.next..self.next + width];
        let is_empty = columns.iter().all(|(_, column)| column.is_null(self.row));
        self.next += if is_empty { width } else { 0 };
        is_empty
    }

    /// The next column and the row in it, which is not empty.
    fn next(&mut self) -> anyhow::Result<(&ArrayRef, usize)> {
        let (name, column) = &self.columns[self.next];
        self.next += 1;
        ensure!(!column.is_null(self.row), "column {name} is empty in row {}", self.row + 1);
        Ok((column, self.row))
    }

    /// The name of the column that was read last.
    pub(super) fn latest(&self) -> &str {
        &self.columns[self.next.saturating_sub(1)].0
    }
}

/// What a kind of column takes and gives.
macro_rules! primitive {
    ($put:ident, $take:ident, $raw:ty, $builder:ty, $array:ty) => {
        impl Writer {
            pub(super) fn $put(&mut self, value: $raw) {
                if let Some(builder) = self.next::<$builder>() {
                    builder.append_value(value);
                }
            }
        }

        impl Reader {
            pub(super) fn $take(&mut self) -> anyhow::Result<$raw> {
                let (column, row) = self.next()?;
                let column = column.as_any().downcast_ref::<$array>().context("a column of another kind")?;
                Ok(column.value(row))
            }
        }
    };
}

primitive!(count, take_count, u64, UInt64Builder, arrow_array::UInt64Array);
primitive!(whole, take_whole, i64, Int64Builder, arrow_array::Int64Array);
primitive!(exact, take_exact, i128, Decimal128Builder, arrow_array::Decimal128Array);
primitive!(instant, take_instant, i64, TimestampNanosecondBuilder, arrow_array::TimestampNanosecondArray);
primitive!(float, take_float, f64, Float64Builder, arrow_array::Float64Array);
primitive!(flag, take_flag, bool, BooleanBuilder, arrow_array::BooleanArray);

impl Writer {
    pub(super) fn text(&mut self, value: &str) {
        if let Some(builder) = self.next::<StringBuilder>() {
            builder.append_value(value);
        }
    }
}

impl Reader {
    pub(super) fn take_text(&mut self) -> anyhow::Result<String> {
        let (column, row) = self.next()?;
        let column = column.as_any().downcast_ref::<arrow_array::StringArray>().context("a column of another kind")?;
        Ok(column.value(row).to_owned())
    }
}
