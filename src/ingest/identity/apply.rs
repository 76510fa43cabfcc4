//! Users get the names that the aliases give them, in events and in what a vendor tells of them.
use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::{Ingested, identity::Aliases, totals::Subject};

/// So many users, and so many unused entries, are named in notes.
const MOST: usize = 5;

/// Renames the users of all that was read, and notes what was done and which aliases name nobody.
pub(in crate::ingest) fn apply(ingested: &mut Ingested, aliases: &Aliases) {
    let mut met: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut rename = |name: &str| {
        let user = aliases.user_of(name);
        let known = user.clone().unwrap_or_else(|| name.to_owned());
        met.entry(known).or_default().insert(super::fold(name));
        user
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
    let (mut joined, mut unused) = (Vec::new(), Vec::new());
    for (user, others) in aliases.users() {
        let met = met.get(user).unwrap_or(&none);
        let (here, absent): (Vec<&String>, Vec<&String>) =
            others.iter().partition(|name| met.contains(&super::fold(name)));
        unused.extend(absent.into_iter().map(|name| format!("{name:?}")));
        if !here.is_empty() {
            let here: Vec<&str> = here.into_iter().map(String::as_str).collect();
            joined.push(format!("{} counted as {user}", here.join(" and ")));
        }
    }
    ingested.notes.extend(sentence("aliases", &joined));
    ingested.notes.extend(sentence("aliases that name nobody in the files", &unused));
}

fn sentence(head: &str, parts: &[String]) -> Option<String> {
    let more = parts.len().checked_sub(MOST).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let shown = parts.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("; ");
    (!parts.is_empty()).then(|| format!("{head}: {shown}{more}"))
}
