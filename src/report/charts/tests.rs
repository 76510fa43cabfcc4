//! What must hold for every chart of every made-up team.
use crate::report::{
    charts::{self, Chart, Forms, measure},
    fixture::{self, Team},
    theme,
};

fn drawn(team: &Team, forms: Forms) -> Vec<Chart> {
    let report = team.report();
    report.rollups.accounts.iter().flat_map(|account| charts::all(account, report.zone, forms)).collect()
}

/// The attributes and the text of each element of a kind, which plotters writes one a line.
fn elements<'a>(svg: &'a str, kind: &str) -> Vec<(&'a str, &'a str)> {
    let open = format!("<{kind} ");
    let parts = svg.split(open.as_str()).skip(1);
    parts
        .filter_map(|part| part.split_once('>'))
        .map(|(attributes, rest)| (attributes, rest.split('<').next().unwrap()))
        .collect()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> &'a str {
    attributes.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

fn pixels(attributes: &str, name: &str) -> i32 {
    attribute(attributes, name).parse().unwrap_or(0)
}

#[track_caller]
fn check(team: &Team, count: usize) {
    check_forms(team, count, Forms::Svg);
}

#[track_caller]
fn check_forms(team: &Team, count: usize, forms: Forms) {
    let charts = drawn(team, forms);
    assert_eq!(charts, drawn(team, forms), "the same data draws the same bytes");
    let names: Vec<&str> = charts.iter().map(|chart| chart.name).collect();
    assert_eq!(charts.len(), count, "{names:?}");
    for Chart { name, svg, title, narrow, png } in &charts {
        assert_eq!(
            png.as_ref().map(|png| png.starts_with(b"\x89PNG")),
            (forms == Forms::SvgAndPng).then_some(true),
            "{name}"
        );
        check_drawing(name, title, svg, theme::WIDTH);
        check_drawing(name, title, narrow, theme::NARROW);
    }
}

/// What must hold for a drawing of a width.
#[track_caller]
fn check_drawing(name: &str, title: &str, svg: &str, width: i32) {
    {
        assert!(svg.starts_with("<svg role=\"img\" ") && svg.ends_with("</svg>\n"), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name} has a number that is none");
        assert!(!title.is_empty() && svg.contains("<title>") && svg.contains("<desc>"), "{name}");
        assert!(!svg.contains("<script") && !svg.contains('\u{1b}'), "{name} lets a name through");
        let height = pixels(svg, "height");
        for (attributes, text) in elements(svg, "text") {
            let text = text.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            let size = attribute(attributes, "font-size").parse::<f64>().unwrap();
            let size = if size > 15.0 { theme::TITLE } else { theme::LABEL };
            let wide = measure::width(&text, size);
            let left = match attribute(attributes, "text-anchor") {
                "end" => pixels(attributes, "x") - wide,
                "middle" => pixels(attributes, "x") - wide / 2,
                _ => pixels(attributes, "x"),
            };
            assert!(left >= 0 && left + wide <= width, "{name}: {text:?} from {left} to {}", left + wide);
            let y = pixels(attributes, "y");
            assert!((8..=height - 8).contains(&y), "{name}: {text:?} at {y} of {height}");
        }
        for (attributes, _) in elements(svg, "rect") {
            let (x, y) = (pixels(attributes, "x"), pixels(attributes, "y"));
            let (right, bottom) = (x + pixels(attributes, "width"), y + pixels(attributes, "height"));
            assert!(x >= 0 && y >= 0 && right <= width && bottom <= height, "{name}: {attributes}");
        }
    }
}

#[test]
fn charts_of_a_team_are_whole() {
    check(&fixture::typical(), 7);
    check_forms(&fixture::one_row(), 2, Forms::SvgAndPng);
}

#[test]
fn a_single_event_has_no_chart_of_what_cannot_be_compared() {
    check(&fixture::one_row(), 2);
}

#[test]
fn charts_of_two_hundred_long_names_and_two_years_are_whole() {
    check(&fixture::crowd(), 7);
}

#[test]
fn charts_of_refunds_and_of_zeros_are_whole() {
    check(&fixture::refunded(), 7);
    check(&fixture::free(), 6);
}

#[test]
fn charts_of_hostile_names_are_whole() {
    check(&fixture::hostile(), 7);
    check(&fixture::two_accounts(), 14);
    check(&fixture::nothing(), 0);
}
