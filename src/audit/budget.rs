//! Budgets for a cycle: by workspace, app, feature and user, and how far each is used up.
use crate::{
    audit::cycle::resets::Cycle,
    model::{amount::Total, text},
    rollup::{Subject, spend::Spend},
};

/// What a budget is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// Everything.
    All,
    /// A workspace.
    Workspace(String),
    /// An app.
    App(String),
    /// A feature, in whatever app.
    Feature(String),
    /// A person.
    User(String),
}

/// A limit for each cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// For what.
    pub holder: Holder,
    /// So many message credits.
    pub limit: Total,
}

/// How far a budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Less than half.
    Fine,
    /// Half of it, or more.
    Half,
    /// Four fifths of it, or more.
    Near,
    /// All of it, or more.
    Over,
}

/// A budget and its use in a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// Which.
    pub budget: Budget,
    /// The cycle.
    pub cycle: Cycle,
    /// What was used.
    pub used: Total,
    /// How far that is.
    pub state: State,
}

impl Holder {
    /// In words: `app clubhouse`.
    pub fn words(&self) -> String {
        match self {
            Self::All => "all work".to_owned(),
            Self::Workspace(name) => format!("workspace {name}"),
            Self::App(name) => format!("app {name}"),
            Self::Feature(name) => format!("feature {name}"),
            Self::User(name) => format!("user {name}"),
        }
    }
}

impl State {
    /// The word of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fine => "below_50",
            Self::Half => "at_50",
            Self::Near => "at_80",
            Self::Over => "at_100",
        }
    }

    fn of(used: Total, limit: Total) -> Self {
        let reached = |percent: i128| used.nanos() * 100 >= limit.nanos() * percent;
        match () {
            () if reached(100) => Self::Over,
            () if reached(80) => Self::Near,
            () if reached(50) => Self::Half,
            () => Self::Fine,
        }
    }
}

/// Holds budgets against what was used, in the order they are given; `counted` tells what of each counts in the cycle.
pub fn spent(budgets: &[Budget], cycle: Cycle, spend: &[Spend], counted: impl Fn(&Spend) -> Total) -> Vec<Spent> {
    let is_of = |holder: &Holder, subject: &Subject| {
        let same = |name: &String, found: &Option<String>| found.as_ref().is_some_and(|found| text::same(found, name));
        match holder {
            Holder::All => true,
            Holder::Workspace(name) => same(name, &subject.workspace),
            Holder::App(name) => same(name, &subject.app),
            Holder::Feature(name) => same(name, &subject.feature),
            Holder::User(name) => same(name, &subject.user),
        }
    };
    let mut used = vec![Total::ZERO; budgets.len()];
    for one in spend {
        let amount = counted(one);
        for (used, budget) in used.iter_mut().zip(budgets) {
            if is_of(&budget.holder, &one.subject) {
                *used += amount;
            }
        }
    }
    let held = |(budget, used): (&Budget, Total)| Spent {
        budget: budget.clone(),
        cycle,
        used,
        state: State::of(used, budget.limit),
    };
    budgets.iter().zip(used).map(held).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(used: u64, limit: u64, expected: State) {
        assert_eq!(State::of(Total::from_units(used), Total::from_units(limit)), expected);
    }

    #[test]
    fn states_change_at_half_four_fifths_and_all() {
        check(0, 10, State::Fine);
        check(49, 100, State::Fine);
        check(50, 100, State::Half);
        check(79, 100, State::Half);
        check(80, 100, State::Near);
        check(100, 100, State::Over);
        check(300, 100, State::Over);
    }
}
