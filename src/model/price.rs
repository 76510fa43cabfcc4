//! What credits are worth: a sum of money for a number of credits, kept apart so that no rounding is multiplied.
use crate::model::amount::{Amount, Total};

/// Dollars for a number of units; the number is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    dollars: Amount,
    units: Amount,
}

impl Price {
    /// A dollar a unit.
    pub const ONE: Self = Self { dollars: Amount::from_nanos(1), units: Amount::from_nanos(1) };

    /// So many dollars for so many units; `None` for no units.
    pub fn new(dollars: Amount, units: Amount) -> Option<Self> {
        (units > Amount::ZERO).then_some(Self { dollars, units })
    }

    /// The sum of money.
    pub const fn dollars(self) -> Amount {
        self.dollars
    }

    /// The number of units it buys.
    pub const fn units(self) -> Amount {
        self.units
    }

    /// How many units a sum buys, rounded down; `None` where they cost nothing, or beyond the range.
    pub fn buys(self, dollars: Total) -> Option<Total> {
        let product = dollars.nanos().checked_mul(self.units.nanos().into())?;
        product.checked_div_euclid(i128::from(self.dollars.nanos())).map(Total::from_nanos)
    }

    /// What an amount is worth, rounded half to even at the ninth decimal; `None` beyond the range.
    pub fn of(self, amount: Total) -> Option<Total> {
        let product = amount.nanos().checked_mul(self.dollars.nanos().into())?;
        let units = i128::from(self.units.nanos());
        let (floor, left) = (product.div_euclid(units), product.rem_euclid(units));
        let up = left * 2 > units || left * 2 == units && floor % 2 != 0;
        Some(Total::from_nanos(floor + i128::from(up)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dollars: &str, units: &str, amount: i128, expected: &str) {
        let price = Price::new(dollars.parse().unwrap(), units.parse().unwrap()).unwrap();
        assert_eq!(price.of(Total::from_nanos(amount)).unwrap().to_string(), expected);
    }

    #[test]
    fn a_month_of_credits_is_worth_its_price() {
        check("200", "1200", 1_200_000_000_000, "200");
        check("200", "1200", 523_500_000_000, "87.25");
        check("50", "250", 103_100_000_000, "20.62");
    }

    #[test]
    fn a_sum_buys_units() {
        let price = Price::new("0.3".parse().unwrap(), Amount::from_units(1).unwrap()).unwrap();
        assert_eq!(price.buys(Total::from_units(30)), Some(Total::from_units(100)));
        assert_eq!(Price::new(Amount::ZERO, Amount::from_nanos(1)).unwrap().buys(Total::from_units(1)), None);
    }

    #[test]
    fn a_value_rounds_half_to_even() {
        check("0.5", "1", 1, "0");
        check("0.5", "1", 3, "0.000000002");
        check("0.2", "1", -1, "0");
        assert!(Price::new(Amount::ZERO, Amount::ZERO).is_none());
    }
}
