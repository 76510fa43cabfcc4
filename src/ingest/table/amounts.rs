//! The amount columns of a vendor's table: each cell read exactly, each column added up under its own name.
use std::collections::BTreeMap;

use crate::{
    ingest::{
        batch::{Batch, Measure, RowError},
        table::{
            Row,
            evidence::{Conventions, Evidence},
            notes,
        },
        value::decimal::{Decimals, is_foreign},
    },
    model::{
        account::{Basis, Meter, Unit},
        amount::{Amount, Total},
    },
};

/// Reads the amounts of one file and remembers the sum of each column, by unit and basis.
pub struct Amounts {
    provider: &'static str,
    decimals: Decimals,
    sums: BTreeMap<(usize, Unit, Basis), (String, Total)>,
}

impl Amounts {
    /// For a file of a vendor.
    pub fn new(provider: &'static str, conventions: Conventions) -> Self {
        Self { provider, decimals: Decimals::with_mark(conventions.mark), sums: BTreeMap::new() }
    }

    /// The amount that makes the row; an empty cell is a problem.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    pub fn required(&mut self, row: &Row, column: usize) -> Result<Amount, RowError> {
        if row.cell(column).is_empty() {
            return Err(row.error(column, "empty: the row tells no amount; write 0 where nothing was used"));
        }
        if is_foreign(row.cell(column)) {
            return Err(row.error(column, notes::FOREIGN));
        }
        self.decimals.read(row.cell(column)).map_err(|cause| row.error(column, cause))
    }

    /// Further amounts of the row; an empty cell and a column that is not there are nothing.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    pub fn optional<const N: usize>(&mut self, row: &Row, columns: [usize; N]) -> Result<[Amount; N], RowError> {
        let mut amounts = [Amount::ZERO; N];
        for (amount, column) in amounts.iter_mut().zip(columns) {
            if !row.cell(column).is_empty() {
                *amount = self.required(row, column)?;
            }
        }
        Ok(amounts)
    }

    /// Adds an amount of an accepted row to the sum of its column.
    pub fn add(&mut self, row: &Row, column: usize, amount: Amount, unit: Unit, basis: Basis) {
        if row.has(column) {
            let new = || (row.name(column).to_owned(), Total::ZERO);
            self.sums.entry((column, unit, basis)).or_insert_with(new).1 += amount;
        }
    }

    /// What the cells tell about how the file writes numbers.
    pub fn evidence(&self) -> Evidence {
        Evidence::of(&self.decimals)
    }

    /// Hands over the sums, and what rounding did.
    pub fn finish(&mut self, batch: &mut Batch) {
        for ((_, unit, basis), (name, amount)) in std::mem::take(&mut self.sums) {
            let (provider, meter) = (self.provider.to_owned(), Meter::Message);
            batch.measure(Measure { provider, meter, unit, basis, name, amount });
        }
        batch.note(self.decimals.rounded, notes::ROUNDED);
    }
}
