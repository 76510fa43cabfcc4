//! Mid-build: what is done, what it takes to finish, and where to stop, for a list of features with their states.
//!
//! ```toml
//! app = "shop"                 # only this app's features count; all apps without it
//!
//! [[feature]]
//! name = "checkout"
//! state = "doing"              # done, doing or todo
//! budget = 12                  # in credits, where there is one
//! depends-on = ["cart"]
//! ```
//!
//! What it takes to finish is told in [`left`].
mod left;

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use left::{FINISHED, to_finish};

use crate::{
    model::{
        amount::{Amount, Total},
        instant::Instant,
        text::same,
        written::Written,
    },
    rollup::{
        AccountRollup, Row,
        lineage::{Part, chains::State},
    },
};

/// A list of features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    app: Option<String>,
    features: Vec<Item>,
}

/// A feature of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name, as reports show it.
    pub name: String,
    /// Where it stands.
    pub stage: Stage,
    /// What it may cost.
    pub budget: Option<Total>,
    /// What is to be done before it.
    pub base: Vec<String>,
}

/// Where a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Finished.
    Done,
    /// Under way.
    Doing,
    /// Not begun.
    Todo,
}

/// A feature of the list and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub item: Item,
    /// What it took so far.
    pub used: Total,
    /// How much of that went into repair.
    pub repair: Total,
    /// What is left of its budget; negative where it is overdrawn.
    pub left: Option<Total>,
    /// What is to be looked at, in sentences.
    pub flags: Vec<String>,
}

/// The whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its features, in their order.
    pub features: Vec<Progress>,
    /// What it takes to finish: the 10th, 50th and 90th percentile, or why that cannot be told.
    pub to_finish: Result3,
    /// How many features were worked on that are not on the list, and what they took.
    pub unplanned: (u64, Total),
}

/// Three percentiles, or why there are none.
pub type Result3 = std::result::Result<[Total; 3], String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    app: Option<String>,
    feature: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    name: String,
    state: Stage,
    budget: Option<Written>,
    #[serde(default, alias = "depends_on")]
    depends_on: Vec<String>,
}

impl Stage {
    /// The word of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Doing => "doing",
            Self::Todo => "todo",
        }
    }
}

impl Scope {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not of that form, or names a feature twice or a base that is not on the list.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("reading the scope of {shown}"))?;
        Self::parse(&text).with_context(|| format!("reading the scope of {shown}"))
    }

    /// Reads a text.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let document: Document = toml::from_str(text)?;
        let mut features: Vec<Item> = Vec::new();
        for Raw { name, state, budget, depends_on } in document.feature {
            let name = name.trim().to_owned();
            ensure!(!name.is_empty(), "feature {} has no name", features.len() + 1);
            ensure!(!features.iter().any(|item| same(&item.name, &name)), "feature {name:?} stands twice");
            let read = |limit: Written| {
                let text = limit.text();
                let budget: Amount = text.parse().with_context(|| format!("the budget of {name:?}: {text:?}"))?;
                ensure!(budget > Amount::ZERO, "the budget of {name:?}: {text:?} is not above 0");
                Ok(Total::from(budget))
            };
            let budget = budget.map(read).transpose()?;
            features.push(Item { name, stage: state, budget, base: depends_on });
        }
        ensure!(!features.is_empty(), "it names no feature");
        for item in &features {
            for base in &item.base {
                if same(base, &item.name) || !features.iter().any(|other| same(&other.name, base)) {
                    bail!("feature {:?} depends on {base:?}, which is no other feature of the list", item.name);
                }
            }
        }
        if let Some(circle) = circle(&features) {
            bail!("features depend on each other in a circle: {}", circle.join(", "));
        }
        Ok(Self { app: document.app, features })
    }

    /// The app whose features count, where it is one.
    pub const fn app(&self) -> Option<&String> {
        self.app.as_ref()
    }

    /// With other names.
    #[must_use]
    pub fn renamed(mut self, name: &dyn Fn(&str) -> String) -> Self {
        self.app = self.app.map(|app| name(&app));
        for item in &mut self.features {
            item.name = name(&item.name);
            item.base = item.base.iter().map(|base| name(base)).collect();
        }
        self
    }

    /// Holds the list against an account.
    pub fn plan(&self, account: &AccountRollup, now: Instant) -> Plan {
        let is_ours =
            |row: &&Row| self.app.as_ref().is_none_or(|app| row.subject.app.as_ref().is_some_and(|its| same(its, app)));
        let rows: Vec<&Row> =
            account.by_feature.iter().filter(|row| row.subject.feature.is_some()).filter(is_ours).collect();
        let of = |name: &str| -> Vec<&Row> {
            rows.iter().filter(|row| row.subject.feature.as_ref().is_some_and(|its| same(its, name))).copied().collect()
        };
        let finished = self.features.iter().filter(|item| item.stage == Stage::Done);
        let finished: Vec<Took> =
            finished.map(|item| Took::of(&of(&item.name))).filter(|took| took.used > Total::ZERO).collect();
        let features: Vec<Progress> =
            self.features.iter().map(|item| self.progress(item, &of, account, now, &finished)).collect();
        let planned = |row: &&&Row| {
            !self.features.iter().any(|item| row.subject.feature.as_ref().is_some_and(|its| same(its, &item.name)))
        };
        let others: Vec<&&Row> = rows.iter().filter(planned).collect();
        let unplanned = (others.len() as u64, others.iter().map(|row| row.tally.amount).sum());
        let to_finish = match &self.app {
            Some(app)
                if account.by_app.iter().all(|row| row.subject.app.as_ref().is_none_or(|its| !same(its, app))) =>
            {
                Err(format!("nothing was used on the app {app:?}: is it called otherwise?"))
            }
            _ => to_finish(&features, &finished),
        };
        Plan { features, to_finish, unplanned }
    }

    fn progress<'r>(
        &self,
        item: &Item,
        of: &dyn Fn(&str) -> Vec<&'r Row>,
        account: &AccountRollup,
        now: Instant,
        finished: &[Took],
    ) -> Progress {
        let rows = of(&item.name);
        let Took { used, repair } = Took::of(&rows);
        let left = item.budget.map(|budget| budget - used);
        let mut flags = Vec::new();
        let is_open = item.stage != Stage::Done;
        if let (Some(budget), Some(left)) = (item.budget, left) {
            if left <= Total::ZERO && is_open {
                flags.push(format!("stop: its budget of {budget} is used up; decide before the next prompt"));
            } else if used.nanos() * 5 >= budget.nanos() * 4 && is_open {
                let percent = used.nanos() * 100 / budget.nanos();
                flags.push(format!("{percent} % of its budget of {budget} are used"));
            }
        }
        let dearest = finished.iter().map(|took| took.used).max().filter(|_| finished.len() >= FINISHED);
        if let Some(dearest) = dearest.filter(|dearest| is_open && used > *dearest) {
            flags.push(format!(
                "stop: it took {used}, more than any finished feature ({dearest}); narrow it or begin anew"
            ));
        }
        if is_open && repair > used - repair {
            flags.push(format!("repairs took {repair}, more than building and changing it"));
        }
        let waits = |state: State| {
            let its = |name: &Option<String>| name.as_ref().is_some_and(|its| same(its, &item.name));
            account.chains.iter().any(|chain| its(&chain.subject.feature) && chain.state(now) == state)
        };
        if item.stage == Stage::Done && waits(State::Abandoned) {
            flags.push("done, but a repair of it was given up".to_owned());
        }
        if item.stage == Stage::Done && rows.is_empty() {
            flags.push("done, but no event tells of it: is it called otherwise?".to_owned());
        }
        if item.stage == Stage::Todo && !rows.is_empty() {
            flags.push(format!("to do, but {used} were spent on it"));
        }
        let begun = rows.iter().map(|row| row.first).min();
        for base in item.base.iter().filter(|_| begun.is_some()) {
            let stage = self.features.iter().find(|other| same(&other.name, base)).map(|other| other.stage);
            let first = of(base).iter().map(|row| row.first).min();
            if stage != Some(Stage::Done) {
                flags.push(format!("begun while its base {base:?} is not done"));
            } else if first > begun {
                flags.push(format!("begun before its base {base:?}"));
            }
        }
        Progress { item: item.clone(), used, repair, left, flags }
    }
}

/// What a feature took.
#[derive(Debug, Clone, Copy, Default)]
struct Took {
    used: Total,
    repair: Total,
}

impl Took {
    fn of(rows: &[&Row]) -> Self {
        let used = rows.iter().map(|row| row.tally.amount).sum();
        Self { used, repair: rows.iter().map(|row| row.parts.of(Part::Repair)).sum() }
    }
}

/// The features that cannot be begun because each waits for another of them; `None` where there are none.
fn circle(features: &[Item]) -> Option<Vec<&str>> {
    let mut open: Vec<&Item> = features.iter().collect();
    loop {
        let before = open.len();
        let names: Vec<&str> = open.iter().map(|item| item.name.as_str()).collect();
        open.retain(|item| item.base.iter().any(|base| names.iter().any(|name| same(name, base))));
        match open.len() {
            0 => return None,
            left if left == before => return Some(names),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrong(text: &str, expected: &str) {
        let error = format!("{:#}", Scope::parse(text).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn wrong_lists_are_told_by_what_is_wrong() {
        let feature = |lines: &str| format!("[[feature]]\nname = \"a\"\n{lines}\n");
        check_wrong("", "missing field `feature`");
        check_wrong(&feature("state = \"almost\""), "unknown variant `almost`");
        check_wrong(&feature("state = \"done\"\nbudget = \"much\""), "the budget of \"a\": \"much\"");
        check_wrong(&feature("state = \"done\"\nbudget = \"0\""), "not above 0");
        check_wrong(&feature("state = \"done\"\ndepends-on = [\"b\"]"), "depends on \"b\", which is no other feature");
        check_wrong(&(feature("state = \"done\"") + &feature("state = \"todo\"")), "stands twice");
        let on = |name: &str, base: &str| {
            format!("[[feature]]\nname = \"{name}\"\nstate = \"todo\"\ndepends-on = [\"{base}\"]\n")
        };
        check_wrong(&(on("a", "B") + &on("b", "A") + &on("c", "a")), "in a circle: a, b");
        assert!(
            Scope::parse(&(on("a", "b") + &on("b", "c") + &feature("state = \"done\"").replace("\"a\"", "\"c\"")))
                .is_ok()
        );
    }
}
