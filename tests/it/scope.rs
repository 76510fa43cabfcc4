//! `audit --scope`: a list of features against what they took.
use std::fs;

use serde_json::Value;

use crate::command::{creditscope, json};

/// So many prompts of a kind on a feature, from an hour of a day on.
fn work(day: usize, feature: &str, kind: &str, count: usize, credits: &str) -> String {
    (0..count).fold(String::new(), |rows, n| {
        let (hour, minute) = (8 + n / 60, n % 60);
        rows + &format!("2026-10-{day:02}T{hour:02}:{minute:02}:00Z,ada,shop,d{day},{feature},{kind},{credits}\n")
    })
}

/// The scope of a report, and what was printed.
fn scope(rows: &str, list: &str) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, scope, report] = ["ledger.csv", "scope.toml", "report"].map(|name| folder.path().join(name));
    fs::write(&ledger, format!("timestamp,user,app,session,feature,kind,credits\n{rows}")).unwrap();
    fs::write(&scope, list).unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "--scope".as_ref(), scope.as_os_str(), "-o".as_ref()];
    let ran = creditscope(&[&args[..], &[report.as_os_str()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(report.join("report.html")).unwrap().contains("<h2>Scope</h2>"));
    assert!(fs::read_to_string(report.join("tables/scope.csv")).unwrap().starts_with("feature,state,used"));
    (json(&report.join("report.json"))["scope"].clone(), ran.stdout)
}

fn item(name: &str, state: &str, more: &str) -> String {
    format!("[[feature]]\nname = \"{name}\"\nstate = \"{state}\"\n{more}\n")
}

fn flags<'s>(scope: &'s Value, feature: &str) -> Vec<&'s str> {
    let one = scope["features"].as_array().unwrap().iter().find(|one| one["feature"] == feature).unwrap();
    one["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap()).collect()
}

#[test]
fn what_is_left_comes_from_what_was_finished_and_stops_are_flagged() {
    let rows = work(1, "cart", "generation", 4, "2")
        + &work(2, "search", "generation", 5, "2")
        + &work(3, "export", "generation", 6, "2")
        + &work(4, "checkout", "generation", 2, "2")
        + &work(4, "checkout", "fix", 6, "1.5")
        + &work(5, "mail", "generation", 1, "2")
        + &work(6, "newsletter", "generation", 3, "1");
    let list = item("Cart", "done", "")
        + &item("search", "done", "budget = \"12\"")
        + &item("export", "done", "")
        + &item("checkout", "doing", "budget = \"13\"\ndepends-on = [\"payments\"]")
        + &item("mail", "doing", "depends-on = [\"search\"]")
        + &item("payments", "todo", "");
    let (scope, printed) = scope(&rows, &list);
    assert_eq!(
        flags(&scope, "checkout"),
        [
            "stop: its budget of 13 is used up; decide before the next prompt",
            "stop: it took 13, more than any finished feature (12); narrow it or begin anew",
            "repairs took 9, more than building and changing it",
            "begun while its base \"payments\" is not done"
        ]
    );
    assert!(
        flags(&scope, "mail").is_empty() && flags(&scope, "search").is_empty() && flags(&scope, "payments").is_empty()
    );
    let budget = |feature: usize| scope["features"][feature]["budget_left"].as_str();
    assert_eq!((budget(1), budget(3), budget(0)), (Some("2"), Some("0"), None));
    // payments takes about 8 to 12; mail took 2 and takes about 6 to 10 more; checkout took more than any, so nobody knows
    assert!(scope["to_finish"].is_null(), "{scope}");
    let cause = scope["cause"].as_str().unwrap();
    assert!(
        cause.starts_with("insufficient data: no finished feature took more than checkout; the others take 1"),
        "{cause}"
    );
    assert_eq!((scope["unplanned"]["features"].as_u64(), scope["unplanned"]["amount"].as_str()), (Some(1), Some("3")));
    assert!(printed.contains("Scope: 3 of 6 features done; insufficient data: no finished feature"), "{printed}");
    assert!(printed.contains("1 feature beside the list took 3 credits"), "{printed}");
    let (scope, printed) = self::scope(&rows, &list.replace("doing\"\nbudget = \"13\"", "done\""));
    let ends = ["p10", "p50", "p90"].map(|end| scope["to_finish"][end].as_str().unwrap().parse::<f64>().unwrap());
    assert!(11.0 < ends[0] && ends[0] < ends[1] && ends[1] < ends[2] && ends[2] < 26.0, "{ends:?}");
    assert!(printed.contains("Scope: 4 of 6 features done; to finish: "), "{printed}");
}

#[test]
fn an_app_that_is_not_there_is_named() {
    let list = format!("app = \"shpo\"\n{}", item("cart", "doing", ""));
    let (scope, printed) = scope(&work(1, "cart", "generation", 4, "2"), &list);
    assert_eq!(scope["cause"], "nothing was used on the app \"shpo\": is it called otherwise?");
    assert!(printed.contains("nothing was used on the app \"shpo\""), "{printed}");
}

#[test]
fn two_finished_features_tell_nothing_and_an_early_start_is_flagged() {
    let rows = work(1, "cart", "generation", 4, "2")
        + &work(2, "search", "generation", 5, "2")
        + &work(9, "base", "revision", 1, "1");
    let list = item("cart", "done", "depends-on = [\"base\"]")
        + &item("search", "todo", "")
        + &item("base", "done", "")
        + &item("ghost", "done", "");
    let (scope, _) = scope(&rows, &list);
    assert!(
        scope["to_finish"].is_null() && scope["cause"].as_str().unwrap().starts_with("insufficient data: 2"),
        "{scope}"
    );
    assert_eq!(flags(&scope, "cart"), ["begun before its base \"base\""]);
    assert_eq!(flags(&scope, "search"), ["to do, but 10 were spent on it"]);
    assert_eq!(flags(&scope, "ghost"), ["done, but no event tells of it: is it called otherwise?"]);
}

#[test]
fn a_wrong_list_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("scope.toml");
    fs::write(&list, item("cart", "almost", "")).unwrap();
    let ran = creditscope(&["audit".as_ref(), "sample-data".as_ref(), "--scope".as_ref(), list.as_os_str()]);
    assert!(ran.code == 2 && ran.stderr.contains("scope.toml") && ran.stderr.contains("almost"), "{}", ran.stderr);
}
