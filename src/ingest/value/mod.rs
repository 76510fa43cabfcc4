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

/// Whether one cell is a date and nothing else, and another one a time of day.
pub(super) fn are_date_and_time(date: &str, time: &str) -> bool {
    date::read(date).is_some() && clock::read(time).is_some()
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
