//! The summary for a terminal: one screen of 80 columns and 40 lines, whatever the data.
use std::fmt::Write as _;

use crate::{
    audit::{budget::State, outlook::MeterOutlook},
    model::{
        account::{Basis, Unit},
        action::Action,
    },
    report::{
        Report, ahead, books, centers, chains, clean,
        cut::{self, Cut},
        findings,
        rework::{self, Rework},
        summary, words,
        words::amount::Decimals,
    },
    rollup::{AccountRollup, Tally},
};

/// How wide a screen is taken to be.
const WIDTH: usize = 80;
/// The width of the figures in a table, without the amount.
const FIGURES: usize = 27;
/// The width of the longest bar.
const BAR: usize = 18;
/// So many findings.
const FINDINGS: usize = 3;
/// So many sentences on balances, vendors' totals and the pool; the report has all.
const BOOKS: usize = 2;
/// So many rows of each table.
const TOP: usize = 4;
/// So many accounts are named; tables are shown for the first only.
const ACCOUNTS: usize = 12;

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With ANSI colours.
    Colour,
}

/// What a piece of text means.
#[derive(Clone, Copy)]
enum Tone {
    Head,
    Faint,
    Alarm,
}

impl Style {
    fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Head => "1",
            Tone::Faint => "2",
            Tone::Alarm => "1;31",
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    /// The 256-colour number nearest to the colour of a class in the charts.
    fn action(self, action: Action, text: &str) -> String {
        let number = match action {
            Action::Generation => 25,
            Action::Revision => 74,
            Action::Fix => 166,
            Action::Regeneration => 178,
            Action::Other => 36,
            Action::Runtime => 175,
            Action::Unclassified => 246,
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\u{1b}[38;5;{number}m{text}\u{1b}[0m"),
        }
    }
}

/// The summary; `folder` is where the report was written, if it was.
pub fn render(report: &Report, folder: Option<&str>, style: Style) -> String {
    let mut lines = Vec::new();
    read(&mut lines, report, style);
    for said in report.overlaps.in_short() {
        lines.extend(wrapped(&clean::line(&said)).iter().map(|line| style.paint(Tone::Alarm, line)));
    }
    for (is_alarm, said) in books::sentences(report.reconciliation).into_iter().take(BOOKS) {
        let said = wrapped(&clean::line(&said)).into_iter();
        lines.extend(said.map(|line| if is_alarm { style.paint(Tone::Alarm, &line) } else { line }));
    }
    let accounts = &report.rollups.accounts;
    lines.push(String::new());
    match accounts.as_slice() {
        [] => lines.push("No event was selected: there is nothing to audit.".to_owned()),
        [one] => {
            lines.push(style.paint(Tone::Head, &clean::line(&words::account(&one.account))));
            lines.push(fitting(String::new(), figures(one)));
        }
        several => {
            let line = |account| fitting(clean::cut(&account_name(account), WIDTH / 2) + ": ", figures(account));
            lines.extend(several.iter().take(ACCOUNTS).map(line));
        }
    }
    if let Some(more @ 1..) = accounts.len().checked_sub(ACCOUNTS) {
        lines.push(format!("and {}", words::counted(more as u64, "further account", "further accounts")));
    }
    lines.extend(ahead(report).iter().flat_map(|said| wrapped(said)));
    if let Some(account) = accounts.first() {
        lines.push(String::new());
        if accounts.len() > 1 {
            let others = words::counted(accounts.len() as u64 - 1, "other account", "other accounts");
            let head = clean::cut(&format!("{}; the report has {others}, too", account_name(account)), WIDTH);
            lines.push(style.paint(Tone::Head, &head));
        }
        actions(&mut lines, account, style);
        let repairs = repairs(account, report);
        let is_crowded = accounts.len() > 1 || !report.overlaps.is_empty();
        let most = if is_crowded { TOP - 1 } else { TOP };
        for (cut, title) in [(Cut::User, "Users"), (Cut::Feature, "Features"), (Cut::Session, "Sessions")] {
            // the line on repairs takes the place of a session
            let most = most - usize::from(cut == Cut::Session && repairs.is_some());
            table(&mut lines, report, cut, most, title, style);
        }
        lines.extend(repairs);
    }
    found(&mut lines, report, style);
    let now = words::time::moment(report.now, report.zone);
    lines.push(String::new());
    lines.push(format!("Made for {now}, {}", report.zone.name()));
    if let Some(folder) = folder {
        lines.push(format!("Report: {}", clean::line(&format!("{folder}/report.html"))));
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// How the pieces of work that needed repair ended, in one line.
fn repairs(account: &AccountRollup, report: &Report) -> Option<String> {
    chains::sentence(account, report.now).map(|said| clean::cut(&clean::line(&said), WIDTH))
}

/// The gravest findings: what, whom it is about, and what could be saved.
fn found(lines: &mut Vec<String>, report: &Report, style: Style) {
    let all = &report.findings;
    if all.is_empty() {
        return;
    }
    lines.push(String::new());
    let count = words::counted(all.len() as u64, "finding", "findings");
    let together = match findings::together(report).join("; ") {
        said if said.is_empty() => said,
        said => format!("; could be saved in all: {said}"),
    };
    lines.push(style.paint(Tone::Head, &clean::cut(&clean::line(&(count + &together)), WIDTH)));
    for finding in all.iter().take(FINDINGS) {
        lines.push(format!("  {}", clean::cut(&format!("{}: {}", finding.severity, finding.title), WIDTH - 2)));
        let saving = findings::saving(finding).map(|saving| format!("; could be saved: {saving}")).unwrap_or_default();
        let about = clean::line(&(findings::about(finding, report) + &saving));
        lines.extend(within(&about, WIDTH - 6).iter().map(|line| format!("      {}", style.paint(Tone::Faint, line))));
    }
}

/// What was read, and what was not.
fn read(lines: &mut Vec<String>, report: &Report, style: Style) {
    let files = words::counted(report.files.len() as u64, "file", "files");
    let period = summary::period(report).unwrap_or_else(|| "no events".to_owned());
    let what = format!("{}: {files}, {period} ({})", report.title, report.zone.name());
    lines.push(style.paint(Tone::Head, &clean::cut(&what, WIDTH)));
    for said in &report.unread {
        lines.extend(
            wrapped(&clean::line(&format!("NOT READ: {said}"))).iter().map(|line| style.paint(Tone::Alarm, line)),
        );
    }
    lines.extend(wrapped(&summary::row_equation(&report.rows)));
    if report.rows.rejected > 0 {
        let rejected = words::counted(report.rows.rejected, "row was", "rows were");
        lines.push(
            style.paint(Tone::Alarm, &format!("{rejected} rejected: the figures are without them, see rejects.csv")),
        );
        if let Some(first) = report.problems.first.first() {
            let byte = first.byte.map(|byte| format!(" (byte {byte})")).unwrap_or_default();
            let place = format!("{}:{}{byte} {} {:?}: ", first.path, first.line, first.column, first.value);
            let said = clean::cut(&(place + &first.cause), WIDTH - 2);
            lines.push(format!("  {}", style.paint(Tone::Faint, &said)));
        }
    }
}

/// The pool, the plan and budgets that are nearly used up, a sentence each.
fn ahead(report: &Report) -> Vec<String> {
    let meters = [&report.outlooks.message, &report.outlooks.integration];
    let named = |meter: &MeterOutlook| {
        let said = ahead::sentence(meter, report.zone)?;
        Some(clean::line(&format!("{}: {said}", words::account(meter.account.as_ref()?))))
    };
    let mut said: Vec<String> = meters.into_iter().filter_map(named).collect();
    said.extend(report.plan_fit.map(|fit| format!("Plan: {}", ahead::plans::in_short(fit))));
    let near = report.budgets.iter().filter(|spent| spent.state >= State::Near).take(2);
    said.extend(near.map(|spent| clean::line(&ahead::budget(spent, report.zone))));
    said.extend(centers::in_short(&report.chargeback).map(|said| clean::line(&said)));
    said.extend(report.scope.as_ref().map(|scope| clean::line(&format!("Scope: {}", scope.said()))));
    if !said.is_empty() {
        said.insert(0, String::new());
    }
    said
}

pub(super) fn wrapped(text: &str) -> Vec<String> {
    within(text, WIDTH)
}

/// A text in lines of at most so many columns, cut between words.
fn within(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if clean::columns(line) + 1 + clean::columns(word) <= width => {
                let _ = write!(line, " {word}");
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn account_name(account: &AccountRollup) -> String {
    clean::line(&words::account(&account.account))
}

/// As many figures as a line holds, the first ones in any case.
fn fitting(mut line: String, figures: Vec<String>) -> String {
    for (index, figure) in figures.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        if index > 0 && clean::columns(&line) + comma.len() + clean::columns(&figure) > WIDTH {
            break;
        }
        line.push_str(comma);
        line.push_str(&figure);
    }
    line
}

/// What is known of an account, the weightiest first.
fn figures(account: &AccountRollup) -> Vec<String> {
    let unit = account.account.unit;
    let whole = account.total.amount;
    let mut figures = vec![words::amount::amount(whole, unit)];
    if let Some(value) = cut::value(account, whole).filter(|_| unit != Unit::Usd) {
        figures.push(words::amount::money(value));
    }
    let billed =
        account.by_basis.iter().find(|(basis, _)| *basis == Basis::Billed).filter(|_| account.by_basis.len() > 1);
    figures.extend(billed.map(|(_, tally)| format!("{} billed", words::amount::amount(tally.amount, unit))));
    figures.extend(summary::rework_in_short(account));
    figures.push(summary::all_events(account));
    let sessions = Cut::Session.named(account);
    if sessions > 0 {
        figures.push(words::counted(sessions, "session", "sessions"));
    }
    figures
}

/// The classes, each with a bar.
fn actions(lines: &mut Vec<String>, account: &AccountRollup, style: Style) {
    let rows = &account.by_action;
    let decimals = Decimals::of(account.account.unit, rows.iter().map(|row| row.tally.amount));
    let amounts: Vec<String> = rows.iter().map(|row| words::amount::cell(row.tally.amount, decimals)).collect();
    let widest = amounts.iter().map(String::len).max().unwrap_or(0);
    let most = rows.iter().map(|row| row.tally.amount).max().unwrap_or_default();
    let range = |action: Action| words::range(account.ranges[action.index()], account.total.amount);
    let has_ranges = rows.iter().filter_map(|row| row.subject.action).any(|action| !range(action).is_empty());
    for (row, amount) in rows.iter().zip(amounts) {
        let Some(action) = row.subject.action else { continue };
        let bar = style.action(action, &bar(row.tally.amount.share_of(most)));
        let share = words::part(row.tally.amount, account.total.amount);
        let range = if has_ranges { format!("{:<23}", range(action)) } else { String::new() };
        lines.push(format!("  {action:<14}{amount:>widest$} {share:>8}  {range}{bar}").trim_end().to_owned());
    }
    if has_ranges {
        let said = "likely: the share once wrong and missing labels are reckoned with, and its 95 % range";
        let said = [vec![said.to_owned()], leanings(account)].concat().join("; ");
        lines.extend(within(&said, WIDTH - 2).iter().map(|line| format!("  {}", style.paint(Tone::Faint, line))));
    }
}

/// The classes whose total lies outside its likely range: `counted too often: fix and other`.
fn leanings(account: &AccountRollup) -> Vec<String> {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    for row in &account.by_action {
        let Some(action) = row.subject.action else { continue };
        let leaning = words::leaning(account.ranges[action.index()], row.tally.amount);
        match all.iter_mut().find(|(said, _)| *said == leaning) {
            _ if leaning.is_empty() => {}
            Some((_, actions)) => actions.push(action.to_string()),
            None => all.push((leaning, vec![action.to_string()])),
        }
    }
    all.into_iter().map(|(leaning, actions)| format!("{leaning}: {}", words::list(&actions))).collect()
}

/// A bar in eighths of a column.
fn bar(share: f64) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (1..=BAR * 8).rev().find(|eighths| {
        let end = u32::try_from(*eighths).map_or(0.0, f64::from) / 8.0;
        end <= share * u32::try_from(BAR).map_or(0.0, f64::from) + 0.062_5
    });
    let eighths = eighths.unwrap_or(0);
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

/// The first rows of a cut of the first account, and the sum of the rest.
fn table(lines: &mut Vec<String>, report: &Report, cut: Cut, most: usize, title: &str, style: Style) {
    let Some(account) = report.rollups.accounts.first().filter(|account| cut.named(account) > 0) else { return };
    let unit = account.account.unit;
    let shown = cut.shown(account, most);
    let mut rows: Vec<(String, Tally, Rework)> = Vec::new();
    for row in shown.rows {
        let name = if cut == Cut::Session { summary::session_name(row, report.zone) } else { cut.name(row) };
        rows.push((name, row.tally, rework::of(&row.actions)));
    }
    if let Some(others) = shown.others {
        let name = words::counted(others.rows, "other", "others");
        rows.push((name, others.tally, rework::of(&others.actions)));
    }
    let decimals = Decimals::of(unit, rows.iter().map(|(_, tally, _)| tally.amount));
    let amounts: Vec<String> = rows.iter().map(|(_, tally, _)| words::amount::cell(tally.amount, decimals)).collect();
    let unit = words::unit(unit);
    let figures = amounts.iter().map(String::len).max().unwrap_or(0).max(unit.len()) + 2;
    let room = WIDTH - figures - FIGURES;
    let events = summary::events(account, 0);
    let events = events.trim_start_matches("0 ");
    lines.push(String::new());
    let all = cut.named(account);
    let title =
        if all > most as u64 { format!("{title}, the dearest of {}", words::count(all)) } else { title.to_owned() };
    lines.push(
        style.paint(Tone::Head, &format!("{title:room$}{unit:>figures$}{:>8}{events:>10}{:>9}", "share", "rework")),
    );
    for ((name, tally, rework), amount) in rows.into_iter().zip(amounts) {
        let name = clean::fit(&name, room - 2);
        let (share, rework) = (words::part(tally.amount, account.total.amount), words::known_share(rework.share));
        lines.push(format!("  {name}{amount:>figures$}{share:>8}{:>10}{rework:>9}", words::count(tally.events)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{self, Team};

    #[track_caller]
    fn check(team: &Team) -> String {
        let text = render(&team.report(), Some("audit-report"), Style::Plain);
        assert!(text.lines().count() <= 40, "{} lines\n{text}", text.lines().count());
        for line in text.lines() {
            assert!(clean::columns(line) <= WIDTH, "{} columns: {line}", clean::columns(line));
            assert!(!line.contains(char::is_control), "{line:?}");
        }
        text
    }

    #[test]
    fn a_team_fits_one_screen() {
        insta::assert_snapshot!(check(&fixture::typical()));
    }

    #[test]
    fn one_event_fits_one_screen() {
        insta::assert_snapshot!(check(&fixture::one_row()));
    }

    #[test]
    fn long_wide_and_hostile_names_stay_in_their_columns() {
        insta::assert_snapshot!([fixture::crowd(), fixture::hostile()].iter().map(check).collect::<String>());
    }

    #[test]
    fn refunds_zeros_nothing_and_several_accounts_fit() {
        let teams = [fixture::refunded(), fixture::free(), fixture::nothing(), fixture::many_accounts()];
        insta::assert_snapshot!(teams.iter().map(check).collect::<String>());
    }

    #[test]
    fn colours_only_when_told() {
        let text = render(&fixture::typical().report(), None, Style::Colour);
        assert!(text.contains("\u{1b}[1;31m4 rows were rejected"));
    }
}
