//! Values on their way between processes of one version of this program: bytes that no other version reads.
use anyhow::{Context as _, ensure};
use serde::{Serialize, de::DeserializeOwned};

/// What such bytes begin with.
const MARK: &str = concat!("creditscope ", env!("CARGO_PKG_VERSION"), "\n");

/// A value as bytes.
///
/// # Errors
/// When it cannot be written so.
pub fn write(value: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    postcard::to_extend(value, MARK.as_bytes().to_vec()).context("writing what other workers read")
}

/// A value of bytes.
///
/// # Errors
/// When another version wrote them, or they are damaged.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    let rest = bytes.strip_prefix(MARK.as_bytes());
    let rest =
        rest.with_context(|| format!("it was not written by {}: give all workers the same program", MARK.trim()))?;
    let (value, rest) = postcard::take_from_bytes(rest).context("what another worker wrote is damaged")?;
    ensure!(rest.is_empty(), "what another worker wrote is damaged: it goes on after its end");
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_values_of_this_version_are_read() {
        let bytes = write(&("ada".to_owned(), 7_u64)).unwrap();
        assert_eq!(read::<(String, u64)>(&bytes).unwrap(), ("ada".to_owned(), 7));
        for damaged in [&bytes[..bytes.len() - 1], &bytes[1..], &[&bytes[..], b"x"].concat()] {
            assert!(read::<(String, u64)>(damaged).is_err());
        }
    }
}
