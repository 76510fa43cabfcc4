//! `rejects.csv`: the rows that failed, with their own header and the place and cause of each, to be repaired by hand
//! and read again.
//!
//! Rows can only be read again under their own header. Where files with different headers have rejected rows, those of
//! the first header stand in `rejects.csv`, those of the next in `rejects-2.csv` and so on. Cells beyond the header stand
//! in columns without a name before `_file`; while one of them holds something, the row is rejected again. What a
//! spreadsheet would run has an apostrophe before it, which is taken off when the file is read.
use anyhow::Context as _;

use crate::{
    ingest::{Rejected, table::header::OWN_COLUMNS},
    pipeline::waist::FileFacts,
    report::{
        Artifact,
        clean::{defused, guarded},
    },
};

/// Rejected rows that can be read again together.
struct Group<'f> {
    header: &'f [String],
    conventions: &'f str,
    rows: Vec<(&'f FileFacts, &'f Rejected)>,
}

/// The rejected rows of all files.
///
/// # Errors
/// When the writer fails, which it does not in memory.
pub fn write(files: &[FileFacts]) -> anyhow::Result<Vec<Artifact>> {
    let mut groups = groups(files);
    if groups.is_empty() {
        groups.push(Group { header: &[], conventions: "", rows: Vec::new() });
    }
    let mut written = Vec::new();
    for (number, group) in (1..).zip(&groups) {
        let path = if number == 1 { "rejects.csv".to_owned() } else { format!("rejects-{number}.csv") };
        let bytes = table(group).with_context(|| format!("writing {path}"))?;
        written.push(Artifact { path, bytes });
    }
    Ok(written)
}

/// How many files hold the rejected rows.
pub fn count(files: &[FileFacts]) -> usize {
    groups(files).len()
}

/// In the order of their first file; those without a header, such as lines of transcripts, last.
fn groups(files: &[FileFacts]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for file in files {
        for rejected in &file.problems {
            let header = if rejected.cells.is_empty() { &[][..] } else { &file.header[..] };
            let conventions = file.conventions.as_str();
            let same = |group: &&mut Group| group.header == header && group.conventions == conventions;
            match groups.iter_mut().find(same) {
                Some(group) => group.rows.push((file, rejected)),
                None => groups.push(Group { header, conventions, rows: vec![(file, rejected)] }),
            }
        }
    }
    groups.sort_by_key(|group| group.header.is_empty());
    groups
}

fn table(group: &Group) -> anyhow::Result<Vec<u8>> {
    let widest = group.rows.iter().map(|(_, rejected)| rejected.cells.len()).max().unwrap_or(0);
    let width = widest.max(group.header.len());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let name = |position: usize| group.header.get(position).map_or_else(String::new, |name| defused(name));
    writer.write_record((0..width).map(name).chain(OWN_COLUMNS.map(str::to_owned)))?;
    for (file, rejected) in &group.rows {
        let cell = |position: usize| rejected.cells.get(position).map_or_else(String::new, |cell| guarded(cell));
        let problem = &rejected.problem;
        let cause = problem.cause.clone() + group.conventions;
        let own = [defused(&file.view.path), problem.place.line.to_string(), defused(&problem.column), cause];
        writer.write_record((0..width).map(cell).chain(own))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
