//! Integration credits that run away: an app's last seven days cost far more than the weeks before.
use crate::{
    audit::{
        finding::Confidence,
        findings::{Context, Found, Look, Rule, lacks},
        robust,
    },
    model::{account::Meter, amount::Total},
};

/// The days that are looked at.
const LAST: i64 = 7;
/// So many days before are needed.
const BEFORE: usize = 14;
/// The last days must cost so many times the usual day.
const TIMES: i128 = 3;
/// So many of them must be above twice the usual day: one peak is no trend.
const ABOVE: usize = 4;
const DAY: i64 = 86_400 * 1_000_000_000;

pub(super) const RULE: Rule = Rule {
    id: "runtime-runaway",
    meter: Meter::Integration,
    about: "an app's last seven days cost three times the median day of the weeks before (14 days or more), four of them \
            more than twice; days without use count as zero",
    assumption: "what exceeds the usual is a fault (a loop, a retry, an open form), half of it or all",
    advice: "Look at the app's automations and forms: retries without an end, a job that runs too often, or a form that \
             robots fill are the usual causes.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = Look::default();
    let today = context.now.nanos().saturating_sub(1).div_euclid(DAY);
    for app in &context.account.cases.apps {
        let Some((first, _)) = app.days.first() else { continue };
        let day =
            |day: i64| app.days.binary_search_by_key(&day, |(day, _)| *day).map_or(0, |at| app.days[at].1.nanos());
        // A time far ahead of the data has no last days to look at.
        let end = app.days.last().map_or(today, |(last, _)| today.min(last + LAST));
        let mut before: Vec<i128> = (*first..=end - LAST).map(day).collect();
        if before.len() < BEFORE {
            continue;
        }
        look.tested += 1;
        let last: Vec<i128> = (end - LAST + 1..=end).map(day).collect();
        let usual = robust::exact_median(&mut before).unwrap_or(0);
        let mean = before.iter().sum::<i128>() / before.len() as i128;
        let usual = usual.max(mean);
        let cost: i128 = last.iter().sum();
        let above = last.iter().filter(|day| **day > 2 * usual).count();
        if usual <= 0 || cost < TIMES * usual * i128::from(LAST) || above < ABOVE {
            continue;
        }
        let excess = Total::from_nanos(cost - usual * i128::from(LAST));
        let title = format!("the running app took {} in the last seven days", context.say(Total::from_nanos(cost)));
        let evidence = vec![
            format!("a usual day of the {} days before costs {}", before.len(), context.say(Total::from_nanos(usual))),
            format!("{above} of the last seven days cost more than twice that"),
            format!(
                "the last day looked at is {} (UTC)",
                crate::model::instant::Day::from_epoch_days(i32::try_from(end).unwrap_or(0))
            ),
        ];
        let mut finding = rule.finding(context, (excess, (50, 100)), &app.subject, (title, evidence));
        finding.confidence = Confidence::High;
        look.found.push(Found { finding, session: None });
    }
    look.lacks = lacks(look.tested, 1, "app with three weeks of use", "apps with three weeks of use");
    look
}
