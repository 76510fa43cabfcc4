//! Why an event got its class, in plain words. Each cue and sign has a number; a decision keeps three.
use crate::classify::signs;
use crate::cues::{form::FORMS, lexicon::KEPT, scan::Said};
use crate::model::{account::Kind, decision::Decision};

/// What each word group says of a prompt, in the order of the kept groups.
const SAYS: [&str; KEPT] = [
    "reports a failure",
    "contradicts",
    "says that it persists",
    "asks for a repair",
    "names an error",
    "tells what is seen",
    "asks to create",
    "asks to add",
    "says what is wanted",
    "asks for an ability",
    "names a part of an app",
    "asks for something new",
    "asks to change",
    "asks to remove",
    "speaks of looks",
    "asks for more or less",
    "says what should be",
    "asks a question",
    "makes a request",
    "asks to go back",
    "asks to build anew",
    "approves or continues",
    "discusses or plans",
    "is about running, testing or publishing",
];

/// What each form says, in the order of [`FORMS`].
const FORM_SAYS: [&str; 8] = [
    "holds a question",
    "ends with a question",
    "is a list",
    "holds code",
    "pastes an error",
    "holds a link",
    "comes from the builder's error button",
    "comes from a builder's button",
];
const _: () = assert!(FORM_SAYS.len() == FORMS.len());

const FIRST_SIGN: u8 = 33;
const FIRST_KIND: u8 = 100;
/// The row is no use: a grant, a top-up, an expiry.
pub const NO_USE: u8 = 200;
/// The row is a total.
pub const AGGREGATE: u8 = 201;
/// The running app.
pub const INTEGRATION: u8 = 202;
/// No text; first of its app.
pub const OPENS: u8 = 203;
/// No text; the event before failed.
pub const AFTER_FAILURE: u8 = 204;
/// No text; dear.
pub const DEAR: u8 = 205;
/// No text; cheap.
pub const CHEAP: u8 = 206;
/// No text and nothing else.
pub const NO_TEXT: u8 = 207;

/// A refund of an earlier event.
pub const REFUND: u8 = 208;
/// Labelled by hand.
pub const LABELLED: u8 = 209;
/// What is said of an event that people gave its class.
pub(super) const BY_HAND: &str = "is labelled so by hand";
/// What is said first of an event whose prompt is not there.
pub(super) const NO_PROMPT: &str = "has no prompt";
/// By a rule of the user.
pub const RULED: u8 = 210;

/// The number of a bit of the cues.
pub fn of_bit(bit: u32) -> u8 {
    u8::try_from(bit + 1).unwrap_or(0)
}

/// The number of a sign of the context.
pub fn of_sign(index: usize) -> u8 {
    u8::try_from(index).map_or(0, |index| FIRST_SIGN + index)
}

/// The number of a builder's word.
pub fn of_kind(kind: Kind) -> u8 {
    u8::try_from(kind as usize).map_or(0, |index| FIRST_KIND + index)
}

/// What a bit of the cues says of a prompt.
pub(super) fn bit(bit: usize) -> &'static str {
    SAYS.iter().chain(&FORM_SAYS).nth(bit).unwrap_or(&"")
}

/// What a sign of the context says.
pub(super) fn sign(index: usize) -> &'static str {
    if index == 0 { "how common the class is" } else { signs::NAMES.get(index).unwrap_or(&"") }
}

/// Whether cues and context decided, and not the row itself or a person.
pub(super) fn is_weighed(decision: &Decision) -> bool {
    decision.reason.0[0] < FIRST_KIND
}

/// Why an event got its class: `reports a failure: 'still not'; after a generation`, phrases as the lexicon writes
/// them. Empty where nothing spoke.
pub fn reason(decision: &Decision, said: &[Said]) -> String {
    let told = |number: &u8| {
        let text = cue(*number)?;
        let bit = u32::from(*number).checked_sub(1).filter(|bit| (*bit as usize) < KEPT);
        let phrase = bit.and_then(|bit| said.iter().find(|said| said.groups & (1 << bit) != 0));
        Some(phrase.map_or_else(|| text.clone(), |said| format!("{text}: '{}'", said.phrase)))
    };
    decision.reason.0.iter().filter_map(told).collect::<Vec<_>>().join("; ")
}

/// What a cue number stands for; `None` for 0 and numbers without a cue.
fn cue(number: u8) -> Option<String> {
    let said = match number {
        0 => return None,
        NO_USE => "is no consumption",
        AGGREGATE => "is a total of several events",
        INTEGRATION => "the running app consumed it",
        OPENS => "has no prompt; opens the app",
        AFTER_FAILURE => "has no prompt; follows a failed event",
        DEAR => "has no prompt; costs much more than usual",
        CHEAP => "has no prompt; costs much less than usual",
        REFUND => "gives back what an earlier event of this class cost",
        LABELLED => BY_HAND,
        RULED => "a rule says so",
        NO_TEXT => "has no prompt; nothing else speaks",
        _ => {
            let index = usize::from(number);
            let kind = index.checked_sub(FIRST_KIND.into()).and_then(|kind| Kind::ALL.get(kind));
            if let Some(kind) = kind {
                return Some(format!("the builder calls it {kind}"));
            }
            let sign = index.checked_sub(FIRST_SIGN.into()).and_then(|sign| signs::NAMES.get(sign));
            let by_bit = SAYS.iter().chain(&FORM_SAYS).nth(index - 1);
            return sign.or(by_bit).map(|said| (*said).to_owned());
        }
    };
    Some(said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        action::Action,
        decision::{Probability, Reason},
    };

    #[track_caller]
    fn check(numbers: [u8; 3], expected: &str) {
        let (action, best) = (Action::Fix, Action::Fix);
        let decision = Decision { action, best, probability: Probability::ONE, reason: Reason(numbers), earlier: None };
        let said = [Said { groups: 1, phrase: "still not" }];
        assert_eq!(reason(&decision, &said), expected);
    }

    #[test]
    fn reasons_are_plain_words() {
        check([of_bit(0), of_sign(6), 0], "reports a failure: 'still not'; after a generation");
        check([of_bit(31), 0, 0], "comes from a builder's button");
        check([of_kind(Kind::AutoFix), 0, 0], "the builder calls it auto_fix");
        check([0, 0, 0], "");
    }

    #[test]
    fn numbers_do_not_overlap() {
        assert!(usize::from(FIRST_SIGN) + signs::SIGNS <= usize::from(FIRST_KIND));
        assert!(usize::from(FIRST_KIND) + Kind::ALL.len() <= usize::from(NO_USE));
        assert_eq!((0..=255).filter_map(cue).count(), 32 + signs::SIGNS + Kind::ALL.len() + 11);
    }
}
