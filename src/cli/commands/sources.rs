//! `creditscope sources`: what can be read, and by what the same event is told in several files.
use serde_json::json;

use crate::{
    cli::{
        args::Format,
        commands::{print, print_json},
        exit::Exit,
    },
    ingest::source::Source,
};

pub(crate) fn run(format: Format) -> anyhow::Result<Exit> {
    match format {
        Format::Text => print(text())?,
        Format::Json => print_json(&json!({
            "schema": "creditscope.sources/v1",
            "sources": Source::all().iter().map(value).collect::<Vec<_>>(),
            "overlaps": OVERLAPS.split_whitespace().collect::<Vec<_>>().join(" "),
        }))?,
    }
    Ok(Exit::Done)
}

fn text() -> String {
    let width = Source::all().iter().map(|source| source.name.len()).max().unwrap_or(0);
    let line = |source: &Source| {
        let Source { name, about, same_event, .. } = source;
        format!("{name:<width$}  {about}\n{:<width$}  overlap: {same_event}\n", "")
    };
    let lines: String = Source::all().iter().map(line).collect();
    lines + "\n" + OVERLAPS
}

fn value(source: &Source) -> serde_json::Value {
    json!({ "name": source.name, "about": source.about, "same_event": source.same_event })
}

const OVERLAPS: &str = "\
Rows without ids are one event only where two files overlap: they share two rows or more, or a single one that is equal in
all that is read at a time that tells more than a day, and these are at least half of what one of them holds in the period
of the other. Of files that tell an event otherwise the newest counts: the one that
ends later, then the one with more rows, then by a digest of the rows; never by name, order or date of the file.
";
