//! Where each event of an app leads back to, and what it was done for.
//!
//! A generation begins a piece of work. A revision, a fix or a regeneration belongs to the piece that the event it comes
//! back to belongs to, and so back to a generation; an event without a prompt belongs to the latest piece of the feature
//! that its column tells. What leads back to nothing begins a piece whose making is not in the data.
//!
//! Each event was done for one of four [`Part`]s, so that the parts of anything add up to it exactly. Questions and plans
//! count with what they are about: with the work they come back to, else with the making of a feature that is not begun,
//! else with its iteration.
//!
//! - [`chains`]: the pieces that needed repair.
pub mod chains;

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{
    model::{account::Entry, action::Action, amount::Total, event::Word},
    rollup::Classified,
};

/// What an event was done for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Something is made that was not there.
    Build,
    /// Something that is there is changed.
    Iterate,
    /// Something that failed is repaired, or made anew.
    Repair,
    /// Nothing tells: unclassified events, the running app.
    Unsorted,
}

/// What something cost, by what it was spent for; the parts add up to its amount exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts([Total; Part::ALL.len()]);

/// The lineage of every event.
#[derive(Debug, Default)]
pub(super) struct Lineage {
    /// What each event was done for.
    pub(super) parts: Vec<Part>,
    /// The event that began the piece of work each belongs to; none for what belongs to none.
    pub(super) roots: Vec<Option<u32>>,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Build, Self::Iterate, Self::Repair, Self::Unsorted];

    /// The word of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Iterate => "iterate",
            Self::Repair => "repair",
            Self::Unsorted => "unsorted",
        }
    }

    /// What work of a class is done for; `None` for talk, which is about other work.
    const fn of(action: Action) -> Option<Self> {
        match action {
            Action::Generation => Some(Self::Build),
            Action::Revision => Some(Self::Iterate),
            Action::Fix | Action::Regeneration => Some(Self::Repair),
            Action::Other => None,
            Action::Runtime | Action::Unclassified => Some(Self::Unsorted),
        }
    }
}

impl Parts {
    /// One part.
    pub const fn of(self, part: Part) -> Total {
        self.0[part as usize]
    }

    /// Books an amount on a part.
    pub fn add(&mut self, part: Part, amount: Total) {
        self.0[part as usize] += amount;
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }
}

/// Traces every event back, one app at a time.
pub(super) fn trace(input: Classified) -> Lineage {
    let traced: Vec<Lineage> = input.timeline.apps().par_iter().map(|range| app(input, range.clone())).collect();
    let mut lineage = Lineage::default();
    for of_app in traced {
        lineage.parts.extend(of_app.parts);
        lineage.roots.extend(of_app.roots);
    }
    lineage
}

fn app(input: Classified, range: Range<usize>) -> Lineage {
    let mut lineage = Lineage::default();
    let mut latest: FxHashMap<Word, u32> = FxHashMap::default();
    let start = range.start;
    for index in range {
        let (event, decision) = (&input.timeline.events()[index], &input.decisions[index]);
        let feature = input.feature(index);
        let earlier =
            decision.earlier.and_then(|earlier| (earlier as usize).checked_sub(start)).filter(|at| *at < index - start);
        let before = || feature.and_then(|feature| latest.get(&feature).copied());
        // Without a prompt nothing was compared: the column tells more than what came just before.
        let is_use = input.names.tag(event.tag).entry == Entry::Usage;
        let is_told = is_use && !event.cues.has_text() && event.about.feature().is_some();
        let root = match decision.action {
            Action::Runtime | Action::Unclassified => None,
            Action::Generation => u32::try_from(index).ok(),
            action => {
                let linked = || earlier.and_then(|earlier| lineage.roots[earlier]);
                let own = || u32::try_from(index).ok().filter(|_| action != Action::Other);
                if is_told { before() } else { linked() }.or_else(own)
            }
        };
        let part = Part::of(decision.action).unwrap_or_else(|| {
            let about = earlier.map(|earlier| lineage.parts[earlier]).filter(|part| *part != Part::Unsorted);
            about.unwrap_or(if before().is_some() { Part::Iterate } else { Part::Build })
        });
        if let (Some(feature), Some(root), true) = (feature, root, decision.action != Action::Other) {
            latest.insert(feature, root);
        }
        lineage.parts.push(part);
        lineage.roots.push(root);
    }
    lineage
}
