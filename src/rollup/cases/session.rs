//! A session as the rules see it: what happened how often, and what it cost.
use std::collections::BTreeSet;

use crate::{
    model::{
        action::Action,
        amount::{Amount, Total},
        instant::Instant,
    },
    rollup::{Classified, Subject, Tally, cases::steps::Step},
};

/// So many failures in a row on one target are a loop; loops hold 37 % of failure prompts (arXiv 2604.00436).
const LOOP: usize = 3;
/// A pause longer than this ends a series of small edits.
const SERIES_PAUSE: i64 = 15 * 60;

/// The prompts of one account in one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCase {
    /// Workspace, user, app and session.
    pub subject: Subject,
    /// The first prompt.
    pub first: Instant,
    /// The last prompt.
    pub last: Instant,
    /// All prompts.
    pub whole: Tally,
    /// By class, in the order of [`Action::ALL`].
    pub actions: [Tally; Action::ALL.len()],
    /// How many features were worked on, where every prompt's is known.
    pub targets: Option<u64>,
    /// It holds the first prompt of its app.
    pub opens_app: bool,
    /// The dearest prompt: its class and amount.
    pub dearest: (Action, Amount),
    /// The first and the second half of its prompts.
    pub halves: [Tally; 2],
    /// Rework within each half.
    pub half_rework: [Tally; 2],
    /// The costliest series of failures on one target.
    pub run: Option<Run>,
    /// Requests that were sent again in the same words.
    pub resends: Tally,
    /// Things built anew although no refinement was tried.
    pub unrefined: Tally,
    /// The longest series of revisions close to each other.
    pub edits: Tally,
    /// Turns from one feature to another and straight back.
    pub returns: Tally,
    /// Corrections right after a prompt that asked for many things.
    pub oversized: Tally,
    /// How many such prompts there were.
    pub manifold: u64,
}

/// Failures in a row on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The failures.
    pub tally: Tally,
    /// Those after the second.
    pub late: Tally,
    /// The first.
    pub first: Instant,
    /// The last.
    pub last: Instant,
    /// What they are about, where it is known.
    pub feature: Option<String>,
    /// Whether work went on after them.
    pub is_resolved: bool,
    /// What the thing cost that they come back to, where it is known.
    pub origin: Option<Amount>,
}

/// Prompts that ask for work, and what had to be corrected right after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habit {
    /// How many.
    pub prompts: u64,
    /// How many of them were followed by a correction, and what the corrections cost.
    pub corrected: Tally,
}

impl Habit {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.prompts += other.prompts;
        self.corrected.add(other.corrected);
    }
}

/// Reads the steps of a session, of which there is at least one; with how its prompts fared, vague ones and others.
pub(super) fn read(
    steps: &[Step],
    input: Classified,
    subject: Subject,
    opens_app: bool,
) -> (SessionCase, Habit, Habit) {
    let mut case = SessionCase {
        subject,
        first: steps[0].at,
        last: steps[steps.len() - 1].at,
        whole: Tally::default(),
        actions: [Tally::default(); Action::ALL.len()],
        targets: targets(steps),
        opens_app,
        dearest: (steps[0].action, steps[0].amount),
        halves: [Tally::default(); 2],
        half_rework: [Tally::default(); 2],
        run: run(steps, input),
        resends: Tally::default(),
        unrefined: Tally::default(),
        edits: edits(steps),
        returns: returns(steps),
        oversized: Tally::default(),
        manifold: 0,
    };
    let (mut vague, mut specific) = (Habit::default(), Habit::default());
    for (number, step) in steps.iter().enumerate() {
        let half = usize::from(number * 2 >= steps.len());
        case.whole.add(step.tally());
        case.actions[step.action.index()].add(step.tally());
        case.halves[half].add(step.tally());
        if step.is_rework() {
            case.half_rework[half].add(step.tally());
        }
        if step.amount > case.dearest.1 {
            case.dearest = (step.action, step.amount);
        }
        if step.is_resend {
            case.resends.add(step.tally());
        } else if is_unrefined(step, steps, number, input) {
            case.unrefined.add(step.tally());
        }
        let after = steps.get(number + 1).filter(|after| after.is_rework() && after.user == step.user);
        let correction = after.map_or(Tally::default(), Step::tally);
        if step.is_work() && step.length > 0 && !step.is_button {
            let habit = if step.is_vague { &mut vague } else { &mut specific };
            habit.add(Habit { prompts: 1, corrected: correction });
        }
        if step.is_work() && step.is_manifold {
            case.manifold += 1;
            case.oversized.add(correction);
        }
    }
    (case, vague, specific)
}

fn targets(steps: &[Step]) -> Option<u64> {
    let work = || steps.iter().filter(|step| step.action != Action::Other);
    let known: BTreeSet<_> = work().filter_map(|step| step.feature).collect();
    work().all(|step| step.feature.is_some()).then_some(known.len() as u64)
}

/// A regeneration of something that only one event ever touched: the generation itself, if it built anything. One that
/// cost nothing was stopped before it did.
fn is_unrefined(step: &Step, steps: &[Step], number: usize, input: Classified) -> bool {
    let Some(earlier) = step.earlier.filter(|_| step.action == Action::Regeneration) else { return false };
    let was_built =
        input.decisions[earlier].action == Action::Generation && !input.timeline.events()[earlier].amount.is_zero();
    let touched =
        |other: &Step| other.index > earlier && other.action == Action::Revision && other.feature == step.feature;
    was_built && step.feature.is_some() && !steps[..number].iter().any(touched)
}

/// The costliest series of at least three failures on one target. Questions between them do not end it.
fn run(steps: &[Step], input: Classified) -> Option<Run> {
    let failures: Vec<&Step> =
        steps.iter().filter(|step| !matches!(step.action, Action::Other | Action::Unclassified)).collect();
    let mut best: Option<(Total, usize, usize)> = None;
    let mut offer = |start: usize, end: usize| {
        let run = &failures[start..end];
        let fixes = run.iter().filter(|step| step.action == Action::Fix).count();
        let cost: Total = run.iter().map(|step| Total::from(step.amount)).sum();
        if fixes >= LOOP && best.is_none_or(|(most, ..)| cost > most) {
            best = Some((cost, start, end));
        }
    };
    let mut start = None;
    for (at, step) in failures.iter().enumerate() {
        start = match start {
            _ if !step.is_rework() => {
                start.inspect(|start| offer(*start, at));
                None
            }
            Some(from) if is_same_target(failures[from], step) || is_same_target(failures[at - 1], step) => Some(from),
            _ => {
                start.inspect(|start| offer(*start, at));
                Some(at)
            }
        };
    }
    start.inspect(|start| offer(*start, failures.len()));
    let (_, start, end) = best?;
    let run = &failures[start..end];
    let sum = |steps: &[&Step]| {
        steps.iter().fold(Tally::default(), |mut sum, step| {
            sum.add(step.tally());
            sum
        })
    };
    let feature = run.iter().find_map(|step| step.feature);
    let origin = run[0].earlier.filter(|earlier| input.decisions[*earlier].action == Action::Generation);
    Some(Run {
        tally: sum(run),
        late: sum(&run[2.min(run.len())..]),
        first: run[0].at,
        last: run[run.len() - 1].at,
        feature: input.names.text_of(feature).map(str::to_owned),
        is_resolved: end < failures.len(),
        origin: origin.map(|origin| input.timeline.events()[origin].amount),
    })
}

/// Two failures on one feature; both on something unknown, where only the builder's words tell of them; or linked.
fn is_same_target(one: &Step, other: &Step) -> bool {
    match (one.feature, other.feature) {
        (Some(one), Some(other)) => one == other,
        (None, None) => true,
        _ => other.earlier == Some(one.index),
    }
}

/// The longest series of revisions with short pauses.
fn edits(steps: &[Step]) -> Tally {
    let mut longest = Tally::default();
    let mut series = Tally::default();
    let mut before: Option<&Step> = None;
    for step in steps {
        let is_near = before.is_some_and(|before| step.at.since(before.at).num_seconds() <= SERIES_PAUSE);
        if step.action != Action::Revision || !is_near {
            series = Tally::default();
        }
        if step.action == Action::Revision {
            series.add(step.tally());
        }
        if series.events > longest.events {
            longest = series;
        }
        before = Some(step);
    }
    longest
}

/// Revisions that go from a feature to another and straight back.
fn returns(steps: &[Step]) -> Tally {
    let mut sum = Tally::default();
    for three in steps.windows(3) {
        let [a, b, c] = three else { continue };
        let is_back = a.feature.is_some() && a.feature == c.feature && b.feature.is_some() && b.feature != a.feature;
        if is_back && [a, b, c].iter().all(|step| step.is_work()) && c.action == Action::Revision {
            sum.add(c.tally());
        }
    }
    sum
}
