//! Delimited tables, record by record with positions, each row accounted for.
pub mod header;
pub mod records;

use crate::{
    ingest::{
        Columns, Keep, KeptText,
        batch::{Batch, RowError},
        sheet::Sheet,
        table::header::Header,
        value::decimal::Mark,
    },
    model::{
        account::Unit,
        amount::Amount,
        event::{Event, Place},
        names::Names,
    },
};

/// One data row.
pub struct Row<'r> {
    record: &'r csv::StringRecord,
    header: &'r Header,
    /// Its physical line, from 1.
    pub line: u32,
}

/// An event as read from a row.
pub struct Parsed<'r> {
    /// The event; its file is set later.
    pub event: Event,
    /// The amount in the source's second unit.
    pub second: Amount,
    /// The event id as written.
    pub id: Option<&'r str>,
    /// The prompt as written.
    pub prompt: Option<&'r str>,
    /// Whether it goes to the pool (grants, top-ups, expiries) and not to the events.
    pub is_pool: bool,
}

/// What a file's cells proved about how they are written; a file is read again with what was proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conventions {
    /// The decimal mark.
    pub mark: Mark,
    /// Whether consumption is written as negative amounts.
    pub debit: Debit,
}

/// The sign of consumption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Debit {
    /// `1.2` consumes, `-1.2` is a refund.
    #[default]
    Positive,
    /// `-1.2` consumes.
    Negative,
}

/// Reads the rows of one kind of table.
pub trait TableReader {
    /// Reads a row.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError>;
    /// The unit of [`Parsed::second`], where there is one.
    fn second_unit(&self) -> Option<Unit>;
    /// What the rows read so far prove, where that differs from what was assumed.
    fn proven(&self) -> Option<Conventions>;
    /// Adds sums and notes when all rows are read.
    fn finish(&mut self, batch: &mut Batch);
}

impl<'r> Row<'r> {
    /// The trimmed cell of a column, by its position in the source's list; empty where the header has no such column.
    pub fn cell(&self, column: usize) -> &'r str {
        self.header.position(column).and_then(|position| self.record.get(position)).map_or("", str::trim)
    }

    /// Whether the header has a column.
    pub fn has(&self, column: usize) -> bool {
        self.header.position(column).is_some()
    }

    /// How the header calls a column.
    pub fn name(&self, column: usize) -> &'r str {
        self.header.name(column)
    }

    /// Whether it has as many cells as the header.
    ///
    /// # Errors
    /// When it has not: its cells may have moved, so none of them is read.
    pub fn check_width(&self) -> Result<(), RowError> {
        self.header.check_width(self.record)
    }

    /// Its cells by header name, prompts blank unless kept.
    pub fn named(&self, keep: Keep) -> Vec<(String, String)> {
        self.header.named(self.record, keep)
    }

    /// This row failed on a column.
    pub fn error(&self, column: usize, cause: impl Into<String>) -> RowError {
        RowError::cell(self.header.name(column), self.cell(column), cause)
    }
}

/// Reads a whole table below its header.
pub fn read(sheet: &Sheet, header: &Header, reader: &mut dyn TableReader, keep: Keep) -> Batch {
    let mut seconds = Vec::new();
    let mut batch = each_row(sheet, header, |row, batch| data_row(row, reader, keep, batch, &mut seconds));
    batch.second = reader.second_unit().map(|unit| (unit, seconds));
    reader.finish(&mut batch);
    batch
}

/// Hands over each data row and books the others.
pub fn each_row(sheet: &Sheet, header: &Header, mut book: impl FnMut(&Row, &mut Batch)) -> Batch {
    let mut batch = Batch::default();
    let mut rows = sheet.rows(header.delimiter);
    let mut index = 0;
    while let Some(line) = rows.advance(&mut batch.rows) {
        let record = rows.record();
        let position = index;
        index += 1;
        if position < header.record {
            batch.rows.skipped += 1;
        } else if position == header.record || header.is_repeated_by(record) {
            batch.rows.header += u64::from(line > 0);
        } else if header::is_blank(record) || header.is_total(record) {
            batch.rows.skipped += 1;
        } else {
            book(&Row { record, header, line }, &mut batch);
        }
    }
    batch.columns = Columns { matched: header.matched(), unmatched: header.unmatched() };
    batch
}

fn data_row(row: &Row, reader: &mut dyn TableReader, keep: Keep, batch: &mut Batch, seconds: &mut Vec<Amount>) {
    let outcome = row.check_width().and_then(|()| reader.row(row, &mut batch.names));
    let parsed = match outcome {
        Ok(parsed) => parsed,
        Err(error) => return batch.reject(row.line, error, row.named(keep)),
    };
    if keep != Keep::Nothing {
        let id = parsed.id.map(Into::into);
        let prompt = parsed.prompt.filter(|_| keep == Keep::IdsAndPrompts).map(Into::into);
        batch.kept.insert(Place { file: 0, line: row.line }, KeptText { id, prompt });
    }
    batch.rows.accepted += 1;
    batch.saw(parsed.event.at);
    if parsed.is_pool {
        batch.pool.push(parsed.event);
    } else {
        batch.events.push(parsed.event);
        seconds.push(parsed.second);
    }
}
