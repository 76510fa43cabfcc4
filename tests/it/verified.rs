//! `verify`: what was changed is found, and a report comes out of its inputs again, byte for byte.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::command::{Ran, audit, creditscope, file};

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
    assert!(told.code == 0 && told.stdout.contains("only their --salt"), "{}", told.stdout);
    let told = creditscope(&["verify".as_ref(), report.as_os_str(), "--salt".as_ref(), salt.as_ref()]);
    assert!(told.code == 0 && told.stdout.contains(AGAIN), "{}", told.stdout);
}
