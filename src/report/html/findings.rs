//! What the audit found, the gravest first, each with what it rests on and what to do; then what became of each rule.
use std::fmt::Write as _;

use crate::report::{
    Report, clean,
    findings::{about, concerned, saving, together},
    json::audit::V1Finding,
    words,
};

/// So many findings stand in the page; the files for machines have all.
const MOST: usize = 50;
/// So many show what they rest on at once; of the others it is unfolded.
const OPEN: usize = 3;
/// So many stand one below the other; those that follow are unfolded together.
const LISTED: usize = 10;

/// The section; empty where no rule was applied.
pub(super) fn section(report: &Report) -> String {
    if report.findings.is_empty() && report.checks.is_empty() {
        return String::new();
    }
    let mut html = "<section id=findings><h2>Findings</h2>\n".to_owned();
    if report.findings.is_empty() {
        html.push_str("<p>No rule found anything; where there was too little to tell, it says so below.\n");
    }
    let together = together(report);
    if !together.is_empty() {
        let said = clean::html(&together.join("; "));
        let _ = writeln!(html, "<p>All of them together could save {said}; no credit is counted twice.");
    }
    let shown = &report.findings[..report.findings.len().min(MOST)];
    let (listed, folded) = shown.split_at(shown.len().min(LISTED));
    html.extend(listed.iter().enumerate().map(|(rank, one)| finding(one, report, rank < OPEN)));
    if !folded.is_empty() {
        let more = words::counted(folded.len() as u64, "more finding", "more findings");
        let _ = writeln!(html, "<details class=evidence><summary>{more}</summary>");
        html.extend(folded.iter().map(|one| finding(one, report, false)));
        html.push_str("</details>\n");
    }
    if let Some(more @ 1..) = report.findings.len().checked_sub(MOST) {
        let _ = writeln!(html, "<p class=muted>{more} more in report.json and tables/findings.csv.");
    }
    html.push_str(&checks(report));
    html.push_str("</section>\n");
    html
}

fn finding(finding: &V1Finding, report: &Report, is_open: bool) -> String {
    let text = |text: &str| clean::html(text);
    let mut html = format!(
        "<article class=finding><h3>{}</h3>\n<p class=muted>{} severity, {} confidence; {}\n<p>{}\n",
        text(&finding.title),
        text(&finding.severity),
        text(&finding.confidence),
        text(&concerned(finding)),
        text(&about(finding, report)),
    );
    if let Some(saving) = saving(finding) {
        let _ = writeln!(html, "<p>Could be saved: {}, if {}.", text(&saving), text(finding.assumption));
    }
    let open = if is_open { " open" } else { "" };
    let _ = writeln!(html, "<details class=evidence{open}><summary>Evidence, and what to do</summary>\n<ul>");
    for evidence in &finding.evidence {
        let _ = writeln!(html, "<li>{}", text(evidence));
    }
    let _ = writeln!(html, "</ul>\n<p><strong>What to do:</strong> {}\n</details>\n</article>", text(&finding.advice));
    html
}

fn checks(report: &Report) -> String {
    let mut html = "<details><summary>What was looked at</summary>\n<dl class=method>\n".to_owned();
    for check in &report.checks {
        let account = format!("{} {} {}", check.provider, check.meter, check.unit);
        let _ = writeln!(
            html,
            "<dt>{}<dd>{}: {} ({} looked at). {}",
            clean::html(check.id),
            clean::html(&account),
            check.status,
            check.tested,
            clean::html(&check.note)
        );
    }
    html.push_str("</dl>\n</details>\n");
    html
}
