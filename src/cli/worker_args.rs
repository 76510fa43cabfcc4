//! Options of `worker`: those of `rollup`, and what other workers found out.
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::read_args::ReadArgs;

/// `worker` and its stages.
#[derive(Debug, Args)]
pub struct WorkerCommand {
    /// The stage.
    #[command(subcommand)]
    pub stage: Stage,
}

/// A stage of an audit.
#[derive(Debug, Subcommand)]
pub enum Stage {
    /// Read files: paths in, accounts of files and events by workspace out
    #[command(mut_arg("paths", |paths| paths.required(false).hide(true)))]
    Ingest(StageArgs),
    /// Decide what all files decide together: accounts in, an agreement for all workers into a file
    #[command(mut_arg("paths", |paths| paths.required(false).hide(true)))]
    Agree(OutputArgs),
    /// Pick the events that other files may hold too: events in, those events out
    #[command(mut_arg("paths", |paths| paths.required(false).hide(true)))]
    Meet(StageArgs),
    /// Tell which rows stand in several files: all picked events in, the rows that do not count out
    #[command(mut_arg("paths", |paths| paths.required(false).hide(true)))]
    Judge(StageArgs),
    /// Add up workspaces: all events of each, one workspace after the other, in; parts of a bundle out
    #[command(mut_arg("paths", |paths| paths.required(false).hide(true)))]
    Rollup(StageArgs),
    /// Check that everything arrived, and write the bundle: accounts and parts in; PATHs are what was asked for
    Gather(OutputArgs),
}

/// Options of the stages that give rows.
#[derive(Debug, Args)]
pub struct StageArgs {
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
    /// What all files agreed on, as `worker agree` wrote it
    #[arg(long, value_name = "FILE")]
    pub agreed: Option<PathBuf>,
    /// What `worker judge` gave: the bytes of its payload
    #[arg(long, value_name = "FILE")]
    pub judged: Option<PathBuf>,
}

/// Options of the stages that write files.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How it is done.
    #[command(flatten)]
    pub stage: StageArgs,
    /// The file of the agreement, or the folder of the bundle
    #[arg(short, long, value_name = "PLACE")]
    pub output: PathBuf,
}
