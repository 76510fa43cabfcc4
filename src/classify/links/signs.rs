//! What speaks for each earlier request, and for something new: numbers, most of them 0 or 1.
use crate::classify::links::past::{Asked, Past, Remembered};
use crate::cues::{form, sketch};
use crate::model::action::Action;

/// How many signs there are.
pub(super) const SIGNS: usize = NAMES.len();
/// A number for each sign.
pub(super) type Row = [f32; SIGNS];
/// What each bit of the cues of the request says for a kind of choice.
pub(super) type Cued = [[f32; 32]; 3];

/// The names of the signs.
pub(super) const NAMES: [&str; 88] = [
    "last",
    "second last",
    "third last",
    "fourth to sixth",
    "seventh to fifteenth",
    "further back",
    "shared things",
    "rarest shared thing",
    "share of the smaller",
    "same first thing",
    "names the first thing",
    "all things shared",
    "latest with the things",
    "further back without things",
    "last, names nothing",
    "last, button",
    "last, fix",
    "last, revision",
    "last, generation",
    "last, short",
    "last, persists or contradicts",
    "last, approves",
    "last, shares things",
    "answers a button",
    "things of the feature",
    "latest of the feature",
    "first of the app",
    "first of the app shares",
    "first of the app, revision",
    "links a generation",
    "regeneration shares",
    "likeness",
    "last, asks for new",
    "last, at once",
    "last, within half an hour",
    "last, within six hours",
    "last, within a day and a half",
    "last, later",
    "generation, last",
    "generation, second last",
    "generation, further back",
    "generation, shares",
    "revision, last",
    "revision, second last",
    "revision, further back",
    "revision, shares",
    "fix, last",
    "fix, second last",
    "fix, further back",
    "fix, shares",
    "regeneration, last",
    "regeneration, second last",
    "regeneration, further back",
    "regeneration, shares",
    "other, last",
    "other, second last",
    "other, further back",
    "other, shares",
    "before the buttons",
    "before the buttons, generation",
    "before the buttons, revision",
    "before the buttons, fix",
    "before the buttons, regeneration",
    "before the buttons, other",
    "before the buttons, error paste",
    "shared beginnings",
    "new",
    "new, generation",
    "new, revision",
    "new, fix",
    "new, other",
    "new things",
    "new things, generation",
    "new, names nothing",
    "new, approves",
    "new, short",
    "new, at once",
    "new, within half an hour",
    "new, within six hours",
    "new, within a day and a half",
    "new, later",
    "new, after a generation",
    "new, after a revision",
    "new, after a fix",
    "new, after a regeneration",
    "new, after other",
    "new, after a button",
    "new, after new",
];

const DISTANCE: usize = 0;
const SHARED: usize = 6;
const FAR_EMPTY: usize = 13;
const LAST: usize = 14;
const PAIR: usize = 23;
const LAST_PAUSE: usize = 33;
const ASKED: usize = 38;
const BEFORE_BUTTONS: usize = 58;
const BEGINNINGS: usize = 65;
const NEW: usize = 66;
const NEW_PAUSE: usize = 76;
const AFTER: usize = 81;
/// Ends of the classes of distances.
const DISTANCES: [u32; 5] = [1, 2, 3, 6, 15];
/// Ends of the classes of pauses, in seconds.
const PAUSES: [i64; 4] = [5 * 60, 30 * 60, 6 * 3600, 36 * 3600];
/// Up to this length class (63 bytes) a request is short.
const SHORT_CLASS: u8 = 6;
/// The kinds of choices that cues speak for: something new, the last request, one that shares a thing.
pub(super) const KINDS: usize = 3;

/// A request that may be meant, or `None` for something new, with what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) slot: Option<usize>,
    pub(super) signs: Row,
    /// Of which kinds it is.
    pub(super) kinds: [bool; KINDS],
    /// What speaks against it whatever the weights say.
    pub(super) bar: f32,
}

/// Every choice for a request; something new comes first.
pub(super) fn choices(asked: &Asked, past: &Past) -> Vec<Choice> {
    let weights: Vec<f32> = asked.topic.words().map(|word| past.weight(word)).collect();
    let mut choices = vec![Choice { slot: None, signs: new(asked, past), kinds: [true, false, false], bar: 0.0 }];
    for slot in past.candidates(asked) {
        if let Some(other) = past.at(slot) {
            let signs = pair(asked, other, past, &weights);
            let shares = signs[SHARED + 2] > 0.0;
            let kinds = [false, past.seen - other.number == 1, shares];
            choices.push(Choice { slot: Some(slot), signs, kinds, bar: asked.bar(&other.asked, shares) });
        }
    }
    choices
}

fn pause(asked: &Asked, other: &Asked) -> usize {
    let seconds = asked.at.since(other.at).num_seconds();
    PAUSES.iter().position(|end| seconds < *end).unwrap_or(PAUSES.len())
}

fn is(truth: bool) -> f32 {
    f32::from(u8::from(truth))
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few words")]
fn part(some: usize, all: usize) -> f32 {
    some as f32 / all.max(1) as f32
}

fn is_short(asked: &Asked) -> bool {
    asked.cues.length <= SHORT_CLASS
}

/// What speaks for something new.
fn new(asked: &Asked, past: &Past) -> Row {
    let mut signs = [0.0; SIGNS];
    let count = asked.topic.words().count();
    let unknown = asked.topic.words().filter(|word| !past.words.contains_key(word)).count();
    let is_generation = asked.action == Action::Generation;
    let values = [
        1.0,
        is(is_generation),
        is(asked.action == Action::Revision),
        is(asked.action == Action::Fix),
        is(asked.action == Action::Other),
        part(unknown, count),
        part(unknown, count) * is(is_generation),
        is(count == 0),
        is(asked.has("approval")),
        is(is_short(asked)),
    ];
    signs[NEW..NEW_PAUSE].copy_from_slice(&values);
    if let Some(last) = past.last() {
        signs[NEW_PAUSE + pause(asked, &last.asked)] = 1.0;
        signs[AFTER + last.asked.action.index()] = 1.0;
        signs[AFTER + Action::LABELS.len()] = is(last.asked.is_button());
        signs[AFTER + Action::LABELS.len() + 1] = is(last.is_new);
    }
    signs
}

/// What speaks for an earlier request.
fn pair(asked: &Asked, other: &Remembered, past: &Past, weights: &[f32]) -> Row {
    let mut signs = [0.0; SIGNS];
    let distance = past.seen - other.number;
    signs[DISTANCE + DISTANCES.iter().position(|end| distance <= *end).unwrap_or(DISTANCES.len())] = 1.0;
    let count = weights.len();
    let others = other.asked.topic.words().count();
    let whole = weights.iter().sum::<f32>().max(0.01).sqrt();
    let (mut sum, mut rarest, mut shared, mut latest, mut known) = (0.0, 0.0_f32, 0, 0, 0.0);
    let group = other.group.and_then(|group| past.groups.get(group as usize));
    for (word, weight) in asked.topic.words().zip(weights) {
        if other.asked.topic.words().any(|theirs| theirs == word) {
            sum += weight;
            rarest = rarest.max(*weight);
            shared += 1;
            latest += usize::from(past.words.get(&word).is_some_and(|known| known.latest == other.number));
        }
        match group.and_then(|group| group.words.iter().find(|(theirs, ..)| *theirs == word)) {
            Some((_, 1, _)) => known += weight / 2.0,
            Some(_) => known += weight,
            None => {}
        }
    }
    let first = asked.topic.0[0];
    let values = [
        (sum / whole).min(4.0),
        rarest / 2.0,
        part(shared, count.min(others)),
        is(first.is_some() && first == other.asked.topic.0[0]),
        is(first.is_some() && other.asked.topic.words().any(|word| Some(word) == first)),
        is(shared > 0 && shared == count),
        part(latest, shared),
    ];
    signs[SHARED..FAR_EMPTY].copy_from_slice(&values);
    if distance == 1 {
        let values = [
            is(count == 0),
            is(asked.is_button()),
            is(asked.action == Action::Fix),
            is(asked.action == Action::Revision),
            is(asked.action == Action::Generation),
            is(is_short(asked)),
            is(asked.has("persistence") || asked.has("contradiction")),
            is(asked.has("approval")),
            is(shared > 0),
        ];
        signs[LAST..PAIR].copy_from_slice(&values);
    } else {
        signs[FAR_EMPTY] = is(count == 0);
    }
    let is_first = is(other.number == 0);
    let values = [
        is(other.asked.is_button() && !asked.is_button()),
        known / whole,
        is(group.is_some_and(|group| group.latest == other.number)),
        is_first,
        is_first * part(shared, count),
        is_first * is(asked.action == Action::Revision),
        is(asked.action == Action::Generation),
        is(asked.action == Action::Regeneration) * part(shared, count.min(others)),
        if asked.is_button() { 0.0 } else { sketch::similarity(asked.cues.fingerprint, other.asked.cues.fingerprint) },
        is(distance == 1 && asked.has("novelty")),
    ];
    signs[PAIR..LAST_PAUSE].copy_from_slice(&values);
    if distance == 1 {
        signs[LAST_PAUSE + pause(asked, &other.asked)] = 1.0;
    }
    let by_action = ASKED + 4 * asked.action.index();
    signs[by_action + (distance as usize).min(3) - 1] = 1.0;
    signs[by_action + 3] = is(shared > 0);
    if distance > 1 && past.before_buttons == Some(other.number) {
        signs[BEFORE_BUTTONS] = 1.0;
        signs[BEFORE_BUTTONS + 1 + asked.action.index()] = 1.0;
        signs[BEFORE_BUTTONS + 1 + Action::LABELS.len()] = is(asked.cues.bits & form::ERROR_PASTE != 0);
    }
    signs[BEGINNINGS] = f32::from(asked.beginnings_shared(&other.asked)).min(2.0);
    signs
}
