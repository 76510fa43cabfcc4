//! `creditscope verify`: a report or a bundle checked against its manifest, and made again from its inputs.
use std::{ffi::OsString, path::Path};

use anyhow::Context as _;
use clap::Parser as _;

use crate::{
    cli::{
        args::{AuditArgs, Cli, Command, Format, VerifyArgs},
        commands::{audit, print, print_json, publish},
        config::Config,
        exit::Exit,
    },
    pipeline::{
        self, bundle,
        verify::{self, Standing, V1Check, Verified, What},
    },
    report::Artifact,
};

pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let Verified { mut checks, again, is_bundle } = verify::verify(&args.folder)?;
    if !args.quick {
        let more = again.and_then(|again| files(args, &checks, &again, is_bundle));
        checks.extend(match more {
            Ok(files) => verify::compared(&args.folder, &files, &checks),
            Err(why) => vec![why],
        });
    }
    let holds = verify::holds(&checks);
    let is_away = |check: &V1Check| check.what == What::Input && check.standing == Standing::Missing;
    let is_untried = checks.iter().any(|check| check.standing == Standing::Untried || is_away(check));
    match args.format {
        Format::Json => print_json(&serde_json::to_value(&checks).context("writing JSON")?)?,
        Format::Text => {
            let told = checks.iter().filter(|check| check.standing != Standing::Same);
            let lines = told.fold(String::new(), |lines, check| format!("{lines}{check}\n"));
            let verdict = match (holds, args.quick, is_untried) {
                (false, ..) => "the report does NOT hold",
                (true, true, true) => "digests of the report are as the manifest says; not all inputs are here",
                (true, true, false) => {
                    "digests are as the manifest says; the figures were not made again, as --quick asks"
                }
                (true, false, true) => {
                    "digests are as the manifest says, but NOTHING PROVES THE FIGURES: they were not made again"
                }
                (true, false, false) => {
                    "the report and its inputs are as its manifest says, and it comes out of them again"
                }
            };
            let verdict = if is_bundle { verdict.replace("the report", "the bundle") } else { verdict.to_owned() };
            print(format!("{lines}{} things checked: {verdict}\n", checks.len()))?;
        }
    }
    Ok(match (holds, is_untried) {
        (false, _) => Exit::Differs,
        (true, true) => Exit::Unproven,
        (true, false) => Exit::Done,
    })
}

/// The files of a report, made again where its inputs and the program are those that made it.
fn files(args: &VerifyArgs, checks: &[V1Check], again: &[String], is_bundle: bool) -> Result<Vec<Artifact>, V1Check> {
    let of = |what: What| checks.iter().filter(move |check| check.what == what);
    if of(What::Input).any(|check| check.standing == Standing::Missing) {
        return Err(verify::untried(
            "inputs are not here: run it in the folder in which the report was made, with them there",
        ));
    }
    if of(What::Input).any(|check| check.standing != Standing::Same) {
        return Err(verify::untried("not all inputs are there as they were"));
    }
    if of(What::Tool).any(|check| check.standing != Standing::Same) {
        return Err(verify::untried("another version made it"));
    }
    let is_masked = again.iter().any(|argument| argument == "--pseudonymize");
    if is_masked && args.salt.is_none() {
        return Err(verify::untried("names are masked, and only their --salt masks them so again"));
    }
    if !again.iter().any(|argument| argument.starts_with("--config=")) && Config::path(None).is_some() {
        return Err(verify::untried("there is a creditscope.toml now, and there was none"));
    }
    let salt = args.salt.as_deref().filter(|_| is_masked);
    made(again, salt, is_bundle).map_err(|err| verify::failed(&format!("{err:#}")))
}

/// The files that arguments make.
fn made(again: &[String], salt: Option<&Path>, is_bundle: bool) -> anyhow::Result<Vec<Artifact>> {
    let salt = salt.map(|salt| [OsString::from("--salt"), salt.into()]).into_iter().flatten();
    // nothing is written, whatever the folder is called
    let command: &[&str] = if is_bundle { &["rollup", "--output", "again"] } else { &["audit"] };
    let start = ["creditscope"].iter().chain(command).chain(&["--quiet"]).map(OsString::from);
    let cli = Cli::try_parse_from(start.chain(salt).chain(again.iter().map(OsString::from)))
        .context("reading how it was made")?;
    match cli.command {
        Command::Audit(AuditArgs { read, write }) => {
            let settings = audit::settings(&read, &write)?;
            publish::files(&pipeline::audit::audit(&settings, &|_| {})?)
        }
        Command::Rollup(args) => {
            let settings = args.read.settings()?;
            bundle::write(&pipeline::classify(&settings, &|_| {})?, &settings)
        }
        _ => anyhow::bail!("it was made by another command"),
    }
}
