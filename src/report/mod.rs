//! Values become bytes: HTML, JSON, CSV tables, SVG charts, and text for a terminal.
//!
//! Nothing is computed here beyond scales, bins of a chart, and formatting; nothing is written to disk.
//! Equal input gives equal bytes.
//!
//! - [`words`]: the one place that turns amounts, shares, dates and durations into text.
//! - [`clean`]: names from data made safe for where they are shown.
//! - [`cut`]: which tables there are, what their rows are about, and the row "others".
//! - [`ahead`]: forecasts and plans in sentences.
//! - [`charts`]: one chart a file, one [`theme`].
//! - [`html`], [`xlsx`], [`json`], [`csv_tables`], [`markdown`], [`terminal`]: one output each.
pub mod ahead;
mod books;
pub mod centers;
mod chains;
pub mod charts;
pub mod clean;
pub mod compare;
pub mod csv_tables;
pub mod cut;
pub mod explain;
mod findings;
#[cfg(test)]
mod fixture;
pub mod focus;
pub mod html;
pub mod inspect;
pub mod json;
pub mod kept;
pub mod ledger;
pub mod lines;
pub mod markdown;
pub mod overlaps;
pub mod people;
mod plain;
pub mod rework;
pub mod scope;
mod summary;
pub mod terminal;
pub mod theme;
pub mod words;
pub mod workspaces;
pub mod xlsx;

use serde::{Deserialize, Serialize};

use crate::{
    audit::{budget::Spent, fit::Fit, outlook::Outlooks, reconcile::Reconciliation},
    model::{amount::Total, instant::Instant, problem::RowCount, zone::Zone},
    rollup::{AccountRollup, Rollups},
};

/// Everything that a report says. The pipeline fills it; the outputs only read it.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// What the report is about, e.g. `sample-data`.
    pub title: String,
    /// The version of the program.
    pub version: &'a str,
    /// The profile of rates and bands.
    pub profile: &'a str,
    /// The moment the report is made for.
    pub now: Instant,
    /// The zone of days and hours.
    pub zone: &'a Zone,
    /// The cuts.
    pub rollups: &'a Rollups,
    /// The files that were read, in reading order.
    pub files: &'a [FileView],
    /// Where the rows of all files went.
    pub rows: RowCount,
    /// The rows that failed, or were accepted with a remark.
    pub problems: Problems,
    /// The files that could not be read, a sentence each: what they hold is missing in every figure.
    pub unread: Vec<String>,
    /// What was decided for the user, in plain sentences, e.g. "Times without a zone are read as UTC."
    pub notes: Vec<String>,
    /// What overlapping files say otherwise of the same events, and which may hold the same.
    pub overlaps: overlaps::V1Overlaps,
    /// The books against each other.
    pub reconciliation: &'a Reconciliation,
    /// What the audit found, the gravest first.
    pub findings: Vec<json::audit::V1Finding>,
    /// What became of each rule.
    pub checks: Vec<json::findings::V1Check>,
    /// Each meter's cycle: what is left, what is expected, when it runs out.
    pub outlooks: &'a Outlooks,
    /// Which plan fits; `None` where no credits of the plans' vendor are used.
    pub plan_fit: Option<&'a Fit>,
    /// The budgets of the current cycle, in the order they are given.
    pub budgets: &'a [Spent],
    /// What is to be built, what it took and takes.
    pub scope: Option<scope::V1Scope>,
    /// Workspaces, worst first; empty where there is one.
    pub workspaces: Vec<workspaces::V1Workspace>,
    /// People's work against what it costs the others.
    pub comparison: Vec<people::V1Compared>,
    /// Who pays for what; empty where no cost centre is named.
    pub chargeback: Vec<centers::V1Charged>,
    /// The prompts that were kept.
    pub prompts: &'a [kept::Kept],
    /// At most this many rows of a cut and account in JSON; the rest becomes one exact row.
    pub max_rows: usize,
    /// In which forms charts are written.
    pub charts: charts::Forms,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// Relative to the working folder.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// What the file is, e.g. `ledger`.
    pub source: String,
    /// Where its rows went.
    pub rows: RowCount,
}

/// Rows that failed, or were accepted with a remark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first few, in reading order.
    pub first: Vec<ProblemView>,
    /// How many there are.
    pub count: u64,
}

/// One problem, located.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemView {
    /// The file, relative to the working folder.
    pub path: String,
    /// Physical line, from 1.
    pub line: u32,
    /// Where its row begins, in bytes of the file, where the format has such a place.
    pub byte: Option<u64>,
    /// The column's name; empty where the whole row is meant.
    pub column: String,
    /// The offending value, shortened.
    pub value: String,
    /// What is wrong and what to try.
    pub cause: String,
}

/// A file of the report folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to the report folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Every file of the report folder, except `rejects.csv` and `manifest.json`, ordered by path.
pub fn render(report: &Report) -> anyhow::Result<Vec<Artifact>> {
    let page = || {
        let sheets = sheets(report);
        let page = html::render(report, &sheets);
        let book = xlsx::render(report, &sheets);
        (sheets, page, book)
    };
    let (json, (tables, (sheets, page, book))) =
        rayon::join(|| json::render(report), || rayon::join(|| csv_tables::render(report), page));
    let mut files = vec![Artifact { path: "report.json".to_owned(), bytes: json?.into_bytes() }];
    files.push(Artifact { path: "report.html".to_owned(), bytes: page?.into_bytes() });
    files.push(Artifact { path: "report.xlsx".to_owned(), bytes: book? });
    files.extend(tables?);
    files.push(findings::csv(report)?);
    files.push(chains::csv(report)?);
    if let Some(scope) = &report.scope {
        files.push(plain::csv("tables/scope.csv", scope::COLUMNS, scope.rows())?);
    }
    if !report.workspaces.is_empty() {
        let rows = report.workspaces.iter().map(workspaces::V1Workspace::cells);
        files.push(plain::csv("tables/workspaces.csv", workspaces::COLUMNS, rows)?);
    }
    files.push(plain::csv(
        "tables/comparison.csv",
        people::COLUMNS,
        report.comparison.iter().map(people::V1Compared::cells),
    )?);
    files.push(plain::csv(
        "tables/chargeback.csv",
        centers::COLUMNS,
        report.chargeback.iter().map(centers::V1Charged::cells),
    )?);
    let plans = plans(report).map(|chart| (format!("charts/{}", chart.name), chart));
    let of_sheets = sheets.into_iter().flat_map(|Sheet { slug, charts, .. }| {
        charts.into_iter().map(move |chart| (format!("charts/{slug}-{}", chart.name), chart))
    });
    for (path, chart) in plans.into_iter().chain(of_sheets) {
        files.push(Artifact { path: format!("{path}.svg"), bytes: chart.svg.into_bytes() });
        files.extend(chart.png.map(|bytes| Artifact { path: format!("{path}.png"), bytes }));
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// So many accounts have tables in the page and charts; the files for machines have all.
const MOST_SHEETS: usize = 24;

/// An account with its charts.
struct Sheet<'a> {
    /// Its name in files and anchors, unlike that of every other account.
    slug: String,
    account: &'a AccountRollup,
    charts: Vec<charts::Chart>,
}

fn sheets<'a>(report: &Report<'a>) -> Vec<Sheet<'a>> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for account in report.rollups.accounts.iter().take(MOST_SHEETS) {
        let name = &account.account;
        let plain = clean::slug(&format!("{}-{}-{}", name.provider, name.meter, name.unit));
        let twins = sheets.iter().filter(|sheet| sheet.slug == plain || sheet.account.account == *name).count();
        let slug = if twins == 0 { plain } else { format!("{plain}-{}", sheets.len() + 1) };
        let charts = fan(report, account).into_iter().chain(charts::all(account, report.zone, report.charts)).collect();
        sheets.push(Sheet { slug, account, charts });
    }
    sheets
}

/// The chart of the plans, where they were compared.
fn plans(report: &Report) -> Option<charts::Chart> {
    let (fit, account) = (report.plan_fit?, report.outlooks.message.account.as_ref()?);
    charts::both((account.unit, report.zone), report.charts, |setting| ahead::plans::chart(fit, setting))
}

/// The chart of the current cycle, where the account is the one that a forecast is about.
fn fan(report: &Report, account: &AccountRollup) -> Option<charts::Chart> {
    let meters = [&report.outlooks.message, &report.outlooks.integration];
    let meter = meters.into_iter().find(|meter| meter.account.as_ref() == Some(&account.account))?;
    let forecast = meter.forecast.as_ref()?;
    let outlook = forecast.outlook.as_ref().ok()?;
    let cycle = forecast.cycle;
    let mut sum = Total::ZERO;
    let used = report.rollups.usage.get(&account.account)?.iter();
    let used = used.filter(|(at, _)| cycle.start <= *at && *at < report.now).map(|(at, used)| {
        sum += *used;
        (*at, sum)
    });
    let fan = charts::fan::Fan {
        days: cycle.days(report.zone),
        span: (cycle.start, cycle.end),
        used: used.collect(),
        path: &outlook.path,
        pool: meter.pool.as_ref(),
        title: ahead::sentence(meter, report.zone)?.trim_end_matches('.').to_owned(),
    };
    charts::both((account.account.unit, report.zone), report.charts, |setting| charts::fan::draw(&fan, setting))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Writes the reports of the made-up teams below the system's folder for temporary files, to be looked at:
    /// `cargo test --lib -- --ignored look` and then `creditscope-look/`.
    #[test]
    #[ignore = "writes files for the eye"]
    fn look() {
        let teams = [
            ("typical", fixture::typical()),
            ("one-row", fixture::one_row()),
            ("crowd", fixture::crowd()),
            ("two-accounts", fixture::two_accounts()),
            ("many-accounts", fixture::many_accounts()),
            ("refunded", fixture::refunded()),
            ("free", fixture::free()),
            ("hostile", fixture::hostile()),
            ("nothing", fixture::nothing()),
        ];
        for (name, team) in teams {
            let folder = std::env::temp_dir().join("creditscope-look").join(name);
            for Artifact { path, bytes } in render(&team.report()).unwrap() {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
    }
}
