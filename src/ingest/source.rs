//! The sources: what each file is, told from its content. A new source is one file beside this one and one line here.
use std::{borrow::Cow, fmt, sync::Arc};

use crate::ingest::{
    Settings, aider, anthropic, base44_monitoring, base44_workflows,
    batch::{Batch, RowError},
    claude_code, codex, copilot, cursor, find,
    json_rows::{self, JsonError, Listing},
    ledger, map, openai, openrouter,
    sheet::{DELIMITERS, Sheet},
    table::{
        self, Row, TableReader, dialect,
        evidence::{Conventions, Writing},
        header::{Column, Header},
        sums::{Sums, Without},
    },
    text::{self, TextError},
    totals::{self, ToldTotal},
    unpack::Damage,
    v0,
    value::decimal::Mark,
    windsurf,
};

/// Every source, in the order of `creditscope sources`.
const ALL: &[Source] = &[
    ledger::SOURCE,
    base44_workflows::SOURCE,
    base44_monitoring::SOURCE,
    cursor::SOURCE,
    copilot::SOURCE,
    anthropic::SOURCE,
    openai::SOURCE,
    openrouter::SOURCE,
    v0::SOURCE,
    windsurf::SOURCE,
    claude_code::SOURCE,
    codex::SOURCE,
    aider::SOURCE,
];

/// What a file is.
#[derive(Clone, Copy)]
pub struct Source {
    /// The name of options and reports.
    pub name: &'static str,
    /// What it is and where it comes from, in a line.
    pub about: &'static str,
    /// Which rows of several files are one event, in a sentence.
    pub same_event: &'static str,
    /// How its files are told and read.
    pub(super) shape: Shape,
}

/// How a source's files are told and read.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Rows below a header, in any of the formats that hold rows.
    Table {
        /// The columns it knows.
        columns: &'static [Column],
        /// How sure it is that a header is its own, 0 to 1; 0 where a needed column is absent.
        score: fn(&Header) -> f64,
        /// A reader of one file.
        reader: fn(&Settings, Conventions) -> Box<dyn TableReader>,
    },
    /// Rows of totals below a header: they reconcile events and are none.
    Totals {
        /// The columns it knows.
        columns: &'static [Column],
        /// As of a table.
        score: fn(&Header) -> f64,
        /// Reads a row.
        read: fn(&Row) -> Result<Vec<ToldTotal>, RowError>,
    },
    /// Lines of text, such as a transcript.
    Lines {
        /// Whether a text is its own.
        is_own: fn(&str) -> bool,
        /// Reads a text.
        read: fn(&str, &Settings) -> Batch,
    },
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is empty or binary.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It begins like JSON and is none.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It cannot be unpacked.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// No source knows its columns.
    #[error("{0}")]
    Unknown(String),
}

impl ReadError {
    /// Whether the file may well be an export, but is damaged or packed in a way that is not read.
    pub const fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::Json(broken) => broken.is_cut(),
            Self::Text(_) | Self::Unknown(_) => false,
        }
    }
}

impl Source {
    /// Every source.
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The source of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|source| source.name == name)
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Reads the bytes of a file: what it is, how sure that is, and what it holds.
///
/// # Errors
/// When it is empty, binary, broken, or no source knows it.
pub(super) fn read(bytes: &[u8], settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    let decoded = text::decode(bytes)?;
    if decoded.text.trim().is_empty() {
        return Err(TextError::Empty.into());
    }
    let (source, confidence, mut batch) = read_text(&decoded.text, settings)?;
    let is_own_bytes = matches!(decoded.text, Cow::Borrowed(_));
    batch.move_bytes(is_own_bytes.then(|| bytes.len() as u64 - decoded.text.len() as u64));
    if let Some(note) = &decoded.note {
        batch.remark(note);
    }
    Ok((source, confidence, batch))
}

fn read_text(text: &str, settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    for source in ALL.iter().filter(|_| settings.map.is_none() || !settings.map_must_fit) {
        if let Shape::Lines { is_own, read } = source.shape {
            let is_wanted = settings.source.map_or_else(|| is_own(text), |wanted| wanted == *source);
            if is_wanted {
                return Ok((*source, 1.0, read(text, settings)));
            }
        }
    }
    match json_rows::list(text) {
        Ok(listings) if !listings.is_empty() => read_listings(listings, settings),
        Ok(_) => read_delimited(text, settings),
        Err(broken) => read_delimited(text, settings).map_err(|_| broken.into()),
    }
}

fn read_delimited(text: &str, settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    let respaced = dialect::without_spaces_before_quotes(text, &DELIMITERS);
    read_sheet(&Sheet::Delimited(respaced.as_deref().unwrap_or(text)), settings)
}

/// Reads a table: what it is, how sure that is, and what it holds.
///
/// # Errors
/// When it is empty, or no source knows it.
pub(super) fn read_sheet(sheet: &Sheet, settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    let (source, score, header) = find::header(sheet, settings)?;
    let header = find::fitted(sheet, source, header, settings)?;
    let mut batch = read_table(sheet, source, &header, settings);
    remark(&mut batch, &header, (source, score), settings);
    if let Sheet::Delimited(text) = sheet {
        table::ending::tell_cut(text, &header, &mut batch);
    }
    Ok((source, confidence(score, settings), batch))
}

/// Reads the list of objects that a source knows best; of equal ones the first, which is the longest.
fn read_listings(listings: Vec<Listing>, settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    let mut best: Option<(Listing, (Source, f64, Header))> = None;
    let mut refused = None;
    for listing in listings {
        match find::header(&listing.sheet, settings) {
            Ok(found) if best.as_ref().is_none_or(|(_, (_, most, _))| found.1 > *most) => best = Some((listing, found)),
            Ok(_) => (),
            Err(err) => refused = refused.or(Some(err)),
        }
    }
    let (listing, (source, score, header)) =
        best.ok_or_else(|| refused.unwrap_or(ReadError::Unknown("unknown format: no objects".to_owned())))?;
    let header = find::without_doubt(&listing.sheet, header)?;
    let mut batch = read_table(&listing.sheet, source, &header, settings);
    remark(&mut batch, &header, (source, score), settings);
    listing.book(&mut batch);
    Ok((source, confidence(score, settings), batch))
}

/// Says what was decided about a header, and where it is not sure that it is a ledger's.
fn remark(batch: &mut Batch, header: &Header, (source, score): (Source, f64), settings: &Settings) {
    if let Some(remark) = header.remark {
        batch.remark(remark);
    }
    if source == ledger::SOURCE && settings.source.is_none() && score <= ledger::score::UNSURE {
        batch.remark(table::notes::UNSURE);
    }
}

/// What the user says is sure.
fn confidence(score: f64, settings: &Settings) -> f64 {
    if settings.source.is_some() { 1.0 } else { score }
}

/// Reads a table, and reads it again where its cells prove another way of writing than was assumed.
pub(super) fn read_table(sheet: &Sheet, source: Source, header: &Header, settings: &Settings) -> Batch {
    let reader = match source.shape {
        Shape::Table { reader, .. } => reader,
        Shape::Totals { read, .. } => return totals::read(sheet, header, read, settings.keep),
        Shape::Lines { .. } => return Batch::default(),
    };
    let read = |conventions| table::read(sheet, header, &|| reader(settings, conventions), settings);
    // Vendors' exports and JSON numbers have a decimal point, whatever a sheet kept by hand has.
    let is_by_hand = source == ledger::SOURCE || source == map::SOURCE;
    let is_text = matches!(sheet, Sheet::Delimited(_));
    let mark = if is_by_hand && is_text { settings.decimal_mark } else { Mark::Unknown };
    let columns = settings.map.as_ref().filter(|_| source == map::SOURCE).map(|map| Arc::clone(&map.columns));
    let assumed = columns.unwrap_or_default().conventions(mark, settings.date_order);
    let heard = table::told_conventions(sheet, header);
    let assumed = heard.map_or(assumed, |heard| heard.within(assumed));
    let names = header.key(source.name);
    let (mut batch, mut told) = read(assumed);
    if is_by_hand && told.negative > 0 && !batch.balances.is_empty() {
        [told.adding, told.taking] = table::sign::by_balance(&batch);
    }
    let settled = assumed.settled(told);
    let used = match heard {
        // Rejected rows are written as the file was that they come from, whatever is left of it.
        Some(heard) => Conventions { debit: heard.debit, ..settled },
        None => settings.pooled.get(&names).copied().unwrap_or(settled),
    };
    if used != assumed {
        (batch, _) = read(used);
    }
    let sums = Sums::find(&batch);
    if !sums.lines.is_empty() {
        let lines = || Arc::clone(&sums.lines);
        let without = || Box::new(Without { inner: reader(settings, used), lines: lines() }) as Box<dyn TableReader>;
        (batch, _) = table::read(sheet, header, &without, settings);
    }
    sums.note(&mut batch);
    for column in [ledger::TIMESTAMP, ledger::CREDITS].into_iter().filter(|_| source == ledger::SOURCE) {
        if let Some((read, rivals)) = header.rivals(column) {
            batch.remark(&format!("the column {read} {} {}", table::notes::RIVALS, rivals.join(", ")));
        }
    }
    batch.conventions = used;
    batch.writing = heard.is_none().then_some(Writing { header: names, assumed, told, used });
    if used.mark == Mark::Comma {
        batch.remark("amounts have decimal commas here: 1.234 is one thousand two hundred and thirty-four");
    }
    batch
}
