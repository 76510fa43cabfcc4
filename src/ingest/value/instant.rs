//! Time cells: RFC 3339 with any fraction, `2026-10-03 09:12`, epoch seconds to nanoseconds, dates.
//!
//! `03/04/2026` is read only where the source declares its order of day and month; it is never guessed.
//!
//! A time without an offset needs a declared zone; without one it is a problem, not a guess. A bare date is its day's
//! start in the declared zone, else in UTC, which is the zone reports use then: it stays on its day.
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

use crate::model::{
    instant::Instant,
    zone::{Local, Zone},
};

/// Reads time cells of one file and remembers what they needed.
#[derive(Debug, Clone, Default)]
pub struct Instants {
    /// The declared zone.
    pub zone: Option<Zone>,
    /// The declared order of dates such as `03/04/2026`.
    pub order: DateOrder,
    /// Cells without an offset, read in the declared zone.
    pub naive: u64,
    /// Cells that hold a date only.
    pub dates: u64,
}

/// Which part of a date such as `03/04/2026` comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Nobody said so: such dates are refused.
    #[default]
    Undeclared,
    /// `03/04/2026` is the 4th of March.
    MonthFirst,
    /// `03/04/2026` is the 3rd of April.
    DayFirst,
}

const SHAPES: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

impl Instants {
    /// A reader with a declared zone.
    pub fn new(zone: Option<Zone>) -> Self {
        Self { zone, ..Self::default() }
    }

    /// A reader that also takes dates such as `03/04/2026`, in a declared order.
    #[must_use]
    pub fn ordered(self, order: DateOrder) -> Self {
        Self { order, ..self }
    }

    /// The instant of a cell.
    ///
    /// # Errors
    /// A sentence: what is wrong and what to try.
    pub fn read(&mut self, cell: &str) -> Result<Instant, String> {
        let cell = cell.trim();
        if let Some(at) = plain_utc(cell.as_bytes()) {
            return Ok(at);
        }
        if cell.is_empty() {
            return Err("empty: each row needs a time".to_owned());
        }
        let cell = cell.strip_suffix(" UTC").map_or_else(|| cell.to_owned(), |local| format!("{local}Z"));
        if let Ok(at) =
            DateTime::parse_from_rfc3339(&cell).or_else(|_| DateTime::parse_from_str(&cell, "%Y-%m-%d %H:%M:%S%.f %z"))
        {
            return Instant::from_utc(at.to_utc()).ok_or_else(|| "outside the years 1677 to 2262".to_owned());
        }
        if let Some(at) = epoch(&cell) {
            return Ok(at);
        }
        if let Some(local) = SHAPES.iter().find_map(|shape| NaiveDateTime::parse_from_str(&cell, shape).ok()) {
            return self.local(local);
        }
        if let Ok(date) = NaiveDate::parse_from_str(&cell, "%Y-%m-%d") {
            return self.start_of(date);
        }
        if let Some((date, time)) = parts_in_order(&cell, self.order) {
            return match time {
                None => self.start_of(date),
                Some(time) => self.local(date.and_time(time)),
            };
        }
        Err("not a time: write 2026-10-03T09:12:00Z, 2026-10-03 09:12 with --tz, or epoch seconds".to_owned())
    }

    fn start_of(&mut self, date: NaiveDate) -> Result<Instant, String> {
        self.dates += 1;
        let utc = Zone::utc();
        let start = self.zone.as_ref().unwrap_or(&utc).start_of(date);
        start.ok_or_else(|| "outside the years 1677 to 2262".to_owned())
    }

    fn local(&mut self, local: NaiveDateTime) -> Result<Instant, String> {
        let Some(zone) = &self.zone else {
            return Err("a time without an offset: declare its zone, for instance --tz Europe/Berlin".to_owned());
        };
        self.naive += 1;
        match zone.resolve(local) {
            Local::One(at) => Ok(at),
            Local::Twice => Err(format!("the clocks of {} showed this time twice: add an offset", zone.name())),
            Local::Never => {
                Err(format!("the clocks of {} skipped this time: correct it or add an offset", zone.name()))
            }
            Local::OutOfRange => Err("outside the years 1677 to 2262".to_owned()),
        }
    }
}

/// A date in a declared order, with the time behind it: `5/29/26`, `05/29/2026 10:43`, `29.05.2026 10:43:12`. Years of
/// two digits are of this century: no export is older.
fn parts_in_order(cell: &str, order: DateOrder) -> Option<(NaiveDate, Option<NaiveTime>)> {
    const TIMES: [&str; 4] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];
    let (date, time) = cell.split_once(' ').map_or((cell, None), |(date, time)| (date, Some(time.trim())));
    let mark = date.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<&str> = date.split(mark).collect();
    let &[first, second, year] = parts.as_slice() else { return None };
    let number = |text: &str, most: usize| {
        let is_short = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_short.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (first, second) = (number(first, 2)?, number(second, 2)?);
    let year = match year.len() {
        2 => 2000 + number(year, 2)?,
        4 => number(year, 4)?,
        _ => return None,
    };
    let (month, day) = match order {
        DateOrder::Undeclared => return None,
        DateOrder::MonthFirst => (first, second),
        DateOrder::DayFirst => (second, first),
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let Some(time) = time else { return Some((date, None)) };
    let time = TIMES.iter().find_map(|shape| NaiveTime::parse_from_str(time, shape).ok())?;
    Some((date, Some(time)))
}

/// `2026-10-03T09:12:00Z`, with up to nine fractional digits: the shape nearly all exports have, read without chrono.
fn plain_utc(cell: &[u8]) -> Option<Instant> {
    let (head, tail) = cell.split_at_checked(19)?;
    let number = |from: usize, to: usize| {
        head[from..to].iter().try_fold(0_u32, |n, byte| byte.is_ascii_digit().then(|| n * 10 + u32::from(byte - b'0')))
    };
    let punctuated = head[4] == b'-' && head[7] == b'-' && head[10] == b'T' && head[13] == b':' && head[16] == b':';
    let fraction = tail.strip_suffix(b"Z")?;
    if !punctuated {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    let time = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    let nanos = match fraction.split_first() {
        None => 0,
        Some((b'.', digits)) if (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
            (0..9).fold(0, |n, place| n * 10 + i64::from(digits.get(place).map_or(0, |digit| digit - b'0')))
        }
        Some(_) => return None,
    };
    time.and_utc().timestamp_nanos_opt()?.checked_add(nanos).map(Instant::from_nanos)
}

/// Epoch seconds (also with a fraction), milliseconds, microseconds or nanoseconds, told apart by their length.
fn epoch(cell: &str) -> Option<Instant> {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    if !cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let scale = match cell.split('.').next().map_or(0, str::len) {
        9 | 10 => 1_000_000_000,
        13 if part.is_empty() => 1_000_000,
        16 if part.is_empty() => 1_000,
        19 if part.is_empty() => 1,
        _ => return None,
    };
    let part: i64 = format!("{part:0<9}").get(..9)?.parse().ok()?;
    whole.checked_mul(scale)?.checked_add(part).map(Instant::from_nanos)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(zone: &str, cell: &str, expected: &str) {
        let zone = (!zone.is_empty()).then(|| zone.parse().unwrap());
        let got = Instants::new(zone).read(cell).map_or_else(|cause| cause, |at| at.to_string());
        assert!(got.starts_with(expected), "{cell:?}: {got}");
    }

    #[test]
    fn instants_with_offset_are_read() {
        check("", "2026-10-03T09:12:00Z", "2026-10-03T09:12:00Z");
        check("", "2026-10-03T09:12:00.1234567Z", "2026-10-03T09:12:00.123456700Z");
        check("", "2026-10-03T09:12:00+02:00", "2026-10-03T07:12:00Z");
        check("", "2026-10-03 09:12:00 UTC", "2026-10-03T09:12:00Z");
        check("", "2026-10-03 09:12:00 +0200", "2026-10-03T07:12:00Z");
        check("", "1759482720", "2025-10-03T09:12:00Z");
        check("", "1759482720.25", "2025-10-03T09:12:00.250Z");
        check("", "1759482720123", "2025-10-03T09:12:00.123Z");
        check("", "1759482720123456", "2025-10-03T09:12:00.123456Z");
    }

    #[test]
    fn a_time_without_offset_needs_a_zone() {
        check("", "2026-10-03 09:12", "a time without an offset: declare its zone");
        check("Europe/Berlin", "2026-10-03 09:12", "2026-10-03T07:12:00Z");
        check("Europe/Berlin", "2026-10-25 02:30", "the clocks of Europe/Berlin showed this time twice");
        check("Europe/Berlin", "2026-03-29 02:30", "the clocks of Europe/Berlin skipped this time");
    }

    #[test]
    fn a_date_is_the_start_of_its_day() {
        check("", "2026-10-03", "2026-10-03T00:00:00Z");
        check("Europe/Berlin", "2026-10-03", "2026-10-02T22:00:00Z");
    }

    #[test]
    fn dates_with_the_month_or_the_day_in_front_need_a_declared_order() {
        use DateOrder::{DayFirst, MonthFirst, Undeclared};
        let in_order = |order, cell: &str| {
            let read = Instants::new(Some(Zone::utc())).ordered(order).read(cell);
            read.map_or_else(|cause| cause[..10].to_owned(), |at| at.to_string())
        };
        for (order, cell, expected) in [
            (MonthFirst, "5/29/26", "2026-05-29T00:00:00Z"),
            (MonthFirst, "05/29/2026", "2026-05-29T00:00:00Z"),
            (MonthFirst, "05/29/2026 10:43", "2026-05-29T10:43:00Z"),
            (MonthFirst, "5/29/2026 1:43:05 PM", "2026-05-29T13:43:05Z"),
            (MonthFirst, "03/04/2026", "2026-03-04T00:00:00Z"),
            (DayFirst, "03/04/2026", "2026-04-03T00:00:00Z"),
            (DayFirst, "29.05.2026 10:43", "2026-05-29T10:43:00Z"),
            (MonthFirst, "2026-05-29", "2026-05-29T00:00:00Z"),
            (MonthFirst, "29/05/2026", "not a time"),
            (MonthFirst, "05/29/226", "not a time"),
            (MonthFirst, "+5/29/26", "not a time"),
            (MonthFirst, "5/29", "not a time"),
            (MonthFirst, "5/29/26 noon", "not a time"),
            (Undeclared, "05/29/2026", "not a time"),
        ] {
            assert_eq!(in_order(order, cell), expected, "{cell:?} {order:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        check("", "", "empty: each row needs a time");
        for cell in
            ["03/04/2026", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "12", "20261003", "2026-10-03T25:00:00Z"]
        {
            check("UTC", cell, "not a time");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(nanos in -9_000_000_000_000_000_000_i64..9_000_000_000_000_000_000) {
            let at = Instant::from_nanos(nanos);
            prop_assert_eq!(Instants::default().read(&at.to_string()), Ok(at));
        }

        #[test]
        fn no_text_panics(cell in "\\PC{0,40}") {
            let _ = Instants::default().read(&cell);
            let _ = Instants::default().ordered(DateOrder::MonthFirst).read(&cell);
        }
    }
}
