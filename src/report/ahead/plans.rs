//! Which plan fits, in sentences: the recommendation with its reason, and what would change it.
use crate::{
    audit::{
        fit::{Fit, PlanFit},
        forecast::backtest::Baseline,
    },
    model::{account::Unit, amount::Total},
    report::words,
};

/// A rule of thumb by name.
pub(super) const fn rule(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::LastCycle => "as the last cycle",
        Baseline::DailyRate => "the mean day goes on",
        Baseline::LastWeek => "as the last week",
        Baseline::CyclePace => "the cycle goes on as it began",
    }
}

/// The recommendation in half a line.
pub fn in_short(fit: &Fit) -> String {
    let Some(best) = fit.recommended.map(|at| &fit.plans[at]) else { return reason(fit) };
    let price = words::amount::money(best.price);
    let overrun = words::known_share(best.overrun);
    let how = if holds(best, fit) { "is the cheapest that holds" } else { "comes closest, and does not hold" };
    format!("{} ({price} a month) {how}: the chance of an overrun is {overrun}.", best.name)
}

/// The recommendation in one or two sentences, or why there is none.
pub fn reason(fit: &Fit) -> String {
    let Some(best) = fit.recommended.map(|at| &fit.plans[at]) else {
        let why = fit.refused.as_deref().unwrap_or("no plan's figures are known");
        return format!("No plan is recommended: {why}.");
    };
    let mut said = format!("{} ({} a month)", best.name, words::amount::money(best.price));
    if holds(best, fit) {
        said.push_str(&format!(
            " is the cheapest that holds: {}; the next cycle overruns it with a chance of {}.",
            need(best, fit),
            words::share(best.overrun.unwrap_or(f64::NAN))
        ));
    } else {
        said.push_str(&format!(
            " comes closest, and does not hold: {}; the next cycle overruns it with a chance of {}.",
            need(best, fit),
            words::share(best.overrun.unwrap_or(f64::NAN))
        ));
    }
    if let Some(second) = fit.runner_up.map(|at| &fit.plans[at]) {
        said.push_str(&format!(
            " Runner-up: {} ({}, overrun {}).",
            second.name,
            words::amount::money(second.price),
            words::known_share(second.overrun)
        ));
    }
    said
}

fn holds(plan: &PlanFit, fit: &Fit) -> bool {
    plan.overrun.is_some_and(|overrun| overrun <= 1.0 - fit.risk + 1e-9)
}

/// What the next cycle needs against what the plan has, meter by meter.
fn need(plan: &PlanFit, fit: &Fit) -> String {
    let of = |meter: usize, name: &str| {
        let ([.., high], has) = (fit.need[meter]?, plan.credits[meter]?);
        Some(format!("{} {name} credits needed at most with 90 %, {} in the plan", number(high), number(has)))
    };
    let parts: Vec<String> = [of(0, "message"), of(1, "integration")].into_iter().flatten().collect();
    if parts.is_empty() { "by the replay of the past".to_owned() } else { parts.join("; ") }
}

fn number(amount: Total) -> String {
    let whole = Total::from_nanos((amount.nanos() + 500_000_000).div_euclid(1_000_000_000) * 1_000_000_000);
    words::amount::bare(whole, Unit::Credits)
}

/// What would change the recommendation, in sentences.
pub fn would_change(fit: &Fit) -> Vec<String> {
    let mut said = Vec::new();
    let Some(best) = fit.recommended else { return said };
    if let Some((then, saved)) = fit.with_less_rework {
        said.push(format!(
            "If rework fell to the team's median ({} less use), {} would do.",
            words::share(saved),
            fit.plans[then].name
        ));
    }
    let cheaper = fit.plans.iter().filter(|plan| plan.price < fit.plans[best].price).max_by_key(|plan| plan.price);
    if let (Some(cheaper), Some([.., high])) = (cheaper, fit.need[0])
        && let Some(has) = cheaper.credits[0].filter(|has| high > *has && *has > Total::ZERO)
    {
        said.push(format!(
            "{} would do if the need for message credits fell by {}, to {} in nine cycles of ten.",
            cheaper.name,
            words::share(1.0 - has.share_of(high)),
            number(has)
        ));
    }
    if let (Some(has), Some([.., high])) = (fit.plans[best].credits[0], fit.need[0])
        && let Some(larger) = fit.plans.get(best + 1).filter(|_| has > high && high > Total::ZERO)
    {
        said.push(format!(
            "{} becomes necessary if the need grows by more than {}.",
            larger.name,
            words::share(has.share_of(high) - 1.0)
        ));
    }
    if fit.plans[best].keeps_reserve == Some(false) {
        said.push(format!(
            "In {}, half of the cycles use more than 80 % of the message credits: less than a fifth is left for repairs and surprises.",
            fit.plans[best].name
        ));
    }
    said
}
