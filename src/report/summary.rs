//! What a report says in sentences, for every output that people read.
use crate::{
    model::{
        account::{Basis, Meter, Unit, ZeroCause},
        action::Action,
        amount::Total,
        problem::RowCount,
        zone::Zone,
    },
    report::{
        Report, ahead, clean,
        cut::{self, Cut},
        rework, words,
    },
    rollup::{AccountRollup, Row, Subject, Tally},
};

/// From this share of unclassified use on, the verdict says that there is such a gap.
const NOTABLE_GAP: f64 = 0.05;

/// The verdict on an account, in up to three sentences: how much, how much of it was rework, where the rework was.
pub(super) fn verdict(account: &AccountRollup, report: &Report) -> Vec<String> {
    let mut said = use_and_rework(account, report);
    let outlooks = [&report.outlooks.message, &report.outlooks.integration];
    let outlook = outlooks.into_iter().find(|one| one.account.as_ref() == Some(&account.account));
    // without a plan nothing is known of a pool
    said.extend(outlook.filter(|one| one.pool.is_some()).and_then(|one| ahead::sentence(one, report.zone)));
    said
}

/// What was used, and how much of it was rework: two sentences at most.
fn use_and_rework(account: &AccountRollup, report: &Report) -> Vec<String> {
    let unit = account.account.unit;
    let whole = account.total.amount;
    let actions = cut::actions_of(account);
    let rework = rework::of(&actions);
    let mut said = vec![how_much(account, report)];
    if whole <= Total::ZERO || account.account.meter == Meter::Integration {
        return said;
    }
    let gap = gap(account).map(|gap| format!("; {gap} could not be classified")).unwrap_or_default();
    let Some(share) = rework.share else {
        said.push(format!("How much of it was rework cannot be told{gap}."));
        return said;
    };
    if rework.amount.is_zero() {
        said.push(format!("No fix or regeneration is among it{gap}."));
        return said;
    }
    let user = most_rework(account, Cut::User).map(|who| format!("most by {who}"));
    let feature = most_rework(account, Cut::Feature).map(|what| format!("most on {what}"));
    let worst = report.workspaces.iter().find(|one| one.is_of(&account.account) && one.sums.rework > Total::ZERO);
    let place = worst.map(|one| {
        let (of, took) = (clean::line(one.name()), words::amount::amount(one.sums.rework, unit));
        format!("most in the workspace {of} ({took})")
    });
    let places: Vec<String> = place.into_iter().chain(user).chain(feature).collect();
    let places = if places.is_empty() { String::new() } else { format!(", {}", words::list(&places)) };
    said.push(format!(
        "Rework (fixes and regenerations) took {} of it, {}{places}{gap}.",
        words::share(share),
        words::amount::amount(rework.amount, unit)
    ));
    said
}

/// The share of the use that has no class, where it is worth a word.
pub(super) fn gap(account: &AccountRollup) -> Option<String> {
    let unclassified = cut::actions_of(account)[Action::Unclassified.index()].amount;
    let share = unclassified.share_of(account.total.amount);
    (share >= NOTABLE_GAP).then(|| words::share(share))
}

/// Rework in a few words: `rework 41 %`, `rework unknown (98 % unclassified)`; `None` where there is nothing to build.
pub(super) fn rework_in_short(account: &AccountRollup) -> Option<String> {
    if account.account.meter == Meter::Integration || account.total.amount <= Total::ZERO {
        return None;
    }
    let share = rework::of(&cut::actions_of(account)).share;
    let said = share.map_or_else(|| "rework unknown".to_owned(), |share| format!("rework {}", words::share(share)));
    Some(match gap(account) {
        Some(gap) => format!("{said} ({gap} unclassified)"),
        None => said,
    })
}

fn how_much(account: &AccountRollup, report: &Report) -> String {
    let unit = account.account.unit;
    let amount = words::amount::amount(account.total.amount, unit);
    let worth = match cut::value(account, account.total.amount) {
        Some(value) if unit != Unit::Usd => format!(" (worth {})", words::amount::money(value)),
        _ => String::new(),
    };
    let events = all_events(account);
    let weighted = if words::is_weighted(&account.account) { " (input-token equivalents)" } else { "" };
    let mut said = format!("{amount}{weighted}{worth} used in {events}");
    if let Some(paid) = who_paid(account) {
        said = format!("{said} ({paid})");
    }
    let parts = [
        (Cut::Session, "in", "session", "sessions"),
        (Cut::User, "by", "user", "users"),
        (Cut::App, "on", "app", "apps"),
    ];
    for (cut, joined, one, many) in parts {
        let count = cut.named(account);
        if count > 0 {
            said.push_str(&[" ", joined, " ", &words::counted(count, one, many)].concat());
        }
    }
    let days = |row: &Row| (row.first, row.last);
    let span = account.by_action.iter().map(days).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    match span.map(|(first, last)| (report.zone.day(first), report.zone.day(last))) {
        Some((first, last)) if first == last => format!("{said}, on {}.", words::time::date(first)),
        Some((first, last)) => format!("{said}, from {}.", words::time::period(first, last)),
        None => format!("{said}."),
    }
}

/// Who paid, where the export tells several cases apart: `$2.24 billed, $2.57 within the plan`.
pub(super) fn who_paid(account: &AccountRollup) -> Option<String> {
    let unit = account.account.unit;
    let said = |(basis, tally): &(Basis, Tally)| {
        let what = match basis {
            Basis::Billed => "billed",
            Basis::Included => "within the plan",
            Basis::List => "at list price",
            Basis::Waived => "not charged",
        };
        format!("{} {what}", words::amount::amount(tally.amount, unit))
    };
    let told: Vec<_> = account.by_basis.iter().filter(|(_, tally)| !tally.amount.is_zero()).collect();
    (told.len() > 1).then(|| told.into_iter().map(said).collect::<Vec<_>>().join(", "))
}

/// The name with most rework and how much of its own use that is, where there is more than one to choose from.
fn most_rework(account: &AccountRollup, cut: Cut) -> Option<String> {
    let named = || cut.rows(account).iter().filter(|row| !cut.is_nameless(row));
    // of equals the first
    let most = named()
        .rev()
        .max_by_key(|row| rework::of(&row.actions).amount)
        .filter(|row| rework::of(&row.actions).amount > Total::ZERO)?;
    let amount = words::amount::amount(rework::of(&most.actions).amount, account.account.unit);
    (named().count() > 1).then(|| format!("{} ({amount})", cut.label(&most.subject)))
}

/// The days of the report: `1 Aug to 29 Oct 2026`; `None` without events.
pub(super) fn period(report: &Report) -> Option<String> {
    let (first, last) = report.rollups.period?;
    Some(words::time::period(report.zone.day(first), report.zone.day(last)))
}

/// A session by when, who and where, as far as they are known; else by its own name.
pub(super) fn session_name(row: &Row, zone: &Zone) -> String {
    let Subject { user, app, .. } = &row.subject;
    let known: Vec<&str> = user.iter().chain(app).map(String::as_str).collect();
    if known.is_empty() {
        return Cut::Session.label(&row.subject);
    }
    format!("{}, {}", words::time::short_date(zone.day(row.first)), known.join(", "))
}

/// All events of an account: `478 prompts and 3 refunds`.
pub(super) fn all_events(account: &AccountRollup) -> String {
    let used = uses(account).events;
    let others = [
        (account.refunds.events, "refund", "refunds"),
        (no_uses(account, ZeroCause::Command), "command to the program", "commands to the program"),
        (no_uses(account, ZeroCause::Unknown), "prompt whose use is unknown", "prompts whose use is unknown"),
    ];
    let others: Vec<(u64, &str, &str)> = others.into_iter().filter(|(count, ..)| *count > 0).collect();
    let used = (used > 0 || others.is_empty()).then(|| uses_in_words(account, used));
    let others = others.into_iter().map(|(count, one, many)| words::counted(count, one, many));
    words::list(&used.into_iter().chain(others).collect::<Vec<_>>())
}

/// The events of an account that are no refunds, no commands to a program and none whose use is unknown, and what all of
/// them cost.
pub(super) fn uses(account: &AccountRollup) -> Tally {
    let none = no_uses(account, ZeroCause::Command) + no_uses(account, ZeroCause::Unknown);
    Tally { events: account.total.events.saturating_sub(account.refunds.events + none), ..account.total }
}

fn no_uses(account: &AccountRollup, wanted: ZeroCause) -> u64 {
    account.zero.iter().filter(|(cause, _)| *cause == wanted).map(|(_, count)| *count).sum()
}

/// How many rows of a cut there are, in the words of the meter; where others than uses are among them, they are just events.
pub(super) fn events(account: &AccountRollup, count: u64) -> String {
    if uses(account).events < account.total.events {
        return words::counted(count, "event", "events");
    }
    uses_in_words(account, count)
}

/// How many uses, in the words of the meter.
pub(super) fn uses_in_words(account: &AccountRollup, count: u64) -> String {
    match account.account.meter {
        Meter::Message if account.buckets > 0 => words::counted(count, "row", "rows"),
        Meter::Message => words::counted(count, "prompt", "prompts"),
        Meter::Integration => words::counted(count, "event", "events"),
    }
}

/// Where the rows went: `1,247 rows = 1,237 accepted + 4 rejected + 2 header + 4 skipped`.
pub(super) fn row_equation(rows: &RowCount) -> String {
    let always = [(rows.accepted, "accepted"), (rows.rejected, "rejected")];
    let parts = [
        (rows.header, "header"),
        (rows.skipped, "skipped"),
        (rows.folded, "folded"),
        (rows.empty, "empty"),
        (rows.duplicates, "duplicates"),
    ];
    let parts = always.into_iter().chain(parts.into_iter().filter(|(count, _)| *count > 0));
    let parts: Vec<String> = parts.map(|(count, word)| format!("{} {word}", words::count(count))).collect();
    let sign = if rows.balances() { "=" } else { "≠" };
    format!("{} {sign} {}", words::counted(rows.physical, "row", "rows"), parts.join(" + "))
}

/// What an event cost on average; `None` without events.
pub(super) fn per_event(tally: Tally) -> Option<Total> {
    let events = i128::from(tally.events);
    (events > 0).then(|| Total::from_nanos(tally.amount.nanos() / events))
}

/// How the report was made, for people.
pub(super) const METHOD: [(&str, &str); 7] = [
    (
        "Classes",
        "Each event has one class. Generation asks for a thing that is not there yet; revision changes a thing that \
         is there; fix reports a failure of what was built; regeneration builds a built thing anew, reverts it, or \
         sends the same request again; other is a question, a plan or an approval; runtime is the running app. \
         Unclassified means that too little spoke for any class; no class is guessed to fill the gap.",
    ),
    (
        "Rework",
        "Fixes and regenerations. Revisions are not counted as rework: refining is how building goes. Some rework is \
         unavoidable, so its amount is not a saving.",
    ),
    (
        "Build, iterate, repair",
        "What a feature cost adds up from its making (generations), its changes (revisions), its repair (fixes and \
         regenerations) and what nothing tells (unsorted). Questions and plans count with what they are about.",
    ),
    (
        "Amounts",
        "Amounts are added exactly, in decimal. Amounts of different providers, meters and units are never added. \
         Refunds count as negative use. Tables show rounded figures; report.json and tables/*.csv hold every digit.",
    ),
    (
        "Sessions",
        "A session is what the export calls one, else consecutive work of one user on one app without a long pause.",
    ),
    ("Days and hours", "Days and hours are those of the report's time zone, summer time included."),
    (
        "Rows",
        "Every row of every file is accounted for: what is not accepted is named, counted and, where it was \
         rejected, listed with its reason in rejects.csv.",
    ),
];
