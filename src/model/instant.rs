//! Instants and days. An instant is UTC and exact to the nanosecond; a day is a calendar day in the zone of the report.
use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, TimeDelta, Utc, Weekday};

/// A moment: nanoseconds since 1970-01-01T00:00:00Z, 1677 to 2262.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A calendar day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Instant {
    /// From nanoseconds since the epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// From chrono; `None` outside 1677 to 2262.
    pub fn from_utc(at: DateTime<Utc>) -> Option<Self> {
        at.timestamp_nanos_opt().map(Self)
    }

    /// In chrono's words.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }

    /// The time from an earlier moment to this one.
    pub fn since(self, earlier: Self) -> TimeDelta {
        TimeDelta::nanoseconds(self.0.saturating_sub(earlier.0))
    }
}

/// RFC 3339 in UTC, with milli-, micro- or nanoseconds where they are not zero.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Day {
    /// From days since the epoch.
    pub const fn from_epoch_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since the epoch.
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// In chrono's words.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// The following day.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// `2026-10-31`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_shows_only_the_digits_it_has() {
        assert_eq!(Instant::from_nanos(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Instant::from_nanos(1_200_000_000).to_string(), "1970-01-01T00:00:01.200Z");
        assert_eq!(Instant::from_nanos(-1).to_string(), "1969-12-31T23:59:59.999999999Z");
    }

    #[test]
    fn a_day_is_its_date() {
        assert_eq!(Day::from_epoch_days(20_757).to_string(), "2026-10-31");
        assert_eq!(Day::from_epoch_days(20_757).weekday(), Weekday::Sat);
        assert_eq!(Day::from_epoch_days(20_757).next().to_string(), "2026-11-01");
    }
}
