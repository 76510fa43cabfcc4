//! `manifest.json`: what the report was made from, with what, so that it can be made again.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    ingest::discover::REPORT_MARK,
    model::{
        account::Unit,
        digest::sha256,
        zone::{self, Zone},
    },
    pipeline::{Audit, NamedFile, Settings},
    report::Artifact,
};

/// The data that the program carries and that a report depends on.
pub(super) const DATA: [(&str, &str); 5] = [
    ("plans.toml", include_str!("../../data/plans.toml")),
    ("plans-article.toml", include_str!("../../data/plans-article.toml")),
    ("token-prices.toml", include_str!("../../data/token-prices.toml")),
    ("weights.toml", include_str!("../cues/weights.toml")),
    ("lessons.toml", include_str!("../classify/lessons.toml")),
];

#[derive(Serialize)]
struct V1Manifest<'a> {
    schema: &'static str,
    tool: &'static str,
    version: &'static str,
    now: String,
    zone: &'a str,
    zone_data: &'static str,
    gap: String,
    profile: &'a str,
    weights: String,
    data: Vec<V1File<'static>>,
    options: V1Options<'a>,
    files: Vec<V1Named<'a>>,
    inputs: Vec<V1File<'a>>,
    outputs: Vec<V1File<'a>>,
}

/// What was asked for, beside the input; null and empty where nothing was.
#[derive(Serialize)]
struct V1Options<'a> {
    source: Option<&'a str>,
    unit: Option<&'a str>,
    input_zone: Option<&'a str>,
    from: Option<String>,
    until: Option<String>,
    users: Vec<String>,
    apps: Vec<String>,
    features: Vec<String>,
    actions: Vec<&'static str>,
    meters: Vec<&'static str>,
    prices: Vec<V1Price<'a>>,
    max_rows: usize,
    pseudonymize: bool,
}

#[derive(Serialize)]
struct V1Price<'a> {
    provider: &'a str,
    meter: &'a str,
    dollars: String,
    credits: String,
}

#[derive(Serialize)]
struct V1File<'a> {
    path: &'a str,
    sha256: String,
}

/// A file that an option names.
#[derive(Serialize)]
struct V1Named<'a> {
    option: &'static str,
    path: String,
    sha256: &'a str,
}

impl<'a> V1Named<'a> {
    fn of(audit: &Audit, file: &'a NamedFile) -> Self {
        Self { option: file.option, path: audit.events.masked(&file.path), sha256: &file.sha256 }
    }
}

/// The manifest of a report.
///
/// # Errors
/// When it cannot be written as JSON, which it always can.
pub fn write(audit: &Audit, settings: &Settings, outputs: &[Artifact]) -> anyhow::Result<Vec<u8>> {
    let input = |file: &'_ crate::ingest::FileReport| (file.path.clone(), file.sha256.clone());
    let inputs: Vec<(String, String)> = audit.events.input.files.iter().map(input).collect();
    let about = settings.ingest.prompts.weights().about();
    let manifest = V1Manifest {
        schema: REPORT_MARK,
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        now: audit.now.to_string(),
        zone: settings.zone.name(),
        zone_data: zone::data_version(),
        gap: settings.gap.to_string(),
        profile: &settings.profile,
        weights: format!("{}, {}", about.version, about.trained),
        data: DATA.map(|(path, text)| V1File { path, sha256: sha256(text.as_bytes()) }).into(),
        options: options(audit, settings),
        files: settings.files.iter().map(|file| V1Named::of(audit, file)).collect(),
        inputs: inputs.iter().map(|(path, sha256)| V1File { path, sha256: sha256.clone() }).collect(),
        outputs: outputs.iter().map(|file| V1File { path: &file.path, sha256: sha256(&file.bytes) }).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).context("writing manifest.json")?;
    text.push(b'\n');
    Ok(text)
}

fn options<'a>(audit: &Audit, settings: &'a Settings) -> V1Options<'a> {
    let masked = |names: &[String]| names.iter().map(|name| audit.events.masked(name)).collect();
    V1Options {
        source: settings.ingest.source.map(|source| source.name),
        unit: settings.ingest.unit.map(Unit::word),
        input_zone: settings.ingest.zone.as_ref().map(Zone::name),
        from: settings.selection.from.map(|from| from.to_string()),
        until: settings.selection.until.map(|until| until.to_string()),
        users: masked(&settings.selection.users),
        apps: masked(&settings.selection.apps),
        features: masked(&settings.selection.features),
        actions: settings.selection.actions.iter().map(|action| action.word()).collect(),
        meters: settings.selection.meters.iter().map(|meter| meter.word()).collect(),
        prices: settings
            .prices
            .iter()
            .map(|((provider, meter), price)| V1Price {
                provider,
                meter: meter.word(),
                dollars: price.dollars().to_string(),
                credits: price.units().to_string(),
            })
            .collect(),
        max_rows: settings.max_rows,
        pseudonymize: settings.pseudonyms.is_some(),
    }
}
