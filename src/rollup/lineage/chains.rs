//! Chains: the pieces of work that needed repair, from their making to their last repair.
//!
//! Every selected fix and regeneration stands in exactly one chain, so the repairs of all chains of an account add up to its
//! rework. Whether a chain is resolved is told from what came after: work on the same feature, or other work in the
//! same session, says that the failure is gone. Where nothing came after, one or two repairs are taken to have worked,
//! since nobody came back with the failure; three or more in a row that end in silence were given up. While silence is
//! younger than [`SILENCE_DAYS`], the chain is open.
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    model::{
        account::Entry,
        action::Action,
        amount::{Amount, Total},
        event::{Account, Word},
        instant::Instant,
    },
    rollup::{
        Candidate, Classified, Selection, Subject, Tally,
        lineage::{Lineage, Part},
        rows::Subjects,
    },
    timeline::SessionId,
};

/// So many repairs in a row with nothing after them are no success (series of three or more, arXiv 2604.00436).
pub const GIVEN_UP: u64 = 3;
/// A silence of so many days is one.
pub const SILENCE_DAYS: i64 = 7;

/// A piece of work that needed repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Workspace and app; the feature that most was spent on to repair; the user where it is one; the session of the first
    /// repair.
    pub subject: Subject,
    /// When the piece was made and what that cost; `None` where its making is not in the data.
    pub origin: Option<(Instant, Amount)>,
    /// The making, where it is among the selected events.
    pub build: Tally,
    /// The changes.
    pub iterate: Tally,
    /// The repairs.
    pub repair: Tally,
    /// When the first repair was asked for.
    pub first_repair: Instant,
    /// When the last repair was asked for.
    pub last_repair: Instant,
    /// How many sessions the repairs fall into.
    pub sessions: u64,
    /// How many users took part.
    pub users: u64,
    /// How many features it took in: a repair may lead back to a piece that was made for another one.
    pub features: u64,
    /// So many repairs stand at its end, one after the other.
    pub trailing: u64,
    /// Work went on after the last repair.
    pub is_followed: bool,
}

/// How a chain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Work went on, or nobody came back with the failure.
    Resolved,
    /// Three repairs or more in a row, and then nothing.
    Abandoned,
    /// Nothing came after the last repair yet.
    Open,
}

impl State {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Abandoned => "abandoned",
            Self::Open => "open",
        }
    }
}

impl Chain {
    /// All its prompts.
    pub fn whole(&self) -> Tally {
        let mut whole = self.build;
        whole.add(self.iterate);
        whole.add(self.repair);
        whole
    }

    /// When it began: with the making, else with the first repair.
    pub fn began(&self) -> Instant {
        self.origin.map_or(self.first_repair, |(at, _)| at)
    }

    /// How it stands at some moment.
    pub fn state(&self, now: Instant) -> State {
        if self.is_followed {
            State::Resolved
        } else if now.since(self.last_repair).num_days() < SILENCE_DAYS {
            State::Open
        } else if self.trailing >= GIVEN_UP {
            State::Abandoned
        } else {
            State::Resolved
        }
    }
}

/// What is gathered of a chain on the way.
#[derive(Default)]
struct Gathered {
    parts: [Tally; 3],
    first_repair: Option<usize>,
    last_repair: usize,
    /// A refund of a repair, which may stand alone among the selected events.
    refunded: Option<usize>,
    trailing: u64,
    /// What was spent on each feature: on repairs, and on all of it.
    features: FxHashMap<Word, [Total; 2]>,
    users: FxHashSet<Option<Word>>,
    sessions: FxHashSet<Option<SessionId>>,
}

/// The chains of every account, the one with the dearest repairs first.
pub(in crate::rollup) fn of(
    input: Classified,
    lineage: &Lineage,
    selection: &Selection,
    subjects: &Subjects,
) -> FxHashMap<Account, Vec<Chain>> {
    let apps: Vec<Vec<(Account, Chain)>> = input
        .timeline
        .apps()
        .par_iter()
        .map(|range| app(input, lineage, (selection, subjects), range.clone()))
        .collect();
    let mut chains: FxHashMap<Account, Vec<Chain>> = FxHashMap::default();
    for (account, chain) in apps.into_iter().flatten() {
        chains.entry(account).or_default().push(chain);
    }
    chains.into_iter().map(|(account, chains)| (account, dearest_first(chains))).collect()
}

/// The chain with the dearest repairs first.
pub(in crate::rollup) fn dearest_first(mut chains: Vec<Chain>) -> Vec<Chain> {
    chains.sort_by(|a, b| {
        let by_cost = (b.repair.amount, b.repair.events).cmp(&(a.repair.amount, a.repair.events));
        by_cost.then_with(|| a.subject.cmp(&b.subject)).then_with(|| a.first_repair.cmp(&b.first_repair))
    });
    chains
}

fn app(
    input: Classified,
    lineage: &Lineage,
    (selection, subjects): (&Selection, &Subjects),
    range: std::ops::Range<usize>,
) -> Vec<(Account, Chain)> {
    let Classified { timeline, decisions, names, .. } = input;
    let events = timeline.events();
    let mut chains: BTreeMap<(Account, u32), Gathered> = BTreeMap::new();
    let mut latest_work: FxHashMap<Option<SessionId>, usize> = FxHashMap::default();
    let mut work_on_feature: FxHashMap<Word, usize> = FxHashMap::default();
    for index in range {
        let (event, action) = (&events[index], decisions[index].action);
        let feature = input.feature(index);
        let (tag, session) = (names.tag(event.tag), timeline.session_of()[index]);
        let is_refund = tag.entry == Entry::Refund;
        if matches!(action, Action::Generation | Action::Revision) && !is_refund {
            latest_work.insert(session, index);
            feature.map(|feature| work_on_feature.insert(feature, index));
        }
        let (Some(root), false) = (lineage.roots[index], action == Action::Other) else { continue };
        if !selection.picks(Candidate { event, action, feature }, names) {
            continue;
        }
        let chain = chains.entry((tag.account, root)).or_default();
        let part = lineage.parts[index];
        chain.parts[part.min(Part::Repair) as usize].add(Tally { events: 1, amount: event.amount.into() });
        if let Some(feature) = feature {
            let [repair, whole] = chain.features.entry(feature).or_default();
            *whole += Total::from(event.amount);
            if part == Part::Repair {
                *repair += Total::from(event.amount);
            }
        }
        chain.users.insert(names.thread(event.thread).user);
        if is_refund {
            chain.refunded = chain.refunded.or(Some(index).filter(|_| part == Part::Repair));
        } else if part == Part::Repair {
            chain.first_repair.get_or_insert(index);
            (chain.last_repair, chain.trailing) = (index, chain.trailing + 1);
            chain.sessions.insert(session);
        } else {
            chain.trailing = 0;
        }
    }
    let chain = |((account, root), gathered): ((Account, u32), Gathered)| {
        let Gathered { parts: [build, iterate, repair], trailing, ref features, .. } = gathered;
        let first_repair = gathered.first_repair.or(gathered.refunded)?;
        let last_repair = gathered.last_repair.max(first_repair);
        let root = root as usize;
        let is_made = decisions[root].action == Action::Generation && names.tag(events[root].tag).account == account;
        // The name of the making stands for it only where nothing was spent on repairs of something else.
        let dearest = features.iter().max_by_key(|(feature, [repair, whole])| {
            (*repair, Some(**feature) == input.feature(root), *whole, std::cmp::Reverse(names.text(**feature)))
        });
        let feature = dearest.map(|(feature, _)| *feature).or(input.feature(root));
        let session = timeline.session_of()[first_repair];
        let last_session = timeline.session_of()[last_repair];
        let is_later = |at: Option<&usize>| at.is_some_and(|at| *at > last_repair);
        let id = session.map_or(0, |session| u32::try_from(session.index() + 1).unwrap_or(u32::MAX));
        let thread = names.thread(events[first_repair].thread);
        let one_user = gathered.users.iter().next().copied().flatten().filter(|_| gathered.users.len() == 1);
        let chain = Chain {
            subject: Subject {
                user: names.text_of(one_user).map(str::to_owned),
                feature: names.text_of(feature).map(str::to_owned),
                session: subjects.session(id).session,
                ..subjects.of_app(thread.workspace, thread.app)
            },
            origin: is_made.then(|| (events[root].at, events[root].amount)),
            build,
            iterate,
            repair,
            first_repair: events[first_repair].at,
            last_repair: events[last_repair].at,
            sessions: gathered.sessions.len() as u64,
            users: gathered.users.iter().flatten().count() as u64,
            features: features.keys().copied().chain(input.feature(root)).collect::<FxHashSet<Word>>().len() as u64,
            trailing,
            is_followed: is_later(latest_work.get(&last_session))
                || feature.is_some_and(|f| is_later(work_on_feature.get(&f))),
        };
        Some((account, chain))
    };
    chains.into_iter().filter_map(chain).collect()
}

/// What some chains cost together, and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summed {
    /// How many.
    pub chains: u64,
    /// How many are abandoned.
    pub abandoned: u64,
    /// How many are open.
    pub open: u64,
    /// Their making.
    pub build: Tally,
    /// Their changes.
    pub iterate: Tally,
    /// Their repairs.
    pub repair: Tally,
}

impl Summed {
    /// Adds chains up as they stand at some moment.
    pub fn of<'a>(chains: impl IntoIterator<Item = &'a Chain>, now: Instant) -> Self {
        let mut sum = Self::default();
        for chain in chains {
            let state = chain.state(now);
            sum.chains += 1;
            sum.abandoned += u64::from(state == State::Abandoned);
            sum.open += u64::from(state == State::Open);
            sum.build.add(chain.build);
            sum.iterate.add(chain.iterate);
            sum.repair.add(chain.repair);
        }
        sum
    }

    /// Everything.
    pub fn amount(&self) -> Total {
        self.build.amount + self.iterate.amount + self.repair.amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400 * 1_000_000_000;

    #[track_caller]
    fn check(trailing: u64, is_followed: bool, days_of_silence: i64, expected: State) {
        let at = |day: i64| Instant::from_nanos(day * DAY);
        let chain = Chain {
            subject: Subject::default(),
            origin: None,
            build: Tally::default(),
            iterate: Tally::default(),
            repair: Tally { events: trailing, amount: Total::from_units(1) },
            first_repair: at(0),
            last_repair: at(1),
            sessions: 1,
            users: 1,
            features: 0,
            trailing,
            is_followed,
        };
        assert_eq!(chain.state(at(1 + days_of_silence)), expected);
    }

    #[test]
    fn a_chain_is_given_up_after_three_repairs_and_a_week_of_silence() {
        check(3, false, 7, State::Abandoned);
        check(2, false, 7, State::Resolved);
        check(3, false, 6, State::Open);
        check(1, false, 0, State::Open);
        check(9, true, 0, State::Resolved);
    }
}
