//! The comparison of people and the chargeback: whole runs over ledgers.
use std::fs;

use serde_json::Value;

use crate::command::{creditscope, json};

const HEADER: &str = "timestamp,user,app,session,feature,kind,credits\n";

/// The report on a ledger, with a configuration.
fn report(rows: &str, config: &str, options: &[&str]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, settings, report] = ["ledger.csv", "settings.toml", "report"].map(|name| folder.path().join(name));
    fs::write(&ledger, format!("{HEADER}{rows}")).unwrap();
    fs::write(&settings, config).unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "--config".as_ref(), settings.as_os_str(), "-o".as_ref()];
    let options: Vec<&std::ffi::OsStr> = options.iter().map(AsRef::as_ref).collect();
    let ran = creditscope(&[&args[..], &[report.as_os_str()], &options].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (json(&report.join("report.json")), fs::read_to_string(report.join("report.html")).unwrap())
}

/// Sessions of six prompts; a fix costs `price`, all else 1; each third prompt is a fix.
fn sessions(user: &str, app: &str, count: usize, price: &str) -> String {
    (0..count * 6).fold(String::new(), |rows, n| {
        let (session, minute) = (n / 6, n % 6 * 5);
        let (kind, credits) = [("generation", "1"), ("revision", "1"), ("fix", price)][n % 3];
        let day = session % 28 + 1;
        rows + &format!(
            "2026-10-{day:02}T09:{minute:02}:00Z,{user},{app},{user} {session},{user} part {n},{kind},{credits}\n"
        )
    })
}

fn of<'r>(report: &'r Value, user: &str) -> &'r Value {
    report["comparison"].as_array().unwrap().iter().find(|row| row["user"] == user).unwrap()
}

#[test]
fn people_are_compared_at_the_same_mix_of_work_and_small_samples_say_so() {
    let rows = sessions("ada", "shop", 8, "3")
        + &sessions("ben", "shop", 8, "1")
        + &sessions("cleo", "shop", 12, "1")
        + &sessions("dan", "shop", 3, "9");
    let (report, page) = report(&rows, "", &[]);
    let ada = of(&report, "ada");
    // 48 prompts; fixes of the others cost (8 * 2 + 12 * 2 + 6 * 9) / 46 each
    assert_eq!((ada["amount"].as_str(), ada["prompts"].as_u64()), (Some("80"), Some(48)));
    assert!(ada["ratio"].as_f64().unwrap() > 1.0 && ada["ratio_low"].as_f64().unwrap() > 1.0, "{ada}");
    assert!(ada["said"].as_str().unwrap().contains("look at two or three sessions together"), "{ada}");
    assert_eq!((ada["features_delivered"].as_u64(), ada["credits_per_feature"].as_str()), (Some(16), Some("5")));
    assert!((ada["rework_share"].as_f64().unwrap() - 0.3333).abs() < 1e-9 && ada["rework_low"].as_f64() < Some(0.3333));
    assert!(of(&report, "ben")["said"].as_str().unwrap().contains("worth showing how"));
    let dan = of(&report, "dan");
    assert!(
        dan["ratio"].is_null() && dan["said"].as_str().unwrap().starts_with("too little to compare: 3 sessions"),
        "{dan}"
    );
    assert!(page.contains("<h2>People</h2>") && !page.contains("<h2>Chargeback</h2>"));
}

#[test]
fn equal_people_are_about_equal_and_one_person_has_nobody_to_be_compared_with() {
    let (both, _) = report(&(sessions("ada", "shop", 8, "2") + &sessions("ben", "shop", 8, "2")), "", &[]);
    assert!(of(&both, "ada")["said"].as_str().unwrap().starts_with("about what the same mix"), "{both}");
    let (alone, _) = report(&sessions("ada", "shop", 8, "2"), "", &[]);
    assert!(of(&alone, "ada")["said"].as_str().unwrap().starts_with("too little to compare"));
}

const CENTERS: &str = "[[cost_center]]\nname = \"Client A\"\napps = [\"Shop\"]\n\n\
                       [[cost_center]]\nname = \"Inside\"\nusers = [\"ben\", \"ada\"]\n";

#[test]
fn cost_centers_add_up_and_share_what_lapsed() {
    let rows = sessions("ada", "shop", 4, "1.5") + &sessions("ada", "tool", 2, "1") + &sessions("cleo", "tool", 1, "1");
    let (whole, page) = report(&rows, CENTERS, &["--plan", "starter", "--now", "2026-11-02T00:00:00Z"]);
    let rows: Vec<String> = whole["chargeback"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {} {}", row["cost_center"], row["amount"], row["unused"], row["beyond_plan"]))
        .collect();
    // 100 credits, 46 used: 54 lapse, in the proportion of 28, 12 and 6
    assert_eq!(
        rows,
        [
            "\"Client A\" \"28\" \"32.869565217\" \"0\"",
            "\"Inside\" \"12\" \"14.086956522\" \"0\"",
            "null \"6\" \"7.043478261\" \"0\""
        ]
    );
    assert!(page.contains("<h2>Chargeback</h2>") && page.contains("Client A"));
    let (part, _) = report(&sessions("ada", "shop", 4, "1.5"), CENTERS, &["--plan", "starter", "--user", "ada"]);
    assert_eq!(part["chargeback"][0]["unused"], Value::Null, "what lapsed belongs to the whole");
}

#[test]
fn a_wrong_cost_center_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    for (text, expected) in [
        ("[[cost_center]]\nname = \"a\"\n", "the cost center \"a\" pays for nothing"),
        ("[[cost_center]]\nusers = [\"a\"]\n", "has no name"),
        ("[[cost_center]]\nname = \"a\"\nperson = [\"x\"]\n", "unknown field `person`"),
    ] {
        fs::write(&settings, text).unwrap();
        let ran = creditscope(&["audit".as_ref(), "sample-data".as_ref(), "--config".as_ref(), settings.as_os_str()]);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{}", ran.stderr);
    }
}
