//! Each meter's current cycle: what was used, what is left of the plan's credits, what is expected, when it runs out.
mod dry;

use std::collections::BTreeSet;

use chrono::Datelike as _;

use crate::{
    audit::{
        cycle::{
            pool::{self, Caps, Change, Entry, Replay},
            resets::{Cycle, Resets},
            rules::{Grant, Rules},
        },
        forecast::{self, Forecast, Percentiles, RunOut},
        plans::{Billing, Catalogue, Plan},
        usage::Usage,
    },
    model::{
        account::{Entry as Kind, Meter},
        amount::Total,
        instant::{Day, Instant},
        price::Price,
        text,
        zone::Zone,
    },
    rollup::{AccountName, Booked},
};

/// A grant so near to a reset is the plan's own; others are gifts.
const OWN_GRANT_NANOS: i64 = 24 * 3_600 * 1_000_000_000;

/// What is known of the plan and what is asked for.
#[derive(Debug, Clone)]
pub struct Planning {
    /// The plans to choose from.
    pub catalogue: Catalogue,
    /// The plan one is on, where it is named.
    pub plan: Option<Plan>,
    /// The plans one was on before, each with the moment until which, in order of time.
    pub before: Vec<(Plan, Instant)>,
    /// When cycles begin.
    pub resets: Resets,
    /// What a credit bought on top costs.
    pub topup_price: Option<Price>,
    /// A plan must hold with this chance.
    pub risk: f64,
    /// How plans are paid.
    pub billing: Billing,
    /// How many seats.
    pub seats: u32,
    /// The most message credits that single members may use in a cycle.
    pub caps: Vec<(String, Total)>,
}

/// What a meter did so far: its use, and what the ledger booked into its pool.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Which account; absent where the meter has no event.
    pub account: Option<AccountName>,
    /// Its use.
    pub usage: Usage,
    /// Grants, top-ups and expiries of the ledger, in order.
    pub booked: Vec<Booked>,
    /// Who used it, where that counts: members with credits of their own or with a cap.
    pub members: Option<Members>,
}

/// Who used what, members being numbered by their first use.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// Their names; absent for use without a user.
    pub names: Vec<Option<String>>,
    /// What each used in which minute, in order of time.
    pub used: Vec<(Instant, u32, Total)>,
}

/// Both meters.
#[derive(Debug, Clone)]
pub struct Outlooks {
    /// Building.
    pub message: MeterOutlook,
    /// The running app.
    pub integration: MeterOutlook,
}

impl Outlooks {
    /// That of a meter.
    pub const fn of(&self, meter: Meter) -> &MeterOutlook {
        match meter {
            Meter::Message => &self.message,
            Meter::Integration => &self.integration,
        }
    }
}

/// One meter.
#[derive(Debug, Clone)]
pub struct MeterOutlook {
    /// Which account it is about; absent where the meter has no event.
    pub account: Option<AccountName>,
    /// Where the data of its vendor end, if that is before the end of all data: it is looked ahead from there.
    pub data_end: Option<Instant>,
    /// Where they end, if that is so long before the moment the user named that the export may be old.
    pub silent_since: Option<Instant>,
    /// What is expected; absent where there is nothing to expect it from.
    pub forecast: Option<Forecast>,
    /// What the plan's pool holds; absent without a plan, or where its credits are not known.
    pub pool: Option<Pool>,
}

/// A pool at the moment of the forecast.
#[derive(Debug, Clone)]
pub struct Pool {
    /// The most a cycle can use of the plan.
    pub allowance: Total,
    /// What is left.
    pub balance: Total,
    /// What was used beyond what the plan and known top-ups hold.
    pub beyond: Total,
    /// When it ran out in this cycle, where it did and is empty still.
    pub empty_since: Option<Instant>,
    /// The days before on which nothing could be used, the pool having run dry.
    pub dry: BTreeSet<Day>,
    /// The day of the month on which the ledger books the plan's credits, where that is not the day of the reset.
    pub grants_on: Option<u32>,
    /// When it will run out, where anything is expected.
    pub run_out: Option<RunOut>,
}

impl Pool {
    /// What a cycle can come to at most that has used so much and needs so much: a team that ran dry before and did not buy
    /// stops at zero.
    pub fn held(&self, used: Total, need: Total) -> Total {
        if self.dry.is_empty() { need } else { need.min(used + self.balance) }
    }
}

impl MeterOutlook {
    /// What the cycle will have used at its end.
    pub fn consumption(&self) -> Option<Percentiles> {
        let forecast = self.forecast.as_ref()?;
        let held = |need| self.pool.as_ref().map_or(need, |pool| pool.held(forecast.used, need));
        forecast.consumption().map(|need| need.map(held))
    }

    /// The days on which a plan that gives no more than so many credits would have been empty, as the one in use was.
    pub fn dry_under(&self, credits: Option<Total>) -> impl Iterator<Item = Day> + '_ {
        let pool = self.pool.as_ref().filter(|pool| credits.is_some_and(|credits| credits <= pool.allowance));
        pool.into_iter().flat_map(|pool| pool.dry.iter().copied())
    }

    /// What such cycles will have used at their end on average.
    pub fn mean(&self) -> Option<Total> {
        let forecast = self.forecast.as_ref()?;
        let need = forecast.mean()?;
        Some(self.pool.as_ref().map_or(need, |pool| pool.held(forecast.used, need)))
    }

    /// The outlook of a meter at an instant. `None` where the calendar ends.
    pub fn of(books: &Books, meter: Meter, planning: &Planning, as_of: Instant) -> Option<Self> {
        if books.account.is_none() {
            return Some(Self { account: None, data_end: None, silent_since: None, forecast: None, pool: None });
        }
        let rules = planning.plan.as_ref().and_then(|plan| planning.rules(plan, meter));
        let is_plans = books.account.as_ref().is_some_and(|account| account.provider == planning.catalogue.provider);
        let rules = rules.filter(|_| is_plans);
        let dry = rules.map(|rules| dry::days(books, rules, planning, meter, as_of)).unwrap_or_default();
        let forecast = forecast::need(&books.usage, &planning.resets, as_of, &dry)?;
        let pool = rules.and_then(|rules| {
            let replay = replay(books, rules, planning, meter, as_of)?;
            let current = replay.cycles.last().filter(|last| last.cycle == forecast.cycle)?;
            let balance = replay.left + still_comes(rules, &planning.resets, &replay, as_of);
            let empty = current.ran_out.filter(|_| balance.is_zero());
            Some(Pool {
                allowance: rules.most(),
                balance,
                beyond: current.books.missing,
                empty_since: empty,
                dry: dry.clone(),
                grants_on: planning.grants_on(books, rules.most()),
                run_out: forecast.run_out(balance),
            })
        });
        Some(Self {
            account: books.account.clone(),
            data_end: None,
            silent_since: None,
            forecast: Some(forecast),
            pool,
        })
    }
}

impl Planning {
    /// Calendar months of a zone, no plan, P90.
    pub fn without_plan(catalogue: Catalogue, zone: Zone) -> Self {
        let resets = Resets::calendar(zone);
        Self {
            catalogue,
            plan: None,
            before: Vec::new(),
            resets,
            topup_price: None,
            risk: 0.9,
            billing: Billing::Monthly,
            seats: 1,
            caps: Vec::new(),
        }
    }

    /// How a meter of a plan works.
    pub fn rules(&self, plan: &Plan, meter: Meter) -> Option<Rules> {
        plan.rules(meter, self.seats, &self.catalogue.topups)
    }

    /// The caps of the members of a meter, by their numbers.
    pub fn caps(&self, books: &Books, meter: Meter) -> Caps {
        let Some(members) = books.members.as_ref().filter(|_| meter == Meter::Message) else { return Caps::new() };
        let cap_of = |name: &String| self.caps.iter().find(|(capped, _)| text::same(capped, name)).map(|(_, cap)| *cap);
        let numbered = (0..).zip(&members.names);
        numbered.filter_map(|(member, name)| Some((member, cap_of(name.as_ref()?)?))).collect()
    }

    /// Whether a grant of the ledger is what a plan gives, so that it is no gift: it has the size of a plan's credits or of
    /// the difference between two, as an upgrade in mid-cycle has. Where no plan's size is known, what comes near a reset is
    /// the plan's own.
    pub fn is_own(&self, at: Instant, amount: Total, meter: Meter) -> bool {
        let near = |cycle: Cycle| is_near(cycle, at);
        let sizes: Vec<Total> =
            self.catalogue.plans.iter().filter_map(|plan| self.rules(plan, meter).map(|rules| rules.most())).collect();
        let most = self.plan.as_ref().and_then(|plan| self.rules(plan, meter)).map(|rules| rules.most());
        match most {
            Some(most) => {
                let is_upgrade = sizes.iter().any(|smaller| *smaller < most && *smaller + amount == most);
                amount == most || is_upgrade || (self.resets.cycle(at).is_some_and(near) && sizes.contains(&amount))
            }
            None => self.resets.cycle(at).is_some_and(near) && (sizes.is_empty() || sizes.contains(&amount)),
        }
    }

    /// The day of the month on which the books have the whole credits of the plan again and again, where that is not near a
    /// reset.
    fn grants_on(&self, books: &Books, most: Total) -> Option<u32> {
        let grants = books.booked.iter().filter(|(_, kind, amount)| *kind == Kind::Grant && *amount == most);
        let elsewhere = grants.filter(|(at, ..)| !self.resets.cycle(*at).is_some_and(|cycle| is_near(cycle, *at)));
        let days: Vec<u32> = elsewhere.map(|(at, ..)| self.resets.zone().day(*at).date().day()).collect();
        let last = *days.last()?;
        (days.len() > 1 && days.iter().all(|day| *day == last)).then_some(last)
    }

    /// The price of a month of a plan.
    pub fn price(&self, plan: &Plan) -> Option<Total> {
        plan.price(self.billing, self.seats)
    }
}

/// What comes day by day until the reset: so much a day, up to what the cycle has left of its most.
fn still_comes(rules: Rules, resets: &Resets, replay: &Replay, as_of: Instant) -> Total {
    let (Grant::Daily { each, .. }, Some(current)) = (rules.grant, replay.cycles.last()) else { return Total::ZERO };
    let day = |at: Instant| resets.zone().day(at).epoch_days();
    let days = i128::from(day(Instant::from_nanos(current.cycle.end.nanos() - 1)) - day(as_of));
    let a_day = each.nanos() * i128::from(rules.seats.unwrap_or(1));
    let used = current.books.used - current.books.used_beyond - current.books.used_refunds;
    let of_cycle = rules.most() - used - replay.left_of_plan;
    of_cycle.max(Total::ZERO).min(Total::from_nanos(a_day * days.max(0)))
}

/// Whether an instant lies near the beginning or the end of its cycle.
const fn is_near(cycle: Cycle, at: Instant) -> bool {
    at.nanos() - cycle.start.nanos() < OWN_GRANT_NANOS || cycle.end.nanos() - at.nanos() < OWN_GRANT_NANOS
}

/// Replays a meter under rules, up to and with an instant, with the top-ups, gifts and changes of plan that are told. What
/// was used was used, whatever caps there are by now.
pub fn replay(books: &Books, rules: Rules, planning: &Planning, meter: Meter, as_of: Instant) -> Option<Replay> {
    let resets = &planning.resets;
    let mut entries = entries(books, planning, meter, as_of, Purchases::Known);
    let start = entries.first().map_or(as_of, |entry| entry.at);
    let mut begins_with = rules;
    for (at, (plan, until)) in planning.before.iter().enumerate().rev() {
        let next = planning.before.get(at + 1).map_or(Some(rules), |(next, _)| planning.rules(next, meter))?;
        entries.push(Entry { at: *until, change: Change::Plan(next) });
        begins_with = planning.rules(plan, meter)?;
    }
    // a change that lies before all that is known is none
    let (over, mut entries): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| matches!(entry.change, Change::Plan(_)) && entry.at < start);
    if let Some(Change::Plan(rules)) = over.iter().max_by_key(|entry| entry.at).map(|entry| entry.change.clone()) {
        begins_with = rules;
    }
    entries.sort_by_key(|entry| (entry.at, matches!(entry.change, Change::Use(..))));
    pool::replay(begins_with, resets, &Caps::new(), &entries, start, Instant::from_nanos(as_of.nanos() + 1))
}

/// Whether the top-ups of the ledger are part of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purchases {
    /// They are.
    Known,
    /// They are not: another plan might not have needed them.
    None,
}

/// What happened to a pool before an instant, in order.
pub fn entries(books: &Books, planning: &Planning, meter: Meter, as_of: Instant, purchases: Purchases) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (at, kind, amount) in &books.booked {
        let is_own = planning.is_own(*at, *amount, meter);
        let change = match kind {
            Kind::Topup if purchases == Purchases::Known => Change::TopUp(*amount),
            Kind::Grant if !is_own => Change::Bonus(*amount, None),
            _ => continue,
        };
        entries.push(Entry { at: *at, change });
    }
    let used = |at: Instant, used: Total, member: u32| Entry { at, change: Change::Use(used, member) };
    if let Some(members) = &books.members {
        entries.extend(members.used.iter().map(|(at, member, amount)| used(*at, *amount, *member)));
    } else {
        entries.extend(books.usage.entries().iter().map(|(at, amount)| used(*at, *amount, 0)));
    }
    entries.retain(|entry| entry.at < as_of);
    entries.sort_by_key(|entry| (entry.at, matches!(entry.change, Change::Use(..))));
    entries
}
