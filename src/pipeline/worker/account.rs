//! What is known of a file without its events.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        Skipped, Table, identity::Aliases, slices::Slice, table::evidence::Writing, totals::Subject, units::Survey,
    },
    model::account::{Meter, Unit},
    pipeline::{waist::FileFacts, worker::Arrived},
    timeline::exports::Export,
};

/// A vendor, a meter and a unit.
pub(super) type Booked = (String, Meter, Unit);

/// What a file on disk holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    /// The path that was read.
    pub(super) disk: String,
    pub(super) tables: Vec<TableAccount>,
    pub(super) skipped: Vec<Skipped>,
}

/// What is known of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TableAccount {
    pub(super) facts: FileFacts,
    pub(super) writing: Option<Writing>,
    pub(super) survey: Survey,
    /// The users whose spelling is to be agreed on.
    pub(super) users: BTreeSet<String>,
    pub(super) export: Export,
    pub(super) uses: u64,
    /// What it has totals of days and of buckets of, and single events of.
    pub(super) totals: BTreeSet<Booked>,
    pub(super) singles: BTreeSet<Booked>,
    /// Whether messages of it may stand in other transcripts.
    pub(super) has_parts: bool,
    pub(super) arrived: Arrived,
}

impl TableAccount {
    pub(super) fn of(table: &Table, slices: &[Slice], aliases: &Aliases) -> Self {
        let (file, batch) = table;
        let mut export = Export::default();
        for event in batch.events.iter().chain(&batch.pool) {
            export.add(event, &batch.names);
        }
        let mut arrived = Arrived::default();
        for slice in slices {
            arrived.add(slice);
        }
        let booked = |are_totals: bool| {
            let tags = batch.names.tags().iter().filter(|tag| tag.is_aggregate == are_totals);
            let account = tags.map(|tag| tag.account);
            account
                .map(|account| (batch.names.text(account.provider).to_owned(), account.meter, account.unit))
                .collect()
        };
        let told = file.told.iter().filter(|total| total.subject == Subject::User).map(|total| total.name.as_str());
        // addresses have one spelling, and nearly all users are addresses
        let is_spelled = |name: &&str| !name.contains('@') || aliases.user_of(name).is_some();
        let users = batch.names.users().chain(told).filter(is_spelled);
        Self {
            facts: FileFacts::of(file),
            writing: batch.writing.clone(),
            survey: Survey::of(batch),
            users: users.map(str::to_owned).collect(),
            export,
            uses: batch.events.len() as u64,
            totals: booked(true),
            singles: booked(false),
            has_parts: !batch.parts.is_empty(),
            arrived,
        }
    }
}
