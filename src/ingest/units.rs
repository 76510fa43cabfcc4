//! Which of a source's amounts is audited. A source has a first choice; where it is nothing in the whole input (a
//! Cursor export whose every row says `Included`), its second amount tells who used what, and is taken instead.
use std::collections::BTreeMap;

use anyhow::bail;

use crate::{
    ingest::batch::{Batch, Second},
    model::{account::Unit, names::Names},
};

/// Puts the audited amount of each event in place, the other one in that of the second, and says what was decided where there
/// was a choice.
///
/// # Errors
/// When no source has the wanted unit.
pub(super) fn choose(batches: &mut [Batch], wanted: Option<Unit>) -> anyhow::Result<Vec<String>> {
    if let Some(unit) = wanted {
        let mut offered: Vec<Unit> = batches.iter().flat_map(units_of).collect();
        offered.sort_unstable();
        offered.dedup();
        if !offered.is_empty() && !offered.contains(&unit) {
            let offered: Vec<&str> = offered.into_iter().map(Unit::word).collect();
            bail!("--unit {unit}: no file has amounts in it, only in {}", offered.join(" and "));
        }
    }
    // By vendor: whether any event that has a second amount has a first one, too, and the unit of the first of them.
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for batch in batches.iter() {
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
    }
    found.retain(|_, found| found.is_any == [false, true]);
    let is_bare = |provider: &str, unit: Unit| wanted != Some(unit) && found.contains_key(provider);
    for batch in batches {
        let is_any = batch.second.iter().any(Option::is_some);
        for (event, second) in batch.events.iter_mut().zip(&mut batch.second).filter(|_| is_any) {
            let account = batch.names.tag(event.tag).account;
            let is_taken =
                |(unit, _): &Second| wanted == Some(*unit) || is_bare(batch.names.text(account.provider), account.unit);
            if let Some((unit, amount)) = second.filter(is_taken) {
                *second = Some((account.unit, event.amount));
                event.amount = amount;
                event.tag = in_unit(&mut batch.names, event.tag, unit);
            }
        }
    }
    let note = |(provider, Found { unit, .. }): (&String, &Found)| {
        format!("{provider}: no row carries an amount in {unit}, so its other amount is audited")
    };
    Ok(found.iter().filter(|_| wanted.is_none()).map(note).collect())
}

/// What the events of a vendor hold that have two amounts.
struct Found {
    unit: Unit,
    /// Whether any has a first amount, and a second one.
    is_any: [bool; 2],
}

/// The units that a file's amounts can be audited in.
fn units_of(batch: &Batch) -> Vec<Unit> {
    let first = batch.events.iter().map(|event| batch.names.tag(event.tag).account.unit);
    let mut units: Vec<Unit> = first.chain(batch.second.iter().flatten().map(|(unit, _)| *unit)).collect();
    units.dedup();
    units
}

/// The same tag, booked in another unit.
fn in_unit(names: &mut Names, id: crate::model::event::TagId, unit: Unit) -> crate::model::event::TagId {
    let mut tag = *names.tag(id);
    tag.account.unit = unit;
    names.tag_id(tag)
}
