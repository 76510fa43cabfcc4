//! What one file on disk holds: one table or transcript, or as many as an archive has members and a workbook has sheets.
use crate::ingest::{
    Settings,
    batch::Batch,
    parquet,
    source::{self, ReadError, Source},
    unpack::{self, Content, bounds::Budget},
    workbook::{self, About, Book},
};

/// One table or transcript, or why it was not read.
pub(super) struct Read {
    /// The member of an archive or the sheet of a workbook that it is, where it is one of several.
    pub(super) member: Option<String>,
    /// What it is, how sure that is, and what it holds.
    pub(super) outcome: Result<Known, ReadError>,
}

/// What a table or transcript is, how sure that is, and what it holds.
pub(super) type Known = (Source, f64, Batch);

/// Reads all that is in the bytes of a file on disk.
pub(super) fn read(bytes: &[u8], settings: &Settings) -> Vec<Read> {
    let mut found = Vec::new();
    let mut budget = Budget::new(settings.max_size);
    unpack::each_content(bytes, &mut budget, &mut |Content { member, bytes }, budget| match bytes {
        Ok(bytes) if workbook::is_document(&bytes) => match sheets(&bytes, settings, budget) {
            Ok(sheets) => found.extend(sheets.into_iter().map(|(sheet, known)| {
                let member = [member.clone(), sheet].into_iter().flatten().collect::<Vec<_>>().join("/");
                Read { member: (!member.is_empty()).then_some(member), outcome: Ok(known) }
            })),
            Err(err) => found.push(Read { member, outcome: Err(err) }),
        },
        Ok(bytes) if parquet::is_parquet(&bytes) => {
            let rows = parquet::read(&bytes, budget).map_err(ReadError::from);
            found.push(Read { member, outcome: rows.and_then(|rows| source::read_sheet(&rows, settings)) });
        }
        bytes => {
            let outcome = bytes.map_err(ReadError::from).and_then(|bytes| source::read(&bytes, settings));
            found.push(Read { member, outcome });
        }
    });
    if found.is_empty() {
        let outcome = Err(ReadError::Unknown("the archive is empty".to_owned()));
        found.push(Read { member: None, outcome });
    }
    found
}

/// The sheets of a workbook that a source knows, each with its name unless it is the only one.
fn sheets(bytes: &[u8], settings: &Settings, budget: &mut Budget) -> Result<Vec<(Option<String>, Known)>, ReadError> {
    let mut book = Book::open(bytes, budget)?;
    let about = book.sheets()?;
    let (wanted, left): (Vec<&About>, Vec<&About>) = about.iter().partition(|about| is_wanted(about, settings));
    if wanted.is_empty() {
        return Err(ReadError::Unknown(none_wanted(&about, settings)));
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for sheet in &wanted {
        let (rows, remarks) = book.read(&sheet.name)?;
        match source::read_sheet(&rows, settings) {
            Ok((source, confidence, mut batch)) => {
                remarks.book(&mut batch);
                known.push((sheet.name.clone(), (source, confidence, batch)));
            }
            Err(err) => unknown.push((sheet.name.clone(), err)),
        }
    }
    let is_only = known.len() == 1;
    if let Some((_, err)) = unknown.pop_if(|_| known.is_empty() && wanted.len() == 1) {
        return Err(err);
    }
    if known.is_empty() {
        let causes: Vec<String> = unknown.iter().map(|(name, err)| format!("sheet {name:?}: {err}")).collect();
        return Err(ReadError::Unknown(causes.join("; ")));
    }
    let unknown: Vec<&str> = unknown.iter().map(|(name, _)| name.as_str()).collect();
    let hidden: Vec<&str> = left.iter().filter(|sheet| sheet.is_hidden).map(|sheet| sheet.name.as_str()).collect();
    for (name, (_, _, batch)) in &mut known {
        if about.len() > 1 {
            batch.remark(&format!("read from the sheet {name:?}"));
            for rejected in &mut batch.problems {
                rejected.problem.cause = format!("sheet {name:?}: {}", rejected.problem.cause);
            }
        }
        if !unknown.is_empty() {
            batch.remark(&format!("sheets that are no exports and were not read: {}", unknown.join(", ")));
        }
        if !hidden.is_empty() && settings.sheet.is_none() {
            batch.remark(&format!("hidden sheets that were not read: {} (--sheet reads one)", hidden.join(", ")));
        }
    }
    Ok(known.into_iter().map(|(name, known)| ((!is_only).then(|| label(&name)), known)).collect())
}

/// Whether a sheet is read: the one that the user names, else all that people see and that hold cells.
fn is_wanted(about: &About, settings: &Settings) -> bool {
    match &settings.sheet {
        Some(name) => about.is_table && about.name.trim().eq_ignore_ascii_case(name.trim()),
        None => about.is_table && !about.is_hidden,
    }
}

/// Why there is no sheet to read.
fn none_wanted(about: &[About], settings: &Settings) -> String {
    let names: Vec<String> =
        about.iter().filter(|sheet| sheet.is_table).map(|sheet| format!("{:?}", sheet.name)).collect();
    match &settings.sheet {
        Some(name) => format!("it has no sheet {name:?}, but {}", names.join(", ")),
        None if names.is_empty() => "a workbook without a worksheet".to_owned(),
        None => format!("all its sheets are hidden: name one with --sheet ({})", names.join(", ")),
    }
}

/// A sheet's name as part of a path.
fn label(name: &str) -> String {
    name.replace(|c: char| c.is_control() || matches!(c, '/' | '\\'), "_")
}
