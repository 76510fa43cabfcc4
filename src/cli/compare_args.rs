//! Options of `compare`.
use std::ops::Range;

use anyhow::{Context as _, ensure};
use chrono::{Days, Months, NaiveDate};
use clap::Args;

use crate::{
    cli::{args::Format, read_args::ReadArgs},
    model::{instant::Instant, zone::Zone},
    pipeline::compare::Period,
};

/// What its help ends with.
pub(super) const COMPARE_EXAMPLES: &str = "\
Examples:
  creditscope compare september.csv october.csv
  creditscope compare bundles/september bundles/october
  creditscope compare sample-data --before 2026-08 --after 2026-09
  creditscope compare exports --before 2026-09-01..2026-09-14 --after 2026-09-15..2026-09-28 --format json

Volume, rework, mix and price add up exactly to the difference. They describe what went with it and prove no cause; their
intervals are those of calendar days drawn anew, days without use among them.";

/// Options of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// What is read, and how: two paths, or with --before and --after any number.
    #[command(flatten)]
    pub read: ReadArgs,
    /// The days before, of all that is read: 2026-08, or 2026-08-01..2026-08-14 with both days
    #[arg(long, value_name = "DAYS", requires = "after", conflicts_with_all = ["from", "to", "cycle"])]
    before: Option<String>,
    /// The days after
    #[arg(long, value_name = "DAYS", requires = "before")]
    after: Option<String>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl CompareArgs {
    /// The two periods, where they are named.
    ///
    /// # Errors
    /// When a period is none, or they overlap.
    pub(super) fn periods(&self, zone: &Zone) -> anyhow::Result<Option<[Period; 2]>> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            let n = self.read.paths.len();
            ensure!(
                n == 2,
                "compare takes two paths, before and after, not {n}; --before and --after compare days of one input"
            );
            return Ok(None);
        };
        let [one, other] = [("--before", before), ("--after", after)].map(|(flag, text)| period(flag, text, zone));
        let (one, other) = (one?, other?);
        let overlap = one.start < other.end && other.start < one.end;
        ensure!(!overlap, "--before {before} and --after {after} have days in common");
        Ok(Some([(before.clone(), one), (after.clone(), other)]))
    }
}

/// The days of `2026-08` or `2026-08-01..2026-08-14`.
fn period(flag: &str, text: &str, zone: &Zone) -> anyhow::Result<Range<Instant>> {
    let wrong = || format!("{flag} {text:?}: write a month as 2026-08, or days as 2026-08-01..2026-08-14");
    let day = |text: &str| text.trim().parse::<NaiveDate>().ok();
    let days = match text.split_once("..") {
        Some((first, last)) => day(first).zip(day(last).and_then(|last| last.checked_add_days(Days::new(1)))),
        None if text.len() == 7 => {
            let first = day(&format!("{text}-01"));
            first.zip(first.and_then(|first| first.checked_add_months(Months::new(1))))
        }
        None => day(text).zip(day(text).and_then(|day| day.checked_add_days(Days::new(1)))),
    };
    let (first, next) = days.filter(|(first, next)| first < next).with_context(wrong)?;
    let (start, end) = zone.start_of(first).zip(zone.start_of(next)).with_context(wrong)?;
    Ok(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month_a_day_or_two_days() {
        let said = |text: &str| {
            period("--before", text, &Zone::utc()).map(|period| format!("{} {}", period.start, period.end))
        };
        assert_eq!(said("2026-08").unwrap(), "2026-08-01T00:00:00Z 2026-09-01T00:00:00Z");
        assert_eq!(said("2026-08-31..2026-09-01").unwrap(), "2026-08-31T00:00:00Z 2026-09-02T00:00:00Z");
        assert_eq!(said("2026-08-31").unwrap(), "2026-08-31T00:00:00Z 2026-09-01T00:00:00Z");
        for wrong in ["", "2026", "2026-13", "2026-08-02..2026-08-01", "2026-08-01..", "x..y"] {
            assert!(said(wrong).unwrap_err().to_string().contains("--before"), "{wrong}");
        }
    }
}
