//! People's work against what it costs the others, in figures and in sentences that help.
use serde::Serialize;

use crate::{
    audit::people::{self, Compared, OTHERS, PROMPTS, SESSIONS, Verdict},
    model::{
        account::{Meter, Unit},
        amount::Total,
        instant::Instant,
    },
    report::{cut, json::share, words},
    rollup::{AccountRollup, Rollups},
};

/// What is to be known of the comparison.
pub(super) const METHOD: &str = "Each session is held against what a prompt of the same class costs the others. The mix of work is \
     taken out; how hard a feature is, is not: it says where a shared look may help, not who works well. Of those told apart, one \
     in twenty is expected to be chance (Benjamini-Hochberg over all people). Rework is the share of prompts, elsewhere in this \
     report that of credits. A feature that several worked on is split by what each spent on it.";

pub(super) const COLUMNS: [&str; 20] = [
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
    "compared",
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
    /// The share of prompts of a known class that are fixes or regenerations, with its 95 % interval.
    rework_share: Option<f64>,
    rework_low: Option<f64>,
    rework_high: Option<f64>,
    /// What the prompts cost that are compared: those in sessions of this person alone, of classes that the others have.
    compared: String,
    /// What the same mix of prompts costs the others.
    expected: String,
    /// `compared` by `expected`, with its 95 % interval; null where there is too little to compare.
    ratio: Option<f64>,
    ratio_low: Option<f64>,
    ratio_high: Option<f64>,
    /// Features begun that do not wait for a repair; one that several worked on is split by what each spent on it.
    features_delivered: Option<f64>,
    credits_per_feature: Option<String>,
    said: String,
    /// The amount and that of a feature, in words.
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    shown_each: String,
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
        let said = sentence(&compared, account.account.unit);
        let Compared { user, tally, prompts, sessions, rework, expected, ratio, delivered, .. } = compared;
        let delivered = delivered.map(|features| (features * 100.0).round() / 100.0);
        let end = |of: Option<(f64, [f64; 2])>, at: usize| of.map(|(_, ends)| share(ends[at]));
        let each = delivered.filter(|delivered| *delivered > 0.0);
        let each = each.map(|delivered| (delivered, per(tally.amount, delivered)));
        let in_words = |amount: Total| words::amount::amount(amount, account.account.unit);
        let shown_each = each.map_or_else(String::new, |(features, each)| {
            let word = if (features - 1.0).abs() < 1e-9 { "feature" } else { "features" };
            format!("{} ({features} {word})", in_words(each))
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
            compared: compared.compared.to_string(),
            expected: expected.to_string(),
            ratio: ratio.map(|(middle, _)| share(middle)),
            ratio_low: end(ratio, 0),
            ratio_high: end(ratio, 1),
            features_delivered: delivered,
            credits_per_feature: each.map(|(_, each)| each.to_string()),
            shown: in_words(tally.amount),
            shown_each,
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
            self.compared.clone(),
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
            self.shown.clone(),
            rework.map(|((middle, low), high)| in_words(middle, low, high)).unwrap_or_default(),
            self.shown_each.clone(),
            self.said.clone(),
        ]
    }
}

/// An amount by a count of hundredths.
#[expect(clippy::cast_possible_truncation, reason = "a count of features")]
fn per(amount: Total, count: f64) -> Total {
    let hundredths = (count * 100.0).round() as i128;
    Total::from_nanos(amount.nanos() * 100 / hundredths.max(1))
}

/// What the comparison means for a person.
fn sentence(compared: &Compared, unit: Unit) -> String {
    let Some((ratio, [low, high])) = compared.ratio else { return too_little(compared) };
    let than = "what the same mix of work costs the others";
    let range = format!("({low:.2} to {high:.2})");
    let away = |by: Total| words::amount::amount(by, unit);
    match compared.verdict {
        Verdict::TooLittle => too_little(compared),
        Verdict::More => format!(
            "{ratio:.2} times {than} {range}, {} more: look at two or three sessions together",
            away(compared.compared - compared.expected)
        ),
        Verdict::Less => format!(
            "{ratio:.2} times {than} {range}, {} less: worth showing how",
            away(compared.expected - compared.compared)
        ),
        Verdict::Alike => format!("about {than}: {ratio:.2} times {range}"),
        Verdict::Unclear => format!("cannot be told from chance: {ratio:.2} times {than} {range}"),
    }
}

fn too_little(compared: &Compared) -> String {
    let Compared { sessions, prompts, others, .. } = *compared;
    if sessions >= SESSIONS && prompts >= PROMPTS && others < OTHERS {
        return format!(
            "too few to compare with: {}, {OTHERS} are needed",
            words::counted(others as u64, "other person", "other people")
        );
    }
    format!(
        "too little to compare: {} and {}; {SESSIONS} and {PROMPTS} are needed, and {PROMPTS} of others",
        words::counted(sessions as u64, "session", "sessions"),
        words::counted(prompts, "prompt", "prompts")
    )
}
