//! Prices, plans, limits and the moment of a report: what was typed or configured becomes what was meant.
use anyhow::Context as _;
use chrono::{Months, NaiveDate};

use crate::{
    audit::{estimate::Projects, plans::Catalogue},
    cli::{config::Config, plan_args::PlanArgs},
    ingest::value::{instant::Instants, order::DateOrder},
    model::{account::Meter, instant::Instant, zone::Zone},
    pipeline::Terms,
    report::charts::Forms,
    rollup::Prices,
};

/// What is asked of what was read; `zone` is that of the report.
pub(super) fn of(plans: &PlanArgs, config: &Config, zone: &Zone, now: Option<&str>) -> anyhow::Result<Terms> {
    let catalogue = plans.catalogue()?;
    let prices = prices(plans, config, &catalogue)?;
    let planning = plans.planning(config, catalogue, zone)?;
    Ok(Terms {
        prices,
        profile: planning.catalogue.profile.clone(),
        planning,
        projects: Projects::new(config.project.clone()).context("[project] of the configuration")?,
        scope: None,
        centers: config.centers()?,
        budgets: config.budget.budgets()?,
        now: now.map(|text| instant(text, zone, "--now")).transpose()?,
        max_rows: usize::MAX,
        charts: Forms::Svg,
        typed: plans.typed(),
    })
}

/// What credits of the profile's vendor cost: by the plan that a flag names, else by the configuration's prices, else by
/// the plan it names.
fn prices(plans: &PlanArgs, config: &Config, catalogue: &Catalogue) -> anyhow::Result<Prices> {
    let mut prices = Prices::new();
    let key = |meter| (catalogue.provider.clone(), meter);
    // a plan whose price is not published prices nothing
    let of_plan = |id: &str| -> anyhow::Result<_> { Ok(catalogue.plan(id)?.price_of_message_credits().ok()) };
    if let Some(id) = config.plan.as_deref() {
        prices.extend(of_plan(id)?.map(|price| (key(Meter::Message), price)));
    }
    prices.extend(config.price.message()?.map(|price| (key(Meter::Message), price)));
    prices.extend(config.price.integration()?.map(|price| (key(Meter::Integration), price)));
    if let Some(id) = plans.plan.as_deref() {
        prices.extend(of_plan(id)?.map(|price| (key(Meter::Message), price)));
    }
    Ok(prices)
}

/// A day's start in the report's zone, or an instant.
pub(super) fn instant(text: &str, zone: &Zone, option: &str) -> anyhow::Result<Instant> {
    Ok(match moment(text, zone, option)? {
        Moment::Day(start) | Moment::Instant(start) => start,
    })
}

/// What was typed for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day, by its start.
    Day(Instant),
    /// An instant.
    Instant(Instant),
}

/// A day or an instant in the report's zone.
pub(super) fn moment(text: &str, zone: &Zone, option: &str) -> anyhow::Result<Moment> {
    let mut instants = Instants::new(Some(zone.clone()));
    match instants.read(text) {
        Ok(start) if instants.dates > 0 => Ok(Moment::Day(start)),
        Ok(instant) => Ok(Moment::Instant(instant)),
        Err(_) => {
            let days = likely(text, zone);
            let likely = match (&days[..], month(text)) {
                (_, Some((first, last))) => format!("; for the month, --from {first} --to {last}"),
                ([], None) => String::new(),
                (days, None) => format!("; was {} meant?", days.join(" or ")),
            };
            anyhow::bail!("{option} {text:?}: write a day as 2026-10-31, or an instant as 2026-10-31T18:00:00Z{likely}")
        }
    }
}

/// The first and the last day of a month as `2026-10`.
fn month(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first: NaiveDate = format!("{text}-01").parse().ok().filter(|_| text.len() == 7)?;
    Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
}

/// The days that a text can mean whose order of day and month is not told.
fn likely(text: &str, zone: &Zone) -> Vec<String> {
    let day = |order| {
        let mut instants = Instants::new(Some(zone.clone()));
        instants.dates_as.order = order;
        Some(zone.local(instants.read(text).ok()?).date().to_string())
    };
    let mut days: Vec<String> = [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().filter_map(day).collect();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let said = match moment(text, &Zone::utc(), "--to") {
            Ok(Moment::Day(start)) => format!("day {start}"),
            Ok(Moment::Instant(at)) => at.to_string(),
            Err(err) => err.to_string(),
        };
        assert!(said.ends_with(expected), "{text}: {said}");
    }

    #[test]
    fn a_time_is_a_day_or_an_instant_and_else_what_was_likely_meant_is_said() {
        check("2026-10-31", "day 2026-10-31T00:00:00Z");
        check("31 Oct 2026", "day 2026-10-31T00:00:00Z");
        check("2026-10-31T00:00:00Z", "2026-10-31T00:00:00Z");
        check("31.10.2026", "write a day as 2026-10-31, or an instant as 2026-10-31T18:00:00Z; was 2026-10-31 meant?");
        check("03/04/2026", "; was 2026-04-03 or 2026-03-04 meant?");
        check("2026-02", "; for the month, --from 2026-02-01 --to 2026-02-28");
        check("2026-02-30", "or an instant as 2026-10-31T18:00:00Z");
        check("october", "or an instant as 2026-10-31T18:00:00Z");
    }
}
