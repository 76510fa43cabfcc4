//! The workspaces beside each other, worst first, where there are several.
use crate::report::{
    Report, clean,
    html::table::{Cell, Head, Line, Table},
    words,
    words::amount::Decimals,
    workspaces::{METHOD, Sums, V1Workspace},
};

/// So many of an account are shown; what follows is summed in one row.
const MOST: usize = 1_000;

/// The section; empty where there is one workspace.
pub(super) fn section(report: &Report) -> String {
    if report.workspaces.is_empty() {
        return String::new();
    }
    let heads = vec![
        Head::text("Workspace"),
        Head::text("Account"),
        Head::number("Apps"),
        Head::number("Used"),
        Head::number("Rework"),
        Head::number("Of its use"),
        Head::text("Gravest finding"),
    ];
    let rows = report.workspaces.chunk_by(|a, b| a.account() == b.account()).flat_map(of_account).collect();
    let caption = format!("Workspaces ({}), worst first", words::count(report.workspaces.len() as u64));
    let table = Table { id: Some("workspaces-all".to_owned()), caption, heads, rows, total: None };
    format!(
        "<section id=workspaces><h2>Workspaces, worst first</h2>\n<p class=muted>{}\n{}</section>\n",
        clean::html(METHOD),
        table.html()
    )
}

/// The first of an account, and the sum of the others.
fn of_account(all: &[V1Workspace]) -> Vec<Line> {
    let (shown, rest) = all.split_at(all.len().min(MOST));
    let unit = all[0].sums.unit;
    let decimals = Decimals::of(unit, shown.iter().flat_map(|one| [one.sums.whole, one.sums.rework]));
    let line = |name: String, sums: Sums, gravest: String, others: bool| {
        let amount = |amount| Cell::Number(words::amount::cell(amount, decimals), amount.to_string());
        let share = match sums.share() {
            Some(share) => Cell::Share(words::share(share), share),
            None => Cell::Blank,
        };
        let apps = Cell::Number(words::count(sums.apps), sums.apps.to_string());
        let account = Cell::Text(all[0].account());
        let cells =
            vec![Cell::Text(name), account, apps, amount(sums.whole), amount(sums.rework), share, Cell::Text(gravest)];
        Line { cells, others }
    };
    let mut lines: Vec<Line> =
        shown.iter().map(|one| line(one.name().to_owned(), one.sums, one.gravest_in_short(), false)).collect();
    if !rest.is_empty() {
        let sums = rest.iter().fold(Sums::of(unit), |sums, one| sums.plus(one.sums));
        lines.push(line(words::counted(rest.len() as u64, "other", "others"), sums, String::new(), true));
    }
    lines
}
