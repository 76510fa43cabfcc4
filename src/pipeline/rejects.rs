//! `rejects.csv`: the rows that failed, with their own header and the place and cause of each, to be repaired by hand
//! and read again.
use anyhow::Context as _;

use crate::ingest::FileReport;

const OWN_COLUMNS: [&str; 4] = ["_file", "_line", "_column", "_cause"];

/// The rejected rows of all files; where headers differ, the union of their columns.
///
/// # Errors
/// When the writer fails, which it does not in memory.
pub fn write(files: &[FileReport]) -> anyhow::Result<Vec<u8>> {
    let mut header: Vec<&str> = Vec::new();
    let rows = || files.iter().flat_map(|file| file.problems.iter().map(move |rejected| (file, rejected)));
    for (_, rejected) in rows() {
        for (name, _) in &rejected.cells {
            if !header.contains(&name.as_str()) {
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
            found.map_or("", |(_, value)| value.as_str())
        };
        let problem = &rejected.problem;
        let line = problem.place.line.to_string();
        let own = [file.path.as_str(), &line, &problem.column, &problem.cause];
        writer.write_record(header.iter().map(cell).chain(own)).context(context)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error).context(context)
}
