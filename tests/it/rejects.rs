//! Rejected rows: each is located, holds what the row held, and can be repaired and read again.
use std::{fs, path::Path};

use csv::StringRecord;

use crate::{
    audit::body,
    command::{audit, creditscope, file, json},
};

const HEADER: [&str; 5] = ["timestamp", "credits", "user", "prompt", "app"];

/// Row `n` of a ledger whose cells are everything that makes a table hard to write.
fn row(n: usize) -> [String; 5] {
    let users = ["ada@example.com", "=cmd|' /C calc'!A0", "'quoted", "+1 555", "-", "Zoë"];
    let prompts = ["Add a login, with a code", "say \"hello\"", "first line\nsecond line", "@sum(1)", "fix the map"];
    let amount = if n.is_multiple_of(5) { format!("-0.{}", 1 + n % 7) } else { format!("1.{}", 1 + n % 9) };
    let time = format!("2026-10-{:02}T{:02}:{:02}:{:02}Z", 1 + n / 40, n % 24, n % 60, n * 7 % 60);
    [time, amount, users[n % users.len()].into(), prompts[n % prompts.len()].into(), format!("shop {}", n % 3)]
}

fn table(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Breaks a row in one of the ways that rows are broken.
fn broken(n: usize) -> Vec<String> {
    let mut cells = row(n).to_vec();
    match n % 4 {
        0 => "1,O".clone_into(&mut cells[1]),
        1 => cells[0] = format!("{} o'clock", n % 24),
        2 => cells.insert(3, "one cell too many".to_owned()),
        _ => drop(cells.remove(2)),
    }
    cells
}

/// What a person would do with such a row: put back what is wrong, leave the rest.
fn repaired(n: usize, cells: &StringRecord) -> Vec<String> {
    let mut cells: Vec<String> = cells.iter().map(str::to_owned).collect();
    let clean = row(n);
    match n % 4 {
        0 => cells[1].clone_from(&clean[1]),
        1 => cells[0].clone_from(&clean[0]),
        2 => {
            cells.remove(3);
            cells.insert(5, String::new());
        }
        _ => {
            cells.insert(2, format!("'{}", clean[2]));
            cells.remove(5);
        }
    }
    cells
}

#[test]
fn repaired_rejects_beside_the_rest_are_the_whole() {
    let bad = |n: usize| n.is_multiple_of(7);
    let (_a, clean) = file("clean.csv", table((0..200).map(|n| row(n).to_vec())));
    let (_b, original) = file("bad.csv", table((0..200).map(|n| if bad(n) { broken(n) } else { row(n).to_vec() })));
    let (_c, whole, ran) = audit(&[&clean], &["--keep-prompts"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (_d, partial, ran) = audit(&[&original], &["--keep-prompts"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rejects = fs::read(partial.join("rejects.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(rejects.as_slice());
    let header = reader.headers().unwrap().clone();
    assert_eq!(header.iter().take(5).collect::<Vec<_>>(), HEADER);
    assert_eq!(header.iter().skip(5).collect::<Vec<_>>(), ["", "_file", "_line", "_column", "_cause"]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    let mut lines = 1;
    for (n, row) in (0..200).filter(|n| bad(*n)).zip(reader.records()) {
        writer.write_record(repaired(n, &row.unwrap())).unwrap();
        lines += 1;
    }
    assert_eq!(lines, 1 + 29);
    let (_e, repaired) = file("repaired.csv", writer.into_inner().unwrap());
    let (_f, both, ran) = audit(&[&original, &repaired], &["--keep-prompts"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (one, two) = (body(&whole), body(&both));
    for (key, value) in one.as_object().unwrap() {
        assert_eq!(value, &two[key], "{key}");
    }
    let files = json(&both.join("report.json"))["input"]["files"].clone();
    let is_repaired = |file: &&serde_json::Value| file["path"].as_str().unwrap().ends_with("repaired.csv");
    let rows = files.as_array().unwrap().iter().find(is_repaired).unwrap();
    assert_eq!((&rows["accepted"], &rows["rejected"]), (&29.into(), &0.into()), "{rows}");
}

#[test]
fn each_problem_stands_where_it_is_said_to_stand() {
    let text = table((0..60_usize).map(|n: usize| if n.is_multiple_of(7) { broken(n) } else { row(n).to_vec() }));
    let (_a, path) = file("bad.csv", [b"\xef\xbb\xbf".as_slice(), &text].concat());
    let bytes = fs::read(&path).unwrap();
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let problems = told["files"][0]["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 9);
    for (problem, n) in problems.iter().zip((0..60_usize).step_by(7)) {
        let rest = &bytes[usize::try_from(problem["byte"].as_u64().unwrap()).unwrap()..];
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest);
        let row: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(row, broken(n));
    }
}

#[test]
fn rows_of_the_wrong_width_keep_the_names_that_others_have() {
    let rows = "timestamp,user,app,prompt,credits\n2026-10-01T08:00:00Z,Ada@example.com,shop,add a cart,1\n\
                2026-10-01T09:00:00Z,Ada@example.com,shop,move it, please,2\n";
    let (_a, path) = file("wide.csv", rows);
    let (_b, report, _) = audit(&[&path], &[]);
    let rejects = fs::read_to_string(report.join("rejects.csv")).unwrap();
    let row = rejects.lines().nth(1).unwrap();
    assert!(row.starts_with("2026-10-01T09:00:00Z,Ada@example.com,shop,,,2,"), "{row}");
}

#[test]
fn an_open_quote_leaves_its_cells() {
    let rows = "timestamp,user,credits,app\n2026-10-01T08:00:00Z,ada,1,\"shop\n2026-10-01T09:00:00Z,ben,2,shop\n";
    let (_a, path) = file("quote.csv", rows);
    let (_b, report, _) = audit(&[&path], &[]);
    let rejects = fs::read(report.join("rejects.csv")).unwrap();
    let (_c, again) = file("again.csv", rejects);
    let (_d, report, ran) = audit(&[&path, &again], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(json(&report.join("report.json"))["totals"][0]["amount"], "3");
}

#[test]
fn rows_of_other_headers_stand_in_files_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.csv"), "timestamp,credits\nsoon,1\n2026-10-01T08:00:00Z,1\n").unwrap();
    fs::write(dir.path().join("b.csv"), "user,credits,timestamp\nada,x,2026-10-01T08:00:00Z\n").unwrap();
    let (_out, report, ran) = audit(&[dir.path()], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let first = |name: &str| fs::read_to_string(report.join(name)).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(first("rejects.csv"), "timestamp,credits,_file,_line,_column,_cause");
    assert_eq!(first("rejects-2.csv"), "user,credits,timestamp,_file,_line,_column,_cause");
    let notes = json(&report.join("report.json"))["input"]["notes"].to_string();
    assert!(notes.contains("rejects.csv to rejects-2.csv"), "{notes}");
}

#[test]
fn a_repaired_row_is_read_as_its_file_was() {
    let rows = "timestamp;credits\n2026-10-01;-1,5\n2026-10-02;-2,25\n2026-10-03;-0,5\n4 October;-1.250\n";
    let (_a, path) = file("comma.csv", rows);
    let (_b, report, ran) = audit(&[&path], &["--decimal", "comma", "--tz", "UTC"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rejects = fs::read_to_string(report.join("rejects.csv")).unwrap();
    let (_c, again) = file("again.csv", rejects.replace("4 October", "2026-10-04"));
    let (_d, report, ran) = audit(&[&again], &["--tz", "UTC"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(json(&report.join("report.json"))["totals"][0]["amount"], "1250");
}

#[test]
fn inspect_answers_in_json_where_nothing_is() {
    let dir = tempfile::tempdir().unwrap();
    let none = dir.path().join("none.csv");
    let sample = Path::new("sample-data/ledger-2026-10.csv");
    let ran = creditscope(&["inspect".as_ref(), none.as_os_str(), sample.as_os_str(), "--format=json".as_ref()]);
    assert_eq!(ran.code, 2);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let skipped = &told["skipped"][0];
    assert!(skipped["path"].as_str().unwrap().ends_with("none.csv"), "{skipped}");
    assert!(skipped["cause"].as_str().unwrap().contains("no such file"), "{skipped}");
    assert_eq!(told["files"][0]["source"], "ledger");
    let ran = creditscope(&["inspect".as_ref(), none.as_os_str(), "--format=json".as_ref()]);
    assert_eq!((ran.code, serde_json::from_str::<serde_json::Value>(&ran.stdout).is_ok()), (2, true));
}

#[test]
fn sums_of_all_files_count_each_event_once() {
    let sample = fs::read("sample-data/ledger-2026-10.csv").unwrap();
    let (_dir, copy) = file("copy.csv", sample);
    let ran = creditscope(&["inspect".as_ref(), "sample-data/ledger-2026-10.csv".as_ref(), copy.as_os_str()]);
    assert!(ran.stdout.contains("together, each event once: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("(duplicates included)"), "{}", ran.stdout);
}

#[test]
fn refunds_are_no_prompts() {
    let rows = "timestamp,credits\n2026-10-01T08:00:00Z,3\n2026-10-01T09:00:00Z,2\n2026-10-01T10:00:00Z,-1\n";
    let (_a, path) = file("refund.csv", rows);
    let (_b, report, ran) = audit(&[&path], &[]);
    assert!(ran.stdout.contains("2 prompts and 1 refund"), "{}", ran.stdout);
    let html = fs::read_to_string(report.join("report.html")).unwrap();
    assert!(html.contains("2 prompts and 1 refund") && !html.contains("3 prompts"));
}

#[test]
fn a_row_that_nobody_repaired_is_no_header_of_another_table() {
    let (dir, path) = file(
        "ledger.csv",
        "timestamp,user,credits\n2026-10-01T10:00:00Z,ada,1\n2026-10-01T10:05:00Z,ada,one\nsoon,ada,two\n\
         2026-10-01T10:15:00Z,ada,three\n",
    );
    let (_report, output, _) = audit(&[&path], &[]);
    let rejects = fs::read_to_string(output.join("rejects.csv")).unwrap();
    let repaired = dir.path().join("repaired.csv");
    fs::write(&repaired, rejects.replace(",one,", ",2,").replace(",three,", ",4,")).unwrap();
    let found = &crate::command::inspected(&repaired, 0)["files"][0];
    assert_eq!((&found["accepted"], &found["rejected"]), (&2.into(), &1.into()), "{found}");
    assert_eq!(found["amounts"][0]["amount"], "6");
}
