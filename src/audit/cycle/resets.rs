//! When credits are granted anew: on one day of each month, at one time of that day.
use chrono::{Datelike as _, Months, NaiveDate, NaiveTime};

use crate::model::{
    instant::{Day, Instant},
    zone::{Local, Zone},
};

/// The rhythm of a plan. A month without the day (the 31st of April) has its reset on its last day.
#[derive(Debug, Clone)]
pub struct Resets {
    day: u32,
    time: NaiveTime,
    zone: Zone,
}

/// The time from one reset to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cycle {
    /// Its first instant.
    pub start: Instant,
    /// The first instant of the next.
    pub end: Instant,
}

impl Resets {
    /// On a day of the month, 1 to 31, at a time on the clock of a zone; `None` for other days.
    pub fn new(day: u32, time: NaiveTime, zone: Zone) -> Option<Self> {
        (1..=31).contains(&day).then_some(Self { day, time, zone })
    }

    /// Calendar months of a zone.
    pub fn calendar(zone: Zone) -> Self {
        Self { day: 1, time: NaiveTime::MIN, zone }
    }

    /// The zone whose days count.
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether cycles are calendar months.
    pub fn is_calendar(&self) -> bool {
        self.day == 1 && self.time == NaiveTime::MIN
    }

    /// The cycle that an instant falls into; `None` where the years end.
    pub fn cycle(&self, at: Instant) -> Option<Cycle> {
        let month = self.zone.day(at).date().with_day(1)?;
        // a local day reaches into the months beside it, so the reset looked for is one of three
        let candidates = [month.checked_sub_months(Months::new(1))?, month, month.checked_add_months(Months::new(1))?];
        let start = candidates.into_iter().rev().find(|month| self.reset(*month).is_some_and(|reset| reset <= at))?;
        self.of_month(start)
    }

    /// The cycle that begins in a month, given by any of its days.
    pub fn of_month(&self, month: NaiveDate) -> Option<Cycle> {
        let month = month.with_day(1)?;
        let next = month.checked_add_months(Months::new(1))?;
        Some(Cycle { start: self.reset(month)?, end: self.reset(next)? })
    }

    /// The cycle after one.
    pub fn next(&self, cycle: Cycle) -> Option<Cycle> {
        self.cycle(cycle.end)
    }

    /// The reset in the month that begins with a day.
    fn reset(&self, month: NaiveDate) -> Option<Instant> {
        let last = month.checked_add_months(Months::new(1))?.pred_opt()?;
        let day = month.with_day(self.day.min(last.day()))?;
        match self.zone.resolve(day.and_time(self.time)) {
            Local::One(at) => Some(at),
            // an hour that the clock shows twice or skips: the reset is then with the day
            Local::Twice | Local::Never => self.zone.start_of(day),
            Local::OutOfRange => None,
        }
    }
}

impl Cycle {
    /// Whether an instant falls into it.
    pub fn holds(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// The first and the last day in a zone; the last is the one before the end where the end is midnight.
    pub fn days(self, zone: &Zone) -> (Day, Day) {
        (zone.day(self.start), zone.day(Instant::from_nanos(self.end.nanos() - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(day: u32, time: &str, zone: &str, at: &str, expected: &str) {
        let resets = Resets::new(day, time.parse().unwrap(), zone.parse().unwrap()).unwrap();
        let cycle = resets.cycle(Instant::from_utc(at.parse().unwrap()).unwrap()).unwrap();
        assert_eq!(format!("{} {}", cycle.start, cycle.end), expected);
        assert_eq!(resets.next(cycle).unwrap().start, cycle.end);
    }

    #[test]
    fn a_cycle_runs_from_reset_to_reset() {
        check(1, "00:00:00", "UTC", "2026-10-31T23:59:59Z", "2026-10-01T00:00:00Z 2026-11-01T00:00:00Z");
        check(1, "00:00:00", "UTC", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z 2026-12-01T00:00:00Z");
        check(15, "14:30:00", "UTC", "2026-10-15T14:29:59Z", "2026-09-15T14:30:00Z 2026-10-15T14:30:00Z");
        check(15, "14:30:00", "UTC", "2026-10-15T14:30:00Z", "2026-10-15T14:30:00Z 2026-11-15T14:30:00Z");
    }

    #[test]
    fn a_day_that_a_month_lacks_is_its_last() {
        check(31, "00:00:00", "UTC", "2026-02-28T00:00:00Z", "2026-02-28T00:00:00Z 2026-03-31T00:00:00Z");
        check(31, "00:00:00", "UTC", "2026-02-27T12:00:00Z", "2026-01-31T00:00:00Z 2026-02-28T00:00:00Z");
        check(30, "00:00:00", "UTC", "2028-03-01T00:00:00Z", "2028-02-29T00:00:00Z 2028-03-30T00:00:00Z");
        check(31, "23:00:00", "UTC", "2026-12-31T23:30:00Z", "2026-12-31T23:00:00Z 2027-01-31T23:00:00Z");
    }

    #[test]
    fn days_are_those_of_the_zone() {
        check(1, "00:00:00", "Europe/Berlin", "2026-10-31T23:30:00Z", "2026-10-31T23:00:00Z 2026-11-30T23:00:00Z");
        check(1, "00:00:00", "Asia/Tokyo", "2026-10-31T15:00:00Z", "2026-10-31T15:00:00Z 2026-11-30T15:00:00Z");
        // the hour that summer time skips
        check(29, "02:30:00", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z 2026-04-29T00:30:00Z");
    }

    #[test]
    fn there_is_no_day_0_and_no_day_32() {
        assert!(Resets::new(0, NaiveTime::MIN, Zone::utc()).is_none());
        assert!(Resets::new(32, NaiveTime::MIN, Zone::utc()).is_none());
    }
}
