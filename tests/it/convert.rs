//! `convert`: an audit of the ledger tells what an audit of its exports tells.
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Ran, body, creditscope, file, shared, with_input};

const FORMS: [&str; 3] = ["csv", "jsonl", "parquet"];

fn convert(from: &Path, to: &Path, options: &[&str]) -> Ran {
    let mut args: Vec<&std::ffi::OsStr> = vec!["convert".as_ref(), from.as_os_str(), "--to".as_ref(), to.as_os_str()];
    args.extend(options.iter().map(|option| std::ffi::OsStr::new(*option)));
    creditscope(&args)
}

/// Reports must be equal; the first part that differs is told.
#[track_caller]
fn check_same(found: &Value, wanted: &Value, what: &str) {
    for (key, part) in wanted.as_object().unwrap() {
        if let (Some(found), Some(wanted)) = (found[key].as_array(), part.as_array()) {
            for (found, wanted) in found.iter().zip(wanted) {
                assert_eq!(found, wanted, "{what}: {key}");
            }
        }
        assert_eq!(&found[key], part, "{what}: {key}");
    }
}

/// The audits of a path and of its ledgers are the same outside `input`.
#[track_caller]
fn check(path: &Path, forms: &[&str]) {
    let (wanted, _) = body(&[path], &[]);
    let dir = tempfile::tempdir().unwrap();
    for form in forms {
        let to = dir.path().join(format!("ledger.{form}"));
        let ran = convert(path, &to, &["--keep-prompts"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let (found, rows) = body(&[&to], &[]);
        assert_eq!((&rows["source"], &rows["rejected"], &rows["duplicates"]), (&"ledger".into(), &0.into(), &0.into()));
        check_same(&found, &wanted, form);
    }
}

/// Every kind of row, and names that a spreadsheet would run.
const EVERYTHING: &str = "\
timestamp,workspace,user,app,app_id,session,feature,prompt,kind,meter,entry,credits,status,status_reason,event_id,balance_after,model,provider
2026-09-01,team,,,,,,,,message,grant,100,,,,100,,
2026-09-01T08:00:00Z,team,Ada@Example.com,Old name,app-1,s1,login,Build a login page with email and password,build,message,usage,1.5,success,,e-1,98.5,opus,
2026-09-01T08:01:00Z,team,ada@example.com,Shop,app-1,s1,login,The login button does not work,build,,,0.123456789,failed,,e-2,98.4,opus,base44
2026-09-01T08:02:00Z,team,ada@example.com,Shop,app-1,s1,login,\"=cmd(), she said: \"\"make it
blue\"\" 'now'\",build,,,0.7,reverted,,,97,,
2026-09-01T08:03:00Z,team,=SUM(A1),-shop,,+s2,@cart,'quoted' and -done,discuss,,,0.3,cancelled,,-5,-1,'m,
2026-09-01T08:04:00Z,team,ben,shop,,,,,visual_edit,,,Free,success,,,,,
2026-09-01T08:05:00Z,team,ben,shop,,,,,auto_fix,,,-,,,,,,
2026-09-01T08:06:00Z,team,ben,shop,,,,Fix it,build,,,0,failed,insufficient_credits,,,,
2026-09-01T08:07:00Z,team,ben,shop,,,,Fix it,fix_button,,,1,,,,,,lovable
2026-09-01T08:07:00Z,team,ben,shop,,,,Fix it,fix_button,,,1,,,,,,lovable
2026-09-01T08:07:00Z,team,ben,shop,,,,Add a chart of sales,generation,,,1,,,,,,lovable
2026-09-01T08:08:00Z,team,ben,shop,,,,,,message,refund,1,,,r-1,,,
2026-09-01T08:09:00Z,team,ben,shop,,,,,,message,,-0.5,,,,,,
2026-09-01T09:00:00Z,team,,shop,,,,,workflow,integration,,4,success,,,,,
2026-09-01T09:00:00.000000001Z,team,,shop,,,,,automation,integration,,2,success,,,,,
2026-09-02T09:00:00Z,team,,,,,,,,message,topup,50,,,,,,
2026-09-03T09:00:00Z,team,,,,,,,,message,expiry,-20,,,,,,
";

#[test]
fn a_ledger_with_every_kind_of_row_comes_back() {
    let (_dir, path) = file("everything.csv", EVERYTHING);
    check(&path, &FORMS);
}

#[test]
fn what_was_converted_converts_to_the_same() {
    let (dir, path) = file("everything.csv", EVERYTHING);
    let (once, twice) = (dir.path().join("once.jsonl"), dir.path().join("twice.jsonl"));
    for (from, to) in [(&path, &once), (&once, &twice)] {
        assert_eq!(convert(from, to, &["--keep-prompts"]).code, 0);
    }
    assert_eq!(std::fs::read_to_string(once).unwrap(), std::fs::read_to_string(twice).unwrap());
}

#[test]
fn the_sample_data_comes_back() {
    check(Path::new("sample-data"), &["csv", "parquet"]);
}

/// What is counted of a path in a unit: vendor, meter, unit, events and amount of each key; `None` where it has none in it.
fn totals(path: &Path, unit: Option<&str>) -> Option<Value> {
    let mut args: Vec<&std::ffi::OsStr> = vec!["inspect".as_ref(), path.as_os_str()];
    let options = ["--format", "json", "--tz", "UTC", "--unit"];
    let n_options = if unit.is_some() { options.len() } else { options.len() - 1 };
    args.extend(options[..n_options].iter().map(|option| std::ffi::OsStr::new(*option)));
    args.extend(unit.map(std::ffi::OsStr::new));
    let ran = creditscope(&args);
    let view: Value = serde_json::from_str(&ran.stdout).ok().filter(|_| ran.code == 0)?;
    Some(view["totals"].clone())
}

/// A path and its ledgers add up to the same in every unit.
#[track_caller]
fn check_units(path: &Path, forms: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    for form in forms {
        let to = dir.path().join(format!("ledger.{form}"));
        let ran = convert(path, &to, &["--tz", "UTC"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for unit in [None, Some("usd"), Some("tokens"), Some("requests"), Some("credits")] {
            assert_eq!(totals(&to, unit), totals(path, unit), "{} {form} {unit:?}", path.display());
        }
    }
}

#[test]
fn the_same_use_in_another_unit_comes_back() {
    let cursor = "Date,User,Kind,Model,Max Mode,Total Tokens,Cost\n\
        2026-09-01T08:00:00Z,ada@example.com,On-Demand,m,No,1200,0.25\n\
        2026-09-01T09:00:00Z,ben@example.com,\"Errored, No Charge\",m,No,,-\n\
        2026-09-02T09:00:00Z,ben@example.com,Included,m,No,900,Included\n";
    let included = cursor.replace("0.25", "Included");
    for text in [cursor, &included] {
        let (_dir, path) = file("usage.csv", text);
        check_units(&path, &FORMS);
    }
    let (dir, path) = file("usage.csv", cursor);
    let (once, twice) = (dir.path().join("once.csv"), dir.path().join("twice.csv"));
    for (from, to) in [(&path, &once), (&once, &twice)] {
        assert_eq!(convert(from, to, &["--unit", "tokens"]).code, 0);
    }
    assert_eq!(totals(&twice, Some("usd")), totals(&path, Some("usd")));
    let (_dir, broken) =
        file("broken.csv", "timestamp,credits,also,also_unit\n2026-09-01,1,2,pears\n2026-09-01,1,x,usd\n");
    let ran = creditscope(&["inspect".as_ref(), broken.as_os_str()]);
    assert!(ran.stdout.contains("column also_unit, \"pears\": not a unit"), "{}", ran.stdout);
    assert!(ran.stdout.contains("column also, \"x\": not a decimal number"), "{}", ran.stdout);
}

#[test]
fn real_exports_add_up_to_the_same_in_every_unit() {
    let Some(folder) = shared("exports") else { return };
    for vendor in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        // Answers of the Monitoring API hold no events.
        if vendor.is_dir() && !vendor.ends_with("base44") {
            check_units(&vendor, &["parquet"]);
        }
    }
}

#[test]
fn real_exports_come_back() {
    for vendor in ["cursor", "copilot", "anthropic", "openai", "openrouter", "claude-code"] {
        let Some(folder) = shared(&format!("exports/{vendor}")) else { return };
        check(&folder, &["csv"]);
    }
}

#[test]
fn a_balance_is_written_as_the_number_that_was_read() {
    let text =
        "timestamp;credits;balance_after\n2026-09-01T08:00:00Z;0,5;1.234,5\n2026-09-01T09:00:00Z;1,25;1.233,25\n";
    let ran = with_input(&["convert", "-", "--to", "-", "--format", "jsonl"], text);
    assert!(ran.stdout.contains("\"balance_after\":\"1233.25\""), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_reason_of_a_status_is_written_as_it_was_read() {
    let (dir, path) = file("everything.csv", EVERYTHING);
    let to = dir.path().join("ledger.csv");
    assert_eq!(convert(&path, &to, &[]).code, 0);
    let written = std::fs::read_to_string(&to).unwrap();
    let mut rows = csv::Reader::from_reader(written.as_bytes());
    let column = rows.headers().unwrap().iter().position(|name| name == "status_reason").unwrap();
    let reasons: Vec<String> = rows.records().map(|row| row.unwrap()[column].to_owned()).collect();
    assert_eq!(reasons.iter().filter(|reason| *reason == "insufficient_credits").count(), 1, "{written}");
}

#[test]
fn without_prompts_the_ledger_says_so() {
    let (dir, path) = file("everything.csv", EVERYTHING);
    let to = dir.path().join("ledger.jsonl");
    let ran = convert(&path, &to, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("without prompts classes cannot be told again"), "{}", ran.stderr);
    assert!(!std::fs::read_to_string(&to).unwrap().contains("login page"));
    let (found, wanted) = (body(&[&to], &[]).0, body(&[&path], &[]).0);
    assert_eq!(found["by_day"].as_array().unwrap().len(), wanted["by_day"].as_array().unwrap().len());
    for (found, wanted) in found["totals"].as_array().unwrap().iter().zip(wanted["totals"].as_array().unwrap()) {
        for key in ["provider", "meter", "unit", "events", "amount", "basis"] {
            assert_eq!(found[key], wanted[key], "{key}");
        }
    }
}

#[test]
fn a_selection_is_what_is_written() {
    let ran = with_input(&["convert", "-", "--to", "-", "--format", "csv", "--user", "ben"], EVERYTHING);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1 + 8, "{}", ran.stdout);
}

#[test]
fn what_cannot_be_written_is_refused_and_inputs_stay() {
    let (dir, path) = file("everything.csv", EVERYTHING);
    let refused = |to: PathBuf, why: &str| {
        let ran = convert(&path, &to, &[]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    };
    refused(path.clone(), "is one of the files that are read");
    refused(dir.path().join("ledger.xlsx"), "end its name in .csv");
    refused(dir.path().join("none/ledger.csv"), "there is no folder");
    refused("-".into(), "say --format");
    let flags = |options: [&str; 4], why: &str| {
        let ran = convert(&path, &dir.path().join("ledger.csv"), &options);
        assert!(ran.code == 2 && ran.stderr.contains(why), "{}", ran.stderr);
    };
    flags(["--from", "2026-10-02", "--until", "soon"], "--until \"soon\"");
    flags(["--from", "2026-10-02", "--until", "2026-10-01"], "--from 2026-10-02 is not before --until 2026-10-01");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), EVERYTHING);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}
