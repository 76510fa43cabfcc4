//! Proposes a map for a table that nobody knows: what each column seems to be, with the evidence for each guess. No cell
//! of a text column is shown: it may be what somebody wrote.
use std::collections::BTreeSet;

use crate::{
    ingest::{
        json_rows, ledger,
        sheet::{Candidate, DELIMITERS, Sheet},
        table::header::is_blank,
        text,
        value::{
            decimal::Decimals,
            instant::{DateOrder, Dates, Instants},
            words::normal,
        },
    },
    model::{problem::RowCount, zone::Zone},
};

/// Rows that are looked at.
const SAMPLE: usize = 5_000;
/// This share of the filled cells, in percent, must be read as what a column is taken for.
const ENOUGH: usize = 90;

/// A column and what its cells look like.
struct Column {
    name: String,
    filled: usize,
    distinct: usize,
    times: usize,
    clocks: usize,
    naive: u64,
    dates: u64,
    told: (u64, u64),
    amounts: usize,
    fractions: usize,
    money: u64,
    negative: usize,
    mails: usize,
    words: BTreeSet<String>,
    example: String,
}

/// A proposed map.
#[derive(Debug)]
pub struct Proposal {
    /// The text of the map.
    pub text: String,
    /// What it lacks, in words; empty where it can be used as it is.
    pub lacks: Vec<&'static str>,
}

/// Proposes a map for the bytes of a file.
///
/// # Errors
/// When it holds no table of rows below a header.
pub fn propose(bytes: &[u8], label: &str, zone: Option<&Zone>) -> anyhow::Result<Proposal> {
    let decoded = text::decode(bytes)?;
    let listing = json_rows::list(&decoded.text).ok().and_then(|lists| lists.into_iter().next());
    let sheet = listing.as_ref().map_or(Sheet::Delimited(&decoded.text), |listing| match &listing.sheet {
        Sheet::Listed(rows) => Sheet::Listed(rows.clone()),
        _ => Sheet::Delimited(""),
    });
    let (header, rows) = table(&sheet).ok_or_else(|| {
        anyhow::anyhow!("no header with rows below it was found: give each column a name in the first row")
    })?;
    let columns: Vec<Column> = header.2.iter().enumerate().map(|(at, name)| look(name, at, &rows)).collect();
    Ok(write(&columns, rows.len(), label, zone))
}

/// The header and the rows of a table: the delimiter whose rows agree on the most cells, the first row that holds names.
fn table(sheet: &Sheet) -> Option<(Candidate, Vec<Vec<String>>)> {
    let mut best: Option<(usize, Candidate, Vec<Vec<String>>)> = None;
    for candidate in sheet.candidates(&DELIMITERS) {
        let (dialect, record, cells) = &candidate;
        let is_name = |cell: &String| !cell.is_empty() && !cell.starts_with(|c: char| c.is_ascii_digit());
        let is_header = cells.len() > 1 && cells.iter().all(is_name) && distinct(cells.iter()) == cells.len();
        let is_known = best.as_ref().is_some_and(|(_, known, _)| known.0 == *dialect);
        if !is_header || is_known {
            continue;
        }
        let (mut rows, mut count, mut found) = (sheet.rows(*dialect), RowCount::default(), Vec::new());
        for number in 0..SAMPLE {
            if rows.advance(&mut count).is_none() {
                break;
            }
            let row = rows.record();
            if number > *record && row.len() == cells.len() && !is_blank(row) {
                found.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
            }
        }
        let weight = found.len() * (cells.len() - 1);
        if weight > 0 && best.as_ref().is_none_or(|(most, ..)| weight > *most) {
            best = Some((weight, candidate, found));
        }
    }
    best.map(|(_, header, rows)| (header, rows))
}

fn distinct<'c>(cells: impl Iterator<Item = &'c String>) -> usize {
    cells.collect::<BTreeSet<_>>().len()
}

/// What the cells of a column look like.
fn look(name: &str, at: usize, rows: &[Vec<String>]) -> Column {
    let cells: Vec<&String> = rows.iter().map(|row| &row[at]).filter(|cell| !cell.is_empty()).collect();
    let mut instants = Instants { is_by_hand: true, ..Instants::new(Some(Zone::utc())) };
    let mut other = Instants { is_by_hand: true, ..Instants::new(Some(Zone::utc())) };
    instants.dates_as = Dates { order: DateOrder::DayFirst, is_serial: false };
    other.dates_as = Dates { order: DateOrder::MonthFirst, is_serial: false };
    let (mut decimals, mut column) =
        (Decimals::default(), Column::new(name, cells.len(), distinct(cells.iter().copied())));
    for cell in cells {
        let is_time = instants.read(cell).is_ok() | other.read(cell).is_ok();
        let is_amount = decimals.read(cell).is_ok() || Decimals::is_negative(cell).is_some();
        column.times += usize::from(is_time);
        column.clocks += usize::from(cell.contains(':') && instants.read(&format!("2026-01-01 {cell}")).is_ok());
        column.amounts += usize::from(is_amount);
        column.fractions += usize::from(is_amount && cell.contains(['.', ',']));
        column.negative += usize::from(Decimals::is_negative(cell) == Some(true));
        column.mails += usize::from(cell.contains('@') && cell.contains('.') && !cell.contains(' '));
        if !is_amount && cell.len() < 16 && !cell.contains(|c: char| c.is_ascii_digit()) && column.words.len() < 20 {
            column.words.insert(cell.to_lowercase());
        }
        if column.example.is_empty() && (is_time || is_amount) {
            column.example.clone_from(cell);
        }
    }
    (column.naive, column.dates, column.money) =
        (instants.naive + other.naive, instants.dates + other.dates, decimals.money);
    column.told = (instants.told.day_first, instants.told.month_first);
    column
}

impl Column {
    fn new(name: &str, filled: usize, distinct: usize) -> Self {
        let (times, clocks, amounts, fractions, negative, mails) = (0, 0, 0, 0, 0, 0);
        let (naive, dates, money, told) = (0, 0, 0, (0, 0));
        let (name, words, example) = (name.to_owned(), BTreeSet::new(), String::new());
        Self {
            name,
            filled,
            distinct,
            times,
            clocks,
            naive,
            dates,
            told,
            amounts,
            fractions,
            money,
            negative,
            mails,
            words,
            example,
        }
    }

    fn is_mostly(&self, n: usize) -> bool {
        self.filled > 0 && n * 100 >= self.filled * ENOUGH
    }

    /// How much speaks for it as the amount that counts.
    fn weight(&self) -> usize {
        let name = normal(&self.name);
        let named =
            AMOUNTS.iter().rev().zip(1..).filter(|(word, _)| name.contains(*word)).map(|(_, weight)| weight * 10).max();
        let is_id = name.ends_with("id") || name.contains("balance") || name.contains("rate");
        let weight = named.unwrap_or(1) + usize::from(self.fractions > 0) * 5 + usize::from(self.money > 0) * 5;
        if is_id { 0 } else { weight }
    }
}

/// What amounts are called, the surest first.
const AMOUNTS: [&str; 19] = [
    "credits", "cost", "charge", "amount", "usd", "betrag", "kosten", "importe", "montant", "price", "total", "spend",
    "usage", "paid", "debit", "tokens", "requests", "quantity", "hours",
];
/// What persons are called.
const PEOPLE: [&str; 10] =
    ["user", "mail", "member", "employee", "person", "owner", "author", "assignee", "rep", "name"];

/// The text of the map.
fn write(columns: &[Column], n_rows: usize, label: &str, zone: Option<&Zone>) -> Proposal {
    const NO_TIME: &str = "no column reads as a time: name it as timestamp";
    const NO_AMOUNT: &str = "no column reads as an amount: name it as credits";
    let mut lacks = Vec::new();
    let is_amount = |column: &&Column| {
        column.is_mostly(column.amounts + column.words.len().min(column.filled - column.amounts)) && column.amounts > 0
    };
    let when = columns.iter().filter(|column| column.is_mostly(column.times)).max_by_key(|column| {
        let name = normal(&column.name);
        (name.contains("time") || name.contains("date") || name.contains("created"), column.times)
    });
    let is_when = |column: &Column| when.is_some_and(|when| when.name == column.name);
    let clock = columns.iter().find(|column| column.is_mostly(column.clocks) && !is_when(column) && column.times == 0);
    let clock = clock.filter(|_| when.is_some_and(|when| when.dates > 0));
    let amount = columns
        .iter()
        .filter(is_amount)
        .filter(|c| !is_when(c) && c.times * 2 < c.filled.max(1))
        .max_by_key(|c| c.weight());
    let mut text = format!(
        "# A map of {}, proposed from its first {n_rows} rows. Read it with --map; a # makes a line a remark.\n\n[columns]\n",
        label.escape_debug()
    );
    text += &when.map_or_else(|| lacking("timestamp", NO_TIME, &mut lacks), |c| told("timestamp", c, c.times, "times"));
    if let Some(c) = clock {
        text += &format!("time = {:?}  # {} of {} cells are times of day\n", c.name, c.clocks, c.filled);
    }
    text +=
        &amount.map_or_else(|| lacking("credits", NO_AMOUNT, &mut lacks), |c| told("credits", c, c.amounts, "amounts"));
    let is_taken = |c: &Column| [when, clock, amount].into_iter().flatten().any(|taken| taken.name == c.name);
    let mut fields: Vec<&str> = vec!["timestamp", "credits"];
    let mut rest = Vec::new();
    for column in columns.iter().filter(|column| !is_taken(column)) {
        match field_of(column).filter(|field| !fields.contains(field)) {
            Some(field) => {
                fields.push(field);
                text += &format!(
                    "{field} = {:?}  # {} distinct values in {} cells\n",
                    column.name, column.distinct, column.filled
                );
            }
            None => rest.push(column),
        }
    }
    for column in rest {
        text += &format!(
            "# not read: {:?}: {} cells, {} distinct, {} amounts, {} times\n",
            column.name, column.filled, column.distinct, column.amounts, column.times
        );
    }
    let stem = label.rsplit('/').next().unwrap_or(label).split('.').next().unwrap_or_default().to_lowercase();
    text += &format!(
        "\n[constants]\nprovider = {:?}  # whose bill it is: taken from the name of the file\n",
        if stem == "-" { "other" } else { &stem }
    );
    text += &amount_section(amount);
    text += &time_section(when, clock.is_some(), zone, &mut lacks);
    Proposal { text, lacks }
}

/// A key with the column it names, and how many of its cells are what it is.
fn told(field: &str, column: &Column, n: usize, what: &str) -> String {
    format!("{field} = {:?}  # {n} of {} cells are {what}, as {:?}\n", column.name, column.filled, column.example)
}

/// A key that nothing was found for.
fn lacking(field: &str, lack: &'static str, lacks: &mut Vec<&'static str>) -> String {
    lacks.push(lack);
    format!("# {field} = \"\"  # {lack}\n")
}

/// The ledger's column that a column is by its name, or because it holds addresses.
fn field_of(column: &Column) -> Option<&'static str> {
    let name = normal(&column.name);
    let by_name = ledger::COLUMNS[..ledger::BY_HAND]
        .iter()
        .filter(|known| !matches!(known.field, "timestamp" | "credits" | "balance_after"));
    let mut by_name = by_name.filter(|known| normal(known.field) == name || known.synonyms.contains(&name.as_str()));
    // Their words must be the ledger's own, which a column of the same name need not hold.
    let named = by_name.next().map(|known| known.field).filter(|field| !matches!(*field, "meter" | "entry"));
    let is_person =
        column.is_mostly(column.mails) || column.amounts == 0 && PEOPLE.iter().any(|word| name.ends_with(word));
    named.or_else(|| is_person.then_some("user"))
}

fn amount_section(amount: Option<&Column>) -> String {
    let Some(column) = amount else { return String::new() };
    let name = normal(&column.name);
    let unit = match () {
        () if column.money > 0 || name.contains("usd") => {
            "unit = \"usd\"  # the cells or the name tell a currency: check which\n"
        }
        () if name.contains("token") => "unit = \"tokens\"  # by its name\n",
        () if name.contains("request") => "unit = \"requests\"  # by its name\n",
        () if name.contains("credit") => "unit = \"credits\"  # by its name\n",
        () => "unit = \"credits\"  # assumed: neither cells nor name tell it; credits, tokens, usd or requests\n",
    };
    let mut text = format!(
        "\n[amount]\n{unit}# sign = \"negative\"  # {} of {} amounts are negative\n",
        column.negative, column.amounts
    );
    if !column.words.is_empty() {
        text += "\n[words]\n";
        for word in &column.words {
            let meaning = if word == "included" { Some("included") } else { None };
            let line = format!("{word:?} = {:?}\n", meaning.unwrap_or("problem"));
            text += &if meaning.is_some() { line } else { format!("# {line}") };
        }
    }
    text
}

fn time_section(when: Option<&Column>, has_clock: bool, zone: Option<&Zone>, lacks: &mut Vec<&'static str>) -> String {
    let Some(column) = when else { return String::new() };
    let mut text = "\n[time]\n".to_owned();
    let (day, month) = column.told;
    let evidence = format!("{day} of {} cells have a first part above 12, {month} a second part", column.filled);
    let is_parted =
        column.example.split(['/', '-']).next().is_some_and(|part| part.len() < 3) && !column.example.contains(' ');
    match (day > 0, month > 0) {
        (true, false) => text += &format!("order = \"day\"  # {evidence}\n"),
        (false, true) => text += &format!("order = \"month\"  # {evidence}\n"),
        (true, true) => {
            lacks.push("its dates contradict each other: some have the day first, some the month");
            text += &format!("# order = \"day\"  # {evidence}\n");
        }
        (false, false) if is_parted => {
            lacks.push("whether its dates have the day or the month first: set order");
            text += &format!("# order = \"day\"  # {evidence}\n");
        }
        (false, false) => (),
    }
    if column.naive > 0 || has_clock || column.dates > 0 {
        let name = zone.map_or("UTC", Zone::name);
        text += &format!("zone = {name:?}  # assumed, as times have no offset: write the zone they were written in\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::map::Map;

    #[track_caller]
    fn check(table: &str, expected: &[&str], lacks: usize) {
        let proposal = propose(table.as_bytes(), "in/Bank.csv", None).unwrap();
        for part in expected {
            assert!(proposal.text.contains(part), "{part} is not in\n{}", proposal.text);
        }
        assert_eq!(proposal.lacks.len(), lacks, "{:?}", proposal.lacks);
        assert_eq!(Map::parse(&proposal.text, "map").is_ok(), lacks == 0 || proposal.text.contains("\ntimestamp"));
    }

    #[test]
    fn each_guess_has_its_evidence() {
        check(
            "Day,Clock,Rep,Qty,Price\n13/10/2026,09:12,ada,1,$1.50\n03/10/2026,10:00,ben,2,Included\n",
            &[
                "timestamp = \"Day\"  # 2 of 2 cells are times",
                "time = \"Clock\"",
                "credits = \"Price\"  # 1 of 2 cells are amounts",
                "user = \"Rep\"  # 2 distinct values in 2 cells",
                "order = \"day\"  # 1 of 2 cells have a first part above 12",
                "unit = \"usd\"",
                "\"included\" = \"included\"",
                "provider = \"bank\"",
                "# not read: \"Qty\"",
            ],
            0,
        );
    }

    #[test]
    fn what_cannot_be_told_is_left_to_the_user() {
        check("Day,Cost\n03/04/2026,1\n05/06/2026,2\n", &["# order = "], 1);
        check("Who,Remark\nada,x\nben,y\n", &["# timestamp = ", "# credits = "], 2);
        assert!(propose(b"1,2\n3,4\n", "a", None).is_err());
    }
}
