//! What parts of one app know of each other: an app is begun once, in the part that tells it first, and work on a feature
//! in a later part says that a failure in an earlier one is gone.
use std::collections::BTreeMap;

use crate::{
    model::{action::Action, instant::Instant},
    rollup::{AccountRollup, Row, Subject, cases::AppCase, merge::days},
};

/// Sets right what each part of an account can only guess of what lies outside it.
pub(super) fn join(parts: &mut [AccountRollup]) {
    if parts.len() < 2 {
        return;
    }
    let begun = begun(parts);
    let is_later = |app: &Subject, number: usize| begun.get(app).is_some_and(|(_, earliest)| *earliest != number);
    let mut later: Vec<AppCase> = Vec::new();
    for (number, part) in parts.iter_mut().enumerate() {
        for case in &mut part.cases.sessions {
            case.opens_app &= !is_later(&app_of(&case.subject), number);
        }
        let (of_later, apps) =
            std::mem::take(&mut part.cases.apps).into_iter().partition(|app| is_later(&app.subject, number));
        part.cases.apps = apps;
        later.extend::<Vec<AppCase>>(of_later);
    }
    for AppCase { subject, days: more, .. } in later {
        let earliest = begun.get(&subject).and_then(|(_, number)| parts.get_mut(*number));
        let app = earliest.and_then(|part| part.cases.apps.iter_mut().find(|app| app.subject == subject));
        if let Some(app) = app {
            days(app, more);
        }
    }
    follow(parts);
}

fn app_of(subject: &Subject) -> Subject {
    Subject { workspace: subject.workspace.clone(), app: subject.app.clone(), ..Subject::default() }
}

/// The first event of each app that several parts know, and in which part it is.
fn begun(parts: &[AccountRollup]) -> BTreeMap<Subject, (Instant, usize)> {
    let mut begun: BTreeMap<Subject, (Instant, usize)> = BTreeMap::new();
    for (number, part) in parts.iter().enumerate() {
        for Row { subject, first, .. } in &part.by_app {
            let earliest = begun.entry(subject.clone()).or_insert((*first, number));
            *earliest = (*earliest).min((*first, number));
        }
    }
    begun
}

/// Work on a feature in another part, all of which comes after the last repair, follows the chain.
fn follow(parts: &mut [AccountRollup]) {
    let worked_on = |row: &&Row| [Action::Generation, Action::Revision].iter().any(|action| row.of(*action).events > 0);
    let begun: Vec<BTreeMap<Subject, Instant>> = parts
        .iter()
        .map(|part| part.by_feature.iter().filter(worked_on).map(|row| (row.subject.clone(), row.first)).collect())
        .collect();
    for (number, part) in parts.iter_mut().enumerate() {
        for chain in part.chains.iter_mut().filter(|chain| chain.subject.feature.is_some()) {
            let feature = Subject { feature: chain.subject.feature.clone(), ..app_of(&chain.subject) };
            let others = begun.iter().enumerate().filter(|(other, _)| *other != number);
            let mut firsts = others.filter_map(|(_, begun)| begun.get(&feature));
            chain.is_followed |= firsts.any(|first| *first > chain.last_repair);
        }
    }
}
