//! Real exports beside the project, where they are: rows and exact sums as another program counted them.
use serde_json::Value;

use crate::command::{audit, creditscope, json, shared};

/// The sums of `inspect` by column name, bases added up, in 1e-9 units.
fn sum_of(file: &Value, name: &str) -> i128 {
    let parts = file["amounts"].as_array().unwrap().iter().filter(|sum| sum["name"] == name);
    parts.map(|sum| nanos(sum["amount"].as_str().unwrap())).sum()
}

fn nanos(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

fn instant(value: &Value) -> chrono::DateTime<chrono::FixedOffset> {
    value.as_str().unwrap().parse().unwrap()
}

fn inspected(folder: &str) -> Option<(Value, Vec<(String, Value)>)> {
    let folder_path = shared(&format!("exports/{folder}"))?;
    let truth = json(&shared("exports/truth.json")?);
    let ran = creditscope(&["inspect".as_ref(), folder_path.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let files = report["files"].as_array().unwrap().iter().map(|file| {
        let name = file["path"].as_str().unwrap().rsplit('/').next().unwrap();
        (format!("{folder}/{name}"), file.clone())
    });
    Some((truth, files.collect()))
}

#[test]
fn claude_code_counts_each_message_once() {
    let Some((truth, files)) = inspected("claude-code") else { return };
    assert!(!files.is_empty());
    for (name, file) in files {
        let told_of = &truth[&name];
        assert_eq!(file["physical_rows"], told_of["rows"], "{name}");
        assert_eq!(file["rejected"], told_of["unparsable_lines"], "{name}");
        assert_eq!(file["accepted"], told_of["user_prompts"], "{name}");
        for (got, told) in [("first", "min_timestamp"), ("last", "max_timestamp")].map(|(a, b)| (&file[a], &told_of[b]))
        {
            assert_eq!(instant(got), instant(told), "{name}");
        }
        for kind in ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"] {
            let told = i128::from(told_of["usage_dedup_by_message_id"][kind].as_u64().unwrap()) * 1_000_000_000;
            assert_eq!(sum_of(&file, kind), told, "{name} {kind}");
        }
    }
}

/// The table vendors, each with its folder's name and how many accounts (vendor, meter, unit) it holds.
const VENDORS: [(&str, usize); 5] = [("cursor", 1), ("copilot", 2), ("anthropic", 1), ("openai", 1), ("openrouter", 1)];

/// Whether a told instant is the one that was found; days are told without a time, and by the vendor's own spelling.
#[track_caller]
fn check_instant(found: &Value, told: &Value, day: &Value, name: &str) {
    let Some(told) = told.as_str() else { return assert_eq!(found, told, "{name}") };
    assert_eq!(found.as_str().unwrap()[..10], *day.as_str().unwrap(), "{name}");
    let utc = told.replacen(' ', "T", 1) + "Z";
    if let Ok(told) = told.parse::<chrono::DateTime<chrono::FixedOffset>>().or_else(|_| utc.parse()) {
        assert_eq!(instant(found), told, "{name}");
    }
}

#[test]
fn rows_and_sums_of_tables_are_exact() {
    for (vendor, _) in VENDORS {
        let Some((truth, files)) = inspected(vendor) else { return };
        let told = truth.as_object().unwrap().keys().filter(|name| name.starts_with(&format!("{vendor}/")));
        assert_eq!(told.count(), files.len(), "{vendor}");
        for (name, file) in files {
            let told_of = &truth[&name];
            let count = |part: &str| file[part].as_u64().unwrap();
            assert_eq!(file["source"], vendor, "{name}");
            assert!(file["confidence"].as_f64().unwrap() >= 0.9, "{name}");
            let rows = count("accepted") + count("duplicates") + count("empty");
            assert_eq!(rows, told_of["rows"].as_u64().unwrap(), "{name}");
            assert_eq!(count("empty"), told_of["empty_buckets"].as_u64().unwrap_or(0), "{name}");
            assert_eq!((count("rejected"), &file["columns"]["unmatched"]), (0, &serde_json::json!([])), "{name}");
            check_instant(&file["first"], &told_of["min_timestamp"], &told_of["min_day"], &name);
            check_instant(&file["last"], &told_of["max_timestamp"], &told_of["max_day"], &name);
            for column in told_of["sums"].as_array().unwrap() {
                let (column, sum) = (column["column"].as_str().unwrap(), column["sum_9"].as_str().unwrap());
                assert_eq!(sum_of(&file, column), nanos(sum), "{name} {column}");
            }
        }
    }
}

#[test]
fn day_totals_say_what_cannot_be_done_with_them() {
    let note = serde_json::json!("day totals: they cannot be classified or put into sessions");
    for (vendor, ..) in VENDORS {
        let Some((_, files)) = inspected(vendor) else { return };
        for (name, file) in files {
            let has_totals = matches!(vendor, "anthropic" | "openai") || vendor == "copilot" && !name.contains("gen1");
            let expected = has_totals && (&file["accepted"], &file["duplicates"]) != (&0.into(), &0.into());
            assert_eq!(file["notes"].as_array().unwrap().contains(&note), expected, "{name}");
        }
    }
}

#[test]
fn answers_of_the_monitoring_api_are_totals_and_no_events() {
    let Some((truth, files)) = inspected("base44") else { return };
    assert!(!files.is_empty());
    for (name, file) in files {
        let told_of = &truth[&name];
        assert_eq!((&file["accepted"], &file["folded"]), (&Value::from(0), &told_of["rows"]), "{name}");
        for column in told_of["sums"].as_array().unwrap() {
            let (column, sum) = (column["column"].as_str().unwrap(), column["sum"].as_str().unwrap());
            assert_eq!(sum_of(&file, column), nanos(sum), "{name} {column}");
        }
    }
}

#[test]
fn day_totals_are_rows_and_no_prompts() {
    let Some(path) = shared("exports/anthropic") else { return };
    let (_dir, _, ran) = audit(&[&path], &[]);
    assert!(ran.stdout.contains(" rows") && !ran.stdout.contains("prompts"), "{}", ran.stdout);
}

#[test]
fn real_exports_become_reports() {
    for (folder, accounts) in VENDORS.into_iter().chain([("claude-code", 1)]) {
        let Some(path) = shared(&format!("exports/{folder}")) else { return };
        let (_dir, report, ran) = audit(&[&path], &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&report.join("report.json"));
        assert_eq!(report["totals"].as_array().unwrap().len(), accounts, "{folder}: {}", report["totals"]);
    }
}
