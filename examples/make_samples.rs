//! Writes the sample ledgers, one a month: `cargo run --example make_samples -- FOLDER`, or with `rustc` alone.
//! Seeded: the files have the same bytes as those committed in `sample-data/`, on every machine.
//!
//! What was asked, by whom and in which session is written by hand in `stories/`. Drawn here are days and minutes where
//! a story leaves them open, costs within the vendor's bands, and forgotten feature cells; the runs of the apps, the
//! pool and its balances are worked out. Not here: the other files of `sample-data/`, made once.
//!
//! A story file holds sessions: a line `@ DAY HH:MM USER APP` or `@ FROM-TO USER APP` (any free day of these), then a
//! line for each event, `CODE[!STATUS] [+MINUTES] FEATURE | PROMPT`, with `-` for an empty cell and `\n` for a new
//! line. [`TARIFF`] lists the codes; `refund` gives back what the event before it cost, `topup` fills the pool.
use std::{collections::BTreeSet, env, error::Error, fmt::Write as _, fs, path::Path};

const SEED: u64 = 20_260_801;
const WORKSPACE: &str = "larkspur-studio";
const HEADER: &str =
    "event_id,timestamp,workspace,user,app,session,feature,prompt,kind,meter,entry,status,credits,balance_after\n";

/// Month, its first day counted from 2026-08-01, its number of days, its stories.
const MONTHS: [(u8, i64, i64, &str); 3] = [
    (8, 0, 31, include_str!("stories/2026-08.txt")),
    (9, 31, 30, include_str!("stories/2026-09.txt")),
    (10, 61, 31, include_str!("stories/2026-10.txt")),
];

const PEOPLE: [(&str, &str); 6] = [
    ("maya", "maya.okafor@example.com"),
    ("theo", "theo.lindqvist@example.com"),
    ("priya", "priya.raman@example.com"),
    ("jonas", "jonas.weber@example.com"),
    ("lucia", "lucia.ferrer@example.com"),
    ("sam", "sam.doyle@example.com"),
];

/// Code, the builder's kind, lowest and highest cost in tenths of a credit, after the vendor's published examples.
const TARIFF: [(&str, &str, i64, i64); 12] = [
    ("b", "build", 9, 14),      // a first build
    ("g", "build", 16, 25),     // a new feature
    ("G", "build", 28, 38),     // a module of several pages
    ("s", "build", 7, 13),      // a small feature
    ("r", "build", 4, 7),       // text and style
    ("f", "build", 8, 14),      // a repair
    ("x", "build", 30, 40),     // a change of the whole app
    ("d", "discuss", 3, 3),     // a message without building
    ("p", "plan", 4, 6),        // a plan without building
    ("n", "build", 0, 0),       // a build that broke off: not charged
    ("v", "visual_edit", 0, 0), // an edit by hand
    ("a", "auto_fix", 0, 0),    // the builder's own repair
];

/// Monthly credits of the plan and the size of the top-up, in tenths.
const PLAN: [(Meter, i64); 2] = [(Meter::Message, 2_500), (Meter::Integration, 100_000)];
const TOPUP: i64 = 1_000;

/// One forgotten feature cell in this many.
const FORGOTTEN: i64 = 9;
/// The weekend of 12 and 13 September: nobody works, the jobs are paused.
const QUIET: [i64; 2] = [42, 43];

/// Runs of an app by itself, without a user.
struct Job {
    app: &'static str,
    feature: &'static str,
    kind: &'static str,
    /// Days from 2026-08-01 on which it runs at all.
    days: [i64; 2],
    /// Days of the week, Monday is 0.
    weekdays: &'static [i64],
    hours: &'static [i64],
    /// Cost of a run, in tenths.
    cost: [i64; 2],
    /// The one day on which it fails, for nothing.
    fails_on: Option<i64>,
}

const WEEK: &[i64] = &[0, 1, 2, 3, 4, 5, 6];
const JOBS: [Job; 5] = [
    Job::new("tablemint", "reminder e-mails", "automation", [10, 91], &[1, 4, 5], &[16], [180, 460]),
    Job { fails_on: Some(51), ..Job::new("fieldnote", "weekly digest", "workflow", [30, 91], &[0], &[6], [120, 225]) },
    Job::new("petalpost", "product texts", "agent", [39, 79], &[2], &[2], [240, 405]),
    // The runaway: the job no longer sees that nothing changed, until it is repaired on 23 October.
    Job::new("petalpost", "product texts", "agent", [79, 82], WEEK, &[2, 8, 14, 20], [3_810, 4_290]),
    Job::new("clubhouse", "newsletter", "automation", [68, 91], &[3], &[18], [1_980, 2_010]),
];

/// Which credits; the two are never added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meter {
    Message,
    Integration,
}

/// What an event does to the balance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Usage,
    Refund,
    Grant,
    Topup,
    Expiry,
}

/// A session as the stories tell it.
struct Story {
    /// Identifies the session for the draws, so that an edited story does not change the others.
    seed: u64,
    /// First and last day it may take place on, from 2026-08-01.
    days: [i64; 2],
    /// Second of the day; drawn where there is none.
    start: Option<i64>,
    user: &'static str,
    app: &'static str,
    lines: Vec<&'static str>,
}

/// A row of the ledger before the pool is worked out.
struct Row {
    /// Seconds from 2026-08-01T00:00:00Z.
    at: i64,
    user: &'static str,
    app: &'static str,
    session: String,
    feature: &'static str,
    prompt: String,
    kind: &'static str,
    meter: Meter,
    entry: Entry,
    status: &'static str,
    /// Tenths of a credit; a refund is negative, all else positive.
    credits: i64,
}

/// A sequence of drawn numbers (splitmix64).
struct Draws(u64);

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("name the folder to write into")?;
    let mut rows = sessions(place(stories()?))?;
    rows.extend(job_runs());
    rows.extend(grants());
    rows.sort_by_key(|row| row.at);
    for next in 1..rows.len() {
        rows[next].at = rows[next].at.max(rows[next - 1].at + 1);
    }
    write_months(&book(rows), Path::new(&folder))
}

/// Reads the sessions of all months.
fn stories() -> Result<Vec<Story>, Box<dyn Error>> {
    let mut stories: Vec<Story> = Vec::new();
    for (month, first_day, _, text) in MONTHS {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some(head) = line.strip_prefix("@ ") else {
                stories.last_mut().ok_or("a story begins with @")?.lines.push(line);
                continue;
            };
            let seed = SEED + 1_000 * u64::from(month) + u64::try_from(stories.len())?;
            stories.push(story(seed, first_day, head).ok_or_else(|| format!("unreadable session {line:?}"))?);
        }
    }
    Ok(stories)
}

/// Reads `DAY HH:MM USER APP` or `FROM-TO USER APP`.
fn story(seed: u64, first_day: i64, head: &'static str) -> Option<Story> {
    let words: Vec<&str> = head.split(' ').collect();
    let (days, start, [name, app]) = match words[..] {
        [day, time, name, app] => (day, Some(second_of_day(time)?), [name, app]),
        [days, name, app] => (days, None, [name, app]),
        _ => return None,
    };
    let (from, to) = days.split_once('-').unwrap_or((days, days));
    let day = |text: &str| text.parse::<i64>().ok().map(|day| first_day + day - 1);
    let user = PEOPLE.iter().find(|person| person.0 == name)?.1;
    let app = if app == "-" { "" } else { app };
    Some(Story { seed, days: [day(from)?, day(to)?], start, user, app, lines: Vec::new() })
}

fn second_of_day(time: &str) -> Option<i64> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60)
}

/// Gives each story its start: a person has one drawn session a day, on a day without a fixed one if there is such.
fn place(stories: Vec<Story>) -> Vec<(i64, Story)> {
    let fixed = stories.iter().filter(|story| story.start.is_some());
    let mut busy: BTreeSet<(&str, i64)> = fixed.map(|story| (story.user, story.days[0])).collect();
    let mut placed = Vec::new();
    for story in stories {
        let mut draws = Draws(story.seed);
        let [from, to] = story.days;
        let first = draws.between(from, to);
        let day = (first..=to).chain(from..first).find(|day| !busy.contains(&(story.user, *day))).unwrap_or(first);
        busy.insert((story.user, day));
        let start = story.start.unwrap_or_else(|| draws.between(7 * 3_600, 16 * 3_600));
        placed.push((day * 86_400 + start + draws.between(0, 59), story));
    }
    placed.sort_by_key(|(start, _)| *start);
    placed
}

/// The events of all sessions, which are numbered in the order of their start.
fn sessions(placed: Vec<(i64, Story)>) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for (number, (start, story)) in placed.into_iter().enumerate() {
        let session = if story.app.is_empty() { String::new() } else { format!("s-{:03}", number + 1) };
        let mut draws = Draws(story.seed ^ SEED);
        let mut at = start;
        for line in &story.lines {
            let row = event(&story, &session, line, at, rows.last(), &mut draws);
            let row = row.ok_or_else(|| format!("unreadable event {line:?}"))?;
            // A minute or a few between two prompts; now and then somebody tries the result for longer.
            let pause = if draws.between(1, 10) == 1 { draws.between(600, 1_500) } else { draws.between(70, 420) };
            at = row.at + pause;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Reads `CODE[!STATUS] [+MINUTES] FEATURE | PROMPT`.
fn event(
    story: &Story,
    session: &str,
    line: &'static str,
    mut at: i64,
    before: Option<&Row>,
    draws: &mut Draws,
) -> Option<Row> {
    let (head, prompt) = line.split_once(" | ")?;
    let (code, mut feature) = head.split_once(' ')?;
    let (code, status) = code.split_once('!').unwrap_or((code, "success"));
    if let Some((minutes, rest)) = feature.strip_prefix('+').and_then(|text| text.split_once(' ')) {
        at += minutes.parse::<i64>().ok()? * 60;
        feature = rest;
    }
    let (entry, kind, credits) = match code {
        "refund" => (Entry::Refund, "", -before?.credits),
        "topup" => (Entry::Topup, "", TOPUP),
        code => {
            let &(_, kind, low, high) = TARIFF.iter().find(|cost| cost.0 == code)?;
            (Entry::Usage, kind, draws.between(low, high))
        }
    };
    Some(Row {
        at,
        user: story.user,
        app: story.app,
        session: session.to_owned(),
        feature: if draws.between(1, FORGOTTEN) == 1 || feature == "-" { "" } else { feature },
        prompt: if prompt == "-" { String::new() } else { prompt.replace("\\n", "\n") },
        kind,
        meter: Meter::Message,
        entry,
        status: if entry == Entry::Usage { status } else { "" },
        credits,
    })
}

/// What the running apps consume.
fn job_runs() -> Vec<Row> {
    let mut rows = Vec::new();
    for (seed, job) in (1..).zip(&JOBS) {
        let mut draws = Draws(seed);
        // 2026-08-01 is a Saturday.
        let on = |day: &i64| job.weekdays.contains(&((day + 5) % 7)) && !QUIET.contains(day);
        for day in (job.days[0]..=job.days[1]).filter(on) {
            for hour in job.hours {
                let failed = job.fails_on == Some(day);
                let cost = draws.between(job.cost[0], job.cost[1]);
                rows.push(Row {
                    app: job.app,
                    feature: job.feature,
                    kind: job.kind,
                    meter: Meter::Integration,
                    status: if failed { "failed" } else { "success" },
                    credits: if failed { 0 } else { cost },
                    ..Row::blank(day * 86_400 + hour * 3_600 + draws.between(1, 50), Entry::Usage)
                });
            }
        }
    }
    rows
}

/// What the plan gives on the first of a month, and the moment before at which the rest of the old month lapses.
fn grants() -> Vec<Row> {
    let days = MONTHS.iter().map(|month| month.1);
    let months = days.flat_map(|day| PLAN.map(|(meter, credits)| (day * 86_400, meter, credits)));
    let rows = months.flat_map(|(at, meter, credits)| {
        let rest = Row { meter, ..Row::blank(at - 2, Entry::Expiry) };
        let grant = Row { meter, credits, ..Row::blank(at, Entry::Grant) };
        [rest, grant]
    });
    rows.filter(|row| row.at >= 0).collect()
}

/// Works out both balances in order: what the pool does not cover is refused, what is left at an expiry lapses.
fn book(rows: Vec<Row>) -> Vec<(Row, i64)> {
    let (mut message, mut integration) = (0, 0);
    let book_one = |mut row: Row| {
        let balance = if row.meter == Meter::Message { &mut message } else { &mut integration };
        match row.entry {
            Entry::Usage if row.credits > *balance => (row.credits, row.status) = (0, "blocked"),
            Entry::Expiry => row.credits = *balance,
            _ => (),
        }
        *balance += match row.entry {
            Entry::Grant | Entry::Topup => row.credits,
            Entry::Usage | Entry::Refund | Entry::Expiry => -row.credits,
        };
        (row, *balance)
    };
    rows.into_iter().map(book_one).collect()
}

/// Writes one file a month; events are numbered through.
fn write_months(booked: &[(Row, i64)], folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (month, first_day, n_days, _) in MONTHS {
        let mut text = HEADER.to_owned();
        for (index, (row, balance)) in booked.iter().enumerate() {
            let day = row.at.div_euclid(86_400) - first_day;
            if (0..n_days).contains(&day) {
                let date = format!("2026-{month:02}-{:02}", day + 1);
                let (id, time, cells) = (index + 1, clock(row.at.rem_euclid(86_400)), row.cells(*balance));
                writeln!(text, "ev-{id:04},{date}T{time}Z,{cells}")?;
            }
        }
        fs::write(folder.join(format!("ledger-2026-{month:02}.csv")), text)?;
    }
    Ok(())
}

fn clock(second: i64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

/// Tenths as a decimal.
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

impl Row {
    /// A row of the workspace as a whole.
    fn blank(at: i64, entry: Entry) -> Self {
        let (session, prompt) = (String::new(), String::new());
        let (user, app, feature, kind, status) = ("", "", "", "", "");
        Self { at, user, app, session, feature, prompt, kind, meter: Meter::Message, entry, status, credits: 0 }
    }

    /// The cells from the workspace on.
    fn cells(&self, balance: i64) -> String {
        let meter = if self.meter == Meter::Message { "message" } else { "integration" };
        let entry = match self.entry {
            Entry::Usage => "usage",
            Entry::Refund => "refund",
            Entry::Grant => "grant",
            Entry::Topup => "topup",
            Entry::Expiry => "expiry",
        };
        let (credits, balance) = (decimal(self.credits), decimal(balance));
        let who = [WORKSPACE, self.user, self.app, &self.session, self.feature, &quoted(&self.prompt)].join(",");
        [&who, self.kind, meter, entry, self.status, &credits, &balance].join(",")
    }
}

impl Job {
    const fn new(
        app: &'static str,
        feature: &'static str,
        kind: &'static str,
        days: [i64; 2],
        weekdays: &'static [i64],
        hours: &'static [i64],
        cost: [i64; 2],
    ) -> Self {
        Self { app, feature, kind, days, weekdays, hours, cost, fails_on: None }
    }
}

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        let high_bits = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        low + ((i64::from(high_bits) * (high - low + 1)) >> 32)
    }
}
