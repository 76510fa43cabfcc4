//! A table as HTML: a caption, headings, rows, a total. It scrolls inside its own box. End tags that HTML leaves to the
//! parser are left out: a report may hold tens of thousands of cells.
use std::fmt::Write as _;

use crate::report::{clean, words};

/// So many rows of a table are printed on paper, as `style.css` says.
const PRINTED: usize = 40;

/// A table.
pub(super) struct Table {
    /// Its anchor, where it has one.
    pub(super) id: Option<String>,
    /// What it shows.
    pub(super) caption: String,
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Line>,
    /// The sum of all rows, where there is one.
    pub(super) total: Option<Vec<Cell>>,
}

/// A heading.
pub(super) struct Head {
    pub(super) text: String,
    pub(super) numeric: bool,
    /// Left out on paper, which has no room for every column.
    pub(super) minor: bool,
}

/// A row.
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    /// Whether it sums what is not shown; such a row stays last.
    pub(super) others: bool,
}

/// A cell.
pub(super) enum Cell {
    /// Nothing to say.
    Blank,
    /// Text from data or of the report.
    Text(String),
    /// A name, and what is said after it.
    Name(String, &'static str),
    /// A moment in a form that sorts.
    Moment(String),
    /// A number: what is shown, and its exact value.
    Number(String, String),
    /// A share, with a bar behind it.
    Share(String, f64),
}

impl Head {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), numeric: false, minor: false }
    }

    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), numeric: true, minor: false }
    }
}

impl Head {
    /// The same, left out on paper.
    pub(super) fn minor(self) -> Self {
        Self { minor: true, ..self }
    }
}

impl Table {
    /// The style that leaves its minor columns, which stand side by side, out on paper.
    pub(super) fn print_style(&self) -> Option<String> {
        let first = self.heads.iter().position(|head| head.minor)? + 1;
        let last = self.heads.iter().rposition(|head| head.minor)? + 1;
        let id = self.id.as_ref()?;
        Some(format!(
            "@media print {{ #{id} tr > :nth-child(n + {first}):nth-child(-n + {last}) {{ display: none; }} }}\n"
        ))
    }

    /// Its HTML.
    pub(super) fn html(&self) -> String {
        // Landmarks of several accounts have the same caption; their ids tell them apart.
        let label = self.id.as_ref().map_or_else(String::new, |id| format!(": {}", id.replace('-', " ")));
        let mut html = format!(
            "<div class=table{1} tabindex=0 role=region aria-label=\"{0}{label}\"><table class=sortable><caption>{0}</caption><thead><tr>",
            clean::html(&self.caption),
            self.id.as_ref().map_or_else(String::new, |id| format!(" id=\"{id}\""))
        );
        for head in &self.heads {
            let class = if head.numeric { " class=n" } else { "" };
            let _ = write!(html, "<th scope=col{class}>{}", clean::html(&head.text));
        }
        html.push_str("</thead>\n<tbody>\n");
        for line in &self.rows {
            html.push_str(if line.others { "<tr class=others>" } else { "<tr>" });
            cells(&mut html, &line.cells);
        }
        html.push_str("</tbody>");
        if let Some(total) = &self.total {
            html.push_str("<tfoot><tr>");
            cells(&mut html, total);
            html.push_str("</tfoot>");
        }
        html.push_str("</table></div>\n");
        if self.rows.len() > PRINTED {
            let all = words::count(self.rows.len() as u64);
            let _ = writeln!(
                html,
                "<p class=\"paper muted\">On paper: the first {PRINTED} of {all} rows, and the sum of all."
            );
        }
        html
    }
}

/// Whether a text, but for its grouping, is an exact value.
fn is_whole(text: &str, exact: &str) -> bool {
    let shown = text.replace(',', "");
    let trimmed = if shown.contains('.') { shown.trim_end_matches('0').trim_end_matches('.') } else { &shown };
    trimmed == exact
}

fn cells(html: &mut String, cells: &[Cell]) {
    for (index, cell) in cells.iter().enumerate() {
        // writing into a string cannot fail
        let _ = match cell {
            Cell::Text(text) if index == 0 => write!(html, "<th>{}", clean::html(text)),
            Cell::Name(name, mark) if index == 0 && !mark.is_empty() => {
                let name = clean::html(name);
                write!(html, "<th data-n=\"{name}\">{name}{mark}")
            }
            Cell::Name(name, mark) if index == 0 => write!(html, "<th>{}{mark}", clean::html(name)),
            Cell::Name(name, mark) => write!(html, "<td class=t>{}{mark}", clean::html(name)),
            Cell::Text(text) => write!(html, "<td class=t>{}", clean::html(text)),
            Cell::Blank => write!(html, "<td>"),
            Cell::Moment(text) => write!(html, "<td class=m>{}", clean::html(text)),
            // a number that is shown whole needs not be told twice
            Cell::Number(text, exact) if is_whole(text, exact) => write!(html, "<td>{text}"),
            Cell::Number(text, exact) => write!(html, "<td data-v={exact}>{}", clean::html(text)),
            Cell::Share(text, share) if !share.is_finite() => write!(html, "<td>{}", clean::html(text)),
            Cell::Share(text, share) => {
                let percent = (share.clamp(0.0, 1.0) * 100.0).round();
                let bar = if percent < 1.0 { String::new() } else { format!(" style=--s:{percent}%") };
                write!(html, "<td{bar}>{}", clean::html(text))
            }
        };
    }
    html.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_twice_only_where_it_is_rounded() {
        let cell = |text: &str, exact: &str| {
            let mut html = String::new();
            cells(&mut html, &[Cell::Blank, Cell::Number(text.to_owned(), exact.to_owned())]);
            html
        };
        assert_eq!(cell("1,368", "1368"), "<td><td>1,368\n");
        assert_eq!(cell("972.20", "972.2"), "<td><td>972.20\n");
        assert_eq!(cell("100", "100"), "<td><td>100\n");
        assert_eq!(cell("848.0", "847.95"), "<td><td data-v=847.95>848.0\n");
        assert_eq!(cell("$20.00", "20"), "<td><td data-v=20>$20.00\n");
    }
}
