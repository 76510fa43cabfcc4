//! `creditscope rollup`: the first half of an audit, kept as a bundle.
use anyhow::ensure;
use serde_json::json;

use crate::{
    cli::{
        args::Format,
        bundle_args::RollupArgs,
        commands::{print, print_json},
        exit::Exit,
        progress::Progress,
    },
    ingest::Keep,
    pipeline::{
        self, bundle,
        output::{Access, Folder},
    },
    report::words,
};

pub(crate) fn run(args: &RollupArgs) -> anyhow::Result<Exit> {
    let settings = args.read.settings()?;
    ensure!(settings.ingest.keep != Keep::IdsAndPrompts, "--keep-prompts: a bundle never holds prompts");
    let folder = Folder::new(&args.output)?;
    folder.spares(&args.read.paths)?;
    let progress = Progress::new(args.read.quiet);
    let events = pipeline::classify(&settings, &|what| progress.say(what))?;
    progress.say("adding up");
    let files = bundle::write(&events, &settings)?;
    folder.write(&files, Access::Default)?;
    drop(progress);
    let n_events = words::counted(events.timeline.events().len() as u64, "event", "events");
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    let n_files = words::counted(events.input.files.len() as u64, "file", "files");
    let place = folder.path().display().to_string();
    match args.format {
        Format::Text => print(format!(
            "{n_events} of {n_files} in {place}, {} KiB; creditscope report reads it\n",
            words::count((size as u64).div_ceil(1024))
        ))?,
        Format::Json => print_json(&json!({
            "schema": "creditscope.rollup/v1",
            "bundle": place,
            "events": events.timeline.events().len(),
            "files": events.input.files.len(),
            "bytes": size,
        }))?,
    }
    Ok(Exit::Done)
}
