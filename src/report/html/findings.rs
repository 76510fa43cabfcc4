//! What the audit found, the gravest first, each with what it rests on and what to do.
use std::fmt::Write as _;

use crate::report::{Report, clean, json::audit::V1Finding};

/// The section; empty where nothing was found.
pub(super) fn section(report: &Report) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let findings: String = report.findings.iter().map(finding).collect();
    format!("<section id=findings><h2>Findings</h2>\n{findings}</section>\n")
}

fn finding(finding: &V1Finding) -> String {
    let text = |text: &str| clean::html(text);
    let mut html = format!(
        "<article class=finding><h3>{}</h3>\n<p class=muted>{} severity, {} confidence, {}\n<ul>\n",
        text(&finding.title),
        text(&finding.severity),
        text(&finding.confidence),
        text(&finding.amount)
    );
    for evidence in &finding.evidence {
        let _ = writeln!(html, "<li>{}", text(evidence));
    }
    let _ = writeln!(html, "</ul>\n<p>{}\n</article>", text(&finding.advice));
    html
}
