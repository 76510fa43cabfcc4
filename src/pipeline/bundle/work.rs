//! What bundles are compared by: the workload of each account.
use std::collections::BTreeMap;

use anyhow::bail;

use crate::{
    pipeline::bundle::{
        folder::{Contents, Files},
        records::{WorkDay, WorkHead, WorkOf},
    },
    rollup::{
        AccountName,
        workload::{Kind, Workload},
    },
    schema::tables::fact,
};

const DAYS: &str = "work_days";
const CUTS: &str = "work_cuts";
const ACCOUNTS: &str = "work_accounts";

/// Puts workloads into files.
///
/// # Errors
/// When a table cannot be written.
pub(super) fn write(workloads: &BTreeMap<AccountName, Workload>, files: &mut Files) -> anyhow::Result<()> {
    let head = |work: &Workload| WorkHead { buckets: work.buckets, span: work.span };
    files.add(ACCOUNTS, workloads.iter().map(|(account, work)| (account, head(work))))?;
    let days = workloads.iter().flat_map(|(account, work)| {
        let all = work.days.iter().flat_map(|(day, kinds)| kinds.iter().map(move |(kind, tally)| (*day, kind, *tally)));
        all.map(move |(day, work, tally)| (account, WorkDay { day, work: work.clone(), tally }))
    });
    files.add(DAYS, days)?;
    let cuts = workloads.iter().flat_map(|(account, work)| {
        let cuts = [(fact::USER, &work.users), (fact::FEATURE, &work.features)];
        cuts.into_iter().flat_map(move |(cut, rows)| {
            rows.iter().map(move |(name, tally)| {
                (account, WorkOf { cut: cut.name().to_owned(), name: name.clone(), tally: *tally })
            })
        })
    });
    files.add(CUTS, cuts)
}

/// Takes workloads from files.
///
/// # Errors
/// When a table is damaged.
pub(super) fn read(files: &Contents) -> anyhow::Result<BTreeMap<AccountName, Workload>> {
    let mut workloads: BTreeMap<AccountName, Workload> = BTreeMap::new();
    for (account, WorkHead { buckets, span }) in files.take(ACCOUNTS)? {
        workloads.insert(account, Workload { buckets, span, ..Workload::default() });
    }
    for (account, WorkDay { day, work, tally }) in files.take(DAYS)? {
        let workload = workloads.entry(account).or_default();
        let Kind { app, .. } = &work;
        workload.apps.entry(app.clone()).or_default().add(tally);
        workload.days.entry(day).or_default().entry(work).or_default().add(tally);
    }
    for (account, WorkOf { cut, name, tally }) in files.take(CUTS)? {
        let workload = workloads.entry(account).or_default();
        let rows = match &cut {
            cut if cut == fact::USER.name() => &mut workload.users,
            cut if cut == fact::FEATURE.name() => &mut workload.features,
            cut => bail!("{CUTS} has a cut by {cut}, which is not known"),
        };
        rows.entry(name).or_default().add(tally);
    }
    Ok(workloads)
}
