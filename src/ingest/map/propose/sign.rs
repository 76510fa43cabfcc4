//! Which sign consumption has in a column of amounts, and what speaks for it.
use crate::{
    ingest::{
        map::propose::{column::Column, open::Table},
        table::evidence::Debit,
        value::quoted,
    },
    model::amount::Amount,
};

/// So many rows must speak for a sign.
const LEAST: usize = 3;
/// This share of them, in percent.
const ENOUGH: usize = 90;

/// The sign of consumption with what speaks for it, or why it cannot be told.
pub(super) fn told(amount: &Column, balance: Option<&Column>, table: &Table) -> Result<(Debit, String), String> {
    let (positive, negative) = (amount.positive, amount.negative);
    let all = positive + negative;
    let counted = format!("{negative} of {all} amounts are negative");
    if negative == 0 {
        return Ok((Debit::Positive, counted));
    }
    if let Some((debit, follows)) = balance.and_then(|balance| by_balance(amount, balance, table)) {
        return Ok((debit, format!("{counted}; {follows}")));
    }
    match () {
        () if negative >= LEAST && negative * 100 >= all * ENOUGH => Ok((Debit::Negative, counted)),
        () if positive * 100 >= all * ENOUGH => Ok((Debit::Positive, format!("{counted}, and count as given back"))),
        () => Err(format!("{counted}, so whether positive or negative amounts are consumption is not certain")),
    }
}

/// In how many rows the balance follows the amounts, and under which sign.
pub(super) fn by_balance(amount: &Column, balance: &Column, table: &Table) -> Option<(Debit, String)> {
    let (amounts, balances) = (amount.values(table), balance.values(table));
    let rows: Vec<Option<(Amount, Amount)>> =
        amounts.into_iter().zip(balances).map(|(amount, balance)| Some((amount?, balance?))).collect();
    let (mut pairs, mut follows) = (0, [[0; 2]; 2]);
    for pair in rows.windows(2) {
        let (Some(above), Some(below)) = (pair[0], pair[1]) else { continue };
        pairs += 1;
        // The newest row may stand below or above.
        for (newest_above, (older, newer)) in [(0, (above, below)), (1, (below, above))] {
            let change = newer.1.nanos().checked_sub(older.1.nanos());
            follows[newest_above][0] += usize::from(change == newer.0.nanos().checked_neg());
            follows[newest_above][1] += usize::from(change == Some(newer.0.nanos()));
        }
    }
    let of_sign = |sign: usize| follows[0][sign].max(follows[1][sign]);
    let (debit, n) =
        if of_sign(0) >= of_sign(1) { (Debit::Positive, of_sign(0)) } else { (Debit::Negative, of_sign(1)) };
    let is_told = n >= LEAST && n * 100 >= pairs * ENOUGH && of_sign(0) != of_sign(1);
    is_told.then(|| (debit, format!("{} follows them in {n} of {pairs} rows", quoted(&balance.name))))
}
