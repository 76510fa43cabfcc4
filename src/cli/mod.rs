//! The command line: the only place that knows clap, standard streams and exit codes.
pub mod ahead_args;
pub mod args;
pub mod bundle_args;
mod commands;
pub mod compare_args;
mod config;
pub mod convert_args;
mod examples;
mod exit;
mod gates;
mod heading;
pub mod plan_args;
mod progress;
pub mod read_args;
mod salt;
mod terms;
pub mod worker_args;
pub mod write_args;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use exit::Exit;

/// Parses the arguments, runs the command and reports how it ended.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(err) => {
            // Help and version are answers; the rest is a usage error. A closed pipe is nobody's fault.
            let _ = err.print();
            return if err.use_stderr() { Exit::CouldNotRun } else { Exit::Done }.into();
        }
    };
    exit::report(match cli.command {
        Command::Audit(args) => commands::audit::run(&args),
        Command::Rollup(args) => commands::rollup::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Forecast(args) => commands::ahead::forecast(&args),
        Command::Compare(args) => commands::compare::run(&args),
        Command::Plan(args) => commands::ahead::plan(&args),
        Command::Estimate(args) => commands::ahead::estimate(&args),
        Command::Inspect(args) => commands::inspect::run(&args),
        Command::Classify(args) => commands::classify::run(&args),
        Command::Convert(args) => commands::convert::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Eval(args) => commands::eval::run(&args),
        Command::Train(args) => commands::train::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Template(args) => commands::template::run(&args),
        Command::Sources(args) => commands::sources::run(args.format),
        Command::Profiles(args) => commands::profiles::run(&args),
        Command::Doctor(args) => commands::doctor::run(&args),
        Command::Config(args) => commands::config::run(&args),
        Command::Worker(args) => commands::worker::run(&args.stage),
        Command::Completions(args) => commands::completions::run(&args),
    })
}
