//! A prompt of a session as the rules see it.
use crate::{
    cues::{form, sketch},
    model::{action::Action, amount::Amount, event::Word, instant::Instant},
    rollup::{Classified, Tally, cases},
    timeline::SessionId,
};

/// From this likeness on a request was sent again.
const SAME: f32 = 0.8;
/// Up to this length class (63 bytes) a prompt is short.
const SHORT_CLASS: u8 = 6;
/// From this length class on (256 bytes) a prompt may ask for several things at once.
const LONG_CLASS: u8 = 9;
/// So many things in a long prompt are several features.
const MANY_THINGS: usize = 6;

/// A prompt.
#[expect(clippy::struct_excessive_bools, reason = "independent signs of one prompt")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) index: usize,
    pub(super) session: SessionId,
    pub(super) at: Instant,
    pub(super) amount: Amount,
    pub(super) user: Option<Word>,
    /// The class; `unclassified` stays so.
    pub(super) action: Action,
    /// The feature, told or inferred.
    pub(super) feature: Option<Word>,
    /// The event it comes back to.
    pub(super) earlier: Option<usize>,
    /// Whether the export tells the feature.
    pub(super) is_told: bool,
    /// The same words as the earlier request.
    pub(super) says_again: bool,
    /// Sent again in the same words, as nothing but that.
    pub(super) is_resend: bool,
    pub(super) is_button: bool,
    pub(super) is_list: bool,
    pub(super) length: u8,
    /// Short, and names at most one thing.
    pub(super) is_vague: bool,
    /// Long, and names many things.
    pub(super) is_manifold: bool,
}

impl Step {
    /// Reads an event; `None` where it is no prompt or stands in no session.
    pub(super) fn of(input: Classified, index: usize) -> Option<Self> {
        let session = input.timeline.session_of()[index].filter(|_| cases::is_prompt(input, index))?;
        let (event, decision) = (&input.timeline.events()[index], &input.decisions[index]);
        let earlier = decision.earlier.map(|earlier| earlier as usize).filter(|earlier| *earlier < index);
        let cues = event.cues;
        let is_same = |earlier: usize| {
            // What was stopped before it ran is rightly sent again.
            let has_run = !input.timeline.events()[earlier].amount.is_zero() && !event.amount.is_zero();
            let other = input.timeline.events()[earlier].cues;
            has_run
                && other.has_text()
                && cues.specifics == other.specifics
                && sketch::similarity(cues.fingerprint, other.fingerprint) >= SAME
        };
        let is_button = cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0;
        let says_again = !is_button && earlier.is_some_and(is_same);
        let things = event.about.topic().map_or(0, |topic| input.names.topic(topic).words().count());
        Some(Self {
            index,
            session,
            at: event.at,
            amount: event.amount,
            user: input.names.thread(event.thread).user,
            action: decision.action,
            feature: input.feature(index),
            earlier,
            is_told: event.about.feature().is_some(),
            says_again,
            is_resend: decision.action == Action::Regeneration && says_again,
            is_button,
            is_list: cues.bits & form::LIST != 0,
            length: cues.length,
            is_vague: cues.has_text() && cues.length <= SHORT_CLASS && things <= 1 && event.about.feature().is_none(),
            is_manifold: cues.length >= LONG_CLASS && (things >= MANY_THINGS || cues.bits & form::LIST != 0),
        })
    }

    pub(super) fn tally(&self) -> Tally {
        Tally { events: 1, amount: self.amount.into() }
    }

    /// A failure is reported, or the same is sent once more.
    pub(super) fn is_rework(&self) -> bool {
        matches!(self.action, Action::Fix | Action::Regeneration)
    }

    /// Asks for work.
    pub(super) fn is_work(&self) -> bool {
        matches!(self.action, Action::Generation | Action::Revision)
    }
}
