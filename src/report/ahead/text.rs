//! Forecast, plans and estimates as text for a terminal.
use crate::{
    audit::{
        cycle::rules::{Grant, Order, Rollover},
        estimate::{Converted, Estimate, plans::PlanCycles},
        outlook::Planning,
        plans::{Billing, Catalogue, Plan, STALE_DAYS},
    },
    model::{
        account::{Meter, Unit},
        amount::Total,
        instant::Instant,
    },
    report::{Report, ahead, clean, terminal, words},
    rollup::AccountName,
};

/// The forecasts of both meters.
pub fn forecast(report: &Report) -> String {
    let mut lines = Vec::new();
    for meter in [&report.outlooks.message, &report.outlooks.integration] {
        let (Some(account), Some(said)) = (&meter.account, ahead::sentence(meter, report.zone)) else { continue };
        lines.push(clean::line(&words::account(account)));
        lines.push(format!("  {said}"));
        if let Some([low, inner_low, middle, inner_high, high]) = meter.consumption() {
            let amount = |amount: Total| words::amount::bare(amount, account.unit);
            let mean = meter.mean().map(amount).unwrap_or_default();
            lines.push(format!(
                "  use of the whole cycle: {} in the middle, {mean} on average (50 %: {} to {}; 80 %: {} to {})",
                words::amount::amount(middle, account.unit),
                amount(inner_low),
                amount(inner_high),
                amount(low),
                amount(high)
            ));
        }
        if let Some(pool) = meter.pool.as_ref().filter(|pool| !pool.dry.is_empty()) {
            lines.push(format!(
                "  the pool had run dry on {} before: they are taken for usual days, not for idle ones",
                words::counted(pool.dry.len() as u64, "day", "days")
            ));
        }
        lines.extend(
            ahead::no_run_out(meter).filter(|_| meter.pool.is_none()).map(|why| format!("  no run-out: {why}")),
        );
        lines.extend(meter.forecast.as_ref().and_then(ahead::backtest).map(|said| format!("  {said}")));
        lines.push(String::new());
    }
    lines.push(format!("Made for {}, {}", words::time::moment(report.now, report.zone), report.zone.name()));
    lines.join("\n") + "\n"
}

/// The comparison of plans.
pub fn plan(report: &Report) -> String {
    let Some(fit) = report.plan_fit else { return format!("{}\n", none_compared(report)) };
    let mut lines = vec![ahead::plans::reason(fit)];
    lines.extend(ahead::plans::would_change(fit));
    for shortfall in &fit.shortfalls {
        lines.extend([String::new(), ahead::shortfall::what(shortfall, report.zone)]);
        lines.extend(ahead::shortfall::ways(shortfall).iter().map(|way| format!("  {way}")));
        lines.extend(ahead::shortfall::advice(shortfall));
    }
    lines = lines.iter().flat_map(|line| terminal::wrapped(line)).collect();
    lines.push(String::new());
    lines.push(format!(
        "{:<18}{:>9}{:>12}{:>13}{:>10}{:>9}{:>10}{:>9}{:>10}",
        "plan", "a month", "pays up to", "cost so far", "expected", "blocked", "unused", "overrun", "regret"
    ));
    for plan in &fit.plans {
        let pays = plan.break_even.map_or_else(|| "–".to_owned(), |most| words::amount::bare(most, Unit::Credits));
        lines.push(format!(
            "{:<18}{:>9}{:>12}{:>13}{:>10}{:>7} d{:>10}{:>9}{:>10}",
            clean::cut(&plan.name, 17),
            words::amount::money(plan.price),
            pays,
            words::amount::money(plan.cost),
            words::amount::money(plan.expected_cost),
            plan.blocked_days,
            words::amount::bare(plan.unused, Unit::Credits),
            words::known_share(plan.overrun),
            words::amount::money(plan.regret)
        ));
    }
    lines.push(String::new());
    lines.push(format!(
        "Replayed on {}, message and integration credits; a plan pays up to so many message credits a cycle.",
        words::counted(fit.cycles as u64, "cycle", "cycles")
    ));
    if report.outlooks.message.pool.is_none() && fit.recommended.is_some() {
        lines.push(
            "Name the plan you are on with --plan to weigh upgrade, top-up and waiting when it runs out.".to_owned(),
        );
    }
    lines.join("\n") + "\n"
}

/// Why no plan is compared.
fn none_compared(report: &Report) -> &'static str {
    let meters = [&report.outlooks.message, &report.outlooks.integration];
    let is_metered = |account: &AccountName| account.unit == Unit::Credits;
    if meters.into_iter().filter_map(|meter| meter.account.as_ref()).any(is_metered) {
        "No plan can be compared: credits are used, and of no plan of their vendor both credits and price are known."
    } else {
        "No credits that the plans meter are used."
    }
}

/// The plans of a catalogue.
pub fn list(catalogue: &Catalogue, planning: &Planning) -> String {
    let known = |amount: Option<Total>| {
        amount.map_or_else(|| "?".to_owned(), |amount| words::amount::bare(amount, Unit::Credits))
    };
    let mut lines = vec![
        format!(
            "{}: plans of {}, dated {}; figures change, so check those that are older than {} days",
            catalogue.profile, catalogue.provider, catalogue.dated, STALE_DAYS
        ),
        format!("{:<12}{:<30}{:>9}{:>13}{:>9}{:>13}", "id", "name", "message", "integration", "a month", "paid yearly"),
    ];
    for plan in &catalogue.plans {
        let price =
            |billing: Billing| plan.price(billing, planning.seats).map_or_else(|| "?".to_owned(), words::amount::money);
        let credits = |meter| known(plan.credits(meter, planning.seats));
        lines.push(format!(
            "{:<12}{:<30}{:>9}{:>13}{:>9}{:>13}",
            clean::cut(&plan.id, 11),
            clean::cut(&plan.name, 29),
            credits(Meter::Message),
            credits(Meter::Integration),
            price(Billing::Monthly),
            price(Billing::Yearly)
        ));
        lines.extend(rules(plan, planning).map(|rules| format!("{:<12}{rules}", "")));
        lines.push(format!("{:<12}{}", "", clean::line(&plan.source)));
        lines.extend(plan.at_zero.as_ref().map(|stops| format!("{:<12}at zero: {}", "", clean::line(stops))));
    }
    let topups = &catalogue.topups;
    if topups.buyers.is_some() || topups.price_per_credit.is_some() {
        let buyers = topups.buyers.as_deref().unwrap_or("who may buy them is not known");
        let keeps = topups.valid_days.map_or_else(String::new, |days| format!(", valid {days} days"));
        let price = topups.price_per_credit.map_or_else(
            || "not published (name yours with --topup-price)".to_owned(),
            |price| format!("{} a credit", words::amount::money(price.amount().into())),
        );
        lines.push(format!("top-ups: {}{keeps}; price: {price}", clean::line(buyers)));
    }
    lines.join("\n") + "\n"
}

/// What is special of a plan's credits; `None` where they come once a cycle, lapse with it and are one pool.
fn rules(plan: &Plan, planning: &Planning) -> Option<String> {
    let rules = planning.rules(plan, Meter::Message)?;
    let number = |amount: Total| words::amount::bare(amount, Unit::Credits);
    let mut said = Vec::new();
    if let Grant::Daily { each, .. } = rules.grant {
        said.push(format!("{} message credits a day at most", number(each)));
    }
    match rules.rollover {
        Rollover::None => {}
        Rollover::Cycles(count) => {
            said.push(format!("keeps {} longer", words::counted(count.into(), "cycle", "cycles")));
        }
        Rollover::Days(count) => said.push(format!("keeps {}", words::counted(count.into(), "day", "days"))),
    }
    if rules.order == Order::SoonestExpiry {
        said.push("what lapses soonest is used first".to_owned());
    }
    if plan.has_own_seats() {
        said.push("each seat has credits of its own".to_owned());
    }
    if plan.topups {
        said.push("top-ups".to_owned());
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// A warning where figures are old.
pub fn stale(catalogue: &Catalogue, now: Instant) -> Option<String> {
    let days = catalogue.stale_days(now)?;
    Some(format!(
        "the figures of the plans are of {}, {days} days before the report: check them, and pass your own with --plans",
        catalogue.dated
    ))
}

/// An estimate.
pub fn estimate(estimate: &Estimate) -> String {
    let amounts = |credits: [Total; 3]| credits.map(|credits| words::amount::bare(credits, Unit::Credits));
    let each = if estimate.monthly { " a month" } else { "" };
    let [low, middle, high] = amounts(estimate.credits);
    let mut lines = vec![format!(
        "{}: about {middle} credits{each} ({low} to {high} in eight cases of ten), as {} counts",
        estimate.what, estimate.counted_in
    )];
    if let Some(Converted { profile, factor, credits }) = &estimate.converted {
        let [low, middle, high] = amounts(*credits);
        lines.push(format!(
            "that is about {middle} credits{each} of {profile} ({low} to {high}): {factor} of the former are roughly one of these"
        ));
    }
    lines.extend(estimate.steps.iter().map(|step| format!("  {step}")));
    let plans = match &estimate.plans {
        Ok(plans) => plans,
        Err(why) => {
            lines.push(why.clone());
            return lines.join("\n") + "\n";
        }
    };
    if estimate.monthly {
        lines.extend(plans.within.map(|(_, at)| month_by_month(at.map(|at| &plans.each[at]))));
        return lines.join("\n") + "\n";
    }
    if plans.each.is_empty() {
        lines
            .push("No plan is held against it: the rule set does not tell how many credits its plans have.".to_owned());
        return lines.join("\n") + "\n";
    }
    lines.push(String::new());
    for plan in &plans.each {
        lines.push(format!("  {}: {}", plan.name, spread(plan)));
    }
    let [cheapest, fastest] = [plans.cheapest, plans.fastest].map(|at| at.map(|at| &plans.each[at]));
    if let Some(fastest) = fastest {
        let cheapest = cheapest.unwrap_or(fastest);
        let said = |plan: &PlanCycles| {
            let cost = words::amount::money(plan.cost_p90.unwrap_or_default());
            format!("{} in {} for {cost}", plan.name, months(plan.cycles_p90))
        };
        lines.push(if cheapest.id == fastest.id {
            format!("Enough in nine of ten such builds: {}.", said(cheapest))
        } else {
            format!("Enough in nine of ten such builds: {}, or sooner {}.", said(cheapest), said(fastest))
        });
    }
    lines.extend(plans.within.map(|(count, at)| match at.map(|at| &plans.each[at]) {
        Some(plan) => format!(
            "Spread over {}, {} is enough in nine of ten such builds: {} credits a month.",
            months(count.into()),
            plan.name,
            words::amount::bare(plan.credits, Unit::Credits)
        ),
        None => format!("No plan is enough within {}.", months(count.into())),
    }));
    lines.join("\n") + "\n"
}

fn month_by_month(plan: Option<&PlanCycles>) -> String {
    let held = |plan: &PlanCycles| {
        let credits = words::amount::bare(plan.credits, Unit::Credits);
        format!("{} is enough in nine of ten months ({credits} credits).", plan.name)
    };
    plan.map_or_else(|| "No plan holds as much in a month.".to_owned(), held)
}

/// How long a plan takes, and what that costs.
fn spread(plan: &PlanCycles) -> String {
    let cost = |cost: Option<Total>| cost.map_or_else(String::new, |cost| format!(", {}", words::amount::money(cost)));
    let (middle, most) = (cost(plan.cost), cost(plan.cost_p90));
    if plan.cycles == plan.cycles_p90 {
        return format!("spread over {}{middle}", months(plan.cycles));
    }
    format!("spread over {}{middle}; {}{most} in nine of ten such builds", months(plan.cycles), months(plan.cycles_p90))
}

fn months(count: i128) -> String {
    words::counted(u64::try_from(count).unwrap_or(u64::MAX), "month", "months")
}
