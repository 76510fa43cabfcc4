//! `creditscope verify`: a report checked against its manifest, and made again from its inputs.
use std::{ffi::OsString, path::Path};

use anyhow::Context as _;
use clap::Parser as _;

use crate::{
    cli::{
        args::{AuditArgs, Cli, Command, Format, VerifyArgs},
        commands::{audit, print, publish},
        config::Config,
        exit::Exit,
    },
    pipeline::{
        self,
        verify::{self, Standing, V1Check, Verified, What},
    },
};

pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let Verified { mut checks, again, is_bundle } = verify::verify(&args.folder)?;
    if !args.quick && !is_bundle {
        let more = made_again(args, &checks, again.as_deref());
        checks.extend(more);
    }
    let holds = verify::holds(&checks);
    match args.format {
        Format::Json => print(serde_json::to_string_pretty(&checks).context("writing JSON")? + "\n")?,
        Format::Text => {
            let told = checks.iter().filter(|check| check.standing != Standing::Same);
            let lines = told.fold(String::new(), |lines, check| format!("{lines}{check}\n"));
            let is_again = checks.iter().any(|check| check.what == What::Again && check.standing == Standing::Same);
            let verdict = match (holds, is_again) {
                (true, true) => "the report and its inputs are as its manifest says, and it comes out of them again",
                (true, false) => "the report and its inputs are as its manifest says",
                (false, _) => "the report does not hold",
            };
            print(format!("{lines}{} things checked: {verdict}\n", checks.len()))?;
        }
    }
    Ok(if holds { Exit::Done } else { Exit::Differs })
}

/// Makes the report again, where its inputs and the program are those that made it.
fn made_again(args: &VerifyArgs, checks: &[V1Check], again: Option<&[String]>) -> Vec<V1Check> {
    let of = |what: What| checks.iter().filter(move |check| check.what == what);
    let Some(again) = again else {
        return vec![verify::untried("the manifest does not tell how it was made")];
    };
    if of(What::Input).any(|check| check.standing != Standing::Same) {
        return vec![verify::untried("not all inputs are there as they were")];
    }
    if of(What::Tool).any(|check| check.standing != Standing::Same) {
        return vec![verify::untried("another version made it")];
    }
    let is_masked = again.iter().any(|argument| argument == "--pseudonymize");
    if is_masked && args.salt.is_none() {
        return vec![verify::untried("names are masked, and only their --salt masks them so again")];
    }
    if !again.iter().any(|argument| argument.starts_with("--config=")) && Config::path(None).is_some() {
        return vec![verify::untried("there is a creditscope.toml now, and there was none")];
    }
    let salt = args.salt.as_deref().filter(|_| is_masked);
    match files(again, salt) {
        Ok(files) => verify::compared(&args.folder, &files),
        Err(err) => vec![verify::untried(&format!("{err:#}"))],
    }
}

/// The files of the report that arguments make.
fn files(again: &[String], salt: Option<&Path>) -> anyhow::Result<Vec<crate::report::Artifact>> {
    let salt = salt.map(|salt| [OsString::from("--salt"), salt.into()]).into_iter().flatten();
    let start = ["creditscope", "audit", "--quiet"].map(OsString::from).into_iter();
    let cli = Cli::try_parse_from(start.chain(salt).chain(again.iter().map(OsString::from)))
        .context("reading how it was made")?;
    let Command::Audit(AuditArgs { read, write }) = cli.command else {
        anyhow::bail!("it was made by another command")
    };
    let settings = audit::settings(&read, &write)?;
    publish::files(&pipeline::audit::audit(&settings, &|_| {})?)
}
