//! Where the excess of a session over its expectation comes from, in causes that add up exactly.
//!
//! With `b` productive prompts and `r` of rework, prices `p(c)` and counts of each class among the peers, and the
//! expectation `X` (the peers' median cost of a session), three sums stand between `X` and the actual cost `A`:
//!
//! - `B1 = b * (all the peers paid) / (their productive prompts)`: as much done, with the rework that peers have;
//! - `B2 = b * (price of peers' productive prompts) + r * (price of their rework)`: with its own rework;
//! - `B3 = sum(n(c) p(c))`: also with its own mix of classes.
//!
//! More prompts are `B1 - X`, more rework `B2 - B1`, class mix `B3 - B2`, dearer prompts `A - B3`. Divisions round
//! towards zero once each; since the sums telescope, the causes add up to `A - X` whatever was rounded.
use crate::{
    model::{action::Action, amount::Total},
    rollup::Tally,
};

/// The classes.
pub const CLASSES: usize = Action::ALL.len();
/// What the causes are called, in order.
pub const CAUSES: [&str; 4] = ["more prompts", "more rework", "class mix", "dearer prompts"];

/// What peers ask and pay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peers {
    /// Prompts and amounts by class.
    pub actions: [Tally; CLASSES],
    /// What a session costs in the middle of them.
    pub usual: Total,
}

impl Peers {
    /// What a prompt of a class costs on average; where peers have none, what any prompt costs.
    pub fn price(&self, class: usize) -> i128 {
        let tally = self.actions[class];
        mean(tally).or_else(|| mean(sum(&self.actions, |_| true))).unwrap_or(0)
    }

    /// What so many prompts cost at the peers' mix, over some classes.
    fn at_mix(&self, count: i128, of: impl Fn(usize) -> bool) -> i128 {
        let known = sum(&self.actions, of);
        let any = sum(&self.actions, |_| true);
        let tally = if known.events > 0 { known } else { any };
        if tally.events == 0 { 0 } else { count * tally.amount.nanos() / i128::from(tally.events) }
    }
}

/// Whether a class is rework.
pub fn is_rework(class: usize) -> bool {
    matches!(Action::ALL.get(class), Some(Action::Fix | Action::Regeneration))
}

/// Whether a class says what a prompt was for: what the running app does is no prompt, and what is not told could be any.
pub fn is_told(class: usize) -> bool {
    !matches!(Action::ALL.get(class), Some(Action::Runtime | Action::Unclassified))
}

/// Splits the excess of a session with such prompts into [`CAUSES`]; they sum exactly to its cost less the usual.
pub fn causes(actions: &[Tally; CLASSES], peers: &Peers) -> [Total; 4] {
    let count = |of: &dyn Fn(usize) -> bool| i128::from(sum(actions, of).events);
    let (rework, productive) = (count(&is_rework), count(&|class| !is_rework(class)));
    let theirs = sum(&peers.actions, |class| !is_rework(class)).events;
    let paid = sum(&peers.actions, |_| true).amount.nanos();
    let prompts = if theirs == 0 { 0 } else { productive * paid / i128::from(theirs) };
    let reworked = peers.at_mix(rework, is_rework) + peers.at_mix(productive, |class| !is_rework(class));
    let mixed: i128 = (0..CLASSES).map(|class| i128::from(actions[class].events) * peers.price(class)).sum();
    let actual = sum(actions, |_| true).amount.nanos();
    let steps = [prompts - peers.usual.nanos(), reworked - prompts, mixed - reworked, actual - mixed];
    steps.map(Total::from_nanos)
}

fn mean(tally: Tally) -> Option<i128> {
    (tally.events > 0).then(|| tally.amount.nanos() / i128::from(tally.events))
}

/// The sum over some classes.
pub fn sum(actions: &[Tally; CLASSES], of: impl Fn(usize) -> bool) -> Tally {
    let mut whole = Tally::default();
    for (class, tally) in actions.iter().enumerate() {
        if of(class) {
            whole.add(*tally);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tallies() -> impl Strategy<Value = [Tally; CLASSES]> {
        let tally = (0_u64..1000, -1_000_000_000_000_i128..1_000_000_000_000_000_000);
        proptest::array::uniform7(tally.prop_map(|(events, nanos)| Tally {
            events,
            amount: if events == 0 { Total::ZERO } else { Total::from_nanos(nanos) },
        }))
    }

    proptest! {
        #[test]
        fn causes_sum_to_the_excess(session in tallies(), peers in tallies(), usual in 0_i128..1_000_000_000_000_000) {
            let peers = Peers { actions: peers, usual: Total::from_nanos(usual) };
            let excess = sum(&session, |_| true).amount.nanos() - usual;
            prop_assert_eq!(causes(&session, &peers).iter().map(|cause| cause.nanos()).sum::<i128>(), excess);
        }
    }

    #[test]
    fn each_cause_is_named_for_what_it_is() {
        let tally = |events, amount: i128| Tally { events, amount: Total::from_nanos(amount) };
        let mut peers = Peers { usual: Total::from_nanos(40), ..Peers::default() };
        peers.actions[Action::Generation.index()] = tally(10, 100);
        peers.actions[Action::Fix.index()] = tally(10, 100);
        let mut session = [Tally::default(); CLASSES];
        session[Action::Generation.index()] = tally(4, 80);
        assert_eq!(causes(&session, &peers).map(Total::nanos), [40, -40, 0, 40]);
        session[Action::Fix.index()] = tally(8, 80);
        assert_eq!(causes(&session, &peers).map(Total::nanos), [40, 40, 0, 40]);
    }
}
