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
fn refunds_are_no_prompts_of_a_class() {
    let back = work(9, 10, "fix", "-1");
    let (status, note) = check_of(&report(&(work(9, 20, "fix", "1") + &back), "", &[]), "price-band");
    assert!(status == "nothing found" && note.contains("a fix cost 1 credit in the mean, within 1"), "{note}");
}

/// The starts of apps of 20 prompts, so many of them fixes; their first prompt is a list or not.
fn starts(name: &str, first: &str, fixes: &[usize]) -> String {
    fixes.iter().enumerate().fold(String::new(), |rows, (app, fixes)| {
        let of_app = (0..20).fold(String::new(), |rows, n| {
            let (kind, prompt) = if n == 0 { ("generation", first) } else { ("", "") };
            let kind = if n > 0 && n <= *fixes {
                "fix"
            } else if n > 0 {
                "revision"
            } else {
                kind
            };
            rows + &format!(
                "2026-09-01T{:02}:{:02}:00Z,ada,{name}{app},{name}{app},part {n},{prompt},{kind},1\n",
                8 + n / 10,
                n % 10 * 5
            )
        });
        rows + &of_app
    })
}

#[test]
fn a_spec_is_found_to_help_only_where_the_rule_says_so_much_and_chance_does_not() {
    let list = "\"Build a shop with:\n- a cart\n- a checkout\n- a search\n- a login\n- orders by mail\"";
    let of = |with: &[usize], without: &[usize]| {
        let rows = starts("with", list, with) + &starts("plain", "a shop", without);
        check_of(&report(&rows, "", &[]), "spec-rule")
    };
    let (status, note) = of(&[3], &[4]);
    assert!(status == "insufficient data" && note.contains("5 apps of each kind are needed"), "{note}");
    let (status, note) = of(&[3; 6], &[4; 6]);
    assert!(status == "nothing found" && note.contains("15 % rework") && note.contains("20 % rework"), "{note}");
    assert_eq!(of(&[1, 9, 1, 9, 2, 2], &[9, 1, 9, 9, 9, 2]).0, "nothing found");
    assert_eq!(of(&[2, 1, 3, 2, 2, 1], &[8, 9, 7, 8, 9, 8]).0, "found");
}

#[test]
fn apps_are_held_against_the_budget_of_their_kind() {
    let of = |credits: &str, kind: &str, options: &[&str]| {
        let config = format!("[project]\nShop = \"{kind}\"\n");
        check_of(&report(&work(9, 40, "generation", credits), &config, options), "project-budget")
    };
    let article = ["--profile", "article-2026-04"];
    for (credits, expected) in [
        ("0.5", "Shop took 20 credits, below the 30 to 80 of a simple tool"),
        ("0.7", "Shop took 28 credits, near the 30 to 80"),
        ("2", "Shop took 80 credits, within the 30 to 80"),
        ("2.1", "Shop took 84 credits, near the 30 to 80"),
        ("2.6", "Shop took 104 credits, above the 30 to 80"),
    ] {
        let (status, note) = of(credits, "simple-tool", &article);
        assert!(note.contains(expected) && (status == "found") == (credits == "2.6"), "{status}: {note}");
    }
    // a credit of the vendor is about ten of the article
    let (status, note) = of("2.1", "simple-tool", &[]);
    assert!(status == "found" && note.contains("Shop took 84 credits, above the 3 to 8 of a simple tool"), "{note}");
    assert!(note.contains("about 10 of its credits being one of base44-2026-10"), "{note}");
    assert!(of("0.2", "simple-tool", &[]).1.contains("Shop took 8 credits, within the 3 to 8"));
    let (status, note) = of("2.1", "saas-mvp", &[]);
    assert!(status == "nothing found" && note.contains("above the 25 to 50 and more of"), "{note}");
    assert_eq!(of("3.5", "maintenance", &article).0, "nothing found");
    let (status, _) = check_of(&report(&work(9, 4, "fix", "1"), "", &[]), "project-budget");
    assert_eq!(status, "insufficient data");
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "[project]\nshop = \"castle\"\n").unwrap();
    let ran = creditscope(&["audit".as_ref(), "sample-data".as_ref(), "--config".as_ref(), settings.as_os_str()]);
    assert!(ran.code == 2 && ran.stderr.contains("unknown kind \"castle\" of the app \"shop\""), "{}", ran.stderr);
}
