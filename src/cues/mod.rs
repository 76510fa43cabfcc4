//! A prompt becomes a few bytes of cues.
use crate::model::cues::Cues;

/// Reads a prompt.
pub fn read(text: &str) -> Cues {
    let length = u8::try_from(usize::BITS - text.len().leading_zeros()).unwrap_or(u8::MAX);
    Cues { length, ..Cues::default() }
}
