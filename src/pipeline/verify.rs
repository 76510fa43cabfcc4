//! Checks a report folder against its manifest: are its files as they were written, are the inputs those it was made
//! from, and would this program read them with the same data. The report itself is not made again.
use std::{
    fmt, fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::discover::{BUNDLE_MARK, REPORT_MARK},
    model::digest::sha256,
    pipeline::manifest,
    report::clean,
};

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A file of the report.
    Output,
    /// A file it was made from.
    Input,
    /// The program, or data that it carries.
    Tool,
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// As the manifest says.
    Same,
    /// Different.
    Changed,
    /// Not there.
    Missing,
    /// It was read from a pipe, and cannot be looked at again.
    Gone,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct V1Check {
    /// Which kind of thing.
    pub what: What,
    /// Its path or name, as the manifest has it.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
}

#[derive(Deserialize)]
struct Manifest {
    schema: String,
    version: String,
    data: Vec<Digest>,
    #[serde(default)]
    files: Vec<Digest>,
    inputs: Vec<Digest>,
    outputs: Vec<Digest>,
}

#[derive(Deserialize)]
struct Digest {
    path: String,
    sha256: String,
}

/// Checks everything that the manifest of a folder names. Inputs are looked for as they were named, from the working
/// folder on.
///
/// # Errors
/// When there is no manifest of this program, or it names a file outside the folder as one of the report.
pub fn verify(folder: &Path) -> anyhow::Result<Vec<V1Check>> {
    let path = folder.join("manifest.json");
    let text = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let manifest: Manifest = serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        [REPORT_MARK, BUNDLE_MARK].contains(&manifest.schema.as_str()),
        "{} is no manifest of creditscope",
        path.display()
    );
    let mut checks = Vec::new();
    for Digest { path, sha256 } in &manifest.outputs {
        let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        ensure!(is_inside, "the manifest names {path:?} as a file of the report, which is outside of its folder");
        checks.push(V1Check { what: What::Output, name: path.clone(), standing: standing(&folder.join(path), sha256) });
    }
    for Digest { path, sha256 } in manifest.files.iter().chain(&manifest.inputs) {
        let standing = match on_disk(path) {
            _ if path == "-" || path.starts_with("-/") => Standing::Gone,
            Some(file) => standing(&file, sha256),
            None => Standing::Missing,
        };
        checks.push(V1Check { what: What::Input, name: path.clone(), standing });
    }
    let same = |is: bool| if is { Standing::Same } else { Standing::Changed };
    let tool = |name: String, is: bool| V1Check { what: What::Tool, name, standing: same(is) };
    checks.push(tool(format!("creditscope {}", manifest.version), manifest.version == env!("CARGO_PKG_VERSION")));
    for Digest { path, sha256: then } in manifest.data {
        let now = manifest::DATA.iter().find(|(name, _)| *name == path);
        let is_same = now.is_some_and(|(_, text)| sha256(text.as_bytes()) == then);
        checks.push(tool(path, is_same));
    }
    Ok(checks)
}

/// The file itself, or the archive that holds it.
fn on_disk(path: &str) -> Option<PathBuf> {
    Path::new(path).ancestors().find(|path| path.is_file()).map(Path::to_owned)
}

fn standing(path: &Path, then: &str) -> Standing {
    match fs::read(path) {
        Ok(bytes) if sha256(&bytes) == then => Standing::Same,
        Ok(_) => Standing::Changed,
        Err(_) => Standing::Missing,
    }
}

impl fmt::Display for V1Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Output => "output",
            What::Input => "input",
            What::Tool => "tool",
        };
        let standing = match self.standing {
            Standing::Same => "same",
            Standing::Changed => "CHANGED",
            Standing::Missing => "MISSING",
            Standing::Gone => "gone: it was read from standard input",
        };
        write!(f, "{what:<7} {}  {standing}", clean::line(&self.name))
    }
}

/// Whether nothing was found to differ.
pub fn holds(checks: &[V1Check]) -> bool {
    checks.iter().all(|check| matches!(check.standing, Standing::Same | Standing::Gone))
}
