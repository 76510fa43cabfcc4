//! Brings the books together: what was read, what happened, what a vendor tells.
use crate::{
    audit::reconcile::{Balances, Reconciliation, ToldFile, balance, told},
    ingest::{Ingested, totals::ToldTotal},
    model::{action::Action, event::Event},
    rollup::{
        Selection,
        books::{self, PoolRow, Used},
        selection::Candidate,
    },
    timeline::Timeline,
};

/// What the rows say that move a pool, and what users and apps consumed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Grants, top-ups, refunds and expiries.
    pub pool: Vec<PoolRow>,
    /// The balances told, checked.
    pub balances: Vec<Balances>,
    /// What each user and app consumed.
    pub used: Vec<Used>,
}

impl Books {
    /// Reads the books. Balances are those of all rows; the pool and what is used are those of the selected ones, of any
    /// class and feature, as a vendor's totals are.
    pub fn of(input: &Ingested, timeline: &Timeline, selection: &Selection) -> Self {
        let names = &input.names;
        let all = || timeline.events().iter().chain(&input.pool);
        let selection = Selection { actions: Vec::new(), features: Vec::new(), ..selection.clone() };
        let picked =
            |event: &&Event| selection.picks(Candidate { event, action: Action::Unclassified, feature: None }, names);
        let balances = books::ledgers(all(), names, &input.balances).into_iter().filter_map(|ledger| {
            let checked = balance::check(&ledger.steps);
            let first = checked.first.map(|first| input.at(first.place));
            let period = (ledger.steps.first()?.at, ledger.steps.last()?.at);
            Some(Balances { account: ledger.account, workspace: ledger.workspace, period, checked, first })
        });
        Self {
            pool: books::pool(all().filter(picked), names),
            balances: balances.collect(),
            used: books::used(timeline.events().iter().filter(picked), names),
        }
    }

    /// The books against each other and against the totals that files tell, each with its path.
    pub fn reconciled<'t>(&self, told: impl Iterator<Item = (&'t str, &'t [ToldTotal])>) -> Reconciliation {
        let told = told.filter(|(_, told)| !told.is_empty());
        let told = told.map(|(path, told)| ToldFile { path: path.to_owned(), lines: told::compare(told, &self.used) });
        Reconciliation { pool: self.pool.clone(), balances: self.balances.clone(), told: told.collect() }
    }
}
