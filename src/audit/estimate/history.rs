//! What a team's own past says about its next build.
use crate::{
    audit::{
        dice::Dice,
        estimate::{Budgets, ITEMS},
        forecast::rounded,
        robust,
    },
    model::{action::Action, amount::Total},
    rollup::{AccountRollup, Row},
};

/// So many prompts of a class are needed for its mean.
const PROMPTS: u64 = 10;
/// So many features are needed to draw from.
const FEATURES: usize = 3;
/// So many draws.
const DRAWS: usize = 2_000;
/// A normal distribution's 90th percentile.
const Z80: f64 = 1.281_551_565_544_600_4;

/// Fewer apps say nothing about what one takes.
const APPS: usize = 3;

/// What is known of a team's past.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// All message credits.
    pub credits: Total,
    /// The share of them that repairs took: fixes and regenerations.
    pub rework: f64,
    /// What each app took so far, from the least.
    apps: Vec<f64>,
    /// What each feature that was begun took in all: building, changes and repairs.
    features: Vec<f64>,
    /// What a prompt of each class cost in the mean, by the word of the item; only where there are enough.
    prompts: Vec<(&'static str, f64, u64)>,
}

/// What a number of items takes: the 10th, 50th and 90th percentile, and what that was taken from.
pub(super) struct Taken {
    pub(super) credits: [Total; 3],
    pub(super) steps: Vec<String>,
}

/// A project's need in credits of a profile, and what the apps of a team took, where there are enough.
pub(super) fn with_apps(
    history: Option<&History>,
    [low, middle, high]: [f64; 3],
    profile: &str,
    steps: &mut Vec<String>,
) -> [f64; 3] {
    let Some(([least, usual, most], count)) = history.and_then(History::apps) else { return [low, middle, high] };
    steps.push(format!(
        "the {count} apps of this team took {least:.0} to {most:.0} credits of {profile} so far, {usual:.0} in the middle: \
         the need in those is told from both"
    ));
    [low.min(least), f64::midpoint(middle, usual), high.max(most)]
}

impl History {
    /// Of an account.
    pub fn of(account: &AccountRollup) -> Self {
        let prompts = account.cases.prompts();
        let repairs = |row: &Row| row.of(Action::Fix).amount + row.of(Action::Regeneration).amount;
        let rework: Total = account.by_action.iter().map(repairs).sum();
        let mean = |(word, action): &(&'static str, Action)| {
            let tally = prompts[action.index()];
            let count = u32::try_from(tally.events).unwrap_or(u32::MAX);
            (tally.events >= PROMPTS).then(|| (*word, tally.amount.approx() / f64::from(count), tally.events))
        };
        let is_built = |row: &&Row| row.subject.feature.is_some() && row.of(ITEMS[0].1).events > 0;
        let built = account.by_feature.iter().filter(is_built).map(|row| row.tally.amount.approx());
        let named = account.by_app.iter().filter(|row| row.subject.app.is_some()).map(|row| row.tally.amount.approx());
        let mut apps: Vec<f64> = named.filter(|took| *took > 0.0).collect();
        apps.sort_by(f64::total_cmp);
        Self {
            apps,
            credits: account.total.amount,
            rework: rework.share_of(account.total.amount),
            features: built.filter(|took| *took > 0.0).collect(),
            prompts: ITEMS.iter().filter_map(mean).collect(),
        }
    }

    /// What its apps took: the 10th, 50th and 90th percentile, where there are enough of them, and how many there are.
    fn apps(&self) -> Option<([f64; 3], usize)> {
        let last = self.apps.len().checked_sub(1).filter(|last| *last + 1 >= APPS)?;
        Some(([last / 10, last / 2, last - last / 10].map(|at| self.apps[at]), last + 1))
    }

    /// How much dearer its prompts are than the middle of a profile's bands, over the classes that both know.
    pub(super) fn level(&self, budgets: &Budgets, profile: &str) -> Option<f64> {
        let bands = budgets.items.get(profile)?;
        let (mut own, mut usual) = (0.0, 0.0);
        for (word, mean, count) in &self.prompts {
            let Some([low, high]) = bands.get(*word) else { continue };
            let count = f64::from(u32::try_from(*count).unwrap_or(u32::MAX));
            own += mean * count;
            usual += f64::midpoint(*low, *high) * count;
        }
        (own > 0.0 && usual > 0.0).then(|| own / usual)
    }

    /// What a scope takes: features as this team's features took, other items as its prompts cost, else as the bands say.
    pub(super) fn items<'a>(&self, items: impl Iterator<Item = (&'a str, u32, [f64; 2])>) -> Taken {
        let (mut middle, mut spread, mut drawn, mut steps) = (0.0, 0.0, 0, Vec::new());
        for (word, number, [low, high]) in items {
            if word == ITEMS[0].0 && self.features.len() >= FEATURES {
                drawn += number;
                steps.push(format!(
                    "{number} × feature: as the {} features of this team took, changes and repairs included",
                    self.features.len()
                ));
                continue;
            }
            let own = self.prompts.iter().find(|(known, ..)| *known == word);
            let mean = own.map_or(f64::midpoint(low, high), |(_, mean, _)| *mean);
            let half = (high - low) / (high + low) * mean;
            middle += f64::from(number) * mean;
            spread += f64::from(number) * half * half;
            steps.push(match own {
                Some((.., count)) => {
                    format!("{number} × {word}: {mean:.2} credits each, the mean of {count} of this team")
                }
                None => format!("{number} × {word}: {low} to {high} credits each, for lack of {PROMPTS} of this team"),
            });
        }
        let deviation = spread.sqrt() / Z80;
        let (mut dice, blur) = (Dice::default(), robust::blur(&self.features));
        let mut sums: Vec<f64> = (0..DRAWS)
            .map(|_| {
                let one = |_| self.features[dice.below(self.features.len())] * (blur * dice.normal()).exp();
                let features: f64 = (0..drawn).map(one).sum();
                (features + middle + deviation * dice.normal()).max(0.0)
            })
            .collect();
        sums.sort_by(f64::total_cmp);
        Taken { credits: [DRAWS / 10, DRAWS / 2, DRAWS * 9 / 10].map(|at| rounded(sums[at])), steps }
    }
}
