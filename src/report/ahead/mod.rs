//! What lies ahead, in sentences: the pool, when it runs out, what the cycle will have used.
pub mod plans;
pub mod shortfall;
pub mod text;

use crate::{
    audit::{budget::Spent, forecast::Forecast, outlook::MeterOutlook},
    model::{
        account::Unit,
        amount::Total,
        instant::{Day, Instant},
        zone::Zone,
    },
    report::words,
};

/// A median below this share of the mean is no expectation.
const BURSTY: f64 = 0.25;

/// The moment at which a meter's pool is empty, or has been since.
pub fn run_out(meter: &MeterOutlook) -> Option<Instant> {
    let pool = meter.pool.as_ref()?;
    pool.empty_since.or_else(|| pool.run_out.and_then(|run_out| run_out.at))
}

/// Why no forecast is made of a meter.
pub fn refused(meter: &MeterOutlook) -> Option<String> {
    match &meter.forecast {
        None => Some("no event on this meter".to_owned()),
        Some(forecast) => forecast.outlook.as_ref().err().cloned(),
    }
}

/// Why no run-out is told of a meter.
pub fn no_run_out(meter: &MeterOutlook) -> Option<String> {
    if run_out(meter).is_some() {
        return None;
    }
    let Some(account) = &meter.account else { return refused(meter) };
    let Some(pool) = &meter.pool else {
        return Some(if account.unit == Unit::Credits {
            "no plan is known that says how many credits there are: name it with --plan".to_owned()
        } else {
            format!("{} are not drawn from a pool of credits", words::account(account))
        });
    };
    Some(match pool.run_out {
        Some(run_out) => {
            format!("the pool lasts until the reset; the chance that it does not is {}", words::share(run_out.chance))
        }
        None => refused(meter).unwrap_or_default(),
    })
}

/// A meter in one sentence; `None` where it has no events.
pub fn sentence(meter: &MeterOutlook, zone: &Zone) -> Option<String> {
    let said = state(meter, zone)?;
    let said = match meter.silent_since {
        Some(end) => format!("As if nothing was used after {}: {said}", words::time::date(last_day(end, zone))),
        None => said,
    };
    Some(match meter.data_end {
        Some(end) => {
            let last = words::time::date(last_day(end, zone));
            format!("Its data end on {last}, so this is told as of then: {said}")
        }
        None => said,
    })
}

/// The last day before an instant that ends a day.
pub fn last_day(end: Instant, zone: &Zone) -> Day {
    zone.day(Instant::from_nanos(end.nanos() - 1))
}

/// A chance of running out below which a pool is called enough.
const UNLIKELY: f64 = 0.10;

fn state(meter: &MeterOutlook, zone: &Zone) -> Option<String> {
    let (account, forecast) = (meter.account.as_ref()?, meter.forecast.as_ref()?);
    let amount = |amount: Total| words::amount::amount(amount, account.unit);
    let day = |at: Instant| words::time::short_date(zone.day(at));
    let reset = day(forecast.cycle.end);
    if let Some(pool) = &meter.pool {
        let left = amount(pool.balance);
        return Some(match (pool.empty_since, pool.run_out) {
            (Some(since), _) => format!("The pool has been empty since {}; the next reset is on {reset}.", day(since)),
            (None, Some(run_out)) => match run_out.at {
                Some(at) => format!(
                    "{left} left: at this pace they are used up on {}{}, before the reset on {reset} ({} likely).",
                    day(at),
                    between(run_out.early, run_out.late, at, zone),
                    words::share(run_out.chance)
                ),
                None => format!(
                    "{left} left, {} until the reset on {reset}: the chance of running out before is {}.",
                    if run_out.chance < UNLIKELY { "enough" } else { "probably enough" },
                    words::share(run_out.chance)
                ),
            },
            (None, None) => format!("{left} left until {reset}; {}.", refused(meter).unwrap_or_default()),
        });
    }
    let start = day(forecast.cycle.start);
    let used = if forecast.as_of == forecast.cycle.start {
        format!("A new cycle begins on {start}")
    } else {
        format!("{} used since {start}", amount(forecast.used))
    };
    Some(match forecast.consumption() {
        Some([low, _, middle, _, high]) if is_bursty(forecast, middle) => format!(
            "{used}; the use comes in bursts: {} on average by {reset}, as likely as not {} (80 %: {} to {}).",
            forecast.mean().map(amount).unwrap_or_default(),
            if middle <= forecast.used { "none more".to_owned() } else { format!("{} at most", amount(middle)) },
            words::amount::bare(low, account.unit),
            words::amount::bare(high, account.unit)
        ),
        Some([low, _, middle, _, high]) => format!(
            "{used}; {} expected by {reset} (80 %: {} to {}).",
            amount(middle),
            words::amount::bare(low, account.unit),
            words::amount::bare(high, account.unit)
        ),
        None => format!("{used}; no forecast: {}.", refused(meter).unwrap_or_default()),
    })
}

/// Whether half of such cycles need so much less than they do on average that the median is no expectation.
fn is_bursty(forecast: &Forecast, middle: Total) -> bool {
    let more = (middle - forecast.used).approx();
    forecast.mean().is_some_and(|mean| more < BURSTY * (mean - forecast.used).approx())
}

/// ` (12 to 19 Oct)`, where that is more than one day.
fn between(early: Option<Instant>, late: Option<Instant>, at: Instant, zone: &Zone) -> String {
    let day = |at: Instant| words::time::short_date(zone.day(at));
    match (early.map(day), late.map(day)) {
        (Some(early), Some(late)) if early == late => String::new(),
        (Some(early), Some(late)) => format!(" ({early} to {late})"),
        (Some(early), None) if early != day(at) => format!(" ({early} at the earliest)"),
        _ => String::new(),
    }
}

/// A budget in one sentence.
pub fn budget(spent: &Spent, zone: &Zone) -> String {
    let amount = |amount: Total| words::amount::bare(amount, Unit::Credits);
    let share = words::share(spent.used.share_of(spent.budget.limit));
    format!(
        "budget of {}: {} of {} credits used since {} ({share})",
        spent.budget.holder.words(),
        amount(spent.used),
        amount(spent.budget.limit),
        words::time::date(zone.day(spent.cycle.start))
    )
}

/// How well the method did, in one sentence.
pub fn backtest(forecast: &Forecast) -> Option<String> {
    let outlook = forecast.outlook.as_ref().ok()?;
    Some(match &outlook.backtest {
        Err(why) => format!("How well such forecasts did before cannot be told: {why}."),
        Ok(test) => {
            let best = test.baselines.iter().filter(|(_, error)| error.is_finite());
            let best = best.min_by(|one, other| one.1.total_cmp(&other.1));
            let rule = best.map_or_else(String::new, |(rule, error)| {
                format!("; the best rule of thumb ({}) {}", plans::rule(*rule), words::share(*error))
            });
            format!(
                "Tried on {} in {}, such forecasts missed the cycle's total by {} on average{rule}. The 80 % interval held in {}, the 50 % interval in {}.",
                words::counted(test.days as u64, "day", "days"),
                words::counted(test.cycles as u64, "cycle", "cycles"),
                words::known_share(test.error.is_finite().then_some(test.error)),
                words::share(test.coverage_80),
                words::share(test.coverage_50)
            )
        }
    })
}
