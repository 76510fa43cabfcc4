//! Who pays for what: the chargeback by client or cost centre.
use serde::Serialize;

use crate::{
    audit::chargeback::{self, Center, Charged, SettledCycle},
    model::amount::Total,
    report::{cut, words},
    rollup::{AccountName, AccountRollup, spend::Spend},
};

/// What is to be known of the shares.
pub(super) const METHOD: &str = "The first cost centre of creditscope.toml that fits pays. What lapsed of the plan unused, and what \
     was used beyond it, follow the use of each in each cycle.";

/// What none pays for.
const NOBODY: &str = "nobody in particular";
/// So many centres are named in a sentence.
const MOST: usize = 4;

pub(super) const COLUMNS: [&str; 10] =
    ["provider", "meter", "unit", "cost_center", "events", "amount", "value", "share", "unused", "beyond_plan"];

/// A cost centre of an account; null is what none pays for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Charged {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    cost_center: Option<String>,
    events: u64,
    amount: String,
    value: Option<String>,
    share: Option<f64>,
    /// Its part of what lapsed of the plan unused, cycle by cycle; null without a plan, or where no whole cycle is selected.
    unused: Option<String>,
    /// Its part of what was used beyond the plan: bought on top, given, or not there.
    beyond_plan: Option<String>,
    /// The amount, and the parts of what lapsed and went beyond, in words.
    #[serde(skip)]
    shown: [String; 3],
}

/// The rows of accounts; none where no cost centre is named.
pub fn view<'a>(
    accounts: impl Iterator<Item = &'a AccountRollup>,
    centers: &[Center],
    spend: &[Spend],
    settled: Option<&(AccountName, Vec<SettledCycle>)>,
) -> Vec<V1Charged> {
    let rows = accounts.filter(|_| !centers.is_empty()).flat_map(|account| {
        let settled = settled.filter(|(of, _)| *of == account.account).map(|(_, settled)| settled.as_slice());
        chargeback::charge(account, centers, spend, settled).into_iter().map(|row| V1Charged::of(account, row))
    });
    rows.collect()
}

/// What the cost centres of the first account used, in one sentence; `None` without any.
pub(super) fn in_short(rows: &[V1Charged]) -> Option<String> {
    let first = rows.first()?;
    let account = |row: &V1Charged| (row.provider.clone(), row.meter, row.unit);
    let of_first: Vec<String> = rows
        .iter()
        .filter(|row| account(row) == account(first))
        .map(|row| format!("{} {}", row.cost_center.as_deref().unwrap_or(NOBODY), row.shown[0]))
        .collect();
    let more = of_first.len().checked_sub(MOST).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    Some(format!("Cost centres: {}{more}", of_first[..of_first.len().min(MOST)].join(", ")))
}

impl V1Charged {
    fn of(account: &AccountRollup, charged: Charged) -> Self {
        let Charged { center, tally, settled } = charged;
        let in_words = |amount: Total| words::amount::amount(amount, account.account.unit);
        let whole = account.total.amount;
        let inside = whole > Total::ZERO && tally.amount >= Total::ZERO && tally.amount <= whole;
        Self {
            provider: account.account.provider.clone(),
            meter: account.account.meter.word(),
            unit: account.account.unit.word(),
            cost_center: center,
            events: tally.events,
            amount: tally.amount.to_string(),
            value: cut::value(account, tally.amount).map(|value| value.to_string()),
            share: inside.then(|| crate::report::json::share(tally.amount.share_of(whole))),
            unused: settled.map(|settled| settled.unused.to_string()),
            beyond_plan: settled.map(|settled| settled.beyond.to_string()),
            shown: [Some(tally.amount), settled.map(|settled| settled.unused), settled.map(|settled| settled.beyond)]
                .map(|amount| amount.map(in_words).unwrap_or_default()),
        }
    }

    /// The cells of a row.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            self.provider.clone(),
            self.meter.to_owned(),
            self.unit.to_owned(),
            text(&self.cost_center),
            self.events.to_string(),
            self.amount.clone(),
            text(&self.value),
            self.share.map(|share| share.to_string()).unwrap_or_default(),
            text(&self.unused),
            text(&self.beyond_plan),
        ]
    }

    /// The cells of the page.
    pub(super) fn short(&self) -> [String; 6] {
        let [used, unused, beyond] = &self.shown;
        [
            self.cost_center.clone().unwrap_or_else(|| NOBODY.to_owned()),
            format!("{} {} {}", self.provider, self.meter, self.unit),
            used.clone(),
            self.share.map(words::share).unwrap_or_default(),
            unused.clone(),
            beyond.clone(),
        ]
    }
}
