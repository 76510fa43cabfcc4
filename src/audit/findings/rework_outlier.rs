//! Users, features and apps whose rework is out of line with the rest of the account.
//!
//! The share of prompts that are rework is compared with that of all others of the same kind (one-sided, pooled normal
//! approximation); Benjamini and Hochberg's bound holds over all of them. An app or a feature can be hard, and a user may
//! have the hard ones: the finding says where help pays, not whose fault it is.
use std::collections::BTreeMap;

use crate::{
    audit::{
        excess,
        finding::Confidence,
        findings::{Context, Found, Look, Rule, lacks, percent},
        robust,
    },
    model::{account::Meter, action::Action, amount::Total},
    rollup::{AccountRollup, Row, Subject, Tally},
};

/// So many prompts are needed of each, and of the others.
const PROMPTS: u64 = 20;
/// The share must be so many times that of the others.
const TIMES: f64 = 1.5;
/// And so many points above.
const POINTS: f64 = 0.15;

pub(super) const RULE: Rule = Rule {
    id: "rework-outlier",
    meter: Meter::Message,
    about: "the share of fixes and regenerations among the prompts of a user, a feature or an app against all others: 20 \
            prompts each, 1.5 times and 15 points above, expected share of false findings at most 5 % \
            (Benjamini-Hochberg)",
    assumption: "rework comes down half way or wholly to the share of the others",
    advice: "Look at two or three of these repairs together: often one missing piece (a test account, an example, the data \
             model) makes them come back.",
    look,
};

/// Rework of one subject and of all others.
struct Tested {
    subject: Subject,
    kind: &'static str,
    mine: [Tally; 2],
    others: [Tally; 2],
}

fn look(rule: &Rule, context: &Context) -> Look {
    let account = context.account;
    let user = |of: &Subject| Subject { user: of.user.clone(), ..Subject::default() };
    let app = |of: &Subject| Subject { workspace: of.workspace.clone(), app: of.app.clone(), ..Subject::default() };
    let kinds = [
        (by_prompts(account, user), "user"),
        (
            account
                .by_feature
                .iter()
                .filter(|row| is_told(row))
                .map(|row| (row.subject.clone(), parts(&row.actions)))
                .collect(),
            "feature",
        ),
        (by_prompts(account, app), "app"),
    ];
    let mut tested = Vec::new();
    for (rows, kind) in kinds.into_iter().filter(|_| account.buckets == 0) {
        let all = rows.values().fold([Tally::default(); 2], |sum, parts| plus(sum, *parts));
        for (subject, mine) in rows.into_iter().filter(|(subject, _)| *subject != Subject::default()) {
            let others = [less(all[0], mine[0]), less(all[1], mine[1])];
            if mine[1].events >= PROMPTS && others[1].events >= PROMPTS {
                tested.push(Tested { subject, kind, mine, others });
            }
        }
    }
    let mut look = Look { tested: tested.len() as u64, ..Look::default() };
    look.lacks =
        lacks(look.tested, 1, "user, feature or app with 20 prompts", "users, features or apps with 20 prompts");
    let chances: Vec<f64> = tested.iter().map(chance).collect();
    for (tested, is_named) in tested.iter().zip(robust::named(&chances)) {
        let (mine, others) = (share(tested.mine), share(tested.others));
        if !is_named || mine < others * TIMES || mine - others < POINTS {
            continue;
        }
        let paid = tested.mine[0].amount;
        let net = net(account, &tested.subject).unwrap_or(paid);
        let amount = paid.min(net);
        if amount <= Total::ZERO {
            continue;
        }
        let kind = tested.kind;
        let title =
            format!("{} of the prompts of this {kind} are rework, {} elsewhere", percent(mine), percent(others));
        let mut evidence = vec![format!(
            "{} of {} prompts of a known class are fixes or regenerations, for {}",
            tested.mine[0].events,
            tested.mine[1].events,
            context.say(paid)
        )];
        if net != paid {
            let what = if net < paid { "with refunds taken off" } else { "with sessions that several share" };
            evidence.push(format!("{what}, {} of rework, as in the tables", context.say(net)));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share in percent")]
        let saved = ((mine - others) / mine * 100.0) as i128;
        let mut finding = rule.finding(context, (amount, (saved / 2, saved)), &tested.subject, (title, evidence));
        finding.confidence = if tested.mine[1].events >= 3 * PROMPTS { Confidence::High } else { Confidence::Medium };
        look.found.push(Found { finding, session: None });
    }
    look
}

/// What the sessions of each subject hold of both: their prompts alone, since a refund of a repair is no second one.
fn by_prompts(account: &AccountRollup, of: impl Fn(&Subject) -> Subject) -> BTreeMap<Subject, [Tally; 2]> {
    let mut rows: BTreeMap<Subject, [Tally; 2]> = BTreeMap::new();
    for session in &account.cases.sessions {
        let sum = rows.entry(of(&session.subject)).or_default();
        *sum = plus(*sum, parts(&session.actions));
    }
    rows
}

/// Which prompts belong to an inferred feature is too unsure for a share.
fn is_told(row: &Row) -> bool {
    row.inferred * 2 <= row.tally.events
}

/// Rework, and all prompts whose class is told.
fn parts(actions: &[Tally; Action::ALL.len()]) -> [Tally; 2] {
    [excess::sum(actions, excess::is_rework), excess::sum(actions, excess::is_told)]
}

/// The rework of a subject as the tables have it: with refunds taken off, and with sessions that several share.
fn net(account: &AccountRollup, subject: &Subject) -> Option<Total> {
    let rows = if subject.user.is_some() { &account.by_user } else { &account.by_app };
    let is_same = |row: &&Row| {
        let Subject { workspace, user, app, .. } = subject;
        row.subject.user == *user && row.subject.app == *app && (user.is_some() || row.subject.workspace == *workspace)
    };
    let mut rows = rows.iter().filter(is_same);
    let row = rows.next().filter(|_| rows.next().is_none() && subject.feature.is_none())?;
    Some(excess::sum(&row.actions, excess::is_rework).amount)
}

fn plus(mut sum: [Tally; 2], more: [Tally; 2]) -> [Tally; 2] {
    sum[0].add(more[0]);
    sum[1].add(more[1]);
    sum
}

fn less(all: Tally, part: Tally) -> Tally {
    Tally { events: all.events - part.events, amount: all.amount - part.amount }
}

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn share([rework, all]: [Tally; 2]) -> f64 {
    rework.events as f64 / all.events.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
fn chance(tested: &Tested) -> f64 {
    let (n, m) = (tested.mine[1].events as f64, tested.others[1].events as f64);
    let pooled = (tested.mine[0].events + tested.others[0].events) as f64 / (n + m);
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    if error == 0.0 { 1.0 } else { robust::upper_tail((share(tested.mine) - share(tested.others)) / error) }
}
