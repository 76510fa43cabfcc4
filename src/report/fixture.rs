//! Made-up teams for the tests of the outputs: events are cut here in the plainest way.
use std::collections::BTreeMap;

use crate::{
    audit::{
        outlook::{MeterOutlook, Outlooks},
        reconcile::Reconciliation,
    },
    model::{
        account::{Meter, Unit, ZeroCause},
        action::Action,
        amount::{Amount, Total},
        decision::Probability,
        instant::Instant,
        price::Price,
        problem::RowCount,
        zone::Zone,
    },
    report::{FileView, ProblemView, Problems, Report, overlaps::V1Overlaps},
    rollup::{
        AccountName, AccountRollup, Rollups, Row, Step, Subject, Tally,
        cases::Cases,
        cube::Cube,
        lineage::{Part, Parts, chains::Chain},
        seams::Seams,
    },
};

/// 1 August 2026, 00:00 UTC.
const START: i64 = 1_785_542_400;
const HOUR: i64 = 3_600;

/// What a report is made of.
pub(super) struct Team {
    pub(super) rollups: Rollups,
    files: Vec<FileView>,
    zone: Zone,
    problems: Problems,
    overlaps: V1Overlaps,
    reconciliation: Reconciliation,
    outlooks: Outlooks,
}

/// One event of a made-up team.
#[derive(Clone)]
struct Use {
    seconds: i64,
    user: Option<String>,
    app: String,
    feature: Option<String>,
    session: String,
    action: Action,
    nanos: i64,
}

/// The exact amount that a text says.
pub(super) fn total(text: &str) -> Total {
    text.parse::<Amount>().unwrap().into()
}

impl Team {
    fn of(accounts: Vec<AccountRollup>) -> Self {
        let rows = |physical, rejected| RowCount {
            physical,
            header: 1,
            skipped: 2,
            accepted: physical - 3 - rejected,
            rejected,
            ..RowCount::default()
        };
        let file = |path: &str, physical, rejected| FileView {
            path: path.to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            source: "ledger".to_owned(),
            rows: rows(physical, rejected),
        };
        let problem = ProblemView {
            path: "data/messy.csv".to_owned(),
            line: 17,
            byte: Some(2034),
            column: "credits".to_owned(),
            value: "about <b>three</b>".to_owned(),
            cause: "not a decimal number: write the credits as digits, e.g. 3.5".to_owned(),
        };
        let nothing = MeterOutlook { account: None, data_end: None, silent_since: None, forecast: None, pool: None };
        let all = || accounts.iter().flat_map(|account| &account.by_day);
        let period = all().map(|row| row.first).min().zip(all().map(|row| row.last).max());
        Self {
            rollups: Rollups { accounts, period, ..Rollups::default() },
            files: vec![file("data/team.csv", 1_204, 0), file("data/messy.csv", 43, 4)],
            zone: Zone::utc(),
            overlaps: V1Overlaps::default(),
            reconciliation: Reconciliation::default(),
            problems: Problems { first: vec![problem], count: 4 },
            outlooks: Outlooks { message: nothing.clone(), integration: nothing },
        }
    }

    /// The report on it.
    pub(super) fn report(&self) -> Report<'_> {
        Report {
            title: "sample-data".to_owned(),
            version: "0.1.0",
            profile: "base44-2026-10",
            now: Instant::from_nanos((START + 92 * 24 * HOUR) * 1_000_000_000),
            zone: &self.zone,
            rollups: &self.rollups,
            files: &self.files,
            rows: self.files.iter().fold(RowCount::default(), |sum, file| sum.plus(file.rows)),
            problems: self.problems.clone(),
            unread: Vec::new(),
            notes: vec!["Times without a zone are read as UTC (--tz changes it).".to_owned()],
            overlaps: self.overlaps.clone(),
            reconciliation: &self.reconciliation,
            findings: Vec::new(),
            checks: Vec::new(),
            outlooks: &self.outlooks,
            plan_fit: None,
            budgets: &[],
            scope: None,
            workspaces: Vec::new(),
            comparison: Vec::new(),
            chargeback: Vec::new(),
            prompts: &[],
            max_rows: 10_000,
            charts: crate::report::charts::Forms::Svg,
        }
    }
}

/// A team of six on four apps for three months.
pub(super) fn typical() -> Team {
    let users =
        ["ana@acme.example", "ben@acme.example", "chidi@acme.example", "dora@acme.example", "emil@acme.example"];
    Team::of(vec![account("base44", Unit::Credits, Some("0.2"), &work(&users, 900, 90, 4))])
}

/// One event.
pub(super) fn one_row() -> Team {
    Team::of(vec![account("base44", Unit::Credits, None, &work(&["ana@acme.example"], 1, 1, 1))])
}

/// Two hundred people with names of forty letters, for two years.
pub(super) fn crowd() -> Team {
    let names: Vec<String> = (0..200).map(|n| format!("{n:03}.wilhelmina.featherstonehaugh@example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Team::of(vec![account("base44", Unit::Credits, Some("0.2"), &work(&names, 6_000, 730, 60))])
}

/// One person with more sessions than a page shows.
pub(super) fn long() -> Team {
    Team::of(vec![account("base44", Unit::Credits, None, &work(&["ana", "ben", "carl"], 20_000, 900, 3))])
}

/// Two accounts that are never added, one with large amounts.
pub(super) fn two_accounts() -> Team {
    let users = ["ana", "ben"];
    let mut tokens = work(&users, 300, 40, 3);
    for used in &mut tokens {
        used.nanos *= 43_211;
    }
    let credits = work(&users, 50, 10, 2);
    Team::of(vec![
        account("claude-code", Unit::Tokens, None, &tokens),
        account("base44", Unit::Credits, None, &credits),
    ])
}

/// Six accounts, which are never added.
pub(super) fn many_accounts() -> Team {
    let account =
        |n: usize| account(&format!("builder-{n}"), Unit::Credits, None, &work(&["ana", "ben"], 60 - n, 9, 2));
    Team::of((0..6).map(account).collect())
}

/// Refunds beyond the use, and events that cost nothing.
pub(super) fn refunded() -> Team {
    let mut uses = work(&["ana", "ben", "carl"], 60, 20, 2);
    for (index, used) in uses.iter_mut().enumerate() {
        used.nanos = [0, -used.nanos, used.nanos / 2][index % 3];
    }
    Team::of(vec![account("base44", Unit::Credits, None, &uses)])
}

/// Nothing but zeros.
pub(super) fn free() -> Team {
    let mut uses = work(&["ana", "ben"], 20, 5, 1);
    for used in &mut uses {
        used.nanos = 0;
    }
    Team::of(vec![account("base44", Unit::Credits, None, &uses)])
}

/// Names that would run, steer, or break something.
pub(super) fn hostile() -> Team {
    let users = ["<script>alert(1)</script>", "=1+1", "\u{1b}[31mred\u{7}", "a\"b'c&d", "田中さくら", "\u{202e}evil"];
    Team::of(vec![account("base44", Unit::Credits, None, &work(&users, 80, 6, 2))])
}

/// No account at all.
pub(super) fn nothing() -> Team {
    Team::of(Vec::new())
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides).unwrap()
    }
}

fn work(users: &[&str], events: usize, days: u64, apps: u64) -> Vec<Use> {
    let mut dice = Dice(7);
    let features = ["Checkout", "Login and sign-up page", "Admin dashboard", "Invoice export"];
    let mut done = Vec::new();
    while done.len() < events {
        let (n, day) = (dice.roll(users.len() as u64), dice.roll(days));
        let start = START + i64::try_from(day * 24 + 8 + dice.roll(10)).unwrap() * HOUR;
        let app = format!("App {}", dice.roll(apps) + 1);
        for prompt in 0..=dice.roll(12) {
            let action = Action::ALL[[0, 1, 1, 2, 1, 2, 2, 3, 4, 6][dice.roll(10)]];
            done.push(Use {
                seconds: start + i64::try_from(prompt).unwrap() * 240,
                user: (dice.roll(12) > 0).then(|| users[n].to_owned()),
                app: app.clone(),
                feature: (dice.roll(4) > 0).then(|| features[dice.roll(4)].to_owned()),
                session: format!("{}-{day}", users[n]),
                action,
                nanos: i64::try_from(dice.roll(40)).unwrap() * 100_000_000,
            });
        }
    }
    done.truncate(events);
    done.sort_by_key(|used| used.seconds);
    done
}

fn account(provider: &str, unit: Unit, price: Option<&str>, uses: &[Use]) -> AccountRollup {
    let text = |text: &str| Some(text.to_owned());
    let zone = Zone::utc();
    let mut by_hour = Box::new([[Total::ZERO; 24]; 7]);
    for used in uses {
        let local = zone.hour(at(used));
        let weekday = usize::try_from(local.day.weekday().num_days_from_monday()).unwrap();
        by_hour[weekday][usize::from(local.hour)] += Amount::from_nanos(used.nanos);
    }
    let by_session = ranked(uses, |used| Subject {
        app: text(&used.app),
        session: text(&used.session),
        user: used.session.rsplit_once('-').map(|(user, _)| user.to_owned()),
        ..Subject::default()
    });
    let worst = by_session[0].subject.clone();
    let is_worst = |used: &&Use| worst.session == text(&used.session) && worst.app == text(&used.app);
    let step = |used: &Use| Step {
        at: at(used),
        action: used.action,
        probability: Probability::ONE,
        amount: Amount::from_nanos(used.nanos),
    };
    let mut by_day = ranked(uses, |used| Subject { day: Some(zone.day(at(used))), ..Subject::default() });
    by_day.sort_by_key(|row| row.subject.day);
    let mut by_action = ranked(uses, |used| Subject { action: Some(used.action), ..Subject::default() });
    by_action.sort_by_key(|row| row.subject.action);
    let mut by_feature = ranked(uses, |used| match &used.feature {
        Some(feature) => Subject { app: text(&used.app), feature: text(feature), ..Subject::default() },
        None => Subject::default(),
    });
    by_feature.iter_mut().for_each(part);
    AccountRollup {
        account: AccountName { provider: provider.to_owned(), meter: Meter::Message, unit },
        total: by_action.iter().fold(Tally::default(), |sum, row| plus(sum, row.tally)),
        price: match (unit, price) {
            (Unit::Usd, _) => Some(Price::ONE),
            (_, price) => price.and_then(|price| Price::new(price.parse().unwrap(), "1".parse().unwrap())),
        },
        by_action,
        by_user: ranked(uses, |used| Subject { user: used.user.clone(), ..Subject::default() }),
        by_feature,
        by_app: ranked(uses, |used| Subject { app: text(&used.app), ..Subject::default() }),
        worst_session: uses.iter().filter(is_worst).map(step).collect(),
        cases: Cases::default(),
        chains: chains(uses),
        by_user_and_app: Vec::new(),
        by_session,
        cube: Cube::default(),
        seams: Seams::default(),
        by_day,
        by_model: ranked(uses, |_| Subject::default()),
        zero: vec![(ZeroCause::ManualEdit, 3)],
        buckets: 0,
        refunds: Tally::default(),
        by_basis: Vec::new(),
        ranges: Default::default(),
        by_hour,
    }
}

fn ranked(uses: &[Use], subject: impl Fn(&Use) -> Subject) -> Vec<Row> {
    let mut cut: BTreeMap<Subject, Vec<&Use>> = BTreeMap::new();
    for used in uses {
        cut.entry(subject(used)).or_default().push(used);
    }
    let mut rows: Vec<Row> = cut.into_iter().map(|(subject, uses)| row(subject, &uses)).collect();
    rows.sort_by_key(|row| (row.subject == Subject::default(), -row.tally.amount.nanos()));
    rows
}

fn row(subject: Subject, uses: &[&Use]) -> Row {
    let distinct = |name: fn(&Use) -> Option<&str>| {
        let mut names: Vec<_> = uses.iter().filter_map(|used| name(used)).collect();
        names.sort_unstable();
        names.dedup();
        names.len() as u64
    };
    let mut actions = [Tally::default(); Action::ALL.len()];
    for used in uses {
        let sum = &mut actions[used.action.index()];
        *sum = plus(*sum, Tally { events: 1, amount: Amount::from_nanos(used.nanos).into() });
    }
    Row {
        inferred: 0,
        parts: Parts::default(),
        subject,
        tally: actions.iter().fold(Tally::default(), |sum, tally| plus(sum, *tally)),
        actions,
        first: at(uses[0]),
        last: at(uses[uses.len() - 1]),
        sessions: distinct(|used| Some(&used.session)),
        users: distinct(|used| used.user.as_deref()),
    }
}

/// A chain for every feature, of all that was done for it.
fn chains(uses: &[Use]) -> Vec<Chain> {
    let mut cut: BTreeMap<(&str, &str), Vec<&Use>> = BTreeMap::new();
    for used in uses.iter().filter(|used| used.feature.is_some()) {
        cut.entry((&used.app, used.feature.as_deref().unwrap_or_default())).or_default().push(used);
    }
    let chain = |((app, feature), uses): ((&str, &str), Vec<&Use>)| {
        let is_repair = |used: &&&Use| used.action.is_rework();
        let sum = |is: &dyn Fn(Action) -> bool| {
            let uses = uses.iter().filter(|used| is(used.action));
            uses.fold(Tally::default(), |sum, used| {
                plus(sum, Tally { events: 1, amount: Amount::from_nanos(used.nanos).into() })
            })
        };
        let (first, last) = (uses.iter().find(is_repair)?, uses.iter().rfind(is_repair)?);
        let subject = Subject {
            app: Some(app.to_owned()),
            feature: Some(feature.to_owned()),
            session: Some(first.session.clone()),
            ..Subject::default()
        };
        Some(Chain {
            subject,
            origin: Some((at(uses[0]), Amount::from_nanos(uses[0].nanos))),
            build: sum(&|action| action == Action::Generation),
            iterate: sum(&|action| action == Action::Revision),
            repair: sum(&Action::is_rework),
            first_repair: at(first),
            last_repair: at(last),
            sessions: 1,
            users: 1,
            features: 1,
            trailing: 1,
            is_followed: feature != "Invoice export",
        })
    };
    let mut chains: Vec<Chain> = cut.into_iter().filter_map(chain).collect();
    chains.sort_by_key(|chain| (-chain.repair.amount.nanos(), chain.subject.clone()));
    chains
}

/// Talk counts as iteration here.
fn part(row: &mut Row) {
    for (action, tally) in Action::ALL.into_iter().zip(row.actions) {
        let part = match action {
            Action::Generation => Part::Build,
            Action::Revision | Action::Other => Part::Iterate,
            Action::Fix | Action::Regeneration => Part::Repair,
            Action::Runtime | Action::Unclassified => Part::Unsorted,
        };
        row.parts.add(part, tally.amount);
    }
}

fn plus(sum: Tally, tally: Tally) -> Tally {
    Tally { events: sum.events + tally.events, amount: sum.amount + tally.amount }
}

fn at(used: &Use) -> Instant {
    Instant::from_nanos(used.seconds * 1_000_000_000)
}
