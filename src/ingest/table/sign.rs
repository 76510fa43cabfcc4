//! Which sign consumption has, where the balances of a ledger tell it: a use takes from the balance before it.
use crate::{
    ingest::batch::Batch,
    model::{
        amount::Amount,
        event::{Event, Word},
        instant::Instant,
    },
};

/// A row of which a balance is told.
struct Told {
    workspace: Option<Word>,
    at: Instant,
    /// The amount as it is written; none for grants and the like.
    written: Option<Amount>,
    balance: Amount,
}

/// How many balances follow from the one before by adding the amount as it is written, and how many by taking it off.
/// Rows are compared in the order of time, whatever order they stand in; rows of one instant tell nothing.
pub(in crate::ingest) fn by_balance(batch: &Batch) -> [u64; 2] {
    let mut rows: Vec<Told> = Vec::with_capacity(batch.balances.len());
    let mut told = |event: &Event, written| {
        if let Ok(found) = batch.balances.binary_search_by_key(&event.place, |(place, _)| *place) {
            let workspace = batch.names.thread(event.thread).workspace;
            rows.push(Told { workspace, at: event.at, written, balance: batch.balances[found].1 });
        }
    };
    batch.events.iter().for_each(|event| told(event, Some(event.amount)));
    batch.pool.iter().for_each(|event| told(event, None));
    rows.sort_by_key(|row| (row.workspace, row.at));
    let mut follows = [0; 2];
    let mut alone = rows.chunk_by(|a, b| (a.workspace, a.at) == (b.workspace, b.at)).peekable();
    while let Some(before) = alone.next() {
        let ([before], Some([after])) = (before, alone.peek()) else { continue };
        let Some(written) = after.written.filter(|amount| !amount.is_zero() && before.workspace == after.workspace)
        else {
            continue;
        };
        let change = after.balance.nanos().checked_sub(before.balance.nanos());
        follows[0] += u64::from(change == Some(written.nanos()));
        follows[1] += u64::from(change == written.nanos().checked_neg());
    }
    follows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{source, tests::settings};

    #[track_caller]
    fn check(rows: &str, expected: [u64; 2]) {
        let text = format!("timestamp,user,credits,balance_after\n{rows}");
        let (_, _, batch) = source::read(text.as_bytes(), &settings()).unwrap();
        assert_eq!(by_balance(&batch), expected, "{rows}");
    }

    #[test]
    fn balances_tell_the_sign_in_whatever_order_rows_stand() {
        check("2026-10-01,,5,95\n2026-10-02,,2,93\n2026-10-03,,-1,94\n", [0, 2]);
        check("2026-10-03,,-1,94\n2026-10-02,,2,93\n2026-10-01,,5,95\n", [0, 2]);
        check("2026-10-01,,5,95\n2026-10-01,,2,93\n2026-10-02,,1,92\n", [0, 0]);
        check("2026-10-01,,5,95\n2026-10-02,,2,90\n2026-10-03,,1,\n", [0, 0]);
    }
}
