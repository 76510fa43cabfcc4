//! `manifest.json`: what the report was made from, with what, so that it can be made again.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    cues::weights::Weights,
    ingest::discover::REPORT_MARK,
    model::digest::sha256,
    pipeline::{Audit, Settings},
    report::Artifact,
};

#[derive(Serialize)]
struct V1Manifest<'a> {
    schema: &'static str,
    tool: &'static str,
    version: &'static str,
    now: String,
    zone: &'a str,
    gap: String,
    profile: &'a str,
    weights: String,
    inputs: Vec<V1File<'a>>,
    outputs: Vec<V1File<'a>>,
}

#[derive(Serialize)]
struct V1File<'a> {
    path: &'a str,
    sha256: String,
}

/// The manifest of a report.
///
/// # Errors
/// When it cannot be written as JSON, which it always can.
pub fn write(audit: &Audit, settings: &Settings, outputs: &[Artifact]) -> anyhow::Result<Vec<u8>> {
    let input = |file: &'_ crate::ingest::FileReport| (file.path.clone(), file.sha256.clone());
    let inputs: Vec<(String, String)> = audit.events.input.files.iter().map(input).collect();
    let about = Weights::built_in().about();
    let manifest = V1Manifest {
        schema: REPORT_MARK,
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        now: audit.now.to_string(),
        zone: settings.zone.name(),
        gap: settings.gap.to_string(),
        profile: &settings.profile,
        weights: format!("{}, {}", about.version, about.trained),
        inputs: inputs.iter().map(|(path, sha256)| V1File { path, sha256: sha256.clone() }).collect(),
        outputs: outputs.iter().map(|file| V1File { path: &file.path, sha256: sha256(&file.bytes) }).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).context("writing manifest.json")?;
    text.push(b'\n');
    Ok(text)
}
