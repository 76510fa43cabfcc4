//! Exports become one ledger: the events that an audit counts, each once, with grants, top-ups and expiries; or rows of
//! FOCUS.
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use crate::{
    ingest::{Keep, discover},
    model::{cues::Cues, event::Event},
    pipeline::{self, Events, Settings, total_rows},
    report::{
        focus::{
            self, Books,
            write::{self, Written},
        },
        ledger::{self, Form},
        lines,
    },
};

/// A ledger that was made.
#[derive(Debug)]
pub struct Converted {
    /// Its content.
    pub bytes: Vec<u8>,
    /// How many rows it has.
    pub n_rows: usize,
    /// What it lacks, in sentences.
    pub lacks: Vec<String>,
}

/// Checks that a ledger can be written to a path.
///
/// # Errors
/// When it is a folder, its folder is not there, or it is one of the files that are read.
pub fn check_target(path: &Path, settings: &Settings) -> anyhow::Result<()> {
    let shown = path.display();
    ensure!(!path.is_dir(), "--to {shown} is a folder: name a file in it");
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    ensure!(folder.is_dir(), "--to {shown}: there is no folder {}: make it first", folder.display());
    if !path.exists() {
        return Ok(());
    }
    let place = path.canonicalize().with_context(|| format!("looking at {shown}"))?;
    for found in discover::discover(&settings.paths)? {
        if found.path.canonicalize().is_ok_and(|input| input == place) {
            bail!("--to {shown} is one of the files that are read: name another file");
        }
    }
    Ok(())
}

/// Reads exports and makes a ledger of what is selected of them.
///
/// # Errors
/// As [`pipeline::classify()`]; and when the selection picks no event.
pub fn convert(settings: &Settings, form: Form, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Converted> {
    let (settings, read) = read(settings, progress)?;
    let mut events: Vec<&Event> = lines::selected(&read.input, read.classified(), &read.request.selection);
    ensure!(!events.is_empty(), NOTHING);
    events.sort_by_key(|event| event.at);
    let with_prompts = settings.ingest.keep == Keep::IdsAndPrompts;
    let mut lacks = Vec::new();
    if !with_prompts && events.iter().any(|event| event.cues != Cues::default()) {
        lacks
            .push("without prompts classes cannot be told again from the ledger: --keep-prompts keeps them".to_owned());
    }
    lacks.extend(left_out(&read));
    progress("writing");
    let bytes = ledger::write(&read.input, &events, form, with_prompts)?;
    Ok(Converted { bytes, n_rows: events.len(), lacks })
}

/// Reads exports and makes rows of FOCUS of what is selected of them.
///
/// # Errors
/// As [`convert`].
pub fn to_focus(settings: &Settings, form: Form, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Converted> {
    let (settings, read) = read(settings, progress)?;
    let mut charges = lines::charges(&read.input, read.classified(), &read.request.selection);
    ensure!(!charges.is_empty(), NOTHING);
    charges.sort_by_key(|charge| charge.event.at);
    progress("writing");
    let buckets = focus::buckets(&charges, &read.input);
    let books = Books {
        buckets: &buckets,
        input: &read.input,
        prices: &settings.terms.prices,
        resets: &settings.terms.planning.resets,
    };
    let Written { bytes, unpriced } = write::write(books, &charges, form)?;
    let mut lacks = Vec::new();
    if unpriced > 0 {
        lacks.push(format!(
            "{unpriced} rows have an EffectiveCost of 0 because the price of their unit is not known: --plan or [price] in \
             creditscope.toml tells it"
        ));
    }
    lacks.extend(left_out(&read));
    Ok(Converted { bytes, n_rows: charges.len(), lacks })
}

const NOTHING: &str = "no event is selected: widen the selection";

fn read(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<(Settings, Events)> {
    let mut settings = settings.clone();
    settings.ingest.keep = settings.ingest.keep.with_ids();
    let read = pipeline::classify(&settings, progress)?;
    Ok((settings, read))
}

/// What was not read, in sentences.
fn left_out(read: &Events) -> Vec<String> {
    let mut lacks = Vec::new();
    let rejected = total_rows(&read.input.files).rejected;
    if rejected > 0 {
        lacks.push(format!("{rejected} rejected rows are not written: `creditscope audit` lists them"));
    }
    let (damaged, foreign): (Vec<_>, Vec<_>) = read.input.skipped.iter().partition(|skipped| skipped.is_damaged);
    lacks.extend(damaged.iter().map(|skipped| format!("{} is missing: {}", skipped.path, skipped.cause)));
    if !foreign.is_empty() {
        let paths: Vec<&str> = foreign.iter().map(|skipped| skipped.path.as_str()).collect();
        lacks.push(format!("not read, because they are no exports: {}", paths.join(", ")));
    }
    lacks
}
