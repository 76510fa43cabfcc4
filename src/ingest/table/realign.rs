//! A header with more or fewer cells than the rows below it, or with a name that stands there twice: a name was lost, doubled
//! or run together with the next, or its line was cut. Every way in which its names could stand over the columns is tried; where the cells of the rows allow one
//! way only, that one is taken. Where they allow several, the header stays as it is and its rows are rejected.
use std::collections::BTreeMap;

use csv::StringRecord;

use crate::{
    ingest::{
        sheet::{Candidate, Sheet},
        table::{
            dialect::Dialect,
            header::{Header, is_blank, unnamed},
            records::Records,
        },
    },
    model::problem::RowCount,
};

/// What to say of a header that was matched so.
const NOTE: &str = "the header has another number of cells than the rows, or a name twice: its names were taken for those of the \
                    only columns whose cells fit them";

/// Rows that are looked at.
const SAMPLE: usize = 64;
/// So many rows at least, and this share of them in percent, must be of one width.
const LEAST: usize = 3;
const ENOUGH: usize = 90;
/// More ways than this are not tried.
const MOST_WAYS: usize = 2_000;

/// The first rows below a header.
pub(super) struct Below<'t> {
    /// Their cells.
    pub(super) rows: Vec<StringRecord>,
    /// The text up to and with them.
    pub(super) text: &'t str,
}

/// The first rows below the row of a number, blank ones left out.
pub(super) fn below(text: &str, record: usize, dialect: Dialect) -> Below<'_> {
    let (mut records, mut count) = (Records::new(text, dialect), RowCount::default());
    let mut rows = Vec::new();
    for number in 0.. {
        if rows.len() == SAMPLE || records.advance(&mut count).is_none() {
            break;
        }
        if number > record && !is_blank(records.record()) {
            rows.push(records.record().clone());
        }
    }
    Below { rows, text: &text[..records.position()] }
}

/// The header as the rows have it, where that is certain. `parts` are names that may have run together with others, `build`
/// matches a row of names with the columns that are wanted, `reads` tells whether a header lets a table's rows be read.
pub(in crate::ingest) fn realigned(
    sheet: &Sheet,
    (dialect, record, cells): &Candidate,
    parts: &[&str],
    build: impl Fn(Vec<String>) -> Option<Header>,
    reads: impl Fn(&Sheet, &Header) -> bool,
) -> Option<Header> {
    let Sheet::Delimited(text) = sheet else { return None };
    let Below { rows, text } = below(text, *record, *dialect);
    let mut widths: Vec<usize> = rows.iter().map(StringRecord::len).collect();
    widths.sort_unstable();
    let (n_agreed, width) = widths.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])).max()?;
    if n_agreed < LEAST || n_agreed * 100 < widths.len() * ENOUGH {
        return None;
    }
    let is_in_order = width == cells.len() && build(cells.clone()).is_some();
    if is_in_order {
        return None;
    }
    let mut ways: BTreeMap<Vec<Option<usize>>, Header> = BTreeMap::new();
    for header in ways_to(cells, width, parts)?.into_iter().filter_map(build) {
        ways.entry(header.positions().to_vec()).or_insert(header);
    }
    let sample = Sheet::Delimited(text);
    let mut fitting = ways.into_values().filter(|header| reads(&sample, header));
    let only = fitting.next()?;
    fitting.next().is_none().then(|| only.remarked(NOTE))
}

/// The rows of names of some width that a row of names may come from; `None` where they are too many.
fn ways_to(cells: &[String], width: usize, parts: &[&str]) -> Option<Vec<Vec<String>>> {
    let mut ways = vec![cells.to_vec()];
    for n_cells in cells.len().min(width)..cells.len().max(width) {
        let longer = |way: &Vec<String>| -> Vec<Vec<String>> {
            let unnamed = (0..=n_cells).map(|at| {
                let mut longer = way.clone();
                longer.insert(at, String::new());
                longer
            });
            unnamed.collect()
        };
        let shorter = |way: &Vec<String>| -> Vec<Vec<String>> {
            (0..way.len())
                .map(|at| {
                    let mut shorter = way.clone();
                    shorter.remove(at);
                    shorter
                })
                .collect()
        };
        ways = ways.iter().flat_map(|way| if width > cells.len() { longer(way) } else { shorter(way) }).collect();
        ways.sort_unstable();
        ways.dedup();
        if ways.len() > MOST_WAYS {
            return None;
        }
    }
    if width == cells.len() + 1 {
        ways.extend(split(cells, parts));
    }
    if width == cells.len() {
        ways = without_doubles(cells);
    }
    for way in &mut ways {
        for (at, cell) in way.iter_mut().enumerate().filter(|(_, cell)| cell.is_empty()) {
            *cell = unnamed(at);
        }
    }
    Some(ways)
}

/// The names with one left of those that are alike.
fn without_doubles(cells: &[String]) -> Vec<Vec<String>> {
    let is_double = |at: &usize| cells.iter().filter(|cell| **cell == cells[*at]).count() > 1;
    let with_one = |at: usize| {
        let blank = |(other, cell): (usize, &String)| other != at && *cell == cells[at];
        cells.iter().enumerate().map(|pair| if blank(pair) { String::new() } else { pair.1.clone() }).collect()
    };
    (0..cells.len()).filter(is_double).map(with_one).collect()
}

/// The names with one of them parted, where it begins or ends with a wanted one.
fn split(cells: &[String], parts: &[&str]) -> Vec<Vec<String>> {
    let parted = |cell: &str| {
        let pairs = parts.iter().flat_map(|part| {
            let front = cell.strip_prefix(part).map(|rest| [(*part).to_owned(), rest.to_owned()]);
            let back = cell.strip_suffix(part).map(|rest| [rest.to_owned(), (*part).to_owned()]);
            [front, back]
        });
        pairs.flatten().filter(|pair| pair.iter().all(|name| !name.is_empty())).collect::<Vec<_>>()
    };
    let mut ways = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        for pair in parted(cell) {
            ways.push([&cells[..at], &pair, &cells[at + 1..]].concat());
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ledger::COLUMNS;

    /// Amounts are numbers here, and times have a `T`.
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let cells: Vec<String> = text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let dialect = Dialect::plain(b',');
        let build = |cells: Vec<String>| {
            let has_all =
                ["timestamp", "credits"].iter().all(|name| cells.iter().filter(|cell| cell == name).count() == 1);
            has_all.then(|| Header::new(dialect, 0, cells, COLUMNS))
        };
        let reads = |_: &Sheet, header: &Header| {
            let at = |column| header.position(column).unwrap_or_default();
            text.lines().skip(1).all(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                cells[at(0)].contains('T') && cells[at(11)].parse::<f64>().is_ok()
            })
        };
        let sheet = Sheet::Delimited(text);
        let header = realigned(&sheet, &(dialect, 0, cells), &["timestamp", "credits"], build, reads);
        assert_eq!(header.map(|header| header.cells().join(",")).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn names_are_matched_where_cells_allow_one_way_only() {
        let rows = "\nT1,ada,1,x\nT2,ben,2,y\nT3,ada,3,z\n";
        let with = |header: &str| format!("{header}{rows}");
        check(&with("timestamp,user,credits,note"), None);
        check(&with("timestamp,user,credits"), Some("timestamp,user,credits,(column 4)"));
        check(&with("timestamp,credits,note"), Some("timestamp,(column 2),credits,note"));
        check(&with("timestamp,timestamp,user,credits,note"), Some("timestamp,user,credits,note"));
        check(&with("timestampuser,credits,note"), Some("timestamp,user,credits,note"));
        check(&with("timestamp,user,creditsnote"), Some("timestamp,user,credits,note"));
        check(&with("timestamp,user,credits,credits"), Some("timestamp,user,credits,(column 4)"));
        check(&with("timestamp,credits,credits,credits"), Some("timestamp,(column 2),credits,(column 4)"));
        check(&with("user,credits,note"), None);
    }

    #[test]
    fn torn_amounts_allow_two_ways() {
        check("timestamp,credits,note\nT1,1,5,x\nT2,2,5,y\nT3,3,5,z\n", None);
        check("timestamp,credits,credits\nT1,1,5\nT2,2,5\nT3,3,5\n", None);
        check("timestamp,credits\nT1,1,5\nT2,2,5\nT3,3,5\n", None);
        check("timestamp,user,credits\nT1,Doe,Ada,1\nT2,Doe,Ben,2\nT3,Roe,Cy,3\n", None);
    }
}
