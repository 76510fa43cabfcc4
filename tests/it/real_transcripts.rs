//! Real transcripts beside the project, where they are: prompts, tokens and money as another program counted them.
use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use crate::command::{audit, creditscope, json, shared};

/// What `inspect` tells of each file of a folder, beside what is true of it.
fn inspected(folder: &str, options: &[&str]) -> Option<Vec<(String, Value, Value)>> {
    let path = shared(&format!("exports/{folder}"))?;
    let truth = json(&shared("exports/truth.json")?);
    let mut args = vec!["inspect".as_ref(), path.as_os_str(), "--format".as_ref(), "json".as_ref()];
    args.extend(options.iter().map(|option| std::ffi::OsStr::new(*option)));
    let ran = creditscope(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let files = report["files"].as_array().unwrap().iter().map(|file| {
        let name = format!("{folder}/{}", file["path"].as_str().unwrap().rsplit('/').next().unwrap());
        (name.clone(), file.clone(), truth[&name].clone())
    });
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty());
    Some(files)
}

fn sum<'f>(file: &'f Value, name: &str) -> &'f str {
    let found = file["amounts"].as_array().unwrap().iter().find(|sum| sum["name"] == name);
    found.unwrap_or_else(|| panic!("{name}: {file}"))["amount"].as_str().unwrap()
}

fn instant(value: &Value) -> DateTime<FixedOffset> {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn codex_prompts_add_up_to_the_last_count() {
    let Some(files) = inspected("codex", &[]) else { return };
    for (name, file, told_of) in files {
        assert_eq!(file["source"], "codex", "{name}");
        assert_eq!(file["physical_rows"], told_of["rows"], "{name}");
        assert_eq!(file["accepted"], told_of["user_prompts"], "{name}");
        for (got, told) in [("first", "min_timestamp"), ("last", "max_timestamp")].map(|(a, b)| (&file[a], &told_of[b]))
        {
            assert_eq!(instant(got), instant(told), "{name}");
        }
        let Some(totals) = told_of["final_total_token_usage"].as_object() else {
            assert_eq!(file["rejected"], told_of["token_count_events_with_info"], "{name}: redacted counts");
            continue;
        };
        assert_eq!(file["rejected"], 0, "{name}");
        for (kind, count) in totals {
            assert_eq!(sum(&file, kind), count.to_string(), "{name} {kind}");
        }
    }
}

#[test]
fn aider_prompts_cost_what_their_messages_tell() {
    let Some(files) = inspected("aider", &["--tz", "UTC"]) else { return };
    for (name, file, told_of) in files {
        assert_eq!(file["source"], "aider", "{name}");
        assert_eq!((&file["accepted"], &file["rejected"]), (&told_of["user_prompts"], &Value::from(0)), "{name}");
        for (got, told) in [("first", "min_timestamp"), ("last", "max_timestamp")] {
            let told = told_of[told].as_str().unwrap().replace(' ', "T") + "Z";
            assert_eq!(instant(&file[got]), instant(&Value::from(told)), "{name}");
        }
        assert_eq!(sum(&file, "message cost USD"), told_of["sums"][0]["sum"], "{name}");
    }
}

#[test]
fn aider_histories_need_a_zone() {
    let Some(path) = shared("exports/aider") else { return };
    let (_dir, report, ran) = audit(&[&path], &[]);
    assert_eq!((ran.code, report.exists()), (2, false));
    assert!(ran.stderr.contains("--tz"), "{}", ran.stderr);
}

#[test]
fn real_transcripts_become_reports() {
    for (folder, options) in [("codex", &[][..]), ("aider", &["--tz", "Asia/Jakarta"])] {
        let Some(path) = shared(&format!("exports/{folder}")) else { return };
        let (_dir, report, ran) = audit(&[&path], options);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&report.join("report.json"));
        assert_eq!(report["totals"].as_array().unwrap().len(), 1, "{folder}: {}", report["totals"]);
    }
}
