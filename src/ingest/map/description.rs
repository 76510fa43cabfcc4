//! What the columns of a ledger-like table mean: the plain ledger is the default, a map says otherwise.
use std::{collections::BTreeMap, sync::Arc};

use crate::{
    ingest::{
        ledger,
        table::{
            Row,
            evidence::{Conventions, Debit},
        },
        value::{
            decimal::Mark,
            order::{DateOrder, Dates},
        },
    },
    model::{
        account::{Basis, Unit},
        text::trimmed,
        zone::Zone,
    },
};

/// What the columns mean and how the cells are written, as far as that is declared.
#[derive(Debug, Clone)]
pub struct Description {
    /// What each row holds in a column that the table has not, by the column's place among the ledger's.
    pub constants: Vec<Option<Box<str>>>,
    /// The unit of the amount.
    pub unit: Unit,
    /// How the amounts came about.
    pub basis: Basis,
    /// What stands before the digits of an amount, and behind them.
    pub affixes: [Box<str>; 2],
    /// The sign of consumption.
    pub sign: Option<Debit>,
    /// The decimal mark.
    pub mark: Option<Mark>,
    /// Words in place of an amount, in lower case.
    pub words: BTreeMap<Box<str>, Meaning>,
    /// The order of dates.
    pub order: DateOrder,
    /// Whether times are the numbers of days in spreadsheets.
    pub is_serial: bool,
    /// The format of times.
    pub format: Option<Arc<str>>,
    /// The zone of times without an offset.
    pub zone: Option<Zone>,
    /// Whether the time of day stands in a column of its own, [`TIME`].
    pub has_time: bool,
    /// Whether amounts that are given back stand in a column of their own, [`BACK`].
    pub has_back: bool,
    /// Amounts beside the one that counts, from column [`FURTHER`] on.
    pub further: Vec<(Unit, Basis)>,
    /// Values of the columns behind those, for which a row is passed over.
    pub skips: Vec<Vec<String>>,
}

/// What a word in place of an amount means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing was charged, and how that came about.
    Zero(Basis),
    /// The row is no consumption and is passed over.
    Skip,
    /// The row is a problem.
    Problem,
}

/// The column of the time of day, behind those of the ledger.
pub const TIME: usize = ledger::COLUMNS.len();
/// The column of amounts that were given back.
pub const BACK: usize = TIME + 1;
/// The first column of further amounts.
pub const FURTHER: usize = BACK + 1;

impl Default for Description {
    fn default() -> Self {
        let nothing = ["free", "-", "–", "—"];
        Self {
            constants: vec![None; ledger::COLUMNS.len()],
            unit: Unit::Credits,
            basis: Basis::Billed,
            affixes: <[Box<str>; 2]>::default(),
            sign: None,
            mark: None,
            words: nothing.map(|word| (word.into(), Meaning::Zero(Basis::Billed))).into(),
            order: DateOrder::Undeclared,
            is_serial: false,
            format: None,
            zone: None,
            has_time: false,
            has_back: false,
            further: Vec::new(),
            skips: Vec::new(),
        }
    }
}

impl Description {
    /// What is assumed at first: what is declared here, else what the user said of all files.
    pub fn conventions(&self, mark: Mark, order: DateOrder) -> Conventions {
        let order = if self.order == DateOrder::Undeclared { order } else { self.order };
        let dates = Dates { order, is_serial: self.is_serial };
        Conventions { mark: self.mark.unwrap_or(mark), debit: Debit::default(), dates }
    }

    /// The cell of a column; where it has none, what each row holds there.
    #[inline]
    pub fn cell<'a>(&'a self, row: &Row<'a>, column: usize) -> &'a str {
        match row.cell(column) {
            "" => self.constants[column].as_deref().unwrap_or_default(),
            cell => cell,
        }
    }

    /// Whether some rows may be no consumption.
    pub fn may_pass_over(&self) -> bool {
        !self.skips.is_empty() || self.words.values().any(|meaning| *meaning == Meaning::Skip)
    }

    /// Whether a row is no consumption.
    pub fn passes_over(&self, row: &Row) -> bool {
        let is_word = self.meaning(row.cell(ledger::CREDITS)) == Some(Meaning::Skip);
        let mut skips = (self.first_skip()..).zip(&self.skips);
        is_word || skips.any(|(column, values)| values.contains(&row.cell(column).to_lowercase()))
    }

    /// What a word in place of an amount means.
    pub fn meaning(&self, cell: &str) -> Option<Meaning> {
        let is_word = !cell.bytes().any(|byte| byte.is_ascii_digit());
        is_word.then(|| self.words.get(cell.to_lowercase().as_str()).copied()).flatten()
    }

    /// The cell of an amount without what the map says stands around it.
    pub fn without_affixes<'c>(&self, cell: &'c str) -> &'c str {
        let [prefix, suffix] = &self.affixes;
        if prefix.is_empty() && suffix.is_empty() {
            return cell;
        }
        let body = cell.strip_prefix(&**prefix).unwrap_or(cell);
        trimmed(body.strip_suffix(&**suffix).unwrap_or(body))
    }

    /// The unit of the first further amount, where it is another one than that of the amount.
    pub fn second_unit(&self) -> Option<Unit> {
        self.further.first().map(|(unit, _)| *unit).filter(|unit| *unit != self.unit)
    }

    /// The first column of [`Description::skips`].
    pub fn first_skip(&self) -> usize {
        FURTHER + self.further.len()
    }
}
