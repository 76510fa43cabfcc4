//! `report.json`, schema `creditscope.report/v1`: the keys of each object in a fixed order, amounts as decimal strings,
//! instants as RFC 3339 in UTC, shares as numbers with four decimals.
mod ahead;
pub mod audit;
mod estimate;
pub mod findings;
mod lines;
mod plans;
#[cfg(test)]
mod schema;
mod view;

use serde::Serialize;

use crate::{
    audit::{estimate::Estimate, outlook::Planning},
    model::action::Action,
    report::{Report, books, centers, chains, cut::Cut, people, scope, workspaces},
    rollup::Tally,
};

/// The text of `report.json`.
pub fn render(report: &Report) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, lines::Lines::default());
    V1Report::from(report).serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

/// The forecast alone.
pub fn forecast(report: &Report) -> anyhow::Result<String> {
    pretty("creditscope.forecast/v1", "forecast", &ahead::V1Forecast::of(report.outlooks, report.now))
}

/// The plan fit alone.
pub fn plan_fit(report: &Report) -> anyhow::Result<String> {
    pretty("creditscope.plan-fit/v1", "plan_fit", &ahead::V1PlanFit::of(report.plan_fit))
}

/// An estimate.
pub fn estimate(told: &Estimate) -> anyhow::Result<String> {
    pretty("creditscope.estimate/v1", "estimate", &estimate::V1Estimate::from(told))
}

/// The plans of a catalogue.
pub fn plans(planning: &Planning) -> anyhow::Result<String> {
    pretty("creditscope.plans/v1", "plans", &plans::V1Plans::of(planning))
}

fn pretty(schema: &str, name: &str, part: &impl Serialize) -> anyhow::Result<String> {
    let mut document = serde_json::Map::new();
    document.insert("schema".to_owned(), schema.into());
    document.insert(name.to_owned(), serde_json::to_value(part)?);
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Report<'a> {
    schema: &'static str,
    tool: view::V1Tool<'a>,
    profile: &'a str,
    now: String,
    zone: &'a str,
    period: Option<view::V1Period>,
    input: view::V1Input<'a>,
    totals: Vec<view::V1Total>,
    by_action: Vec<view::V1Row>,
    by_user: Vec<view::V1Row>,
    by_feature: Vec<view::V1Row>,
    by_app: Vec<view::V1Row>,
    by_session: Vec<view::V1Row>,
    by_day: Vec<view::V1Row>,
    by_model: Vec<view::V1Row>,
    scope: Option<&'a scope::V1Scope>,
    chains: Vec<chains::V1Chain>,
    workspaces: &'a [workspaces::V1Workspace],
    comparison: &'a [people::V1Compared],
    chargeback: &'a [centers::V1Charged],
    zero_cost: Vec<view::V1Zero>,
    pool: Vec<books::V1Pool>,
    findings: &'a [audit::V1Finding],
    checks: &'a [findings::V1Check],
    forecast: ahead::V1Forecast,
    budgets: Vec<ahead::V1Budget>,
    plan_fit: ahead::V1PlanFit,
    left_out: V1LeftOut,
}

/// How many entries `--max-rows` left out of lists that have no row "others".
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1LeftOut {
    workspaces: usize,
    comparison: usize,
    findings: usize,
}

impl<'a> From<&'a Report<'a>> for V1Report<'a> {
    fn from(report: &'a Report<'a>) -> Self {
        let rollups = report.rollups;
        let (workspaces, workspaces_left) = first(&report.workspaces, report.max_rows);
        let (comparison, comparison_left) = first(&report.comparison, report.max_rows);
        let (findings, findings_left) = first(&report.findings, report.max_rows);
        Self {
            schema: "creditscope.report/v1",
            tool: view::V1Tool { name: "creditscope", version: report.version },
            profile: report.profile,
            now: report.now.to_string(),
            zone: report.zone.name(),
            period: rollups.period.map(view::V1Period::from),
            input: view::V1Input::from(report),
            totals: rollups.accounts.iter().map(view::V1Total::from).collect(),
            by_action: rows(report, Cut::Action),
            by_user: rows(report, Cut::User),
            by_feature: rows(report, Cut::Feature),
            by_app: rows(report, Cut::App),
            by_session: rows(report, Cut::Session),
            by_day: rows(report, Cut::Day),
            by_model: rows(report, Cut::Model),
            scope: report.scope.as_ref(),
            chains: chains::view(report),
            workspaces,
            comparison,
            chargeback: &report.chargeback,
            zero_cost: rollups.accounts.iter().flat_map(view::V1Zero::of).collect(),
            pool: books::pool(report.reconciliation),
            findings,
            checks: &report.checks,
            forecast: ahead::V1Forecast::of(report.outlooks, report.now),
            budgets: report.budgets.iter().map(ahead::V1Budget::from).collect(),
            plan_fit: ahead::V1PlanFit::of(report.plan_fit),
            left_out: V1LeftOut { workspaces: workspaces_left, comparison: comparison_left, findings: findings_left },
        }
    }
}

/// The first entries of a list, and how many are left.
fn first<T>(all: &[T], most: usize) -> (&[T], usize) {
    let (shown, rest) = all.split_at(all.len().min(most));
    (shown, rest.len())
}

/// The rows of a cut, account after account, each with the row "others" where the cut is longer than the most.
fn rows(report: &Report, cut: Cut) -> Vec<view::V1Row> {
    let mut rows = Vec::new();
    for account in &report.rollups.accounts {
        let shown = cut.shown(account, report.max_rows);
        rows.extend(shown.rows.into_iter().map(|row| view::V1Row::of(account, cut, row)));
        rows.extend(shown.others.map(|others| view::V1Row::rest(account, cut, &others)));
    }
    rows
}

/// A share with four decimals, so that it reads the same on every machine.
pub(in crate::report) fn share(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

/// The amounts of each class.
fn classes(actions: &[Tally; Action::ALL.len()]) -> view::V1Actions {
    let tally = |action: Action| view::V1Tally::from(actions[action.index()]);
    view::V1Actions {
        generation: tally(Action::Generation),
        revision: tally(Action::Revision),
        fix: tally(Action::Fix),
        regeneration: tally(Action::Regeneration),
        other: tally(Action::Other),
        runtime: tally(Action::Runtime),
        unclassified: tally(Action::Unclassified),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::amount::Total, report::fixture};

    #[test]
    fn a_report_of_one_row_has_every_key() {
        insta::assert_snapshot!(render(&fixture::one_row().report()).unwrap());
    }

    #[test]
    fn names_stand_as_they_are() {
        let json: serde_json::Value = serde_json::from_str(&render(&fixture::hostile().report()).unwrap()).unwrap();
        let users = json["by_user"].as_array().unwrap();
        assert!(users.iter().any(|row| row["user"] == "<script>alert(1)</script>"));
    }

    #[test]
    fn rows_and_the_rest_sum_to_the_total() {
        let crowd = fixture::crowd();
        let report = Report { max_rows: 7, ..crowd.report() };
        let json: serde_json::Value = serde_json::from_str(&render(&report).unwrap()).unwrap();
        for cut in Cut::ALL {
            let rows = json[format!("by_{}", cut.word())].as_array().unwrap().clone();
            let amounts = rows.iter().map(|row| fixture::total(row["amount"].as_str().unwrap()));
            assert_eq!(amounts.sum::<Total>().to_string(), json["totals"][0]["amount"], "{cut:?}");
            assert!(rows.len() <= 9, "{cut:?}");
            let nameless = rows.iter().filter(|row| row[cut.word()].is_null() && row.get("others").is_none());
            assert!(nameless.count() <= 1, "{cut:?}");
        }
    }
}
