//! Users get the names that the aliases give them, in events and in what a vendor tells of them.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ingest::{
        Ingested,
        identity::Aliases,
        totals::{Subject, ToldTotal},
    },
    model::text::folded,
};

/// So many users, and so many unused entries, are named in notes.
const MOST: usize = 5;
/// How the note on who counts as whom begins.
pub(super) const JOINED: &str = "aliases: ";

/// Renames the users of all that was read, and notes what was done and which aliases name nobody.
pub(in crate::ingest) fn apply(ingested: &mut Ingested, aliases: &Aliases, spellings: &Spellings) {
    let mut renaming = Renaming::new(aliases, spellings);
    ingested.names.rename_users(|name| renaming.rename(name), [&mut ingested.events, &mut ingested.pool]);
    renaming.told(ingested.files.iter_mut().flat_map(|file| &mut file.told));
    ingested.notes.extend(renaming.notes());
}

/// Renames the users that vendors tell totals of, and notes what is done where all that was read has these users.
pub fn agree<'n>(
    users: impl Iterator<Item = &'n str>,
    told: impl Iterator<Item = &'n mut ToldTotal>,
    aliases: &Aliases,
    spellings: &Spellings,
) -> Vec<String> {
    let mut renaming = Renaming::new(aliases, spellings);
    for user in users {
        renaming.rename(user);
    }
    renaming.told(told);
    renaming.notes()
}

/// Gives users other names, and remembers whom it met.
struct Renaming<'a> {
    aliases: &'a Aliases,
    spellings: &'a Spellings,
    met: BTreeMap<String, BTreeSet<String>>,
    alike: BTreeSet<String>,
}

impl<'a> Renaming<'a> {
    const fn new(aliases: &'a Aliases, spellings: &'a Spellings) -> Self {
        Self { aliases, spellings, met: BTreeMap::new(), alike: BTreeSet::new() }
    }

    /// The name of a user; `None` where it stays.
    fn rename(&mut self, name: &str) -> Option<String> {
        let known = self.aliases.user_of(name).unwrap_or_else(|| name.to_owned());
        let user = self.spellings.get(&folded(&known)).cloned().unwrap_or_else(|| known.clone());
        if user != known {
            self.alike.insert(format!("{known} counted as {user}"));
        }
        self.met.entry(user.clone()).or_default().insert(folded(name));
        (user != name).then_some(user)
    }

    fn told<'t>(&mut self, told: impl Iterator<Item = &'t mut ToldTotal>) {
        for total in told.filter(|total| total.subject == Subject::User) {
            if let Some(user) = self.rename(&total.name) {
                total.name = user;
            }
        }
    }

    /// What was done, and which aliases name nobody.
    fn notes(self) -> Vec<String> {
        let Self { aliases, met, alike, .. } = self;
        let none = BTreeSet::new();
        let (mut joined, mut unused) = (Vec::from_iter(alike), Vec::new());
        for (user, others) in aliases.users() {
            let met = met.get(user).unwrap_or(&none);
            let (here, absent): (Vec<&String>, Vec<&String>) =
                others.iter().partition(|name| met.contains(&folded(name)));
            unused.extend(absent.into_iter().map(|name| format!("{name:?}")));
            if !here.is_empty() {
                let here: Vec<&str> = here.into_iter().map(String::as_str).collect();
                joined.push(format!("{} counted as {user}", here.join(" and ")));
            }
        }
        let notes = [sentence(JOINED, &joined), sentence("aliases that name nobody in the files: ", &unused)];
        notes.into_iter().flatten().collect()
    }
}

/// One spelling of each user: names that differ in capitals only are one person's, as aliases, budgets and pseudonyms have it.
pub type Spellings = BTreeMap<String, String>;

/// The spellings of names.
pub fn spellings<'n>(names: impl Iterator<Item = &'n str>, aliases: &Aliases) -> Spellings {
    let mut spellings = Spellings::new();
    for name in names {
        let user = aliases.user_of(name).unwrap_or_else(|| name.to_owned());
        let chosen = spellings.entry(folded(&user)).or_insert_with(|| user.clone());
        if user < *chosen {
            *chosen = user;
        }
    }
    spellings
}

fn sentence(head: &str, parts: &[String]) -> Option<String> {
    let more = parts.len().checked_sub(MOST).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let shown = parts.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("; ");
    (!parts.is_empty()).then(|| format!("{head}{shown}{more}"))
}
