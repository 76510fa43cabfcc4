//! The amounts of a row of a ledger-like table: the one that counts, in the sign of consumption, and those beside it.
use std::sync::Arc;

use crate::{
    ingest::{
        batch::{Batch, Measure, RowError},
        ledger,
        map::description::{BACK, Description, FURTHER, Meaning},
        table::{
            Row,
            evidence::{Conventions, Debit, Evidence},
            notes,
        },
        value::decimal::{Decimals, Mark, is_foreign, unit_told},
    },
    model::{
        account::{Basis, Entry, Meter, Unit},
        amount::{Amount, Total},
    },
};

/// Reads the amounts of one file and remembers what they told.
pub(in crate::ingest) struct Charges {
    decimals: Decimals,
    debit: Debit,
    is_declared: bool,
    unit: Unit,
    positive: u64,
    negative: u64,
    /// Grants and top-ups above zero.
    given: u64,
    further: Vec<Further>,
}

/// The sum of a column of further amounts.
struct Further {
    name: String,
    unit: Unit,
    basis: Basis,
    sum: Total,
}

/// What a row was charged.
pub(in crate::ingest) struct Charge {
    /// Positive where it was used, negative where it was given back.
    pub(in crate::ingest) amount: Amount,
    /// How it came about, where a word in its place says so.
    pub(in crate::ingest) basis: Option<Basis>,
    further: Vec<Amount>,
}

impl Charge {
    /// The amount in the second unit.
    pub(in crate::ingest) fn second(&self) -> Amount {
        self.further.first().copied().unwrap_or(Amount::ZERO)
    }
}

const EMPTY: &str = "empty: write 0, Free or - where nothing was charged";
const FOREIGN: &str = "is in another currency than the US dollars that the map declares";

impl Charges {
    /// For a file written by some conventions.
    pub(in crate::ingest) fn new(columns: &Description, conventions: Conventions) -> Self {
        let further =
            columns.further.iter().map(|&(unit, basis)| Further { name: String::new(), unit, basis, sum: Total::ZERO });
        Self {
            decimals: Decimals::with_mark(conventions.mark),
            debit: columns.sign.unwrap_or(conventions.debit),
            is_declared: columns.sign.is_some() || columns.has_back,
            unit: columns.unit,
            positive: 0,
            negative: 0,
            given: 0,
            further: further.collect(),
        }
    }

    /// The amounts of a row.
    ///
    /// # Errors
    /// Which cell is wrong, and why.
    pub(in crate::ingest) fn read(
        &mut self,
        columns: &Arc<Description>,
        row: &Row,
        entry: Entry,
    ) -> Result<Charge, RowError> {
        let is_back = columns.has_back && is_given_back(row)?;
        let column = if is_back { BACK } else { ledger::CREDITS };
        let cell = row.cell(column);
        let (amount, basis) = match columns.meaning(cell) {
            _ if cell.is_empty() => return Err(row.error(column, EMPTY)),
            Some(Meaning::Zero(basis)) => (Amount::ZERO, Some(basis)),
            Some(Meaning::Skip | Meaning::Problem) => {
                return Err(row.error(column, "a word that the map declares to be no amount"));
            }
            None => (self.decimal(columns, row, (column, cell), columns.unit)?, None),
        };
        let nanos = amount.nanos();
        self.given += u64::from(matches!(entry, Entry::Grant | Entry::Topup) && nanos > 0);
        if entry == Entry::Usage && !columns.has_back {
            match nanos.signum() {
                1 => self.positive += 1,
                -1 => self.negative += 1,
                _ => self.count(columns, cell),
            }
        }
        let debit = self.debit;
        let signed = |amount: Amount| {
            let nanos = amount.nanos();
            Amount::from_nanos(match (entry, debit) {
                (Entry::Refund, _) => nanos.saturating_abs().saturating_neg(),
                (Entry::Usage, _) if is_back => nanos.saturating_abs().saturating_neg(),
                (Entry::Usage, _) if columns.has_back => nanos.saturating_abs(),
                (Entry::Usage, Debit::Negative) => nanos.saturating_neg(),
                _ => nanos,
            })
        };
        let mut further = Vec::with_capacity(columns.further.len());
        for (index, (unit, _)) in columns.further.iter().enumerate() {
            let cell = row.cell(FURTHER + index);
            let is_nothing = cell.is_empty() || columns.meaning(cell).is_some();
            let amount =
                if is_nothing { Amount::ZERO } else { self.decimal(columns, row, (FURTHER + index, cell), *unit)? };
            further.push(signed(amount));
            if self.further[index].name.is_empty() {
                row.name(FURTHER + index).clone_into(&mut self.further[index].name);
            }
        }
        Ok(Charge { amount: signed(amount), basis, further })
    }

    /// The amount of a cell in a unit.
    ///
    /// # Errors
    /// Why it is none.
    pub(in crate::ingest) fn decimal(
        &mut self,
        columns: &Description,
        row: &Row,
        (column, cell): (usize, &str),
        unit: Unit,
    ) -> Result<Amount, RowError> {
        if unit == Unit::Usd && is_foreign(cell) {
            return Err(row.error(column, FOREIGN));
        }
        if let Some(other) = unit_told(cell).filter(|told| *told != unit) {
            let cause = format!(
                "says {other}, but the column holds {unit}: take the word off if it is wrong, or map the column"
            );
            return Err(row.error(column, cause));
        }
        let read = self.decimals.read(columns.without_affixes(cell));
        read.map_err(|cause| {
            // A cell that can be read two ways tells its sign all the same.
            if column == ledger::CREDITS && !columns.has_back {
                self.count(columns, cell);
            }
            row.error(column, cause)
        })
    }

    /// Counts the sign of a use.
    fn count(&mut self, columns: &Description, cell: &str) {
        match Decimals::is_negative(columns.without_affixes(cell)) {
            Some(true) => self.negative += 1,
            Some(false) => self.positive += 1,
            None => (),
        }
    }

    /// Adds the further amounts of an accepted row.
    pub(in crate::ingest) fn add(&mut self, charge: &Charge) {
        for (further, amount) in self.further.iter_mut().zip(&charge.further) {
            further.sum += *amount;
        }
    }

    /// Whether the cells, and nobody else, tell that negative is consumption.
    pub(in crate::ingest) fn is_found_negative(&self) -> bool {
        !self.is_declared && self.debit == Debit::Negative
    }

    /// What the cells tell.
    pub(in crate::ingest) fn evidence(&self) -> Evidence {
        Evidence { positive: self.positive, negative: self.negative, given: self.given, ..Evidence::of(&self.decimals) }
    }

    /// Hands over sums and notes.
    pub(in crate::ingest) fn finish(&mut self, batch: &mut Batch, provider: &str) {
        for Further { name, unit, basis, sum } in std::mem::take(&mut self.further) {
            if !name.is_empty() {
                let (provider, meter) = (provider.to_owned(), Meter::Message);
                batch.measure(Measure { provider, meter, unit, basis, name, amount: sum });
            }
        }
        let Decimals { mark, point, three_digits, rounded, approximate, money, .. } = self.decimals;
        batch.note(rounded, notes::ROUNDED);
        batch.note(approximate, "amounts are marked as approximate (~) and were taken as written");
        let is_money = self.unit == Unit::Usd;
        batch.note(if is_money { 0 } else { money }, notes::MONEY);
        if mark == Mark::Unknown && point == 0 {
            batch.note(three_digits, notes::THOUSANDS);
        }
        if self.is_found_negative() {
            batch.remark(if self.positive == 0 {
                "every use is negative, so negative is consumption here"
            } else {
                "the balances show that negative is consumption here"
            });
        }
        if !self.is_declared && self.debit == Debit::Positive && self.negative > self.positive && self.negative > 2 {
            batch.remark(notes::MOST_NEGATIVE);
        }
    }
}

/// Whether a row's amount stands in the column of what was given back.
fn is_given_back(row: &Row) -> Result<bool, RowError> {
    let (charged, back) = (row.cell(ledger::CREDITS), row.cell(BACK));
    if !is_nothing(charged) && !is_nothing(back) {
        return Err(row.error(BACK, "filled beside the amount that was charged: one of the two can be meant"));
    }
    Ok(charged.is_empty() && !back.is_empty() || !is_nothing(back))
}

/// Whether a cell holds no amount or none but zero.
fn is_nothing(cell: &str) -> bool {
    cell.is_empty() || matches!(cell, "-" | "–" | "—") || Decimals::is_negative(cell).is_none() && cell.contains('0')
}
