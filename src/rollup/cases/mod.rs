//! What the audit's rules need of each session, user and app, and no more: counts and sums, no prompt and no word of
//! one. Made in one pass over the events of each app; a session's cases stand alone, so that bundles can be merged.
mod loops;
mod rows;
pub mod session;
mod steps;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{
    classify::rules,
    model::{
        account::Meter,
        action::Action,
        amount::Total,
        event::{Account, Thread, Word},
    },
    rollup::{Candidate, Classified, Selection, Subject, Tally, rows::Subjects},
};
pub use loops::Run;
pub use rows::Rows;
pub use session::{Habit, SessionCase};
use steps::Step;

/// The days after an app's first prompt that count as its start.
pub const START_DAYS: i64 = 3;
const DAY: i64 = 86_400 * 1_000_000_000;
/// From this length class on (512 bytes) a first prompt is taken for a written spec.
const SPEC_CLASS: u8 = 10;

/// The cases of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cases {
    /// Sessions that hold prompts, in the order of workspace, app and start.
    pub sessions: Vec<SessionCase>,
    /// Users, by name.
    pub users: Vec<UserCase>,
    /// Apps, by workspace and name.
    pub apps: Vec<AppCase>,
}

impl Cases {
    /// All prompts by class, in the order of [`Action::ALL`]: refunds and what costs nothing for a cause are none.
    pub fn prompts(&self) -> [Tally; Action::ALL.len()] {
        let mut prompts = [Tally::default(); Action::ALL.len()];
        for session in &self.sessions {
            for (sum, tally) in prompts.iter_mut().zip(session.actions) {
                sum.add(tally);
            }
        }
        prompts
    }
}

/// How a user asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCase {
    /// Whom it is about.
    pub subject: Subject,
    /// Short prompts that name at most one thing.
    pub vague: Habit,
    /// All others that ask for work.
    pub specific: Habit,
}

/// How an app was begun, and what its running costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCase {
    /// Which app.
    pub subject: Subject,
    /// Prompts of the first days, by class.
    pub start: [Tally; Action::ALL.len()],
    /// The first prompt was long or a list.
    pub has_spec: bool,
    /// The first prompt had a text.
    pub has_text: bool,
    /// What each day cost, in UTC days since 1970.
    pub days: Vec<(i64, Total)>,
}

/// The cases of every account.
pub(super) fn of(input: Classified, selection: &Selection, subjects: &Subjects) -> FxHashMap<Account, Cases> {
    let Classified { timeline, .. } = input;
    let apps: Vec<Vec<Part>> =
        timeline.apps().par_iter().map(|range| app(input, selection, subjects, range.clone())).collect();
    let mut cases: FxHashMap<Account, Cases> = FxHashMap::default();
    let mut users: BTreeMap<(Account, Option<Word>), (Habit, Habit)> = BTreeMap::new();
    for part in apps.into_iter().flatten() {
        let Part { account, sessions, app, habits } = part;
        let of_account = cases.entry(account).or_default();
        of_account.sessions.extend(sessions);
        of_account.apps.push(app);
        for (user, vague, specific) in habits {
            let (sum, others) = users.entry((account, user)).or_default();
            sum.add(vague);
            others.add(specific);
        }
    }
    for ((account, user), (vague, specific)) in users {
        let subject = subjects.user(user.map_or(0, Word::number));
        cases.entry(account).or_default().users.push(UserCase { subject, vague, specific });
    }
    for of_account in cases.values_mut() {
        of_account.users.sort_by(|a, b| a.subject.cmp(&b.subject));
        of_account.apps.sort_by(|a, b| a.subject.cmp(&b.subject));
    }
    cases
}

/// What one app adds to an account.
struct Part {
    account: Account,
    sessions: Vec<SessionCase>,
    app: AppCase,
    habits: Vec<(Option<Word>, Habit, Habit)>,
}

fn app(input: Classified, selection: &Selection, subjects: &Subjects, range: std::ops::Range<usize>) -> Vec<Part> {
    let Classified { timeline, decisions, names, .. } = input;
    let picks = |index: usize| {
        let event = &timeline.events()[index];
        selection.picks(Candidate { event, action: decisions[index].action, feature: input.feature(index) }, names)
    };
    let mut by_account: BTreeMap<Account, Vec<usize>> = BTreeMap::new();
    for index in range.filter(|index| picks(*index)) {
        by_account.entry(names.tag(timeline.events()[index].tag).account).or_default().push(index);
    }
    by_account.into_iter().map(|(account, events)| part(input, subjects, account, &events)).collect()
}

fn part(input: Classified, subjects: &Subjects, account: Account, events: &[usize]) -> Part {
    let Classified { timeline, decisions, names, .. } = input;
    let all = timeline.events();
    let Thread { workspace, app, .. } = names.thread(all[events[0]].thread);
    let mut days: BTreeMap<i64, Total> = BTreeMap::new();
    for index in events.iter().filter(|_| account.meter == Meter::Integration) {
        *days.entry(all[*index].at.nanos().div_euclid(DAY)).or_default() += all[*index].amount;
    }
    let mut steps: Vec<Step> = events.iter().filter_map(|index| Step::of(input, *index)).collect();
    let first = steps.first().copied();
    let mut start = [Tally::default(); Action::ALL.len()];
    for step in &steps {
        if first.is_some_and(|first| step.at.nanos() - first.at.nanos() < START_DAYS * DAY) {
            start[decisions[step.index].action.index()].add(step.tally());
        }
    }
    steps.sort_by_key(|step| (step.session, step.index));
    let mut sessions = Vec::new();
    let mut habits = Vec::new();
    for steps in steps.chunk_by(|a, b| a.session == b.session) {
        let opens = first.is_some_and(|first| first.session == steps[0].session);
        let subject = subjects.session(u32::try_from(steps[0].session.index() + 1).unwrap_or(u32::MAX));
        let (case, vague, specific) = session::read(steps, input, subject, opens);
        sessions.push(case);
        habits.push((steps[0].user, vague, specific));
    }
    let app = AppCase {
        subject: subjects.of_app(workspace, app),
        start,
        has_spec: first.is_some_and(|first| first.is_list || first.length >= SPEC_CLASS),
        has_text: first.is_some_and(|first| first.length > 0),
        days: days.into_iter().collect(),
    };
    Part { account, sessions, app, habits }
}

/// Whether an event is a prompt that the rules look at.
fn is_prompt(input: Classified, index: usize) -> bool {
    let event = &input.timeline.events()[index];
    let tag = input.names.tag(event.tag);
    rules::is_building(tag) && tag.entry == crate::model::account::Entry::Usage
}
