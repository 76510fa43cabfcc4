//! What people know better than the weights: labels of events, and rules.
//!
//! A label names one event and its class. A rule names a pattern, a field and a class; rules stand in order and the
//! first that fits an event counts. A label wins over every rule, both win over the weights and over the builder's own
//! word. Corrected events are the context of those after them.
pub mod labels;
pub mod rules;

use std::collections::BTreeMap;

use anyhow::bail;

use crate::{
    classify::words,
    ingest::Ingested,
    model::{
        action::Action,
        decision::{Decision, Probability, Reason},
    },
    timeline::Timeline,
};

use self::{labels::Labels, rules::Rules};

/// Labels and rules as they were read.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// Classes of single events.
    pub labels: Option<Labels>,
    /// Rules in order.
    pub rules: Option<Rules>,
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A label.
    Label,
    /// The rule at this position.
    Rule(u16),
}

/// The class that somebody gave an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// The class.
    pub action: Action,
    /// Who says it.
    pub by: By,
    /// Whether it may be what the program said by itself.
    pub echo: Echo,
}

/// Whether a correction is what the program said by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// People wrote it.
    No,
    /// It stands in a line that the program wrote, and people may have changed it.
    Perhaps,
    /// It stands in such a line as the program wrote it, whatever it says now.
    Sure,
}

/// Corrections by the position of their event in the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrected {
    by_position: BTreeMap<u32, Correction>,
}

/// A class of a file; all but `unclassified`.
fn class(word: &str) -> anyhow::Result<Action> {
    let known = Action::ALL.into_iter().filter(|action| *action != Action::Unclassified);
    let Some(action) = known.clone().find(|action| action.word() == word.trim().to_lowercase()) else {
        let words: Vec<&str> = known.map(Action::word).collect();
        bail!("{word:?} is no class: use one of {}", words.join(", "));
    };
    Ok(action)
}

impl Corrections {
    /// Finds the events that labels and rules speak of. Gives sentences on rules that had no effect too.
    ///
    /// # Errors
    /// When a label names an event that is not there, or one that several rows share.
    pub fn find(&self, input: &Ingested, timeline: &Timeline) -> anyhow::Result<(Corrected, Vec<String>)> {
        let mut corrected = Corrected::default();
        let mut notes = Vec::new();
        if let Some(rules) = &self.rules {
            let mut effects = vec![rules::Effect::default(); rules.len()];
            for (event, position) in timeline.events().iter().zip(0..) {
                let fits = rules.fits(event, input);
                if let Some(first) = rules::tally(&fits, rules, &mut effects) {
                    let action = rules.action(first);
                    corrected.by_position.insert(position, Correction { action, by: By::Rule(first), echo: Echo::No });
                }
            }
            notes.extend(rules.sentences(&effects));
        }
        if let Some(labels) = &self.labels {
            let (found, said) = labels.find(input, timeline)?;
            corrected.by_position.extend(found);
            notes.extend(said);
        }
        Ok((corrected, notes))
    }
}

impl Corrections {
    /// Gives up labels that only repeat what the program says by itself, and tells how many count.
    pub fn without_echoes(&self, corrected: &mut Corrected, decisions: &[Decision]) -> Option<String> {
        let labels = self.labels.as_ref()?;
        let is_label = |corrected: &Corrected| corrected.by_position.values().filter(|one| one.by == By::Label).count();
        let before = is_label(corrected);
        corrected.by_position.retain(|position, one| !one.is_echo(&decisions[*position as usize]));
        let count = is_label(corrected);
        let events = if count == 1 { "event its class" } else { "events their class" };
        let echoes = match before - count {
            0 => String::new(),
            1 => "; 1 line is as classify wrote it and counts as no label".to_owned(),
            echoes => format!("; {echoes} lines are as classify wrote them and count as no labels"),
        };
        Some(format!("{} gives {count} {events}{echoes}", labels.path()))
    }

    /// Where the class of an event was corrected: the labels' file, or the place of the rule.
    pub fn by(&self, corrected: &Corrected, position: u32) -> Option<String> {
        match corrected.of(position)?.by {
            By::Label => self.labels.as_ref().map(|labels| labels.path().to_owned()),
            By::Rule(rule) => self.rules.as_ref().map(|rules| rules.place(rule).to_owned()),
        }
    }
}

impl Corrected {
    /// None at all.
    pub const fn none() -> Self {
        Self { by_position: BTreeMap::new() }
    }

    /// The correction of an event.
    pub fn of(&self, position: u32) -> Option<Correction> {
        self.by_position.get(&position).copied()
    }
}

impl Correction {
    /// Whether it only repeats what the program decided by itself.
    pub(super) fn is_echo(self, decision: &Decision) -> bool {
        let is_same = self.action == decision.action && decision.reason.0[0] != words::LABELLED;
        self.echo == Echo::Sure || self.echo == Echo::Perhaps && is_same
    }

    /// A decision with the class that was given.
    pub(super) fn apply(self, decision: Decision) -> Decision {
        let number = match self.by {
            By::Label => words::LABELLED,
            By::Rule(_) => words::RULED,
        };
        let (action, best) = (self.action, self.action);
        Decision { action, best, probability: Probability::ONE, reason: Reason([number, 0, 0]), ..decision }
    }
}
