//! Which plan fits, in sentences: the recommendation with its reason, and what would change it.
use crate::{
    audit::{
        fit::{Fit, PlanFit},
        forecast::backtest::Baseline,
    },
    model::{account::Unit, amount::Total},
    report::{
        charts::{self, Chart, Setting},
        words,
    },
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
    format!("{}: the chance of an overrun is {}.", choice(best, fit), words::known_share(best.overrun))
}

/// The recommendation in a few sentences, or why there is none.
pub fn reason(fit: &Fit) -> String {
    let Some(best) = fit.recommended.map(|at| &fit.plans[at]) else {
        let why = fit.refused.as_deref().unwrap_or("no plan's figures are known");
        return format!("No plan is recommended: {why}.");
    };
    let mut said = format!(
        "{}: {}; the next cycle overruns it with a chance of {}.",
        choice(best, fit),
        need(best, fit),
        words::known_share(best.overrun)
    );
    if let Some(second) = fit.runner_up.map(|at| &fit.plans[at]) {
        said.push_str(&format!(
            " Runner-up: {} ({}, overrun {}), {}.",
            second.name,
            words::amount::money(second.price),
            words::known_share(second.overrun),
            against(second, best, fit)
        ));
    }
    said
}

/// Cost and risk by plan; nothing where no plan's figures are known.
pub fn chart(fit: &Fit, setting: &Setting) -> Option<Chart> {
    let line = |(at, plan): (usize, &PlanFit)| charts::plans::Line {
        name: plan.name.clone(),
        pays: plan.break_even.map_or_else(|| "–".to_owned(), number),
        cost: (plan.expected_cost, words::amount::money(plan.expected_cost)),
        risk: (plan.overrun, words::known_share(plan.overrun)),
        is_best: fit.recommended == Some(at),
    };
    let lines: Vec<charts::plans::Line> = fit.plans.iter().enumerate().map(line).collect();
    charts::plans::draw(in_short(fit).trim_end_matches('.'), &lines, 1.0 - fit.risk, setting)
}

/// The plan, what it costs, and that it is the cheapest that holds, or the one that comes closest.
fn choice(best: &PlanFit, fit: &Fit) -> String {
    let price = words::amount::money(best.price);
    match fit.topup_price.filter(|_| best.buys && best.holds) {
        Some(price_of_one) => format!(
            "{} ({price} a month) with top-ups at {} a credit is the cheapest, {} a month being expected",
            best.name,
            words::amount::money(price_of_one.of(Total::from_units(1)).unwrap_or_default()),
            words::amount::money(best.expected_cost)
        ),
        None if best.holds => {
            format!(
                "{} ({price} a month) is the cheapest that holds in {} of cycles",
                best.name,
                words::share(fit.risk)
            )
        }
        None => format!("{} ({price} a month) comes closest, and does not hold", best.name),
    }
}

/// Why a plan is second.
fn against(second: &PlanFit, best: &PlanFit, fit: &Fit) -> String {
    let apart = second.expected_cost - best.expected_cost;
    if second.holds && best.holds {
        let holds = if second.buys { "with top-ups it is" } else { "which holds, too, and is" };
        return format!("{holds} expected to cost {} a month more", words::amount::money(apart));
    }
    let cheaper = if second.price < best.price { "cheaper, but it" } else { "which" };
    format!("{cheaper} runs dry in more than the {} of cycles that --risk allows", words::share(1.0 - fit.risk))
}

/// What the next cycle needs against what the plan has, meter by meter.
fn need(plan: &PlanFit, fit: &Fit) -> String {
    let of = |meter: usize, name: &str| {
        let ([_, _, middle, _, high], has) = (fit.need[meter]?, plan.credits[meter]?);
        let (middle, high) = (number(middle), number(high));
        Some(format!(
            "{middle} {name} credits needed in the middle and {high} in nine of ten cycles, {} in the plan",
            number(has)
        ))
    };
    let parts: Vec<String> = [of(0, "message"), of(1, "integration")].into_iter().flatten().collect();
    if parts.is_empty() { "by the replay of the past".to_owned() } else { parts.join("; ") }
}

fn number(amount: Total) -> String {
    let whole = Total::from_nanos((amount.nanos() + 500_000_000).div_euclid(1_000_000_000) * 1_000_000_000);
    words::amount::bare(whole, Unit::Credits)
}

/// Each meter's name, what a plan has of it, and what the next cycle needs in nine of ten cases.
fn of_meters<'a>(plan: &'a PlanFit, fit: &'a Fit) -> impl Iterator<Item = (&'static str, Total, Total)> + 'a {
    ["message", "integration"].into_iter().enumerate().filter_map(|(meter, name)| {
        let [.., high] = fit.need[meter]?;
        Some((name, plan.credits[meter]?, high))
    })
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
    if let Some(cheaper) = cheaper.filter(|_| fit.plans[best].holds) {
        let falls: Vec<String> = of_meters(cheaper, fit)
            .filter(|(_, has, high)| high > has && *has > Total::ZERO)
            .map(|(name, has, high)| {
                format!(
                    "the need for {name} credits fell by {}, to {} in nine cycles of ten",
                    words::share(1.0 - has.share_of(high)),
                    number(has)
                )
            })
            .collect();
        if !falls.is_empty() {
            said.push(format!("{} would do if {}.", cheaper.name, falls.join(", and ")));
        }
    }
    let room = of_meters(&fit.plans[best], fit).filter(|(_, _, high)| *high > Total::ZERO);
    let tightest =
        room.min_by(|(_, has, high), (_, other, most)| has.share_of(*high).total_cmp(&other.share_of(*most)));
    if let Some((name, has, high)) = tightest
        && let Some(larger) = fit.plans.get(best + 1).filter(|_| has > high)
    {
        said.push(format!(
            "{} becomes necessary if the need for {name} credits grows by more than {}.",
            larger.name,
            words::share(has.share_of(high) - 1.0)
        ));
    }
    if let Some(second) = fit.runner_up.map(|at| &fit.plans[at])
        && let Some(overrun) = second.overrun.filter(|_| !second.holds && second.price < fit.plans[best].price)
        && overrun <= 0.5
    {
        said.push(format!(
            "{} would do for a team that accepts running dry in {} of cycles (--risk {:.0}%).",
            second.name,
            words::share(overrun),
            ((1.0 - overrun) * 100.0).floor()
        ));
    }
    let cheapest = fit.plans.iter().filter(|_| fit.cycles > 0).min_by_key(|plan| (plan.regret, plan.price));
    if let Some(cheapest) = cheapest.filter(|cheapest| cheapest.id != fit.plans[best].id) {
        said.push(format!(
            "In hindsight, what was missing counted as bought or as work that waited, {} would have cost least over the {} seen: {} beyond the best choice of each cycle, {} {}.{}",
            cheapest.name,
            words::counted(fit.cycles as u64, "cycle", "cycles"),
            words::amount::money(cheapest.regret),
            fit.plans[best].name,
            words::amount::money(fit.plans[best].regret),
            if cheapest.holds { "" } else { " Looking ahead it does not hold." }
        ));
    }
    if fit.plans[best].keeps_reserve == Some(false) {
        said.push(format!(
            "In {}, half of the cycles use more than 80 % of the message credits: less than a fifth is left for repairs and surprises.",
            fit.plans[best].name
        ));
    }
    if let Some((people, seats)) =
        fit.seats.filter(|(people, seats)| u32::try_from(*people).is_ok_and(|people| people > *seats))
    {
        said.push(format!(
            "{} used message credits and there are {}: where seats have credits of their own, those of the others count as missing \
             (--seats {people}).",
            words::counted(people as u64, "person", "people"),
            words::counted(seats.into(), "seat", "seats")
        ));
    }
    said
}
