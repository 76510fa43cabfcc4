//! The rules. Each file declares one: its id, its title, how it decides, and the function that looks.
//!
//! A rule sees the small tables of one account. It says how many things it looked at; with too little to look at it says
//! so rather than giving a green light. Rules about sessions compete: a session is named once, by the finding that
//! explains most of its cost, and by a loop rather than by its disproportion where the loop is half of the excess.
mod costly_prompt;
mod dead_feature;
mod disproportionate;
mod fix_loop;
mod long_session;
mod mismatch;
mod no_spec;
mod overlap;
mod oversized;
mod ping_pong;
mod regeneration;
mod resend;
mod reserve;
mod rework_outlier;
mod runtime;
#[cfg(test)]
mod tests;
mod unbatched;
mod userless;
mod vague;

use std::collections::BTreeMap;

use crate::{
    audit::{
        finding::{Check, Confidence, Finding, Range, Severity, Status, counted, say},
        policy::Policy,
        reconcile::Reconciliation,
    },
    model::{account::Meter, action::Action, amount::Total, instant::Instant, zone::Zone},
    rollup::{
        AccountRollup, Rollups, Subject,
        cases::{Rows, SessionCase},
    },
};

/// What was found, the gravest first, and what became of each rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audited {
    /// The findings.
    pub findings: Vec<Finding>,
    /// A line for each rule and account.
    pub checks: Vec<Check>,
}

/// A rule.
struct Rule {
    /// The id of reports.
    id: &'static str,
    /// The meter it is about.
    meter: Meter,
    /// How it decides, with its constants.
    about: &'static str,
    /// What the recoverable range assumes.
    assumption: &'static str,
    /// What to do.
    advice: &'static str,
    look: fn(&Rule, &Context) -> Look,
}

const RULES: [Rule; 16] = [
    fix_loop::RULE,
    regeneration::RULE,
    resend::RULE,
    unbatched::RULE,
    oversized::RULE,
    vague::RULE,
    long_session::RULE,
    disproportionate::RULE,
    costly_prompt::RULE,
    no_spec::RULE,
    ping_pong::RULE,
    reserve::RULE,
    rework_outlier::RULE,
    runtime::RULE,
    dead_feature::RULE,
    userless::RULE,
];

/// The id of the rule that others about the same session may explain.
const DISPROPORTIONATE: &str = "disproportionate-session";

/// What a rule looks at.
struct Context<'a> {
    account: &'a AccountRollup,
    now: Instant,
    zone: &'a Zone,
    policy: Option<&'a Policy<'a>>,
}

/// What a rule saw.
#[derive(Default)]
struct Look {
    found: Vec<Found>,
    tested: u64,
    /// Why there was too little to look at.
    lacks: Option<String>,
    /// What is to be said of the test besides how it decides.
    remark: String,
}

/// A finding, and the session it is about by its position.
struct Found {
    finding: Finding,
    session: Option<usize>,
}

/// Applies every rule to every account; `policy` is what a plan and a profile ask.
pub fn find(
    rollups: &Rollups,
    books: &Reconciliation,
    (now, zone): (Instant, &Zone),
    policy: Option<&Policy>,
) -> Audited {
    let mut audited = Audited::default();
    for account in &rollups.accounts {
        let context = Context { account, now, zone, policy };
        let mut found = Vec::new();
        for rule in RULES.iter().filter(|rule| rule.meter == account.account.meter) {
            let mut look = (rule.look)(rule, &context);
            let status = match &look.lacks {
                _ if !look.found.is_empty() => Status::Found,
                Some(_) => Status::InsufficientData,
                None => Status::Nothing,
            };
            let remark = look.lacks.take().unwrap_or(look.remark);
            let note = if remark.is_empty() { rule.about.to_owned() } else { format!("{}; {remark}", rule.about) };
            let account = account.account.clone();
            audited.checks.push(Check { id: rule.id, account, status, tested: look.tested, note });
            found.append(&mut look.found);
        }
        let mut findings = once_a_session(found);
        overlap::count_once(&mut findings);
        audited.findings.extend(findings);
        audited.checks.extend(policy.into_iter().flat_map(|policy| policy.checks(account)));
        mismatch::look(&account.account, account.total, books, &mut audited);
    }
    let rank = |finding: &Finding| (std::cmp::Reverse((finding.severity, finding.confidence)), finding.id);
    audited.findings.sort_by(|a, b| {
        rank(a)
            .0
            .cmp(&rank(b).0)
            .then_with(|| b.amount.cmp(&a.amount))
            .then_with(|| (rank(a).1, &a.account, &a.subject).cmp(&(rank(b).1, &b.account, &b.subject)))
    });
    audited
}

/// Keeps one finding of each session.
fn once_a_session(found: Vec<Found>) -> Vec<Finding> {
    let mut kept = Vec::new();
    let mut sessions: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for Found { finding, session } in found {
        match session {
            Some(session) => sessions.entry(session).or_default().push(finding),
            None => kept.push(finding),
        }
    }
    for mut findings in sessions.into_values() {
        let whole = findings.iter().position(|finding| finding.id == DISPROPORTIONATE).map(|at| findings.remove(at));
        findings.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.id.cmp(b.id)));
        let rest = findings.into_iter().next();
        kept.extend(match (whole, rest) {
            (Some(whole), Some(cause)) => {
                let excess: Total = whole.causes.iter().map(|(_, part)| *part).sum();
                if cause.amount.nanos() * 2 >= excess.nanos() {
                    let mut cause = Finding { causes: whole.causes, ..cause };
                    cause.evidence.extend(whole.evidence);
                    cause.confidence = cause.confidence.max(whole.confidence);
                    Some(cause)
                } else {
                    let mut whole = whole;
                    whole.evidence.push(format!("within it: {}", cause.title));
                    Some(whole)
                }
            }
            (whole, rest) => whole.or(rest),
        });
    }
    kept
}

impl Context<'_> {
    fn sessions(&self) -> impl Iterator<Item = (usize, &SessionCase)> {
        self.account.cases.sessions.iter().enumerate()
    }

    /// Those with a prompt whose class is known: an export without prompts has none, and nothing is told of its rework.
    fn classified(&self) -> impl Iterator<Item = (usize, &SessionCase)> {
        let unknown = |session: &SessionCase| session.actions[Action::Unclassified.index()].events;
        self.sessions().filter(move |(_, session)| session.whole.events > unknown(session))
    }

    /// A look at those sessions, of which one at least is needed.
    fn look_at_classified(&self) -> Look {
        let tested = self.classified().count() as u64;
        let lacks = lacks(tested, 1, "session with classified prompts", "sessions with classified prompts");
        Look { tested, lacks, ..Look::default() }
    }

    /// How many prompts a session has, and from when to when.
    fn span(&self, session: &SessionCase) -> String {
        let prompts = counted(session.whole.events, "prompt", "prompts");
        format!("{prompts} from {} to {}", self.at(session.first), self.at(session.last))
    }

    /// When some prompts were sent, so that they can be looked up.
    fn sent(&self, rows: &Rows) -> String {
        let mut text = String::from("sent at ");
        let mut day = None;
        for (number, at) in rows.sent.iter().enumerate() {
            let local = self.zone.local(*at);
            let format = if day == Some(local.date()) { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
            day = Some(local.date());
            text += if number == 0 { "" } else { ", " };
            text += &local.format(format).to_string();
        }
        let more = rows.tally.events.saturating_sub(rows.sent.len() as u64);
        if more > 0 {
            text += &format!(" and {more} more");
        }
        text
    }

    fn say(&self, amount: Total) -> String {
        say(amount, self.account.account.unit)
    }

    fn at(&self, at: Instant) -> String {
        self.zone.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The mean price of a prompt of the account.
    fn price(&self) -> Total {
        let whole = self.account.cases.sessions.iter().fold((0, 0), |(count, nanos), session| {
            (count + i128::from(session.whole.events), nanos + session.whole.amount.nanos())
        });
        Total::from_nanos(if whole.0 == 0 { 0 } else { whole.1 / whole.0 })
    }
}

impl Rule {
    /// A finding of this rule; `percent` of the amount may be recoverable.
    fn finding(
        &self,
        context: &Context,
        (amount, percent): (Total, (i128, i128)),
        subject: &Subject,
        (title, evidence): (String, Vec<String>),
    ) -> Finding {
        Finding {
            id: self.id,
            title,
            severity: Severity::of(amount, context.account.total.amount),
            confidence: Confidence::Medium,
            account: context.account.account.clone(),
            amount,
            recoverable: Range::percent(amount, percent.0, percent.1),
            assumption: self.assumption,
            subject: subject.clone(),
            evidence,
            causes: Vec::new(),
            advice: self.advice,
        }
    }
}

/// Why there is too little to tell.
fn lacks(has: u64, needs: u64, one: &str, many: &str) -> Option<String> {
    (has < needs).then(|| format!("insufficient data: {}, {needs} are needed", counted(has, one, many)))
}

/// A share in percent, as a whole number.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
