//! The pool and when it runs out.
use std::fmt::Write as _;

use crate::{
    audit::outlook::MeterOutlook,
    report::{Report, ahead, clean, words},
};

/// The section; empty where neither meter has events.
pub(super) fn section(report: &Report) -> String {
    let parts: String =
        [&report.outlooks.message, &report.outlooks.integration].into_iter().map(|meter| part(meter, report)).collect();
    if parts.is_empty() { parts } else { format!("<section id=pool><h2>Pool and run-out</h2>\n{parts}</section>\n") }
}

fn part(meter: &MeterOutlook, report: &Report) -> String {
    let (Some(account), Some(sentence)) = (&meter.account, ahead::sentence(meter, report.zone)) else {
        return String::new();
    };
    let mut html = format!("<p><b>{}.</b> {}\n", clean::html(&words::account(account)), clean::html(&sentence));
    let cause = ahead::no_run_out(meter).filter(|_| meter.pool.is_none());
    let remarks =
        [cause.map(|cause| format!("No run-out is told: {cause}.")), meter.forecast.as_ref().and_then(ahead::backtest)];
    for remark in remarks.into_iter().flatten() {
        let _ = writeln!(html, "<p class=muted>{}", clean::html(&remark));
    }
    html
}
