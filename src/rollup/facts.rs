//! Classified events become a frame of compact columns, ready for group-bys.
use chrono::Datelike as _;
use polars::prelude::{Column, DataFrame, NamedFrom as _, Series};
use rustc_hash::FxHashMap;

use crate::{
    model::{
        event::{Account, Event, Word},
        instant::{Day, Instant},
        zone::{LocalHour, Zone},
    },
    rollup::{Candidate, Classified, Selection},
    schema::{Col, stage::Facts, tables::fact},
};

/// The facts of the selected events and the dictionaries behind their ids.
pub struct FactTable {
    /// The frame.
    pub facts: Facts,
    /// The accounts, by id.
    pub accounts: Vec<Account>,
    /// Workspace and app, by id.
    pub apps: Vec<(Option<Word>, Option<Word>)>,
    /// App id and feature, by id; the first stands for all events without a feature.
    pub features: Vec<(u32, Option<Word>)>,
    /// The first and last instant.
    pub period: Option<(Instant, Instant)>,
    /// How many events of an account and a feature were inferred, by their ids.
    pub inferred: FxHashMap<(u32, u32), u64>,
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

fn hour_of_week(hour: LocalHour) -> u32 {
    hour.day.date().weekday().num_days_from_monday() * 24 + u32::from(hour.hour)
}

/// Builds the frame of the events that the selection picks.
///
/// # Errors
/// When polars refuses the columns.
pub fn build(
    Classified { timeline, decisions, inferred, names }: Classified,
    zone: &Zone,
    selection: &Selection,
) -> anyhow::Result<FactTable> {
    let mut accounts = Numbered::new();
    let mut apps = Numbered::new();
    let mut features = Numbered::new();
    features.number((0, None));
    let account_of: Vec<u32> = names.tags().iter().map(|tag| accounts.number(tag.account)).collect();
    let app_of: Vec<u32> = names.threads().iter().map(|thread| apps.number((thread.workspace, thread.app))).collect();
    let mut clock = Clock { zone, minute: i64::MIN, hour: LocalHour { day: Day::from_epoch_days(0), hour: 0 } };
    let mut ids: [Vec<u32>; 9] = std::array::from_fn(|_| Vec::with_capacity(timeline.events().len()));
    let (mut ats, mut amounts) = (Vec::new(), Vec::new());
    let mut period: Option<(Instant, Instant)> = None;
    let number = |word: Option<Word>| word.map_or(0, Word::number);
    let mut counted: FxHashMap<(u32, u32), u64> = FxHashMap::default();
    let found = inferred.iter().map(|inferred| inferred.map(|inferred| inferred.feature));
    let events = timeline.events().iter().zip(decisions).zip(timeline.session_of()).zip(found);
    for (((event, decision), session), found) in events {
        let told = event.about.feature().or(found);
        if !selection.picks(Candidate { event, action: decision.action, feature: told }, names) {
            continue;
        }
        let Event { at, amount, thread, tag, .. } = *event;
        let app = app_of[thread.index()];
        let hour = clock.read(at);
        let feature = told.map_or(0, |feature| features.number((app, Some(feature))));
        if found.is_some() {
            *counted.entry((account_of[tag.index()], feature)).or_default() += 1;
        }
        let row = [
            account_of[tag.index()],
            u32::try_from(decision.action.index()).unwrap_or(0),
            number(names.thread(thread).user),
            app,
            feature,
            session.map_or(0, |session| u32::try_from(session.index() + 1).unwrap_or(u32::MAX)),
            number(names.tag(tag).model),
            hour.day.epoch_days().cast_unsigned(),
            hour_of_week(hour),
        ];
        for (column, id) in ids.iter_mut().zip(row) {
            column.push(id);
        }
        ats.push(at.nanos());
        amounts.push(amount.nanos());
        period = Some(period.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }
    let cols: [Col; 9] = [
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
    let column = |(col, ids): (Col, Vec<u32>)| Column::from(Series::new(col.name().into(), ids));
    let mut columns: Vec<Column> = cols.into_iter().zip(ids).map(column).collect();
    columns.push(Series::new(fact::AT.name().into(), ats).into());
    columns.push(Series::new(fact::AMOUNT.name().into(), amounts).into());
    let facts = Facts::new(DataFrame::new_infer_height(columns)?)?;
    Ok(FactTable {
        facts,
        accounts: accounts.values,
        apps: apps.values,
        features: features.values,
        period,
        inferred: counted,
    })
}
