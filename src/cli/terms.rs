//! Prices, plans, limits and the moment of a report: what was typed or configured becomes what was meant.
use anyhow::Context as _;

use crate::{
    audit::{budget::Holder, estimate::Projects, plans::Catalogue},
    cli::{config::Config, plan_args::PlanArgs},
    ingest::value::instant::Instants,
    model::{account::Meter, instant::Instant, zone::Zone},
    pipeline::Terms,
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
    })
}

/// The users that budgets and cost centres name.
pub(super) fn users(terms: &mut Terms) -> impl Iterator<Item = &mut String> {
    let of_budgets = terms.budgets.iter_mut().filter_map(|budget| match &mut budget.holder {
        Holder::User(name) => Some(name),
        _ => None,
    });
    of_budgets.chain(terms.centers.iter_mut().flat_map(|center| &mut center.users))
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
    let mut instants = Instants::new(Some(zone.clone()));
    instants.read(text).map_err(|cause| anyhow::anyhow!("{option} {text:?}: {cause}"))
}
