//! `creditscope.toml`: what a team would otherwise type each time. A flag wins over it.
use std::{
    collections::BTreeMap,
    env, fs, iter,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::{
    audit::{
        budget::{Budget, Holder},
        chargeback::Center,
        plans::Catalogue,
    },
    cli::plan_args::resets,
    model::{
        amount::{Amount, Total},
        price::Price,
        text,
        written::Written,
        zone::Zone,
    },
    timeline::Gap,
};

/// The file that is read unless `--config` names another.
const DEFAULT: &str = "creditscope.toml";
/// A file with every setting.
pub(super) const EXAMPLE: &str = include_str!("../../data/config-example.toml");
/// So many folders above the working folder are looked into.
const MOST_ABOVE: usize = 64;

/// The known settings; an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Config {
    /// The plan, as `--plan`.
    pub(super) plan: Option<String>,
    /// Plans one was on before, as `--plan-before`.
    pub(super) plan_before: Vec<String>,
    /// The day of the reset, as `--reset-day`.
    pub(super) reset_day: Option<Written>,
    /// The zone, as `--tz`.
    pub(super) tz: Option<String>,
    /// The pause that ends a session, as `--gap`.
    pub(super) gap: Option<String>,
    /// Who pays for what, the first that fits.
    pub(super) cost_center: Vec<CostCenter>,
    /// The kind of project that each app is, as `creditscope estimate` knows them.
    pub(super) project: BTreeMap<String, String>,
    /// Limits for each cycle, in message credits.
    pub(super) budget: Limits,
    /// The most message credits that members may use in a cycle.
    pub(super) member_cap: BTreeMap<String, Written>,
    /// Prices of credits in dollars.
    pub(super) price: Prices,
}

/// What a credit costs, where no plan tells.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Prices {
    message: Option<Written>,
    integration: Option<Written>,
}

/// Limits for each cycle, in message credits.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    all: Option<Written>,
    workspace: BTreeMap<String, Written>,
    app: BTreeMap<String, Written>,
    feature: BTreeMap<String, Written>,
    user: BTreeMap<String, Written>,
}

/// The limits of a kind of holder, by name.
type Kind<'a> = (&'a BTreeMap<String, Written>, fn(String) -> Holder);

impl Limits {
    /// The budgets, those of everything first.
    pub(super) fn budgets(&self) -> anyhow::Result<Vec<Budget>> {
        let mut budgets = Vec::new();
        let mut add = |holder: Holder, limit: &Written| -> anyhow::Result<()> {
            let (what, text) = (holder.words(), limit.text());
            let limit: Amount = text.parse().with_context(|| format!("the budget of {what}: {text:?}"))?;
            ensure!(limit > Amount::ZERO, "the budget of {what}: {text:?} is not above 0");
            budgets.push(Budget { holder, limit: limit.into() });
            Ok(())
        };
        if let Some(text) = &self.all {
            add(Holder::All, text)?;
        }
        let kinds: [Kind; 4] = [
            (&self.workspace, Holder::Workspace),
            (&self.app, Holder::App),
            (&self.feature, Holder::Feature),
            (&self.user, Holder::User),
        ];
        for (limits, holder) in kinds {
            for (name, text) in limits {
                add(holder(name.clone()), text)?;
            }
        }
        Ok(budgets)
    }
}

/// A client or cost centre.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CostCenter {
    name: String,
    users: Vec<String>,
    apps: Vec<String>,
    workspaces: Vec<String>,
}

impl Config {
    /// Who pays for what.
    pub(super) fn centers(&self) -> anyhow::Result<Vec<Center>> {
        let mut centers: Vec<Center> = Vec::new();
        for CostCenter { name, users, apps, workspaces } in &self.cost_center {
            ensure!(!name.trim().is_empty(), "a [[cost_center]] of the configuration has no name");
            ensure!(!centers.iter().any(|center| center.name == *name), "the cost center {name:?} stands twice");
            ensure!(
                !(users.is_empty() && apps.is_empty() && workspaces.is_empty()),
                "the cost center {name:?} pays for nothing: give it users, apps or workspaces"
            );
            let (users, apps, workspaces) = (users.clone(), apps.clone(), workspaces.clone());
            centers.push(Center { name: name.clone(), users, apps, workspaces });
        }
        Ok(centers)
    }

    /// The most message credits that members may use in a cycle.
    pub(super) fn caps(&self) -> anyhow::Result<Vec<(String, Total)>> {
        let read = |(name, cap): (&String, &Written)| {
            let text = cap.text();
            let cap: Amount = text.parse().with_context(|| format!("the cap of member {name}: {text:?}"))?;
            ensure!(cap >= Amount::ZERO, "the cap of member {name}: {text:?} is negative");
            Ok((name.clone(), cap.into()))
        };
        let names: Vec<&String> = self.member_cap.keys().collect();
        for (at, name) in names.iter().enumerate() {
            if let Some(other) = names[..at].iter().find(|other| text::same(other, name)) {
                bail!("[member_cap] names one member twice, as {other:?} and as {name:?}: leave one out");
            }
        }
        self.member_cap.iter().map(read).collect()
    }

    /// Checks what is read only when it is needed.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.centers()?;
        self.budget.budgets()?;
        self.caps()?;
        self.price.message()?;
        self.price.integration()?;
        if let Some(day) = &self.reset_day {
            resets(day.text(), Zone::utc()).context("reset_day")?;
        }
        if let Some(gap) = &self.gap {
            gap.parse::<Gap>().context("gap")?;
        }
        if let Some(zone) = &self.tz {
            zone.parse::<Zone>().context("tz")?;
        }
        let catalogues = Catalogue::all_built_in()?;
        let is_known = |plan: &String| catalogues.iter().any(|catalogue| catalogue.plan(plan).is_ok());
        if let Some(plan) = self.plan.as_ref().filter(|plan| !is_known(plan)) {
            bail!(
                "plan = {plan:?}: no built-in rule set has it; `creditscope plan list` shows them, and --plans FILE adds yours"
            );
        }
        Ok(())
    }

    /// What the file says, by the names of its settings.
    pub(super) fn settings(&self) -> Vec<(String, String)> {
        let mut settings: Vec<(String, String)> = Vec::new();
        let mut say = |name: &str, value: Option<&str>| {
            settings.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        };
        say("plan", self.plan.as_deref());
        for before in &self.plan_before {
            say("plan_before", Some(before));
        }
        say("reset_day", self.reset_day.as_ref().map(Written::text));
        say("tz", self.tz.as_deref());
        say("gap", self.gap.as_deref());
        say("price.message", self.price.message.as_ref().map(Written::text));
        say("price.integration", self.price.integration.as_ref().map(Written::text));
        say("budget.all", self.budget.all.as_ref().map(Written::text));
        let Limits { workspace, app, feature, user, .. } = &self.budget;
        for (kind, limits) in [("workspace", workspace), ("app", app), ("feature", feature), ("user", user)] {
            for (name, limit) in limits {
                say(&format!("budget.{kind}.{name:?}"), Some(limit.text()));
            }
        }
        for (member, cap) in &self.member_cap {
            say(&format!("member_cap.{member:?}"), Some(cap.text()));
        }
        for (app, kind) in &self.project {
            say(&format!("project.{app:?}"), Some(kind));
        }
        for CostCenter { name, users, apps, workspaces } in &self.cost_center {
            say(&format!("cost_center.{name:?}"), Some(&[&users[..], apps, workspaces].concat().join(", ")));
        }
        settings
    }

    /// Reads the named file, else the one that is found, else nothing.
    pub(super) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = Self::path(path) else { return Ok(Self::default()) };
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("reading {}", path.display()))
    }

    /// The file that is read: the named one, else the nearest one in the working folder or above it, else the user's own.
    pub(super) fn path(named: Option<&Path>) -> Option<PathBuf> {
        if let Some(named) = named {
            return Some(named.to_owned());
        }
        let depth = env::current_dir().map_or(0, |folder| folder.components().count().saturating_sub(1));
        let above = (0..=depth.min(MOST_ABOVE)).map(|up| iter::repeat_n("..", up).collect::<PathBuf>().join(DEFAULT));
        above.chain(user_file()).find(|path| path.is_file())
    }
}

/// The file in the user's configuration folder.
fn user_file() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let at_home = || folder("HOME").map(|home| home.join(".config"));
    let configs = folder("XDG_CONFIG_HOME").or_else(|| folder("APPDATA")).or_else(at_home)?;
    Some(configs.join("creditscope").join(DEFAULT))
}

impl Prices {
    /// The price of a message credit.
    pub(super) fn message(&self) -> anyhow::Result<Option<Price>> {
        read("price.message", self.message.as_ref())
    }

    /// The price of an integration credit.
    pub(super) fn integration(&self) -> anyhow::Result<Option<Price>> {
        read("price.integration", self.integration.as_ref())
    }
}

fn read(name: &str, price: Option<&Written>) -> anyhow::Result<Option<Price>> {
    let Some(text) = price.map(Written::text) else { return Ok(None) };
    let dollars: Amount = text.parse().with_context(|| format!("{name} = {text:?} in the configuration"))?;
    Ok(Amount::from_units(1).and_then(|unit| Price::new(dollars, unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_read_and_holds_every_setting() {
        let config: Config = toml::from_str(EXAMPLE).unwrap();
        config.check().unwrap();
        let Config { plan, plan_before, reset_day, tz, gap, cost_center, project, budget, member_cap, price } = &config;
        assert!(
            plan.is_some()
                && !plan_before.is_empty()
                && reset_day.is_some()
                && tz.is_some()
                && gap.is_some()
                && !project.is_empty()
        );
        assert!(!member_cap.is_empty());
        assert!(price.message.is_some() && price.integration.is_some() && budget.all.is_some());
        assert_eq!((config.settings().len(), cost_center.len()), (14, 2));
    }
}
