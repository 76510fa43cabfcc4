//! An app begun without a written spec, whose first days are largely rework.
//!
//! A written spec saves 30 to 50 %, and none costs 40 to 60 % more (lowcode.agency, 2026-04-30).
use crate::{
    audit::{
        excess,
        findings::{Context, Found, Look, Rule, lacks, percent},
    },
    model::{account::Meter, action::Action},
};

/// So many prompts in the first days.
const PROMPTS: u64 = 15;
/// So large a part of them is rework, of the amount.
const REWORK: f64 = 0.45;

pub(super) const RULE: Rule = Rule {
    id: "no-spec-start",
    meter: Meter::Message,
    about: "an app whose first prompt is shorter than 512 bytes and no list, with 15 prompts or more in its first three \
            days, 45 % of their amount rework",
    assumption: "a written spec saves 30 to 50 % of the rework (lowcode.agency, 2026-04-30)",
    advice: "Write a page before the first prompt: users, screens, data, what is out of scope. Discussing the plan first \
             costs a fraction of building it twice.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = Look::default();
    for app in context.account.cases.apps.iter().filter(|app| app.has_text && app.subject.app.is_some()) {
        let whole = excess::sum(&app.start, |_| true);
        let rework = excess::sum(&app.start, excess::is_rework);
        // Without a generation the app was begun elsewhere.
        let is_begun = app.start[Action::Generation.index()].events > 0;
        if whole.events < PROMPTS || !is_begun {
            continue;
        }
        look.tested += 1;
        let share = rework.amount.share_of(whole.amount);
        if app.has_spec || share < REWORK || rework.amount.is_zero() {
            continue;
        }
        let title =
            format!("{} of the first days' credits went into rework, after a short first prompt", percent(share));
        let evidence = vec![format!(
            "{} of {} prompts in the first three days are fixes or regenerations, for {}",
            rework.events,
            whole.events,
            context.say(rework.amount)
        )];
        let finding = rule.finding(context, (rework.amount, (30, 50)), &app.subject, (title, evidence));
        look.found.push(Found { finding, session: None });
    }
    look.lacks =
        lacks(look.tested, 1, "app with 15 prompts in its first days", "apps with 15 prompts in their first days");
    look
}
