//! The plan catalogue, from dated data files. What a vendor does not publish is absent.
use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    audit::cycle::rules::{Grant, Order, Rollover, Rules},
    model::{
        account::Meter,
        amount::{Amount, Total},
        instant::Instant,
        price::Price,
    },
};

/// The profile whose plans are used where none is named.
pub const DEFAULT_PROFILE: &str = "base44-2026-10";
const BUILT_IN: [&str; 2] = [include_str!("../../data/plans.toml"), include_str!("../../data/plans-article.toml")];
/// Prices change; figures older than this many days deserve a warning.
pub const STALE_DAYS: i64 = 120;

/// The plans of a vendor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The name of the rule set.
    pub profile: String,
    /// When the figures were read.
    #[serde(deserialize_with = "date")]
    pub dated: NaiveDate,
    /// The vendor, as in exports.
    pub provider: String,
    /// What is known of credits bought on top.
    #[serde(default)]
    pub topups: TopUps,
    /// The plans, smallest first.
    #[serde(rename = "plan")]
    pub plans: Vec<Plan>,
}

/// Credits bought on top.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUps {
    /// Who may buy them.
    pub buyers: Option<String>,
    /// How long they keep.
    pub valid_days: Option<u32>,
    /// The price of one credit, where it is published.
    pub price_per_credit: Option<Figure>,
    /// Where that is from.
    pub source: Option<String>,
}

/// What a plan gives and costs each month, as far as it is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The word of options.
    pub id: String,
    /// The name of reports.
    pub name: String,
    message_credits: Option<Figure>,
    daily_message_credits: Option<Figure>,
    integration_credits: Option<Figure>,
    price_per_month: Option<Figure>,
    price_per_month_paid_yearly: Option<Figure>,
    /// Whether credits can be bought on top.
    #[serde(default)]
    pub topups: bool,
    /// What stops when no message credits are left.
    pub at_zero: Option<String>,
    /// What stops when no integration credits are left.
    pub at_zero_integration: Option<String>,
    #[serde(default)]
    rollover: RolloverWord,
    /// How many cycles or days credits roll over.
    rollover_length: Option<u32>,
    #[serde(default)]
    order: OrderWord,
    /// Whether credits are granted for each seat.
    #[serde(default)]
    per_seat: bool,
    /// Whether the seats share them, or each has its own.
    #[serde(default)]
    sharing: SharingWord,
    /// Where the figures are from.
    pub source: String,
}

/// An exact figure, written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Figure(Amount);

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RolloverWord {
    #[default]
    None,
    Cycles,
    Days,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OrderWord {
    #[default]
    PlanFirst,
    SoonestExpiry,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SharingWord {
    #[default]
    Pool,
    Seats,
}

/// How a plan is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Billing {
    /// Month by month.
    #[default]
    Monthly,
    /// A year in advance.
    Yearly,
}

fn date<'de, D: serde::Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| serde::de::Error::custom(format!("{text:?} is no date: write 2026-10-01")))
}

impl TryFrom<String> for Figure {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let amount: Amount = text.parse().map_err(|cause| format!("{text:?}: {cause}"))?;
        if amount < Amount::ZERO { Err(format!("{text:?} is negative")) } else { Ok(Self(amount)) }
    }
}

impl Figure {
    /// The amount.
    pub const fn amount(self) -> Amount {
        self.0
    }
}

impl Catalogue {
    /// All built-in catalogues.
    ///
    /// # Errors
    /// Never for the files in the repository, which a test reads.
    pub fn all_built_in() -> anyhow::Result<Vec<Self>> {
        BUILT_IN.iter().map(|text| Self::read(text).context("reading the built-in plans")).collect()
    }

    /// The built-in catalogue of a profile.
    ///
    /// # Errors
    /// When there is none; the message lists those there are.
    pub fn built_in(profile: &str) -> anyhow::Result<Self> {
        let mut known = Vec::new();
        for catalogue in Self::all_built_in()? {
            if catalogue.profile == profile {
                return Ok(catalogue);
            }
            known.push(catalogue.profile);
        }
        bail!("unknown profile {profile:?}: use one of {}", known.join(", "))
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// When it is no TOML of this shape, an amount in it is no decimal, or an id stands twice.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let catalogue: Self = toml::from_str(text)?;
        for (at, plan) in catalogue.plans.iter().enumerate() {
            if catalogue.plans[..at].iter().any(|other| other.id == plan.id) {
                bail!("plan {:?} stands twice", plan.id);
            }
            if plan.rollover_length.is_none() && !matches!(plan.rollover, RolloverWord::None) {
                bail!("plan {:?} rolls over without rollover_length", plan.id);
            }
            if plan.has_own_seats() && !plan.per_seat {
                bail!("plan {:?} has sharing = \"seats\" without per_seat = true", plan.id);
            }
        }
        Ok(catalogue)
    }

    /// The plan of an id.
    ///
    /// # Errors
    /// When there is none; the message lists those there are.
    pub fn plan(&self, id: &str) -> anyhow::Result<&Plan> {
        let known: Vec<&str> = self.plans.iter().map(|plan| plan.id.as_str()).collect();
        let found = self.plans.iter().find(|plan| plan.id == id);
        found.with_context(|| format!("unknown plan {id:?}: use one of {}", known.join(", ")))
    }

    /// How many days old the figures are at an instant, where that is a reason to check them.
    pub fn stale_days(&self, now: Instant) -> Option<i64> {
        let age = now.utc().date_naive().signed_duration_since(self.dated).num_days();
        (age > STALE_DAYS).then_some(age)
    }
}

impl Plan {
    /// The most credits of a meter that a cycle can use, for so many seats.
    pub fn credits(&self, meter: Meter, seats: u32) -> Option<Total> {
        let credits = match meter {
            Meter::Message => self.message_credits,
            Meter::Integration => self.integration_credits,
        };
        credits.map(|credits| self.times(credits, seats))
    }

    /// The price of a month, for so many seats.
    pub fn price(&self, billing: Billing, seats: u32) -> Option<Total> {
        let price = match billing {
            Billing::Monthly => self.price_per_month,
            Billing::Yearly => self.price_per_month_paid_yearly,
        };
        price.map(|price| self.times(price, seats))
    }

    /// Whether each seat has credits of its own.
    pub fn has_own_seats(&self) -> bool {
        self.sharing == SharingWord::Seats
    }

    /// How a meter of this plan works, where its credits are known.
    pub fn rules(&self, meter: Meter, seats: u32, topups: &TopUps) -> Option<Rules> {
        let own = self.has_own_seats().then_some(seats);
        let seats = if own.is_some() { 1 } else { seats };
        let most = self.credits(meter, seats)?;
        let daily = self.daily_message_credits.filter(|_| meter == Meter::Message);
        let length = self.rollover_length.unwrap_or(0);
        Some(Rules {
            grant: daily.map_or(Grant::Monthly(most), |each| Grant::Daily { each: self.times(each, seats), most }),
            rollover: match self.rollover {
                RolloverWord::None => Rollover::None,
                RolloverWord::Cycles => Rollover::Cycles(length),
                RolloverWord::Days => Rollover::Days(length),
            },
            order: match self.order {
                OrderWord::PlanFirst => Order::PlanFirst,
                OrderWord::SoonestExpiry => Order::SoonestExpiry,
            },
            seats: own,
            topup_days: topups.valid_days,
        })
    }

    /// The price of message credits: the month's price for the month's message credits. The plan's integration credits
    /// come with it and have no price of their own.
    ///
    /// # Errors
    /// When the plan's price or its message credits are not known.
    pub fn price_of_message_credits(&self) -> anyhow::Result<Price> {
        let price = self.price_of_credits(Meter::Message);
        price.with_context(|| format!("plan {}: its price or its message credits are not published", self.id))
    }

    /// The month's price for a meter's credits of a month alone, where both are known.
    pub fn price_of_credits(&self, meter: Meter) -> Option<Price> {
        let credits = match meter {
            Meter::Message => self.message_credits,
            Meter::Integration => self.integration_credits,
        };
        let (dollars, credits) = self.price_per_month.zip(credits)?;
        Price::new(dollars.0, credits.0)
    }

    fn times(&self, figure: Figure, seats: u32) -> Total {
        let seats = if self.per_seat { seats } else { 1 };
        Total::from_nanos(i128::from(figure.0.nanos()) * i128::from(seats))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_reads_and_prices_its_credits() {
        let catalogue = Catalogue::built_in(DEFAULT_PROFILE).unwrap();
        let worth = |id: &str| {
            let price = catalogue.plan(id).unwrap().price_of_message_credits().unwrap();
            price.of(Total::from_nanos(600_000_000_000)).unwrap().to_string()
        };
        assert_eq!((worth("builder"), worth("elite")), ("120".to_owned(), "100".to_owned()));
        assert!(catalogue.plan("gold").unwrap_err().to_string().contains("free, starter, builder, pro, elite"));
        let free = catalogue.plan("free").unwrap().rules(Meter::Message, 1, &catalogue.topups).unwrap();
        assert_eq!(free.grant, Grant::Daily { each: Total::from_units(5), most: Total::from_units(25) });
    }

    #[test]
    fn figures_that_are_not_published_are_absent() {
        let article = Catalogue::built_in("article-2026-04").unwrap();
        assert!(article.plans.iter().all(|plan| plan.credits(Meter::Message, 1).is_none()));
        assert!(
            article.plan("pro").unwrap().price_of_message_credits().unwrap_err().to_string().contains("not published")
        );
        assert!(Catalogue::built_in("x").unwrap_err().to_string().contains("base44-2026-10, article-2026-04"));
    }

    #[test]
    fn old_figures_are_stale() {
        let catalogue = Catalogue::built_in(DEFAULT_PROFILE).unwrap();
        let at = |day: &str| Instant::from_utc(format!("{day}T00:00:00Z").parse().unwrap()).unwrap();
        assert_eq!(catalogue.stale_days(at("2026-12-31")), None);
        assert_eq!(catalogue.stale_days(at("2027-10-01")), Some(365));
    }

    #[test]
    fn a_plan_of_ones_own_says_what_is_wrong_with_it() {
        let read = |plan: &str| {
            let head = "profile = \"x\"\ndated = \"2026-10-01\"\nprovider = \"x\"\n[[plan]]\nid = \"a\"\nname = \"A\"\nsource = \"s\"\n";
            Catalogue::read(&format!("{head}{plan}"))
        };
        assert!(
            format!("{:#}", read("message_credits = \"ten\"").unwrap_err()).contains("\"ten\": not a decimal number")
        );
        assert!(format!("{:#}", read("message_credits = \"-1\"").unwrap_err()).contains("negative"));
        assert!(read("rollover = \"cycles\"").unwrap_err().to_string().contains("rollover_length"));
        assert!(format!("{:#}", read("credits = \"1\"").unwrap_err()).contains("unknown field"));
        let plan =
            read("message_credits = \"10\"\nper_seat = true\nrollover = \"days\"\nrollover_length = 30").unwrap();
        let rules = plan.plans[0].rules(Meter::Message, 3, &plan.topups).unwrap();
        assert_eq!((rules.grant.most(), rules.rollover), (Total::from_units(30), Rollover::Days(30)));
        assert!(read("message_credits = \"10\"\nsharing = \"seats\"").unwrap_err().to_string().contains("per_seat"));
        let plan = read("message_credits = \"10\"\nper_seat = true\nsharing = \"seats\"").unwrap();
        let rules = plan.plans[0].rules(Meter::Message, 3, &plan.topups).unwrap();
        assert_eq!(
            (rules.seats, rules.grant.most(), rules.most()),
            (Some(3), Total::from_units(10), Total::from_units(30))
        );
    }
}
