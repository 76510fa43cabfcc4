//! Short prompts that are corrected more often than the same person's specific ones.
//!
//! The difference of the two shares is tested one-sided (pooled normal approximation), each person against himself or
//! herself alone; Benjamini and Hochberg's bound holds over all persons.
use crate::{
    audit::{
        finding::Confidence,
        findings::{Context, Found, Look, Rule, lacks, percent},
        robust,
    },
    model::account::Meter,
    rollup::cases::{Habit, UserCase},
};

/// So many prompts of each kind are needed.
const PROMPTS: u64 = 12;
/// Vague prompts must be corrected so much more often, in shares.
const DIFFERENCE: f64 = 0.15;

pub(super) const RULE: Rule = Rule {
    id: "vague-prompts",
    meter: Meter::Message,
    about: "short prompts that name at most one thing are corrected more often than the same user's others: 12 of each \
            kind, 15 points of difference, false share at most 5 % (Benjamini-Hochberg)",
    assumption: "written like the specific ones, vague prompts are corrected as seldom as those, or half way there",
    advice: "Three to five sentences pay: name the component, the exact change and the expected result. The longer \
             prompts of this user show that it works.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let all = context.account.cases.users.iter().filter(|user| user.subject.user.is_some());
    let users: Vec<&UserCase> = all.filter(|user| user.vague.prompts.min(user.specific.prompts) >= PROMPTS).collect();
    let mut look = Look { tested: users.len() as u64, ..Look::default() };
    look.lacks = lacks(look.tested, 1, "user with 12 prompts of each kind", "users with 12 prompts of each kind");
    let chances: Vec<f64> = users.iter().map(|user| chance(user)).collect();
    for (user, is_named) in users.into_iter().zip(robust::named(&chances)) {
        let (vague, specific) = (share(user.vague), share(user.specific));
        let amount = user.vague.corrected.amount;
        if !is_named || vague - specific < DIFFERENCE || amount.is_zero() {
            continue;
        }
        let title = format!("corrections after short, general prompts took {}", context.say(amount));
        let evidence = vec![
            format!(
                "{} of {} short prompts were followed by a correction",
                user.vague.corrected.events, user.vague.prompts
            ),
            format!("of this user's other {} prompts, {}", user.specific.prompts, percent(specific)),
        ];
        #[expect(clippy::cast_possible_truncation, reason = "a share in percent")]
        let saved = ((vague - specific) / vague * 100.0) as i128;
        let mut finding = rule.finding(context, (amount, (saved / 2, saved)), &user.subject, (title, evidence));
        finding.confidence = Confidence::Medium;
        look.found.push(Found { finding, session: None });
    }
    look
}

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn share(habit: Habit) -> f64 {
    habit.corrected.events as f64 / habit.prompts.max(1) as f64
}

/// The chance of such a difference if both kinds were corrected equally often.
#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn chance(user: &UserCase) -> f64 {
    let (n, m) = (user.vague.prompts as f64, user.specific.prompts as f64);
    let pooled = (user.vague.corrected.events + user.specific.corrected.events) as f64 / (n + m);
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    if error == 0.0 { 1.0 } else { robust::upper_tail((share(user.vague) - share(user.specific)) / error) }
}
