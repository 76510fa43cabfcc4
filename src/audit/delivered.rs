//! What each person delivered: features that were begun and do not wait for a repair, each split among those who worked on
//! it, by what they spent on it. Added up over all people and what nobody did, they are the features delivered; a person's
//! credits by them are the credits of a whole feature.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    classify::links::WHOLE_APP,
    model::{action::Action, instant::Instant},
    rollup::{AccountRollup, Tally, cube::App, lineage::chains::State},
};

/// How many features are each person's; `None` where nothing tells who worked on what, or where most of the use is on the app
/// as a whole or on no feature: what was made of it cannot be counted then.
pub(super) fn delivered(account: &AccountRollup, now: Instant) -> Option<BTreeMap<&str, f64>> {
    let cube = &account.cube;
    let waiting: BTreeSet<[Option<&str>; 3]> = account
        .chains
        .iter()
        .filter(|chain| chain.state(now) != State::Resolved)
        .map(|chain| [&chain.subject.workspace, &chain.subject.app, &chain.subject.feature].map(Option::as_deref))
        .collect();
    let at = |number: u32| (number as usize).checked_sub(1);
    let mut features: BTreeMap<u32, BTreeMap<u32, Tally>> = BTreeMap::new();
    let mut begun: BTreeSet<u32> = BTreeSet::new();
    for cell in cube.cells.iter().filter(|cell| cell.feature > 0) {
        features.entry(cell.feature).or_default().entry(cell.user).or_default().add(cell.tally);
        if cell.action == Action::Generation {
            begun.insert(cell.feature);
        }
    }
    let mut delivered: BTreeMap<&str, f64> = BTreeMap::new();
    for (feature, users) in features.iter().filter(|(feature, _)| begun.contains(feature)) {
        let (app, name) = cube.features.get(at(*feature)?)?;
        let app = at(*app).and_then(|app| cube.apps.get(app));
        let of_app = |of: fn(&App) -> &Option<String>| app.and_then(|app| of(app).as_deref());
        if waiting.contains(&[of_app(|app| &app.workspace), of_app(|app| &app.label), Some(name)]) {
            continue;
        }
        for (user, share) in shares(users) {
            if let Some(user) = at(user).and_then(|user| cube.users.get(user)) {
                *delivered.entry(user).or_default() += share;
            }
        }
    }
    is_told(account).then_some(delivered)
}

/// Whether at least half of the use is on features with names of their own.
fn is_told(account: &AccountRollup) -> bool {
    let cube = &account.cube;
    let name = |number: u32| (number as usize).checked_sub(1).and_then(|at| cube.features.get(at));
    let is_own = |number: u32| name(number).is_some_and(|(_, name)| name != WHOLE_APP);
    let mut all = [Tally::default(); 2];
    for cell in &cube.cells {
        all[usize::from(is_own(cell.feature))].add(cell.tally);
    }
    let [others, own] = all;
    own.events > 0 && own.amount >= others.amount
}

/// Each one's part by amount; by events where there are no amounts.
#[expect(clippy::cast_precision_loss, reason = "counts and nanos as weights")]
fn shares(users: &BTreeMap<u32, Tally>) -> Vec<(u32, f64)> {
    let amounts = users.values().map(|tally| tally.amount.nanos().max(0)).sum::<i128>() as f64;
    let events = users.values().map(|tally| tally.events).sum::<u64>() as f64;
    let share = |tally: &Tally| {
        if amounts > 0.0 { tally.amount.nanos().max(0) as f64 / amounts } else { tally.events as f64 / events.max(1.0) }
    };
    users.iter().map(|(user, tally)| (*user, share(tally))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Total;

    #[test]
    fn a_feature_is_whole_however_many_worked_on_it() {
        let tally = |units: u64| Tally { events: 1, amount: Total::from_units(units) };
        let of = |users: &[(u32, Tally)]| shares(&users.iter().copied().collect());
        assert_eq!(of(&[(1, tally(15)), (2, tally(5))]), [(1, 0.75), (2, 0.25)]);
        assert_eq!(of(&[(1, tally(0)), (2, tally(0))]), [(1, 0.5), (2, 0.5)]);
    }
}
