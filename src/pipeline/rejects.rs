//! `rejects.csv`: the rows that failed, with their own header and the place and cause of each, to be repaired by hand
//! and read again.
use anyhow::Context as _;

use crate::{
    ingest::{FileReport, table::header::OWN_COLUMNS},
    report::clean::defused,
};

/// The rejected rows of all files; where headers differ, the union of their columns.
///
/// # Errors
/// When the writer fails, which it does not in memory.
pub fn write(files: &[FileReport]) -> anyhow::Result<Vec<u8>> {
    let mut header: Vec<&str> = Vec::new();
    let rows = || files.iter().flat_map(|file| file.problems.iter().map(move |rejected| (file, rejected)));
    for (_, rejected) in rows() {
        for (name, _) in &rejected.cells {
            let is_new = !header.contains(&name.as_str()) && !OWN_COLUMNS.contains(&name.as_str());
            if is_new {
                header.push(name);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let context = "writing rejects.csv";
    writer.write_record(header.iter().copied().chain(OWN_COLUMNS)).context(context)?;
    for (file, rejected) in rows() {
        let cell = |name: &&str| {
            let found = rejected.cells.iter().find(|(column, _)| column == name);
            found.map_or_else(String::new, |(_, value)| guarded(value))
        };
        let problem = &rejected.problem;
        let line = problem.place.line.to_string();
        let own = [defused(&file.path), line, defused(&problem.column), problem.cause.clone()];
        writer.write_record(header.iter().map(cell).chain(own)).context(context)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error).context(context)
}

/// A cell that no spreadsheet runs; a negative number stays one.
fn guarded(value: &str) -> String {
    let is_number = value.strip_prefix(['-', '+']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_number { value.to_owned() } else { defused(value) }
}
