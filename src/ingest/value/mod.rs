//! Cells become values, checked: an unreadable one is a problem, never a zero.
mod clock;
mod date;
pub mod decimal;
pub mod instant;
pub mod order;
pub(super) mod plain;
mod serial;
pub mod words;

use std::hash::{BuildHasher as _, Hash};

use rustc_hash::FxBuildHasher;

/// The key of an event id: ids that end in numbers stand in the order of the numbers, others in no particular one.
pub fn key_of_id(id: &str) -> u64 {
    let (mut number, mut place) = (0, 1);
    for byte in id.bytes().rev().take(9).take_while(u8::is_ascii_digit) {
        number += u64::from(byte - b'0') * place;
        place *= 10;
    }
    number << 32 | key_of(id) >> 32
}

/// The date of a cell that tells no time of day, beside another cell that does; sheets write midnight behind a date.
pub(super) fn date_beside<'c>(date: &'c str, time: &str) -> Option<&'c str> {
    let date = [" 00:00:00", "T00:00:00"].into_iter().find_map(|end| date.strip_suffix(end)).unwrap_or(date);
    (date::read(date).is_some() && clock::read(time).is_some()).then_some(date)
}

/// The key of a row by all it says: its upper half is by what stays where a later export tells the row otherwise.
pub(super) fn key_of_row(stays: impl Hash, may_change: impl Hash) -> u64 {
    let upper = key_of(stays) >> 32;
    upper << 32 | key_of((upper, may_change)) >> 32
}

/// A text as a string of TOML: one of JSON, but that TOML has no bare DEL.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// The hash that tells events apart.
pub(super) fn key_of(parts: impl Hash) -> u64 {
    FxBuildHasher.hash_one(parts)
}
