//! Several bundles become one waist. Those that share no workspace give what one rollup of all their files gives.
use std::{collections::BTreeMap, fmt::Display};

use anyhow::{Context as _, bail, ensure};

use crate::{
    pipeline::{
        bundle::{Bundle, seams},
        manifest::Reading,
        reconcile::Books,
        request::Known,
        waist::{FileFacts, Waist},
    },
    report::overlaps::V1Overlaps,
    rollup::{
        AccountName, Booked, Subject,
        books::{PoolRow, Used},
        merge,
        spend::{self, Spend},
    },
};

/// Merges bundles.
///
/// # Errors
/// When they were made in ways that do not fit together.
pub(super) fn merge(bundles: Vec<Bundle>) -> anyhow::Result<Waist> {
    let reading = reading(&bundles)?;
    let seams = seams::seams(&bundles)?;
    let (mut rollups, mut spend, mut booked) = (Vec::new(), Vec::new(), BTreeMap::<AccountName, Vec<Booked>>::new());
    let (mut books, mut overlaps) = (Vec::new(), Vec::new());
    let zone = bundles.first().context("no bundle is named")?.waist.zone.clone();
    let mut all = Waist {
        zone,
        reading,
        titles: Vec::new(),
        notes: Vec::new(),
        input_notes: Vec::new(),
        files: Vec::new(),
        skipped: Vec::new(),
        rollups: merge::merge(Vec::new()),
        booked: BTreeMap::new(),
        spend: Vec::new(),
        books: Books::default(),
        overlaps: V1Overlaps::default(),
        known: Known::default(),
        prompts: Vec::new(),
        has_seams: !seams.is_empty(),
    };
    for Bundle { waist, .. } in bundles {
        all.titles.extend(waist.titles);
        add_new(&mut all.notes, waist.notes);
        add_new(&mut all.input_notes, waist.input_notes);
        all.files.extend(waist.files);
        add_new(&mut all.skipped, waist.skipped);
        rollups.push(waist.rollups);
        spend.extend(waist.spend);
        for (account, of_account) in waist.booked {
            booked.entry(account).or_default().extend(of_account);
        }
        books.push(waist.books);
        overlaps.push(waist.overlaps);
        all.known.0.extend(waist.known.0);
    }
    all.files.sort_by(|a, b| a.view.path.cmp(&b.view.path));
    all.files.dedup_by(|later, kept| later == kept && kept.view.rows.accepted == 0);
    number(&mut all.files);
    all.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    for of_account in booked.values_mut() {
        of_account.sort_unstable();
    }
    all.booked = booked;
    all.spend = spenders(spend);
    all.rollups = merge::merge(rollups);
    all.rollups.usage = spend::usage(&all.spend);
    all.books = merged_books(books);
    all.overlaps = V1Overlaps::merged(overlaps);
    all.notes.extend(seams);
    Ok(all)
}

/// What was asked for while reading: what tells what figures mean must be the same in all bundles.
fn reading(bundles: &[Bundle]) -> anyhow::Result<Reading> {
    let [first, others @ ..] = bundles else { bail!("no bundle is named") };
    let mut all = first.waist.reading.clone();
    for other in others {
        let (one, two) = (&first.waist.reading, &other.waist.reading);
        let same = |what: &str, a: &dyn Display, b: &dyn Display| {
            let (a, b) = (a.to_string(), b.to_string());
            ensure!(
                a == b,
                "{} and {} do not fit together: their {what} differ, {a:?} and {b:?}; give both rollups the same options",
                first.label(),
                other.label()
            );
            Ok(())
        };
        same("zones", &first.waist.zone.name(), &other.waist.zone.name())?;
        same("pauses between sessions", &one.gap, &two.gap)?;
        same("weights", &one.weights, &two.weights)?;
        same("pseudonyms", &word(one.pseudonymize), &word(two.pseudonymize))?;
        same("salts", &mark(one), &mark(two))?;
        same("units", &unit(one), &unit(two))?;
        same("choices of events", &one.asked.choice, &two.asked.choice)?;
        for (known, new) in
            [(&mut all.asked.source, &two.asked.source), (&mut all.asked.input_zone, &two.asked.input_zone)]
        {
            if let Some(new) = new.as_ref().filter(|new| known.as_ref() != Some(new)) {
                *known = Some(known.as_ref().map_or_else(|| new.clone(), |known| format!("{known}, {new}")));
            }
        }
        if all.typed != two.typed {
            all.typed = None;
        }
        for file in &two.files {
            all.name_file(file.clone());
        }
    }
    Ok(all)
}

const fn word(is_masked: bool) -> &'static str {
    if is_masked { "masked" } else { "plain" }
}

fn mark(reading: &Reading) -> &str {
    reading.salt_mark.as_deref().unwrap_or("none")
}

fn unit(reading: &Reading) -> &str {
    reading.asked.unit.as_deref().unwrap_or("any")
}

fn add_new<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

fn number(files: &mut [FileFacts]) {
    for (number, file) in (0..).zip(files) {
        for rejected in &mut file.problems {
            rejected.problem.place.file = number;
        }
    }
}

/// In the order of accounts and subjects, each once.
fn spenders(spend: Vec<Spend>) -> Vec<Spend> {
    let mut all: BTreeMap<(AccountName, Subject), Vec<_>> = BTreeMap::new();
    for Spend { account, subject, minutes } in spend {
        all.entry((account, subject)).or_default().extend(minutes);
    }
    let spend = all.into_iter().map(|((account, subject), minutes)| Spend { account, subject, minutes });
    spend.map(Spend::in_order).collect()
}

fn merged_books(parts: Vec<Books>) -> Books {
    let mut pool: BTreeMap<_, PoolRow> = BTreeMap::new();
    let mut used: BTreeMap<_, Used> = BTreeMap::new();
    let mut balances = Vec::new();
    for part in parts {
        for row in part.pool {
            let key = (row.account.clone(), row.workspace.clone(), row.entry);
            match pool.get_mut(&key) {
                Some(known) => {
                    known.tally.add(row.tally);
                    let ((first, last), (from, until)) = (known.period, row.period);
                    known.period = (first.min(from), last.max(until));
                }
                None => _ = pool.insert(key, row),
            }
        }
        for one in part.used {
            let key = (one.provider.clone(), one.subject, one.meter, one.name.clone(), one.label.clone());
            match used.get_mut(&key) {
                Some(known) => known.amount += one.amount,
                None => _ = used.insert(key, one),
            }
        }
        balances.extend(part.balances);
    }
    balances.sort_by(|a, b| (&a.account, &a.workspace).cmp(&(&b.account, &b.workspace)));
    Books { pool: pool.into_values().collect(), balances, used: used.into_values().collect() }
}
