//! The main job on the samples: what is written, that sums hold, that bytes repeat.
use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::command::{audit, creditscope, file, json, with_input};

const SAMPLES: &str = "sample-data";

/// An exact decimal in 1e-9 units.
fn nanos(value: &Value) -> i128 {
    let text = value.as_str().unwrap();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

fn key(row: &Value) -> String {
    ["provider", "meter", "unit"].map(|name| row[name].as_str().unwrap()).join(" ")
}

#[test]
fn the_samples_become_a_whole_report() {
    let (_dir, report, ran) = audit(&[Path::new(SAMPLES)], &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for name in ["report.html", "report.json", "rejects.csv", "manifest.json", "tables/by_user.csv"] {
        assert!(report.join(name).is_file(), "{name}");
    }
    for chart in ["burn", "days", "users", "features", "sessions", "hours", "worst-session"] {
        let path = report.join(format!("charts/base44-message-credits-{chart}.svg"));
        assert!(fs::read_to_string(&path).unwrap().starts_with("<svg"), "{}", path.display());
    }
}

#[test]
fn charts_that_would_say_nothing_are_not_drawn() {
    let (_dir, report, _) = audit(&[Path::new(SAMPLES)], &[]);
    assert!(!report.join("charts/base44-integration-credits-sessions.svg").exists(), "the running app has no sessions");
    let (_input, path) = file("days.csv", "date,credits\n2026-10-01,1\n2026-10-02,2\n");
    let (_dir, report, _) = audit(&[&path], &[]);
    assert!(report.join("charts/base44-message-credits-days.svg").exists());
    assert!(!report.join("charts/base44-message-credits-hours.svg").exists(), "dates have no hours");
}

#[test]
fn the_totals_of_the_samples_are_those_their_readme_tells() {
    let (_dir, report, _) = audit(&[Path::new(SAMPLES)], &[]);
    let report = json(&report.join("report.json"));
    let totals: BTreeMap<String, (u64, String)> = report["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (key(row), (row["events"].as_u64().unwrap(), row["amount"].as_str().unwrap().to_owned())))
        .collect();
    let told = |name: &str| totals[name].clone();
    assert_eq!(told("base44 message credits"), (481, "523.5".to_owned()));
    assert_eq!(told("base44 integration credits"), (70, "8810.3".to_owned()));
    assert_eq!(told("cursor message usd"), (41, "4.81".to_owned()));
    assert_eq!(totals.len(), 4);
}

#[test]
fn each_cut_sums_to_its_total_and_each_row_went_somewhere() {
    let (_dir, report, _) = audit(&[Path::new(SAMPLES)], &[]);
    let report = json(&report.join("report.json"));
    let mut totals = BTreeMap::new();
    for row in report["totals"].as_array().unwrap() {
        totals.insert(key(row), (nanos(&row["amount"]), row["events"].as_u64().unwrap()));
    }
    for cut in ["by_action", "by_user", "by_feature", "by_app", "by_session", "by_day", "by_model"] {
        let mut sums: BTreeMap<String, (i128, u64)> = BTreeMap::new();
        for row in report[cut].as_array().unwrap() {
            let sum = sums.entry(key(row)).or_default();
            sum.0 += nanos(&row["amount"]);
            sum.1 += row["events"].as_u64().unwrap();
        }
        assert_eq!(sums, totals, "{cut}");
    }
    for file in report["input"]["files"].as_array().unwrap() {
        let count = |name: &str| file[name].as_u64().unwrap();
        let parts = ["header", "skipped", "accepted", "folded", "empty", "duplicates", "rejected"];
        assert_eq!(count("physical_rows"), parts.iter().map(|part| count(part)).sum::<u64>(), "{file}");
    }
}

#[test]
fn equal_input_gives_equal_bytes_whatever_the_threads_and_the_folder() {
    let (_a, one, _) = audit(&[Path::new(SAMPLES)], &["--threads", "1"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let deep = elsewhere.path().join("a folder/with spaces/and ümlauts");
    let (_b, two, _) = audit(&[Path::new(SAMPLES)], &["--threads", "2"]);
    let ran = crate::command::creditscope(&[
        "audit".as_ref(),
        SAMPLES.as_ref(),
        "--threads".as_ref(),
        "8".as_ref(),
        "-o".as_ref(),
        deep.as_os_str(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for other in [two, deep] {
        let mut compared = 0;
        for entry in walk(&one) {
            let name = entry.strip_prefix(&one).unwrap();
            assert_eq!(fs::read(&entry).unwrap(), fs::read(other.join(name)).unwrap(), "{}", name.display());
            compared += 1;
        }
        assert!(compared > 20 && compared == walk(&other).len(), "only {compared} files");
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

/// A report without what names its input.
pub(crate) fn body(report: &Path) -> Value {
    let mut report = json(&report.join("report.json"));
    let map = report.as_object_mut().unwrap();
    map.remove("input");
    report
}

#[test]
fn splitting_and_reordering_files_changes_nothing_but_the_input() {
    let mut reader = csv::Reader::from_path("sample-data/ledger-2026-10.csv").unwrap();
    let header = reader.headers().unwrap().clone();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    rows.reverse();
    let (first, second) = rows.split_at(rows.len() / 3);
    let part = |rows: &[csv::StringRecord]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for row in rows {
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    };
    let (_a, whole, _) = audit(&[Path::new("sample-data/ledger-2026-10.csv")], &[]);
    let (_dir_b, b) = file("b.csv", part(first));
    let (_dir_a, a) = file("a.csv", part(second));
    let (_c, parts, _) = audit(&[&a, &b], &[]);
    assert_eq!(body(&whole), body(&parts));
}

#[test]
fn a_large_file_read_in_chunks_equals_many_small_ones() {
    let header = "timestamp,credits,user,prompt\n";
    let row = |n: u64| {
        let prompt =
            if n.is_multiple_of(7) { "\"Add a map,\nthen \"\"zoom\"\" to it\"" } else { "make the map bigger" };
        let (day, minute, second) = (1 + n / 6000, n / 100 % 60, n % 60);
        format!("2026-01-{day:02}T{:02}:{minute:02}:{second:02}Z,0.{},user{},{prompt}\n", n % 24, 1 + n % 9, n % 11)
    };
    let rows: Vec<String> = (0..90_000).map(row).collect();
    let (_dir, large) = file("large.csv", header.to_owned() + &rows.concat());
    assert!(fs::metadata(&large).unwrap().len() > 4 << 20);
    let small = tempfile::tempdir().unwrap();
    for (number, rows) in rows.chunks(20_000).enumerate() {
        fs::write(small.path().join(format!("{number}.csv")), header.to_owned() + &rows.concat()).unwrap();
    }
    let (_a, one, ran) = audit(&[&large], &["--threads", "3"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (_b, many, _) = audit(&[small.path()], &[]);
    assert_eq!(body(&one), body(&many));
}

#[test]
fn column_order_case_and_delimiter_change_nothing_but_the_input() {
    let rows = [
        ["2026-10-01T08:00:00Z", "1.5", "ada@example.com", "Add a map"],
        ["2026-10-01T08:05:00Z", "0.5", "ben@example.com", "the map is broken"],
    ];
    let write = |header: [&str; 4], order: [usize; 4], delimiter: &str| {
        let line = |cells: [&str; 4]| order.map(|at| cells[at]).join(delimiter);
        format!("{}\n{}\n{}\n", line(header), line(rows[0]), line(rows[1]))
    };
    let plain = write(["timestamp", "credits", "user", "prompt"], [0, 1, 2, 3], ",");
    let other = write(["Created At", "CREDITS_USED", "User Email", "Message"], [3, 1, 0, 2], ";");
    let (_a, a) = file("a.csv", plain);
    let (_b, b) = file("b.csv", other);
    let (_c, one, _) = audit(&[&a], &[]);
    let (_d, two, ran) = audit(&[&b], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(body(&one), body(&two));
}

#[test]
fn overlapping_exports_count_once() {
    let october = Path::new("sample-data/ledger-2026-10.csv");
    let text = fs::read_to_string(october).unwrap();
    let half: Vec<&str> = text.lines().take(120).collect();
    let (_dir, copy) = file("again.csv", half.join("\n"));
    let (_a, once, _) = audit(&[october], &[]);
    let (_b, twice, _) = audit(&[october, &copy], &[]);
    assert_eq!(body(&once), body(&twice));
    let files = json(&twice.join("report.json"))["input"]["files"].clone();
    let duplicates: u64 = files.as_array().unwrap().iter().map(|file| file["duplicates"].as_u64().unwrap()).sum();
    assert_eq!(duplicates, 119);
}

#[test]
fn an_export_of_one_user_beside_the_whole_one_counts_once() {
    let row = |n: u32| format!("2026-10-{:02}T08:00:{:02}Z,u{},1.{n}\n", 1 + n / 4, n % 60, n % 4);
    let header = "timestamp,user,credits\n";
    let all: String = (0..100).map(row).collect();
    let of_one: String = (0..100).filter(|n| n % 4 == 3).map(row).collect();
    let (_a, whole) = file("whole.csv", header.to_owned() + &all);
    let (_b, part) = file("part.csv", header.to_owned() + &of_one);
    let (_c, once, _) = audit(&[&whole], &[]);
    let (_d, both, _) = audit(&[&whole, &part], &[]);
    assert_eq!(body(&once), body(&both));
}

#[test]
fn standard_input_reads_as_a_file_does() {
    let text = fs::read_to_string("sample-data/ledger-2026-08.csv").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("report");
    let ran = with_input(&["audit", "-", "-o", output.to_str().unwrap()], &text);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (_a, named, _) = audit(&[Path::new("sample-data/ledger-2026-08.csv")], &[]);
    assert_eq!(body(&output), body(&named));
}

#[test]
fn a_filter_selects_and_never_changes_a_class() {
    let (_a, all, _) = audit(&[Path::new(SAMPLES)], &[]);
    let (_b, some, ran) = audit(&[Path::new(SAMPLES)], &["--user", "theo.lindqvist@example.com"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let of_theo = |report: &Path| {
        let rows = json(&report.join("report.json"))["by_user"].clone();
        let rows = rows.as_array().unwrap().iter().filter(|row| row["user"] == "theo.lindqvist@example.com");
        rows.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_theo(&all), of_theo(&some));
    let (_c, none, ran) = audit(&[Path::new(SAMPLES)], &["--user", "nobody"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no event is left"), "{}", ran.stderr);
    assert!(!none.exists());
}

#[test]
fn a_plan_gives_credits_their_price() {
    let (_dir, report, _) = audit(&[Path::new("sample-data/ledger-2026-08.csv")], &["--plan", "builder"]);
    let report = json(&report.join("report.json"));
    let message = &report["totals"].as_array().unwrap()[0];
    assert_eq!((message["amount"].as_str(), message["value"].as_str()), (Some("103.1"), Some("20.62")));
    let integration = &report["totals"].as_array().unwrap()[1];
    assert!(integration["value"].is_null());
}

#[test]
fn rejected_rows_can_be_repaired_and_read_again() {
    let (_dir, report, ran) = audit(&[Path::new("sample-data/messy-export.csv")], &[]);
    assert_eq!(ran.code, 0);
    let rejects = fs::read_to_string(report.join("rejects.csv")).unwrap();
    assert_eq!(rejects.lines().count(), 6, "{rejects}");
    let repaired = rejects.replace("n/a?", "2").replace("2026-07-32", "2026-07-31");
    let (_dir, repaired) = file("repaired.csv", repaired);
    let inspected = creditscope(&["inspect".as_ref(), repaired.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let inspected: Value = serde_json::from_str(&inspected.stdout).unwrap();
    assert_eq!(inspected["files"][0]["accepted"], 2, "{inspected}");
}

#[test]
fn too_many_rejected_rows_exit_with_3_and_still_report() {
    let path = Path::new("sample-data/messy-export.csv");
    let (_a, report, ran) = audit(&[path], &["--max-rejects", "5%"]);
    assert_eq!(ran.code, 3);
    assert!(report.join("report.html").is_file());
    let (_b, _, ran) = audit(&[path], &["--max-rejects", "0.5"]);
    assert_eq!(ran.code, 0);
}

#[test]
fn a_report_in_a_folder_is_not_read_as_input() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy("sample-data/messy-export.csv", dir.path().join("messy.csv")).unwrap();
    let output = dir.path().join("audit-report");
    for _ in 0..2 {
        let args = ["audit".as_ref(), dir.path().as_os_str(), "-o".as_ref(), output.as_os_str()];
        let ran = creditscope(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&output.join("report.json"));
        assert_eq!(report["input"]["files"].as_array().unwrap().len(), 1);
    }
    fs::copy("sample-data/ledger-2026-08.csv", output.join("mine.csv")).unwrap();
    let inspected = creditscope(&["inspect".as_ref(), dir.path().as_os_str()]);
    assert!(inspected.stdout.contains("audit-report/mine.csv"), "{}", inspected.stdout);
}

#[test]
fn a_refund_takes_the_class_of_what_it_refunds() {
    let rows = "timestamp,credits,prompt\n2026-10-01T08:00:00Z,6,Create an app for booking tables\n\
                2026-10-01T08:05:00Z,4,it still does not work: error 500\n2026-10-01T09:00:00Z,-4,\n";
    let (_dir, path) = file("refund.csv", rows);
    let (_out, report, _) = audit(&[&path], &[]);
    let report = json(&report.join("report.json"));
    let fix = report["by_action"].as_array().unwrap().iter().find(|row| row["action"] == "fix").unwrap();
    assert_eq!((&fix["events"], &fix["amount"]), (&2.into(), &"0".into()));
    assert_eq!(report["totals"][0]["amount"], "6");
}

#[test]
fn who_paid_is_told_where_the_export_tells_it() {
    let (_dir, report, ran) = audit(&[Path::new("sample-data/cursor-usage.csv")], &[]);
    let basis = json(&report.join("report.json"))["totals"][0]["basis"].clone();
    assert_eq!((&basis["billed"]["amount"], &basis["included"]["amount"]), (&"2.24".into(), &"2.57".into()));
    assert!(ran.stdout.contains("$2.24 billed"), "{}", ran.stdout);
}

#[test]
fn a_report_is_verified_until_something_changes() {
    let (_input, path) = file("ledger.csv", "timestamp,credits\n2026-10-01T08:00:00Z,1\n");
    let (_names, people) = file("people.toml", "[users]\n\"ada@example.com\" = [\"ada-l\"]\n");
    let (_dir, report, ran) = audit(&[&path], &["--aliases", people.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let files = json(&report.join("manifest.json"))["files"].clone();
    assert_eq!((files.as_array().unwrap().len(), &files[0]["option"]), (1, &"--aliases".into()), "{files}");
    assert!(files[0]["path"].as_str().unwrap().ends_with("people.toml") && files[0]["sha256"].is_string(), "{files}");
    let verify = || crate::command::creditscope(&["verify".as_ref(), report.as_os_str()]);
    let told = verify();
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    std::fs::write(&people, "[users]\n").unwrap();
    let told = verify();
    assert!(told.code == 1 && told.stdout.contains("people.toml  CHANGED"), "{}", told.stdout);
    std::fs::write(&path, "timestamp,credits\n2026-10-01T08:00:00Z,2\n").unwrap();
    std::fs::remove_file(report.join("report.xlsx")).unwrap();
    let told = verify();
    assert_eq!(told.code, 1);
    assert!(told.stdout.contains("report.xlsx  MISSING") && told.stdout.contains("CHANGED"), "{}", told.stdout);
    assert_eq!(crate::command::creditscope(&["verify", "src"]).code, 2);
}

#[test]
fn regions_of_the_page_are_told_apart_by_their_labels() {
    let (_dir, report, _) = audit(&["sample-data".as_ref()], &[]);
    let page = std::fs::read_to_string(report.join("report.html")).unwrap();
    let labels: Vec<&str> =
        page.split("role=region aria-label=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::BTreeSet<&str> = labels.iter().copied().collect();
    assert!(labels.len() > 20 && distinct.len() == labels.len(), "{labels:#?}");
}
