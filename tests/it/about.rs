//! What the program tells of itself: its rule sets, its data, its configuration, and which files it can read.
use std::{fs, path::Path, process::Command};

use crate::command::{creditscope, file};

#[test]
fn profiles_tell_what_actions_cost_and_where_that_is_from() {
    let text = creditscope(&["profiles"]).stdout;
    for part in ["base44-2026-10 (the default): base44", "docs.base44.com", "article-2026-04", "saas-mvp"] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let ran = creditscope(&["profiles", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    for profile in told["profiles"].as_array().unwrap() {
        assert_eq!(profile["bands"].as_array().unwrap().len(), 4, "{profile}");
        assert!(profile["bands"].as_array().unwrap().iter().all(|band| band["source"].is_string()), "{profile}");
    }
}

#[test]
fn the_doctor_tells_versions_and_which_files_can_be_read() {
    let (_dir, path) = file("ledger.csv", "timestamp,credits\n2026-10-01T08:00:00Z,1\n");
    let ran = creditscope(&["doctor".as_ref(), path.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for part in [env!("CARGO_PKG_VERSION"), "zone data      2026", "none found", "can be read (1 file)", "claude-code"]
    {
        assert!(ran.stdout.contains(part), "{part:?} is not in {}", ran.stdout);
    }
    let ran = creditscope(&["doctor", "no-such-file.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("no such file or folder: no-such-file.csv"), "{}", ran.stdout);
}

/// What the doctor says of the configuration, in a folder, with a configuration folder of the user's.
fn configuration(folder: &Path, user: &Path) -> String {
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_creditscope"));
    let output = doctor.arg("doctor").current_dir(folder).env("XDG_CONFIG_HOME", user).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().find_map(|line| line.strip_prefix("configuration  ")).unwrap().to_owned()
}

#[test]
fn the_nearest_configuration_is_read_and_the_users_own_without_one() {
    let dir = tempfile::tempdir().unwrap();
    let (work, deep, user) = (dir.path().join("work"), dir.path().join("work/a/b"), dir.path().join("user"));
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir_all(user.join("creditscope")).unwrap();
    fs::write(user.join("creditscope/creditscope.toml"), "plan = \"pro\"\n").unwrap();
    assert_eq!(configuration(&deep, &user), user.join("creditscope/creditscope.toml").display().to_string());
    fs::write(work.join("creditscope.toml"), "plan = \"pro\"\n").unwrap();
    assert_eq!(configuration(&deep, &user), "../../creditscope.toml");
    fs::write(deep.join("creditscope.toml"), "plam = \"pro\"\n").unwrap();
    let told = configuration(&deep, &user);
    assert!(told.starts_with("creditscope.toml: cannot be read") && told.contains("unknown field `plam`"), "{told}");
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let example = creditscope(&["config", "--example"]).stdout;
    let (_dir, path) = file("team.toml", &*example);
    let path = path.to_str().unwrap();
    let ran = creditscope(&["config", "--config", path, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let settings = told["settings"].as_array().unwrap();
    let tz = settings.iter().find(|setting| setting["name"] == "tz").unwrap();
    assert_eq!((&tz["value"], &tz["origin"]), (&"Europe/Berlin".into(), &path.into()));
    let (_dir, path) = file("few.toml", "plan = \"pro\"\n[budget]\nall = 9\n");
    let text = creditscope(&["config", "--config", path.to_str().unwrap()]).stdout;
    let is_default = |line: &str| line.contains("gap") && line.ends_with("default");
    assert!(text.lines().any(is_default) && text.contains("budget.all"), "{text}");
    let wrong = [
        ("[budget]\nall = \"much\"\n", "the budget of all work"),
        ("reset_day = 99\n", "reset_day"),
        ("plan = \"nope\"\n", "plan list"),
        ("tz = \"Mars\"\n", "tz"),
        ("gap = \"soon\"\n", "gap"),
    ];
    for (text, expected) in wrong {
        let (_dir, path) = file("wrong.toml", text);
        let ran = creditscope(&["config", "--config", path.to_str().unwrap()]);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{}", ran.stderr);
    }
}
