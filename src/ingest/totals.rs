//! Totals that a vendor tells of a user, an app or a workspace. They are no events: nobody did them at a time. They are
//! kept to reconcile a ledger with.
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        Keep,
        batch::{Batch, Measure, RowError},
        sheet::Sheet,
        table::{self, Row, header::Header},
    },
    model::{
        account::{Basis, Meter, Unit},
        amount::Amount,
    },
};

/// What a total is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A person.
    User,
    /// An app.
    App,
    /// The workspace that holds the pool.
    Workspace,
}

/// A total as a vendor tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldTotal {
    /// The vendor.
    pub provider: Cow<'static, str>,
    /// What it is of.
    pub subject: Subject,
    /// Its e-mail address, name or id.
    pub name: String,
    /// Another name of it, such as the app's beside its id.
    pub label: String,
    /// The meter; totals over both meters are not read.
    pub meter: Meter,
    /// The column.
    pub column: String,
    /// How much, in credits.
    pub amount: Amount,
    /// The line or element.
    pub line: u32,
}

/// Reads rows of totals: each is folded, none is an event.
pub(super) fn read(
    sheet: &Sheet,
    header: &Header,
    read: fn(&Row) -> Result<Vec<ToldTotal>, RowError>,
    keep: Keep,
) -> Batch {
    let mut batch =
        table::each_row(sheet, header, keep, |row, batch| match row.check_width().and_then(|()| read(row)) {
            Ok(mut told) => {
                batch.rows.folded += 1;
                batch.told.append(&mut told);
            }
            Err(error) => batch.reject(row.spot(), error, row.held(keep)),
        });
    let told = std::mem::take(&mut batch.told);
    for total in &told {
        batch.measure(Measure {
            provider: total.provider.clone().into_owned(),
            meter: total.meter,
            unit: Unit::Credits,
            basis: Basis::List,
            name: total.column.clone(),
            amount: total.amount.into(),
        });
    }
    batch.told = told;
    batch.remark("aggregates: they reconcile a ledger and are never counted as events");
    batch
}
