//! Time cells: RFC 3339 with any fraction, `2026-10-03 09:12`, `3 Oct 2026 9:12 AM`, epoch seconds to nanoseconds, dates.
//!
//! `03/04/2026` is read only where its order of day and month is declared or proven by the column; it is never guessed.
//! `03.04.2026`, with points, has the day first wherever people write so, and is read so in what people keep by hand, also
//! beside dates with slashes that have the month first.
//!
//! A time without an offset needs a declared zone; without one it is a problem, not a guess. A bare date is its day's
//! start in the declared zone, else in UTC, which is the zone reports use then: it stays on its day.
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

use crate::{
    ingest::value::{
        clock,
        date::{self, Written},
        order::{DateOrder, Dates, ToldDates},
        plain::{Midnight, plain_utc},
        serial,
    },
    model::{
        instant::Instant,
        text::trimmed,
        zone::{Local, Zone},
    },
};

/// Reads time cells of one file and remembers what they needed and what they told.
#[derive(Debug, Clone, Default)]
pub struct Instants {
    /// The declared zone.
    pub zone: Option<Zone>,
    /// How the dates of the file are written.
    pub dates_as: Dates,
    /// The one format that cells have, in the letters of `strptime`, where it is declared.
    pub format: Option<Arc<str>>,
    /// Whether people wrote the cells: then points mean that the day comes first, where nothing else is known.
    pub is_by_hand: bool,
    /// Cells without an offset, read in the declared zone.
    pub naive: u64,
    /// Cells that hold a date only.
    pub dates: u64,
    /// What the cells told of how dates are written.
    pub told: ToldDates,
    /// The day that was read last.
    pub latest: Midnight,
}

const OUT_OF_RANGE: &str = "outside the years 1677 to 2262";
const NO_TIME: &str = "not a time: write 2026-10-03T09:12:00Z, 2026-10-03 09:12 with --tz, or epoch seconds";
const NO_ORDER: &str = "not a time before it is told whether day or month comes first: --date-order day or --date-order \
                        month says so";
const CONTESTED: &str = "some dates of this column can only have the day first and others only the month, so none is \
                         certain: write 2026-10-03";
const MIXED: &str = "it can have the day or the month first, and other dates of this column contradict the declared \
                     order: correct those, or write 2026-10-03";
const SERIAL: &str = "not a time unless it is a spreadsheet's number of a day: a map says so with serial = true";

impl Instants {
    /// A reader with a declared zone.
    pub fn new(zone: Option<Zone>) -> Self {
        Self { zone, ..Self::default() }
    }

    /// A reader that also takes dates such as `03/04/2026`, in a declared order.
    #[must_use]
    pub fn ordered(self, order: DateOrder) -> Self {
        Self { dates_as: Dates { order, ..self.dates_as }, ..self }
    }

    /// The instant of a cell.
    ///
    /// # Errors
    /// A sentence: what is wrong and what to try.
    pub fn read(&mut self, cell: &str) -> Result<Instant, String> {
        let cell = trimmed(cell);
        if let Some(at) = plain_utc(cell.as_bytes(), &mut self.latest).filter(|_| self.format.is_none()) {
            self.told.others += 1;
            return Ok(at);
        }
        if cell.is_empty() {
            return Err("empty: each row needs a time".to_owned());
        }
        if let Some(format) = self.format.clone() {
            return self.formatted(cell, &format);
        }
        if let Some(digits) = serial::digits(cell) {
            self.told.serials += 1;
            let local = serial::read(digits).filter(|_| self.dates_as.is_serial).ok_or_else(|| SERIAL.to_owned())?;
            return if digits.contains('.') { self.local(local) } else { self.start_of(local.date()) };
        }
        self.told.others += 1;
        if let Ok(at) = DateTime::parse_from_rfc3339(cell) {
            return Instant::from_utc(at.to_utc()).ok_or_else(|| OUT_OF_RANGE.to_owned());
        }
        if let Some(at) = epoch(cell) {
            return Ok(at);
        }
        let (day, clock) = clock::split(cell);
        let written = date::read(day).ok_or_else(|| NO_TIME.to_owned())?;
        let clock = clock.map(|clock| clock::read(clock).ok_or_else(|| NO_TIME.to_owned())).transpose()?;
        let date = self.day_of(written)?;
        match clock {
            None => self.start_of(date),
            Some((time, None)) => self.local(date.and_time(time)),
            Some((time, Some(offset))) => at_offset(date, time, offset),
        }
    }

    /// The day that is meant.
    fn day_of(&mut self, written: Written) -> Result<NaiveDate, String> {
        use DateOrder::{
            Contested, DayFirst, MixedDayFirst, MixedMonthFirst, MonthFirst, SlashedMonthFirst, Undeclared,
        };
        let (first, second, year, is_dotted) = match written {
            Written::Certain(date) => return Ok(date),
            Written::WrongWeekday => {
                return Err("its day of the week is not the date's: correct one of them".to_owned());
            }
            Written::Parts { first, second, year, is_dotted } => (first, second, year, is_dotted),
        };
        let day_first = NaiveDate::from_ymd_opt(year, second, first);
        let month_first = NaiveDate::from_ymd_opt(year, first, second);
        let is_by_points = is_dotted && self.is_by_hand;
        let told = &mut self.told;
        let (days, months) = if is_by_points {
            told.with_points += u64::from(day_first.is_some());
            (&mut told.points_day_first, &mut told.points_month_first)
        } else {
            (&mut told.day_first, &mut told.month_first)
        };
        *days += u64::from(day_first.is_some() && month_first.is_none());
        *months += u64::from(month_first.is_some() && day_first.is_none());
        let is_either = day_first.is_some() && month_first.is_some() && first != second;
        let (date, cause) = match self.dates_as.order {
            Contested => (None, CONTESTED),
            MixedDayFirst | MixedMonthFirst if is_either => (None, MIXED),
            SlashedMonthFirst if is_by_points => (day_first, NO_TIME),
            DayFirst | MixedDayFirst => (day_first, NO_TIME),
            MonthFirst | MixedMonthFirst | SlashedMonthFirst => (month_first, NO_TIME),
            Undeclared if first == second => (day_first, NO_TIME),
            Undeclared if is_by_points => (day_first, NO_TIME),
            Undeclared if is_either || day_first.or(month_first).is_some() => (None, NO_ORDER),
            Undeclared => (None, NO_TIME),
        };
        date.ok_or_else(|| cause.to_owned())
    }

    /// The instant of a cell in the declared format.
    fn formatted(&mut self, cell: &str, format: &str) -> Result<Instant, String> {
        if let Ok(at) = DateTime::parse_from_str(cell, format) {
            return Instant::from_utc(at.to_utc()).ok_or_else(|| OUT_OF_RANGE.to_owned());
        }
        if let Ok(local) = NaiveDateTime::parse_from_str(cell, format) {
            return self.local(local);
        }
        match NaiveDate::parse_from_str(cell, format) {
            Ok(date) => self.start_of(date),
            Err(_) => Err(format!("not a time in the format {format:?} that the map declares")),
        }
    }

    fn start_of(&mut self, date: NaiveDate) -> Result<Instant, String> {
        self.dates += 1;
        let utc = Zone::utc();
        let start = self.zone.as_ref().unwrap_or(&utc).start_of(date);
        start.ok_or_else(|| OUT_OF_RANGE.to_owned())
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
            Local::OutOfRange => Err(OUT_OF_RANGE.to_owned()),
        }
    }
}

fn at_offset(date: NaiveDate, time: NaiveTime, east: i32) -> Result<Instant, String> {
    let utc = date.and_time(time).and_utc() - chrono::TimeDelta::seconds(east.into());
    Instant::from_utc(utc).ok_or_else(|| OUT_OF_RANGE.to_owned())
}

/// Epoch seconds (also with a fraction), milliseconds, microseconds or nanoseconds, told apart by their length.
fn epoch(cell: &str) -> Option<Instant> {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    if !cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    // From 2033 on, ten digits are rather `2026100309`, a date and an hour.
    if (2_000_000_000..10_000_000_000).contains(&whole) {
        return None;
    }
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
