//! Options of `rollup` and `report`, the two halves of `audit`.
use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;

use crate::{
    audit::scope::Scope,
    cli::{
        args::{Color, Format},
        config::Config,
        heading,
        plan_args::PlanArgs,
        read_args::{ReadArgs, start_threads},
        terms,
        write_args::WriteArgs,
    },
    ingest::identity::{Aliases, pseudonyms::Pseudonyms},
    pipeline::{NamedFile, Terms, request::Request, waist::Waist},
    rollup::Selection,
};

/// Options of `rollup`.
#[derive(Debug, Args)]
pub struct RollupArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub read: ReadArgs,
    /// The folder for the bundle; an earlier bundle in it is replaced
    #[arg(short, long, value_name = "BUNDLE")]
    pub output: PathBuf,
    /// Say what was written as text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Bundles, as `creditscope rollup` writes them
    #[arg(required = true, value_name = "BUNDLE")]
    pub bundles: Vec<PathBuf>,
    /// The plan and the cycle.
    #[command(flatten)]
    planning: PlanArgs,
    /// The moment the report is made for [default: the end of the last day in the data]
    #[arg(long, value_name = "INSTANT", help_heading = heading::RUNNING)]
    now: Option<String>,
    /// One person's names, as for rollup, where budgets or cost centres name users by others
    #[arg(long, value_name = "FILE", help_heading = heading::NAMES, hide_short_help = true)]
    aliases: Option<PathBuf>,
    /// The salt of the pseudonyms in bundles, where budgets or cost centres name users
    #[arg(long, value_name = "FILE", help_heading = heading::NAMES, hide_short_help = true)]
    salt: Option<PathBuf>,
    /// The configuration file [default: creditscope.toml in the working folder or above it, else in the user's
    /// configuration folder]
    #[arg(long, value_name = "FILE", help_heading = heading::RUNNING, hide_short_help = true)]
    config: Option<PathBuf>,
    /// No progress on standard error
    #[arg(short, long, help_heading = heading::RUNNING)]
    pub quiet: bool,
    /// When to colour text
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto, help_heading = heading::RUNNING, hide_short_help = true)]
    pub color: Color,
    /// How many threads to draw with [default: one a core]
    #[arg(long, value_name = "N", help_heading = heading::RUNNING, hide_short_help = true)]
    threads: Option<usize>,
    /// The report.
    #[command(flatten)]
    pub write: WriteArgs,
}

impl ReportArgs {
    /// What is asked of what bundles hold; the files that options name are added to theirs.
    ///
    /// # Errors
    /// When an option's value is none it can have.
    pub(super) fn terms(&self, waist: &mut Waist) -> anyhow::Result<Terms> {
        start_threads(self.threads)?;
        let config = Config::read(self.config.as_deref())?;
        ensure!(
            !self.planning.names_cycle(),
            "--cycle chooses events, and a bundle holds none: give it to `creditscope rollup`"
        );
        let mut terms = terms::of(&self.planning, &config, &waist.zone, self.now.as_deref())?;
        (terms.max_rows, terms.charts) = (self.write.max_rows, self.write.charts.forms());
        if let Some(path) = &self.aliases {
            let request = Request { selection: Selection::default(), terms };
            terms = request.with_users(&Aliases::read(path)?).terms;
        }
        if waist.reading.pseudonymize {
            let salt = self.salt.as_deref().map(Pseudonyms::read).transpose()?;
            for user in terms::users(&mut terms) {
                let salt = salt.as_ref();
                ensure!(
                    salt.is_some(),
                    "budgets or cost centres name users, who stand under pseudonyms in the bundle: give their --salt"
                );
                *user = salt.map(|salt| salt.of(user)).unwrap_or_default();
            }
        }
        let path = Config::path(self.config.as_deref());
        let named = [
            ("--config", path.as_deref()),
            ("--aliases", self.aliases.as_deref()),
            ("--plans", self.planning.plans.as_deref()),
            ("--scope", self.write.scope.as_deref()),
        ];
        for (option, path) in named.into_iter().filter_map(|(option, path)| Some((option, path?))) {
            waist.reading.name_file(NamedFile::read(option, path)?);
        }
        terms.scope = self.write.scope.as_deref().map(Scope::read).transpose()?;
        Ok(terms)
    }
}
