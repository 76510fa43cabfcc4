//! The waist: classified events become small tables, one a cut. No prompt text, no ids: plain values in a fixed order.
pub mod books;
pub mod cases;
pub mod cube;
pub mod digests;
pub mod facts;
mod groups;
pub mod lineage;
pub mod merge;
pub mod ranges;
mod rows;
pub mod seams;
pub mod selection;
pub mod spend;
pub mod usage;
pub mod workload;
mod worst;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    classify::{
        doubt::Doubt,
        links::{Inferred, feature_of},
    },
    model::{
        account::{Basis, Meter, Unit, ZeroCause},
        action::Action,
        amount::{Amount, Total},
        decision::{Decision, Probability},
        event::{Account, Word},
        instant::{Day, Instant},
        names::Names,
        price::Price,
        zone::Zone,
    },
    schema::{Col, tables::fact},
    timeline::Timeline,
};
use groups::{Groups, Met};
use lineage::{Parts, chains::Chain};
use ranges::Ranges;
use rows::Subjects;
use seams::Seams;
pub use selection::{Candidate, Selection};
pub use usage::Booked;

/// What the cuts are made by.
const CUTS: [Col; 8] =
    [fact::ACTION, fact::USER, fact::FEATURE, fact::APP, fact::SESSION, fact::DAY, fact::MODEL, fact::HOUR];

/// What the rollup is made from.
#[derive(Clone, Copy)]
pub struct Classified<'a> {
    /// The ordered events.
    pub timeline: &'a Timeline,
    /// The decision on each of them.
    pub decisions: &'a [Decision],
    /// The inferred feature of each of them.
    pub inferred: &'a [Option<Inferred>],
    /// The dictionaries.
    pub names: &'a Names,
}

impl Classified<'_> {
    /// The feature of the event at a position: what a column tells, else what was inferred.
    pub fn feature(self, index: usize) -> Option<Word> {
        feature_of(&self.timeline.events()[index], self.inferred.get(index).copied().flatten())
    }
}

/// How it is made.
pub struct Settings<'a> {
    /// The zone of days and hours.
    pub zone: &'a Zone,
    /// Which events count.
    pub selection: &'a Selection,
    /// What is known of wrong labels.
    pub doubt: &'a Doubt,
}

/// Prices of credits in dollars, by vendor and meter.
pub type Prices = BTreeMap<(String, Meter), Price>;

/// Adds up the selected events by every cut.
///
/// # Errors
/// When polars fails.
pub fn roll_up(input: Classified, settings: &Settings) -> anyhow::Result<Rollups> {
    let Classified { timeline, names, .. } = input;
    let lineage = lineage::trace(input);
    let (table, facts) = facts::build((input, &lineage), settings.zone, settings.selection);
    let subjects = Subjects::new(&table, timeline, names, settings.zone);
    let order = groups::by_session(&facts);
    let mut cuts: [(Groups, Met); CUTS.len()] = Default::default();
    cuts.par_iter_mut().zip(CUTS).for_each(|(cut, column)| *cut = groups::by(&facts, &order, column));
    let met = cuts.each_mut().map(|(_, met)| std::mem::take(met));
    let [actions, users, features, apps, sessions, days, models, hours] = cuts.map(|(groups, _)| groups);
    let of_feature = |key| table.of_features.get(&key).copied().unwrap_or_default();
    let wanted =
        (0..).zip(&table.accounts).filter_map(|(id, account)| Some((*account, rows::dearest_id(&sessions, id)?)));
    let wanted = wanted.collect();
    let mut told = worst::told(input, settings.selection, &wanted);
    let mut doubts = ranges::of_apps(input, settings.selection, settings.doubt);
    let mut met = seams::met(&met, &subjects);
    let mut cases = cases::of(input, settings.selection, &subjects);
    let mut chains = lineage::chains::of(input, &lineage, settings.selection, &subjects);
    let least_cells = |id| [&features, &apps, &users].map(|cut| cut.range((id, 0)..=(id, u32::MAX)).count());
    let least_cells: Vec<usize> =
        (0..).zip(&table.accounts).filter_map(|(id, _)| least_cells(id).into_iter().max()).collect();
    let mut cubes = cube::build(facts, &least_cells, &table, timeline, names)?;
    let mut accounts: Vec<AccountRollup> = Vec::new();
    for ((id, account), cube) in (0..).zip(&table.accounts).zip(&mut cubes) {
        let by_action = rows::of(&actions, id, |id| subjects.action(id));
        if by_action.is_empty() {
            continue;
        }
        let by_session = rows::dearest_first(rows::of(&sessions, id, |id| subjects.session(id)));
        let account_name = name_of(*account, names);
        let told = told.remove(account).unwrap_or_default();
        let doubts = doubts.remove(account).unwrap_or_default();
        let worst = wanted.get(account).and_then(|session| subjects.session(*session).workspace);
        accounts.push(AccountRollup {
            total: rows::total(&by_action),
            price: None,
            by_user: rows::dearest_first(rows::of(&users, id, |id| subjects.user(id))),
            by_feature: rows::dearest_first(rows::of_features(&features, id, |id| subjects.feature(id), of_feature)),
            by_app: rows::dearest_first(rows::of(&apps, id, |id| subjects.app(id))),
            by_day: rows::of(&days, id, |id| subjects.day(id)),
            by_model: rows::dearest_first(rows::of(&models, id, |id| subjects.model(id))),
            buckets: told.buckets,
            refunds: told.refunds,
            by_basis: told.by_basis.into_iter().collect(),
            zero: told.zero.into_iter().collect(),
            by_hour: rows::by_hour(&hours, id),
            worst_session: told.steps,
            cases: cases.remove(account).unwrap_or_default(),
            chains: chains.remove(account).unwrap_or_default(),
            by_user_and_app: rows::by_user_and_app(&table, id, &subjects),
            cube: std::mem::take(cube),
            account: account_name,
            by_action,
            by_session,
            ranges: ranges::of(&doubts),
            seams: Seams { met: met.remove(&id).unwrap_or_default(), doubts, worst_workspace: worst },
        });
    }
    sort(&mut accounts);
    let sessions = timeline.sessions().len() as u64;
    Ok(Rollups { accounts, period: table.period, usage: usage::by_minute(timeline, names), sessions })
}

/// The account with most events first.
fn sort(accounts: &mut [AccountRollup]) {
    accounts.sort_by(|a, b| b.total.events.cmp(&a.total.events).then_with(|| a.account.cmp(&b.account)));
}

fn name_of(account: Account, names: &Names) -> AccountName {
    AccountName { provider: names.text(account.provider).to_owned(), meter: account.meter, unit: account.unit }
}

/// A dollar is worth a dollar; credits have the price of their vendor and meter.
pub fn price(account: &AccountName, prices: &Prices) -> Option<Price> {
    match account.unit {
        Unit::Usd => Some(Price::ONE),
        Unit::Credits => prices.get(&(account.provider.clone(), account.meter)).copied(),
        Unit::Tokens | Unit::Requests => None,
    }
}

/// Every cut of the selected events.
#[derive(Debug, Clone, Default)]
pub struct Rollups {
    /// One table set an account, the one with most events first.
    pub accounts: Vec<AccountRollup>,
    /// The first and last instant of the selected events.
    pub period: Option<(Instant, Instant)>,
    /// The use of each account by the minute, in order, whatever was selected: a pool is emptied by everybody.
    pub usage: BTreeMap<AccountName, Vec<(Instant, Total)>>,
    /// How many sessions there are, whatever was selected.
    pub sessions: u64,
}

impl Rollups {
    /// Tells every account the price of its unit.
    pub fn set_prices(&mut self, prices: &Prices) {
        for account in &mut self.accounts {
            account.price = price(&account.account, prices);
        }
    }
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
    /// Price of the unit in dollars, where one is known.
    pub price: Option<Price>,
    /// By class, in the order of [`Action::ALL`], classes without events left out.
    pub by_action: Vec<Row>,
    /// By user, dearest first; the row without a user last.
    pub by_user: Vec<Row>,
    /// By workspace, app and feature, dearest first; the row without a feature last.
    pub by_feature: Vec<Row>,
    /// By workspace and app, dearest first; the row without an app last.
    pub by_app: Vec<Row>,
    /// What each user used on each app, by name.
    pub by_user_and_app: Vec<(Subject, Tally)>,
    /// By session, dearest first.
    pub by_session: Vec<Row>,
    /// By local day, in order; days without events are absent.
    pub by_day: Vec<Row>,
    /// By language model, dearest first; the row without a model last.
    pub by_model: Vec<Row>,
    /// By how the amounts came about, in the order of [`Basis::ALL`], what does not occur left out.
    pub by_basis: Vec<(Basis, Tally)>,
    /// How many of the events are totals of a day or a bucket, not single prompts.
    pub buckets: u64,
    /// The refunds among the events: they are counted in `total`, and no prompts.
    pub refunds: Tally,
    /// By cause, for events that cost nothing.
    pub zero: Vec<(ZeroCause, u64)>,
    /// Amount by weekday (Monday first) and local hour; totals of a day or a bucket tell none and are left out.
    pub by_hour: Box<[[Total; 24]; 7]>,
    /// The events of the dearest session, in order.
    pub worst_session: Vec<Step>,
    /// Between which amounts each class total lies, in the order of [`Action::ALL`].
    pub ranges: Ranges,
    /// What the audit's rules need of its sessions, users and apps.
    pub cases: cases::Cases,
    /// The pieces of work that needed repair, the one with the dearest repairs first.
    pub chains: Vec<Chain>,
    /// By everything at once, within bounds.
    pub cube: cube::Cube,
    /// What it takes to merge the account with the same one of other rollups.
    pub seams: Seams,
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
    /// How many of its events were taken to be about this feature, because no column tells; 0 in other cuts.
    pub inferred: u64,
    /// What its amount was spent for; all 0 in cuts other than by feature.
    pub parts: Parts,
}

/// What a row of a cut is about; what the cut is not made by is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Tally {
    /// Adds another tally to this one.
    pub fn add(&mut self, other: Self) {
        self.events += other.events;
        self.amount += other.amount;
    }
}

impl Row {
    /// The tally of one class.
    pub fn of(&self, action: Action) -> Tally {
        self.actions[action.index()]
    }
}
