//! What classification says of one event.
use std::fmt;

use crate::model::action::Action;

/// The class of an event, how sure it is, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The class that reports count; `unclassified` where too little speaks.
    pub action: Action,
    /// The likeliest class, never `unclassified`.
    pub best: Action,
    /// How likely `best` is.
    pub probability: Probability,
    /// The strongest cues, strongest first.
    pub reason: Reason,
    /// Position in the timeline of the event whose result this one touches.
    pub earlier: Option<u32>,
}

/// A chance between 0 and 1, in 1e-4 steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Probability(u16);

/// Up to three cues by number; 0 is none. `crate::classify::words` says them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reason(pub [u8; 3]);

impl Probability {
    /// Certain.
    pub const ONE: Self = Self(10_000);

    /// From a float; what is outside 0 to 1, or no number, is brought inside.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=10,000")]
    pub fn new(chance: f64) -> Self {
        Self((chance.clamp(0.0, 1.0) * 10_000.0 + 0.5) as u16)
    }

    /// As a float.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

/// Four decimals: `0.8312`.
impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}
