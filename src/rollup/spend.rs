//! The use of each account by the minute, user, app and feature, whatever was selected: what budgets of a cycle are held
//! against, and, added up by the minute, what a pool is replayed by.
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    model::{
        amount::Total,
        event::{Account, Thread, ThreadId, Word},
        instant::Instant,
    },
    rollup::{AccountName, Classified, Subject, name_of, usage::minute_of},
};

/// What somebody used for something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spend {
    /// The account.
    pub account: AccountName,
    /// Workspace, app, user and feature.
    pub subject: Subject,
    /// How much in which minute, in order of time.
    pub minutes: Vec<(Instant, Total)>,
}

/// Adds up all events, in the order of accounts and subjects.
pub fn by_minute(input: Classified) -> Vec<Spend> {
    type Key = (Account, ThreadId, Option<Word>);
    let Classified { timeline, names, .. } = input;
    let mut sums: FxHashMap<Key, Vec<(Instant, Total)>> = FxHashMap::default();
    for (index, event) in timeline.events().iter().enumerate() {
        let minutes = sums.entry((names.tag(event.tag).account, event.thread, input.feature(index))).or_default();
        let at = minute_of(event.at);
        match minutes.last_mut() {
            Some((latest, sum)) if *latest == at => *sum += event.amount,
            _ => minutes.push((at, event.amount.into())),
        }
    }
    let mut spend: BTreeMap<(AccountName, Subject), Vec<(Instant, Total)>> = BTreeMap::new();
    for ((account, thread, feature), minutes) in sums {
        let Thread { workspace, user, app, .. } = names.thread(thread);
        let text = |word: Option<Word>| names.text_of(word).map(str::to_owned);
        let app = app.map(|app| names.app_label(workspace, app).to_owned());
        let (workspace, user, feature) = (text(workspace), text(user), text(feature));
        let subject = Subject { workspace, app, user, feature, ..Subject::default() };
        spend.entry((name_of(account, names), subject)).or_default().extend(minutes);
    }
    let spend = spend.into_iter().map(|((account, subject), minutes)| Spend { account, subject, minutes });
    spend.map(Spend::in_order).collect()
}

impl Spend {
    /// The same with each minute once, in order of time.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.minutes.sort_by_key(|(at, _)| *at);
        self.minutes.dedup_by(|(at, amount), (latest, sum)| {
            let is_same = at == latest;
            if is_same {
                *sum += *amount;
            }
            is_same
        });
        self
    }

    /// How much from one moment to before another.
    pub fn between(&self, start: Instant, end: Instant) -> Total {
        let position = |at: Instant| self.minutes.partition_point(|(minute, _)| *minute < at);
        let (start, end) = (position(start), position(end));
        self.minutes[start..end.max(start)].iter().map(|(_, amount)| *amount).sum()
    }
}

/// The use of each account by the minute, in order of time.
pub fn usage(spend: &[Spend]) -> BTreeMap<AccountName, Vec<(Instant, Total)>> {
    let mut usage: BTreeMap<AccountName, BTreeMap<Instant, Total>> = BTreeMap::new();
    for Spend { account, minutes, .. } in spend {
        let all = usage.entry(account.clone()).or_default();
        for (at, amount) in minutes {
            *all.entry(*at).or_default() += *amount;
        }
    }
    usage.into_iter().map(|(account, minutes)| (account, minutes.into_iter().collect())).collect()
}
