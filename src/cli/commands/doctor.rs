//! `creditscope doctor`: what this program is, which data it was built with, what it is configured with, and which of some
//! files it can read.
use std::{fmt::Write as _, path::PathBuf, thread};

use serde_json::json;

use crate::{
    audit::plans::Catalogue,
    cli::{
        args::{DoctorArgs, Format},
        commands::{print, print_json},
        config::Config,
        exit::Exit,
    },
    cues::weights::Weights,
    ingest::{discover, source::Source, token_prices},
    model::zone,
};

pub(crate) fn run(args: &DoctorArgs) -> anyhow::Result<Exit> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut say = |what: &str, text: String| lines.push((what.to_owned(), text));
    say("version", env!("CARGO_PKG_VERSION").to_owned());
    say("threads", thread::available_parallelism().map_or_else(|err| err.to_string(), |count| count.to_string()));
    for catalogue in Catalogue::all_built_in()? {
        say("plans", format!("{}, figures of {}", catalogue.profile, catalogue.dated));
    }
    say("token prices", format!("of {}", token_prices::of("anthropic").dated));
    say("weights", format!("trained {}", Weights::built_in().about().trained));
    say("zone data", zone::data_version().to_owned());
    say("sources", Source::all().iter().map(|source| source.name).collect::<Vec<_>>().join(", "));
    let config = Config::path(None);
    let found = config.as_ref().map_or_else(|| "none found".to_owned(), |path| path.display().to_string());
    // A file that cannot be read is what one comes here to find out, not a reason to stop.
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let state = Config::read(None).map_or_else(|err| format!(": cannot be read: {err:#}"), |_| String::new());
    let mut is_well = state.is_empty();
    say("configuration", one_line(found + &state));
    for path in &args.paths {
        let (state, can) = readable(path);
        is_well &= can;
        say("file", format!("{}: {state}", path.display()));
    }
    if args.format == Format::Json {
        let lines: Vec<_> = lines.iter().map(|(what, found)| json!({ "what": what, "found": found })).collect();
        print_json(&json!({ "schema": "creditscope.doctor/v1", "is_well": is_well, "checks": lines }))?;
        return Ok(if is_well { Exit::Done } else { Exit::CouldNotRun });
    }
    let width = lines.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (what, line) in lines {
        let _ = writeln!(text, "{what:<width$}  {line}");
    }
    print(text)?;
    Ok(if is_well { Exit::Done } else { Exit::CouldNotRun })
}

/// Whether the files behind a path can be opened and read, in words.
fn readable(path: &PathBuf) -> (String, bool) {
    let found = match discover::discover(std::slice::from_ref(path)) {
        Ok(found) => found,
        Err(err) => return (format!("{err:#}"), false),
    };
    let failed: Vec<String> =
        found.iter().filter_map(|file| file.read().err().map(|err| format!("{}: {err}", file.label))).collect();
    if failed.is_empty() {
        let files = if found.len() == 1 { "1 file".to_owned() } else { format!("{} files", found.len()) };
        (format!("can be read ({files}); creditscope inspect tells what is in it"), true)
    } else {
        (failed.join("; "), false)
    }
}
