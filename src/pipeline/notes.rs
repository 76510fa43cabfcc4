//! What was decided while reading, and why nothing was accepted, in sentences.
use crate::{
    ingest::{Skipped, table::notes::is_doubt},
    model::problem::RowCount,
    pipeline::{
        describe, rejects, unread,
        waist::{FileFacts, Waist},
    },
};

/// What was decided while reading and selecting, in sentences.
pub(super) fn notes(waist: &Waist) -> Vec<String> {
    let mut notes: Vec<String> = waist.notes.iter().chain(&waist.input_notes).cloned().collect();
    for file in &waist.files {
        notes.extend(file.notes.iter().map(|note| format!("{}: {note}", file.view.path)));
    }
    let n_rejects = rejects::count(&waist.files);
    if n_rejects > 1 {
        notes.push(format!("rejected rows stand under their own header: rejects.csv to rejects-{n_rejects}.csv"));
    }
    notes.extend(unread(&waist.skipped));
    let foreign: Vec<_> = waist.skipped.iter().filter(|skipped| !skipped.is_damaged).collect();
    if !foreign.is_empty() {
        let paths: Vec<&str> = foreign.iter().map(|skipped| skipped.path.as_str()).collect();
        notes.push(format!("not read, because they are no exports: {}", paths.join(", ")));
    }
    if waist.reading.is_selection() {
        notes.push("only a selection of the events is counted; classes and sessions are those of the whole".to_owned());
    }
    notes.push(format!("days and hours are those of {}", waist.zone.name()));
    notes.push(format!("sessions without a session column end after a pause of more than {}", waist.reading.gap));
    notes
}

/// What was decided while reading that may change a figure, and files that may be exports and were not read, in sentences;
/// a few, and how many more there are.
pub fn doubts(waist: &Waist) -> Vec<String> {
    const MOST: usize = 6;
    const TABLES: [&str; 9] = ["csv", "tsv", "xlsx", "ods", "json", "jsonl", "ndjson", "parquet", "txt"];
    let of_file = |file: &FileFacts| -> Vec<String> {
        let doubts = file.notes.iter().filter(|note| is_doubt(note));
        doubts.map(|note| format!("{}: {note}", file.view.path)).collect()
    };
    let mut doubts: Vec<String> = waist.files.iter().flat_map(of_file).collect();
    let is_table = |path: &str| TABLES.iter().any(|ending| path.to_lowercase().ends_with(&format!(".{ending}")));
    let unread = waist.skipped.iter().filter(|skipped| !skipped.is_damaged && is_table(&skipped.path));
    doubts.extend(unread.map(|skipped| format!("{} was not read: {}", skipped.path, skipped.cause)));
    let more = doubts.len().saturating_sub(MOST);
    doubts.truncate(MOST);
    if more > 0 {
        doubts
            .push(format!("and {more} more such decisions: `creditscope inspect` and the end of the report tell them"));
    }
    doubts
}

/// Why there is nothing to report.
pub(super) fn nothing_accepted(files: &[FileFacts], skipped: &[Skipped], is_any_pooled: bool) -> String {
    let rows = files.iter().fold(RowCount::default(), |sum, file| sum.plus(file.view.rows));
    let mut text = match files.len() {
        0 => "no file is a known export".to_owned(),
        1 => format!("{}: no row was accepted", files[0].view.path),
        n => format!("none of {n} files holds a row that was accepted"),
    };
    if rows.folded > 0 {
        let notes = files.iter().filter(|file| file.view.rows.folded > 0).flat_map(|file| &file.notes);
        text += &notes.map(|note| format!("\n  {note}")).take(3).collect::<String>();
    } else if rows.rejected == 0 && !files.is_empty() {
        text += if is_any_pooled {
            ": it holds grants, top-ups or expiries only"
        } else {
            ": there is a header but no data"
        };
    }
    for skipped in skipped.iter().take(3) {
        text += &format!("\n  {}: {}", skipped.path, skipped.cause);
    }
    for (file, rejected) in files.iter().flat_map(|file| file.problems.iter().map(move |row| (file, row))).take(3) {
        text += &format!("\n  {}", describe(&file.view.path, &rejected.problem));
    }
    text
}
