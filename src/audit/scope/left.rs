//! What it takes to finish: drawn from what the project's own finished features cost, building, changes and repairs together.
//!
//! Each of [`DRAWS`] draws takes as many of them with replacement, and gives each feature to come the cost of one of these,
//! and each one under way what such a one costs beyond what it took already. The 10th, 50th and 90th percentiles of the sums
//! are told (Efron 1979). Costs that are alike by chance do not make it sure: their logarithms vary by [`robust::FLOOR`] at
//! least (a smoothed bootstrap). Fewer than [`FINISHED`] finished features tell nothing, and nothing tells what a feature
//! takes that took as much as the dearest finished one.
use crate::{
    audit::{
        dice::Dice,
        robust,
        scope::{Progress, Result3, Stage, Took},
    },
    model::amount::Total,
};

/// So many finished features are needed.
pub(super) const FINISHED: usize = 3;
/// So many draws.
const DRAWS: usize = 2_000;

/// Draws what is left; see the module.
pub(super) fn to_finish(features: &[Progress], finished: &[Took]) -> Result3 {
    let open: Vec<&Progress> = features.iter().filter(|one| one.item.stage != Stage::Done).collect();
    if open.is_empty() {
        return Ok([Total::ZERO; 3]);
    }
    if finished.len() < FINISHED {
        let word = if finished.len() == 1 { "feature" } else { "features" };
        return Err(format!(
            "insufficient data: {} finished {word} with a cost, {FINISHED} are needed",
            finished.len()
        ));
    }
    let dearest = finished.iter().map(|took| took.used).max().unwrap_or_default();
    let (beyond, within): (Vec<&Progress>, Vec<&Progress>) = open.into_iter().partition(|one| one.used >= dearest);
    let costs: Vec<f64> = finished.iter().map(|took| took.used.approx()).collect();
    let used: Vec<f64> = within.iter().map(|one| one.used.approx()).collect();
    let ends = percentiles(&used, &costs);
    if beyond.is_empty() {
        return Ok(ends);
    }
    let names: Vec<&str> = beyond.iter().map(|one| one.item.name.as_str()).collect();
    let rest = match (within.len(), ends) {
        (0, _) => String::new(),
        (_, [low, middle, high]) => format!("; the others take {middle} (80 %: {low} to {high})"),
    };
    Err(format!("insufficient data: no finished feature took more than {}{rest}", names.join(" and ")))
}

/// The percentiles of what features take beyond what they used, by what finished ones cost; each used less than one of them.
fn percentiles(used: &[f64], costs: &[f64]) -> [Total; 3] {
    let mut dice = Dice::default();
    let dearest = costs.iter().copied().fold(0.0, f64::max);
    let blur = robust::blur(costs);
    let mut sums: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut one = || costs[dice.below(costs.len())] * (blur * dice.normal()).exp();
            let drawn: Vec<f64> = costs.iter().map(|_| one()).collect();
            let rest = |used: &f64| {
                let above: Vec<f64> = drawn.iter().copied().filter(|cost| cost > used).collect();
                if above.is_empty() { dearest - used } else { above[dice.below(above.len())] - used }
            };
            used.iter().map(rest).sum()
        })
        .collect();
    sums.sort_by(f64::total_cmp);
    [DRAWS / 10, DRAWS / 2, DRAWS * 9 / 10].map(|at| crate::audit::forecast::rounded(sums[at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::scope::Item;

    #[test]
    fn what_is_left_is_drawn_from_what_was_finished() {
        let took = |used: u64| Took { used: Total::from_units(used), repair: Total::from_units(used / 4) };
        let open = |stage: Stage, used: u64| Progress {
            item: Item { name: "pay".to_owned(), stage, budget: None, base: Vec::new() },
            used: Total::from_units(used),
            repair: Total::ZERO,
            left: None,
            flags: Vec::new(),
        };
        let finished = [took(8), took(8), took(8)];
        let ends = |features: &[Progress]| to_finish(features, &finished).unwrap().map(Total::approx);
        // three equal costs are no certainty: their spread is a quarter at least
        let [low, middle, high] = ends(&[open(Stage::Todo, 0)]);
        assert!(
            5.0 < low && low < 7.0 && (7.8..8.2).contains(&middle) && 9.0 < high && high < 12.0,
            "{low} {middle} {high}"
        );
        assert!((2.0..4.0).contains(&ends(&[open(Stage::Doing, 5)])[1]));
        for used in [8, 12] {
            let cause = to_finish(&[open(Stage::Doing, used), open(Stage::Todo, 0)], &finished).unwrap_err();
            assert!(cause.contains("no finished feature took more than pay; the others take "), "{cause}");
        }
        assert_eq!(to_finish(&[open(Stage::Done, 5)], &[]).unwrap(), [Total::ZERO; 3]);
        assert!(to_finish(&[open(Stage::Todo, 0)], &finished[..2]).unwrap_err().contains("2 finished features"));
        assert!(to_finish(&[open(Stage::Todo, 0)], &finished[..1]).unwrap_err().contains("1 finished feature with"));
        let [low, middle, high] = to_finish(&[open(Stage::Todo, 0)], &[took(4), took(8), took(20)]).unwrap();
        assert!(low < middle && middle < high);
    }
}
