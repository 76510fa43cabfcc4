//! The part of an audit that looks ahead: forecasts of both meters, and which plan fits.
use anyhow::Context as _;

use crate::{
    audit::{
        budget::{self, Spent},
        chargeback::Settled,
        fit::{self, Fit, Team},
        less_rework,
        outlook::{self, Books, MeterOutlook, Outlooks},
        usage::Usage,
    },
    model::{
        account::{Meter, Unit},
        amount::Total,
        instant::Instant,
    },
    pipeline::{Terms, waist::Waist},
    rollup::{AccountName, Rollups},
};

/// What lies ahead.
#[derive(Debug)]
pub struct Ahead {
    /// Both meters.
    pub outlooks: Outlooks,
    /// The budgets of the current cycle.
    pub budgets: Vec<Spent>,
    /// The account of the plan, what lapsed of it and what went beyond it; absent without a plan, or for a selection.
    pub settled: Option<(AccountName, Settled)>,
    /// Which plan fits; absent where no credits of the catalogue's vendor are used.
    pub fit: Option<Fit>,
}

/// Looks ahead from an instant.
///
/// # Errors
/// When the instant lies where calendars end.
pub fn look_ahead(waist: &Waist, terms: &Terms, as_of: Instant) -> anyhow::Result<Ahead> {
    let (planning, rollups) = (&terms.planning, &waist.rollups);
    let books = |meter: Meter| {
        let account = account(rollups, meter, &planning.catalogue.provider);
        let booked = account.and_then(|account| waist.booked.get(account)).cloned().unwrap_or_default();
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
    let settled = settled(&message, terms, as_of).filter(|_| !waist.reading.is_selection());
    Ok(Ahead { settled, budgets: budgets(waist, message.account.as_ref(), terms, as_of), outlooks, fit })
}

/// What lapsed of the plan and what went beyond it, over all its cycles.
fn settled(books: &Books, terms: &Terms, as_of: Instant) -> Option<(AccountName, Settled)> {
    let (planning, account) = (&terms.planning, books.account.as_ref()?);
    let is_plans = account.provider == planning.catalogue.provider && account.unit == Unit::Credits;
    let plan = planning.plan.as_ref().filter(|_| is_plans)?;
    let replay = outlook::replay(books, planning.rules(plan, Meter::Message)?, &planning.resets, as_of)?;
    Some((account.clone(), Settled::of(&replay, as_of)))
}

/// Holds the budgets against the use of the cycle so far, whatever was selected.
fn budgets(waist: &Waist, account: Option<&AccountName>, terms: &Terms, as_of: Instant) -> Vec<Spent> {
    let Some(cycle) = terms.planning.resets.cycle(as_of) else { return Vec::new() };
    budget::spent(&terms.budgets, &waist.spend, |spend| match account {
        Some(account) if *account == spend.account => spend.between(cycle.start, as_of),
        _ => Total::ZERO,
    })
}

/// The account that a meter's forecast is about: credits of the plans' vendor, else the account with most entries.
fn account<'a>(rollups: &'a Rollups, meter: Meter, provider: &str) -> Option<&'a AccountName> {
    let of_meter = rollups.usage.iter().filter(|(account, _)| account.meter == meter);
    let is_plans = |account: &AccountName| account.provider == provider && account.unit == Unit::Credits;
    // of equals the first by name
    of_meter.rev().max_by_key(|(account, used)| (is_plans(account), used.len())).map(|(account, _)| account)
}
