//! Checks a report folder against its manifest: are its files as they were written, are the inputs those it was made
//! from, and would this program read them with the same data. Where all of that holds, the report can be made again, and its
//! files are compared byte by byte.
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
    report::{Artifact, clean},
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
    /// A file of the report, made again from its inputs.
    Again,
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
    /// The report was not made again.
    Untried,
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
    #[serde(default)]
    again: Option<Vec<String>>,
}

/// What is known of a report folder.
#[derive(Debug)]
pub struct Verified {
    /// Everything that its manifest names.
    pub checks: Vec<V1Check>,
    /// What `creditscope audit` is to be asked to make it again; `None` where that is not known.
    pub again: Option<Vec<String>>,
    /// Whether it is a bundle, which is told by its digests alone.
    pub is_bundle: bool,
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
pub fn verify(folder: &Path) -> anyhow::Result<Verified> {
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
    Ok(Verified { checks, again: manifest.again, is_bundle: manifest.schema == BUNDLE_MARK })
}

/// Compares the files of a report that was made again with those of a folder.
pub fn compared(folder: &Path, files: &[Artifact]) -> Vec<V1Check> {
    let check = |file: &Artifact| V1Check {
        what: What::Again,
        name: file.path.clone(),
        standing: standing(&folder.join(&file.path), &sha256(&file.bytes)),
    };
    files.iter().map(check).collect()
}

/// Says why a report was not made again.
pub fn untried(why: &str) -> V1Check {
    V1Check { what: What::Again, name: why.to_owned(), standing: Standing::Untried }
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
            What::Again => "again",
        };
        let standing = match self.standing {
            Standing::Same => "same",
            Standing::Changed => "CHANGED",
            Standing::Missing => "MISSING",
            Standing::Gone => "gone: it was read from standard input",
            Standing::Untried => "so the report was not made again",
        };
        write!(f, "{what:<7} {}  {standing}", clean::line(&self.name))
    }
}

/// Whether nothing was found to differ.
pub fn holds(checks: &[V1Check]) -> bool {
    checks.iter().all(|check| matches!(check.standing, Standing::Same | Standing::Gone | Standing::Untried))
}
