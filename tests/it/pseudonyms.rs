//! `--pseudonymize`: no output names a user, and a person has the same pseudonym in every report.
use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::command::{creditscope, json};

/// Users in every place that a ledger has for them, and in rows that are refused.
const LEDGER: &str = "timestamp,user,app,session,feature,prompt,credits,billing contact
2026-10-05T08:00:00Z,Maya.Okafor@example.com,shop of maya.okafor,maya.okafor-1,checkout,Add a checkout,2,zoe@finance.example
2026-10-05T08:10:00Z,maya.okafor@example.com,shop of maya.okafor,maya.okafor-1,checkout,it fails,1,
2026-10-05T08:11:00Z,maya.okafor@example.com,shop of maya.okafor,maya.okafor-1,checkout,it still fails,1,
2026-10-05T08:12:00Z,maya.okafor@example.com,shop of maya.okafor,maya.okafor-1,checkout,it still fails again,1,
2026-10-05T08:13:00Z,maya.okafor@example.com,shop of maya.okafor,maya.okafor-1,checkout,it still fails and fails,1,
2026-10-05T09:00:00Z,Jörg Krüger,shop,with Jörg Krüger,search,Add a search,1.5,
2026-10-05T10:00:00Z,Nobody Accepted,shop,s3,search,Add a search,about three,
2026-10-05T11:00:00Z,Nobody Accepted,shop,s3,search,Add a search,2,surplus,Nobody Accepted
ask ben@else.example,Ben,shop,s3,search,Add a search,2,
2026-10-06T08:00:00Z,theo-l,shop,s4,mail of theo-l@example.com,Add a search,2.5,
";
const NAMES: [&str; 9] =
    ["maya", "okafor", "jörg", "krüger", "nobody accepted", "zoe@", "ben@else", "theo", "example.com"];

/// Every text that a report folder holds, unpacked, by the name of its file.
pub(crate) fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some(OsStr::new("xlsx")) {
                let mut book = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
                for index in 0..book.len() {
                    let mut part = book.by_index(index).unwrap();
                    let mut text = String::new();
                    part.read_to_string(&mut text).unwrap();
                    let inner = part.name().unwrap().into_owned();
                    texts.push((format!("{name}/{inner}"), text));
                }
            } else {
                let text = fs::read_to_string(&path).unwrap();
                texts.extend(unpacked(&text).map(|data| (format!("{name}, what its filters know"), data)));
                texts.push((name, text));
            }
        }
    }
    texts
}

/// The data that a page carries packed for its filters.
fn unpacked(page: &str) -> Option<String> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let packed = page.split("id=cube>").nth(1)?.split('<').next()?;
    let bits = packed.chars().filter_map(|letter| LETTERS.find(letter));
    let (mut bytes, mut held, mut count) = (Vec::new(), 0, 0);
    for six in bits {
        (held, count) = ((held << 6 | six) & 0xffff, count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(held >> count & 0xff).unwrap());
        }
    }
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert!(text.starts_with("{\"actions\""), "{}", &text[..40]);
    Some(text)
}

#[track_caller]
pub(crate) fn check_hidden(names: &[&str], texts: &[(String, String)]) {
    for (path, text) in texts {
        let text = text.to_lowercase();
        for name in names {
            if let Some(at) = text.find(name) {
                let around: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{path} names {name}: {around}[{name}]");
            }
        }
    }
}

/// Runs a command with a salt.
fn run(folder: &Path, args: &[&OsStr]) -> (String, String) {
    let salt = folder.join("salt");
    let secret = [OsStr::new("--pseudonymize"), OsStr::new("--salt"), salt.as_os_str()];
    let ran = creditscope(&[args, &secret].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (ran.stdout, ran.stderr)
}

fn ledger(folder: &Path) -> PathBuf {
    let ledger = folder.join("ledger of theo-l.csv");
    fs::write(&ledger, LEDGER).unwrap();
    ledger
}

#[test]
fn no_file_of_a_report_names_a_user() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, report) = (ledger(folder.path()), folder.path().join("report"));
    let aliases = folder.path().join("aliases.csv");
    fs::write(&aliases, "user,alias\ntheo-l,Theodor Lang\n").unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "-o".as_ref(), report.as_os_str(), "--aliases".as_ref()];
    let (stdout, stderr) = run(folder.path(), &[&args[..], &[aliases.as_os_str()]].concat());
    let mut texts = texts(&report);
    assert!(texts.len() > 30, "{}", texts.len());
    texts.extend([("stdout".to_owned(), stdout), ("stderr".to_owned(), stderr)]);
    check_hidden(&NAMES, &texts);
    let json = json(&report.join("report.json"));
    let users = json["by_user"].as_array().unwrap().iter().map(|row| row["user"].as_str().unwrap().to_owned());
    let users: Vec<String> = users.collect();
    assert!(users.len() == 3 && users.iter().all(|user| user.starts_with("user-") && user.len() == 17), "{users:?}");
    assert_eq!(json["input"]["rows"]["rejected"], 3);
    assert!(json["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == "fix-loop"));
}

#[test]
fn lines_name_nobody_and_a_person_is_the_same_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let other = folder.path().join("other.csv");
    fs::write(&other, "timestamp,user,credits\n2026-11-05T08:00:00Z,MAYA.OKAFOR@example.com,2\n").unwrap();
    let users = |path: &Path| -> BTreeSet<String> {
        let args = ["classify".as_ref(), path.as_os_str(), "--format".as_ref(), "jsonl".as_ref()];
        let (lines, _) = run(folder.path(), &args);
        check_hidden(&NAMES, &[("classify".to_owned(), lines.clone())]);
        let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
        lines.lines().map(|text| line(text)["user"].as_str().unwrap().to_owned()).collect()
    };
    let (all, one) = (users(&ledger), users(&other));
    assert!(one.len() == 1 && all.len() == 3 && one.is_subset(&all), "{one:?} {all:?}");
    let inspected = run(folder.path(), &["inspect".as_ref(), ledger.as_os_str()]).0;
    check_hidden(&NAMES, &[("inspect".to_owned(), inspected)]);
    let selected = run(
        folder.path(),
        &[
            "classify".as_ref(),
            ledger.as_os_str(),
            "--user".as_ref(),
            "theo-l".as_ref(),
            "--format".as_ref(),
            "jsonl".as_ref(),
        ],
    );
    assert_eq!(selected.0.lines().count(), 1, "a selection takes names and pseudonyms");
}

#[test]
fn figures_are_those_of_the_names() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let of = |options: &[&OsStr], name: &str| {
        let report = folder.path().join(name);
        let args = ["audit".as_ref(), ledger.as_os_str(), "-o".as_ref(), report.as_os_str()];
        let ran = creditscope(&[&args[..], options].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let json = json(&report.join("report.json"));
        let amounts = |key: &str| {
            let rows = json[key].as_array().unwrap().iter();
            let mut amounts: Vec<String> = rows.map(|row| format!("{} {}", row["amount"], row["events"])).collect();
            amounts.sort();
            amounts
        };
        ["totals", "by_user", "by_feature", "by_session", "findings", "chains"].map(amounts)
    };
    let salt = folder.path().join("salt");
    let masked = of(&["--pseudonymize".as_ref(), "--salt".as_ref(), salt.as_os_str()], "masked");
    assert_eq!(masked, of(&[], "named"));
    fs::write(&salt, "short").unwrap();
    let args = ["inspect".as_ref(), ledger.as_os_str(), "--pseudonymize".as_ref(), "--salt".as_ref(), salt.as_os_str()];
    let ran = creditscope(&args);
    assert!(ran.code == 2 && ran.stderr.contains("16 characters"), "{}", ran.stderr);
}
