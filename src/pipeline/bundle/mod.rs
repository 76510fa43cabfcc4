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
mod seams;
mod work;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

use crate::{
    audit::habits::Found,
    ingest::{Rejected, Skipped, totals::ToldTotal},
    pipeline::{
        self, Events, Settings, Terms, audit,
        reconcile::Books,
        request::{self, Known},
        waist::{FileFacts, Waist},
    },
    report::Artifact,
    rollup::{
        AccountName, Booked, Rollups,
        digests::{self, Digests},
        spend::{self, Spend},
        workload::{self, Workload},
    },
};
use cells::Hashed;
use folder::{Contents, Files, V1Bundle};
use records::{Booking, Digest, File, KnownName, Minute, OfFile, Spender};

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
    pub(super) const DIGESTS: &str = "digests";
    pub(super) const NAMES: &str = "names";
}

/// A bundle as it is read.
struct Bundle {
    /// What it holds.
    waist: Waist,
    /// The workspaces that its events are of.
    workspaces: Vec<Option<String>>,
    /// What made it otherwise than this program would, where that is so.
    made_otherwise: Option<String>,
    /// What is read only where it is needed.
    files: Contents,
}

impl Bundle {
    /// As it was named.
    fn label(&self) -> &str {
        &self.files.label
    }

    /// The digests of the events of each workspace.
    fn digests(&self) -> anyhow::Result<Digests> {
        let mut digests = Digests::new();
        for Digest { workspace, digest } in self.files.take(table::DIGESTS)? {
            digests.entry(workspace).or_default().push(digest.0);
        }
        Ok(digests)
    }
}

/// What is written into a bundle.
pub(super) struct Content {
    pub(super) waist: Waist,
    pub(super) workloads: BTreeMap<AccountName, Workload>,
    pub(super) digests: Digests,
}

/// The files of the bundle of classified events.
///
/// # Errors
/// When the selection picks no event, or an amount has more than 38 digits.
pub fn write(events: &Events, settings: &Settings) -> anyhow::Result<Vec<Artifact>> {
    let content = Content::of(events, settings)?;
    audit::check_choice(&content.waist)?;
    content.write(&settings.terms)
}

impl Content {
    /// Adds up classified events.
    pub(super) fn of(events: &Events, settings: &Settings) -> anyhow::Result<Self> {
        let all = events.timeline.events().iter().chain(&events.input.pool);
        Ok(Self {
            waist: audit::roll_up(events, settings, true)?,
            workloads: workload::workloads(events.classified(), &settings.zone, &events.request.selection),
            digests: digests::of(all, events.names()),
        })
    }

    /// The files of the bundle.
    pub(super) fn write(self, terms: &Terms) -> anyhow::Result<Vec<Artifact>> {
        let Self { mut waist, workloads, digests } = self;
        let mut files = Files::default();
        accounts::write(&mut waist.rollups.accounts, &mut files)?;
        inputs(&waist, &mut files)?;
        books(&waist, &mut files)?;
        work::write(&workloads, &mut files)?;
        let of_workspaces = digests.iter().flat_map(|(workspace, digests)| {
            digests.iter().map(|digest| Digest { workspace: workspace.clone(), digest: Hashed(*digest) })
        });
        files.add(table::DIGESTS, of_workspaces)?;
        files.with_manifest(&waist, terms, digests.into_keys().collect())
    }

    /// What parts of one input hold that share no workspace.
    pub(super) fn merged(parts: Vec<Vec<Artifact>>) -> anyhow::Result<Self> {
        let (mut bundles, mut workloads, mut digests) = (Vec::new(), BTreeMap::<_, Workload>::new(), Digests::new());
        for (number, part) in (1..).zip(parts) {
            let (files, about) = Contents::of(part, format!("part {number}"))?;
            for (account, work) in work::read(&files)? {
                workloads.entry(account).or_default().add(work);
            }
            let bundle = of(files, about)?;
            for (workspace, more) in bundle.digests()? {
                let known = digests.insert(workspace, more);
                ensure!(known.is_none(), "a workspace stands in two parts: the engine did not bring its rows together");
            }
            bundles.push(bundle);
        }
        Ok(Self { waist: merge::merge(bundles)?, workloads, digests })
    }
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
    files.add(table::SKIPPED, waist.skipped.iter())?;
    let name = |(kind, name): &(request::Kind, String)| KnownName { kind: *kind, name: name.clone() };
    files.add(table::NAMES, waist.known.0.iter().map(name))
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
/// When a folder is no bundle, one of a newer form, or damaged; and when they cannot be put together.
pub fn read_all(folders: &[PathBuf]) -> anyhow::Result<Waist> {
    let bundles: Vec<Bundle> = folders.iter().map(|folder| read(folder)).collect::<anyhow::Result<_>>()?;
    merge::merge(bundles)
}

fn read(folder: &Path) -> anyhow::Result<Bundle> {
    let (files, about) = Contents::open(folder)?;
    of(files, about)
}

fn of(files: Contents, about: V1Bundle) -> anyhow::Result<Bundle> {
    let (made_otherwise, workspaces) = (about.made_otherwise(), about.workspaces.clone());
    let waist = waist(&files, about).with_context(|| format!("reading the bundle {}", files.label))?;
    Ok(Bundle { waist, workspaces, made_otherwise, files })
}

/// Whether a path is a bundle, if only one of a form that cannot be read.
pub fn is_bundle(path: &Path) -> bool {
    folder::is_bundle(path)
}

/// What a bundle is compared by.
#[derive(Debug)]
pub struct Bundled {
    /// As it was named.
    pub title: String,
    /// The zone of its days.
    pub zone: String,
    /// The workload of each account.
    pub workloads: BTreeMap<AccountName, Workload>,
    /// What the rules find in it.
    pub found: Found,
    /// What could not be read, a sentence each.
    pub unread: Vec<String>,
}

/// Reads of a bundle what it is compared by.
///
/// # Errors
/// As [`read_all`].
pub fn compared(folder: &Path) -> anyhow::Result<Bundled> {
    let (files, about) = Contents::open(folder)?;
    let workloads = work::read(&files).with_context(|| format!("reading the bundle {}", files.label))?;
    let zone = about.zone.clone();
    let waist = waist(&files, about).with_context(|| format!("reading the bundle {}", files.label))?;
    let found = pipeline::compare::found(&waist.rollups, &waist.zone)?;
    Ok(Bundled { title: files.label, zone, workloads, found, unread: pipeline::unread(&waist.skipped) })
}

fn waist(files: &Contents, about: V1Bundle) -> anyhow::Result<Waist> {
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
        rollups: Rollups { accounts, period, usage, sessions },
        booked,
        spend,
        books: Books {
            pool: files.take(table::POOL)?,
            balances: files.take(table::BALANCES)?,
            used: files.take(table::USED)?,
        },
        overlaps,
        known: Known(
            files.take::<KnownName>(table::NAMES)?.into_iter().map(|known| (known.kind, known.name)).collect(),
        ),
        prompts: Vec::new(),
        has_seams: false,
    })
}

fn take_files(files: &Contents) -> anyhow::Result<Vec<FileFacts>> {
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

fn take_spend(files: &Contents) -> anyhow::Result<Vec<Spend>> {
    let blank = |Spender { account, subject }| Spend { account, subject, minutes: Vec::new() };
    let mut spend: Vec<Spend> = files.take::<Spender>(table::SPENDERS)?.into_iter().map(blank).collect();
    for Minute { spender, at, amount } in files.take(table::SPEND)? {
        let spend = spend.get_mut(spender as usize).context("a minute is of nobody that is there")?;
        spend.minutes.push((at, amount));
    }
    Ok(spend)
}
