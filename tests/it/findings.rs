//! Findings of whole runs: what must be found in a ledger, and what must not.
use serde_json::Value;

use crate::command::{creditscope, json};

const HEADER: &str = "timestamp,user,app,session,feature,prompt,kind,credits\n";

/// The findings of a ledger.
fn findings(rows: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, report) = (folder.path().join("ledger.csv"), folder.path().join("report"));
    std::fs::write(&ledger, format!("{HEADER}{rows}")).unwrap();
    let ran = creditscope(&["audit".as_ref(), ledger.as_os_str(), "-o".as_ref(), report.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = json(&report.join("report.json"));
    report["findings"].as_array().unwrap().clone()
}

#[track_caller]
fn check(rows: &str, expected: &[&str]) {
    let found = findings(rows);
    let ids: Vec<&str> = found.iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    assert_eq!(ids, expected, "{found:#?}");
}

fn row(minute: usize, feature: &str, prompt: &str, kind: &str, credits: &str) -> String {
    let (hour, minute) = (8 + minute / 60, minute % 60);
    format!("2026-10-05T{hour:02}:{minute:02}:00Z,ada,shop,s1,{feature},{prompt},{kind},{credits}\n")
}

#[test]
fn failures_in_a_row_on_one_target_are_a_loop() {
    let mut rows = row(0, "checkout", "Add a checkout with vouchers", "generation", "3");
    for minute in 1..=5 {
        rows += &row(minute * 4, "checkout", "the voucher is still not taken off the total", "fix", "1.1");
    }
    rows += &row(30, "cart", "Make the cart wider", "revision", "0.5");
    check(&rows, &["fix-loop"]);
    let found = findings(&rows);
    assert_eq!((found[0]["amount"].as_str(), found[0]["subject"]["feature"].as_str()), (Some("5.5"), Some("checkout")));
    assert_eq!(found[0]["recoverable"]["high"], "3.3");
    let evidence = found[0]["evidence"][0].as_str().unwrap();
    assert_eq!(evidence, "sent at 2026-10-05 08:04:00, 08:08:00, 08:12:00, 08:16:00, 08:20:00");
}

#[test]
fn failures_that_a_build_lies_between_are_no_loop() {
    let failure = |minute| row(minute, "checkout", "the voucher is still not taken off the total", "fix", "1.1");
    let loops = |between: &str| {
        let before = row(0, "checkout", "Add a checkout with vouchers", "generation", "3");
        check_loop(&format!("{before}{}{}{between}{}{}", failure(4), failure(8), failure(16), failure(20)))
    };
    assert!(loops(""));
    assert!(loops(&row(12, "checkout", "what does a voucher cost us?", "discuss", "0.3")), "a question is a pause");
    assert!(loops(&row(12, "checkout", "and now?", "fix", "0")), "what cost nothing is a pause");
    assert!(
        !loops(&row(12, "checkout", "could you build that with codes?", "discuss", "4")),
        "an answer that dear built it"
    );
    assert!(!loops(&row(12, "checkout", "Build it with codes", "generation", "3")));
}

#[test]
fn a_failure_that_is_sent_twice_is_one() {
    let failures = |minutes: &[usize]| -> String {
        let words = "the voucher is still not taken off the total";
        minutes.iter().map(|minute| row(*minute, "checkout", words, "fix", "1.1")).collect()
    };
    let before = row(0, "checkout", "Add a checkout with vouchers", "generation", "3");
    assert!(check_loop(&format!("{before}{}", failures(&[4, 9, 14]))));
    assert!(!check_loop(&format!("{before}{}", failures(&[4, 9, 10]))));
}

/// Whether a ledger has a loop among its findings.
fn check_loop(rows: &str) -> bool {
    findings(rows).iter().any(|finding| finding["id"] == "fix-loop")
}

#[test]
fn nineteen_edits_on_nineteen_targets_are_no_finding() {
    let edits = |kind: &str| -> String {
        (0..19).map(|n| row(n * 3, &format!("page {n}"), "Make the title of it blue", kind, "0.6")).collect()
    };
    check(&edits("revision"), &[]);
    check(&edits("fix"), &[]);
}

#[test]
fn a_first_build_an_expensive_prompt_and_a_quiet_user_are_no_findings() {
    let build: String = (0..14).map(|n| row(n * 5, &format!("part {n}"), "Build it", "generation", "2.5")).collect();
    check(&build, &[]);
    check(&row(0, "report", "Build the yearly report", "generation", "40"), &[]);
    check(&(row(0, "a", "x", "fix", "1") + &row(5, "b", "y", "revision", "1")), &[]);
}

#[test]
fn the_running_app_of_a_day_is_no_runaway_and_that_of_a_week_is() {
    let header = "timestamp,app,credits,meter\n";
    let day = |day: usize, credits: usize| {
        let (month, day) = if day < 30 { (9, day + 1) } else { (10, day - 29) };
        format!("2026-{month:02}-{day:02}T12:00:00Z,shop,{credits},integration\n")
    };
    let run = |last: [usize; 7]| {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, report) = (folder.path().join("ledger.csv"), folder.path().join("report"));
        let before = (0..25).map(|n| day(n, 10 + n % 3));
        let after = last.into_iter().enumerate().map(|(n, credits)| day(25 + n, credits));
        std::fs::write(&ledger, header.to_owned() + &before.chain(after).collect::<String>()).unwrap();
        let ran = creditscope(&["audit".as_ref(), ledger.as_os_str(), "-o".as_ref(), report.as_os_str()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let findings = json(&report.join("report.json"))["findings"].as_array().unwrap().clone();
        findings.iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(run([60, 70, 80, 90, 90, 95, 99]), ["runtime-runaway"]);
    assert!(run([10, 11, 300, 10, 11, 12, 10]).is_empty());
}
