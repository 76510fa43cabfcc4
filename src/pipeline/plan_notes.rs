//! What is to be known of the part of an audit that looks ahead: whose pool it is about, and what of the plan is in doubt.
use std::collections::BTreeSet;

use crate::{
    audit::outlook::MeterOutlook,
    model::instant::Instant,
    pipeline::{Terms, planning::Ahead, waist::Waist},
    report::{ahead::text::stale, words},
};

/// So many workspaces are named.
const NAMED: usize = 3;

/// What is to be known before forecast and plans are believed, in sentences.
pub(super) fn notes(waist: &Waist, terms: &Terms, ahead: &Ahead, now: Instant) -> Vec<String> {
    let meters = [&ahead.outlooks.message, &ahead.outlooks.integration];
    let mut notes = Vec::new();
    if ahead.fit.is_some() {
        notes.extend(stale(&terms.planning.catalogue, now));
        notes.extend(workspaces(waist, &ahead.outlooks.message));
    }
    let days = meters.into_iter().filter_map(|meter| meter.pool.as_ref()?.grants_on).collect::<BTreeSet<_>>();
    notes.extend(days.iter().map(|day| {
        format!(
            "the files book the plan's credits on day {day} of the month, and the cycle is taken to begin on another: if \
             that is the reset, say --reset-day {day}"
        )
    }));
    if waist.reading.is_selection() && meters.iter().any(|meter| meter.forecast.is_some()) {
        notes.push(format!(
            "forecast and plans are of the whole pool in the cycle of {}: no selection changes them",
            words::time::date(waist.zone.day(Instant::from_nanos(now.nanos() - 1)))
        ));
    }
    notes
}

/// That several workspaces are read as one pool.
fn workspaces(waist: &Waist, meter: &MeterOutlook) -> Option<String> {
    let account = waist.rollups.accounts.iter().find(|account| Some(&account.account) == meter.account.as_ref())?;
    let names: BTreeSet<&str> = account.by_app.iter().filter_map(|row| row.subject.workspace.as_deref()).collect();
    (names.len() > 1).then(|| {
        let mut shown: Vec<&str> = names.iter().copied().take(NAMED).collect();
        if names.len() > NAMED {
            shown.push("...");
        }
        format!(
            "{} workspaces ({}) are looked ahead at as one pool: where each has a plan of its own, read the files of each apart",
            names.len(),
            shown.join(", ")
        )
    })
}
