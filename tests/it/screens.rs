//! The page in a real browser, where there is one.
use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::{audit, file};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The page after its scripts have run, and what they complained of; `None`, and a word about it, without a browser.
fn opened(page: &Path) -> Option<(String, String)> {
    let found = BROWSERS.iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = found else {
        crate::command::say!("skipped: no chromium on this machine");
        return None;
    };
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--v=0", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect::<Vec<_>>()
        .join("\n");
    Some((String::from_utf8(output.stdout).unwrap(), complaints))
}

fn report_of(path: &Path) -> (tempfile::TempDir, PathBuf) {
    let (dir, report, ran) = audit(&[path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (dir, report.join("report.html"))
}

#[test]
fn the_page_of_the_samples_opens_without_complaints() {
    let (_dir, page) = report_of(Path::new("sample-data"));
    let Some((dom, complaints)) = opened(&page) else { return };
    assert_eq!(complaints, "");
    assert!(dom.contains("theo.lindqvist@example.com") && dom.matches("<svg").count() >= 7);
    assert!(dom.contains("<button type=\"button\">"), "the script that sorts tables did not run");
}

#[test]
fn names_from_the_data_are_text_and_no_markup() {
    let hostile = "<img src=x onerror=console.error('ran')>";
    let rows = format!(
        "timestamp,credits,user,app,feature,session\n2026-10-01T08:00:00Z,1,\"{hostile}\",\"{hostile}\",\"{hostile}\",\"{hostile}\"\n"
    );
    let (_input, path) = file("hostile.csv", rows);
    let (_dir, page) = report_of(&path);
    assert!(!std::fs::read_to_string(&page).unwrap().contains("<img"));
    let Some((dom, complaints)) = opened(&page) else { return };
    assert_eq!(complaints, "");
    assert!(dom.contains("&lt;img"));
}
