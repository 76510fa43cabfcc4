//! What it takes to merge the rollups of several inputs: what a table of sums does not tell.
//!
//! How many users a day or a class has cannot be added up, so the users themselves are kept; between which amounts a class
//! total lies is told by floats, which are added app by app in a fixed order.
use rustc_hash::FxHashMap;

use crate::{
    rollup::{CUTS, Subject, groups::Met, ranges::OfApp, rows::Subjects},
    schema::{Col, tables::fact},
};

/// Beside the cuts of an account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seams {
    /// Who took part in each row of the cuts by class, feature, app, day, model and of what has no session, in order.
    pub met: Vec<Participant>,
    /// What each app adds to the ranges, in the order of workspaces and apps.
    pub doubts: Vec<OfApp>,
    /// The workspace of the dearest session.
    pub worst_workspace: Option<String>,
}

/// A user who took part in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Participant {
    /// The cut, by the name of its column.
    pub cut: String,
    /// What the row is about.
    pub subject: Subject,
    /// Who.
    pub user: String,
}

/// The participants of each account, by its id; `met` is in the order of [`CUTS`].
pub(super) fn met(met: &[Met; CUTS.len()], subjects: &Subjects) -> FxHashMap<u32, Vec<Participant>> {
    let mut all: FxHashMap<u32, Vec<Participant>> = FxHashMap::default();
    for (column, met) in CUTS.iter().zip(met) {
        for ((account, id), user) in met {
            let Some(subject) = subject(*column, *id, subjects) else { continue };
            let Some(user) = subjects.user(*user).user else { continue };
            let participant = Participant { cut: column.name().to_owned(), subject, user };
            all.entry(*account).or_default().push(participant);
        }
    }
    for participants in all.values_mut() {
        participants.sort_unstable();
    }
    all
}

/// What a row is about of which it takes names to tell how many users it has, when it is merged with another.
fn subject(column: Col, id: u32, subjects: &Subjects) -> Option<Subject> {
    let is = |other: Col| column.name() == other.name();
    Some(match () {
        () if is(fact::ACTION) => subjects.action(id),
        () if is(fact::FEATURE) => subjects.feature(id),
        () if is(fact::APP) => subjects.app(id),
        () if is(fact::DAY) => subjects.day(id),
        () if is(fact::MODEL) => subjects.model(id),
        () if is(fact::SESSION) && id == 0 => Subject::default(),
        () => return None,
    })
}
