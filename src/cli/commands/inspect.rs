//! `creditscope inspect`: what each file is.
use std::{fs::OpenOptions, io::Write as _, path::Path, sync::Arc};

use anyhow::{Context as _, bail};

use crate::{
    cli::{
        args::{Format, InspectArgs},
        commands::print,
        exit::Exit,
        progress::Progress,
    },
    ingest::{
        self, discover,
        identity::suggest,
        map::{Map, propose::propose},
    },
    model::problem::Problem,
    pipeline,
    report::{
        inspect::{self, Inspected},
        overlaps,
    },
    rollup::books,
};

pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<Exit> {
    let mut settings = args.read.settings()?;
    if let Some(map) = &args.write_map {
        return write_map(&settings, map);
    }
    let progress = Progress::new(args.read.quiet);
    let missing = discover::missing(&settings.paths);
    settings.paths.retain(|path| !missing.iter().any(|missing| missing.path == discover::label(path)));
    let pipeline::Read { input, timeline, request } = pipeline::read(&settings, &|what| progress.say(what))?;
    drop(progress);
    let totals = books::totals(timeline.events().iter(), &input.names);
    let books = pipeline::reconcile::Books::of(&input, &timeline, &request.selection);
    let reconciliation = books.reconciled(input.files.iter().map(|file| (file.path.as_str(), &file.told[..])));
    // pseudonyms tell nobody's name
    let users = books::users(timeline.events().iter().filter(|_| settings.pseudonyms.is_none()), &input.names);
    let suggestions = suggest::suggest(&users);
    if let Some(path) = &args.write_aliases {
        write_new(path, suggest::file(&settings.ingest.aliases, &suggestions).as_bytes())?;
    }
    let view = inspect::view(Inspected {
        input: &input,
        totals: &totals,
        suggestions: &suggestions,
        missing: &missing,
        overlaps: overlaps::view(&input, &timeline).shown(),
        books: &reconciliation,
    });
    match args.format {
        Format::Text => print(inspect::text(&view))?,
        Format::Json => print(inspect::json(&view)?)?,
    }
    let is_known =
        missing.is_empty() && !input.files.is_empty() && !input.skipped.iter().any(|skipped| skipped.is_named);
    let has_rows = input.files.iter().any(|file| file.rows.rejected == 0 || file.rows.accepted > 0);
    Ok(if is_known && has_rows { Exit::Done } else { Exit::CouldNotRun })
}

/// Writes a file that is not there yet: what a person may have edited is not overwritten.
fn write_new(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text)).with_context(|| format!("writing {}", path.display()))
}

/// What becomes of the rows with a map, in a line a table.
fn tried(settings: &pipeline::Settings, map: Map) -> anyhow::Result<String> {
    let with_map = ingest::Settings { map: Some(Arc::new(map)), ..settings.ingest.clone() };
    let input = ingest::ingest(&settings.paths, &with_map, &|_| ())?;
    let of_file = |file: &ingest::FileReport| {
        let (accepted, rejected) = (file.rows.accepted, file.rows.rejected);
        let first = file.problems.first().map(|rejected| {
            let Problem { place, column, cause, .. } = &rejected.problem;
            format!("; the first on line {}, column {column}: {cause}", place.line)
        });
        format!("  with it {accepted} rows are accepted and {rejected} rejected{}\n", first.unwrap_or_default())
    };
    let of_skipped = |file: &ingest::Skipped| format!("  with it {} is not read: {}\n", file.path, file.cause);
    let tables = input.files.iter().map(of_file);
    Ok(tables.chain(input.skipped.iter().map(of_skipped)).collect())
}

/// Proposes a map for the one file that was named, and says what it lacks.
fn write_map(settings: &pipeline::Settings, map: &Path) -> anyhow::Result<Exit> {
    let found = discover::discover(&settings.paths)?;
    let [file] = found.as_slice() else {
        bail!("--write-map looks at one file: name it instead of {} files", found.len());
    };
    let bytes = file.read().with_context(|| format!("reading {}", file.label))?;
    let proposal = propose(&bytes, &file.label, &settings.ingest);
    let proposal = proposal.with_context(|| format!("proposing a map for {}", file.label))?;
    write_new(map, proposal.text.as_bytes())?;
    let mut said = format!("{} is written: check it, then add --map {}\n", map.display(), map.display());
    for lack in &proposal.lacks {
        said += &format!("  it lacks: {lack}\n");
    }
    if proposal.lacks.is_empty() {
        said += &tried(settings, Map::parse(&proposal.text, &map.display().to_string())?)?;
    }
    print(said)?;
    Ok(Exit::Done)
}
