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
    pipeline::{
        NamedFile, Terms,
        request::{Known, Request},
        waist::Waist,
    },
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
        terms.scope = self.write.scope.as_deref().map(Scope::read).transpose()?;
        let aliases = self.aliases.as_deref().map(Aliases::read).transpose()?.unwrap_or_default();
        let mut request = Request { selection: Selection::default(), terms }.with_users(&aliases);
        if waist.reading.pseudonymize {
            request = self.masked(request, &aliases, &waist.known)?;
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
        Ok(request.terms)
    }

    /// What is asked for by name, with the pseudonyms that a bundle has.
    fn masked(&self, request: Request, aliases: &Aliases, known: &Known) -> anyhow::Result<Request> {
        let users = request.named_users();
        let Some(salt) = self.salt.as_deref().map(Pseudonyms::read).transpose()? else {
            ensure!(
                users.is_empty() && request.is_known(known),
                "budgets, cost centres, projects or a scope name users, or what the bundle does not know and might be named \
                 after people, who stand under pseudonyms in it: give their --salt"
            );
            return Ok(request);
        };
        let named = users.iter().map(|user| (user.as_str(), user.as_str()));
        let others = aliases.users().flat_map(|(user, others)| others.iter().map(move |other| (other.as_str(), user)));
        let mask = salt.mask(named.chain(others))?;
        Ok(request.masked(&mask).without_strangers(known, &mask))
    }
}
