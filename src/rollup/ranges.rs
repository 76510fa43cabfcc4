//! Between which amounts the total of each class lies, given how sure the labels are: the method stands in
//! [`crate::classify::doubt`]. These are estimates and floats; the totals themselves stay exact.
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    classify::doubt::Doubt,
    model::{
        action::Action,
        amount::Total,
        event::{Account, Word},
    },
    rollup::{Candidate, Classified, Selection},
};

/// Between which amounts a class total lies, 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Hardly less.
    pub low: Total,
    /// Hardly more.
    pub high: Total,
}

/// The range of each of [`Action::ALL`]; none for `unclassified`, and where no event has a class.
pub type Ranges = [Option<Range>; Action::ALL.len()];

/// Standard deviations of 95 %.
const REACH: f64 = 1.96;
/// Ranges are rounded to this many nanos: more digits would claim too much.
const STEP: f64 = 1e5;

/// What one app of an account adds to a class.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    mean: f64,
    variance: f64,
    deviation: f64,
}

/// The ranges of each account.
pub(super) fn of_accounts(input: Classified, selection: &Selection, doubt: &Doubt) -> FxHashMap<Account, Ranges> {
    let Classified { timeline, decisions, names, inferred } = input;
    let mut accounts: FxHashMap<Account, [Sums; Action::ALL.len()]> = FxHashMap::default();
    for range in timeline.apps() {
        let mut apps: BTreeMap<(Word, &str, &str), (Account, [Sums; Action::ALL.len()])> = BTreeMap::new();
        let of_app = timeline.events()[range.clone()].iter().zip(&decisions[range.clone()]);
        for ((event, decision), inferred) in of_app.zip(&inferred[range.clone()]) {
            let feature = event.about.feature().or(inferred.map(|inferred| inferred.feature));
            if !selection.picks(Candidate { event, action: decision.action, feature }, names) {
                continue;
            }
            let Some(chances) = doubt.chances(decision) else { continue };
            let account = names.tag(event.tag).account;
            let key = (account.provider, account.meter.word(), account.unit.word());
            let (_, sums) = apps.entry(key).or_insert((account, [Sums::default(); Action::ALL.len()]));
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let amount = event.amount.nanos() as f64;
            for (sum, chance) in sums.iter_mut().zip(chances) {
                let variance = amount * amount * chance * (1.0 - chance);
                sum.mean += amount * chance;
                sum.variance += variance;
                sum.deviation += variance.sqrt();
            }
        }
        for (account, sums) in apps.into_values() {
            let all = accounts.entry(account).or_insert([Sums::default(); Action::ALL.len()]);
            for (all, sum) in all.iter_mut().zip(sums) {
                let together = doubt.correlation * sum.deviation * sum.deviation;
                all.mean += sum.mean;
                all.variance += (1.0 - doubt.correlation) * sum.variance + together;
            }
        }
    }
    accounts.into_iter().map(|(account, sums)| (account, sums.map(range_of))).collect()
}

fn range_of(sums: Sums) -> Option<Range> {
    let reach = REACH * sums.variance.sqrt();
    let least = if sums.mean < 0.0 { f64::MIN } else { 0.0 };
    let range = Range { low: total((sums.mean - reach).max(least)), high: total(sums.mean + reach) };
    (range.high != Total::ZERO || range.low != Total::ZERO).then_some(range)
}

#[expect(clippy::cast_possible_truncation, reason = "an estimate; beyond the range it saturates")]
fn total(nanos: f64) -> Total {
    Total::from_nanos(((nanos / STEP).round() * STEP) as i128)
}
