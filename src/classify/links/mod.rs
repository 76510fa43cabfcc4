//! Which earlier request an event comes back to, and which feature of its app it is about.
//!
//! Both questions are answered like a reader does, in order of time: the requests before are compared with this one
//! (shared things, distance, class, likeness; see `signs`), as is the chance that something new starts. The
//! comparison is a conditional logit (`McFadden` 1974), learned from histories where readers told the answers. A request
//! joins the feature whose two likeliest requests weigh most; its link goes to the likeliest request, with a bonus
//! within the feature. Only requests that share a thing, the last few and the very first are compared, so the work for
//! an event is bounded. A feature column is never overruled.
#[cfg(test)]
mod learn;
mod naming;
mod past;
mod signs;
#[cfg(test)]
mod tests;
mod weights;

use rayon::prelude::*;

use crate::{
    classify::rules,
    model::{
        account::Entry,
        action::Action,
        decision::{Decision, Probability},
        event::{Event, Word},
        names::Names,
    },
    timeline::Timeline,
};
use past::{Asked, Past, ToldTopics};
use signs::{Choice, Cued, KINDS, Row};

/// The feature that an event is taken to be about, where its export does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inferred {
    /// What a reader would call it; equal names of an app are one feature.
    pub feature: Word,
    /// How likely the event belongs there.
    pub probability: Probability,
    /// A file of features told it, which overrules a column.
    pub is_told: bool,
}

/// The feature of an event: what a file of features tells, else its column, else what was inferred.
pub fn feature_of(event: &Event, inferred: Option<Inferred>) -> Option<Word> {
    let column = event.about.feature().filter(|_| !inferred.is_some_and(|inferred| inferred.is_told));
    column.or(inferred.map(|inferred| inferred.feature))
}

/// What the features of an app as a whole, and what no smaller name fits, are called.
pub const WHOLE_APP: &str = "app";
/// What speaks for something new where the weights alone join too much.
const NEW_BONUS: f32 = 0.5;
/// What speaks for a link within the chosen feature.
const SAME_FEATURE_BONUS: f32 = 0.7;

/// What each sign and cue counts, in log-odds points.
struct Learned {
    signs: Row,
    cues: Cued,
}

/// Weights for one request.
struct Weighed<'a> {
    signs: &'a Row,
    /// What its cues say for each kind of choice.
    kinds: [f32; KINDS],
}

/// The features of an app's events, by position among the app's features, and their names.
struct App {
    joined: Vec<Option<(u32, Probability)>>,
    /// None for what nobody would call a feature.
    names: Vec<Option<Box<str>>>,
}

/// Sets the link of each decision; gives the inferred feature of each event.
pub fn link(timeline: &Timeline, decisions: &mut [Decision], names: &mut Names) -> Vec<Option<Inferred>> {
    let mut rest = decisions;
    let mut apps = Vec::with_capacity(timeline.apps().len());
    for range in timeline.apps() {
        let (mine, others) = rest.split_at_mut(range.len());
        apps.push((range.clone(), mine));
        rest = others;
    }
    let told = past::told_topics(timeline.events(), names);
    let known: &Names = names;
    let linked = apps.into_par_iter().map(|(range, decisions)| {
        let offset = u32::try_from(range.start).unwrap_or(u32::MAX);
        app(&timeline.events()[range], decisions, offset, (known, &told))
    });
    let linked: Vec<App> = linked.collect();
    let mut inferred = Vec::with_capacity(timeline.events().len());
    for app in linked {
        let words: Vec<Option<Word>> =
            app.names.iter().map(|name| name.as_deref().map(|name| names.word(name))).collect();
        let of = |(group, probability): (u32, Probability)| {
            let feature = words.get(group as usize).copied().flatten()?;
            Some(Inferred { feature, probability, is_told: false })
        };
        inferred.extend(app.joined.into_iter().map(|joined| joined.and_then(of)));
    }
    inferred
}

/// Links the events of one app.
fn app(events: &[Event], decisions: &mut [Decision], offset: u32, (names, told_topics): (&Names, &ToldTopics)) -> App {
    let mut past = Past::default();
    let mut joined = Vec::with_capacity(events.len());
    for ((event, decision), position) in events.iter().zip(decisions).zip(offset..) {
        let tag = names.tag(event.tag);
        let told = event.about.feature();
        if !event.cues.has_text() || !rules::is_building(tag) || tag.entry == Entry::Refund {
            joined.push(None);
            continue;
        }
        let asked = Asked::of(event, decision.best, names, told_topics);
        let (group, earlier, probability) = place(&asked, &mut past, told, (&weights::LINK, &weights::FEATURE));
        let resends = decision.earlier.filter(|_| decision.best == Action::Regeneration);
        decision.earlier = resends.or(earlier);
        past.push(asked, group, position, decision.earlier.is_none());
        joined.push(group.filter(|_| told.is_none()).map(|group| (group, probability)));
    }
    App { joined, names: naming::names(&past, names) }
}

/// The feature of a request and the position of the one it comes back to; a new feature is added.
fn place(
    asked: &Asked,
    past: &mut Past,
    told: Option<Word>,
    (link, by_feature): (&Learned, &Learned),
) -> (Option<u32>, Option<u32>, Probability) {
    let choices = signs::choices(asked, past);
    let (group, probability) = if let Some(told) = told {
        (Some(past.group_told(told)), Probability::ONE)
    } else {
        match feature(&choices, past, &by_feature.of(asked)) {
            (None, probability) if asked.action == Action::Other => (None, probability),
            (None, probability) => (Some(past.new_group(asked)), probability),
            known => known,
        }
    };
    (group, earlier(&choices, past, group, &link.of(asked)), probability)
}

/// The feature whose two likeliest requests weigh most; `None` for a new one.
fn feature(choices: &[Choice], past: &Past, weights: &Weighed) -> (Option<u32>, Probability) {
    let scored: Vec<(Option<u32>, f32)> = choices
        .iter()
        .filter_map(|choice| match choice.slot {
            None => Some((None, weights.score(choice) + NEW_BONUS)),
            Some(slot) => Some((Some(past.at(slot)?.group?), weights.score(choice))),
        })
        .collect();
    let most = scored.iter().map(|(_, score)| *score).fold(f32::MIN, f32::max);
    let mut groups: Vec<(Option<u32>, [f32; 2])> = Vec::new();
    for (group, score) in scored {
        let weight = (score - most).exp();
        let at = groups.iter().position(|(known, _)| *known == group).unwrap_or_else(|| {
            groups.push((group, [0.0; 2]));
            groups.len() - 1
        });
        let [first, second] = &mut groups[at].1;
        if weight > *first {
            (*first, *second) = (weight, *first);
        } else if weight > *second {
            *second = weight;
        }
    }
    let weight = |parts: &[f32; 2]| parts[0] + parts[1];
    let whole: f32 = groups.iter().map(|(_, parts)| weight(parts)).sum();
    let best = groups.iter().fold(None, |best: Option<&(Option<u32>, [f32; 2])>, group| match best {
        Some(best) if weight(&best.1) >= weight(&group.1) => Some(best),
        _ => Some(group),
    });
    best.map_or((None, Probability::ONE), |(group, parts)| (*group, Probability::new((weight(parts) / whole).into())))
}

/// The position of the likeliest earlier request; `None` where something new is likelier.
fn earlier(choices: &[Choice], past: &Past, group: Option<u32>, weights: &Weighed) -> Option<u32> {
    let mut best: Option<(f32, Option<u32>)> = None;
    for choice in choices {
        let other = choice.slot.and_then(|slot| past.at(slot));
        let is_same = other.is_some_and(|other| other.group.is_some() && other.group == group);
        let score = weights.score(choice) + if is_same { SAME_FEATURE_BONUS } else { 0.0 };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, other.map(|other| other.position)));
        }
    }
    best.and_then(|(_, position)| position)
}

impl Learned {
    /// The weights for a request: what its cues say is the same for all choices of a kind.
    fn of(&self, asked: &Asked) -> Weighed<'_> {
        let says =
            |cues: &[f32; 32]| (0..32).filter(|bit| asked.cues.bits & (1 << bit) != 0).map(|bit| cues[bit]).sum();
        Weighed { signs: &self.signs, kinds: self.cues.each_ref().map(says) }
    }
}

impl Weighed<'_> {
    fn score(&self, choice: &Choice) -> f32 {
        let signs: f32 = choice.signs.iter().zip(self.signs).map(|(sign, weight)| sign * weight).sum();
        let kinds = choice.kinds.iter().zip(self.kinds).filter(|(is, _)| **is);
        signs + kinds.map(|(_, weight)| weight).sum::<f32>() - choice.bar
    }
}
