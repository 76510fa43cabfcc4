//! Why an event got its class.
use crate::command::{creditscope, file};

const HISTORY: &str = "\
event_id,timestamp,credits,app,prompt
e1,2026-09-01T08:00:00Z,2,shop,Create a shop with a list of products and a cart
e2,2026-09-01T08:05:00Z,1,shop,The cart button still does not work Zanzibar
e3,2026-09-01T08:10:00Z,1,shop,Please sort the list of products by price and then by name
e4,2026-09-01T08:15:00Z,1,shop,make the header blue
e5,2026-09-01T08:20:00Z,1,shop,Please sort the list of products by price and then by name
e6,2026-09-01T08:25:00Z,1,shop,
";

#[test]
fn cues_context_and_alternatives_are_told_without_the_prompt() {
    let (_dir, path) = file("ledger.csv", HISTORY);
    let path = path.to_str().unwrap();
    let ran = creditscope(&["explain", "e2", path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for expected in ["class          fix", "after a generation", "The classes", "generation     e1", ": 'not work'"] {
        assert!(ran.stdout.contains(expected), "{expected}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("Zanzibar") && !ran.stdout.contains("cart"), "{}", ran.stdout);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80 || line.starts_with("reason")), "{}", ran.stdout);
    let kept = creditscope(&["explain", "e2", path, "--keep-prompts"]);
    assert!(kept.stdout.contains("Zanzibar"));
    let ran = creditscope(&["explain", "e2", path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let sum: f64 =
        json["alternatives"].as_array().unwrap().iter().map(|one| one["probability"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-3);
    assert_eq!(json["alternatives"][0]["class"], json["best"]);
    assert_eq!(json["before"][0]["event"], "e1");
}

#[test]
fn a_regeneration_names_the_earlier_request() {
    let (_dir, path) = file("ledger.csv", HISTORY);
    let ran = creditscope(&["explain", "e5", path.to_str().unwrap()]);
    assert!(ran.stdout.contains("class          regeneration"), "{}", ran.stdout);
    assert!(ran.stdout.contains("earlier        e3"), "{}", ran.stdout);
}

#[test]
fn an_event_is_named_by_place_too_and_may_have_no_prompt() {
    let (_dir, path) = file("ledger.csv", HISTORY);
    let path = path.to_str().unwrap();
    let ran = creditscope(&["explain", &format!("{path}:7"), path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("No cues were weighed"), "{}", ran.stdout);
    let ran = creditscope(&["explain", "e9", path]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no event \"e9\""), "{}", ran.stderr);
}

#[test]
fn a_rule_or_label_is_named() {
    let (_dir, path) = file("ledger.csv", HISTORY);
    let (_rules_dir, rules) = file("rules.csv", "pattern,field,class\nheader,prompt,generation\n");
    let ran = creditscope(&["explain", "e4", path.to_str().unwrap(), "--rules", rules.to_str().unwrap()]);
    assert!(ran.stdout.contains("rules.csv:2") && ran.stdout.contains("class          generation"), "{}", ran.stdout);
}
