//! Bundles that share a workspace: what stands in two of them is found and refused, and what cannot be exact where they
//! meet is said.
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure};

use crate::{
    pipeline::bundle::Bundle,
    report::words,
    rollup::digests::{self, Digests},
};

/// A workspace; events without one are as one workspace of their own.
type Workspace = Option<String>;

/// What is not exact where bundles meet, in sentences; none where they share no workspace.
///
/// # Errors
/// When an event stands in two bundles, or it cannot be told whether one does.
pub(super) fn seams(bundles: &[Bundle]) -> anyhow::Result<Vec<String>> {
    let mut said: Vec<String> = bundles.iter().filter_map(made_otherwise).collect();
    let shared = shared(bundles);
    if shared.is_empty() {
        return Ok(said);
    }
    let positions: BTreeSet<usize> = shared.values().flatten().copied().collect();
    let mut digests: BTreeMap<usize, Digests> = BTreeMap::new();
    for position in positions {
        let bundle = &bundles[position];
        if let Some(made) = &bundle.made_otherwise {
            bail!(
                "{} was made by {made}, so it cannot be told whether other bundles of its workspaces hold the same \
                 events: make it again with `creditscope rollup`",
                bundle.label()
            );
        }
        digests.insert(position, bundle.digests()?);
    }
    for (workspace, holders) in &shared {
        let bundles_of = || holders.iter().map(|position| &bundles[*position]);
        if let Some((bundle, app)) = bundles_of().find_map(|bundle| Some((bundle, twins(bundle, workspace)?))) {
            bail!(
                "{} holds several apps of {} that are called {app:?}, and bundles tell apps by their names: audit the files \
                 of {} together",
                bundle.label(),
                name(workspace),
                words::list(&bundles_of().map(|bundle| bundle.label().to_owned()).collect::<Vec<_>>())
            );
        }
        for (number, one) in holders.iter().enumerate() {
            for other in &holders[number + 1..] {
                let of = |position: &usize| {
                    digests.get(position).and_then(|all| all.get(workspace)).map_or(&[][..], Vec::as_slice)
                };
                let twice = digests::shared(of(one), of(other));
                let (one, other) = (&bundles[*one], &bundles[*other]);
                ensure!(
                    aliases(one) == aliases(other),
                    "{} and {} both hold {} and were made with different --aliases, so one person may stand under two \
                     names: give both rollups the same file",
                    one.label(),
                    other.label(),
                    name(workspace)
                );
                ensure!(
                    twice == 0,
                    "{} and {} both hold {} of {}, which would count twice: audit the files of both together, or make \
                     bundles that do not overlap; of {} and of {}",
                    one.label(),
                    other.label(),
                    words::counted(twice, "event", "events"),
                    name(workspace),
                    one.waist.titles.join(", "),
                    other.waist.titles.join(", "),
                );
            }
        }
    }
    said.extend(shared.iter().map(|(workspace, holders)| {
        let labels: Vec<String> = holders.iter().map(|position| bundles[*position].label().to_owned()).collect();
        format!(
            "{} stands in {}, and no event in two of them: totals, users, apps by their names, models, days and features that \
             a column tells are exact; classes after a seam, inferred features, sessions, chains of repair and balances that cross \
             one are those of each bundle alone",
            name(workspace),
            words::list(&labels)
        )
    }));
    Ok(said)
}

/// The name of several apps of a workspace that their ids told apart.
fn twins(bundle: &Bundle, workspace: &Workspace) -> Option<String> {
    bundle.waist.rollups.accounts.iter().find_map(|account| {
        let mut seen = BTreeSet::new();
        let mut apps = account.by_app.iter().filter(|row| row.subject.workspace == *workspace);
        apps.find(|row| !seen.insert(&row.subject.app)).and_then(|row| row.subject.app.clone())
    })
}

/// What the files held that told whose names are whose.
fn aliases(bundle: &Bundle) -> Vec<&str> {
    let files = bundle.waist.reading.files.iter().filter(|file| file.option == ALIASES);
    files.map(|file| file.sha256.as_str()).collect()
}

const ALIASES: &str = "--aliases";

/// The workspaces that several bundles hold, each with the positions of the bundles.
fn shared(bundles: &[Bundle]) -> BTreeMap<Workspace, Vec<usize>> {
    let mut holders: BTreeMap<Workspace, Vec<usize>> = BTreeMap::new();
    for (position, bundle) in bundles.iter().enumerate() {
        for workspace in &bundle.workspaces {
            holders.entry(workspace.clone()).or_default().push(position);
        }
    }
    holders.retain(|_, positions| positions.len() > 1);
    holders
}

fn name(workspace: &Workspace) -> String {
    workspace.as_ref().map_or_else(|| "what has no workspace".to_owned(), |name| format!("the workspace {name}"))
}

fn made_otherwise(bundle: &Bundle) -> Option<String> {
    let made = bundle.made_otherwise.as_ref()?;
    Some(format!("{} was made by {made}: its classes and amounts are those of then", bundle.label()))
}
