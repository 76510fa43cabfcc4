//! Paths as typed become files: folders are read recursively, patterns expanded, `-` is standard input.
use std::{
    fs,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context as _, bail, ensure};
use rayon::prelude::*;
use serde::Deserialize;

use crate::ingest::Skipped;

/// How a file came to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// Named by the user, by itself or by a pattern.
    Named,
    /// Found in a folder: skipped where it is no export.
    InFolder,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// How outputs name it: with `/`, relative to the working folder where it lies below it or was typed so.
    pub label: String,
    /// How it came to be read.
    pub input: Input,
    /// What came from standard input, which can be read only once.
    kept: OnceLock<Vec<u8>>,
}

impl Found {
    /// A file at a path.
    pub fn new(path: PathBuf, input: Input) -> Self {
        let label = label(&path);
        Self { path, label, input, kept: OnceLock::new() }
    }

    /// A file that somebody else opened, by the name that outputs are to have.
    pub fn opened(label: String, input: Input, bytes: Vec<u8>) -> Self {
        Self { path: PathBuf::from(&label), label, input, kept: bytes.into() }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// When it cannot be read, or is a device that never ends.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        if self.input == Input::Stdin {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            return Ok(self.kept.get_or_init(|| bytes).clone());
        }
        if let Some(bytes) = self.kept.get() {
            return Ok(bytes.clone());
        }
        let kind = fs::metadata(&self.path)?.file_type();
        if is_device(kind) {
            return Err(io::Error::other("a device, not a file"));
        }
        if self.input == Input::InFolder && !kind.is_file() && fs::read_dir(&self.path).is_ok() {
            return Err(io::Error::other("a link to a folder, which is read only where it is named"));
        }
        if self.input == Input::InFolder && !kind.is_file() && !kind.is_dir() {
            return Err(io::Error::other("a pipe, which is read only where it is named"));
        }
        if kind.is_file() { read_pieces(&self.path, PIECE) } else { fs::read(&self.path) }
    }
}

/// Files are read in pieces of this size, several at a time: most of the work is getting the memory for them.
const PIECE: usize = 16 << 20;

/// All bytes of a file.
fn read_pieces(path: &Path, size: usize) -> io::Result<Vec<u8>> {
    let length = usize::try_from(fs::metadata(path)?.len()).map_err(io::Error::other)?;
    if length <= size {
        return fs::read(path);
    }
    // Memory that is not there is an error, which a vector of zeros would not return.
    Vec::<u8>::new().try_reserve_exact(length)?;
    let mut bytes = vec![0; length];
    bytes.par_chunks_mut(size).enumerate().try_for_each(|(number, piece)| {
        let mut file = fs::File::open(path)?;
        file.seek(io::SeekFrom::Start((number * size) as u64))?;
        file.read_exact(piece)
    })?;
    Ok(bytes)
}

/// Whether it is neither a file nor a pipe nor a folder.
#[cfg(unix)]
fn is_device(kind: fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    kind.is_char_device() || kind.is_block_device() || kind.is_socket()
}

#[cfg(not(unix))]
const fn is_device(_: fs::FileType) -> bool {
    false
}

/// How outputs name a path: with `/`, relative to the working folder where it lies below it.
pub fn label(path: &Path) -> String {
    let below = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let label = below.as_deref().unwrap_or(path).to_string_lossy().replace('\\', "/");
    let label = label.strip_prefix("./").unwrap_or(&label);
    if label.is_empty() { ".".to_owned() } else { label.to_owned() }
}

/// Every file that the paths mean, sorted by label, each once.
///
/// # Errors
/// When a path does not exist, a pattern matches nothing, or a folder holds no file.
pub fn discover(paths: &[PathBuf]) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            found.push(Found::new(path.clone(), Input::Stdin));
        } else if path.is_dir() {
            let before = found.len();
            walk(path, &mut Vec::new(), &mut found)?;
            ensure!(
                found.len() > before,
                "folder {} holds no files to read (hidden ones and reports of creditscope are not read)",
                path.display()
            );
        } else if path.exists() {
            found.push(Found::new(path.clone(), Input::Named));
        } else {
            expand(path, &mut found)?;
        }
    }
    found.sort_by(|a, b| (&a.label, a.input as u8).cmp(&(&b.label, b.input as u8)));
    found.dedup_by(|a, b| a.label == b.label);
    Ok(found)
}

/// The paths where nothing can be read, each with the cause.
pub fn missing(paths: &[PathBuf]) -> Vec<Skipped> {
    let found = |path: &PathBuf| discover(std::slice::from_ref(path));
    let skipped = |path: &PathBuf, cause| Skipped { path: label(path), cause, is_named: true, is_damaged: true };
    paths.iter().filter_map(|path| Some(skipped(path, format!("{:#}", found(path).err()?)))).collect()
}

/// The word in `manifest.json` by which a folder is known as a report's.
pub const REPORT_MARK: &str = "creditscope.manifest/v1";
/// The same of a bundle.
pub const BUNDLE_MARK: &str = "creditscope.bundle/v1";

#[derive(Deserialize)]
struct Manifest {
    schema: String,
    outputs: Vec<Output>,
}

#[derive(Deserialize)]
struct Output {
    path: String,
}

/// The files of the report or bundle of this program that a folder holds, its manifest included; none where it holds none.
pub fn report_files(folder: &Path) -> Vec<PathBuf> {
    let manifest = folder.join(MANIFEST);
    let text = if manifest.is_file() { fs::read(manifest).unwrap_or_default() } else { Vec::new() };
    let manifest = serde_json::from_slice::<Manifest>(&text).ok();
    let manifest = manifest.filter(|manifest| [REPORT_MARK, BUNDLE_MARK].contains(&manifest.schema.as_str()));
    let paths = manifest.into_iter().flat_map(|manifest| manifest.outputs).map(|output| output.path);
    let mut files: Vec<PathBuf> = paths.map(|path| folder.join(path)).collect();
    if !files.is_empty() {
        files.push(folder.join(MANIFEST));
    }
    files
}

const MANIFEST: &str = "manifest.json";

/// Files below a folder, what cannot be read as one included, so that it is told; what begins with a dot is left out, and so are the files of reports of this program.
fn walk(folder: &Path, reports: &mut Vec<PathBuf>, found: &mut Vec<Found>) -> anyhow::Result<()> {
    reports.extend(report_files(folder));
    let entries = fs::read_dir(folder).with_context(|| format!("listing folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("listing folder {}", folder.display()))?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type().with_context(|| format!("looking at {}", entry.path().display()))?;
        if kind.is_dir() {
            if fs::read_dir(entry.path()).is_ok() {
                walk(&entry.path(), reports, found)?;
            } else {
                // Reading it tells why it cannot be listed.
                found.push(Found::new(entry.path(), Input::InFolder));
            }
        } else if !reports.contains(&entry.path()) {
            // Tables of a report are no exports.
            found.push(Found::new(entry.path(), Input::InFolder));
        }
    }
    Ok(())
}

/// Files that a pattern matches.
fn expand(pattern: &Path, found: &mut Vec<Found>) -> anyhow::Result<()> {
    let text = pattern.to_string_lossy();
    if !text.contains(['*', '?', '[']) {
        bail!("no such file or folder: {text}");
    }
    let before = found.len();
    for path in glob::glob(&text).with_context(|| format!("reading the pattern {text}"))? {
        let path = path.with_context(|| format!("expanding {text}"))?;
        if path.is_file() {
            found.push(Found::new(path, Input::Named));
        }
    }
    ensure!(found.len() > before, "no file matches {text}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], expected: Result<&[&str], &str>) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("in/deep")).unwrap();
        fs::create_dir_all(dir.path().join("empty")).unwrap();
        for name in ["b.csv", "a.csv", "in/c.csv", "in/deep/d.csv", "in/.hidden"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let paths: Vec<_> = patterns.iter().map(|pattern| dir.path().join(pattern)).collect();
        let root = format!("{}/", dir.path().display());
        let got = discover(&paths).map_err(|err| err.to_string().replace(&root, ""));
        let got = got.map(|found| found.into_iter().map(|found| found.label.replace(&root, "")).collect::<Vec<_>>());
        assert_eq!(got, expected.map(|names| names.iter().map(|&n| n.to_owned()).collect()).map_err(str::to_owned));
    }

    #[test]
    fn folders_patterns_and_files_become_a_sorted_list() {
        check(&["in", "a.csv"], Ok(&["a.csv", "in/c.csv", "in/deep/d.csv"]));
        check(&["*.csv", "b.csv"], Ok(&["a.csv", "b.csv"]));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_told_and_neither_followed_nor_waited_for() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("a.csv"), "x").unwrap();
        symlink(dir.path(), path("loop")).unwrap();
        symlink(path("nowhere"), path("broken")).unwrap();
        symlink(path("a.csv"), path("b.csv")).unwrap();
        symlink("/dev/zero", path("zero")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path("manifest.json")).status().unwrap().success());
        let _socket = UnixListener::bind(path("socket")).unwrap();
        let read = |found: Found| {
            let name = found.path.file_name().unwrap().to_string_lossy().into_owned();
            (name, found.read().map_err(|err| err.to_string()))
        };
        let got: Vec<_> = discover(&[dir.path().to_owned()]).unwrap().into_iter().map(read).collect();
        let said = |text: &str| Err(text.to_owned());
        assert_eq!(
            got,
            [
                ("a.csv".to_owned(), Ok(b"x".to_vec())),
                ("b.csv".to_owned(), Ok(b"x".to_vec())),
                ("broken".to_owned(), said("No such file or directory (os error 2)")),
                ("loop".to_owned(), said("a link to a folder, which is read only where it is named")),
                ("manifest.json".to_owned(), said("a pipe, which is read only where it is named")),
                ("socket".to_owned(), said("a device, not a file")),
                ("zero".to_owned(), said("a device, not a file")),
            ]
        );
    }

    #[test]
    fn pieces_make_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        fs::write(&path, &bytes).unwrap();
        for size in [1_000, 1_001, 9_999, 10_000, 10_001] {
            assert_eq!(read_pieces(&path, size).unwrap(), bytes, "{size}");
        }
    }

    #[test]
    fn what_is_not_there_is_named() {
        check(&["z.csv"], Err("no such file or folder: z.csv"));
        check(&["*.txt"], Err("no file matches *.txt"));
        check(
            &["empty"],
            Err("folder empty holds no files to read (hidden ones and reports of creditscope are not read)"),
        );
    }
}
