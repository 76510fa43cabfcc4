//! Multinomial logistic regression with a quadratic penalty, fitted by L-BFGS (Liu and Nocedal 1989).
//!
//! Minimises the sum over examples of `weight * -ln p(label)` plus, for each column, half its penalty times the squared
//! distance of its weights from their prior. Double floats in one fixed order: equal input gives equal bits.
use super::CLASSES;

/// The weights of one column.
pub(super) type Column = [f64; CLASSES];

/// A labelled example: which columns hold what.
#[derive(Debug, Clone)]
pub(super) struct Example {
    /// Column and value; columns that are absent hold 0.
    pub(super) values: Vec<(u32, f32)>,
    /// Position of the class in `Action::LABELS`.
    pub(super) label: usize,
    /// How much the example counts.
    pub(super) weight: f64,
}

/// What is to be fitted.
pub(super) struct Problem<'a> {
    /// The examples.
    pub(super) examples: &'a [&'a Example],
    /// How strongly each column is held at its prior.
    pub(super) penalties: &'a [f64],
    /// What each column says before any example is seen.
    pub(super) priors: &'a [Column],
    /// The share of each label that is spread evenly over all classes (label smoothing, Szegedy et al. 2016).
    pub(super) spread: f64,
}

/// Steps remembered by the approximation of the curvature.
const MEMORY: usize = 8;
/// Ends the search: relative decrease in one step.
const PRECISION: f64 = 1e-6;

/// The weights of each column.
pub(super) fn fit(problem: &Problem, steps: usize) -> Vec<Column> {
    let mut at = problem.priors.to_vec();
    let (mut value, mut slope) = problem.value(&at);
    let mut history: Vec<(Vec<Column>, Vec<Column>, f64)> = Vec::new();
    for _ in 0..steps {
        let mut direction = descent(&slope, &history);
        let mut fall = dot(&direction, &slope);
        if fall >= 0.0 {
            history.clear();
            direction = scaled(&slope, -1.0);
            fall = dot(&direction, &slope);
        }
        let mut length = if history.is_empty() { 1.0 / (1.0 + fall.abs().sqrt()) } else { 1.0 };
        let found = (0..30).find_map(|_| {
            let next = moved(&at, &direction, length);
            let (next_value, next_slope) = problem.value(&next);
            let enough = next_value <= value + 1e-4 * length * fall;
            length *= 0.5;
            enough.then_some((next, next_value, next_slope))
        });
        let Some((next, next_value, next_slope)) = found else { break };
        let (step, bend) = (moved(&next, &at, -1.0), moved(&next_slope, &slope, -1.0));
        let curvature = dot(&step, &bend);
        if curvature > 1e-12 {
            if history.len() == MEMORY {
                history.remove(0);
            }
            history.push((step, bend, 1.0 / curvature));
        }
        let decrease = value - next_value;
        (at, value, slope) = (next, next_value, next_slope);
        if decrease < PRECISION * value.abs() {
            break;
        }
    }
    at
}

impl Problem<'_> {
    /// The penalised loss and its slope.
    fn value(&self, weights: &[Column]) -> (f64, Vec<Column>) {
        let mut slope = vec![[0.0; CLASSES]; weights.len()];
        let mut loss = 0.0;
        for (((weights, prior), penalty), slope) in weights.iter().zip(self.priors).zip(self.penalties).zip(&mut slope)
        {
            for class in 0..CLASSES {
                let distance = weights[class] - prior[class];
                loss += 0.5 * penalty * distance * distance;
                slope[class] = penalty * distance;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "five classes")]
        let even = self.spread / CLASSES as f64;
        for example in self.examples {
            let mut sums = [0.0; CLASSES];
            for &(column, value) in &example.values {
                for (sum, weight) in sums.iter_mut().zip(&weights[column as usize]) {
                    *sum += f64::from(value) * weight;
                }
            }
            let chances = softmax(sums, 1.0);
            let mut targets = [even; CLASSES];
            targets[example.label] += 1.0 - self.spread;
            let mut errors = [0.0; CLASSES];
            for class in 0..CLASSES {
                loss -= example.weight * targets[class] * chances[class].max(1e-300).ln();
                errors[class] = example.weight * (chances[class] - targets[class]);
            }
            for &(column, value) in &example.values {
                for (slope, error) in slope[column as usize].iter_mut().zip(errors) {
                    *slope += f64::from(value) * error;
                }
            }
        }
        (loss, slope)
    }
}

/// Probabilities from sums of log-odds, which are divided by the temperature.
pub(super) fn softmax(sums: Column, temperature: f64) -> Column {
    let most = sums.into_iter().fold(f64::MIN, f64::max);
    let powers = sums.map(|sum| ((sum - most) / temperature).exp());
    let total: f64 = powers.iter().sum();
    powers.map(|power| power / total)
}

/// The temperature that makes the labels likeliest, by golden-section search between 0.4 and 3.
pub(super) fn temperature(sums: &[(Column, usize)]) -> f64 {
    let loss = |temperature: f64| -> f64 {
        sums.iter().map(|&(sums, label)| -softmax(sums, temperature)[label].max(1e-300).ln()).sum()
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.4, 3.0);
    for _ in 0..40 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if loss(left) < loss(right) {
            high = right;
        } else {
            low = left;
        }
    }
    f64::midpoint(low, high)
}

/// The two-loop recursion.
fn descent(slope: &[Column], history: &[(Vec<Column>, Vec<Column>, f64)]) -> Vec<Column> {
    let mut direction = scaled(slope, -1.0);
    let mut shares = Vec::with_capacity(history.len());
    for (step, bend, inverse) in history.iter().rev() {
        let share = inverse * dot(step, &direction);
        add(&mut direction, bend, -share);
        shares.push(share);
    }
    if let Some((step, bend, _)) = history.last() {
        direction = scaled(&direction, dot(step, bend) / dot(bend, bend));
    }
    for ((step, bend, inverse), share) in history.iter().zip(shares.into_iter().rev()) {
        let back = inverse * dot(bend, &direction);
        add(&mut direction, step, share - back);
    }
    direction
}

fn dot(left: &[Column], right: &[Column]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>()).sum()
}

fn add(to: &mut [Column], from: &[Column], factor: f64) {
    for (to, from) in to.iter_mut().zip(from) {
        for (to, from) in to.iter_mut().zip(from) {
            *to += factor * from;
        }
    }
}

fn moved(from: &[Column], by: &[Column], factor: f64) -> Vec<Column> {
    let mut to = from.to_vec();
    add(&mut to, by, factor);
    to
}

fn scaled(columns: &[Column], factor: f64) -> Vec<Column> {
    columns.iter().map(|column| column.map(|value| value * factor)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(column: u32, label: usize) -> Example {
        Example { values: vec![(0, 1.0), (column, 1.0)], label, weight: 1.0 }
    }

    #[test]
    fn separable_examples_are_learned() {
        let examples: Vec<Example> = (0..200).map(|at| example(1 + at % 5, at as usize % 5)).collect();
        let examples: Vec<&Example> = examples.iter().collect();
        let problem = Problem { examples: &examples, penalties: &[0.1; 6], priors: &[[0.0; CLASSES]; 6], spread: 0.0 };
        let weights = fit(&problem, 100);
        for label in 0..CLASSES {
            let sums: Column = std::array::from_fn(|class| weights[0][class] + weights[1 + label][class]);
            assert!(softmax(sums, 1.0)[label] > 0.9);
        }
        let slope = problem.value(&weights).1;
        assert!(dot(&slope, &slope) < 1e-2, "the slope vanishes at the minimum");
    }

    #[test]
    fn a_strong_penalty_keeps_the_prior() {
        let examples = [example(1, 2)];
        let examples: Vec<&Example> = examples.iter().collect();
        let priors = [[0.0; CLASSES], [0.0, 1.0, 0.0, 0.0, 0.0]];
        let weights = fit(&Problem { examples: &examples, penalties: &[1e6; 2], priors: &priors, spread: 0.0 }, 50);
        assert!((weights[1][1] - 1.0).abs() < 1e-3);
    }

    #[test]
    fn too_sure_sums_are_tempered() {
        let sums: Vec<(Column, usize)> =
            (0..100).map(|at| ([4.0, 0.0, 0.0, 0.0, 0.0], usize::from(at % 4 == 0))).collect();
        assert!(temperature(&sums) > 1.5);
    }
}
