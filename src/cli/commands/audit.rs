//! `creditscope audit`: the main job.
use anyhow::Context as _;

use crate::{
    cli::{
        args::{AuditArgs, Format, share},
        commands::print,
        exit::Exit,
        progress::Progress,
    },
    ingest::Keep,
    model::problem::RowCount,
    pipeline::{
        self, manifest,
        output::{Access, Folder},
        rejects,
    },
    report::{
        self, Artifact,
        terminal::{self, Style},
    },
};

pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<Exit> {
    let most_rejects = args.max_rejects.as_deref().map(|text| share("--max-rejects", text)).transpose()?;
    let mut settings = args.read.settings()?;
    settings.max_rows = args.max_rows;
    let folder = Folder::new(&args.output)?;
    folder.spares(&args.read.paths)?;
    let progress = Progress::new(args.read.quiet);
    let audit = pipeline::audit(&settings, &|what| progress.say(what))?;
    progress.say("drawing");
    let style = if args.read.is_colored() { Style::Colour } else { Style::Plain };
    let place = folder.path().display().to_string();
    let (mut files, text) = audit.with_report(&settings, |report| -> anyhow::Result<_> {
        Ok((report::render(report)?, terminal::render(report, Some(&place), style)))
    })?;
    files.extend(rejects::write(&audit.events.input.files)?);
    let manifest = manifest::write(&audit, &settings, &files)?;
    files.push(Artifact { path: "manifest.json".to_owned(), bytes: manifest });
    let access = if settings.ingest.keep == Keep::IdsAndPrompts { Access::Owner } else { Access::Default };
    folder.write(&files, access)?;
    drop(progress);
    match args.format {
        Format::Text => print(text)?,
        Format::Json => {
            let json = files.iter().find(|file| file.path == "report.json").context("the report has no report.json")?;
            print(&json.bytes)?;
        }
    }
    let rows = pipeline::total_rows(&audit.events.input.files);
    Ok(if most_rejects.is_some_and(|most| rejected_share(rows) > most) { Exit::TooManyRejects } else { Exit::Done })
}

/// The share of the data rows that were rejected.
#[expect(clippy::cast_precision_loss, reason = "a share is a float")]
fn rejected_share(rows: RowCount) -> f64 {
    let data = rows.physical - rows.header - rows.skipped;
    rows.rejected as f64 / data.max(1) as f64
}
