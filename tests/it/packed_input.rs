//! Compressed files and archives hold the same as the files in them; damaged ones and bombs are refused.
use std::{path::Path, time::Instant};

use crate::{
    command::{audit, body, creditscope, file, inspected, json, with_bytes},
    twins::{gz, zip, zst},
};

const LEDGER: &str = "sample-data/ledger-2026-10.csv";

#[test]
fn a_packed_ledger_reads_the_same() {
    let plain = std::fs::read(LEDGER).unwrap();
    let (expected, counts) = body(&[Path::new(LEDGER)], &[]);
    for (name, bytes, path) in [
        ("a.csv.gz", gz(&plain), "a.csv.gz"),
        ("ending-lies.csv", zst(&plain), "ending-lies.csv"),
        ("a.zip", zip(&[("in/a.csv", &plain)]), "a.zip/in/a.csv"),
        ("gz-in.zip", zip(&[("a.csv.gz", &gz(&plain)), ("readme.txt", b"hello")]), "gz-in.zip/a.csv.gz"),
        ("zip-in.zip", zip(&[("deep.zip", &zip(&[("a.csv", &plain)]))]), "zip-in.zip/deep.zip/a.csv"),
    ] {
        let (_dir, packed) = file(name, &bytes);
        let (got, twin) = body(&[&packed], &[]);
        assert_eq!(got, expected, "{name}");
        assert!(twin["path"].as_str().unwrap().ends_with(&format!("/{path}")), "{name}: {twin}");
        for part in ["physical_rows", "header", "skipped", "accepted", "rejected"] {
            assert_eq!(twin[part], counts[part], "{name}");
        }
        let ran = with_bytes(&["inspect", "-", "--format", "json"], &bytes);
        assert_eq!(ran.code, 0, "{name} on standard input: {}", ran.stderr);
    }
}

#[test]
fn the_members_of_an_archive_are_files_of_their_own() {
    let months = ["sample-data/ledger-2026-08.csv", "sample-data/ledger-2026-09.csv"];
    let texts = months.map(|month| std::fs::read(month).unwrap());
    let (_dir, packed) = file("months.zip", zip(&[("9.csv", &texts[1]), ("8.csv", &texts[0]), ("notes.txt", b"hi")]));
    let (expected, _) = body(&months.map(Path::new), &[]);
    assert_eq!(body(&[&packed], &[]).0, expected);
    let report = inspected(&packed, 0);
    let names = |list: &str| {
        let files = report[list].as_array().unwrap().iter();
        files.map(|file| file["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((names("files"), names("skipped")), (vec!["8.csv".into(), "9.csv".into()], vec!["notes.txt".into()]));
}

#[track_caller]
fn check_refused(name: &str, bytes: &[u8], expected: &str) {
    let (dir, path) = file(name, bytes);
    let started = Instant::now();
    let (_out, report, ran) = audit(&[&path], &[]);
    assert!(started.elapsed().as_secs() < 60, "{name} took {:?}", started.elapsed());
    assert_eq!((ran.code, report.exists()), (2, false), "{name}: {}", ran.stderr);
    assert!(ran.stderr.contains(name) && ran.stderr.contains(expected), "{name}: {}", ran.stderr);
    // In a folder the other files are read, and the report says what is missing.
    std::fs::copy(LEDGER, dir.path().join("fine.csv")).unwrap();
    let (_out, report, ran) = audit(&[dir.path()], &[]);
    assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
    assert!(ran.stdout.contains("NOT READ: ") && ran.stdout.contains(name), "{name}: {}", ran.stdout);
    let html = std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(html.contains("<strong>Not read:</strong>") && html.contains(name), "{name}");
    let unread = &json(&report.join("report.json"))["input"]["unread"];
    assert!(
        unread[0].as_str().is_some_and(|said| said.contains(name) && said.contains(" is missing here: ")),
        "{unread}"
    );
    assert_eq!(unread.as_array().map(Vec::len), Some(1), "{unread}");
}

#[test]
fn what_is_cut_damaged_or_packed_otherwise_is_refused() {
    let plain = std::fs::read(LEDGER).unwrap();
    let packed = gz(&plain);
    check_refused("cut.csv.gz", &packed[..packed.len() / 2], "break off");
    let mut changed = packed.clone();
    changed[packed.len() / 2] ^= 0x55;
    check_refused("changed.csv.gz", &changed, "damaged near byte");
    check_refused("more.csv.gz", &[packed, b"more".to_vec()].concat(), "no gzip any more");
    check_refused("cut.zst", &zst(&plain)[..500], "break off");
    let archive = zip(&[("a.csv", &plain)]);
    check_refused("cut.zip", &archive[..archive.len() - 30], "cut short or damaged");
    let mut changed = archive.clone();
    changed[archive.len() / 2] ^= 0x55;
    check_refused("changed.zip", &changed, "");
    check_refused("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "7-Zip");
    let nested = (0..6).fold(plain, |inner, _| gz(&inner));
    check_refused("nested.gz", &nested, "packed too many times");
}

#[test]
fn an_encrypted_member_is_refused() {
    // Bit 0 of the flags says that a member is encrypted, in both of its headers.
    let mut bytes = zip(&[("a.csv", b"timestamp,credits\n")]);
    let central = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[central + 8] |= 1;
    check_refused("locked.zip", &bytes, "encrypted");
}

#[test]
fn bombs_are_refused_by_their_ratio_and_by_their_size() {
    let bomb = gz(&vec![b'0'; 300 << 20]);
    check_refused("bomb.csv.gz", &bomb, "200 times its size");
    check_refused("bomb.zst", &zst(&vec![b'0'; 300 << 20]), "200 times its size");
    check_refused("bomb.zip", &zip(&[("a.csv", &vec![b'0'; 300 << 20])]), "200 times its size");
    check_refused("deep.gz", &gz(&bomb), "200 times its size");
    let (_dir, path) = file("large.csv.gz", gz(&std::fs::read(LEDGER).unwrap()));
    let (_out, _, ran) = audit(&[&path], &["--max-size", "1KiB"]);
    assert!(ran.code == 2 && ran.stderr.contains("more than 1 KiB"), "{}", ran.stderr);
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str(), "--max-size".as_ref(), "lots".as_ref()]);
    assert!(ran.code == 2 && ran.stderr.contains("--max-size \"lots\""), "{}", ran.stderr);
}
