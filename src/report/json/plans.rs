//! The plans of a rule set, as `plan list` prints them.
use serde::Serialize;

use crate::{
    audit::{
        cycle::rules::Grant,
        outlook::Planning,
        plans::{Billing, Plan},
    },
    model::account::Meter,
};

/// A rule set and its plans.
#[derive(Debug, Serialize)]
pub(super) struct V1Plans<'a> {
    profile: &'a str,
    provider: &'a str,
    /// When the figures were read.
    dated: String,
    /// How plans are paid.
    billing: &'static str,
    seats: u32,
    plans: Vec<V1Plan<'a>>,
    topups: V1TopUps<'a>,
}

/// A plan; null where a figure is not known.
#[derive(Debug, Serialize)]
struct V1Plan<'a> {
    id: &'a str,
    name: &'a str,
    message_credits: Option<String>,
    integration_credits: Option<String>,
    /// Dollars a month, as plans are paid here.
    price: Option<String>,
    price_monthly: Option<String>,
    price_paid_yearly: Option<String>,
    /// Message credits of a day, where they come by the day.
    daily_message_credits: Option<String>,
    topups: bool,
    at_zero: Option<&'a str>,
    source: &'a str,
}

#[derive(Debug, Serialize)]
struct V1TopUps<'a> {
    buyers: Option<&'a str>,
    valid_days: Option<u32>,
    /// Dollars a credit.
    price: Option<String>,
}

impl<'a> V1Plans<'a> {
    pub(super) fn of(planning: &'a Planning) -> Self {
        let catalogue = &planning.catalogue;
        let credits = |plan: &Plan, meter| plan.credits(meter, planning.seats).map(|credits| credits.to_string());
        let plans = catalogue.plans.iter().map(|plan| V1Plan {
            id: &plan.id,
            name: &plan.name,
            message_credits: credits(plan, Meter::Message),
            integration_credits: credits(plan, Meter::Integration),
            price: planning.price(plan).map(|price| price.to_string()),
            price_monthly: plan.price(Billing::Monthly, planning.seats).map(|price| price.to_string()),
            price_paid_yearly: plan.price(Billing::Yearly, planning.seats).map(|price| price.to_string()),
            daily_message_credits: planning.rules(plan, Meter::Message).and_then(|rules| match rules.grant {
                Grant::Daily { each, .. } => Some(each.to_string()),
                Grant::Monthly(_) => None,
            }),
            topups: plan.topups,
            at_zero: plan.at_zero.as_deref(),
            source: &plan.source,
        });
        let topups = &catalogue.topups;
        Self {
            profile: &catalogue.profile,
            provider: &catalogue.provider,
            dated: catalogue.dated.to_string(),
            billing: match planning.billing {
                Billing::Monthly => "monthly",
                Billing::Yearly => "yearly",
            },
            seats: planning.seats,
            plans: plans.collect(),
            topups: V1TopUps {
                buyers: topups.buyers.as_deref(),
                valid_days: topups.valid_days,
                price: topups.price_per_credit.map(|price| price.amount().to_string()),
            },
        }
    }
}
