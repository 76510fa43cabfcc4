//! Which row of a table is its header, which source knows it best, and what to do where it and the rows below it have come
//! apart.
use crate::{
    ingest::{
        Settings, ledger, map,
        sheet::{Candidate, DELIMITERS, Sheet},
        source::{ReadError, Shape, Source, read_table},
        table::{
            cells::Cells,
            dialect::Dialect,
            fit,
            header::Header,
            realign::{self, Fit},
        },
    },
    model::problem::RowCount,
};

/// Below this, a header is not taken for a source's unless the user says so. A source's own exports score 1 with
/// their plain header; half of the header unknown is a foreign table.
const LEAST_SCORE: f64 = 0.5;

/// The first row that is a header, and the source that knows it best.
pub(super) fn header(sheet: &Sheet, settings: &Settings) -> Result<(Source, f64, Header), ReadError> {
    let wanted = settings.source;
    let candidates = sheet.candidates(&DELIMITERS);
    if candidates.is_empty() {
        return Err(ReadError::Unknown("it is empty".to_owned()));
    }
    if let Some(map) = &settings.map {
        match map.header(&sheet.candidates(map.delimiters())) {
            Ok(header) => return Ok((map::SOURCE, 1.0, header)),
            Err(cause) => {
                let mut near = sheet.candidates(map.delimiters());
                near.retain(|(.., cells)| map.may_stand_in(cells));
                if let Some(header) = near.iter().find_map(|row| realigned(sheet, map::SOURCE, row, settings)) {
                    return Ok((map::SOURCE, 1.0, header));
                }
                if settings.map_must_fit {
                    return Err(ReadError::Unknown(cause));
                }
            }
        }
    }
    let mut best: Option<(Source, f64, Header)> = None;
    for (dialect, record, cells) in &candidates {
        if best.as_ref().is_some_and(|(.., header)| header.record < *record) {
            break;
        }
        for &source in Source::all().iter().filter(|source| wanted.is_none_or(|wanted| wanted == **source)) {
            let (Shape::Table { columns, score, .. } | Shape::Totals { columns, score, .. }) = source.shape else {
                continue;
            };
            let header = Header::new(*dialect, *record, cells.clone(), columns);
            let score = score(&header);
            let is_enough = score >= LEAST_SCORE || wanted.is_some() && score > 0.0;
            if is_enough && best.as_ref().is_none_or(|(_, most, _)| score > *most) {
                best = Some((source, score, header));
            }
        }
    }
    if let Some((.., header)) = &mut best {
        header.widen(surplus(&candidates, header));
    }
    best.ok_or_else(|| {
        let place = if sheet.has_implied_header() { "its objects hold" } else { "line 1 reads" };
        ReadError::Unknown(unknown(place, &candidates, wanted))
    })
}

/// The header as the rows below it have it.
///
/// # Errors
/// When a column that is read has its name twice, and its rows do not tell which is meant.
pub(super) fn fitted(sheet: &Sheet, source: Source, header: Header, settings: &Settings) -> Result<Header, ReadError> {
    let delimiters = settings.map.as_ref().map_or(&DELIMITERS[..], |map| map.delimiters());
    let header = fit::fitted(sheet, header, delimiters);
    let candidate = (header.dialect, header.record, header.cells().to_vec());
    if let Some(header) = realigned(sheet, source, &candidate, settings) {
        return Ok(header);
    }
    without_doubt(sheet, header)
}

/// A header of which no column that is read has its name twice, unless the columns of that name are equal in every row.
///
/// # Errors
/// Which name stands twice, and where its columns differ.
pub(super) fn without_doubt(sheet: &Sheet, header: Header) -> Result<Header, ReadError> {
    let twins = header.twins();
    let Some(name) = header.doubled() else { return Ok(header) };
    let differ = |row: Cells, places: &[usize]| {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        places.windows(2).any(|pair| cell(pair[0]) != cell(pair[1]))
    };
    let (mut rows, mut count, mut number) = (sheet.rows(header.dialect), RowCount::default(), 0);
    while let Some(line) = rows.advance(&mut count) {
        let is_below = number > header.record;
        number += 1;
        if let Some(places) = twins.iter().find(|places| is_below && differ(rows.record(), places)) {
            let name = places.first().map_or(name, |at| header.cells()[*at].as_str());
            return Err(ReadError::Unknown(format!(
                "the header has the name {name:?} twice, and the rows do not tell which column is meant (they differ on line {line}): rename one of them"
            )));
        }
    }
    Ok(header.remarked(TWINS))
}

const TWINS: &str = "the header has a name twice: the columns of it are equal in every row, so the first was read";

/// A header with another number of cells than the rows, of a table whose columns people name: vendors' programs lose none.
fn realigned(sheet: &Sheet, source: Source, candidate: &Candidate, settings: &Settings) -> Option<Header> {
    let (dialect, record, _) = *candidate;
    let map = settings.map.as_ref().filter(|_| source == map::SOURCE);
    if map.is_none() && source != ledger::SOURCE {
        return None;
    }
    let build = |cells| match map {
        Some(map) => map.told((dialect, record, cells)).ok(),
        None => Some(Header::new(dialect, record, cells, ledger::COLUMNS)).filter(|header| header.doubled().is_none()),
    };
    let reads = |sample: &Sheet, header: &Header| {
        let rows = read_table(sample, source, header, settings).rows;
        match (rows.accepted, rows.rejected) {
            (0, 1..) => Fit::None,
            (accepted, rejected) if accepted >= LEAST_READ && accepted >= rejected * 9 => Fit::Good,
            _ => Fit::Partial,
        }
    };
    let parts = map.map(|map| map.column_names()).unwrap_or_default();
    realign::realigned(sheet, candidate, &parts, build, reads)
}

/// So many rows must be read for a header to fit them.
const LEAST_READ: u64 = 3;

/// How many empty cells end each row below a header, where rows end with delimiters that the header has not. Two columns of
/// whole numbers side by side may be decimals that the delimiter tore, whose empty last cell moved: then it is none.
fn surplus(candidates: &[Candidate], header: &Header) -> usize {
    const LEAST_ROWS: usize = 3;
    let below = candidates.iter().filter(|(dialect, record, _)| *dialect == header.dialect && *record > header.record);
    let rows: Vec<&[String]> = below.map(|(.., cells)| cells.as_slice()).collect();
    let width = rows.first().map_or(0, |row| row.len());
    let is_surplus = |row: &&[String]| row.len() == width && row.iter().skip(header.width()).all(String::is_empty);
    if rows.len() < LEAST_ROWS || width <= header.width() || !rows.iter().all(is_surplus) {
        return 0;
    }
    let is_whole = |column: usize| {
        rows.iter().all(|row| !row[column].is_empty() && row[column].bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_torn = (1..width).any(|column| is_whole(column - 1) && is_whole(column));
    if is_torn { 0 } else { width - header.width() }
}

/// Says what was found instead of a header, and what would have been one.
fn unknown(place: &str, candidates: &[Candidate], wanted: Option<Source>) -> String {
    const MOST_CELLS: usize = 8;
    let widest = candidates.iter().filter(|(_, record, _)| *record == 0).max_by_key(|(_, _, cells)| cells.len());
    let cells = widest.map(|(_, _, cells)| cells.as_slice()).unwrap_or_default();
    let shown: Vec<String> = cells.iter().take(MOST_CELLS).map(|cell| cell.chars().take(24).collect()).collect();
    let more = if cells.len() > MOST_CELLS { ", …" } else { "" };
    let header = Header::new(Dialect::plain(b','), 0, cells.to_vec(), ledger::COLUMNS);
    let lacks = match (header.position(ledger::TIMESTAMP), header.position(ledger::CREDITS)) {
        (None, Some(_)) => "no column is a timestamp (timestamp, date, created_at or time)",
        (Some(_), None) => "no column is an amount (credits, credits_used, credits_consumed, amount or cost)",
        (Some(_), Some(_)) if wanted.is_none() => {
            "it might be a ledger, but its other columns do not tell: check it, then add --source ledger"
        }
        _ => "no known export has such columns",
    };
    let known: Vec<&str> = Source::all().iter().map(|source| source.name).collect();
    format!(
        "unknown format: {place} {:?}; {lacks}. Known are {}; any other table is read with a map, which `creditscope inspect FILE --write-map \
         map.toml` proposes; `creditscope template` writes an empty ledger",
        shown.join(", ") + more,
        known.join(", ")
    )
}
