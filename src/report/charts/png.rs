//! Portable Network Graphics (ISO/IEC 15948), as much of it as a picture of three bytes a pixel needs: each row is written as
//! its difference from the row above, then all rows are packed.
use std::io::Write as _;

use flate2::{Compression, Crc, write::ZlibEncoder};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a channel, colours without a palette, the one packing and filtering there is, no interlacing.
const FORM: [u8; 5] = [8, 2, 0, 0, 0];
/// A row that is told by the row above.
const UP: u8 = 2;

/// A file of `width * height` pixels, each red, green, blue.
pub(super) fn encode(width: usize, height: usize, rgb: &[u8]) -> Vec<u8> {
    let mut above = vec![0; width * 3];
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::new(6));
    for row in rgb.chunks_exact((width * 3).max(1)) {
        let differences: Vec<u8> = row.iter().zip(&above).map(|(byte, above)| byte.wrapping_sub(*above)).collect();
        // writing into memory cannot fail
        let _ = zlib.write_all(&[UP]).and_then(|()| zlib.write_all(&differences));
        above.copy_from_slice(row);
    }
    let packed = zlib.finish().unwrap_or_default();
    let size = |length: usize| u32::try_from(length).unwrap_or(0).to_be_bytes();
    let head = [&size(width)[..], &size(height), &FORM].concat();
    let mut file = SIGNATURE.to_vec();
    for (name, content) in [(b"IHDR", &head[..]), (b"IDAT", &packed), (b"IEND", &[])] {
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(content);
        file.extend(size(content.len()));
        file.extend(name);
        file.extend(content);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_picture_is_a_file_of_three_parts_that_unpack_to_its_rows() {
        let file = encode(2, 2, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        assert_eq!(&file[..8], SIGNATURE);
        assert_eq!(&file[8..33], b"\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x02\x08\x02\0\0\0\xfd\xd4\x9a\x73");
        let length = usize::try_from(u32::from_be_bytes(file[33..37].try_into().unwrap())).unwrap();
        assert_eq!(&file[37..41], b"IDAT");
        let mut rows = Vec::new();
        flate2::read::ZlibDecoder::new(&file[41..41 + length]).read_to_end(&mut rows).unwrap();
        assert_eq!(rows, [2, 1, 2, 3, 4, 5, 6, 2, 6, 6, 6, 6, 6, 6]);
        assert_eq!(&file[file.len() - 12..], b"\0\0\0\0IEND\xae\x42\x60\x82");
    }
}
