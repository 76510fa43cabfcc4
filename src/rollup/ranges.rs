//! Between which amounts the total of each class lies, given how sure the labels are: the method stands in
//! [`crate::classify::doubt`]. These are estimates and floats; the totals themselves stay exact.
use std::{cmp::Ordering, collections::BTreeMap};

use rustc_hash::FxHashMap;

use crate::{
    classify::doubt::{Doubt, Expected, Spread},
    classify::links::feature_of,
    model::{
        action::Action,
        amount::Total,
        event::{Account, Thread, Word},
    },
    rollup::{Candidate, Classified, Selection},
};

/// Between which amounts a class total lies, 95 %. What was counted may lie outside: labels may lean to one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Hardly less.
    pub low: Total,
    /// What is expected once it is set right which classes are taken for which, and what was left unclassified.
    pub likely: Total,
    /// Hardly more.
    pub high: Total,
}

/// The range of each of [`Action::ALL`]; none for `unclassified`, and where no event has a class.
pub type Ranges = [Option<Range>; Action::ALL.len()];

/// What one app adds to the totals of [`Action::ALL`], in floats; of several apps the parts add up.
#[derive(Debug, Clone, PartialEq)]
pub struct OfApp {
    /// The workspace.
    pub workspace: Option<String>,
    /// The app, by its id where it has one.
    pub app: Option<String>,
    /// What it adds to each class.
    pub spreads: [Spread; Action::ALL.len()],
}

/// Ranges are rounded to this many nanos: more digits would claim too much.
const STEP: f64 = 1e5;

/// What each app adds to each account, in the order of workspaces and apps.
pub(super) fn of_apps(input: Classified, selection: &Selection, doubt: &Doubt) -> FxHashMap<Account, Vec<OfApp>> {
    let Classified { timeline, decisions, names, inferred } = input;
    let mut accounts: FxHashMap<Account, Vec<OfApp>> = FxHashMap::default();
    for range in timeline.apps() {
        let mut apps: BTreeMap<(Word, &str, &str), (Account, [Expected; Action::ALL.len()])> = BTreeMap::new();
        let of_app = timeline.events()[range.clone()].iter().zip(&decisions[range.clone()]);
        for ((event, decision), inferred) in of_app.zip(&inferred[range.clone()]) {
            let feature = feature_of(event, *inferred);
            if !selection.picks(Candidate { event, action: decision.action, feature }, names) {
                continue;
            }
            let Some(chances) = doubt.chances(decision) else { continue };
            let account = names.tag(event.tag).account;
            let key = (account.provider, account.meter.word(), account.unit.word());
            let (_, sums) = apps.entry(key).or_insert((account, [Expected::default(); Action::ALL.len()]));
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let amount = event.amount.nanos() as f64;
            for (sum, chance) in sums.iter_mut().zip(chances) {
                sum.add(amount, chance);
            }
        }
        let Thread { workspace, app, .. } = names.thread(timeline.events()[range.start].thread);
        for (account, sums) in apps.into_values() {
            let text = |word: Option<Word>| names.text_of(word).map(str::to_owned);
            let spreads = sums.map(|sum| sum.of_app(doubt.correlation));
            let of_app = OfApp { workspace: text(workspace), app: text(app), spreads };
            accounts.entry(account).or_default().push(of_app);
        }
    }
    accounts
}

/// The ranges of an account, by what its apps add, in their order: floats depend on it.
pub fn of(apps: &[OfApp]) -> Ranges {
    let mut sums = [Spread::default(); Action::ALL.len()];
    for app in apps {
        for (sum, spread) in sums.iter_mut().zip(app.spreads) {
            sum.add(spread);
        }
    }
    sums.map(range_of)
}

fn range_of(expected: Spread) -> Option<Range> {
    let (low, high) = expected.range();
    let range = Range { low: total(low), likely: total(expected.mean), high: total(high) };
    (range.high != Total::ZERO || range.low != Total::ZERO).then_some(range)
}

impl Range {
    /// Whether what was counted is more than likely (greater), less (less), or in the range (equal).
    pub fn counted(&self, amount: Total) -> Ordering {
        if amount > self.high {
            Ordering::Greater
        } else if amount < self.low {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an estimate; beyond the range it saturates")]
fn total(nanos: f64) -> Total {
    Total::from_nanos(((nanos / STEP).round() * STEP) as i128)
}
