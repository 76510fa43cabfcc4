//! Options of `convert`.
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::read_args::ReadArgs;

/// What its help ends with.
pub(super) const CONVERT_EXAMPLES: &str = "\
Examples:
  creditscope convert exports --to ledger.csv
  creditscope convert exports --keep-prompts --to ledger.parquet
  creditscope convert ledger.csv --from 2026-10-01 --until 2026-10-31 --to october.csv
  creditscope convert sample-data --to - --format jsonl
  creditscope convert sample-data --as focus --plan builder --to focus.csv

--to is the ledger here, so the last day to count is --until. With --keep-prompts, an audit of the ledger tells what an
audit of the exports tells. Rows of overlapping exports stand in it once; rejected rows do not. Of several amounts
of a row, it has the one that is audited and, in the column `also`, another one, which --unit audits.

With --as focus, each use and refund is a row of FOCUS 1.2. Prepaid credits bill nothing (BilledCost 0) and are a currency of
their vendor and meter; a price (--plan, or [price] in creditscope.toml) gives their value in dollars.";

/// How a ledger is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LedgerFormat {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// A ledger, which this program reads again.
    Ledger,
    /// Rows of FOCUS 1.2, the open specification of cost and usage.
    Focus,
}

/// Options of `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// The file to write, replacing a file of that name that is no input; - for standard output
    #[arg(id = "ledger", long = "to", value_name = "FILE")]
    pub ledger: PathBuf,
    /// What to write [default: focus into a file whose name begins with focus, else ledger]
    #[arg(long = "as", value_enum, value_name = "WHAT")]
    pub target: Option<Target>,
    /// How it is written [default: by the ending .csv, .jsonl, .ndjson or .parquet]
    #[arg(long, value_enum)]
    pub format: Option<LedgerFormat>,
}
