//! Which of a source's amounts is audited. A source has a first choice; where it is nothing in the whole input (a
//! Cursor export whose every row says `Included`), its second amount tells who used what, and is taken instead.
use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use serde::{Deserialize, Serialize};

use crate::{
    ingest::batch::{Batch, Second},
    model::{account::Unit, names::Names},
};

/// What the amounts of some files are in, as far as the choice goes by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The units that amounts can be audited in.
    offered: BTreeSet<Unit>,
    /// The vendors whose events have two amounts.
    found: BTreeMap<String, Found>,
}

/// What the events of a vendor hold that have two amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Found {
    /// The unit of the first amount of the first of them.
    unit: Unit,
    /// Whether any has a first amount, and a second one.
    is_any: [bool; 2],
}

/// Which amount of each event is audited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    wanted: Option<Unit>,
    /// The vendors without any first amount, with its unit.
    bare: BTreeMap<String, Unit>,
}

impl Survey {
    /// Of one file.
    pub fn of(batch: &Batch) -> Self {
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        for (event, second) in batch.events.iter().zip(&batch.second) {
            let Some((_, second)) = second else { continue };
            let account = batch.names.tag(event.tag).account;
            let provider = batch.names.text(account.provider);
            if !found.contains_key(provider) {
                found.insert(provider.to_owned(), Found { unit: account.unit, is_any: [false; 2] });
            }
            if let Some(Found { is_any: [first, other], .. }) = found.get_mut(provider) {
                *first |= !event.amount.is_zero();
                *other |= !second.is_zero();
            }
        }
        let first = batch.events.iter().map(|event| batch.names.tag(event.tag).account.unit);
        let second = batch.second.iter().flatten().map(|(unit, _)| *unit);
        Self { offered: first.chain(second).collect(), found }
    }

    /// With that of a later file.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        self.offered.extend(later.offered);
        for (provider, Found { unit, is_any }) in later.found {
            let known = self.found.entry(provider).or_insert(Found { unit, is_any });
            known.is_any = [known.is_any[0] || is_any[0], known.is_any[1] || is_any[1]];
        }
        self
    }

    /// Chooses.
    ///
    /// # Errors
    /// When no source has the wanted unit.
    pub fn choose(self, wanted: Option<Unit>) -> anyhow::Result<Choice> {
        if let Some(unit) = wanted.filter(|unit| !self.offered.is_empty() && !self.offered.contains(unit)) {
            let offered: Vec<&str> = self.offered.into_iter().map(Unit::word).collect();
            bail!("--unit {unit}: no file has amounts in it, only in {}", offered.join(" and "));
        }
        let bare = self.found.into_iter().filter(|(_, found)| found.is_any == [false, true]);
        Ok(Choice { wanted, bare: bare.map(|(provider, found)| (provider, found.unit)).collect() })
    }
}

impl Choice {
    /// Puts the audited amount of each event in place, the other one in that of the second.
    pub(super) fn apply(&self, batches: &mut [Batch]) {
        let Self { wanted, bare } = self;
        let is_bare = |provider: &str, unit: Unit| *wanted != Some(unit) && bare.contains_key(provider);
        for batch in batches {
            let is_any = batch.second.iter().any(Option::is_some);
            for (event, second) in batch.events.iter_mut().zip(&mut batch.second).filter(|_| is_any) {
                let account = batch.names.tag(event.tag).account;
                let is_taken = |(unit, _): &Second| {
                    *wanted == Some(*unit) || is_bare(batch.names.text(account.provider), account.unit)
                };
                if let Some((unit, amount)) = second.filter(is_taken) {
                    *second = Some((account.unit, event.amount));
                    event.amount = amount;
                    event.tag = in_unit(&mut batch.names, event.tag, unit);
                }
            }
        }
    }

    /// What was decided where there was a choice, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let note = |(provider, unit): (&String, &Unit)| {
            format!("{provider}: no row carries an amount in {unit}, so its other amount is audited")
        };
        self.bare.iter().filter(|_| self.wanted.is_none()).map(note).collect()
    }
}

/// The same tag, booked in another unit.
fn in_unit(names: &mut Names, id: crate::model::event::TagId, unit: Unit) -> crate::model::event::TagId {
    let mut tag = *names.tag(id);
    tag.account.unit = unit;
    names.tag_id(tag)
}
