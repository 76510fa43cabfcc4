//! Signs of the context: what the prompts before say about this one. Each sign is a number, most are 0 or 1.
use crate::classify::window::{Kept, Recent, Window};
use crate::cues::{form, lexicon::bit};
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
    /// A bit for each value that is not 0.
    set: u64,
    /// Position of the most similar of the last ten requests, where it is alike.
    pub(super) resembles: Option<u32>,
}

const _: () = assert!(SIGNS <= 64);

impl Signs {
    fn set(&mut self, sign: usize, value: f32) {
        self.values[sign] = value;
        self.set |= 1 << sign;
    }

    /// Those that are not 0, with their positions.
    pub(super) fn each(&self) -> impl Iterator<Item = (usize, f32)> {
        let mut set = self.set;
        std::iter::from_fn(move || {
            let sign = set.trailing_zeros() as usize;
            set &= set.wrapping_sub(1);
            self.values.get(sign).map(|value| (sign, *value))
        })
    }
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
    let mut signs = Signs { values: [0.0; _], set: 0, resembles: None };
    signs.set(0, 1.0);
    match window.seen() {
        at @ 0..=1 => signs.set(OPENS + at, 1.0),
        2..=3 => signs.set(OPENS + 2, 1.0),
        4..=9 => signs.set(OPENS + 3, 1.0),
        30.. => signs.set(OPENS + 4, 1.0),
        _ => {}
    }
    let is_button = event.cues.bits & (form::FIX_BUTTON | form::EDIT_BUTTON) != 0;
    if is_button {
        signs.set(BUTTON, 1.0);
    }
    if event.cues.length >= LONG_CLASS {
        signs.set(LONG, 1.0);
    }
    before(event, window, &mut signs);
    if !is_button {
        signs.resembles = likeness(event, window, names, &mut signs);
    }
    signs
}

/// What the prompts before were.
fn before(event: &Event, window: &Window, signs: &mut Signs) {
    let Some(last) = window.back(1) else { return };
    signs.set(AFTER + last.action.index(), 1.0);
    if last.is_button {
        signs.set(AFTER_BUTTON, 1.0);
    }
    if let Some(second) = window.back(2) {
        signs.set(TWO_AFTER + second.action.index(), 1.0);
    }
    let pause = event.at.since(last.at).num_seconds();
    if pause > 0 {
        let class = PAUSES.iter().position(|end| pause < *end).unwrap_or(PAUSES.len());
        signs.set(PAUSE + class, 1.0);
    }
    let Kept { count, actions, length } = window.kept();
    for (index, number) in actions.into_iter().enumerate().filter(|(_, number)| *number > 0) {
        signs.set(RECENT + index, f32::from(number) / f32::from(count));
    }
    let longer = f32::from(event.cues.length) - f32::from(length) / f32::from(count);
    if longer != 0.0 {
        signs.set(LONGER, longer / 4.0);
    }
}

/// How much the most similar of the last ten requests resembles this one.
fn likeness(event: &Event, window: &Window, names: &Names, signs: &mut Signs) -> Option<u32> {
    let bits = event.cues.bits;
    let (back, best) = window.most_similar(event.cues.fingerprint)?;
    let other = window.back(back)?;
    signs.set(LIKENESS, best);
    if best < ALIKE[0] {
        return None;
    }
    if bits & form::ERROR_PASTE != 0 {
        signs.set(EQUAL_ERROR, best);
    } else if bits & form::ASKS != 0 && other.action == Action::Other {
        signs.set(EQUAL_QUESTION, best);
    } else if event.cues.length <= SHORT_CLASS {
        signs.set(EQUAL_SHORT, best);
    } else if other.cues.specifics != event.cues.specifics {
        signs.set(SPECIFICS, best);
    } else {
        for (index, bound) in ALIKE.into_iter().enumerate() {
            if best >= bound {
                signs.set(LIKENESS + 1 + index, 1.0);
            }
        }
        if back == 1 && best >= ALIKE[2] {
            signs.set(LAST, 1.0);
        }
        let is_same = things(event, other, names, signs);
        return (is_same || best >= ALIKE[1]).then_some(other.position);
    }
    None
}

/// Compares the things that two alike requests name. A request that is sent again may be trimmed, or say besides that
/// it is sent again; where each names things of its own, something else is asked. Gives whether one names no more than
/// the other.
fn things(event: &Event, other: &Recent, names: &Names, signs: &mut Signs) -> bool {
    // A feature column stands in the place of the things.
    if event.about.feature().is_some() || other.about.feature().is_some() {
        return false;
    }
    let [mine, theirs] = [event.about, other.about].map(|about| about.topic().map(|topic| *names.topic(topic)));
    let (mine, theirs) = (mine.unwrap_or_default(), theirs.unwrap_or_default());
    let no_more = mine.words().all(|word| theirs.words().any(|known| known == word));
    let no_less = theirs.words().all(|word| mine.words().any(|known| known == word));
    if no_more {
        signs.set(NOTHING_ELSE, 1.0);
    } else if no_less {
        signs.set(MORE, 1.0);
    } else {
        return false;
    }
    if event.cues.bits & AGAIN_BITS != 0 {
        signs.set(AGAIN, 1.0);
    }
    if other.action == Action::Fix {
        signs.set(AFTER_FIX, 1.0);
    }
    true
}
