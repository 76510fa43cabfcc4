//! Classified events become compact columns, ready to be grouped.
use chrono::Datelike as _;
use polars::prelude::{Column, DataFrame, Int64Chunked, IntoSeries as _, UInt32Chunked};
use rustc_hash::FxHashMap;

use crate::{
    classify::links::feature_of,
    model::{
        amount::Amount,
        event::{Account, Event, Word},
        instant::{Day, Instant},
        zone::{LocalHour, Zone},
    },
    rollup::{
        Candidate, Classified, Selection, Tally,
        lineage::{Lineage, Parts},
    },
    schema::{Col, stage::Facts, tables::fact},
};

/// The selected events in columns of equal length, in the order of the timeline.
#[derive(Default)]
pub struct FactRows {
    ids: [Vec<u32>; IDS.len()],
    ats: Vec<i64>,
    amounts: Vec<i64>,
}

/// The columns of ids.
const IDS: [Col; 9] = [
    fact::ACCOUNT,
    fact::ACTION,
    fact::USER,
    fact::APP,
    fact::FEATURE,
    fact::SESSION,
    fact::MODEL,
    fact::DAY,
    fact::HOUR,
];

impl FactRows {
    /// How many events there are.
    pub fn count(&self) -> usize {
        self.ats.len()
    }

    /// A column of ids.
    ///
    /// # Panics
    /// For a column that holds none.
    pub fn ids(&self, column: Col) -> &[u32] {
        let position = IDS.iter().position(|id| id.name() == column.name());
        &self.ids[position.expect("only columns of ids are asked for")]
    }

    /// When each event was.
    pub fn at(&self, row: usize) -> Instant {
        Instant::from_nanos(self.ats[row])
    }

    /// What each event cost.
    pub fn amount(&self, row: usize) -> Amount {
        Amount::from_nanos(self.amounts[row])
    }

    /// The same as a frame.
    ///
    /// # Errors
    /// When polars refuses the columns.
    pub fn into_frame(self) -> anyhow::Result<Facts> {
        let ids = |(col, ids): (Col, Vec<u32>)| UInt32Chunked::from_vec(col.name().into(), ids).into_series();
        let numbers =
            |(col, numbers): (Col, Vec<i64>)| Int64Chunked::from_vec(col.name().into(), numbers).into_series();
        let times = [(fact::AT, self.ats), (fact::AMOUNT, self.amounts)].into_iter().map(numbers);
        let columns: Vec<Column> = IDS.into_iter().zip(self.ids).map(ids).chain(times).map(Column::from).collect();
        Facts::new(DataFrame::new_infer_height(columns)?)
    }
}

/// The dictionaries behind the ids of facts.
pub struct FactTable {
    /// The accounts, by id.
    pub accounts: Vec<Account>,
    /// Workspace and app, by id.
    pub apps: Vec<(Option<Word>, Option<Word>)>,
    /// App id and feature, by id; the first stands for all events without a feature.
    pub features: Vec<(u32, Option<Word>)>,
    /// The first and last instant.
    pub period: Option<(Instant, Instant)>,
    /// What is known of features alone, by the ids of account and feature.
    pub of_features: FxHashMap<(u32, u32), OfFeature>,
    /// What the events of an account, a user and an app add up to, by their ids.
    pub pairs: FxHashMap<(u32, u32, u32), Tally>,
}

/// What is known of a feature and of no other subject.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfFeature {
    /// How many events were inferred to be about it.
    pub inferred: u64,
    /// What its amount was spent for.
    pub parts: Parts,
}

/// Distinct values, numbered in order of first sight.
struct Numbered<T> {
    values: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T: Copy + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Self { values: Vec::new(), numbers: FxHashMap::default() }
    }

    fn number(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(value).or_insert(next);
        if number == next {
            self.values.push(value);
        }
        number
    }
}

/// Local day and hour, remembering the last minute: events of one session are near each other.
struct Clock<'z> {
    zone: &'z Zone,
    minute: i64,
    hour: LocalHour,
}

impl Clock<'_> {
    fn read(&mut self, at: Instant) -> LocalHour {
        const MINUTE: i64 = 60 * 1_000_000_000;
        let minute = at.nanos().div_euclid(MINUTE);
        if minute != self.minute {
            (self.minute, self.hour) = (minute, self.zone.hour(at));
        }
        self.hour
    }
}

/// The hour of totals, which tell none.
pub(super) const NO_HOUR: u32 = 7 * 24;

fn hour_of_week(hour: LocalHour) -> u32 {
    hour.day.date().weekday().num_days_from_monday() * 24 + u32::from(hour.hour)
}

/// The events that the selection picks, in columns, and the dictionaries behind them.
pub(super) fn build(
    (Classified { timeline, decisions, inferred, names }, lineage): (Classified, &Lineage),
    zone: &Zone,
    selection: &Selection,
) -> (FactTable, FactRows) {
    let mut accounts = Numbered::new();
    let mut apps = Numbered::new();
    let mut features = Numbered::new();
    features.number((0, None));
    let account_of: Vec<u32> = names.tags().iter().map(|tag| accounts.number(tag.account)).collect();
    let app_of: Vec<u32> = names.threads().iter().map(|thread| apps.number((thread.workspace, thread.app))).collect();
    let mut clock = Clock { zone, minute: i64::MIN, hour: LocalHour { day: Day::from_epoch_days(0), hour: 0 } };
    let n_events = timeline.events().len();
    let mut rows = FactRows {
        ids: std::array::from_fn(|_| Vec::with_capacity(n_events)),
        ats: Vec::with_capacity(n_events),
        amounts: Vec::with_capacity(n_events),
    };
    let mut period: Option<(Instant, Instant)> = None;
    let number = |word: Option<Word>| word.map_or(0, Word::number);
    let mut pairs: FxHashMap<(u32, u32, u32), Tally> = FxHashMap::default();
    let mut of_features: FxHashMap<(u32, u32), OfFeature> = FxHashMap::default();
    let events = timeline.events().iter().zip(decisions).zip(timeline.session_of()).zip(inferred).zip(&lineage.parts);
    for ((((event, decision), session), inferred), part) in events {
        let told = feature_of(event, *inferred);
        if !selection.picks(Candidate { event, action: decision.action, feature: told }, names) {
            continue;
        }
        let Event { at, amount, thread, tag, .. } = *event;
        let app = app_of[thread.index()];
        let hour = clock.read(at);
        let feature = told.map_or(0, |feature| features.number((app, Some(feature))));
        let of_feature = of_features.entry((account_of[tag.index()], feature)).or_default();
        let pair = (account_of[tag.index()], number(names.thread(thread).user), app);
        pairs.entry(pair).or_default().add(Tally { events: 1, amount: amount.into() });
        of_feature.inferred += u64::from(inferred.is_some_and(|inferred| !inferred.is_told));
        of_feature.parts.add(*part, amount.into());
        let ids = [
            account_of[tag.index()],
            u32::try_from(decision.action.index()).unwrap_or(0),
            number(names.thread(thread).user),
            app,
            feature,
            session.map_or(0, |session| u32::try_from(session.index() + 1).unwrap_or(u32::MAX)),
            number(names.tag(tag).model),
            hour.day.epoch_days().cast_unsigned(),
            if names.tag(tag).is_aggregate { NO_HOUR } else { hour_of_week(hour) },
        ];
        for (column, id) in rows.ids.iter_mut().zip(ids) {
            column.push(id);
        }
        rows.ats.push(at.nanos());
        rows.amounts.push(amount.nanos());
        period = Some(period.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }
    let (accounts, apps, features) = (accounts.values, apps.values, features.values);
    (FactTable { accounts, apps, features, period, of_features, pairs }, rows)
}

#[cfg(test)]
impl FactRows {
    /// Rows of made-up ids, in the order of the columns; the amount of each is its position.
    pub(super) fn of(ids: &[[u32; IDS.len()]]) -> Self {
        let mut rows = Self::default();
        for (position, ids) in (0_i64..).zip(ids) {
            for (column, id) in rows.ids.iter_mut().zip(ids) {
                column.push(*id);
            }
            rows.ats.push(position * 7 % 11);
            rows.amounts.push(position);
        }
        rows
    }
}
