//! Users get the names that the aliases give them, in events and in what a vendor tells of them.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ingest::{Ingested, identity::Aliases, totals::Subject},
    model::text::folded,
};

/// So many users, and so many unused entries, are named in notes.
const MOST: usize = 5;
/// How the note on who counts as whom begins.
pub(super) const JOINED: &str = "aliases: ";

/// Renames the users of all that was read, and notes what was done and which aliases name nobody.
pub(in crate::ingest) fn apply(ingested: &mut Ingested, aliases: &Aliases) {
    let mut met: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let spellings = spellings(ingested, aliases);
    let mut alike: BTreeSet<String> = BTreeSet::new();
    let mut rename = |name: &str| {
        let known = aliases.user_of(name).unwrap_or_else(|| name.to_owned());
        let user = spellings.get(&folded(&known)).cloned().unwrap_or_else(|| known.clone());
        if user != known {
            alike.insert(format!("{known} counted as {user}"));
        }
        met.entry(user.clone()).or_default().insert(folded(name));
        (user != name).then_some(user)
    };
    ingested.names.rename_users(&mut rename, [&mut ingested.events, &mut ingested.pool]);
    for total in ingested.files.iter_mut().flat_map(|file| &mut file.told) {
        if total.subject == Subject::User
            && let Some(user) = rename(&total.name)
        {
            total.name = user;
        }
    }
    let none = BTreeSet::new();
    let (mut joined, mut unused) = (Vec::from_iter(alike), Vec::new());
    for (user, others) in aliases.users() {
        let met = met.get(user).unwrap_or(&none);
        let (here, absent): (Vec<&String>, Vec<&String>) = others.iter().partition(|name| met.contains(&folded(name)));
        unused.extend(absent.into_iter().map(|name| format!("{name:?}")));
        if !here.is_empty() {
            let here: Vec<&str> = here.into_iter().map(String::as_str).collect();
            joined.push(format!("{} counted as {user}", here.join(" and ")));
        }
    }
    ingested.notes.extend(sentence(JOINED, &joined));
    ingested.notes.extend(sentence("aliases that name nobody in the files: ", &unused));
}

/// One spelling of each user: names that differ in capitals only are one person's, as aliases, budgets and pseudonyms have it.
fn spellings(ingested: &Ingested, aliases: &Aliases) -> BTreeMap<String, String> {
    let mut spellings: BTreeMap<String, String> = BTreeMap::new();
    for name in ingested.names.threads().iter().filter_map(|thread| ingested.names.text_of(thread.user)) {
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
