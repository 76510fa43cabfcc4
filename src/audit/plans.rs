//! The plan catalogue, from a dated data file.
use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::model::amount::Amount;

/// The plans of a vendor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// When the figures were read.
    pub dated: String,
    /// The plans, smallest first.
    #[serde(rename = "plan")]
    pub plans: Vec<Plan>,
}

/// What a plan gives and costs each month.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The word of options.
    pub id: String,
    /// The name of reports.
    pub name: String,
    message_credits: String,
    integration_credits: String,
    price_per_month: String,
    /// Where the figures are from.
    pub source: String,
}

impl Catalogue {
    /// The built-in catalogue.
    ///
    /// # Errors
    /// Never for the file in the repository, which a test reads.
    pub fn built_in() -> anyhow::Result<Self> {
        Self::read(include_str!("../../data/plans.toml")).context("reading the built-in plans")
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// When it is no TOML of this shape or an amount in it is no decimal.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let catalogue: Self = toml::from_str(text)?;
        for plan in &catalogue.plans {
            for amount in [&plan.message_credits, &plan.integration_credits, &plan.price_per_month] {
                amount.parse::<Amount>().with_context(|| format!("plan {}: {amount:?}", plan.id))?;
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
}

impl Plan {
    /// The price of a message credit: the month's price over the month's message credits. The plan's integration
    /// credits come with it and have no price of their own.
    ///
    /// # Errors
    /// When the plan has no message credits or no price.
    pub fn price_of_message_credit(&self) -> anyhow::Result<Amount> {
        let credits: Amount = self.message_credits.parse()?;
        let price: Amount = self.price_per_month.parse()?;
        ensure!(!credits.is_zero(), "plan {} has no message credits to divide its price by", self.id);
        let scaled = i128::from(price.nanos()) * 1_000_000_000;
        let credits = i128::from(credits.nanos());
        let (floor, left) = (scaled.div_euclid(credits), scaled.rem_euclid(credits));
        let up = left * 2 > credits || left * 2 == credits && floor % 2 != 0;
        Ok(Amount::from_nanos(i64::try_from(floor + i128::from(up)).context("the price is out of range")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_reads_and_prices_its_credits() {
        let catalogue = Catalogue::built_in().unwrap();
        assert_eq!(catalogue.plan("builder").unwrap().price_of_message_credit().unwrap().to_string(), "0.2");
        assert_eq!(catalogue.plan("elite").unwrap().price_of_message_credit().unwrap().to_string(), "0.166666667");
        assert!(catalogue.plan("gold").unwrap_err().to_string().contains("free, starter, builder, pro, elite"));
    }
}
