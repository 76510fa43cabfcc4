//! The digits of amounts, with a decimal point and perhaps an exponent.
use super::{Amount, AmountError, DECIMALS};

/// So many digits before the point are sure to fit.
const MOST_WHOLE: usize = 8;

/// What nearly every cell holds, `12.5` or `-12.5`: at most eight digits before the point and nine behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain {
    /// The amount.
    pub amount: Amount,
    /// How many digits stand before the point.
    pub whole: usize,
    /// How many stand behind it; `None` without a point.
    pub decimals: Option<usize>,
}

impl Plain {
    /// Reads it; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (negative, digits) = bytes.strip_prefix(b"-").map_or((false, bytes), |rest| (true, rest));
        if digits.len() > MOST_WHOLE + 1 + DECIMALS {
            return None;
        }
        let (value, whole, rest) = number(0, digits);
        let (value, decimals) = match rest.split_first() {
            None => (value, None),
            Some((b'.', rest)) => {
                let (value, decimals, rest) = number(value, rest);
                if !rest.is_empty() {
                    return None;
                }
                (value, Some(decimals))
            }
            Some(_) => return None,
        };
        if !(1..=MOST_WHOLE).contains(&whole) {
            return None;
        }
        let scale = *TENS.get(DECIMALS.checked_sub(decimals.unwrap_or(0))?)?;
        let nanos = value * scale;
        let amount = Amount(if negative { -nanos } else { nanos });
        Some(Self { amount, whole, decimals })
    }
}

/// A number with the digits behind it added, how many those are, and what comes next.
#[inline]
fn number(mut value: i64, mut text: &[u8]) -> (i64, usize, &[u8]) {
    let length = text.len();
    while let Some((byte, rest)) = text.split_first()
        && byte.is_ascii_digit()
    {
        value = value * 10 + i64::from(byte - b'0');
        text = rest;
    }
    (value, length - text.len(), text)
}

/// Powers of ten.
const TENS: [i64; DECIMALS + 1] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// Splits `12.5e-3` into its mantissa and its exponent.
pub(super) fn split_exponent(digits: &[u8]) -> Result<(&[u8], i32), AmountError> {
    let Some(at) = digits.iter().position(|byte| matches!(byte, b'e' | b'E')) else {
        return Ok((digits, 0));
    };
    let text = std::str::from_utf8(&digits[at + 1..]).map_err(|_| AmountError::Malformed)?;
    let exponent: i32 = text.parse().map_err(|_| AmountError::Malformed)?;
    Ok((&digits[..at], exponent.clamp(-400, 400)))
}

/// The digits of a number: `value * 10^-decimals`, and whether digits other than 0 follow.
pub(super) struct Mantissa {
    value: i128,
    decimals: i32,
    more: bool,
}

impl Mantissa {
    /// Digits beyond this many only matter for rounding; it leaves room for the nine decimals.
    const MOST: i128 = 10_i128.pow(27);

    pub(super) fn read(digits: &[u8]) -> Result<Self, AmountError> {
        let (mut value, mut decimals, mut more) = (0, 0, false);
        let (mut point, mut any) = (false, false);
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    if value < Self::MOST {
                        value = value * 10 + i128::from(byte - b'0');
                        decimals += i32::from(point);
                    } else {
                        more |= byte != b'0';
                        decimals -= i32::from(!point);
                    }
                }
                b'.' if !point => point = true,
                _ => return Err(AmountError::Malformed),
            }
        }
        if any { Ok(Self { value, decimals, more }) } else { Err(AmountError::Malformed) }
    }

    /// This number times ten to the exponent, in 1e-9 units, half to even, and whether anything was rounded away.
    pub(super) fn scaled(self, exponent: i32) -> Result<(i128, bool), AmountError> {
        let Self { mut value, decimals, mut more } = self;
        let shift = 9 + exponent - decimals;
        if value == 0 {
            return Ok((0, false));
        }
        for _ in 0..shift {
            value = value.checked_mul(10).ok_or(AmountError::TooLarge)?;
        }
        let mut first_dropped = 0;
        for _ in 0..(-shift).clamp(0, 60) {
            more |= first_dropped != 0;
            (value, first_dropped) = (value / 10, value % 10);
        }
        let up = first_dropped > 5 || first_dropped == 5 && (more || value % 2 == 1);
        Ok((value + i128::from(up), first_dropped != 0 || more))
    }
}
