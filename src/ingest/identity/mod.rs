//! Who is who: one person's e-mail addresses, names and tool accounts are one user, as `--aliases FILE` says.
//!
//! The file is TOML, a list of other names for each user,
//!
//! ```toml
//! [users]
//! "ada@example.com" = ["Ada Lovelace", "ada-l"]
//! ```
//!
//! or CSV with the columns `user` and `alias`, an alias a row. Names are compared without case. Users are renamed before
//! events are ordered, so that work of one person under two names falls into one session.
mod apply;
mod finder;
pub mod mask;
pub mod pseudonyms;
pub mod suggest;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::model::text::folded;

pub(super) use apply::apply;
pub use apply::{Spellings, agree, spellings};

/// Other names of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    /// The user of each name, which is folded; users stand for themselves.
    users: BTreeMap<String, String>,
    /// The aliases as they were written, by user.
    written: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    users: BTreeMap<String, Vec<String>>,
}

impl Aliases {
    /// Reads a file: CSV where its name ends so, else TOML.
    ///
    /// # Errors
    /// When it cannot be read, is not of that form, or says two things of one name.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("reading the aliases of {shown}"))?;
        let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        let pairs = if is_csv { of_csv(&text) } else { of_toml(&text) };
        pairs.and_then(|pairs| Self::new(&pairs)).with_context(|| format!("reading the aliases of {shown}"))
    }

    /// From pairs of a user and an alias.
    ///
    /// # Errors
    /// When a name is empty, is an alias of two users, or is an alias and a user itself.
    pub fn new(pairs: &[(String, String)]) -> anyhow::Result<Self> {
        let mut aliases = Self::default();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (user, _) in pairs {
            ensure!(!user.trim().is_empty(), "a user has no name");
            names.entry(folded(user)).or_insert_with(|| shown(user));
        }
        for (user, alias) in pairs {
            ensure!(!alias.trim().is_empty(), "an alias of {user:?} is empty");
            let user = names[&folded(user)].clone();
            if folded(alias) == folded(&user) {
                continue;
            }
            if names.contains_key(&folded(alias)) {
                bail!(
                    "{alias:?} is an alias of {user:?} and a user with aliases itself: list all of them under one name"
                );
            }
            let known = aliases.users.insert(folded(alias), user.clone());
            if let Some(other) = known.filter(|other| *other != user) {
                bail!("{alias:?} is an alias of both {other:?} and {user:?}");
            }
            let written = aliases.written.entry(user).or_default();
            if !written.iter().any(|known| folded(known) == folded(alias)) {
                written.push(alias.trim().to_owned());
            }
        }
        aliases.users.extend(names);
        Ok(aliases)
    }

    /// Whose name it is, where it is not as reports show it; e-mail addresses are shown in small letters.
    pub fn user_of(&self, name: &str) -> Option<String> {
        let user = self.users.get(&folded(name)).cloned().unwrap_or_else(|| shown(name));
        (user != name).then_some(user)
    }

    /// Every user with the other names, in order.
    pub fn users(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.written.iter().map(|(user, aliases)| (user.as_str(), aliases.as_slice()))
    }
}

/// A name as reports show it.
fn shown(name: &str) -> String {
    if name.contains('@') { folded(name) } else { name.trim().to_owned() }
}

fn of_toml(text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let document: Document = toml::from_str(text)?;
    let pairs = document.users.into_iter().flat_map(|(user, aliases)| {
        // A user without aliases is no mistake: the name is a user all the same.
        let aliases = if aliases.is_empty() { vec![user.clone()] } else { aliases };
        aliases.into_iter().map(move |alias| (user.clone(), alias))
    });
    Ok(pairs.collect())
}

fn of_csv(text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers()?.clone();
    let position = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let (Some(user), Some(alias)) = (position("user"), position("alias")) else {
        bail!("its header has no columns user and alias");
    };
    let pair = |record: csv::StringRecord| (record[user].to_owned(), record[alias].to_owned());
    reader.records().map(|record| Ok(pair(record?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases(toml: &str) -> Result<Aliases, String> {
        of_toml(toml).and_then(|pairs| Aliases::new(&pairs)).map_err(|err| format!("{err:#}"))
    }

    #[test]
    fn names_of_one_person_are_one_user() {
        let known = aliases("[users]\n\"Ada@Example.com\" = [\"Ada Lovelace\", \"ada-l\"]\n").unwrap();
        assert_eq!(known.user_of("ADA LOVELACE").as_deref(), Some("ada@example.com"));
        assert_eq!(known.user_of("ada-l").as_deref(), Some("ada@example.com"));
        assert_eq!(known.user_of("ADA@example.com").as_deref(), Some("ada@example.com"));
        assert_eq!(known.user_of("Ben@X.com").as_deref(), Some("ben@x.com"), "addresses are folded in any case");
        assert_eq!(known.user_of("ada@example.com"), None);
        assert_eq!(known.user_of("Ben"), None);
        let csv = of_csv("alias,user\nAda Lovelace,ada@example.com\nada-l,ADA@example.com\n")
            .and_then(|pairs| Aliases::new(&pairs));
        assert_eq!(csv.unwrap(), known);
    }

    #[track_caller]
    fn refused(toml: &str, expected: &str) {
        let cause = aliases(&format!("[users]\n{toml}")).unwrap_err();
        assert!(cause.contains(expected), "{cause}");
    }

    #[test]
    fn what_is_said_twice_is_refused() {
        refused("a = ['x']\nb = ['X']\n", "\"X\" is an alias of both \"a\" and \"b\"");
        refused("a = ['b']\nb = ['c']\n", "\"b\" is an alias of \"a\" and a user with aliases itself");
        refused("a = ['']\n", "an alias of \"a\" is empty");
        refused("a = 'x'\n", "invalid type");
        assert!(aliases("people = 1\n").is_err());
        assert!(of_csv("name,other\na,b\n").unwrap_err().to_string().contains("no columns user and alias"));
    }
}
