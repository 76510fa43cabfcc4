//! The sources: what each file is, told from its content. A new source is one file beside this one and one line here.
use crate::{
    ingest::{
        Settings,
        batch::Batch,
        claude_code, cursor, ledger,
        table::{
            self, TableReader,
            header::{self, Column, Header},
        },
        text::{self, TextError},
    },
    model::problem::RowCount,
};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The tool's own ledger.
    Ledger,
    /// Cursor's usage export.
    Cursor,
    /// Claude Code's session transcript.
    ClaudeCode,
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is empty or binary.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No source knows its columns.
    #[error("{0}")]
    Unknown(String),
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Ledger, Self::Cursor, Self::ClaudeCode];

    /// The name of options and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Cursor => "cursor",
            Self::ClaudeCode => "claude-code",
        }
    }

    /// What it is and where it comes from, in a line.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Ledger => "the tool's own table (CSV; creditscope template), for builders without an export",
            Self::Cursor => "Cursor: Dashboard > Usage > Export CSV, all header generations",
            Self::ClaudeCode => "Claude Code: session transcripts, ~/.claude/projects/**/*.jsonl",
        }
    }

    /// The source of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// The columns of a table source.
    const fn columns(self) -> Option<&'static [Column]> {
        match self {
            Self::Ledger => Some(ledger::COLUMNS),
            Self::Cursor => Some(cursor::COLUMNS),
            Self::ClaudeCode => None,
        }
    }

    /// How sure it is that a header is this source's, 0 to 1; 0 where a needed column is absent.
    fn score(self, header: &Header) -> f64 {
        match self {
            Self::Ledger => ledger::score(header),
            Self::Cursor => cursor::score(header),
            Self::ClaudeCode => 0.0,
        }
    }
}

/// Below this, a header is not taken for a source's unless the user says so. A source's own exports score 1 with
/// their plain header; half of the header unknown is a foreign table.
const LEAST_SCORE: f64 = 0.5;

/// Reads the bytes of a file: what it is, how sure that is, and what it holds.
///
/// # Errors
/// When it is empty, binary, or no source knows it.
pub(super) fn read(bytes: Vec<u8>, settings: &Settings) -> Result<(Source, f64, Batch), ReadError> {
    let decoded = text::decode(bytes)?;
    if decoded.text.trim().is_empty() {
        return Err(TextError::Empty.into());
    }
    let (source, confidence, mut batch) = match settings.source {
        Some(Source::ClaudeCode) => (Source::ClaudeCode, 1.0, claude_code::read(&decoded.text, settings)),
        None if claude_code::is_transcript(&decoded.text) => {
            (Source::ClaudeCode, 1.0, claude_code::read(&decoded.text, settings))
        }
        wanted => {
            let (source, score, header) = find_header(&decoded.text, wanted)?;
            (source, if wanted.is_some() { 1.0 } else { score }, read_table(&decoded.text, source, &header, settings))
        }
    };
    batch.notes.extend(decoded.note);
    Ok((source, confidence, batch))
}

/// The header row and the source that knows it best.
fn find_header(text: &str, wanted: Option<Source>) -> Result<(Source, f64, Header), ReadError> {
    let sources: Vec<Source> = wanted.map_or(Source::ALL.to_vec(), |source| vec![source]);
    let candidates = header::candidates(text);
    let mut best: Option<(Source, f64, Header)> = None;
    for (delimiter, record, cells) in &candidates {
        for &source in &sources {
            let Some(columns) = source.columns() else { continue };
            let header = Header::new(*delimiter, *record, cells.clone(), columns);
            let score = source.score(&header);
            let is_enough = score >= LEAST_SCORE || wanted.is_some() && score > 0.0;
            if is_enough && best.as_ref().is_none_or(|(_, most, _)| score > *most) {
                best = Some((source, score, header));
            }
        }
    }
    best.ok_or_else(|| ReadError::Unknown(unknown(&candidates, &sources)))
}

/// Says what was found instead of a header, and what would have been one.
fn unknown(candidates: &[(u8, usize, Vec<String>)], sources: &[Source]) -> String {
    const MOST_CELLS: usize = 8;
    let widest = candidates.iter().filter(|(_, record, _)| *record == 0).max_by_key(|(_, _, cells)| cells.len());
    let cells = widest.map(|(_, _, cells)| cells.as_slice()).unwrap_or_default();
    let shown: Vec<String> = cells.iter().take(MOST_CELLS).map(|cell| cell.chars().take(24).collect()).collect();
    let more = if cells.len() > MOST_CELLS { ", …" } else { "" };
    let header = Header::new(b',', 0, cells.to_vec(), ledger::COLUMNS);
    let lacks = match (header.position(ledger::TIMESTAMP), header.position(ledger::CREDITS)) {
        (None, Some(_)) => "no column is a timestamp (timestamp, date, created_at or time)",
        (Some(_), None) => "no column is an amount (credits, credits_used, credits_consumed, amount or cost)",
        (Some(_), Some(_)) if sources.len() > 1 => {
            "it might be a ledger, but most of its columns are unknown: check it, then add --source ledger"
        }
        _ => "no known export has such columns",
    };
    let known: Vec<&str> = Source::ALL.into_iter().map(Source::name).collect();
    format!(
        "unknown format: line 1 reads {:?}; {lacks}. Known are {}; `creditscope template` writes an empty ledger",
        shown.join(", ") + more,
        known.join(", ")
    )
}

/// Reads a table, and reads it again where its cells prove another way of writing than was assumed.
fn read_table(text: &str, source: Source, header: &Header, settings: &Settings) -> Batch {
    let mut conventions = table::Conventions::default();
    loop {
        let mut reader: Box<dyn TableReader> = match source {
            Source::Cursor => Box::new(cursor::Cursor::new(conventions)),
            Source::Ledger | Source::ClaudeCode => Box::new(ledger::Ledger::new(settings, conventions)),
        };
        let batch = table::read(text, header, &mut *reader, settings.keep);
        match reader.proven() {
            Some(proven) if proven != conventions && conventions == table::Conventions::default() => {
                conventions = proven;
            }
            _ => return batch,
        }
    }
}

/// Whether a file holds no data row at all.
pub fn is_header_only(rows: &RowCount) -> bool {
    rows.physical == rows.header + rows.skipped
}
