//! Gates: what a run is to fail on. The report is written all the same.
use anyhow::{Context as _, bail};

use crate::{
    audit::budget::State,
    cli::args::share,
    model::action::Action,
    report::{Report, ahead, cut, words},
};

/// Severities, the gravest last.
const SEVERITIES: [&str; 4] = ["info", "low", "medium", "high"];

/// Something that a run fails on.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Gate {
    /// A pool that runs out before the reset, or is empty.
    RunOut,
    /// A budget that is used up.
    Budget,
    /// Rework beyond a share of the message credits.
    Rework(f64),
    /// A finding of this severity or above.
    Severity(usize),
}

impl Gate {
    /// Reads `run-out`, `budget`, `rework=30%` or `severity=high`.
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        Ok(match text.split_once('=') {
            None if text == "run-out" => Self::RunOut,
            None if text == "budget" => Self::Budget,
            Some(("rework", most)) => Self::Rework(share("--fail-on rework=", most)?),
            Some(("severity", word)) => {
                let at = SEVERITIES.iter().position(|severity| *severity == word);
                Self::Severity(at.with_context(|| format!("--fail-on {text:?}: use one of {}", SEVERITIES.join(", ")))?)
            }
            _ => bail!("--fail-on {text:?}: use run-out, budget, rework=SHARE or severity=WORD"),
        })
    }

    /// What is wrong, in sentences.
    pub(super) fn tripped(&self, report: &Report) -> Vec<String> {
        match self {
            Self::RunOut => {
                let meters = [&report.outlooks.message, &report.outlooks.integration].into_iter();
                let dry = meters.filter(|meter| ahead::run_out(meter).is_some());
                dry.filter_map(|meter| {
                    Some(format!(
                        "{}: {}",
                        words::account(meter.account.as_ref()?),
                        ahead::sentence(meter, report.zone)?
                    ))
                })
                .collect()
            }
            Self::Budget => {
                let over = report.budgets.iter().filter(|spent| spent.state == State::Over);
                over.map(|spent| ahead::budget(spent, report.zone)).collect()
            }
            Self::Rework(most) => {
                let of = |account| {
                    let actions = cut::actions_of(account);
                    let rework = actions[Action::Fix.index()].amount + actions[Action::Regeneration.index()].amount;
                    (rework.share_of(account.total.amount), words::account(&account.account))
                };
                let shares = report.rollups.accounts.iter().map(of).filter(|(share, _)| share > most);
                shares
                    .map(|(share, name)| {
                        format!("{name}: rework takes {}, more than {}", words::share(share), words::share(*most))
                    })
                    .collect()
            }
            Self::Severity(least) => {
                let grave = report.findings.iter().filter(|finding| {
                    SEVERITIES.iter().position(|severity| *severity == finding.severity).is_some_and(|at| at >= *least)
                });
                grave.map(|finding| format!("{}: {}", finding.severity, finding.title)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_read_by_their_words() {
        assert_eq!(Gate::read("run-out").unwrap(), Gate::RunOut);
        assert_eq!(Gate::read("rework=30%").unwrap(), Gate::Rework(0.3));
        assert_eq!(Gate::read("severity=medium").unwrap(), Gate::Severity(2));
        for wrong in ["rework", "rework=3", "severity=x", "x", ""] {
            assert!(Gate::read(wrong).is_err(), "{wrong}");
        }
    }
}
