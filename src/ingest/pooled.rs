//! Files with the same header are written alike. What one of them proves (the order of dates, the decimal mark, the sign
//! of consumption) holds for all of them in a run, so that a file that is cut in two gives what it gave in one piece.
use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;

use crate::ingest::{
    Settings, Skipped, Table,
    discover::Found,
    table::evidence::{Conventions, Evidence, Pooled, Writing},
};

/// What one file on disk gave.
type Outcome = (Vec<Table>, Vec<Skipped>);
/// Reads a file on disk.
type Reader<'f> = &'f (dyn Fn(&Found, &Settings) -> Outcome + Sync);

/// Reads all files, and those again that others prove to be written in another way than they show by themselves.
pub(super) fn read(found: &[Found], settings: &Settings, reader: Reader) -> Vec<Outcome> {
    let read: Vec<Outcome> = found.par_iter().map(|found| reader(found, settings)).collect();
    let pooled = pooled(read.iter().flat_map(writings));
    let settings = Settings { pooled: Arc::clone(&pooled), ..settings.clone() };
    let again = |(found, outcome): (&Found, Outcome)| {
        let is_stale = |writing: &Writing| pooled.get(&writing.header).is_some_and(|pooled| *pooled != writing.used);
        if writings(&outcome).any(is_stale) { reader(found, &settings) } else { outcome }
    };
    found.par_iter().zip(read).map(again).collect()
}

fn writings((tables, _): &Outcome) -> impl Iterator<Item = &Writing> {
    tables.iter().filter_map(|(_, batch)| batch.writing.as_ref())
}

/// How the tables of each header are written, by what all of them tell.
fn pooled<'w>(writings: impl Iterator<Item = &'w Writing>) -> Pooled {
    let mut told: BTreeMap<String, (Conventions, Evidence)> = BTreeMap::new();
    for writing in writings {
        let (_, sum) = told.entry(writing.header.clone()).or_insert((writing.assumed, Evidence::default()));
        *sum = sum.plus(writing.told);
    }
    let settled = told.into_iter().map(|(header, (assumed, told))| (header, assumed.settled(told)));
    Arc::new(settled.collect())
}
