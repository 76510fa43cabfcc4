//! The parts become one bundle, and it is checked that nothing was lost or repeated on the way.
use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{bail, ensure};

use crate::{
    model::{instant::Instant, wire},
    pipeline::{
        Settings, audit,
        bundle::Content,
        waist::FileFacts,
        worker::{
            Arrivals, Kind, Row,
            agree::{self, Agreement},
            judge::Judged,
            rollup::Part,
        },
    },
    report::Artifact,
    rollup::workload,
};

/// The files of the bundle of all parts; `paths` are what was asked for.
///
/// # Errors
/// When events arrived twice or not at all, or rows do not add up; and when the selection picks no event.
pub fn gather(
    rows: Vec<Row>,
    paths: &[PathBuf],
    settings: &Settings,
    agreement: &Agreement,
    judged: &Judged,
) -> anyhow::Result<Vec<Artifact>> {
    ensure!(
        rows.iter().all(|row| row.kind != Kind::Common),
        "ids stand in several files, and nobody judged them: hand these rows to `worker agree` with the accounts, then judge \
         and add up again"
    );
    let (_, files) = agree::all(&rows, settings, Some(agreement))?;
    let mut facts = files.facts;
    for file in &mut facts {
        if let Some((duplicates, notes)) = judged.files.get(&file.view.path) {
            book(file, *duplicates)?;
            file.notes.extend(notes.iter().cloned());
        }
    }
    let (mut arrived, mut bundles, mut period) = (Arrivals::new(), Vec::new(), None);
    let mut counted: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.kind == Kind::Part) {
        let part: Part = wire::read(&row.payload)?;
        for (path, more) in part.arrived {
            arrived.entry(path).or_default().plus(more);
        }
        for (path, (rows, duplicates)) in part.rows {
            let known = counted.entry(path).or_default();
            *known = (known.0 + rows, known.1 + duplicates);
        }
        period = joined(period, part.period);
        bundles.push(part.bundle.into_iter().map(|(path, bytes)| Artifact { path, bytes }).collect());
    }
    for file in &mut facts {
        let path = &file.view.path;
        let (sent, got) = (files.arrivals.get(path).copied(), arrived.get(path).copied().unwrap_or_default());
        let sent = sent.unwrap_or_default();
        ensure!(
            sent == got,
            "{path}: {} of {} events arrived, in {} of {} pieces: the engine lost or repeated some; run it again",
            got.events,
            sent.events,
            got.slices,
            sent.slices
        );
        let (rows, duplicates) = counted.get(path).copied().unwrap_or_default();
        book(file, duplicates)?;
        ensure!(
            file.view.rows.balances() && file.view.rows.accepted == rows,
            "{}: {rows} rows count, and {} were accepted, which is a defect of creditscope",
            file.view.path,
            file.view.rows.accepted
        );
    }
    let mut content = Content::merged(bundles)?;
    let waist = &mut content.waist;
    // as they were typed: this process may run in another folder than those that read them
    waist.titles = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    for (number, file) in (0..).zip(&mut facts) {
        for rejected in &mut file.problems {
            rejected.problem.place.file = number;
        }
    }
    waist.files = facts;
    waist.skipped = files.skipped;
    waist.input_notes = files.notes;
    waist.overlaps = judged.overlaps()?;
    audit::check_choice(waist)?;
    workload::spread(&mut content.workloads, period, &settings.zone, &settings.request().selection);
    content.write(&settings.terms)
}

/// What both periods lie in.
fn joined(one: Option<(Instant, Instant)>, other: Option<(Instant, Instant)>) -> Option<(Instant, Instant)> {
    let both = || Some((one?, other?));
    both().map_or(one.or(other), |((first, last), (from, until))| Some((first.min(from), last.max(until))))
}

/// Books rows of a file as duplicates.
fn book(file: &mut FileFacts, duplicates: u64) -> anyhow::Result<()> {
    let rows = &mut file.view.rows;
    let Some(accepted) = rows.accepted.checked_sub(duplicates) else {
        bail!(
            "{}: {duplicates} of {} rows are duplicates, which is a defect of creditscope",
            file.view.path,
            rows.accepted
        )
    };
    (rows.accepted, rows.duplicates) = (accepted, rows.duplicates + duplicates);
    Ok(())
}
