//! Brings the books together: what was read, what happened, what a vendor tells.
use crate::{
    audit::reconcile::{Balances, Reconciliation, ToldFile, balance, told},
    ingest::Ingested,
    model::event::Event,
    rollup::{Selection, books},
    timeline::Timeline,
};

/// Compares the books. Balances are those of all rows; the pool and vendors' totals are compared with the selected ones.
pub fn reconcile(input: &Ingested, timeline: &Timeline, selection: &Selection) -> Reconciliation {
    let names = &input.names;
    let all = || timeline.events().iter().chain(&input.pool);
    let picked = |event: &&Event| selection.picks(event, names);
    let used = books::used(timeline.events().iter().filter(picked), names);
    let told = input.files.iter().filter(|file| !file.told.is_empty());
    let balances = books::ledgers(all(), names, &input.balances).into_iter().map(|ledger| {
        let checked = balance::check(&ledger.steps);
        let first = checked.first.map(|first| first.place);
        let first = first.map(|place| format!("{}:{}", input.files[place.file as usize].path, place.line));
        Balances { account: ledger.account, workspace: ledger.workspace, checked, first }
    });
    Reconciliation {
        pool: books::pool(all().filter(picked), names),
        balances: balances.collect(),
        told: told.map(|file| ToldFile { path: file.path.clone(), lines: told::compare(&file.told, &used) }).collect(),
    }
}
