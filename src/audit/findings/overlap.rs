//! Credits that several findings speak of could be saved once. Findings on sessions come first, each session being named
//! once; what a finding on a user, an app, a feature or the account says beyond those that may hold the same credits is
//! what is left of its range. So the ranges of an account's findings can be added up.
use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    audit::finding::{Finding, Range, say},
    model::amount::Total,
    rollup::Subject,
};

/// Takes from each range what findings before it count already, and says so.
pub(super) fn count_once(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    let rank = |finding: &Finding| (finding.subject.session.is_none(), Reverse(finding.recoverable.high), finding.id);
    order.sort_by(|a, b| {
        let (a, b) = (&findings[*a], &findings[*b]);
        rank(a).cmp(&rank(b)).then_with(|| a.subject.cmp(&b.subject))
    });
    let mut counted: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for at in order {
        let subject = &findings[at].subject;
        // Those on sessions come first, and share nothing with each other.
        let near = counted.iter().filter(|(place, _)| subject.session.is_none() && may_meet(place, subject));
        let same = near.flat_map(|(_, others)| others).filter(|other| may_share(&findings[**other].subject, subject));
        let before = same.fold(Range::default(), |sum, other| plus(sum, findings[*other].recoverable));
        counted.entry((subject.workspace.clone(), subject.app.clone())).or_default().push(at);
        let own = findings[at].recoverable;
        if own.high > Total::ZERO && before.high > Total::ZERO {
            let unit = findings[at].account.unit;
            let high = less(own.high, before.high);
            // what others may save at most leaves no more than that, whatever they save at least
            findings[at].recoverable = Range { low: less(own.low, before.low).min(high), high };
            let (low, high) = (say(own.low, unit), say(own.high, unit));
            findings[at].evidence.push(format!(
                "alone it could save {low} to {high}; what other findings on the same work count is taken off"
            ));
        }
    }
}

/// A workspace and an app.
type Place = (Option<String>, Option<String>);

/// Whether findings of a place may speak of the same work as one on a subject.
fn may_meet((workspace, app): &Place, subject: &Subject) -> bool {
    is_same(workspace.as_ref(), subject.workspace.as_ref()) && is_same(app.as_ref(), subject.app.as_ref())
}

fn is_same(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Two findings may speak of the same credits unless a name tells them apart. Two findings on sessions do not: a session is
/// named once.
fn may_share(one: &Subject, other: &Subject) -> bool {
    if one.session.is_some() && other.session.is_some() {
        return false;
    }
    is_same(one.workspace.as_ref(), other.workspace.as_ref())
        && is_same(one.app.as_ref(), other.app.as_ref())
        && is_same(one.user.as_ref(), other.user.as_ref())
        && is_same(one.feature.as_ref(), other.feature.as_ref())
}

fn plus(one: Range, other: Range) -> Range {
    Range { low: one.low + other.low, high: one.high + other.high }
}

fn less(own: Total, counted: Total) -> Total {
    if counted >= own { Total::ZERO } else { own - counted }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        audit::finding::{Confidence, Severity},
        model::account::{Meter, Unit},
        rollup::AccountName,
    };

    fn finding(id: &'static str, user: &str, feature: &str, session: &str, (low, high): (u64, u64)) -> Finding {
        let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        Finding {
            id,
            title: String::new(),
            severity: Severity::Low,
            confidence: Confidence::Low,
            account: AccountName { provider: "base44".to_owned(), meter: Meter::Message, unit: Unit::Credits },
            amount: Total::from_units(high),
            recoverable: Range { low: Total::from_units(low), high: Total::from_units(high) },
            assumption: "",
            subject: Subject { user: name(user), feature: name(feature), session: name(session), ..Subject::default() },
            evidence: Vec::new(),
            causes: Vec::new(),
            advice: "",
        }
    }

    #[track_caller]
    fn check(mut findings: Vec<Finding>, expected: &[&str]) {
        count_once(&mut findings);
        let said = |finding: &Finding| format!("{} to {}", finding.recoverable.low, finding.recoverable.high);
        assert_eq!(findings.iter().map(said).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn credits_of_several_findings_are_counted_once() {
        let outlier = || finding("rework-outlier", "ada", "", "", (10, 20));
        check(vec![outlier(), finding("fix-loop", "ada", "", "s1", (4, 8))], &["6 to 12", "4 to 8"]);
        check(vec![outlier(), finding("fix-loop", "ada", "", "s1", (40, 80))], &["0 to 0", "40 to 80"]);
        check(vec![outlier(), finding("fix-loop", "ben", "", "s1", (4, 8))], &["10 to 20", "4 to 8"]);
        check(vec![outlier(), finding("fix-loop", "", "", "s1", (4, 8))], &["6 to 12", "4 to 8"]);
        let of_feature = finding("rework-outlier", "", "cart", "", (6, 9));
        check(vec![outlier(), of_feature], &["10 to 20", "0 to 0"]);
        let sessions = vec![finding("fix-loop", "ada", "", "s1", (4, 8)), finding("resend", "ada", "", "s2", (1, 2))];
        check(sessions, &["4 to 8", "1 to 2"]);
    }

    #[test]
    fn a_wide_range_before_leaves_no_range_upside_down() {
        let dead = finding("dead-feature", "", "cart", "", (0, 50));
        check(vec![dead, finding("no-spec-start", "", "cart", "", (14, 24))], &["0 to 50", "0 to 0"]);
    }

    proptest! {
        #[test]
        fn ranges_stay_ranges(found in prop::collection::vec((0_usize..3, 0_usize..3, 0_usize..3, 0_u64..60, 0_u64..60), 0..9)) {
            const NAMES: [&str; 3] = ["", "a", "b"];
            let one = |(user, feature, session, low, more): (usize, usize, usize, u64, u64)| {
                finding("x", NAMES[user], NAMES[feature], NAMES[session], (low, low + more))
            };
            let mut findings: Vec<Finding> = found.into_iter().map(one).collect();
            let own: Vec<Range> = findings.iter().map(|finding| finding.recoverable).collect();
            count_once(&mut findings);
            for (finding, own) in findings.iter().zip(own) {
                let Range { low, high } = finding.recoverable;
                prop_assert!(Total::ZERO <= low && low <= high && high <= own.high && low <= own.low);
            }
        }
    }
}
