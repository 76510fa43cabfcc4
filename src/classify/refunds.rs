//! A refund gives back what an earlier event cost. It takes that event's class, so that the two cancel out in each cut.
use crate::model::{
    amount::Amount,
    decision::{Decision, Reason},
    event::Event,
};

/// How many events a refund looks back on.
const MEMORY: usize = 100;

/// The events of an app that a refund may be for.
#[derive(Debug, Default)]
pub(super) struct Refunds {
    recent: Vec<(Amount, Decision, u32)>,
    seen: usize,
}

impl Refunds {
    /// Remembers an event that cost something.
    pub(super) fn push(&mut self, event: &Event, decision: Decision, position: u32) {
        if event.amount <= Amount::ZERO {
            return;
        }
        let entry = (event.amount, decision, position);
        if self.recent.len() < MEMORY {
            self.recent.push(entry);
        } else {
            self.recent[self.seen % MEMORY] = entry;
        }
        self.seen += 1;
    }

    /// The decision on a refund: that on the latest event of the same amount; `None` where there is none.
    pub(super) fn of(&self, refund: &Event) -> Option<Decision> {
        let same = self.recent.iter().filter(|(amount, ..)| Some(*amount) == refund.amount.negated());
        let (_, decision, position) = same.max_by_key(|(.., position)| *position)?;
        let reason = Reason([super::words::REFUND, 0, 0]);
        Some(Decision { earlier: Some(*position), reason, ..*decision })
    }
}
