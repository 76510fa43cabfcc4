//! Amounts for people: grouped, with sensible decimals, never 0 for something. All in integers, half to even.
use crate::{
    model::{account::Unit, amount::Total},
    report::words::group,
};

/// The most decimals there are.
const MOST: u32 = 9;
const MILLION: i128 = 1_000_000;
const ONE: i128 = 10_i128.pow(MOST);

/// How many decimals the amounts of one column share, so that their points stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimals(u32);

impl Decimals {
    /// Two at most, fewer for large amounts or where none needs them; dollars always have cents.
    pub fn of(unit: Unit, amounts: impl IntoIterator<Item = Total>) -> Self {
        let (mut largest, mut needed) = (0, 0);
        for amount in amounts {
            largest = largest.max(amount.nanos().abs());
            needed = needed.max(decimals_of(amount.nanos(), 2));
        }
        let most = match unit {
            Unit::Tokens if largest >= 1_000 * ONE => 0,
            _ if largest >= MILLION * ONE => 0,
            Unit::Usd => return Self(2),
            _ if largest >= 10_000 * ONE => 1,
            _ => 2,
        };
        Self(needed.min(most))
    }
}

/// In a column: `1,234.50`; `<0.01` for what would round to nothing.
pub fn cell(amount: Total, decimals: Decimals) -> String {
    fixed(amount.nanos(), decimals.0)
}

/// In a sentence, with its unit: `1,234.5 credits`, `12.3 M tokens`, `$12.30`.
pub fn amount(amount: Total, unit: Unit) -> String {
    match unit {
        Unit::Usd => bare(amount, unit),
        _ if amount.nanos() == ONE => format!("1 {}", super::unit(unit).trim_end_matches('s')),
        _ => format!("{} {}", bare(amount, unit), super::unit(unit)),
    }
}

/// In a chart, where the axis tells the unit: `1,234.5`, `12.3 M`, `$12.30`.
pub fn bare(amount: Total, unit: Unit) -> String {
    let nanos = amount.nanos();
    let (divisor, suffix) = match nanos.abs() / ONE {
        size if size >= 1_000 * MILLION => (1_000 * MILLION, " bn"),
        size if size >= 10 * MILLION || size >= MILLION && unit == Unit::Tokens => (MILLION, " M"),
        _ => (1, ""),
    };
    let part = nanos / divisor;
    let number = match part.abs() {
        0 => "0".to_owned(),
        size if size < ONE && unit == Unit::Usd => cents(small(part)),
        size if size < ONE => small(part),
        size if divisor > 1 => trimmed(part, if size < 10 * ONE { 2 } else { u32::from(size < 100 * ONE) }),
        _ if unit == Unit::Usd && nanos.abs() < 10_000 * ONE => fixed(part, 2),
        size if size < 1_000 * ONE => trimmed(part, 2),
        size if size < 10_000 * ONE => trimmed(part, 1),
        _ => fixed(part, 0),
    };
    let text = format!("{number}{suffix}");
    if unit == Unit::Usd { dollars(&text) } else { text }
}

/// Money: `$1,234.50`.
pub fn money(amount: Total) -> String {
    bare(amount, Unit::Usd)
}

/// A tick of an axis: as many decimals as the step needs, the same scale for the whole axis.
pub fn tick(at: Total, step: Total, largest: Total, unit: Unit) -> String {
    let (divisor, suffix) = match largest.nanos().abs() / ONE {
        size if size >= 1_000 * MILLION => (1_000 * MILLION, " bn"),
        size if size >= MILLION => (MILLION, " M"),
        _ => (1, ""),
    };
    if at.is_zero() {
        return "0".to_owned();
    }
    let decimals = match decimals_of(step.nanos() / divisor, MOST) {
        // a price has cents or none
        1 if unit == Unit::Usd && suffix.is_empty() => 2,
        needed => needed,
    };
    let text = format!("{}{suffix}", fixed(at.nanos() / divisor, decimals));
    if unit == Unit::Usd { dollars(&text) } else { text }
}

/// Puts the sign of the currency between a sign and the digits.
fn dollars(number: &str) -> String {
    let digits = number.trim_start_matches(['<', '>', '-']);
    let signs = &number[..number.len() - digits.len()];
    format!("{signs}${digits}")
}

/// Below 1: two significant digits.
fn small(nanos: i128) -> String {
    let digits = nanos.abs().to_string().len();
    let leading = u32::try_from(digits).map_or(0, |digits| MOST - digits.min(MOST));
    trimmed(nanos, (leading + 2).min(MOST))
}

/// With two decimals at least.
fn cents(number: String) -> String {
    match number.split_once('.') {
        Some((_, part)) if part.len() == 1 => number + "0",
        _ => number,
    }
}

/// Up to so many decimals, without trailing zeros.
fn trimmed(nanos: i128, decimals: u32) -> String {
    let text = fixed(nanos, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Exactly so many decimals; what would round to nothing is said to be less than the last digit.
fn fixed(nanos: i128, decimals: u32) -> String {
    let parts = rounded(nanos, decimals);
    let (sign, shown) = match (parts, nanos) {
        (0, 1..) => ("<", 1),
        (0, ..=-1) => (">-", 1),
        _ => (if parts < 0 { "-" } else { "" }, parts.abs()),
    };
    let one = 10_i128.pow(decimals);
    let whole = group(&(shown / one).to_string());
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{sign}{whole}.{:0width$}", shown % one)
}

/// In units of the last decimal, half to even.
fn rounded(nanos: i128, decimals: u32) -> i128 {
    let unit = 10_i128.pow(MOST - decimals.min(MOST));
    let (floor, left) = (nanos.div_euclid(unit), nanos.rem_euclid(unit));
    let up = left * 2 > unit || left * 2 == unit && floor % 2 != 0;
    floor + i128::from(up)
}

/// How many decimals an amount has, up to a most.
fn decimals_of(nanos: i128, most: u32) -> u32 {
    (0..most).find(|&decimals| nanos % 10_i128.pow(MOST - decimals) == 0).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Amount;

    fn total(text: &str) -> Total {
        Total::from_nanos(text.parse::<Amount>().map_or(0, Amount::nanos).into())
    }

    #[track_caller]
    fn check(text: &str, unit: Unit, expected: &str) {
        assert_eq!(amount(total(text), unit), expected);
    }

    #[test]
    fn a_sentence_says_as_much_as_helps() {
        check("0", Unit::Credits, "0 credits");
        check("1", Unit::Credits, "1 credit");
        check("12.5", Unit::Credits, "12.5 credits");
        check("1234.56", Unit::Credits, "1,234.6 credits");
        check("12345.678", Unit::Credits, "12,346 credits");
        check("12345678.9", Unit::Credits, "12.3 M credits");
        check("1234567", Unit::Tokens, "1.23 M tokens");
        check("845120", Unit::Tokens, "845,120 tokens");
        check("0.3", Unit::Usd, "$0.30");
        check("-0.9", Unit::Usd, "-$0.90");
        check("0.005", Unit::Usd, "$0.005");
        check("12.3", Unit::Usd, "$12.30");
        check("-12.3", Unit::Usd, "-$12.30");
        check("23456.7", Unit::Usd, "$23,457");
    }

    #[test]
    fn something_is_never_shown_as_nothing() {
        check("0.004", Unit::Credits, "0.004 credits");
        check("0.00421", Unit::Credits, "0.0042 credits");
        check("0.000000001", Unit::Credits, "0.000000001 credits");
        check("-0.0421", Unit::Usd, "-$0.042");
        assert_eq!(cell(total("0.004"), Decimals(2)), "<0.01");
        assert_eq!(cell(total("-0.3"), Decimals(0)), ">-1");
        assert_eq!(cell(total("0"), Decimals(2)), "0.00");
    }

    #[test]
    fn a_column_shares_its_decimals() {
        let of = |texts: &[&str]| Decimals::of(Unit::Credits, texts.iter().map(|text| total(text)));
        assert_eq!(of(&["1", "2"]), Decimals(0));
        assert_eq!(of(&["1", "2.5"]), Decimals(1));
        assert_eq!(of(&["1.234", "2.5"]), Decimals(2));
        assert_eq!(of(&["12000.55", "2.5"]), Decimals(1));
        assert_eq!(Decimals::of(Unit::Usd, [total("2")]), Decimals(2));
        assert_eq!(Decimals::of(Unit::Tokens, [total("2000.5")]), Decimals(0));
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        let tick = |at, step, largest, unit| super::tick(total(at), total(step), total(largest), unit);
        assert_eq!(tick("0.2", "0.05", "0.4", Unit::Credits), "0.20");
        assert_eq!(tick("1000", "500", "2000", Unit::Credits), "1,000");
        assert_eq!(tick("500000", "500000", "2000000", Unit::Tokens), "0.5 M");
        assert_eq!(tick("-50", "50", "100", Unit::Usd), "-$50");
    }
}
