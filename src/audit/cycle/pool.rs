//! A pool replayed: credits come in lots, are used in an order, and lapse. Credits in = used + lapsed + left, exactly.
//!
//! Use that finds no credits is not booked as used but as missing, and its day as blocked. What a member asks for beyond
//! their cap is booked by itself: no plan holds it. A refund comes back as a lot that lapses with the cycle.
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::{
    audit::cycle::{
        resets::{Cycle, Resets},
        rules::{Grant, Order, Rollover, Rules},
    },
    model::{
        amount::Total,
        instant::{Day, Instant},
    },
};

/// Something that happens to a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// What.
    pub change: Change,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Use by a member, counted from 0; negative for a refund.
    Use(Total, u32),
    /// Credits bought.
    TopUp(Total),
    /// Bonus, coupon or gift credits, which lapse after so many days, or with the cycle.
    Bonus(Total, Option<u32>),
    /// Another plan from now on: the limit rises at once and what was used stays; a lower limit holds from the next cycle.
    Plan(Rules),
}

/// Most credits of a cycle for single members.
pub type Caps = BTreeMap<u32, Total>;

/// The books of a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Books {
    /// Came with the plan.
    pub granted: Total,
    /// Bought.
    pub topped_up: Total,
    /// Given.
    pub bonus: Total,
    /// Given back.
    pub refunded: Total,
    /// Used.
    pub used: Total,
    /// Of that, neither credits of the plan nor refunds.
    pub used_beyond: Total,
    /// Of that, refunds.
    pub used_refunds: Total,
    /// Lapsed.
    pub expired: Total,
    /// Of that, credits of the plan.
    pub expired_plan: Total,
    /// Of that, refunds.
    pub expired_refunds: Total,
    /// Asked for and not there.
    pub missing: Total,
    /// Asked for beyond a member's cap.
    pub capped: Total,
}

/// A cycle, replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleBooks {
    /// Which.
    pub cycle: Cycle,
    /// Its books.
    pub books: Books,
    /// Since when there have been none; absent where some came since.
    pub ran_out: Option<Instant>,
    /// Days on which something was asked for that was not there.
    pub blocked: BTreeSet<Day>,
}

/// A pool, replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Cycle by cycle.
    pub cycles: Vec<CycleBooks>,
    /// What is left at the end.
    pub left: Total,
    /// Of that, credits of the plan.
    pub left_of_plan: Total,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Plan,
    Gift,
    TopUp,
    Refund,
}

#[derive(Debug, Clone)]
struct Lot {
    source: Source,
    seat: Option<u32>,
    came: Instant,
    lapses: Option<Instant>,
    left: Total,
}

struct Pool<'a> {
    rules: Rules,
    resets: &'a Resets,
    caps: &'a Caps,
    lots: Vec<Lot>,
    cycles: Vec<CycleBooks>,
    /// When credits of the plan last came, or the plan began.
    last_grant: Instant,
    /// What each member asked for within their cap in the current cycle.
    of_members: BTreeMap<u32, Total>,
    /// What each seat used of the plan's credits in the current cycle.
    of_plan: BTreeMap<Option<u32>, Total>,
}

/// Replays entries, which stand in order of time, from the beginning of the cycle of `start` up to `end`. `None` where the
/// calendar ends.
pub fn replay(
    rules: Rules,
    resets: &Resets,
    caps: &Caps,
    entries: &[Entry],
    start: Instant,
    end: Instant,
) -> Option<Replay> {
    let first = resets.cycle(start)?;
    let (lots, cycles, of_members, of_plan) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut pool = Pool { rules, resets, caps, lots, cycles, last_grant: first.start, of_members, of_plan };
    pool.begin(first);
    for entry in entries.iter().filter(|entry| first.start <= entry.at && entry.at < end) {
        pool.advance(entry.at)?;
        pool.apply(entry);
    }
    pool.advance(Instant::from_nanos(end.nanos() - 1))?;
    pool.lapse(end);
    let left = pool.lots.iter().map(|lot| lot.left).sum();
    let left_of_plan = pool.lots.iter().filter(|lot| lot.source == Source::Plan).map(|lot| lot.left).sum();
    Some(Replay { cycles: pool.cycles, left, left_of_plan })
}

impl Pool<'_> {
    fn current(&mut self) -> &mut CycleBooks {
        let last = self.cycles.len() - 1;
        &mut self.cycles[last]
    }

    /// Opens a cycle and grants what comes with it.
    fn begin(&mut self, cycle: Cycle) {
        let (books, ran_out, blocked) = (Books::default(), None, BTreeSet::new());
        self.cycles.push(CycleBooks { cycle, books, ran_out, blocked });
        self.of_members.clear();
        self.of_plan.clear();
        self.grant(cycle.start);
    }

    /// Grants what comes at an instant of the current cycle, which is its beginning or that of a day.
    fn grant(&mut self, at: Instant) {
        self.last_grant = at;
        for seat in self.seats() {
            let used = self.of_plan.get(&seat).copied().unwrap_or_default();
            let credits = match self.rules.grant {
                Grant::Monthly(credits) => credits,
                Grant::Daily { each, most } => each.min(most - used).max(Total::ZERO),
            };
            self.add(Source::Plan, seat, at, credits);
        }
    }

    fn seats(&self) -> Vec<Option<u32>> {
        self.rules.seats.map_or_else(|| vec![None], |seats| (0..seats).map(Some).collect())
    }

    fn add(&mut self, source: Source, seat: Option<u32>, at: Instant, credits: Total) {
        let lapses = match source {
            Source::TopUp => self.rules.topup_days.map(|days| later(at, days)),
            Source::Gift | Source::Refund => Some(self.current().cycle.end),
            Source::Plan => Some(self.lapse_of_plan(at)),
        };
        let books = &mut self.current().books;
        match source {
            Source::Plan => books.granted += credits,
            Source::TopUp => books.topped_up += credits,
            Source::Gift => books.bonus += credits,
            Source::Refund => books.refunded += credits,
        }
        if credits > Total::ZERO {
            self.current().ran_out = None;
        }
        self.lots.push(Lot { source, seat, came: at, lapses, left: credits });
    }

    fn lapse_of_plan(&mut self, at: Instant) -> Instant {
        let cycle = self.current().cycle;
        match (self.rules.grant, self.rules.rollover) {
            (Grant::Daily { .. }, _) => self.next_day(at).map_or(cycle.end, |next| next.min(cycle.end)),
            (_, Rollover::None) => cycle.end,
            (_, Rollover::Days(days)) => later(at, days),
            (_, Rollover::Cycles(more)) => {
                let end = (0..more).try_fold(cycle, |cycle, _| self.resets.next(cycle));
                end.map_or(cycle.end, |cycle| cycle.end)
            }
        }
    }

    fn next_day(&self, at: Instant) -> Option<Instant> {
        let zone = self.resets.zone();
        zone.start_of(zone.day(at).next().date())
    }

    /// Lets time pass: lots lapse, days and cycles begin. `None` where the calendar ends.
    fn advance(&mut self, to: Instant) -> Option<()> {
        loop {
            let cycle = self.current().cycle;
            let day = match self.rules.grant {
                Grant::Daily { .. } => self.next_day(self.last_grant)?,
                Grant::Monthly(_) => cycle.end,
            };
            let next = day.min(cycle.end);
            if next > to {
                self.lapse(to);
                return Some(());
            }
            self.lapse(next);
            if next == cycle.end {
                self.begin(self.resets.next(cycle)?);
            } else {
                self.grant(next);
            }
        }
    }

    /// Takes away what lapses up to an instant.
    fn lapse(&mut self, to: Instant) {
        let (mut expired, mut of_plan, mut refunds) = (Total::ZERO, Total::ZERO, Total::ZERO);
        self.lots.retain(|lot| {
            let lapsed = lot.lapses.is_some_and(|lapses| lapses <= to);
            if lapsed {
                expired += lot.left;
                match lot.source {
                    Source::Plan => of_plan += lot.left,
                    Source::Refund => refunds += lot.left,
                    Source::Gift | Source::TopUp => {}
                }
            }
            !lapsed
        });
        let books = &mut self.current().books;
        books.expired += expired;
        books.expired_plan += of_plan;
        books.expired_refunds += refunds;
    }

    fn apply(&mut self, entry: &Entry) {
        match entry.change {
            Change::TopUp(credits) => self.add(Source::TopUp, None, entry.at, credits),
            Change::Bonus(credits, days) => {
                self.add(Source::Gift, None, entry.at, credits);
                if let (Some(days), Some(lot)) = (days, self.lots.last_mut()) {
                    lot.lapses = Some(later(entry.at, days));
                }
            }
            Change::Plan(rules) => self.change_plan(rules, entry.at),
            Change::Use(credits, _) if credits < Total::ZERO => self.add(Source::Refund, None, entry.at, -credits),
            Change::Use(credits, member) => self.take(credits, member, entry.at),
        }
    }

    /// Raises what is left to the new limit less what was used of the plan.
    fn change_plan(&mut self, rules: Rules, at: Instant) {
        let start = self.current().cycle.start;
        (self.rules, self.last_grant) = (rules, at);
        let Grant::Monthly(limit) = rules.grant else { return };
        for seat in self.seats() {
            let used = self.of_plan.get(&seat).copied().unwrap_or_default();
            let of_cycle = self.lots.iter().filter(|lot| lot.source == Source::Plan && lot.seat == seat);
            let left: Total = of_cycle.filter(|lot| lot.came >= start).map(|lot| lot.left).sum();
            let more = limit - used - left;
            if more > Total::ZERO {
                self.add(Source::Plan, seat, at, more);
            }
        }
    }

    /// Takes credits from the lots in order, as far as there are any and the member's cap allows.
    fn take(&mut self, credits: Total, member: u32, at: Instant) {
        let before = self.of_members.get(&member).copied().unwrap_or_default();
        let allowed = self.caps.get(&member).map_or(credits, |cap| credits.min((*cap - before).max(Total::ZERO)));
        let (mut asked, mut beyond, mut refunds) = (allowed, Total::ZERO, Total::ZERO);
        let (start, order) = (self.current().cycle.start, self.rules.order);
        self.lots.sort_by_key(|lot| rank(lot, order));
        for lot in self.lots.iter_mut().filter(|lot| lot.seat.is_none_or(|seat| seat == member)) {
            let part = lot.left.min(asked);
            lot.left = lot.left - part;
            asked = asked - part;
            match lot.source {
                Source::Plan => {}
                Source::Gift | Source::TopUp => beyond += part,
                Source::Refund => refunds += part,
            }
            if lot.source == Source::Plan && lot.came >= start {
                *self.of_plan.entry(lot.seat).or_default() += part;
            }
        }
        let used = allowed - asked;
        // what was missing was asked for within the cap
        *self.of_members.entry(member).or_default() += allowed;
        let day = self.resets.zone().day(at);
        let current = self.current();
        current.books.used += used;
        current.books.used_beyond += beyond;
        current.books.used_refunds += refunds;
        current.books.missing += allowed - used;
        current.books.capped += credits - allowed;
        if asked > Total::ZERO {
            current.ran_out.get_or_insert(at);
        }
        if used < allowed {
            current.blocked.insert(day);
        }
    }
}

/// What is used first has the lowest rank.
fn rank(lot: &Lot, order: Order) -> (bool, i64, bool, Instant) {
    let lapses = lot.lapses.map_or(i64::MAX, Instant::nanos);
    let bought = lot.source == Source::TopUp;
    match order {
        Order::PlanFirst => (bought, lapses, bought, lot.came),
        Order::SoonestExpiry => (false, lapses, bought, lot.came),
    }
}

fn later(at: Instant, days: u32) -> Instant {
    let nanos = TimeDelta::days(days.into()).num_nanoseconds().unwrap_or(i64::MAX);
    Instant::from_nanos(at.nanos().saturating_add(nanos))
}

impl Books {
    /// All credits that came.
    pub fn came(&self) -> Total {
        self.granted + self.topped_up + self.bonus + self.refunded
    }
}

impl Replay {
    /// The books of all cycles.
    pub fn books(&self) -> Books {
        let mut sum = Books::default();
        for CycleBooks { books, .. } in &self.cycles {
            sum.granted += books.granted;
            sum.topped_up += books.topped_up;
            sum.bonus += books.bonus;
            sum.refunded += books.refunded;
            sum.used += books.used;
            sum.used_beyond += books.used_beyond;
            sum.used_refunds += books.used_refunds;
            sum.expired += books.expired;
            sum.expired_plan += books.expired_plan;
            sum.expired_refunds += books.expired_refunds;
            sum.missing += books.missing;
            sum.capped += books.capped;
        }
        sum
    }
}
