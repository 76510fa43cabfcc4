//! Report folders appear whole or not at all: written beside, synced, then renamed into place. Files in the folder
//! that are not the report's own are carried over, never deleted.
use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use crate::report::Artifact;

/// The file by which a folder is known as a report's.
const MANIFEST: &str = "manifest.json";

/// A report folder to be written; checked before any work is done.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Checks that a folder can be written.
    ///
    /// # Errors
    /// When the path is a file, or a folder with other things in it than a report.
    pub fn new(path: &Path) -> anyhow::Result<Self> {
        if path.exists() {
            ensure!(path.is_dir(), "{} is a file: -o names a folder for the report", path.display());
            let is_empty = fs::read_dir(path).with_context(|| format!("listing {}", path.display()))?.next().is_none();
            if !is_empty && !path.join(MANIFEST).is_file() {
                bail!("{} holds other files and no report: name an empty or a new folder with -o", path.display());
            }
        }
        let parent = parent(path);
        ensure!(parent.is_dir(), "no folder {} to put the report in", parent.display());
        Ok(Self(path.to_owned()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes the files, replacing an earlier report.
    ///
    /// # Errors
    /// When the disk does; the earlier report then stands as it was.
    pub fn write(&self, files: &[Artifact]) -> anyhow::Result<()> {
        let context = || format!("writing the report to {}", self.0.display());
        let fresh = self.beside("new");
        let old = self.beside("old");
        remove(&fresh).with_context(context)?;
        let written = write_all(&fresh, files).with_context(context);
        if written.is_err() {
            remove(&fresh).with_context(context)?;
            return written;
        }
        if self.0.exists() {
            remove(&old).with_context(context)?;
            fs::rename(&self.0, &old).with_context(context)?;
            fs::rename(&fresh, &self.0).with_context(context)?;
            carry_over(&old, &self.0, files).with_context(context)?;
            remove(&old).with_context(context)?;
        } else {
            fs::rename(&fresh, &self.0).with_context(context)?;
        }
        sync(&parent(&self.0)).with_context(context)
    }

    fn beside(&self, what: &str) -> PathBuf {
        let name = self.0.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        parent(&self.0).join(format!(".{name}.{what}-{}", std::process::id()))
    }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn write_all(folder: &Path, files: &[Artifact]) -> anyhow::Result<()> {
    for artifact in files {
        let path = folder.join(&artifact.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let mut file = File::create(&path)?;
        file.write_all(&artifact.bytes)?;
        file.sync_all()?;
    }
    sync(folder)
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

/// Moves what the earlier report did not write, and the new one does not either, into the new folder.
fn carry_over(old: &Path, new: &Path, files: &[Artifact]) -> anyhow::Result<()> {
    let own = own_files(old)?;
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(old.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            let label = path.to_string_lossy().replace('\\', "/");
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if !own.contains(&label) && label != MANIFEST && !files.iter().any(|file| file.path == label) {
                fs::create_dir_all(new.join(&below))?;
                fs::rename(entry.path(), new.join(&path))?;
            }
        }
    }
    Ok(())
}

/// What the manifest of a report says that it wrote.
fn own_files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs::read(folder.join(MANIFEST))?;
    let manifest: serde_json::Value = serde_json::from_slice(&text)?;
    let outputs = manifest.get("outputs").and_then(serde_json::Value::as_array).into_iter().flatten();
    let paths = outputs.filter_map(|file| file.get("path").and_then(serde_json::Value::as_str));
    Ok(paths.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(path: &str, text: &str) -> Artifact {
        Artifact { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_report_is_replaced_and_foreign_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        let manifest = r#"{"outputs":[{"path":"charts/a.svg"}]}"#;
        let folder = Folder::new(&path).unwrap();
        folder.write(&[artifact("charts/a.svg", "1"), artifact(MANIFEST, manifest)]).unwrap();
        fs::write(path.join("charts/notes.txt"), "mine").unwrap();
        let folder = Folder::new(&path).unwrap();
        folder.write(&[artifact("charts/b.svg", "2"), artifact(MANIFEST, "{}")]).unwrap();
        assert!(!path.join("charts/a.svg").exists());
        assert_eq!(fs::read_to_string(path.join("charts/b.svg")).unwrap(), "2");
        assert_eq!(fs::read_to_string(path.join("charts/notes.txt")).unwrap(), "mine");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_of_other_things_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "").unwrap();
        let err = Folder::new(dir.path()).unwrap_err().to_string();
        assert!(err.contains("holds other files and no report"), "{err}");
        assert!(Folder::new(&dir.path().join("thesis.txt")).unwrap_err().to_string().contains("is a file"));
        assert!(Folder::new(&dir.path().join("no/such/parent")).unwrap_err().to_string().contains("no folder"));
    }
}
