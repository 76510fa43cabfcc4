//! The part of an audit that looks ahead: forecasts of both meters, and which plan fits.
use anyhow::Context as _;

use crate::{
    audit::{
        fit::{self, Fit, Team},
        less_rework,
        outlook::{Books, MeterOutlook, Outlooks, Planning},
        usage::Usage,
    },
    model::{
        account::{Meter, Unit},
        instant::Instant,
    },
    pipeline::Events,
    rollup::{AccountName, Rollups, usage},
};

/// What lies ahead.
#[derive(Debug)]
pub struct Ahead {
    /// Both meters.
    pub outlooks: Outlooks,
    /// Which plan fits; absent where no credits of the catalogue's vendor are used.
    pub fit: Option<Fit>,
}

/// Looks ahead from an instant.
///
/// # Errors
/// When the instant lies where calendars end.
pub fn look_ahead(events: &Events, rollups: &Rollups, planning: &Planning, as_of: Instant) -> anyhow::Result<Ahead> {
    let mut booked = usage::booked(&events.input.pool, events.names());
    let mut books = |meter: Meter| {
        let account = account(rollups, meter, &planning.catalogue.provider);
        let booked = account.and_then(|account| booked.remove(account)).unwrap_or_default();
        let used = account.and_then(|account| rollups.usage.get(account)).cloned().unwrap_or_default();
        Books { account: account.cloned(), usage: Usage::new(used), booked }
    };
    let (message, integration) = (books(Meter::Message), books(Meter::Integration));
    let outlook = |books: &Books, meter: Meter| {
        MeterOutlook::of(books, meter, planning, as_of).with_context(|| format!("finding the cycle of {as_of}"))
    };
    let outlooks = Outlooks {
        message: outlook(&message, Meter::Message)?,
        integration: outlook(&integration, Meter::Integration)?,
    };
    let people = rollups.accounts.iter().find(|account| Some(&account.account) == message.account.as_ref());
    let saved_by_less_rework = people.map_or(0.0, less_rework::saved);
    let team = Team { books: [&message, &integration], outlooks: &outlooks, saved_by_less_rework };
    let fit = fit::fit(&team, planning, as_of);
    Ok(Ahead { outlooks, fit })
}

/// The account that a meter's forecast is about: credits of the plans' vendor, else the account with most entries.
fn account<'a>(rollups: &'a Rollups, meter: Meter, provider: &str) -> Option<&'a AccountName> {
    let of_meter = rollups.usage.iter().filter(|(account, _)| account.meter == meter);
    let is_plans = |account: &AccountName| account.provider == provider && account.unit == Unit::Credits;
    // of equals the first by name
    of_meter.rev().max_by_key(|(account, used)| (is_plans(account), used.len())).map(|(account, _)| account)
}
