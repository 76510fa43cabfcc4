//! Tables whose cells are texts already, as CSV and HTML.
use anyhow::Context as _;

use crate::report::{
    Artifact,
    clean::{self, guarded},
    words,
};

/// A CSV file.
pub(super) fn csv<const N: usize>(
    path: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> anyhow::Result<Artifact> {
    let writing = || format!("writing {path}");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).with_context(writing)?;
    for row in rows {
        writer.write_record(row.map(|cell| guarded(&cell))).with_context(writing)?;
    }
    let bytes = writer.into_inner().with_context(writing)?;
    Ok(Artifact { path: path.to_owned(), bytes })
}

/// What is said above a table of the page that no filter changes.
pub(super) const UNFILTERED: &str =
    "<p class=\"filtering-only muted\">This table shows everything, not the filtered part.\n";

/// So many rows the page shows; the CSV file has all.
const MOST: usize = 200;

/// An HTML table below a heading; empty without rows.
pub(super) fn html<const N: usize>(
    (id, title, remark): (&str, &str, &str),
    file: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let cells = |tag: &str, row: &[String]| {
        row.iter().fold(String::new(), |html, cell| html + &format!("<{tag}>{}", clean::html(cell)))
    };
    let mut rows: Vec<String> = rows.map(|row| format!("<tr>{}\n", cells("td class=t", &row))).collect();
    let more = if rows.len() > MOST {
        format!("<p class=muted>The first {MOST} of {}; tables/{file}.csv has all.\n", words::count(rows.len() as u64))
    } else {
        String::new()
    };
    rows.truncate(MOST);
    if rows.is_empty() {
        return String::new();
    }
    let heads = columns.map(str::to_owned);
    format!(
        "<section id={id}><h2>{}</h2>\n<p class=muted>{}\n{UNFILTERED}<div class=table tabindex=0 role=region aria-label=\"{0}\"><table><thead><tr>{}</thead>\n<tbody>\n{}</tbody></table></div>\n{more}</section>\n",
        clean::html(title),
        clean::html(remark),
        cells("th scope=col", &heads),
        rows.concat()
    )
}
