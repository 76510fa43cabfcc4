//! What people know better: labels, rules, weights of their own.
use crate::command::{Ran, audit, creditscope, file, json};

const LEDGER: &str = "sample-data/ledger-2026-08.csv";

fn line(ran: &Ran, id: &str) -> serde_json::Value {
    let lines = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.into_iter().find(|line| line["event_id"] == id).unwrap()
}

fn classified(options: &[&str]) -> Ran {
    creditscope(&[&["classify", LEDGER, "--format", "jsonl"], options].concat())
}

#[test]
fn a_label_counts_in_classify_and_in_audit() {
    let (_dir, path) = file("labels.csv", "event_id,label\nev-0003,regeneration\nev-0024,fix\n");
    let labels = path.to_str().unwrap();
    let ran = classified(&["--labels", labels]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let corrected = line(&ran, "ev-0003");
    assert_eq!(corrected["action"], "regeneration");
    assert_eq!(corrected["probability"], 1.0);
    assert_eq!(corrected["reason"], "is labelled so by hand");
    assert_eq!(line(&ran, "ev-0024")["action"], "fix", "a label wins over the builder's word");
    assert!(ran.stderr.contains("gives 2 events their class"), "{}", ran.stderr);

    let events = |options: &[&str]| {
        let (_dir, output, ran) = audit(&[LEDGER.as_ref()], options);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&output.join("report.json"));
        let rows = report["by_action"].as_array().unwrap().clone();
        let of = |class: &str| {
            rows.iter().find(|row| row["action"] == class).map_or(0, |row| row["events"].as_u64().unwrap())
        };
        of("regeneration")
    };
    assert_eq!(events(&["--labels", labels]), events(&[]) + 1);
}

#[test]
fn what_classify_writes_can_be_corrected_and_given_back() {
    let written = creditscope(&["classify", LEDGER, "--format", "csv"]);
    let (_dir, path) = file("classes.csv", written.stdout.replace(",unclassified,", ",other,"));
    let ran = classified(&["--labels", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("labels 4 events that are not in the data"), "grants are no use: {}", ran.stderr);
}

#[test]
fn unknown_events_and_classes_are_errors() {
    let check = |text: &str, expected: &str| {
        let (_dir, path) = file("labels.csv", text);
        let ran = classified(&["--labels", path.to_str().unwrap()]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    };
    check("event_id,label\nev-9999,fix\n", "no such event in the data: \"ev-9999\" (line 2)");
    check("event_id,label\nev-0003,edit\n", "labels.csv:2: \"edit\" is no class: use one of generation, revision");
}

#[test]
fn the_first_rule_that_fits_counts() {
    let rules = "pattern,field,class\nplan,kind,revision\nplan,kind,fix\nno such user,user,fix\n";
    let (_dir, path) = file("rules.csv", rules);
    let ran = classified(&["--rules", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = line(&ran, "ev-0024");
    assert_eq!((plan["action"].as_str(), plan["reason"].as_str()), (Some("revision"), Some("a rule says so")));
    for expected in
        ["rules.csv:3: contradicts", "rules.csv:3: this rule has no effect", "rules.csv:4: this rule fits no event"]
    {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
}

#[test]
fn rules_read_prompts_that_no_output_shows() {
    let (_dir, path) = file("rules.csv", "pattern,field,class\nthe,prompt,other\n");
    let ran = classified(&["--rules", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("a rule says so"));
    assert!(!ran.stdout.contains("\"prompt\""));
}

#[test]
fn weights_of_the_user_are_used() {
    let (_dir, path) = file("weights.toml", "[about]\nversion = 9\n");
    let ran = classified(&["--weights", path.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("weights.toml"), "{}", ran.stderr);
    let built_in = std::fs::read_to_string("src/cues/weights.toml").unwrap();
    let (_dir, path) = file("weights.toml", &built_in);
    assert_eq!(classified(&["--weights", path.to_str().unwrap()]).stdout, classified(&[]).stdout);
}

#[test]
fn classes_that_were_not_changed_count_as_no_labels() {
    let written = creditscope(&["classify", "sample-data", "--format", "csv"]).stdout;
    let plain = classified(&[]).stdout;
    let header = written.lines().next().unwrap();
    let (action, id) = (column(header, "action"), column(header, "event_id"));
    let (_dir, path) = file("classes.csv", &written);
    let ran = classified(&["--labels", path.to_str().unwrap()]);
    assert_eq!(ran.stdout, plain);
    let changed: Vec<String> = written
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[id] == "ev-0003" {
                cells[action] = "regeneration";
            }
            cells.join(",")
        })
        .collect();
    let (_dir, path) = file("classes.csv", changed.join("\n"));
    let labels = path.to_str().unwrap();
    let ran = classified(&["--labels", labels]);
    assert_eq!(line(&ran, "ev-0003")["reason"], "is labelled so by hand");
    assert!(ran.stderr.contains("gives 1 event its class"), "{}", ran.stderr);
    // What people gave once stays theirs when the file is written anew.
    let again = creditscope(&["classify", "sample-data", "--labels", labels, "--format", "csv"]).stdout;
    let (_dir, path) = file("classes.csv", &again);
    assert_eq!(classified(&["--labels", path.to_str().unwrap()]).stdout, ran.stdout);
}

#[test]
fn labels_of_other_months_are_told_and_the_others_count() {
    let (_dir, path) = file("labels.csv", "event_id,label\nev-0003,regeneration\nev-9999,fix\n");
    let ran = classified(&["--labels", path.to_str().unwrap()]);
    assert_eq!(line(&ran, "ev-0003")["action"], "regeneration");
    let said = "labels 1 event that is not in the data: \"ev-9999\" (line 3)";
    assert!(ran.code == 0 && ran.stderr.contains(said), "{}", ran.stderr);
}

fn column(header: &str, name: &str) -> usize {
    header.split(',').position(|cell| cell == name).unwrap()
}

#[test]
fn lines_that_were_not_changed_are_no_labels_where_more_files_change_the_context() {
    let written = creditscope(&["classify", "sample-data/ledger-2026-09.csv", "--format", "csv"]).stdout;
    let (_dir, path) = file("classes.csv", written);
    let of = |options: &[&str]| creditscope(&[&["classify", "sample-data", "--format", "jsonl"], options].concat());
    let ran = of(&["--labels", path.to_str().unwrap()]);
    assert_eq!(ran.stdout, of(&[]).stdout);
    assert!(ran.stderr.contains("gives 0 events their class"), "{}", ran.stderr);
}
