//! Mid-build: what is done, what it takes to finish, and where to stop, for a list of features with their states.
//!
//! ```toml
//! app = "shop"                 # only this app's features count; all apps without it
//!
//! [[feature]]
//! name = "checkout"
//! state = "doing"              # done, doing or todo
//! budget = "12"                # in credits, where there is one
//! depends-on = ["cart"]
//! ```
//!
//! What is left is drawn from what the project's own finished features cost, building, changes and repairs together: each of
//! [`DRAWS`] draws takes as many of them with replacement, and gives each feature to come the cost of one of these, and each
//! one under way what such a one costs beyond what it took already (where none costs more, its usual share of repairs once
//! more). The 10th, 50th and 90th percentiles of the sums are told (Efron 1979). Fewer than [`FINISHED`] finished features
//! tell nothing.
use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use crate::{
    audit::robust,
    model::{
        amount::{Amount, Total},
        instant::Instant,
        text::same,
    },
    rollup::{
        AccountRollup, Row,
        lineage::{Part, chains::State},
    },
};

/// So many finished features are needed.
pub const FINISHED: usize = 3;
/// So many draws.
const DRAWS: usize = 2_000;

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
    budget: Option<String>,
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
            let read = |text: String| {
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
        Plan { to_finish: to_finish(&features, &finished), features, unplanned }
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

/// Draws what is left; see the module.
fn to_finish(features: &[Progress], finished: &[Took]) -> Result3 {
    let open: Vec<&Progress> = features.iter().filter(|one| one.item.stage != Stage::Done).collect();
    if open.is_empty() {
        return Ok([Total::ZERO; 3]);
    }
    if finished.len() < FINISHED {
        return Err(format!(
            "insufficient data: {} finished features with a cost, {FINISHED} are needed",
            finished.len()
        ));
    }
    let costs: Vec<f64> = finished.iter().map(|took| took.used.approx()).collect();
    let mut shares: Vec<f64> = finished.iter().map(|took| took.repair.share_of(took.used)).collect();
    let share = robust::median(&mut shares).unwrap_or(0.0);
    let mut dice = Dice(0);
    let mut sums: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<f64> = costs.iter().map(|_| costs[dice.below(costs.len())]).collect();
            let rest = |one: &&Progress, dice: &mut Dice| {
                let used = one.used.approx();
                let above: Vec<f64> = drawn.iter().copied().filter(|cost| *cost > used).collect();
                if above.is_empty() { used * share } else { above[dice.below(above.len())] - used }
            };
            open.iter().map(|one| rest(one, &mut dice)).sum()
        })
        .collect();
    sums.sort_by(f64::total_cmp);
    Ok([DRAWS / 10, DRAWS / 2, DRAWS * 9 / 10].map(|at| crate::audit::forecast::rounded(sums[at])))
}

/// Numbers that are the same everywhere (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) >> 33).unwrap_or(0) % sides.max(1)
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
    }

    #[test]
    fn what_is_left_is_drawn_from_what_was_finished() {
        let took = |used: u64| Took { used: Total::from_units(used), repair: Total::from_units(used / 4) };
        let open = |stage: Stage, used: u64| Progress {
            item: Item { name: String::new(), stage, budget: None, base: Vec::new() },
            used: Total::from_units(used),
            repair: Total::ZERO,
            left: None,
            flags: Vec::new(),
        };
        let finished = [took(8), took(8), took(8)];
        assert_eq!(to_finish(&[open(Stage::Todo, 0)], &finished).unwrap().map(|end| end.to_string()), ["8", "8", "8"]);
        assert_eq!(to_finish(&[open(Stage::Doing, 5)], &finished).unwrap()[1], Total::from_units(3));
        assert_eq!(to_finish(&[open(Stage::Doing, 12)], &finished).unwrap()[1], Total::from_units(3));
        assert_eq!(to_finish(&[open(Stage::Done, 5)], &[]).unwrap(), [Total::ZERO; 3]);
        assert!(to_finish(&[open(Stage::Todo, 0)], &finished[..2]).unwrap_err().contains("2 finished features"));
        let [low, middle, high] = to_finish(&[open(Stage::Todo, 0)], &[took(4), took(8), took(20)]).unwrap();
        assert!(low < middle && middle < high);
    }
}
