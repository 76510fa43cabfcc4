//! The books against each other: pools and their balances, and what a vendor tells against what the events add up to.
pub mod balance;
pub mod told;

use crate::{
    model::instant::Instant,
    rollup::{AccountName, books::PoolRow},
};
use balance::Checked;
use told::Compared;

/// All that was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Grants, top-ups, refunds and expiries.
    pub pool: Vec<PoolRow>,
    /// The balances of each pool that tells any.
    pub balances: Vec<Balances>,
    /// The totals that vendors tell, a file each.
    pub told: Vec<ToldFile>,
}

/// The balances of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances {
    /// The account.
    pub account: AccountName,
    /// The workspace that holds the pool.
    pub workspace: Option<String>,
    /// Its first and its last row.
    pub period: (Instant, Instant),
    /// What came of it.
    pub checked: Checked,
    /// Where the first break stands: file and line.
    pub first: Option<String>,
}

/// The totals of a file; no line where no event of the vendor was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFile {
    /// The file.
    pub path: String,
    /// Each user and app.
    pub lines: Vec<Compared>,
}
