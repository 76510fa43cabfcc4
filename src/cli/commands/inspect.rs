//! `creditscope inspect`: what each file is.
use crate::{
    cli::{
        args::{Format, InspectArgs},
        commands::print,
        exit::Exit,
        progress::Progress,
    },
    ingest::discover,
    pipeline,
    report::inspect,
    rollup::books,
};

pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<Exit> {
    let mut settings = args.read.settings()?;
    let progress = Progress::new(args.read.quiet);
    let missing = discover::missing(&settings.paths);
    settings.paths.retain(|path| !missing.iter().any(|missing| missing.path == discover::label(path)));
    let (input, timeline) = pipeline::read(&settings, &|what| progress.say(what))?;
    drop(progress);
    let totals = books::totals(timeline.events().iter(), &input.names);
    let view = inspect::view(&input, &totals, &missing);
    match args.format {
        Format::Text => print(inspect::text(&view))?,
        Format::Json => print(inspect::json(&view)?)?,
    }
    let is_known =
        missing.is_empty() && !input.files.is_empty() && !input.skipped.iter().any(|skipped| skipped.is_named);
    let has_rows = input.files.iter().any(|file| file.rows.rejected == 0 || file.rows.accepted > 0);
    Ok(if is_known && has_rows { Exit::Done } else { Exit::CouldNotRun })
}
