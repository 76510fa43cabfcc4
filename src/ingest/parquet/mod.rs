//! Parquet as rows. Its values are typed, and become the text that readers take without passing a float: decimals keep
//! their scale, times their unit, and have a zone where the file says that they are UTC. Nested objects become columns with
//! `.` between the names, as those of JSON do.
mod cell;
mod pages;

use ::parquet::{
    arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    file::metadata::ParquetMetaData,
};
use arrow_array::{ArrayRef, RecordBatch, cast::AsArray as _};
use arrow_schema::{DataType, FieldRef};
use bytes::Bytes;
use csv::StringRecord;

use crate::ingest::{
    isolate::isolated,
    sheet::Sheet,
    unpack::{Damage, bounds::Budget},
};

/// More columns than any export has.
const MOST_COLUMNS: usize = 1_000;
/// Memory of the rows of a small file, in bytes; a larger one may take a number of times its size.
const HARMLESS: u64 = 64 << 20;
const MOST_TIMES: u64 = 200;
/// What a row and a cell take beside their text, in bytes.
const ROW: u64 = 96;
const CELL: u64 = 8;
/// Rows are read in batches of this many at most, and so that a batch is not larger than this many bytes.
const BATCH: u64 = 1_024;
const BATCH_BYTES: u64 = 64 << 20;

/// Whether a Parquet file begins here.
pub(super) fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1") || bytes.starts_with(b"PARE")
}

/// The rows of a file, below its header.
///
/// # Errors
/// When it is damaged, holds what is no cell, or comes to more than is allowed.
pub(super) fn read(bytes: &[u8], budget: &Budget) -> Result<Sheet<'static>, Damage> {
    let plausible = HARMLESS.saturating_add((bytes.len() as u64).saturating_mul(MOST_TIMES));
    let mut capped = budget.capped(plausible);
    let is_ratio = capped.left() < budget.left();
    let rows = isolated(|| read_rows(bytes, &mut capped));
    rows.unwrap_or_else(|| Err(damage("its parts contradict each other"))).map_err(|damage| match damage {
        Damage::TooLarge { .. } if is_ratio => Damage::Bomb,
        other => other,
    })
}

fn read_rows(bytes: &[u8], budget: &mut Budget) -> Result<Sheet<'static>, Damage> {
    let length = bytes.len() as u64;
    // The schema that Arrow leaves beside that of Parquet tells nothing that a reader of rows needs.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::copy_from_slice(bytes), options);
    let builder = builder.map_err(damage)?;
    let mut names = Vec::new();
    builder.schema().fields().iter().for_each(|field| flatten_names("", field, &mut names));
    if names.len() > MOST_COLUMNS {
        return Err(Damage::Broken(format!("it has {} columns; at most {MOST_COLUMNS} are read", names.len())));
    }
    let batch = check(builder.metadata(), length, names.len(), &mut budget.clone())?;
    pages::check(bytes, builder.metadata(), budget.clone())?;
    let reader = builder.with_batch_size(batch).build().map_err(damage)?;
    list(reader, names, budget)
}

/// Checks what the file says about itself before anything is made of it; returns how many rows to read at once.
fn check(about: &ParquetMetaData, length: u64, n_columns: usize, budget: &mut Budget) -> Result<usize, Damage> {
    let (mut packed, mut largest) = (0_u64, 1_u64);
    for column in about.row_groups().iter().flat_map(parquet::file::metadata::RowGroupMetaData::columns) {
        let sizes = (u64::try_from(column.compressed_size()), u64::try_from(column.uncompressed_size()));
        let (Ok(compressed), Ok(uncompressed)) = sizes else { return Err(damage("a column has no size")) };
        packed = packed.saturating_add(compressed);
        largest = largest.max(uncompressed);
        budget.take(uncompressed)?;
    }
    let in_groups = about
        .row_groups()
        .iter()
        .map(parquet::file::metadata::RowGroupMetaData::num_rows)
        .try_fold(0_i64, i64::checked_add);
    let n_rows = about.file_metadata().num_rows();
    if packed > length || in_groups != Some(n_rows) {
        return Err(damage("it says that it is longer than it is"));
    }
    let n_rows = u64::try_from(n_rows).map_err(damage)?;
    budget.take(n_rows.saturating_mul(ROW + n_columns as u64 * CELL))?;
    Ok(usize::try_from((BATCH_BYTES / largest).clamp(16, BATCH)).unwrap_or(16))
}

fn list(reader: ParquetRecordBatchReader, names: Vec<String>, budget: &mut Budget) -> Result<Sheet<'static>, Damage> {
    let n_columns = names.len();
    let mut rows = vec![(0, StringRecord::from(names))];
    let mut text = String::new();
    for batch in reader {
        let batch: RecordBatch = batch.map_err(damage)?;
        let mut columns = Vec::with_capacity(n_columns);
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            flatten(field, array, &mut columns);
        }
        for row in 0..batch.num_rows() {
            let mut record = StringRecord::with_capacity(0, n_columns);
            for array in &columns {
                text.clear();
                cell::write(array.as_ref(), row, &mut text).map_err(Damage::Broken)?;
                record.push_field(&text);
            }
            budget.take(ROW + n_columns as u64 * CELL + record.as_slice().len() as u64)?;
            let number = u32::try_from(rows.len()).map_err(|_| damage("it has more rows than can be numbered"))?;
            rows.push((number, record));
        }
    }
    Ok(Sheet::Listed(rows))
}

/// The columns that a field becomes.
fn flatten_names(path: &str, field: &FieldRef, names: &mut Vec<String>) {
    let name = if path.is_empty() { field.name().clone() } else { format!("{path}.{}", field.name()) };
    match field.data_type() {
        DataType::Struct(fields) => fields.iter().for_each(|field| flatten_names(&name, field, names)),
        _ => names.push(name),
    }
}

/// The arrays that a field's array becomes, in the same order.
fn flatten(field: &FieldRef, array: &ArrayRef, columns: &mut Vec<ArrayRef>) {
    match field.data_type() {
        DataType::Struct(fields) => {
            let parts = array.as_struct().columns();
            fields.iter().zip(parts).for_each(|(field, part)| flatten(field, part, columns));
        }
        _ => columns.push(array.clone()),
    }
}

fn damage(err: impl std::fmt::Display) -> Damage {
    Damage::Broken(format!("the Parquet file is damaged ({err}): write it again"))
}
