//! What must hold for the page of every made-up team.
use crate::{
    model::amount::Total,
    report::{
        self,
        fixture::{self, Team},
    },
};

fn page(team: &Team) -> String {
    let report = team.report();
    super::render(&report, &report::sheets(&report)).unwrap()
}

/// The exact value in a column of a row.
fn value(row: &str, column: usize) -> Option<Total> {
    let cell = row
        .split("<t")
        .skip(1)
        .filter(|cell| cell.starts_with('d') || cell.starts_with("h>") || cell.starts_with("h data-n"))
        .nth(column)?;
    let (attributes, text) = cell.split_once('>')?;
    let exact = attributes.split("data-v=").nth(1).map_or_else(|| text.replace(',', ""), str::to_owned);
    Some(fixture::total(exact.split([' ', '<', '\n']).next()?)).filter(|_| !exact.trim().is_empty())
}

#[track_caller]
fn check(team: &Team) {
    let html = page(team);
    assert_eq!(html, page(team), "the same report has the same bytes");
    assert_eq!(html.matches("<script>").count(), 1, "one script: that of the page");
    assert!(html.matches("<script").count() <= 2, "and the data, which does not run");
    assert!(!html.contains("<b>three") && !html.contains('\u{1b}') && !html.contains('\u{202e}'));
    assert!(!html.contains("NaN"));
    assert!(!html.contains("https:"), "nothing is loaded from anywhere");
    assert_eq!(html.matches("http:").count(), html.matches("<svg").count(), "but for the name of SVG");
    for table in html.split("<table").skip(1).filter(|table| table.contains("<tfoot>")) {
        let column = table.split("<th scope=col").skip(1).position(|head| head.starts_with(" class=n")).unwrap();
        let (body, foot) = table.split_once("<tbody>").unwrap().1.split_once("<tfoot>").unwrap();
        let sum: Total = body.split("<tr").filter_map(|row| value(row, column)).sum();
        let total = value(foot.split("</table>").next().unwrap(), column);
        assert_eq!(Some(sum), total, "{}", &table[..200]);
    }
}

#[test]
fn pages_are_closed_and_their_tables_sum() {
    for team in [fixture::typical(), fixture::one_row(), fixture::crowd(), fixture::two_accounts()] {
        check(&team);
    }
    for team in [fixture::refunded(), fixture::free(), fixture::hostile(), fixture::nothing()] {
        check(&team);
    }
}

#[test]
fn more_than_a_thousand_rows_end_with_one_exact_row() {
    let html = page(&fixture::long());
    assert!(html.contains("<tr class=others><th>"));
    check(&fixture::long());
}

#[test]
fn hostile_names_are_shown_as_text() {
    let html = page(&fixture::hostile());
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("a&quot;b&#39;c&amp;d"));
}

#[test]
fn rejected_rows_are_said_first() {
    let html = page(&fixture::typical());
    let (warning, verdict) = (html.find("4 rows were rejected"), html.find("class=verdict"));
    assert!(warning.is_some() && warning < verdict);
}
