//! Balances that do not follow from their rows: something was charged, given or corrected that the export does not hold.
use crate::{
    audit::{
        finding::{Check, Confidence, Finding, Range, Severity, Status, say},
        findings::Audited,
        reconcile::{Balances, Reconciliation, balance::Verdict},
    },
    model::amount::Total,
    rollup::{AccountName, Subject, Tally},
};

const ID: &str = "balance-mismatch";
const ABOUT: &str = "each balance told follows from the one before and the rows between";

/// Looks at the balances of an account, one workspace at a time.
pub(super) fn look(account: &AccountName, total: Tally, books: &Reconciliation, audited: &mut Audited) {
    let own = || books.balances.iter().filter(|balances| balances.account == *account);
    let tested: u64 = own().map(|balances| balances.checked.compared).sum();
    if own().next().is_none() {
        return;
    }
    let found: Vec<Finding> = own().filter_map(|balances| finding(balances, total)).collect();
    let is_checked = own().any(|balances| matches!(balances.checked.verdict, Verdict::Agrees | Verdict::Breaks));
    let status = match (found.is_empty(), is_checked) {
        (false, _) => Status::Found,
        (true, true) => Status::Nothing,
        (true, false) => Status::InsufficientData,
    };
    audited.checks.push(Check { id: ID, account: account.clone(), status, tested, note: ABOUT.to_owned() });
    audited.findings.extend(found);
}

fn finding(balances: &Balances, total: Tally) -> Option<Finding> {
    let Balances { account, workspace, checked, .. } = balances;
    if checked.verdict != Verdict::Breaks {
        return None;
    }
    let unit = account.unit;
    let difference = checked.difference().unwrap_or_default();
    let amount = if difference < Total::ZERO { -difference } else { difference };
    let first = checked.first.as_ref().zip(balances.first.as_deref());
    let place = first.map(|(first, place)| {
        format!("the first at {place}: expected {}, found {}", say(first.expected, unit), say(first.found, unit))
    });
    Some(Finding {
        id: ID,
        title: format!(
            "{} of {} balances do not follow from their rows, by {} in all",
            checked.breaks,
            checked.compared,
            say(difference, unit)
        ),
        severity: Severity::of(amount, total.amount),
        confidence: Confidence::High,
        account: account.clone(),
        amount,
        recoverable: Range::default(),
        assumption: "nothing is counted as recoverable until the difference is explained",
        subject: Subject { workspace: workspace.clone(), ..Subject::default() },
        evidence: place.into_iter().collect(),
        causes: Vec::new(),
        advice: "Compare the rows around the first break with the builder's own list: look for a missing page of the \
                 export, a top-up, a refund or a correction that was not written down.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::reconcile::balance::{Break, Checked},
        model::{
            account::{Meter, Unit},
            event::Place,
            instant::Instant,
        },
    };

    fn audited(verdict: Verdict) -> Audited {
        let account = AccountName { provider: "base44".to_owned(), meter: Meter::Message, unit: Unit::Credits };
        let units = Total::from_units;
        let first = Break {
            at: Instant::from_nanos(0),
            place: Place { file: 0, line: 7 },
            expected: units(9),
            found: units(4),
        };
        let checked = Checked {
            verdict,
            compared: 12,
            breaks: 1,
            expected: Some(units(9)),
            found: Some(units(4)),
            first: Some(first),
        };
        let balances = Balances {
            account: account.clone(),
            workspace: Some("studio".to_owned()),
            period: (Instant::from_nanos(0), Instant::from_nanos(0)),
            checked,
            first: Some("ledger.csv:7".to_owned()),
        };
        let books = Reconciliation { balances: vec![balances], ..Reconciliation::default() };
        let mut audited = Audited::default();
        look(&account, Tally { events: 9, amount: units(90) }, &books, &mut audited);
        audited
    }

    #[test]
    fn a_break_is_found_with_its_place() {
        let Audited { findings, checks } = audited(Verdict::Breaks);
        assert_eq!(findings[0].title, "1 of 12 balances do not follow from their rows, by -5 credits in all");
        assert_eq!(findings[0].evidence, ["the first at ledger.csv:7: expected 9 credits, found 4 credits"]);
        assert_eq!(findings[0].subject.workspace.as_deref(), Some("studio"));
        assert_eq!((findings[0].amount, checks[0].status), (Total::from_units(5), Status::Found));
    }

    #[test]
    fn partial_and_agreeing_balances_are_no_finding() {
        for (verdict, status) in [
            (Verdict::Agrees, Status::Nothing),
            (Verdict::Partial, Status::InsufficientData),
            (Verdict::Unknown, Status::InsufficientData),
        ] {
            let Audited { findings, checks } = audited(verdict);
            assert_eq!((findings.len(), checks[0].status), (0, status));
        }
    }
}
