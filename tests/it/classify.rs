//! Accuracy on labelled prompts, where they are at hand.
use std::path::Path;

use creditscope::classify::{eval, labelled::Labelled};

/// The labelled files beside the repository; they are no part of it.
fn labelled(name: &str) -> Option<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/prompts").join(name);
    path.exists().then(|| Labelled::read(&path).expect("a file that is there can be read"))
}

#[test]
fn unseen_histories_are_classified_well() {
    let (Some(dev), Some(more)) = (labelled("dev.jsonl"), labelled("more.jsonl")) else {
        eprintln!("skipped: no labelled prompts beside the repository");
        return;
    };
    let evaluation = eval::cross_validate(&[dev], &[more]);
    eprintln!("{}", eval::render(&evaluation));
    assert!(evaluation.without_buttons.accuracy >= 0.70);
    assert!(evaluation.without_buttons.macro_f1 >= 0.66);
    assert!(evaluation.calibration_error <= 0.06);
}
