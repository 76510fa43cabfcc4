//! `creditscope train`: weights from labelled prompts.
use std::fs;

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::{
    classify::{labelled::Labelled, train},
    cli::{args::TrainArgs, commands::print, exit::Exit},
};

pub(crate) fn run(args: &TrainArgs) -> anyhow::Result<Exit> {
    let dated = &args.dated;
    dated.parse::<NaiveDate>().with_context(|| format!("--dated {dated:?}: write a day such as 2026-10-01"))?;
    let files = args.files.iter().map(|path| Labelled::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let learned = train::train(&files, &train::Settings { day: dated.clone() });
    let text = learned.to_text();
    fs::write(&args.output, &text).with_context(|| format!("writing {}", args.output.display()))?;
    let about = &learned.about;
    let (prompts, accuracy, macro_f1) = (about.prompts, about.accuracy, about.macro_f1);
    print(format!("{prompts} prompts; on held-out histories: accuracy {accuracy:.4}, macro-F1 {macro_f1:.4}\n"))?;
    Ok(Exit::Done)
}
