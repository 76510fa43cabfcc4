//! What the cells of a column look like.
use std::collections::BTreeSet;

use crate::{
    ingest::{
        map::propose::{lexicon, open::Table},
        table::evidence::Evidence,
        value::{
            decimal::{CURRENCIES, Decimals, Mark},
            instant::Instants,
            order::{DateOrder, Dates},
        },
    },
    model::{amount::Amount, zone::Zone},
};

/// This share of the filled cells, in percent, must be read as what a column is taken for.
const ENOUGH: usize = 90;

/// A column and what its cells look like.
#[derive(Default)]
pub(super) struct Column {
    /// Its place in the table.
    pub(super) at: usize,
    pub(super) name: String,
    /// Whether other columns have this name, too, or it has none: then a map cannot name it.
    pub(super) is_nameless: bool,
    pub(super) filled: usize,
    pub(super) distinct: usize,
    pub(super) times: usize,
    pub(super) clocks: usize,
    pub(super) naive: u64,
    pub(super) dates: u64,
    /// Dates that must have the day first, and the month.
    pub(super) told: (u64, u64),
    pub(super) amounts: usize,
    pub(super) fractions: usize,
    pub(super) decimals: Decimals,
    /// The first sign or code of a currency.
    pub(super) currency: Option<&'static str>,
    pub(super) positive: usize,
    pub(super) negative: usize,
    pub(super) mails: usize,
    /// Words of the lexicon in place of amounts, and in how many cells they stand; what else stands there may be a text.
    pub(super) words: BTreeSet<String>,
    pub(super) worded: usize,
    pub(super) example: String,
}

impl Column {
    /// The column at a place of a table.
    pub(super) fn of(table: &Table, at: usize) -> Self {
        let name = &table.names[at];
        let is_nameless = name.is_empty() || table.names.iter().filter(|other| *other == name).count() > 1;
        let mut column = Self { at, name: name.clone(), is_nameless, ..Self::default() };
        let cells: Vec<&String> = table.rows.iter().map(|row| &row[at]).filter(|cell| !cell.is_empty()).collect();
        column.filled = cells.len();
        column.distinct = cells.iter().collect::<BTreeSet<_>>().len();
        let with_order = |order| Instants {
            is_by_hand: true,
            dates_as: Dates { order, is_serial: false },
            ..Instants::new(Some(Zone::utc()))
        };
        let (mut instants, mut other) = (with_order(DateOrder::DayFirst), with_order(DateOrder::MonthFirst));
        for cell in cells {
            column.look(cell, &mut instants, &mut other);
        }
        (column.naive, column.dates) = (instants.naive + other.naive, instants.dates + other.dates);
        column.told = (instants.told.day_first, instants.told.month_first);
        column
    }

    fn look(&mut self, cell: &str, instants: &mut Instants, other: &mut Instants) {
        let is_time = instants.read(cell).is_ok() | other.read(cell).is_ok();
        let sign = Decimals::is_negative(cell);
        // A number that can be read both ways is one, a text that begins with a number is none.
        let is_read_as = |mark| Decimals::with_mark(mark).read(cell).is_ok();
        let is_amount = self.decimals.read(cell).is_ok() || is_read_as(Mark::Point) || is_read_as(Mark::Comma);
        self.times += usize::from(is_time);
        self.clocks += usize::from(cell.contains(':') && instants.read(&format!("2026-01-01 {cell}")).is_ok());
        self.amounts += usize::from(is_amount);
        self.fractions += usize::from(is_amount && cell.contains(['.', ',']));
        self.negative += usize::from(is_amount && sign == Some(true));
        self.positive += usize::from(is_amount && sign == Some(false));
        self.mails += usize::from(cell.contains('@') && cell.contains('.') && !cell.contains(' '));
        if is_amount && self.currency.is_none() {
            self.currency = CURRENCIES.into_iter().find(|sign| cell.contains(sign));
        }
        if !is_amount && lexicon::meaning(cell).is_some() {
            self.words.insert(cell.to_lowercase());
            self.worded += 1;
        }
        if self.example.is_empty() && (is_time || is_amount) {
            cell.clone_into(&mut self.example);
        }
    }

    /// Whether nearly all filled cells are of a kind that so many are of.
    pub(super) fn is_mostly(&self, n: usize) -> bool {
        self.filled > 0 && n * 100 >= self.filled * ENOUGH
    }

    /// Whether most of its cells are amounts, but for words of the lexicon in their place.
    pub(super) fn holds_amounts(&self) -> bool {
        self.amounts * 2 > self.filled - self.worded && self.times * 2 < self.filled
    }

    /// Whether it holds amounts that were taken, and each row only one of them or of the other column's.
    pub(super) fn alternates(&self, other: &Self, table: &Table) -> bool {
        let is_some = |value: &Option<Amount>| value.is_some_and(|amount| amount != Amount::ZERO);
        let (own, others) = (self.values(table), other.values(table));
        own.iter().any(is_some) && !own.iter().zip(&others).any(|(own, other)| is_some(own) && is_some(other))
    }

    /// The decimal mark that its cells prove.
    pub(super) fn mark(&self) -> Mark {
        Evidence::of(&self.decimals).mark()
    }

    /// The amounts of a table's rows in this column, where they can be read.
    pub(super) fn values(&self, table: &Table) -> Vec<Option<Amount>> {
        let mut decimals = Decimals::with_mark(self.mark());
        table.rows.iter().map(|row| decimals.read(&row[self.at]).ok()).collect()
    }
}
