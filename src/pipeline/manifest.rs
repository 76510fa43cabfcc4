//! `manifest.json`: what the report was made from, with what, so that it can be made again.
use std::fmt;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::{
    ingest::discover::REPORT_MARK,
    model::{
        account::Unit,
        digest::sha256,
        instant::Instant,
        zone::{self, Zone},
    },
    pipeline::{Events, NamedFile, Settings, Terms, again::V1Again, audit::Audit},
    report::Artifact,
    rollup::Selection,
};

/// The data that the program carries and that a report depends on.
pub(super) const DATA: [(&str, &str); 5] = [
    ("plans.toml", include_str!("../../data/plans.toml")),
    ("plans-article.toml", include_str!("../../data/plans-article.toml")),
    ("token-prices.toml", include_str!("../../data/token-prices.toml")),
    ("weights.toml", include_str!("../cues/weights.toml")),
    ("lessons.toml", include_str!("../classify/lessons.toml")),
];

/// The options that name files, in the order of a manifest.
pub(super) const OPTIONS: [&str; 9] =
    ["--config", "--map", "--aliases", "--features", "--rules", "--labels", "--weights", "--plans", "--scope"];

/// A name that nobody has.
const NOBODY: &str = "\u{0}";

#[derive(Serialize)]
struct V1Manifest<'a> {
    schema: &'static str,
    tool: &'static str,
    version: &'static str,
    now: String,
    zone: &'a str,
    zone_data: &'static str,
    gap: &'a str,
    profile: &'a str,
    weights: &'a str,
    data: Vec<V1File>,
    options: V1Options<'a>,
    #[serde(flatten)]
    again: V1Again,
    files: &'a [NamedFile],
    inputs: Vec<V1File>,
    outputs: Vec<V1File>,
}

/// What was asked for, beside the input; null and empty where nothing was.
#[derive(Serialize)]
struct V1Options<'a> {
    #[serde(flatten)]
    asked: &'a Asked,
    prices: Vec<V1Price<'a>>,
    max_rows: usize,
    charts: &'static str,
    pseudonymize: bool,
}

/// What was asked for while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The pause that ends a session.
    pub gap: String,
    /// The weights that classes were told by.
    pub weights: String,
    /// Whether users stand under pseudonyms.
    pub pseudonymize: bool,
    /// The pseudonym of nobody, which tells salts apart; absent where users stand under their names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt_mark: Option<String>,
    /// The files that options name.
    pub files: Vec<NamedFile>,
    /// How files were read, and which events count.
    pub asked: Asked,
    /// Further options on reading, as they were typed; none where several bundles differ in them.
    #[serde(default)]
    pub typed: Option<Vec<String>>,
}

/// How files were read, and which events count; null and empty where nothing was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What the files are.
    pub source: Option<String>,
    /// The audited unit.
    pub unit: Option<String>,
    /// The zone of times without an offset.
    pub input_zone: Option<String>,
    /// The choice of events.
    #[serde(flatten)]
    pub choice: Choice,
}

/// A choice of events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) users: Vec<String>,
    pub(super) apps: Vec<String>,
    pub(super) features: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) meters: Vec<String>,
}

#[derive(Serialize)]
struct V1Price<'a> {
    provider: &'a str,
    meter: &'a str,
    dollars: String,
    credits: String,
}

/// A file and its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct V1File {
    pub(super) path: String,
    pub(super) sha256: String,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until, users, apps, features, actions, meters } = self;
        let times = [("from", from), ("until", until)];
        let times = times.into_iter().filter_map(|(what, at)| Some(format!("{what} {}", at.as_ref()?)));
        let names = [("user", users), ("app", apps), ("feature", features), ("action", actions), ("meter", meters)];
        let names = names.into_iter().filter(|(_, names)| !names.is_empty());
        let said: Vec<String> =
            times.chain(names.map(|(what, names)| format!("{what} {}", names.join(", ")))).collect();
        f.write_str(if said.is_empty() { "all" } else { "" })?;
        f.write_str(&said.join("; "))
    }
}

impl Choice {
    /// From when to when events count; `None` where anything else restricts them.
    pub fn time(&self) -> Option<[Option<Instant>; 2]> {
        let rest = Self { from: None, until: None, ..self.clone() };
        let read = |text: &Option<String>| match text {
            None => Some(None),
            Some(text) => instant(text).map(Some),
        };
        let ends = [read(&self.from)?, read(&self.until)?];
        (rest == Self::default()).then_some(ends)
    }
}

/// An instant as it is written here.
fn instant(text: &str) -> Option<Instant> {
    Instant::from_utc(text.parse().ok()?)
}

impl Reading {
    /// What was asked for while these events were read.
    pub(super) fn of(events: &Events, settings: &Settings) -> Self {
        let selection = &events.request.selection;
        let about = settings.ingest.prompts.weights().about();
        let named = |file: &NamedFile| NamedFile { path: events.masked(&file.path), ..file.clone() };
        Self {
            gap: settings.gap.to_string(),
            weights: format!("{}, {}", about.version, about.trained),
            pseudonymize: settings.pseudonyms.is_some(),
            salt_mark: settings.pseudonyms.as_ref().map(|pseudonyms| pseudonyms.of(NOBODY)),
            files: settings.files.iter().map(named).collect(),
            asked: Asked {
                source: settings.ingest.source.map(|source| source.name.to_owned()),
                unit: settings.ingest.unit.map(|unit| Unit::word(unit).to_owned()),
                input_zone: settings.ingest.zone.as_ref().map(|zone| Zone::name(zone).to_owned()),
                choice: Choice {
                    from: selection.from.map(|from| from.to_string()),
                    until: selection.until.map(|until| until.to_string()),
                    users: selection.users.clone(),
                    apps: selection.apps.clone(),
                    features: selection.features.clone(),
                    actions: selection.actions.iter().map(|action| action.word().to_owned()).collect(),
                    meters: selection.meters.iter().map(|meter| meter.word().to_owned()).collect(),
                },
            },
            typed: Some(settings.typed.clone()),
        }
    }

    /// Adds a file that an option names, in the order of [`OPTIONS`], unless it is there.
    pub fn name_file(&mut self, file: NamedFile) {
        if !self.files.contains(&file) {
            self.files.push(file);
            self.files.sort_by_key(|file| OPTIONS.iter().position(|option| *option == file.option));
        }
    }

    /// The names that were chosen by.
    pub(super) fn selection(&self) -> Selection {
        let Choice { users, apps, features, .. } = &self.asked.choice;
        let (users, apps, features) = (users.clone(), apps.clone(), features.clone());
        Selection { users, apps, features, ..Selection::default() }
    }

    /// The first instant that no longer counts.
    pub fn until(&self) -> Option<Instant> {
        instant(self.asked.choice.until.as_deref()?)
    }

    /// Whether only some of the events count.
    pub fn is_selection(&self) -> bool {
        self.asked.choice != Choice::default()
    }
}

/// The manifest of a report.
///
/// # Errors
/// When it cannot be written as JSON, which it always can.
pub fn write(audit: &Audit, outputs: &[Artifact]) -> anyhow::Result<Vec<u8>> {
    let (reading, terms) = (&audit.waist.reading, &audit.terms);
    let files = audit.waist.files.iter().map(|file| &file.view);
    let manifest = V1Manifest {
        schema: REPORT_MARK,
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        now: audit.now.to_string(),
        zone: audit.waist.zone.name(),
        zone_data: zone::data_version(),
        gap: &reading.gap,
        profile: &terms.profile,
        weights: &reading.weights,
        data: data(),
        options: V1Options {
            asked: &reading.asked,
            prices: prices(terms),
            max_rows: terms.max_rows,
            charts: terms.charts.word(),
            pseudonymize: reading.pseudonymize,
        },
        again: V1Again::of_report(audit),
        files: &reading.files,
        inputs: files.map(|file| V1File { path: file.path.clone(), sha256: file.sha256.clone() }).collect(),
        outputs: self::outputs(outputs),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).context("writing manifest.json")?;
    text.push(b'\n');
    Ok(text)
}

/// The data that the program carries.
pub(super) fn data() -> Vec<V1File> {
    DATA.map(|(path, text)| V1File { path: path.to_owned(), sha256: sha256(text.as_bytes()) }).into()
}

/// The files that are written.
pub(super) fn outputs(files: &[Artifact]) -> Vec<V1File> {
    files.iter().map(|file| V1File { path: file.path.clone(), sha256: sha256(&file.bytes) }).collect()
}

fn prices(terms: &Terms) -> Vec<V1Price<'_>> {
    let prices = terms.prices.iter().map(|((provider, meter), price)| V1Price {
        provider,
        meter: meter.word(),
        dollars: price.dollars().to_string(),
        credits: price.units().to_string(),
    });
    prices.collect()
}
