//! Takes the names of users out of all that was read.
use crate::ingest::{
    FileReport, Ingested, Rejected,
    identity::{Aliases, apply, pseudonyms::Mask},
    totals::Subject,
};

/// Words in the names of columns that hold persons.
const PERSONAL: [&str; 5] = ["user", "mail", "member", "owner", "key"];

/// The names of persons in all that was read, each with the user that it stands for. Where no row with a user was accepted,
/// they are taken from the rejected ones.
pub fn persons<'n>(input: &'n Ingested, aliases: &'n Aliases) -> Vec<(&'n str, &'n str)> {
    let users = input.names.threads().iter().filter_map(|thread| input.names.text_of(thread.user));
    let told = input.files.iter().flat_map(|file| &file.told).filter(|total| total.subject == Subject::User);
    let told = told
        .flat_map(|total| [(total.name.as_str(), total.name.as_str()), (total.label.as_str(), total.name.as_str())]);
    let others = aliases.users().flat_map(|(user, others)| others.iter().map(move |other| (other.as_str(), user)));
    let has_users = users.clone().next().is_some();
    let rejected = input.files.iter().filter(|_| !has_users).flat_map(rejected_users);
    let names = told.chain(others).chain(users.chain(rejected).map(|user| (user, user)));
    names.filter(|(name, _)| !name.trim().is_empty()).collect()
}

/// Puts pseudonyms in place of the names of users in everything that was read. Of rejected rows, only cells that were read
/// as something stay, since nobody knows what others hold.
pub fn hide(input: &mut Ingested, mask: &Mask) {
    input.names.rewrite(|text| mask.text(text));
    for file in &mut input.files {
        self::file(file, mask);
    }
    for skipped in &mut input.skipped {
        mask.clear(&mut skipped.path);
        mask.clear(&mut skipped.cause);
    }
    for kept in input.kept.values_mut() {
        for text in [&mut kept.id, &mut kept.reason, &mut kept.prompt].into_iter().flatten() {
            if let Some(masked) = mask.text(text) {
                *text = masked.into();
            }
        }
    }
    // who counts as whom would be one pseudonym counted as itself
    input.notes.retain(|note| !note.starts_with(apply::JOINED));
    for note in &mut input.notes {
        mask.clear(note);
    }
}

/// What stands in the columns of users of rejected rows.
fn rejected_users(file: &FileReport) -> impl Iterator<Item = &str> {
    let fields: Vec<Option<&str>> = fields(file);
    let rows = file.problems.iter().filter(move |row| row.cells.len() == file.columns.header.len());
    rows.flat_map(move |row| {
        let cells = row.cells.iter().zip(fields.clone());
        cells.filter(|(_, field)| *field == Some("user")).map(|(cell, _)| cell.as_str()).collect::<Vec<_>>()
    })
}

/// What each column of a file was read as.
fn fields(file: &FileReport) -> Vec<Option<&'static str>> {
    let field =
        |name: &String| file.columns.matched.iter().find(|(written, _)| written == name).map(|(_, field)| *field);
    file.columns.header.iter().map(field).collect()
}

fn file(file: &mut FileReport, mask: &Mask) {
    mask.clear(&mut file.path);
    for note in &mut file.notes {
        mask.clear(note);
    }
    for total in &mut file.told {
        for text in [&mut total.name, &mut total.label] {
            if total.subject == Subject::User && !text.is_empty() {
                *text = mask.user(text);
            } else {
                mask.clear(text);
            }
        }
    }
    let field = |name: &str| file.columns.matched.iter().find(|(written, _)| written == name).map(|(_, field)| *field);
    let fields = fields(file);
    for Rejected { problem, cells } in &mut file.problems {
        if field(&problem.column).is_some_and(is_personal) && !problem.value.is_empty() {
            problem.value = mask.user(&problem.value);
            "a user's name, which is masked here".clone_into(&mut problem.cause);
        }
        mask.clear(&mut problem.value);
        mask.clear(&mut problem.cause);
        let fits = cells.len() == fields.len();
        for (position, cell) in cells.iter_mut().enumerate() {
            match fields.get(position).copied().flatten().filter(|_| fits) {
                Some(field) if is_personal(field) && !cell.trim().is_empty() => *cell = mask.user(cell),
                Some(_) => mask.clear(cell),
                None => cell.clear(),
            }
        }
    }
    for name in &mut file.columns.header {
        mask.clear(name);
    }
    for name in &mut file.columns.unmatched {
        mask.clear(name);
    }
    for (name, _) in &mut file.columns.matched {
        mask.clear(name);
    }
}

fn is_personal(field: &str) -> bool {
    let field = field.to_lowercase();
    PERSONAL.iter().any(|word| field.contains(word))
}
