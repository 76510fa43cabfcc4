//! Rows that look like the header of another table: what stands below them may mean something else.
use std::collections::BTreeSet;

use crate::ingest::{
    map::propose::lexicon::is_of_a_column,
    table::{cells::Cells, header::Header},
    value::words::{is_normal, normal},
};

/// Names of columns are hardly ever longer.
const LONGEST_NAME: usize = 60;

/// So many cells must be called as columns are.
const LEAST_NAMES: usize = 2;

/// Whether a row looks like the header of another table: it holds these names in other places, or nothing but words, some
/// of which columns are called by and none of which is a name that other rows have.
pub(super) fn is_rival(header: &Header, record: Cells, is_name: impl Fn(&str) -> bool) -> bool {
    let cells: Vec<&str> = record.iter().map(str::trim).collect();
    let names = cells.iter().filter(|cell| header.cells().iter().any(|name| is_normal(cell, &normal(name)))).count();
    let is_word = |cell: &&str| {
        let is_name = cell.contains(char::is_alphabetic) && !cell.contains(|c: char| c.is_numeric() || c == '@');
        is_name && cell.len() <= LONGEST_NAME
    };
    let are_names = || cells.iter().filter(|cell| is_of_a_column(cell)).nth(LEAST_NAMES - 1).is_some();
    let are_words = cells.len() > 2 && cells.iter().all(is_word) && are_names();
    let are_words = are_words && !cells.iter().any(|cell| is_name(cell));
    let is_distinct = |cells: &[&str]| cells.iter().collect::<BTreeSet<_>>().len() == cells.len();
    names > 1 && names * 2 >= header.cells().len().min(cells.len()) || are_words && is_distinct(&cells)
}
