//! The first worker: each file by itself becomes accounts and slices.
use crate::{
    ingest::{self, discover::Found, slices},
    model::wire,
    pipeline::{
        Settings,
        worker::{
            Kind, Row,
            account::{Account, TableAccount},
            agree::Agreement,
        },
    },
};

/// Reads a file: its account, and its events by workspace. Where it was read before, it is read as all files agreed on.
///
/// # Errors
/// When what was read cannot be handed over.
pub fn ingest(
    found: &Found,
    settings: &Settings,
    agreement: Option<&Agreement>,
    give: &mut dyn FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (tables, skipped) = ingest::read_file(found, &settings.ingest, agreement.map(Agreement::told));
    let mut account = Account { disk: found.label.clone(), tables: Vec::new(), skipped };
    for table in tables {
        let slices = slices::cut(&table);
        account.tables.push(TableAccount::of(&table, &slices, &settings.ingest.aliases));
        drop(table);
        for slice in slices {
            give(Row { path: found.label.clone(), ..Row::of_slice(&slice)? })?;
        }
    }
    let payload = wire::write(&account)?;
    give(Row { kind: Kind::File, path: found.label.clone(), workspace: String::new(), payload })
}
