//! Pseudonyms: names of users that a report can travel with.
//!
//! A pseudonym is `user-` and the first twelve hexadecimal digits of SHA-256 over a salt and the name in small letters. Who
//! has no salt cannot try names; with the same salt, a person has the same pseudonym in every report. [`Mask`] puts
//! pseudonyms in place of names wherever a text holds one: names of users, their other names, e-mail addresses (of
//! whomever), the part of a user's address before the `@`, and the first and the last name that a name or an address is
//! made of, in either order and however they are joined; as whole words, without regard to case and accents. First names
//! alone, initials and nicknames are not known.
use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use crate::{
    ingest::identity::{
        finder::{Finder, Found},
        suggest,
    },
    model::{digest::sha256, text::folded},
};

/// A shorter salt could be guessed.
const SHORTEST: usize = 16;
/// So many digits: the chance that two of a thousand users get the same ones is 2e-9.
const DIGITS: usize = 12;
/// What an address can begin with that names no person; such words stay where they are no whole name.
#[rustfmt::skip]
const ROLES: [&str; 42] = [
    "accounting", "admin", "ai", "api", "app", "build", "ci", "contact", "db", "deploy", "design", "dev", "do", "go",
    "hello", "help", "hi", "hr", "in", "info", "io", "is", "it", "mail", "me", "my", "no", "office", "ops", "os", "pm",
    "qa", "sales", "support", "team", "test", "to", "ui", "us", "ux", "we", "web",
];
/// What first and last names are joined by.
const JOINS: [&str; 6] = [" ", ".", "-", "_", ", ", ""];

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
    /// Finds known names in texts.
    finder: Finder,
    /// The pseudonym of each name of the finder.
    found: Vec<String>,
    /// What stands for texts that would be the same without their names, and are not.
    twins: BTreeMap<String, String>,
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
        let name = folded(name);
        if is_pseudonym(&name) {
            return name;
        }
        let digest = sha256(format!("{}\0{name}", self.salt).as_bytes());
        format!("user-{}", &digest[..DIGITS])
    }

    /// Digits for a text that is no user's name.
    fn digest(&self, text: &str) -> String {
        sha256(format!("{}\0text\0{text}", self.salt).as_bytes())
    }

    /// What stands for a name of which nobody knows whether it is a person's.
    fn stranger(&self, name: &str) -> String {
        format!("name-{}", &self.digest(&folded(name))[..DIGITS])
    }

    /// A mask for users, each with the name that stands for it in reports.
    ///
    /// # Errors
    /// When two users have one pseudonym, or there are more names than can be searched for.
    pub fn mask<'n>(&self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Result<Mask> {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        // a pseudonym that is asked for by itself stands for whoever has it
        for (name, user) in names.into_iter().filter(|(_, user)| !is_pseudonym(&folded(user))) {
            let pseudonym = self.of(user);
            let owner = owners.entry(pseudonym.clone()).or_insert_with(|| folded(user));
            ensure!(*owner == folded(user), "two users have the pseudonym {pseudonym}: take another salt");
            known.insert(folded(name), pseudonym);
        }
        for forms in [locals, full_names] {
            let more: Vec<(String, String)> =
                known.iter().flat_map(|(name, to)| forms(name).into_iter().map(|form| (form, to.clone()))).collect();
            for (form, pseudonym) in more {
                known.entry(form).or_insert(pseudonym);
            }
        }
        let searched: Vec<(&String, &String)> = known.iter().filter(|(name, _)| is_searched(name)).collect();
        let finder = Finder::new(searched.iter().map(|(name, _)| name.as_str()))?;
        let found = searched.into_iter().map(|(_, pseudonym)| pseudonym.clone()).collect();
        Ok(Mask { pseudonyms: self.clone(), known, finder, found, twins: BTreeMap::new() })
    }
}

impl Mask {
    /// The pseudonym of what is known to be a user's name.
    pub fn user(&self, name: &str) -> String {
        self.known.get(&folded(name)).cloned().unwrap_or_else(|| self.pseudonyms.of(name))
    }

    /// Keeps texts apart that would be the same without their names: each gets four digits of its own, by the salt.
    pub fn keep_apart<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        let mut same: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for text in texts {
            if let Some(masked) = self.text(text) {
                same.entry(masked).or_default().push(text);
            }
        }
        for (masked, mut texts) in same {
            texts.sort_unstable();
            texts.dedup();
            for text in texts.iter().filter(|_| texts.len() > 1) {
                let digest = self.pseudonyms.digest(text);
                self.twins.insert((*text).to_owned(), format!("{masked} ~{}", &digest[..4]));
            }
        }
    }

    /// What stands for a name of which nobody knows whether it is a person's.
    pub fn stranger(&self, name: &str) -> String {
        self.pseudonyms.stranger(name)
    }

    /// A text without names; `None` where it holds none.
    pub fn text(&self, text: &str) -> Option<String> {
        if let Some(twin) = self.twins.get(text) {
            return Some(twin.clone());
        }
        if let Some(pseudonym) = self.known.get(&folded(text)) {
            return Some(pseudonym.clone());
        }
        let mut places: Vec<(usize, usize, String)> =
            addresses(text).map(|(start, end)| (start, end, self.user(&text[start..end]))).collect();
        let of_names = self.finder.find(text).into_iter();
        places.extend(of_names.map(|Found { start, end, name }| (start, end, self.found[name].clone())));
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
fn locals(name: &str) -> Vec<String> {
    let local = name.split_once('@').map(|(local, _)| local);
    local.filter(|local| local.chars().count() >= 2 && !ROLES.contains(local)).map(str::to_owned).into_iter().collect()
}

/// The first and the last name that a name is made of, in either order and however they are joined.
fn full_names(name: &str) -> Vec<String> {
    let words = suggest::words(name);
    let is_name = |word: &String| word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
    let ([first, last] | [first, .., last]) = words.as_slice() else { return Vec::new() };
    let are_names = words.iter().all(is_name) && !ROLES.contains(&first.as_str()) && !ROLES.contains(&last.as_str());
    let joined = |[one, other]: [&String; 2]| JOINS.map(|join| format!("{one}{join}{other}"));
    let both = [[first, last], [last, first]].into_iter().filter(|_| are_names);
    both.flat_map(joined).collect()
}

/// Single letters and bare numbers are names only where they stand alone.
fn is_searched(name: &str) -> bool {
    name.chars().count() > 1 && name.chars().any(|letter| !letter.is_ascii_digit())
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
            ("Émile Zola", "Émile Zola"),
            ("jo@example.com", "jo@example.com"),
            ("me@example.com", "me@example.com"),
        ];
        Pseudonyms::new("a salt of sixteen letters").unwrap().mask(names).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mask = mask();
        let names = [
            ("M", "maya.okafor@example.com"),
            ("I", "info@example.com"),
            ("T", "田中"),
            ("X", "x@y.org"),
            ("E", "émile zola"),
            ("J", "jo@example.com"),
        ];
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
        check("ÉMILE ZOLA GmbH/Émile Zola.csv", "<E> GmbH/<E>.csv");
    }

    #[test]
    fn full_names_are_masked_however_they_are_joined() {
        check("Maya Okafor portfolio", "<M> portfolio");
        check("maya_okafor, MAYA-OKAFOR, mayaokafor", "<M>, <M>, <M>");
        check("Okafor, Maya", "<M>");
        check("zola-emile", "<E>");
        check("jo-app about me", "<J>-app about me");
        check("the okafor account of maya", "the okafor account of maya");
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
