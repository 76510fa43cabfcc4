//! Cubes of several parts become one, within the bounds that a cube has.
use std::collections::BTreeMap;

use crate::{
    model::action::Action,
    rollup::{
        Tally,
        cube::{App, Cell, Cube, Detail, MOST_CELLS, MOST_SESSIONS, Session},
    },
};

/// Merges cubes; there are so many sessions in all accounts.
pub(super) fn merge(parts: &[Cube], sessions: u64) -> Cube {
    let is_at_least = |detail: Detail| parts.iter().all(|part| part.detail <= detail);
    if sessions <= MOST_SESSIONS as u64 && is_at_least(Detail::Sessions) {
        let merged = combined(parts, Detail::Sessions);
        if merged.cells.len() <= MOST_CELLS {
            return merged;
        }
    }
    if is_at_least(Detail::Days) {
        let merged = combined(parts, Detail::Days);
        if merged.cells.len() <= MOST_CELLS {
            return merged;
        }
    }
    Cube::default()
}

/// A session and what tells it from others that begin at once: its workspace, its part, and its number there.
type Told<'c> = (&'c Session, Option<&'c String>, usize, u32);

fn combined(parts: &[Cube], detail: Detail) -> Cube {
    let users = sorted(parts.iter().flat_map(|part| &part.users));
    let apps = sorted(parts.iter().flat_map(|part| &part.apps));
    let number_of_app = |part: &Cube, app: u32| at(&part.apps, app).map_or(0, |app| number(&apps, app));
    let feature = |part: &Cube, feature: u32| {
        at(&part.features, feature).map(|(app, name)| (number_of_app(part, *app), name.clone()))
    };
    let features: Vec<(u32, String)> = parts
        .iter()
        .flat_map(|part| (1..).zip(&part.features).filter_map(|(number, _)| feature(part, number)))
        .collect();
    let features = sorted(features.iter());
    let sessions = if detail == Detail::Sessions { sessions(parts) } else { BTreeMap::new() };
    let mut cells: BTreeMap<(u32, i32, u32, u32, u32, Action), Tally> = BTreeMap::new();
    for (position, part) in parts.iter().enumerate() {
        for cell in &part.cells {
            let user = at(&part.users, cell.user).map_or(0, |user| number(&users, user));
            let app = number_of_app(part, cell.app);
            let feature = feature(part, cell.feature).map_or(0, |feature| number(&features, &feature));
            let session = sessions.get(&(position, cell.session)).map_or(0, |(number, _)| *number);
            cells.entry((session, cell.day, user, app, feature, cell.action)).or_default().add(cell.tally);
        }
    }
    let mut in_order: Vec<(u32, Session)> =
        sessions.into_values().map(|(number, session)| (number, session.clone())).collect();
    in_order.sort_unstable();
    let cell =
        |((session, day, user, app, feature, action), tally)| Cell { session, user, app, feature, day, action, tally };
    Cube {
        detail,
        users,
        apps,
        features,
        sessions: in_order.into_iter().map(|(_, session)| session).collect(),
        cells: cells.into_iter().map(cell).collect(),
    }
}

/// The sessions by part and number there, each with its number among all.
fn sessions(parts: &[Cube]) -> BTreeMap<(usize, u32), (u32, &Session)> {
    let mut all: BTreeMap<(usize, u32), Told> = BTreeMap::new();
    for (position, part) in parts.iter().enumerate() {
        for cell in part.cells.iter().filter(|cell| cell.session > 0) {
            let workspace = at(&part.apps, cell.app).and_then(|app: &App| app.workspace.as_ref());
            if let Some(session) = at(&part.sessions, cell.session) {
                all.insert((position, cell.session), (session, workspace, position, cell.session));
            }
        }
    }
    let mut told: Vec<Told> = all.into_values().collect();
    told.sort_unstable();
    (1..).zip(told).map(|(number, (session, _, position, own))| ((position, own), (number, session))).collect()
}

/// What stands behind a number; 0 is nothing.
fn at<T>(things: &[T], number: u32) -> Option<&T> {
    things.get((number as usize).checked_sub(1)?)
}

/// The number of a thing among sorted ones.
fn number<T: Ord>(things: &[T], thing: &T) -> u32 {
    let position = things.binary_search(thing).map_or(0, |position| position + 1);
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn sorted<'t, T: Ord + Clone + 't>(things: impl Iterator<Item = &'t T>) -> Vec<T> {
    let mut things: Vec<T> = things.cloned().collect();
    things.sort_unstable();
    things.dedup();
    things
}
