//! Streams of one file: gzip with any number of members, zstd with any number of frames. Where one is cut short or damaged,
//! the place is told; nothing is half read.
use std::io::{self, Read};

use flate2::bufread::GzDecoder;

pub(super) const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];

/// Unpacks gzip, all members one after the other; zeros that fill up the end are no data.
pub(super) struct Gunzip<'b> {
    member: Option<GzDecoder<&'b [u8]>>,
    length: usize,
}

impl<'b> Gunzip<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { member: Some(GzDecoder::new(bytes)), length: bytes.len() }
    }
}

impl Read for Gunzip<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let left = member.get_ref().len();
            let read = member.read(into).map_err(|err| located("gzip", &err, self.length - left, self.length))?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let rest = self.member.take().map_or(&[][..], GzDecoder::into_inner);
            let zeros = rest.iter().take_while(|byte| **byte == 0).count();
            let rest = &rest[zeros..];
            if rest.is_empty() {
                break;
            }
            if !rest.starts_with(GZIP) {
                let at = self.length - rest.len();
                return Err(io::Error::other(format!(
                    "from byte {at} on it is no gzip any more: copy or pack it again"
                )));
            }
            self.member = Some(GzDecoder::new(rest));
        }
        Ok(0)
    }
}

pub(super) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Whether zstd data begin here; they may begin with a frame that holds no data.
pub(super) fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(ZSTD) || matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Unpacks zstd, all frames one after the other.
pub(super) struct Unzstd<'b> {
    frames: zstd::stream::read::Decoder<'static, &'b [u8]>,
    length: usize,
}

impl<'b> Unzstd<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> io::Result<Self> {
        Ok(Self { frames: zstd::stream::read::Decoder::with_buffer(bytes)?, length: bytes.len() })
    }
}

impl Read for Unzstd<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.frames.get_ref().len();
        self.frames.read(into).map_err(|err| located("zstd", &err, self.length - left, self.length))
    }
}

fn located(what: &str, err: &io::Error, at: usize, length: usize) -> io::Error {
    let text = if err.kind() == io::ErrorKind::UnexpectedEof {
        format!("the {what} data break off at the end of the file, byte {length}: copy the whole file")
    } else {
        format!("the {what} data are damaged near byte {at} of {length} ({err}): copy or pack it again")
    };
    io::Error::other(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn gz(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn zst(text: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(text, 1).unwrap()
    }

    fn read(mut stream: impl Read) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).map_err(|err| err.to_string())?;
        Ok(bytes)
    }

    fn read_gz(bytes: &[u8]) -> Result<Vec<u8>, String> {
        read(Gunzip::new(bytes))
    }

    fn read_zst(bytes: &[u8]) -> Result<Vec<u8>, String> {
        read(Unzstd::new(bytes).unwrap())
    }

    #[test]
    fn members_and_frames_follow_each_other() {
        let empty = Vec::new();
        assert_eq!(read_gz(&[gz(b"ab"), gz(b""), gz(b"cd"), vec![0; 512]].concat()), Ok(b"abcd".to_vec()));
        assert_eq!(read_zst(&[zst(b"ab"), zst(b""), zst(b"cd")].concat()), Ok(b"abcd".to_vec()));
        assert_eq!(read_zst(&[vec![0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7], zst(b"a")].concat()), Ok(b"a".to_vec()));
        assert_eq!((read_gz(&gz(b"")), read_zst(&zst(b""))), (Ok(empty.clone()), Ok(empty)));
    }

    #[test]
    fn what_follows_and_is_no_data_is_told() {
        let err = read_gz(&[gz(b"ab"), b"junk".to_vec()].concat()).unwrap_err();
        assert!(err.contains("no gzip any more"), "{err}");
        let err = read_zst(&[zst(b"ab"), b"junk".to_vec()].concat()).unwrap_err();
        assert!(err.contains("damaged near byte"), "{err}");
    }

    proptest! {
        #[test]
        fn a_cut_stream_is_never_read_as_whole(text in proptest::collection::vec(any::<u8>(), 1..3_000), share in 0.01..1.0_f64) {
            for (packed, unpack) in [(gz(&text), read_gz as fn(&[u8]) -> _), (zst(&text), read_zst)] {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "short")]
                let cut = ((packed.len() as f64 * share) as usize).clamp(4, packed.len() - 1);
                prop_assert_eq!(unpack(&packed), Ok(text.clone()));
                let err = unpack(&packed[..cut]).unwrap_err();
                prop_assert!(err.contains("break off"), "{}", err);
            }
        }
    }
}
