//! What a row of a ledger shares with many others: account, entry, basis, kind, status, model.
//!
//! Few combinations of these cells stand in a file, so each is read once and then known by its text.
use rustc_hash::FxHashMap;

use super::{BASIS, ENTRY, EVENT_ID, GRAIN, KIND, METER, MODEL, PROVIDER, STATUS, STATUS_REASON, UNIT};
use crate::{
    ingest::{batch::RowError, map::description::Description, table::Row, value::words},
    model::{
        account::{Basis, Entry, Kind, Meter, Status},
        event::{Account, Tag},
        names::Names,
    },
};

/// The columns that a tag is read from.
const COLUMNS: [usize; 10] = [PROVIDER, METER, ENTRY, KIND, STATUS, STATUS_REASON, UNIT, BASIS, GRAIN, MODEL];
/// Reasons can be sentences: more combinations than these are not kept.
const MOST: usize = 1 << 10;
/// Stands between cells; a combination with such a character inside of a cell is not kept.
const BETWEEN: char = '\u{1f}';

/// Reads the tags of one file, with the dictionaries of that file.
pub(super) struct Tags {
    provider: String,
    /// Those of [`COLUMNS`] that the header has.
    told: Option<Vec<usize>>,
    cells: String,
    known: FxHashMap<String, Tag>,
}

impl Tags {
    /// A reader for rows of a vendor, unless they name another.
    pub(super) fn new(provider: &str) -> Self {
        Self { provider: provider.to_owned(), told: None, cells: String::new(), known: FxHashMap::default() }
    }

    /// The vendor of rows that name none.
    pub(super) fn provider(&self) -> &str {
        &self.provider
    }

    /// The tag of a row.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    pub(super) fn read(&mut self, columns: &Description, row: &Row, names: &mut Names) -> Result<Tag, RowError> {
        let told = self.told.get_or_insert_with(|| COLUMNS.into_iter().filter(|column| row.has(*column)).collect());
        self.cells.clear();
        for column in told {
            self.cells.push_str(row.cell(*column));
            self.cells.push(BETWEEN);
        }
        let has_id = !row.cell(EVENT_ID).is_empty();
        if let Some(tag) = self.known.get(&self.cells) {
            return Ok(Tag { has_id, ..*tag });
        }
        let tag = self.first(columns, row, names)?;
        if self.known.len() < MOST && self.cells.matches(BETWEEN).count() == self.told.as_ref().map_or(0, Vec::len) {
            self.known.insert(self.cells.clone(), tag);
        }
        Ok(Tag { has_id, ..tag })
    }

    /// The tag of a row by its cells.
    fn first(&self, columns: &Description, row: &Row, names: &mut Names) -> Result<Tag, RowError> {
        let cell = |column| columns.cell(row, column);
        let provider = cell(PROVIDER);
        let provider = names.word(if provider.is_empty() { &self.provider } else { provider });
        let meter = match cell(METER) {
            "" => Meter::Message,
            word => words::meter(word).ok_or_else(|| row.error(METER, "not a meter: write message or integration"))?,
        };
        let entry = match cell(ENTRY) {
            "" => Entry::Usage,
            word => words::entry(word)
                .ok_or_else(|| row.error(ENTRY, "not an entry: write usage, grant, topup, expiry or refund"))?,
        };
        let kind = match cell(KIND) {
            "" => Kind::Unknown,
            word => words::kind(word),
        };
        let status = match (cell(STATUS), cell(STATUS_REASON)) {
            ("", "") => Status::Unknown,
            (status, reason) => match (words::status(reason), words::status(status)) {
                (Status::Blocked, _) => Status::Blocked,
                (_, status) => status,
            },
        };
        let unit = match cell(UNIT) {
            "" => columns.unit,
            word => super::unit(row, UNIT, word)?,
        };
        let basis = match cell(BASIS) {
            "" => columns.basis,
            word => Basis::from_word(&words::normal(word))
                .ok_or_else(|| row.error(BASIS, "not a basis: write billed, included, list or waived"))?,
        };
        let is_aggregate = match words::normal(cell(GRAIN)).as_str() {
            "" | "event" => false,
            "day" => true,
            _ => return Err(row.error(GRAIN, "not a grain: write event or day")),
        };
        Ok(Tag {
            account: Account { provider, meter, unit },
            entry,
            basis,
            kind,
            status,
            model: names.word_if_any(cell(MODEL)),
            has_id: !row.cell(EVENT_ID).is_empty(),
            is_aggregate,
        })
    }
}
