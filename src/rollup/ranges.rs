//! Between which amounts the total of each class lies, given how sure the labels are: the method stands in
//! [`crate::classify::doubt`]. These are estimates and floats; the totals themselves stay exact.
use std::{cmp::Ordering, collections::BTreeMap};

use rustc_hash::FxHashMap;

use crate::{
    classify::doubt::{Doubt, Expected},
    classify::links::feature_of,
    model::{
        action::Action,
        amount::Total,
        event::{Account, Word},
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

/// Ranges are rounded to this many nanos: more digits would claim too much.
const STEP: f64 = 1e5;

/// The ranges of each account.
pub(super) fn of_accounts(input: Classified, selection: &Selection, doubt: &Doubt) -> FxHashMap<Account, Ranges> {
    let Classified { timeline, decisions, names, inferred } = input;
    let mut accounts: FxHashMap<Account, [Expected; Action::ALL.len()]> = FxHashMap::default();
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
        for (account, sums) in apps.into_values() {
            let all = accounts.entry(account).or_insert([Expected::default(); Action::ALL.len()]);
            for (all, sum) in all.iter_mut().zip(sums) {
                all.add_app(sum, doubt.correlation);
            }
        }
    }
    accounts.into_iter().map(|(account, sums)| (account, sums.map(range_of))).collect()
}

fn range_of(expected: Expected) -> Option<Range> {
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
