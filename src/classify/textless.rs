//! Events without a prompt: what is left is the cost, the place in the app and how the event before ended.
//!
//! No labelled exports without text exist, so these chances are set by hand, and nothing here is sure enough to count:
//! such events are `unclassified`. `best` still names the likeliest class.
use crate::classify::words;
use crate::model::{
    account::Status,
    action::Action,
    amount::Amount,
    decision::{Decision, Probability, Reason},
    event::{Event, Tag, Word},
    names::Names,
};

/// How many costs the running median looks back on.
const MEMORY: usize = 31;
/// Costs from this many medians on are building.
const DEAR: i128 = 3;
/// Costs up to a median by this are talk.
const CHEAP: i128 = 3;

const OPENING: f64 = 0.45;
const AFTER_FAILURE: f64 = 0.42;
const BY_COST: f64 = 0.36;
const OTHERWISE: f64 = 0.32;

/// What the events of an app cost so far.
#[derive(Debug, Default)]
pub(super) struct Bill {
    recent: Vec<(Option<Word>, Amount)>,
    seen: usize,
    last: Option<Status>,
}

impl Bill {
    /// Remembers an event.
    pub(super) fn push(&mut self, event: &Event, tag: &Tag, names: &Names) {
        self.last = Some(tag.status);
        if !event.cues.has_text() && !event.amount.is_zero() {
            let entry = (names.thread(event.thread).user, event.amount);
            if self.recent.len() < MEMORY {
                self.recent.push(entry);
            } else {
                self.recent[self.seen % MEMORY] = entry;
            }
            self.seen += 1;
        }
    }

    /// The likeliest class of an event without a prompt.
    pub(super) fn guess(&self, event: &Event, names: &Names) -> Decision {
        let user = names.thread(event.thread).user;
        let (best, chance, number) = match (self.last, self.median(user)) {
            (None, _) => (Action::Generation, OPENING, words::OPENS),
            (Some(Status::Failed | Status::Reverted), _) => (Action::Fix, AFTER_FAILURE, words::AFTER_FAILURE),
            (_, Some(median)) if ratio_at_least(event.amount, median, DEAR) => {
                (Action::Generation, BY_COST, words::DEAR)
            }
            (_, Some(median)) if ratio_at_least(median, event.amount, CHEAP) => (Action::Other, BY_COST, words::CHEAP),
            _ => (Action::Revision, OTHERWISE, words::NO_TEXT),
        };
        Decision {
            action: Action::Unclassified,
            best,
            probability: Probability::new(chance),
            reason: Reason([number, 0, 0]),
            earlier: None,
        }
    }

    /// The median cost of the user's recent events in this app, else of everybody's; `None` before the third.
    fn median(&self, user: Option<Word>) -> Option<Amount> {
        let mut own = [Amount::ZERO; MEMORY];
        let mut count = 0;
        for (_, amount) in self.recent.iter().filter(|(other, _)| *other == user) {
            own[count] = *amount;
            count += 1;
        }
        if count < 3 {
            count = 0;
            for (_, amount) in &self.recent {
                own[count] = *amount;
                count += 1;
            }
        }
        let own = &mut own[..count];
        own.sort_unstable();
        (count >= 3).then(|| own[count / 2])
    }
}

/// Whether one amount is at least so many times the other.
fn ratio_at_least(left: Amount, right: Amount, times: i128) -> bool {
    i128::from(left.nanos()) >= times * i128::from(right.nanos())
}
