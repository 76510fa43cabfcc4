//! One person under several names.
use std::fs;

use crate::{
    audit::body,
    command::{audit, creditscope, file, json},
};

const TWO_NAMES: &str = "timestamp,credits,user,app\n2026-10-01T08:00:00Z,1,ada@example.com,shop\n\
    2026-10-01T08:10:00Z,2,Ada Lovelace,shop\n2026-10-01T08:20:00Z,4,ADA-L,shop\n";

#[test]
fn aliases_join_users_and_their_sessions() {
    let (_a, path) = file("team.csv", TWO_NAMES);
    let one = TWO_NAMES.replace("Ada Lovelace", "ada@example.com").replace("ADA-L", "ada@example.com");
    let (_b, same) = file("one.csv", one);
    let (_c, toml) = file("people.toml", "[users]\n\"ada@example.com\" = [\"ada lovelace\", \"ada-l\", \"nobody\"]\n");
    let (_d, csv) = file("people.csv", "user,alias\nada@example.com,Ada Lovelace\nada@example.com,ada-l\n");
    let (_e, expected, _) = audit(&[&same], &[]);
    for aliases in [&toml, &csv] {
        let (_f, report, ran) = audit(&[&path], &["--aliases", aliases.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(body(&report), body(&expected));
        assert_eq!(json(&report.join("report.json"))["by_session"].as_array().unwrap().len(), 1);
    }
    let (_g, report, _) = audit(&[&path], &["--aliases", toml.to_str().unwrap(), "--user", "Ada-L"]);
    let report = json(&report.join("report.json"));
    assert_eq!(report["totals"][0]["amount"], "7");
    let notes = report["input"]["notes"].to_string();
    assert!(notes.contains("name nobody in the files: \\\"nobody\\\""), "{notes}");
}

#[test]
fn a_contradiction_stops_the_run() {
    let (_a, path) = file("team.csv", TWO_NAMES);
    let (_b, aliases) = file("people.toml", "[users]\na = ['x']\nb = ['x']\n");
    let (_c, report, ran) = audit(&[&path], &["--aliases", aliases.to_str().unwrap()]);
    assert_eq!((ran.code, report.exists()), (2, false));
    assert!(ran.stderr.contains("people.toml: \"x\" is an alias of both \"a\" and \"b\""), "{}", ran.stderr);
}

#[test]
fn inspect_suggests_and_applies_nothing() {
    let rows = TWO_NAMES.replace("ADA-L", "eve@example.com").replace("ada@", "ada.lovelace@");
    let (dir, path) = file("team.csv", rows);
    let people = dir.path().join("people.toml");
    let inspect =
        || creditscope(&["inspect".as_ref(), path.as_os_str(), "--write-aliases".as_ref(), people.as_os_str()]);
    let ran = inspect();
    assert!(ran.stdout.contains("perhaps one person: ada.lovelace@example.com and Ada Lovelace"), "{}", ran.stdout);
    let (_b, report, _) = audit(&[&path], &[]);
    assert_eq!(json(&report.join("report.json"))["by_user"].as_array().unwrap().len(), 3);
    let (_c, report, ran) = audit(&[&path], &["--aliases", people.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(json(&report.join("report.json"))["by_user"].as_array().unwrap().len(), 2);
    let before = fs::read(&people).unwrap();
    let again = inspect();
    assert_eq!((again.code, fs::read(&people).unwrap()), (2, before), "a file of a person is not overwritten");
}
