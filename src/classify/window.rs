//! The last ten requests of an app, and what each was.
use crate::cues::{form, lexicon::bit};
use crate::model::{
    account::Kind,
    action::Action,
    cues::Cues,
    event::{About, Event},
    instant::Instant,
};

/// How many requests are remembered: labelled resends stand within ten.
const SIZE: usize = 10;

/// The last requests of an app.
#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    recent: [Option<Recent>; SIZE],
    seen: usize,
}

/// A request that was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recent {
    /// When it was made.
    pub(super) at: Instant,
    /// What it said.
    pub(super) cues: Cues,
    /// What it is about.
    pub(super) about: About,
    /// Its likeliest class; when training, its label.
    pub(super) action: Action,
    /// Whether it came from a button.
    pub(super) is_button: bool,
    /// Its position in the timeline.
    pub(super) position: u32,
}

impl Window {
    /// How many requests there were.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// The remembered requests, latest first.
    pub(super) fn latest_first(&self) -> impl Iterator<Item = &Recent> {
        let count = self.seen.min(SIZE);
        (1..=count).filter_map(move |back| self.recent[(self.seen - back) % SIZE].as_ref())
    }

    /// Remembers a request.
    pub(super) fn push(&mut self, event: &Event, action: Action, position: u32) {
        let cues = event.cues;
        let is_button = cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0;
        self.recent[self.seen % SIZE] =
            Some(Recent { at: event.at, cues, about: event.about, action, is_button, position });
        self.seen += 1;
    }
}

/// What the builder's own word means; `None` where it leaves the class open.
pub(super) fn by_kind(kind: Kind) -> Option<Action> {
    match kind {
        Kind::Unknown | Kind::Build => None,
        Kind::Discuss | Kind::Plan => Some(Action::Other),
        Kind::AutoFix | Kind::FixButton | Kind::Fix => Some(Action::Fix),
        Kind::VisualEdit | Kind::Revision => Some(Action::Revision),
        Kind::Automation | Kind::Workflow | Kind::Agent => Some(Action::Runtime),
        Kind::Generation => Some(Action::Generation),
        Kind::Regeneration => Some(Action::Regeneration),
    }
}

/// The class by the strongest word group: the keyword rules that the learned weights are measured against.
pub(super) fn by_bits(bits: u32) -> Action {
    const FAILS: u32 = bit("failure") | bit("repair") | bit("error") | form::ERROR_PASTE | form::FIX_BUTTON;
    const AGAIN: u32 = bit("revert") | bit("rebuild");
    const ASKS: u32 = bit("question") | bit("approval") | bit("discussion") | bit("operation") | form::ASKS;
    const MAKES: u32 = bit("create") | bit("addition");
    const CHANGES: u32 = bit("change") | bit("removal") | bit("look") | form::EDIT_BUTTON;
    if bits & AGAIN != 0 {
        Action::Regeneration
    } else if bits & FAILS != 0 {
        Action::Fix
    } else if bits & MAKES != 0 {
        Action::Generation
    } else if bits & CHANGES != 0 {
        Action::Revision
    } else if bits & ASKS != 0 {
        Action::Other
    } else {
        Action::Revision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cues;

    #[track_caller]
    fn check(text: &str, expected: Action) {
        assert_eq!(by_bits(cues::read(text).bits), expected, "{text}");
    }

    #[test]
    fn keyword_rules_know_the_plain_cases() {
        check("Create a page for guests", Action::Generation);
        check("mach die Schrift kleiner", Action::Revision);
        check("le bouton ne marche pas", Action::Fix);
        check("desfaz isso", Action::Regeneration);
        check("thanks", Action::Other);
    }
}
