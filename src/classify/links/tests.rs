//! Links and features of short histories.
use super::*;
use crate::classify::{self, labelled};
use crate::cues::weights::Weights;

/// For each prompt of a history, the number of the prompt it comes back to (0 for none) and its feature.
fn told(prompts: &[&str]) -> Vec<(u32, String)> {
    let lines = prompts.iter().enumerate().map(|(index, text)| {
        let (at, text) = (index * 2, serde_json::to_string(text).unwrap());
        let (hour, minute) = (8 + at / 60, at % 60);
        format!(
            r#"{{"history":"shop","seq":{index},"timestamp":"2026-10-31T{hour:02}:{minute:02}:00Z","text":{text},"label":"other"}}"#
        ) + "\n"
    });
    let rows = labelled::parse(&lines.collect::<String>()).unwrap();
    let mut laid = labelled::lay_out(&rows, Weights::built_in());
    let mut decisions = classify::classify(&laid.timeline, &laid.names, Weights::built_in());
    let inferred = link(&laid.timeline, &mut decisions, &mut laid.names);
    let feature =
        |inferred: Option<Inferred>| inferred.map_or("-".to_owned(), |found| laid.names.text(found.feature).to_owned());
    let earlier = decisions.iter().map(|decision| decision.earlier.map_or(0, |position| position + 1));
    earlier.zip(inferred.iter().map(|inferred| feature(*inferred))).collect()
}

#[track_caller]
fn check(prompts: &[&str], expected: &[(u32, &str)]) {
    let told = told(prompts);
    let told: Vec<(u32, &str)> = told.iter().map(|(earlier, feature)| (*earlier, feature.as_str())).collect();
    assert_eq!(told, expected);
}

#[test]
fn complaints_go_back_to_what_they_are_about() {
    check(
        &[
            "Build a shop for garden tools with a catalogue, a cart and customer accounts",
            "Add an export of the invoices as pdf",
            "the pdf export of the invoices does not work",
            "Fix all reported errors.",
            "Add a newsletter with a subscription form to the landing area",
            "the invoices in the pdf export are still cut off",
        ],
        &[
            (0, "app"),
            (0, "invoice export"),
            (2, "invoice export"),
            (3, "invoice export"),
            (0, "newsletter subscription"),
            (3, "invoice export"),
        ],
    );
}

#[test]
fn pronouns_take_the_feature_before() {
    let told = told(&[
        "Build a planner for allotment gardens",
        "Add a weather forecast to the plots",
        "it does not work",
        "still not working",
    ]);
    assert_eq!((told[2].0, told[3].0), (2, 3));
    assert!(told[2].1 == told[1].1 && told[3].1 == told[1].1, "{told:?}");
}

#[test]
fn hundreds_of_requests_are_remembered_in_part() {
    let prompts: Vec<String> = (0..300).map(|n| format!("Add a widget{n}x to the garden{}y", n % 7)).collect();
    let told = told(&prompts.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(told.len(), 300);
    assert!(told.iter().enumerate().all(|(index, (earlier, _))| (*earlier as usize) <= index));
}

#[test]
fn nothing_is_linked_in_an_empty_history() {
    check(&[], &[]);
}
