//! More than four fifths of a cycle's credits went into building, so that nothing was kept for repairs and surprises.
//!
//! The 80/20 rule: use at most 80 % of the allocation for building (lowcode.agency, 2026-04-30). Building is generation,
//! revision and talk; what is unclassified counts for neither side. Days belong to the cycle of their first event.
use std::collections::BTreeMap;

use crate::{
    audit::{
        finding::Confidence,
        findings::{Context, Found, Look, Rule, percent},
    },
    model::{account::Meter, action::Action, amount::Total},
    rollup::Subject,
};

/// The part of the allocation that building may take, in percent.
const BUILDING: i128 = 80;

pub(super) const RULE: Rule = Rule {
    id: "reserve-broken",
    meter: Meter::Message,
    about: "generation, revision and talk took more than 80 % of a cycle's plan credits (the 80/20 rule of lowcode.agency, \
            2026-04-30)",
    assumption: "a kept reserve saves no credits: it keeps repairs from waiting or being paid on top",
    advice: "When four fifths of a cycle are used, begin nothing new: what is left is for repairs. Where this happens every \
             cycle, the plan is too small for the work.",
    look,
};

fn look(rule: &Rule, context: &Context) -> Look {
    let mut look = Look::default();
    let about = context.policy.filter(|policy| policy.is_about(context.account));
    let pool = about.and_then(|policy| Some((policy, policy.outlooks.message.pool.as_ref()?.allowance)));
    let Some((policy, allowance)) = pool.filter(|(_, allowance)| *allowance > Total::ZERO) else {
        look.lacks = Some("insufficient data: --plan names the plan whose credits are meant".to_owned());
        return look;
    };
    let most = Total::from_nanos(allowance.nanos() * BUILDING / 100);
    let mut cycles = BTreeMap::new();
    for day in &context.account.by_day {
        let Some(cycle) = policy.planning.resets.cycle(day.first) else { continue };
        let building = [Action::Generation, Action::Revision, Action::Other].map(|action| day.of(action).amount);
        *cycles.entry(cycle).or_insert(Total::ZERO) += building.into_iter().sum::<Total>();
    }
    look.tested = cycles.len() as u64;
    let broken: Vec<_> = cycles.into_iter().filter(|(_, building)| *building > most).collect();
    let Some((_, dearest)) = broken.iter().max_by_key(|(_, building)| *building).copied() else { return look };
    let day = |at| context.zone.local(at).format("%Y-%m-%d").to_string();
    let title = match broken.len() {
        1 => format!("building took {} of a cycle's {}", percent(dearest.share_of(allowance)), context.say(allowance)),
        more => format!(
            "building broke the reserve in {more} cycles, with up to {} of the credits",
            percent(dearest.share_of(allowance))
        ),
    };
    let said = |(cycle, building): &(crate::audit::cycle::resets::Cycle, Total)| {
        format!(
            "from {}: {}, {} are to be kept",
            day(cycle.start),
            context.say(*building),
            context.say(allowance - most)
        )
    };
    let evidence = broken.iter().map(said).collect();
    let beyond: Total = broken.iter().map(|(_, building)| *building - most).sum();
    let mut finding = rule.finding(context, (beyond, (0, 0)), &Subject::default(), (title, evidence));
    finding.confidence = Confidence::High;
    look.found.push(Found { finding, session: None });
    look
}
