//! A table of cases for each rule, and the pool against an independent simulation, credit by credit.
use chrono::NaiveTime;
use proptest::prelude::*;

use crate::{
    audit::cycle::{
        naive,
        pool::{Caps, Change, CycleBooks, Entry, Replay, replay},
        resets::Resets,
        rules::{Grant, Order, Rollover, Rules},
    },
    model::{amount::Total, instant::Instant, zone::Zone},
};

const HOUR: i64 = 3_600 * 1_000_000_000;
const MONTHLY: Rules = Rules {
    grant: Grant::Monthly(Total::from_nanos(100_000_000_000)),
    rollover: Rollover::None,
    order: Order::PlanFirst,
    seats: None,
    topup_days: Some(365),
};

fn at(text: &str) -> Instant {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T12:00:00Z") };
    Instant::from_utc(text.parse().unwrap()).unwrap()
}

fn credits(n: i128) -> Total {
    Total::from_nanos(n * 1_000_000_000)
}

/// `"use 5"`, `"use 5 by 1"`, `"topup 100"`, `"bonus 10"`, `"bonus 10 for 3"`, `"plan 200"`.
fn change(text: &str) -> Change {
    let words: Vec<&str> = text.split(' ').collect();
    let amount = credits(words[1].parse().unwrap());
    let last = words.get(3).map(|word| word.parse().unwrap());
    match words[0] {
        "use" => Change::Use(amount, last.unwrap_or(0)),
        "topup" => Change::TopUp(amount),
        "bonus" => Change::Bonus(amount, last),
        _ => Change::Plan(Rules { grant: Grant::Monthly(amount), ..MONTHLY }),
    }
}

fn run(rules: Rules, caps: &Caps, entries: &[(&str, &str)], end: &str) -> Replay {
    let entries: Vec<Entry> = entries.iter().map(|(when, what)| Entry { at: at(when), change: change(what) }).collect();
    replay(rules, &Resets::calendar(Zone::utc()), caps, &entries, at("2026-01-01"), at(end)).unwrap()
}

/// Compares, for each cycle, `used + missing (blocked days), expired`, and what is left at the end.
#[track_caller]
fn check(rules: Rules, entries: &[(&str, &str)], end: &str, expected: &str) {
    check_capped(rules, &Caps::new(), entries, end, expected);
}

#[track_caller]
fn check_capped(rules: Rules, caps: &Caps, entries: &[(&str, &str)], end: &str, expected: &str) {
    let replay = run(rules, caps, entries, end);
    let cycles = replay.cycles.iter().map(|cycle| {
        let books = cycle.books;
        format!("{}+{}({}),{}", books.used, books.missing, cycle.blocked.len(), books.expired)
    });
    let got = format!("{} left {}", cycles.collect::<Vec<_>>().join(" "), replay.left);
    assert_eq!(got, expected);
    let books = replay.books();
    assert_eq!(books.came(), books.used + books.expired + replay.left);
}

#[test]
fn what_is_not_used_lapses_at_the_reset() {
    check(MONTHLY, &[("2026-01-05", "use 30")], "2026-02-10", "30+0(0),70 0+0(0),0 left 100");
}

#[test]
fn an_empty_pool_blocks_until_the_reset() {
    let uses = [("2026-01-05", "use 90"), ("2026-01-06", "use 20"), ("2026-01-06", "use 5"), ("2026-02-01", "use 5")];
    check(MONTHLY, &uses, "2026-02-10", "100+15(1),0 5+0(0),0 left 95");
    assert_eq!(run(MONTHLY, &Caps::new(), &uses, "2026-02-10").cycles[0].ran_out, Some(at("2026-01-06")));
}

#[test]
fn top_ups_are_used_last_and_keep_a_year() {
    let entries = [("2026-01-02", "topup 50"), ("2026-01-05", "use 110"), ("2026-02-05", "use 100")];
    check(MONTHLY, &entries, "2026-02-10", "110+0(0),0 100+0(0),0 left 40");
    let rules = Rules { topup_days: Some(20), ..MONTHLY };
    check(rules, &entries, "2026-02-10", "110+0(0),40 100+0(0),0 left 0");
    let forever = Rules { topup_days: None, ..MONTHLY };
    check(forever, &entries[..1], "2026-01-10", "0+0(0),0 left 150");
}

#[test]
fn the_soonest_to_lapse_can_go_first() {
    let rules = Rules { order: Order::SoonestExpiry, topup_days: Some(10), ..MONTHLY };
    let entries = [("2026-01-02", "topup 50"), ("2026-01-05", "use 60")];
    check(rules, &entries, "2026-01-20", "60+0(0),0 left 90");
    check(Rules { order: Order::PlanFirst, ..rules }, &entries, "2026-01-20", "60+0(0),50 left 40");
}

#[test]
fn credits_roll_over_for_cycles_or_days() {
    let one = Rules { rollover: Rollover::Cycles(1), ..MONTHLY };
    let entries = [("2026-01-05", "use 30"), ("2026-02-05", "use 20")];
    check(one, &entries, "2026-03-10", "30+0(0),0 20+0(0),50 0+0(0),0 left 200");
    let days = Rules { rollover: Rollover::Days(45), ..MONTHLY };
    check(days, &entries, "2026-02-20", "30+0(0),0 20+0(0),50 left 100");
}

#[test]
fn daily_credits_end_with_the_day_and_with_the_cycles_most() {
    let free = Rules { grant: Grant::Daily { each: credits(5), most: credits(12) }, ..MONTHLY };
    let entries = [("2026-01-01", "use 4"), ("2026-01-02", "use 7"), ("2026-01-03", "use 5"), ("2026-01-04", "use 1")];
    // 4 of 5; 5 of 5, 2 missing; 3 left of 12, 2 missing; 0 left
    check(free, &entries, "2026-01-05", "12+5(3),1 left 0");
    check(free, &[("2026-02-03", "use 5")], "2026-02-04", "0+0(0),155 5+0(0),10 left 5");
}

#[test]
fn a_larger_plan_raises_the_limit_and_keeps_what_was_used() {
    let entries = [("2026-01-05", "use 90"), ("2026-01-06", "plan 250"), ("2026-01-07", "use 100")];
    check(MONTHLY, &entries, "2026-01-10", "190+0(0),0 left 60");
}

#[test]
fn a_smaller_plan_holds_from_the_next_cycle() {
    let entries = [("2026-01-05", "use 10"), ("2026-01-06", "plan 50"), ("2026-01-07", "use 80")];
    check(MONTHLY, &entries, "2026-02-10", "90+0(0),10 0+0(0),0 left 50");
}

#[test]
fn gifts_lapse_with_the_cycle_or_after_their_days() {
    check(
        MONTHLY,
        &[("2026-01-05", "bonus 10"), ("2026-01-06", "use 105")],
        "2026-02-01T00:00:00Z",
        "105+0(0),5 left 0",
    );
    check(MONTHLY, &[("2026-01-05", "bonus 10 for 60")], "2026-02-10", "0+0(0),100 0+0(0),0 left 110");
}

#[test]
fn a_refund_comes_back_and_lapses_with_the_cycle() {
    check(
        MONTHLY,
        &[("2026-01-05", "use 100"), ("2026-01-06", "use -7"), ("2026-01-07", "use 5")],
        "2026-02-10",
        "105+0(0),2 0+0(0),0 left 100",
    );
}

#[test]
fn seats_have_credits_of_their_own() {
    let seats = Rules { seats: Some(2), ..MONTHLY };
    let entries = [
        ("2026-01-05", "use 120 by 0"),
        ("2026-01-06", "use 30 by 1"),
        ("2026-01-07", "topup 50"),
        ("2026-01-08", "use 10 by 0"),
    ];
    check(seats, &entries, "2026-01-10", "140+20(1),0 left 110");
}

#[test]
fn caps_hold_members_back_and_leave_the_pool_to_others() {
    let caps = Caps::from([(1, credits(20))]);
    let entries = [("2026-01-05", "use 15 by 1"), ("2026-01-06", "use 15 by 1"), ("2026-01-07", "use 70 by 0")];
    check_capped(MONTHLY, &caps, &entries, "2026-01-10", "90+0(0),0 left 10");
    assert_eq!(run(MONTHLY, &caps, &entries, "2026-01-10").books().capped, credits(10));
    assert_eq!(run(MONTHLY, &caps, &entries, "2026-01-10").cycles[0].ran_out, None, "the pool was not empty");
}

#[test]
fn what_came_since_ends_the_time_without_credits() {
    let since = |entries: &[(&str, &str)]| run(MONTHLY, &Caps::new(), entries, "2026-01-20").cycles[0].ran_out;
    let dry = [("2026-01-05", "use 120"), ("2026-01-06", "topup 30"), ("2026-01-08", "use 31")];
    assert_eq!(since(&dry), Some(at("2026-01-08")));
    assert_eq!(since(&dry[..2]), None);
    assert_eq!(since(&dry[..1]), Some(at("2026-01-05")));
}

#[test]
fn the_reset_is_an_instant() {
    let resets = Resets::new(15, NaiveTime::from_hms_opt(14, 30, 0).unwrap(), Zone::utc()).unwrap();
    let used = |when: &str| Entry { at: at(when), change: Change::Use(credits(60), 0) };
    let entries = [used("2026-01-15T14:29:59Z"), used("2026-01-15T14:30:00Z")];
    let replay = replay(MONTHLY, &resets, &Caps::new(), &entries, at("2026-01-10"), at("2026-01-20")).unwrap();
    assert_eq!(replay.cycles.iter().map(|cycle| cycle.books.used).collect::<Vec<_>>(), [credits(60), credits(60)]);
    assert_eq!(replay.left, credits(40));
}

fn rules() -> impl Strategy<Value = Rules> {
    let grant = prop_oneof![
        (0_i128..40).prop_map(|n| Grant::Monthly(credits(n))),
        (1_i128..6, 5_i128..40).prop_map(|(each, most)| Grant::Daily { each: credits(each), most: credits(most) }),
    ];
    let rollover =
        prop_oneof![Just(Rollover::None), (1_u32..3).prop_map(Rollover::Cycles), (5_u32..50).prop_map(Rollover::Days)];
    let order = prop_oneof![Just(Order::PlanFirst), Just(Order::SoonestExpiry)];
    (grant, rollover, order, prop::option::of(1_u32..4), prop::option::of(5_u32..60))
        .prop_map(|(grant, rollover, order, seats, topup_days)| Rules { grant, rollover, order, seats, topup_days })
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => (-3_i128..15, 0_u32..3).prop_map(|(n, member)| Change::Use(credits(n), member)),
        1 => (1_i128..20).prop_map(|n| Change::TopUp(credits(n))),
        1 => (1_i128..10, prop::option::of(1_u32..40)).prop_map(|(n, days)| Change::Bonus(credits(n), days)),
        1 => rules().prop_map(Change::Plan),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn a_replay_equals_a_simulation_credit_by_credit(
        rules in rules(),
        cap in prop::option::of((0_u32..3, 0_i128..30)),
        reset in (1_u32..32, 0_u32..24),
        mut happens in prop::collection::vec((0_i64..24 * 65, changes()), 0..40),
    ) {
        happens.sort_by_key(|(hour, _)| *hour);
        let resets = Resets::new(reset.0, NaiveTime::from_hms_opt(reset.1, 0, 0).unwrap(), Zone::utc()).unwrap();
        let mut cycle = resets.cycle(at("2026-01-10")).unwrap();
        let start = cycle.start;
        let hours = |at: Instant| (at.nanos() - start.nanos()) / HOUR;
        let mut starts = Vec::new();
        for _ in 0..10 {
            starts.push(hours(cycle.start));
            cycle = resets.next(cycle).unwrap();
        }
        let when = |hour: i64| Instant::from_nanos(start.nanos() + hour * HOUR);
        let entries: Vec<Entry> =
            happens.iter().map(|(hour, change)| Entry { at: when(*hour), change: change.clone() }).collect();
        let caps: Caps = cap.map(|(member, cap)| (member, credits(cap))).into_iter().collect();
        let end = 24 * 66;
        let got = replay(rules, &resets, &caps, &entries, start, when(end)).unwrap();
        let (cycles, blocked, left) = naive::run(rules, cap, &starts, reset.1.into(), end, &happens);
        let of_cycle = |cycle: &CycleBooks| [cycle.books.used, cycle.books.missing, cycle.books.expired];
        prop_assert_eq!(got.cycles.iter().map(of_cycle).collect::<Vec<_>>(), cycles.iter().map(|sums| sums.map(credits)).collect::<Vec<_>>());
        let days: std::collections::BTreeSet<_> = got.cycles.iter().flat_map(|cycle| &cycle.blocked).collect();
        prop_assert_eq!(days.len(), blocked.len());
        prop_assert_eq!(got.left, credits(left));
        let books = got.books();
        prop_assert_eq!(books.came(), books.used + books.expired + got.left);
        let asked: Total = happens.iter().map(|(_, change)| match change {
            Change::Use(n, _) if *n > Total::ZERO => *n,
            _ => Total::ZERO,
        }).sum();
        prop_assert_eq!(books.used + books.missing + books.capped, asked);
    }
}
