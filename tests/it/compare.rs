//! `compare`: two files or two periods, and four effects that add up exactly to the difference.
use serde_json::Value;

use crate::command::{body, creditscope, file};

fn nanos(value: &Value) -> i128 {
    let text = value.as_str().unwrap();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

#[track_caller]
fn compared(args: &[&str]) -> Value {
    let ran = creditscope(&[&["compare"], args, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The effects and the movers of each cut add up to the difference.
#[track_caller]
fn check_sums(view: &Value) {
    for account in view["accounts"].as_array().unwrap() {
        let difference = nanos(&account["difference"]);
        assert_eq!(difference, nanos(&account["after"]["amount"]) - nanos(&account["before"]["amount"]));
        let effects = account["effects"].as_array().unwrap();
        assert_eq!(effects.iter().map(|effect| nanos(&effect["amount"])).sum::<i128>(), difference, "{account}");
        for cut in ["user", "feature", "app"] {
            let movers = account["movers"].as_array().unwrap().iter().filter(|mover| mover["cut"] == cut);
            assert_eq!(movers.map(|mover| nanos(&mover["change"])).sum::<i128>(), difference, "{cut}");
        }
    }
}

#[test]
fn periods_are_what_audits_of_them_count() {
    let view = compared(&["sample-data", "--before", "2026-08", "--after", "2026-09"]);
    check_sums(&view);
    for (side, from, to) in [("before", "2026-08-01", "2026-08-31"), ("after", "2026-09-01", "2026-09-30")] {
        let (report, _) = body(&["sample-data".as_ref()], &["--from", from, "--to", to]);
        for account in view["accounts"].as_array().unwrap() {
            let is_same = |total: &&Value| ["provider", "meter", "unit"].iter().all(|key| total[*key] == account[*key]);
            let told = report["totals"].as_array().unwrap().iter().find(is_same);
            assert_eq!(told.map_or(&Value::from("0"), |total| &total["amount"]), &account[side]["amount"], "{account}");
            assert_eq!(told.map_or(&Value::from("0"), |total| &total["rework"]), &account[side]["rework"], "{account}");
        }
    }
}

#[test]
fn files_are_compared_and_equal_ones_do_not_differ() {
    let (august, september) = ("sample-data/ledger-2026-08.csv", "sample-data/ledger-2026-09.csv");
    let view = compared(&[august, september]);
    check_sums(&view);
    assert_eq!((&view["before"], &view["after"]), (&august.into(), &september.into()));
    let account = &view["accounts"][0];
    for effect in account["effects"].as_array().unwrap() {
        let [low, amount, high] = ["low", "amount", "high"].map(|key| nanos(&effect[key]));
        assert!(low <= amount && amount <= high, "{effect}");
    }
    assert_eq!(compared(&[august, september, "--threads", "1"]), view, "the same on every machine");
    for effect in compared(&[august, august])["accounts"][0]["effects"].as_array().unwrap() {
        assert_eq!(effect["amount"], "0");
    }
}

#[test]
fn users_who_come_and_go_are_named() {
    let head = "timestamp,user,app,credits,kind\n";
    let (_one, before) = file(
        "before.csv",
        format!("{head}2026-09-01T08:00:00Z,ada,shop,1,generation\n2026-09-02T08:00:00Z,ben,shop,2,fix\n"),
    );
    let (_two, after) = file(
        "after.csv",
        format!("{head}2026-10-01T08:00:00Z,ada,shop,3,generation\n2026-10-02T08:00:00Z,=cy(),shop,4,generation\n"),
    );
    let paths = [&before, &after].map(|path| path.to_str().unwrap());
    let view = compared(&paths);
    check_sums(&view);
    let account = &view["accounts"][0];
    let movers = account["movers"].as_array().unwrap().iter().filter(|mover| mover["cut"] == "user");
    let said: Vec<String> =
        movers.map(|mover| format!("{} {} {}", mover["name"], mover["state"], mover["change"])).collect();
    assert_eq!(said, ["\"=cy()\" \"new\" \"4\"", "\"ada\" \"up\" \"2\"", "\"ben\" \"gone\" \"-2\""]);
    assert_eq!(account["intervals_refused"], "intervals need 7 days with use on each side");
    let text = creditscope(&["compare", paths[0], paths[1]]).stdout;
    assert!(text.contains("=cy() +4 credits (new)") && text.contains("do not prove why they differ"), "{text}");
    assert!(text.contains("before.csv: 2 uses on 2 days with use, 1.5 credits each, 67 % rework"), "{text}");
}

/// A use of one credit on every third day of a month.
fn thirds(month: u32, count: u32) -> String {
    (0..count).fold("timestamp,credits,user,app\n".to_owned(), |rows, n| {
        rows + &format!("2026-{month:02}-{:02}T09:00:00Z,1,ann,shop\n", 1 + 3 * n)
    })
}

#[test]
fn days_without_use_are_days() {
    let ((_one, before), (_two, after)) = (file("a.csv", thirds(8, 7)), file("b.csv", thirds(9, 8)));
    let paths = [&before, &after].map(|path| path.to_str().unwrap());
    let view = compared(&paths);
    let account = &view["accounts"][0];
    let volume = &account["effects"][0];
    assert_eq!(volume["amount"], "1");
    assert!(nanos(&volume["low"]) < 0 && nanos(&volume["high"]) > 2_000_000_000, "{volume}");
    assert!(account["effects"][3]["low"].is_null(), "prices that are all alike have no interval: {account}");
    assert_eq!((account["before"]["calendar_days"].as_u64(), account["before"]["days"].as_u64()), (Some(19), Some(7)));
    let text = creditscope(&["compare", paths[0], paths[1]]).stdout;
    assert!(text.contains("7 uses on 7 of 19 days") && text.contains("may be chance"), "{text}");
    assert!(
        text.contains(
            "The sides are 19 days and 22 days long, which is part of the volume; a day: 0.37 credits → 0.36"
        ),
        "{text}"
    );
    assert!(!text.contains("to +1 credit"), "{text}");
    let whole = compared(&["sample-data", "--before", "2026-08", "--after", "2026-09"]);
    assert_eq!(whole["accounts"][0]["before"]["calendar_days"], 31);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let check = |args: &[&str], why: &str| {
        let ran = creditscope(&[&["compare"], args].concat());
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.stderr.contains(why), "{args:?}: {}", ran.stderr);
    };
    check(&["sample-data"], "compare takes two paths, before and after, not 1");
    check(&["sample-data", "--before", "2026-08", "--after", "2026-08-31..2026-09-04"], "have days in common");
    check(&["sample-data", "--before", "2020-01", "--after", "2026-09"], "2020-01: no event is selected");
    check(&["sample-data", "--before", "soon", "--after", "2026-09"], "write a month as 2026-08");
    check(&["sample-data", "--before", "2026-08"], "--after");
    let both = ["sample-data", "--before", "2026-08", "--after", "2026-09"];
    check(&[&both[..], &["--from", "2026-09-10"]].concat(), "cannot be used with '--from");
}

/// Two weeks of a shop: a loop of five failures in each of some sessions, and sessions without one.
fn weeks(month: u32, sessions: u32, loops: u32) -> String {
    let mut rows = "timestamp,credits,user,app,session,feature,prompt,kind\n".to_owned();
    for session in 0..sessions {
        let thing = ["cart", "catalogue", "voucher", "invoice"][session as usize % 4];
        let mut row = |minute: u32, credits: &str, words: &str, kind: &str| {
            let day = 1 + session / 2;
            let hour = 9 + 6 * (session % 2);
            rows += &format!(
                "2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z,{credits},ann,shop,s{session},{thing},{words},{kind}\n"
            );
        };
        row(0, "2", &format!("Add a {thing} with {session} columns"), "generation");
        for minute in 1..6 {
            let (words, kind) = if session < loops {
                (format!("the {thing} still does not load after try {minute}"), "fix")
            } else {
                (format!("Make the {thing} {minute} pixels wider"), "revision")
            };
            row(minute * 5, "1", &words, kind);
        }
    }
    rows
}

#[test]
fn earlier_findings_are_held_against_later_ones() {
    let (_one, before) = file("before.csv", weeks(8, 24, 12));
    for (sessions, loops, outcome) in
        [(24, 0, "worked"), (24, 6, "partly"), (24, 11, "no effect"), (2, 0, "not enough data")]
    {
        let (_two, after) = file("after.csv", weeks(9, sessions, loops));
        let paths = [&before, &after].map(|path| path.to_str().unwrap());
        let view = compared(&paths);
        let habits = view["accounts"][0]["habits"].as_array().unwrap();
        let habit = habits.iter().find(|habit| habit["id"] == "fix-loop").unwrap();
        assert_eq!(
            (habit["outcome"].as_str(), habit["before"]["findings"].as_u64()),
            (Some(outcome), Some(12)),
            "{habit}"
        );
        let text = creditscope(&["compare", paths[0], paths[1]]).stdout;
        assert!(text.contains("fix-loop") && text.contains(&format!(": {outcome}\n")), "{text}");
    }
}
