//! Two inputs, or two periods of one, against each other.
use std::{collections::BTreeMap, ops::Range};

use anyhow::ensure;

use crate::{
    audit::compare,
    ingest::discover,
    model::instant::Instant,
    pipeline::{self, Events, Settings},
    report::compare::Compared,
    rollup::{
        AccountName, Selection,
        workload::{self, Workload},
    },
};

/// Days, as they are called, and from when to when.
pub type Period = (String, Range<Instant>);

type Workloads = BTreeMap<AccountName, Workload>;

/// Compares what two paths hold; `settings` names both.
///
/// # Errors
/// As [`pipeline::classify()`]; and when nothing is selected of one of them.
pub fn inputs(settings: &Settings, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Compared> {
    let mut titles = Vec::new();
    let (mut sides, mut unread) = (Vec::new(), Vec::new());
    for path in &settings.paths {
        let one = Settings { paths: vec![path.clone()], ..settings.clone() };
        let events = pipeline::classify(&one, progress)?;
        titles.push(discover::label(path));
        sides.push(side(&events, settings, &settings.selection, &discover::label(path))?);
        unread.extend(pipeline::unread(&events.input.skipped));
    }
    ensure!(sides.len() == 2, "compare takes two paths, or --before and --after");
    Ok(Compared {
        accounts: compare::compare(&sides[0], &sides[1]),
        titles: [titles.remove(0), titles.remove(0)],
        unread,
    })
}

/// Compares two periods of one input.
///
/// # Errors
/// As [`inputs`].
pub fn periods(
    settings: &Settings,
    periods: [Period; 2],
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Compared> {
    let events = pipeline::classify(settings, progress)?;
    let [before, after] = periods.each_ref().map(|(title, period)| {
        let selection = Selection { from: Some(period.start), until: Some(period.end), ..settings.selection.clone() };
        side(&events, settings, &selection, title)
    });
    let accounts = compare::compare(&before?, &after?);
    Ok(Compared { accounts, titles: periods.map(|(title, _)| title), unread: pipeline::unread(&events.input.skipped) })
}

fn side(events: &Events, settings: &Settings, selection: &Selection, title: &str) -> anyhow::Result<Workloads> {
    let workloads = workload::workloads(events.classified(), &settings.zone, selection);
    ensure!(!workloads.is_empty(), "{title}: no event is selected, so there is nothing to compare");
    Ok(workloads)
}
