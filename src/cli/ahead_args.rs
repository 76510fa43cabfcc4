//! Options of the commands that look ahead: forecast, plan, estimate.
use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    /// The plans.
    #[command(flatten)]
    pub planning: PlanArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}
