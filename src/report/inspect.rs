//! What each file is: source, columns, row equation, amounts, problems. Text for people, JSON for programs.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    audit::reconcile::Reconciliation,
    ingest::{FileReport, Ingested, Skipped, identity::suggest::Suggestion},
    model::problem::RowCount,
    report::{books, clean, overlaps::V1Overlaps, words},
    rollup::{AccountName, Tally},
};

/// The answer of `inspect`.
#[derive(Debug, Serialize)]
pub struct V1Inspect {
    files: Vec<V1File>,
    totals: Vec<V1Total>,
    pool: Vec<books::V1Pool>,
    balances: Vec<books::V1Balance>,
    told: Vec<books::V1Told>,
    #[serde(flatten)]
    overlaps: V1Overlaps,
    suggestions: Vec<V1Suggestion>,
    #[serde(skip)]
    said: Vec<String>,
    skipped: Vec<V1Skipped>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct V1Skipped {
    path: String,
    cause: String,
    damaged: bool,
}

/// Names that look like one person's.
#[derive(Debug, Serialize)]
struct V1Suggestion {
    user: String,
    aliases: Vec<String>,
    reason: &'static str,
}

/// All files together, without duplicates.
#[derive(Debug, Serialize)]
struct V1Total {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    events: u64,
    amount: String,
}

#[derive(Debug, Serialize)]
struct V1File {
    path: String,
    sha256: String,
    source: &'static str,
    same_event: &'static str,
    confidence: f64,
    columns: V1Columns,
    physical_rows: u64,
    header: u64,
    skipped: u64,
    accepted: u64,
    folded: u64,
    empty: u64,
    duplicates: u64,
    rejected: u64,
    amounts: Vec<V1Amount>,
    first: Option<String>,
    last: Option<String>,
    problems: Vec<V1Problem>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct V1Columns {
    matched: Vec<V1Column>,
    unmatched: Vec<String>,
}

#[derive(Debug, Serialize)]
struct V1Column {
    name: String,
    field: &'static str,
}

#[derive(Debug, Serialize)]
struct V1Amount {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    basis: &'static str,
    name: String,
    amount: String,
}

#[derive(Debug, Serialize)]
struct V1Problem {
    line: u32,
    byte: Option<u64>,
    column: String,
    value: String,
    cause: String,
}

/// What there is to tell of.
#[derive(Clone)]
pub struct Inspected<'a> {
    /// What was read.
    pub input: &'a Ingested,
    /// The sums of all files together, without duplicates.
    pub totals: &'a [(AccountName, Tally)],
    /// Names that look like one person's.
    pub suggestions: &'a [Suggestion],
    /// The paths where nothing is.
    pub missing: &'a [Skipped],
    /// What overlapping files say otherwise of the same events, and which may hold the same.
    pub overlaps: V1Overlaps,
    /// The books against each other.
    pub books: &'a Reconciliation,
}

/// What was found, as the outputs show it.
pub fn view(inspected: Inspected) -> V1Inspect {
    let Inspected { input, totals, suggestions, missing, overlaps, books } = inspected;
    let suggestion =
        |one: &Suggestion| V1Suggestion { user: one.user.clone(), aliases: one.aliases.clone(), reason: one.reason };
    let total = |(account, tally): &(AccountName, Tally)| V1Total {
        provider: account.provider.clone(),
        meter: account.meter.word(),
        unit: account.unit.word(),
        events: tally.events,
        amount: tally.amount.to_string(),
    };
    V1Inspect {
        files: input.files.iter().map(view_of).collect(),
        totals: totals.iter().map(total).collect(),
        pool: books::pool(books),
        balances: books::balances(books),
        told: books::told(books),
        overlaps,
        said: books::sentences(books).into_iter().map(|(_, said)| said).collect(),
        suggestions: suggestions.iter().map(suggestion).collect(),
        skipped: input
            .skipped
            .iter()
            .chain(missing)
            .map(|skipped| V1Skipped {
                path: skipped.path.clone(),
                cause: skipped.cause.clone(),
                damaged: skipped.is_damaged,
            })
            .collect(),
        notes: input.notes.clone(),
    }
}

fn view_of(file: &FileReport) -> V1File {
    let RowCount { physical, header, skipped, accepted, folded, empty, duplicates, rejected } = file.rows;
    let column = |(name, field): &(String, &'static str)| V1Column { name: name.clone(), field };
    V1File {
        path: file.path.clone(),
        sha256: file.sha256.clone(),
        source: file.source.name,
        same_event: file.source.same_event,
        confidence: (file.confidence * 100.0).round() / 100.0,
        columns: V1Columns {
            matched: file.columns.matched.iter().map(column).collect(),
            unmatched: file.columns.unmatched.clone(),
        },
        physical_rows: physical,
        header,
        skipped,
        accepted,
        folded,
        empty,
        duplicates,
        rejected,
        amounts: file
            .measures
            .iter()
            .map(|sum| V1Amount {
                provider: sum.provider.clone(),
                meter: sum.meter.word(),
                unit: sum.unit.word(),
                basis: sum.basis.word(),
                name: sum.name.clone(),
                amount: sum.amount.to_string(),
            })
            .collect(),
        first: file.period.map(|(first, _)| first.to_string()),
        last: file.period.map(|(_, last)| last.to_string()),
        problems: file
            .problems
            .iter()
            .map(|rejected| V1Problem {
                line: rejected.problem.place.line,
                byte: rejected.problem.byte,
                column: rejected.problem.column.clone(),
                value: rejected.problem.value.clone(),
                cause: rejected.problem.cause.clone(),
            })
            .collect(),
        notes: file.notes.clone(),
    }
}

/// One JSON document.
///
/// # Errors
/// Never in memory.
pub fn json(view: &V1Inspect) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(view).context("writing JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// How many problems of a file are shown.
const MOST_PROBLEMS: usize = 10;

/// Text for people.
pub fn text(view: &V1Inspect) -> String {
    let mut text = String::new();
    for file in &view.files {
        text += &text_of(file);
    }
    for skipped in &view.skipped {
        let cause = clean::line(&skipped.cause);
        let cause = cause.strip_prefix("cannot be read: ").unwrap_or(&cause);
        let what = if skipped.damaged { "cannot be read" } else { "not an export, skipped" };
        text += &format!("{}\n  {what}: {cause}\n\n", clean::line(&skipped.path));
    }
    let duplicates: u64 = view.files.iter().map(|file| file.duplicates).sum();
    if view.files.len() > 1 || duplicates > 0 {
        for V1Total { provider, meter, unit, events, amount } in &view.totals {
            let events = words::counted(*events, "event", "events");
            let about = clean::line(&format!("{provider} {meter}"));
            text += &format!("together, each event once: {amount} {unit} in {events}, {about}\n");
        }
    }
    for said in view.overlaps.sentences() {
        text += &format!("overlap: {}\n", clean::line(&said));
    }
    for said in &view.said {
        text += &format!("{}\n", clean::line(said));
    }
    for V1Suggestion { user, aliases, reason } in &view.suggestions {
        let names = clean::line(&format!("{user} and {}", aliases.join(" and ")));
        text += &format!(
            "perhaps one person: {names} ({reason}); --aliases joins them, --write-aliases writes them down\n"
        );
    }
    for note in &view.notes {
        text += &format!("note: {}\n", clean::line(note));
    }
    text
}

fn text_of(file: &V1File) -> String {
    let mut text =
        format!("{}\n  source    {} ({:.0} % sure)\n", clean::line(&file.path), file.source, file.confidence * 100.0);
    if !file.columns.matched.is_empty() {
        let matched = file.columns.matched.iter().map(|column| {
            if column.name == column.field {
                column.name.clone()
            } else {
                format!("{} as {}", clean::line(&column.name), column.field)
            }
        });
        text += &format!("  columns   {}\n", matched.collect::<Vec<_>>().join(", "));
    }
    if !file.columns.unmatched.is_empty() {
        text += &format!("  kept out  {}\n", clean::line(&file.columns.unmatched.join(", ")));
    }
    text += &format!("  rows      {}\n", equation(file));
    if let (Some(first), Some(last)) = (&file.first, &file.last) {
        text += &format!("  period    {first} to {last}\n");
    }
    text += &format!("  overlap   {}\n", file.same_event);
    let amounts = file.amounts.iter().map(|sum| {
        let about = format!("{} {} {}, {}", sum.provider, sum.meter, sum.unit, sum.basis);
        (clean::line(&sum.name), sum.amount.clone(), clean::line(&about))
    });
    let amounts: Vec<_> = amounts.collect();
    let names = amounts.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let figures = amounts.iter().map(|(_, amount, _)| amount.len()).max().unwrap_or(0);
    for (index, (name, amount, about)) in amounts.iter().enumerate() {
        let head = if index == 0 { "amounts" } else { "" };
        let about =
            if index == 0 && file.duplicates > 0 { format!("{about} (duplicates included)") } else { about.clone() };
        text += &format!("  {head:<8}  {name:<names$}  {amount:>figures$}  {about}\n");
    }
    for problem in file.problems.iter().take(MOST_PROBLEMS) {
        let V1Problem { line, byte, column, value, cause } = problem;
        let byte = byte.map(|byte| format!(" (byte {byte})")).unwrap_or_default();
        let about = if column.is_empty() { String::new() } else { format!("column {column}, {value:?}: ") };
        text += &format!("  line {line}{byte}: {}\n", clean::line(&(about + cause)));
    }
    if file.problems.len() > MOST_PROBLEMS {
        text += &format!("  and {} more problems (--format json lists all)\n", file.problems.len() - MOST_PROBLEMS);
    }
    for note in &file.notes {
        text += &format!("  note      {}\n", clean::line(note));
    }
    text + "\n"
}

/// `120 = 1 header + 117 accepted + 2 rejected`; what is 0 is left out.
fn equation(file: &V1File) -> String {
    let parts = [
        (file.header, "header"),
        (file.skipped, "blank, preamble or totals"),
        (file.accepted, "accepted"),
        (file.folded, "part of other events"),
        (file.empty, "empty"),
        (file.duplicates, "duplicates"),
        (file.rejected, "rejected"),
    ];
    let shown: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    format!("{} = {}", file.physical_rows, shown.join(" + "))
}
