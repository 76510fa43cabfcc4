//! Rules that give a class: `pattern, field, class`, in order; the first that fits an event counts.
//!
//! CSV with these three columns, or TOML with a `[[rule]]` for each. Patterns are those of [`crate::cues::pattern`].
use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::{
    classify::corrections::class,
    cues::pattern::Pattern,
    ingest::Ingested,
    model::{action::Action, event::Event},
};

/// Rules in order.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
    /// The patterns that prompts are compared with while they are read.
    of_prompts: Arc<[Pattern]>,
}

#[derive(Debug, Clone)]
struct Rule {
    /// Where it stands: `rules.csv:2`.
    place: String,
    field: Field,
    action: Action,
}

/// What a pattern is compared with.
#[derive(Debug, Clone)]
enum Field {
    /// The prompt; the position among the patterns of prompts.
    Prompt(u16),
    /// The text of a field.
    Text(&'static str, Pattern),
}

/// What a rule did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effect {
    /// How many events got their class from it.
    given: u64,
    /// How many it fits that an earlier rule took.
    taken: u64,
    /// The first earlier rule that gave such an event another class, and how many there are.
    against: Option<(u16, u64)>,
}

/// A rule as files write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    pattern: String,
    field: String,
    class: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    rule: Vec<Raw>,
}

const FIELDS: [&str; 11] =
    ["prompt", "user", "app", "workspace", "session", "feature", "kind", "status", "model", "event_id", "file"];

impl Rules {
    /// Reads a file: TOML by its ending, else CSV.
    ///
    /// # Errors
    /// When it cannot be read, or a rule has no pattern, no known field or no known class.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads a text of a file of this name.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let is_toml = Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        let raw = if is_toml { from_toml(path, text)? } else { from_csv(path, text)? };
        if raw.is_empty() {
            bail!("{path}: no rule; each needs pattern, field and class");
        }
        let (mut rules, mut of_prompts) = (Vec::with_capacity(raw.len()), Vec::new());
        for (place, Raw { pattern, field, class: word }) in raw {
            let at = || place.clone();
            let action = class(&word).with_context(at)?;
            let Some(pattern) = Pattern::parse(&pattern) else { bail!("{place}: pattern {pattern:?} fits everything") };
            let Some(name) = FIELDS.into_iter().find(|name| *name == field.trim().to_lowercase()) else {
                bail!("{place}: unknown field {field:?}: use one of {}", FIELDS.join(", "));
            };
            let field = if name == "prompt" {
                of_prompts.push(pattern);
                Field::Prompt(u16::try_from(of_prompts.len() - 1).with_context(at)?)
            } else {
                Field::Text(name, pattern)
            };
            rules.push(Rule { place, field, action });
        }
        u16::try_from(rules.len()).with_context(|| format!("{path}: too many rules"))?;
        Ok(Self { rules, of_prompts: of_prompts.into() })
    }

    /// The patterns that prompts are to be compared with while they are read.
    pub fn of_prompts(&self) -> Arc<[Pattern]> {
        Arc::clone(&self.of_prompts)
    }

    /// How many rules there are.
    pub(super) fn len(&self) -> usize {
        self.rules.len()
    }

    /// The class of a rule.
    pub(super) fn action(&self, rule: u16) -> Action {
        self.rules[usize::from(rule)].action
    }

    /// Where a rule stands.
    pub fn place(&self, rule: u16) -> &str {
        &self.rules[usize::from(rule)].place
    }

    /// The rules that fit an event, in order.
    pub(super) fn fits(&self, event: &Event, input: &Ingested) -> Vec<u16> {
        let patterns = input.kept.get(&event.place).map_or(&[][..], |kept| &kept.patterns);
        let fits = |rule: &Rule| match &rule.field {
            Field::Prompt(number) => patterns.contains(number),
            Field::Text(field, pattern) => {
                text_of(field, event, input).is_some_and(|text| pattern.is_all_of(&text.to_lowercase()))
            }
        };
        (0..).zip(&self.rules).filter(|(_, rule)| fits(rule)).map(|(number, _)| number).collect()
    }

    /// What to tell about rules that did nothing or contradict each other.
    pub(super) fn sentences(&self, effects: &[Effect]) -> Vec<String> {
        let mut sentences = Vec::new();
        for (Rule { place, action, .. }, effect) in self.rules.iter().zip(effects) {
            let events = |count: u64| format!("{count} event{}", if count == 1 { "" } else { "s" });
            match effect {
                Effect { given: 0, taken: 0, .. } => sentences.push(format!("{place}: this rule fits no event")),
                Effect { given: 0, taken, .. } => {
                    sentences
                        .push(format!("{place}: this rule has no effect: earlier ones took its {}", events(*taken)));
                }
                Effect { given, .. } => sentences.push(format!("{place}: {} {action}", events(*given) + " became")),
            }
            if let Some((other, count)) = effect.against {
                let Rule { place: first, action: counted, .. } = &self.rules[usize::from(other)];
                let events = events(count);
                sentences.push(format!("{place}: contradicts {first} on {events}: {counted} counts, not {action}"));
            }
        }
        sentences
    }
}

/// Books which rule an event's class comes from; `None` where none fits.
pub(super) fn tally(fits: &[u16], rules: &Rules, effects: &mut [Effect]) -> Option<u16> {
    let (&first, rest) = fits.split_first()?;
    effects[usize::from(first)].given += 1;
    for &later in rest {
        let effect = &mut effects[usize::from(later)];
        effect.taken += 1;
        if rules.action(later) != rules.action(first) {
            effect.against.get_or_insert((first, 0)).1 += 1;
        }
    }
    Some(first)
}

fn text_of<'i>(field: &str, event: &Event, input: &'i Ingested) -> Option<&'i str> {
    let names = &input.names;
    let (thread, tag) = (names.thread(event.thread), names.tag(event.tag));
    match field {
        "user" => names.text_of(thread.user),
        "app" => thread.app.map(|app| names.app_label(thread.workspace, app)),
        "workspace" => names.text_of(thread.workspace),
        "session" => names.text_of(thread.session),
        "feature" => names.text_of(event.about.feature()),
        "kind" => Some(tag.kind.word()),
        "status" => Some(tag.status.word()),
        "model" => names.text_of(tag.model),
        "event_id" => input.kept.get(&event.place).and_then(|kept| kept.id.as_deref()),
        "file" => Some(&input.files[event.place.file as usize].path),
        _ => None,
    }
}

fn from_toml(path: &str, text: &str) -> Result<Vec<(String, Raw)>> {
    let file: RawFile = toml::from_str(text).with_context(|| format!("reading {path}"))?;
    Ok((1..).zip(file.rule).map(|(number, raw): (u32, Raw)| (format!("{path}: rule {number}"), raw)).collect())
}

fn from_csv(path: &str, text: &str) -> Result<Vec<(String, Raw)>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let headers = reader.headers().with_context(|| format!("reading {path}"))?.clone();
    let mut rules = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| format!("reading {path}"))?;
        let place = format!("{path}:{}", record.position().map_or(0, csv::Position::line));
        let raw =
            record.deserialize(Some(&headers)).with_context(|| format!("{place}: needs pattern, field and class"))?;
        rules.push((place, raw));
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrong(path: &str, text: &str, expected: &str) {
        let error = format!("{:#}", Rules::parse(path, text).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn rules_are_read_from_csv_and_toml() {
        let rules =
            Rules::parse("r.csv", "# ours\nfield,pattern,class\nprompt,hotfix*,fix\nuser,ci-*,other\n").unwrap();
        assert_eq!((rules.len(), rules.of_prompts.len()), (2, 1));
        assert_eq!((rules.action(1), rules.place(1)), (Action::Other, "r.csv:4"));
        let text = "[[rule]]\npattern = \"hotfix\"\nfield = \"prompt\"\nclass = \"fix\"\n";
        assert_eq!(Rules::parse("r.toml", text).unwrap().place(0), "r.toml: rule 1");
    }

    #[test]
    fn wrong_rules_are_named() {
        check_wrong("r.csv", "pattern,field,class\nx,prompt,edit\n", "r.csv:2: \"edit\" is no class");
        check_wrong("r.csv", "pattern,field,class\nx,colour,fix\n", "r.csv:2: unknown field \"colour\"");
        check_wrong("r.csv", "pattern,field,class\n*,prompt,fix\n", "r.csv:2: pattern \"*\" fits everything");
        check_wrong("r.csv", "pattern,field\nx,prompt\n", "r.csv:2: needs pattern, field and class");
        check_wrong("r.csv", "pattern,field,class\n", "r.csv: no rule");
        check_wrong("r.toml", "[[rule]]\npattern = \"x\"\n", "reading r.toml");
    }

    #[test]
    fn rules_without_effect_and_against_each_other_are_told() {
        let rules =
            Rules::parse("r.csv", "pattern,field,class\na,user,fix\nb,user,fix\nc,user,other\nd,user,fix\n").unwrap();
        let mut effects = vec![Effect::default(); 4];
        assert_eq!(tally(&[0, 1, 2], &rules, &mut effects), Some(0));
        assert_eq!(tally(&[], &rules, &mut effects), None);
        assert_eq!(
            rules.sentences(&effects),
            [
                "r.csv:2: 1 event became fix",
                "r.csv:3: this rule has no effect: earlier ones took its 1 event",
                "r.csv:4: this rule has no effect: earlier ones took its 1 event",
                "r.csv:4: contradicts r.csv:2 on 1 event: fix counts, not other",
                "r.csv:5: this rule fits no event",
            ]
        );
    }
}
