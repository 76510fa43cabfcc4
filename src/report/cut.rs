//! Which tables a report has, what their rows are about, and the one row that sums what a table leaves out.
use crate::{
    model::{action::Action, amount::Total},
    report::words,
    rollup::{AccountRollup, Row, Subject, Tally, lineage::Parts},
};

/// A way to cut an account into rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// By class.
    Action,
    /// By user.
    User,
    /// By workspace, app and feature.
    Feature,
    /// By workspace and app.
    App,
    /// By session.
    Session,
    /// By local day.
    Day,
    /// By language model.
    Model,
}

/// A column that says what a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Workspace.
    Workspace,
    /// App.
    App,
    /// User.
    User,
    /// Feature.
    Feature,
    /// Session.
    Session,
    /// Language model.
    Model,
    /// Local day.
    Day,
    /// Class.
    Action,
}

/// The first rows of a cut, and the sum of the rest.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// The first rows, and the row without a name wherever it stands.
    pub rows: Vec<&'a Row>,
    /// The rows that are left out, where there are any.
    pub others: Option<Others>,
}

/// The exact sum of rows that are not shown. How many sessions or users it has cannot be told from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Others {
    /// How many rows.
    pub rows: u64,
    /// Their events.
    pub tally: Tally,
    /// Their events by class.
    pub actions: [Tally; Action::ALL.len()],
    /// What their amount was spent for; all 0 in cuts other than by feature.
    pub parts: Parts,
}

impl Cut {
    /// Every cut, in the order of `report.json`.
    pub const ALL: [Self; 7] =
        [Self::Action, Self::User, Self::Feature, Self::App, Self::Session, Self::Day, Self::Model];

    /// The word of files, after `by_`.
    pub const fn word(self) -> &'static str {
        self.key().word()
    }

    /// The column that must be present for a row to have a name.
    pub const fn key(self) -> Key {
        match self {
            Self::Action => Key::Action,
            Self::User => Key::User,
            Self::Feature => Key::Feature,
            Self::App => Key::App,
            Self::Session => Key::Session,
            Self::Day => Key::Day,
            Self::Model => Key::Model,
        }
    }

    /// The columns that say what a row is about.
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::Action => &[Key::Action],
            Self::User => &[Key::User],
            Self::Feature => &[Key::Workspace, Key::App, Key::Feature],
            Self::App => &[Key::Workspace, Key::App],
            Self::Session => &[Key::Workspace, Key::App, Key::User, Key::Session],
            Self::Day => &[Key::Day],
            Self::Model => &[Key::Model],
        }
    }

    /// Its rows.
    pub fn rows(self, account: &AccountRollup) -> &[Row] {
        match self {
            Self::Action => &account.by_action,
            Self::User => &account.by_user,
            Self::Feature => &account.by_feature,
            Self::App => &account.by_app,
            Self::Session => &account.by_session,
            Self::Day => &account.by_day,
            Self::Model => &account.by_model,
        }
    }

    /// At most so many rows, then the sum of the rest. A row without a name is never among the rest.
    pub fn shown(self, account: &AccountRollup, most: usize) -> Shown<'_> {
        let rows = self.rows(account);
        let (mut shown, mut rest) = (Vec::new(), Others::default());
        for row in rows {
            if shown.len() < most || self.is_nameless(row) || rows.len() <= most {
                shown.push(row);
            } else {
                rest.add(row);
            }
        }
        Shown { rows: shown, others: (rest.rows > 0).then_some(rest) }
    }

    /// How many rows have a name.
    pub fn named(self, account: &AccountRollup) -> u64 {
        self.rows(account).iter().map(|row| u64::from(!self.is_nameless(row))).sum()
    }

    /// Whether a row stands for everything without a name in this cut.
    pub fn is_nameless(self, row: &Row) -> bool {
        !self.key().is_known(&row.subject)
    }

    /// What a row is about, in one line: `Shop / Checkout`, `no user`.
    pub fn label(self, subject: &Subject) -> String {
        let name = |key: Key| key.text(subject).unwrap_or_else(|| words::nameless(key).to_owned());
        match self {
            Self::Feature => match (&subject.app, &subject.feature) {
                (None, None) => words::nameless(Key::Feature).to_owned(),
                (None, Some(feature)) => feature.clone(),
                (Some(app), _) => format!("{app} / {}", name(Key::Feature)),
            },
            _ => name(self.key()),
        }
    }

    /// What a row is about, in one line, and whether that was inferred.
    pub fn name(self, row: &Row) -> String {
        self.label(&row.subject) + inferred_mark(row)
    }
}

/// What is said after the name of a feature that no column tells.
pub fn inferred_mark(row: &Row) -> &'static str {
    match row.inferred {
        0 => "",
        all if all == row.tally.events => " (inferred)",
        _ => " (partly inferred)",
    }
}

impl Key {
    /// The column's name in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::App => "app",
            Self::User => "user",
            Self::Feature => "feature",
            Self::Session => "session",
            Self::Model => "model",
            Self::Day => "day",
            Self::Action => "action",
        }
    }

    /// Whether a row has anything there.
    pub fn is_known(self, subject: &Subject) -> bool {
        match self {
            Self::Workspace => subject.workspace.is_some(),
            Self::App => subject.app.is_some(),
            Self::User => subject.user.is_some(),
            Self::Feature => subject.feature.is_some(),
            Self::Session => subject.session.is_some(),
            Self::Model => subject.model.is_some(),
            Self::Day => subject.day.is_some(),
            Self::Action => subject.action.is_some(),
        }
    }

    /// What a row has there.
    pub fn text(self, subject: &Subject) -> Option<String> {
        match self {
            Self::Workspace => subject.workspace.clone(),
            Self::App => subject.app.clone(),
            Self::User => subject.user.clone(),
            Self::Feature => subject.feature.clone(),
            Self::Session => subject.session.clone(),
            Self::Model => subject.model.clone(),
            Self::Day => subject.day.map(|day| day.to_string()),
            Self::Action => subject.action.map(|action| action.to_string()),
        }
    }
}

impl Others {
    fn add(&mut self, row: &Row) {
        self.rows += 1;
        add(&mut self.tally, row.tally);
        self.parts = self.parts.plus(row.parts);
        for (sum, tally) in self.actions.iter_mut().zip(row.actions) {
            add(sum, tally);
        }
    }
}

fn add(sum: &mut Tally, tally: Tally) {
    sum.events += tally.events;
    sum.amount += tally.amount;
}

/// What an amount of the account is worth in dollars; `None` where no price is known.
pub fn value(account: &AccountRollup, amount: Total) -> Option<Total> {
    account.price.and_then(|price| price.of(amount))
}

/// The amounts of an account by class.
pub fn actions_of(account: &AccountRollup) -> [Tally; Action::ALL.len()] {
    let mut actions = [Tally::default(); Action::ALL.len()];
    for row in &account.by_action {
        for (sum, tally) in actions.iter_mut().zip(row.actions) {
            add(sum, tally);
        }
    }
    actions
}
