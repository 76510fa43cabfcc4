//! Bundles: the waist as a folder of small Parquet tables and a manifest, without events and prompts. `creditscope rollup`
//! writes one, `creditscope report` reads any number of them.
//!
//! - `columns`: rows as columns and back; `cells` and `records`: which columns a value has.
//! - `accounts`: the tables of accounts.
//! - `folder`: the files, and the manifest that digests them.
mod accounts;
mod cells;
mod columns;
mod folder;
mod merge;
mod records;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    ingest::{Rejected, Skipped, totals::ToldTotal},
    pipeline::{
        Events, Settings, audit,
        reconcile::Books,
        waist::{FileFacts, Waist},
    },
    report::Artifact,
    rollup::{AccountName, Booked, Rollups, spend, spend::Spend},
};
use folder::{Contents, Files, V1Bundle};
use records::{Booking, File, Minute, OfFile, Spender};

/// The tables of a bundle that are none of accounts.
mod table {
    pub(super) const FILES: &str = "files";
    pub(super) const PROBLEMS: &str = "problems";
    pub(super) const TOLD: &str = "told";
    pub(super) const SKIPPED: &str = "skipped";
    pub(super) const POOL: &str = "pool";
    pub(super) const BALANCES: &str = "balances";
    pub(super) const USED: &str = "used";
    pub(super) const BOOKED: &str = "booked";
    pub(super) const SPENDERS: &str = "spenders";
    pub(super) const SPEND: &str = "spend";
}

/// A bundle as it is read.
#[derive(Debug)]
pub struct Bundle {
    /// As it was named.
    pub label: String,
    /// What it holds.
    pub waist: Waist,
    /// What made it otherwise than this program would, where that is so.
    pub made_otherwise: Option<String>,
}

/// The files of the bundle of classified events.
///
/// # Errors
/// When the selection picks no event, or an amount has more than 38 digits.
pub fn write(events: &Events, settings: &Settings) -> anyhow::Result<Vec<Artifact>> {
    let mut waist = audit::roll_up(events, settings, true)?;
    let mut files = Files::default();
    accounts::write(&mut waist.rollups.accounts, &mut files)?;
    inputs(&waist, &mut files)?;
    books(&waist, &mut files)?;
    files.with_manifest(&waist)
}

fn inputs(waist: &Waist, files: &mut Files) -> anyhow::Result<()> {
    let all = || (0..).zip(&waist.files);
    let file = |file: &FileFacts| File {
        view: file.view.clone(),
        header: file.header.clone(),
        conventions: file.conventions.clone(),
        notes: file.notes.clone(),
    };
    files.add(table::FILES, waist.files.iter().map(file))?;
    let of_file = |number: u32| move |row| (OfFile { number }, row);
    files.add(table::PROBLEMS, all().flat_map(|(number, file)| file.problems.iter().map(of_file(number))))?;
    let of_file = |number: u32| move |row| (OfFile { number }, row);
    files.add(table::TOLD, all().flat_map(|(number, file)| file.told.iter().map(of_file(number))))?;
    files.add(table::SKIPPED, waist.skipped.iter())
}

fn books(waist: &Waist, files: &mut Files) -> anyhow::Result<()> {
    files.add(table::POOL, waist.books.pool.iter())?;
    files.add(table::BALANCES, waist.books.balances.iter())?;
    files.add(table::USED, waist.books.used.iter())?;
    let booking = |(at, entry, amount): &Booked| Booking { at: *at, entry: *entry, amount: *amount };
    let booked = waist.booked.iter();
    files.add(table::BOOKED, booked.flat_map(|(account, all)| all.iter().map(move |one| (account, booking(one)))))?;
    let spender = |spend: &Spend| Spender { account: spend.account.clone(), subject: spend.subject.clone() };
    files.add(table::SPENDERS, waist.spend.iter().map(spender))?;
    let minutes = (0..).zip(&waist.spend).flat_map(|(spender, spend)| {
        spend.minutes.iter().map(move |(at, amount)| Minute { spender, at: *at, amount: *amount })
    });
    files.add(table::SPEND, minutes)
}

/// Reads bundles as one.
///
/// # Errors
/// As [`read`]; and when they cannot be put together.
pub fn read_all(folders: &[PathBuf]) -> anyhow::Result<Waist> {
    let bundles: Vec<Bundle> = folders.iter().map(|folder| read(folder)).collect::<anyhow::Result<_>>()?;
    merge::merge(bundles)
}

/// Reads a bundle.
///
/// # Errors
/// When the folder is no bundle, one of a newer form, or damaged.
pub fn read(folder: &Path) -> anyhow::Result<Bundle> {
    let (mut files, about) = Contents::open(folder)?;
    let made_otherwise = about.made_otherwise();
    let waist = waist(&mut files, about).with_context(|| format!("reading the bundle {}", files.label))?;
    Ok(Bundle { label: files.label, waist, made_otherwise })
}

fn waist(files: &mut Contents, about: V1Bundle) -> anyhow::Result<Waist> {
    let (zone, period) = (about.zone()?, about.period()?);
    let accounts = accounts::read(files)?;
    let mut booked: BTreeMap<AccountName, Vec<Booked>> = BTreeMap::new();
    for (account, Booking { at, entry, amount }) in files.take(table::BOOKED)? {
        booked.entry(account).or_default().push((at, entry, amount));
    }
    let spend = take_spend(files)?;
    let usage = spend::usage(&spend);
    let V1Bundle { sessions, titles, notes, input_notes, reading, overlaps, .. } = about;
    Ok(Waist {
        zone,
        reading,
        titles,
        notes,
        input_notes,
        files: take_files(files)?,
        skipped: files.take::<Skipped>(table::SKIPPED)?,
        rollups: Rollups { accounts, period: Some(period), usage, sessions },
        booked,
        spend,
        books: Books {
            pool: files.take(table::POOL)?,
            balances: files.take(table::BALANCES)?,
            used: files.take(table::USED)?,
        },
        overlaps,
    })
}

fn take_files(files: &mut Contents) -> anyhow::Result<Vec<FileFacts>> {
    let none = |File { view, header, conventions, notes }: File| FileFacts {
        view,
        header,
        conventions,
        notes,
        problems: Vec::new(),
        told: Vec::new(),
    };
    let mut facts: Vec<FileFacts> = files.take::<File>(table::FILES)?.into_iter().map(none).collect();
    for (OfFile { number }, problem) in files.take::<(OfFile, Rejected)>(table::PROBLEMS)? {
        facts.get_mut(number as usize).context(NO_FILE)?.problems.push(problem);
    }
    for (OfFile { number }, told) in files.take::<(OfFile, ToldTotal)>(table::TOLD)? {
        facts.get_mut(number as usize).context(NO_FILE)?.told.push(told);
    }
    Ok(facts)
}

const NO_FILE: &str = "a row is of a file that is not there";

fn take_spend(files: &mut Contents) -> anyhow::Result<Vec<Spend>> {
    let blank = |Spender { account, subject }| Spend { account, subject, minutes: Vec::new() };
    let mut spend: Vec<Spend> = files.take::<Spender>(table::SPENDERS)?.into_iter().map(blank).collect();
    for Minute { spender, at, amount } in files.take(table::SPEND)? {
        let spend = spend.get_mut(spender as usize).context("a minute is of nobody that is there")?;
        spend.minutes.push((at, amount));
    }
    Ok(spend)
}
