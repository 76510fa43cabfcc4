//! What is kept of a prompt once its text is dropped. Read by `crate::cues`, used by `crate::classify`.
use serde::{Deserialize, Serialize};

use crate::model::action::Action;

/// A prompt in 20 bytes; all zero for an event without a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cues {
    /// Which cues the text holds; the bits are declared in `crate::cues`.
    pub bits: u32,
    /// Similarity fingerprint of the text, halves of 64 bits; near-equal texts have near-equal fingerprints.
    pub fingerprint: [u32; 2],
    /// Hash of the numbers and named things in the text: equal requests have equal ones.
    pub specifics: u16,
    /// What the words alone say for each of [`Action::LABELS`], in sixteenths of a log-odds point.
    pub scores: [i8; Action::LABELS.len()],
    /// Length class: 0 for no text, else one plus the position of the highest bit of the length in bytes.
    pub length: u8,
}

impl Cues {
    /// True where the event has a prompt.
    pub const fn has_text(&self) -> bool {
        self.length > 0
    }
}
