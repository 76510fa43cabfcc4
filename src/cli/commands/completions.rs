//! `creditscope completions`: scripts for shells.
use clap::CommandFactory as _;

use crate::cli::{
    args::{Cli, CompletionsArgs},
    commands::print,
    exit::Exit,
};

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "creditscope", &mut script);
    print(script)?;
    Ok(Exit::Done)
}
