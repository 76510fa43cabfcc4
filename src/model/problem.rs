//! What is wrong with a row, and where exactly. A problem is data: it is counted, shown and written out.
use serde::{Deserialize, Serialize};

use crate::model::event::Place;

/// A row that was not accepted, or was accepted with a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// File and physical line, from 1.
    pub place: Place,
    /// Where its row begins, in bytes from the start of the file; `None` where the format has no such place.
    pub byte: Option<u64>,
    /// The column's name as in the header; empty where the whole row is meant.
    pub column: String,
    /// The offending value, shortened; never a prompt.
    pub value: String,
    /// What is wrong and what to try.
    pub cause: String,
}

/// How many rows of a file went which way. The sides are equal: nothing is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCount {
    /// Records of the file: rows of a table, lines of a transcript, elements of a list.
    pub physical: u64,
    /// Header rows, repeated ones too.
    pub header: u64,
    /// Blank, preamble and totals rows.
    pub skipped: u64,
    /// Rows that became an event each.
    pub accepted: u64,
    /// Lines that are part of another event.
    pub folded: u64,
    /// Buckets without use.
    pub empty: u64,
    /// Rows that another file or an earlier row holds too.
    pub duplicates: u64,
    /// Rows that failed a check, each with a problem.
    pub rejected: u64,
}

impl RowCount {
    /// Whether every row went somewhere.
    pub const fn balances(&self) -> bool {
        self.physical
            == self.header + self.skipped + self.accepted + self.folded + self.empty + self.duplicates + self.rejected
    }

    /// The rows of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            physical: self.physical + other.physical,
            header: self.header + other.header,
            skipped: self.skipped + other.skipped,
            accepted: self.accepted + other.accepted,
            folded: self.folded + other.folded,
            empty: self.empty + other.empty,
            duplicates: self.duplicates + other.duplicates,
            rejected: self.rejected + other.rejected,
        }
    }
}
