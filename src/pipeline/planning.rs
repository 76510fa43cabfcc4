//! The part of an audit that looks ahead: forecasts of both meters, and which plan fits.
use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::Days;

use crate::{
    audit::{
        budget::{self, Spent},
        chargeback::{self, SettledCycle},
        fit::{self, Fit, Team},
        less_rework,
        outlook::{self, Books, Members, MeterOutlook, Outlooks, Planning},
        plans::Plan,
        usage::Usage,
    },
    model::{
        account::{Meter, Unit},
        amount::Total,
        instant::Instant,
        zone::Zone,
    },
    pipeline::{Terms, waist::Waist},
    rollup::{AccountName, Rollups, spend::Spend},
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

/// Looks ahead from an instant, of each meter from where the data of its vendor end, unless the user named the instant.
///
/// # Errors
/// When the instant lies where calendars end.
pub fn look_ahead(waist: &Waist, terms: &Terms, now: Instant) -> anyhow::Result<Ahead> {
    let (planning, rollups) = (&terms.planning, &waist.rollups);
    let books = |meter: Meter| {
        let account = account(rollups, meter, &planning.catalogue.provider);
        let booked = account.and_then(|account| waist.booked.get(account)).cloned().unwrap_or_default();
        let used = account.and_then(|account| rollups.usage.get(account)).cloned().unwrap_or_default();
        let members = account.filter(|_| needs_members(planning)).map(|account| members(&waist.spend, account));
        Books { account: account.cloned(), usage: Usage::new(used), booked, members }
    };
    let (message, integration) = (books(Meter::Message), books(Meter::Integration));
    let is_told = terms.now.is_some();
    let outlook = |books: &Books, meter: Meter| {
        let ends = books.account.as_ref().filter(|_| !is_told).map(|account| data_end(waist, &account.provider));
        let as_of = ends.transpose()?.flatten().map_or(now, |end| end.min(now));
        let outlook = MeterOutlook::of(books, meter, planning, as_of);
        let outlook = outlook.with_context(|| format!("finding the cycle of {as_of}"))?;
        let silent_since = if is_told { silent_since(waist, books, as_of)? } else { None };
        anyhow::Ok(MeterOutlook { data_end: (as_of < now).then_some(as_of), silent_since, ..outlook })
    };
    let outlooks = Outlooks {
        message: outlook(&message, Meter::Message)?,
        integration: outlook(&integration, Meter::Integration)?,
    };
    let as_of = outlooks.message.data_end.unwrap_or(now);
    let people = rollups.accounts.iter().find(|account| Some(&account.account) == message.account.as_ref());
    let saved_by_less_rework = people.map_or(0.0, less_rework::saved);
    let team = Team { books: [&message, &integration], outlooks: &outlooks, saved_by_less_rework };
    let fit = fit::fit(&team, planning, as_of);
    let settled = waist.reading.asked.choice.time().and_then(|time| settled(&message, terms, time, as_of));
    Ok(Ahead { settled, budgets: budgets(waist, message.account.as_ref(), terms, as_of), outlooks, fit })
}

/// Whether it counts who used what: where members have caps, or seats have credits of their own.
pub fn needs_members(planning: &Planning) -> bool {
    !planning.caps.is_empty() || planning.catalogue.plans.iter().any(Plan::has_own_seats)
}

/// Who used what of an account; members are numbered by their first use, and use without a user is one member.
fn members(spend: &[Spend], account: &AccountName) -> Members {
    let mut by_user: BTreeMap<Option<&String>, Vec<(Instant, Total)>> = BTreeMap::new();
    for spend in spend.iter().filter(|spend| spend.account == *account) {
        by_user.entry(spend.subject.user.as_ref()).or_default().extend(&spend.minutes);
    }
    let mut users: Vec<(Option<&String>, Usage)> =
        by_user.into_iter().map(|(user, minutes)| (user, Usage::new(minutes))).collect();
    // those without a name are no member with a seat
    users.sort_by_key(|(user, usage)| (user.is_none(), usage.entries().first().map(|(at, _)| *at)));
    let names = users.iter().map(|(user, _)| user.cloned()).collect();
    let numbered = (0..).zip(&users);
    let of_member =
        numbered.flat_map(|(member, (_, usage))| usage.entries().iter().map(move |(at, used)| (*at, member, *used)));
    let mut used: Vec<(Instant, u32, Total)> = of_member.collect();
    used.sort_by_key(|(at, member, _)| (*at, *member));
    Members { names, used }
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
    let replay = outlook::replay(books, rules, planning, Meter::Message, as_of)?;
    let mut cycles = chargeback::settle(&replay, rules, &books.booked, as_of);
    cycles.retain(|SettledCycle { cycle, .. }| {
        from.is_none_or(|from| from <= cycle.start) && until.is_none_or(|until| cycle.end <= until)
    });
    Some((account.clone(), cycles))
}

/// Where the data of a meter's vendor end, if that is so long before a moment that they are an old export rather than those
/// of a team that paused: more than a week, and twice as long as any pause before.
fn silent_since(waist: &Waist, books: &Books, as_of: Instant) -> anyhow::Result<Option<Instant>> {
    const WEEK: i32 = 7;
    let Some(account) = &books.account else { return Ok(None) };
    let end = data_end(waist, &account.provider)?.filter(|end| *end < as_of);
    Ok(end.filter(|end| {
        let silent = waist.zone.day(as_of).epoch_days() - waist.zone.day(*end).epoch_days();
        silent >= WEEK && silent > 2 * books.usage.longest_pause(&waist.zone)
    }))
}

/// The end of the last day on which anything was read of a vendor.
fn data_end(waist: &Waist, provider: &str) -> anyhow::Result<Option<Instant>> {
    let used = waist.rollups.usage.iter().map(|(account, used)| (account, used.iter().map(|(at, _)| *at).max()));
    let booked = waist.booked.iter().map(|(account, booked)| (account, booked.iter().map(|(at, ..)| *at).max()));
    let ends = used.chain(booked).filter(|(account, _)| account.provider == provider).filter_map(|(_, last)| last);
    ends.max().map(|last| end_of_day(last, &waist.zone)).transpose()
}

/// The end of the local day of an instant.
///
/// # Errors
/// When it lies where calendars end.
pub fn end_of_day(at: Instant, zone: &Zone) -> anyhow::Result<Instant> {
    let next = zone.day(at).date().checked_add_days(Days::new(1));
    next.and_then(|next| zone.start_of(next)).with_context(|| format!("finding the end of the day of {at}"))
}

/// Holds the budgets against the use of a cycle, whoever was selected: of the cycle that is selected or, where none is, of the
/// current one. A cycle that ends at this moment is current still.
fn budgets(waist: &Waist, account: Option<&AccountName>, terms: &Terms, as_of: Instant) -> Vec<Spent> {
    let end = waist.reading.until().map_or(as_of, |until| until.min(as_of));
    let Some(cycle) = terms.planning.resets.cycle(Instant::from_nanos(end.nanos() - 1)) else { return Vec::new() };
    budget::spent(&terms.budgets, cycle, &waist.spend, |spend| match account {
        Some(account) if *account == spend.account => spend.between(cycle.start, end),
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
