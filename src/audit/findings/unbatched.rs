//! Many small revisions one by one: every prompt has a base cost, whatever it asks (lowcode.agency, 2026-04-30).
//!
//! Edits of many different features are planned iteration; only a series on few of them could have been one list.
use crate::{
    audit::findings::{Context, Found, Look, Rule},
    model::account::Meter,
};

/// So many revisions in a row, minutes apart, could have been fewer prompts.
const SERIES: u64 = 6;
/// With more features than one for so many revisions it is iteration over the app.
const EDITS_A_TARGET: u64 = 3;

pub(super) const RULE: Rule = Rule {
    id: "unbatched-revisions",
    meter: Meter::Message,
    about: "six or more revisions in a row at most 15 minutes apart, in a session with a feature to three prompts or \
            fewer",
    assumption: "asked as a list, two to four such changes fit one prompt, whose price then rises by about half",
    advice: "Collect small changes and send them as one list per screen: component, exact change, expected result.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = context.look_at_classified();
    for (index, session) in context.sessions() {
        let tally = session.edits.tally;
        let is_spread = session.targets.is_none_or(|targets| targets * EDITS_A_TARGET > session.whole.events);
        if tally.events < SERIES || tally.amount.is_zero() || is_spread {
            continue;
        }
        let title = format!("{} small revisions one by one took {}", tally.events, context.say(tally.amount));
        let targets = session.targets.unwrap_or_default();
        let evidence = vec![
            context.sent(&session.edits),
            format!(
                "the session's {} prompts are about {targets} feature{}",
                session.whole.events,
                if targets == 1 { "" } else { "s" }
            ),
        ];
        let finding = rule.finding(context, (tally.amount, (25, 60)), &session.subject, (title, evidence));
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}
