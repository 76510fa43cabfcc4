//! `creditscope classify`: one line an event.
use crate::{
    cli::{
        args::{ClassifyArgs, LineFormat},
        commands::{print, remark},
        exit::Exit,
        progress::Progress,
    },
    pipeline,
    report::lines,
};

pub(crate) fn run(args: &ClassifyArgs) -> anyhow::Result<Exit> {
    let mut settings = args.read.settings()?;
    settings.ingest.keep = settings.ingest.keep.with_ids();
    let progress = Progress::new(args.read.quiet);
    let events = pipeline::classify(&settings, &|what| progress.say(what))?;
    drop(progress);
    remark(false, &pipeline::unread(&events.input.skipped));
    remark(args.read.quiet, &events.notes);
    remark(args.read.quiet, &events.unmet());
    let lines = lines::lines(&events.input, events.classified(), &events.request.selection);
    match args.format {
        LineFormat::Text => print(lines::text(&lines))?,
        LineFormat::Jsonl => print(lines::jsonl(&lines)?)?,
        LineFormat::Csv => print(lines::csv(&lines)?)?,
    }
    Ok(Exit::Done)
}
