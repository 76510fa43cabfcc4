//! What two overlapping exports say otherwise of the same events; the newer one is believed.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{
        account::{Basis, Entry, Status},
        amount::{Amount, Total},
        event::{Account, Event, Place, Word},
        names::Names,
    },
    timeline::{
        exports::{Exports, Newer},
        retimed::second,
    },
};

/// Two exports that hold the same events and do not say the same of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The file that is believed.
    pub newer: u32,
    /// The file whose rows are left out.
    pub older: u32,
    /// Why the newer file is the newer one.
    pub because: Newer,
    /// The events that the newer file tells otherwise.
    pub changed: Option<Changed>,
    /// Rows of the older file that the newer one lacks, although it covers their time; they count.
    pub lacking: BTreeMap<Account, (u64, Total)>,
}

/// Events that a newer file tells otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// How many rows one of the files has otherwise.
    pub rows: u64,
    /// What differs, in the order of [`Aspect::ALL`].
    pub aspects: Vec<Aspect>,
    /// What is booked on each account, of these rows only.
    pub figures: BTreeMap<Account, Figures>,
    /// The first of them in the older file.
    pub before: Place,
    /// The same event in the newer file.
    pub after: Place,
}

/// What changed rows add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// In the older file.
    pub before: Sum,
    /// In the newer file.
    pub after: Sum,
}

/// Rows and what they add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many rows.
    pub rows: u64,
    /// Their amounts.
    pub amount: Total,
    /// As far as billed.
    pub billed: Total,
}

/// What may differ between two exports of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The amount.
    Amount,
    /// The unit or the meter it is booked on.
    Account,
    /// Whether it was billed or included.
    Basis,
    /// Whether it is a use or a refund.
    Entry,
    /// How it ended.
    Status,
    /// Whose it is.
    User,
    /// The app.
    App,
    /// When it was, by the second.
    Time,
    /// How many rows it takes.
    Rows,
}

/// What an export says of an event, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    amount: Amount,
    account: Account,
    basis: Basis,
    entry: Entry,
    status: Status,
    user: Option<Word>,
    app: Option<Word>,
    second: i64,
}

impl Aspect {
    /// Every aspect, the weightiest first.
    pub const ALL: [Self; 9] = [
        Self::Amount,
        Self::Account,
        Self::Basis,
        Self::Entry,
        Self::Status,
        Self::User,
        Self::App,
        Self::Time,
        Self::Rows,
    ];

    /// Whether the rows that an event has in one file only differ in it from those that it has in the other only, however
    /// they are paired; where it became more or fewer rows, amounts differ only if their sums do.
    fn differs(self, before: &[Said], after: &[Said]) -> bool {
        fn is_other<T: Ord>(before: &[Said], after: &[Said], part: impl Fn(&Said) -> T) -> bool {
            let set = |rows: &[Said]| rows.iter().map(&part).collect::<BTreeSet<T>>();
            !before.is_empty() && !after.is_empty() && set(before) != set(after)
        }
        let sum = |rows: &[Said]| rows.iter().fold(Total::ZERO, |sum, said| sum + said.amount.into());
        match self {
            Self::Amount if before.len() == after.len() => is_other(before, after, |said| said.amount),
            Self::Amount => sum(before) != sum(after),
            Self::Account => is_other(before, after, |said| said.account),
            Self::Basis => is_other(before, after, |said| said.basis),
            Self::Entry => is_other(before, after, |said| said.entry),
            Self::Status => is_other(before, after, |said| said.status),
            Self::User => is_other(before, after, |said| said.user),
            Self::App => is_other(before, after, |said| said.app),
            Self::Time => is_other(before, after, |said| said.second),
            Self::Rows => before.len() != after.len(),
        }
    }
}

impl Said {
    /// What a row says.
    pub(super) fn of(event: &Event, names: &Names) -> Self {
        let (tag, thread) = (names.tag(event.tag), names.thread(event.thread));
        Self {
            amount: event.amount,
            account: tag.account,
            basis: tag.basis,
            entry: tag.entry,
            status: tag.status,
            user: thread.user,
            app: thread.app,
            second: second(event),
        }
    }
}

impl Sum {
    fn add(&mut self, said: &Said) {
        self.rows += 1;
        self.amount += said.amount;
        if said.basis == Basis::Billed {
            self.billed += said.amount;
        }
    }
}

/// Overlaps by newer and older file.
#[derive(Debug, Default)]
pub(super) struct Overlaps(BTreeMap<(u32, u32), Overlap>);

impl Overlaps {
    fn of(&mut self, newer: u32, older: u32) -> &mut Overlap {
        let none = Overlap { newer, older, because: Newer::EndsLater, changed: None, lacking: BTreeMap::new() };
        self.0.entry((newer, older)).or_insert(none)
    }

    /// Books an event that two files tell otherwise: the rows that only one of them has, and the first place in each.
    pub(super) fn change(&mut self, older: (Place, &[Said]), newer: (Place, &[Said])) {
        let ((before, old), (after, new)) = (older, newer);
        let overlap = self.of(after.file, before.file);
        let none = Changed { rows: 0, aspects: Vec::new(), figures: BTreeMap::new(), before, after };
        let changed = overlap.changed.get_or_insert(none);
        changed.rows += old.len().max(new.len()) as u64;
        for said in old {
            changed.figures.entry(said.account).or_default().before.add(said);
        }
        for said in new {
            changed.figures.entry(said.account).or_default().after.add(said);
        }
        if before < changed.before {
            (changed.before, changed.after) = (before, after);
        }
        for aspect in Aspect::ALL {
            if !changed.aspects.contains(&aspect) && aspect.differs(old, new) {
                changed.aspects.push(aspect);
            }
        }
    }

    /// Books a row of an older file that a newer one lacks.
    pub(super) fn lacks(&mut self, newer: u32, event: &Event, names: &Names) {
        let account = names.tag(event.tag).account;
        let (rows, amount) = self.of(newer, event.place.file).lacking.entry(account).or_insert((0, Total::ZERO));
        *rows += 1;
        *amount += event.amount;
    }

    /// All of them, the oldest first.
    pub(super) fn into_vec(self, exports: &Exports) -> Vec<Overlap> {
        let mut all: Vec<Overlap> = self.0.into_values().collect();
        for overlap in &mut all {
            overlap.because = exports.why_newer(overlap.newer, overlap.older);
            if let Some(changed) = &mut overlap.changed {
                changed.aspects.sort_unstable();
            }
        }
        all.sort_by_key(|overlap| (exports.newness(overlap.newer), exports.newness(overlap.older)));
        all
    }
}
