//! Which of a source's amounts is audited. A source has a first choice; where it is nothing in the whole input (a
//! Cursor export whose every row says `Included`), its second amount tells who used what, and is taken instead.
use std::collections::BTreeMap;

use anyhow::bail;

use crate::{
    ingest::batch::Batch,
    model::{account::Unit, names::Names},
};

/// Puts the audited amount of each event in place, and says what was decided where there was a choice.
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
    let mut any_first: BTreeMap<String, (Option<Unit>, bool)> = BTreeMap::new();
    for batch in batches.iter() {
        let Some((second, _)) = &batch.second else { continue };
        for event in &batch.events {
            let account = batch.names.tag(event.tag).account;
            let provider = batch.names.text(account.provider);
            if let Some((_, any)) = any_first.get_mut(provider) {
                *any |= !event.amount.is_zero();
                continue;
            }
            let takes_second = wanted == Some(*second);
            let first = (!takes_second).then_some(account.unit);
            any_first.insert(provider.to_owned(), (first, !event.amount.is_zero()));
        }
    }
    let mut notes = Vec::new();
    for (provider, (first, any)) in &mut any_first {
        let Some(unit) = *first else { continue };
        if !*any && wanted != Some(unit) {
            *first = None;
            notes.push(format!("{provider}: no row carries an amount in {unit}, so its other amount is audited"));
        }
    }
    for batch in batches {
        let Some((unit, seconds)) = batch.second.take() else { continue };
        for (event, second) in batch.events.iter_mut().zip(seconds) {
            let provider = batch.names.tag(event.tag).account.provider;
            if any_first.get(batch.names.text(provider)).is_some_and(|(first, _)| first.is_none()) {
                event.amount = second;
                event.tag = in_unit(&mut batch.names, event.tag, unit);
            }
        }
    }
    Ok(notes)
}

/// The units that a file's amounts can be audited in.
fn units_of(batch: &Batch) -> Vec<Unit> {
    let first = batch.events.iter().map(|event| batch.names.tag(event.tag).account.unit);
    let mut units: Vec<Unit> = first.chain(batch.second.as_ref().map(|(unit, _)| *unit)).collect();
    units.dedup();
    units
}

/// The same tag, booked in another unit.
fn in_unit(names: &mut Names, id: crate::model::event::TagId, unit: Unit) -> crate::model::event::TagId {
    let mut tag = *names.tag(id);
    tag.account.unit = unit;
    names.tag_id(tag)
}
