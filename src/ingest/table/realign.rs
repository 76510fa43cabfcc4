//! A header with more or fewer cells than the rows below it, or with a name that stands there twice: a name was lost, doubled
//! or run together with the next, or its line was cut. Every way in which its names could stand over the columns is tried; where the cells of the rows allow one
//! way only, that one is taken. Where they allow several, the header stays as it is and its rows are rejected.
use std::{cmp::Ordering, collections::BTreeMap};

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
/// Before others are ruled out, up to so many rows of the rest of the table are looked at for all of them together, from so many
/// places spread over it.
const FURTHER_ROWS: usize = 64_000;
const PLACES: usize = 16;
/// More ways than this, or of more text in all, are not tried.
const MOST_WAYS: usize = 2_000;
const MOST_BYTES: usize = 8 << 20;

/// How well a header lets the rows below it be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Fit {
    /// Not a single one.
    None,
    /// Some of them.
    Partial,
    /// Nearly all of them.
    Good,
}

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
            rows.push(records.record().to_record());
        }
    }
    Below { rows, text: &text[..records.position()] }
}

/// The header as the rows have it, where that is certain. `parts` are names that may have run together with others, `build`
/// matches a row of names with the columns that are wanted, `reads` tells how well a header lets a table's rows be read.
/// Another way is ruled out only where it reads no row, here and further down: some cells of the true one may well be
/// unreadable, all of the first ones among them.
pub(in crate::ingest) fn realigned(
    sheet: &Sheet,
    (dialect, record, cells): &Candidate,
    parts: &[&str],
    build: impl Fn(Vec<String>) -> Option<Header>,
    reads: impl Fn(&Sheet, &Header) -> Fit,
) -> Option<Header> {
    let Sheet::Delimited(text) = sheet else { return None };
    let Below { rows, text: top } = below(text, *record, *dialect);
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
    let sample = Sheet::Delimited(top);
    let further = spread_over(text, top, FURTHER_ROWS / ways.len().max(1), *dialect);
    let (possible, others): (Vec<_>, Vec<_>) =
        ways.into_values().map(|header| (reads(&sample, &header), header)).partition(|(fit, _)| *fit != Fit::None);
    let [(Fit::Good, _)] = possible.as_slice() else { return None };
    let is_ruled_out = |header: &Header| reads(&Sheet::Delimited(&further), header) == Fit::None;
    let is_only = further.len() == top.len() || others.iter().all(|(_, header)| is_ruled_out(header));
    possible.into_iter().next().filter(|_| is_only).map(|(_, only)| only.remarked(NOTE))
}

/// The top of a text and rows from places spread over the rest of it, about so many in all.
fn spread_over(text: &str, top: &str, n_rows: usize, dialect: Dialect) -> String {
    let rest = &text[top.len()..];
    let mut sample = top.to_owned();
    let mut passed = 0;
    for place in 0..PLACES {
        let near = rest.floor_char_boundary(rest.len() / PLACES * place);
        let line_end = |at: usize| rest[at..].find('\n').map_or(rest.len(), |end| at + end + 1);
        let start = if place == 0 { 0 } else { line_end(near) }.max(passed);
        let mut records = Records::from(rest, start, 1, dialect);
        for _ in 0..n_rows.div_ceil(PLACES) {
            if records.advance(&mut RowCount::default()).is_none() {
                break;
            }
        }
        passed = records.position();
        sample.push_str(&rest[start.min(passed)..passed]);
    }
    sample
}

/// The rows of names of some width that a row of names may come from; `None` where they are too many.
fn ways_to(cells: &[String], width: usize, parts: &[&str]) -> Option<Vec<Vec<String>>> {
    let doubles = if width == cells.len() { doubles(cells) } else { Vec::new() };
    let (shorter, longer) = (cells.len().min(width), cells.len().max(width));
    let n_ways = if width == cells.len() { doubles.len() } else { n_choices(longer, shorter) };
    let n_bytes = cells.iter().map(String::len).sum::<usize>().saturating_add(longer);
    if n_ways > MOST_WAYS || n_ways.saturating_mul(n_bytes) > MOST_BYTES {
        return None;
    }
    let choices = || choices(longer, shorter).into_iter();
    let mut ways: Vec<Vec<String>> = match width.cmp(&cells.len()) {
        Ordering::Equal => doubles.iter().map(|at| with_one(cells, *at)).collect(),
        Ordering::Less => choices().map(|kept| kept.iter().map(|at| cells[*at].clone()).collect()).collect(),
        Ordering::Greater => choices().map(|places| spread(cells, &places, width)).collect(),
    };
    ways.sort_unstable();
    ways.dedup();
    if width == cells.len() + 1 {
        ways.extend(split(cells, parts));
    }
    for way in &mut ways {
        for (at, cell) in way.iter_mut().enumerate().filter(|(_, cell)| cell.is_empty()) {
            *cell = unnamed(at);
        }
    }
    Some(ways)
}

/// In how many ways some of a number of places can be chosen, told exactly up to the most that are tried.
fn n_choices(of: usize, n: usize) -> usize {
    let mut count = 1_usize;
    for at in 0..n.min(of - n) {
        count = count.saturating_mul(of - at) / (at + 1);
        if count > MOST_WAYS {
            break;
        }
    }
    count
}

/// Every choice of some of a number of places.
fn choices(of: usize, n: usize) -> Vec<Vec<usize>> {
    let mut choice: Vec<usize> = (0..n).collect();
    let mut all = vec![choice.clone()];
    // The last place that can move on does, and those behind it follow.
    while let Some(at) = (0..n).rev().find(|at| choice[*at] < of - n + at) {
        choice[at] += 1;
        for behind in at + 1..n {
            choice[behind] = choice[behind - 1] + 1;
        }
        all.push(choice.clone());
    }
    all
}

/// The names at some places of a row, and nothing at the others.
fn spread(cells: &[String], places: &[usize], width: usize) -> Vec<String> {
    let mut row = vec![String::new(); width];
    for (cell, at) in cells.iter().zip(places) {
        row[*at].clone_from(cell);
    }
    row
}

/// Where names stand that stand at other places, too.
fn doubles(cells: &[String]) -> Vec<usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        *counts.entry(cell).or_default() += 1;
    }
    (0..cells.len()).filter(|at| counts[cells[*at].as_str()] > 1).collect()
}

/// The names without those that are like one of them.
fn with_one(cells: &[String], at: usize) -> Vec<String> {
    let is_blank = |(other, cell): (usize, &String)| other != at && *cell == cells[at];
    cells.iter().enumerate().map(|pair| if is_blank(pair) { String::new() } else { pair.1.clone() }).collect()
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
    use crate::ingest::{ledger::COLUMNS, tests::read};

    /// Amounts are numbers here, and times have a `T`.
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let cells: Vec<String> = text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let dialect = Dialect::plain(b',');
        let build = |cells: Vec<String>| {
            let header = Header::new(dialect, 0, cells, COLUMNS);
            let has_all = header.position(0).is_some() && header.position(11).is_some();
            (has_all && header.doubled().is_none()).then_some(header)
        };
        let reads = |_: &Sheet, header: &Header| {
            let at = |column| header.position(column).unwrap_or_default();
            let is_read = |line: &&str| {
                let cells: Vec<&str> = line.split(',').collect();
                cells[at(0)].contains('T') && cells[at(11)].parse::<f64>().is_ok()
            };
            match text.lines().skip(1).filter(is_read).count() {
                0 => Fit::None,
                n_read if n_read + 1 == text.lines().count() => Fit::Good,
                _ => Fit::Partial,
            }
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
        check("timestamp,credits,app\nT1,n/a,5,x\nT2,2,6,y\nT3,n/a,7,z\n", None);
        check("timestamp,user,credits\nT1,Doe,Ada,1\nT2,Doe,Ben,2\nT3,Roe,Cy,3\n", None);
    }

    #[test]
    fn a_column_that_is_unreadable_at_first_may_be_the_true_one() {
        let unreadable = "2026-10-01T08:00:00Z,n/a,5,x\n".repeat(SAMPLE * 40);
        let accepted = |rest: &str| {
            let text = format!("timestamp,credits,app\n{unreadable}{rest}{unreadable}");
            read(&text).2.rows.accepted
        };
        assert_eq!(accepted("2026-10-01T08:00:00Z,2,6,y\n"), 0);
        assert_eq!(accepted("2026-10-01T08:00:00Z,n/a,6,y\n"), (SAMPLE * 80) as u64 + 1);
    }

    #[test]
    fn ways_are_counted_before_they_are_made() {
        let names = |n: usize| (0..n).map(|at| format!("c{at}")).collect::<Vec<_>>();
        for (n_cells, width, expected) in [
            (3, 4, Some(4)),
            (3, 5, Some(10)),
            (5, 3, Some(10)),
            (2, 0, Some(1)),
            (62, 64, None),
            (61, 63, Some(1_953)),
            (300, 301, Some(301)),
            (1_000, 1_002, None),
            (100_000, 1, None),
            (1, 100_000, None),
            (100_000, 50_000, None),
        ] {
            let ways = ways_to(&names(n_cells), width, &[]);
            assert_eq!(ways.map(|ways| ways.len()), expected, "{n_cells} names, {width} cells");
        }
        assert_eq!(ways_to(&vec!["same".to_owned(); 2_001], 2_001, &[]), None);
        assert_eq!(ways_to(&vec!["long".repeat(1 << 20); 2], 3, &[]), None);
        assert!(n_choices(usize::MAX, usize::MAX / 2) > MOST_WAYS);
    }
}
