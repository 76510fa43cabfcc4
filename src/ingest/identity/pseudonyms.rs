//! Pseudonyms: names of users that a report can travel with.
//!
//! A pseudonym is `user-` and the first twelve hexadecimal digits of SHA-256 over a salt and the name in small letters. Who
//! has no salt cannot try names; with the same salt, a person has the same pseudonym in every report. [`Mask`] puts
//! pseudonyms in place of names wherever a text holds one: names of users, their other names, e-mail addresses (of
//! whomever) and the part of a user's address before the `@`, as whole words.
use std::{collections::BTreeMap, fs, path::Path};

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::{Context as _, Result, ensure};

use crate::{ingest::identity::fold, model::digest::sha256};

/// A shorter salt could be guessed.
const SHORTEST: usize = 16;
/// So many digits: the chance that two of a thousand users get the same ones is 2e-9.
const DIGITS: usize = 12;
/// What an address can begin with that names no person; such words stay where they are no whole name.
const ROLES: [&str; 20] = [
    "accounting",
    "admin",
    "app",
    "build",
    "ci",
    "contact",
    "deploy",
    "design",
    "dev",
    "hello",
    "help",
    "info",
    "mail",
    "office",
    "ops",
    "sales",
    "support",
    "team",
    "test",
    "web",
];

/// Gives pseudonyms.
#[derive(Debug, Clone)]
pub struct Pseudonyms {
    salt: String,
}

/// Puts pseudonyms in place of names.
#[derive(Debug, Clone)]
pub struct Mask {
    pseudonyms: Pseudonyms,
    /// The pseudonym of each known name, which is folded.
    known: BTreeMap<String, String>,
    /// Finds known names in texts, whose letters are folded.
    finder: AhoCorasick,
    /// The pseudonym of each name of the finder.
    found: Vec<String>,
}

impl Pseudonyms {
    /// With the salt of a file: its text without blanks around it.
    ///
    /// # Errors
    /// When it cannot be read or is too short.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("reading the salt of {shown}"))?;
        Self::new(&text).with_context(|| format!("reading the salt of {shown}"))
    }

    /// With a salt.
    ///
    /// # Errors
    /// When it is too short.
    pub fn new(salt: &str) -> Result<Self> {
        let salt = salt.trim();
        ensure!(salt.len() >= SHORTEST, "a salt has {SHORTEST} characters at least, or it can be guessed");
        Ok(Self { salt: salt.to_owned() })
    }

    /// The pseudonym of a name; a pseudonym stands for itself.
    pub fn of(&self, name: &str) -> String {
        let name = fold(name);
        if is_pseudonym(&name) {
            return name;
        }
        let digest = sha256(format!("{}\0{name}", self.salt).as_bytes());
        format!("user-{}", &digest[..DIGITS])
    }

    /// A mask for users, each with the name that stands for it in reports.
    ///
    /// # Errors
    /// When two users have one pseudonym, or there are more names than can be searched for.
    pub fn mask<'n>(&self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Result<Mask> {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        for (name, user) in names {
            let pseudonym = self.of(user);
            let owner = owners.entry(pseudonym.clone()).or_insert_with(|| fold(user));
            ensure!(*owner == fold(user), "two users have the pseudonym {pseudonym}: take another salt");
            known.insert(fold(name), pseudonym);
        }
        let locals: Vec<(String, String)> =
            known.iter().filter_map(|(name, to)| Some((local(name)?, to.clone()))).collect();
        for (local, pseudonym) in locals {
            known.entry(local).or_insert(pseudonym);
        }
        let searched: Vec<(&String, &String)> = known.iter().filter(|(name, _)| is_searched(name)).collect();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(searched.iter().map(|(name, _)| name.as_str()))
            .context("preparing the search for names")?;
        let found = searched.into_iter().map(|(_, pseudonym)| pseudonym.clone()).collect();
        Ok(Mask { pseudonyms: self.clone(), known, finder, found })
    }
}

impl Mask {
    /// The pseudonym of what is known to be a user's name.
    pub fn user(&self, name: &str) -> String {
        self.known.get(&fold(name)).cloned().unwrap_or_else(|| self.pseudonyms.of(name))
    }

    /// A text without names; `None` where it holds none.
    pub fn text(&self, text: &str) -> Option<String> {
        if let Some(pseudonym) = self.known.get(&fold(text)) {
            return Some(pseudonym.clone());
        }
        let mut places: Vec<(usize, usize, String)> =
            addresses(text).map(|(start, end)| (start, end, self.user(&text[start..end]))).collect();
        let of_names =
            self.finder.find_overlapping_iter(text).filter(|found| is_word(text, found.start(), found.end()));
        places
            .extend(of_names.map(|found| (found.start(), found.end(), self.found[found.pattern().as_usize()].clone())));
        if places.is_empty() {
            return None;
        }
        places.sort_by_key(|(start, end, _)| (*start, usize::MAX - end));
        let (mut masked, mut from) = (String::new(), 0);
        for (start, end, pseudonym) in places {
            if start >= from {
                masked.push_str(&text[from..start]);
                masked.push_str(&pseudonym);
                from = end;
            }
        }
        masked.push_str(&text[from..]);
        Some(masked)
    }

    /// Takes the names out of a text.
    pub fn clear(&self, text: &mut String) {
        if let Some(masked) = self.text(text) {
            *text = masked;
        }
    }
}

fn is_pseudonym(name: &str) -> bool {
    let digits = name.strip_prefix("user-").unwrap_or_default();
    digits.len() == DIGITS && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// What stands before the `@` of an address, where it may name a person.
fn local(name: &str) -> Option<String> {
    let (local, _) = name.split_once('@')?;
    (local.chars().count() >= 3 && !ROLES.contains(&local)).then(|| local.to_owned())
}

/// Single letters and bare numbers are names only where they stand alone.
fn is_searched(name: &str) -> bool {
    name.chars().count() > 1 && name.chars().any(|letter| !letter.is_ascii_digit())
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let inner = |one: Option<char>, other: Option<char>| is_letter(one) && is_letter(other);
    !inner(text[..start].chars().next_back(), text[start..].chars().next())
        && !inner(text[..end].chars().next_back(), text[end..].chars().next())
}

/// Where e-mail addresses stand.
fn addresses(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let is_part = |letter: char| letter.is_alphanumeric() || "._%+-".contains(letter);
    text.match_indices('@').filter_map(move |(at, _)| {
        let start = text[..at].char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last()?.0;
        let after = &text[at + 1..];
        let end =
            after.char_indices().take_while(|(_, letter)| is_part(*letter)).map(|(at, letter)| at + letter.len_utf8());
        let domain = after[..end.last()?].trim_end_matches(['.', '-', '_']);
        (!domain.is_empty()).then_some((start, at + 1 + domain.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        let names = [
            ("maya.okafor@example.com", "maya.okafor@example.com"),
            ("Maya Okafor", "maya.okafor@example.com"),
            ("info@example.com", "info@example.com"),
            ("田中", "田中"),
            ("7", "7"),
        ];
        Pseudonyms::new("a salt of sixteen letters").unwrap().mask(names).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mask = mask();
        let names = [("M", "maya.okafor@example.com"), ("I", "info@example.com"), ("T", "田中"), ("X", "x@y.org")];
        let expected = names
            .iter()
            .fold(expected.to_owned(), |text, (mark, name)| text.replace(&format!("<{mark}>"), &mask.user(name)));
        assert_eq!(mask.text(text).unwrap_or_else(|| text.to_owned()), expected);
    }

    #[test]
    fn names_addresses_and_their_beginnings_are_masked() {
        check("MAYA.OKAFOR@example.com", "<M>");
        check("maya okafor · shop · 2026-10-01", "<M> · shop · 2026-10-01");
        check("maya.okafor-3, Maya.Okafor@Example.com.", "<M>-3, <M>.");
        check("asked x@y.org, not info desk 7", "asked <X>, not info desk 7");
        check("info@example.com", "<I>");
        check("田中 san", "<T> san");
        check("x@y.org, @types/node, 3@", "<X>, @types/node, 3@");
    }

    #[test]
    fn pseudonyms_are_stable_and_depend_on_the_salt() {
        let one = Pseudonyms::new("a salt of sixteen letters").unwrap();
        let other = Pseudonyms::new("another salt of letters").unwrap();
        assert_eq!(one.of("Ada@x.com "), one.of("ada@x.com"));
        assert_eq!(one.of(&one.of("ada")), one.of("ada"));
        assert_ne!(one.of("ada"), other.of("ada"));
        assert_ne!(one.of("ada"), one.of("ben"));
        assert!(Pseudonyms::new(" short ").is_err());
    }
}
