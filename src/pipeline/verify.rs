//! Checks a report folder against its manifest: are its files as they were written, and no others there, are the inputs those
//! it was made from, and would this program read them with the same data. Where all of that holds, the report can be made
//! again, and its files are compared byte by byte.
use std::{
    fmt, fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::discover::{self, BUNDLE_MARK, REPORT_MARK},
    model::digest::sha256,
    pipeline::{
        NamedFile,
        again::{V1Again, WhyNot},
        manifest,
    },
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
    /// There, though the manifest does not name it.
    Stranger,
    /// It was read from a pipe, and cannot be looked at again.
    Gone,
    /// The report was not made again, for a reason that may be an honest one.
    Untried,
    /// The report cannot be made again as its manifest says.
    Failed,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct V1Check {
    /// Which kind of thing.
    pub what: What,
    /// Its path or name, as the manifest has it; why, where the report was not made again.
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
    files: Vec<NamedFile>,
    inputs: Vec<Digest>,
    outputs: Vec<Digest>,
    #[serde(flatten)]
    again: V1Again,
}

#[derive(Deserialize)]
struct Digest {
    path: String,
    sha256: String,
}

/// What is known of a report folder.
#[derive(Debug)]
pub struct Verified {
    /// Everything that its manifest names, and every file that it does not name.
    pub checks: Vec<V1Check>,
    /// What `creditscope audit`, or of a bundle `creditscope rollup`, is to be asked to make it again, or why it is not.
    pub again: Result<Vec<String>, V1Check>,
    /// Whether it is a bundle.
    pub is_bundle: bool,
}

/// Checks everything that the manifest of a folder names, and looks for what it does not name. Inputs are looked for as they
/// were named, from the working folder on.
///
/// # Errors
/// When there is no manifest of this program, or it names a file outside the folder as one of the report.
pub fn verify(folder: &Path) -> anyhow::Result<Verified> {
    let path = folder.join(MANIFEST);
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
    checks.extend(strangers(folder, &manifest.outputs)?);
    let named = manifest.files.iter().map(|file| (&file.path, &file.sha256));
    for (path, sha256) in named.chain(manifest.inputs.iter().map(|file| (&file.path, &file.sha256))) {
        let standing = match on_disk(path) {
            _ if is_piped(path) => Standing::Gone,
            Some(file) => standing(&file, sha256),
            None => Standing::Missing,
        };
        checks.push(V1Check { what: What::Input, name: path.clone(), standing });
    }
    let same = |is: bool| if is { Standing::Same } else { Standing::Changed };
    let tool = |name: String, is: bool| V1Check { what: What::Tool, name, standing: same(is) };
    checks.push(tool(format!("creditscope {}", manifest.version), manifest.version == env!("CARGO_PKG_VERSION")));
    for Digest { path, sha256: then } in &manifest.data {
        let now = manifest::DATA.iter().find(|(name, _)| name == path);
        let is_same = now.is_some_and(|(_, text)| sha256(text.as_bytes()) == *then);
        checks.push(tool(path.clone(), is_same));
    }
    Ok(Verified { checks, again: arguments(&manifest), is_bundle: manifest.schema == BUNDLE_MARK })
}

/// The files of a folder that its manifest does not name.
fn strangers(folder: &Path, outputs: &[Digest]) -> anyhow::Result<Vec<V1Check>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let path = folder.join(&below);
        for entry in fs::read_dir(&path).with_context(|| format!("listing {}", path.display()))? {
            let entry = entry.with_context(|| format!("listing {}", path.display()))?;
            let name = below.join(entry.file_name());
            if entry.file_type().with_context(|| format!("looking at {}", entry.path().display()))?.is_dir() {
                folders.push(name);
            } else {
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.retain(|name| name != MANIFEST && outputs.iter().all(|output| output.path != *name));
    found.sort();
    let stranger = |name| V1Check { what: What::Output, name, standing: Standing::Stranger };
    Ok(found.into_iter().map(stranger).collect())
}

/// The arguments that make a report again, as far as they read nothing but what its manifest digests.
fn arguments(manifest: &Manifest) -> Result<Vec<String>, V1Check> {
    let Manifest { files, inputs, again: V1Again { again, not_again }, .. } = manifest;
    let Some(again) = again else {
        return Err(match not_again {
            Some(WhyNot::StandardInput) if inputs.iter().any(|input| is_piped(&input.path)) => {
                untried("an input came through standard input")
            }
            Some(WhyNot::BundlesReadDifferently) => {
                untried("it was made from bundles that were read in different ways")
            }
            Some(WhyNot::BundlesOfOneWorkspace) => untried(
                "it was made from bundles of one workspace, and one audit of their files tells more at their seams",
            ),
            _ => failed("the manifest does not tell how it was made, as this program writes it"),
        });
    };
    let ends = again.iter().position(|argument| argument == "--").unwrap_or(again.len());
    let (options, paths) = again.split_at(ends);
    let is_harmless = |argument: &String| {
        let (option, value) = argument.split_once('=').map_or((argument.as_str(), None), |(o, v)| (o, Some(v)));
        let is_named = || files.iter().any(|file| file.option == option && Some(file.path.as_str()) == value);
        option.starts_with("--") && option != "--salt" && (!manifest::OPTIONS.contains(&option) || is_named())
    };
    if let Some(other) = options.iter().find(|argument| !is_harmless(argument)) {
        return Err(failed(&format!("the manifest asks for {other:?}, which it does not digest")));
    }
    for path in paths.iter().skip(1) {
        if path == "-" {
            return Err(failed("the manifest asks to read standard input, which it does not digest"));
        }
        let found = discover::discover(&[PathBuf::from(path)]).unwrap_or_default();
        let labels: Vec<&str> = found.iter().map(|found| found.label.as_str()).chain([path.as_str()]).collect();
        let is_below = |input: &Digest| labels.iter().any(|label| Path::new(&input.path).starts_with(label));
        if !inputs.iter().any(is_below) {
            return Err(untried(&format!("the manifest asks to read {path:?}, of which it digests nothing")));
        }
    }
    Ok(again.clone())
}

/// Whether an input came through a pipe.
fn is_piped(path: &str) -> bool {
    path == "-" || path.starts_with("-/")
}

/// Compares the files of a report that was made again with those of a folder. What is not as the manifest says was told as
/// that already.
pub fn compared(folder: &Path, files: &[Artifact], checks: &[V1Check]) -> Vec<V1Check> {
    let is_told = |path: &str| {
        checks.iter().any(|check| check.what == What::Output && check.standing != Standing::Same && check.name == path)
    };
    let check = |file: &Artifact| V1Check {
        what: What::Again,
        name: file.path.clone(),
        standing: standing(&folder.join(&file.path), &sha256(&file.bytes)),
    };
    let made = files.iter().filter(|file| !is_told(&file.path)).map(check);
    let unmade = checks.iter().filter(|check| check.what == What::Output && check.standing == Standing::Same);
    let unmade = unmade.filter(|check| files.iter().all(|file| file.path != check.name));
    made.chain(unmade.map(|check| V1Check { what: What::Again, standing: Standing::Stranger, ..check.clone() }))
        .collect()
}

/// Says why a report was not made again.
pub fn untried(why: &str) -> V1Check {
    V1Check { what: What::Again, name: why.to_owned(), standing: Standing::Untried }
}

/// Says why a report cannot be made again as its manifest says.
pub fn failed(why: &str) -> V1Check {
    V1Check { what: What::Again, name: why.to_owned(), standing: Standing::Failed }
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

const MANIFEST: &str = "manifest.json";

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
            Standing::Stranger => match self.what {
                What::Again => "DOES NOT COME OUT of the inputs",
                _ => "STRANGER: the manifest does not name it",
            },
            Standing::Gone => "gone: it was read from standard input",
            Standing::Untried => "so the report was not made again",
            Standing::Failed => "so the report does NOT come out again",
        };
        write!(f, "{what:<7} {}  {standing}", clean::line(&self.name))
    }
}

/// Whether nothing was found to differ. Inputs that are not there prove nothing, for or against.
pub fn holds(checks: &[V1Check]) -> bool {
    let is_away = |check: &V1Check| check.what == What::Input && check.standing == Standing::Missing;
    checks
        .iter()
        .all(|check| matches!(check.standing, Standing::Same | Standing::Gone | Standing::Untried) || is_away(check))
}
