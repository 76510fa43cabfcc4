//! Rollups of several inputs become one. Of inputs that share no workspace it is the rollup of all of them, exactly; what
//! of a workspace stands in several is added up, and at its seams more is known than in each part (see [`edges`]).
mod cube;
mod edges;
mod rows;

use std::collections::BTreeMap;

use crate::{
    model::amount::Total,
    rollup::{
        AccountName, AccountRollup, Rollups, Step, Subject, Tally,
        cases::{AppCase, Cases, UserCase},
        lineage::chains,
        ranges::{self, OfApp},
        rows::{dearest_first, total},
        seams::Seams,
    },
    schema::tables::fact,
};
use rows::Merging;

/// Merges rollups; the use by the minute is left out, since it is told by who used it.
pub fn merge(parts: Vec<Rollups>) -> Rollups {
    let sessions = parts.iter().map(|part| part.sessions).sum();
    let periods = || parts.iter().filter_map(|part| part.period);
    let period = periods().map(|(first, _)| first).min().zip(periods().map(|(_, last)| last).max());
    let mut by_name: BTreeMap<AccountName, Vec<AccountRollup>> = BTreeMap::new();
    for account in parts.into_iter().flat_map(|part| part.accounts) {
        by_name.entry(account.account.clone()).or_default().push(account);
    }
    let accounts = by_name.into_iter().map(|(name, parts)| account(name, parts, sessions));
    let mut accounts: Vec<AccountRollup> = accounts.collect();
    super::sort(&mut accounts);
    Rollups { accounts, period, usage: BTreeMap::new(), sessions }
}

/// The same list of each part.
macro_rules! lists {
    ($parts:expr, $($field:ident).+) => {
        $parts.iter_mut().map(|part| std::mem::take(&mut part.$($field).+)).collect::<Vec<_>>()
    };
}

fn account(name: AccountName, mut parts: Vec<AccountRollup>, sessions: u64) -> AccountRollup {
    edges::join(&mut parts);
    let mut met = lists!(parts, seams.met).concat();
    met.sort_unstable();
    met.dedup();
    let merging = Merging::new(&met);
    let by_action = merging.rows(Some(fact::ACTION), lists!(parts, by_action));
    let doubts = doubts(lists!(parts, seams.doubts));
    let (worst_session, worst_workspace) = worst(&mut parts);
    AccountRollup {
        account: name,
        total: total(&by_action),
        price: None,
        by_user: dearest_first(merging.rows(None, lists!(parts, by_user))),
        by_feature: dearest_first(merging.rows(Some(fact::FEATURE), lists!(parts, by_feature))),
        by_app: dearest_first(merging.rows(Some(fact::APP), lists!(parts, by_app))),
        by_user_and_app: rows::pairs(lists!(parts, by_user_and_app)),
        by_session: dearest_first(merging.rows(Some(fact::SESSION), lists!(parts, by_session))),
        by_day: merging.rows(Some(fact::DAY), lists!(parts, by_day)),
        by_model: dearest_first(merging.rows(Some(fact::MODEL), lists!(parts, by_model))),
        by_basis: rows::added(lists!(parts, by_basis), Tally::add),
        buckets: parts.iter().map(|part| part.buckets).sum(),
        refunds: parts.iter().fold(Tally::default(), |mut sum, part| {
            sum.add(part.refunds);
            sum
        }),
        zero: rows::added(lists!(parts, zero), |sum, events| *sum += events),
        by_hour: hours(&parts),
        worst_session,
        ranges: ranges::of(&doubts),
        cases: cases(lists!(parts, cases)),
        chains: chains::dearest_first(lists!(parts, chains).concat()),
        cube: cube::merge(&lists!(parts, cube), sessions),
        seams: Seams { met, doubts, worst_workspace },
        by_action,
    }
}

/// In the order of workspaces and apps; what parts say of one app is added.
fn doubts(lists: Vec<Vec<OfApp>>) -> Vec<OfApp> {
    let mut apps: BTreeMap<(Option<String>, Option<String>), OfApp> = BTreeMap::new();
    for app in lists.into_iter().flatten() {
        match apps.get_mut(&(app.workspace.clone(), app.app.clone())) {
            Some(known) => known.spreads.iter_mut().zip(app.spreads).for_each(|(sum, spread)| sum.add(spread)),
            None => _ = apps.insert((app.workspace.clone(), app.app.clone()), app),
        }
    }
    apps.into_values().collect()
}

/// The dearest session; of equals that of the first workspace.
fn worst(parts: &mut [AccountRollup]) -> (Vec<Step>, Option<String>) {
    let with_session = parts.iter_mut().filter(|part| !part.worst_session.is_empty());
    let cost = |part: &AccountRollup| part.worst_session.iter().map(|step| step.amount.into()).sum::<Total>();
    let worst = with_session.min_by(|a, b| {
        let by_cost = cost(b).cmp(&cost(a));
        by_cost.then_with(|| a.seams.worst_workspace.cmp(&b.seams.worst_workspace))
    });
    let taken = worst.map(|part| (std::mem::take(&mut part.worst_session), part.seams.worst_workspace.take()));
    taken.unwrap_or_default()
}

fn hours(parts: &[AccountRollup]) -> Box<[[Total; 24]; 7]> {
    let mut hours = Box::new([[Total::ZERO; 24]; 7]);
    for part in parts {
        for (sum, amount) in hours.iter_mut().flatten().zip(part.by_hour.iter().flatten()) {
            *sum += *amount;
        }
    }
    hours
}

fn cases(parts: Vec<Cases>) -> Cases {
    let mut all = Cases::default();
    let mut users: BTreeMap<Subject, UserCase> = BTreeMap::new();
    for part in parts {
        all.sessions.extend(part.sessions);
        all.apps.extend(part.apps);
        for user in part.users {
            match users.get_mut(&user.subject) {
                Some(known) => {
                    known.vague.add(user.vague);
                    known.specific.add(user.specific);
                }
                None => _ = users.insert(user.subject.clone(), user),
            }
        }
    }
    all.sessions.sort_by(|a, b| a.subject.workspace.cmp(&b.subject.workspace));
    all.apps.sort_by(|a, b| a.subject.cmp(&b.subject));
    all.users = users.into_values().collect();
    all
}

/// What an app costs on its days, both of two parts of it.
fn days(app: &mut AppCase, more: Vec<(i64, Total)>) {
    let lists = vec![std::mem::take(&mut app.days), more];
    app.days = rows::added(lists, |sum, amount| *sum += amount);
}
