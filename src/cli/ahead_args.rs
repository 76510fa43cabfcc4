//! Options of the commands that look ahead: forecast, plan, estimate.
use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::cli::{args::Format, plan_args::PlanArgs, read_args::ReadArgs};

/// Options of `forecast`.
#[derive(Debug, Args)]
pub struct ForecastArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `plan`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct PlanCommand {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Instead of comparing.
    #[command(subcommand)]
    pub list: Option<PlanList>,
}

/// What `plan` can do instead of comparing.
#[derive(Debug, Subcommand)]
pub enum PlanList {
    /// List the plans that are known, with the sources of their figures
    List(PlanListArgs),
}

/// Options of `plan list`.
#[derive(Debug, Args)]
pub struct PlanListArgs {
    /// Which plans.
    #[command(flatten)]
    pub planning: PlanArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `estimate`.
#[derive(Debug, Args)]
pub struct EstimateArgs {
    /// The kind of project: simple-tool, internal-tool, saas-mvp or maintenance
    #[arg(value_name = "PROJECT", required_unless_present = "scope", conflicts_with = "scope")]
    pub project: Option<String>,
    /// A file with what is to be built, one item a line: `3 feature`, `5 revision`, `fix`, `rebuild`
    #[arg(long, value_name = "FILE")]
    pub scope: Option<PathBuf>,
    /// How clear the specification is: none, usual or written
    #[arg(long, value_name = "HOW", default_value = "usual")]
    pub spec: String,
    /// The share of the team's credits that rework takes, for instance 35%, as a report of its history tells
    #[arg(long, value_name = "SHARE")]
    pub rework: Option<String>,
    /// An export of the team: its own rework, costs and features then count; may be given several times
    #[arg(long, value_name = "PATH")]
    pub history: Vec<PathBuf>,
    /// Within how many months it is to be built: tells which plan is enough
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub months: Option<u32>,
    /// The plans.
    #[command(flatten)]
    pub planning: PlanArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What `estimate --history` reads.
#[derive(Debug, Parser)]
pub struct HistoryArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
}

impl EstimateArgs {
    /// How the team's past is read: as any other files, by the profile of the estimate; `None` where none is given.
    pub fn past(&self) -> Option<HistoryArgs> {
        let PlanArgs { profile, plans, .. } = &self.planning;
        let option = |name: &str, value: Option<OsString>| value.map(|value| [name.into(), value]);
        let profile = option("--profile", profile.as_ref().map(OsString::from));
        let plans = option("--plans", plans.as_ref().map(OsString::from));
        let options = [profile, plans].into_iter().flatten().flatten();
        let paths = self.history.iter().map(OsString::from);
        let program: [OsString; 2] = ["estimate".into(), "--quiet".into()];
        let words = program.into_iter().chain(options).chain(["--".into()]).chain(paths);
        if self.history.is_empty() { None } else { HistoryArgs::try_parse_from(words).ok() }
    }
}
