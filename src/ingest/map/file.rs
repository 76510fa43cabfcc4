//! The file of a map: TOML, each key checked. An error names file, key and value, and what to try.
use std::{path::Path, sync::Arc};

use anyhow::{Context as _, anyhow, bail};
use toml::{Table, Value};

use crate::{
    ingest::{
        ledger,
        map::{
            Map,
            description::{BACK, Description, FURTHER, Meaning, TIME},
            nearest::nearest,
        },
        table::evidence::Debit,
        value::{decimal::Mark, order::DateOrder},
    },
    model::account::{Basis, Unit},
};

const SECTIONS: [&str; 8] = ["columns", "constants", "amount", "time", "words", "also", "skip", "file"];
const UNITS: &str = "credits, tokens, usd or requests";
const BASES: &str = "billed, included, list or waived";

/// The time of day, beside a date.
const TIME_KEY: &str = "time";
/// What was given back, beside what was charged.
const BACK_KEY: &str = "given_back";

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// When it cannot be read or a key or a value is none that a map can have.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let label = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("reading the map {label}"))?;
        Self::parse(&text, &label).with_context(|| format!("map {label}"))
    }

    /// Reads the text of a map that messages know by a path.
    pub fn parse(text: &str, path: &str) -> anyhow::Result<Self> {
        let root: Table = text.parse().map_err(|err: toml::de::Error| anyhow!("{}", err.to_string().trim_end()))?;
        known("", &root, &SECTIONS)?;
        let mut columns = Description::default();
        let mut names = Vec::new();
        self::columns(table(&root, "columns")?.unwrap_or(&Table::new()), &mut columns, &mut names)?;
        constants(&root, &names, &mut columns)?;
        amount(&root, &mut columns)?;
        time(&root, &mut columns)?;
        words(&root, &mut columns)?;
        also(&root, &mut columns, &mut names)?;
        skips(&root, &mut columns, &mut names)?;
        let (delimiter, sheet) = match table(&root, "file")? {
            None => (None, None),
            Some(file) => {
                known("[file] ", file, &["delimiter", "sheet"])?;
                let delimiter = text_of(file, "[file] ", "delimiter")?.map(one_byte).transpose()?;
                (delimiter, text_of(file, "[file] ", "sheet")?.map(str::to_owned))
            }
        };
        Ok(Self { path: path.to_owned(), names, columns: Arc::new(columns), delimiter, sheet })
    }
}

fn columns(table: &Table, columns: &mut Description, names: &mut Vec<(usize, String)>) -> anyhow::Result<()> {
    let fields = fields().chain([TIME_KEY, BACK_KEY]);
    known("[columns] ", table, &fields.collect::<Vec<_>>())?;
    for key in table.keys() {
        let name = text_of(table, "[columns] ", key)?.unwrap_or_default();
        let place = match key.as_str() {
            TIME_KEY => TIME,
            BACK_KEY => BACK,
            field => fields_position(field),
        };
        if name.is_empty() {
            bail!("[columns] {key} is empty: name the column, or leave the line out");
        }
        if let Some((_, twice)) = names.iter().find(|(_, known)| known == name) {
            bail!("[columns] {key} = {twice:?}: another key names that column already");
        }
        names.push((place, name.to_owned()));
    }
    columns.has_time = table.contains_key(TIME_KEY);
    columns.has_back = table.contains_key(BACK_KEY);
    for (place, field, what) in
        [(ledger::TIMESTAMP, "timestamp", "when it was"), (ledger::CREDITS, "credits", "how much")]
    {
        if !names.iter().any(|(known, _)| *known == place) {
            bail!("[columns] {field} is missing: name the column that tells {what}");
        }
    }
    Ok(())
}

fn constants(root: &Table, names: &[(usize, String)], columns: &mut Description) -> anyhow::Result<()> {
    let Some(table) = table(root, "constants")? else { return Ok(()) };
    let can_be = |field: &&str| !matches!(*field, "timestamp" | "credits" | "prompt" | "event_id" | "balance_after");
    known("[constants] ", table, &fields().filter(can_be).collect::<Vec<_>>())?;
    for key in table.keys() {
        let place = fields_position(key);
        if names.iter().any(|(known, _)| *known == place) {
            bail!("[constants] {key}: [columns] names a column for it already; keep one of the two");
        }
        let value = text_of(table, "[constants] ", key)?.unwrap_or_default();
        let is_read = match key.as_str() {
            "meter" => crate::ingest::value::words::meter(value).is_some(),
            "entry" => crate::ingest::value::words::entry(value).is_some(),
            _ => true,
        };
        if !is_read {
            bail!("[constants] {key} = {value:?}: {}", ledger::about::meaning(key));
        }
        columns.constants[place] = Some(value.into());
    }
    Ok(())
}

fn amount(root: &Table, columns: &mut Description) -> anyhow::Result<()> {
    const KEYS: [&str; 6] = ["unit", "basis", "prefix", "suffix", "sign", "decimal"];
    let Some(table) = table(root, "amount")? else { return Ok(()) };
    known("[amount] ", table, &KEYS)?;
    let text = |key| text_of(table, "[amount] ", key);
    if let Some(unit) = text("unit")? {
        columns.unit = unit_of("[amount] ", unit)?;
    }
    if let Some(basis) = text("basis")? {
        columns.basis = basis_of("[amount] basis", basis)?;
    }
    columns.affixes = [text("prefix")?.unwrap_or_default().into(), text("suffix")?.unwrap_or_default().into()];
    columns.sign = match text("sign")? {
        None => None,
        Some("positive") => Some(Debit::Positive),
        Some("negative" | "parentheses") => Some(Debit::Negative),
        Some(other) => {
            bail!("[amount] sign = {other:?}: write positive, negative or parentheses, whichever consumption has")
        }
    };
    columns.mark = match text("decimal")? {
        None => None,
        Some("point") => Some(Mark::Point),
        Some("comma") => Some(Mark::Comma),
        Some(other) => bail!("[amount] decimal = {other:?}: write point or comma"),
    };
    Ok(())
}

fn time(root: &Table, columns: &mut Description) -> anyhow::Result<()> {
    let Some(table) = table(root, "time")? else { return Ok(()) };
    known("[time] ", table, &["order", "format", "zone", "serial"])?;
    columns.order = match text_of(table, "[time] ", "order")? {
        None => DateOrder::Undeclared,
        Some("day") => DateOrder::DayFirst,
        Some("month") => DateOrder::MonthFirst,
        Some(other) => bail!("[time] order = {other:?}: write day or month, whichever comes first"),
    };
    if let Some(format) = text_of(table, "[time] ", "format")? {
        let is_read = |item| !matches!(item, chrono::format::Item::Error);
        if !chrono::format::StrftimeItems::new(format).all(is_read) {
            bail!("[time] format = {format:?}: not a format; one is %d.%m.%Y %H:%M:%S");
        }
        columns.format = Some(format.into());
    }
    if let Some(zone) = text_of(table, "[time] ", "zone")? {
        columns.zone = Some(zone.parse().with_context(|| format!("[time] zone = {zone:?}"))?);
    }
    columns.is_serial = match table.get("serial") {
        None => false,
        Some(Value::Boolean(is_serial)) => *is_serial,
        Some(other) => {
            bail!("[time] serial = {}: write true where times are a spreadsheet's numbers of days", shown(other))
        }
    };
    Ok(())
}

fn words(root: &Table, columns: &mut Description) -> anyhow::Result<()> {
    let Some(table) = table(root, "words")? else { return Ok(()) };
    for word in table.keys() {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            bail!("[words] {word:?}: a word has no digits; what has is a number");
        }
        let meaning = match text_of(table, "[words] ", word)?.unwrap_or_default() {
            "skip" => Meaning::Skip,
            "problem" => Meaning::Problem,
            "free" | "zero" => Meaning::Zero(Basis::Billed),
            basis => match Basis::from_word(basis) {
                Some(basis) => Meaning::Zero(basis),
                None => bail!("[words] {word:?} = {basis:?}: write free, included, list, waived, skip or problem"),
            },
        };
        columns.words.insert(word.to_lowercase().into(), meaning);
    }
    Ok(())
}

fn also(root: &Table, columns: &mut Description, names: &mut Vec<(usize, String)>) -> anyhow::Result<()> {
    for (index, table) in tables(root, "also")?.into_iter().enumerate() {
        known("[[also]] ", table, &["column", "unit", "basis"])?;
        let unit = text_of(table, "[[also]] ", "unit")?;
        let unit = unit.with_context(|| format!("[[also]] unit is missing: write {UNITS}"))?;
        let basis = text_of(table, "[[also]] ", "basis")?.unwrap_or("list");
        columns.further.push((unit_of("[[also]] ", unit)?, basis_of("[[also]] basis", basis)?));
        names.push((FURTHER + index, column_of(table, "[[also]] ")?));
    }
    Ok(())
}

fn skips(root: &Table, columns: &mut Description, names: &mut Vec<(usize, String)>) -> anyhow::Result<()> {
    for (index, table) in tables(root, "skip")?.into_iter().enumerate() {
        known("[[skip]] ", table, &["column", "equals"])?;
        let values = match table.get("equals") {
            Some(Value::String(value)) => vec![value.to_lowercase()],
            Some(Value::Array(values)) if values.iter().all(Value::is_str) => {
                values.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
            }
            _ => bail!("[[skip]] equals is missing or no text: write the values of rows that are no consumption"),
        };
        columns.skips.push(values);
        names.push((columns.first_skip() + index, column_of(table, "[[skip]] ")?));
    }
    Ok(())
}

/// The names of the ledger's columns.
fn fields() -> impl Iterator<Item = &'static str> {
    ledger::COLUMNS[..ledger::BY_HAND].iter().map(|column| column.field)
}

fn fields_position(field: &str) -> usize {
    fields().position(|known| known == field).unwrap_or(0)
}

fn column_of(table: &Table, place: &str) -> anyhow::Result<String> {
    let column = text_of(table, place, "column")?;
    column.map(str::to_owned).with_context(|| format!("{place}column is missing: name the column"))
}

fn unit_of(place: &str, unit: &str) -> anyhow::Result<Unit> {
    Unit::from_word(unit).with_context(|| format!("{place}unit = {unit:?}: write {UNITS}"))
}

fn basis_of(place: &str, basis: &str) -> anyhow::Result<Basis> {
    Basis::from_word(basis).with_context(|| format!("{place} = {basis:?}: write {BASES}"))
}

fn one_byte(text: &str) -> anyhow::Result<u8> {
    match *text.as_bytes() {
        [byte] if byte.is_ascii() && byte != b'"' => Ok(byte),
        _ => bail!("[file] delimiter = {text:?}: write one character, such as \";\""),
    }
}

/// The keys must be known ones.
fn known(place: &str, table: &Table, keys: &[&str]) -> anyhow::Result<()> {
    let Some(foreign) = table.keys().find(|key| !keys.contains(&key.as_str())) else { return Ok(()) };
    match nearest(foreign, keys.iter().copied()) {
        Some(near) => bail!("{place}unknown key {foreign:?}: did you mean {near}?"),
        None => bail!("{place}unknown key {foreign:?}: use one of {}", keys.join(", ")),
    }
}

fn table<'t>(root: &'t Table, key: &str) -> anyhow::Result<Option<&'t Table>> {
    match root.get(key) {
        None => Ok(None),
        Some(Value::Table(table)) => Ok(Some(table)),
        Some(_) => bail!("{key} is no table: write [{key}] on a line of its own"),
    }
}

fn tables<'t>(root: &'t Table, key: &str) -> anyhow::Result<Vec<&'t Table>> {
    let wrong = || anyhow!("{key} is no list of tables: write [[{key}]] on a line of its own");
    match root.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_table().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

fn text_of<'t>(table: &'t Table, place: &str, key: &str) -> anyhow::Result<Option<&'t str>> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => bail!("{place}{key} = {}: write a text in quotes", shown(other)),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(is) => is.to_string(),
        other => format!("({})", other.type_str()),
    }
}
