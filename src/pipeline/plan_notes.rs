//! What is to be known of the part of an audit that looks ahead: whose pool it is about, and what of the plan is in doubt.
use std::collections::BTreeSet;

use crate::{
    audit::{
        fit::Fit,
        outlook::{MeterOutlook, Planning},
        plans::{Billing, Plan},
    },
    model::instant::Instant,
    pipeline::{Terms, planning::Ahead, waist::Waist},
    report::{
        ahead::{last_day, text::stale},
        words,
    },
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
    notes.extend(meters.into_iter().find_map(|meter| silent(meter, waist)));
    notes.extend(ahead.fit.as_ref().and_then(|fit| unpriced(&terms.planning, fit)));
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

/// That the export may be older than the moment that was named.
fn silent(meter: &MeterOutlook, waist: &Waist) -> Option<String> {
    let (end, as_of) = (meter.silent_since?, meter.forecast.as_ref()?.as_of);
    let [last, first, named] = [last_day(end, &waist.zone), waist.zone.day(end), waist.zone.day(as_of)];
    let days = i64::from(named.epoch_days() - first.epoch_days());
    Some(format!(
        "the data end on {}, {} before {}, the moment of --now, longer than any pause before: forecast and plans take those \
         days for idle ones. If the export is old, read a newer one, or leave --now out",
        words::time::date(last),
        words::counted(days.unsigned_abs(), "day", "days"),
        words::time::date(named)
    ))
}

/// That plans are not compared because nobody says what they cost the way they are paid.
fn unpriced(planning: &Planning, fit: &Fit) -> Option<String> {
    let is_left_out = |plan: &&Plan| {
        let other =
            [Billing::Monthly, Billing::Yearly].into_iter().any(|way| plan.price(way, planning.seats).is_some());
        planning.price(plan).is_none() && other && fit.plans.iter().all(|fitted| fitted.id != plan.id)
    };
    let names: Vec<&str> = planning.catalogue.plans.iter().filter(is_left_out).map(|plan| plan.name.as_str()).collect();
    let way = match planning.billing {
        Billing::Monthly => "month by month",
        Billing::Yearly => "by the year",
    };
    (!names.is_empty()).then(|| {
        format!(
            "not compared, for lack of a price when paid {way}: {}; give it with --plans, or choose the other --billing",
            names.join(", ")
        )
    })
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
