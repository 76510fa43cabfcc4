//! A session out of proportion, and where its excess comes from.
//!
//! Two questions are asked of each session with at least three prompts, both of logarithms against its peers' median
//! and spread ([`robust`]): is its cost out of line, and is its cost out of line with what its productive prompts would
//! have cost at the peers' prices? The smaller chance counts, doubled, since two questions were asked. Peers are the
//! other sessions of the same user on the same app; where these are fewer than eight, those of the app, of the user, of
//! the account. Over all sessions Benjamini and Hochberg's bound holds. Named is what also costs twice the usual.
//!
//! No finding is a session whose excess is more prompts alone, at usual prices with usual rework, on many features or mostly on
//! new things: that is much work. Nor is the first build of an app, as long as it is mostly new things.
use std::collections::BTreeMap;

use crate::{
    audit::{
        excess::{self, CAUSES, Peers},
        finding::Confidence,
        findings::{Context, DISPROPORTIONATE, Found, Look, Rule, lacks, percent},
        robust::{self, Usual},
    },
    model::{account::Meter, action::Action, amount::Total},
    rollup::{Subject, Tally, cases::SessionCase},
};

/// Fewer prompts are no session to compare.
const PROMPTS: u64 = 3;
/// So many peers make a comparison.
const PEERS: usize = 8;
/// A session must cost so many times the usual.
const TIMES: f64 = 2.0;
/// Where more prompts are so large a part of the excess, the session is busy rather than out of proportion.
const BUSY: f64 = 0.75;
/// With so few prompts to a feature, many prompts are much work.
const PROMPTS_A_TARGET: u64 = 8;
/// A session with so large a part of new things is a build, whatever their number of features is taken to be.
const NEW: f64 = 0.75;
/// What costs less than so many times the usual is no excess worth a talk, however little it made.
const LEAST: f64 = 1.5;

pub(super) const RULE: Rule = Rule {
    id: DISPROPORTIONATE,
    meter: Meter::Message,
    about: "cost, or cost for the same productive prompts, against the median of at least 8 peers (same user and app, else \
            app, user, account): logarithms, spread 1.4826 MAD with a floor of ln 1.25, twice the usual or more, \
            expected share of false findings at most 5 % (Benjamini-Hochberg)",
    assumption: "more rework and dearer prompts come down half way or wholly to what peers pay",
    advice: "Go through this session with its author: what made it cost more is listed by cause, the largest first.",
    look,
};

/// A session with its chance and what it is compared with.
struct Tested<'a> {
    index: usize,
    session: &'a SessionCase,
    chance: f64,
    peers: &'a Group,
    times: f64,
}

/// Peers and what is usual among them.
struct Group {
    peers: Peers,
    cost: Usual,
    ratio: Usual,
    count: usize,
    words: &'static str,
}

fn look(rule: &Rule, context: &Context) -> Look {
    let sessions: Vec<(usize, &SessionCase)> = context.sessions().filter(|(_, session)| is_tested(session)).collect();
    let groups = groups(&sessions);
    let mut tested = Vec::new();
    for (index, session) in &sessions {
        let Some(peers) = keys(session).iter().find_map(|(key, _)| groups.get(key)) else { continue };
        let cost = session.whole.amount.approx();
        let chance =
            [peers.cost.above(cost.ln()), peers.ratio.above(ratio(session, &peers.peers))].map(robust::upper_tail);
        let chance = (2.0 * chance[0].min(chance[1])).min(1.0);
        let dearer = cost / peers.peers.usual.approx();
        let times = dearer.max((ratio(session, &peers.peers) - peers.ratio.centre).exp());
        let times = if dearer >= LEAST { times } else { dearer };
        tested.push(Tested { index: *index, session, chance, peers, times });
    }
    let mut look = Look { tested: tested.len() as u64, ..Look::default() };
    look.lacks = lacks(look.tested, PEERS as u64, "session to compare", "sessions to compare");
    let chances: Vec<f64> = tested.iter().map(|tested| tested.chance).collect();
    for (tested, is_named) in tested.iter().zip(robust::named(&chances)) {
        let excess = tested.session.whole.amount - tested.peers.peers.usual;
        if is_named && tested.times >= TIMES && excess > Total::ZERO && !is_much_work(tested) {
            look.found.push(Found { finding: finding(rule, context, tested), session: Some(tested.index) });
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of findings")]
    let expected = robust::FALSE_SHARE * look.found.len() as f64;
    look.remark = format!(
        "{} sessions compared, {} named, at most {expected:.1} of them expected by chance",
        look.tested,
        look.found.len()
    );
    look
}

fn is_tested(session: &SessionCase) -> bool {
    session.whole.events >= PROMPTS && session.whole.amount > Total::ZERO
}

/// Whom a session is compared with: how near they are, what they share, and how that is said.
type Key = (u8, Subject);

/// The keys of a session, the nearest first; what is unknown is shared with nobody.
fn keys(session: &SessionCase) -> Vec<(Key, &'static str)> {
    let Subject { workspace, app, user, .. } = session.subject.clone();
    let by = |app: Option<String>, user: Option<String>| Subject {
        workspace: workspace.clone(),
        app,
        user,
        ..Subject::default()
    };
    let mut keys = Vec::with_capacity(4);
    if app.is_some() && user.is_some() {
        keys.push(((0, by(app.clone(), user.clone())), "of this user on this app"));
    }
    if app.is_some() {
        keys.push(((1, by(app, None)), "on this app"));
    }
    if user.is_some() {
        keys.push(((2, by(None, user)), "of this user"));
    }
    keys.push(((3, Subject::default()), "of this account"));
    keys
}

fn groups(sessions: &[(usize, &SessionCase)]) -> BTreeMap<Key, Group> {
    let mut members: BTreeMap<Key, (Vec<&SessionCase>, &'static str)> = BTreeMap::new();
    for (_, session) in sessions {
        for (key, words) in keys(session) {
            members.entry(key).or_insert((Vec::new(), words)).0.push(session);
        }
    }
    // A session is one of its own peers: among nine or more, one cannot move the median far.
    members.retain(|_, (members, _)| members.len() > PEERS);
    members.into_iter().filter_map(|(key, (members, words))| Some((key, group(&members, words)?))).collect()
}

fn group(members: &[&SessionCase], words: &'static str) -> Option<Group> {
    let mut actions = [Tally::default(); Action::ALL.len()];
    for session in members {
        for (sum, tally) in actions.iter_mut().zip(&session.actions) {
            sum.add(*tally);
        }
    }
    let mut amounts: Vec<i128> = members.iter().map(|session| session.whole.amount.nanos()).collect();
    let usual = Total::from_nanos(robust::exact_median(&mut amounts)?);
    let peers = Peers { actions, usual };
    let cost = Usual::of(members.iter().map(|session| session.whole.amount.approx().ln()).collect())?;
    let ratio = Usual::of(members.iter().map(|session| ratio(session, &peers)).collect())?;
    Some(Group { peers, cost, ratio, count: members.len(), words })
}

/// The logarithm of the cost for what the productive prompts cost at the peers' prices; one prompt at least.
fn ratio(session: &SessionCase, peers: &Peers) -> f64 {
    let price = |class: usize| Total::from_nanos(peers.price(class)).approx();
    #[expect(clippy::cast_precision_loss, reason = "counts of prompts")]
    let productive: f64 = (0..session.actions.len())
        .filter(|class| !excess::is_rework(*class))
        .map(|class| session.actions[class].events as f64 * price(class))
        .sum();
    let least = price(Action::Revision.index()).max(f64::MIN_POSITIVE);
    (session.whole.amount.approx() / productive.max(least)).ln()
}

/// Many prompts at usual prices with usual rework, or the first build of an app.
fn is_much_work(tested: &Tested) -> bool {
    let session = tested.session;
    let [more, rework, mix, _] = excess::causes(&session.actions, &tested.peers.peers);
    let excess = session.whole.amount - tested.peers.peers.usual;
    let reworked = |actions: &[Tally; excess::CLASSES]| {
        excess::sum(actions, excess::is_rework).amount.share_of(excess::sum(actions, |_| true).amount)
    };
    let has_usual_rework = rework.share_of(excess) < 0.15;
    let is_spread = session.targets.is_none_or(|targets| targets * PROMPTS_A_TARGET >= session.whole.events);
    let generated = session.actions[Action::Generation.index()].amount.share_of(session.whole.amount);
    let is_busy = (more + mix).share_of(excess) >= BUSY && has_usual_rework && (is_spread || generated >= NEW);
    let is_first_build = session.opens_app && generated >= 0.5 && reworked(&session.actions) <= 0.25;
    is_busy || is_first_build
}

fn finding(rule: &Rule, context: &Context, tested: &Tested) -> crate::audit::finding::Finding {
    let Tested { session, peers, chance, .. } = tested;
    let whole = session.whole.amount;
    let usual = peers.peers.usual;
    let excess = whole - usual;
    let parts = excess::causes(&session.actions, &peers.peers);
    let mut causes: Vec<(&'static str, Total)> = CAUSES.into_iter().zip(parts).collect();
    let saved: Total = [parts[1], parts[3]].into_iter().filter(|part| *part > Total::ZERO).sum();
    let saved = if saved > excess { excess } else { saved };
    causes.sort_by_key(|(_, part)| std::cmp::Reverse(*part));
    let title = format!(
        "a session cost {}, {:.1} times the usual",
        context.say(whole),
        whole.approx() / usual.approx().max(1e-9)
    );
    let mut evidence = vec![
        format!(
            "{} sessions {} cost {} in the middle; this one {} more",
            peers.count,
            peers.words,
            context.say(usual),
            context.say(excess)
        ),
        format!(
            "excess by cause: {}",
            causes.iter().map(|(cause, part)| format!("{cause} {}", context.say(*part))).collect::<Vec<_>>().join(", ")
        ),
    ];
    let rework = excess::sum(&session.actions, excess::is_rework).amount.share_of(whole);
    let theirs = excess::sum(&peers.peers.actions, excess::is_rework).amount;
    let of = excess::sum(&peers.peers.actions, |_| true).amount;
    evidence.push(format!(
        "{}, {} rework; {} among those sessions",
        context.span(session),
        percent(rework),
        percent(theirs.share_of(of))
    ));
    let mut finding = rule.finding(context, (whole, (0, 0)), &session.subject, (title, evidence));
    finding.recoverable = crate::audit::finding::Range::percent(saved, 50, 100);
    finding.causes = causes;
    finding.confidence = if *chance < 0.001 { Confidence::High } else { Confidence::Medium };
    finding
}
