//! The one place that turns values into words for people. Files for machines take exact decimals and RFC 3339 instead
//! (the `Display` of the model).
pub mod amount;
pub mod time;

use std::cmp::Ordering;

use crate::{
    ingest::token_prices,
    model::{account::Unit, action::Action, amount::Total},
    report::cut::Key,
    rollup::{AccountName, ranges::Range},
};

/// A whole number with its thousands grouped: `12,345`.
pub fn count(n: u64) -> String {
    group(&n.to_string())
}

/// A number and its noun: `1 user`, `1,200 users`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A share: `38 %`, `3.8 %`, `<0.1 %`, `>99.9 %`; a dash where there is none. Nothing but 0 is shown as 0, nothing but
/// the whole as 100.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    let size = percent.abs();
    let sign = if percent < 0.0 { "-" } else { "" };
    if !percent.is_finite() {
        "–".to_owned()
    } else if size < f64::EPSILON {
        "0 %".to_owned()
    } else if size < 0.1 {
        format!("{}0.1 %", if percent < 0.0 { ">-" } else { "<" })
    } else if size > 99.9 && size < 100.0 {
        format!("{}99.9 %", if percent < 0.0 { "<-" } else { ">" })
    } else if size < 9.95 || size > 99.0 && size < 100.0 {
        format!("{sign}{size:.1} %").replace(".0 %", " %")
    } else {
        format!("{sign}{size:.0} %")
    }
}

/// A part as a share of a whole; a dash where that says nothing: of nothing, of a negative whole, or where refunds make
/// the part negative or larger than the whole.
pub fn part(part: Total, whole: Total) -> String {
    let inside = whole > Total::ZERO && part >= Total::ZERO && part <= whole;
    share(if inside { part.share_of(whole) } else { f64::NAN })
}

/// The share of a whole that a class likely has, and between which shares: `likely 41 % (36–46 %)`; empty where that is
/// not known.
pub fn range(range: Option<Range>, whole: Total) -> String {
    let Some(Range { low, likely, high }) = range.filter(|_| whole > Total::ZERO) else { return String::new() };
    let percent = |part: Total| format!("{:.0}", (part.share_of(whole) * 100.0).clamp(0.0, 100.0));
    let (low, likely, high) = (percent(low), percent(likely), percent(high));
    if low == high { String::new() } else { format!("likely {likely} % ({low}–{high} %)") }
}

/// What a class total that lies outside its likely range is: `counted too often`; empty for one within.
pub fn leaning(range: Option<Range>, counted: Total) -> &'static str {
    match range.map(|range| range.counted(counted)) {
        Some(Ordering::Greater) => "counted too often",
        Some(Ordering::Less) => "counted too rarely",
        _ => "",
    }
}

/// A share that may not be known.
pub fn known_share(known: Option<f64>) -> String {
    share(known.unwrap_or(f64::NAN))
}

/// A list with its last comma as a word: `a, b and c`.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The account as a heading: `base44: message credits`; tokens that are weighted by price are called so.
pub fn account(account: &AccountName) -> String {
    let unit = if is_weighted(account) { "input-token equivalents" } else { unit(account.unit) };
    format!("{}: {} {unit}", account.provider, account.meter)
}

/// Whether the account's tokens are input-token equivalents.
pub fn is_weighted(account: &AccountName) -> bool {
    account.unit == Unit::Tokens && token_prices::weighted(&account.provider)
}

/// The noun of a unit.
pub const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Credits => "credits",
        Unit::Tokens => "tokens",
        Unit::Usd => "US dollars",
        Unit::Requests => "requests",
    }
}

/// The noun of a unit at the beginning of a line.
pub const fn unit_head(unit: Unit) -> &'static str {
    match unit {
        Unit::Credits => "Credits",
        Unit::Tokens => "Tokens",
        Unit::Usd => "US dollars",
        Unit::Requests => "Requests",
    }
}

/// Several events of a class.
pub const fn actions(action: Action) -> &'static str {
    match action {
        Action::Generation => "generations",
        Action::Revision => "revisions",
        Action::Fix => "fixes",
        Action::Regeneration => "regenerations",
        Action::Other => "other",
        Action::Runtime => "runtime",
        Action::Unclassified => "unclassified",
    }
}

/// What stands for an absent name.
pub const fn nameless(key: Key) -> &'static str {
    match key {
        Key::Workspace => "no workspace",
        Key::App => "no app",
        Key::User => "no user",
        Key::Feature => "unattributed",
        Key::Session => "no session",
        Key::Model => "no model",
        Key::Day => "no day",
        Key::Action => "no class",
    }
}

/// With a capital at its beginning.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Puts a comma between every three digits.
fn group(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 12_345, 1_234_567].map(count), ["0", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(counted(1, "user", "users"), "1 user");
        assert_eq!(counted(0, "user", "users"), "0 users");
    }

    #[test]
    fn a_share_is_never_rounded_into_a_lie() {
        let shares = [0.0, 0.000_4, 0.004, 0.038, 0.384, 0.994, 0.999_5, 1.0, 1.2, -0.05, -0.000_1, f64::NAN];
        let shown = ["0 %", "<0.1 %", "0.4 %", "3.8 %", "38 %", "99.4 %", ">99.9 %", "100 %", "120 %", "-5 %"];
        assert_eq!(shares.map(share)[..10], shown);
        assert_eq!(shares.map(share)[10..], [">-0.1 %", "–"]);
    }

    #[test]
    fn a_list_ends_with_and() {
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
