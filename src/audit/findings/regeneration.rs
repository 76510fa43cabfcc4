//! A built thing is built anew although no refinement of it was tried: the first build is paid twice.
use crate::{
    audit::{
        finding::counted,
        findings::{Context, Found, Look, Rule},
    },
    model::account::Meter,
};

pub(super) const RULE: Rule = Rule {
    id: "regeneration",
    meter: Meter::Message,
    about: "a regeneration of a feature that saw no revision between its generation and that",
    assumption: "a revision costs a quarter to a half of a new build",
    advice: "Before building something anew, ask for the two or three changes that would make the present result \
             right; a refinement keeps what already works and costs a fraction.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = context.look_at_classified();
    let price = context.price();
    for (index, session) in context.sessions() {
        let tally = session.unrefined.tally;
        // One reversal is a decision; a habit begins with the second, or with one that is dear.
        let is_dear = tally.amount.nanos() >= 3 * price.nanos();
        if tally.amount.is_zero() || tally.events < 2 && !is_dear {
            continue;
        }
        let title = format!(
            "{} without a refinement before took {}",
            counted(tally.events, "regeneration", "regenerations"),
            context.say(tally.amount)
        );
        let evidence = vec![
            context.sent(&session.unrefined),
            format!("a prompt of this account costs {} on average", context.say(price)),
        ];
        let finding = rule.finding(context, (tally.amount, (50, 75)), &session.subject, (title, evidence));
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
