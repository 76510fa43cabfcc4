//! The summary as Markdown, for a chat or a pull request: the verdict and the dearest rows of each account.
use std::fmt::Write as _;

use crate::{
    report::{Report, clean, cut::Cut, rework, summary, words, words::amount::Decimals},
    rollup::AccountRollup,
};

/// So many rows of each table.
const TOP: usize = 5;

/// The summary.
pub fn render(report: &Report) -> String {
    let mut text = format!("## Credit audit: {}\n\n", escaped(&report.title));
    if let Some(period) = summary::period(report) {
        let _ = writeln!(text, "{period}, time zone {}. {}.", report.zone.name(), summary::row_equation(&report.rows));
    }
    for said in &report.unread {
        let _ = writeln!(text, "\n**Not read:** {}", escaped(said));
    }
    for account in report.rollups.accounts.iter().take(crate::report::MOST_SHEETS) {
        let _ = writeln!(text, "\n### {}\n", escaped(&words::account(&account.account)));
        let _ = writeln!(text, "{}", escaped(&summary::verdict(account, report).join(" ")));
        for cut in [Cut::Action, Cut::User, Cut::Feature] {
            if cut.named(account) > 0 {
                table(&mut text, account, cut);
            }
        }
    }
    if !report.findings.is_empty() {
        text.push_str("\n### Findings\n\n");
        for finding in &report.findings {
            let (title, advice) = (escaped(&finding.title), escaped(&finding.advice));
            let _ = writeln!(text, "- **{title}** ({}). {advice}", escaped(&finding.severity));
        }
    }
    text
}

fn table(text: &mut String, account: &AccountRollup, cut: Cut) {
    let unit = account.account.unit;
    let shown = cut.shown(account, if cut == Cut::Action { usize::MAX } else { TOP });
    let decimals = Decimals::of(unit, shown.rows.iter().map(|row| row.tally.amount));
    let (head, of) = (words::capital(cut.word()), words::unit_head(unit));
    let _ = writeln!(text, "\n| {head} | {of} | Share | Rework |\n| --- | ---: | ---: | ---: |");
    let mut line = |name: &str, amount, share| {
        let part = words::part(amount, account.total.amount);
        let _ = writeln!(
            text,
            "| {} | {} | {part} | {} |",
            escaped(name),
            words::amount::cell(amount, decimals),
            words::known_share(share)
        );
    };
    for row in &shown.rows {
        line(&cut.label(&row.subject), row.tally.amount, rework::of(&row.actions).share);
    }
    if let Some(others) = shown.others {
        let name = words::counted(others.rows, "other", "others");
        line(&name, others.tally.amount, rework::of(&others.actions).share);
    }
}

/// One line without markup: what would begin any has a backslash before it, so that the text reads as it is.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in clean::line(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => safe.extend(['\\', c]),
            // no mention of a person, no link
            '@' => safe.push_str("&#64;"),
            _ => safe.push(c),
        }
    }
    safe.replace("://", ":&#8203;//")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_team_as_a_chat_shows_it() {
        insta::assert_snapshot!(render(&fixture::typical().report()));
    }

    #[test]
    fn names_bring_no_markup() {
        let text = render(&fixture::hostile().report());
        assert!(!text.contains("<script>") && !text.contains("<b>"));
        assert_eq!(escaped("a|b*c* @ana [x](http://y)"), "a\\|b\\*c\\* &#64;ana \\[x\\](http:&#8203;//y)");
    }
}
