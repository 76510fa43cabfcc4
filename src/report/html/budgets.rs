//! Budgets of the cycle: how far each is used up.
use crate::{
    audit::budget::{Spent, State},
    model::account::Unit,
    report::{
        Report, clean,
        html::table::{Cell, Head, Line, Table},
        words,
    },
};

/// The section; empty where no budget is set.
pub(super) fn section(report: &Report) -> String {
    let Some(first) = report.budgets.first() else { return String::new() };
    let (start, end) = first.cycle.days(report.zone);
    let table = Table {
        id: None,
        caption: format!("Message credits, {}", words::time::period(start, end)),
        heads: ["Budget", "State"]
            .map(Head::text)
            .into_iter()
            .chain(["Limit", "Used", "Share"].map(Head::number))
            .collect(),
        rows: report.budgets.iter().map(line).collect(),
        total: None,
    };
    let over = report.budgets.iter().filter(|spent| spent.state == State::Over).count() as u64;
    let said = match over {
        0 => "No budget is used up.".to_owned(),
        _ => format!("{} used up.", if over == 1 { "One budget is".to_owned() } else { format!("{over} budgets are") }),
    };
    format!("<section id=budgets><h2>Budgets</h2>\n<p>{}\n{}</section>\n", clean::html(&said), table.html())
}

fn line(spent: &Spent) -> Line {
    let credits = |amount| Cell::Number(words::amount::bare(amount, Unit::Credits), amount.to_string());
    let share = spent.used.share_of(spent.budget.limit);
    let cells = vec![
        Cell::Text(spent.budget.holder.words()),
        Cell::Text(state(spent.state).to_owned()),
        credits(spent.budget.limit),
        credits(spent.used),
        Cell::Share(words::share(share), share),
    ];
    Line { cells, others: false }
}

const fn state(state: State) -> &'static str {
    match state {
        State::Fine => "below half",
        State::Half => "half reached",
        State::Near => "80 % reached",
        State::Over => "used up",
    }
}
