//! Exact amounts: fixed point with nine decimals. Not here: locale formats (`ingest::value`) and display words (`report`).
mod digits;

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

pub use digits::Plain;
use digits::{Mantissa, split_exponent};

/// How many parts make one unit.
const SCALE: i128 = 1_000_000_000;
const SCALE_64: u64 = 1_000_000_000;
const DECIMALS: usize = 9;

/// The amount of one event, in 1e-9 units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Amount(i64);

/// A sum of amounts, in 1e-9 units; 128 bits, so that no count of events that fits a machine overflows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Total(i128);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not `-12.5e-3` or the like.
    #[error("not a decimal number")]
    Malformed,
    /// Beyond ± 9.2 thousand million units.
    #[error("too large: amounts reach ±9,223,372,036 units")]
    TooLarge,
}

/// A decimal number read into an amount, and whether digits beyond the ninth decimal were rounded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounded {
    /// The amount, rounded half to even.
    pub amount: Amount,
    /// True where the text held more than nine significant decimals.
    pub inexact: bool,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From parts of 1e-9 units.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// In parts of 1e-9 units.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// A whole number of units; `None` beyond the range.
    pub fn from_units(units: i64) -> Option<Self> {
        units.checked_mul(1_000_000_000).map(Self)
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum; `None` beyond the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The amount with the other sign; `None` beyond the range.
    pub fn negated(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// Reads a plain decimal: sign, digits, `.`, digits, exponent. No grouping, no spaces, no unit.
    ///
    /// # Errors
    /// [`AmountError`] when the text is no number or does not fit.
    pub fn parse(text: &str) -> Result<Rounded, AmountError> {
        if let Some(Plain { amount, .. }) = Plain::read(text) {
            return Ok(Rounded { amount, inexact: false });
        }
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            bytes => (false, bytes.strip_prefix(b"+").unwrap_or(bytes)),
        };
        let (mantissa, exponent) = split_exponent(digits)?;
        let (value, inexact) = Mantissa::read(mantissa)?.scaled(exponent)?;
        let nanos = if negative { -value } else { value };
        let amount = i64::try_from(nanos).map(Self).map_err(|_| AmountError::TooLarge)?;
        Ok(Rounded { amount, inexact })
    }
}

impl Total {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From parts of 1e-9 units.
    pub const fn from_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// From a whole number of units.
    pub fn from_units(units: u64) -> Self {
        Self(i128::from(units) * SCALE)
    }

    /// In parts of 1e-9 units.
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As a float, for shares, positions in a chart and ratios; never for a sum.
    #[expect(clippy::cast_precision_loss, reason = "a float of an amount is for drawing and ratios")]
    pub fn approx(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// This amount as a share of another, 0 where that is nothing.
    pub fn share_of(self, whole: Self) -> f64 {
        if whole.is_zero() { 0.0 } else { self.approx() / whole.approx() }
    }
}

impl From<Amount> for Total {
    fn from(amount: Amount) -> Self {
        Self(amount.0.into())
    }
}

impl Add for Total {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Total {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Total {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl AddAssign<Amount> for Total {
    fn add_assign(&mut self, amount: Amount) {
        self.0 += i128::from(amount.0);
    }
}

impl Sum for Total {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl FromStr for Amount {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text).map(|read| read.amount)
    }
}

/// The exact decimal, without trailing zeros: `12.5`, `-0.000000001`.
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let nanos = self.0.unsigned_abs();
        // Nearly all sums fit 64 bits, which are divided many times faster.
        let (whole, part) = match u64::try_from(nanos) {
            Ok(nanos) => (u128::from(nanos / SCALE_64), nanos % SCALE_64),
            Err(_) => (nanos / u128::from(SCALE_64), u64::try_from(nanos % u128::from(SCALE_64)).unwrap_or(0)),
        };
        match u64::try_from(whole) {
            Ok(whole) => whole.fmt(f)?,
            Err(_) => whole.fmt(f)?,
        }
        if part == 0 {
            return Ok(());
        }
        let (mut part, mut decimals) = (part, DECIMALS);
        while part.is_multiple_of(10) {
            part /= 10;
            decimals -= 1;
        }
        write!(f, ".{part:0decimals$}")
    }
}

/// The exact decimal, without trailing zeros.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Total::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = match Amount::parse(text) {
            Ok(read) => format!("{}{}", read.amount, if read.inexact { " rounded" } else { "" }),
            Err(err) => err.to_string(),
        };
        assert_eq!(got, expected, "reading {text:?}");
    }

    #[test]
    fn decimals_are_exact() {
        check("0", "0");
        check("12.50", "12.5");
        check("-0.2", "-0.2");
        check("+3", "3");
        check(".5", "0.5");
        check("5.", "5");
        check("1e-3", "0.001");
        check("1.5E+2", "150");
        check("0.000000001", "0.000000001");
        check("0.8958740000000000", "0.895874");
        check("9223372036.854775807", "9223372036.854775807");
    }

    #[test]
    fn more_than_nine_decimals_round_once_half_to_even() {
        check("3.6300000000000003", "3.63 rounded");
        check("0.0000000005", "0 rounded");
        check("0.0000000015", "0.000000002 rounded");
        check("0.00000000250", "0.000000002 rounded");
        check("0.00000000251", "0.000000003 rounded");
        check("1e-10", "0 rounded");
        check("25e-10", "0.000000002 rounded");
        check("125e-11", "0.000000001 rounded");
        check("0.123456789123e3", "123.456789123");
        check("-0.0000000015", "-0.000000002 rounded");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1,2", "1.2.3", "NaN", "inf", "1e", "1e1.5", "0x10", "1_000", " 1", "12 "] {
            check(text, "not a decimal number");
        }
        check("9223372036.854775808", "too large: amounts reach ±9,223,372,036 units");
        check("1e40", "too large: amounts reach ±9,223,372,036 units");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(nanos: i64) {
            let amount = Amount::from_nanos(nanos);
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }

        #[test]
        fn short_numbers_read_as_long_ones_do(text in "-?[0-9]{1,10}(\\.[0-9]{0,10})?") {
            let long = format!("{text}{}", if text.contains('.') { "0000000000" } else { ".0000000000" });
            prop_assert_eq!(Amount::parse(&text).map(|read| read.amount), Amount::parse(&long).map(|read| read.amount));
        }

        #[test]
        fn a_total_is_shown_as_its_parts(whole in 0_i128..1 << 90, part in 0_i128..SCALE) {
            let shown = Total(-(whole * SCALE + part)).to_string();
            let expected = format!("-{whole}.{part:09}");
            let expected = expected.trim_end_matches('0').trim_end_matches('.');
            prop_assert!(shown == expected || whole == 0 && part == 0 && shown == "0");
        }

        #[test]
        fn moving_the_point_and_the_exponent_changes_nothing(digits in "[0-9]{1,9}", places in 0_usize..9) {
            let plain = format!("{digits}e-{places}");
            let padded = format!("{digits:0>10}");
            let (whole, part) = padded.split_at(10 - places);
            prop_assert_eq!(Amount::parse(&plain), Amount::parse(&format!("{whole}.{part}")));
        }
    }
}
