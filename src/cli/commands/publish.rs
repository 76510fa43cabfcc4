//! Writes the folder of a report, prints what it says, and tells how that ends.
use std::path::PathBuf;

use anyhow::Context as _;

use crate::{
    cli::{
        args::share,
        commands::{print, remark},
        exit::Exit,
        gates::Gate,
        progress::Progress,
        write_args::{SummaryFormat, WriteArgs},
    },
    model::problem::RowCount,
    pipeline::{
        audit::Audit,
        manifest,
        output::{Access, Folder},
        rejects,
    },
    report::{
        self, Artifact, markdown,
        terminal::{self, Style},
    },
};

/// A report to be written; what can be checked is checked before any work is done.
pub(super) struct Publication<'a> {
    args: &'a WriteArgs,
    most_rejects: Option<f64>,
    gates: Vec<Gate>,
    folder: Folder,
}

impl<'a> Publication<'a> {
    /// Checks what is asked for, and that no input would be replaced.
    pub(super) fn prepare(args: &'a WriteArgs, inputs: &[PathBuf]) -> anyhow::Result<Self> {
        let most_rejects = args.max_rejects.as_deref().map(|text| share("--max-rejects", text)).transpose()?;
        let gates = args.fail_on.iter().map(|text| Gate::read(text)).collect::<anyhow::Result<_>>()?;
        let folder = Folder::new(&args.output)?;
        folder.spares(inputs)?;
        Ok(Self { args, most_rejects, gates, folder })
    }

    /// Writes and prints the report.
    pub(super) fn publish(
        &self,
        audit: &Audit,
        (access, is_colored): (Access, bool),
        progress: Progress,
    ) -> anyhow::Result<Exit> {
        let Self { args, most_rejects, gates, folder } = self;
        if gates.contains(&Gate::Budget) && audit.terms.budgets.is_empty() {
            remark(
                false,
                &["--fail-on budget: no budget is set in [budget] of creditscope.toml, so it never fails".to_owned()],
            );
        }
        let outlooks = &audit.ahead.outlooks;
        if gates.contains(&Gate::RunOut)
            && [&outlooks.message, &outlooks.integration].iter().all(|one| one.pool.is_none())
        {
            let why =
                "--fail-on run-out: no plan tells how many credits there are, so it never fails: name it with --plan";
            remark(false, &[why.to_owned()]);
        }
        progress.say("drawing");
        let style = if is_colored { Style::Colour } else { Style::Plain };
        let place = folder.path().display().to_string();
        let files = files(audit)?;
        let (text, tripped) = audit.with_report(|report| -> anyhow::Result<_> {
            let tripped: Vec<String> = gates.iter().flat_map(|gate| gate.tripped(report)).collect();
            let text = match args.format {
                SummaryFormat::Markdown => markdown::render(report),
                SummaryFormat::Text | SummaryFormat::Json => terminal::render(report, Some(&place), style),
            };
            Ok((text, tripped))
        })?;
        folder.write(&files, access)?;
        drop(progress);
        match args.format {
            SummaryFormat::Text | SummaryFormat::Markdown => print(text)?,
            SummaryFormat::Json => {
                let json = files.iter().find(|file| file.path == "report.json");
                print(&json.context("the report has no report.json")?.bytes)?;
            }
        }
        let said: Vec<String> = tripped.iter().map(|what| format!("failed on {what}")).collect();
        remark(false, &said);
        Ok(if most_rejects.is_some_and(|most| rejected_share(audit.waist.rows()) > most) {
            Exit::TooManyRejects
        } else if !tripped.is_empty() && !args.warn_only {
            Exit::Gate
        } else {
            Exit::Done
        })
    }
}

/// Every file of a report.
pub(super) fn files(audit: &Audit) -> anyhow::Result<Vec<Artifact>> {
    let mut files = audit.with_report(report::render)?;
    files.extend(rejects::write(&audit.waist.files)?);
    let manifest = manifest::write(audit, &files)?;
    files.push(Artifact { path: "manifest.json".to_owned(), bytes: manifest });
    Ok(files)
}

/// The share of the data rows that were rejected.
#[expect(clippy::cast_precision_loss, reason = "a share is a float")]
fn rejected_share(rows: RowCount) -> f64 {
    let data = rows.physical - rows.header - rows.skipped;
    rows.rejected as f64 / data.max(1) as f64
}
