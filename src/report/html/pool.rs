//! The pool and when it runs out.
use std::fmt::Write as _;

use crate::report::{
    Report, clean,
    json::audit::{V1Forecast, V1MeterForecast},
};

/// The section; empty where no forecast was made.
pub(super) fn section(report: &Report) -> String {
    let Some(V1Forecast { message, integration }) = &report.forecast else { return String::new() };
    let mut html = "<section id=pool><h2>Pool and run-out</h2>\n".to_owned();
    for (name, forecast) in [("Message credits", message), ("Integration credits", integration)] {
        let _ = writeln!(html, "<p>{name}: {}", clean::html(&sentence(forecast)));
    }
    html.push_str("</section>\n");
    html
}

fn sentence(forecast: &V1MeterForecast) -> String {
    match (&forecast.run_out, &forecast.refused, &forecast.cause) {
        (Some(at), ..) => format!("at this pace the pool is empty on {at}."),
        (None, Some(why), _) | (None, None, Some(why)) => format!("no run-out is told: {why}."),
        (None, None, None) => "the pool lasts until the reset.".to_owned(),
    }
}
