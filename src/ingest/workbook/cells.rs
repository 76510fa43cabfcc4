//! Typed cells as the text that readers take. Spreadsheet programs keep numbers as binary floats and show 15 digits of them,
//! times as days since an epoch, to the millisecond.
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use crate::ingest::batch::Batch;

/// What was done to the cells of a sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Remarks {
    /// Numbers with more digits than spreadsheets show.
    rounded: u64,
    /// Cells that hold an error.
    errors: u64,
}

/// Digits that a spreadsheet shows.
const DIGITS: usize = 15;
/// Whole numbers up to here are exact in a float.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;
const MILLISECONDS_A_DAY: f64 = 86_400_000.0;

impl Remarks {
    /// A number, in the shortest decimal text that means it; float noise beyond 15 digits is rounded away.
    pub(super) fn number(&mut self, value: f64) -> String {
        let shortest = value.to_string();
        let is_exact = value.fract() == 0.0 && value.abs() <= MOST_EXACT;
        if is_exact || !value.is_finite() || significant(&shortest) <= DIGITS {
            return shortest;
        }
        self.rounded += 1;
        let shown = format!("{value:.*e}", DIGITS - 1);
        shown.parse::<f64>().map_or(shortest, |rounded| rounded.to_string())
    }

    /// A number that is written as text; it stays as it is unless it has float noise.
    pub(super) fn number_text(&mut self, text: &str) -> String {
        match text.parse::<f64>() {
            Ok(value) if significant(text) > DIGITS => self.number(value),
            _ => text.to_owned(),
        }
    }

    /// A cell that holds an error, such as `#N/A`.
    pub(super) fn error(&mut self, text: &str) -> String {
        self.errors += 1;
        text.to_owned()
    }

    /// Tells what was done.
    pub(in crate::ingest) fn book(self, batch: &mut Batch) {
        batch.note(
            self.rounded,
            "numbers had more than 15 digits, which spreadsheets do not show, and were rounded to 15",
        );
        batch.note(self.errors, "cells hold an error of the spreadsheet such as #N/A");
    }
}

/// How many digits of a number matter.
fn significant(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits.trim_end_matches('0').len()
}

/// Days since 1899-12-30, or since 1904-01-01, as an ISO time; as a date where the cell shows no time, as a time of day
/// where it is less than a day.
pub(super) fn time(days: f64, is_1904: bool, shows_time: bool) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "three million days are 2.6e14 milliseconds")]
    let milliseconds = Duration::milliseconds((days * MILLISECONDS_A_DAY).round() as i64);
    if days < 1.0 && !is_1904 {
        return Some(shown(NaiveDateTime::default() + milliseconds, "%H:%M:%S"));
    }
    // Excel has a 29 February 1900, so that its days before that are one further on.
    let epoch = match (is_1904, days < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let at = epoch.and_time(NaiveTime::MIN).checked_add_signed(milliseconds)?;
    let is_date = !shows_time && at.time() == NaiveTime::MIN;
    Some(shown(at, if is_date { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M:%S" }))
}

/// A span of days, as hours, minutes and seconds.
pub(super) fn span(days: f64) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "three million days are 2.6e11 seconds")]
    let seconds = (days * 86_400.0).round() as i64;
    Some(format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60))
}

/// A time as a workbook writes it, `2026-10-03T09:12:00.000000001`, to the millisecond; other texts stay as they are.
pub(super) fn iso_time(text: &str) -> String {
    let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") else { return text.to_owned() };
    let nanos = i64::from(at.and_utc().timestamp_subsec_nanos());
    let rounded = (nanos + 500_000) / 1_000_000 * 1_000_000;
    at.checked_add_signed(Duration::nanoseconds(rounded - nanos))
        .map_or_else(|| text.to_owned(), |at| shown(at, "%Y-%m-%dT%H:%M:%S"))
}

/// A span of time as a workbook writes it, `PT09H12M00S`, as `09:12:00`; other texts stay as they are.
pub(super) fn iso_span(text: &str) -> String {
    let parts = || {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?;
        let seconds = seconds.split_once(['.', ',']).map_or(seconds, |(whole, _)| whole);
        Some(format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
    };
    parts().unwrap_or_else(|| text.to_owned())
}

fn shown(at: NaiveDateTime, shape: &str) -> String {
    let shape = if at.and_utc().timestamp_subsec_millis() == 0 { shape.to_owned() } else { format!("{shape}%.3f") };
    at.format(&shape).to_string()
}

/// Whether a number format shows a time of day: an hour or a second outside quotes, brackets and escapes.
pub(super) fn shows_time(format: &str) -> bool {
    let mut letters = format.chars();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => drop(letters.next()),
            'h' | 'H' | 's' | 'S' if !quoted => return true,
            _ => (),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_number(value: f64, expected: &str, rounded: u64) {
        let mut remarks = Remarks::default();
        assert_eq!((remarks.number(value).as_str(), remarks.rounded), (expected, rounded));
    }

    #[test]
    fn numbers_are_what_a_spreadsheet_shows() {
        check_number(0.1, "0.1", 0);
        check_number(0.1 + 0.2, "0.3", 1);
        check_number(1.0, "1", 0);
        check_number(-2.5e-7, "-0.00000025", 0);
        check_number(1.0 / 3.0, "0.333333333333333", 1);
        check_number(1_234_567_890_123_456.0, "1234567890123456", 0);
        check_number(1e21, "1000000000000000000000", 0);
        check_number(4.35 * 100.0, "435", 1);
        check_number(f64::NAN, "NaN", 0);
        let mut remarks = Remarks::default();
        assert_eq!(remarks.number_text("12.50"), "12.50");
        assert_eq!(remarks.number_text("0.30000000000000004"), "0.3");
    }

    #[track_caller]
    fn check_time(days: f64, is_1904: bool, shows_time: bool, expected: &str) {
        assert_eq!(time(days, is_1904, shows_time).as_deref().unwrap_or("none"), expected);
    }

    #[test]
    fn times_are_iso_to_the_millisecond() {
        check_time(46_298.0, false, false, "2026-10-03");
        check_time(46_298.0, false, true, "2026-10-03T00:00:00");
        check_time(46_298.383_333_333_33, false, true, "2026-10-03T09:12:00");
        check_time(46_298.383_333_333_33, false, false, "2026-10-03T09:12:00");
        check_time(46_298.383_334_722_22, false, true, "2026-10-03T09:12:00.120");
        check_time(44_836.0, true, false, "2026-10-03");
        check_time(59.0, false, false, "1900-02-28");
        check_time(61.0, false, false, "1900-03-01");
        check_time(0.5, false, true, "12:00:00");
        check_time(-1.0, false, true, "none");
        check_time(1e9, false, true, "none");
        assert_eq!(span(1.5).as_deref(), Some("36:00:00"));
        assert_eq!(iso_time("2026-10-03T09:11:59.999999995"), "2026-10-03T09:12:00");
        assert_eq!(iso_time("2026-10-03"), "2026-10-03");
        assert_eq!((iso_span("PT09H12M00.5S").as_str(), iso_span("P1D").as_str()), ("09:12:00", "P1D"));
    }

    #[test]
    fn formats_tell_whether_they_show_a_time() {
        for (format, expected) in [
            ("yyyy-mm-dd", false),
            ("d/m/yy h:mm", true),
            ("mm:ss", true),
            ("yyyy\" hours\"", false),
            ("yyyy\\hmm", false),
        ] {
            assert_eq!(shows_time(format), expected, "{format}");
        }
    }

    proptest! {
        #[test]
        fn decimals_of_up_to_15_digits_survive(digits in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_usize..10) {
            #[expect(clippy::cast_precision_loss, reason = "fifteen digits fit")]
            let value = digits as f64 / 10_f64.powi(i32::try_from(scale).unwrap());
            let mut remarks = Remarks::default();
            let text = remarks.number(value);
            let exact: crate::model::amount::Amount = text.parse().unwrap_or_default();
            let expected: Option<crate::model::amount::Amount> = format!("{digits}e-{scale}").parse().ok();
            if let Some(expected) = expected {
                prop_assert_eq!(exact, expected);
                prop_assert_eq!(remarks.rounded, 0);
            }
        }
    }
}
