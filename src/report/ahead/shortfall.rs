//! Upgrade, top up or wait, in sentences.
use crate::{
    audit::shortfall::{Kind, Shortfall, Way},
    model::{
        account::{Meter, Unit},
        amount::Total,
        zone::Zone,
    },
    report::words,
};

/// What happens, and what stops.
pub fn what(shortfall: &Shortfall, zone: &Zone) -> String {
    let day = |at| words::time::short_date(zone.day(at));
    let (when, reset) = (day(shortfall.run_out), day(shortfall.reset));
    let empty = if shortfall.is_empty {
        format!("have been used up since {when}")
    } else {
        format!("run out on {when}, before the reset on {reset}")
    };
    let [middle, high] = shortfall.needed.map(amount);
    let stops = match (&shortfall.stops, shortfall.meter) {
        (Some(stops), _) => format!(" At zero, {stops}."),
        (None, Meter::Integration) => {
            " What stops in the running apps at zero is not published; building does not draw on these credits."
                .to_owned()
        }
        (None, Meter::Message) => String::new(),
    };
    let needed = match (shortfall.needed[0].is_zero(), shortfall.needed[1].is_zero()) {
        (_, true) => "no more are expected to be needed".to_owned(),
        (true, _) => format!("up to {high} more are needed in nine of ten cases"),
        _ => format!("{middle} more are needed in the middle, {high} in nine of ten cases"),
    };
    format!("{} credits of {} {empty}; until {reset} {needed}.{stops}", name(shortfall.meter), shortfall.plan)
}

/// Each way in a sentence, waiting first.
pub fn ways(shortfall: &Shortfall) -> Vec<String> {
    shortfall.ways.iter().map(|way| said(way, shortfall)).collect()
}

/// What to do, in a sentence; `None` where there is nothing to weigh.
pub fn advice(shortfall: &Shortfall) -> Option<String> {
    let find = |kind: Kind| shortfall.ways.iter().find(|way| way.kind == kind && way.barred.is_none());
    let wait = find(Kind::Wait)?;
    let (top_up, upgrade) = (find(Kind::TopUp), find(Kind::Upgrade).filter(|way| way.days_lost_at_worst == 0));
    if wait.days_lost == 0 || shortfall.needed[1].is_zero() {
        return Some("Waiting loses nothing that is expected to be needed.".to_owned());
    }
    let days = words::counted(wait.days_lost.into(), "day", "days");
    let price = |price: Total| words::amount::money(price);
    Some(match (top_up.and_then(|way| Some((way, way.cost?))), upgrade.and_then(|way| Some((way, way.cost?)))) {
        (Some((_, bought)), Some((way, dearer))) if bought <= dearer => format!(
            "A top-up is cheaper than {} ({} against {} in this cycle); waiting loses {days}.",
            plan(way),
            price(bought),
            price(dearer)
        ),
        (Some((_, bought)), Some((way, dearer))) => format!(
            "{} is cheaper than a top-up ({} against {} in this cycle) and holds its limit in the cycles to come; waiting loses {days}.",
            plan(way),
            price(dearer),
            price(bought)
        ),
        (Some((_, bought)), None) => format!("A top-up costs {}; waiting loses {days}.", price(bought)),
        (None, Some((way, dearer))) => match shortfall.break_even {
            Some(even) => format!(
                "As long as a credit costs less than {}, a top-up is cheaper than {} ({} more in this cycle); waiting loses {days}. \
                 Prices of top-ups are not published: name yours with --topup-price.",
                price(even),
                plan(way),
                price(dearer)
            ),
            None => format!("{} costs {} more in this cycle; waiting loses {days}.", plan(way), price(dearer)),
        },
        (None, None) => format!("Waiting loses {days}; no larger plan is known that holds."),
    })
}

fn said(way: &Way, shortfall: &Shortfall) -> String {
    let days = match (way.days_lost, way.days_lost_at_worst) {
        (0, 0) => "no day lost in nine of ten cases".to_owned(),
        (middle, worst) if middle == worst => format!("{} lost", words::counted(middle.into(), "day", "days")),
        (middle, worst) => format!("{middle} to {} lost", words::counted(worst.into(), "day", "days")),
    };
    let cost = way.cost.map_or_else(|| "price not known".to_owned(), words::amount::money);
    let what = match way.kind {
        Kind::Wait => "wait for the reset".to_owned(),
        Kind::TopUp => format!("top up {} credits", amount(way.credits)),
        Kind::Upgrade => format!(
            "upgrade to {}, {} {} credits more",
            plan(way),
            amount(way.credits),
            name(shortfall.meter).to_lowercase()
        ),
    };
    match &way.barred {
        Some(why) => format!("{what}: not possible, {why}"),
        None => format!("{what}: {cost}, {days}"),
    }
}

fn plan(way: &Way) -> &str {
    way.plan.as_ref().map_or("", |(_, name)| name)
}

fn amount(amount: Total) -> String {
    words::amount::bare(amount, Unit::Credits)
}

const fn name(meter: Meter) -> &'static str {
    match meter {
        Meter::Message => "Message",
        Meter::Integration => "Integration",
    }
}
