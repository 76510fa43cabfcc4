//! What was asked for, by day and by kind of work: what two periods or two inputs are compared by.
//!
//! A refund gives back an amount and is no use: it counts in amounts, not in uses.
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    model::{
        account::Entry,
        action::Action,
        event::{Account, Word},
        instant::{Day, Instant},
        zone::Zone,
    },
    rollup::{AccountName, Candidate, Classified, Selection, Tally, name_of},
    timeline::Timeline,
};

/// A kind of work: its class, where it was done, and by which model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The class.
    pub action: Action,
    /// The app.
    pub app: Option<String>,
    /// The language model.
    pub model: Option<String>,
}

/// The selected use of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workload {
    /// By local day and kind of work.
    pub days: BTreeMap<Day, BTreeMap<Kind, Tally>>,
    /// By user.
    pub users: BTreeMap<Option<String>, Tally>,
    /// By feature.
    pub features: BTreeMap<Option<String>, Tally>,
    /// By app.
    pub apps: BTreeMap<Option<String>, Tally>,
    /// How many of the uses are totals of a day or a bucket.
    pub buckets: u64,
    /// How many days it spans, with use or without: those that are selected, from the first event to the last of all.
    pub span: u64,
}

impl Workload {
    /// Adds that of other workspaces; how many days both span is not told by it.
    pub fn add(&mut self, more: Self) {
        for (day, kinds) in more.days {
            let known = self.days.entry(day).or_default();
            for (kind, tally) in kinds {
                known.entry(kind).or_default().add(tally);
            }
        }
        for (known, more) in
            [(&mut self.users, more.users), (&mut self.features, more.features), (&mut self.apps, more.apps)]
        {
            for (name, tally) in more {
                known.entry(name).or_default().add(tally);
            }
        }
        self.buckets += more.buckets;
    }

    /// With other names of users, and of features and apps.
    #[must_use]
    pub fn renamed(self, user: &dyn Fn(&str) -> String, text: &dyn Fn(&str) -> String) -> Self {
        let cut = |rows: BTreeMap<Option<String>, Tally>, of: &dyn Fn(&str) -> String| {
            added(rows.into_iter().map(|(name, tally)| (name.as_deref().map(of), tally)))
        };
        let kinds = |kinds: BTreeMap<Kind, Tally>| {
            added(kinds.into_iter().map(|(kind, tally)| (Kind { app: kind.app.as_deref().map(text), ..kind }, tally)))
        };
        Self {
            days: self.days.into_iter().map(|(day, of_day)| (day, kinds(of_day))).collect(),
            users: cut(self.users, user),
            features: cut(self.features, text),
            apps: cut(self.apps, text),
            buckets: self.buckets,
            span: self.span,
        }
    }
}

/// Sums by key.
fn added<K: Ord>(rows: impl Iterator<Item = (K, Tally)>) -> BTreeMap<K, Tally> {
    let mut sums: BTreeMap<K, Tally> = BTreeMap::new();
    for (key, tally) in rows {
        sums.entry(key).or_default().add(tally);
    }
    sums
}

/// The workload of each account.
pub fn workloads(input: Classified, zone: &Zone, selection: &Selection) -> BTreeMap<AccountName, Workload> {
    type Group = (Day, Action, Option<(Option<Word>, Word)>, Option<Word>);
    let Classified { timeline, decisions, names, .. } = input;
    let mut kinds: FxHashMap<(Account, Group), Tally> = FxHashMap::default();
    let mut cuts: [FxHashMap<(Account, Option<Word>), Tally>; 2] = Default::default();
    let mut buckets: FxHashMap<Account, u64> = FxHashMap::default();
    for (index, (event, decision)) in timeline.events().iter().zip(decisions).enumerate() {
        let feature = input.feature(index);
        if !selection.picks(Candidate { event, action: decision.action, feature }, names) {
            continue;
        }
        let (tag, thread) = (names.tag(event.tag), names.thread(event.thread));
        let tally = Tally { events: u64::from(tag.entry != Entry::Refund), amount: event.amount.into() };
        let app = thread.app.map(|app| (thread.workspace, app));
        let group = (zone.day(event.at), decision.action, app, tag.model);
        kinds.entry((tag.account, group)).or_default().add(tally);
        for (cut, word) in cuts.iter_mut().zip([thread.user, feature]) {
            cut.entry((tag.account, word)).or_default().add(tally);
        }
        *buckets.entry(tag.account).or_default() += u64::from(tag.is_aggregate);
    }
    let text = |word: Option<Word>| names.text_of(word).map(str::to_owned);
    let mut all: BTreeMap<AccountName, Workload> = BTreeMap::new();
    for ((account, (day, action, app, model)), tally) in kinds {
        let workload = all.entry(name_of(account, names)).or_default();
        let app = app.map(|(workspace, app)| names.app_label(workspace, app).to_owned());
        workload.apps.entry(app.clone()).or_default().add(tally);
        let kind = Kind { action, app, model: text(model) };
        workload.days.entry(day).or_default().entry(kind).or_default().add(tally);
    }
    let [users, features] = cuts;
    for ((account, user), tally) in users {
        all.entry(name_of(account, names)).or_default().users.entry(text(user)).or_default().add(tally);
    }
    for ((account, feature), tally) in features {
        all.entry(name_of(account, names)).or_default().features.entry(text(feature)).or_default().add(tally);
    }
    for (account, n) in buckets {
        all.entry(name_of(account, names)).or_default().buckets += n;
    }
    spread(&mut all, period(timeline), zone, selection);
    all
}

/// The first and the last event of whatever account.
pub fn period(timeline: &Timeline) -> Option<(Instant, Instant)> {
    let times = || timeline.events().iter().map(|event| event.at);
    times().min().zip(times().max())
}

/// Tells workloads how many days they span between the first event and the last.
pub fn spread(
    workloads: &mut BTreeMap<AccountName, Workload>,
    period: Option<(Instant, Instant)>,
    zone: &Zone,
    selection: &Selection,
) {
    let span = period.map_or(0, |period| span(period, zone, selection));
    for workload in workloads.values_mut() {
        workload.span = span.max(workload.days.len() as u64);
    }
}

/// The local days from the first event to the last, of whatever account, as far as they are selected.
fn span((first, last): (Instant, Instant), zone: &Zone, selection: &Selection) -> u64 {
    let first = selection.from.map_or(first, |from| from.max(first));
    let before = |until: Instant| Instant::from_nanos(until.nanos() - 1);
    let last = selection.until.map_or(last, |until| before(until).min(last));
    let days = i64::from(zone.day(last).epoch_days()) - i64::from(zone.day(first).epoch_days()) + 1;
    u64::try_from(days).unwrap_or(0)
}
