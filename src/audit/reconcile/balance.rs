//! Whether a ledger's `balance_after` follows from its rows: each balance told is compared with the one before it and
//! all that was used, given and lost in between.
//!
//! Where a balance does not follow, that is one break, and the count goes on from the balance told. A ledger that holds
//! only a part of what moved the pool, such as one member's rows, breaks nearly everywhere, or falls again and again by more
//! than its rows say: of such a ledger it is said that it cannot be reconciled, not that it is wrong.
use crate::{
    model::{amount::Total, event::Place, instant::Instant},
    rollup::books::Step,
};

/// What came of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Each balance follows from the one before.
    Agrees,
    /// A few do not.
    Breaks,
    /// Too many do not: rows are missing.
    Partial,
    /// Fewer than two balances are told.
    Unknown,
}

impl Verdict {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Breaks => "breaks",
            Self::Partial => "cannot be reconciled",
            Self::Unknown => "not checked",
        }
    }
}

/// A balance that does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// When.
    pub at: Instant,
    /// Where.
    pub place: Place,
    /// The balance that would follow.
    pub expected: Total,
    /// The balance told.
    pub found: Total,
}

/// The balances of one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What came of it.
    pub verdict: Verdict,
    /// How many balances were compared with one before.
    pub compared: u64,
    /// How many of them do not follow.
    pub breaks: u64,
    /// The last balance told, if no row broke.
    pub expected: Option<Total>,
    /// The last balance told.
    pub found: Option<Total>,
    /// The first break.
    pub first: Option<Break>,
}

impl Checked {
    /// The last balance told less the one expected.
    pub fn difference(&self) -> Option<Total> {
        Some(self.found? - self.expected?)
    }
}

/// From so many falls on, where they are a tenth of the balances, rows of use are missing.
const FALLS: u64 = 3;
/// Rows of one instant are chained by their balances up to this number; more stand in the order given.
const MOST_CHAINED: usize = 300;

/// Compares the balances of a pool; steps stand in order, those of one instant in the order of their file.
pub fn check(steps: &[Step]) -> Checked {
    let mut checked =
        Checked { verdict: Verdict::Unknown, compared: 0, breaks: 0, expected: None, found: None, first: None };
    let mut running: Option<Total> = None;
    let mut falls = 0;
    for same_instant in steps.chunk_by(|a, b| a.at == b.at) {
        for Step { at, place, effect, found } in chained(same_instant, running) {
            checked.expected = checked.expected.map(|expected| expected + effect);
            running = running.map(|running| running + effect);
            let Some(found) = found.map(Total::from) else { continue };
            if let Some(expected) = running {
                checked.compared += 1;
                if expected != found {
                    checked.breaks += 1;
                    falls += u64::from(found < expected);
                    checked.first = checked.first.or(Some(Break { at, place, expected, found }));
                }
            }
            checked.expected = checked.expected.or(Some(found));
            (running, checked.found) = (Some(found), Some(found));
        }
    }
    // Rows after the last balance told say nothing of it.
    let after: Total = steps.iter().rev().take_while(|step| step.found.is_none()).map(|step| step.effect).sum();
    checked.expected = checked.expected.map(|expected| expected - after);
    let Checked { compared, breaks, .. } = checked;
    checked.verdict = match () {
        () if compared == 0 => Verdict::Unknown,
        () if breaks == 0 => Verdict::Agrees,
        () if breaks * 2 > compared || falls >= FALLS && falls * 10 >= compared => Verdict::Partial,
        () => Verdict::Breaks,
    };
    checked
}

/// Rows of one instant in the order in which their balances follow from each other, as far as they do.
fn chained(steps: &[Step], mut running: Option<Total>) -> Vec<Step> {
    if steps.len() < 2 || steps.len() > MOST_CHAINED {
        return steps.to_vec();
    }
    let mut left = steps.to_vec();
    let mut chain = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let before = |step: &Step| step.found.map(|found| Total::from(found) - step.effect);
        let follows = left.iter().position(|step| match running {
            Some(running) => before(step) == Some(running),
            // Without a balance to go on from, the first is the one that follows from none of the others.
            None => {
                before(step).is_some_and(|before| left.iter().all(|other| other.found.map(Total::from) != Some(before)))
            }
        });
        let next = follows.or_else(|| left.iter().position(|step| step.found.is_none())).unwrap_or(0);
        let step = left.remove(next);
        running = step.found.map(Total::from).or_else(|| running.map(|running| running + step.effect));
        chain.push(step);
    }
    chain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::amount::Amount;

    /// Steps from effects, with the balances that follow from an opening one; two rows an instant.
    fn ledger(opening: i64, effects: &[i64]) -> Vec<Step> {
        let mut balance = opening;
        let step = |(line, effect): (u32, &i64)| {
            balance += effect;
            Step {
                at: Instant::from_nanos(i64::from(line / 2)),
                place: Place { file: 0, line },
                effect: Total::from_nanos((*effect).into()),
                found: Some(Amount::from_nanos(balance)),
            }
        };
        (2..).zip(effects).map(step).collect()
    }

    proptest! {
        #[test]
        fn a_sound_ledger_agrees_whatever_balances_are_left_out(
            effects in prop::collection::vec(-50_i64..50, 2..60),
            told in prop::collection::vec(any::<bool>(), 60),
        ) {
            let mut steps = ledger(1_000, &effects);
            let last = steps.len() - 1;
            for (index, step) in steps.iter_mut().enumerate() {
                let starts_instant = step.place.line % 2 == 0;
                if !told[index] && index != 0 && index != last && starts_instant {
                    step.found = None;
                }
            }
            let checked = check(&steps);
            prop_assert_eq!((checked.verdict, checked.breaks), (Verdict::Agrees, 0));
            prop_assert_eq!(checked.difference(), Some(Total::ZERO));
        }

        #[test]
        fn one_wrong_amount_is_found_where_it_stands(
            effects in prop::collection::vec(-50_i64..-1, 20..60),
            at in 1_usize..19,
            by in 1_i128..9,
        ) {
            let mut steps = ledger(10_000, &effects);
            for (minute, step) in (0..).zip(&mut steps) {
                step.at = Instant::from_nanos(minute);
            }
            steps[at].effect += Total::from_nanos(by);
            let checked = check(&steps);
            prop_assert_eq!((checked.verdict, checked.breaks), (Verdict::Breaks, 1));
            prop_assert_eq!(checked.first.map(|first| first.place), Some(steps[at].place));
            prop_assert_eq!(checked.difference(), Some(Total::from_nanos(-by)));
        }

        #[test]
        fn rows_of_one_instant_may_stand_in_any_order(effects in prop::collection::vec(1_i64..50, 2..12), turn in 0_usize..12) {
            let mut steps = ledger(1_000, &effects.iter().map(|effect| -effect).collect::<Vec<_>>());
            for step in &mut steps {
                step.at = Instant::from_nanos(0);
            }
            let turn = turn % steps.len();
            steps.rotate_left(turn);
            prop_assert_eq!(check(&steps).verdict, Verdict::Agrees);
        }
    }

    #[test]
    fn the_rows_of_one_member_are_no_alarm() {
        let all = ledger(1_000, &[-3; 40]);
        let of_one: Vec<Step> = all.into_iter().filter(|step| step.place.line % 3 == 0).collect();
        assert_eq!(check(&of_one).verdict, Verdict::Partial);
        assert_eq!(check(&[]).verdict, Verdict::Unknown);
    }
}
