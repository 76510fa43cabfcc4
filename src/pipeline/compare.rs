//! Two inputs, or two periods of one, against each other.
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use anyhow::{Context as _, ensure};

use crate::{
    audit::{compare, habits},
    classify::doubt::Doubt,
    ingest::{
        discover,
        identity::{mask, pseudonyms::Mask},
    },
    model::{instant::Instant, zone::Zone},
    pipeline::{
        self, Events, Settings,
        bundle::{self, Bundled},
        planning,
    },
    report::compare::Compared,
    rollup::{
        self, AccountName, Rollups, Selection,
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
    let mut sides = Vec::new();
    let mut zones = Vec::new();
    for path in &settings.paths {
        if bundle::is_bundle(path) {
            ensure!(
                settings.selection.is_all(),
                "{} is a bundle, and holds no events to choose from: choose when it is made",
                path.display()
            );
            let side = bundle::compared(path)?;
            zones.push((side.title.clone(), side.zone.clone()));
            sides.push(Side::bundled(side));
            continue;
        }
        zones.push((discover::label(path), settings.zone.name().to_owned()));
        let one = Settings { paths: vec![path.clone()], ..settings.clone() };
        let events = pipeline::classify_named(&one, progress)?;
        sides.push(Side::of(&events, settings, &events.request.selection, &discover::label(path))?);
    }
    if let [(one, zone), (other, other_zone)] = &zones[..] {
        ensure!(
            zone == other_zone,
            "days of {one} are those of {zone}, and days of {other} those of {other_zone}: give both the same --tz"
        );
    }
    let sides = <[Side; 2]>::try_from(sides);
    compared(sides.ok().context("compare takes two paths, or --before and --after")?, settings)
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
    let events = pipeline::classify_named(settings, progress)?;
    let [before, after] = periods.map(|(title, period)| {
        let asked = events.request.selection.clone();
        let selection = Selection { from: Some(period.start), until: Some(period.end), ..asked };
        Side::of(&events, settings, &selection, &title)
    });
    compared([before?, after?], settings)
}

/// One of two sides, with the names of users.
struct Side {
    title: String,
    workloads: Workloads,
    found: habits::Found,
    unread: Vec<String>,
    /// The names of its persons, each with the user that it stands for.
    persons: Vec<(String, String)>,
}

impl Side {
    fn bundled(side: Bundled) -> Self {
        let Bundled { title, workloads, found, unread, .. } = side;
        Self { title, workloads, found, unread, persons: Vec::new() }
    }

    fn of(events: &Events, settings: &Settings, selection: &Selection, title: &str) -> anyhow::Result<Self> {
        let workloads = workload::workloads(events.classified(), &settings.zone, selection);
        let persons = mask::persons(&events.input, &settings.ingest.aliases).into_iter();
        let persons = persons.chain(events.request.users().map(|user| (user, user)));
        let doubt = Doubt::new(settings.ingest.prompts.weights());
        let rollups = rollup::Settings { zone: &settings.zone, selection, doubt: &doubt };
        let side = Self {
            title: title.to_owned(),
            workloads,
            found: found(&rollup::roll_up(events.classified(), &rollups)?, &settings.zone)?,
            unread: pipeline::unread(&events.input.skipped),
            persons: persons.map(|(name, user)| (name.to_owned(), user.to_owned())).collect(),
        };
        ensure!(!side.workloads.is_empty(), "{title}: no event is selected, so there is nothing to compare");
        Ok(side)
    }

    fn hide(&mut self, mask: &Mask) {
        mask.clear(&mut self.title);
        for text in &mut self.unread {
            mask.clear(text);
        }
        let text = |text: &str| mask.text(text).unwrap_or_else(|| text.to_owned());
        for workload in self.workloads.values_mut() {
            *workload = std::mem::take(workload).renamed(&|name| mask.user(name), &text);
        }
    }
}

/// What the rules find in some rollups, as on the evening of their last day.
///
/// # Errors
/// When that lies where calendars end.
pub(super) fn found(rollups: &Rollups, zone: &Zone) -> anyhow::Result<habits::Found> {
    let Some((_, last)) = rollups.period else { return Ok(habits::Found::default()) };
    Ok(habits::Found::of(rollups, planning::end_of_day(last, zone)?, zone))
}

/// The comparison, without names of users where that is wanted: those of either side, for both.
fn compared(mut sides: [Side; 2], settings: &Settings) -> anyhow::Result<Compared> {
    if let Some(pseudonyms) = &settings.pseudonyms {
        let persons: BTreeSet<(String, String)> = sides.iter().flat_map(|side| side.persons.iter().cloned()).collect();
        let mask = pseudonyms.mask(persons.iter().map(|(name, user)| (name.as_str(), user.as_str())))?;
        for side in &mut sides {
            side.hide(&mask);
        }
    }
    let accounts = compare::compare(&sides[0].workloads, &sides[1].workloads);
    let habits = habits::measure(&sides[0].found, &sides[1].found);
    let mut unread: Vec<String> = Vec::new();
    for text in sides.iter_mut().flat_map(|side| std::mem::take(&mut side.unread)) {
        if !unread.contains(&text) {
            unread.push(text);
        }
    }
    Ok(Compared { accounts, habits, titles: sides.map(|side| side.title), unread })
}
