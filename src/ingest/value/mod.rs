//! Cells become values, checked: an unreadable one is a problem, never a zero.
pub mod decimal;
pub mod instant;
pub mod words;

use std::hash::{BuildHasher as _, Hash};

use rustc_hash::FxBuildHasher;

/// The hash that tells events apart.
pub(super) fn key_of(parts: impl Hash) -> u64 {
    FxBuildHasher.hash_one(parts)
}
