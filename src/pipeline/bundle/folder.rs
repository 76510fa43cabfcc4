//! The files of a bundle: tables by name, and a manifest that tells what they are and digests each.
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::discover::{BUNDLE_MARK, REPORT_MARK},
    model::{
        digest::sha256,
        instant::Instant,
        zone::{self, Zone},
    },
    pipeline::{
        Terms,
        again::V1Again,
        bundle::columns::{self, Put, Take},
        manifest::{self, Reading, V1File},
        waist::Waist,
    },
    report::{Artifact, overlaps::V1Overlaps},
};

/// The name of the manifest.
const MANIFEST: &str = "manifest.json";
/// What a newer form of bundles begins with, too.
const FAMILY: &str = "creditscope.bundle/";

/// Tables on their way to a folder.
#[derive(Default)]
pub(super) struct Files(Vec<Artifact>);

/// A bundle that is being read.
pub(super) struct Contents {
    place: Place,
    /// As it was typed.
    pub(super) label: String,
    digests: BTreeMap<String, String>,
}

/// Where the files of a bundle are.
enum Place {
    Folder(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

impl Place {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match self {
            Self::Folder(folder) => fs::read(folder.join(path)),
            Self::Memory(files) => files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into()),
        }
    }
}

/// What a bundle is, beside its tables.
#[derive(Serialize, Deserialize)]
pub(super) struct V1Bundle {
    schema: String,
    tool: String,
    version: String,
    pub(super) zone: String,
    zone_data: String,
    pub(super) sessions: u64,
    /// Null where no event is selected, as may be in a part of a bundle.
    pub(super) period: Option<[String; 2]>,
    pub(super) titles: Vec<String>,
    /// Null for events without one.
    pub(super) workspaces: Vec<Option<String>>,
    pub(super) notes: Vec<String>,
    pub(super) input_notes: Vec<String>,
    data: Vec<V1File>,
    #[serde(flatten)]
    pub(super) reading: Reading,
    pub(super) overlaps: V1Overlaps,
    #[serde(flatten)]
    again: V1Again,
    inputs: Vec<V1File>,
    outputs: Vec<V1File>,
}

impl Files {
    /// Adds a table.
    pub(super) fn add<T: Put>(&mut self, table: &str, rows: impl Iterator<Item = T>) -> anyhow::Result<()> {
        let bytes = columns::write(rows).with_context(|| format!("writing the table {table}"))?;
        self.0.push(Artifact { path: path_of(table), bytes });
        Ok(())
    }

    /// The files, with a manifest.
    pub(super) fn with_manifest(
        mut self,
        waist: &Waist,
        terms: &Terms,
        workspaces: Vec<Option<String>>,
    ) -> anyhow::Result<Vec<Artifact>> {
        let files = waist.files.iter().map(|file| &file.view);
        let manifest = V1Bundle {
            schema: BUNDLE_MARK.to_owned(),
            tool: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            zone: waist.zone.name().to_owned(),
            zone_data: zone::data_version().to_owned(),
            sessions: waist.rollups.sessions,
            period: waist.rollups.period.map(|(first, last)| [first, last].map(|at| at.to_string())),
            titles: waist.titles.clone(),
            workspaces,
            notes: waist.notes.clone(),
            input_notes: waist.input_notes.clone(),
            data: manifest::data(),
            reading: waist.reading.clone(),
            overlaps: waist.overlaps.clone(),
            again: V1Again::of_bundle(waist, terms),
            inputs: files.map(|file| V1File { path: file.path.clone(), sha256: file.sha256.clone() }).collect(),
            outputs: manifest::outputs(&self.0),
        };
        let mut bytes = serde_json::to_vec_pretty(&manifest).context("writing manifest.json")?;
        bytes.push(b'\n');
        self.0.push(Artifact { path: MANIFEST.to_owned(), bytes });
        Ok(self.0)
    }
}

impl V1Bundle {
    /// When its first and last event were.
    pub(super) fn period(&self) -> anyhow::Result<Option<(Instant, Instant)>> {
        let Some(period) = &self.period else { return Ok(None) };
        let read = |text: &String| text.parse().ok().and_then(Instant::from_utc);
        let [first, last] = period.each_ref().map(read);
        first.zip(last).context("its manifest has no period").map(Some)
    }

    /// Its zone.
    pub(super) fn zone(&self) -> anyhow::Result<Zone> {
        Ok(self.zone.parse()?)
    }

    /// What made it otherwise than this program would make it, where that is so.
    pub(super) fn made_otherwise(&self) -> Option<String> {
        let (here, there) = (env!("CARGO_PKG_VERSION"), &self.version);
        if there != here {
            return Some(format!("creditscope {there}, not {here}"));
        }
        let data = manifest::data();
        let other = self.data.iter().find(|file| !data.contains(file))?;
        Some(format!("another {}", other.path))
    }
}

/// Whether a folder has the manifest of a bundle, of whatever form.
pub(super) fn is_bundle(folder: &Path) -> bool {
    let text = if folder.is_dir() { fs::read(folder.join(MANIFEST)).ok() } else { None };
    text.is_some_and(|text| schema(&text).starts_with(FAMILY))
}

/// The form that a manifest says it has; empty where it says none.
fn schema(manifest: &[u8]) -> String {
    let manifest = serde_json::from_slice::<serde_json::Value>(manifest).ok();
    manifest.as_ref().and_then(|manifest| manifest["schema"].as_str()).unwrap_or_default().to_owned()
}

impl Contents {
    /// Opens a bundle and checks what its manifest says.
    ///
    /// # Errors
    /// When the folder is no bundle, or one of a newer form.
    pub(super) fn open(folder: &Path) -> anyhow::Result<(Self, V1Bundle)> {
        let label = crate::ingest::discover::label(folder);
        let text = match fs::read(folder.join(MANIFEST)) {
            Ok(text) => text,
            Err(_) if !folder.is_dir() => bail!("{label} is no folder: name bundles that `creditscope rollup` wrote"),
            Err(_) => {
                bail!("{label} is no bundle: it holds no {MANIFEST}; `creditscope rollup {label} -o NEW` makes one")
            }
        };
        match schema(&text).as_str() {
            BUNDLE_MARK => (),
            REPORT_MARK => bail!("{label} is a report, not a bundle: `creditscope rollup` makes bundles"),
            newer if newer.starts_with(FAMILY) => {
                bail!("{label} is a bundle of the form {newer}, and this program reads {BUNDLE_MARK}: update it")
            }
            _ => bail!("{label} is no bundle: its {MANIFEST} is not one of creditscope"),
        }
        Self::with_manifest(Place::Folder(folder.to_owned()), label, &text)
    }

    /// Files of a bundle that were never in a folder.
    ///
    /// # Errors
    /// When there is no manifest.
    pub(super) fn of(files: Vec<Artifact>, label: String) -> anyhow::Result<(Self, V1Bundle)> {
        let files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|file| (file.path, file.bytes)).collect();
        let text = files.get(MANIFEST).cloned().with_context(|| format!("{label} has no {MANIFEST}"))?;
        Self::with_manifest(Place::Memory(files), label, &text)
    }

    fn with_manifest(place: Place, label: String, text: &[u8]) -> anyhow::Result<(Self, V1Bundle)> {
        let manifest: V1Bundle =
            serde_json::from_slice(text).with_context(|| format!("{label}: its {MANIFEST} is damaged: {AGAIN}"))?;
        let outputs = manifest.outputs.iter().map(|file| (file.path.clone(), file.sha256.clone()));
        Ok((Self { place, label, digests: outputs.collect() }, manifest))
    }

    /// The rows of a table, which must be as it was written.
    ///
    /// # Errors
    /// When it is not there, was changed, or holds what it should not.
    pub(super) fn take<T: Take>(&self, table: &str) -> anyhow::Result<Vec<T>> {
        let Self { place, label, digests } = self;
        let path = path_of(table);
        let digest = digests.get(&path).with_context(|| format!("{label}: its {MANIFEST} names no {path}: {AGAIN}"))?;
        let bytes = place.read(&path).with_context(|| format!("reading {label}/{path}: {AGAIN}"))?;
        ensure!(sha256(&bytes) == *digest, "{label}/{path} is not as it was written: {AGAIN}");
        columns::read(bytes).with_context(|| format!("reading {label}/{path}: {AGAIN}"))
    }
}

const AGAIN: &str = "write the bundle again with `creditscope rollup`";

fn path_of(table: &str) -> String {
    format!("{table}.parquet")
}
