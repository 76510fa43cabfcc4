//! Upgrade, top up or wait: what each costs, and how many days it loses, in a cycle whose pool runs out before the reset.
//!
//! - **Wait**: costs nothing; what needs credits stands still from the run-out to the reset.
//! - **Top up**: as many credits as the rest of the cycle needs in nine of ten cases beyond what is left, in whole credits
//!   (sizes of bundles are not published), at the price of `--topup-price` where one is named. Integration credits are not
//!   bought by the price of message credits.
//! - **Upgrade**: the cheapest dearer plan whose higher limit holds in nine of ten cases, else the largest; what was used
//!   stays used. It costs the difference of the month's prices (how vendors prorate is not published).
//!
//! The price of a credit at which topping up and upgrading cost the same is the break-even price: below it, top up.
use crate::{
    audit::{
        forecast::{Forecast, RunOut},
        outlook::{MeterOutlook, Outlooks, Planning, Pool},
        plans::Plan,
    },
    model::{account::Meter, amount::Total, instant::Instant},
};

const DAY_NANOS: i64 = 86_400 * 1_000_000_000;
const UNIT: i128 = 1_000_000_000;

/// A cycle that runs out, and what can be done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortfall {
    /// Which credits.
    pub meter: Meter,
    /// The name of the plan.
    pub plan: String,
    /// When the pool is empty, or has been since.
    pub run_out: Instant,
    /// Whether it is empty already.
    pub is_empty: bool,
    /// The next reset.
    pub reset: Instant,
    /// What the rest of the cycle needs beyond what is left: in the middle, and in nine of ten cases at most.
    pub needed: [Total; 2],
    /// What stops.
    pub stops: Option<String>,
    /// What can be done, waiting first.
    pub ways: Vec<Way>,
    /// What a credit may cost at most for a top-up to be cheaper than the upgrade.
    pub break_even: Option<Total>,
}

/// One thing that can be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Which.
    pub kind: Kind,
    /// The plan to change to, by id and name.
    pub plan: Option<(String, String)>,
    /// How many credits come.
    pub credits: Total,
    /// What it costs in this cycle; absent where no price is known.
    pub cost: Option<Total>,
    /// How many days without credits there are, up to the reset.
    pub days_lost: u32,
    /// The same in the worst of ten cases.
    pub days_lost_at_worst: u32,
    /// Why it cannot be done.
    pub barred: Option<String>,
}

/// What can be done when credits run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, until the reset.
    Wait,
    /// Buy credits.
    TopUp,
    /// Change to a larger plan.
    Upgrade,
}

impl Kind {
    /// The word of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::TopUp => "top-up",
            Self::Upgrade => "upgrade",
        }
    }
}

/// The cycles that run out under the plan one is on, message credits first.
pub fn shortfalls(outlooks: &Outlooks, planning: &Planning) -> Vec<Shortfall> {
    let meters = [(Meter::Message, &outlooks.message), (Meter::Integration, &outlooks.integration)];
    meters.into_iter().filter_map(|(meter, outlook)| shortfall(meter, outlook, planning)).collect()
}

fn shortfall(meter: Meter, outlook: &MeterOutlook, planning: &Planning) -> Option<Shortfall> {
    let (forecast, pool, plan) = (outlook.forecast.as_ref()?, outlook.pool.as_ref()?, planning.plan.as_ref()?);
    let run_out = pool.empty_since.or_else(|| pool.run_out?.at)?;
    let [.., middle, _, high] = forecast.consumption()?;
    let beyond = |used: Total| (used - forecast.used - pool.balance).max(Total::ZERO);
    let needed = [beyond(middle), beyond(high)];
    let case = Case { meter, forecast, pool, planning, plan, needed };
    let [upgrade, top_up] = [case.upgrade(), case.top_up()];
    let cost = upgrade.as_ref().filter(|way| way.days_lost_at_worst == 0).and_then(|way| way.cost);
    let break_even = cost.zip(top_up.as_ref()).filter(|(_, way)| way.barred.is_none() && way.credits > Total::ZERO);
    Some(Shortfall {
        meter,
        plan: plan.name.clone(),
        run_out,
        is_empty: pool.empty_since.is_some(),
        reset: forecast.cycle.end,
        needed,
        stops: match meter {
            Meter::Message => plan.at_zero.clone(),
            Meter::Integration => plan.at_zero_integration.clone(),
        },
        break_even: break_even.map(|(cost, way)| Total::from_nanos(cost.nanos() * UNIT / way.credits.nanos())),
        ways: [Some(case.wait()), top_up, upgrade].into_iter().flatten().collect(),
    })
}

/// What a way is told from.
struct Case<'a> {
    meter: Meter,
    forecast: &'a Forecast,
    pool: &'a Pool,
    planning: &'a Planning,
    plan: &'a Plan,
    needed: [Total; 2],
}

impl Case<'_> {
    fn wait(&self) -> Way {
        let (days_lost, days_lost_at_worst) = self.lost(Total::ZERO);
        Way {
            kind: Kind::Wait,
            plan: None,
            credits: Total::ZERO,
            cost: Some(Total::ZERO),
            days_lost,
            days_lost_at_worst,
            barred: None,
        }
    }

    /// Whole credits, enough in nine of ten cases; `None` for integration credits, which have no top-ups of their own price.
    fn top_up(&self) -> Option<Way> {
        if self.meter == Meter::Integration {
            return None;
        }
        let credits = Total::from_nanos((self.needed[1].nanos() + UNIT - 1) / UNIT * UNIT);
        let cost = self.planning.topup_price.and_then(|price| price.of(credits));
        let barred = (!self.plan.topups).then(|| format!("{} has no top-ups", self.plan.name));
        let (days_lost, days_lost_at_worst) = self.lost(credits);
        Some(Way { kind: Kind::TopUp, plan: None, credits, cost, days_lost, days_lost_at_worst, barred })
    }

    /// The cheapest dearer plan that holds in nine of ten cases, else the largest; `None` where there is none.
    fn upgrade(&self) -> Option<Way> {
        let (planning, seats) = (self.planning, self.planning.seats);
        let price = planning.price(self.plan)?;
        let has = self.plan.credits(self.meter, seats)?;
        let larger = planning.catalogue.plans.iter().filter_map(|plan| {
            let (dearer, more) = (planning.price(plan)? - price, plan.credits(self.meter, seats)? - has);
            (dearer > Total::ZERO && more > Total::ZERO).then_some((plan, dearer, more))
        });
        let larger: Vec<_> = larger.collect();
        let holding = larger.iter().filter(|(.., more)| *more >= self.needed[1]).min_by_key(|(_, dearer, _)| *dearer);
        let (plan, dearer, more) = holding.or_else(|| larger.iter().max_by_key(|(.., more)| *more))?;
        let (days_lost, days_lost_at_worst) = self.lost(*more);
        Some(Way {
            kind: Kind::Upgrade,
            plan: Some((plan.id.clone(), plan.name.clone())),
            credits: *more,
            cost: Some(*dearer),
            days_lost,
            days_lost_at_worst,
            barred: None,
        })
    }

    /// How many days there would be without credits if so many came now: in the middle, and in the worst of ten cases.
    fn lost(&self, more: Total) -> (u32, u32) {
        let run_out = self.forecast.run_out(self.pool.balance + more);
        let (middle, worst) = run_out.map_or((None, None), |RunOut { at, early, .. }| (at, early));
        let now = self.pool.empty_since.filter(|_| more.is_zero()).map(|_| self.forecast.as_of);
        (self.days(now.or(middle)), self.days(now.or(worst)))
    }

    /// The days from an instant up to the reset, a day begun being one.
    fn days(&self, from: Option<Instant>) -> u32 {
        let left = from.map_or(0, |from| self.forecast.cycle.end.nanos() - from.nanos());
        u32::try_from((left + DAY_NANOS - 1) / DAY_NANOS).unwrap_or(0)
    }
}
