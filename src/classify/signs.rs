//! Signs of the context: what the prompts before say about this one. Each sign is a number, most are 0 or 1.
use crate::classify::window::{Recent, Window};
use crate::cues::{form, lexicon::bit, sketch};
use crate::model::{action::Action, event::Event, names::Names};

/// How many signs there are.
pub(super) const SIGNS: usize = NAMES.len();

/// The names of the signs, as in the weights file.
pub(super) const NAMES: [&str; 46] = [
    "bias",
    "opens the app",
    "second prompt",
    "third or fourth prompt",
    "among the first ten",
    "after the thirtieth",
    "after a generation",
    "after a revision",
    "after a fix",
    "after a regeneration",
    "after another",
    "after a button",
    "two after a generation",
    "two after a revision",
    "two after a fix",
    "two after a regeneration",
    "two after another",
    "recent generations",
    "recent revisions",
    "recent fixes",
    "recent regenerations",
    "recent others",
    "pause of seconds",
    "pause under a minute",
    "pause of minutes",
    "pause of a quarter hour",
    "pause of an hour",
    "pause of hours",
    "pause of a day",
    "longer than before",
    "likeness",
    "alike",
    "much alike",
    "nearly equal",
    "equal",
    "alike but for specifics",
    "equal error",
    "equal question",
    "equal and short",
    "button",
    "resend of the last",
    "long",
    "alike, names nothing else",
    "alike, names more",
    "alike, asks again",
    "alike, after a fix",
];

const OPENS: usize = 1;
const AFTER: usize = 6;
const AFTER_BUTTON: usize = 11;
const TWO_AFTER: usize = 12;
const RECENT: usize = 17;
const PAUSE: usize = 22;
const LONGER: usize = 29;
const LIKENESS: usize = 30;
const SPECIFICS: usize = 35;
const EQUAL_ERROR: usize = 36;
const EQUAL_QUESTION: usize = 37;
const EQUAL_SHORT: usize = 38;
const BUTTON: usize = 39;
const LAST: usize = 40;
const LONG: usize = 41;
const NOTHING_ELSE: usize = 42;
const MORE: usize = 43;
const AGAIN: usize = 44;
const AFTER_FIX: usize = 45;

/// The groups of words that ask for the same once more.
const AGAIN_BITS: u32 = bit("persistence") | bit("rebuild");

/// Ends of the classes of pauses, in seconds.
const PAUSES: [i64; 6] = [20, 60, 300, 1200, 7200, 43_200];
/// Similarities from which on texts are alike, much alike, nearly equal, equal.
const ALIKE: [f32; 4] = [0.5, 0.65, 0.8, 0.95];
/// From this length class on (1,024 bytes) a prompt is long.
const LONG_CLASS: u8 = 11;
/// Up to this length class (15 bytes) a prompt is short: equal ones are no resends.
const SHORT_CLASS: u8 = 4;

/// The signs of one event, and the event it resembles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signs {
    /// A value for each of [`NAMES`].
    pub(super) values: [f32; SIGNS],
    /// Position of the most similar of the last ten requests, where it is alike.
    pub(super) resembles: Option<u32>,
}

/// The signs of each event of an app, in order, where the class of each is known: for training.
pub(super) fn of_app<'e>(
    events: &'e [Event],
    names: &Names,
    label: impl Fn(&Event) -> Action,
) -> Vec<(&'e Event, [f32; SIGNS])> {
    let mut window = Window::default();
    let mut all = Vec::with_capacity(events.len());
    for (event, position) in events.iter().zip(0..) {
        all.push((event, read(event, &window, names).values));
        if event.cues.has_text() {
            window.push(event, label(event), position);
        }
    }
    all
}

/// Reads the signs of an event from the window of the prompts before.
pub(super) fn read(event: &Event, window: &Window, names: &Names) -> Signs {
    let mut values = [0.0; SIGNS];
    values[0] = 1.0;
    match window.seen() {
        at @ 0..=1 => values[OPENS + at] = 1.0,
        2..=3 => values[OPENS + 2] = 1.0,
        4..=9 => values[OPENS + 3] = 1.0,
        30.. => values[OPENS + 4] = 1.0,
        _ => {}
    }
    let bits = event.cues.bits;
    if bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0 {
        values[BUTTON] = 1.0;
    }
    if event.cues.length >= LONG_CLASS {
        values[LONG] = 1.0;
    }
    before(event, window, &mut values);
    let resembles = likeness(event, window, names, &mut values);
    Signs { values, resembles }
}

/// What the prompts before were.
fn before(event: &Event, window: &Window, values: &mut [f32; SIGNS]) {
    let mut recent = window.latest_first();
    let Some(last) = recent.next() else { return };
    values[AFTER + last.action.index()] = 1.0;
    if last.is_button {
        values[AFTER_BUTTON] = 1.0;
    }
    if let Some(second) = recent.next() {
        values[TWO_AFTER + second.action.index()] = 1.0;
    }
    let pause = event.at.since(last.at).num_seconds();
    if pause > 0 {
        let class = PAUSES.iter().position(|end| pause < *end).unwrap_or(PAUSES.len());
        values[PAUSE + class] = 1.0;
    }
    let (mut count, mut length) = (0.0, 0.0);
    for other in window.latest_first() {
        count += 1.0;
        length += f32::from(other.cues.length);
        values[RECENT + other.action.index()] += 1.0;
    }
    for value in &mut values[RECENT..RECENT + Action::LABELS.len()] {
        *value /= count;
    }
    values[LONGER] = (f32::from(event.cues.length) - length / count) / 4.0;
}

/// How much the most similar of the last ten requests resembles this one.
fn likeness(event: &Event, window: &Window, names: &Names, values: &mut [f32; SIGNS]) -> Option<u32> {
    let bits = event.cues.bits;
    if values[BUTTON] > 0.0 {
        return None;
    }
    let (mut best, mut which): (f32, Option<&Recent>) = (0.0, None);
    let mut steps = 0;
    for (back, other) in window.latest_first().enumerate().filter(|(_, other)| !other.is_button) {
        let similarity = sketch::similarity(event.cues.fingerprint, other.cues.fingerprint);
        if similarity > best {
            (best, which, steps) = (similarity, Some(other), back);
        }
    }
    let other = which?;
    values[LIKENESS] = best;
    if best < ALIKE[0] {
        return None;
    }
    if bits & form::ERROR_PASTE != 0 {
        values[EQUAL_ERROR] = best;
    } else if bits & form::ASKS != 0 && other.action == Action::Other {
        values[EQUAL_QUESTION] = best;
    } else if event.cues.length <= SHORT_CLASS {
        values[EQUAL_SHORT] = best;
    } else if other.cues.specifics != event.cues.specifics {
        values[SPECIFICS] = best;
    } else {
        for (index, bound) in ALIKE.into_iter().enumerate() {
            if best >= bound {
                values[LIKENESS + 1 + index] = 1.0;
            }
        }
        if steps == 0 && best >= ALIKE[2] {
            values[LAST] = 1.0;
        }
        let is_same = things(event, other, names, values);
        return (is_same || best >= ALIKE[1]).then_some(other.position);
    }
    None
}

/// Compares the things that two alike requests name. A request that is sent again may be trimmed, or say besides that
/// it is sent again; where each names things of its own, something else is asked. Gives whether one names no more than
/// the other.
fn things(event: &Event, other: &Recent, names: &Names, values: &mut [f32; SIGNS]) -> bool {
    // A feature column stands in the place of the things.
    if event.about.feature().is_some() || other.about.feature().is_some() {
        return false;
    }
    let [mine, theirs] = [event.about, other.about].map(|about| about.topic().map(|topic| *names.topic(topic)));
    let (mine, theirs) = (mine.unwrap_or_default(), theirs.unwrap_or_default());
    let no_more = mine.words().all(|word| theirs.words().any(|known| known == word));
    let no_less = theirs.words().all(|word| mine.words().any(|known| known == word));
    if no_more {
        values[NOTHING_ELSE] = 1.0;
    } else if no_less {
        values[MORE] = 1.0;
    } else {
        return false;
    }
    if event.cues.bits & AGAIN_BITS != 0 {
        values[AGAIN] = 1.0;
    }
    if other.action == Action::Fix {
        values[AFTER_FIX] = 1.0;
    }
    true
}
