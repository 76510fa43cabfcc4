//! A finding in words: whom it is about, what is concerned, what could be saved; and `tables/findings.csv`.
use anyhow::Context as _;

use crate::{
    audit::finding::say,
    model::{
        account::Unit,
        amount::{Amount, Total},
    },
    report::{
        Artifact, Report,
        clean::defused,
        json::audit::{V1Finding, V1Range},
        words,
    },
};

const COLUMNS: [&str; 21] = [
    "id",
    "title",
    "severity",
    "confidence",
    "provider",
    "meter",
    "unit",
    "amount",
    "value",
    "recoverable_low",
    "recoverable_high",
    "recoverable_value_low",
    "recoverable_value_high",
    "assumption",
    "workspace",
    "user",
    "app",
    "feature",
    "session",
    "evidence",
    "advice",
];

/// Whom a finding is about: `user ada, app shop, session s-12`; where there are several accounts, of which it is.
pub(super) fn about(finding: &V1Finding, report: &Report) -> String {
    let subject = &finding.subject;
    let parts = [
        ("workspace", &subject.workspace),
        ("user", &subject.user),
        ("app", &subject.app),
        ("feature", &subject.feature),
        ("session", &subject.session),
    ];
    let known: Vec<String> =
        parts.iter().filter_map(|(word, name)| Some(format!("{word} {}", name.as_deref()?))).collect();
    let known = if known.is_empty() { "the whole account".to_owned() } else { known.join(", ") };
    match report.rollups.accounts.as_slice() {
        [] | [_] => known,
        _ => format!("{} {} {}: {known}", finding.provider, finding.meter, finding.unit),
    }
}

/// What all findings together could save, an account each: the ranges hold no credit twice. `45 to 98 credits`.
pub(super) fn together(report: &Report) -> Vec<String> {
    let mut accounts: Vec<(&V1Finding, [Total; 2])> = Vec::new();
    for finding in &report.findings {
        let key = |one: &V1Finding| (one.provider.clone(), one.meter, one.unit);
        let exact = |decimal: &str| decimal.parse::<Amount>().map_or(Total::ZERO, Total::from);
        let ends = [&finding.recoverable.low, &finding.recoverable.high].map(|end| exact(end));
        match accounts.iter_mut().find(|(first, _)| key(first) == key(finding)) {
            Some((_, sum)) => *sum = [sum[0] + ends[0], sum[1] + ends[1]],
            None => accounts.push((finding, ends)),
        }
    }
    let is_several = report.rollups.accounts.len() > 1;
    let said = |(finding, [low, high]): (&V1Finding, [Total; 2])| {
        let amounts = [low, high].map(|end| said(&end.to_string(), finding.unit));
        let of = if is_several { format!(" ({} {})", finding.provider, finding.meter) } else { String::new() };
        let low = amounts[0].trim_end_matches(|letter: char| letter.is_alphabetic()).trim_end();
        format!("{low} to {}{of}", amounts[1])
    };
    accounts.into_iter().filter(|(_, sum)| sum[1] > Total::ZERO).map(said).collect()
}

/// What is concerned: `12.5 credits ($2.50)`.
pub(super) fn concerned(finding: &V1Finding) -> String {
    let amount = said(&finding.amount, finding.unit);
    match finding.value.as_deref().filter(|_| finding.unit != Unit::Usd.word()) {
        Some(value) => format!("{amount} ({})", said(value, Unit::Usd.word())),
        None => amount,
    }
}

/// What could be saved: `4 to 12 credits ($0.80 to $2.40)`; `None` where that is nothing.
pub(super) fn saving(finding: &V1Finding) -> Option<String> {
    let between = |range: &V1Range, unit: &str| format!("{} to {}", said(&range.low, unit), said(&range.high, unit));
    if finding.recoverable.high == "0" {
        return None;
    }
    let amount = between(&finding.recoverable, finding.unit);
    let money = finding.recoverable_value.as_ref().filter(|_| finding.unit != Unit::Usd.word());
    Some(money.map_or(amount.clone(), |money| format!("{amount} ({})", between(money, Unit::Usd.word()))))
}

fn said(decimal: &str, unit: &str) -> String {
    let unit = Unit::ALL.iter().copied().find(|known| known.word() == unit).unwrap_or(Unit::Credits);
    decimal
        .parse::<Amount>()
        .map_or_else(|_| format!("{decimal} {}", words::unit(unit)), |amount| say(Total::from(amount), unit))
}

/// Every finding, a row each.
pub(super) fn csv(report: &Report) -> anyhow::Result<Artifact> {
    let path = "tables/findings.csv";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).with_context(|| format!("writing {path}"))?;
    for finding in &report.findings {
        let text = |text: &Option<String>| text.as_deref().map(defused).unwrap_or_default();
        let worth = finding.recoverable_value.as_ref();
        let subject = &finding.subject;
        writer
            .write_record([
                finding.id.clone(),
                defused(&finding.title),
                finding.severity.clone(),
                finding.confidence.clone(),
                defused(&finding.provider),
                finding.meter.to_owned(),
                finding.unit.to_owned(),
                finding.amount.clone(),
                finding.value.clone().unwrap_or_default(),
                finding.recoverable.low.clone(),
                finding.recoverable.high.clone(),
                worth.map(|range| range.low.clone()).unwrap_or_default(),
                worth.map(|range| range.high.clone()).unwrap_or_default(),
                finding.assumption.to_owned(),
                text(&subject.workspace),
                text(&subject.user),
                text(&subject.app),
                text(&subject.feature),
                text(&subject.session),
                defused(&finding.evidence.join("; ")),
                finding.advice.clone(),
            ])
            .with_context(|| format!("writing {path}"))?;
    }
    let bytes = writer.into_inner().with_context(|| format!("writing {path}"))?;
    Ok(Artifact { path: path.to_owned(), bytes })
}
