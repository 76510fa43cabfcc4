//! Chains of repair in words, as `chains[]` of `report.json`, and as `tables/chains.csv`.
use anyhow::Context as _;
use serde::Serialize;

use crate::{
    model::{amount::Total, instant::Instant},
    report::{Artifact, Report, clean::defused, cut, words},
    rollup::{
        AccountRollup,
        lineage::chains::{Chain, State, Summed},
    },
};

/// What is said below every table of chains.
pub(super) const METHOD: &str = "A chain is a piece of work that needed repair: its making, its changes, its fixes and \
     regenerations. It is resolved where work went on after the last repair, or one or two repairs were followed by \
     silence; abandoned where three or more in a row were followed by a week of silence; open where silence is younger. It \
     is named for the feature whose repairs cost most in it and takes in what came back to the same piece, also from other \
     features: its figures are not those of that feature.";

const COLUMNS: [&str; 25] = [
    "provider",
    "meter",
    "unit",
    "workspace",
    "app",
    "feature",
    "features",
    "user",
    "session",
    "state",
    "events",
    "amount",
    "value",
    "build",
    "iterate",
    "repair",
    "repairs",
    "sessions",
    "users",
    "built",
    "built_for",
    "began",
    "first_repair",
    "last_repair",
    "calm_after_seconds",
];

/// A chain as files for machines have it; "others" has no names and moments.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct V1Chain {
    provider: String,
    meter: &'static str,
    unit: &'static str,
    workspace: Option<String>,
    app: Option<String>,
    feature: Option<String>,
    /// How many features it took in; `feature` is the one whose repairs cost most.
    features: Option<u64>,
    user: Option<String>,
    session: Option<String>,
    state: Option<&'static str>,
    events: u64,
    amount: String,
    value: Option<String>,
    build: String,
    iterate: String,
    repair: String,
    repairs: u64,
    sessions: Option<u64>,
    users: Option<u64>,
    /// When the piece was made, and what its making cost, also where that is not among the selected events.
    built: Option<String>,
    built_for: Option<String>,
    began: Option<String>,
    first_repair: Option<String>,
    last_repair: Option<String>,
    /// From the making, else the first repair, to the last repair.
    calm_after_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<u64>,
}

impl V1Chain {
    fn of(account: &AccountRollup, chain: &Chain, now: Instant) -> Self {
        let subject = &chain.subject;
        Self {
            workspace: subject.workspace.clone(),
            app: subject.app.clone(),
            feature: subject.feature.clone(),
            features: Some(chain.features),
            user: subject.user.clone(),
            session: subject.session.clone(),
            state: Some(chain.state(now).word()),
            sessions: Some(chain.sessions),
            users: Some(chain.users),
            built: chain.origin.map(|(at, _)| at.to_string()),
            built_for: chain.origin.map(|(_, amount)| amount.to_string()),
            began: Some(chain.began().to_string()),
            first_repair: Some(chain.first_repair.to_string()),
            last_repair: Some(chain.last_repair.to_string()),
            calm_after_seconds: Some(chain.last_repair.since(chain.began()).num_seconds()),
            others: None,
            ..Self::summed(account, &Summed::of([chain], now))
        }
    }

    fn summed(account: &AccountRollup, sum: &Summed) -> Self {
        let name = &account.account;
        Self {
            provider: name.provider.clone(),
            meter: name.meter.word(),
            unit: name.unit.word(),
            workspace: None,
            app: None,
            feature: None,
            features: None,
            user: None,
            session: None,
            state: None,
            events: sum.build.events + sum.iterate.events + sum.repair.events,
            amount: sum.amount().to_string(),
            value: cut::value(account, sum.amount()).map(|value| value.to_string()),
            build: sum.build.amount.to_string(),
            iterate: sum.iterate.amount.to_string(),
            repair: sum.repair.amount.to_string(),
            repairs: sum.repair.events,
            sessions: None,
            users: None,
            built: None,
            built_for: None,
            began: None,
            first_repair: None,
            last_repair: None,
            calm_after_seconds: None,
            others: Some(sum.chains),
        }
    }
}

/// The chains of all accounts, each with the sum of those beyond the most.
pub(super) fn view(report: &Report) -> Vec<V1Chain> {
    let mut view = Vec::new();
    for account in &report.rollups.accounts {
        let (shown, rest) = account.chains.split_at(account.chains.len().min(report.max_rows));
        view.extend(shown.iter().map(|chain| V1Chain::of(account, chain, report.now)));
        view.extend((!rest.is_empty()).then(|| V1Chain::summed(account, &Summed::of(rest, report.now))));
    }
    view
}

/// Every chain, a row each.
pub(super) fn csv(report: &Report) -> anyhow::Result<Artifact> {
    let path = "tables/chains.csv";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).with_context(|| format!("writing {path}"))?;
    for account in &report.rollups.accounts {
        for chain in &account.chains {
            let view = V1Chain::of(account, chain, report.now);
            let text = |text: &Option<String>| text.as_deref().map(defused).unwrap_or_default();
            let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
            writer
                .write_record([
                    defused(&view.provider),
                    view.meter.to_owned(),
                    view.unit.to_owned(),
                    text(&view.workspace),
                    text(&view.app),
                    text(&view.feature),
                    chain.features.to_string(),
                    text(&view.user),
                    text(&view.session),
                    view.state.unwrap_or_default().to_owned(),
                    view.events.to_string(),
                    view.amount,
                    view.value.unwrap_or_default(),
                    view.build,
                    view.iterate,
                    view.repair,
                    view.repairs.to_string(),
                    chain.sessions.to_string(),
                    chain.users.to_string(),
                    view.built.unwrap_or_default(),
                    view.built_for.unwrap_or_default(),
                    view.began.unwrap_or_default(),
                    view.first_repair.unwrap_or_default(),
                    view.last_repair.unwrap_or_default(),
                    number(view.calm_after_seconds),
                ])
                .with_context(|| format!("writing {path}"))?;
        }
    }
    let bytes = writer.into_inner().with_context(|| format!("writing {path}"))?;
    Ok(Artifact { path: path.to_owned(), bytes })
}

/// What a chain is about: `shop / checkout`, `shop / checkout and 2 further features`, `shop`, `no app`.
pub(super) fn about(chain: &Chain) -> String {
    let cut = if chain.subject.feature.is_some() { cut::Cut::Feature } else { cut::Cut::App };
    let name = cut.label(&chain.subject);
    match chain.features {
        0 | 1 => name,
        several => format!("{name} and {}", words::counted(several - 1, "further feature", "further features")),
    }
}

/// How the chains of an account ended, and which cost most: `48 chains of repair: 45 resolved, 2 abandoned, 1 open; the
/// dearest: 20.1 credits, shop / checkout`; `None` without chains.
pub(super) fn sentence(account: &AccountRollup, now: Instant) -> Option<String> {
    let dearest = account.chains.first().filter(|chain| chain.repair.amount > Total::ZERO)?;
    let sum = Summed::of(&account.chains, now);
    let resolved = sum.chains - sum.abandoned - sum.open;
    let states = [(resolved, State::Resolved), (sum.abandoned, State::Abandoned), (sum.open, State::Open)];
    let states = states.into_iter().filter(|(count, _)| *count > 0);
    let states: Vec<String> =
        states.map(|(count, state)| format!("{} {}", words::count(count), state.word())).collect();
    Some(format!(
        "{}: {}; the dearest: {}, {}",
        words::counted(sum.chains, "chain of repair", "chains of repair"),
        states.join(", "),
        words::amount::amount(dearest.repair.amount, account.account.unit),
        about(dearest)
    ))
}
