//! `verify`: what was changed is found, and a report comes out of its inputs again, byte for byte.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::command::{Ran, audit, creditscope, file, with_input};

const LEDGER: &str = "timestamp,credits,workspace,user,app,feature,kind
2026-09-01T09:00:00Z,4,w,maya@example.com,shop,cart,generation
2026-09-01T09:30:00Z,6.25,w,maya@example.com,shop,cart,revision
2026-09-02T09:00:00Z,5,w,ben@example.com,crm,list,generation
2026-09-02T09:10:00Z,2,w,ben@example.com,crm,list,fix
2026-09-02T09:10:00Z,about two,w,ben@example.com,crm,list,fix
";
const AGAIN: &str = "it comes out of them again";

fn verify(report: &Path) -> Ran {
    creditscope(&["verify".as_ref(), report.as_os_str()])
}

#[track_caller]
fn check(options: &[&str]) {
    let (_input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, ran) = audit(&[&path], options);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&report);
    assert!(told.code == 0 && told.stdout.contains(AGAIN), "{options:?}: {}{}", told.stdout, told.stderr);
}

#[test]
fn a_report_is_made_again_whatever_it_was_asked() {
    check(&[]);
    check(&["--tz", "Europe/Berlin", "--from", "2026-09-01", "--to", "2026-09-02", "--user", "MAYA@example.com"]);
    check(&["--cycle", "2026-09", "--reset-day", "1", "--plan", "pro", "--risk", "80%", "--billing", "yearly"]);
    check(&["--action", "fix", "--meter", "message", "--feature", "list", "--max-rows", "1", "--keep-prompts"]);
    check(&["--gap", "45m", "--decimal", "point", "--date-order", "day", "--unit", "credits", "--source", "ledger"]);
}

#[test]
fn nothing_makes_a_report_of_months_again_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bundles, report) =
        (dir.path(), ["08", "09"].map(|month| dir.path().join(month)), dir.path().join("report"));
    for (bundle, month) in bundles.iter().zip(["08", "09"]) {
        let ledger = format!("sample-data/ledger-2026-{month}.csv");
        let ran = creditscope(&["rollup".as_ref(), ledger.as_ref(), "-o".as_ref(), bundle.as_os_str()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let [one, other] = &bundles;
    let ran = creditscope(&["report".as_ref(), one.as_os_str(), other.as_os_str(), "-o".as_ref(), report.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&report);
    assert_eq!(told.code, 4, "{}{} {}", told.stdout, told.stderr, path.display());
    assert!(told.stdout.contains("bundles of one workspace"), "{}", told.stdout);
    fs::write(report.join("tables/by_user.csv"), "user\n").unwrap();
    assert_eq!(verify(&report).code, 1);
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_byte_that_is_changed_in_any_file_is_told() {
    let (_input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, _) = audit(&[&path], &[]);
    let all = files(&report);
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        let bytes = fs::read(&path).unwrap();
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        fs::write(&path, other).unwrap();
        let told = creditscope(&["verify".as_ref(), report.as_os_str(), "--quick".as_ref()]);
        // a manifest may be changed so that it is none, or so that it tells other digests than there are
        let is_manifest = path.ends_with("manifest.json");
        assert!(told.code == 1 || is_manifest, "{}: {}", path.display(), told.stdout);
        if is_manifest {
            assert_ne!(verify(&report).code, 0, "{}", verify(&report).stdout);
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(verify(&report).code, 0);
}

#[test]
fn a_forged_figure_is_found_though_the_manifest_was_forged_with_it() {
    let (_input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, _) = audit(&[&path], &[]);
    let table = report.join("tables/by_user.csv");
    let old = fs::read_to_string(&table).unwrap();
    let new = old.replace("10.25", "9.25");
    assert_ne!(old, new);
    fs::write(&table, &new).unwrap();
    let manifest = fs::read_to_string(report.join("manifest.json")).unwrap();
    let digest = creditscope::model::digest::sha256;
    fs::write(report.join("manifest.json"), manifest.replace(&digest(old.as_bytes()), &digest(new.as_bytes())))
        .unwrap();
    let quick = creditscope(&["verify".as_ref(), report.as_os_str(), "--quick".as_ref()]);
    assert_eq!(quick.code, 0, "digests alone agree: {}", quick.stdout);
    let told = verify(&report);
    assert!(told.code == 1 && told.stdout.contains("again   tables/by_user.csv  CHANGED"), "{}", told.stdout);
}

#[test]
fn a_masked_report_is_made_again_with_its_salt() {
    let (folder, path) = file("ledger.csv", LEDGER);
    let salt = folder.path().join("salt").display().to_string();
    let (_dir, report, ran) = audit(&[&path], &["--pseudonymize", "--salt", &salt, "--user", "ben@example.com"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&report);
    assert!(told.code == 4 && told.stdout.contains("only their --salt"), "{}", told.stdout);
    let told = creditscope(&["verify".as_ref(), report.as_os_str(), "--salt".as_ref(), salt.as_ref()]);
    assert!(told.code == 0 && told.stdout.contains(AGAIN), "{}", told.stdout);
}

/// What `verify` says of a report whose manifest was changed.
#[track_caller]
fn check_forged(forge: impl Fn(&mut serde_json::Map<String, serde_json::Value>), code: i32, said: &str) {
    let (_input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, _) = audit(&[&path], &[]);
    let manifest = report.join("manifest.json");
    let mut forged = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    forge(&mut forged);
    fs::write(&manifest, serde_json::to_vec_pretty(&forged).unwrap()).unwrap();
    let told = verify(&report);
    assert!(told.code == code && told.stdout.contains(said), "{}: {}{}", told.code, told.stdout, told.stderr);
}

#[test]
fn a_manifest_that_does_not_tell_how_it_was_made_proves_nothing() {
    check_forged(|manifest| drop(manifest.remove("again")), 1, "does not tell how it was made");
    let null = serde_json::Value::Null;
    check_forged(|manifest| drop(manifest.insert("again".to_owned(), null.clone())), 1, "does not tell how");
    let piped = |manifest: &mut serde_json::Map<String, serde_json::Value>| {
        manifest.remove("again");
        manifest.insert("not_again".to_owned(), "standard-input".into());
    };
    check_forged(piped, 1, "does not tell how it was made");
    let again = |arguments: &'static [&'static str]| {
        move |manifest: &mut serde_json::Map<String, serde_json::Value>| {
            manifest.insert("again".to_owned(), arguments.into());
        }
    };
    check_forged(again(&["--tz=UTC", "--", "-"]), 1, "standard input, which it does not digest");
    check_forged(again(&["--labels=/etc/passwd", "--", "ledger.csv"]), 1, "which it does not digest");
    check_forged(again(&["--salt=own", "--pseudonymize", "--", "ledger.csv"]), 1, "which it does not digest");
    check_forged(again(&["--nonsense", "--"]), 1, "reading how it was made");
    check_forged(again(&["--tz=UTC", "--", "src"]), 4, "of which it digests nothing");
}

#[test]
fn a_file_that_the_manifest_does_not_name_is_told_and_a_changed_one_is_told_once() {
    let (_input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, _) = audit(&[&path], &[]);
    fs::write(report.join("tables/by_person.csv"), "user,amount\nmaya,9999\n").unwrap();
    let told = verify(&report);
    assert!(told.code == 1 && told.stdout.contains("tables/by_person.csv  STRANGER"), "{}", told.stdout);
    fs::remove_file(report.join("tables/by_person.csv")).unwrap();
    assert_eq!(verify(&report).code, 0);
    fs::write(report.join("tables/by_user.csv"), "user,amount\n").unwrap();
    let told = verify(&report);
    assert!(told.code == 1 && told.stdout.matches("by_user.csv").count() == 1, "{}", told.stdout);
}

#[test]
fn a_report_of_standard_input_is_told_to_be_unproven() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let place = report.display().to_string();
    let ran = with_input(&["audit", "-", "-o", &place], LEDGER);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&report);
    assert!(told.code == 4 && told.stdout.contains("NOTHING PROVES THE FIGURES"), "{}", told.stdout);
}

#[test]
fn a_bundle_is_made_again_too() {
    let (folder, path) = file("ledger.csv", LEDGER);
    let bundle = folder.path().join("bundle");
    let place = bundle.display().to_string();
    let ran = creditscope(&[
        "rollup",
        &path.display().to_string(),
        "--user",
        "ben@example.com",
        "--gap",
        "45m",
        "-o",
        &place,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&bundle);
    assert!(told.code == 0 && told.stdout.contains(AGAIN), "{}{}", told.stdout, told.stderr);
    let report = folder.path().join("report");
    let ran = creditscope(&["report", &place, "-o", &report.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = verify(&report);
    assert!(told.code == 0 && told.stdout.contains(AGAIN), "{}{}", told.stdout, told.stderr);
}

#[test]
fn a_report_whose_inputs_are_elsewhere_is_not_called_false() {
    let (input, path) = file("ledger.csv", LEDGER);
    let (_dir, report, _) = audit(&[&path], &[]);
    drop(input);
    let told = verify(&report);
    assert!(told.code == 4 && told.stdout.contains("inputs are not here"), "{}", told.stdout);
    fs::remove_file(report.join("report.json")).unwrap();
    let told = verify(&report);
    assert!(told.code == 1 && told.stdout.contains("report.json  MISSING"), "{}", told.stdout);
}
