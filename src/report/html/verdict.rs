//! The verdict: what was used and how much of it was rework, in three sentences an account, and the figures behind them.
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

/// The section.
pub(super) fn section(report: &Report, sheets: &[Sheet]) -> String {
    let mut html = "<section id=verdict><h2>Verdict</h2>\n".to_owned();
    for said in &report.unread {
        let _ = writeln!(html, "<p><strong>Not read:</strong> {}.", clean::html(said));
    }
    for sheet in sheets {
        let name = clean::html(&words::account(&sheet.account.account));
        if sheets.len() > 1 {
            let _ = writeln!(html, "<h3><a href=\"#{}\">{name}</a></h3>", sheet.slug);
        } else {
            let _ = writeln!(html, "<p class=muted>{name}");
        }
        let verdict = summary::verdict(sheet.account, report).join(" ");
        let _ = writeln!(html, "<p class=verdict>{}", clean::html(&verdict));
        html.push_str(&figures(sheet));
    }
    html.push_str("</section>\n");
    html
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
    let each =
        summary::per_event(summary::uses(account)).map_or_else(String::new, |each| format!("{} each", amount(each)));
    let events = summary::uses_in_words(account, summary::uses(account).events);
    let (count, noun) = events.split_once(' ').unwrap_or((&events, "events"));
    figures.push((noun, count.to_owned(), each));
    for (cut, noun) in
        [(Cut::User, "users"), (Cut::App, "apps"), (Cut::Feature, "features"), (Cut::Session, "sessions")]
    {
        if cut.named(account) > 0 {
            figures.push((noun, words::count(cut.named(account)), String::new()));
        }
    }
    let mut html = "<dl class=figures>\n".to_owned();
    for (name, figure, remark) in figures {
        let name = words::capital(name);
        let _ = write!(html, "<div><dt>{name}<dd>{}", clean::html(&figure));
        if !remark.is_empty() {
            let _ = write!(html, "<small>{}</small>", clean::html(&remark));
        }
        html.push_str("</div>\n");
    }
    html.push_str("</dl>\n");
    html
}
