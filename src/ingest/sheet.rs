//! Rows of cells, whatever the format they came in: what table sources read.
use csv::StringRecord;

use crate::{
    ingest::table::{
        cells::Cells,
        chunks::{self, Chunk},
        dialect::Dialect,
        records::Records,
    },
    model::problem::RowCount,
};

/// A table before its header is known.
#[derive(Debug)]
pub enum Sheet<'t> {
    /// Text with delimiters; which one, the header tells.
    Delimited(&'t str),
    /// Rows that a reader of another format has listed, each with its line or number, from 1. A first row with number
    /// 0 is a header that the format implies: no row of the file holds it, and no other row can be the header.
    Listed(Vec<(u32, StringRecord)>),
    /// Rows of a worksheet, each with its number, from 1; rows between them are blank.
    Grid(Vec<(u32, StringRecord)>),
}

/// A cursor over the rows of a sheet.
pub enum Rows<'s> {
    /// Over delimited text.
    Delimited(Box<Records<'s>>),
    /// Over listed rows.
    Listed {
        /// All rows.
        rows: &'s [(u32, StringRecord)],
        /// How many have been passed.
        passed: usize,
        /// Whether numbers between them are those of blank rows.
        has_gaps: bool,
    },
}

/// How far into a file a header may stand.
const DEEPEST: usize = 40;
/// The delimiters that sources of a known form have.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A row in which a header may stand: how the table is written, number of the row, cells.
pub type Candidate = (Dialect, usize, Vec<String>);

impl Sheet<'_> {
    /// A cursor before the first row.
    pub fn rows(&self, dialect: Dialect) -> Rows<'_> {
        match self {
            Self::Delimited(text) => Rows::Delimited(Box::new(Records::new(text, dialect))),
            Self::Listed(rows) => Rows::Listed { rows, passed: 0, has_gaps: false },
            Self::Grid(rows) => Rows::Listed { rows, passed: 0, has_gaps: true },
        }
    }

    /// How the table is written if a delimiter separates its cells.
    pub fn dialect(&self, delimiter: u8) -> Dialect {
        match self {
            Self::Delimited(text) => Dialect::told(text, delimiter),
            Self::Listed(_) | Self::Grid(_) => Dialect::plain(delimiter),
        }
    }

    /// The parts that can be read at once; listed rows are one.
    pub fn chunks(&self, dialect: Dialect) -> Vec<Chunk> {
        match self {
            Self::Delimited(text) => chunks::cut(text, dialect),
            Self::Listed(_) | Self::Grid(_) => vec![Chunk::whole()],
        }
    }

    /// A cursor before the first row of a chunk.
    pub fn rows_of(&self, chunk: &Chunk, dialect: Dialect) -> Rows<'_> {
        match self {
            Self::Delimited(text) => {
                Rows::Delimited(Box::new(Records::from(text, chunk.bytes.start, chunk.line, dialect)))
            }
            Self::Listed(_) | Self::Grid(_) => self.rows(dialect),
        }
    }

    /// Whether the header is implied by the format and no row of the file.
    pub fn has_implied_header(&self) -> bool {
        matches!(self, Self::Listed(rows) if rows.first().is_some_and(|(line, _)| *line == 0))
    }

    /// The rows in which a header may stand, with some delimiters, in the order of the rows.
    pub fn candidates(&self, delimiters: &[u8]) -> Vec<Candidate> {
        let (delimiters, deepest) = match self {
            Self::Delimited(_) => (delimiters, DEEPEST),
            Self::Listed(_) if self.has_implied_header() => (&delimiters[..1], 1),
            Self::Listed(_) | Self::Grid(_) => (&delimiters[..1], DEEPEST),
        };
        let mut found = Vec::new();
        for &delimiter in delimiters {
            let dialect = self.dialect(delimiter);
            let mut rows = self.rows(dialect);
            let mut count = RowCount::default();
            for number in 0..deepest {
                if rows.advance(&mut count).is_none() {
                    break;
                }
                for record in [Some(rows.record().to_record()), rows.loose_cells()].into_iter().flatten() {
                    let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        found.push((dialect, number, cells));
                    }
                }
            }
        }
        found.sort_by_key(|(_, number, _)| *number);
        found
    }
}

impl Rows<'_> {
    /// Moves to the next row and returns its physical line; counts it and the blank lines before it.
    pub fn advance(&mut self, count: &mut RowCount) -> Option<u32> {
        match self {
            Self::Delimited(records) => records.advance(count),
            Self::Listed { rows, passed, has_gaps } => {
                let (line, _) = rows.get(*passed)?;
                if *has_gaps {
                    let before = passed.checked_sub(1).map_or(0, |last| rows[last].0);
                    let blank = u64::from(line.saturating_sub(before + 1));
                    count.physical += blank;
                    count.skipped += blank;
                }
                *passed += 1;
                count.physical += u64::from(*line > 0);
                Some(*line)
            }
        }
    }

    /// Where the row moved to begins, in bytes of the text; listed rows have no such place.
    pub fn byte(&self) -> Option<u64> {
        match self {
            Self::Delimited(records) => Some(records.start() as u64),
            Self::Listed { .. } => None,
        }
    }

    /// The text of the row moved to; listed rows have none.
    pub fn span(&self) -> Option<&str> {
        match self {
            Self::Delimited(records) => Some(records.span()),
            Self::Listed { .. } => None,
        }
    }

    /// The cells of the row moved to if quotes mean nothing, where stray ones may have moved its borders.
    fn loose_cells(&self) -> Option<StringRecord> {
        match self {
            Self::Delimited(records) => records.loose_cells(),
            Self::Listed { .. } => None,
        }
    }

    /// Whether the row moved to is a line with a quote that opens and is not closed.
    pub fn is_torn(&self) -> bool {
        matches!(self, Self::Delimited(records) if records.is_torn())
    }

    /// Whether it is certain that quotes stand only where they belong in the row moved to.
    pub fn is_strict(&self) -> bool {
        match self {
            Self::Delimited(records) => records.is_strict(),
            Self::Listed { .. } => true,
        }
    }

    /// The text of the row moved to, where it spans several lines.
    pub fn several_lines(&self) -> Option<&str> {
        match self {
            Self::Delimited(records) => records.several_lines(),
            Self::Listed { .. } => None,
        }
    }

    /// Whether [`Rows::step_back`] goes back.
    pub fn can_step_back(&self) -> bool {
        matches!(self, Self::Delimited(records) if records.can_step_back())
    }

    /// Goes back to the second line of the row moved to.
    pub fn step_back(&mut self) {
        if let Self::Delimited(records) = self {
            records.step_back();
        }
    }

    /// Whether the rows read so far end exactly where a chunk does.
    pub fn is_at(&self, byte: usize) -> bool {
        match self {
            Self::Delimited(records) => records.position() == byte,
            Self::Listed { .. } => true,
        }
    }

    /// Whether the rows read so far reach the end of a chunk.
    pub fn is_past(&self, byte: usize) -> bool {
        match self {
            Self::Delimited(records) => records.position() >= byte,
            Self::Listed { .. } => false,
        }
    }

    /// The row moved to.
    pub fn record(&self) -> Cells<'_> {
        match self {
            Self::Delimited(records) => records.record(),
            Self::Listed { rows, passed, .. } => Cells::from(&rows[passed.saturating_sub(1)].1),
        }
    }
}
