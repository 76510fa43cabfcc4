//! A session that grew too long: its second half costs more a prompt and is more rework than its first.
use crate::{
    audit::findings::{Context, Found, Look, Rule, lacks, percent},
    model::{account::Meter, amount::Total},
    rollup::Tally,
};

/// So many prompts make a session long.
const LONG: u64 = 20;
/// The second half must cost so much more a prompt, in percent.
const DEARER: i128 = 150;
/// And be so much more rework, in shares.
const MORE_REWORK: f64 = 0.10;

pub(super) const RULE: Rule = Rule {
    id: "long-session",
    meter: Meter::Message,
    about: "20 prompts or more; the second half costs at least 1.5 times as much a prompt and has 10 points more rework",
    assumption: "in a fresh thread the second half costs what the first did, or half way there",
    advice: "Start a new thread when a part is done, with a summary of what exists: long, mixed threads lose their \
             context.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let long = || context.classified().filter(|(_, session)| session.whole.events >= LONG);
    let tested = long().count() as u64;
    let mut look = Look { tested, ..Look::default() };
    look.lacks = lacks(tested, 1, "session of 20 prompts with classes", "sessions of 20 prompts with classes");
    for (index, session) in long() {
        let [first, second] = session.halves;
        let (early, late) = (price(first), price(second));
        let share = |half: usize| session.half_rework[half].amount.share_of(session.halves[half].amount);
        if late * 100 < early * DEARER || early <= 0 || share(1) - share(0) < MORE_REWORK {
            continue;
        }
        let excess = Total::from_nanos((late - early) * i128::from(second.events));
        let title = format!("the second half of a long session cost {} more than the first", context.say(excess));
        let evidence = vec![
            context.span(session),
            format!(
                "a prompt cost {} in the first half, {} in the second",
                context.say(Total::from_nanos(early)),
                context.say(Total::from_nanos(late))
            ),
            format!("rework rose from {} to {} of the amount", percent(share(0)), percent(share(1))),
        ];
        let finding = rule.finding(context, (excess, (50, 100)), &session.subject, (title, evidence));
        look.found.push(Found { finding, session: Some(index) });
    }
    look
}

fn price(half: Tally) -> i128 {
    if half.events == 0 { 0 } else { half.amount.nanos() / i128::from(half.events) }
}
