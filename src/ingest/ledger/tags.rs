//! What a row of a ledger shares with many others: account, entry, basis, kind, status, model.
//!
//! Few combinations of these cells stand in a file, so each is read once and then known by its text.
use super::{BASIS, ENTRY, EVENT_ID, GRAIN, KIND, METER, MODEL, PROVIDER, STATUS, STATUS_REASON, UNIT, known::Known};
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
/// Reads the tags of one file, with the dictionaries of that file.
pub(super) struct Tags {
    provider: String,
    /// Those of [`COLUMNS`] that the header has.
    told: Option<Vec<usize>>,
    known: Known<Tag>,
}

impl Tags {
    /// A reader for rows of a vendor, unless they name another.
    pub(super) fn new(provider: &str) -> Self {
        Self { provider: provider.to_owned(), told: None, known: Known::at_most(MOST) }
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
        let Self { provider, told, known } = self;
        let told = &*told.get_or_insert_with(|| COLUMNS.into_iter().filter(|column| row.has(*column)).collect());
        let cells = told.iter().map(|column| row.cell(*column));
        let tag = known.get_or_make(cells, || first(provider, columns, row, names))?;
        Ok(Tag { has_id: !row.cell(EVENT_ID).is_empty(), ..tag })
    }
}

/// The tag of a row by its cells; whether it has an id is not told yet.
fn first(provider: &str, columns: &Description, row: &Row, names: &mut Names) -> Result<Tag, RowError> {
    let cell = |column| columns.cell(row, column);
    let told = cell(PROVIDER);
    let provider = names.word(if told.is_empty() { provider } else { told });
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
        has_id: false,
        is_aggregate,
    })
}
