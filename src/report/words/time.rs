//! Days, moments and durations for people.
use chrono::{Datelike as _, NaiveDate, TimeDelta};

use crate::model::{
    instant::{Day, Instant},
    zone::Zone,
};

/// `12 Oct 2026`.
pub fn date(day: Day) -> String {
    format(day, "%-d %b %Y")
}

/// `12 Oct`.
pub fn short_date(day: Day) -> String {
    format(day, "%-d %b")
}

/// `Oct 2026`.
pub fn month(day: Day) -> String {
    format(day, "%b %Y")
}

/// The local date and time, in an order that sorts: `2026-10-12 14:30`.
pub fn moment(at: Instant, zone: &Zone) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// `12 Oct 2026`, `1 to 31 Oct 2026`, `1 Aug to 31 Oct 2026` or `1 Dec 2025 to 31 Jan 2026`.
pub fn period(first: Day, last: Day) -> String {
    let (from, to): (NaiveDate, NaiveDate) = (first.date(), last.date());
    let start = if from == to {
        return date(last);
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format(first, "%-d")
    } else if from.year() == to.year() {
        short_date(first)
    } else {
        date(first)
    };
    format!("{start} to {}", date(last))
}

/// `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
pub fn duration(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, ..) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    }
}

/// The days of the week, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// An hour of the day: `14:00 to 15:00`.
pub fn hour(hour: usize) -> String {
    format!("{hour:02}:00 to {:02}:00", hour + 1)
}

fn format(day: Day, pattern: &str) -> String {
    day.date().format(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let day = |text: &str| Day::from_epoch_days(text.parse::<chrono::NaiveDate>().unwrap().to_epoch_days());
        assert_eq!(period(day(from), day(to)), expected);
    }

    #[test]
    fn a_period_repeats_nothing() {
        check("2026-10-12", "2026-10-12", "12 Oct 2026");
        check("2026-10-01", "2026-10-31", "1 to 31 Oct 2026");
        check("2026-08-01", "2026-10-31", "1 Aug to 31 Oct 2026");
        check("2025-12-01", "2026-01-31", "1 Dec 2025 to 31 Jan 2026");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        let shown = [0, 45, 720, 12_000, 7_200, 187_200, 172_800].map(|s| duration(TimeDelta::seconds(s)));
        assert_eq!(shown, ["0 s", "45 s", "12 min", "3 h 20 min", "2 h", "2 d 4 h", "2 d"]);
    }
}
