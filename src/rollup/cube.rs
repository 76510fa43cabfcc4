//! The cube: events added up by session, user, app, feature, day and class at once, so that a report can be filtered
//! without the events. It is bounded: where there would be too many cells, sessions are left out; where there are still
//! too many, there is no cube.
use polars::prelude::{DataFrame, SortMultipleOptions};
use rustc_hash::FxHashMap;

use crate::{
    model::{action::Action, amount::Total, event::Word, instant::Instant, names::Names},
    rollup::{
        Tally,
        facts::{FactRows, FactTable},
    },
    schema::{
        Col, metrics,
        stage::Facts,
        tables::{fact, group},
    },
    timeline::{SessionId, Timeline},
};

/// So many cells an account has at most: they are to fit a page of two megabytes beside its tables.
pub(super) const MOST_CELLS: usize = 60_000;
/// So many sessions are told apart at most.
pub(super) const MOST_SESSIONS: usize = 12_000;

/// What the cells of a cube are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Session, user, app, feature, day and class.
    Sessions,
    /// User, app, feature, day and class.
    Days,
    /// Nothing: there are no cells.
    #[default]
    Nothing,
}

/// The cells of one account and the names behind their numbers. A number counts from 1; 0 is none.
#[derive(Debug, Clone, Default)]
pub struct Cube {
    /// What the cells are told apart by.
    pub detail: Detail,
    /// The users, in order.
    pub users: Vec<String>,
    /// The apps, in order.
    pub apps: Vec<App>,
    /// The number of the app and the name of each feature, in order.
    pub features: Vec<(u32, String)>,
    /// The sessions, by start.
    pub sessions: Vec<Session>,
    /// The cells, in order.
    pub cells: Vec<Cell>,
}

/// An app of a cube.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct App {
    /// Its workspace.
    pub workspace: Option<String>,
    /// Its name; none where the event is on no app.
    pub label: Option<String>,
    /// Its id, which a selection may name too.
    pub id: Option<String>,
}

/// A session of a cube.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    /// Its first event, of whatever account.
    pub first: Instant,
    /// The value of the session column; none where the session was found by pauses.
    pub name: Option<String>,
}

/// Events that have everything in common but the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The number of the session.
    pub session: u32,
    /// The number of the user.
    pub user: u32,
    /// The number of the app.
    pub app: u32,
    /// The number of the feature.
    pub feature: u32,
    /// Days since 1970, local.
    pub day: i32,
    /// The class.
    pub action: Action,
    /// The events.
    pub tally: Tally,
}

/// The cube of each account of a table; of each is known how many cells it has at least.
///
/// # Errors
/// When polars fails.
pub(super) fn build(
    facts: FactRows,
    least_cells: &[usize],
    table: &FactTable,
    timeline: &Timeline,
    names: &Names,
) -> anyhow::Result<Vec<Cube>> {
    let mut cubes = vec![Cube::default(); table.accounts.len()];
    let mut open: Vec<bool> = least_cells.iter().map(|least| *least <= MOST_CELLS).collect();
    if !open.contains(&true) {
        return Ok(cubes);
    }
    let facts = facts.into_frame()?;
    let frame =
        if timeline.sessions().len() <= MOST_SESSIONS { Some(grouped(&facts, Detail::Sessions)?) } else { None };
    let rows_of = |frame: &DataFrame| -> anyhow::Result<Vec<usize>> {
        let mut counts = vec![0; table.accounts.len()];
        for account in fact::ACCOUNT.of(frame)?.u32()?.into_no_null_iter() {
            counts[account as usize] += 1;
        }
        Ok(counts)
    };
    for (detail, frame) in [(Detail::Sessions, frame), (Detail::Days, None)] {
        let frame = match (detail, frame) {
            (_, Some(frame)) => frame,
            (Detail::Days, None) if open.contains(&true) => grouped(&facts, Detail::Days)?,
            _ => continue,
        };
        for (account, rows) in rows_of(&frame)?.into_iter().enumerate() {
            if open[account] && rows <= MOST_CELLS {
                open[account] = false;
                let cells = cells(&frame, u32::try_from(account).unwrap_or(u32::MAX), detail)?;
                cubes[account] = named(cells, detail, table, timeline, names);
            }
        }
    }
    Ok(cubes)
}

const KEYS: [Col; 7] = [fact::ACCOUNT, fact::SESSION, fact::USER, fact::APP, fact::FEATURE, fact::DAY, fact::ACTION];

fn grouped(facts: &Facts, detail: Detail) -> anyhow::Result<DataFrame> {
    let keys = KEYS.iter().filter(|key| detail == Detail::Sessions || key.name() != fact::SESSION.name());
    let keys: Vec<_> = keys.map(|key| key.expr()).collect();
    let plan = facts.lazy().group_by(&keys).agg([metrics::events(), metrics::total()]);
    Ok(plan.sort_by_exprs(keys, SortMultipleOptions::default()).collect()?)
}

/// The cells of an account, with the numbers of the fact table.
fn cells(frame: &DataFrame, account: u32, detail: Detail) -> anyhow::Result<Vec<Cell>> {
    let column = |column: Col| -> anyhow::Result<Vec<u32>> {
        if detail == Detail::Days && column.name() == fact::SESSION.name() {
            return Ok(vec![0; frame.height()]);
        }
        Ok(column.of(frame)?.u32()?.into_no_null_iter().collect())
    };
    let [accounts, sessions, users, apps, features, days, actions] = KEYS.map(column);
    let (accounts, sessions, users, apps) = (accounts?, sessions?, users?, apps?);
    let (features, days, actions) = (features?, days?, actions?);
    let events: Vec<u64> = group::EVENTS.of(frame)?.u64()?.into_no_null_iter().collect();
    let totals: Vec<i128> = group::TOTAL.of(frame)?.i128()?.into_no_null_iter().collect();
    let rows = (0..frame.height()).filter(|row| accounts[*row] == account);
    let cell = |row: usize| Cell {
        session: sessions[row],
        user: users[row],
        app: apps[row],
        feature: features[row],
        day: days[row].cast_signed(),
        action: Action::ALL[actions[row] as usize],
        tally: Tally { events: events[row], amount: Total::from_nanos(totals[row]) },
    };
    Ok(rows.map(cell).collect())
}

/// Gives the names that occur numbers in an order that does not depend on the order of reading.
fn named(mut cells: Vec<Cell>, detail: Detail, table: &FactTable, timeline: &Timeline, names: &Names) -> Cube {
    let text = |word: Option<Word>| names.text_of(word).map(str::to_owned);
    let (users, user_of) = numbered(cells.iter().map(|cell| cell.user), |id| text(Word::from_number(id)));
    let (apps, app_of) = numbered(cells.iter().map(|cell| cell.app + 1), |number| {
        let (workspace, app) = table.apps[number as usize - 1];
        let label = app.map(|app| names.app_label(workspace, app).to_owned());
        (workspace.is_some() || app.is_some()).then(|| App { workspace: text(workspace), label, id: text(app) })
    });
    let (features, feature_of) = numbered(cells.iter().map(|cell| cell.feature), |id| {
        let (app, feature) = table.features[id as usize];
        text(feature).map(|feature| (app_of.of(app + 1), feature))
    });
    let (sessions, session_of) = numbered(cells.iter().map(|cell| cell.session), |id| {
        let index = (id as usize).checked_sub(1)?;
        let session = timeline.session(SessionId::from_index(index));
        // the position keeps sessions apart that begin at once
        Some((Session { first: session.first, name: text(names.thread(session.thread).session) }, id))
    });
    for cell in &mut cells {
        cell.user = user_of.of(cell.user);
        cell.app = app_of.of(cell.app + 1);
        cell.feature = feature_of.of(cell.feature);
        cell.session = session_of.of(cell.session);
    }
    cells.sort_by_key(|cell| (cell.session, cell.day, cell.user, cell.app, cell.feature, cell.action));
    let sessions = sessions.into_iter().map(|(session, _)| session).collect();
    Cube { detail, users, apps, features, sessions, cells }
}

/// The number of what stands behind an id; 0 where nothing does.
struct Numbers(FxHashMap<u32, u32>);

impl Numbers {
    fn of(&self, id: u32) -> u32 {
        self.0.get(&id).copied().unwrap_or(0)
    }
}

/// The distinct things behind some ids, in order, and the number of the thing behind each id.
fn numbered<T: Ord + Clone>(ids: impl Iterator<Item = u32>, thing: impl Fn(u32) -> Option<T>) -> (Vec<T>, Numbers) {
    let mut ids: Vec<u32> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut known: Vec<(T, u32)> = ids.iter().filter_map(|id| Some((thing(*id)?, *id))).collect();
    known.sort();
    let (mut things, mut numbers) = (Vec::new(), FxHashMap::default());
    for (thing, id) in known {
        if things.last() != Some(&thing) {
            things.push(thing);
        }
        numbers.insert(id, u32::try_from(things.len()).unwrap_or(u32::MAX));
    }
    (things, Numbers(numbers))
}
