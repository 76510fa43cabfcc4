//! `creditscope convert`: exports become one ledger, or rows of FOCUS.
use std::path::Path;

use anyhow::bail;

use crate::{
    cli::{
        commands::{print, remark},
        convert_args::{ConvertArgs, LedgerFormat, Target},
        exit::Exit,
        progress::Progress,
    },
    ingest::Keep,
    pipeline::{
        convert,
        output::{Access, write_file},
    },
    report::ledger::Form,
};

pub(crate) fn run(args: &ConvertArgs) -> anyhow::Result<Exit> {
    let is_stdout = args.ledger == Path::new("-");
    let form = match args.format {
        Some(LedgerFormat::Csv) => Form::Csv,
        Some(LedgerFormat::Jsonl) => Form::Jsonl,
        Some(LedgerFormat::Parquet) if is_stdout => bail!("--to -: Parquet is no text: name a file"),
        Some(LedgerFormat::Parquet) => Form::Parquet,
        None if is_stdout => bail!("--to -: say --format csv or --format jsonl"),
        None => by_ending(&args.ledger)?,
    };
    let settings = args.read.settings_until("--until")?;
    if !is_stdout {
        convert::check_target(&args.ledger, &settings)?;
    }
    let progress = Progress::new(args.read.quiet);
    let say = |what: &str| progress.say(what);
    let by_name = if is_named_focus(&args.ledger) { Target::Focus } else { Target::Ledger };
    let converted = match args.target.unwrap_or(by_name) {
        Target::Ledger => convert::convert(&settings, form, &say),
        Target::Focus => convert::to_focus(&settings, form, &say),
    }?;
    drop(progress);
    if is_stdout {
        print(&converted.bytes)?;
    } else {
        let keeps_prompts = settings.ingest.keep == Keep::IdsAndPrompts;
        let access = if keeps_prompts { Access::Owner } else { Access::Default };
        write_file(&args.ledger, &converted.bytes, access)?;
        let what = match (args.target, by_name) {
            (None, Target::Focus) => " of FOCUS 1.2, as the name says (--as ledger writes a ledger)",
            _ => "",
        };
        remark(args.read.quiet, &[format!("{}: {} rows{what}", args.ledger.display(), converted.n_rows)]);
    }
    remark(args.read.quiet, &converted.lacks);
    Ok(Exit::Done)
}

/// `focus.csv`, `focus-2026-10.parquet`.
fn is_named_focus(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.strip_prefix("focus").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn by_ending(path: &Path) -> anyhow::Result<Form> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv") => Ok(Form::Csv),
        Some("jsonl" | "ndjson") => Ok(Form::Jsonl),
        Some("parquet") => Ok(Form::Parquet),
        _ => bail!("--to {}: end its name in .csv, .jsonl, .ndjson or .parquet, or say --format", path.display()),
    }
}
