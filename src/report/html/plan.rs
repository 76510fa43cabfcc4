//! Which plan fits: each plan replayed on the past.
use crate::{
    audit::{fit::PlanFit, shortfall::Shortfall},
    model::{account::Unit, amount::Total},
    report::{
        self, Report, ahead, clean,
        html::{
            accounts,
            table::{Cell, Head, Line, Table},
        },
        words,
    },
};

/// The section; empty where no plans were compared.
pub(super) fn section(report: &Report) -> String {
    let Some(fit) = report.plan_fit else { return String::new() };
    let reason = clean::html(&ahead::plans::reason(fit));
    let changes: Vec<String> = ahead::plans::would_change(fit).iter().map(|said| clean::html(said)).collect();
    let changes: String = changes.iter().flat_map(|said| ["<li>", said, "\n"]).collect();
    let mut heads = vec![Head::text("Plan")];
    heads.extend(
        ["A month", "Pays up to", "Cost so far", "Expected next", "Blocked days", "Unused", "Overrun", "Regret"]
            .map(Head::number),
    );
    let chart = report::plans(report).map(|chart| accounts::figure(&chart)).unwrap_or_default();
    let shortfalls: String = fit.shortfalls.iter().map(|shortfall| ways(shortfall, report)).collect();
    let cycles = words::counted(fit.cycles as u64, "cycle", "cycles");
    let table = Table {
        id: None,
        caption: format!("Each plan, replayed on the message and integration credits of {cycles}"),
        heads,
        rows: fit.plans.iter().map(line).collect(),
        total: None,
    };
    format!(
        "<section id=plan><h2>Which plan fits</h2>\n<p>{reason}\n<ul>\n{changes}</ul>\n{shortfalls}{chart}{}</section>\n",
        table.html()
    )
}

/// Upgrade, top up or wait.
fn ways(shortfall: &Shortfall, report: &Report) -> String {
    let said = |text: &String| format!("<li>{}\n", clean::html(text));
    let ways: String = ahead::shortfall::ways(shortfall).iter().map(said).collect();
    let advice = ahead::shortfall::advice(shortfall).map(|advice| format!("<p><b>{}</b>\n", clean::html(&advice)));
    format!(
        "<h3>Upgrade, top up or wait</h3>\n<p>{}\n<ul>\n{ways}</ul>\n{}",
        clean::html(&ahead::shortfall::what(shortfall, report.zone)),
        advice.unwrap_or_default()
    )
}

fn line(plan: &PlanFit) -> Line {
    let money = |amount: Total| Cell::Number(words::amount::money(amount), amount.to_string());
    let days = plan.blocked_days.to_string();
    let overrun = plan.overrun.unwrap_or(f64::NAN);
    let cells = vec![
        Cell::Text(plan.name.clone()),
        money(plan.price),
        plan.break_even.map_or_else(
            || Cell::Number("–".to_owned(), String::new()),
            |most| Cell::Number(words::amount::bare(most, Unit::Credits), most.to_string()),
        ),
        money(plan.cost),
        money(plan.expected_cost),
        Cell::Number(days.clone(), days),
        Cell::Number(words::amount::bare(plan.unused, Unit::Credits), plan.unused.to_string()),
        Cell::Share(words::known_share(plan.overrun), overrun),
        money(plan.regret),
    ];
    Line { cells, others: false }
}
