//! Accuracy on labelled prompts, where they are at hand.
use std::path::Path;

use creditscope::classify::{
    eval,
    labelled::{self, Labelled},
    train::{Settings, train},
};
use creditscope::cues::weights::Weights;
use creditscope::model::action::Action;

/// The labelled files beside the repository; they are no part of it.
fn labelled(name: &str) -> Option<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/prompts").join(name);
    path.exists().then(|| Labelled::read(&path).expect("a file that is there can be read"))
}

#[test]
fn each_accepted_row_has_a_line() {
    let ran = crate::command::creditscope(&["classify", "sample-data/ledger-2026-08.csv", "--format", "jsonl"]);
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 119);
    let of = |id: &str| lines.iter().find(|line| line["event_id"] == id).unwrap();
    assert_eq!(of("ev-0024")["action"], "other", "the ledger calls it plan");
    assert!(lines.iter().all(|line| line["best"] != "unclassified" && line["probability"].is_number()));
    let grants = lines.iter().filter(|line| line["reason"] == "is no consumption").count();
    assert_eq!(grants, 4);
}

#[test]
fn unseen_histories_are_classified_well() {
    let (Some(dev), Some(more)) = (labelled("dev.jsonl"), labelled("more.jsonl")) else {
        crate::command::say!("skipped: no labelled prompts beside the repository");
        return;
    };
    let evaluation = eval::cross_validate(&[dev], &[more], 1);
    eprintln!("{}", eval::render(&evaluation));
    assert!(evaluation.without_buttons.accuracy >= 0.70);
    assert!(evaluation.without_buttons.macro_f1 >= 0.66);
    assert!(evaluation.calibration_error <= 0.06);
}

/// Made-up histories of a few prompts each.
fn small() -> Labelled {
    let prompts = [
        ("Create a page for guests", Action::Generation),
        ("make the title bigger", Action::Revision),
        ("the menu does not open", Action::Fix),
        ("undo that", Action::Regeneration),
        ("thanks", Action::Other),
    ];
    let mut rows = Vec::new();
    for history in 0..12 {
        for (seq, (text, label)) in (1..).zip(prompts) {
            let line = format!(
                r#"{{"history":"h{history}","seq":{seq},"timestamp":"2026-10-31T08:{seq:02}:00Z","text":"{text} {history}","label":"{label}"}}"#
            );
            rows.extend(labelled::parse(&line).expect("the line is whole"));
        }
    }
    Labelled { path: "made-up.jsonl".into(), sha256: "0".repeat(64), rows }
}

#[test]
fn training_gives_equal_bytes_that_read_back() {
    let settings = Settings { day: "2026-11-22".to_owned() };
    let text = train(&[small()], &settings).to_text();
    assert_eq!(train(&[small()], &settings).to_text(), text);
    let weights = Weights::parse(&text).expect("what training writes can be read");
    assert_eq!(weights.about().prompts, 60);
    let evaluation = eval::evaluate(&[small()], &weights);
    assert!(evaluation.score.accuracy > 0.95);
    assert!(evaluation.note.contains("flatter"));
}

#[test]
fn an_evaluation_fits_eighty_columns() {
    let text = eval::render(&eval::evaluate(&[small()], Weights::built_in()));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("keyword rules"));
}

#[test]
fn corrections_move_the_weights_of_a_team() {
    let dir = tempfile::tempdir().unwrap();
    let (corrections, weights) = (dir.path().join("corrections.jsonl"), dir.path().join("ours.toml"));
    let mut text = String::new();
    for history in 0..8 {
        for (seq, (prompt, label)) in (1..).zip([
            ("Create a page for guests", "generation"),
            ("frobnicate the ledger", "other"),
            ("make the title bigger", "revision"),
            ("frobnicate the members", "other"),
        ]) {
            text += &format!(
                "{{\"history\":\"h{history}\",\"seq\":{seq},\"timestamp\":\"2026-10-31T08:{seq:02}:00Z\",\
                 \"text\":\"{prompt}\",\"label\":\"{label}\"}}\n"
            );
        }
    }
    std::fs::write(&corrections, text).unwrap();
    let (from, to) = (corrections.to_str().unwrap(), weights.to_str().unwrap());
    let train = ["train", "--from", from, "-o", to, "--dated", "2026-10-31"];
    let ran = crate::command::creditscope(&train);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("32 corrections; accuracy on held-out parts: "), "{}", ran.stdout);
    assert!(!ran.stdout.contains("no gain"), "{}", ran.stdout);
    let first = std::fs::read(&weights).unwrap();
    assert!(!String::from_utf8_lossy(&first).contains("frobnicate"), "weights hold no text");
    assert_eq!(crate::command::creditscope(&train).code, 0);
    assert_eq!(std::fs::read(&weights).unwrap(), first, "equal input gives equal bytes");
    let ledger = "timestamp,credits,prompt\n2026-10-31,1,Create a page\n2026-11-01,1,frobnicate the guests\n";
    let (_dir, path) = crate::command::file("ledger.csv", ledger);
    let args = ["classify", path.to_str().unwrap(), "--format", "jsonl", "--weights", to];
    let ran = crate::command::creditscope(&args);
    assert!(ran.stdout.lines().last().unwrap().contains("\"best\":\"other\""), "{}", ran.stdout);
}
