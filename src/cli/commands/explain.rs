//! `creditscope explain`: why an event got its class.
use crate::{
    cli::{
        args::{ExplainArgs, Format},
        commands::print,
        exit::Exit,
        progress::Progress,
    },
    pipeline,
    report::explain,
};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let mut settings = args.read.settings()?;
    settings.ingest.keep = settings.ingest.keep.with_ids();
    let progress = Progress::new(args.read.quiet);
    let events = pipeline::classify(&settings, &|what| progress.say(what))?;
    drop(progress);
    let position = pipeline::position_of(&events, &args.event)?;
    let by = pipeline::corrected_by(&settings, &events, position);
    let view = explain::view(&events.input, events.classified(), settings.ingest.prompts.weights(), position, by);
    match args.format {
        Format::Text => print(explain::text(&view))?,
        Format::Json => print(explain::json(&view)?)?,
    }
    Ok(Exit::Done)
}
