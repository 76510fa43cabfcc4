//! Options of the commands that write a report.
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{cli::heading, report::charts::Forms};

/// How what was found is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// For people at a terminal.
    Text,
    /// For a chat or a pull request.
    Markdown,
    /// The whole report.
    Json,
}

/// In which form charts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChartForm {
    /// charts/*.svg.
    Svg,
    /// charts/*.svg and charts/*.png.
    Png,
}

impl ChartForm {
    /// As reports take it.
    pub(super) const fn forms(self) -> Forms {
        match self {
            Self::Svg => Forms::Svg,
            Self::Png => Forms::SvgAndPng,
        }
    }
}

/// Options of the commands that write a report.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// The folder for the report; an earlier report in it is replaced, other files in it stay
    #[arg(short, long, value_name = "DIR", default_value = "audit-report", help_heading = heading::REPORT)]
    pub output: PathBuf,
    /// What is to be built and how far it is: TOML with a [[feature]] each, its name, state (done, doing, todo), budget, depends-on
    #[arg(long, value_name = "FILE", help_heading = heading::REPORT)]
    pub scope: Option<PathBuf>,
    /// Write charts as SVG only, or as pictures, too
    #[arg(long, value_enum, value_name = "FORM", default_value_t = ChartForm::Svg, help_heading = heading::REPORT)]
    pub charts: ChartForm,
    /// Print the summary as text or Markdown, or the report as JSON
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text, help_heading = heading::REPORT)]
    pub format: SummaryFormat,
    /// Exit with 3 where more than this share of rows was rejected, for instance 0.01 or 1%
    #[arg(long, value_name = "SHARE", help_heading = heading::REPORT, hide_short_help = true)]
    pub max_rejects: Option<String>,
    /// Exit with 1 where this is so: run-out, budget, rework=SHARE or severity=WORD; may be given several times
    #[arg(long, value_name = "GATE", value_delimiter = ',', help_heading = heading::REPORT)]
    pub fail_on: Vec<String>,
    /// Say what --fail-on found, and exit with 0
    #[arg(long, help_heading = heading::REPORT, hide_short_help = true)]
    pub warn_only: bool,
    /// At most this many rows of a cut, findings, people and workspaces in report.json; the rest of a cut becomes one exact row
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = heading::REPORT, hide_short_help = true)]
    pub max_rows: usize,
}
