//! Some prompts of a session: what they cost together, and when they were sent, by which a reader finds them.
use crate::{
    model::instant::Instant,
    rollup::{Tally, cases::steps::Step},
};

/// Prompts that show something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many, and what they cost.
    pub tally: Tally,
    /// When the first [`Rows::LISTED`] of them were sent.
    pub sent: Vec<Instant>,
}

impl Rows {
    /// So many are listed.
    pub const LISTED: usize = 12;

    /// Adds a prompt; they come in the order of time.
    pub(super) fn add(&mut self, step: &Step) {
        self.tally.add(step.tally());
        if self.sent.len() < Self::LISTED {
            self.sent.push(step.at);
        }
    }
}
