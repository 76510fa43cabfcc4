//! Features as a team calls them: `--features FILE`, which tells the feature of sessions, apps and prompts.
//!
//! ```toml
//! [[feature]]
//! name = "checkout"
//! topic = ["stripe", "voucher*"]       # things that prompts name
//! session = ["pay-*"]                  # the session column; `thread` is the same
//!
//! [[feature]]
//! name = "back office"
//! app = ["admin-*"]
//! feature = ["Admin", "admin panel"]   # what reports called it before, told by a column or inferred
//! ```
//!
//! The first feature of the file that fits an event counts. A feature column is overruled by patterns of `feature` only;
//! what nothing fits keeps what was inferred. Patterns are those of [`crate::cues::pattern`], of a whole value; a topic
//! is compared word by word in base form, so that "webhook" fits "the webhooks".
use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::{
    classify::links::Inferred,
    cues::{pattern::Pattern, topic},
    model::{
        decision::Probability,
        event::{About, Event, ThreadId, Word},
        names::Names,
    },
    timeline::Timeline,
};

/// Features and what tells them.
#[derive(Debug, Clone)]
pub struct FeatureMap {
    path: String,
    names: Vec<String>,
    patterns: Vec<Told>,
}

/// A pattern and the feature it tells.
#[derive(Debug, Clone)]
struct Told {
    /// The position among the names.
    feature: usize,
    field: Field,
    /// As it was written.
    written: String,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Feature,
    Session,
    App,
    Topic,
}

/// How a pattern is compared.
#[derive(Debug, Clone)]
enum How {
    /// With a whole value.
    Whole(Pattern),
    /// With the things that a prompt names: all of these are among them.
    Things(Vec<String>),
    /// With each of these things.
    Each(Pattern),
}

/// What a pattern did.
#[derive(Debug, Clone, Copy, Default)]
struct Effect {
    given: u64,
    /// How many events it fits that something before it told.
    taken: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    feature: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    #[serde(default)]
    feature: Vec<String>,
    #[serde(default, alias = "thread")]
    session: Vec<String>,
    #[serde(default)]
    app: Vec<String>,
    #[serde(default)]
    topic: Vec<String>,
}

impl Field {
    const fn word(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Session => "session",
            Self::App => "app",
            Self::Topic => "topic",
        }
    }
}

impl FeatureMap {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not of that form, or says two things of one pattern.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("reading the features of {shown}"))?;
        Self::parse(&shown, &text)
    }

    /// Reads a text of a file of this name.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let document: Document = toml::from_str(text).with_context(|| {
            format!("reading the features of {path}: write [[feature]], a name, and lists of patterns for topic, session, app or feature")
        })?;
        let mut map = Self { path: path.to_owned(), names: Vec::new(), patterns: Vec::new() };
        for raw in document.feature {
            let name = raw.name.trim().to_owned();
            ensure!(!name.is_empty(), "{path}: feature {} has no name", map.names.len() + 1);
            ensure!(!map.names.contains(&name), "{path}: feature {name:?} stands twice: put its patterns together");
            let (before, feature) = (map.patterns.len(), map.names.len());
            map.names.push(name.clone());
            let fields = [
                (Field::Feature, raw.feature),
                (Field::Session, raw.session),
                (Field::App, raw.app),
                (Field::Topic, raw.topic),
            ];
            for (field, written) in
                fields.into_iter().flat_map(|(field, all)| all.into_iter().map(move |one| (field, one)))
            {
                let place = || format!("{path}: feature {name:?}: {} {written:?}", field.word());
                let how = how(field, &written).with_context(place)?;
                let is_same = |told: &&Told| told.field == field && told.written.eq_ignore_ascii_case(&written);
                if let Some(other) = map.patterns.iter().find(is_same) {
                    bail!("{} is given to {:?} too: keep one of them", place(), map.names[other.feature]);
                }
                map.patterns.push(Told { feature, field, written, how });
            }
            ensure!(
                map.patterns.len() > before,
                "{path}: feature {name:?} has no pattern: give topic, session, app or feature a list of them"
            );
        }
        ensure!(!map.names.is_empty(), "{path}: it names no feature");
        Ok(map)
    }

    /// Tells the events their features; gives sentences on what each feature took and on patterns without effect.
    pub fn apply(&self, timeline: &Timeline, names: &mut Names, inferred: &mut [Option<Inferred>]) -> Vec<String> {
        let words: Vec<Word> = self.names.iter().map(|name| names.word(name)).collect();
        let mut known: FxHashMap<(ThreadId, About, Option<Word>), Vec<usize>> = FxHashMap::default();
        let mut effects = vec![Effect::default(); self.patterns.len()];
        let mut given = vec![0_u64; self.names.len()];
        let mut conflicts = vec![(0_usize, 0_u64); self.names.len()];
        let mut by_column = 0;
        for (event, inferred) in timeline.events().iter().zip(inferred) {
            let key = (event.thread, event.about, inferred.map(|inferred| inferred.feature));
            let fits = known.entry(key).or_insert_with(|| self.fits(event, key.2, names));
            let Some(first) = fits.first().copied() else { continue };
            let is_column = event.about.feature().is_some() && self.patterns[first].field != Field::Feature;
            for at in fits.iter().copied() {
                let is_given = !is_column && at == first;
                effects[at].given += u64::from(is_given);
                effects[at].taken += u64::from(!is_given);
            }
            if is_column {
                by_column += 1;
                continue;
            }
            let feature = self.patterns[first].feature;
            given[feature] += 1;
            if let Some(other) = fits.iter().map(|at| self.patterns[*at].feature).find(|other| *other != feature) {
                conflicts[other] = (feature, conflicts[other].1 + 1);
            }
            *inferred = Some(Inferred { feature: words[feature], probability: Probability::ONE, is_told: true });
        }
        self.sentences(&effects, &given, &conflicts, by_column)
    }

    /// The patterns that fit, the one that counts first.
    fn fits(&self, event: &Event, inferred: Option<Word>, names: &Names) -> Vec<usize> {
        let thread = names.thread(event.thread);
        let lower = |text: Option<&str>| text.map(str::to_lowercase);
        let column = event.about.feature();
        let called = lower(names.text_of(column.or(inferred)));
        let session = lower(names.text_of(thread.session));
        let app = lower(thread.app.map(|app| names.app_label(thread.workspace, app)));
        let id = lower(names.text_of(thread.app));
        let things: Vec<&str> = event
            .about
            .topic()
            .map(|topic| names.topic(topic).words().map(|word| names.text(word)).collect())
            .unwrap_or_default();
        let fits = |told: &Told| match &told.how {
            How::Things(wanted) => wanted.iter().all(|word| things.contains(&word.as_str())),
            How::Each(pattern) => things.iter().any(|thing| pattern.is_all_of(thing)),
            How::Whole(pattern) => {
                let values = match told.field {
                    Field::Session => [session.as_deref(), None],
                    Field::App => [app.as_deref(), id.as_deref()],
                    Field::Feature | Field::Topic => [called.as_deref(), None],
                };
                values.into_iter().flatten().any(|value| pattern.is_all_of(value))
            }
        };
        let mut found: Vec<usize> = (0..self.patterns.len()).filter(|at| fits(&self.patterns[*at])).collect();
        // a column is overruled by name only; an inferred name counts as a pattern like others, in the order of the file
        if column.is_some() {
            found.sort_by_key(|at| self.patterns[*at].field != Field::Feature);
        }
        found
    }

    fn sentences(&self, effects: &[Effect], given: &[u64], conflicts: &[(usize, u64)], by_column: u64) -> Vec<String> {
        let events = |count: u64| format!("{count} event{}", if count == 1 { "" } else { "s" });
        let path = &self.path;
        let mut said = Vec::new();
        for ((name, given), (first, count)) in self.names.iter().zip(given).zip(conflicts) {
            said.push(format!("{path}: {name:?} is the feature of {}", events(*given)));
            if *count > 0 {
                let first = &self.names[*first];
                said.push(format!(
                    "{path}: {name:?} also fits {}: {first:?} stands before it and counts",
                    events(*count)
                ));
            }
        }
        for (told, effect) in self.patterns.iter().zip(effects).filter(|(_, effect)| effect.given == 0) {
            let Told { feature, field, written, .. } = told;
            let why = match effect.taken {
                0 => "fits no event".to_owned(),
                taken => format!("has no effect: something before it tells its {}", events(taken)),
            };
            said.push(format!("{path}: {:?}: {} {written:?} {why}", self.names[*feature], field.word()));
        }
        if by_column > 0 {
            said.push(format!(
                "{path}: the feature column tells {} itself: patterns of feature overrule it",
                events(by_column)
            ));
        }
        said
    }
}

/// How a pattern of a field is compared.
fn how(field: Field, written: &str) -> Result<How> {
    let pattern = Pattern::parse(written).context("it fits everything, or is empty")?;
    if field != Field::Topic {
        return Ok(How::Whole(pattern));
    }
    if written.contains('*') {
        ensure!(!written.trim().contains(' '), "a topic with * is one word");
        return Ok(How::Each(pattern));
    }
    let mut things = Vec::new();
    topic::each_word(written, |word| {
        things.push(word.to_owned());
        true
    });
    ensure!(
        !things.is_empty(),
        "it names no thing: prompts are searched for things such as \"invoice\", not for other words"
    );
    Ok(How::Things(things))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrong(text: &str, expected: &str) {
        let error = format!("{:#}", FeatureMap::parse("f.toml", text).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn wrong_files_are_told_by_what_is_wrong() {
        let feature = |lines: &str| format!("[[feature]]\n{lines}\n");
        check_wrong("", "missing field `feature`");
        check_wrong(&feature("name = 'a'"), "feature \"a\" has no pattern");
        check_wrong(&feature("name = ' '\napp = ['x']"), "feature 1 has no name");
        check_wrong(&feature("name = 'a'\napp = ['*']"), "feature \"a\": app \"*\": it fits everything");
        check_wrong(&feature("name = 'a'\ntopic = ['please fix it']"), "names no thing");
        check_wrong(&feature("name = 'a'\ntopic = ['big shop*']"), "one word");
        check_wrong(&feature("name = 'a'\ncolour = ['x']"), "unknown field `colour`");
        let twice = feature("name = 'a'\napp = ['x']") + &feature("name = 'b'\napp = ['X']");
        check_wrong(&twice, "feature \"b\": app \"X\" is given to \"a\" too");
        check_wrong(&(feature("name = 'a'\napp = ['x']") + &feature("name = 'a'\napp = ['y']")), "stands twice");
    }
}
