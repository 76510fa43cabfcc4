//! What a finding is: what was found, how grave and how sure, what it rests on, what to do about it.
use std::fmt;

use crate::{
    model::{account::Unit, amount::Total},
    rollup::{AccountName, Subject},
};

/// How much of the account's use is concerned: under 2 %, under 10 %, more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a talk.
    Medium,
    /// Worth a change.
    High,
}

/// How sure it is that this is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A hint: look before acting.
    Low,
    /// Likely.
    Medium,
    /// The rows leave little doubt.
    High,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub id: &'static str,
    /// One line.
    pub title: String,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The account its amounts are booked on.
    pub account: AccountName,
    /// What is concerned.
    pub amount: Total,
    /// What could have been saved, by `assumption`.
    pub recoverable: Range,
    /// What the range assumes.
    pub assumption: &'static str,
    /// Whom and what it is about.
    pub subject: Subject,
    /// What it rests on, in sentences.
    pub evidence: Vec<String>,
    /// What the excess over the expectation comes from; the parts add up to it exactly. Empty without an expectation.
    pub causes: Vec<(&'static str, Total)>,
    /// What to do.
    pub advice: &'static str,
}

/// A range of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// The lower end.
    pub low: Total,
    /// The upper end.
    pub high: Total,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which rule.
    pub id: &'static str,
    /// The account it was applied to.
    pub account: AccountName,
    /// What it found.
    pub status: Status,
    /// How many sessions, users, features or apps were looked at.
    pub tested: u64,
    /// How it decides, with its constants, or what is missing.
    pub note: String,
}

/// The outcome of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Looked, and found nothing.
    Nothing,
    /// Found something.
    Found,
    /// There is too little to tell: no green light.
    InsufficientData,
}

impl Severity {
    /// By the share of the account's use.
    pub fn of(amount: Total, whole: Total) -> Self {
        match amount.share_of(whole) {
            share if share >= 0.10 => Self::High,
            share if share >= 0.02 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Confidence {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Status {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing found",
            Self::Found => "found",
            Self::InsufficientData => "insufficient data",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Range {
    /// Parts of an amount, in percent.
    pub fn percent(amount: Total, low: i128, high: i128) -> Self {
        let part = |percent: i128| Total::from_nanos(amount.nanos().max(0) * percent / 100);
        Self { low: part(low), high: part(high) }
    }
}

/// An amount in a sentence: `12.5 credits`, `1,323,554 tokens`.
pub fn say(amount: Total, unit: Unit) -> String {
    let decimals = if unit == Unit::Tokens { 0 } else { 2 };
    let step = 10_i128.pow(9 - decimals);
    let nanos = amount.nanos();
    let rounded = (nanos.abs() + step / 2) / step;
    let scale = 10_i128.pow(decimals);
    let mut whole = (rounded / scale).to_string();
    let mut at = whole.len();
    while at > 3 {
        at -= 3;
        whole.insert(at, ',');
    }
    let digits = format!("{:0width$}", rounded % scale, width = decimals as usize);
    // dollars have cents or none
    let part = match digits.trim_end_matches('0') {
        "" => "",
        _ if unit == Unit::Usd => &digits,
        part => part,
    };
    let sign = if nanos < 0 && rounded != 0 { "-" } else { "" };
    let point = if decimals == 0 || part.is_empty() { String::new() } else { format!(".{part}") };
    match unit {
        Unit::Usd => format!("{sign}${whole}{point}"),
        _ if sign.is_empty() && whole == "1" && point.is_empty() => {
            format!("1 {}", unit.to_string().trim_end_matches('s'))
        }
        _ => format!("{sign}{whole}{point} {unit}"),
    }
}

/// How many, with the noun.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(nanos: i128, unit: Unit, expected: &str) {
        assert_eq!(say(Total::from_nanos(nanos), unit), expected);
    }

    #[test]
    fn amounts_are_said() {
        check(12_500_000_000, Unit::Credits, "12.5 credits");
        check(1_323_554_250_000_000, Unit::Tokens, "1,323,554 tokens");
        check(-1_005_000_000, Unit::Usd, "-$1.01");
        check(2_100_000_000, Unit::Usd, "$2.10");
        check(2_000_000_000, Unit::Usd, "$2");
        check(0, Unit::Credits, "0 credits");
        check(1_000_000_000, Unit::Credits, "1 credit");
        check(1_000_000_000_000, Unit::Credits, "1,000 credits");
    }

    #[test]
    fn grave_is_what_concerns_much() {
        let of = |amount| Severity::of(Total::from_nanos(amount), Total::from_nanos(100));
        assert!(of(1) < of(2) && of(9) == of(2) && of(10) > of(9));
    }
}
