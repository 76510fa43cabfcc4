//! An independent simulation of a pool: every credit is an item of its own, hours pass one by one.
use std::collections::BTreeSet;

use crate::{
    audit::cycle::{
        pool::Change,
        rules::{Grant, Order, Rollover, Rules},
    },
    model::amount::Total,
};

#[derive(Clone, Copy)]
struct Credit {
    bought: bool,
    granted_in: Option<usize>,
    seat: Option<u32>,
    came: i64,
    ends: i64,
}

/// What a simulation came to.
#[derive(Default)]
pub(in crate::audit) struct Came {
    /// Used, missing and expired of each cycle.
    pub(in crate::audit) sums: Vec<[i128; 3]>,
    /// The days on which something was missing.
    pub(in crate::audit) blocked: BTreeSet<i64>,
    /// What is left.
    pub(in crate::audit) left: i128,
    /// What was paid for single credits in each cycle, where they were bought when they were missing.
    pub(in crate::audit) paid: Vec<i128>,
}

/// Without buying anything: used, missing and expired of each cycle; the days on which something was missing; what is left.
pub(in crate::audit) fn run(
    rules: Rules,
    cap: Option<(u32, i128)>,
    starts: &[i64],
    offset: i64,
    hours: i64,
    happens: &[(i64, Change)],
) -> (Vec<[i128; 3]>, BTreeSet<i64>, i128) {
    let Came { sums, blocked, left, .. } = buying(rules, cap, starts, offset, hours, happens, None);
    (sums, blocked, left)
}

/// The same where each credit that is missing is bought on the spot at a price.
#[expect(
    clippy::too_many_lines,
    reason = "plain on purpose: hour by hour from top to bottom, sharing nothing with the pool"
)]
pub(in crate::audit) fn buying(
    rules: Rules,
    cap: Option<(u32, i128)>,
    starts: &[i64],
    offset: i64,
    hours: i64,
    happens: &[(i64, Change)],
    price: Option<i128>,
) -> Came {
    let whole = |total: Total| total.nanos() / 1_000_000_000;
    let mut rules = rules;
    let mut pool: Vec<Credit> = Vec::new();
    let Came { mut sums, mut blocked, mut paid, .. } = Came::default();
    let (mut of_member, mut of_plan) = (vec![0_i128; 8], vec![0_i128; 8]);
    for hour in 0..=hours {
        let is_start = starts.contains(&hour);
        if let Some(sum) = sums.last_mut() {
            sum[2] += pool.iter().filter(|credit| credit.ends <= hour).count() as i128;
        }
        pool.retain(|credit| credit.ends > hour);
        if hour == hours {
            break;
        }
        if is_start {
            sums.push([0; 3]);
            paid.push(0);
            of_member.fill(0);
            of_plan.fill(0);
        }
        let cycle = sums.len() - 1;
        let next = |cycle: usize| starts.get(cycle + 1).copied().unwrap();
        let day_end = ((hour + offset) / 24 + 1) * 24 - offset;
        let seats: Vec<Option<u32>> = rules.seats.map_or(vec![None], |n| (0..n).map(Some).collect());
        let slot = |seat: Option<u32>| seat.map_or(7, |seat| seat as usize);
        let plan_end = |hour: i64, rules: &Rules| match (rules.grant, rules.rollover) {
            (Grant::Daily { .. }, _) => day_end.min(next(cycle)),
            (_, Rollover::None) => next(cycle),
            (_, Rollover::Cycles(n)) => next(cycle + n as usize),
            (_, Rollover::Days(n)) => hour + i64::from(n) * 24,
        };
        for seat in &seats {
            let n = match rules.grant {
                Grant::Monthly(n) if is_start => whole(n),
                Grant::Daily { each, most } if is_start || (hour + offset) % 24 == 0 => {
                    whole(each).min(whole(most) - of_plan[slot(*seat)]).max(0)
                }
                _ => 0,
            };
            let credit = Credit {
                bought: false,
                granted_in: Some(cycle),
                seat: *seat,
                came: hour,
                ends: plan_end(hour, &rules),
            };
            pool.extend((0..n).map(|_| credit));
        }
        for (_, change) in happens.iter().filter(|(when, _)| *when == hour) {
            match change {
                Change::TopUp(n) => {
                    let ends = rules.topup_days.map_or(i64::MAX, |days| hour + i64::from(days) * 24);
                    let credit = Credit { bought: true, granted_in: None, seat: None, came: hour, ends };
                    pool.extend((0..whole(*n)).map(|_| credit));
                }
                Change::Bonus(n, days) => {
                    let ends = days.map_or(next(cycle), |days| hour + i64::from(days) * 24);
                    let credit = Credit { bought: false, granted_in: None, seat: None, came: hour, ends };
                    pool.extend((0..whole(*n)).map(|_| credit));
                }
                Change::Plan(new) => {
                    rules = *new;
                    if let Grant::Monthly(n) = new.grant {
                        for seat in new.seats.map_or(vec![None], |n| (0..n).map(Some).collect::<Vec<_>>()) {
                            let left =
                                pool.iter().filter(|c| c.granted_in == Some(cycle) && c.seat == seat).count() as i128;
                            let more = whole(n) - of_plan[slot(seat)] - left;
                            let credit = Credit {
                                bought: false,
                                granted_in: Some(cycle),
                                seat,
                                came: hour,
                                ends: plan_end(hour, new),
                            };
                            pool.extend((0..more.max(0)).map(|_| credit));
                        }
                    }
                }
                Change::Use(n, _) if whole(*n) < 0 => {
                    let credit = Credit { bought: false, granted_in: None, seat: None, came: hour, ends: next(cycle) };
                    pool.extend((0..-whole(*n)).map(|_| credit));
                }
                Change::Use(n, member) => {
                    // what of one request lies beyond the cap is not asked of the pool
                    let before = of_member[*member as usize];
                    for nth in 0..whole(*n) {
                        let capped = cap.is_some_and(|(who, cap)| who == *member && before + nth >= cap);
                        let key = |credit: &Credit| match rules.order {
                            Order::PlanFirst => (credit.bought, credit.ends, credit.bought, credit.came),
                            Order::SoonestExpiry => (false, credit.ends, credit.bought, credit.came),
                        };
                        let usable = pool.iter().enumerate().filter(|(_, c)| c.seat.is_none_or(|seat| seat == *member));
                        let first = usable.min_by_key(|(_, credit)| key(credit)).map(|(at, _)| at);
                        if capped {
                            continue;
                        }
                        let Some(at) = first else {
                            of_member[*member as usize] += 1;
                            if let Some(price) = price {
                                paid[cycle] += price;
                                sums[cycle][0] += 1;
                                continue;
                            }
                            sums[cycle][1] += 1;
                            blocked.insert((hour + offset).div_euclid(24));
                            continue;
                        };
                        let credit = pool.remove(at);
                        sums[cycle][0] += 1;
                        of_member[*member as usize] += 1;
                        if credit.granted_in == Some(cycle) {
                            of_plan[slot(credit.seat)] += 1;
                        }
                    }
                }
            }
        }
    }
    Came { sums, blocked, left: pool.len() as i128, paid }
}
