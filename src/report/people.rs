//! People's work against what it costs the others, in figures and in sentences that help.
use serde::Serialize;

use crate::{
    audit::people::{self, Compared, PROMPTS, SESSIONS},
    model::{account::Meter, instant::Instant},
    report::{cut, json::share, words},
    rollup::{AccountRollup, Rollups},
};

/// What is to be known of the comparison.
pub(super) const METHOD: &str = "Each session is held against what a prompt of the same class costs the others. The mix of work is \
     taken out; how hard a feature is, is not: it says where a shared look may help, not who works well.";

pub(super) const COLUMNS: [&str; 19] = [
    "provider",
    "meter",
    "unit",
    "user",
    "events",
    "amount",
    "value",
    "prompts",
    "sessions",
    "rework_share",
    "rework_low",
    "rework_high",
    "expected",
    "ratio",
    "ratio_low",
    "ratio_high",
    "features_delivered",
    "credits_per_feature",
    "said",
];

/// A person of an account.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Compared {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    user: String,
    events: u64,
    amount: String,
    value: Option<String>,
    prompts: u64,
    sessions: usize,
    /// The share of prompts that are fixes or regenerations, with its 95 % interval.
    rework_share: Option<f64>,
    rework_low: Option<f64>,
    rework_high: Option<f64>,
    /// What the same mix of prompts costs the others.
    expected: String,
    /// Cost by expectation, with its 95 % interval; null where there is too little to compare.
    ratio: Option<f64>,
    ratio_low: Option<f64>,
    ratio_high: Option<f64>,
    features_delivered: Option<u64>,
    credits_per_feature: Option<String>,
    said: String,
}

/// The people of all accounts that are built with.
pub fn view(rollups: &Rollups, now: Instant) -> Vec<V1Compared> {
    let building =
        rollups.accounts.iter().filter(|account| account.account.meter == Meter::Message && account.buckets == 0);
    building
        .flat_map(|account| people::compare(account, now).into_iter().map(|compared| V1Compared::of(account, compared)))
        .collect()
}

impl V1Compared {
    fn of(account: &AccountRollup, compared: Compared) -> Self {
        let said = sentence(&compared);
        let Compared { user, tally, prompts, sessions, rework, expected, ratio, delivered } = compared;
        let end = |of: Option<(f64, [f64; 2])>, at: usize| of.map(|(_, ends)| share(ends[at]));
        let each = delivered.filter(|delivered| *delivered > 0).map(|delivered| {
            let nanos = tally.amount.nanos() / i128::from(delivered);
            crate::model::amount::Total::from_nanos(nanos).to_string()
        });
        Self {
            provider: account.account.provider.clone(),
            meter: account.account.meter.word(),
            unit: account.account.unit.word(),
            user,
            events: tally.events,
            amount: tally.amount.to_string(),
            value: cut::value(account, tally.amount).map(|value| value.to_string()),
            prompts,
            sessions,
            rework_share: rework.map(|(middle, _)| share(middle)),
            rework_low: end(rework, 0),
            rework_high: end(rework, 1),
            expected: expected.to_string(),
            ratio: ratio.map(|(middle, _)| share(middle)),
            ratio_low: end(ratio, 0),
            ratio_high: end(ratio, 1),
            features_delivered: delivered,
            credits_per_feature: each,
            said,
        }
    }

    /// The cells of a row.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let number = |number: Option<f64>| number.map(|number| format!("{number}")).unwrap_or_default();
        [
            self.provider.clone(),
            self.meter.to_owned(),
            self.unit.to_owned(),
            self.user.clone(),
            self.events.to_string(),
            self.amount.clone(),
            self.value.clone().unwrap_or_default(),
            self.prompts.to_string(),
            self.sessions.to_string(),
            number(self.rework_share),
            number(self.rework_low),
            number(self.rework_high),
            self.expected.clone(),
            number(self.ratio),
            number(self.ratio_low),
            number(self.ratio_high),
            self.features_delivered.map(|count| count.to_string()).unwrap_or_default(),
            self.credits_per_feature.clone().unwrap_or_default(),
            self.said.clone(),
        ]
    }

    /// The cells of the page: who, how much, rework, and what the comparison says.
    pub(super) fn short(&self) -> [String; 5] {
        let in_words = |middle: f64, low: f64, high: f64| {
            format!("{} ({} to {})", words::share(middle), words::share(low), words::share(high))
        };
        let rework = self.rework_share.zip(self.rework_low).zip(self.rework_high);
        [
            self.user.clone(),
            format!("{} {}", self.amount, self.unit),
            rework.map(|((middle, low), high)| in_words(middle, low, high)).unwrap_or_default(),
            self.credits_per_feature
                .as_ref()
                .map(|each| {
                    format!("{each} ({})", words::counted(self.features_delivered.unwrap_or(0), "feature", "features"))
                })
                .unwrap_or_default(),
            self.said.clone(),
        ]
    }
}

/// What the comparison means for a person.
fn sentence(compared: &Compared) -> String {
    let Some((ratio, [low, high])) = compared.ratio else {
        return format!(
            "too little to compare: {} and {}; {SESSIONS} and {PROMPTS} are needed, and {PROMPTS} of others",
            words::counted(compared.sessions as u64, "session", "sessions"),
            words::counted(compared.prompts, "prompt", "prompts")
        );
    };
    let range = format!("({low:.2} to {high:.2} times)");
    if low > 1.0 {
        format!(
            "{ratio:.2} times what the same mix of work costs the others {range}: look at two or three sessions together"
        )
    } else if high < 1.0 {
        format!("{ratio:.2} times what the same mix of work costs the others {range}: worth showing how")
    } else {
        format!("about what the same mix of work costs the others {range}")
    }
}
