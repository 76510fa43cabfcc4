//! The salt of pseudonyms: a file that is made once and kept, so that a person has the same pseudonym in every report.
use std::{
    collections::hash_map::RandomState,
    fs::OpenOptions,
    hash::{BuildHasher as _, Hasher as _},
    io::Write as _,
    path::Path,
};

use anyhow::{Context as _, Result};

use crate::{ingest::identity::pseudonyms::Pseudonyms, model::digest::sha256};

/// The file in the working folder that holds the salt unless `--salt` names another.
const DEFAULT: &str = "creditscope.salt";

/// Pseudonyms with the salt of the named file, else of the one in the working folder; a file that is not there is made.
pub(super) fn pseudonyms(named: Option<&Path>) -> Result<Pseudonyms> {
    let path = named.unwrap_or_else(|| Path::new(DEFAULT));
    if !path.exists() {
        make(path).with_context(|| {
            format!("making the salt {}: name a file with a long random text with --salt", path.display())
        })?;
    }
    Pseudonyms::read(path)
}

/// Writes a salt that only the owner can read.
fn make(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all((random() + "\n").as_bytes())
}

/// 64 hexadecimal digits. The keys of the standard library's hash tables are 128 bits from the system's random source; what
/// they make of a few numbers is digested, so that no two salts are alike and none can be guessed.
fn random() -> String {
    let keyed = |number: u64| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(number);
        hasher.finish().to_string()
    };
    sha256((0..8).map(keyed).collect::<String>().as_bytes())
}
