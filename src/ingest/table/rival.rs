//! Rows that look like the header of another table: what stands below them may mean something else.
use std::collections::BTreeSet;

use crate::ingest::{
    table::{cells::Cells, header::Header},
    value::words::{is_normal, normal},
};

/// What stands in cells that nobody could fill, and names no column.
const PLACEHOLDERS: [&str; 14] = [
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "tbd",
    "unknown",
    "error",
    "free",
    "included",
    "yesterday",
    "today",
    "pending",
];

/// Names of columns are hardly ever longer.
const LONGEST_NAME: usize = 60;

/// Whether a row looks like the header of another table: it holds these names in other places, or nothing but words, of
/// which none is a name that other rows have.
pub(super) fn is_rival(header: &Header, record: Cells, is_name: impl Fn(&str) -> bool) -> bool {
    let cells: Vec<&str> = record.iter().map(str::trim).collect();
    let names = cells.iter().filter(|cell| header.cells().iter().any(|name| is_normal(cell, &normal(name)))).count();
    let is_word = |cell: &&str| {
        let is_name = cell.contains(char::is_alphabetic) && !cell.contains(|c: char| c.is_numeric() || c == '@');
        is_name && cell.len() <= LONGEST_NAME && !PLACEHOLDERS.contains(&normal(cell).as_str())
    };
    let are_words = cells.len() > 2 && cells.iter().all(is_word) && !cells.iter().any(|cell| is_name(cell));
    let is_distinct = |cells: &[&str]| cells.iter().collect::<BTreeSet<_>>().len() == cells.len();
    names > 1 && names * 2 >= header.cells().len().min(cells.len()) || are_words && is_distinct(&cells)
}
