//! Failures in a row on one target, as a session's prompts show them.
use rustc_hash::FxHashMap;

use crate::{
    model::{action::Action, amount::Amount, decision::Probability},
    rollup::{
        Classified, Tally,
        cases::{rows::Rows, steps::Step},
    },
};

/// So many failures in a row on one target are a loop; loops hold 37 % of failure prompts (arXiv 2604.00436).
const LOOP: u64 = 3;
/// After so many the approach is to be changed.
const TRIED: u64 = 2;
/// The same words again within so many seconds are the same report, sent twice.
const SAME_REPORT: i64 = 120;

/// Failures in a row on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How many failures were reported; one that was sent twice within two minutes is one.
    pub failures: u64,
    /// The prompts that report them, and what was built anew between them.
    pub rows: Rows,
    /// Those after the second failure.
    pub late: Tally,
    /// What they are about, where it is known.
    pub feature: Option<String>,
    /// Whether work went on after them.
    pub is_resolved: bool,
    /// What the thing cost that they come back to, where it is known.
    pub origin: Option<Amount>,
    /// The mean chance that they are failures.
    pub chance: Probability,
}

/// The costliest series of at least three failures on one target. Questions between them do not end it, nor does what
/// cost nothing; an answer that cost more than the dearest failure built something, whatever it is called.
pub(super) fn costliest(steps: &[Step], input: Classified) -> Option<Run> {
    let mut best: Option<Run> = None;
    let mut series = Series::default();
    let mut offer = |series: &mut Series, is_resolved: bool| {
        let run = read(&series.steps, is_resolved, input).filter(|run| run.failures >= LOOP);
        if let Some(run) = run
            && best.as_ref().is_none_or(|best| run.rows.tally.amount > best.rows.tally.amount)
        {
            best = Some(run);
        }
        *series = Series::default();
    };
    for step in steps.iter().filter(|step| !step.amount.is_zero()) {
        let is_pause = matches!(step.action, Action::Other | Action::Unclassified)
            && series.dearest.is_none_or(|dearest| step.amount <= dearest);
        if is_pause {
            continue;
        }
        if !step.is_rework() || !series.steps.is_empty() && !series.takes(step, input) {
            offer(&mut series, true);
        }
        if step.is_rework() {
            series.push(step);
        }
    }
    offer(&mut series, false);
    best
}

/// Failures in a row, so far.
#[derive(Default)]
struct Series<'s> {
    steps: Vec<&'s Step>,
    dearest: Option<Amount>,
    /// The latest failure that is or comes back to an event: of all, and of those whose feature is not told.
    linked: [FxHashMap<usize, &'s Step>; 2],
}

impl<'s> Series<'s> {
    fn push(&mut self, step: &'s Step) {
        self.dearest = self.dearest.max(Some(step.amount));
        for of in self.linked.iter_mut().take(if step.is_told { 1 } else { 2 }) {
            of.extend([step.index].into_iter().chain(step.earlier).map(|event| (event, step)));
        }
        self.steps.push(step);
    }

    /// Whether a failure is on the target of those before: the export names one feature for both. Where it does not name
    /// both, one comes back to the other, or both to the same; both name the same thing of one inferred feature; or only the
    /// builder's words tell of both. Reports that name things, each first one that the other does not, are on two targets.
    fn takes(&self, step: &Step, input: Classified) -> bool {
        let linked = step.earlier.and_then(|earlier| self.linked[usize::from(step.is_told)].get(&earlier));
        linked.is_some_and(|before| !name_others(before, step, input))
            || self.steps.iter().rev().take(2).any(|before| is_on_same(before, step, input))
    }
}

fn read(series: &[&Step], is_resolved: bool, input: Classified) -> Option<Run> {
    let first = series.first()?;
    let (mut rows, mut late, mut failures, mut chances) = (Rows::default(), Tally::default(), 0_u64, 0.0);
    let mut before: Option<&Step> = None;
    for step in series {
        if failures >= TRIED {
            late.add(step.tally());
        }
        rows.add(step);
        let is_sent_twice = before.is_some_and(|before| {
            step.says_again
                && step.earlier == Some(before.index)
                && step.at.since(before.at).num_seconds() <= SAME_REPORT
        });
        if step.action == Action::Fix && !is_sent_twice {
            failures += 1;
            chances += input.decisions[step.index].probability.get();
        }
        before = Some(step);
    }
    let origin = first.earlier.filter(|earlier| input.decisions[*earlier].action == Action::Generation);
    #[expect(clippy::cast_precision_loss, reason = "a count of prompts of a session")]
    let chance = Probability::new(chances / failures.max(1) as f64);
    Some(Run {
        failures,
        late,
        feature: input.names.text_of(series.iter().find_map(|step| step.feature)).map(str::to_owned),
        is_resolved,
        origin: origin.map(|origin| input.timeline.events()[origin].amount),
        chance,
        rows,
    })
}

fn is_on_same(one: &Step, other: &Step, input: Classified) -> bool {
    match (one.feature, other.feature) {
        (Some(first), Some(second)) => {
            first == second && (one.is_told && other.is_told || share_word(one, other, input))
        }
        (None, None) => one.length == 0 && other.length == 0,
        _ => false,
    }
}

/// Whether the prompts of both name one thing, and it is the first of one of them.
fn share_word(one: &Step, other: &Step, input: Classified) -> bool {
    first_shared(one, other, input) == Some(true)
}

/// Whether each prompt first names a thing that the other does not.
fn name_others(one: &Step, other: &Step, input: Classified) -> bool {
    first_shared(one, other, input) == Some(false)
}

/// Whether the first thing of one prompt is among those of the other; `None` where one names nothing.
fn first_shared(one: &Step, other: &Step, input: Classified) -> Option<bool> {
    let topic = |step: &Step| input.timeline.events()[step.index].about.topic().map(|topic| input.names.topic(topic));
    let (one, other) = (topic(one)?, topic(other)?);
    let (first, second) = (one.words().next()?, other.words().next()?);
    Some(other.words().any(|word| word == first) || one.words().any(|word| word == second))
}
