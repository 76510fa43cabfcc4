//! Zip archives: each member is a file of its own. Names of members are labels and never paths.
use std::{collections::BTreeSet, io::Cursor};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use crate::ingest::unpack::{
    Damage,
    bounds::{self, Budget, Unpacked},
};

/// An archive in memory.
pub(in crate::ingest) type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// More members than any export has.
const MOST_MEMBERS: usize = 10_000;

/// Whether a zip begins here, be it empty.
pub(in crate::ingest) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Opens an archive and checks what its directory declares.
pub(in crate::ingest) fn open<'b>(bytes: &'b [u8], budget: &Budget) -> Result<Archive<'b>, Damage> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|err| damage("the zip", &err))?;
    if archive.len() > MOST_MEMBERS {
        return Err(Damage::Broken(format!("the zip has {} members; at most {MOST_MEMBERS} are read", archive.len())));
    }
    if archive.has_duplicate_names() {
        return Err(Damage::Broken(
            "the zip has two members of one name: unpack it and say which one counts".to_owned(),
        ));
    }
    budget.check_declared(archive.decompressed_size().unwrap_or(0))?;
    Ok(archive)
}

/// Whether it is a document of an office program, which is one file to people: XLSX, ODS and their kin.
pub(super) fn is_document(archive: &Archive) -> bool {
    let has = |name| archive.index_for_name(name).is_some();
    has("[Content_Types].xml") || has("mimetype") && has("content.xml")
}

/// A member that is a file and not hidden.
pub(super) struct Member {
    pub(super) index: usize,
    /// What it is called: as in the archive, without what would lead out of it.
    pub(super) label: String,
}

/// The members that are files, by their labels.
pub(super) fn members(archive: &mut Archive) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { continue };
        let label = label(&String::from_utf8_lossy(entry.name_raw()));
        let is_hidden = label.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if !entry.is_dir() && !is_hidden && !label.is_empty() {
            found.push(Member { index, label });
        }
    }
    let mut taken = BTreeSet::new();
    for member in &mut found {
        while !taken.insert(member.label.clone()) {
            member.label.push('~');
        }
    }
    found.sort_by(|a, b| a.label.cmp(&b.label));
    found
}

/// A member's bytes.
pub(in crate::ingest) fn unpack(archive: &mut Archive, index: usize, budget: &mut Budget) -> Result<Vec<u8>, Damage> {
    let stream = open_member(archive, index)?;
    match budget.unpack(stream.compressed_size(), stream)? {
        Unpacked::Whole(bytes) => Ok(bytes),
        Unpacked::Large(size) => bounds::whole(size, open_member(archive, index)?),
    }
}

/// How many bytes a member unpacks to.
pub(in crate::ingest) fn count(archive: &mut Archive, index: usize, budget: &mut Budget) -> Result<u64, Damage> {
    let stream = open_member(archive, index)?;
    budget.count(stream.compressed_size(), 0, stream)
}

/// A member as a stream, its checksum checked at the end.
fn open_member<'a, 'b>(archive: &'a mut Archive<'b>, index: usize) -> Result<ZipFile<'a, Cursor<&'b [u8]>>, Damage> {
    archive.by_index(index).map_err(|err| damage("this member of the zip", &err))
}

/// What a member is called: with `/`, without what would lead out of the archive.
fn label(name: &str) -> String {
    let name = name.replace('\\', "/");
    let parts = name.split('/').filter(|part| !part.is_empty() && !matches!(*part, "." | ".."));
    parts.map(|part| part.replace(char::is_control, "?")).collect::<Vec<_>>().join("/")
}

fn damage(what: &str, err: &ZipError) -> Damage {
    Damage::Broken(match err {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            format!("{what} is encrypted: unpack it with its password first")
        }
        ZipError::CompressionMethodNotSupported(method) => {
            format!("{what} is packed by method {method}; deflated and stored ones are read: unpack it first")
        }
        other => format!("{what} is cut short or damaged ({other}): copy the whole file"),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(members: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, Damage> {
        let mut budget = Budget::new(None);
        let mut archive = open(bytes, &budget)?;
        let read = |member: Member| {
            let bytes = unpack(&mut archive, member.index, &mut budget)?;
            Ok((member.label, String::from_utf8(bytes).unwrap()))
        };
        members(&mut open(bytes, &Budget::new(None))?).into_iter().map(read).collect()
    }

    #[track_caller]
    fn check(members: &[(&str, &str)], expected: &[(&str, &str)]) {
        let got = read(&zip(members)).unwrap();
        let got: Vec<(&str, &str)> = got.iter().map(|(label, text)| (label.as_str(), text.as_str())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn members_are_read_by_name_and_hidden_ones_left_out() {
        check(
            &[("b.csv", "1"), ("in/a.csv", "2"), ("__MACOSX/._b.csv", "x"), (".c.csv", "y")],
            &[("b.csv", "1"), ("in/a.csv", "2")],
        );
        check(&[], &[]);
    }

    #[test]
    fn names_that_lead_out_of_the_archive_are_labels_only() {
        check(
            &[("../../etc/a.csv", "1"), ("/etc/a.csv", "2"), ("C:\\b\n.csv", "3")],
            &[("C:/b?.csv", "3"), ("etc/a.csv", "1"), ("etc/a.csv~", "2")],
        );
    }

    #[test]
    fn a_cut_archive_and_a_changed_byte_are_told() {
        let bytes = zip(&[("a.csv", "timestamp,credits")]);
        let err = read(&bytes[..bytes.len() - 10]).unwrap_err().to_string();
        assert!(err.contains("cut short or damaged"), "{err}");
        let mut changed = bytes;
        let at = changed.windows(4).position(|part| part == b"PK\x01\x02").unwrap() - 6;
        changed[at] ^= 1;
        assert!(read(&changed).is_err());
    }
}
