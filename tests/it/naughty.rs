//! Names that break programs, as users, apps, features, sessions, prompts and files: no script runs, no cell is a formula,
//! negative numbers stay numbers, and the names can be had back.
use std::{collections::BTreeSet, fs, io::Read as _, path::Path};

use crate::{
    command::{audit, json, say, shared},
    screens::opened,
};

/// Names of our own that begin as formulas or as markup.
const OWN: [&str; 14] = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@sum(a1)",
    "=cmd|' /c calc'!A0",
    "\t=2",
    "＝1+1",
    "=hyperlink(\"http://x\")",
    "-1",
    "+49 30 123",
    "<script>console.error(1)</script>",
    "</script><img src=x onerror=console.error(2)>",
    "javascript:console.error(3)",
    "{{1+1}}${1+1}",
];

fn names() -> Vec<String> {
    let mut names: Vec<String> = OWN.map(str::to_owned).into();
    if let Some(folder) = shared("csv/blns") {
        let more: Vec<String> = serde_json::from_slice(&fs::read(folder.join("blns.json")).unwrap()).unwrap();
        names.extend(more.into_iter().filter(|name| !name.trim().is_empty()));
    }
    names
}

/// A ledger in which each name stands wherever a name can, and each row gives a little back.
fn ledger(names: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["timestamp", "credits", "user", "app", "feature", "session", "prompt", "model"]).unwrap();
    for (n, name) in names.iter().enumerate() {
        let at = |minute: usize| format!("2026-10-{:02}T{:02}:{minute:02}:00Z", 1 + n / 24 % 28, n % 24);
        let name = name.as_str();
        writer.write_record([&at(0), "2.5", name, name, name, name, name, name]).unwrap();
        writer.write_record([&at(1), "-3.75", name, name, name, name, "it fails", name]).unwrap();
    }
    writer.into_inner().unwrap()
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok_and(f64::is_finite)
}

/// No cell begins as a formula but numbers.
fn check_table(path: &Path) -> usize {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let mut negative = 0;
    for row in reader.records() {
        for cell in &row.unwrap() {
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
            assert!(!begins || is_number(cell), "{}: {cell:?}", path.display());
            negative += usize::from(cell.starts_with('-'));
        }
    }
    negative
}

#[test]
fn names_run_nothing_compute_nothing_and_come_back() {
    let names = names();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("=1+1 <img src=x onerror=console.error(4)>.csv");
    fs::write(&path, ledger(&names)).unwrap();
    let (_dir, report, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let tables = fs::read_dir(report.join("tables")).unwrap().map(|entry| entry.unwrap().path());
    let negative: usize = tables.map(|path| check_table(&path)).sum();
    assert!(negative > names.len(), "negative numbers stay numbers: {negative}");
    check_table(&report.join("rejects.csv"));
    let mut book = zip::ZipArchive::new(fs::File::open(report.join("report.xlsx")).unwrap()).unwrap();
    for index in 0..book.len() {
        let mut part = book.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        assert!(!name.starts_with("xl/worksheets/") || !text.contains("<f>") && !text.contains("<f "), "{name}");
        assert!(!name.contains("externalLink") && !text.contains("<hyperlink"), "{name}");
    }
    // what is read of a name is told as it was read: without blanks around it
    let told = json(&report.join("report.json"));
    let users: BTreeSet<&str> =
        told["by_user"].as_array().unwrap().iter().filter_map(|row| row["user"].as_str()).collect();
    let told_as: BTreeSet<String> = users.iter().map(|user| user.to_lowercase()).collect();
    let lost: Vec<&String> = names.iter().filter(|name| !told_as.contains(&name.trim().to_lowercase())).collect();
    assert!(lost.len() * 50 < names.len(), "{} of {} names are not told: {lost:?}", lost.len(), names.len());
    let Some((dom, complaints)) = opened(&report.join("report.html")) else { return };
    assert_eq!(complaints, "");
    assert!(dom.contains("&lt;img src=x"), "the page shows the name as text");
    say!("{} names were tried", names.len());
}
