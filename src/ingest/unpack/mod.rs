//! What is inside a file on disk: compressed files are unpacked in memory, archives opened, within bounds. What a file is,
//! its first bytes tell; its ending does not matter. Nothing is written, and no name inside an archive becomes a path.
pub(super) mod archive;
pub(super) mod bounds;
mod streams;

use std::{borrow::Cow, io};

use archive::Archive;
use bounds::{Budget, Unpacked};
use streams::{Gunzip, Unzstd};

/// Why a file cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// Cut short, changed, encrypted, or packed in a way that is not read.
    #[error("{0}")]
    Broken(String),
    /// It packs better than any table does.
    #[error("it unpacks to more than 200 times its size, which no export does: not read; --max-size allows more")]
    Bomb,
    /// It unpacks to more than is allowed.
    #[error("it unpacks to more than {}: not read; --max-size allows more", size(*most))]
    TooLarge {
        /// How much is allowed, in bytes.
        most: u64,
    },
}

impl From<io::Error> for Damage {
    fn from(err: io::Error) -> Self {
        Self::Broken(err.to_string())
    }
}

/// A file inside a file, or the file itself.
#[derive(Debug)]
pub(super) struct Content<'b> {
    /// The member of the archive that it is, where it is one.
    pub(super) member: Option<String>,
    /// Its bytes, unpacked.
    pub(super) bytes: Result<Cow<'b, [u8]>, Damage>,
}

/// Archives and compressed files inside each other are opened up to this depth.
const DEEPEST: u32 = 4;

/// Hands over what a file holds, one content at a time: of an archive, each member.
pub(super) fn each_content(bytes: &[u8], budget: &mut Budget, visit: &mut dyn FnMut(Content, &mut Budget)) {
    open(Cow::Borrowed(bytes), None, DEEPEST, budget, visit);
}

fn open(
    bytes: Cow<[u8]>,
    member: Option<String>,
    depth: u32,
    budget: &mut Budget,
    visit: &mut dyn FnMut(Content, &mut Budget),
) {
    let damage = match unpacked(&bytes, budget) {
        Err(damage) => damage,
        Ok(None) => return visit(Content { member, bytes: Ok(bytes) }, budget),
        Ok(Some(_)) if depth == 0 => Damage::Broken("it is packed too many times: unpack it first".to_owned()),
        Ok(Some(Inner::Stream(inner))) => {
            drop(bytes);
            return open(Cow::Owned(inner), member, depth - 1, budget, visit);
        }
        Ok(Some(Inner::Archive(mut archive))) => {
            for entry in archive::members(&mut archive) {
                let label =
                    member.iter().map(String::as_str).chain([entry.label.as_str()]).collect::<Vec<_>>().join("/");
                match archive::unpack(&mut archive, entry.index, budget) {
                    Ok(inner) => open(Cow::Owned(inner), Some(label), depth - 1, budget, visit),
                    Err(damage) => visit(Content { member: Some(label), bytes: Err(damage) }, budget),
                }
            }
            return;
        }
    };
    visit(Content { member, bytes: Err(damage) }, budget);
}

enum Inner<'b> {
    Stream(Vec<u8>),
    Archive(Archive<'b>),
}

/// What is packed in some bytes; `None` where they are not packed.
fn unpacked<'b>(bytes: &'b [u8], budget: &mut Budget) -> Result<Option<Inner<'b>>, Damage> {
    let packed = bytes.len() as u64;
    if bytes.starts_with(streams::GZIP) {
        let inner = match budget.unpack(packed, Gunzip::new(bytes))? {
            Unpacked::Whole(inner) => inner,
            Unpacked::Large(size) => bounds::whole(size, Gunzip::new(bytes))?,
        };
        return Ok(Some(Inner::Stream(inner)));
    }
    if streams::is_zstd(bytes) {
        let inner = match budget.unpack(packed, Unzstd::new(bytes)?)? {
            Unpacked::Whole(inner) => inner,
            Unpacked::Large(size) => bounds::whole(size, Unzstd::new(bytes)?)?,
        };
        return Ok(Some(Inner::Stream(inner)));
    }
    if archive::is_zip(bytes) {
        let archive = archive::open(bytes, budget)?;
        let is_workbook = archive::is_document(&archive);
        return Ok((!is_workbook).then_some(Inner::Archive(archive)));
    }
    match OTHER_PACKERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, name)) => Err(Damage::Broken(format!("it is packed with {name}, which is not read: unpack it first"))),
        None => Ok(None),
    }
}

const OTHER_PACKERS: [(&[u8], &str); 5] = [
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x04\x22\x4d\x18", "lz4"),
];

/// A number of bytes in the largest unit that says it exactly.
fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.iter().find(|(shift, _)| bytes >> shift > 0 && bytes.trailing_zeros() >= *shift);
    unit.map_or_else(|| format!("{bytes} bytes"), |(shift, name)| format!("{} {name}", bytes >> shift))
}
