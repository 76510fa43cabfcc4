//! Instants and days. An instant is UTC and exact to the nanosecond; a day is a calendar day in the zone of the report.
use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// A moment: nanoseconds since 1970-01-01T00:00:00Z, 1677 to 2262.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(i64);

/// A calendar day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

const SECOND: i64 = 1_000_000_000;

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
        const DAY: i64 = 86_400;
        let (seconds, nanos) = (self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND));
        let days = i32::try_from(seconds.div_euclid(DAY)).unwrap_or_default();
        let time = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", Day(days))?;
        match nanos {
            0 => f.write_str("Z"),
            _ if nanos % 1_000_000 == 0 => write!(f, ".{:03}Z", nanos / 1_000_000),
            _ if nanos % 1000 == 0 => write!(f, ".{:06}Z", nanos / 1000),
            _ => write!(f, ".{nanos:09}Z"),
        }
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
        let date = self.date();
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_instant_is_shown_as_chrono_does(nanos: i64, unit in prop::sample::select(vec![1, 1000, 1_000_000, SECOND])) {
            let at = Instant::from_nanos(nanos / unit * unit);
            prop_assert_eq!(at.to_string(), at.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true));
        }
    }

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
