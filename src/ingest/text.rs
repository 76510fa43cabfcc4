//! Bytes become text: byte order marks, UTF-16, and Windows-1252 where the bytes are no UTF-8.
use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded file.
#[derive(Debug, PartialEq, Eq)]
pub struct Text<'b> {
    /// The text, without byte order mark; the bytes themselves where they are UTF-8.
    pub text: Cow<'b, str>,
    /// What was assumed, where it was not plain UTF-8.
    pub note: Option<String>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// NUL bytes without UTF-16.
    #[error("this is a binary file, not text: export as CSV or JSON")]
    Binary,
}

/// Decodes a file.
///
/// # Errors
/// When it is empty or binary.
pub fn decode(bytes: &[u8]) -> Result<Text<'_>, TextError> {
    if bytes.is_empty() {
        return Err(TextError::Empty);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let note = (encoding != UTF_8).then(|| format!("decoded from {}", encoding.name()));
        if encoding == UTF_8 {
            return checked(&bytes[mark..]);
        }
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Ok(Text { text, note });
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Ok(Text { text, note: Some(format!("decoded from {}", encoding.name())) });
    }
    checked(bytes)
}

/// UTF-8, else Windows-1252.
fn checked(bytes: &[u8]) -> Result<Text<'_>, TextError> {
    if memchr::memchr(0, &bytes[..bytes.len().min(65_536)]).is_some() {
        return Err(TextError::Binary);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Text { text: text.into(), note: None });
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok(Text { text, note: Some("not UTF-8: decoded from windows-1252".to_owned()) })
}

/// UTF-16 shows in its zero bytes: text of Latin letters has one in each pair.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let pairs = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if pairs >= 4 && even == 0 && odd * 10 > pairs * 7 => Some(UTF_16LE),
        (even, odd) if pairs >= 4 && odd == 0 && even * 10 > pairs * 7 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let got = match decode(bytes) {
            Ok(Text { text, note }) => format!("{text}{}", note.map(|note| format!(" [{note}]")).unwrap_or_default()),
            Err(err) => err.to_string(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn encodings_are_told_apart() {
        check("é,1".as_bytes(), "é,1");
        check("\u{feff}é,1".as_bytes(), "é,1");
        check(b"\xe9,1", "é,1 [not UTF-8: decoded from windows-1252]");
        let utf_16: Vec<u8> = "date,é\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf_16, "date,é\n1,2\n [decoded from UTF-16LE]");
        check(&[&[0xff, 0xfe], &utf_16[..]].concat(), "date,é\n1,2\n [decoded from UTF-16LE]");
        let big: Vec<u8> = "date,é\n1,2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&big, "date,é\n1,2\n [decoded from UTF-16BE]");
    }

    #[test]
    fn nothing_and_binary_are_refused() {
        check(b"", "the file is empty");
        check(b"\x7fELF\x02\x01\x01\x00\x00", "this is a binary file, not text: export as CSV or JSON");
    }
}
