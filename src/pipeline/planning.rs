//! The part of an audit that looks ahead: forecasts of both meters, and which plan fits.
use anyhow::Context as _;

use crate::{
    audit::{
        budget::{self, Spent},
        chargeback::{self, SettledCycle},
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
    /// The account of the plan, what lapsed of it and what went beyond it in each cycle that counts as a whole; absent
    /// without a plan, or where more than a time is selected.
    pub settled: Option<(AccountName, Vec<SettledCycle>)>,
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
    let settled = waist.reading.asked.choice.time().and_then(|time| settled(&message, terms, time, as_of));
    Ok(Ahead { settled, budgets: budgets(waist, message.account.as_ref(), terms, as_of), outlooks, fit })
}

/// What lapsed of the plan and what went beyond it, in each of its cycles that lies in a time.
fn settled(
    books: &Books,
    terms: &Terms,
    [from, until]: [Option<Instant>; 2],
    as_of: Instant,
) -> Option<(AccountName, Vec<SettledCycle>)> {
    let (planning, account) = (&terms.planning, books.account.as_ref()?);
    let is_plans = account.provider == planning.catalogue.provider && account.unit == Unit::Credits;
    let plan = planning.plan.as_ref().filter(|_| is_plans)?;
    let rules = planning.rules(plan, Meter::Message)?;
    // what came after the time that is selected tells that its cycles are over
    let latest = books.usage.entries().last().map_or(as_of, |(at, _)| as_of.max(*at));
    let as_of = terms.now.unwrap_or(latest);
    let replay = outlook::replay(books, rules, &planning.resets, as_of)?;
    let mut cycles = chargeback::settle(&replay, rules, &books.booked, as_of);
    cycles.retain(|SettledCycle { cycle, .. }| {
        from.is_none_or(|from| from <= cycle.start) && until.is_none_or(|until| cycle.end <= until)
    });
    Some((account.clone(), cycles))
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
