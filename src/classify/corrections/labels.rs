//! Classes of single events: CSV or JSON lines as `classify` writes them, the class corrected by hand.
//!
//! An event is named by its id (`event_id` or `event`) or by `file` and `line`; its class stands in `label`, `class` or
//! `action`, the first of these that the file has. Lines whose class is empty or `unclassified` say nothing.
use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::{
    classify::{
        corrections::{By, Correction, Echo, class},
        words::{BY_HAND, NO_PROMPT},
    },
    cues::weights::Weights,
    ingest::Ingested,
    model::action::Action,
    timeline::Timeline,
};

/// The corrections by position, and what is to be said of the others.
type Found = (Vec<(u32, Correction)>, Option<String>);

/// Labels by the name of their event.
#[derive(Debug, Clone)]
pub struct Labels {
    path: String,
    by_event: BTreeMap<String, Label>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Label {
    line: u64,
    action: Action,
    echo: Echo,
}

const EVENT: [&str; 2] = ["event_id", "event"];
const CLASS: [&str; 3] = ["label", "class", "action"];
/// How many unknown events a message names.
const NAMED: usize = 5;

impl Labels {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or a line lacks its event, has no known class, or contradicts another.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut labels = Self { path: path.to_owned(), by_event: BTreeMap::new() };
        let rows = if text.trim_start().starts_with('{') { json_rows(text) } else { csv_rows(text) };
        for row in rows.with_context(|| path.to_owned())? {
            labels.add(&row).with_context(|| format!("{path}:{}", row.line))?;
        }
        if labels.by_event.is_empty() {
            bail!("{path}: no label; each line needs event_id (or file and line) and label");
        }
        Ok(labels)
    }

    fn add(&mut self, row: &Row) -> Result<()> {
        let cell = |names: &[&str]| names.iter().find_map(|name| row.cells.get(*name)).map_or("", |cell| cell.trim());
        if !CLASS.iter().any(|name| row.cells.contains_key(*name)) {
            bail!("no column label, class or action");
        }
        let word = cell(&CLASS);
        if word.is_empty() || word == Action::Unclassified.word() {
            return Ok(());
        }
        let action = class(word)?;
        let (id, file, line) = (cell(&EVENT), cell(&["file"]), cell(&["line"]));
        let event = match (id, file, line) {
            ("", "", _) | ("", _, "") => bail!("names no event: write event_id, or file and line"),
            ("", ..) => format!("{}:{line}", undefused(file)),
            _ => undefused(id).to_owned(),
        };
        let has = |name: &str| row.cells.contains_key(name);
        let is_by_hand = row.cells.get("reason").is_some_and(|reason| reason.contains(BY_HAND));
        let is_own_column = !has("label") && !has("class");
        // A class below the threshold was written as unclassified: where it stands now, somebody confirmed it.
        let is_sure = || cell(&["probability"]).parse().is_ok_and(|chance: f64| chance >= threshold());
        let echo = match is_own_column && has("best") && has("probability") && !is_by_hand {
            true if cell(&["best"]) == action.word() && has_text(cell(&["reason"])) && is_sure() => Echo::Sure,
            true => Echo::Perhaps,
            false => Echo::No,
        };
        let label = Label { line: row.line, action, echo };
        match self.by_event.insert(event.clone(), label) {
            Some(before) if before.action != action => {
                bail!("event {event:?} is {action} here and {} on line {}", before.action, before.line)
            }
            _ => Ok(()),
        }
    }

    /// Where they were read.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many events have one.
    pub fn len(&self) -> usize {
        self.by_event.len()
    }

    /// Whether there is none; a file without labels is an error, so never.
    pub fn is_empty(&self) -> bool {
        self.by_event.is_empty()
    }

    /// The positions and classes of the labelled events, and in a sentence those that are not in the data.
    ///
    /// # Errors
    /// When none of the events is there, or an id is that of several.
    pub fn find(&self, input: &Ingested, timeline: &Timeline) -> Result<Found> {
        let mut positions: BTreeMap<&str, Vec<u32>> =
            self.by_event.keys().map(|event| (event.as_str(), Vec::new())).collect();
        for (event, position) in timeline.events().iter().zip(0..) {
            let id = input.kept.get(&event.place).and_then(|kept| kept.id.as_deref());
            let place = input.at(event.place);
            for name in id.into_iter().chain([place.as_str()]) {
                if let Some(positions) = positions.get_mut(name) {
                    positions.push(position);
                }
            }
        }
        let unknown: Vec<String> = positions
            .iter()
            .filter(|(_, positions)| positions.is_empty())
            .map(|(event, _)| format!("{event:?} (line {})", self.by_event[*event].line))
            .collect();
        let more = unknown.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = unknown[..unknown.len().min(NAMED)].join(", ");
        if unknown.len() == positions.len() {
            bail!(
                "{}: no such event in the data: {named}{more}; `creditscope classify` shows what events are called",
                self.path
            );
        }
        let count = unknown.len();
        let events = if count == 1 { "1 event that is" } else { &format!("{count} events that are") };
        let said = (count > 0).then(|| format!("{} labels {events} not in the data: {named}{more}", self.path));
        let mut found = Vec::with_capacity(positions.len());
        for (event, positions) in positions {
            let position = match positions[..] {
                [] => continue,
                [position] => position,
                _ => {
                    bail!("{}: {} events are called {event:?}: name them by file and line", self.path, positions.len())
                }
            };
            let Label { action, echo, .. } = self.by_event[event];
            found.push((position, Correction { action, by: By::Label, echo }));
        }
        Ok((found, said))
    }
}

/// Below this probability `classify` writes a class as `unclassified`, where there is a prompt.
fn threshold() -> f64 {
    Weights::built_in().about().threshold
}

fn has_text(reason: &str) -> bool {
    !reason.starts_with(NO_PROMPT)
}

/// A line of a file by column.
struct Row {
    line: u64,
    cells: BTreeMap<String, String>,
}

fn json_rows(text: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let fields: Map<String, Value> = serde_json::from_str(text).with_context(|| format!("line {line}"))?;
        let cell = |value: Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        rows.push(Row { line, cells: fields.into_iter().map(|(name, value)| (name, cell(value))).collect() });
    }
    Ok(rows)
}

fn csv_rows(text: &str) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers()?.iter().map(str::to_lowercase).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(Row { line, cells: headers.iter().cloned().zip(record.iter().map(str::to_owned)).collect() });
    }
    Ok(rows)
}

/// What `classify` wrote before it kept a spreadsheet from running it as a formula.
fn undefused(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Action)]) {
        let labels = Labels::parse("labels.csv", text).unwrap();
        let got: Vec<(&str, Action)> =
            labels.by_event.iter().map(|(event, label)| (event.as_str(), label.action)).collect();
        assert_eq!(got, expected);
    }

    #[track_caller]
    fn check_wrong(text: &str, expected: &str) {
        assert_eq!(format!("{:#}", Labels::parse("labels.csv", text).unwrap_err()), expected);
    }

    #[test]
    fn labels_are_read_as_classify_writes_them() {
        check("event_id,class\nev-1,fix\nev-2,\nev-3,unclassified\n", &[("ev-1", Action::Fix)]);
        check("event_id,file,line,action,label\n,a.csv,7,fix,Other\n", &[("a.csv:7", Action::Other)]);
        check("{\"event_id\":null,\"file\":\"a.csv\",\"line\":7,\"action\":\"fix\"}\n", &[("a.csv:7", Action::Fix)]);
        check("event,label\n'=1,fix\n'it,fix\n", &[("'it", Action::Fix), ("=1", Action::Fix)]);
    }

    #[test]
    fn wrong_labels_are_named() {
        let known = "generation, revision, fix, regeneration, other, runtime";
        check_wrong("event_id,label\nev-1,edit\n", &format!("labels.csv:2: \"edit\" is no class: use one of {known}"));
        check_wrong("event_id,label\n,fix\n", "labels.csv:2: names no event: write event_id, or file and line");
        check_wrong("event_id,note\nev-1,fix\n", "labels.csv:2: no column label, class or action");
        check_wrong(
            "event_id,label\nev-1,fix\nev-1,other\n",
            "labels.csv:3: event \"ev-1\" is other here and fix on line 2",
        );
        check_wrong("", "labels.csv: no label; each line needs event_id (or file and line) and label");
    }
}
