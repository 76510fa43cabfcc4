//! Learns the weights from histories where readers told feature and link of each request, and measures them on
//! histories held out. The histories are no part of the project: set `CREDITSCOPE_FEATURES` to a file of lines with
//! `history, seq, timestamp, text, feature, refers`; without one the measurement is skipped, and says so.
#![expect(clippy::print_stderr, clippy::cast_precision_loss, reason = "a measurement on a few hundred requests")]
use std::collections::{BTreeMap, HashMap};

use super::*;
use crate::classify::{self, labelled};
use crate::cues::weights::Weights;

/// Steps through the examples.
const EPOCHS: usize = 25;
const RATE: f32 = 0.15;
/// How strongly weights are held at zero.
const PENALTY: f32 = 15.0;
/// A class is found wrong so often on unseen histories; here the classifier knows the histories.
const WRONG_CLASSES: u64 = 20;

/// A request with the readers' answers.
struct Told {
    asked: Asked,
    feature: String,
    /// Position within the history of the request it comes back to.
    refers: Option<u32>,
}

/// Signs, and the bits of the cues for each kind of choice.
const WIDE: usize = signs::SIGNS + 32 * KINDS;

/// The choices of a request, and which are right.
struct Example(Vec<([f32; WIDE], bool)>);

/// What speaks for a choice, as one row.
fn wide(choice: &Choice, bits: u32) -> [f32; WIDE] {
    let mut row = [0.0; WIDE];
    row[..signs::SIGNS].copy_from_slice(&choice.signs);
    for (kind, part) in row[signs::SIGNS..].chunks_mut(32).enumerate().filter(|(kind, _)| choice.kinds[*kind]) {
        debug_assert!(kind < KINDS);
        for (bit, value) in part.iter_mut().enumerate() {
            *value = f32::from(u8::from(bits & (1 << bit) != 0));
        }
    }
    row
}

fn file() -> Option<std::path::PathBuf> {
    let told = std::env::var_os("CREDITSCOPE_FEATURES").map(Into::into);
    let near = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/prompts/features-dev.jsonl");
    let path: std::path::PathBuf = told.unwrap_or_else(|| near.into());
    path.is_file().then_some(path)
}

fn histories() -> Option<Vec<Vec<Told>>> {
    let text = std::fs::read_to_string(file()?).unwrap();
    let mut readers: BTreeMap<(String, u64), (String, u64)> = BTreeMap::new();
    let mut lines = String::new();
    for line in text.lines() {
        let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let of = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        let key = (of("history"), fields["seq"].as_u64().unwrap());
        readers.insert(key, (of("feature"), fields["refers"].as_u64().unwrap()));
        fields.insert("label".to_owned(), "other".into());
        lines += &serde_json::to_string(&fields).unwrap();
        lines.push('\n');
    }
    let rows = labelled::parse(&lines).unwrap();
    let laid = labelled::lay_out(&rows, Weights::built_in());
    let decisions = classify::classify(&laid.timeline, &laid.names, Weights::built_in());
    let mut all = Vec::new();
    for range in laid.timeline.apps() {
        let events = &laid.timeline.events()[range.clone()];
        let seqs: HashMap<u64, u32> = events.iter().map(|event| event.key).zip(0..).collect();
        let told = events.iter().zip(&decisions[range.clone()]).map(|(event, decision)| {
            let row = &rows[event.place.line as usize - 1];
            let (feature, refers) = readers[&(row.history.clone(), row.seq)].clone();
            let chance = event.key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let wrong = Action::LABELS[(chance / 128 % 5) as usize];
            let mut asked = Asked::of(event, decision.best, &laid.names, &ToldTopics::default());
            if chance % 100 < WRONG_CLASSES && !asked.is_button() {
                asked.action = wrong;
            }
            Told { asked, feature, refers: seqs.get(&refers).copied() }
        });
        all.push(told.collect());
    }
    Some(all)
}

/// The choices of each request of a history, the past being grouped as the readers did.
fn examples(history: &[Told], is_link: bool) -> Vec<Example> {
    let mut past = Past::default();
    let mut groups: HashMap<&str, u32> = HashMap::new();
    let mut all = Vec::new();
    for (told, position) in history.iter().zip(0..) {
        let group = groups.get(told.feature.as_str()).copied();
        let right = |choice: &Choice| match choice.slot.and_then(|slot| past.at(slot)) {
            Some(other) if is_link => told.refers == Some(other.position),
            Some(other) => group.is_some() && other.group == group,
            None if is_link => told.refers.is_none(),
            None => group.is_none(),
        };
        let choices = signs::choices(&told.asked, &past);
        let choices: Vec<([f32; WIDE], bool)> =
            choices.iter().map(|choice| (wide(choice, told.asked.cues.bits), right(choice))).collect();
        if choices.iter().any(|(_, right)| *right) {
            all.push(Example(choices));
        }
        let group = group.unwrap_or_else(|| past.new_group(&told.asked));
        groups.insert(&told.feature, group);
        past.push(told.asked, Some(group), position, told.refers.is_none());
    }
    all
}

/// Fits a conditional logit by adaptive gradient steps (Duchi et al. 2011); the mean of the last steps.
fn fit(examples: &[&Example]) -> Learned {
    let (mut weights, mut squares, mut mean) = ([0.0_f32; WIDE], [1e-3_f32; WIDE], [0.0; WIDE]);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 1_u64;
    for epoch in 0..EPOCHS {
        for at in (1..order.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, (random >> 33) as usize % (at + 1));
        }
        for &at in &order {
            let Example(choices) = examples[at];
            let scores: Vec<f32> = choices.iter().map(|(signs, _)| dot(signs, &weights)).collect();
            let most = scores.iter().copied().fold(f32::MIN, f32::max);
            let chances: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
            let all: f32 = chances.iter().sum();
            let right: f32 =
                chances.iter().zip(choices).filter(|(_, (_, right))| *right).map(|(chance, _)| chance).sum();
            let mut slope = [0.0; WIDE];
            for (chance, (signs, is_right)) in chances.iter().zip(choices) {
                let share = chance / all - if *is_right { chance / right } else { 0.0 };
                for (slope, sign) in slope.iter_mut().zip(signs) {
                    *slope += share * sign;
                }
            }
            for ((weight, square), slope) in weights.iter_mut().zip(&mut squares).zip(slope) {
                if slope != 0.0 {
                    let slope = slope + PENALTY * *weight / examples.len() as f32;
                    *square += slope * slope;
                    *weight -= RATE * slope / square.sqrt();
                }
            }
        }
        if epoch + 6 >= EPOCHS {
            for (mean, weight) in mean.iter_mut().zip(weights) {
                *mean += weight / 6.0;
            }
        }
    }
    let (signs, cues) = mean.split_at(signs::SIGNS);
    let cues: [[f32; 32]; KINDS] = std::array::from_fn(|kind| std::array::from_fn(|bit| cues[32 * kind + bit]));
    Learned { signs: signs.try_into().unwrap(), cues }
}

fn dot(signs: &[f32; WIDE], weights: &[f32; WIDE]) -> f32 {
    signs.iter().zip(weights).map(|(sign, weight)| sign * weight).sum()
}

/// Requests with the right link, and B-cubed precision and recall summed over the requests of a history.
fn measure(history: &[Told], link: &Learned, feature: &Learned) -> (usize, f64, f64) {
    let mut past = Past::default();
    let mut right = 0;
    let mut groups: Vec<Option<u32>> = Vec::new();
    for (told, position) in history.iter().zip(0..) {
        let (group, earlier, _) = place(&told.asked, &mut past, None, (link, feature));
        right += usize::from(earlier == told.refers);
        groups.push(group);
        past.push(told.asked, group, position, earlier.is_none());
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for (told, group) in history.iter().zip(&groups) {
        let count = |test: &dyn Fn(&Told, &Option<u32>) -> bool| {
            history.iter().zip(&groups).filter(|(told, group)| test(told, group)).count() as f64
        };
        let both = count(&|other, theirs| other.feature == told.feature && theirs == group);
        precision += both / count(&|_, theirs| theirs == group);
        recall += both / count(&|other, _| other.feature == told.feature);
    }
    (right, precision, recall)
}

#[test]
fn links_and_features_of_histories_held_out() {
    let Some(histories) = histories() else {
        eprintln!("skipped: no file of histories with features and links");
        return;
    };
    let folds: Vec<(Vec<Example>, Vec<Example>)> =
        histories.iter().map(|history| (examples(history, true), examples(history, false))).collect();
    let (mut requests, mut right, mut precision, mut recall) = (0, 0, 0.0, 0.0);
    for (held, history) in histories.iter().enumerate() {
        let others = || folds.iter().enumerate().filter(|(fold, _)| *fold != held).map(|(_, fold)| fold);
        let link = fit(&others().flat_map(|fold| &fold.0).collect::<Vec<_>>());
        let feature = fit(&others().flat_map(|fold| &fold.1).collect::<Vec<_>>());
        let (links, p, r) = measure(history, &link, &feature);
        eprintln!("{} requests, links {links}, precision {p:.1}, recall {r:.1}", history.len());
        (requests, right) = (requests + history.len(), right + links);
        (precision, recall) = (precision + p, recall + r);
    }
    let n = requests as f64;
    let (links, f1) = (right as f64 / n, 2.0 * precision * recall / (precision + recall) / n);
    eprintln!(
        "held out: links {links:.3}, B-cubed F1 {f1:.3} (precision {:.3}, recall {:.3})",
        precision / n,
        recall / n
    );
    let link = fit(&folds.iter().flat_map(|fold| &fold.0).collect::<Vec<_>>());
    let feature = fit(&folds.iter().flat_map(|fold| &fold.1).collect::<Vec<_>>());
    let row =
        |row: &[f32]| format!("[{}]", row.iter().map(|weight| format!("{weight:.2}")).collect::<Vec<_>>().join(", "));
    for (name, weights) in [("LINK", link), ("FEATURE", feature)] {
        let cues = weights.cues.iter().map(|cues| row(cues)).collect::<Vec<_>>().join(", ");
        eprintln!("pub(super) const {name}: Learned = Learned {{ signs: {}, cues: [{cues}] }};", row(&weights.signs));
    }
    assert!(links > 0.55 && f1 > 0.55, "links {links:.3}, B-cubed {f1:.3}");
}
