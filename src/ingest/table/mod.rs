//! Delimited tables, record by record with positions, each row accounted for.
pub mod amounts;
pub mod cells;
pub mod chunks;
pub mod dialect;
pub(in crate::ingest) mod ending;
pub mod evidence;
pub mod fit;
pub mod header;
mod marks;
pub mod notes;
mod preamble;
mod quotes;
pub(in crate::ingest) mod realign;
pub mod records;
mod rival;
pub mod sign;
pub(in crate::ingest) mod sums;
pub(in crate::ingest) mod total_words;

use rayon::prelude::*;

use crate::{
    ingest::{
        Columns, Keep, Settings,
        batch::{Batch, RowError, Second, Spot},
        prompts::{Reader, Written},
        sheet::Sheet,
        table::{
            cells::Cells,
            chunks::Chunk,
            evidence::{Conventions, Evidence},
            header::Header,
        },
    },
    model::{
        event::{Event, Place},
        instant::Instant,
        names::Names,
        problem::RowCount,
        text::trimmed,
    },
};

/// One data row.
pub struct Row<'r> {
    record: Cells<'r>,
    header: &'r Header,
    /// The trimmed cells of the source's first columns: nearly all that are asked for.
    near: [&'r str; NEAR],
    /// Its physical line, from 1.
    pub line: u32,
    byte: Option<u64>,
    /// Whether it has another width than the header, or a cell in a column without a name.
    has_moved: bool,
}

/// An event as read from a row.
pub struct Parsed<'r> {
    /// The event; its file and its cues are set later.
    pub event: Event,
    /// The amount in the source's second unit, where it has one.
    pub second: Option<Second>,
    /// What the row tells beside it.
    pub written: Written<'r>,
    /// Whether it goes to the pool (grants, top-ups, expiries) and not to the events.
    pub is_pool: bool,
}

impl Parsed<'_> {
    /// An event that is told nothing more about.
    pub fn of(event: Event) -> Self {
        Self { event, second: None, written: Written::default(), is_pool: false }
    }
}

/// Reads the rows of one kind of table.
pub trait TableReader {
    /// When a bucket without use began; `None` for a row that holds an event. Such rows are often cut short, so they
    /// are looked for before the width of a row is checked.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    fn empty_bucket(&mut self, _row: &Row) -> Result<Option<Instant>, RowError> {
        Ok(None)
    }

    /// Whether a row of the right width is no consumption by what the user said.
    fn passes_over(&mut self, _row: &Row) -> bool {
        false
    }

    /// Reads a row; the dictionaries are the same at each call.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError>;
    /// What the rows read so far tell of how the file is written.
    fn evidence(&self) -> Evidence;
    /// Adds sums and notes when all rows are read.
    fn finish(&mut self, batch: &mut Batch);
}

/// So many columns of a row are looked up at once.
const NEAR: usize = 32;

impl<'r> Row<'r> {
    /// A row whose cells stand where [`Header::places`] says.
    #[inline]
    fn new(record: Cells<'r>, header: &'r Header, places: &[(usize, usize)], at: Spot, has_moved: bool) -> Self {
        let mut near = [""; NEAR];
        for (cell, position) in places {
            if let (Some(cell), Some(text)) = (near.get_mut(*cell), record.get(*position)) {
                *cell = trimmed(text);
            }
        }
        Self { record, header, near, line: at.line, byte: at.byte, has_moved }
    }

    /// The trimmed cell of a column, by its position in the source's list; empty where the header has no such column.
    #[inline]
    pub fn cell(&self, column: usize) -> &'r str {
        self.near.get(column).copied().unwrap_or_else(|| self.far(column))
    }

    #[cold]
    fn far(&self, column: usize) -> &'r str {
        self.header.position(column).and_then(|position| self.record.get(position)).map_or("", trimmed)
    }

    /// Whether the header has a column.
    pub fn has(&self, column: usize) -> bool {
        self.header.position(column).is_some()
    }

    /// Whether some columns hold all that the row says, cells beyond the header included.
    pub fn holds_only(&self, columns: &[usize]) -> bool {
        let is_one = |position| columns.iter().any(|&column| self.header.position(column) == Some(position));
        self.record.iter().enumerate().all(|(position, cell)| cell.trim().is_empty() || is_one(position))
    }

    /// The first cell of some columns that is not empty, with its column.
    pub fn first_of(&self, columns: &[usize]) -> Option<(usize, &'r str)> {
        columns.iter().map(|&column| (column, self.cell(column))).find(|(_, cell)| !cell.is_empty())
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
        if self.has_moved { self.header.check_width(self.record) } else { Ok(()) }
    }

    /// Where it stands.
    pub fn spot(&self) -> Spot {
        Spot { line: self.line, byte: self.byte }
    }

    /// What it holds, in the order of the header, prompts blank unless kept.
    pub fn held(&self, keep: Keep) -> Vec<String> {
        self.header.held(self.record, keep, None, |_| false)
    }

    /// This row failed on a column.
    pub fn error(&self, column: usize, cause: impl Into<String>) -> RowError {
        RowError::cell(self.header.name(column), self.cell(column), cause)
    }
}

/// Why a line that opens a quote is rejected by itself.
const OPEN_QUOTE: &str = "a quote opens on this line and is not closed on it: close it, or double quotes inside a cell";

/// Why a line with a quote that is neither around a cell nor doubled is rejected.
const STRAY_QUOTE: &str =
    "a quote stands inside a cell, so where cells begin and end is not certain: double it and quote the cell";

/// Why a row above the header is rejected.
const ABOVE: &str = "stands above the header and reads as a row: were parts of the file joined in the wrong order?";

/// Why a record over several lines is rejected whose quotes stand where they belong.
fn pasted(lines: usize) -> String {
    format!(
        "its {lines} lines are one row by their quotes, but the last of them reads as a row by itself: either a row was \
         pasted into a cell, or two quotes that are never closed have met; quote it rightly, or put it on one line"
    )
}

/// Why a row below the header of another table is rejected.
fn below_rival(line: u32) -> String {
    format!(
        "stands below line {line}, which looks like the header of another table: move that table to a file of its own"
    )
}

/// A way to make readers: one for each chunk.
pub type Readers<'f> = &'f (dyn Fn() -> Box<dyn TableReader> + Sync);

/// Reads a whole table below its header, and what its cells prove.
pub fn read(sheet: &Sheet, header: &Header, readers: Readers, settings: &Settings) -> (Batch, Evidence) {
    let chunks = sheet.chunks(header.dialect);
    let parts: Option<Vec<Part>> =
        chunks.par_iter().map(|chunk| read_chunk(sheet, chunk, header, readers, settings)).collect();
    // What stands below another header is known only to who reads from the top.
    let parts = parts.filter(|parts| parts.len() == 1 || parts.iter().all(|(batch, _)| batch.rival_below.is_none()));
    let parts = parts.or_else(|| read_chunk(sheet, &Chunk::whole(), header, readers, settings).map(|part| vec![part]));
    let (parts, told): (Vec<Batch>, Vec<Evidence>) = parts.unwrap_or_default().into_iter().unzip();
    let evidence = told.into_iter().fold(Evidence::default(), Evidence::plus);
    let mut batch = Batch::joined(parts);
    batch.columns = columns(header);
    if batch.rows.header > 1 {
        batch.note(repeated(&batch), notes::HEADERS);
    }
    (batch, evidence)
}

type Part = (Batch, Evidence);

/// How many rows say the same as another one.
fn repeated(batch: &Batch) -> u64 {
    let mut rows: Vec<_> =
        batch.events.iter().map(|event| (event.at, event.key, event.amount, event.thread, event.tag)).collect();
    rows.sort_unstable();
    rows.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64
}

fn columns(header: &Header) -> Columns {
    Columns { header: header.foreign(), matched: header.matched(), unmatched: header.unmatched() }
}

/// How the files of rejected rows were written, where the table holds such rows; they may prove nothing by themselves.
pub fn told_conventions(sheet: &Sheet, header: &Header) -> Option<Conventions> {
    if !header.is_defused() {
        return None;
    }
    let (mut rows, mut count) = (sheet.rows(header.dialect), RowCount::default());
    while rows.advance(&mut count).is_some() {
        let told = header.own_cell(rows.record(), header::CAUSE).and_then(Conventions::heard);
        if told.is_some() {
            return told;
        }
    }
    None
}

/// Reads a chunk; `None` where its records do not end where the chunk does.
fn read_chunk(sheet: &Sheet, chunk: &Chunk, header: &Header, readers: Readers, settings: &Settings) -> Option<Part> {
    let (mut reader, mut prompts) = (readers(), Reader::new(settings));
    let is_one_record = |text: &str, has_moved| quotes::is_one_record(text, has_moved, header, &mut *readers());
    let is_first = chunk.bytes.start == 0;
    let book = |row: &Row, batch: &mut Batch| {
        let has_rows_above = !is_first || batch.rows.accepted > 0;
        data_row(row, &mut *reader, (settings, &mut prompts), has_rows_above, batch);
    };
    let mut batch = each_row_of(sheet, chunk, header, settings.keep, is_one_record, book)?;
    reader.finish(&mut batch);
    Some((batch, reader.evidence()))
}

/// Hands over each data row and books the others.
pub fn each_row(sheet: &Sheet, header: &Header, keep: Keep, book: impl FnMut(&Row, &mut Batch)) -> Batch {
    let mut batch =
        each_row_of(sheet, &Chunk::whole(), header, keep, |_, has_moved| !has_moved, book).unwrap_or_default();
    batch.columns = columns(header);
    batch
}

/// Hands over each data row of a chunk and books the others; `None` where the records do not end where the chunk does.
fn each_row_of(
    sheet: &Sheet,
    chunk: &Chunk,
    header: &Header,
    keep: Keep,
    is_one_record: impl Fn(&str, bool) -> bool,
    mut book: impl FnMut(&Row, &mut Batch),
) -> Option<Batch> {
    let mut batch = Batch::default();
    let is_defused = header.is_defused() && !sheet.has_implied_header();
    let (width, is_nameless, places) = (header.width(), header.is_nameless(), header.places());
    let mut rows = sheet.rows_of(chunk, header.dialect);
    let mut index = if chunk.bytes.start == 0 { 0 } else { header.record + 1 };
    while !rows.is_past(chunk.bytes.end) {
        let Some(line) = rows.advance(&mut batch.rows) else { break };
        let record = rows.record();
        let position = index;
        index += 1;
        if position < header.record {
            if preamble::reads_as_row(record, width) {
                batch.reject(Spot { line, byte: rows.byte() }, RowError::row(ABOVE), header.held_anyhow(record, keep));
            } else {
                batch.rows.skipped += 1;
            }
        } else if position == header.record || header.is_repeated_by(record) {
            batch.rows.header += u64::from(line > 0);
            batch.rival_below = None;
        } else if header::is_blank(record) {
            batch.rows.skipped += 1;
        } else {
            let has_moved = record.len() != width || is_nameless && header.check_width(record).is_err();
            let swallows = rows.several_lines().is_some_and(|text| !is_one_record(text, has_moved));
            let at = Spot { line, byte: rows.byte() };
            if rows.is_torn() {
                batch.reject(at, RowError::row(OPEN_QUOTE), header.held_anyhow(record, keep));
            } else if swallows && rows.is_strict() && !has_moved {
                let lines = rows.span().map_or(0, |text| text.lines().count());
                batch.reject(at, RowError::row(pasted(lines)), header.held_anyhow(record, keep));
            } else if swallows && rows.can_step_back() {
                let cells = rows.several_lines().map(|text| quotes::first_line(text, header.dialect));
                let held = cells.map(|cells| header.held_anyhow(Cells::from(&cells), keep)).unwrap_or_default();
                batch.reject(at, RowError::row(OPEN_QUOTE), held);
                rows.step_back();
            } else if !rows.is_strict() && rows.span().is_some_and(|text| !quotes::is_clear(text, header)) {
                batch.reject(at, RowError::row(STRAY_QUOTE), header.held_anyhow(record, keep));
            } else {
                let meant = is_defused.then(|| record.undefused());
                let record = meant.as_ref().map_or(record, Cells::from);
                book(&Row::new(record, header, &places, at, has_moved), &mut batch);
            }
        }
    }
    (chunk.is_whole() || rows.is_at(chunk.bytes.end)).then_some(batch)
}

fn data_row(
    row: &Row,
    reader: &mut dyn TableReader,
    (settings, prompts): (&Settings, &mut Reader),
    has_rows_above: bool,
    batch: &mut Batch,
) {
    let outcome = match reader.empty_bucket(row) {
        Ok(Some(at)) => {
            batch.rows.empty += 1;
            batch.saw(at);
            return;
        }
        Ok(None) if row.check_width().is_ok() && reader.passes_over(row) => {
            batch.rows.skipped += 1;
            return;
        }
        Ok(None) => row.check_width().and_then(|()| reader.row(row, &mut batch.names)),
        Err(error) => Err(error),
    };
    let outcome = match batch.rival_below {
        Some(line) if !total_words::is_total(row.record) => Err(RowError::row(below_rival(line))),
        _ => outcome,
    };
    let mut parsed = match outcome {
        Ok(parsed) => parsed,
        Err(error) if total_words::is_total_by(row.record, &error) => {
            batch.rows.skipped += 1;
            batch.note(1, notes::TOTALS);
            return;
        }
        Err(mut error) => {
            // Rejected rows that are read again come from many places: a wrong one is no header.
            let may_be_rival = has_rows_above && !row.header.is_defused();
            let is_name =
                |cell: &str| batch.names.known(cell).is_some() || batch.names.known(&cell.to_lowercase()).is_some();
            if may_be_rival && batch.rival_below.is_none() && rival::is_rival(row.header, row.record, is_name) {
                batch.rival_below = Some(row.line);
            }
            let may_be_prompt = error.value.contains(char::is_alphabetic) && error.value.contains(' ');
            let is_hidden = may_be_prompt && settings.keep != Keep::IdsAndPrompts && row.header.has_prompts();
            let suspect = is_hidden.then_some(error.column.as_str());
            let held = row.header.held(row.record, settings.keep, suspect, is_name);
            if is_hidden {
                "(text)".clone_into(&mut error.value);
            }
            batch.reject(row.spot(), error, held);
            return;
        }
    };
    if let Some(prompt) = parsed.written.prompt {
        prompts.read(prompt, &mut parsed.event, &mut batch.names);
    }
    if let Some(kept) = settings.kept(parsed.written) {
        batch.kept.insert(Place { file: 0, line: row.line }, kept);
    }
    batch.rows.accepted += 1;
    batch.saw(parsed.event.at);
    if parsed.is_pool {
        batch.pool.push(parsed.event);
    } else {
        batch.book(parsed.event, parsed.second);
    }
}
