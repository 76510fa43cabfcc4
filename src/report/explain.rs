//! Why one event got its class, for people and as JSON. No prompt text: phrases are those of the lexicon.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    classify::explain::{self, Part},
    cues::weights::Weights,
    ingest::Ingested,
    report::{
        clean,
        lines::{self, V1Line},
    },
    rollup::Classified,
};

/// Why an event got its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct V1Explanation {
    schema: &'static str,
    #[serde(flatten)]
    line: V1Line,
    /// Who gave the class, where people did.
    corrected_by: Option<String>,
    cues: Vec<V1Part>,
    context: Vec<V1Part>,
    alternatives: Vec<V1Alternative>,
    /// The requests before it in its app, latest first.
    before: Vec<V1Before>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct V1Part {
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<&'static str>,
    weight: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct V1Alternative {
    class: &'static str,
    probability: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct V1Before {
    event: String,
    class: &'static str,
}

/// How many requests before it are shown.
const BEFORE: usize = 3;

/// The explanation of the event at a position of the timeline.
pub fn view(
    input: &Ingested,
    classified: Classified,
    weights: &Weights,
    position: usize,
    corrected_by: Option<String>,
) -> V1Explanation {
    let Classified { timeline, decisions, names, .. } = classified;
    let said = input.kept.get(&timeline.events()[position].place).map_or(&[][..], |kept| &kept.said);
    let explained = explain::explain(timeline, decisions, names, weights, (position, said));
    let app = timeline.apps().iter().find(|range| range.contains(&position)).map_or(position, |range| range.start);
    let before = (app..position)
        .rev()
        .take(BEFORE)
        .map(|at| V1Before { event: input.reference(timeline.events()[at].place), class: decisions[at].best.word() });
    V1Explanation {
        schema: "creditscope.explain/v1",
        line: lines::at(input, classified, position),
        corrected_by,
        cues: explained.cues.into_iter().map(V1Part::from).collect(),
        context: explained.context.into_iter().map(V1Part::from).collect(),
        alternatives: explained
            .alternatives
            .into_iter()
            .map(|(class, chance)| V1Alternative { class: class.word(), probability: rounded(chance) })
            .collect(),
        before: before.collect(),
    }
}

impl From<Part> for V1Part {
    fn from(Part { says, phrase, weight }: Part) -> Self {
        Self { says, phrase, weight: rounded(weight) }
    }
}

/// Four decimals: more would claim what floats do not hold.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

/// As JSON.
///
/// # Errors
/// Never in memory.
pub fn json(view: &V1Explanation) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(view).context("writing JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// As text.
pub fn text(view: &V1Explanation) -> String {
    let mut text = lines::card(&view.line);
    let mut tell = |line: String| {
        text += line.trim_end();
        text.push('\n');
    };
    if let Some(by) = &view.corrected_by {
        tell(format!("said by        {}", clean::line(by)));
    }
    for (title, parts) in [("The prompt says", &view.cues), ("The context says", &view.context)] {
        if !parts.is_empty() {
            tell(format!("\n{title:<64}{:>8}", "weight"));
        }
        for part in parts {
            let phrase = part.phrase.map_or_else(String::new, |phrase| format!(": '{phrase}'"));
            tell(format!("  {:<62}{:>+8.2}", clean::line(&format!("{}{phrase}", part.says)), part.weight));
        }
    }
    if !view.alternatives.is_empty() {
        tell(format!("\n{:<64}{:>8}", "The classes", "chance"));
    }
    for alternative in &view.alternatives {
        tell(format!("  {:<62}{:>8.3}", alternative.class, alternative.probability));
    }
    if !view.before.is_empty() {
        tell("\nBefore it in the app, latest first".to_owned());
    }
    for before in &view.before {
        tell(format!("  {:<14} {}", before.class, clean::line(&before.event)));
    }
    if !view.alternatives.is_empty() {
        tell("\nWeights are log-odds points for the class, less the mean over all classes.".to_owned());
    } else if view.corrected_by.is_none() {
        tell("\nNo cues were weighed: the row itself tells, or it has no prompt.".to_owned());
    }
    text
}
