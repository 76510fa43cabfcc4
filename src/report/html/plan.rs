//! Which plan fits: each plan replayed on the past.
use crate::report::{
    Report, clean,
    html::table::{Cell, Head, Line, Table},
    json::audit::V1Plan,
    words,
};

/// The section; empty where no plans were compared.
pub(super) fn section(report: &Report) -> String {
    let Some(fit) = &report.plan_fit else { return String::new() };
    let reason = clean::html(&fit.reason);
    let mut heads = vec![Head::text("Plan")];
    heads.extend(["Cost", "Days without credits", "Unused", "Chance of running dry", "Regret"].map(Head::number));
    let table = Table {
        id: None,
        caption: "Each plan, replayed on this consumption".to_owned(),
        heads,
        rows: fit.plans.iter().map(line).collect(),
        total: None,
    };
    format!("<section id=plan><h2>Which plan fits</h2>\n<p>{reason}\n{}</section>\n", table.html())
}

fn line(plan: &V1Plan) -> Line {
    let number = |text: &String| Cell::Number(text.clone(), text.clone());
    let days = plan.blocked_days.to_string();
    let cells = vec![
        Cell::Text(plan.id.clone()),
        number(&plan.cost),
        number(&days),
        number(&plan.unused),
        Cell::Share(words::share(plan.overrun_probability), plan.overrun_probability),
        number(&plan.regret),
    ];
    Line { cells, others: false }
}
