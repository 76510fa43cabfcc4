//! The comparison of plans against an independent one: every credit is an item of its own, hours pass one by one, and what
//! plans cost, block, leave and are regretted for is added up from that.
use std::{collections::BTreeSet, fmt::Write as _};

use chrono::NaiveTime;
use proptest::prelude::*;

use crate::{
    audit::{
        cycle::{
            naive,
            pool::Change,
            resets::Resets,
            rules::{Grant, Order, Rollover, Rules},
        },
        fit::{self, Team},
        outlook::{Books, Members, MeterOutlook, Outlooks, Planning},
        plans::Catalogue,
        usage::Usage,
    },
    model::{
        account::{Entry as Kind, Meter, Unit},
        amount::{Amount, Total},
        instant::Instant,
        price::Price,
        zone::Zone,
    },
    rollup::AccountName,
};

const HOUR: i64 = 3_600 * 1_000_000_000;
const HOURS: i64 = 24 * 66;
const PEOPLE: [&str; 3] = ["ada", "bo", "cy"];

/// A plan as drawn.
#[derive(Debug, Clone)]
struct Drawn {
    message: i128,
    daily: Option<i128>,
    integration: i128,
    price: i128,
    topups: bool,
    own_seats: bool,
    rollover: Option<u32>,
}

impl Drawn {
    fn toml(&self, at: usize) -> String {
        let mut text =
            format!("[[plan]]\nid = \"p{at}\"\nname = \"P{at}\"\nsource = \"drawn\"\ntopups = {}\n", self.topups);
        let _ =
            write!(text, "message_credits = \"{}\"\nintegration_credits = \"{}\"\n", self.message, self.integration);
        let _ = writeln!(text, "price_per_month = \"{}\"", self.price);
        if let Some(daily) = self.daily {
            let _ = writeln!(text, "daily_message_credits = \"{daily}\"");
        }
        if self.own_seats {
            text += "per_seat = true\nsharing = \"seats\"\n";
        }
        if let Some(cycles) = self.rollover {
            let _ = writeln!(text, "rollover = \"cycles\"\nrollover_length = {cycles}");
        }
        text
    }

    fn rules(&self, meter: Meter, seats: u32) -> Rules {
        let most = if meter == Meter::Message { self.message } else { self.integration };
        let daily = self.daily.filter(|_| meter == Meter::Message);
        Rules {
            grant: daily.map_or(Grant::Monthly(credits(most)), |each| Grant::Daily {
                each: credits(each),
                most: credits(most),
            }),
            rollover: self.rollover.map_or(Rollover::None, Rollover::Cycles),
            order: Order::PlanFirst,
            seats: self.own_seats.then_some(seats),
            topup_days: None,
        }
    }

    fn whole_price(&self, seats: u32) -> i128 {
        if self.own_seats { self.price * i128::from(seats) } else { self.price }
    }
}

fn credits(n: i128) -> Total {
    Total::from_nanos(n * 1_000_000_000)
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let figures = (0_i128..60, prop::option::weighted(0.2, 1_i128..6), 0_i128..60, 0_i128..50);
    let rest = (any::<bool>(), prop::bool::weighted(0.3), prop::option::weighted(0.2, 1_u32..3));
    (figures, rest).prop_map(|((message, daily, integration, price), (topups, own_seats, rollover))| Drawn {
        message,
        daily,
        integration,
        price,
        topups,
        own_seats,
        rollover,
    })
}

/// What one plan comes to, by the plain simulation.
#[derive(Debug, PartialEq)]
struct Plain {
    cost: i128,
    blocked: usize,
    unused: i128,
    missing: i128,
    /// What each cycle lacked: credits of either meter.
    lacks: Vec<[i128; 2]>,
    /// What each cycle costs on top where missing message credits are bought one by one; absent where they are not, or
    /// where credits that cannot be bought are missing still.
    topped_up: Vec<Option<i128>>,
    /// What the work is worth that waited, each missing credit by itself, in billionths of a dollar.
    waited: Vec<i128>,
}

type Uses = Vec<(i64, i128, u32)>;

#[expect(clippy::too_many_arguments, reason = "everything that a case is drawn from")]
fn plain(
    plan: &Drawn,
    seats: u32,
    buys: Option<i128>,
    starts: &[i64],
    (offset, hours): (i64, i64),
    cap: Option<(u32, i128)>,
    meters: [&[(i64, Change)]; 2],
    worth: [(i128, i128); 2],
) -> Plain {
    let run = |meter: Meter, cap| {
        let happens = meters[usize::from(meter == Meter::Integration)];
        naive::run(plan.rules(meter, seats), cap, starts, offset, hours, happens)
    };
    let (message, integration) = (run(Meter::Message, cap), run(Meter::Integration, None));
    let missing: i128 = message.0.iter().map(|[_, missing, _]| missing).sum();
    let price = buys.filter(|_| plan.topups);
    let bought =
        price.map(|_| naive::buying(plan.rules(Meter::Message, seats), cap, starts, offset, hours, meters[0], price));
    // a credit at a time, each at the dearest price per credit of its meter
    let worth_of = |lacking: i128, (price, credits): (i128, i128)| {
        (0..lacking).map(|_| price * 1_000_000_000).sum::<i128>() / credits.max(1)
    };
    let lacks: Vec<[i128; 2]> = message.0.iter().zip(&integration.0).map(|(one, other)| [one[1], other[1]]).collect();
    let waited = lacks.iter().map(|[one, other]| worth_of(*one, worth[0]) + worth_of(*other, worth[1])).collect();
    let topped_up = lacks.iter().enumerate();
    let topped_up = topped_up
        .map(|(cycle, [_, other])| bought.as_ref().filter(|_| *other == 0).map(|bought| bought.paid[cycle]))
        .collect();
    let mut blocked: BTreeSet<i64> = integration.1;
    if price.is_none() {
        blocked.extend(message.1);
    }
    let cycles = i128::try_from(message.0.len()).unwrap();
    Plain {
        cost: cycles * plan.whole_price(seats) + bought.map_or(0, |bought| bought.paid.iter().sum()),
        blocked: blocked.len(),
        unused: message.0.iter().map(|[.., expired]| expired).sum::<i128>() + message.2,
        missing,
        lacks,
        topped_up,
        waited,
    }
}

fn at(hour: i64, start: Instant) -> Instant {
    Instant::from_nanos(start.nanos() + hour * HOUR)
}

fn books(meter: Meter, uses: &Uses, gifts: &[(i64, i128)], start: Instant, with_members: bool) -> Books {
    let minute = |(hour, used, _): &(i64, i128, u32)| (at(*hour, start), credits(*used));
    let members = Members {
        names: PEOPLE.iter().map(|name| Some((*name).to_owned())).collect(),
        used: uses.iter().map(|(hour, used, member)| (at(*hour, start), *member, credits(*used))).collect(),
    };
    Books {
        account: Some(AccountName { provider: "drawn".to_owned(), meter, unit: Unit::Credits }),
        usage: Usage::new(uses.iter().map(minute).collect()),
        // a top-up in the books is no plan's: another one might not have needed it
        booked: gifts
            .iter()
            .flat_map(|(hour, gift)| {
                [(at(*hour, start), Kind::Grant, credits(*gift)), (at(*hour, start), Kind::Topup, credits(50))]
            })
            .collect(),
        members: with_members.then_some(members),
    }
}

fn uses() -> impl Strategy<Value = Uses> {
    prop::collection::vec((0_i64..HOURS, 1_i128..15, 0_u32..3), 1..30).prop_map(|mut uses| {
        uses.sort_by_key(|(hour, ..)| *hour);
        uses
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn a_comparison_equals_a_simulation_credit_by_credit(
        plans in prop::collection::vec(drawn(), 1..4),
        seats in 1_u32..4,
        topup in prop::option::of(1_i128..3),
        cap in prop::option::of((0_u32..3, 0_i128..30)),
        reset in (1_u32..32, 0_u32..24),
        message in uses(),
        integration in uses(),
        mut gifts in prop::collection::vec((0_i64..HOURS, 1_i128..10), 0..3),
    ) {
        gifts.sort_unstable();
        let resets = Resets::new(reset.0, NaiveTime::from_hms_opt(reset.1, 0, 0).unwrap(), Zone::utc()).unwrap();
        let january = Instant::from_utc("2026-01-10T12:00:00Z".parse().unwrap()).unwrap();
        let mut cycle = resets.cycle(january).unwrap();
        let start = cycle.start;
        let hours = |at: Instant| (at.nanos() - start.nanos()) / HOUR;
        let mut starts = Vec::new();
        for _ in 0..8 {
            starts.push(hours(cycle.start));
            cycle = resets.next(cycle).unwrap();
        }
        // the cycles begin with the first use of any meter
        let first = message[0].0.min(integration[0].0);
        let begins = starts.iter().copied().filter(|start| *start <= first).max().unwrap();
        let known: Vec<i64> = starts.iter().filter(|start| **start >= begins).map(|start| start - begins).collect();
        // near a reset, what is as large as a plan's credits is the plan's own
        let is_own = |hour: i64, gift: i128, meter: Meter| {
            let near = starts.iter().any(|start| (hour - start).abs() < 24);
            near && plans.iter().any(|plan| plan.rules(meter, seats).most() == credits(gift))
        };
        let happens = |uses: &Uses, meter: Meter| {
            let gifts = gifts.iter().filter(|(hour, gift)| !is_own(*hour, *gift, meter) && *hour >= begins);
            let mut happens: Vec<(i64, Change)> = gifts.map(|(hour, gift)| (hour - begins, Change::Bonus(credits(*gift), None))).collect();
            happens.extend(uses.iter().map(|(hour, used, member)| (hour - begins, Change::Use(credits(*used), *member))));
            happens.sort_by_key(|(hour, _)| *hour);
            happens
        };

        let text: String = plans.iter().enumerate().map(|(at, plan)| plan.toml(at)).collect();
        let catalogue = Catalogue::read(&format!("profile = \"x\"\ndated = \"2026-01-01\"\nprovider = \"drawn\"\n{text}")).unwrap();
        let mut planning = Planning::without_plan(catalogue, Zone::utc());
        planning.resets = resets;
        planning.seats = seats;
        planning.topup_price = topup.map(|price| {
            Price::new(Amount::from_units(i64::try_from(price).unwrap()).unwrap(), Amount::from_units(1).unwrap()).unwrap()
        });
        planning.caps = cap.map(|(member, cap)| (PEOPLE[member as usize].to_owned(), credits(cap))).into_iter().collect();
        let as_of = at(HOURS, start);
        let books = [
            books(Meter::Message, &message, &gifts, start, true),
            books(Meter::Integration, &integration, &gifts, start, true),
        ];
        let outlooks = Outlooks {
            message: MeterOutlook::of(&books[0], Meter::Message, &planning, as_of).unwrap(),
            integration: MeterOutlook::of(&books[1], Meter::Integration, &planning, as_of).unwrap(),
        };
        let team = Team { books: [&books[0], &books[1]], outlooks: &outlooks, saved_by_less_rework: 0.0 };
        let got = fit::fit(&team, &planning, as_of).unwrap();

        let (message, integration) = (happens(&message, Meter::Message), happens(&integration, Meter::Integration));
        let dearest = |credits: fn(&Drawn) -> i128| {
            let worth = plans.iter().filter(|plan| credits(plan) > 0).map(|plan| (plan.price, credits(plan)));
            worth.max_by(|one, other| (one.0 * other.1).cmp(&(other.0 * one.1))).unwrap_or((0, 1))
        };
        let worth = [dearest(|plan| plan.message), dearest(|plan| plan.integration)];
        let expected: Vec<Plain> = plans
            .iter()
            .map(|plan| plain(plan, seats, topup, &known, (reset.1.into(), HOURS - begins), cap, [&message, &integration], worth))
            .collect();
        prop_assert_eq!(got.plans.len(), plans.len());
        for (plan, plain) in got.plans.iter().zip(&expected) {
            prop_assert_eq!(
                (plan.cost, plan.blocked_days as usize, plan.unused, plan.missing),
                (credits(plain.cost), plain.blocked, credits(plain.unused), credits(plain.missing)),
                "{}", plan.id
            );
        }

        // regret, cycle by cycle, in billionths of a dollar: of all that can be done, the cheapest, less the best in hindsight
        let whole = |plan: usize| plans[plan].whole_price(seats) * 1_000_000_000;
        for (at, plan) in got.plans.iter().enumerate() {
            let mut regret = 0;
            for cycle in 0..expected[at].lacks.len() {
                let covers = |other: &usize| expected[*other].lacks[cycle] == [0, 0];
                let covering = (0..plans.len()).filter(covers).map(whole).min();
                let best = covering.or_else(|| (0..plans.len()).map(whole).max()).unwrap();
                let mut ways = Vec::new();
                if covers(&at) {
                    ways.push(0);
                }
                ways.extend(expected[at].topped_up[cycle].map(|paid| paid * 1_000_000_000));
                ways.push(best + expected[at].waited[cycle]);
                regret += (whole(at) + ways.into_iter().min().unwrap() - best).max(0);
            }
            // what waited is valued by a fraction, rounded at the ninth decimal
            prop_assert!((plan.regret.nanos() - regret).abs() <= 10, "{}: {} is not {regret}", plan.id, plan.regret);
        }
    }
}
