//! Why an event got its class: every cue and every sign of the context with what it weighs.
//!
//! Weights are log-odds points: what a cue says for the class, less the mean of what it says for all classes. They add
//! up to the sums that the probabilities follow from.
use super::{CLASSES, LEAST, Model, SCORE_PARTS, Sums, likeliest, over_mean, rules, signs, window::Window, words};
use crate::{
    cues::{scan::Said, weights::Weights},
    model::{action::Action, decision::Decision, event::Event, names::Names},
    timeline::Timeline,
};

/// Something that speaks for or against the class.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is, in plain words.
    pub says: String,
    /// The phrase of the lexicon, where it is one.
    pub phrase: Option<&'static str>,
    /// What it weighs for the class, in log-odds points.
    pub weight: f64,
}

/// Why an event got its class.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Cues of the prompt, strongest first.
    pub cues: Vec<Part>,
    /// Signs of the context, strongest first.
    pub context: Vec<Part>,
    /// The classes with their probabilities, likeliest first; empty where the row itself, a rule or a label tells.
    pub alternatives: Vec<(Action, f64)>,
}

/// Explains the decision on the event at a position of the timeline.
pub fn explain(
    timeline: &Timeline,
    decisions: &[Decision],
    names: &Names,
    weights: &Weights,
    (position, said): (usize, &[Said]),
) -> Explanation {
    let event = &timeline.events()[position];
    let decision = &decisions[position];
    let mut explanation = Explanation { cues: Vec::new(), context: Vec::new(), alternatives: Vec::new() };
    if !event.cues.has_text() || !words::is_weighed(decision) {
        return explanation;
    }
    let model = Model::new(weights);
    let class = Action::LABELS.iter().position(|label| *label == decision.best).unwrap_or(0);
    let signs = signs::read(event, &window_before(timeline, decisions, names, position), names);
    let mut sums = event.cues.scores.map(|score| f32::from(score) / SCORE_PARTS);
    explanation.cues = cues(&model, event, said, class, sums);
    for (sign, value) in signs.each() {
        for (sum, weight) in sums.iter_mut().zip(&model.signs[sign]) {
            *sum += value * weight;
        }
        let weight = value * model.over.signs[sign][class];
        let says = words::sign(sign).to_owned();
        explanation.context.push(Part { says, phrase: None, weight: f64::from(weight) });
    }
    strongest_first(&mut explanation.context);
    let chances = Action::LABELS.iter().zip(chances(sums, model.temperature));
    explanation.alternatives = chances.map(|(label, chance)| (*label, chance)).collect();
    explanation.alternatives.sort_by(|left, right| right.1.total_cmp(&left.1));
    explanation
}

/// The named cues of a prompt, and all its other words together.
fn cues(model: &Model, event: &Event, said: &[Said], class: usize, text: Sums) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = over_mean(text)[class];
    for (bit, row) in (0..).zip(&model.over.cues).filter(|(bit, _)| event.cues.bits & (1 << bit) != 0) {
        let weight = row[class];
        rest -= weight;
        let phrase = said.iter().find(|said| said.groups & (1_u32 << bit) != 0).map(|said| said.phrase);
        parts.push(Part { says: words::bit(bit).to_owned(), phrase, weight: f64::from(weight) });
    }
    strongest_first(&mut parts);
    let says = "its other words, their order and its length".to_owned();
    parts.push(Part { says, phrase: None, weight: f64::from(rest) });
    parts
}

fn strongest_first(parts: &mut Vec<Part>) {
    parts.retain(|part| part.weight.abs() >= f64::from(LEAST) / 2.0);
    parts.sort_by(|left, right| right.weight.abs().total_cmp(&left.weight.abs()));
}

/// The probability of each class.
fn chances(sums: Sums, temperature: f32) -> [f64; CLASSES] {
    let (best, chance) = likeliest(sums, temperature);
    sums.map(|sum| chance * f64::from((sum - sums[best]) / temperature).exp())
}

/// The requests before an event, as they were when it was decided on.
fn window_before(timeline: &Timeline, decisions: &[Decision], names: &Names, position: usize) -> Window {
    let mut window = Window::default();
    let app = timeline.apps().iter().find(|range| range.contains(&position)).map_or(0, |range| range.start);
    let before = timeline.events()[app..position].iter().zip(&decisions[app..position]).zip(app..);
    for ((event, decision), at) in before {
        if event.cues.has_text() && rules::is_context(event, names.tag(event.tag)) {
            window.push(event, decision.best, u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
    window
}
