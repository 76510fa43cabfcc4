//! What the pages of a Parquet file say that they unpack to. The reader makes room for what a page's header says, up to 2 GiB,
//! or unpacks whatever comes: here the headers are read first, and what lies is refused.
use std::io::Read;

use ::parquet::{
    basic::Compression,
    file::metadata::{ColumnChunkMetaData, ParquetMetaData},
};

use crate::ingest::unpack::{Damage, bounds::Budget};

/// Pages that stand in memory at once: of each column of a group of rows its dictionary and a page.
const MOST_AT_ONCE: u64 = 256 << 20;
/// Headers of pages nest no deeper.
const DEEPEST: u32 = 8;

/// Refuses a file whose pages unpack to more than is left, to too much at once, or to more than their headers say.
pub(super) fn check(bytes: &[u8], about: &ParquetMetaData, mut budget: Budget) -> Result<(), Damage> {
    for group in about.row_groups() {
        let mut at_once = 0_u64;
        for column in group.columns() {
            let Pages { all, dictionary, largest } = of_column(bytes, column)?;
            budget.take(all)?;
            at_once = at_once.saturating_add(dictionary).saturating_add(largest);
        }
        if at_once > MOST_AT_ONCE {
            let most = MOST_AT_ONCE >> 20;
            let what = "smaller pages or groups of rows";
            return Err(Damage::Broken(format!(
                "its pages take more than {most} MiB at once: write it again with {what}"
            )));
        }
    }
    Ok(())
}

/// Bytes that the pages of a column unpack to.
#[derive(Default)]
struct Pages {
    all: u64,
    dictionary: u64,
    largest: u64,
}

fn of_column(bytes: &[u8], column: &ColumnChunkMetaData) -> Result<Pages, Damage> {
    let mut pages = Pages::default();
    let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let start = usize::try_from(start).map_err(super::damage)?;
    let length = usize::try_from(column.compressed_size()).map_err(super::damage)?;
    let end = start.saturating_add(length).min(bytes.len());
    let mut rest = bytes.get(start..end).ok_or_else(|| super::damage("a column stands outside of it"))?;
    while !rest.is_empty() {
        let lies = || super::damage("the header of a page contradicts the page");
        let (header, body) = Header::read(rest).ok_or_else(lies)?;
        let page = body.get(..header.packed).ok_or_else(lies)?;
        if !is_true(page, &header, column.compression()) {
            return Err(lies());
        }
        pages.all = pages.all.saturating_add(header.unpacked);
        let largest = if header.is_dictionary { &mut pages.dictionary } else { &mut pages.largest };
        *largest = header.unpacked.max(*largest);
        rest = &body[header.packed..];
    }
    Ok(pages)
}

/// Whether a page unpacks to no more than its header says, where its packer makes no room beforehand but keeps all that comes.
fn is_true(page: &[u8], header: &Header, compression: Compression) -> bool {
    let (Some(packed), Some(most)) = (page.get(header.levels..), header.unpacked.checked_sub(header.levels as u64))
    else {
        return false;
    };
    let ends_in_time = |unpacker: &mut dyn Read| {
        // Damage is found in time, too, and told by the reader.
        std::io::copy(&mut unpacker.take(most + 1), &mut std::io::sink()).map_or(true, |size| size <= most)
    };
    match compression {
        _ if !header.is_packed => true,
        Compression::GZIP(_) => ends_in_time(&mut flate2::read::MultiGzDecoder::new(packed)),
        Compression::BROTLI(_) => ends_in_time(&mut brotli::Decompressor::new(packed, BUFFER)),
        // Frames stand in files of a few old programs only.
        Compression::LZ4 => !is_lz4_frame(packed),
        _ => true,
    }
}

/// Bytes that are unpacked at a time.
const BUFFER: usize = 16 << 10;

/// Whether a page begins as a frame of LZ4 does: today's, one of the first format, or one to be skipped before others.
const fn is_lz4_frame(packed: &[u8]) -> bool {
    matches!(packed, [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// What the header of a page says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Header {
    is_dictionary: bool,
    unpacked: u64,
    packed: usize,
    /// Bytes before the packed ones.
    levels: usize,
    is_packed: bool,
}

impl Header {
    /// The header that some bytes begin with, and the bytes behind it.
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        const DICTIONARY: i64 = 2;
        let (mut rest, mut header) = (bytes, Self { is_packed: true, ..Self::default() });
        let (mut unpacked, mut packed) = (None, None);
        let mut levels = [0, 0];
        each_field(
            &mut rest,
            DEEPEST,
            &mut |path, value| match (path, value) {
                ([1], Value::Number(kind)) => header.is_dictionary = kind == DICTIONARY,
                ([2], Value::Number(size)) => unpacked = u64::try_from(size).ok(),
                ([3], Value::Number(size)) => packed = usize::try_from(size).ok(),
                ([8, 5], Value::Number(size)) => levels[0] = size,
                ([8, 6], Value::Number(size)) => levels[1] = size,
                ([8, 7], Value::Flag(is_packed)) => header.is_packed = is_packed,
                _ => (),
            },
            &mut Vec::new(),
        )?;
        (header.unpacked, header.packed) = (unpacked?, packed?);
        header.levels = usize::try_from(levels[0].checked_add(levels[1])?).ok()?;
        Some((header, rest))
    }
}

/// A field of a structure in Thrift's compact protocol, as far as it is needed.
enum Value {
    Number(i64),
    Flag(bool),
}

/// Reads a structure, field by field; those of structures in it have a path of several numbers. `None` where it is cut or
/// is none.
fn each_field(rest: &mut &[u8], depth: u32, visit: &mut dyn FnMut(&[i64], Value), path: &mut Vec<i64>) -> Option<()> {
    let mut id = 0_i64;
    loop {
        let head = byte(rest)?;
        let kind = head & 0x0f;
        if kind == 0 {
            return Some(());
        }
        id = if head >> 4 == 0 { zigzag(rest)? } else { id.checked_add(i64::from(head >> 4))? };
        path.push(id);
        match kind {
            1 | 2 => visit(path, Value::Flag(kind == 1)),
            4..=6 => visit(path, Value::Number(zigzag(rest)?)),
            12 => each_field(rest, depth.checked_sub(1)?, visit, path)?,
            _ => skip(rest, kind, depth)?,
        }
        path.pop();
    }
}

/// Passes over a value of a kind.
fn skip(rest: &mut &[u8], kind: u8, depth: u32) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match kind {
        // As an element of a list, a flag takes a byte.
        1..=3 => byte(rest).map(|_| ()),
        4..=6 => varint(rest).map(|_| ()),
        7 => take(rest, 8),
        8 => {
            let length = varint(rest)?;
            take(rest, length)
        }
        9 | 10 => {
            let head = byte(rest)?;
            let length = if head >> 4 == 15 { varint(rest)? } else { u64::from(head >> 4) };
            // Each element takes a byte at least.
            (length <= rest.len() as u64).then_some(())?;
            (0..length).try_for_each(|_| skip(rest, head & 0x0f, depth))
        }
        12 => each_field(rest, depth, &mut |_, _| (), &mut Vec::new()),
        _ => None,
    }
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (&first, behind) = rest.split_first()?;
    *rest = behind;
    Some(first)
}

fn take(rest: &mut &[u8], length: u64) -> Option<()> {
    *rest = rest.get(usize::try_from(length).ok()?..)?;
    Some(())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let next = byte(rest)?;
        number |= u64::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[expect(clippy::cast_possible_wrap, reason = "the halves of a zigzag number fit")]
fn zigzag(rest: &mut &[u8]) -> Option<i64> {
    let number = varint(rest)?;
    Some((number >> 1) as i64 ^ -((number & 1) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_pages_are_read() {
        // Type 2, unpacked 100, packed 5, a checksum, statistics in a structure with a text, a list and a flag.
        let plain =
            [0x15, 4, 0x15, 0xc8, 1, 0x15, 10, 0x15, 1, 0x1c, 0x18, 2, b'a', b'b', 0x19, 0x25, 2, 4, 0x11, 0, 0, b'x'];
        let (header, rest) = Header::read(&plain).unwrap();
        let expected = Header { is_dictionary: true, unpacked: 100, packed: 5, levels: 0, is_packed: true };
        assert_eq!((header, rest), (expected, &b"x"[..]));
        // The second form: 3 + 4 bytes of levels, not packed.
        let second = [0x15, 6, 0x15, 40, 0x15, 40, 0x5c, 0x55, 6, 0x15, 8, 0x12, 0, 0];
        let (header, rest) = Header::read(&second).unwrap();
        let expected = Header { is_dictionary: false, unpacked: 20, packed: 20, levels: 7, is_packed: false };
        assert_eq!((header, rest), (expected, &b""[..]));
    }

    #[test]
    fn what_is_no_header_is_none() {
        for bytes in
            [&b""[..], b"\x15", b"\x15\x04\x00", b"\x15\x04\x15\x01\x15\x01\x00", &[0x1c; 64], &[0xff; 64], &[0x19; 64]]
        {
            assert_eq!(Header::read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_page_that_unpacks_to_more_than_it_says_is_found() {
        use std::io::Write as _;
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(&[0; 100]).unwrap();
        let packed = writer.finish().unwrap();
        let header =
            |unpacked| Header { is_dictionary: false, unpacked, packed: packed.len(), levels: 0, is_packed: true };
        let gzip = Compression::GZIP(::parquet::basic::GzipLevel::default());
        assert!(is_true(&packed, &header(100), gzip) && !is_true(&packed, &header(99), gzip));
    }

    #[test]
    fn frames_of_lz4_unpack_to_whatever_comes_and_are_refused() {
        let check = |packed: &[u8], expected| {
            let header =
                Header { is_dictionary: false, unpacked: 100, packed: packed.len(), levels: 0, is_packed: true };
            assert_eq!(is_true(packed, &header, Compression::LZ4), expected, "{packed:?}");
        };
        for magic in [b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", b"\x50\x2a\x4d\x18", b"\x5f\x2a\x4d\x18"] {
            check(&[&magic[..], &[0; 20]].concat(), false);
            check(magic, false);
        }
        check(b"\x00\x00\x00\x64\x00\x00\x00\x02\x10a", true);
        check(b"\x02\x21\x4c", true);
    }
}
