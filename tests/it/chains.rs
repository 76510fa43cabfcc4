//! Chains of repair and the parts of what a feature cost: whole runs over ledgers.
use proptest::prelude::*;
use serde_json::Value;

use crate::command::{creditscope, json};

const HEADER: &str = "timestamp,user,app,session,feature,prompt,kind,credits,entry\n";

/// The report on a ledger, and a table of it.
fn report(rows: &str, options: &[&str]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, report) = (folder.path().join("ledger.csv"), folder.path().join("report"));
    std::fs::write(&ledger, format!("{HEADER}{rows}")).unwrap();
    let mut args = vec!["audit".as_ref(), ledger.as_os_str(), "-o".as_ref(), report.as_os_str()];
    args.extend(options.iter().map(std::ffi::OsStr::new));
    let ran = creditscope(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (json(&report.join("report.json")), std::fs::read_to_string(report.join("tables/chains.csv")).unwrap())
}

fn row(day: usize, minute: usize, feature: &str, kind: &str, credits: &str) -> String {
    let (hour, minute) = (8 + minute / 60, minute % 60);
    format!("2026-10-{day:02}T{hour:02}:{minute:02}:00Z,ada,shop,day {day},{feature},,{kind},{credits},\n")
}

/// An amount in millionths.
fn exact(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    sign * format!("{whole}{part:0<6}").parse::<i64>().unwrap()
}

#[test]
fn repairs_lead_back_to_what_they_repair() {
    let rows = row(1, 0, "checkout", "generation", "3")
        + &row(1, 5, "checkout", "revision", "0.5")
        + &row(1, 9, "search", "generation", "2")
        + &row(1, 20, "checkout", "fix", "1")
        + &row(2, 0, "checkout", "fix", "1.1")
        + &row(2, 9, "checkout", "regeneration", "2.9")
        + &row(2, 30, "search", "revision", "0.4")
        + &row(3, 0, "export", "generation", "1.5")
        + &row(3, 5, "export", "discuss", "0.3")
        + &row(3, 10, "export", "fix", "1")
        + &row(3, 15, "export", "fix", "1")
        + &row(3, 20, "export", "fix", "1");
    let (report, table) = report(&rows, &["--now", "2026-10-20"]);
    let chains = report["chains"].as_array().unwrap();
    let told = |chain: &Value| {
        let words =
            ["feature", "state", "build", "iterate", "repair", "amount"].map(|key| chain[key].as_str().unwrap());
        format!("{} {} {}", words.join(" "), chain["repairs"], chain["calm_after_seconds"])
    };
    let told: Vec<String> = chains.iter().map(told).collect();
    assert_eq!(told, ["checkout resolved 3 0.5 5 8.5 3 86940", "export abandoned 1.5 0 3 4.5 3 1200"]);
    assert_eq!(table.lines().count(), 3, "{table}");
    let of_export = report["by_feature"].as_array().unwrap().iter().find(|row| row["feature"] == "export").unwrap();
    let cost = ["build", "iterate", "repair", "unsorted"].map(|part| of_export["cost"][part].as_str().unwrap());
    assert_eq!(cost, ["1.5", "0.3", "3", "0"], "a question about a thing that is built is part of its iteration");
}

#[test]
fn a_chain_without_its_making_says_so_and_a_young_one_is_open() {
    let rows = row(1, 0, "checkout", "generation", "3") + &row(9, 20, "checkout", "fix", "1");
    let (whole, _) = report(&rows, &[]);
    assert_eq!((&whole["chains"][0]["state"], &whole["chains"][0]["build"]), (&"open".into(), &"3".into()));
    let (part, _) = report(&rows, &["--from", "2026-10-09"]);
    let chain = &part["chains"][0];
    assert_eq!((chain["build"].as_str(), chain["built_for"].as_str()), (Some("0"), Some("3")));
    let (alone, _) = report(&row(9, 20, "checkout", "fix", "1"), &[]);
    assert_eq!(alone["chains"][0]["built"], Value::Null);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn parts_add_up_to_each_feature_and_repairs_to_the_rework(
        events in prop::collection::vec((0_usize..4, 0_usize..7, 1_u32..40, 0_u32..12), 1..60),
    ) {
        let kinds = ["generation", "revision", "fix", "regeneration", "discuss", "", "plan"];
        let features = ["checkout", "search", "export", ""];
        let rows = (0_usize..)
            .zip(&events)
            .fold(String::new(), |rows, (at, (feature, kind, tenths, refund))| {
                let (hour, minute) = (at / 60 + 8, at % 60);
                let (sign, entry) = if *refund == 0 { ("-", "refund") } else { ("", "usage") };
                let (feature, kind) = (features[*feature], kinds[*kind]);
                let amount = format!("{sign}{}.{}", tenths / 10, tenths % 10);
                rows + &format!("2026-10-05T{hour:02}:{minute:02}:00Z,ada,shop,s1,{feature},,{kind},{amount},{entry}\n")
            });
        let (report, _) = report(&rows, &["--max-rows", "3"]);
        for row in report["by_feature"].as_array().unwrap() {
            let parts = ["build", "iterate", "repair", "unsorted"].map(|part| exact(&row["cost"][part]));
            prop_assert_eq!(parts.iter().sum::<i64>(), exact(&row["amount"]));
        }
        let repaired: i64 = report["chains"].as_array().unwrap().iter().map(|chain| exact(&chain["repair"])).sum();
        prop_assert_eq!(repaired, report["totals"][0]["rework"].as_str().map_or(0, |_| exact(&report["totals"][0]["rework"])));
    }
}
