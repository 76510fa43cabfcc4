//! Options common to the commands that read: what was typed becomes what was meant.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use chrono::Days;
use clap::{Args, ValueEnum};

use crate::{
    classify::{
        corrections::{Corrections, labels::Labels, rules::Rules},
        feature_map::FeatureMap,
    },
    cli::{
        args::{Color, Decimal, FirstPart},
        config::Config,
        heading,
        plan_args::PlanArgs,
        salt,
        terms::{self, Moment, instant, moment},
    },
    cues::weights::Weights,
    ingest::{
        self, Keep,
        identity::Aliases,
        map::Map,
        prompts::Prompts,
        source::Source,
        table::evidence::Pooled,
        value::{decimal::Mark, order::DateOrder},
    },
    model::{
        account::{Meter, Unit},
        action::Action,
        zone::Zone,
    },
    pipeline::{NamedFile, Settings},
    rollup::Selection,
};

/// Options common to the commands that read.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Files, folders (read recursively, hidden files skipped), patterns, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the files are, where their content does not tell: see `creditscope sources`
    #[arg(long, value_name = "NAME", help_heading = heading::READING, hide_short_help = true)]
    source: Option<String>,
    /// What the columns are of tables that are no known export: a TOML file, see the README
    #[arg(long, value_name = "FILE", help_heading = heading::READING, hide_short_help = true)]
    map: Option<PathBuf>,
    /// Which part of dates such as 03/04/2026 comes first, where no date of the column tells
    #[arg(long, value_enum, value_name = "PART", help_heading = heading::READING, hide_short_help = true)]
    date_order: Option<FirstPart>,
    /// The zone of times without an offset, and of days in the report, e.g. Europe/Berlin [default for days: UTC]
    #[arg(long, value_name = "ZONE", help_heading = heading::READING)]
    tz: Option<String>,
    /// The pause that ends a session where no column names sessions [default: 30m]
    #[arg(long, value_name = "PAUSE", help_heading = heading::READING, hide_short_help = true)]
    gap: Option<String>,
    /// What separates decimals, where 1,234 or 1.234 can be read two ways
    #[arg(long, value_enum, value_name = "MARK", help_heading = heading::READING, hide_short_help = true)]
    decimal: Option<Decimal>,
    /// The sheet of a workbook to read [default: every sheet that is an export, hidden ones left out]
    #[arg(long, value_name = "NAME", help_heading = heading::READING, hide_short_help = true)]
    sheet: Option<String>,
    /// How much a compressed file may unpack to, e.g. 4GiB [default: 1GiB, and no more than 200 times its size]
    #[arg(long, value_name = "SIZE", help_heading = heading::READING, hide_short_help = true)]
    max_size: Option<String>,
    /// The unit to audit where a source has several: credits, tokens, usd or requests
    #[arg(long, value_name = "UNIT", help_heading = heading::READING, hide_short_help = true)]
    unit: Option<String>,
    /// The plan and the cycle.
    #[command(flatten)]
    pub(super) planning: PlanArgs,
    /// One person's names: TOML with a list of other names for each user, or CSV with the columns user and alias
    #[arg(long, value_name = "FILE", help_heading = heading::NAMES, hide_short_help = true)]
    aliases: Option<PathBuf>,
    /// What you call your features: TOML with patterns of topics, sessions, apps and features, see the README
    #[arg(long, value_name = "FILE", help_heading = heading::NAMES, hide_short_help = true)]
    features: Option<PathBuf>,
    /// Put pseudonyms in place of the names of users, in every output
    #[arg(long, conflicts_with = "keep_prompts", help_heading = heading::NAMES)]
    pseudonymize: bool,
    /// The salt of pseudonyms, to be kept secret; made where there is none [default: creditscope.salt in the working folder]
    #[arg(long, value_name = "FILE", requires = "pseudonymize", help_heading = heading::NAMES, hide_short_help = true)]
    salt: Option<PathBuf>,
    /// Rules that give events their class: pattern, field, class, as CSV or TOML; the first that fits counts
    #[arg(long, value_name = "FILE", help_heading = heading::CLASSES, hide_short_help = true)]
    rules: Option<PathBuf>,
    /// Classes of single events, as CSV or JSON lines with `event_id` (or file and line) and label
    #[arg(long, value_name = "FILE", help_heading = heading::CLASSES, hide_short_help = true)]
    labels: Option<PathBuf>,
    /// Weights written by `creditscope train`, in place of the built-in ones
    #[arg(long, value_name = "FILE", help_heading = heading::CLASSES, hide_short_help = true)]
    weights: Option<PathBuf>,
    /// Count events from this day or instant on
    #[arg(long, value_name = "DATE", conflicts_with = "cycle", help_heading = heading::CHOICE)]
    from: Option<String>,
    /// Count events up to and including this day, or before this instant
    #[arg(long, value_name = "DATE", conflicts_with = "cycle", help_heading = heading::CHOICE)]
    to: Option<String>,
    /// Count only this user; may be given several times
    #[arg(long, value_name = "NAME", help_heading = heading::CHOICE)]
    user: Vec<String>,
    /// Count only this app; may be given several times
    #[arg(long, value_name = "NAME", help_heading = heading::CHOICE)]
    app: Vec<String>,
    /// Count only this feature, told or inferred; may be given several times
    #[arg(long, value_name = "NAME", help_heading = heading::CHOICE, hide_short_help = true)]
    feature: Vec<String>,
    /// Count only this class: generation, revision, fix, regeneration, other, runtime or unclassified; may be repeated
    #[arg(long, value_name = "CLASS", help_heading = heading::CHOICE, hide_short_help = true)]
    action: Vec<Action>,
    /// Count only this meter: message or integration
    #[arg(long, value_name = "METER", help_heading = heading::CHOICE, hide_short_help = true)]
    meter: Vec<String>,
    /// The moment the report is made for [default: the end of the last day in the data]
    #[arg(long, value_name = "INSTANT", help_heading = heading::RUNNING)]
    now: Option<String>,
    /// Keep prompts in outputs instead of dropping them once they are classified
    #[arg(long, help_heading = heading::RUNNING, hide_short_help = true)]
    keep_prompts: bool,
    /// The configuration file [default: creditscope.toml in the working folder or above it, else in the user's
    /// configuration folder]
    #[arg(long, value_name = "FILE", help_heading = heading::RUNNING, hide_short_help = true)]
    config: Option<PathBuf>,
    /// No progress and no remarks on standard error
    #[arg(short, long, help_heading = heading::RUNNING)]
    pub quiet: bool,
    /// When to colour text
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto, help_heading = heading::RUNNING, hide_short_help = true)]
    color: Color,
    /// How many threads to read and classify with [default: one a core]
    #[arg(long, value_name = "N", help_heading = heading::RUNNING, hide_short_help = true)]
    threads: Option<usize>,
}

impl ReadArgs {
    /// What was meant.
    ///
    /// # Errors
    /// When an option's value is none it can have.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        self.settings_until("--to")
    }

    /// The same, where the last day to count has another flag.
    ///
    /// # Errors
    /// As [`Self::settings`].
    pub fn settings_until(&self, flag: &str) -> anyhow::Result<Settings> {
        let config = Config::read(self.config.as_deref())?;
        start_threads(self.threads)?;
        let zone: Option<Zone> = self.tz.as_ref().or(config.tz.as_ref()).map(|name| name.parse()).transpose()?;
        let gap = self.gap.as_ref().or(config.gap.as_ref()).map(|text| text.parse()).transpose().context("--gap")?;
        let aliases = self.aliases.as_deref().map(Aliases::read).transpose()?.unwrap_or_default();
        let corrections = Corrections {
            labels: self.labels.as_deref().map(Labels::read).transpose()?,
            rules: self.rules.as_deref().map(Rules::read).transpose()?,
        };
        let map = self.map.as_deref().map(Map::read).transpose()?;
        let report_zone = zone.clone().unwrap_or_else(Zone::utc);
        let terms = terms::of(&self.planning, &config, &report_zone, self.now.as_deref())?;
        let pseudonyms = self.pseudonymize.then(|| salt::pseudonyms(self.salt.as_deref())).transpose()?;
        let mut selection = self.selection(&report_zone, flag)?;
        if let Some(cycle) = self.planning.cycle(&terms.planning.resets)? {
            (selection.from, selection.until) = (Some(cycle.start), Some(cycle.end));
        }
        Ok(Settings {
            paths: self.paths.clone(),
            selection,
            ingest: ingest::Settings {
                source: self.source.as_deref().map(source).transpose()?,
                zone,
                unit: self.unit.as_deref().map(unit).transpose()?,
                map: map.clone().map(Arc::new),
                map_must_fit: true,
                date_order: self.date_order.map_or(DateOrder::Undeclared, FirstPart::order),
                pooled: Pooled::default(),
                decimal_mark: self.decimal.map_or(Mark::Unknown, Decimal::mark),
                ledger_provider: terms.planning.catalogue.provider.clone(),
                aliases,
                sheet: self.sheet.clone().or_else(|| map.and_then(|map| map.sheet)),
                max_size: self.max_size.as_deref().map(size).transpose()?,
                keep: match (self.keep_prompts, corrections.labels.is_some()) {
                    (true, _) => Keep::IdsAndPrompts,
                    (false, true) => Keep::Ids,
                    (false, false) => Keep::Nothing,
                },
                prompts: Prompts {
                    weights: self.weights.as_deref().map(weights).transpose()?.map(Arc::new),
                    patterns: corrections.rules.as_ref().map(Rules::of_prompts).unwrap_or_default(),
                    are_skipped: false,
                },
            },
            corrections,
            features: self.features.as_deref().map(FeatureMap::read).transpose()?,
            gap: gap.unwrap_or_default(),
            zone: report_zone,
            terms,
            pseudonyms,
            files: self.files()?,
            typed: self.typed(),
        })
    }

    /// The options on reading that neither files nor the choice of events tell, as they were typed.
    fn typed(&self) -> Vec<String> {
        let told = [
            ("--date-order", word(self.date_order.as_ref())),
            ("--gap", self.gap.clone()),
            ("--decimal", word(self.decimal.as_ref())),
            ("--sheet", self.sheet.clone()),
            ("--max-size", self.max_size.clone()),
        ];
        let told = told.into_iter().filter_map(|(option, value)| Some(format!("{option}={}", value?)));
        told.chain(self.keep_prompts.then(|| "--keep-prompts".to_owned())).collect()
    }

    /// The files that options name, and the configuration.
    fn files(&self) -> anyhow::Result<Vec<NamedFile>> {
        let config = Config::path(self.config.as_deref());
        let named = [
            ("--config", config.as_deref()),
            ("--map", self.map.as_deref()),
            ("--aliases", self.aliases.as_deref()),
            ("--features", self.features.as_deref()),
            ("--rules", self.rules.as_deref()),
            ("--labels", self.labels.as_deref()),
            ("--weights", self.weights.as_deref()),
            ("--plans", self.planning.plans.as_deref()),
        ];
        let read = |(option, path): (&'static str, Option<&Path>)| Some(NamedFile::read(option, path?));
        named.into_iter().filter_map(read).collect()
    }

    fn selection(&self, zone: &Zone, flag: &str) -> anyhow::Result<Selection> {
        let until = match &self.to {
            None => None,
            Some(text) => Some(match moment(text, zone, flag)? {
                Moment::Day(start) => {
                    let next = zone.local(start).date().checked_add_days(Days::new(1));
                    let next = next.and_then(|next| zone.start_of(next));
                    next.with_context(|| format!("{flag} {text}: too far in the future"))?
                }
                Moment::Instant(until) => until,
            }),
        };
        let from = self.from.as_ref().map(|text| instant(text, zone, "--from")).transpose()?;
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            bail!(
                "--from {} is not before {flag} {}",
                self.from.as_deref().unwrap_or(""),
                self.to.as_deref().unwrap_or("")
            );
        }
        Ok(Selection {
            from,
            until,
            users: self.user.clone(),
            apps: self.app.clone(),
            features: self.feature.clone(),
            actions: self.action.clone(),
            meters: self.meter.iter().map(|word| meter(word)).collect::<anyhow::Result<_>>()?,
        })
    }

    /// Whether text on standard output is coloured.
    pub fn is_colored(&self) -> bool {
        self.color.is_wanted()
    }
}

/// A word of an option, as it is typed.
pub(super) fn word(value: Option<&impl ValueEnum>) -> Option<String> {
    Some(value?.to_possible_value()?.get_name().to_owned())
}

/// Starts as many threads as are asked for.
pub(super) fn start_threads(wanted: Option<usize>) -> anyhow::Result<()> {
    let Some(threads) = wanted else { return Ok(()) };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().context("starting threads")
}

/// The weights of a file.
pub(super) fn weights(path: &Path) -> anyhow::Result<Weights> {
    let reading = || format!("reading {}", path.display());
    let text = fs::read_to_string(path).with_context(reading)?;
    Weights::parse(&text).with_context(reading)
}

fn source(name: &str) -> anyhow::Result<Source> {
    let known: Vec<&str> = Source::all().iter().map(|source| source.name).collect();
    Source::from_name(name).with_context(|| format!("unknown source {name:?}: use one of {}", known.join(", ")))
}

fn meter(name: &str) -> anyhow::Result<Meter> {
    Meter::from_word(name).with_context(|| format!("unknown meter {name:?}: use message or integration"))
}

fn unit(name: &str) -> anyhow::Result<Unit> {
    Unit::from_word(name).with_context(|| format!("unknown unit {name:?}: use credits, tokens, usd or requests"))
}

/// A number of bytes, of KiB, MiB or GiB.
fn size(text: &str) -> anyhow::Result<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => 64,
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1_u64.checked_shl(shift)?));
    bytes.with_context(|| format!("--max-size {text:?}: write a number of bytes, or for instance 500MiB or 4GiB"))
}
