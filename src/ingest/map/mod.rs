//! Maps: a file of the user's says which column of a foreign table is what, and the table is read as a ledger.
pub mod charges;
pub mod description;
pub mod file;
pub mod nearest;
pub mod propose;

use std::sync::Arc;

use crate::ingest::{
    ledger,
    map::description::{Description, TIME},
    sheet::Candidate,
    source::{Shape, Source},
    table::header::Header,
    value::words::normal,
};

/// What a table is that was read with a map.
pub(super) const SOURCE: Source = Source {
    name: "map",
    about: "any table, read as its map says",
    same_event: "as in a ledger: event_id in the same second, or of files that tell the times of the same ids otherwise; without ids time, workspace, app, user, session, feature, prompt, amount, kind, meter and balance, and in files that overlap also rows that differ in amount or balance only",
    shape: Shape::Table {
        columns: ledger::COLUMNS,
        score: ledger::score::score,
        reader: |settings, conventions| {
            let columns = settings.map.as_ref().map_or_else(Description::default, |map| (*map.columns).clone());
            Box::new(ledger::Ledger::new(settings, conventions, Arc::new(columns)))
        },
    },
};

/// A map that was read and checked.
#[derive(Debug, Clone)]
pub struct Map {
    /// Its path, for messages.
    pub path: String,
    /// The name that the file gives each column that is read: place among the ledger's columns and those behind.
    pub(super) names: Vec<(usize, String)>,
    /// What the columns mean.
    pub(super) columns: Arc<Description>,
    /// The delimiter, where the map says so.
    pub(super) delimiter: Option<u8>,
    /// The sheet of a workbook, where the map says so.
    pub sheet: Option<String>,
}

/// What separates the cells of tables that maps are for; more than sources of a known form have.
const DELIMITERS: [u8; 9] = [b',', b';', b'\t', b'|', b' ', b':', b'^', b'~', 0x1f];

impl Map {
    /// The delimiters to try.
    pub(super) fn delimiters(&self) -> &[u8] {
        self.delimiter.as_ref().map_or(&DELIMITERS, std::slice::from_ref)
    }

    /// The header of a table: a row that holds all names, else two or three rows whose names do when they are joined.
    ///
    /// # Errors
    /// Which of the map's columns it lacks, or has twice.
    pub(super) fn header(&self, candidates: &[Candidate]) -> Result<Header, String> {
        let mut closest: Option<(usize, String)> = None;
        for candidate in candidates {
            match self.told(candidate.clone()) {
                Ok(header) => return Ok(header),
                Err((found, cause)) if closest.as_ref().is_none_or(|(most, _)| found > *most) => {
                    closest = Some((found, cause));
                }
                Err(_) => (),
            }
        }
        let joined = |n_rows| candidates.iter().filter_map(move |first| joined(first, n_rows, candidates));
        if let Some(header) = joined(2).chain(joined(3)).find_map(|candidate| self.told(candidate).ok()) {
            return Ok(header.remarked("the names of the columns stand in several rows: they were joined"));
        }
        let cause = closest.map_or_else(|| "it holds no rows".to_owned(), |(_, cause)| cause);
        Err(format!("the map {} does not fit: {cause}", self.path))
    }

    /// A row as the header; else how many of the map's columns it has, and what is wrong.
    pub(super) fn told(&self, candidate: Candidate) -> Result<Header, (usize, String)> {
        let positions = self.positions(&candidate.2)?;
        Ok(Header::told(candidate, ledger::COLUMNS, positions, self.further()))
    }

    /// The names of the columns that are read.
    pub(super) fn column_names(&self) -> Vec<&str> {
        self.names.iter().map(|(_, name)| name.as_str()).collect()
    }

    /// Whether a row holds each name somewhere, some perhaps twice or run together with other ones.
    pub(super) fn may_stand_in(&self, cells: &[String]) -> bool {
        self.names.iter().all(|(_, name)| cells.iter().any(|cell| cell.starts_with(name) || cell.ends_with(name)))
    }

    /// Where the columns stand; else how many are there, and what is wrong.
    fn positions(&self, cells: &[String]) -> Result<Vec<Option<usize>>, (usize, String)> {
        let most = self.names.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        let mut positions = vec![None; most.max(TIME)];
        let (mut found, mut cause) = (0, None);
        for (column, name) in &self.names {
            match place(name, cells) {
                Ok(at) => {
                    positions[*column] = Some(at);
                    found += 1;
                }
                Err(why) => cause = cause.or(Some(why)),
            }
        }
        cause.map_or(Ok(positions), |cause| Err((found, cause)))
    }

    fn further(&self) -> Vec<&'static str> {
        let further = self.columns.further.iter().map(|_| "also");
        let skips = self.columns.skips.iter().map(|_| "skip");
        ["time", "given_back"].into_iter().chain(further).chain(skips).collect()
    }
}

/// What stray quotes and escapes leave in names.
const QUOTES: [char; 4] = ['"', '\'', '`', '\\'];

/// A row with the rows below it, cell by cell, where so many stand there.
fn joined(first: &Candidate, n_rows: usize, candidates: &[Candidate]) -> Option<Candidate> {
    let (dialect, record, cells) = first;
    let mut names = cells.clone();
    for below in 1..n_rows {
        let is_next = |(other, number, more): &&Candidate| {
            other == dialect && *number == record + below && more.len() == cells.len()
        };
        let (.., more) = candidates.iter().find(is_next)?;
        for (name, part) in names.iter_mut().zip(more).filter(|(_, part)| !part.is_empty()) {
            *name = if name.is_empty() { part.clone() } else { format!("{name} {part}") };
        }
    }
    Some((*dialect, record + n_rows - 1, names))
}

/// Where a name stands in a header: as it is written, else without case and separators, else without quotes.
fn place(name: &str, cells: &[String]) -> Result<usize, String> {
    let places = |is: &dyn Fn(&String) -> bool| -> Vec<usize> {
        cells.iter().enumerate().filter(|(_, cell)| is(cell)).map(|(at, _)| at).collect()
    };
    let mut found = places(&|cell| cell == name);
    if found.is_empty() {
        let wanted = normal(name);
        found = places(&|cell| normal(cell) == wanted);
        if found.is_empty() {
            found = places(&|cell| normal(&cell.replace(QUOTES, "")) == wanted);
        }
    }
    match found.as_slice() {
        [at] => Ok(*at),
        [] => {
            let shown: Vec<String> = cells.iter().take(12).map(|cell| cell.chars().take(24).collect()).collect();
            let similar = nearest::nearest(name, cells.iter().map(String::as_str));
            let hint = similar.map(|similar| format!(" (did you mean {similar:?}?)")).unwrap_or_default();
            Err(format!("no column is named {name:?}{hint}; its columns are {}", shown.join(", ")))
        }
        _ => Err(format!("{} columns are named {name:?}: rename all but one", found.len())),
    }
}
