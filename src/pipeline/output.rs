//! Report folders appear whole or not at all: written beside, synced, then renamed into place. Files in the folder
//! that are not the report's own are carried over, never deleted.
use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use crate::{ingest::discover::report_files, report::Artifact};

/// A report folder to be written; what can be checked is checked before any work is done.
#[derive(Debug, Clone)]
pub struct Folder {
    /// As it was typed.
    typed: PathBuf,
    /// Its parent; where it does not exist yet, it is made with the report.
    parent: PathBuf,
    /// Its name in the parent.
    name: String,
    /// The files of the report that stands there, as its manifest lists them.
    own: Vec<PathBuf>,
}

/// Who may read the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As the system's default is.
    Default,
    /// The owner only: the files hold prompts.
    Owner,
}

impl Folder {
    /// Checks a folder for a report.
    ///
    /// # Errors
    /// When the path is a file or lies below one, is a folder with other things in it than a report, or is the working folder
    /// or one above it.
    pub fn new(typed: &Path) -> anyhow::Result<Self> {
        let shown = typed.display();
        let (mut path, mut own) = (typed.to_owned(), Vec::new());
        if path.exists() {
            ensure!(path.is_dir(), "{shown} is a file: -o names a folder for the report");
            path = path.canonicalize().with_context(|| format!("looking at {shown}"))?;
            let here = std::env::current_dir().context("looking at the working folder")?;
            ensure!(
                !here.starts_with(&path),
                "{shown} is the working folder or above it: name a folder of its own with -o"
            );
            own = report_files(&path);
            let is_empty = fs::read_dir(&path).with_context(|| format!("listing {shown}"))?.next().is_none();
            if own.is_empty() && !is_empty {
                bail!("{shown} holds other files and no report: name an empty or a new folder with -o");
            }
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.with_context(|| format!("{shown} has no name: name a folder for the report with -o"))?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let existing = parent.ancestors().find(|folder| folder.exists());
        if let Some(file) = existing.filter(|folder| !folder.is_dir()) {
            bail!("{} is a file: a report cannot be put below it", file.display());
        }
        Ok(Self { typed: typed.to_owned(), parent, name, own })
    }

    /// As it was typed.
    pub fn path(&self) -> &Path {
        &self.typed
    }

    /// Checks that no input is a file that the report replaces.
    ///
    /// # Errors
    /// When one is.
    pub fn spares(&self, inputs: &[PathBuf]) -> anyhow::Result<()> {
        let place = self.parent.join(&self.name);
        let replaced =
            |input: &PathBuf| input.canonicalize().is_ok_and(|input| input.is_file() && input.starts_with(&place));
        match inputs.iter().find(|input| replaced(input)) {
            Some(input) => {
                bail!("{} lies in the report's folder and would be replaced: move it first", input.display())
            }
            None => Ok(()),
        }
    }

    /// Writes the files, replacing an earlier report.
    ///
    /// # Errors
    /// When the disk does; the earlier report then stands as it was.
    pub fn write(&self, files: &[Artifact], access: Access) -> anyhow::Result<()> {
        let (fresh, old, place) = (self.beside("new"), self.beside("old"), self.parent.join(&self.name));
        fs::create_dir_all(&self.parent).with_context(|| format!("making the folder {}", self.parent.display()))?;
        let outcome = self.swap(files, access, &fresh, &old, &place);
        if outcome.is_err() {
            // The first cause is the one to tell; what cannot be tidied after it stays for the user to see.
            if old.exists() && !place.exists() {
                let _ = fs::rename(&old, &place);
            }
            let _ = remove(&fresh);
        }
        outcome.with_context(|| format!("writing the report to {}", self.typed.display()))
    }

    fn swap(&self, files: &[Artifact], access: Access, fresh: &Path, old: &Path, place: &Path) -> anyhow::Result<()> {
        remove(fresh)?;
        for artifact in files {
            write(&fresh.join(&artifact.path), &artifact.bytes, access)?;
        }
        if place.exists() {
            self.carry_over(place, fresh, files)?;
            fs::set_permissions(fresh, fs::metadata(place)?.permissions())?;
            remove(old)?;
            fs::rename(place, old)?;
        }
        sync(fresh)?;
        fs::rename(fresh, place)?;
        sync(&self.parent)?;
        remove(old)
    }

    fn beside(&self, what: &str) -> PathBuf {
        self.parent.join(format!(".{}.{what}-{}", self.name, std::process::id()))
    }

    /// Copies what the earlier report did not write into the new folder.
    fn carry_over(&self, place: &Path, fresh: &Path, files: &[Artifact]) -> anyhow::Result<()> {
        let mut folders = vec![PathBuf::new()];
        while let Some(below) = folders.pop() {
            for entry in fs::read_dir(place.join(&below))? {
                let entry = entry?;
                let path = below.join(entry.file_name());
                let label = path.to_string_lossy().replace('\\', "/");
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else if !self.own.contains(&entry.path()) {
                    let clashes =
                        files.iter().any(|file| file.path == label || file.path.starts_with(&format!("{label}/")));
                    ensure!(
                        !clashes,
                        "{label} in the folder is not the report's own and would be overwritten: move it"
                    );
                    fs::create_dir_all(fresh.join(&below))?;
                    copy(&entry.path(), &fresh.join(&path))?;
                }
            }
        }
        Ok(())
    }
}

/// Writes one file whole or not at all, in place of one that stands there.
///
/// # Errors
/// When the disk does; an earlier file then stands as it was.
pub fn write_file(path: &Path, bytes: &[u8], access: Access) -> anyhow::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.with_context(|| format!("{} has no name: name a file", path.display()))?;
    let fresh = path.with_file_name(format!(".{name}.new-{}", std::process::id()));
    let outcome = write(&fresh, bytes, access).and_then(|()| Ok(fs::rename(&fresh, path)?));
    if outcome.is_err() {
        // The first cause is the one to tell.
        let _ = fs::remove_file(&fresh);
    }
    outcome.with_context(|| format!("writing {}", path.display()))
}

fn write(path: &Path, bytes: &[u8], access: Access) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Copies a file, or a link as a link.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    if fs::symlink_metadata(from)?.is_symlink() {
        return Ok(std::os::unix::fs::symlink(fs::read_link(from)?, to)?);
    }
    fs::copy(from, to)?;
    Ok(())
}

fn sync(folder: &Path) -> anyhow::Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::discover::REPORT_MARK;

    const MANIFEST: &str = "manifest.json";

    fn artifact(path: &str, text: &str) -> Artifact {
        Artifact { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// Writes a report of one chart.
    fn write_report(path: &Path, chart: &str) -> anyhow::Result<()> {
        let manifest = format!(r#"{{"schema":"{REPORT_MARK}","outputs":[{{"path":"{chart}"}}]}}"#);
        Folder::new(path)?.write(&[artifact(chart, "1"), artifact(MANIFEST, &manifest)], Access::Default)
    }

    #[test]
    fn a_report_is_replaced_and_foreign_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        write_report(&path, "charts/a.svg").unwrap();
        fs::write(path.join("charts/notes.txt"), "mine").unwrap();
        write_report(&path, "charts/b.svg").unwrap();
        assert!(!path.join("charts/a.svg").exists());
        assert!(path.join("charts/b.svg").exists());
        assert_eq!(fs::read_to_string(path.join("charts/notes.txt")).unwrap(), "mine");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_foreign_file_in_the_way_stops_the_report_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        write_report(&path, "a.svg").unwrap();
        fs::write(path.join("charts"), "mine").unwrap();
        assert!(write_report(&path, "charts/b.svg").is_err());
        assert_eq!(fs::read_to_string(path.join("charts")).unwrap(), "mine");
        assert!(path.join("a.svg").exists(), "the earlier report stands");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_of_other_things_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(MANIFEST), r#"{"name":"an extension","outputs":[]}"#).unwrap();
        let refused = |path: &Path| Folder::new(path).unwrap_err().to_string();
        assert!(refused(dir.path()).contains("holds other files and no report"));
        assert!(refused(&dir.path().join(MANIFEST)).contains("is a file"));
        assert!(refused(&dir.path().join("manifest.json/below/it")).contains("cannot be put below it"));
        assert!(refused(Path::new(".")).contains("working folder"));
        assert!(refused(Path::new("..")).contains("working folder"));
    }

    #[test]
    fn folders_above_the_report_are_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/c");
        write_report(&path, "charts/a.svg").unwrap();
        assert!(path.join("charts/a.svg").exists());
    }

    #[cfg(unix)]
    #[test]
    fn files_with_prompts_are_the_owners() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        Folder::new(&path).unwrap().write(&[artifact("rejects.csv", "a")], Access::Owner).unwrap();
        let mode = fs::metadata(path.join("rejects.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
