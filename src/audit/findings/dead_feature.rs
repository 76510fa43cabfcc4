//! Much was spent on a feature, then nobody touched it again, while the same app went on.
use std::collections::BTreeMap;

use crate::{
    audit::{
        finding::Confidence,
        findings::{Context, Found, Look, Rule, lacks, percent},
    },
    model::{account::Meter, amount::Total},
    rollup::Row,
};

/// The feature must hold so large a part of its app's use.
const PART: f64 = 0.15;
/// And so many prompts.
const PROMPTS: u64 = 8;
/// It ended with rework of at least this part of its amount: what is finished rests too.
const REWORK: f64 = 0.5;
/// Silence of so many days, in which the app went on.
const SILENT_DAYS: i64 = 21;

pub(super) const RULE: Rule = Rule {
    id: "dead-feature",
    meter: Meter::Message,
    about: "a feature told by its column, with 15 % of its app's use and 8 prompts or more, half of it rework, untouched \
            for 21 days in which the app was worked on",
    assumption: "stopped when repairs began to exceed what was built, up to half would have been saved",
    advice: "Decide whether this feature is still wanted: finish it with a written spec, or take it out of the app.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let account = context.account;
    let mut look = Look::default();
    let place = |row: &'_ Row| (row.subject.workspace.clone(), row.subject.app.clone());
    let apps: BTreeMap<_, &Row> = account.by_app.iter().rev().map(|row| (place(row), row)).collect();
    let told = account.by_feature.iter().filter(|row| row.subject.feature.is_some() && row.inferred == 0);
    for row in told.filter(|row| row.tally.events >= PROMPTS && account.buckets == 0) {
        let Some(app) = apps.get(&place(row)) else { continue };
        look.tested += 1;
        let rework = crate::audit::excess::sum(&row.actions, crate::audit::excess::is_rework).amount;
        let part = row.tally.amount.share_of(app.tally.amount);
        let silent = app.last.since(row.last).num_days();
        if silent < SILENT_DAYS || part < PART || rework.share_of(row.tally.amount) < REWORK || rework <= Total::ZERO {
            continue;
        }
        let title =
            format!("{} went into a feature that nobody touched for {silent} days", context.say(row.tally.amount));
        let evidence = vec![
            format!(
                "it is {} of its app's use, {} of it rework",
                percent(part),
                percent(rework.share_of(row.tally.amount))
            ),
            format!(
                "last touched {}, while the app was worked on until {}",
                context.at(row.last),
                context.at(app.last)
            ),
        ];
        let mut finding = rule.finding(context, (row.tally.amount, (0, 50)), &row.subject, (title, evidence));
        finding.confidence = Confidence::Low;
        look.found.push(Found { finding, session: None });
    }
    look.lacks = lacks(look.tested, 1, "feature with 8 prompts", "features with 8 prompts");
    look
}
