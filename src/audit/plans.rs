//! The plan catalogue, from a dated data file.
use anyhow::Context as _;
use serde::Deserialize;

use crate::model::{amount::Amount, price::Price};

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
    /// The price of message credits: the month's price for the month's message credits. The plan's integration credits
    /// come with it and have no price of their own.
    ///
    /// # Errors
    /// When the plan has no message credits.
    pub fn price_of_message_credits(&self) -> anyhow::Result<Price> {
        let price = Price::new(self.price_per_month.parse()?, self.message_credits.parse()?);
        price.with_context(|| format!("plan {} has no message credits to divide its price by", self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Total;

    #[test]
    fn the_built_in_catalogue_reads_and_prices_its_credits() {
        let catalogue = Catalogue::built_in().unwrap();
        let worth = |id: &str| {
            let price = catalogue.plan(id).unwrap().price_of_message_credits().unwrap();
            price.of(Total::from_nanos(600_000_000_000)).unwrap().to_string()
        };
        assert_eq!((worth("builder"), worth("elite")), ("120".to_owned(), "100".to_owned()));
        assert!(catalogue.plan("gold").unwrap_err().to_string().contains("free, starter, builder, pro, elite"));
    }
}
