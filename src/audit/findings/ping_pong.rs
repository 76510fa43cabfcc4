//! Work goes from one feature to another and straight back, again and again.
use crate::{
    audit::findings::{Context, Found, Look, Rule, lacks},
    model::account::Meter,
};

/// So many returns in a session are more than a look aside.
const RETURNS: u64 = 4;
/// And so large a part of its prompts, in percent.
const PART: u64 = 25;

pub(super) const RULE: Rule = Rule {
    id: "ping-pong",
    meter: Meter::Message,
    about: "four or more revisions that return to a feature after one prompt on another, a quarter of the session",
    assumption: "a fifth to a half of the returns are saved when each feature is finished first",
    advice: "Finish one feature before the next, or note what comes to mind and send it together later.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let known = || context.sessions().filter(|(_, session)| session.targets.is_some());
    let mut look = Look { tested: known().count() as u64, ..Look::default() };
    look.lacks = lacks(look.tested, 1, "session whose features are known", "sessions whose features are known");
    for (index, session) in known() {
        let tally = session.returns.tally;
        if tally.events < RETURNS || tally.events * 100 < session.whole.events * PART || tally.amount.is_zero() {
            continue;
        }
        let title = format!("{} returns between features took {}", tally.events, context.say(tally.amount));
        let evidence = vec![
            context.sent(&session.returns),
            format!("{} of {} prompts go straight back to a feature", tally.events, session.whole.events),
        ];
        let mut finding = rule.finding(context, (tally.amount, (20, 50)), &session.subject, (title, evidence));
        finding.confidence = crate::audit::finding::Confidence::Low;
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
