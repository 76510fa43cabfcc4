//! What `inspect` says of the samples, as a person sees it.
use crate::command::creditscope;

#[test]
fn the_messy_export_as_a_person_sees_it() {
    let ran = creditscope(&["inspect", "sample-data/messy-export.csv"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn other_files_of_the_samples_as_a_person_sees_them() {
    let ran =
        creditscope(&["inspect", "sample-data/cursor-usage.csv", "sample-data/claude-code/clubhouse-import.jsonl"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout);
}
