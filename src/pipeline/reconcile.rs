//! Brings the books together: what was read, what happened, what a vendor tells.
use crate::{
    audit::reconcile::{Balances, Reconciliation, ToldFile, balance, told},
    ingest::Ingested,
    model::{action::Action, event::Event},
    rollup::{Selection, books, selection::Candidate},
    timeline::Timeline,
};

/// Compares the books. Balances are those of all rows; the pool and vendors' totals are compared with the selected ones,
/// of any class and feature, as a vendor's totals are.
pub fn reconcile(input: &Ingested, timeline: &Timeline, selection: &Selection) -> Reconciliation {
    let names = &input.names;
    let all = || timeline.events().iter().chain(&input.pool);
    let selection = Selection { actions: Vec::new(), features: Vec::new(), ..selection.clone() };
    let picked =
        |event: &&Event| selection.picks(Candidate { event, action: Action::Unclassified, feature: None }, names);
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
