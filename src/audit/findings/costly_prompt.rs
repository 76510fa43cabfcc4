//! Single prompts far above what prompts of their class cost in this account.
//!
//! One expensive prompt may be worth its price, so it takes two things: far out of line (a false share of at most 1 in
//! 1,000 over all sessions, Bonferroni) and ten times the usual. It is a hint to look, not a fault.
use crate::{
    audit::{
        finding::Confidence,
        findings::{Context, Found, Look, Rule, lacks},
        robust::{self, Usual},
    },
    model::{account::Meter, action::Action, amount::Amount},
};

/// So many sessions with a dearest prompt of the class are needed.
const PEERS: usize = 12;
/// Prompts are compared with those of their class; without classes, with each other.
const CLASSES: [Action; 6] =
    [Action::Generation, Action::Revision, Action::Fix, Action::Regeneration, Action::Other, Action::Unclassified];
/// How many times the usual dearest prompt.
const TIMES: f64 = 10.0;

pub(super) const RULE: Rule = Rule {
    id: "costly-prompt",
    meter: Meter::Message,
    about: "the dearest prompt of a session against those of other sessions with the same class (12 or more): ten times \
            their median, chance at most 0.001 over all",
    assumption: "the prompt may have been worth it; at most what exceeds the usual could be saved",
    advice: "Look at what this prompt asked for: a smaller step, a cheaper model or less attached context may do.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = Look::default();
    for class in CLASSES {
        let dearest: Vec<(usize, Amount)> = context
            .sessions()
            .filter(|(_, session)| {
                session.dearest.0 == class && session.dearest.1 > Amount::ZERO && session.whole.events > 1
            })
            .map(|(index, session)| (index, session.dearest.1))
            .collect();
        let logs: Vec<f64> =
            dearest.iter().map(|(_, amount)| crate::model::amount::Total::from(*amount).approx().ln()).collect();
        let (Some(usual), true) = (Usual::of(logs.clone()), dearest.len() >= PEERS) else { continue };
        look.tested += dearest.len() as u64;
        #[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
        let bound = 0.001 / dearest.len() as f64;
        for ((index, amount), log) in dearest.into_iter().zip(logs) {
            let times = (log - usual.centre).exp();
            if times < TIMES || robust::upper_tail(usual.above(log)) > bound {
                continue;
            }
            let session = &context.account.cases.sessions[index];
            let word = if class == Action::Unclassified { "prompt" } else { class.word() };
            let title = format!("one {word} took {}, {times:.0} times the usual", context.say(amount.into()));
            let mut evidence = vec![
                format!("sent at {}", context.at(session.dearest_at)),
                format!(
                    "the dearest {word} of a session costs {} in the middle",
                    context.say(crate::model::amount::Total::from_nanos(usual_nanos(usual)))
                ),
            ];
            let band = context.policy.filter(|policy| policy.is_about(context.account));
            let band = band.and_then(|policy| policy.band_in_words(class));
            evidence.extend(band.map(|band| format!("the profile's band for a {class} is {band}")));
            let mut finding = rule.finding(context, (amount.into(), (0, 50)), &session.subject, (title, evidence));
            finding.confidence = Confidence::Low;
            look.found.push(Found { finding, session: Some(index) });
        }
    }
    look.lacks = lacks(look.tested, PEERS as u64, "session to compare", "sessions to compare");
    look
}

#[expect(clippy::cast_possible_truncation, reason = "shown rounded only")]
fn usual_nanos(usual: Usual) -> i128 {
    (usual.centre.exp() * 1e9).round() as i128
}
