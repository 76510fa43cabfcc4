//! The waist: classified events become small tables, one a cut. No prompt text, no ids: plain values in a fixed order.
use crate::model::{
    account::{Meter, Unit, ZeroCause},
    action::Action,
    amount::{Amount, Total},
    decision::Probability,
    instant::{Day, Instant},
};

/// Every cut of the selected events.
#[derive(Debug, Clone, Default)]
pub struct Rollups {
    /// One table set an account, the one with most events first.
    pub accounts: Vec<AccountRollup>,
    /// The first and last instant of the selected events.
    pub period: Option<(Instant, Instant)>,
}

/// What amounts are added up by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName {
    /// The vendor, e.g. `base44`.
    pub provider: String,
    /// The meter.
    pub meter: Meter,
    /// The unit.
    pub unit: Unit,
}

/// The cuts of one account. Each cut's rows sum exactly to `total`.
#[derive(Debug, Clone)]
pub struct AccountRollup {
    /// Which account.
    pub account: AccountName,
    /// Everything.
    pub total: Tally,
    /// Price of one unit in dollars, where one is known.
    pub price: Option<Amount>,
    /// By class, in the order of [`Action::ALL`], classes without events left out.
    pub by_action: Vec<Row>,
    /// By user, dearest first; the row without a user last.
    pub by_user: Vec<Row>,
    /// By workspace, app and feature, dearest first; the row without a feature last.
    pub by_feature: Vec<Row>,
    /// By workspace and app, dearest first; the row without an app last.
    pub by_app: Vec<Row>,
    /// By session, dearest first.
    pub by_session: Vec<Row>,
    /// By local day, in order; days without events are absent.
    pub by_day: Vec<Row>,
    /// By language model, dearest first; the row without a model last.
    pub by_model: Vec<Row>,
    /// By cause, for events that cost nothing.
    pub zero: Vec<(ZeroCause, u64)>,
    /// Amount by weekday (Monday first) and local hour.
    pub by_hour: Box<[[Total; 24]; 7]>,
    /// The events of the dearest session, in order.
    pub worst_session: Vec<Step>,
}

/// Events and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many events.
    pub events: u64,
    /// What they cost together.
    pub amount: Total,
}

/// One row of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the row is about.
    pub subject: Subject,
    /// All its events.
    pub tally: Tally,
    /// Its events by class, in the order of [`Action::ALL`].
    pub actions: [Tally; Action::ALL.len()],
    /// Its first event.
    pub first: Instant,
    /// Its last event.
    pub last: Instant,
    /// How many sessions its events fall into.
    pub sessions: u64,
    /// How many users took part.
    pub users: u64,
}

/// What a row of a cut is about; what the cut is not made by is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Workspace.
    pub workspace: Option<String>,
    /// App.
    pub app: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Feature.
    pub feature: Option<String>,
    /// Session: the raw value of the session column, else a name made of user, app and start.
    pub session: Option<String>,
    /// Language model.
    pub model: Option<String>,
    /// Local day.
    pub day: Option<Day>,
    /// Class.
    pub action: Option<Action>,
}

/// One event of the worst session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Its class.
    pub action: Action,
    /// How sure the class is.
    pub probability: Probability,
    /// What it cost.
    pub amount: Amount,
}

impl Row {
    /// What fixes and regenerations cost.
    pub fn rework(&self) -> Total {
        let rework = Action::ALL.into_iter().filter(|action| action.is_rework());
        rework.map(|action| self.actions[action.index()].amount).sum()
    }

    /// The tally of one class.
    pub fn of(&self, action: Action) -> Tally {
        self.actions[action.index()]
    }
}
