//! Which names look like one person's: a hint for whoever writes the alias file. Nothing is joined unasked.
//!
//! A name is its words: of an e-mail address those before the `@`. Two names look alike where all words are the same
//! (`ada.lovelace@…`, `Ada Lovelace`, `adalovelace`), where one is the initial and the last name of the other (`alovelace`), or
//! where one is the first name of the other. The last two only count where nobody else fits. Numbers tell people apart:
//! `user1` and `user2` are two.
use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    ingest::{identity::Aliases, value::quoted},
    model::text::folded,
};

/// Names that look like one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The name that would stay: an e-mail address where there is one, else the one with most events.
    pub user: String,
    /// The other names.
    pub aliases: Vec<String>,
    /// Why they look alike.
    pub reason: &'static str,
}

/// Addresses of roles, not of people, say nothing about who it is.
const ROLES: [&str; 14] = [
    "admin",
    "billing",
    "build",
    "contact",
    "dev",
    "developer",
    "hello",
    "info",
    "mail",
    "me",
    "office",
    "support",
    "team",
    "test",
];

const SAME: &str = "the same name";
const INITIAL: &str = "the initial and the last name";
const FIRST: &str = "the first name, and nobody else has it";

/// Suggests from users and their numbers of events.
pub fn suggest(users: &[(String, u64)]) -> Vec<Suggestion> {
    let words: Vec<Vec<String>> = users.iter().map(|(name, _)| words(name)).collect();
    let mut groups = Groups::new(users.len());
    for alike in by(&words, |words| Some(words.concat()).filter(|name| is_name(name))).values() {
        for &other in &alike[1..] {
            groups.join(alike[0], other, SAME);
        }
    }
    for (short_of, reason) in [(initial as fn(&[String]) -> Option<String>, INITIAL), (first, FIRST)] {
        let longs = by(&words, short_of);
        for (short, words) in words.iter().enumerate() {
            let [word] = words.as_slice() else { continue };
            let Some(fitting) = longs.get(word).filter(|_| is_name(word)) else { continue };
            if fitting.iter().all(|&long| groups.of[long] == groups.of[fitting[0]]) {
                groups.join(short, fitting[0], reason);
            }
        }
    }
    groups
        .members
        .into_iter()
        .zip(groups.reasons)
        .filter(|(members, _)| members.len() > 1)
        .map(|(members, reason)| suggestion(users, members, reason))
        .collect()
}

/// Whether a word is long enough for a name, and none of a role.
fn is_name(word: &str) -> bool {
    word.chars().count() >= 3 && !ROLES.contains(&word)
}

/// The names by something that is made of their words.
fn by(words: &[Vec<String>], key: impl Fn(&[String]) -> Option<String>) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, words) in words.iter().enumerate() {
        if let Some(key) = key(words) {
            found.entry(key).or_default().push(index);
        }
    }
    found
}

/// Names in groups; a group goes by the lowest of its names.
struct Groups {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
    reasons: Vec<&'static str>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self {
            of: (0..count).collect(),
            members: (0..count).map(|index| vec![index]).collect(),
            reasons: vec![SAME; count],
        }
    }

    fn join(&mut self, a: usize, b: usize, reason: &'static str) {
        let (low, high) = (self.of[a].min(self.of[b]), self.of[a].max(self.of[b]));
        if low != high {
            let moved = std::mem::take(&mut self.members[high]);
            for &index in &moved {
                self.of[index] = low;
            }
            self.members[low].extend(moved);
            self.reasons[low] = reason;
        }
    }
}

fn suggestion(users: &[(String, u64)], mut members: Vec<usize>, reason: &'static str) -> Suggestion {
    let rank = |&index: &usize| {
        let (name, events) = &users[index];
        (!name.contains('@'), std::cmp::Reverse(*events), name.clone())
    };
    members.sort_by_key(rank);
    let mut names = members.into_iter().map(|index| users[index].0.clone());
    Suggestion { user: names.next().unwrap_or_default(), aliases: names.collect(), reason }
}

/// The words of a name, small.
pub(super) fn words(name: &str) -> Vec<String> {
    let name = folded(name);
    let (local, is_private) = match name.split_once('@') {
        Some((local, domain)) => (local, domain.starts_with("users.noreply.")),
        None => (name.as_str(), false),
    };
    // 1234+ada@users.noreply.github.com is ada; ada+shop@example.com too.
    let parts: Vec<&str> = local.split('+').collect();
    let local = if is_private { parts[parts.len() - 1] } else { parts[0] };
    let words = local.split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-' | ','));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn initial(words: &[String]) -> Option<String> {
    let [first, .., last] = words else { return None };
    Some(first.chars().take(1).chain(last.chars()).collect())
}

fn first(words: &[String]) -> Option<String> {
    (words.len() > 1).then(|| words[0].clone())
}

/// An alias file of what is known and what is suggested.
pub fn file(known: &Aliases, suggestions: &[Suggestion]) -> String {
    let mut text =
        "# One person's names, for --aliases: the name that reports show, and the others.\n[users]\n".to_owned();
    let list = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    for (user, aliases) in known.users() {
        let more = suggestions.iter().filter(|suggestion| suggestion.user == user).flat_map(|found| &found.aliases);
        let all: Vec<String> = aliases.iter().chain(more).cloned().collect();
        // writing into a string cannot fail
        let _ = writeln!(text, "{} = [{}]", quoted(user), list(&all));
    }
    for Suggestion { user, aliases, reason } in suggestions {
        if known.users().all(|(known, _)| known != user) {
            let _ = writeln!(text, "# {reason}\n{} = [{}]", quoted(user), list(aliases));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        let users: Vec<(String, u64)> = names.iter().map(|name| ((*name).to_owned(), 1)).collect();
        let found = suggest(&users).into_iter();
        let found: Vec<String> =
            found.map(|one| format!("{} = {} ({})", one.user, one.aliases.join(" = "), one.reason)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_that_look_alike_are_told() {
        check(&["Ada Lovelace", "ada.lovelace@x.com"], &["ada.lovelace@x.com = Ada Lovelace (the same name)"]);
        check(
            &["ada@x.com", "7+ada@users.noreply.github.com"],
            &["7+ada@users.noreply.github.com = ada@x.com (the same name)"],
        );
        check(&["Ada Lovelace", "alovelace"], &["Ada Lovelace = alovelace (the initial and the last name)"]);
        check(&["Ada Lovelace", "ada@x.com"], &["ada@x.com = Ada Lovelace (the first name, and nobody else has it)"]);
        check(&["ada-l", "zoë", "Zoë"], &["Zoë = zoë (the same name)"]);
    }

    #[test]
    fn what_fits_two_people_and_roles_say_nothing() {
        check(&["Ada Lovelace", "Ada Byron", "ada@x.com"], &[]);
        check(&["team@x.com", "team@y.com", "admin", "Admin"], &[]);
        check(&["ben@x.com", "eve@x.com", "al@x.com", "al@y.com"], &[]);
        check(&["user1@x.com", "user2@x.com", "user01@x.com"], &[]);
    }

    #[test]
    fn a_written_file_is_read_again() {
        let found = suggest(&[
            ("Ada \"A\" Lovelace".to_owned(), 1),
            ("ada.a.lovelace@x.com".to_owned(), 2),
            ("ada.\"a\".lovelace".to_owned(), 1),
        ]);
        assert!(!found.is_empty());
        let text = file(&Aliases::default(), &found);
        let read = super::super::of_toml(&text).and_then(|pairs| Aliases::new(&pairs)).unwrap();
        assert_eq!(file(&read, &[]).lines().nth(2), text.lines().nth(3));
    }
}
