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

#[test]
fn cursor_sums_are_exact_in_every_header_generation() {
    let Some((truth, files)) = inspected("cursor") else { return };
    assert_eq!(files.len(), 11);
    for (name, file) in files {
        let told_of = &truth[&name];
        let count = |part: &str| file[part].as_u64().unwrap();
        assert_eq!(count("accepted") + count("duplicates"), told_of["rows"].as_u64().unwrap(), "{name}");
        assert_eq!((count("rejected"), &file["columns"]["unmatched"]), (0, &serde_json::json!([])), "{name}");
        for (got, told) in [("first", "min_timestamp"), ("last", "max_timestamp")].map(|(a, b)| (&file[a], &told_of[b]))
        {
            assert_eq!(instant(got), instant(told), "{name}");
        }
        for column in told_of["sums"].as_array().unwrap() {
            let (column, sum) = (column["column"].as_str().unwrap(), column["sum_9"].as_str().unwrap());
            assert_eq!(sum_of(&file, column), nanos(sum), "{name} {column}");
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
fn real_exports_become_reports() {
    for folder in ["claude-code", "cursor"] {
        let Some(path) = shared(&format!("exports/{folder}")) else { return };
        let (_dir, report, ran) = audit(&[&path], &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&report.join("report.json"));
        assert_eq!(report["totals"].as_array().unwrap().len(), 1, "{folder}: {}", report["totals"]);
    }
}
