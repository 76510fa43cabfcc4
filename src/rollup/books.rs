//! What the books say beside the cuts: totals, users, entries of the pool, rows that move it.
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{
    ingest::totals::Subject,
    model::{
        account::{Entry, Meter, Unit},
        amount::{Amount, Total},
        event::{Account, Event, Place, Word},
        instant::Instant,
        names::Names,
    },
    rollup::{AccountName, Tally, name_of},
};

/// Events added up by account, in the order of the accounts' names.
pub fn totals<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<(AccountName, Tally)> {
    let mut sums: FxHashMap<Account, Tally> = FxHashMap::default();
    for event in events {
        let one = Tally { events: 1, amount: event.amount.into() };
        sums.entry(names.tag(event.tag).account).or_default().add(one);
    }
    let mut totals: Vec<_> = sums.into_iter().map(|(account, tally)| (name_of(account, names), tally)).collect();
    totals.sort_by(|(one, _), (other, _)| one.cmp(other));
    totals
}

/// Users and how many events each has, in the order of their names.
pub fn users<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<(String, u64)> {
    let mut counts: FxHashMap<Word, u64> = FxHashMap::default();
    for event in events {
        if let Some(user) = names.thread(event.thread).user {
            *counts.entry(user).or_default() += 1;
        }
    }
    let mut users: Vec<(String, u64)> =
        counts.into_iter().map(|(user, count)| (names.text(user).to_owned(), count)).collect();
    users.sort_unstable();
    users
}

/// Grants, top-ups, refunds and expiries of one account and workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolRow {
    /// The account.
    pub account: AccountName,
    /// The workspace that holds the pool.
    pub workspace: Option<String>,
    /// What kind of entry.
    pub entry: Entry,
    /// How many, and how much.
    pub tally: Tally,
    /// The first and the last.
    pub period: (Instant, Instant),
}

/// The rows that move the pool of one account and workspace, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The account.
    pub account: AccountName,
    /// The workspace that holds the pool.
    pub workspace: Option<String>,
    /// The rows.
    pub steps: Vec<Step>,
}

/// A row that moves a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Where the row stands.
    pub place: Place,
    /// What it adds; use is negative.
    pub effect: Total,
    /// The balance told after it.
    pub found: Option<Amount>,
}

/// The entries of the pool that a selection picks, refunds among the events too.
pub fn pool<'e>(entries: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<PoolRow> {
    let mut rows: BTreeMap<_, PoolRow> = BTreeMap::new();
    for event in entries {
        let (tag, thread) = (names.tag(event.tag), names.thread(event.thread));
        if tag.entry == Entry::Usage {
            continue;
        }
        let account = name_of(tag.account, names);
        let workspace = names.text_of(thread.workspace).map(str::to_owned);
        let new = || PoolRow {
            account: account.clone(),
            workspace: workspace.clone(),
            entry: tag.entry,
            tally: Tally::default(),
            period: (event.at, event.at),
        };
        let row = rows.entry((account.clone(), workspace.clone(), tag.entry)).or_insert_with(new);
        row.tally.add(Tally { events: 1, amount: event.amount.into() });
        row.period = (row.period.0.min(event.at), row.period.1.max(event.at));
    }
    rows.into_values().collect()
}

/// The pools of which balances are told, with all rows that move them. Rows of one instant stand in the order of their
/// file, from its end where it tells the newest first.
pub fn ledgers<'e>(rows: impl Iterator<Item = &'e Event>, names: &Names, balances: &[(Place, Amount)]) -> Vec<Ledger> {
    if balances.is_empty() {
        return Vec::new();
    }
    let found: FxHashMap<Place, Amount> = balances.iter().copied().collect();
    let mut pools: FxHashMap<(Account, Option<Word>), Vec<Step>> = FxHashMap::default();
    for event in rows {
        let (tag, thread) = (names.tag(event.tag), names.thread(event.thread));
        let amount = Total::from(event.amount);
        let size = if amount < Total::ZERO { -amount } else { amount };
        let effect = match tag.entry {
            Entry::Usage | Entry::Refund => -amount,
            Entry::Grant | Entry::Topup => size,
            Entry::Expiry => -size,
        };
        let step = Step { at: event.at, place: event.place, effect, found: found.get(&event.place).copied() };
        pools.entry((tag.account, thread.workspace)).or_default().push(step);
    }
    pools.retain(|_, steps| steps.iter().any(|step| step.found.is_some()));
    let in_order = |((account, workspace), mut steps): ((Account, Option<Word>), Vec<Step>)| {
        steps.sort_by_key(|step| step.place);
        let newest_first = newest_first(&steps);
        let turned = |place: Place| if newest_first.contains(&place.file) { u32::MAX - place.line } else { place.line };
        steps.sort_by_key(|step| (step.at, step.place.file, turned(step.place)));
        let workspace = names.text_of(workspace).map(str::to_owned);
        Ledger { account: name_of(account, names), workspace, steps }
    };
    let mut ledgers: Vec<Ledger> = pools.into_par_iter().map(in_order).collect();
    ledgers.sort_by(|a, b| (&a.account, &a.workspace).cmp(&(&b.account, &b.workspace)));
    ledgers
}

/// The files whose rows go back in time more often than on; steps stand in the order of files.
fn newest_first(steps: &[Step]) -> BTreeSet<u32> {
    let mut files: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for pair in steps.windows(2).filter(|pair| pair[0].place.file == pair[1].place.file) {
        let (on, back) = files.entry(pair[0].place.file).or_default();
        *on += u64::from(pair[1].at > pair[0].at);
        *back += u64::from(pair[1].at < pair[0].at);
    }
    files.into_iter().filter(|(_, (on, back))| back > on).map(|(file, _)| file).collect()
}

/// What each user and each app consumed in credits.
pub fn used<'e>(events: impl Iterator<Item = &'e Event>, names: &Names) -> Vec<Used> {
    let mut sums: FxHashMap<(Account, Subject, Option<Word>, Word), Total> = FxHashMap::default();
    for event in events {
        let (tag, thread) = (names.tag(event.tag), names.thread(event.thread));
        if tag.account.unit != Unit::Credits {
            continue;
        }
        let user = thread.user.map(|user| (Subject::User, None, user));
        let app = thread.app.map(|app| (Subject::App, thread.workspace, app));
        for (subject, workspace, name) in user.into_iter().chain(app) {
            *sums.entry((tag.account, subject, workspace, name)).or_default() += event.amount;
        }
    }
    let mut by_name: BTreeMap<(&str, Subject, Meter, &str, &str), Total> = BTreeMap::new();
    for ((account, subject, workspace, name), amount) in sums {
        let label = if subject == Subject::App { names.app_label(workspace, name) } else { "" };
        let key = (names.text(account.provider), subject, account.meter, names.text(name), label);
        *by_name.entry(key).or_default() += amount;
    }
    let used = |((provider, subject, meter, name, label), amount): ((&str, Subject, Meter, &str, &str), Total)| Used {
        provider: provider.to_owned(),
        subject,
        name: name.to_owned(),
        label: label.to_owned(),
        meter,
        amount,
    };
    by_name.into_iter().map(used).collect()
}

/// What the events of a user or an app add up to, in credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The vendor.
    pub provider: String,
    /// User or app.
    pub subject: Subject,
    /// The user's name, or the app's id where it has one.
    pub name: String,
    /// Another name of it, such as the app's.
    pub label: String,
    /// The meter.
    pub meter: Meter,
    /// How much.
    pub amount: Total,
}
