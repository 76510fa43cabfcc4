//! What was read: the files, where their rows went, and the first rows that failed.
use std::fmt::Write as _;

use crate::{
    model::problem::RowCount,
    report::{
        FileView, ProblemView, Report, books, clean,
        html::table::{Cell, Head, Line, Table},
        summary, words,
    },
};

/// The section.
pub(super) fn section(report: &Report) -> String {
    let mut html = "<section id=data><h2>Files and data quality</h2>\n".to_owned();
    let _ = writeln!(html, "<p>{}.", clean::html(&summary::row_equation(&report.rows)));
    html.push_str(&files(report).html());
    if report.problems.count > 0 {
        html.push_str(&problems(report).html());
    }
    if !report.overlaps.is_empty() {
        html.push_str("<h3>Files that overlap and differ</h3>\n<ul>\n");
        for said in report.overlaps.sentences() {
            let _ = writeln!(html, "<li>{}.", clean::html(&said));
        }
        html.push_str("</ul>\n");
    }
    html.push_str(&super::books::tables(report.reconciliation, report.zone));
    for (_, said) in books::sentences(report.reconciliation) {
        let _ = writeln!(html, "<p>{}.", clean::html(&said));
    }
    for account in &report.rollups.accounts {
        let causes = account.zero.iter().filter(|(_, count)| *count > 0);
        let causes: Vec<String> = causes.map(|(cause, count)| format!("{} {cause}", words::count(*count))).collect();
        if !causes.is_empty() {
            let account = clean::html(&words::account(&account.account));
            let _ = writeln!(html, "<p>Events that cost nothing ({account}): {}.", words::list(&causes));
        }
    }
    if !report.notes.is_empty() {
        html.push_str("<h3>Decided for this report</h3>\n<ul>\n");
        for note in &report.notes {
            let _ = writeln!(html, "<li>{}", clean::html(note));
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</section>\n");
    html
}

fn files(report: &Report) -> Table {
    let heads = ["File", "What it is"].map(Head::text).into_iter();
    let counts = ["Rows", "Accepted", "Rejected", "Header", "Skipped", "Folded", "Empty", "Duplicates"];
    let heads = heads.chain(counts.map(Head::number)).chain([Head::text("SHA-256")]);
    let row = |file: &FileView| {
        let mut cells = vec![Cell::Text(file.path.clone()), Cell::Text(file.source.clone())];
        cells.extend(numbers(&file.rows));
        cells.push(Cell::Moment(file.sha256.chars().take(12).collect()));
        Line { cells, others: false }
    };
    let mut total = vec![Cell::Text("Total".to_owned()), Cell::Blank];
    total.extend(numbers(&report.rows));
    total.push(Cell::Blank);
    Table {
        id: None,
        caption: format!("{}: where their rows went", words::counted(report.files.len() as u64, "file", "files")),
        heads: heads.collect(),
        rows: report.files.iter().map(row).collect(),
        total: Some(total),
    }
}

fn numbers(rows: &RowCount) -> Vec<Cell> {
    let RowCount { physical, header, skipped, accepted, folded, empty, duplicates, rejected } = *rows;
    let counts = [physical, accepted, rejected, header, skipped, folded, empty, duplicates];
    counts.map(|count| Cell::Number(words::count(count), count.to_string())).into()
}

fn problems(report: &Report) -> Table {
    let first = &report.problems.first;
    let row = |problem: &ProblemView| {
        let line = problem.line.to_string();
        let byte = problem.byte.map(|byte| byte.to_string());
        let cells = vec![
            Cell::Text(problem.path.clone()),
            Cell::Number(line.clone(), line),
            byte.map_or(Cell::Blank, |byte| Cell::Number(byte.clone(), byte)),
            Cell::Text(problem.column.clone()),
            Cell::Text(problem.value.clone()),
            Cell::Text(problem.cause.clone()),
        ];
        Line { cells, others: false }
    };
    let all = words::counted(report.problems.count, "problem", "problems");
    let caption = if first.len() as u64 == report.problems.count {
        format!("{all} with rows; rejected rows are in rejects.csv")
    } else {
        format!("The first {} of {all} with rows; rejected rows are in rejects.csv", words::count(first.len() as u64))
    };
    let mut heads: Vec<Head> = ["File", "Line", "Byte", "Column", "Value", "What is wrong"].map(Head::text).into();
    (heads[1].numeric, heads[2].numeric) = (true, true);
    Table { id: None, caption, heads, rows: first.iter().map(row).collect(), total: None }
}
