//! `creditscope inspect`: what each file is.
use crate::{
    cli::{
        args::{Format, InspectArgs},
        commands::print,
        exit::Exit,
        progress::Progress,
    },
    pipeline,
    report::inspect,
};

pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<Exit> {
    let settings = args.read.settings()?;
    let progress = Progress::new(args.read.quiet);
    let (input, _) = pipeline::read(&settings, &|what| progress.say(what))?;
    drop(progress);
    let view = inspect::view(&input);
    match args.format {
        Format::Text => print(inspect::text(&view))?,
        Format::Json => print(inspect::json(&view)?)?,
    }
    let is_known = !input.files.is_empty() && !input.skipped.iter().any(|skipped| skipped.is_named);
    let has_rows = input.files.iter().any(|file| file.rows.rejected == 0 || file.rows.accepted > 0);
    Ok(if is_known && has_rows { Exit::Done } else { Exit::CouldNotRun })
}
