//! The last ten requests of an app, and what each was.
use crate::cues::{
    form,
    lexicon::bit,
    sketch::{Likeness, Print},
};
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
    /// The fingerprints of those that came from no button.
    prints: [Option<Print>; SIZE],
    kept: Kept,
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

/// What the remembered requests are together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kept {
    /// How many they are.
    pub(super) count: i16,
    /// How many of each class of [`Action::LABELS`].
    pub(super) actions: [i16; Action::LABELS.len()],
    /// The sum of their length classes.
    pub(super) length: i16,
}

impl Window {
    /// How many requests there were.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// The request so many steps back, from 1, where it is remembered.
    pub(super) fn back(&self, steps: usize) -> Option<&Recent> {
        if steps > self.seen.min(SIZE) { None } else { self.recent[(self.seen - steps) % SIZE].as_ref() }
    }

    /// What the remembered requests are together.
    pub(super) fn kept(&self) -> Kept {
        self.kept
    }

    /// How many steps back the most similar request stands, the latest of equals, and how similar it is, where any is
    /// similar at all. Buttons send no such requests.
    pub(super) fn most_similar(&self, fingerprint: [u32; 2]) -> Option<(usize, f32)> {
        let print = Print::new(fingerprint);
        let mut best: Option<(usize, Likeness)> = None;
        for steps in 1..=self.seen.min(SIZE) {
            let Some(other) = self.prints[(self.seen - steps) % SIZE] else { continue };
            let likeness = print.likeness(other);
            if likeness.is_more_than(best.map_or(Likeness::NONE, |(_, best)| best)) {
                best = Some((steps, likeness));
            }
        }
        best.map(|(steps, likeness)| (steps, likeness.share()))
    }

    /// Remembers a request.
    pub(super) fn push(&mut self, event: &Event, action: Action, position: u32) {
        let cues = event.cues;
        let is_button = cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0;
        let at = self.seen % SIZE;
        if let Some(old) = &self.recent[at] {
            self.kept.add(old, -1);
        }
        let new = Recent { at: event.at, cues, about: event.about, action, is_button, position };
        self.kept.add(&new, 1);
        self.recent[at] = Some(new);
        self.prints[at] = (!is_button).then(|| Print::new(cues.fingerprint));
        self.seen += 1;
    }
}

impl Kept {
    /// Takes a request in (1) or out (-1).
    fn add(&mut self, request: &Recent, times: i16) {
        self.count += times;
        self.length += times * i16::from(request.cues.length);
        if let Some(count) = self.actions.get_mut(request.action.index()) {
            *count += times;
        }
    }
}

/// What the builder's own word means; `None` where it leaves the class open.
pub(super) fn by_kind(kind: Kind) -> Option<Action> {
    match kind {
        Kind::Unknown | Kind::Build => None,
        Kind::Discuss | Kind::Plan | Kind::Command => Some(Action::Other),
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
