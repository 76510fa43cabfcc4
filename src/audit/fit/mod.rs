//! Which plan fits, by replaying each on the past and holding it against the forecast of the next cycle.
//!
//! - **Replay**: each plan over the observed cycles, both meters: what it would have cost, on how many days something that
//!   was asked for would not have been there, what would have lapsed. Top-ups of the ledger are left out: another plan might
//!   not have needed them. Where a price of top-ups is named and the plan allows them, what is missing is bought.
//! - **Break-even use**: a plan costs less than the next dearer one up to its credits; where top-ups are bought in it, up to
//!   as many more as the difference of the prices buys.
//! - **Risk**: the chance that the next whole cycle needs more than the plan holds, on either meter, the two taken as
//!   independent; where credits roll over, more than it holds with what rolled over in each of the replayed cycles, on average.
//!   Where a plan grants by the day or seats have credits of their own, the share of replayed cycles that ran dry counts
//!   where it is larger. What a member asks for beyond a cap is no plan's lack.
//! - **Choice**: the cheapest plan that holds with the wanted chance (P90 by default); with a price of top-ups, the one
//!   whose price and expected top-ups are cheapest.
//! - **Regret**: for each observed cycle, cost less that of the cheapest plan that would have covered it. A plan that did
//!   not cover it is taken to be changed for that one in mid-cycle at its full price (how vendors prorate is not published),
//!   and what was missing until then is valued at the dearest price per credit of the catalogue, of integration credits as of
//!   message credits; or its top-ups are bought where that is cheaper and only message credits were missing.
#[cfg(test)]
mod tests;

use crate::{
    audit::{
        cycle::{
            pool::{self, CycleBooks, Replay},
            rules::Grant,
        },
        forecast::{Outlook, Percentiles},
        outlook::{Books, MeterOutlook, Outlooks, Planning, Purchases, entries},
        plans::Plan,
        shortfall::{self, Shortfall},
    },
    model::{account::Meter, amount::Total, instant::Instant, price::Price},
};

/// At most this share of an allocation should be planned for building; the rest is for repairs and surprises.
const BUILDING_SHARE: f64 = 0.8;

/// The comparison of plans.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Each plan whose credits and price are known, in the order of the catalogue.
    pub plans: Vec<PlanFit>,
    /// The position of the one that fits; absent where nothing can be expected.
    pub recommended: Option<usize>,
    /// The position of the second best.
    pub runner_up: Option<usize>,
    /// Why none can be recommended.
    pub refused: Option<String>,
    /// What the next cycle needs, by meter.
    pub need: [Option<Percentiles>; 2],
    /// How many cycles were replayed.
    pub cycles: usize,
    /// The plan that would do if rework fell to the team's median, and by how much use would fall.
    pub with_less_rework: Option<(usize, f64)>,
    /// The chance with which a plan must hold.
    pub risk: f64,
    /// The price of a credit bought on top, where one is named.
    pub topup_price: Option<Price>,
    /// How many people used message credits, where seats have credits of their own, and how many seats there are.
    pub seats: Option<(usize, u32)>,
    /// What can be done about cycles that run out under the plan one is on.
    pub shortfalls: Vec<Shortfall>,
}

/// One plan.
#[derive(Debug, Clone)]
pub struct PlanFit {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A month's price.
    pub price: Total,
    /// The credits of a cycle, message and integration.
    pub credits: [Option<Total>; 2],
    /// What the observed cycles would have cost, top-ups included where they have a price.
    pub cost: Total,
    /// What the next cycle is expected to cost, top-ups included where they have a price.
    pub expected_cost: Total,
    /// Days on which something asked for was not there.
    pub blocked_days: u32,
    /// Message credits that would have lapsed or been left.
    pub unused: Total,
    /// Message credits that were missing.
    pub missing: Total,
    /// Message credits that members asked for beyond their caps, which no plan holds.
    pub capped: Total,
    /// The chance that the next cycle needs more than there is; absent where nothing is expected.
    pub overrun: Option<f64>,
    /// The same of each meter, message and integration.
    pub overruns: [Option<f64>; 2],
    /// The share of the next cycle's need that is expected to be missing, on the meter that lacks more.
    pub lacks: f64,
    /// Whether it holds with the wanted chance: on both meters or, where top-ups are bought, on integration credits.
    pub holds: bool,
    /// What it costs beyond the best choice in hindsight.
    pub regret: Total,
    /// Whether half of the next cycles would leave a fifth of the message credits for surprises.
    pub keeps_reserve: Option<bool>,
    /// Whether top-ups are bought in it.
    pub buys: bool,
    /// The use of message credits in a cycle up to which it costs less than the next dearer plan; absent where there is none.
    pub break_even: Option<Total>,
}

/// What a plan is held against.
pub struct Team<'a> {
    /// What each meter did, message and integration.
    pub books: [&'a Books; 2],
    /// What is expected of them.
    pub outlooks: &'a Outlooks,
    /// The share of message credits that would be saved if everybody's rework fell to the team's median.
    pub saved_by_less_rework: f64,
}

const METERS: [Meter; 2] = [Meter::Message, Meter::Integration];

/// Compares the plans of the catalogue. `None` where no meter is metered by its vendor, or no plan's figures are known.
pub fn fit(team: &Team, planning: &Planning, as_of: Instant) -> Option<Fit> {
    let is_metered =
        |books: &&Books| books.account.as_ref().is_some_and(|account| account.provider == planning.catalogue.provider);
    let books = team.books.map(|books| is_metered(&books).then_some(books));
    let dearest = dearest(planning);
    let known = planning.catalogue.plans.iter();
    let mut plans: Vec<(PlanFit, Vec<CycleCost>)> =
        known.filter_map(|plan| replayed(plan, books, team, planning, as_of, dearest)).collect();
    if plans.is_empty() || books.iter().all(Option::is_none) {
        return None;
    }
    let cycles = plans.iter().map(|(_, costs)| costs.len()).max().unwrap_or(0);
    for cycle in 0..cycles {
        let of_cycle = || plans.iter().filter_map(|(plan, costs)| Some((plan.price, costs.get(cycle)?)));
        let covering = of_cycle().filter(|(_, cost)| cost.missing.is_none()).map(|(price, _)| price).min();
        let best = covering.or_else(|| of_cycle().map(|(price, _)| price).max()).unwrap_or_default();
        for (plan, costs) in &mut plans {
            if let Some(cost) = costs.get(cycle) {
                plan.regret += (plan.price + cost.missing.map_or(Total::ZERO, |missing| missing.made_good(best))
                    - best)
                    .max(Total::ZERO);
            }
        }
    }
    let mut plans: Vec<PlanFit> = plans.into_iter().map(|(plan, _)| plan).collect();
    break_even(&mut plans, planning);
    let outlooks = [&team.outlooks.message, &team.outlooks.integration];
    let need = [0, 1].map(|meter| books[meter].and_then(|_| expected(outlooks[meter])).map(Outlook::next_cycle));
    let refused = outlooks[0]
        .forecast
        .as_ref()
        .or(outlooks[1].forecast.as_ref())
        .and_then(|forecast| forecast.outlook.as_ref().err().cloned());
    let order = order(&plans);
    let refused = refused.filter(|_| order.is_empty());
    let saved = team.saved_by_less_rework;
    let recommended = order.first().copied();
    let with_less_rework = recommended.filter(|_| saved > 0.0).and_then(|now| {
        let cheaper = less(&plans, books, outlooks, planning, 1.0 - saved);
        cheaper.filter(|then| plans[*then].price < plans[now].price).map(|then| (then, saved))
    });
    Some(Fit {
        recommended,
        runner_up: order.get(1).copied(),
        refused,
        need,
        cycles,
        with_less_rework,
        risk: planning.risk,
        topup_price: planning.topup_price,
        seats: books[0]
            .and_then(|books| books.members.as_ref())
            .map(|members| (members.names.iter().flatten().count(), planning.seats))
            .filter(|_| planning.catalogue.plans.iter().any(Plan::has_own_seats)),
        shortfalls: shortfall::shortfalls(team.outlooks, planning),
        plans,
    })
}

/// What one cycle would have lacked.
struct CycleCost {
    missing: Option<Missing>,
}

/// What it would have cost to have what was missing.
#[derive(Clone, Copy)]
struct Missing {
    /// Bought on top, where that has a price.
    topped_up: Option<Total>,
    /// The work that waited.
    waited: Total,
}

impl Missing {
    fn made_good(self, upgrade: Total) -> Total {
        let upgraded = upgrade + self.waited;
        self.topped_up.map_or(upgraded, |topped_up| topped_up.min(upgraded))
    }
}

fn expected(outlook: &MeterOutlook) -> Option<&Outlook> {
    outlook.forecast.as_ref()?.outlook.as_ref().ok()
}

/// The dearest price of a credit among the plans, by meter: a month's price for that meter's credits of a month.
fn dearest(planning: &Planning) -> [Option<Price>; 2] {
    let one = Total::from_units(1);
    METERS.map(|meter| {
        let prices = planning.catalogue.plans.iter().filter_map(|plan| plan.price_of_credits(meter));
        prices.max_by_key(|price| price.of(one))
    })
}

/// What rolled over into each replayed cycle and into the one to come; nothing where there is none.
fn carried(replay: &Replay) -> Vec<Total> {
    let mut left = Total::ZERO;
    let mut carried = vec![Total::ZERO];
    for CycleBooks { books, .. } in &replay.cycles {
        left = left + books.came() - books.used - books.expired;
        carried.push(left.max(Total::ZERO));
    }
    // the current cycle is not over: what it has left may be used still
    carried.pop();
    carried
}

fn mean(carried: &[Total], of: impl Fn(Total) -> f64) -> f64 {
    let count = u32::try_from(carried.len()).map_or(f64::INFINITY, f64::from);
    carried.iter().map(|carried| of(*carried)).sum::<f64>() / count
}

fn replayed(
    plan: &Plan,
    books: [Option<&Books>; 2],
    team: &Team,
    planning: &Planning,
    as_of: Instant,
    dearest: [Option<Price>; 2],
) -> Option<(PlanFit, Vec<CycleCost>)> {
    let price = planning.price(plan)?;
    let buys = plan.topups && planning.topup_price.is_some();
    let (mut replays, mut overruns, mut is_known) = (Vec::new(), [None; 2], true);
    for (meter, books) in METERS.into_iter().zip(books) {
        let Some(books) = books else { continue };
        let rules = planning.rules(plan, meter)?;
        let entries = entries(books, planning, meter, as_of, Purchases::None);
        let start = team_start(team, as_of);
        let caps = planning.caps(books, meter);
        let replay = pool::replay(rules, &planning.resets, &caps, &entries, start, as_of)?;
        let outlook = expected(team.outlooks.of(meter));
        let overrun = outlook.map(|outlook| {
            let chance = mean(&carried(&replay), |carried| outlook.chance_above(rules.most() + carried));
            // what comes by the day or is a seat's own can run dry before the sum of all does
            let is_split = matches!(rules.grant, Grant::Daily { .. }) || rules.seats.is_some();
            if is_split { chance.max(dry_share(&replay)) } else { chance }
        });
        // a meter that cannot be forecast was hardly used; it then counts by its past
        let overrun = overrun.or_else(|| (meter == Meter::Integration).then(|| dry_share(&replay)));
        overruns[usize::from(meter == Meter::Integration)] = overrun;
        is_known &= overrun.is_some();
        replays.push((meter, replay));
    }
    let chance = |overruns: &[Option<f64>]| overruns.iter().flatten().map(|overrun| 1.0 - overrun).product::<f64>();
    let message = replays.iter().find(|(meter, _)| *meter == Meter::Message).map(|(_, replay)| replay);
    let sums = message.map(Replay::books).unwrap_or_default();
    let bought =
        |missing: Total| planning.topup_price.filter(|_| buys).and_then(|price| price.of(missing)).unwrap_or_default();
    let count = replays.first().map_or(0, |(_, replay)| replay.cycles.len());
    let cycles = |at: usize| replays.iter().filter_map(move |(_, replay)| replay.cycles.get(at));
    let is_short = |cycle: &CycleBooks| cycle.books.missing > Total::ZERO;
    let of_message =
        |at: usize| message.and_then(|replay| replay.cycles.get(at)).map_or(Total::ZERO, |cycle| cycle.books.missing);
    let is_bought = |at: usize| {
        let lacks_more = replays
            .iter()
            .any(|(meter, replay)| *meter != Meter::Message && replay.cycles.get(at).is_some_and(is_short));
        buys && !of_message(at).is_zero() && !lacks_more
    };
    let cost = |at: usize| CycleCost {
        missing: cycles(at).any(is_short).then(|| Missing {
            // integration credits are not bought by the price of message credits, so what lacks them stands still
            topped_up: is_bought(at).then(|| bought(of_message(at))),
            waited: replays
                .iter()
                .filter_map(|(meter, replay)| {
                    let missing = replay.cycles.get(at)?.books.missing;
                    dearest[usize::from(*meter == Meter::Integration)]?.of(missing)
                })
                .sum(),
        }),
    };
    let costs: Vec<CycleCost> = (0..count).map(cost).collect();
    let rolls_over = message.map(carried).map_or(Total::ZERO, |carried| {
        let count = i128::try_from(carried.len()).unwrap_or(i128::MAX);
        Total::from_nanos(carried.iter().copied().sum::<Total>().nanos() / count.max(1))
    });
    let subscription: Total = costs.iter().map(|_| price).sum();
    let blocked: std::collections::BTreeSet<_> = replays
        .iter()
        .filter(|(meter, _)| !(buys && *meter == Meter::Message))
        .flat_map(|(meter, replay)| {
            let dry = team.outlooks.of(*meter).dry_under(plan.credits(*meter, planning.seats));
            replay.cycles.iter().flat_map(|cycle| cycle.blocked.iter().copied()).chain(dry)
        })
        .collect();
    let credits = METERS.map(|meter| plan.credits(meter, planning.seats));
    let next = expected(&team.outlooks.message).filter(|_| books[0].is_some());
    let lacks = |meter: usize| {
        let outlook = expected(team.outlooks.of(METERS[meter])).filter(|_| books[meter].is_some())?;
        let lacking = outlook.expected_above(credits[meter]?);
        let [.., most] = outlook.next_cycle();
        Some(lacking.share_of(most))
    };
    let fit = PlanFit {
        id: plan.id.clone(),
        name: plan.name.clone(),
        price,
        credits,
        cost: subscription + bought(sums.missing),
        expected_cost: price
            + bought(next.zip(credits[0]).map(|(next, has)| next.expected_above(has + rolls_over)).unwrap_or_default()),
        blocked_days: u32::try_from(blocked.len()).unwrap_or(u32::MAX),
        unused: sums.expired + message.map(|replay| replay.left).unwrap_or_default(),
        missing: sums.missing,
        capped: sums.capped,
        overrun: is_known.then(|| 1.0 - chance(&overruns)),
        overruns,
        lacks: [0, 1].into_iter().filter_map(lacks).fold(0.0, f64::max),
        holds: is_known && chance(if buys { &overruns[1..] } else { &overruns }) >= planning.risk - 1e-9,
        regret: Total::ZERO,
        keeps_reserve: next
            .zip(credits[0])
            .map(|(next, has)| next.next_cycle()[2].approx() <= BUILDING_SHARE * has.approx()),
        buys,
        break_even: None,
    };
    Some((fit, costs))
}

/// Up to which use of message credits each plan costs less than the next dearer one.
fn break_even(plans: &mut [PlanFit], planning: &Planning) {
    let known: Vec<(Total, Option<Total>)> = plans.iter().map(|plan| (plan.price, plan.credits[0])).collect();
    for plan in plans {
        let Some(has) = plan.credits[0] else { continue };
        let larger = known.iter().filter(|(price, credits)| *price > plan.price && *credits > Some(has));
        let Some((dearer, _)) = larger.min() else { continue };
        let bought = planning.topup_price.filter(|_| plan.buys).and_then(|price| price.buys(*dearer - plan.price));
        plan.break_even = Some(has + bought.unwrap_or_default());
    }
}

/// The first use of any meter: plans are compared over the same cycles on both.
fn team_start(team: &Team, as_of: Instant) -> Instant {
    let firsts = team.books.iter().filter_map(|books| books.usage.entries().first());
    firsts.map(|(at, _)| *at).min().unwrap_or(as_of).min(as_of)
}

/// The share of cycles in which something was missing.
fn dry_share(replay: &Replay) -> f64 {
    let short = replay.cycles.iter().filter(|cycle| cycle.books.missing > Total::ZERO).count();
    let of = |n: usize| u32::try_from(n).map_or(f64::INFINITY, f64::from);
    if replay.cycles.is_empty() { 0.0 } else { of(short) / of(replay.cycles.len()) }
}

/// The plans from the best on; none where nothing is expected.
fn order(plans: &[PlanFit]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..plans.len()).filter(|at| plans[*at].overrun.is_some()).collect();
    let key = |at: &usize| {
        let plan = &plans[*at];
        let (holds, overrun) = (plan.holds, plan.overrun.unwrap_or(1.0));
        // of plans that do not hold, the one that fails least often, of those that fail as often the one that lacks least
        let fails = if holds { [0.0, 0.0] } else { [(overrun * 100.0).round(), plan.lacks] };
        (!holds, fails, plan.expected_cost, plan.price)
    };
    order.sort_by(|one, other| {
        let (one, other) = (key(one), key(other));
        let fails = one.1[0].total_cmp(&other.1[0]).then(one.1[1].total_cmp(&other.1[1]));
        one.0.cmp(&other.0).then(fails).then((one.2, one.3).cmp(&(other.2, other.3)))
    });
    order
}

/// The cheapest plan that would hold if message credits fell to a share.
fn less(
    plans: &[PlanFit],
    books: [Option<&Books>; 2],
    outlooks: [&MeterOutlook; 2],
    planning: &Planning,
    share: f64,
) -> Option<usize> {
    let holds = |plan: &PlanFit| {
        let mut holds = 1.0;
        for meter in 0..2 {
            let (Some(_), Some(outlook)) = (books[meter], expected(outlooks[meter])) else { continue };
            let scale = if meter == 0 { share } else { 1.0 };
            holds *= 1.0 - plan.credits[meter].map_or(1.0, |credits| outlook.chance_above_scaled(credits, scale));
        }
        holds >= planning.risk - 1e-9
    };
    (0..plans.len()).filter(|at| holds(&plans[*at])).min_by_key(|at| plans[*at].price)
}
