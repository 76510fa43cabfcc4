//! Where the credits went: for each account its charts and tables by class, user, feature, session, app, model and day.
use std::fmt::Write as _;

use crate::report::{
    Report, Sheet,
    charts::Chart,
    clean,
    cut::Cut,
    html::{chains, cuts, table::Table},
    plain::UNFILTERED,
    words,
};

/// The cuts that have a table, in the order they are shown.
const TABLES: [Cut; 7] = [Cut::Action, Cut::User, Cut::Feature, Cut::Session, Cut::App, Cut::Model, Cut::Day];

/// The sections, one an account; what their tables need of style on paper is added to that of the page.
pub(super) fn sections(report: &Report, sheets: &[Sheet], style: &mut String) -> String {
    sheets.iter().map(|sheet| section(report, sheet, sheets.len() > 1, style)).collect()
}

fn section(report: &Report, sheet: &Sheet, several: bool, style: &mut String) -> String {
    let name = clean::html(&words::account(&sheet.account.account));
    let mut html = format!("<section id=\"{}\" aria-label=\"{name}\">\n", sheet.slug);
    let _ = writeln!(html, "<h2>{}</h2>", if several { &name } else { "Where it went" });
    html.push_str("<p class=\"filtering-only muted\">The charts show everything, not the filtered part.\n");
    for chart in sheet.charts.iter().filter(|chart| home(chart).is_none()) {
        html.push_str(&figure(chart));
    }
    for cut in tables(sheet) {
        let id = format!("{}-{}", sheet.slug, cut.word());
        // filters make other tables of these; that of models stays
        let is_filtered = cut != Cut::Model;
        let _ = writeln!(html, "<h3{}>{}</h3>", if is_filtered { " class=whole" } else { "" }, title(cut));
        for chart in sheet.charts.iter().filter(|chart| home(chart) == Some(cut)) {
            html.push_str(&figure(chart));
        }
        if let Some(table) = cuts::table(cut, sheet.account, report, id) {
            if is_filtered {
                html.push_str(&table.html().replacen("<div class=table", "<div class=\"table whole\"", 1));
            } else {
                html.push_str(UNFILTERED);
                html.push_str(&table.html());
            }
            style.extend(Table::print_style(&table));
        }
        if cut == Cut::Feature {
            html.push_str(&chains::section(sheet.account, report, &sheet.slug));
        }
    }
    html.push_str("</section>\n");
    html
}

/// The cut whose table a chart stands above; `None` for what is about the account as a whole.
fn home(chart: &Chart) -> Option<Cut> {
    match chart.name {
        "users" => Some(Cut::User),
        "features" => Some(Cut::Feature),
        "sessions" | "worst-session" => Some(Cut::Session),
        "hours" => Some(Cut::Day),
        _ => None,
    }
}

/// A drawing, and the one in its place where the page is narrow.
pub(super) fn figure(chart: &Chart) -> String {
    let Chart { svg, narrow, .. } = chart;
    format!("<div class=\"chart wide\">\n{svg}</div>\n<div class=\"chart slim\">\n{narrow}</div>\n")
}

/// The cuts that the account says something of.
pub(super) fn tables(sheet: &Sheet) -> impl Iterator<Item = Cut> {
    TABLES.into_iter().filter(|cut| cut.named(sheet.account) > 0)
}

/// The heading of a cut.
pub(super) const fn title(cut: Cut) -> &'static str {
    match cut {
        Cut::Action => "Actions",
        Cut::User => "Users",
        Cut::Feature => "Features",
        Cut::App => "Apps",
        Cut::Session => "Sessions",
        Cut::Day => "Days",
        Cut::Model => "Models",
    }
}
