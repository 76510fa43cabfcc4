//! `report.html`: one file that needs nothing else. No address is loaded, and the only script is the one whose hash the
//! page's security policy names; what comes from data passes [`clean::html`].
//!
//! The order is that of a reader with ten minutes, one section a file: [`verdict`]; the pool and when it runs out
//! ([`pool`]); [`findings`] with their evidence; where the credits went, by user, feature and session ([`accounts`]);
//! which [`plan`] fits; the data's [`quality`] and the [`method`]. A section that has nothing to say is not there.
mod accounts;
mod books;
mod budgets;
mod chains;
mod cube;
mod cuts;
mod findings;
mod method;
mod plan;
mod policy;
mod pool;
mod quality;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod workspaces;

use std::fmt::Write as _;

use crate::report::{
    Report, Sheet,
    centers::{self, V1Charged},
    clean,
    people::{self, V1Compared},
    plain, scope, summary, words,
};

/// The headings of the people's table.
const PEOPLE: [&str; 5] = ["User", "Used", "Rework, share of classified prompts (95 %)", "Cost a feature", "Compared"];
/// The headings of the chargeback.
const CENTERS: [&str; 6] = ["Cost centre", "Account", "Used", "Share", "Lapsed unused", "Beyond the plan"];

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(include_str!("tables.js"), include_str!("filter.js"));

/// A section of the page: its anchor, its name in the page's contents, its HTML; empty where it has nothing to say.
struct Section {
    id: &'static str,
    title: &'static str,
    html: String,
}

/// The page.
///
/// # Errors
/// When the cubes cannot be written as JSON, which they can.
pub(super) fn render(report: &Report, sheets: &[Sheet]) -> anyhow::Result<String> {
    let mut style = STYLE.to_owned();
    let section = |id, title, html| Section { id, title, html };
    let sections = [
        section("verdict", "Verdict", verdict::section(report, sheets)),
        section("workspaces", "Workspaces", workspaces::section(report)),
        section("pool", "Pool", pool::section(report)),
        section("budgets", "Budgets", budgets::section(report)),
        section("findings", "Findings", findings::section(report)),
        section("accounts", "Where it went", cube::form(sheets) + &accounts::sections(report, sheets, &mut style)),
        section("scope", "Scope", scope(report)),
        section(
            "people",
            "People",
            plain::html(
                ("people", "People", people::METHOD),
                "comparison",
                PEOPLE,
                report.comparison.iter().map(V1Compared::short),
            ),
        ),
        section(
            "chargeback",
            "Chargeback",
            plain::html(
                ("chargeback", "Chargeback", centers::METHOD),
                "chargeback",
                CENTERS,
                report.chargeback.iter().map(V1Charged::short),
            ),
        ),
        section("plan", "Plan", plan::section(report)),
        section("data", "Data quality", quality::section(report)),
        section("method", "Method", method::section()),
    ];
    let mut parts = vec![head(report, &style), top(report, contents(&sections, sheets))];
    parts.push("<main id=main>\n".to_owned());
    parts.push(warnings(report));
    parts.extend(sections.into_iter().map(|section| section.html));
    parts.extend(["</main>\n".to_owned(), cube::data(report, sheets, cuts::MOST_ROWS)?, foot(report)]);
    Ok(parts.concat())
}

/// The scope, where one was given.
fn scope(report: &Report) -> String {
    let Some(scope) = &report.scope else { return String::new() };
    let remark = format!("{}. {}", scope.said(), scope::METHOD);
    plain::html(("scope", "Scope", &remark), "scope", scope::COLUMNS, scope.rows())
}

/// Anchors and names of what the page holds; the accounts stand for themselves, a single one for its tables.
fn contents(sections: &[Section], sheets: &[Sheet]) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for section in sections.iter().filter(|section| !section.html.is_empty()) {
        match (section.id, sheets) {
            ("accounts", [sheet]) => links.extend(
                accounts::tables(sheet)
                    .map(|cut| (format!("{}-{}", sheet.slug, cut.word()), accounts::title(cut).to_owned())),
            ),
            ("accounts", sheets) => {
                links.extend(sheets.iter().map(|sheet| (sheet.slug.clone(), words::account(&sheet.account.account))));
            }
            (id, _) => links.push((id.to_owned(), section.title.to_owned())),
        }
    }
    links
}

fn head(report: &Report, style: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"{}\">\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=generator content=\"creditscope {}\">\n\
         <link rel=icon href=\"data:,\">\n<title>Credit audit: {}</title>\n<style>\n{style}</style>\n</head>\n<body>\n",
        policy::of(SCRIPT),
        clean::html(report.version),
        clean::html(&report.title)
    )
}

fn top(report: &Report, links: Vec<(String, String)>) -> String {
    let period = summary::period(report).unwrap_or_else(|| "no events".to_owned());
    let mut html = format!(
        "<a class=skip href=\"#main\">To the report</a>\n<header>\n<h1>Credit audit: {}</h1>\n\
         <p class=muted>{period}, time zone {}, made for {}</p>\n<nav aria-label=Sections>\n",
        clean::html(&report.title),
        clean::html(report.zone.name()),
        words::time::moment(report.now, report.zone)
    );
    for (id, title) in links {
        let _ = writeln!(html, "<a href=\"#{id}\">{}</a>", clean::html(&title));
    }
    html.push_str("</nav>\n</header>\n");
    html
}

/// What a reader must know before the first figure.
fn warnings(report: &Report) -> String {
    let mut html = String::new();
    if report.rows.rejected > 0 {
        let rejected = words::counted(report.rows.rejected, "row was", "rows were");
        let of = words::count(report.rows.physical);
        let _ = writeln!(
            html,
            "<p class=warn>{rejected} rejected of {of}: the figures are without them. \
             <a href=\"#data\">Where and why</a>; rejects.csv holds the rows."
        );
    }
    if !report.rows.balances() {
        html.push_str("<p class=warn>The rows do not add up: please report this as a fault of the program.\n");
    }
    if report.rollups.accounts.is_empty() {
        html.push_str("<p class=warn>No event was selected: there is nothing to audit.\n");
    }
    if let Some(more @ 1..) = report.rollups.accounts.len().checked_sub(super::MOST_SHEETS) {
        let more = words::counted(more as u64, "further account is", "further accounts are");
        html.push_str(&format!("<p class=muted>{more} in report.json and in tables/*.csv only.</p>\n"));
    }
    if report.rollups.accounts.len() > 1 {
        html.push_str("<p class=muted>Providers, meters and units stand apart below; their amounts are never added.\n");
    }
    html
}

fn foot(report: &Report) -> String {
    format!(
        "<footer><p>creditscope {}, profile {}. Nothing in this file is loaded from anywhere else.</footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        clean::html(report.version),
        clean::html(report.profile)
    )
}
