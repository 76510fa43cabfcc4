//! What needs no weights: the builder told the class, or the row is no prompt.
use crate::classify::{window::by_kind, words};
use crate::model::{
    account::{Kind, Meter, Status},
    action::Action,
    decision::{Decision, Probability, Reason},
    event::{Event, Tag},
};

/// How sure the builder's own word is; exports err too.
const TOLD: f64 = 0.99;

/// Whether a row is a prompt that builds, and no command to the program.
pub fn is_building(tag: &Tag) -> bool {
    tag.entry.is_use()
        && !tag.is_aggregate
        && tag.account.meter == Meter::Message
        && tag.kind != Kind::Command
        && by_kind(tag.kind) != Some(Action::Runtime)
}

/// Whether a prompt is context of those after it: one that was refused or stopped before it cost anything was never
/// answered, so what comes after it does not come back to it.
pub(super) fn is_context(event: &Event, tag: &Tag) -> bool {
    let was_stopped = tag.status == Status::Blocked || tag.status == Status::Cancelled && event.amount.is_zero();
    is_building(tag) && !was_stopped
}

/// Whether a prompt was sent to talk, as the builder tells: what is asked there changes nothing, what is reported may.
pub(super) fn is_talk(tag: &Tag) -> bool {
    is_building(tag) && tag.kind == Kind::Discuss
}

/// The class that the row itself tells; `None` where it must be found out.
pub fn told(tag: &Tag) -> Option<Decision> {
    let decide = |action, best, chance, number| Decision {
        action,
        best,
        probability: Probability::new(chance),
        reason: Reason([number, 0, 0]),
        earlier: None,
    };
    if !tag.entry.is_use() {
        return Some(super::no_use());
    }
    if tag.is_aggregate {
        return Some(decide(Action::Unclassified, Action::Other, 0.0, words::AGGREGATE));
    }
    if tag.account.meter == Meter::Integration {
        return Some(decide(Action::Runtime, Action::Runtime, 1.0, words::INTEGRATION));
    }
    let action = by_kind(tag.kind)?;
    Some(decide(action, action, TOLD, words::of_kind(tag.kind)))
}
