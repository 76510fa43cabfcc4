//! Days as spreadsheets count them: `46298.383333` is 9:12 on the 46,298th day from 1900 on. (They count the 29th of
//! February 1900, which never was, so day 60 is no day; what is read here lies later.)
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// The digits of a number of a day: 1954 to 2119, with a fraction or without. No epoch has five digits.
pub(super) fn digits(cell: &str) -> Option<&str> {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = whole.len() == 5 && is_digits(whole) && is_digits(part) && ("20000".."80000").contains(&whole);
    is_day.then_some(cell)
}

/// The local time of a number of a day, to the millisecond, which is as much as spreadsheets keep.
pub(super) fn read(digits: &str) -> Option<NaiveDateTime> {
    const DIGITS: usize = 15;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)? + TimeDelta::days(whole.parse().ok()?);
    let scaled: i128 = format!("{part:0<DIGITS$}").get(..DIGITS)?.parse().ok()?;
    let unit = 10_i128.pow(u32::try_from(DIGITS).ok()?);
    let millis = (scaled * 86_400_000 * 2 + unit) / (unit * 2);
    Some(date.and_time(NaiveTime::MIN) + TimeDelta::milliseconds(i64::try_from(millis).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_spreadsheets_do() {
        for (cell, expected) in [
            ("46298", "2026-10-03 00:00:00"),
            ("46298.383333333331", "2026-10-03 09:12:00"),
            ("46298.9999999999", "2026-10-04 00:00:00"),
            ("46298.5", "2026-10-03 12:00:00"),
        ] {
            assert_eq!(digits(cell).and_then(read).unwrap().to_string(), expected);
        }
        for cell in ["4629", "462980", "12345", "46298.", "46298,5", "99999", "-46298", "46298.5.1"] {
            assert_eq!(digits(cell), None, "{cell}");
        }
    }
}
