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
const AGAIN: [(&str, Again); 7] = [
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
    ("all in capitals", str::to_uppercase),
];

/// A request in five languages, and how people say that they send it again.
const ONCE_MORE: [(&str, &str, [&str; 4]); 5] = [
    (
        OPENING,
        "Put the list of open loans on the start page, newest first, with the photo of the tool",
        ["try again", "do it again", "same again", "still nothing, once more"],
    ),
    (
        "Crea una aplicación para que los vecinos se presten herramientas",
        "Pon la lista de préstamos abiertos en la página de inicio, primero los más nuevos",
        ["inténtalo de nuevo", "hazlo otra vez", "lo mismo otra vez", "todavía nada, una vez más"],
    ),
    (
        "Crie um aplicativo para os vizinhos emprestarem ferramentas",
        "Coloque a lista de empréstimos abertos na página inicial, primeiro os mais novos",
        ["tente novamente", "faça de novo", "a mesma coisa de novo", "ainda nada, mais uma vez"],
    ),
    (
        "Crée une application où les voisins se prêtent des outils",
        "Mets la liste des prêts en cours sur la page d'accueil, les plus récents en premier",
        ["réessaie", "refais-le", "la même chose encore", "toujours rien, encore une fois"],
    ),
    (
        "Erstelle eine App, in der Nachbarn einander Werkzeug leihen",
        "Setze die Liste der offenen Ausleihen auf die Startseite, die neuesten zuerst",
        ["versuch es nochmal", "mach es nochmal", "das Gleiche nochmal", "immer noch nichts, noch einmal"],
    ),
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

#[test]
fn most_requests_that_are_sent_again_with_a_word_about_it_are_regenerations_of_the_first() {
    let (mut missed, mut all) = (Vec::new(), 0);
    for (opening, request, words) in ONCE_MORE {
        for word in words {
            for resent in [format!("{word}: {request}"), format!("{request}. {word}!")] {
                let decisions = decide(&[opening, request, "thanks", &resent]);
                assert_eq!(decisions[3].earlier, Some(1), "{resent}");
                all += 1;
                if decisions[3].best != Action::Regeneration {
                    missed.push(resent);
                }
            }
        }
    }
    assert!(missed.len() * 5 <= all * 2, "{} of {all} missed: {missed:#?}", missed.len());
}

/// Requests that are alike and ask for different things.
const TURNED: [(&str, &str); 14] = [
    ("make the header bigger", "make the header smaller"),
    ("move the photo of the tool to the left", "move the photo of the tool to the right"),
    ("make the buttons green", "make the buttons blue"),
    ("put the search field at the top of the page", "put the search field at the bottom of the page"),
    ("pon el menú a la izquierda", "pon el menú a la derecha"),
    ("pon los botones en verde", "pon los botones en azul"),
    ("mach die Schrift größer", "mach die Schrift kleiner"),
    ("mets le logo en haut à gauche", "mets le logo en bas à droite"),
    ("coloque o menu na esquerda", "coloque o menu na direita"),
    ("show the totals in the table", "hide the totals in the table"),
    ("add two columns to the table of loans", "add three columns to the table of loans"),
    ("open the menu on hover", "close the menu on hover"),
    ("remove the blue border of the table", "remove the red border of the table"),
    ("add a filter to the list of loans", "remove the filter from the list of loans"),
];

#[test]
fn a_request_that_turns_the_other_way_is_another_one() {
    let taken: Vec<&str> =
        TURNED.iter().filter(|(one, other)| is_regeneration(&[OPENING, one, other])).map(|(_, other)| *other).collect();
    assert!(taken.is_empty(), "{taken:?}");
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
