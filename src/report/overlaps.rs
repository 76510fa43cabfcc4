//! Overlapping exports in words and as JSON: what the newest file changes or lacks, and which files may hold the same events
//! twice.
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    ingest::Ingested,
    model::{amount::Total, event::Account, names::Names},
    report::words,
    timeline::{
        Overlap, Suspect, Timeline,
        exports::Newer,
        overlaps::{Aspect, Changed, Figures},
        suspects::Difference,
    },
};

/// What is known of the overlaps of all files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct V1Overlaps {
    overlaps: Vec<V1Overlap>,
    /// How many overlaps there are beyond those.
    more_overlaps: u64,
    suspects: Vec<V1Suspect>,
    /// How many suspects there are beyond those.
    more_suspects: u64,
}

/// Two files that tell the same events and do not say the same of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Overlap {
    newer: String,
    older: String,
    newer_because: Cow<'static, str>,
    changed: Option<V1Changed>,
    lacking: Vec<V1Amount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Changed {
    rows: u64,
    what: Vec<Cow<'static, str>>,
    first: V1Pair,
    amounts: Vec<V1Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Pair {
    older: String,
    newer: String,
}

/// What the changed rows of an account add up to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Change {
    provider: String,
    meter: Cow<'static, str>,
    unit: Cow<'static, str>,
    rows_before: u64,
    rows_after: u64,
    before: String,
    after: String,
    billed_before: String,
    billed_after: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Amount {
    provider: String,
    meter: Cow<'static, str>,
    unit: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    amount: String,
}

/// Two files that may hold the same events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct V1Suspect {
    newer: String,
    older: String,
    rows: u64,
    at_stake: Vec<V1Amount>,
    differences: Vec<Cow<'static, str>>,
    first: V1Pair,
    advice: Cow<'static, str>,
}

/// All overlaps of the files of a timeline, by the paths of the files.
pub fn view(input: &Ingested, timeline: &Timeline) -> V1Overlaps {
    V1Overlaps {
        overlaps: timeline.overlaps().iter().map(|overlap| overlap_of(input, overlap)).collect(),
        suspects: timeline.suspects().iter().map(|suspect| suspect_of(input, suspect)).collect(),
        ..V1Overlaps::default()
    }
    .in_order()
}

fn overlap_of(input: &Ingested, overlap: &Overlap) -> V1Overlap {
    let path = |file: u32| input.files[file as usize].path.clone();
    let lacking = overlap.lacking.iter();
    let mut lacking: Vec<V1Amount> =
        lacking.map(|(account, (rows, sum))| amount(&input.names, *account, Some(*rows), *sum)).collect();
    lacking.sort();
    V1Overlap {
        newer: path(overlap.newer),
        older: path(overlap.older),
        newer_because: because(overlap.because).into(),
        changed: overlap.changed.as_ref().map(|changed| changed_of(input, changed)),
        lacking,
    }
}

fn changed_of(input: &Ingested, changed: &Changed) -> V1Changed {
    let change = |(account, figures): (&Account, &Figures)| {
        let Figures { before, after } = figures;
        V1Change {
            provider: input.names.text(account.provider).to_owned(),
            meter: account.meter.word().into(),
            unit: account.unit.word().into(),
            rows_before: before.rows,
            rows_after: after.rows,
            before: before.amount.to_string(),
            after: after.amount.to_string(),
            billed_before: before.billed.to_string(),
            billed_after: after.billed.to_string(),
        }
    };
    let mut amounts: Vec<V1Change> = changed.figures.iter().map(change).collect();
    amounts.sort();
    V1Changed {
        rows: changed.rows,
        what: changed.aspects.iter().map(|one| aspect(*one).into()).collect(),
        first: V1Pair { older: input.at(changed.before), newer: input.at(changed.after) },
        amounts,
    }
}

fn suspect_of(input: &Ingested, suspect: &Suspect) -> V1Suspect {
    let path = |file: u32| input.files[file as usize].path.clone();
    let at_stake = suspect.at_stake.iter();
    let mut at_stake: Vec<V1Amount> =
        at_stake.map(|(account, sum)| amount(&input.names, *account, None, *sum)).collect();
    at_stake.sort();
    V1Suspect {
        newer: path(suspect.newer),
        older: path(suspect.older),
        rows: suspect.rows,
        at_stake,
        differences: suspect.differences.iter().map(|one| difference(*one).into()).collect(),
        first: V1Pair { older: input.at(suspect.first.0), newer: input.at(suspect.first.1) },
        advice: advice(&suspect.differences).into(),
    }
}

fn amount(names: &Names, account: Account, rows: Option<u64>, sum: Total) -> V1Amount {
    V1Amount {
        provider: names.text(account.provider).to_owned(),
        meter: account.meter.word().into(),
        unit: account.unit.word().into(),
        rows,
        amount: sum.to_string(),
    }
}

const fn because(newer: Newer) -> &'static str {
    match newer {
        Newer::EndsLater => "it ends later",
        Newer::HoldsMore => "both end together and it holds more rows",
        Newer::ByDigest => "both end together and hold as many rows: a digest of the rows decides",
    }
}

const fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Amount => "amount",
        Aspect::Account => "unit or meter",
        Aspect::Basis => "billed or included",
        Aspect::Entry => "use or refund",
        Aspect::Status => "status",
        Aspect::User => "user",
        Aspect::App => "app",
        Aspect::Time => "time",
        Aspect::Rows => "number of rows",
    }
}

const fn difference(difference: Difference) -> &'static str {
    match difference {
        Difference::Id => "only one of them has event ids",
        Difference::OtherId => "their event ids differ",
        Difference::Time => "their ids are equal and their times differ",
        Difference::App => "their apps differ",
        Difference::User => "only one of them names the user",
        Difference::Fraction => "their fractions of a second differ",
        Difference::Amount => "their amounts differ",
        Difference::Other => "they differ in what tells rows apart, or are too few",
    }
}

/// What to do about files that may hold the same events, by the weightiest difference.
const fn advice(differences: &[Difference]) -> &'static str {
    match differences {
        [Difference::Id, ..] => "if they are the same, export both with event ids, or leave one file out",
        [Difference::App, ..] => {
            "if they are the same, give the app one name or an app_id in both, or leave one file out"
        }
        [Difference::User, ..] => "if they are the same, leave the file without users out",
        _ => "if they are the same, leave one file out",
    }
}

/// So many pairs of files are named in sentences.
const MOST: usize = 20;
/// So many are named in JSON, of overlaps and of suspects each.
const MOST_NAMED: usize = 1_000;

impl V1Overlaps {
    fn in_order(mut self) -> Self {
        self.overlaps.sort_by(|a, b| (&a.newer, &a.older).cmp(&(&b.newer, &b.older)));
        self.suspects.sort_by(|a, b| (&a.newer, &a.older).cmp(&(&b.newer, &b.older)));
        self
    }

    /// Those of several inputs.
    pub fn merged(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.overlaps.extend(part.overlaps);
            all.suspects.extend(part.suspects);
        }
        all.in_order()
    }

    /// The first of them, and how many more there are.
    #[must_use]
    pub fn shown(&self) -> Self {
        let more = |n: usize| n.saturating_sub(MOST_NAMED) as u64;
        Self {
            overlaps: self.overlaps.iter().take(MOST_NAMED).cloned().collect(),
            more_overlaps: more(self.overlaps.len()),
            suspects: self.suspects.iter().take(MOST_NAMED).cloned().collect(),
            more_suspects: more(self.suspects.len()),
        }
    }

    /// How many pairs of files there is something to say of.
    fn count(&self) -> u64 {
        (self.overlaps.len() + self.suspects.len()) as u64 + self.more_overlaps + self.more_suspects
    }

    /// Whether there is anything to say.
    pub fn is_empty(&self) -> bool {
        self.overlaps.is_empty() && self.suspects.is_empty()
    }

    /// A sentence for each pair of files, what may be counted twice first.
    pub(in crate::report) fn sentences(&self) -> Vec<String> {
        let suspects = self.suspects.iter().map(V1Suspect::sentence);
        let mut said: Vec<String> = suspects.chain(self.overlaps.iter().map(V1Overlap::sentence)).collect();
        if let Some(more @ 1..) = self.count().checked_sub(MOST as u64) {
            said.truncate(MOST);
            let pairs = words::counted(more, "more pair of files", "more pairs of files");
            said.push(if self.more_overlaps + self.more_suspects == 0 {
                format!("and {pairs}: the JSON output names all")
            } else {
                format!("and {pairs}: the JSON output names the first {}", words::count(MOST_NAMED as u64))
            });
        }
        said
    }

    /// The same for a small screen: two sentences at most, without reasons and places.
    pub(in crate::report) fn in_short(&self) -> Vec<String> {
        let suspects = self.suspects.iter().map(V1Suspect::in_short);
        let mut said: Vec<String> = suspects.chain(self.overlaps.iter().map(V1Overlap::in_short)).collect();
        let count = self.count();
        if count > 2 {
            said.truncate(1);
            let more = words::counted(count - 1, "more overlap", "more overlaps");
            said.push(format!("{more} of files that differ: see Files and data quality in the report"));
        }
        said
    }
}

impl V1Overlap {
    fn sentence(&self) -> String {
        let Self { newer, older, newer_because, changed, lacking } = self;
        let mut parts = Vec::new();
        if let Some(changed) = changed {
            let rows = words::counted(changed.rows, "row", "rows");
            let V1Pair { older: before, newer: after } = &changed.first;
            let what = words::list(&changed.what.iter().map(|what| what.clone().into_owned()).collect::<Vec<_>>());
            parts.push(format!("changes {rows} in {what}: {} (first {before}, now {after})", changed.figures()));
        }
        if !lacking.is_empty() {
            let rows = lacking.iter().filter_map(|one| one.rows).sum();
            let (rows, amounts) = (words::counted(rows, "row", "rows"), amounts(lacking));
            parts.push(format!("lacks {rows} within its period, {amounts}, which are counted"));
        }
        let is_sure = *newer_because == because(Newer::EndsLater);
        let advice = if is_sure { String::new() } else { format!("; if {older} is right, leave {newer} out") };
        let what = parts.join(" and ");
        format!("{newer} counts where it tells the same as {older}, because {newer_because}; it {what}{advice}")
    }

    fn in_short(&self) -> String {
        let Self { newer, older, changed, lacking, .. } = self;
        if let Some(changed) = changed {
            let rows = words::counted(changed.rows, "row", "rows");
            return format!("{newer} changes {rows} of {older} and counts: {}", changed.figures());
        }
        let rows = words::counted(lacking.iter().filter_map(|one| one.rows).sum(), "row", "rows");
        format!("{newer} lacks {rows} of {older}, which are counted: {}", amounts(lacking))
    }
}

impl V1Changed {
    /// `0.3 → 0.45 usd`, and what of it was billed, where that changes otherwise.
    fn figures(&self) -> String {
        let figure = |change: &V1Change| {
            let V1Change { unit, before, after, billed_before, billed_after, .. } = change;
            let billed = format!(", billed {billed_before} → {billed_after}");
            let is_all = (before, after) == (billed_before, billed_after) || billed_before == billed_after;
            format!("{before} → {after} {unit}{}", if is_all { "" } else { billed.as_str() })
        };
        self.amounts.iter().map(figure).collect::<Vec<_>>().join("; ")
    }
}

impl V1Suspect {
    fn sentence(&self) -> String {
        let Self { newer, older, rows, at_stake, differences, first, advice } = self;
        let rows = words::counted(*rows, "row is", "rows are");
        format!(
            "{older} and {newer} may hold the same events twice: {rows} alike, but {}; {} may be counted twice (first {} \
             and {}); {advice}",
            differences.join(", "),
            amounts(at_stake),
            first.older,
            first.newer,
        )
    }

    fn in_short(&self) -> String {
        let Self { newer, older, at_stake, .. } = self;
        format!("{older} and {newer} may hold the same events: {} may be counted twice", amounts(at_stake))
    }
}

fn amounts(amounts: &[V1Amount]) -> String {
    amounts.iter().map(|one| format!("{} {}", one.amount, one.unit)).collect::<Vec<_>>().join(" and ")
}
