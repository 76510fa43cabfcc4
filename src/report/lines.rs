//! One line an event: where it stands, its class, how sure that is, and why.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    classify::{
        self,
        links::{Inferred, feature_of},
    },
    ingest::Ingested,
    model::{
        decision::{Decision, Probability},
        event::Event,
    },
    report::{
        clean::{self, defused},
        focus::Charge,
    },
    rollup::{Candidate, Classified, Selection},
    timeline::Timeline,
};

/// A line of `classify`, in the order of its keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct V1Line {
    event_id: Option<String>,
    file: String,
    line: u32,
    timestamp: String,
    user: Option<String>,
    app: Option<String>,
    session: Option<String>,
    feature: Option<String>,
    amount: String,
    unit: &'static str,
    action: &'static str,
    best: &'static str,
    probability: f64,
    reason: String,
    earlier: Option<String>,
    /// How sure the feature is, where it was inferred; null where a column tells it.
    feature_probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
}

/// The columns of [`V1Line`] for CSV, prompts aside.
const COLUMNS: [&str; 16] = [
    "event_id",
    "file",
    "line",
    "timestamp",
    "user",
    "app",
    "session",
    "feature",
    "amount",
    "unit",
    "action",
    "best",
    "probability",
    "reason",
    "earlier",
    "feature_probability",
];

/// The selected events, in the order of the timeline; after them the grants, top-ups and expiries.
pub fn lines(input: &Ingested, classified: Classified, selection: &Selection) -> Vec<V1Line> {
    let timeline = classified.timeline;
    let picked = picked(input, classified, selection);
    picked.map(|(event, decision, inferred)| line(input, timeline, event, &decision, inferred)).collect()
}

/// As [`lines`], the events themselves.
pub fn selected<'a>(input: &'a Ingested, classified: Classified<'a>, selection: &'a Selection) -> Vec<&'a Event> {
    picked(input, classified, selection).map(|(event, ..)| event).collect()
}

/// As [`lines`], uses and refunds only, with their classes and features.
pub fn charges<'a>(input: &'a Ingested, classified: Classified<'a>, selection: &'a Selection) -> Vec<Charge<'a>> {
    let is_use = |event: &Event| input.names.tag(event.tag).entry.is_use();
    let used = picked(input, classified, selection).filter(|(event, ..)| is_use(event));
    used.map(|(event, decision, inferred)| Charge { event, decision, feature: feature_of(event, inferred) }).collect()
}

/// The positions of the selected events, pools aside, with their decisions.
pub(in crate::report) fn picked_at<'a>(
    input: &'a Ingested,
    classified: Classified<'a>,
    selection: &'a Selection,
) -> impl Iterator<Item = (usize, Decision)> + 'a {
    let all = classified.timeline.events().iter().zip(classified.decisions).enumerate();
    all.filter(move |(position, (event, decision))| {
        let feature = classified.feature(*position);
        selection.picks(Candidate { event, action: decision.action, feature }, &input.names)
    })
    .map(|(position, (_, decision))| (position, *decision))
}

fn picked<'a>(
    input: &'a Ingested,
    classified: Classified<'a>,
    selection: &'a Selection,
) -> impl Iterator<Item = (&'a Event, Decision, Option<Inferred>)> {
    let Classified { timeline, decisions, inferred, .. } = classified;
    let all = timeline.events().iter().zip(decisions).zip(inferred);
    let events = all.map(|((event, decision), inferred)| (event, *decision, *inferred));
    let pool = input.pool.iter().map(|entry| (entry, classify::no_use(), None));
    events.chain(pool).filter(move |(event, decision, inferred)| {
        let feature = feature_of(event, *inferred);
        selection.picks(Candidate { event, action: decision.action, feature }, &input.names)
    })
}

fn line(
    input: &Ingested,
    timeline: &Timeline,
    event: &Event,
    decision: &Decision,
    inferred: Option<Inferred>,
) -> V1Line {
    let names = &input.names;
    let (thread, tag) = (names.thread(event.thread), names.tag(event.tag));
    let text = |word| names.text_of(word).map(str::to_owned);
    let kept = input.kept.get(&event.place);
    let earlier = decision.earlier.and_then(|position| timeline.events().get(position as usize));
    V1Line {
        event_id: kept.and_then(|kept| kept.id.as_deref()).map(str::to_owned),
        file: input.files[event.place.file as usize].path.clone(),
        line: event.place.line,
        timestamp: event.at.to_string(),
        user: text(thread.user),
        app: thread.app.map(|app| names.app_label(thread.workspace, app).to_owned()),
        session: text(thread.session),
        feature: text(feature_of(event, inferred)),
        amount: event.amount.to_string(),
        unit: tag.account.unit.word(),
        action: decision.action.word(),
        best: decision.best.word(),
        probability: decision.probability.get(),
        reason: classify::words::reason(decision, kept.map_or(&[], |kept| &kept.said)),
        earlier: earlier.map(|earlier| input.reference(earlier.place)),
        feature_probability: inferred.filter(|inferred| !inferred.is_told).map(|inferred| inferred.probability.get()),
        prompt: kept.and_then(|kept| kept.prompt.as_deref()).map(str::to_owned),
    }
}

/// The line of one event.
pub(super) fn at(input: &Ingested, classified: Classified, position: usize) -> V1Line {
    let Classified { timeline, decisions, inferred, .. } = classified;
    line(input, timeline, &timeline.events()[position], &decisions[position], inferred[position])
}

/// An event and its decision as text, a line for each part that is known.
pub(super) fn card(line: &V1Line) -> String {
    let class = match (line.action, line.best) {
        (action, best) if action == best => action.to_owned(),
        (action, best) => format!("{action}, likeliest {best}"),
    };
    let parts = [
        ("event", line.event_id.clone()),
        ("place", Some(place(line))),
        ("when", Some(line.timestamp.clone())),
        ("user", line.user.clone()),
        ("app", line.app.clone()),
        ("feature", line.feature.clone()),
        ("amount", Some(amount(line))),
        ("class", Some(format!("{class}, probability {}", Probability::new(line.probability)))),
        ("reason", Some(line.reason.clone()).filter(|reason| !reason.is_empty())),
        ("earlier", line.earlier.clone()),
        ("prompt", line.prompt.clone()),
    ];
    let known = parts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    known.map(|(name, text)| format!("{name:<14} {}", clean::line(&text))).collect::<Vec<_>>().join("\n") + "\n"
}

/// Aligned text, one line an event.
pub fn text(lines: &[V1Line]) -> String {
    let widest = |of: fn(&V1Line) -> String| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (place_width, amount_width) = (widest(place), widest(amount));
    let mut text = String::new();
    for line in lines {
        text += &format!(
            "{:<place_width$}  {:>amount_width$}  {:<14} {}  {}\n",
            place(line),
            amount(line),
            line.action,
            Probability::new(line.probability),
            clean::line(&line.reason),
        );
    }
    text
}

fn place(line: &V1Line) -> String {
    clean::line(&format!("{}:{}", line.file, line.line))
}

fn amount(line: &V1Line) -> String {
    format!("{} {}", line.amount, line.unit)
}

/// One JSON object a line.
///
/// # Errors
/// Never in memory.
pub fn jsonl(lines: &[V1Line]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut bytes, line).context("writing JSON")?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// Comma-separated values; texts that a spreadsheet would run as a formula are defused.
///
/// # Errors
/// Never in memory.
pub fn csv(lines: &[V1Line]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let safe = |text: &Option<String>| text.as_deref().map(defused).unwrap_or_default();
    for line in lines {
        let number = line.line.to_string();
        writer.write_record([
            safe(&line.event_id).as_str(),
            &defused(&line.file),
            &number,
            &line.timestamp,
            &safe(&line.user),
            &safe(&line.app),
            &safe(&line.session),
            &safe(&line.feature),
            &line.amount,
            line.unit,
            line.action,
            line.best,
            &Probability::new(line.probability).to_string(),
            &line.reason,
            &safe(&line.earlier),
            &line.feature_probability.map_or_else(String::new, |chance| Probability::new(chance).to_string()),
        ])?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error).context("writing CSV")
}
