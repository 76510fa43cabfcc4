//! Balances, pool entries and vendors' totals against the rows.
use crate::command::{audit, creditscope, file, inspected, json};

const ROWS: &str = "timestamp,credits,entry,balance_after,user\n\
    2026-10-01T00:00:00Z,100,grant,100,\n\
    2026-10-01T08:00:00Z,2,usage,98,ada@example.com\n\
    2026-10-01T08:00:00Z,1.5,usage,96.5,ada@example.com\n\
    2026-10-02T08:00:00Z,0.5,refund,97,ada@example.com\n\
    2026-10-03T08:00:00Z,50,topup,147,\n\
    2026-10-04T08:00:00Z,7,expiry,140,\n\
    2026-10-05T08:00:00Z,4,usage,136,ben@example.com\n";

#[test]
fn balances_that_follow_are_told_so_whichever_way_the_file_runs() {
    let mut newest_first: Vec<&str> = ROWS.lines().collect();
    newest_first[1..].reverse();
    for text in [ROWS.to_owned(), newest_first.join("\n")] {
        let (_a, path) = file("ledger.csv", text);
        let (_b, report, ran) = audit(&[&path], &[]);
        assert!(ran.stdout.contains("balances of base44 message credits: all 6 follow"), "{}", ran.stdout);
        let report = json(&report.join("report.json"));
        let balance = &report["input"]["balances"][0];
        assert_eq!((&balance["verdict"], &balance["difference"]), (&"agrees".into(), &"0".into()), "{balance}");
        let pool: Vec<String> = report["pool"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{} {}", row["entry"], row["amount"]))
            .collect();
        assert_eq!(pool, ["\"grant\" \"100\"", "\"topup\" \"50\"", "\"expiry\" \"7\"", "\"refund\" \"-0.5\""]);
    }
}

#[test]
fn a_break_is_told_with_its_place() {
    let (_a, path) = file(
        "ledger.csv",
        ROWS.replace(",97,ada", ",90,ada")
            .replace("147", "140")
            .replace("7,expiry,140", "7,expiry,133")
            .replace("136", "129"),
    );
    let (_b, report, ran) = audit(&[&path], &[]);
    assert!(ran.stdout.contains("1 of 6 do not follow from their rows"), "{}", ran.stdout);
    let balance = json(&report.join("report.json"))["input"]["balances"][0].clone();
    assert!(balance["first_break"]["place"].as_str().unwrap().ends_with("ledger.csv:5"), "{balance}");
    assert_eq!(balance["difference"], "-7");
    assert_eq!((&balance["first_break"]["expected"], &balance["first_break"]["found"]), (&"97".into(), &"90".into()));
    let html = std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(html.contains("Balances told after rows") && html.contains("Grants, top-ups"), "a table of each");
}

#[test]
fn one_member_of_a_team_is_no_alarm() {
    let mut rows = "timestamp,credits,balance_after,user\n".to_owned();
    for n in (0..60_u32).filter(|n| n % 3 == 0) {
        rows += &format!("2026-10-01T08:{n:02}:00Z,1,{},ada@example.com\n", 100 - n);
    }
    let (_a, path) = file("ada.csv", rows);
    let (_b, report, ran) = audit(&[&path], &[]);
    assert!(ran.stdout.contains("cannot be reconciled"), "{}", ran.stdout);
    let balance = json(&report.join("report.json"))["input"]["balances"][0].clone();
    assert_eq!(balance["verdict"], "cannot be reconciled");
}

#[test]
fn totals_of_the_monitoring_api_are_compared_with_the_events() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("ledger.csv"), ROWS).unwrap();
    let users = r#"{"users": [
        {"user_id": "u1", "email": "Ada@example.com", "role": "admin", "total_message_credits": 3, "total_integration_credits": 0},
        {"user_id": "u2", "email": "ben@example.com", "role": "editor", "total_message_credits": 5, "total_integration_credits": 0}]}"#;
    std::fs::write(dir.path().join("users.json"), users).unwrap();
    let ran = creditscope(&["inspect".as_ref(), dir.path().as_os_str(), "--format=json".as_ref()]);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let lines: Vec<String> = told["told"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{} {} {}", line["name"], line["meter"], line["difference"]))
        .collect();
    assert_eq!(
        lines,
        [
            "\"ada@example.com\" \"message\" \"0\"",
            "\"ada@example.com\" \"integration\" \"0\"",
            "\"ben@example.com\" \"message\" \"-1\"",
            "\"ben@example.com\" \"integration\" \"0\"",
        ]
    );
    let (_b, report, ran) = audit(&[dir.path()], &[]);
    assert!(ran.stdout.contains("users.json: 1 of 4 totals differ"), "{}", ran.stdout);
    assert_eq!(json(&report.join("report.json"))["input"]["told"].as_array().unwrap().len(), 4);
    let (_c, users) = file("users.json", users);
    let ran = creditscope(&["inspect".as_ref(), users.as_os_str()]);
    assert!(ran.stdout.contains("nothing to compare its totals with"), "{}", ran.stdout);
}

#[test]
fn balances_tell_the_sign_and_what_then_adds_is_refused_by_name() {
    let mut rows: Vec<String> = vec!["timestamp,user,credits,balance_after".into(), "2026-10-01,,100,100".into()];
    rows.extend((2..12).map(|day| format!("2026-10-{day:02},ada,-2,{}", 100 - 2 * (day - 1))));
    for _ in 0..2 {
        rows[1..].reverse();
        let (_dir, path) = file("ledger.csv", rows.join("\n"));
        let found = &inspected(&path, 0)["files"][0];
        assert_eq!((&found["accepted"], &found["rejected"]), (&10.into(), &1.into()), "{found}");
        assert_eq!(found["amounts"][0]["amount"], "20");
        let problem = &found["problems"][0];
        assert_eq!((&problem["column"], &problem["value"]), (&"credits".into(), &"100".into()));
        assert!(problem["cause"].as_str().unwrap().contains("grant, topup or refund"), "{problem}");
    }
}
