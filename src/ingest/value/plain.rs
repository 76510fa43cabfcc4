//! Times as nearly all files have them, `2026-10-03T09:12:00Z` with or without a fraction, in few instructions.
use chrono::NaiveDate;

use crate::model::instant::Instant;

/// The instant of a cell, with up to nine fractional digits; `latest` is the day that was read before.
pub(super) fn plain_utc(cell: &[u8], latest: &mut Midnight) -> Option<Instant> {
    let (date, rest) = cell.split_first_chunk::<11>()?;
    let (time, tail) = rest.split_first_chunk::<8>()?;
    let fraction = tail.strip_suffix(b"Z")?;
    if *date != latest.date {
        *latest = Midnight { date: *date, at: midnight(date)? };
    }
    let [h, hh, b':', m, mm, b':', s, ss] = *time else { return None };
    let number = |tens: u8, ones: u8, most: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        let number = tens.wrapping_mul(10).wrapping_add(ones);
        (tens < 10 && ones < 10 && number <= most).then_some(i64::from(number))
    };
    let seconds = number(h, hh, 23)? * 3600 + number(m, mm, 59)? * 60 + number(s, ss, 59)?;
    let nanos = match fraction.split_first() {
        None => 0,
        Some((b'.', digits)) if (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
            (0..9).fold(0, |n, place| n * 10 + i64::from(digits.get(place).map_or(0, |digit| digit - b'0')))
        }
        Some(_) => return None,
    };
    latest.at.checked_add(seconds * 1_000_000_000 + nanos).map(Instant::from_nanos)
}

/// The start of a day in UTC, in nanoseconds since 1970, by how the day is written: rows of a day stand together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Midnight {
    date: [u8; 11],
    at: i64,
}

/// The start of a day such as `2026-10-03T`.
fn midnight(date: &[u8; 11]) -> Option<i64> {
    let [year @ .., b'-', m, mm, b'-', d, dd, b'T'] = date else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |n, byte| byte.is_ascii_digit().then(|| n * 10 + u32::from(byte - b'0')))
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(&[*m, *mm])?, number(&[*d, *dd])?)?;
    date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_nanos_opt()
}
