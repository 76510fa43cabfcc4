//! What is asked for by name: which events count, budgets, who pays, kinds of projects, what is to be built. Names are
//! compared with those of the events, so they go the same way: aliases become users, and names of users go where no output
//! shows them.
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::{
    audit::{budget::Holder, scope::Scope},
    classify::links::{Inferred, feature_of},
    ingest::identity::{Aliases, pseudonyms::Mask},
    model::{event::Word, names::Names, text::folded},
    pipeline::Terms,
    rollup::Selection,
    timeline::Timeline,
};

/// So many names are told in a note.
const MOST: usize = 5;

/// What is asked for by name.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which events count.
    pub selection: Selection,
    /// What is asked of what was read.
    pub terms: Terms,
}

/// A kind of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Of a workspace.
    Workspace,
    /// Of an app, its id too.
    App,
    /// Of a feature, told or inferred.
    Feature,
    /// Of a user.
    User,
}

/// The names that files have, in the form in which they are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(pub BTreeSet<(Kind, String)>);

impl Known {
    /// The names of all events and of the entries of pools.
    pub(super) fn of(names: &Names, timeline: &Timeline, inferred: &[Option<Inferred>]) -> Self {
        let mut known = BTreeSet::new();
        let mut words: BTreeSet<(Kind, Word)> = BTreeSet::new();
        for thread in names.threads() {
            words.extend(thread.workspace.map(|word| (Kind::Workspace, word)));
            words.extend(thread.user.map(|word| (Kind::User, word)));
            words.extend(thread.app.map(|word| (Kind::App, word)));
            known.extend(thread.app.map(|app| (Kind::App, folded(names.app_label(thread.workspace, app)))));
        }
        let features = timeline.events().iter().zip(inferred).map(|(event, inferred)| feature_of(event, *inferred));
        let features: FxHashSet<Word> = features.flatten().collect();
        words.extend(features.into_iter().map(|word| (Kind::Feature, word)));
        known.extend(words.into_iter().map(|(kind, word)| (kind, folded(names.text(word)))));
        Self(known)
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Workspace, Self::App, Self::Feature, Self::User];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::App => "app",
            Self::Feature => "feature",
            Self::User => "user",
        }
    }
}

impl Request {
    /// With the users that aliases stand for.
    #[must_use]
    pub fn with_users(self, aliases: &Aliases) -> Self {
        self.renamed(&|name| aliases.user_of(name).unwrap_or_else(|| name.to_owned()), &str::to_owned)
    }

    /// As outputs without names of users show it.
    #[must_use]
    pub fn masked(self, mask: &Mask) -> Self {
        self.renamed(&|name| mask.user(name), &|text| mask.text(text).unwrap_or_else(|| text.to_owned()))
    }

    /// With other names for what is called by a name that a bundle does not know, as it may be a person's there.
    #[must_use]
    pub fn without_strangers(mut self, known: &Known, mask: &Mask) -> Self {
        let hide = |kind: Kind, name: &mut String| {
            if !known.0.contains(&(kind, folded(name))) {
                *name = mask.stranger(name);
            }
        };
        for budget in &mut self.terms.budgets {
            match &mut budget.holder {
                Holder::All | Holder::User(_) => {}
                Holder::Workspace(name) => hide(Kind::Workspace, name),
                Holder::App(name) => hide(Kind::App, name),
                Holder::Feature(name) => hide(Kind::Feature, name),
            }
        }
        for center in &mut self.terms.centers {
            center.apps.iter_mut().for_each(|name| hide(Kind::App, name));
            center.workspaces.iter_mut().for_each(|name| hide(Kind::Workspace, name));
        }
        self.terms.projects.apps.iter_mut().for_each(|(app, _)| hide(Kind::App, app));
        self
    }

    /// Whether a bundle knows all places that are named.
    pub fn is_known(&self, known: &Known) -> bool {
        let mut names = self.names().into_iter().filter(|(_, kind, _)| *kind != Kind::User);
        names.all(|(_, kind, name)| known.0.contains(&(kind, folded(name))))
    }

    /// The users that are named.
    pub fn named_users(&self) -> Vec<String> {
        self.users().map(str::to_owned).collect()
    }

    fn renamed(mut self, user: &dyn Fn(&str) -> String, text: &dyn Fn(&str) -> String) -> Self {
        let all = |names: &mut Vec<String>, of: &dyn Fn(&str) -> String| {
            for name in names {
                *name = of(name);
            }
        };
        all(&mut self.selection.users, user);
        all(&mut self.selection.apps, text);
        all(&mut self.selection.features, text);
        for budget in &mut self.terms.budgets {
            match &mut budget.holder {
                Holder::All => {}
                Holder::User(name) => *name = user(name),
                Holder::Workspace(name) | Holder::App(name) | Holder::Feature(name) => *name = text(name),
            }
        }
        for center in &mut self.terms.centers {
            center.name = text(&center.name);
            all(&mut center.users, user);
            all(&mut center.apps, text);
            all(&mut center.workspaces, text);
        }
        for (member, _) in &mut self.terms.planning.caps {
            *member = user(member);
        }
        for (app, _) in &mut self.terms.projects.apps {
            *app = text(app);
        }
        self.terms.scope = self.terms.scope.map(|scope| scope.renamed(text));
        self
    }

    /// The users that are named.
    pub(super) fn users(&self) -> impl Iterator<Item = &str> {
        let budgets = self.terms.budgets.iter().filter_map(|budget| match &budget.holder {
            Holder::User(name) => Some(name),
            _ => None,
        });
        let caps = self.terms.planning.caps.iter().map(|(member, _)| member);
        let centers = self.terms.centers.iter().flat_map(|center| &center.users);
        self.selection.users.iter().chain(budgets).chain(caps).chain(centers).map(String::as_str)
    }

    /// Which names nothing in the files has, in sentences.
    pub(super) fn unmet(&self, known: &Known) -> Vec<String> {
        let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (by, kind, name) in self.names() {
            if !known.0.contains(&(kind, folded(name))) {
                said.entry(by).or_default().push(format!("{} {name:?}", kind.word()));
            }
        }
        said.into_iter().map(|(by, missing)| sentence(&by, &missing)).collect()
    }

    /// Every name with who asks for it; features of a scope may be to come.
    fn names(&self) -> Vec<(String, Kind, &str)> {
        let mut names: Vec<(String, Kind, &str)> = Vec::new();
        let selection = &self.selection;
        add(&mut names, "--user", Kind::User, &selection.users);
        add(&mut names, "--app", Kind::App, &selection.apps);
        add(&mut names, "--feature", Kind::Feature, &selection.features);
        for budget in &self.terms.budgets {
            let (kind, name) = match &budget.holder {
                Holder::All => continue,
                Holder::User(name) => (Kind::User, name),
                Holder::Workspace(name) => (Kind::Workspace, name),
                Holder::App(name) => (Kind::App, name),
                Holder::Feature(name) => (Kind::Feature, name),
            };
            add(&mut names, "budgets", kind, [name]);
        }
        for center in &self.terms.centers {
            let by = format!("the cost centre {:?}", center.name);
            add(&mut names, &by, Kind::User, &center.users);
            add(&mut names, &by, Kind::App, &center.apps);
            add(&mut names, &by, Kind::Workspace, &center.workspaces);
        }
        add(&mut names, "[member_cap]", Kind::User, self.terms.planning.caps.iter().map(|(member, _)| member));
        add(&mut names, "[project]", Kind::App, self.terms.projects.apps.iter().map(|(app, _)| app));
        add(&mut names, "the scope", Kind::App, self.terms.scope.iter().filter_map(Scope::app));
        names
    }
}

/// Adds names of a kind that somebody asks for.
fn add<'a>(names: &mut Vec<(String, Kind, &'a str)>, by: &str, kind: Kind, all: impl IntoIterator<Item = &'a String>) {
    names.extend(all.into_iter().map(|name| (by.to_owned(), kind, name.as_str())));
}

fn sentence(by: &str, missing: &[String]) -> String {
    let more = missing.len().checked_sub(MOST).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let shown = missing[..missing.len().min(MOST)].join(", ");
    format!("{by}: nothing in the files is called {shown}{more}")
}
