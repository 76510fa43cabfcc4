//! The lists of objects in a JSON document, wherever they stand.
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::ingest::json_rows::join;

/// Lists of a document that are tried, the longest first.
const MOST_LISTS: usize = 8;

/// A list of objects in a document: where it stands, its elements, and how many of them are objects.
pub(super) struct List<'d> {
    pub(super) path: String,
    pub(super) elements: Vec<&'d Value>,
    n_objects: usize,
}

impl List<'_> {
    /// Whether it is neither part of another list nor holds it.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        let (one, other) = (self.path.as_str(), other.path.as_str());
        !one.is_empty() && !other.is_empty() && !one.starts_with(other) && !other.starts_with(one)
    }

    /// What its first object calls its values, in order of the alphabet.
    pub(super) fn names(&self) -> Option<Vec<&str>> {
        let first = self.elements.iter().find_map(|element| element.as_object())?;
        let mut names: Vec<&str> = first.keys().map(String::as_str).collect();
        names.sort_unstable();
        Some(names)
    }
}

/// The lists of objects of a document, the longest first, and the document itself.
pub(super) fn of(document: &Value) -> Vec<List<'_>> {
    let mut lists = Vec::new();
    find_lists(document, &mut String::new(), &mut lists, &mut FxHashMap::default());
    lists.retain(|list| list.n_objects > 0);
    lists.sort_by_key(|list| std::cmp::Reverse(list.n_objects));
    lists.truncate(MOST_LISTS);
    if document.is_object() {
        lists.push(List { path: String::new(), elements: vec![document], n_objects: 1 });
    }
    lists
}

/// Whether a document says that it is one page of several.
pub(super) fn has_more(value: &Value) -> bool {
    let Value::Object(fields) = value else { return false };
    fields.iter().any(|(name, field)| {
        matches!(name.as_str(), "has_more" | "hasMore") && field == &Value::Bool(true) || has_more(field)
    })
}

/// Lists of one name are one list wherever they stand: pages of answers, runs of several queries.
fn find_lists<'d>(
    value: &'d Value,
    path: &mut String,
    lists: &mut Vec<List<'d>>,
    known: &mut FxHashMap<String, usize>,
) {
    let length = path.len();
    match value {
        Value::Array(elements) => {
            path.push_str("[]");
            let index = *known.entry(path.clone()).or_insert(lists.len());
            if index == lists.len() {
                lists.push(List { path: path.clone(), elements: Vec::new(), n_objects: 0 });
            }
            lists[index].elements.extend(elements);
            lists[index].n_objects += elements.iter().filter(|element| element.is_object()).count();
            for element in elements {
                find_lists(element, path, lists, known);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(_, field)| field.is_array() || field.is_object()) {
                join(path, name);
                find_lists(field, path, lists, known);
                path.truncate(length);
            }
        }
        _ => (),
    }
    path.truncate(length);
}

/// A sentence on the lists that are neither part of the one that is read nor hold it.
pub(super) fn others(read: &List, lists: &[List]) -> Option<String> {
    let named: Vec<String> =
        lists.iter().filter(|list| list.is_apart(read)).map(|l| format!("{} ({})", l.path, l.n_objects)).collect();
    (!named.is_empty()).then(|| format!("read from the list {}; not read: {}", read.path, named.join(", ")))
}
