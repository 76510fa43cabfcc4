//! Rework: what fixes and regenerations took, and when its share can be told at all.
use crate::{
    model::{action::Action, amount::Total},
    rollup::Tally,
};

/// Where less of the use in building is classified, the rest could be anything.
const LEAST_KNOWN: f64 = 0.2;

/// What fixes and regenerations took of some use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rework {
    /// The amount.
    pub amount: Total,
    /// Its share; `None` where that would say nothing: of no use, of nothing but the running app, where less than
    /// [`LEAST_KNOWN`] of the use in building is classified, or where refunds make the amount negative or larger than the
    /// whole.
    pub share: Option<f64>,
}

/// The rework among tallies by class.
pub fn of(actions: &[Tally; Action::ALL.len()]) -> Rework {
    among(&actions.map(|tally| tally.amount))
}

/// The rework among amounts by class.
pub fn among(amounts: &[Total; Action::ALL.len()]) -> Rework {
    let whole: Total = amounts.iter().copied().sum();
    let classes = Action::ALL.into_iter().filter(|action| action.is_rework());
    let amount: Total = classes.map(|action| amounts[action.index()]).sum();
    let building = whole - amounts[Action::Runtime.index()];
    let classified = building - amounts[Action::Unclassified.index()];
    let known = !classified.is_zero() && (building <= Total::ZERO || classified.share_of(building) >= LEAST_KNOWN);
    let inside = whole > Total::ZERO && amount >= Total::ZERO && amount <= whole;
    Rework { amount, share: (known && inside).then(|| amount.share_of(whole)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fix: i128, other: i128, unclassified: i128, expected: Option<f64>) {
        let mut amounts = [Total::ZERO; Action::ALL.len()];
        amounts[Action::Fix.index()] = Total::from_nanos(fix);
        amounts[Action::Other.index()] = Total::from_nanos(other);
        amounts[Action::Unclassified.index()] = Total::from_nanos(unclassified);
        assert_eq!(among(&amounts).share, expected);
    }

    #[test]
    fn a_share_is_told_only_where_it_is_known() {
        check(1, 1, 2, Some(0.25));
        check(0, 4, 0, Some(0.0));
        check(0, 0, 4, None);
        check(1, 1, 8, Some(0.1));
        check(0, 1, 5, None);
        check(1, 0, 97, None);
        check(0, 0, 0, None);
        check(-1, 2, 0, None);
        check(3, -2, 0, None);
    }
}
