//! How likely it is that some of many values are a random part of them: a permutation test (Pitman 1937), which takes no
//! shape of the values for granted; costs are skewed, and what holds for normal values finds too much in them.
//!
//! Compared is the sum of the part by the root of its sum of squares, which does not favour parts of large values. Parts of
//! the same size are drawn until [`ENOUGH`] of them are as extreme on the same side (Besag and Clifford 1991), and
//! [`MOST`] times at most. The values are put in order before, so their order tells nothing.
use crate::audit::dice::Dice;

/// So many extreme parts are enough.
const ENOUGH: u32 = 20;
/// So many parts are drawn at most.
const MOST: u32 = 9_999;

/// The chance of a part as extreme as `part` on either side, if `part` and `rest` are alike.
pub(super) fn chance(part: &[f64], rest: &[f64]) -> f64 {
    if part.is_empty() || rest.is_empty() {
        return 1.0;
    }
    let mut all: Vec<f64> = part.iter().chain(rest).copied().collect();
    all.sort_by(f64::total_cmp);
    let whole = Sums::of(&all);
    let told = Sums::of(part).extreme();
    // the smaller of both parts is drawn; the other one is what is left
    let size = part.len().min(rest.len());
    let mut dice = Dice::default();
    let (mut above, mut below, mut drawn) = (0_u32, 0_u32, 0_u32);
    while drawn < MOST && above.min(below) < ENOUGH {
        for at in 0..size {
            let other = at + dice.below(all.len() - at);
            all.swap(at, other);
        }
        let sums = Sums::of(&all[..size]);
        let extreme = if size == part.len() { sums } else { whole.less(sums) }.extreme();
        let near = 1e-9 * told.abs();
        above += u32::from(extreme >= told - near);
        below += u32::from(extreme <= told + near);
        drawn += 1;
    }
    let share = f64::from(above.min(below) + 1) / f64::from(drawn + 1);
    (2.0 * share).min(1.0)
}

#[derive(Clone, Copy)]
struct Sums {
    plain: f64,
    squares: f64,
}

impl Sums {
    fn of(values: &[f64]) -> Self {
        Self { plain: values.iter().sum(), squares: values.iter().map(|value| value * value).sum() }
    }

    fn less(self, part: Self) -> Self {
        Self { plain: self.plain - part.plain, squares: self.squares - part.squares }
    }

    fn extreme(self) -> f64 {
        if self.squares > 0.0 { self.plain / self.squares.sqrt() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_like_the_rest_is_likely_and_another_is_not() {
        let rest: Vec<f64> = (0..40).map(|n| f64::from(n % 5) - 2.0).collect();
        assert!(chance(&[-2.0, -1.0, 0.0, 1.0, 2.0], &rest) > 0.5);
        assert!(chance(&[4.0, 5.0, 4.0, 5.0, 4.0, 5.0], &rest) < 0.001);
        assert!(chance(&[-4.0, -5.0, -4.0, -5.0, -4.0, -5.0], &rest) < 0.001);
        assert!((chance(&[], &rest) - 1.0).abs() < 1e-9 && (chance(&rest, &[]) - 1.0).abs() < 1e-9);
        assert!((chance(&[0.0; 5], &[0.0; 9]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_values_tells_nothing() {
        let (part, rest) = ([1.0, 2.0, 3.0], [0.0, 1.0, -1.0, 4.0, 0.5, 2.5]);
        let turned = |values: &[f64]| values.iter().rev().copied().collect::<Vec<f64>>();
        assert_eq!(chance(&part, &rest).to_bits(), chance(&turned(&part), &turned(&rest)).to_bits());
    }

    #[test]
    fn of_equal_skewed_parts_no_more_are_called_rare_than_chance_has_it() {
        let mut dice = Dice::default();
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let mut cost = || (dice.below(1000) as f64 / 250.0).exp();
        let rare = (0..400).filter(|_| {
            let values: Vec<f64> = (0..48).map(|_| cost()).collect();
            let mean = values.iter().sum::<f64>() / 48.0;
            let residuals: Vec<f64> = values.iter().map(|value| value - mean).collect();
            chance(&residuals[..6], &residuals[6..]) <= 0.05
        });
        // one in twenty of 400 is 20, with a standard deviation of 4.4
        assert!((8..=33).contains(&rare.count()));
    }
}
