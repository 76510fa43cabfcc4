//! How much less would be used if everybody's rework fell to the team's median.
use crate::{
    model::{action::Action, amount::Total},
    rollup::{AccountRollup, Row},
};

/// A median of fewer people says little of a team.
const LEAST_PEOPLE: usize = 3;

/// The share of an account's use that rework above the median of its users takes; 0 where there is no team to compare.
pub fn saved(account: &AccountRollup) -> f64 {
    let people: Vec<&Row> =
        account.by_user.iter().filter(|row| row.subject.user.is_some() && row.tally.amount > Total::ZERO).collect();
    if people.len() < LEAST_PEOPLE || account.total.amount <= Total::ZERO {
        return 0.0;
    }
    let rework = |row: &Row| row.of(Action::Fix).amount + row.of(Action::Regeneration).amount;
    let mut shares: Vec<f64> = people.iter().map(|row| rework(row).share_of(row.tally.amount)).collect();
    shares.sort_by(f64::total_cmp);
    let median = f64::midpoint(shares[(shares.len() - 1) / 2], shares[shares.len() / 2]);
    let excess = |row: &&Row| (rework(row).approx() - median * row.tally.amount.approx()).max(0.0);
    people.iter().map(excess).sum::<f64>() / account.total.amount.approx()
}
