//! `report.html`: one file that needs nothing else. No address is loaded, and the only script is the one whose hash the
//! page's security policy names; what comes from data passes [`clean::html`].
mod cuts;
mod policy;
mod quality;
mod table;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::{
    model::{
        account::{Meter, Unit},
        action::Action,
        amount::Total,
    },
    report::{
        Report, Sheet, clean,
        cut::{self, Cut},
        rework, summary, words,
    },
};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("sort.js");
/// The cuts that have a table, in the order they are shown.
const TABLES: [Cut; 7] = [Cut::Action, Cut::User, Cut::Feature, Cut::Session, Cut::App, Cut::Model, Cut::Day];

/// The page.
pub(super) fn render(report: &Report, sheets: &[Sheet]) -> String {
    let mut style = STYLE.to_owned();
    let accounts: String = sheets.iter().map(|sheet| account(report, sheet, sheets.len() > 1, &mut style)).collect();
    let parts = [
        head(report, &style),
        top(report, sheets),
        "<main id=main>\n".to_owned(),
        warnings(report),
        accounts,
        quality::section(report),
        method(),
        "</main>\n".to_owned(),
        foot(report),
    ];
    parts.concat()
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

fn top(report: &Report, sheets: &[Sheet]) -> String {
    let period = summary::period(report).unwrap_or_else(|| "no events".to_owned());
    let mut html = format!(
        "<a class=skip href=\"#main\">To the report</a>\n<header>\n<h1>Credit audit: {}</h1>\n\
         <p class=muted>{period}, time zone {}, made for {}</p>\n<nav aria-label=Sections>\n",
        clean::html(&report.title),
        clean::html(report.zone.name()),
        words::time::moment(report.now, report.zone)
    );
    for sheet in sheets {
        let name = words::account(&sheet.account.account);
        if sheets.len() > 1 {
            let _ = writeln!(html, "<a href=\"#{}\">{}</a>", sheet.slug, clean::html(&name));
        }
        let tables = TABLES.into_iter().filter(|cut| sheets.len() == 1 && cut.named(sheet.account) > 0);
        for cut in tables {
            let _ = writeln!(html, "<a href=\"#{}-{}\">{}</a>", sheet.slug, cut.word(), title(cut));
        }
    }
    html.push_str("<a href=\"#data\">Data quality</a>\n<a href=\"#method\">Method</a>\n</nav>\n</header>\n");
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

/// The section of an account; what its tables need of style is added to that of the page.
fn account(report: &Report, sheet: &Sheet, several: bool, style: &mut String) -> String {
    let name = clean::html(&words::account(&sheet.account.account));
    let mut html = format!("<section id=\"{}\" aria-label=\"{name}\">\n", sheet.slug);
    let _ = writeln!(html, "<h2>{}</h2>", if several { &name } else { "Verdict" });
    if !several {
        let _ = writeln!(html, "<p class=muted>{name}");
    }
    let verdict = summary::verdict(sheet.account, report).join(" ");
    let _ = writeln!(html, "<p class=verdict>{}", clean::html(&verdict));
    html.push_str(&figures(sheet));
    for chart in &sheet.charts {
        let title = clean::html(&chart.title);
        let svg = &chart.svg;
        let _ = writeln!(
            html,
            "<p class=narrow aria-hidden=true>{title}</p>\n\
             <div class=chart tabindex=0 role=region aria-label=\"{title}\">\n{svg}</div>"
        );
    }
    for cut in TABLES {
        let id = format!("{}-{}", sheet.slug, cut.word());
        if let Some(table) = cuts::table(cut, sheet.account, report, id) {
            let _ = writeln!(html, "<h3>{}</h3>", title(cut));
            html.push_str(&table.html());
            style.extend(table.print_style());
        }
    }
    html.push_str("</section>\n");
    html
}

const fn title(cut: Cut) -> &'static str {
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

fn figures(sheet: &Sheet) -> String {
    let account = sheet.account;
    let unit = account.account.unit;
    let sums = cut::actions_of(account);
    let (whole, rework) = (account.total.amount, rework::of(&sums));
    let share = |part: Total| words::part(part, whole);
    let amount = |amount: Total| words::amount::bare(amount, unit);
    let mut figures = vec![(words::unit_head(unit), amount(whole), String::new())];
    if let Some(value) = cut::value(account, whole).filter(|_| unit != Unit::Usd) {
        figures.push(("Value", words::amount::money(value), String::new()));
    }
    match rework.share {
        _ if account.account.meter == Meter::Integration => {}
        Some(share) => figures.push(("Rework", words::share(share), words::amount::amount(rework.amount, unit))),
        None => figures.push(("Rework", "unknown".to_owned(), String::new())),
    }
    let unclassified = sums[Action::Unclassified.index()];
    if unclassified.events > 0 {
        let amount = words::amount::amount(unclassified.amount, unit);
        figures.push(("Unclassified", share(unclassified.amount), amount));
    }
    let each = summary::per_event(account.total).map_or_else(String::new, |each| format!("{} each", amount(each)));
    let events = summary::events(account, account.total.events);
    let (count, noun) = events.split_once(' ').unwrap_or((&events, "events"));
    figures.push((noun, count.to_owned(), each));
    for (cut, noun) in
        [(Cut::User, "users"), (Cut::App, "apps"), (Cut::Feature, "features"), (Cut::Session, "sessions")]
    {
        figures.push((noun, words::count(cut.named(account)), String::new()));
    }
    let mut html = "<dl class=figures>\n".to_owned();
    for (name, figure, remark) in figures {
        let name = cuts::capital(name);
        let _ = write!(html, "<div><dt>{name}<dd>{}", clean::html(&figure));
        if !remark.is_empty() {
            let _ = write!(html, "<small>{}</small>", clean::html(&remark));
        }
        html.push_str("</div>\n");
    }
    html.push_str("</dl>\n");
    html
}

fn method() -> String {
    let mut html = "<section id=method><h2>Method</h2>\n<dl class=method>\n".to_owned();
    for (term, text) in summary::METHOD {
        let _ = writeln!(html, "<dt>{term}<dd>{text}");
    }
    html.push_str("</dl>\n</section>\n");
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
