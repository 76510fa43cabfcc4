//! Transcripts that go on from others: each message counts once, on a prompt of its own.
use std::fs;

use crate::command::{audit, creditscope, json};

/// A transcript line of an assistant's message of ten input tokens.
fn answer(id: &str, session: &str, second: u8) -> String {
    format!(
        r#"{{"type":"assistant","sessionId":"{session}","timestamp":"2026-10-01T08:00:{second:02}Z","uuid":"a{session}{id}","message":{{"id":"{id}","role":"assistant","usage":{{"input_tokens":10,"output_tokens":0}}}}}}"#
    )
}

/// A transcript line of a prompt.
fn prompt(uuid: &str, session: &str, second: u8) -> String {
    format!(
        r#"{{"type":"user","sessionId":"{session}","timestamp":"2026-10-01T08:00:{second:02}Z","uuid":"{uuid}","cwd":"/home/ada/shop","message":{{"role":"user","content":"Add a map"}}}}"#
    )
}

#[test]
fn a_resumed_transcript_counts_each_message_once() {
    let first = [
        prompt("p1", "s1", 0),
        answer("m1", "s1", 1),
        prompt("p2", "s1", 2),
        answer("m2", "s1", 3),
        prompt("p3", "s1", 6),
    ];
    // The same prompt and message again, a message that only this branch has, and a copy of a prompt under a new id.
    let resumed = [
        prompt("p1", "s2", 0),
        answer("m1", "s2", 1),
        answer("m3", "s2", 2),
        prompt("p9", "s2", 4),
        answer("m2", "s2", 5),
        prompt("p8", "s2", 6),
    ];
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("b.jsonl"), first.join("\n")).unwrap();
    fs::write(dir.path().join("a.jsonl"), resumed.join("\n")).unwrap();
    let (_out, report, ran) = audit(&[dir.path()], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = json(&report.join("report.json"));
    assert_eq!(report["totals"][0]["amount"], "30", "{}", report["totals"]);
    assert_eq!(report["totals"][0]["events"], 3);
}

#[test]
fn a_copy_of_a_prompt_takes_nothing_over_from_a_third_transcript() {
    let files = [
        [prompt("k1", "s1", 0), answer("m1", "s1", 1)].join("\n"),
        [prompt("k2", "s2", 2), answer("m1", "s2", 3), prompt("k3", "s2", 8), answer("m3", "s2", 9)].join("\n"),
        [prompt("k2", "s3", 4), answer("m1", "s3", 5), answer("m2", "s3", 6)].join("\n"),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in ["a", "b", "c"].iter().zip(&files) {
        fs::write(dir.path().join(format!("{name}.jsonl")), text).unwrap();
    }
    let ran = creditscope(&["classify".as_ref(), dir.path().as_os_str(), "--format".as_ref(), "jsonl".as_ref()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let row = |line: &str| -> (String, String) {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        (event["event_id"].as_str().unwrap().to_owned(), event["amount"].as_str().unwrap().to_owned())
    };
    let mut rows: Vec<_> = ran.stdout.lines().map(row).collect();
    rows.sort();
    let expected = [("k1", "10"), ("k2", "10"), ("k3", "10")].map(|(id, amount)| (id.to_owned(), amount.to_owned()));
    assert_eq!(rows, expected);
}
