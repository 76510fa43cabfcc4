//! `creditscope compare`: what changed between two inputs or periods, and what went with it.
use crate::{
    cli::{args::Format, commands::print, compare_args::CompareArgs, exit::Exit, progress::Progress},
    pipeline::compare,
    report,
};

pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<Exit> {
    let settings = args.read.settings()?;
    let periods = args.periods(&settings.zone)?;
    let progress = Progress::new(args.read.quiet);
    let say = |what: &str| progress.say(what);
    let compared = match periods {
        None => compare::inputs(&settings, &say),
        Some(periods) => compare::periods(&settings, periods, &say),
    }?;
    drop(progress);
    print(match args.format {
        Format::Text => report::compare::text(&compared),
        Format::Json => report::compare::json(&compared)?,
    })?;
    Ok(Exit::Done)
}
