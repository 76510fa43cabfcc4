//! Groups become rows: ids become names, rows stand in a fixed order.
use crate::{
    model::{
        action::Action,
        amount::Total,
        event::{Thread, Word},
        instant::Day,
        names::Names,
        zone::Zone,
    },
    rollup::{
        Row, Subject, Tally,
        facts::{FactTable, NO_HOUR, OfFeature},
        groups::Groups,
    },
    timeline::{SessionId, Timeline},
};

/// Turns the ids of a fact table into what they stand for.
pub(super) struct Subjects<'a> {
    table: &'a FactTable,
    timeline: &'a Timeline,
    names: &'a Names,
    zone: &'a Zone,
}

impl<'a> Subjects<'a> {
    pub(super) fn new(table: &'a FactTable, timeline: &'a Timeline, names: &'a Names, zone: &'a Zone) -> Self {
        Self { table, timeline, names, zone }
    }

    fn text(&self, word: Option<Word>) -> Option<String> {
        self.names.text_of(word).map(str::to_owned)
    }

    fn app_label(&self, workspace: Option<Word>, app: Option<Word>) -> Option<String> {
        app.map(|app| self.names.app_label(workspace, app).to_owned())
    }

    #[expect(clippy::unused_self, reason = "one door for all subjects")]
    pub(super) fn action(&self, id: u32) -> Subject {
        Subject { action: Action::ALL.get(id as usize).copied(), ..Subject::default() }
    }

    pub(super) fn user(&self, id: u32) -> Subject {
        Subject { user: self.text(Word::from_number(id)), ..Subject::default() }
    }

    pub(super) fn model(&self, id: u32) -> Subject {
        Subject { model: self.text(Word::from_number(id)), ..Subject::default() }
    }

    #[expect(clippy::unused_self, reason = "one door for all subjects")]
    pub(super) fn day(&self, id: u32) -> Subject {
        Subject { day: Some(Day::from_epoch_days(id.cast_signed())), ..Subject::default() }
    }

    pub(super) fn app(&self, id: u32) -> Subject {
        let (workspace, app) = self.table.apps[id as usize];
        self.of_app(workspace, app)
    }

    pub(super) fn of_app(&self, workspace: Option<Word>, app: Option<Word>) -> Subject {
        Subject { workspace: self.text(workspace), app: self.app_label(workspace, app), ..Subject::default() }
    }

    /// The feature within its app; events without a feature are one subject, whatever their app.
    pub(super) fn feature(&self, id: u32) -> Subject {
        let (app, feature) = self.table.features[id as usize];
        if feature.is_none() {
            return Subject::default();
        }
        Subject { feature: self.text(feature), ..self.app(app) }
    }

    /// The session by the value of its column, else by user, app and start.
    pub(super) fn session(&self, id: u32) -> Subject {
        let Some(index) = (id as usize).checked_sub(1) else { return Subject::default() };
        let session = self.timeline.session(SessionId::from_index(index));
        let Thread { workspace, user, app, session: column } = self.names.thread(session.thread);
        let (user, app) = (self.text(user), self.app_label(workspace, app));
        let name = self.text(column).unwrap_or_else(|| {
            let start = self.zone.local(session.first).format("%Y-%m-%d %H:%M:%S").to_string();
            let parts = [user.as_deref(), app.as_deref(), Some(start.as_str())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        Subject { workspace: self.text(workspace), user, app, session: Some(name), ..Subject::default() }
    }
}

/// What the users of one account used on each app, by name.
pub(super) fn by_user_and_app(table: &FactTable, account: u32, subjects: &Subjects) -> Vec<(Subject, Tally)> {
    let of_account = table.pairs.iter().filter(|((of, ..), _)| *of == account);
    let mut pairs: Vec<(Subject, Tally)> = of_account
        .map(|((_, user, app), tally)| (Subject { user: subjects.user(*user).user, ..subjects.app(*app) }, *tally))
        .collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| (a.1.amount, a.1.events).cmp(&(b.1.amount, b.1.events))));
    pairs
}

/// The rows of one account, by subject.
pub(super) fn of(groups: &Groups, account: u32, subject: impl Fn(u32) -> Subject) -> Vec<Row> {
    of_features(groups, account, subject, |_| OfFeature::default())
}

/// The rows of one account, by subject; `of_feature` tells what is known of features alone, by account and id.
pub(super) fn of_features(
    groups: &Groups,
    account: u32,
    subject: impl Fn(u32) -> Subject,
    of_feature: impl Fn((u32, u32)) -> OfFeature,
) -> Vec<Row> {
    let of_account = groups.range((account, 0)..=(account, u32::MAX));
    let mut rows: Vec<Row> = of_account
        .map(|((_, id), group)| {
            let OfFeature { inferred, parts } = of_feature((account, *id));
            Row {
                subject: of_one_user(subject(*id), group.users),
                tally: group.tally,
                actions: group.actions,
                first: group.first,
                last: group.last,
                sessions: group.sessions,
                users: group.users,
                inferred,
                parts,
            }
        })
        .collect();
    rows.sort_by(|a, b| a.subject.cmp(&b.subject).then_with(|| a.first.cmp(&b.first)));
    rows
}

/// A session that several people shared is nobody's in particular.
fn of_one_user(subject: Subject, users: u64) -> Subject {
    if subject.session.is_some() && users > 1 { Subject { user: None, ..subject } } else { subject }
}

/// Dearest first, then by events and name; the row about nobody in particular last.
pub(super) fn dearest_first(mut rows: Vec<Row>) -> Vec<Row> {
    let nobody = Subject::default();
    rows.sort_by(|a, b| {
        let rank = |row: &Row| (row.subject == nobody, std::cmp::Reverse((row.tally.amount, row.tally.events)));
        rank(a).cmp(&rank(b)).then_with(|| a.subject.cmp(&b.subject)).then_with(|| a.first.cmp(&b.first))
    });
    rows
}

/// What the rows of a cut add up to.
pub(super) fn total(rows: &[Row]) -> Tally {
    let mut total = Tally::default();
    for row in rows {
        total.add(row.tally);
    }
    total
}

/// The dearest session of an account, by id; 0, which is no session, does not count.
pub(super) fn dearest_id(groups: &Groups, account: u32) -> Option<u32> {
    let of_account = groups.range((account, 1)..=(account, u32::MAX));
    let dearest = of_account.max_by_key(|((_, id), group)| (group.tally.amount, std::cmp::Reverse(*id)));
    dearest.map(|((_, id), _)| *id)
}

/// Amounts by weekday and hour, of what tells its hour.
pub(super) fn by_hour(groups: &Groups, account: u32) -> Box<[[Total; 24]; 7]> {
    let mut hours = Box::new([[Total::ZERO; 24]; 7]);
    for ((_, id), group) in groups.range((account, 0)..(account, NO_HOUR)) {
        let (day, hour) = (*id as usize / 24, *id as usize % 24);
        hours[day][hour] += group.tally.amount;
    }
    hours
}
