//! Several features asked for in one prompt, corrected right after.
use crate::{
    audit::{
        finding::counted,
        findings::{Context, Found, Look, Rule, lacks},
    },
    model::account::Meter,
};

pub(super) const RULE: Rule = Rule {
    id: "oversized-prompt",
    meter: Meter::Message,
    about: "two or more prompts of 256 bytes or more that are lists or name six things, each followed by a correction",
    assumption: "built in increments, a third to two thirds of the corrections are not needed",
    advice: "Ask for one feature at a time and look at the result before the next; a correction then touches one thing.",
    look,
};

/// From so many corrected prompts in a session on it is a habit.
const CORRECTED: u64 = 2;

fn look(rule: &Rule, context: &Context) -> Look {
    let tested: u64 = context.sessions().map(|(_, session)| session.manifold).sum();
    let mut look = Look { tested, ..Look::default() };
    look.lacks = lacks(tested, 1, "prompt that asks for many things", "prompts that ask for many things");
    for (index, session) in context.sessions() {
        let tally = session.oversized.tally;
        if tally.events < CORRECTED || tally.events * 2 < session.manifold || tally.amount.is_zero() {
            continue;
        }
        let title = format!(
            "{} after prompts that asked for many things took {}",
            counted(tally.events, "correction", "corrections"),
            context.say(tally.amount)
        );
        let evidence = vec![
            format!("corrections {}", context.sent(&session.oversized)),
            format!("{} of {} such prompts were followed by a correction", tally.events, session.manifold),
        ];
        let finding = rule.finding(context, (tally.amount, (33, 66)), &session.subject, (title, evidence));
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
