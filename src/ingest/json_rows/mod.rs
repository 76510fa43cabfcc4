//! JSON documents and NDJSON as rows, so that table sources read them as they read CSV.
//!
//! Each list of objects in a document may be the table, and so may the document itself; the sources tell which. Nested
//! objects become columns with `.` between the names, lists of plain values one cell with `|` between them. A number
//! keeps the digits that the file writes: it never passes a float. The header is the union of the names in order of
//! first sight and stands on line 0: no row of the file holds it.
mod distinct;
mod lists;

use csv::StringRecord;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::ingest::{
    batch::{Batch, RowError},
    json_rows::{distinct::Distinct, lists::List},
    sheet::Sheet,
};

/// Why a text that begins like JSON is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid JSON at line {line}, column {column}: {cause}")]
pub struct JsonError {
    line: usize,
    column: usize,
    cause: String,
    /// Whether the text ends before it is complete.
    is_cut: bool,
}

impl JsonError {
    /// Whether the text was cut short, and may well be an export.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }
}

/// One list of objects as rows.
#[derive(Debug)]
pub struct Listing {
    /// The rows below a header of their own.
    pub sheet: Sheet<'static>,
    /// Elements that are no objects, and lines that are no JSON.
    rejected: Vec<(u32, RowError)>,
    /// Blank lines.
    blank: u64,
    /// What a document holds besides, in sentences.
    notes: Vec<String>,
}

/// A list whose objects have more different names holds ids for names: it is no table.
const MOST_COLUMNS: usize = 1_000;
/// How many lines are looked at to tell NDJSON from a broken document.
const LINES_LOOKED_AT: usize = 50;

/// The lists of objects of a text, the longest first; none where it does not begin like JSON or holds no objects.
///
/// # Errors
/// Where a document ends too early or is malformed, and it is no NDJSON either.
pub fn list(text: &str) -> Result<Vec<Listing>, JsonError> {
    if !text.trim_start().starts_with(['{', '[']) {
        return Ok(Vec::new());
    }
    match read(text) {
        Ok(document) => Ok(of_document(&document)),
        Err(_) if is_ndjson(text) => Ok(of_lines(text).into_iter().collect()),
        Err(err) => Err(JsonError { line: err.line(), column: err.column(), cause: cause(&err), is_cut: err.is_eof() }),
    }
}

impl Listing {
    /// Books what is beside the rows: what was rejected, blank lines.
    pub fn book(self, batch: &mut Batch) {
        batch.rows.physical += self.blank + self.rejected.len() as u64;
        batch.rows.skipped += self.blank;
        for (line, error) in self.rejected {
            batch.reject(line, error, Vec::new());
        }
        batch.problems.sort_by_key(|rejected| rejected.problem.place.line);
        for note in &self.notes {
            batch.remark(note);
        }
    }
}

/// The value of a text whose objects name each value once.
fn read(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str::<Distinct>(text).and_then(|Distinct| serde_json::from_str(text))
}

/// Whether the first line, or else most of the first lines, are objects, each on its own.
fn is_ndjson(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT);
    let is_object = |line: &str| line.trim_start().starts_with('{') && serde_json::from_str::<Value>(line).is_ok();
    let found: Vec<bool> = lines.map(is_object).collect();
    found.first() == Some(&true) || found.iter().filter(|is_object| **is_object).count() * 2 > found.len()
}

/// What is wrong, without the place, which is told apart.
fn cause(err: &serde_json::Error) -> String {
    let text = err.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn of_lines(text: &str) -> Option<Listing> {
    let mut table = Table::default();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            table.blank += 1;
            continue;
        }
        match read(line) {
            Ok(value) => table.add(number, &value),
            Err(err) => {
                let is_cut = err.is_eof() && text.ends_with(line);
                let cut = if is_cut { "; the file may have been cut there" } else { "" };
                let place = format!("not a JSON object: {} at column {}{cut}", cause(&err), err.column());
                table.rejected.push((number, RowError::row(place)));
            }
        }
    }
    table.listing(Vec::new())
}

fn of_document(document: &Value) -> Vec<Listing> {
    let lists = lists::of(document);
    let pages = lists::has_more(document).then(|| "it says that more pages follow: its sums are incomplete".to_owned());
    let listing = |list: &List| {
        let mut table = Table::default();
        let mut numbers = 1..;
        for (element, number) in list.elements.iter().zip(numbers.by_ref()) {
            table.add(number, element);
        }
        for other in lists.iter().filter(|other| other.is_apart(list) && other.names() == list.names()) {
            let cause = format!("stands in the list {}, and {} was read: put both in one list", other.path, list.path);
            let unread = other.elements.iter().zip(numbers.by_ref());
            table.rejected.extend(unread.map(|(_, number)| (number, RowError::row(cause.clone()))));
        }
        table.listing(lists::others(list, &lists).into_iter().chain(pages.clone()).collect())
    };
    lists.iter().filter_map(listing).collect()
}

/// Rows under construction: cells by column.
#[derive(Default)]
struct Table {
    names: Vec<String>,
    columns: FxHashMap<String, usize>,
    rows: Vec<(u32, Vec<(usize, String)>)>,
    rejected: Vec<(u32, RowError)>,
    blank: u64,
}

impl Table {
    fn add(&mut self, number: u32, value: &Value) {
        if !value.is_object() {
            return self
                .rejected
                .push((number, RowError::row("not a JSON object: a row is an object of named values")));
        }
        let mut cells = Vec::new();
        self.flatten(value, &mut String::new(), &mut cells);
        let mut seen: Vec<usize> = cells.iter().map(|(column, _)| *column).collect();
        seen.sort_unstable();
        match seen.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(twice) => {
                let name = &self.names[twice[0]];
                self.rejected.push((number, RowError::row(format!("two values are named {name}"))));
            }
            None => self.rows.push((number, cells)),
        }
    }

    /// Turns the fields of an object into cells, nested ones too.
    fn flatten(&mut self, value: &Value, path: &mut String, cells: &mut Vec<(usize, String)>) {
        let Value::Object(fields) = value else {
            let column = self.column(path);
            return cells.push((column, cell(value)));
        };
        let length = path.len();
        for (name, field) in fields {
            join(path, name);
            self.flatten(field, path, cells);
            path.truncate(length);
        }
    }

    fn column(&mut self, name: &str) -> usize {
        if let Some(&known) = self.columns.get(name) {
            return known;
        }
        self.columns.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    fn listing(self, notes: Vec<String>) -> Option<Listing> {
        let width = self.names.len();
        if width == 0 || width > MOST_COLUMNS {
            return None;
        }
        let mut rows = Vec::with_capacity(self.rows.len() + 1);
        rows.push((0, StringRecord::from(self.names)));
        for (number, mut cells) in self.rows {
            cells.sort_unstable_by_key(|(column, _)| *column);
            let mut cells = cells.into_iter().peekable();
            let mut record = StringRecord::new();
            for column in 0..width {
                let cell = cells.next_if(|(at, _)| *at == column);
                record.push_field(cell.as_ref().map_or("", |(_, text)| text));
            }
            rows.push((number, record));
        }
        Some(Listing { sheet: Sheet::Listed(rows), rejected: self.rejected, blank: self.blank, notes })
    }
}

/// Appends a name to a path.
fn join(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// A value as the text of a cell. Of a list of objects only the length is told: it is a table of its own, and what
/// people wrote may stand in it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(elements) if !elements.iter().any(|element| element.is_array() || element.is_object()) => {
            elements.iter().map(cell).collect::<Vec<_>>().join("|")
        }
        Value::Array(elements) => format!("{} items", elements.len()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first listing as lines of `number: cell, cell`, with what was rejected below.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let got = match list(text) {
            Err(err) => vec![err.to_string()],
            Ok(listings) => listings.into_iter().next().as_ref().map(lines).unwrap_or_default(),
        };
        assert_eq!(got, expected, "{text}");
    }

    fn lines(listing: &Listing) -> Vec<String> {
        let Sheet::Listed(rows) = &listing.sheet else { return Vec::new() };
        let row = |(number, record): &(u32, StringRecord)| {
            format!("{number}: {}", record.iter().collect::<Vec<_>>().join(", "))
        };
        let rejected = listing.rejected.iter().map(|(line, error)| format!("{line} {}", error.cause));
        rows.iter().map(row).chain(rejected).chain(listing.notes.clone()).collect()
    }

    #[test]
    fn a_list_of_objects_is_a_table() {
        check(r#"[{"a":1,"b":"x"},{"b":"y","c":true}]"#, &["0: a, b, c", "1: 1, x, ", "2: , y, true"]);
        check("[]", &[]);
        check("[1, 2]", &[]);
        check("{}", &[]);
        check("a,b\n1,2", &[]);
        check(r#"{"a": 1}"#, &["0: a", "1: 1"]);
    }

    #[test]
    fn the_longest_list_comes_first_wherever_it_stands() {
        let text = r#"{"page": {"n": 1}, "data": [{"a": 1}, {"a": 2}], "users": [{"u": 3}]}"#;
        check(text, &["0: a", "1: 1", "2: 2", "read from the list data[]; not read: users[] (1)"]);
        let beside = "stands in the list bob[], and ann[] was read: put both in one list";
        let note = "read from the list ann[]; not read: bob[] (1)";
        check(
            r#"{"ann": [{"a": 1}, {"a": 2}], "bob": [{"a": 3}]}"#,
            &["0: a", "1: 1", "2: 2", &format!("3 {beside}"), note],
        );
        check(
            r#"{"q": [{"r": {"r": [{"a": 1}]}}, {"r": {"r": [{"a": 2}]}}]}"#,
            &["0: r.r", "1: 1 items", "2: 1 items"],
        );
        check(r#"{"q": [{"r": {"r": [{"a": 1}, {"a": 2}]}}]}"#, &["0: a", "1: 1", "2: 2"]);
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = r#"[{"a": 0.10, "b": 1e-3, "c": 12345678901234567890.123456789, "d": -0, "e": 1E5}]"#;
        check(text, &["0: a, b, c, d, e", "1: 0.10, 1e-3, 12345678901234567890.123456789, -0, 1e+5"]);
    }

    #[test]
    fn nested_values_become_cells() {
        let text = r#"[{"a": {"b": {"c": 1}, "d": null}, "e": ["x", 2, null], "f": [], "g": [{"h": 1}]}]"#;
        check(text, &["0: a.b.c, a.d, e, f, g", "1: 1, , x|2|, , 1 items"]);
        check(r#"[{"a.b": 1, "a": {"b": 2}}, {"a.b": 3}]"#, &["0: a.b", "2: 3", "1 two values are named a.b"]);
    }

    #[test]
    fn each_line_of_ndjson_is_a_row_or_a_problem() {
        let text = "{\"a\": 1}\n\n{\"a\": 2}\r\n{\"a\": 3\n[4]\n{\"a\": 5}\n";
        check(
            text,
            &[
                "0: a",
                "1: 1",
                "3: 2",
                "6: 5",
                "4 not a JSON object: EOF while parsing an object at column 7",
                "5 not a JSON object: a row is an object of named values",
            ],
        );
        let cut = "2 not a JSON object: EOF while parsing an object at column 4; the file may have been cut there";
        check("{\"a\": 1}\n{\"a\"", &["0: a", "1: 1", cut]);
    }

    #[test]
    fn a_name_that_stands_twice_in_an_object_is_refused() {
        check(
            "{\"a\": 1}\n{\"a\": 2, \"a\": 3}\n",
            &["0: a", "1: 1", "2 not a JSON object: two values are named a at column 16"],
        );
        check(
            "[{\"a\": 1.5, \"b\": {\"c\": null, \"c\": []}}]",
            &["invalid JSON at line 1, column 37: two values are named c"],
        );
    }

    #[test]
    fn a_broken_document_is_located() {
        check("{\"data\": [\n{\"a\": 1},\n{\"a\": }\n]}", &["invalid JSON at line 3, column 7: expected value"]);
        check("[{\"a\": 1}, {\"a\"", &["invalid JSON at line 1, column 15: EOF while parsing an object"]);
        let deep = "[".repeat(100_000);
        check(&deep, &["invalid JSON at line 1, column 128: recursion limit exceeded"]);
    }

    #[test]
    fn objects_with_ids_for_names_are_no_table() {
        let fields: Vec<String> = (0..=MOST_COLUMNS).map(|n| format!("\"id{n}\": {n}")).collect();
        check(&format!("{{{}}}", fields.join(",")), &[]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\[{]\\PC{0,60}") {
            let _ = list(&text);
        }

        #[test]
        fn every_line_goes_somewhere(values in proptest::collection::vec(0..4_u8, 1..30)) {
            let line = |kind: &u8| ["{\"a\": 1}", "", "{\"a\"", "7"][usize::from(*kind)];
            let text = values.iter().map(line).collect::<Vec<_>>().join("\n") + "\n{\"a\": 2}\n{\"a\": 2}";
            if let Some(listing) = of_lines(&text) {
                let Sheet::Listed(rows) = &listing.sheet else { unreachable!() };
                let found = rows.len() - 1 + listing.rejected.len() + usize::try_from(listing.blank).unwrap();
                prop_assert_eq!(found, text.lines().count());
            }
        }
    }
}
