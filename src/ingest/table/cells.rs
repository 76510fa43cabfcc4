//! The cells of one row, wherever they stand: in the text of the table, or in a record of their own.
use csv::StringRecord;

/// A look at the cells of a row.
#[derive(Debug, Clone, Copy)]
pub enum Cells<'r> {
    /// Parts of a text.
    Parts(&'r [&'r str]),
    /// A record of its own.
    Own(&'r StringRecord),
}

impl<'r> Cells<'r> {
    /// How many there are.
    #[inline]
    pub fn len(self) -> usize {
        match self {
            Self::Parts(parts) => parts.len(),
            Self::Own(record) => record.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The cell at a position, from 0.
    #[inline]
    pub fn get(self, position: usize) -> Option<&'r str> {
        match self {
            Self::Parts(parts) => parts.get(position).copied(),
            Self::Own(record) => record.get(position),
        }
    }

    /// All cells in their order.
    pub fn iter(self) -> impl Iterator<Item = &'r str> {
        (0..self.len()).filter_map(move |position| self.get(position))
    }

    /// The cells in a record of their own.
    pub fn to_record(self) -> StringRecord {
        match self {
            Self::Parts(_) => self.iter().collect(),
            Self::Own(record) => record.clone(),
        }
    }
}

impl Cells<'_> {
    /// The cells as they were meant, where this program has put an apostrophe before whatever a spreadsheet would run.
    pub fn undefused(self) -> StringRecord {
        self.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell)).collect()
    }
}

impl<'r> From<&'r StringRecord> for Cells<'r> {
    fn from(record: &'r StringRecord) -> Self {
        Self::Own(record)
    }
}
