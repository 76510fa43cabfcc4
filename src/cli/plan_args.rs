//! Options about plans and cycles: what was typed becomes what was meant.
use std::{fs, path::PathBuf};

use anyhow::{Context as _, bail, ensure};
use chrono::{NaiveDate, NaiveTime};
use clap::Args;

use crate::{
    audit::{
        cycle::resets::{Cycle, Resets},
        outlook::Planning,
        plans::{Billing, Catalogue, DEFAULT_PROFILE, Plan},
    },
    cli::{args::BillingWord, config::Config, heading, read_args::word, terms::instant},
    model::{amount::Amount, instant::Instant, price::Price, written::Written, zone::Zone},
};

impl BillingWord {
    const fn billing(self) -> Billing {
        match self {
            Self::Monthly => Billing::Monthly,
            Self::Yearly => Billing::Yearly,
        }
    }
}

/// Options about the plan and the cycle.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The plan you are on: how many credits there are, and what one is worth; see `creditscope plan list`
    #[arg(long, value_name = "ID", help_heading = heading::PLAN)]
    pub(super) plan: Option<String>,
    /// A plan you were on before, and until when: starter@2026-09-12; may be given several times
    #[arg(long, value_name = "ID@TIME", help_heading = heading::PLAN, hide_short_help = true)]
    plan_before: Vec<String>,
    /// A file with plans of your own, in the form of data/plans.toml
    #[arg(long, value_name = "FILE", help_heading = heading::PLAN, hide_short_help = true)]
    pub(super) plans: Option<PathBuf>,
    /// The rule set whose plans are used [default: base44-2026-10]
    #[arg(long, value_name = "NAME", help_heading = heading::PLAN, hide_short_help = true)]
    pub(super) profile: Option<String>,
    /// The day of the month on which credits come anew, and at what time: 15 or 15T14:30 [default: 1]
    #[arg(long, value_name = "DAY", help_heading = heading::PLAN)]
    reset_day: Option<String>,
    /// Count events of the cycle that begins in this month
    #[arg(long, value_name = "YYYY-MM", help_heading = heading::PLAN)]
    cycle: Option<String>,
    /// The price of one credit bought on top, in dollars
    #[arg(long, value_name = "PRICE", help_heading = heading::PLAN, hide_short_help = true)]
    topup_price: Option<String>,
    /// How sure a plan must hold, for instance 0.9 or 90%
    #[arg(long, value_name = "SHARE", default_value = "0.9", help_heading = heading::PLAN, hide_short_help = true)]
    risk: String,
    /// How plans are paid: monthly or yearly
    #[arg(long, value_enum, value_name = "HOW", default_value_t = BillingWord::Monthly, help_heading = heading::PLAN, hide_short_help = true)]
    billing: BillingWord,
    /// How many seats, for plans that grant credits to each
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = heading::PLAN, hide_short_help = true)]
    seats: u32,
}

impl PlanArgs {
    /// The plans to choose from.
    pub(super) fn catalogue(&self) -> anyhow::Result<Catalogue> {
        match &self.plans {
            None => Catalogue::built_in(self.profile.as_deref().unwrap_or(DEFAULT_PROFILE)),
            Some(path) => {
                let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                Catalogue::read(&text).with_context(|| format!("reading {}", path.display()))
            }
        }
    }

    /// What is typed of plans, beside files and the cycle.
    pub(super) fn typed(&self) -> Vec<String> {
        let told = [
            ("--plan", self.plan.clone()),
            ("--profile", self.profile.clone()),
            ("--reset-day", self.reset_day.clone()),
            ("--topup-price", self.topup_price.clone()),
            ("--risk", Some(self.risk.clone())),
            ("--billing", word(Some(&self.billing))),
            ("--seats", Some(self.seats.to_string())),
        ];
        let before = self.plan_before.iter().map(|before| format!("--plan-before={before}"));
        told.into_iter().filter_map(|(option, value)| Some(format!("{option}={}", value?))).chain(before).collect()
    }

    /// What is known of the plan and the cycle; `zone` is that of the report.
    pub(super) fn planning(&self, config: &Config, catalogue: Catalogue, zone: &Zone) -> anyhow::Result<Planning> {
        let id = self.plan.as_deref().or(config.plan.as_deref());
        let plan = id.map(|id| catalogue.plan(id).cloned()).transpose()?;
        let told = if self.plan_before.is_empty() { &config.plan_before } else { &self.plan_before };
        ensure!(told.is_empty() || plan.is_some(), "--plan-before: name the plan you are on now, too, with --plan");
        let before = before(told, &catalogue)?;
        // the vendor resets by UTC; without a plan, months are those of the report
        let zone = if plan.is_some() { Zone::utc() } else { zone.clone() };
        let day = self.reset_day.as_deref().or(config.reset_day.as_ref().map(Written::text));
        let resets = day.map_or_else(|| Ok(Resets::calendar(zone.clone())), |day| resets(day, zone.clone()))?;
        let published = catalogue.topups.price_per_credit.map(crate::audit::plans::Figure::amount);
        let topup = self.topup_price.as_ref().map(|text| dollars(text)).transpose()?.or(published);
        let risk = super::args::share("--risk", &self.risk)?;
        ensure!(
            (0.5..1.0).contains(&risk),
            "--risk {:?}: how sure a plan must hold, from 50% to below 100%",
            self.risk
        );
        ensure!(self.seats > 0, "--seats 0: there is at least one");
        Ok(Planning {
            catalogue,
            plan,
            before,
            resets,
            topup_price: topup.and_then(|price| Price::new(price, Amount::from_nanos(1_000_000_000))),
            risk,
            billing: self.billing.billing(),
            seats: self.seats,
            caps: config.caps()?,
        })
    }

    /// Whether a cycle is chosen.
    pub(super) const fn names_cycle(&self) -> bool {
        self.cycle.is_some()
    }

    /// The cycle that `--cycle` names.
    pub(super) fn cycle(&self, resets: &Resets) -> anyhow::Result<Option<Cycle>> {
        let Some(text) = &self.cycle else { return Ok(None) };
        let month: Option<NaiveDate> = format!("{text}-01").parse().ok();
        let cycle = month.filter(|_| text.len() == 7).and_then(|month| resets.of_month(month));
        cycle.map(Some).with_context(|| format!("--cycle {text:?}: name the month in which it begins, as 2026-10"))
    }
}

/// The plans of `ID@TIME`, in order of time.
fn before(told: &[String], catalogue: &Catalogue) -> anyhow::Result<Vec<(Plan, Instant)>> {
    let read = |text: &String| {
        let (id, until) = text
            .split_once('@')
            .with_context(|| format!("--plan-before {text:?}: write a plan and until when, as starter@2026-09-12"))?;
        let plan = catalogue.plan(id.trim()).with_context(|| format!("--plan-before {text:?}"))?;
        anyhow::Ok((plan.clone(), instant(until.trim(), &Zone::utc(), "--plan-before")?))
    };
    let mut before = told.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    before.sort_by_key(|(_, until)| *until);
    if let Some(pair) = before.windows(2).find(|pair| pair[0].1 == pair[1].1) {
        bail!("--plan-before: {} and {} both end at {}", pair[0].0.id, pair[1].0.id, pair[0].1);
    }
    Ok(before)
}

fn dollars(text: &str) -> anyhow::Result<Amount> {
    let price: Amount = text.trim_start_matches('$').parse().with_context(|| format!("--topup-price {text:?}"))?;
    ensure!(price > Amount::ZERO, "--topup-price {text:?}: a price is above 0");
    Ok(price)
}

/// `15` or `15T14:30`.
pub(super) fn resets(text: &str, zone: Zone) -> anyhow::Result<Resets> {
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let time = NaiveTime::parse_from_str(time.trim_end_matches('Z'), "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(time.trim_end_matches('Z'), "%H:%M:%S"));
    let resets = day.parse().ok().zip(time.ok()).and_then(|(day, time)| Resets::new(day, time, zone));
    resets.with_context(|| format!("--reset-day {text:?}: write a day of the month, 1 to 31, as 15 or 15T14:30"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_is_a_day_and_perhaps_a_time() {
        let start = |text: &str| {
            let at = crate::model::instant::Instant::from_utc("2026-10-20T00:00:00Z".parse().unwrap()).unwrap();
            resets(text, Zone::utc()).map(|resets| resets.cycle(at).unwrap().start.to_string())
        };
        assert_eq!(start("15").unwrap(), "2026-10-15T00:00:00Z");
        assert_eq!(start("31T14:30").unwrap(), "2026-09-30T14:30:00Z");
        for wrong in ["0", "32", "x", "15T25:00", ""] {
            assert!(start(wrong).unwrap_err().to_string().contains("1 to 31"), "{wrong}");
        }
    }
}
