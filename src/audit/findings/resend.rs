//! The same request in the same words, sent again: the answer seldom gets better.
use crate::{
    audit::{
        finding::counted,
        findings::{Context, Found, Look, Rule},
    },
    model::account::Meter,
};

pub(super) const RULE: Rule = Rule {
    id: "resend",
    meter: Meter::Message,
    about: "two or more requests of a session sent again in nearly the same words, builders' buttons aside",
    assumption: "half to all of the repeats are saved by saying what was wrong with the first answer",
    advice: "Instead of sending a request again, say what was wrong with the result: the same words tend to bring the \
             same answer.",
    look,
};

/// From so many repeats in a session on it is a habit.
const REPEATS: u64 = 2;

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = context.look_at_classified();
    for (index, session) in context.sessions() {
        let tally = session.resends.tally;
        if tally.events < REPEATS || tally.amount.is_zero() {
            continue;
        }
        let times = counted(tally.events, "request was", "requests were");
        let title = format!("{times} sent again in the same words for {}", context.say(tally.amount));
        let evidence = vec![
            context.sent(&session.resends),
            format!("in a session of {}", counted(session.whole.events, "prompt", "prompts")),
        ];
        let finding = rule.finding(context, (tally.amount, (50, 100)), &session.subject, (title, evidence));
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
