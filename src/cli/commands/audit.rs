//! `creditscope audit`: the main job.
use anyhow::Context as _;

use crate::{
    audit::scope::Scope,
    cli::{
        args::{AuditArgs, SummaryFormat, share},
        commands::{print, remark},
        exit::Exit,
        gates::Gate,
        progress::Progress,
    },
    ingest::Keep,
    model::problem::RowCount,
    pipeline::{
        self, NamedFile, manifest,
        output::{Access, Folder},
        rejects,
    },
    report::{
        self, Artifact, markdown,
        terminal::{self, Style},
    },
};

pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<Exit> {
    let most_rejects = args.max_rejects.as_deref().map(|text| share("--max-rejects", text)).transpose()?;
    let gates: Vec<Gate> = args.fail_on.iter().map(|text| Gate::read(text)).collect::<anyhow::Result<_>>()?;
    let mut settings = args.read.settings()?;
    settings.max_rows = args.max_rows;
    if let Some(path) = &args.scope {
        settings.scope = Some(Scope::read(path)?);
        settings.files.push(NamedFile::read("--scope", path)?);
    }
    let folder = Folder::new(&args.output)?;
    folder.spares(&args.read.paths)?;
    let progress = Progress::new(args.read.quiet);
    let audit = pipeline::audit(&settings, &|what| progress.say(what))?;
    progress.say("drawing");
    let style = if args.read.is_colored() { Style::Colour } else { Style::Plain };
    let place = folder.path().display().to_string();
    let (mut files, text, tripped) = audit.with_report(&settings, |report| -> anyhow::Result<_> {
        let tripped: Vec<String> = gates.iter().flat_map(|gate| gate.tripped(report)).collect();
        let text = match args.format {
            SummaryFormat::Markdown => markdown::render(report),
            SummaryFormat::Text | SummaryFormat::Json => terminal::render(report, Some(&place), style),
        };
        Ok((report::render(report)?, text, tripped))
    })?;
    files.extend(rejects::write(&audit.events.input.files)?);
    let manifest = manifest::write(&audit, &settings, &files)?;
    files.push(Artifact { path: "manifest.json".to_owned(), bytes: manifest });
    let access = if settings.ingest.keep == Keep::IdsAndPrompts { Access::Owner } else { Access::Default };
    folder.write(&files, access)?;
    drop(progress);
    match args.format {
        SummaryFormat::Text | SummaryFormat::Markdown => print(text)?,
        SummaryFormat::Json => {
            let json = files.iter().find(|file| file.path == "report.json").context("the report has no report.json")?;
            print(&json.bytes)?;
        }
    }
    let said: Vec<String> = tripped.iter().map(|what| format!("failed on {what}")).collect();
    remark(false, &said);
    let rows = pipeline::total_rows(&audit.events.input.files);
    Ok(if most_rejects.is_some_and(|most| rejected_share(rows) > most) {
        Exit::TooManyRejects
    } else if !tripped.is_empty() && !args.warn_only {
        Exit::Gate
    } else {
        Exit::Done
    })
}

/// The share of the data rows that were rejected.
#[expect(clippy::cast_precision_loss, reason = "a share is a float")]
fn rejected_share(rows: RowCount) -> f64 {
    let data = rows.physical - rows.header - rows.skipped;
    rows.rejected as f64 / data.max(1) as f64
}
