//! Which plan fits: each plan replayed on the past.
use crate::{
    audit::fit::PlanFit,
    model::amount::Total,
    report::{
        Report, ahead, clean,
        html::table::{Cell, Head, Line, Table},
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
        ["A month", "Cost so far", "Days without credits", "Unused", "Chance of running dry", "Regret"]
            .map(Head::number),
    );
    let cycles = words::counted(fit.cycles as u64, "cycle", "cycles");
    let table = Table {
        id: None,
        caption: format!("Each plan, replayed on the message and integration credits of {cycles}"),
        heads,
        rows: fit.plans.iter().map(line).collect(),
        total: None,
    };
    format!(
        "<section id=plan><h2>Which plan fits</h2>\n<p>{reason}\n<ul>\n{changes}</ul>\n{}</section>\n",
        table.html()
    )
}

fn line(plan: &PlanFit) -> Line {
    let money = |amount: Total| Cell::Number(words::amount::money(amount), amount.to_string());
    let days = plan.blocked_days.to_string();
    let overrun = plan.overrun.unwrap_or(f64::NAN);
    let cells = vec![
        Cell::Text(plan.name.clone()),
        money(plan.price),
        money(plan.cost),
        Cell::Number(days.clone(), days),
        Cell::Number(plan.unused.to_string(), plan.unused.to_string()),
        Cell::Share(words::known_share(plan.overrun), overrun),
        money(plan.regret),
    ];
    Line { cells, others: false }
}
