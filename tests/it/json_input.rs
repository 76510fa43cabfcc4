//! JSON and NDJSON hold the same tables as CSV, and a broken one is told where it breaks.
use std::path::Path;

use serde_json::{Map, Value};

use crate::command::{audit, body, creditscope, file};

/// The rows of a CSV file as objects.
fn objects(path: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let object = |row: csv::StringRecord| {
        let fields = header.iter().zip(&row).map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    reader.records().map(|row| object(row.unwrap())).collect()
}

#[track_caller]
fn check_twins(csv: &str) {
    let (expected, counts) = body(&[Path::new(csv)], &[]);
    let rows = objects(csv);
    let lines = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let document = serde_json::json!({ "page": 1, "data": rows, "next": null });
    for (name, text) in [
        ("a.ndjson", lines),
        ("a.json", document.to_string()),
        ("list.json", serde_json::to_string_pretty(&rows).unwrap()),
    ] {
        let (_dir, path) = file(name, text);
        let (got, twin) = body(&[&path], &[]);
        assert_eq!(got, expected, "{name}");
        assert_eq!((&twin["accepted"], &twin["rejected"]), (&counts["accepted"], &counts["rejected"]), "{name}");
        assert_eq!((&twin["header"], twin["physical_rows"].as_u64()), (&Value::from(0), Some(rows.len() as u64)));
    }
}

#[test]
fn a_ledger_reads_the_same_from_json_and_ndjson() {
    check_twins("sample-data/ledger-2026-10.csv");
}

#[test]
fn a_cursor_export_reads_the_same_from_json_and_ndjson() {
    check_twins("sample-data/cursor-usage.csv");
}

#[test]
fn numbers_are_exact_whether_quoted_or_not() {
    let text =
        "{\"timestamp\":\"2026-10-01T08:00:00Z\",\"credits\":0.1}\n{\"timestamp\":1790841600,\"credits\":\"0.2\"}\n";
    let (_dir, path) = file("a.ndjson", text);
    let (report, _) = body(&[&path], &[]);
    assert_eq!(report["totals"][0]["amount"], "0.3");
}

#[test]
fn a_cut_line_is_one_rejected_row() {
    let text =
        "{\"timestamp\":\"2026-10-01T08:00:00Z\",\"credits\":1}\n\n{\"timestamp\":\"2026-10-01T08:05:00Z\",\"cred";
    let (_dir, path) = file("cut.ndjson", text);
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let counts = &report["files"][0];
    let count = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!((count("physical_rows"), count("skipped"), count("accepted"), count("rejected")), (3, 1, 1, 1));
    let problem = &counts["problems"][0];
    assert_eq!(problem["line"], 3);
    assert!(problem["cause"].as_str().unwrap().starts_with("not a JSON object: EOF"), "{problem}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let (_dir, path) = file("a.json", text);
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!((ran.code, report.exists()), (2, false));
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
}

#[test]
fn json_that_is_broken_or_of_something_else_is_refused() {
    check_refused("[{\"timestamp\": \"2026-10-01\", \"credits\": 1},\n {\"times", "invalid JSON at line 2, column 8");
    check_refused("{\"region\": \"north\", \"units\": 3}", "its objects hold \"region, units\"");
    check_refused("[1, 2, 3]", "line 1 reads \"[1, 2, 3]\"");
}

#[test]
fn totals_are_inspected_and_never_audited() {
    let users = r#"{"users": [{"user_id": "u1", "email": "ada@example.com", "total_message_credits": 12.5}]}"#;
    check_refused(users, "aggregates: they reconcile a ledger");
    let (_dir, path) = file("users.json", users);
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("base44-monitoring") && ran.stdout.contains("12.5"), "{}", ran.stdout);
}

#[test]
fn a_document_cut_short_in_a_folder_is_told_first() {
    let whole = r#"[{"timestamp":"2026-10-01T08:00:00Z","credits":1.5,"user":"ada"},{"timestamp":"2026-10-02T08:00:00Z","credits":2,"user":"ben"}]"#;
    let (dir, _) = file("whole.json", whole);
    std::fs::write(dir.path().join("cut.json"), &whole[..90]).unwrap();
    let (_report, _, ran) = audit(&[dir.path()], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("NOT READ") && ran.stdout.contains("cut.json"), "{}", ran.stdout);
    let (_report, _, ran) = audit(&[&dir.path().join("cut.json")], &[]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
}
