//! Budgets for a cycle: by workspace, app, feature and user, and how far each is used up.
use crate::{
    model::amount::Total,
    rollup::{AccountRollup, Row, Subject},
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

/// Holds budgets against the use of a cycle, in the order they are given; a cycle without use is absent.
pub fn spent(budgets: &[Budget], cycle: Option<&AccountRollup>) -> Vec<Spent> {
    let sum = |rows: &[Row], is: &dyn Fn(&Subject) -> bool| -> Total {
        rows.iter().filter(|row| is(&row.subject)).map(|row| row.tally.amount).sum()
    };
    let same =
        |name: &String, found: &Option<String>| found.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let used = |holder: &Holder| {
        cycle.map_or(Total::ZERO, |cycle| match holder {
            Holder::All => cycle.total.amount,
            Holder::Workspace(name) => sum(&cycle.by_app, &|row| same(name, &row.workspace)),
            Holder::App(name) => sum(&cycle.by_app, &|row| same(name, &row.app)),
            Holder::Feature(name) => sum(&cycle.by_feature, &|row| same(name, &row.feature)),
            Holder::User(name) => sum(&cycle.by_user, &|row| same(name, &row.user)),
        })
    };
    let spent = |budget: &Budget| {
        let used = used(&budget.holder);
        Spent { budget: budget.clone(), used, state: State::of(used, budget.limit) }
    };
    budgets.iter().map(spent).collect()
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
