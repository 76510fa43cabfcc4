//! The workbook and the tables in a real spreadsheet program, where there is one.
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::{audit, file, json, say};

/// Converts a file with `LibreOffice`; `None`, and a word about it, where it is not installed.
fn converted(input: &Path, to: &str) -> Option<Vec<PathBuf>> {
    let Ok(found) = Command::new("soffice").arg("--version").output() else {
        say!("skipped: no LibreOffice on this machine");
        return None;
    };
    assert!(found.status.success());
    let (profile, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap().keep());
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(&out)
        .arg(input)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).to_lowercase();
    let complaint =
        talk.lines().find(|line| (line.contains("error") || line.contains("warn")) && !line.contains("java"));
    assert_eq!(complaint, None, "{talk}");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    Some(files)
}

/// One CSV file a sheet, formulas shown as formulas.
const EVERY_SHEET: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";

fn records(path: &Path) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(path).unwrap();
    reader.records().map(Result::unwrap).collect()
}

fn nanos(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

#[test]
fn a_spreadsheet_opens_the_workbook_with_the_same_totals() {
    let (_dir, report, ran) = audit(&[Path::new("sample-data")], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let Some(sheets) = converted(&report.join("report.xlsx"), EVERY_SHEET) else { return };
    let report = json(&report.join("report.json"));
    for (sheet, keys) in [("Users", 1), ("Features", 3), ("Sessions", 4), ("Days", 1), ("Actions", 1)] {
        let path = sheets.iter().find(|path| path.to_string_lossy().ends_with(&format!("-{sheet}.csv"))).unwrap();
        let rows = records(path);
        let mut sums: BTreeMap<String, i128> = BTreeMap::new();
        for row in &rows[1..] {
            *sums.entry([&row[0], &row[1], &row[2]].join(" ")).or_default() += nanos(&row[row.len() - 1]);
            let shown: f64 = row[4 + keys].replace([',', '$'], "").parse().unwrap();
            let exact: f64 = row[row.len() - 1].parse().unwrap();
            assert!((shown - exact).abs() <= 0.501, "{sheet}: {row:?}");
        }
        for total in report["totals"].as_array().unwrap() {
            let key = ["provider", "meter", "unit"].map(|name| total[name].as_str().unwrap()).join(" ");
            assert_eq!(sums.get(&key), Some(&nanos(total["amount"].as_str().unwrap())), "{sheet}: {key}");
        }
    }
}

#[test]
fn names_are_no_formulas_in_a_spreadsheet() {
    let names = ["=1+1", "+1+1", "-2+3", "@sum(a1)", "=cmd|' /c calc'!A0", "'=1", "\t=2", "=hyperlink(\"http://x\")"];
    let mut rows = "timestamp,credits,user,app,feature,session\n".to_owned();
    for minute in 10..40 {
        rows += &format!("2026-10-01T09:{minute}:00Z,5,ana,Shop,Cart,a\n");
    }
    for name in names {
        let name = name.replace('"', "\"\"");
        rows += &format!("2026-10-01T08:00:00Z,-1.5,\"{name}\",\"{name}\",\"{name}\",\"{name}\"\n");
    }
    let (_input, path) = file("=1+1.csv", rows);
    let (_dir, report, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let Some(sheets) = converted(&report.join("report.xlsx"), EVERY_SHEET) else { return };
    let users = sheets.iter().find(|path| path.to_string_lossy().ends_with("-Users.csv")).unwrap();
    let shown: Vec<String> = records(users)[1..].iter().map(|row| row[3].trim().to_owned()).collect();
    for name in names {
        assert!(shown.iter().any(|user| user == name.trim()), "{name:?} is not among {shown:?}");
    }
    let table = report.join("tables/by_user.csv");
    let opened = converted(&table, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true").unwrap();
    for row in &records(&opened[0])[1..] {
        let is_number = row[5].starts_with('-') && row[5].parse::<f64>().is_ok();
        assert!(&row[3] == "ana" || row[3].starts_with('\'') && is_number, "{row:?}");
    }
}
