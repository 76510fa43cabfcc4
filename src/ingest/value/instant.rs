//! Time cells: RFC 3339 with any fraction, `2026-10-03 09:12`, epoch seconds to nanoseconds, dates.
//!
//! A time without an offset needs a declared zone; without one it is a problem, not a guess. A bare date is its day's
//! start in the declared zone, else in UTC, which is the zone reports use then: it stays on its day.
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::model::{
    instant::Instant,
    zone::{Local, Zone},
};

/// Reads time cells of one file and remembers what they needed.
#[derive(Debug, Clone, Default)]
pub struct Instants {
    /// The declared zone.
    pub zone: Option<Zone>,
    /// Cells without an offset, read in the declared zone.
    pub naive: u64,
    /// Cells that hold a date only.
    pub dates: u64,
}

const SHAPES: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

impl Instants {
    /// A reader with a declared zone.
    pub fn new(zone: Option<Zone>) -> Self {
        Self { zone, naive: 0, dates: 0 }
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
            self.dates += 1;
            let utc = Zone::utc();
            let start = self.zone.as_ref().unwrap_or(&utc).start_of(date);
            return start.ok_or_else(|| "outside the years 1677 to 2262".to_owned());
        }
        Err("not a time: write 2026-10-03T09:12:00Z, 2026-10-03 09:12 with --tz, or epoch seconds".to_owned())
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
        }
    }
}
