//! What the cells of a file prove about how it is written. A file is read under an assumption; where its cells prove
//! another one, it is read again.
use crate::ingest::value::decimal::{Decimals, Mark};

/// How a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conventions {
    /// The decimal mark.
    pub mark: Mark,
    /// Whether consumption is written as negative amounts.
    pub debit: Debit,
}

/// The sign of consumption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

    /// Says after the cause of a rejected row how its file is written, so that the repaired row is read alike.
    pub fn said(self) -> String {
        let comma = if self.mark == Mark::Comma { Self::COMMA } else { "" };
        let negative = if self.debit == Debit::Negative { Self::NEGATIVE } else { "" };
        [comma, negative].concat()
    }

    /// Reads what [`Conventions::said`] said; `None` where it said nothing.
    pub fn heard(cause: &str) -> Option<Self> {
        let mark = if cause.contains(Self::COMMA) { Mark::Comma } else { Mark::Unknown };
        let debit = if cause.contains(Self::NEGATIVE) { Debit::Negative } else { Debit::Positive };
        let heard = Self { mark, debit };
        (heard != Self::default()).then_some(heard)
    }
}

/// Counts of cells that leave no choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
        }
    }

    /// The decimal mark that is proven: of a file without a decimal point that has decimal commas, the comma.
    pub const fn mark(self) -> Mark {
        match (self.point, self.comma) {
            (0, 1..) if self.three_digits == 0 => Mark::Comma,
            (0, 1..) => Mark::Contested,
            (1.., 0) if self.ambiguous > 0 => Mark::Point,
            _ => Mark::Unknown,
        }
    }

    /// The sign that is proven: where several uses are negative and none is positive, consumption is. To be asked when the
    /// mark is settled, so that no amount is missing from the count.
    pub const fn debit(self) -> Debit {
        if self.positive == 0 && self.negative > 2 { Debit::Negative } else { Debit::Positive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_file_is_heard_again() {
        for (mark, debit) in [(Mark::Comma, Debit::Positive), (Mark::Comma, Debit::Negative)] {
            let conventions = Conventions { mark, debit };
            assert_eq!(Conventions::heard(&format!("not a number{}", conventions.said())), Some(conventions));
        }
        assert_eq!(Conventions::heard(&Conventions::default().said()), None);
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
        assert_eq!(Evidence::of(&decimals).mark(), Mark::Unknown, "mixed marks prove nothing");
        let debits = Evidence { negative: 3, ..Evidence::default() };
        assert_eq!(debits.debit(), Debit::Negative);
        assert_eq!(debits.plus(Evidence { positive: 1, ..Evidence::default() }).debit(), Debit::Positive);
    }
}
