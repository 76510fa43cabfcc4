//! Ordered events get their class, how sure it is, and why.
//!
//! What the words of a prompt say stands in its cues already. Here the context is added: what came before in the same
//! app (`window`), read as `signs`, each with a learned weight for each class. The sum over cues and signs is a
//! multinomial logistic model; a temperature makes its probabilities honest (Guo et al. 2017). Below a threshold the
//! action is `unclassified`; `best` always names a class.
pub mod adapt;
pub mod corrections;
pub mod doubt;
pub mod eval;
pub mod explain;
pub mod feature_map;
pub mod labelled;
mod lessons;
pub mod links;
mod logistic;
mod prior;
mod refunds;
pub mod rules;
mod signs;
mod textless;
pub mod train;
mod window;
pub mod words;

use rayon::prelude::*;

use crate::cues::{
    self, form,
    lexicon::bit,
    scan,
    weights::{PARTS, Weights},
};
use crate::model::{
    account::Entry,
    action::Action,
    decision::{Decision, Probability, Reason},
    event::Event,
    names::Names,
};
use crate::timeline::Timeline;

use self::{
    corrections::Corrected,
    refunds::Refunds,
    signs::{SIGNS, Signs},
    textless::Bill,
    window::Window,
};

const CLASSES: usize = Action::LABELS.len();
/// What speaks for each class, in log-odds points.
type Sums = [f32; CLASSES];

/// Decides on every event, in the order of the timeline.
pub fn classify(timeline: &Timeline, names: &Names, weights: &Weights) -> Vec<Decision> {
    classify_corrected(timeline, names, weights, &Corrected::default())
}

/// Decides on every event, in the order of the timeline; what people said of an event counts.
pub fn classify_corrected(
    timeline: &Timeline,
    names: &Names,
    weights: &Weights,
    corrected: &Corrected,
) -> Vec<Decision> {
    let model = Model { corrected, ..Model::new(weights) };
    let mut apps: Vec<Vec<Decision>> = Vec::new();
    timeline
        .apps()
        .par_iter()
        .map(|range| {
            let events = &timeline.events()[range.clone()];
            let mut decisions = Vec::with_capacity(events.len());
            let offset = u32::try_from(range.start).unwrap_or(u32::MAX);
            model.app(events, offset, names, |_, decision, _| decisions.push(decision));
            decisions
        })
        .collect_into_vec(&mut apps);
    apps.into_iter().flatten().collect()
}

/// What is said of a grant, a top-up or an expiry: nobody used anything.
pub fn no_use() -> Decision {
    Decision {
        action: Action::Unclassified,
        best: Action::Other,
        probability: Probability::default(),
        reason: Reason([words::NO_USE, 0, 0]),
        earlier: None,
    }
}

/// Weights of the context in the order of its signs.
struct Model<'a> {
    signs: [Sums; SIGNS],
    over: Over,
    temperature: f32,
    threshold: f64,
    corrected: &'a Corrected,
}

/// How much more each sign and each bit of the cues says for a class than for all classes in the mean.
struct Over {
    signs: [Sums; SIGNS],
    cues: [Sums; 32],
}

static UNCORRECTED: Corrected = Corrected::none();

impl Model<'_> {
    fn new(weights: &Weights) -> Self {
        let mut rows = [[0.0; CLASSES]; SIGNS];
        for (row, name) in rows.iter_mut().zip(signs::NAMES) {
            *row = weights.context(name).map(points);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a temperature is near 1")]
        let temperature = weights.about().temperature as f32;
        let cues = std::array::from_fn(|bit| weights.of_cue(scan::of_bit(bit)).map(points));
        let over = Over { signs: rows.map(over_mean), cues: cues.map(over_mean) };
        Self { signs: rows, over, temperature, threshold: weights.about().threshold, corrected: &UNCORRECTED }
    }

    /// Decides on the events of one app, in order, and gives each with its sums of log-odds (zeros where no text was
    /// weighed); `offset` is the position of the first in the timeline.
    fn app(&self, events: &[Event], offset: u32, names: &Names, mut give: impl FnMut(&Event, Decision, Sums)) {
        let mut window = Window::default();
        let mut work = None;
        let mut bill = Bill::default();
        let mut refunds = Refunds::default();
        for (event, position) in events.iter().zip(offset..) {
            let tag = names.tag(event.tag);
            let refunded = (tag.entry == Entry::Refund).then(|| refunds.of(event)).flatten();
            let (mut decision, sums) = if let Some(refunded) = refunded {
                (refunded, [0.0; CLASSES])
            } else if let Some(told) = rules::told(tag) {
                let reported = rules::is_talk(tag).then(|| self.failure(event, &window, names)).flatten();
                (reported.unwrap_or(told), [0.0; CLASSES])
            } else if event.cues.has_text() {
                self.decide(event, &window, names)
            } else {
                (bill.guess(event, names), [0.0; CLASSES])
            };
            if let Some(correction) = self.corrected.of(position).filter(|one| !one.is_echo(&decision)) {
                decision = correction.apply(decision);
            }
            if refunded.is_some() {
                give(event, decision, sums);
                continue;
            }
            refunds.push(event, decision, position);
            if matches!(decision.best, Action::Revision | Action::Fix | Action::Regeneration) {
                decision.earlier = decision.earlier.or(work);
            } else {
                decision.earlier = None;
            }
            if rules::is_context(event, tag) {
                if event.cues.has_text() {
                    window.push(event, decision.best, position);
                }
                bill.push(event, tag, names);
                if decision.best != Action::Other {
                    work = Some(position);
                }
            }
            give(event, decision, sums);
        }
    }

    /// What was sent as talk but reports a failure, without doubt.
    fn failure(&self, event: &Event, window: &Window, names: &Names) -> Option<Decision> {
        let is_report = event.cues.has_text() && event.cues.bits & FAILURES != 0;
        let decision = is_report.then(|| self.decide(event, window, names).0)?;
        (decision.best == Action::Fix && decision.probability.get() >= SURE).then_some(decision)
    }

    /// Decides on an event by its text and the requests before it.
    fn decide(&self, event: &Event, window: &Window, names: &Names) -> (Decision, Sums) {
        let signs = signs::read(event, window, names);
        let mut sums = event.cues.scores.map(|score| f32::from(score) / SCORE_PARTS);
        for (sign, value) in signs.each() {
            for (sum, weight) in sums.iter_mut().zip(&self.signs[sign]) {
                *sum += value * weight;
            }
        }
        let (best, chance) = likeliest(sums, self.temperature);
        let action = if chance < self.threshold { Action::Unclassified } else { Action::LABELS[best] };
        let decision = Decision {
            action,
            best: Action::LABELS[best],
            probability: Probability::new(chance),
            reason: self.reason(event.cues.bits, &signs, best),
            earlier: signs.resembles,
        };
        (decision, sums)
    }

    /// The three cues and signs that speak most for a class.
    fn reason(&self, bits: u32, signs: &Signs, class: usize) -> Reason {
        let mut top = [(LEAST, 0_u8); 3];
        let mut offer = |row: &Sums, value: f32, number: u8| {
            let strength = value * row[class];
            if strength > top[2].0
                && let Some(at) = top.iter().position(|(least, _)| strength > *least)
            {
                top[at..].rotate_right(1);
                top[at] = (strength, number);
            }
        };
        let mut rest = bits;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            offer(&self.over.cues[bit as usize], 1.0, words::of_bit(bit));
            rest &= rest - 1;
        }
        // The bias speaks for no prompt in particular.
        for (sign, value) in signs.each().skip(1) {
            offer(&self.over.signs[sign], value, words::of_sign(sign));
        }
        Reason(top.map(|(_, number)| number))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
const SCORE_PARTS: f32 = cues::PARTS as f32;
/// What a report of a failure holds.
const FAILURES: u32 = bit("failure") | bit("error") | form::ERROR_PASTE;
/// A failure that is so likely is one, though it was sent as talk.
const SURE: f64 = 0.7;
/// What speaks less than this for a class is no reason.
const LEAST: f32 = 0.1;

/// Log-odds points.
fn points(weight: i16) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let parts = PARTS as f32;
    f32::from(weight) / parts
}

/// A row less its mean.
fn over_mean(row: Sums) -> Sums {
    #[expect(clippy::cast_precision_loss, reason = "five classes")]
    let mean = row.iter().sum::<f32>() / CLASSES as f32;
    row.map(|weight| weight - mean)
}

/// The position of the greatest sum, and its probability.
fn likeliest(sums: [f32; CLASSES], temperature: f32) -> (usize, f64) {
    let mut best = 0;
    for (index, sum) in sums.iter().enumerate() {
        if *sum > sums[best] {
            best = index;
        }
    }
    // The greatest is e to the power of 0.
    let each = |(index, sum): (usize, &f32)| {
        if index == best { 1.0 } else { f64::from((sum - sums[best]) / temperature).exp() }
    };
    let total: f64 = sums.iter().enumerate().map(each).sum();
    (best, 1.0 / total)
}

#[cfg(test)]
mod tests;
