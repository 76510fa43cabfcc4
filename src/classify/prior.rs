//! What word groups and signs say before any labelled prompt is seen: set by hand, in log-odds points.
use super::CLASSES;
use crate::classify::{logistic::Column, signs};
use crate::cues::scan::{NAMED, name};

/// Cue, generation, revision, fix, regeneration, other.
const CUES: &[(&str, Column)] = &[
    ("failure", [0.0, 0.0, 0.5, 0.0, 0.0]),
    ("persistence", [0.0, 0.0, 0.4, 0.0, 0.0]),
    ("repair", [0.0, 0.0, 0.5, 0.0, 0.0]),
    ("revert", [0.0, 0.0, 0.0, 3.5, 0.0]),
    ("lead revert", [0.0, 0.0, 0.0, 1.0, 0.0]),
    ("rebuild", [0.0, 0.0, 0.0, 3.5, 0.0]),
    ("lead rebuild", [0.0, 0.0, 0.0, 1.0, 0.0]),
    ("error paste", [0.0, 0.0, 1.0, 0.0, 0.0]),
    ("fix button", [-1.0, -1.0, 4.0, -2.0, -2.0]),
    ("asks", [0.0, 0.0, 0.0, 0.0, 0.5]),
];

/// Sign, generation, revision, fix, regeneration, other.
const SIGNS: &[(&str, Column)] = &[
    ("bias", [0.0, 0.5, 0.5, -2.5, 0.0]),
    ("opens the app", [1.0, 0.0, 0.0, -2.0, 0.0]),
    ("much alike", [0.0, 0.0, 0.0, 2.5, 0.0]),
    ("nearly equal", [0.0, 0.0, 0.0, 1.5, 0.0]),
    ("equal", [0.0, 0.0, 0.0, 1.5, 0.0]),
    ("alike, names nothing else", [0.0, 0.0, 0.0, 4.0, 0.0]),
    ("alike, names more", [0.0, 0.0, 0.0, 2.0, 0.0]),
    ("alike, asks again", [0.0, 0.0, 0.0, 1.5, 0.0]),
];

/// A prior for each named cue.
pub(super) fn of_cues() -> Vec<Column> {
    (0..NAMED).map(|index| find(CUES, &name(index))).collect()
}

/// A prior for each sign of the context.
pub(super) fn of_signs() -> Vec<Column> {
    signs::NAMES.iter().map(|name| find(SIGNS, name)).collect()
}

fn find(priors: &[(&str, Column)], name: &str) -> Column {
    priors.iter().find(|(named, _)| *named == name).map_or([0.0; CLASSES], |(_, column)| *column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prior_is_of_a_known_cue_or_sign() {
        let known: Vec<String> = (0..NAMED).map(name).collect();
        assert!(CUES.iter().all(|(cue, _)| known.iter().any(|name| name == cue)));
        assert!(SIGNS.iter().all(|(sign, _)| signs::NAMES.contains(sign)));
    }
}
