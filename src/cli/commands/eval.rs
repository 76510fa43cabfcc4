//! `creditscope eval`: accuracy against labels.
use anyhow::Context as _;

use crate::{
    classify::{eval, labelled::Labelled},
    cli::{
        args::{EvalArgs, Format},
        commands::print,
        exit::Exit,
    },
    cues::weights::Weights,
};

pub(crate) fn run(args: &EvalArgs) -> anyhow::Result<Exit> {
    let files = args.files.iter().map(|path| Labelled::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let evaluation = match files.split_first() {
        Some((tested, more)) if args.cross_validate => {
            eval::cross_validate(std::slice::from_ref(tested), more, args.splits)
        }
        _ => eval::evaluate(&files, Weights::built_in()),
    };
    match args.format {
        Format::Text => print(eval::render(&evaluation))?,
        Format::Json => print(serde_json::to_string_pretty(&evaluation).context("writing JSON")? + "\n")?,
    }
    Ok(Exit::Done)
}
