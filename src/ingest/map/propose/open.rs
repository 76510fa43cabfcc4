//! The table in a file for which a map is proposed: in text, JSON, a workbook or Parquet, packed or not; of several, the one
//! with the most cells.
use std::collections::BTreeSet;

use crate::{
    ingest::{
        Settings, json_rows, parquet,
        sheet::{DELIMITERS, Sheet},
        source::ReadError,
        table::{header::is_blank, total_words::is_total},
        text,
        unpack::{self, Content, bounds::Budget},
        workbook::{self, Book},
    },
    model::problem::RowCount,
};

/// Rows that are looked at.
const SAMPLE: usize = 5_000;

/// A header and rows below it.
pub(super) struct Table {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// The sheet of a workbook that it stands on, where there are others.
    pub(super) sheet: Option<String>,
}

/// The largest table in the bytes of a file.
///
/// # Errors
/// When the file is damaged, or holds no table of rows below a header.
pub(super) fn table(bytes: &[u8], settings: &Settings) -> anyhow::Result<Table> {
    let mut budget = Budget::new(settings.max_size);
    let (mut best, mut failed) = (None, None);
    unpack::each_content(bytes, &mut budget, &mut |Content { bytes, .. }, budget| {
        let found = bytes.map_err(ReadError::from).and_then(|bytes| in_content(&bytes, settings, budget));
        match found {
            Ok(found) => best = found.into_iter().chain(best.take()).max_by_key(Table::size),
            Err(err) => failed = failed.take().or(Some(err)),
        }
    });
    match (best, failed) {
        (Some(table), _) => Ok(table),
        (None, Some(err)) => Err(err.into()),
        (None, None) => {
            Err(anyhow::anyhow!("no header with rows below it was found: give each column a name in the first row"))
        }
    }
}

impl Table {
    fn size(&self) -> usize {
        self.rows.len() * self.names.len()
    }
}

fn in_content(bytes: &[u8], settings: &Settings, budget: &mut Budget) -> Result<Option<Table>, ReadError> {
    if workbook::is_document(bytes) {
        return in_workbook(bytes, settings, budget);
    }
    if parquet::is_parquet(bytes) {
        return Ok(in_sheet(&parquet::read(bytes, budget)?));
    }
    let decoded = text::decode(bytes)?;
    match json_rows::list(&decoded.text).ok().and_then(|lists| lists.into_iter().next()) {
        Some(listing) => Ok(in_sheet(&listing.sheet)),
        None => Ok(in_sheet(&Sheet::Delimited(&decoded.text))),
    }
}

fn in_workbook(bytes: &[u8], settings: &Settings, budget: &mut Budget) -> Result<Option<Table>, ReadError> {
    let mut book = Book::open(bytes, budget)?;
    let mut about = book.sheets()?;
    let is_wanted =
        |name: &str| settings.sheet.as_ref().is_none_or(|sheet| sheet.trim().eq_ignore_ascii_case(name.trim()));
    about.retain(|sheet| sheet.is_table && is_wanted(&sheet.name) && (settings.sheet.is_some() || !sheet.is_hidden));
    let mut best: Option<Table> = None;
    for sheet in &about {
        let (rows, _) = book.read(&sheet.name)?;
        if let Some(mut table) = in_sheet(&rows) {
            table.sheet = (about.len() > 1).then(|| sheet.name.clone());
            best = best.into_iter().chain([table]).max_by_key(Table::size);
        }
    }
    Ok(best)
}

/// The header and the rows of a table: the delimiter whose rows agree on the most cells, the first row that holds names.
fn in_sheet(sheet: &Sheet) -> Option<Table> {
    let mut best: Option<Table> = None;
    let mut known = Vec::new();
    for (dialect, record, names) in sheet.candidates(&DELIMITERS) {
        let named: Vec<&String> = names.iter().filter(|cell| !cell.is_empty()).collect();
        let are_names = named.iter().all(|cell| !cell.starts_with(|c: char| c.is_ascii_digit()));
        let n_distinct = named.iter().collect::<BTreeSet<_>>().len();
        if !are_names || n_distinct < 2 || named.len() * 2 < names.len() || known.contains(&dialect) {
            continue;
        }
        let (mut rows, mut count, mut found) = (sheet.rows(dialect), RowCount::default(), Vec::new());
        for number in 0..SAMPLE {
            if rows.advance(&mut count).is_none() {
                break;
            }
            let row = rows.record();
            if number > record && row.len() == names.len() && !is_blank(row) && !is_total(row) {
                found.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
            }
        }
        let table = Table { names, rows: found, sheet: None };
        if !table.rows.is_empty() {
            known.push(dialect);
            if best.as_ref().is_none_or(|best| {
                table.rows.len() * (table.names.len() - 1) > best.rows.len() * (best.names.len() - 1)
            }) {
                best = Some(table);
            }
        }
    }
    best
}
