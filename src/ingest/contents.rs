//! What one file on disk holds: one table or transcript, or as many as an archive has members.
use crate::ingest::{
    Settings,
    batch::Batch,
    source::{self, ReadError, Source},
    unpack::{self, Content, bounds::Budget},
};

/// One table or transcript, or why it was not read.
pub(super) struct Read {
    /// The member of the archive that it is, where it is one.
    pub(super) member: Option<String>,
    /// What it is, how sure that is, and what it holds.
    pub(super) outcome: Result<(Source, f64, Batch), ReadError>,
}

/// Reads all that is in the bytes of a file on disk.
pub(super) fn read(bytes: &[u8], settings: &Settings) -> Vec<Read> {
    let mut found = Vec::new();
    let mut budget = Budget::new(settings.max_size);
    unpack::each_content(bytes, &mut budget, &mut |Content { member, bytes }, _| {
        let outcome = bytes.map_err(ReadError::from).and_then(|bytes| source::read(&bytes, settings));
        found.push(Read { member, outcome });
    });
    if found.is_empty() {
        let outcome = Err(ReadError::Unknown("the archive is empty".to_owned()));
        found.push(Read { member: None, outcome });
    }
    found
}
