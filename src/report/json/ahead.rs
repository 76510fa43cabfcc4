//! Forecast and plan fit in `report.json`. Amounts are decimal strings, shares numbers with four decimals.
use serde::Serialize;

use crate::{
    audit::{
        budget::Spent,
        fit::{Fit, PlanFit},
        forecast::{Percentiles, backtest::Backtest},
        outlook::{MeterOutlook, Outlooks, Pool},
        shortfall::{Shortfall, Way},
    },
    model::{amount::Total, instant::Instant},
    report::{ahead, json::share},
};

/// The forecasts of both meters.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Forecast {
    message: V1MeterForecast,
    integration: V1MeterForecast,
}

/// The forecast of one meter.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1MeterForecast {
    /// The moment it is made for.
    as_of: String,
    /// Whose credits.
    provider: Option<String>,
    unit: Option<&'static str>,
    cycle_start: Option<String>,
    /// The next reset.
    reset: Option<String>,
    /// What the cycle used so far.
    used: Option<String>,
    /// What a cycle can use of the plan.
    allowance: Option<String>,
    /// What is left now.
    balance: Option<String>,
    /// When the pool is empty, as likely earlier as later.
    run_out: Option<String>,
    /// Why there is no such moment.
    cause: Option<String>,
    /// The chance that it is empty before the reset.
    run_out_chance: Option<f64>,
    /// One in ten runs out before.
    run_out_early: Option<String>,
    /// One in ten runs out after.
    run_out_late: Option<String>,
    /// `balance` under a plan (negative: so much is missing), `consumption` without one.
    cycle_end_is: Option<&'static str>,
    cycle_end: Option<V1Percentiles>,
    consumption: Option<V1Percentiles>,
    /// What such cycles consume on average: more than the median where use comes in bursts.
    consumption_mean: Option<String>,
    next_cycle: Option<V1Percentiles>,
    /// The level is that of so many days; null where it is that of the whole past.
    memory_days: Option<usize>,
    /// How the method did on the past.
    backtest: Option<V1Backtest>,
    /// Why that cannot be told.
    backtest_refused: Option<String>,
    /// Why no forecast is made.
    refused: Option<String>,
}

/// Percentiles of an amount.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Percentiles {
    p10: String,
    p25: String,
    p50: String,
    p75: String,
    p90: String,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Backtest {
    days: usize,
    cycles: usize,
    /// The sum of errors against the sum of what came.
    error: Option<f64>,
    coverage_50: f64,
    coverage_80: f64,
    /// The errors of rules of thumb.
    baselines: serde_json::Map<String, serde_json::Value>,
}

/// Which plan fits.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1PlanFit {
    recommended: Option<String>,
    runner_up: Option<String>,
    reason: String,
    would_change: Vec<String>,
    risk: Option<f64>,
    cycles: usize,
    plans: Vec<V1Plan>,
    /// Cycles that run out under the plan one is on, and what can be done: upgrade, top up or wait.
    shortfalls: Vec<V1Shortfall>,
}

/// A cycle that runs out.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Shortfall {
    meter: &'static str,
    plan: String,
    run_out: String,
    /// Whether the pool is empty already.
    is_empty: bool,
    reset: String,
    /// What the rest of the cycle needs beyond what is left.
    needed_p50: String,
    needed_p90: String,
    /// What stops when no credits are left.
    stops: Option<String>,
    ways: Vec<V1Way>,
    /// What a credit may cost at most for a top-up to be cheaper than the upgrade.
    break_even_price: Option<String>,
    advice: Option<String>,
}

/// Something that can be done about it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Way {
    /// wait, top-up or upgrade.
    way: &'static str,
    /// The plan to change to.
    plan: Option<String>,
    credits: String,
    /// In this cycle; null where no price is known.
    cost: Option<String>,
    days_lost: u32,
    /// The same in the worst of ten cases.
    days_lost_p90: u32,
    /// Why it cannot be done.
    barred: Option<String>,
}

impl From<&Shortfall> for V1Shortfall {
    fn from(shortfall: &Shortfall) -> Self {
        let [needed_p50, needed_p90] = shortfall.needed.map(|needed| needed.to_string());
        Self {
            meter: shortfall.meter.word(),
            plan: shortfall.plan.clone(),
            run_out: shortfall.run_out.to_string(),
            is_empty: shortfall.is_empty,
            reset: shortfall.reset.to_string(),
            needed_p50,
            needed_p90,
            stops: shortfall.stops.clone(),
            ways: shortfall.ways.iter().map(V1Way::from).collect(),
            break_even_price: shortfall.break_even.map(|price| price.to_string()),
            advice: ahead::shortfall::advice(shortfall),
        }
    }
}

impl From<&Way> for V1Way {
    fn from(way: &Way) -> Self {
        Self {
            way: way.kind.word(),
            plan: way.plan.as_ref().map(|(id, _)| id.clone()),
            credits: way.credits.to_string(),
            cost: way.cost.map(|cost| cost.to_string()),
            days_lost: way.days_lost,
            days_lost_p90: way.days_lost_at_worst,
            barred: way.barred.clone(),
        }
    }
}

/// One plan, replayed on the past.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Plan {
    id: String,
    price: String,
    /// What the observed cycles would have cost.
    cost: String,
    /// What the next cycle is expected to cost.
    expected_cost: String,
    blocked_days: u32,
    unused: String,
    missing: String,
    /// Message credits asked for beyond caps of members.
    capped: String,
    overrun_probability: Option<f64>,
    overrun_message: Option<f64>,
    overrun_integration: Option<f64>,
    /// Whether it holds with the wanted chance, top-ups bought where they have a price.
    holds: bool,
    regret: String,
    keeps_reserve: Option<bool>,
    /// The message credits of a cycle up to which it costs less than the next dearer plan.
    break_even: Option<String>,
}

impl V1Forecast {
    pub(super) fn of(outlooks: &Outlooks, now: Instant) -> Self {
        let meter = |outlook| V1MeterForecast::of(outlook, now);
        Self { message: meter(&outlooks.message), integration: meter(&outlooks.integration) }
    }
}

impl V1MeterForecast {
    fn of(meter: &MeterOutlook, now: Instant) -> Self {
        let forecast = meter.forecast.as_ref();
        let outlook = forecast.and_then(|forecast| forecast.outlook.as_ref().ok());
        let consumption = meter.consumption();
        let pool = meter.pool.as_ref();
        // of a pool that is empty, the moment is known
        let run_out = pool.and_then(|pool| pool.run_out);
        let spread = run_out.filter(|_| pool.is_some_and(|pool| pool.empty_since.is_none()));
        let backtest = outlook.map(|outlook| &outlook.backtest);
        let used = forecast.map(|forecast| forecast.used);
        let at_end = consumption.zip(used).map(|(consumption, used)| match pool {
            Some(pool) => balances(pool, consumption, used),
            None => consumption,
        });
        let instant = |at: Option<Instant>| at.map(|at| at.to_string());
        Self {
            as_of: meter.data_end.unwrap_or(now).to_string(),
            provider: meter.account.as_ref().map(|account| account.provider.clone()),
            unit: meter.account.as_ref().map(|account| account.unit.word()),
            cycle_start: instant(forecast.map(|forecast| forecast.cycle.start)),
            reset: instant(forecast.map(|forecast| forecast.cycle.end)),
            used: used.map(|used| used.to_string()),
            allowance: pool.map(|pool| pool.allowance.to_string()),
            balance: pool.map(|pool| pool.balance.to_string()),
            run_out: instant(ahead::run_out(meter)),
            cause: ahead::no_run_out(meter),
            run_out_chance: run_out.map(|run_out| share(run_out.chance)),
            run_out_early: instant(spread.and_then(|run_out| run_out.early)),
            run_out_late: instant(spread.and_then(|run_out| run_out.late)),
            cycle_end_is: at_end.map(|_| if pool.is_some() { "balance" } else { "consumption" }),
            cycle_end: at_end.map(V1Percentiles::from),
            consumption: consumption.map(V1Percentiles::from),
            consumption_mean: meter.mean().map(|mean| mean.to_string()),
            next_cycle: outlook.map(|outlook| outlook.next_cycle().into()),
            memory_days: outlook.and_then(|outlook| outlook.memory),
            backtest: backtest.and_then(|backtest| backtest.as_ref().ok()).map(V1Backtest::from),
            backtest_refused: backtest.and_then(|backtest| backtest.as_ref().err().cloned()),
            refused: ahead::refused(meter),
        }
    }
}

/// What is left at the end for each use, the least first.
fn balances(pool: &Pool, consumption: Percentiles, used: Total) -> Percentiles {
    let mut left = consumption.map(|consumption| pool.balance - (consumption - used));
    left.reverse();
    left
}

impl From<Percentiles> for V1Percentiles {
    fn from(of: Percentiles) -> Self {
        let [p10, p25, p50, p75, p90] = of.map(|amount| amount.to_string());
        Self { p10, p25, p50, p75, p90 }
    }
}

impl From<&Backtest> for V1Backtest {
    fn from(backtest: &Backtest) -> Self {
        let known = |of: f64| of.is_finite().then(|| share(of));
        let baselines = backtest.baselines.iter();
        Self {
            days: backtest.days,
            cycles: backtest.cycles,
            error: known(backtest.error),
            coverage_50: share(backtest.coverage_50),
            coverage_80: share(backtest.coverage_80),
            baselines: baselines.map(|(name, error)| (name.word().to_owned(), known(*error).into())).collect(),
        }
    }
}

impl V1PlanFit {
    pub(super) fn of(fit: Option<&Fit>) -> Self {
        let Some(fit) = fit else {
            let reason = "no credits that the plans meter are used".to_owned();
            let (would_change, plans, shortfalls) = (Vec::new(), Vec::new(), Vec::new());
            let (recommended, runner_up, risk, cycles) = (None, None, None, 0);
            return Self { recommended, runner_up, reason, would_change, risk, cycles, plans, shortfalls };
        };
        let id = |at: Option<usize>| at.map(|at| fit.plans[at].id.clone());
        Self {
            recommended: id(fit.recommended),
            runner_up: id(fit.runner_up),
            reason: ahead::plans::reason(fit),
            would_change: ahead::plans::would_change(fit),
            risk: Some(share(fit.risk)),
            cycles: fit.cycles,
            plans: fit.plans.iter().map(V1Plan::from).collect(),
            shortfalls: fit.shortfalls.iter().map(V1Shortfall::from).collect(),
        }
    }
}

impl From<&PlanFit> for V1Plan {
    fn from(plan: &PlanFit) -> Self {
        Self {
            id: plan.id.clone(),
            price: plan.price.to_string(),
            cost: plan.cost.to_string(),
            expected_cost: plan.expected_cost.to_string(),
            blocked_days: plan.blocked_days,
            unused: plan.unused.to_string(),
            missing: plan.missing.to_string(),
            capped: plan.capped.to_string(),
            overrun_probability: plan.overrun.map(share),
            overrun_message: plan.overruns[0].map(share),
            overrun_integration: plan.overruns[1].map(share),
            holds: plan.holds,
            regret: plan.regret.to_string(),
            keeps_reserve: plan.keeps_reserve,
            break_even: plan.break_even.map(|most| most.to_string()),
        }
    }
}

/// A budget and its use in the current cycle.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Budget {
    holder: String,
    cycle_start: String,
    cycle_end: String,
    limit: String,
    used: String,
    state: &'static str,
}

impl From<&Spent> for V1Budget {
    fn from(spent: &Spent) -> Self {
        Self {
            holder: spent.budget.holder.words(),
            cycle_start: spent.cycle.start.to_string(),
            cycle_end: spent.cycle.end.to_string(),
            limit: spent.budget.limit.to_string(),
            used: spent.used.to_string(),
            state: spent.state.word(),
        }
    }
}
