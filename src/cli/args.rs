//! The commands and their options.
use std::{io::IsTerminal as _, path::PathBuf};

use anyhow::{Context as _, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    cli::{
        ahead_args::{EstimateArgs, ForecastArgs, PlanCommand},
        bundle_args::{ReportArgs, RollupArgs},
        compare_args::{COMPARE_EXAMPLES, CompareArgs},
        convert_args::{CONVERT_EXAMPLES, ConvertArgs},
        examples::{
            AUDIT_EXAMPLES, CLASSIFY_EXAMPLES, COMPLETIONS_EXAMPLES, CONFIG_EXAMPLES, DOCTOR_EXAMPLES,
            ESTIMATE_EXAMPLES, EVAL_EXAMPLES, EXAMPLES, EXPLAIN_EXAMPLES, FORECAST_EXAMPLES, INSPECT_EXAMPLES,
            PLAN_EXAMPLES, PROFILES_EXAMPLES, REPORT_EXAMPLES, ROLLUP_EXAMPLES, SOURCES_EXAMPLES, TEMPLATE_EXAMPLES,
            TRAIN_EXAMPLES, VERIFY_EXAMPLES, WORKER_EXAMPLES,
        },
        read_args::ReadArgs,
        worker_args::WorkerCommand,
        write_args::WriteArgs,
    },
    ingest::value::{decimal::Mark, order::DateOrder},
};

/// Audits the credits that teams spend in AI app builders: who, what, why, and how much of it was rework.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a report: who consumed what, how much of it was rework, in tables and charts
    #[command(after_help = AUDIT_EXAMPLES)]
    Audit(AuditArgs),
    /// Add exports up into a bundle: small tables without prompts, that reports are made from
    #[command(after_help = ROLLUP_EXAMPLES)]
    Rollup(RollupArgs),
    /// Write the report of one bundle, or of several together, as audit would of their files
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Tell what each file is, where each of its rows went, and what its amounts add up to
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(InspectArgs),
    /// Print one line an event: where it stands, its class, how sure that is, and why
    #[command(after_help = CLASSIFY_EXAMPLES)]
    Classify(ClassifyArgs),
    /// Write the events as one ledger: CSV, JSON lines or Parquet
    #[command(after_help = CONVERT_EXAMPLES, mut_arg("to", |until| until.long("until")))]
    Convert(ConvertArgs),
    /// Tell why an event got its class: cues, context, alternatives
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Tell when the pool runs out and what the cycle will have used, with intervals
    #[command(after_help = FORECAST_EXAMPLES)]
    Forecast(ForecastArgs),
    /// Tell what changed between two inputs or periods: volume, rework, mix and price add up to it
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArgs),
    /// Tell which plan fits, by replaying each on the past; or list the plans
    #[command(after_help = PLAN_EXAMPLES)]
    Plan(PlanCommand),
    /// Tell what a build will take, before it is begun
    #[command(after_help = ESTIMATE_EXAMPLES)]
    Estimate(EstimateArgs),
    /// Compare the classes with those that people gave
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArgs),
    /// Learn weights from labelled prompts
    #[command(after_help = TRAIN_EXAMPLES)]
    Train(TrainArgs),
    /// Check a report: its files, its inputs and the program against its manifest, and that it comes out again
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// Print an empty ledger, or its columns explained
    #[command(after_help = TEMPLATE_EXAMPLES)]
    Template(TemplateArgs),
    /// List the kinds of files that can be read
    #[command(after_help = SOURCES_EXAMPLES)]
    Sources(SourcesArgs),
    /// List the rule sets: what actions and projects cost by each, and where that is from
    #[command(after_help = PROFILES_EXAMPLES)]
    Profiles(ProfilesArgs),
    /// Tell what this program is and was built with, what it is configured with, and which files it can read
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor(DoctorArgs),
    /// Show which settings of creditscope.toml hold and where each comes from, or an example of all
    #[command(after_help = CONFIG_EXAMPLES)]
    Config(ConfigArgs),
    /// Run one stage of an audit as a process of its own, for engines that spread it over machines
    #[command(after_help = WORKER_EXAMPLES)]
    Worker(WorkerCommand),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}

/// How a command prints its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// How a command prints its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LineFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values.
    Csv,
}

/// What separates decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Decimal {
    /// `1,234.56`.
    Point,
    /// `1.234,56`.
    Comma,
}

impl Decimal {
    /// As readers take it.
    pub const fn mark(self) -> Mark {
        match self {
            Self::Point => Mark::Point,
            Self::Comma => Mark::Comma,
        }
    }
}

/// Which part of a date comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FirstPart {
    /// `03/04/2026` is the 3rd of April.
    Day,
    /// `03/04/2026` is the 4th of March.
    Month,
}

impl FirstPart {
    /// As readers take it.
    pub const fn order(self) -> DateOrder {
        match self {
            Self::Day => DateOrder::DayFirst,
            Self::Month => DateOrder::MonthFirst,
        }
    }
}

/// Whether output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether text on standard output is coloured.
    pub fn is_wanted(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
            }
        }
    }
}

/// How plans are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BillingWord {
    /// Month by month.
    Monthly,
    /// A year in advance.
    Yearly,
}

/// A share: `0.01` or `1%`.
pub(super) fn share(option: &str, text: &str) -> anyhow::Result<f64> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let value: f64 = number.trim().parse().ok().with_context(|| format!("{option} {text:?}: write 0.01 or 1%"))?;
    let share = value / scale;
    ensure!((0.0..=1.0).contains(&share), "{option} {text:?}: a share lies between 0 and 1, or 0% and 100%");
    Ok(share)
}

/// Options of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// The report.
    #[command(flatten)]
    pub write: WriteArgs,
}

/// Options of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Propose a map for a table that is no known export: a new file for --map, with the evidence for each guess
    #[arg(long, value_name = "FILE")]
    pub write_map: Option<PathBuf>,
    /// Write the names that look like one person's to a new file for --aliases, to be checked by you
    #[arg(long, value_name = "FILE", conflicts_with = "pseudonymize")]
    pub write_aliases: Option<PathBuf>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `classify`.
#[derive(Debug, Args)]
pub struct ClassifyArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Print text, JSON lines or CSV
    #[arg(long, value_enum, default_value_t = LineFormat::Text)]
    pub format: LineFormat,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The event: its id, or `file:line`
    #[arg(value_name = "EVENT")]
    pub event: String,
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Labelled prompts, one JSON object a line; with --cross-validate, files after the first only train
    #[arg(required = true, value_name = "LABELLED")]
    pub files: Vec<PathBuf>,
    /// Train anew without the histories that are tested: the honest figure where the built-in weights have seen them
    #[arg(long)]
    pub cross_validate: bool,
    /// In how many ways to divide the histories: tells how far the figures move by chance
    #[arg(long, value_name = "N", requires = "cross_validate", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub splits: u32,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Labelled prompts, one JSON object a line
    #[arg(required_unless_present = "from", conflicts_with = "from", value_name = "LABELLED")]
    pub files: Vec<PathBuf>,
    /// Corrections of a team's own prompts, in the form of labelled prompts: the weights are moved by them
    #[arg(long, value_name = "CORRECTIONS")]
    pub from: Vec<PathBuf>,
    /// The weights that corrections move [default: the built-in ones]
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// The date to write into the weights
    #[arg(long, value_name = "DATE")]
    pub dated: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Say how good they are as text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The folder of a report
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Compare digests only, and do not make the report again from its inputs
    #[arg(long)]
    pub quick: bool,
    /// The salt of the pseudonyms of a masked report, to make it again
    #[arg(long, value_name = "FILE")]
    pub salt: Option<PathBuf>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `template`.
#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// Explain each column instead of printing the header: as --format text
    #[arg(long, conflicts_with = "format")]
    pub explain: bool,
    /// Print the header, or the columns explained as text or JSON
    #[arg(long, value_enum, default_value_t = TemplateFormat::Csv)]
    pub format: TemplateFormat,
}

/// How the ledger is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    /// The empty ledger.
    Csv,
    /// Its columns explained.
    Text,
    /// Its columns explained, one JSON document.
    Json,
}

/// Options of `sources`.
#[derive(Debug, Args)]
pub struct SourcesArgs {
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `profiles`.
#[derive(Debug, Args)]
pub struct ProfilesArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Files, folders or patterns to look at
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Read this file instead of the one that is found
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print a file with every setting, to begin with
    #[arg(long, conflicts_with = "config")]
    pub example: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
