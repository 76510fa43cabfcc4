//! Labelled prompts: JSON lines with `history, seq, timestamp, text, label`, laid out as events like any export.
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use crate::cues::{read_with, topic_of, weights::Weights};
use crate::model::digest::sha256;
use crate::model::{
    account::{Basis, Entry, Kind, Meter, Status, Unit},
    action::Action,
    amount::Amount,
    event::{Account, Event, Place, Tag, Thread},
    instant::Instant,
    names::Names,
};
use crate::timeline::{Gap, Timeline};

/// A labelled prompt.
#[derive(Debug, Clone)]
pub struct Row {
    /// The app-building history it belongs to.
    pub history: String,
    /// Its number in the history.
    pub seq: u64,
    /// When it was sent.
    pub at: Instant,
    /// What it says.
    pub text: String,
    /// Its class.
    pub label: Action,
    /// Its language, where the file tells it.
    pub language: Option<String>,
    /// Whether the label is sure, where the file tells it.
    pub is_sure: Option<bool>,
    /// Whether the text comes from a builder's button, where the file tells it.
    pub is_button: Option<bool>,
}

/// A file of labelled prompts.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// Where it was read.
    pub path: PathBuf,
    /// The sha-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its prompts, in the order of the file.
    pub rows: Vec<Row>,
}

impl Labelled {
    /// Reads a file; the first wrong line is an error that names line, field and value.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = std::str::from_utf8(&bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
        let rows = parse(text).with_context(|| format!("{}", path.display()))?;
        if rows.is_empty() {
            bail!("{}: no labelled prompt; each line needs history, seq, timestamp, text, label", path.display());
        }
        Ok(Self { path: path.to_owned(), sha256: sha256(&bytes), rows })
    }
}

/// Reads lines; blank ones are skipped.
pub fn parse(text: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row = serde_json::from_str(line).map_err(anyhow::Error::from).and_then(|fields| row(&fields));
        rows.push(row.with_context(|| format!("line {}", index + 1))?);
    }
    Ok(rows)
}

fn row(fields: &Map<String, Value>) -> Result<Row> {
    let label = string(fields, "label")?;
    let Some(label) = Action::LABELS.into_iter().find(|action| action.word() == label) else {
        let known: Vec<&str> = Action::LABELS.iter().map(|action| action.word()).collect();
        bail!("field label: unknown class {label:?}: use one of {}", known.join(", "));
    };
    let seq = field(fields, "seq")?;
    let Some(seq) = seq.as_u64() else { bail!("field seq: {seq} is no whole number") };
    let timestamp = string(fields, "timestamp")?;
    let Some(at) = instant(timestamp) else {
        bail!("field timestamp: {timestamp:?} is no RFC 3339 time such as 2026-10-31T08:00:00Z");
    };
    Ok(Row {
        history: string(fields, "history")?.to_owned(),
        seq,
        at,
        text: string(fields, "text")?.to_owned(),
        label,
        language: fields.get("lang").and_then(Value::as_str).map(str::to_owned),
        is_sure: fields.get("confidence").and_then(Value::as_str).map(|word| word != "low"),
        is_button: fields.get("button").and_then(Value::as_bool),
    })
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a Value> {
    fields.get(name).with_context(|| format!("field {name} is missing"))
}

fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str> {
    let value = field(fields, name)?;
    value.as_str().with_context(|| format!("field {name}: {value} is no text"))
}

/// With an offset, else in UTC.
fn instant(text: &str) -> Option<Instant> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Instant::from_utc(at.with_timezone(&Utc));
    }
    let naive = text.parse().or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"));
    Instant::from_utc(naive.ok()?.and_utc())
}

/// Labelled prompts as events.
pub struct Laid {
    /// The events in order; the line of an event's place is one plus the position of its row.
    pub timeline: Timeline,
    /// Their dictionaries.
    pub names: Names,
}

/// Lays rows out as events, each history an app of its own, through the same path as an export's rows.
pub fn lay_out(rows: &[Row], weights: &Weights) -> Laid {
    let mut names = Names::default();
    let provider = names.word("labelled");
    let tag = names.tag_id(Tag {
        account: Account { provider, meter: Meter::Message, unit: Unit::Requests },
        entry: Entry::Usage,
        basis: Basis::Billed,
        kind: Kind::Unknown,
        status: Status::Unknown,
        model: None,
        has_id: false,
        is_aggregate: false,
    });
    let mut events = Vec::with_capacity(rows.len());
    for (line, row) in (1..).zip(rows) {
        let app = Some(names.word(&row.history));
        let thread = names.thread_id(Thread { app, ..Thread::default() });
        events.push(Event {
            at: row.at,
            amount: Amount::ZERO,
            key: row.seq,
            thread,
            tag,
            about: topic_of(&row.text, &mut names),
            place: Place { file: 0, line },
            cues: read_with(&row.text, weights),
        });
    }
    let timeline = Timeline::order(events, &names, Gap::default());
    Laid { timeline, names }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        r#"{"history":"a","seq":1,"timestamp":"2026-10-31T08:00:00Z","text":"Add a page","label":"generation"}"#;

    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let error = parse(&format!("{LINE}\n\n{}", LINE.replace(from, to))).unwrap_err();
        assert_eq!(format!("{error:#}"), expected);
    }

    #[test]
    fn lines_are_read() {
        let rows = parse(LINE).unwrap();
        assert_eq!((rows[0].label, rows[0].seq, rows[0].is_button), (Action::Generation, 1, None));
    }

    #[test]
    fn wrong_lines_are_named() {
        check(
            "generation",
            "edit",
            "line 3: field label: unknown class \"edit\": use one of generation, revision, fix, regeneration, other",
        );
        check("\"seq\":1,", "", "line 3: field seq is missing");
        check("\"seq\":1", "\"seq\":\"x\"", "line 3: field seq: \"x\" is no whole number");
        check(
            "2026-10-31",
            "31.10.",
            "line 3: field timestamp: \"31.10.T08:00:00Z\" is no RFC 3339 time such as 2026-10-31T08:00:00Z",
        );
        check("\"Add a page\"", "null", "line 3: field text: null is no text");
    }
}
