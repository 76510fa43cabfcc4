//! Use that no person stands behind: automations, keys without a name, rows without a user.
use crate::{
    audit::findings::{Context, Found, Look, Rule, lacks, percent},
    model::account::Meter,
    rollup::Subject,
};

/// So large a part of the account is worth a question.
const PART: f64 = 0.10;
/// Above this the export does not tell users, rather than nobody being behind it.
const MOST: f64 = 0.80;
/// So many events are needed.
const EVENTS: u64 = 20;

pub(super) const RULE: Rule = Rule {
    id: "userless-burn",
    meter: Meter::Message,
    about: "rows without a user in an account where others have one: 10 % to 80 % of the amount (above, the export hardly tells users), 20 events of the account",
    assumption: "what nobody watches can be cut by up to half",
    advice: "Find out what runs without a person (an automation, a shared key) and give it an owner who sees its cost.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let account = context.account;
    let mut look = Look { tested: account.total.events, ..Look::default() };
    look.lacks = lacks(look.tested, EVENTS, "event", "events");
    let named = account.by_user.iter().filter(|row| row.subject.user.is_some()).count();
    let Some(nobody) = account.by_user.iter().find(|row| row.subject == Subject::default()) else { return look };
    let share = nobody.tally.amount.share_of(account.total.amount);
    if named == 0 || share > MOST {
        look.lacks = Some(format!("insufficient data: {} of the amount has no user", percent(share)));
        return look;
    }
    if look.lacks.is_some() || share < PART || nobody.tally.amount.is_zero() {
        return look;
    }
    let title = format!("{} has no user", context.say(nobody.tally.amount));
    let evidence = vec![format!("{} rows without a user are {} of this account", nobody.tally.events, percent(share))];
    let finding = rule.finding(context, (nobody.tally.amount, (0, 50)), &Subject::default(), (title, evidence));
    look.found.push(Found { finding, session: None });
    look
}
