//! Requests that are sent again, and requests that only look like it, made up by the hundred.
use proptest::prelude::*;

use super::{OPENING, decide};
use crate::model::action::Action;

const ASKS: [&str; 6] = ["Put", "please move", "I want", "Show", "can you add", "Change"];
const THINGS: [&str; 7] = [
    "the total of all open loans",
    "the list of late returns",
    "a small calendar of free days",
    "the photo of the tool",
    "the rating of each neighbour",
    "the search field and its filters",
    "a note about the deposit",
];
const PLACES: [&str; 5] = [
    "under the table on the start page",
    "next to the name, in bold",
    "at the top of the booking page",
    "in the menu on the left, below the messages",
    "on the page of each member so that everybody sees it",
];

/// All made-up requests.
fn requests() -> Vec<String> {
    let mut all = Vec::new();
    for ask in ASKS {
        for thing in THINGS {
            all.extend(PLACES.iter().map(|place| format!("{ask} {thing} {place}")));
        }
    }
    all
}

/// What a person changes who sends a request again.
type Again = fn(&str) -> String;

/// How a person sends a request again.
const AGAIN: [(&str, Again); 6] = [
    ("as it was", str::to_owned),
    ("in small letters, with a mark", |text| text.to_lowercase() + "!"),
    ("with a letter missing", |text| {
        let middle = text.len() / 2;
        text[..middle].to_owned() + &text[middle + 1..]
    }),
    ("with two letters swapped", |text| {
        let third = text.len() / 3;
        let swapped: String = text[third..third + 2].chars().rev().collect();
        text[..third].to_owned() + &swapped + &text[third + 2..]
    }),
    ("without its last word", |text| text.rsplit_once(' ').map_or(text, |(most, _)| most).to_owned()),
    ("without its first word", |text| text.split_once(' ').map_or(text, |(_, most)| most).to_owned()),
];

fn is_regeneration(texts: &[&str]) -> bool {
    decide(texts).last().is_some_and(|last| last.best == Action::Regeneration)
}

#[test]
fn most_requests_that_are_sent_again_are_regenerations() {
    for (how, again) in AGAIN {
        for between in [&[][..], &["make the header blue", "the menu does not close"]] {
            let found = |request: &String| {
                let resent = again(request);
                is_regeneration(&[&[OPENING, request.as_str()], between, &[resent.as_str()]].concat())
            };
            let all = requests();
            let count = all.iter().filter(|request| found(request)).count();
            assert!(count * 10 >= all.len() * 6, "{how}, {} between: {count} of {}", between.len(), all.len());
        }
    }
}

const NAMES: [&str; 6] = ["Ada", "Lisbon", "Bremen", "Stripe", "Nora", "Quito"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn another_number_is_another_request(request in 0..210_usize, one in 1..99_u32, more in 1..99_u32) {
        let request = &requests()[request];
        let text = |number: u32| format!("{request} for plan {number}");
        prop_assert!(!is_regeneration(&[OPENING, &text(one), &text(one + more)]), "{}", text(one + more));
    }

    #[test]
    fn another_named_thing_is_another_request(request in 0..210_usize, one in 0..6_usize, more in 1..6_usize) {
        let request = &requests()[request];
        let text = |name: usize| format!("{request} for {}", NAMES[name % 6]);
        prop_assert!(!is_regeneration(&[OPENING, &text(one), &text(one + more)]), "{}", text(one + more));
    }
}
