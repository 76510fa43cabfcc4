//! A comparison of two inputs or periods, as text and as JSON. It says what went with a change, never what caused it.
use std::fmt::Write as _;

use serde::Serialize;

use crate::{
    audit::{
        compare::{Comparison, EFFECTS, LEAST_DAYS, Mover, Side},
        habits::Habit,
    },
    model::{account::Unit, amount::Total},
    report::{clean, json::share, words},
};

/// So many users, features and apps are named in text, of each kind.
const TOP: usize = 5;
/// So many are named in JSON for each account.
const MOST: usize = 1_000;

/// Two inputs or periods, compared.
#[derive(Debug)]
pub struct Compared {
    /// What each side is: a path, or days.
    pub titles: [String; 2],
    /// The comparison of each account.
    pub accounts: Vec<Comparison>,
    /// What became of what the rules found before.
    pub habits: Vec<Habit>,
    /// What is missing on a side, in sentences.
    pub unread: Vec<String>,
}

/// The comparison as text.
pub fn text(compared: &Compared) -> String {
    let Compared { titles, accounts, habits, unread } = compared;
    let mut text = String::new();
    for said in unread {
        let _ = writeln!(text, "{}", clean::line(said));
    }
    for account in accounts {
        let unit = account.account.unit;
        let [before, after] = account.sides;
        let name = clean::line(&words::capital(&words::account(&account.account)));
        let amounts = [before, after].map(|side| words::amount::amount(side.total.amount, unit));
        let difference = signed(after.total.amount - before.total.amount, unit);
        let _ = writeln!(text, "{name}: {} → {} ({difference})\n", amounts[0], amounts[1]);
        for ((word, title), side) in ["before", "after"].into_iter().zip(titles).zip(account.sides) {
            let _ = writeln!(text, "  {word:<7} {}: {}", clean::line(title), said(side, unit));
        }
        let _ = writeln!(text, "\n  What went with the change; the four add up to it exactly:");
        for (at, effect) in EFFECTS.into_iter().enumerate() {
            let interval = account.intervals.map(|intervals| intervals[at]).filter(|(low, high)| low != high);
            let range = interval.map_or_else(String::new, |(low, high)| {
                let chance = if low <= Total::ZERO && high >= Total::ZERO { ", may be chance" } else { "" };
                format!("95 %: {} to {}{chance}", signed(low, unit), signed(high, unit))
            });
            let amount = signed(account.effects[at], unit);
            let _ =
                writeln!(text, "{}", format!("  {effect:<7} {amount:>14}  {:<42} {range}", meaning(effect)).trim_end());
        }
        if account.intervals.is_none() {
            let _ = writeln!(text, "  No intervals: they need {LEAST_DAYS} days with use on each side.");
        }
        if before.span != after.span {
            let each = [before, after].map(|side| {
                let each = per(side.total.amount, side.span).map(|each| words::amount::amount(each, unit));
                each.unwrap_or_default()
            });
            let _ = writeln!(
                text,
                "  The sides are {} and {} long, which is part of the volume; a day: {} → {}.",
                words::counted(before.span, "day", "days"),
                words::counted(after.span, "day", "days"),
                each[0],
                each[1]
            );
        }
        if before.buckets + after.buckets > 0 {
            let _ = writeln!(text, "  Some rows are totals of a day or a bucket: each counts as one use.");
        }
        for cut in ["user", "feature", "app"] {
            movers(&mut text, account, cut);
        }
        let mine = habits.iter().filter(|habit| habit.account == account.account);
        for (number, habit) in mine.enumerate() {
            text.push_str(if number == 0 {
                "\n  What became of earlier findings, by their share of the use:\n"
            } else {
                ""
            });
            let [before, after] = habit.sides.map(|side| {
                format!("{} ({})", words::counted(side.findings, "finding", "findings"), words::share(side.part))
            });
            let _ = writeln!(text, "  {:<24} {before} → {after}: {}", habit.id, habit.outcome.word());
        }
        text.push('\n');
    }
    text.push_str("These figures describe both sides; they do not prove why they differ.\n");
    text
}

fn movers(text: &mut String, account: &Comparison, cut: &str) {
    let moved = account.movers.iter().filter(|mover| mover.cut == cut && mover.word() != "same");
    let moved: Vec<&Mover> = moved.collect();
    if moved.is_empty() || moved.iter().all(|mover| mover.name.is_none()) {
        return;
    }
    let of = |mover: &&Mover| {
        let name = mover.name.as_deref().map_or_else(|| format!("no {cut}"), clean::line);
        let change = signed(mover.change(), account.account.unit);
        match mover.word() {
            word @ ("new" | "gone") => format!("{name} {change} ({word})"),
            _ => format!("{name} {change}"),
        }
    };
    let named: Vec<String> = moved.iter().take(TOP).map(of).collect();
    let more = match moved.len().saturating_sub(TOP) {
        0 => String::new(),
        n => format!("; and {}", words::counted(n as u64, "other", "others")),
    };
    let _ = writeln!(text, "\n  {}s: {}{more}", words::capital(cut), named.join("; "));
}

fn said(side: Side, unit: Unit) -> String {
    let uses = words::counted(side.total.events, "use", "uses");
    let days = match side.span {
        span if span > side.days as u64 => format!("{} of {span} days", side.days),
        _ => words::counted(side.days as u64, "day with use", "days with use"),
    };
    let each =
        per(side.total.amount, side.total.events).map(|each| format!(", {} each", words::amount::amount(each, unit)));
    let rework = rework_share(side).map(|share| format!(", {} rework", words::share(share)));
    format!("{uses} on {days}{}{}", each.unwrap_or_default(), rework.unwrap_or_default())
}

fn meaning(effect: &str) -> &'static str {
    match effect {
        "volume" => "more or fewer uses, at the former mean",
        "rework" => "another part of them was rework",
        "mix" => "other classes, apps and models",
        _ => "the same kind of work cost more or less",
    }
}

fn signed(amount: Total, unit: Unit) -> String {
    let plus = if amount > Total::ZERO { "+" } else { "" };
    format!("{plus}{}", words::amount::amount(amount, unit))
}

/// A mean, rounded half away from zero; `None` of nothing.
fn per(amount: Total, n: u64) -> Option<Total> {
    let (nanos, n) = (amount.nanos(), i128::from(n));
    (n > 0).then(|| Total::from_nanos((nanos + nanos.signum() * (n / 2)) / n))
}

fn rework_share(side: Side) -> Option<f64> {
    let (whole, rework) = (side.total.amount, side.rework.amount);
    let is_inside = side.is_classified && whole > Total::ZERO && rework >= Total::ZERO && rework <= whole;
    is_inside.then(|| rework.share_of(whole))
}

#[derive(Serialize)]
struct V1Comparison {
    schema: &'static str,
    before: String,
    after: String,
    unread: Vec<String>,
    accounts: Vec<V1Account>,
}

#[derive(Serialize)]
struct V1Account {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    before: V1Side,
    after: V1Side,
    difference: String,
    effects: Vec<V1Effect>,
    intervals_refused: Option<String>,
    movers: Vec<V1Mover>,
    more_movers: u64,
    habits: Vec<V1Habit>,
}

/// What became of what a rule found before: `worked`, `partly`, `no effect` or `not enough data`.
#[derive(Serialize)]
struct V1Habit {
    id: &'static str,
    outcome: &'static str,
    before: V1Share,
    after: V1Share,
}

#[derive(Serialize)]
struct V1Share {
    findings: u64,
    amount: String,
    share: f64,
}

#[derive(Serialize)]
struct V1Side {
    events: u64,
    amount: String,
    days: usize,
    calendar_days: u64,
    per_event: Option<String>,
    per_day: Option<String>,
    rework: String,
    rework_share: Option<f64>,
    totals_of_days: u64,
}

#[derive(Serialize)]
struct V1Effect {
    effect: &'static str,
    amount: String,
    low: Option<String>,
    high: Option<String>,
}

#[derive(Serialize)]
struct V1Mover {
    cut: &'static str,
    name: Option<String>,
    state: &'static str,
    before: Option<String>,
    after: Option<String>,
    change: String,
}

impl From<Side> for V1Side {
    fn from(side: Side) -> Self {
        Self {
            events: side.total.events,
            amount: side.total.amount.to_string(),
            days: side.days,
            calendar_days: side.span,
            per_event: per(side.total.amount, side.total.events).map(|each| each.to_string()),
            per_day: per(side.total.amount, side.span).map(|each| each.to_string()),
            rework: side.rework.amount.to_string(),
            rework_share: rework_share(side).map(share),
            totals_of_days: side.buckets,
        }
    }
}

impl From<&Mover> for V1Mover {
    fn from(mover: &Mover) -> Self {
        let [before, after] = mover.sides.map(|side| side.map(|side| side.amount.to_string()));
        let (cut, name, state) = (mover.cut, mover.name.clone(), mover.word());
        Self { cut, name, state, before, after, change: mover.change().to_string() }
    }
}

impl From<&Habit> for V1Habit {
    fn from(habit: &Habit) -> Self {
        let [before, after] = habit.sides.map(|side| V1Share {
            findings: side.findings,
            amount: side.amount.to_string(),
            share: share(side.part),
        });
        Self { id: habit.id, outcome: habit.outcome.word(), before, after }
    }
}

impl V1Account {
    fn new(of: &Comparison, habits: &[Habit]) -> Self {
        let effect = |at: usize| {
            let interval = of.intervals.map(|intervals| intervals[at]).filter(|(low, high)| low != high);
            V1Effect {
                effect: EFFECTS[at],
                amount: of.effects[at].to_string(),
                low: interval.map(|(low, _)| low.to_string()),
                high: interval.map(|(_, high)| high.to_string()),
            }
        };
        let refused = format!("intervals need {LEAST_DAYS} days with use on each side");
        Self {
            provider: of.account.provider.clone(),
            meter: of.account.meter.word(),
            unit: of.account.unit.word(),
            before: of.sides[0].into(),
            after: of.sides[1].into(),
            difference: (of.sides[1].total.amount - of.sides[0].total.amount).to_string(),
            effects: (0..EFFECTS.len()).map(effect).collect(),
            intervals_refused: of.intervals.is_none().then_some(refused),
            movers: of.movers.iter().take(MOST).map(V1Mover::from).collect(),
            more_movers: of.movers.len().saturating_sub(MOST) as u64,
            habits: habits.iter().filter(|habit| habit.account == of.account).map(V1Habit::from).collect(),
        }
    }
}

/// The comparison as JSON, schema `creditscope.compare/v1`.
///
/// # Errors
/// Never in memory.
pub fn json(compared: &Compared) -> anyhow::Result<String> {
    let [before, after] = compared.titles.clone();
    let view = V1Comparison {
        schema: "creditscope.compare/v1",
        before,
        after,
        unread: compared.unread.clone(),
        accounts: compared.accounts.iter().map(|account| V1Account::new(account, &compared.habits)).collect(),
    };
    Ok(serde_json::to_string_pretty(&view)? + "\n")
}
