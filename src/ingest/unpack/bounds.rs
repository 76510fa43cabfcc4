//! How much a compressed file may unpack to, so that a few bytes which claim to be many do not fill the memory.
use std::io::{self, Read};

use crate::ingest::unpack::Damage;

/// Unpacked bytes of one file on disk, unless the user allows more.
const MOST: u64 = 1 << 30;
/// Tables of text pack 5 to 50 times; what packs more, and is large, was made to harm.
const MOST_TIMES: u64 = 200;
/// What unpacks to less harms nobody, however well it packs.
const HARMLESS: u64 = 32 << 20;
/// Up to this much is unpacked at once; of more, the size is counted before anything is kept.
const KEPT_AT_ONCE: u64 = 64 << 20;

/// A stream, unpacked.
pub(super) enum Unpacked {
    /// All of it.
    Whole(Vec<u8>),
    /// How long it is: it is plausible, and to be unpacked again by [`whole`].
    Large(u64),
}

/// Unpacks a stream of a known length.
pub(super) fn whole(size: u64, mut stream: impl Read) -> Result<Vec<u8>, Damage> {
    let mut unpacked = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    stream.read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// What is left of the bytes that a file on disk may unpack to, with all that is in it.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Budget {
    most: u64,
    left: u64,
    is_chosen: bool,
}

impl Budget {
    /// What the user allows, else the default.
    pub(in crate::ingest) fn new(chosen: Option<u64>) -> Self {
        let most = chosen.unwrap_or(MOST);
        Self { most, left: most, is_chosen: chosen.is_some() }
    }

    /// The same with a lower bound, unless the user allows more.
    pub(in crate::ingest) fn capped(&self, most: u64) -> Self {
        if self.is_chosen { self.clone() } else { Self { most, left: self.left.min(most), is_chosen: false } }
    }

    /// How much is left, in bytes.
    pub(in crate::ingest) const fn left(&self) -> u64 {
        self.left
    }

    /// Refuses a size that a directory declares, before anything is unpacked.
    pub(super) fn check_declared(&self, declared: u128) -> Result<(), Damage> {
        if declared > u128::from(self.left) { Err(self.too_large()) } else { Ok(()) }
    }

    /// Takes a number of unpacked bytes off.
    pub(in crate::ingest) fn take(&mut self, unpacked: u64) -> Result<(), Damage> {
        self.left = self.left.checked_sub(unpacked).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    /// Unpacks a stream whose packed length is known; a large one is only counted.
    pub(super) fn unpack(&mut self, packed: u64, mut stream: impl Read) -> Result<Unpacked, Damage> {
        let kept = KEPT_AT_ONCE.min(self.most_of(packed) + 1);
        let mut unpacked = Vec::new();
        (&mut stream).take(kept).read_to_end(&mut unpacked)?;
        let read = unpacked.len() as u64;
        if read < kept {
            self.take(read)?;
            return Ok(Unpacked::Whole(unpacked));
        }
        drop(unpacked);
        self.count(packed, read, stream).map(Unpacked::Large)
    }

    /// Counts what a stream unpacks to, some of which is read already; nothing of it is kept.
    pub(super) fn count(&mut self, packed: u64, read: u64, stream: impl Read) -> Result<u64, Damage> {
        let most = self.most_of(packed);
        let size = read + io::copy(&mut stream.take(most + 1 - read), &mut io::sink())?;
        if size > most && size <= self.left {
            return Err(Damage::Bomb);
        }
        self.take(size)?;
        Ok(size)
    }

    /// How much a stream of a packed length may unpack to.
    fn most_of(&self, packed: u64) -> u64 {
        let plausible = packed.saturating_mul(MOST_TIMES).max(HARMLESS);
        if self.is_chosen { self.left } else { self.left.min(plausible) }
    }

    fn too_large(&self) -> Damage {
        Damage::TooLarge { most: self.most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(chosen: Option<u64>, packed: u64, size: u64, expected: &str) {
        let stream = || io::repeat(b'x').take(size);
        let got =
            |result: Result<u64, Damage>| result.map_or_else(|damage| damage.to_string(), |size| size.to_string());
        let unpacked = Budget::new(chosen).unpack(packed, stream()).and_then(|unpacked| match unpacked {
            Unpacked::Whole(bytes) => Ok(bytes.len() as u64),
            Unpacked::Large(size) => Ok(whole(size, stream())?.len() as u64),
        });
        assert_eq!(got(unpacked), expected);
    }

    #[test]
    fn what_packs_implausibly_well_or_is_too_large_is_refused() {
        check(None, 10, 1_000, "1000");
        check(None, 10, HARMLESS, "33554432");
        check(None, 10, HARMLESS + 1, &Damage::Bomb.to_string());
        check(None, 1 << 20, 100 << 20, "104857600");
        check(Some(1_000), 10, 1_000, "1000");
        check(Some(1_000), 10, 1_001, &Damage::TooLarge { most: 1_000 }.to_string());
        check(Some(1 << 40), 10, 70 << 20, "73400320");
    }

    #[test]
    fn the_parts_of_a_file_share_its_budget() {
        let mut budget = Budget::new(Some(100));
        assert!(matches!(budget.unpack(10, &[0; 60][..]), Ok(Unpacked::Whole(bytes)) if bytes.len() == 60));
        assert!(budget.unpack(10, &[0; 60][..]).is_err());
        assert!(budget.check_declared(41).is_err() && budget.check_declared(40).is_ok());
    }
}
