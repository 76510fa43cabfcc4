//! What the cells of a file prove about how it is written. A file is read under an assumption; where its cells prove
//! another one, it is read again.
use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::ingest::value::{
    decimal::{Decimals, Mark},
    order::{DateOrder, Dates, ToldDates},
};

/// How a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conventions {
    /// The decimal mark.
    pub mark: Mark,
    /// Whether consumption is written as negative amounts.
    pub debit: Debit,
    /// How dates are written.
    pub dates: Dates,
}

impl Conventions {
    /// What is assumed becomes what the cells prove.
    #[must_use]
    pub const fn settled(self, told: Evidence) -> Self {
        let mark = if matches!(self.mark, Mark::Unknown) { told.mark() } else { self.mark };
        Self { mark, debit: told.debit(), dates: told.dates.settled(self.dates) }
    }
}

/// How tables are written, by [`Writing::header`], where several files were asked.
pub type Pooled = Arc<BTreeMap<String, Conventions>>;

/// What a table's cells told under the first assumption, and how it was read in the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// Its source and the names of its columns: tables that are equal in these are written alike.
    pub header: String,
    /// The first assumption.
    pub assumed: Conventions,
    /// What the cells told.
    pub told: Evidence,
    /// How it was read.
    pub used: Conventions,
}

/// The sign of consumption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Debit {
    /// `1.2` consumes, `-1.2` is a refund.
    #[default]
    Positive,
    /// `-1.2` consumes.
    Negative,
}

impl Conventions {
    const COMMA: &str = " [its file writes decimal commas]";
    const NEGATIVE: &str = " [in its file negative is use]";
    const DAY: &str = " [its file writes the day first]";
    const MONTH: &str = " [its file writes the month first]";
    const SLASHED: &str = " [its file writes the month first, but the day with points]";

    /// Says after the cause of a rejected row how its file is written, so that the repaired row is read alike.
    pub fn said(self) -> String {
        let comma = if self.mark == Mark::Comma { Self::COMMA } else { "" };
        let negative = if self.debit == Debit::Negative { Self::NEGATIVE } else { "" };
        let order = match self.dates.order {
            DateOrder::DayFirst => Self::DAY,
            DateOrder::MonthFirst => Self::MONTH,
            DateOrder::SlashedMonthFirst => Self::SLASHED,
            _ => "",
        };
        [comma, negative, order].concat()
    }

    /// What was heard, with what was assumed where nothing was.
    #[must_use]
    pub fn within(self, assumed: Self) -> Self {
        let order = if self.dates.order == DateOrder::Undeclared { assumed.dates.order } else { self.dates.order };
        let mark = if self.mark == Mark::Unknown { assumed.mark } else { self.mark };
        Self { mark, debit: self.debit, dates: Dates { order, ..assumed.dates } }
    }

    /// Reads what [`Conventions::said`] said; `None` where it said nothing.
    pub fn heard(cause: &str) -> Option<Self> {
        let mark = if cause.contains(Self::COMMA) { Mark::Comma } else { Mark::Unknown };
        let debit = if cause.contains(Self::NEGATIVE) { Debit::Negative } else { Debit::Positive };
        let order = match (cause.contains(Self::DAY), cause.contains(Self::MONTH)) {
            (true, false) => DateOrder::DayFirst,
            (false, true) => DateOrder::MonthFirst,
            _ if cause.contains(Self::SLASHED) => DateOrder::SlashedMonthFirst,
            _ => DateOrder::Undeclared,
        };
        let heard = Self { mark, debit, dates: Dates { order, ..Dates::default() } };
        (heard != Self::default()).then_some(heard)
    }
}

/// Counts of cells that leave no choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Cells that can only be read with a decimal point.
    pub point: u64,
    /// Cells that can only be read with a decimal comma.
    pub comma: u64,
    /// Cells such as `1,234`, that can be read both ways.
    pub ambiguous: u64,
    /// Cells such as `1.250`, that are decimals unless the file has decimal commas.
    pub three_digits: u64,
    /// Uses above zero.
    pub positive: u64,
    /// Uses below zero.
    pub negative: u64,
    /// Grants and top-ups above zero.
    pub given: u64,
    /// Balances that follow by adding the amount as it is written.
    pub adding: u64,
    /// Balances that follow by taking it off.
    pub taking: u64,
    /// What the times tell.
    pub dates: ToldDates,
}

impl Evidence {
    /// What the amounts of a file tell, without their signs.
    pub fn of(decimals: &Decimals) -> Self {
        let Decimals { point, comma, ambiguous, three_digits, .. } = *decimals;
        Self { point, comma, ambiguous, three_digits, ..Self::default() }
    }

    /// The evidence of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            point: self.point + other.point,
            comma: self.comma + other.comma,
            ambiguous: self.ambiguous + other.ambiguous,
            three_digits: self.three_digits + other.three_digits,
            positive: self.positive + other.positive,
            negative: self.negative + other.negative,
            given: self.given + other.given,
            adding: self.adding + other.adding,
            taking: self.taking + other.taking,
            dates: self.dates.plus(other.dates),
        }
    }

    /// The decimal mark that is proven: of a file without a decimal point that has decimal commas, the comma. Where both
    /// are proven, cells that can be read both ways are refused.
    pub const fn mark(self) -> Mark {
        match (self.point, self.comma) {
            (0, 1..) if self.three_digits == 0 => Mark::Comma,
            (1.., 0) if self.ambiguous > 0 => Mark::Point,
            (_, 1..) => Mark::Contested,
            // Who writes dates with points writes thousands with them, too.
            (0, 0) if self.three_digits > 0 && self.dates.with_points > 0 => Mark::Contested,
            _ => Mark::Unknown,
        }
    }

    /// The sign that is proven: by the balances, of which nearly all must agree; without them, where several uses are
    /// negative and none is positive, consumption is. Beside grants above zero two uses are several.
    pub const fn debit(self) -> Debit {
        const LEAST: u64 = 2;
        const NEARLY_ALL: u64 = 9;
        if self.adding >= LEAST && self.adding >= self.taking * NEARLY_ALL {
            return Debit::Negative;
        }
        if self.taking >= LEAST && self.taking >= self.adding * NEARLY_ALL {
            return Debit::Positive;
        }
        let several = if self.given > 0 { 1 } else { 2 };
        if self.positive == 0 && self.negative > several { Debit::Negative } else { Debit::Positive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_file_is_heard_again() {
        for (mark, debit) in [(Mark::Comma, Debit::Positive), (Mark::Comma, Debit::Negative)] {
            let conventions = Conventions { mark, debit, ..Conventions::default() };
            assert_eq!(Conventions::heard(&format!("not a number{}", conventions.said())), Some(conventions));
        }
        assert_eq!(Conventions::heard(&Conventions::default().said()), None);
    }

    #[test]
    fn uses_below_zero_beside_grants_above_it_are_uses() {
        let debit = |positive, negative, given| Evidence { positive, negative, given, ..Evidence::default() }.debit();
        assert_eq!([debit(0, 2, 1), debit(0, 3, 0)], [Debit::Negative; 2]);
        assert_eq!([debit(0, 2, 0), debit(0, 1, 4), debit(1, 9, 4)], [Debit::Positive; 3]);
    }

    #[test]
    fn a_file_proves_its_mark_and_its_sign() {
        let mut decimals = Decimals::default();
        for cell in ["0,5", "1,25", "3"] {
            assert!(decimals.read(cell).is_ok());
        }
        let evidence = Evidence::of(&decimals);
        assert_eq!(evidence.mark(), Mark::Comma);
        assert!(decimals.read("1.250").is_ok());
        assert_eq!(Evidence::of(&decimals).mark(), Mark::Contested, "1.250 is 1250 or 1.25 here");
        assert!(decimals.read("0.5").is_ok());
        assert_eq!(Evidence::of(&decimals).mark(), Mark::Contested, "where both are written, 1.250 is not certain");
        let debits = Evidence { negative: 3, ..Evidence::default() };
        assert_eq!(debits.debit(), Debit::Negative);
        let mixed = debits.plus(Evidence { positive: 1, ..Evidence::default() });
        assert_eq!(mixed.debit(), Debit::Positive);
        assert_eq!(Evidence { adding: 2, ..mixed }.debit(), Debit::Negative);
        assert_eq!(Evidence { taking: 2, ..debits }.debit(), Debit::Positive);
        assert_eq!(Evidence { adding: 9, taking: 2, ..debits }.debit(), Debit::Negative, "all are negative");
    }
}
