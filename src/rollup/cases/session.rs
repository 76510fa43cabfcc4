//! A session as the rules see it: what happened how often, and what it cost.
use std::collections::BTreeSet;

use crate::{
    model::{action::Action, amount::Amount, instant::Instant},
    rollup::{
        Classified, Subject, Tally,
        cases::{
            loops::{self, Run},
            rows::Rows,
            steps::Step,
        },
    },
};

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
    /// When it was sent.
    pub dearest_at: Instant,
    /// The first and the second half of its prompts.
    pub halves: [Tally; 2],
    /// Rework within each half.
    pub half_rework: [Tally; 2],
    /// The costliest series of failures on one target.
    pub run: Option<Run>,
    /// Requests that were sent again in the same words.
    pub resends: Rows,
    /// Things built anew although no refinement was tried.
    pub unrefined: Rows,
    /// The longest series of revisions close to each other.
    pub edits: Rows,
    /// Turns from one feature to another and straight back.
    pub returns: Rows,
    /// Corrections right after a prompt that asked for many things.
    pub oversized: Rows,
    /// How many such prompts there were.
    pub manifold: u64,
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
        dearest_at: steps[0].at,
        halves: [Tally::default(); 2],
        half_rework: [Tally::default(); 2],
        run: loops::costliest(steps, input),
        resends: Rows::default(),
        unrefined: Rows::default(),
        edits: edits(steps),
        returns: returns(steps),
        oversized: Rows::default(),
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
            case.dearest_at = step.at;
        }
        if step.is_resend {
            case.resends.add(step);
        } else if is_unrefined(step, steps, number, input) {
            case.unrefined.add(step);
        }
        let after = steps.get(number + 1).filter(|after| after.is_rework() && after.user == step.user);
        let correction = after.map_or(Tally::default(), Step::tally);
        if step.is_work() && step.length > 0 && !step.is_button {
            let habit = if step.is_vague { &mut vague } else { &mut specific };
            habit.add(Habit { prompts: 1, corrected: correction });
        }
        if step.is_work() && step.is_manifold {
            case.manifold += 1;
            after.inspect(|after| case.oversized.add(after));
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

/// The longest series of revisions with short pauses.
fn edits(steps: &[Step]) -> Rows {
    let mut longest = Rows::default();
    let mut series = Rows::default();
    let mut before: Option<&Step> = None;
    for step in steps {
        let is_near = before.is_some_and(|before| step.at.since(before.at).num_seconds() <= SERIES_PAUSE);
        if step.action != Action::Revision || !is_near {
            series = Rows::default();
        }
        if step.action == Action::Revision {
            series.add(step);
        }
        if series.tally.events > longest.tally.events {
            longest.clone_from(&series);
        }
        before = Some(step);
    }
    longest
}

/// Revisions that go from a feature to another and straight back.
fn returns(steps: &[Step]) -> Rows {
    let mut sum = Rows::default();
    for three in steps.windows(3) {
        let [a, b, c] = three else { continue };
        let is_back = a.feature.is_some() && a.feature == c.feature && b.feature.is_some() && b.feature != a.feature;
        if is_back && [a, b, c].iter().all(|step| step.is_work()) && c.action == Action::Revision {
            sum.add(c);
        }
    }
    sum
}
