//! Failures in a row on one target: each further repair asks the same of a thread that has lost its way.
//!
//! The probability that a failure follows a failure is 0.42, and series of three or more hold 37 % of all failure
//! prompts (arXiv 2604.00436).
use crate::{
    audit::{
        finding::{Confidence, counted},
        findings::{Context, Found, Look, Rule},
    },
    model::account::Meter,
};

/// Failures from which a loop leaves little doubt.
const SURE: u64 = 5;
/// The chance that they are failures from which there is little doubt, and below which there is much.
const CHANCES: [f64; 2] = [0.75, 0.55];

pub(super) const RULE: Rule = Rule {
    id: "fix-loop",
    meter: Meter::Message,
    about: "three or more failures in a row on one target within a session: linked to each other, of one feature that the export names, or about one thing; questions and what was free between them do not count, nor do loops whose later repairs were free",
    assumption: "after the second failure, stopping to describe it anew saves a third to all of the later repairs",
    advice: "After the second failed repair, stop and change the approach: revert to the last state that worked, then \
             describe in one prompt what you did, what you expected and what happened, with the full error text.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = context.look_at_classified();
    for (index, session) in context.sessions() {
        let Some(run) = session.run.as_ref().filter(|run| !run.late.amount.is_zero()) else { continue };
        let on = run.feature.as_ref().map_or(String::new(), |feature| format!(" on {feature:?}"));
        let amount = run.rows.tally.amount;
        let failures = counted(run.failures, "failure", "failures");
        let title = format!("{failures} in a row{on} took {}", context.say(amount));
        let late = context.say(run.late.amount);
        let mut evidence = vec![context.sent(&run.rows), format!("the repairs after the second failure cost {late}")];
        if let Some(origin) = run.origin {
            evidence.push(format!("building what they repair cost {}", context.say(origin.into())));
        }
        let end = if run.is_resolved {
            "work went on after the last repair"
        } else {
            "the session ends with the last repair"
        };
        evidence.push(end.to_owned());
        let subject = crate::rollup::Subject { feature: run.feature.clone(), ..session.subject.clone() };
        let mut finding = rule.finding(context, (amount, (0, 0)), &subject, (title, evidence));
        finding.recoverable = crate::audit::finding::Range::percent(run.late.amount, 33, 100);
        let [sure, doubtful] = CHANCES;
        finding.confidence = match (run.failures, run.chance.get()) {
            (_, chance) if run.feature.is_none() || chance < doubtful => Confidence::Low,
            (SURE.., chance) if chance >= sure => Confidence::High,
            _ => Confidence::Medium,
        };
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
