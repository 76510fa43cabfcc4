//! The rules of plans and profiles: the reserve, bands, budgets of projects, starts with and without a spec.
use serde_json::Value;

use crate::command::{creditscope, json};

const HEADER: &str = "timestamp,user,app,session,feature,prompt,kind,credits\n";

/// The report on a ledger, with a configuration.
fn report(rows: &str, config: &str, options: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, settings, report] = ["ledger.csv", "settings.toml", "report"].map(|name| folder.path().join(name));
    std::fs::write(&ledger, format!("{HEADER}{rows}")).unwrap();
    std::fs::write(&settings, config).unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "--config".as_ref(), settings.as_os_str(), "-o".as_ref()];
    let options: Vec<&std::ffi::OsStr> = options.iter().map(AsRef::as_ref).collect();
    let ran = creditscope(&[&args[..], &[report.as_os_str()], &options].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    json(&report.join("report.json"))
}

/// So many prompts of a kind at a price, one a day and feature.
fn work(month: usize, count: usize, kind: &str, credits: &str) -> String {
    (0..count).fold(String::new(), |rows, n| {
        let (day, hour) = (n % 28 + 1, 6 + n / 28);
        rows + &format!("2026-{month:02}-{day:02}T{hour:02}:00:00Z,ada,shop,{kind} {n},part {n},,{kind},{credits}\n")
    })
}

fn check_of(report: &Value, id: &str) -> (String, String) {
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap().clone();
    (check["status"].as_str().unwrap().to_owned(), check["note"].as_str().unwrap().to_owned())
}

fn reserve(rows: &str, options: &[&str]) -> Option<Value> {
    let found = report(rows, "", options)["findings"].as_array().unwrap().clone();
    found.into_iter().find(|finding| finding["id"] == "reserve-broken")
}

#[test]
fn a_reserve_is_broken_by_building_beyond_four_fifths_of_a_cycle() {
    let plan = ["--plan", "builder"];
    let broken = reserve(&(work(9, 100, "generation", "2.1") + &work(10, 90, "generation", "2")), &plan).unwrap();
    assert_eq!((broken["amount"].as_str(), broken["recoverable"]["high"].as_str()), (Some("10"), Some("0")));
    assert!(broken["title"].as_str().unwrap().contains("84 %"), "{broken}");
    assert!(reserve(&work(9, 100, "generation", "2"), &plan).is_none(), "four fifths are allowed");
    let repairs = work(9, 80, "generation", "2") + &work(9, 60, "fix", "1.5");
    assert!(reserve(&repairs, &plan).is_none(), "the reserve is there for repairs");
    assert!(reserve(&work(9, 100, "generation", "2.1"), &["--plan", "builder", "--reset-day", "15"]).is_none());
    let without = report(&work(9, 100, "generation", "2.1"), "", &[]);
    let (status, note) = check_of(&without, "reserve-broken");
    assert!(status == "insufficient data" && note.contains("--plan"), "{note}");
}

#[test]
fn classes_are_held_against_the_bands_of_the_profile() {
    let rows = work(9, 20, "generation", "1.5") + &work(9, 12, "fix", "1.6") + &work(9, 9, "revision", "9");
    let (status, note) = check_of(&report(&rows, "", &[]), "price-band");
    assert_eq!(status, "found");
    assert!(note.contains("docs.base44.com, autumn 2026"), "{note}");
    assert!(note.contains("a generation cost 1.5 credits in the mean, within 1 to 2"), "{note}");
    assert!(note.contains("a fix cost 1.6 credits in the mean, above 1") && !note.contains("revision"), "{note}");
    let (status, note) = check_of(&report(&rows, "", &["--profile", "article-2026-04"]), "price-band");
    assert_eq!(status, "nothing found");
    assert!(note.contains("lowcode.agency, 2026-04-30") && note.contains("below 10 to 25"), "{note}");
    assert_eq!(check_of(&report(&work(9, 3, "fix", "1"), "", &[]), "price-band").0, "insufficient data");
}

#[test]
fn apps_are_held_against_the_budget_of_their_kind() {
    let of = |credits: &str, kind: &str| {
        let config = format!("[project]\nShop = \"{kind}\"\n");
        check_of(&report(&work(9, 40, "generation", credits), &config, &[]), "project-budget")
    };
    let (status, note) = of("2.1", "simple-tool");
    assert!(
        status == "found" && note.contains("Shop took 84 credits, more than the 30 to 80 of a simple tool"),
        "{note}"
    );
    assert_eq!(of("2", "simple-tool").0, "nothing found");
    assert_eq!(of("3.5", "maintenance").0, "nothing found");
    let (status, _) = check_of(&report(&work(9, 4, "fix", "1"), "", &[]), "project-budget");
    assert_eq!(status, "insufficient data");
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "[project]\nshop = \"castle\"\n").unwrap();
    let ran = creditscope(&["audit".as_ref(), "sample-data".as_ref(), "--config".as_ref(), settings.as_os_str()]);
    assert!(ran.code == 2 && ran.stderr.contains("unknown kind \"castle\" of the app \"shop\""), "{}", ran.stderr);
}
