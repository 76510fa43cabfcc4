//! An evaluation as text of at most 80 columns.
use std::fmt::Write as _;

use super::{Evaluation, Method, Score, Slice, score::spread};
use crate::model::action::Action;

/// The tables of an evaluation.
pub fn render(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    let method = match evaluation.method {
        Method::Weights => "given weights",
        Method::CrossValidation => "cross-validation by history",
    };
    let _ = writeln!(text, "method    {method}\n          {}\n", evaluation.note);
    let _ = writeln!(text, "{:<28}{:>6}{:>10}{:>10}{:>8}", "", "n", "accuracy", "macro-F1", "kappa");
    for (name, score) in [("all", &evaluation.score), ("without buttons", &evaluation.without_buttons)] {
        let Score { n, accuracy, macro_f1, kappa, .. } = score;
        let _ = writeln!(text, "{name:<28}{n:>6}{accuracy:>10.3}{macro_f1:>10.3}{kappa:>8.3}");
    }
    for score in &evaluation.baselines {
        let Slice { name, n, accuracy, macro_f1, .. } = score;
        let _ = writeln!(text, "{name:<28}{n:>6}{accuracy:>10.3}{macro_f1:>10.3}");
    }
    splits(&mut text, &evaluation.splits);
    classes(&mut text, &evaluation.without_buttons);
    let _ = writeln!(text, "\n{:<28}{:>6}{:>10}   95 % interval", "without buttons", "n", "accuracy");
    for Slice { name, n, accuracy, interval: [low, high], .. } in &evaluation.slices {
        let _ = writeln!(text, "{name:<28}{n:>6}{accuracy:>10.3}   {low:.3} to {high:.3}");
    }
    if let Some(Slice { n, accuracy, .. }) = &evaluation.coverage {
        let _ = writeln!(text, "\n{accuracy:.3} of {n} class totals of held-out histories lie in their 95 % range");
    }
    let (error, chance) = (evaluation.calibration_error, evaluation.calibration_error_by_chance);
    let _ = writeln!(text, "calibration error {error:.3}, ten bins of equal size; chance alone gives {chance:.3}");
    let errors = &evaluation.split_calibration_errors;
    if errors.len() > 1 {
        let (mean, wide) = spread(errors.iter().copied());
        let _ =
            writeln!(text, "calibration error over {} splits {mean:.3}, standard deviation {wide:.3}", errors.len());
    }
    let _ = writeln!(text, "{:>8}{:>14}{:>10}", "n", "probability", "accuracy");
    for bin in &evaluation.reliability {
        let _ = writeln!(text, "{:>8}{:>14.3}{:>10.3}", bin.n, bin.probability, bin.accuracy);
    }
    text
}

/// How far the scores move where histories are divided in other ways.
fn splits(text: &mut String, splits: &[[f64; 2]]) {
    if splits.len() < 2 {
        return;
    }
    let [(accuracy, wide), (macro_f1, wide_f1)] = [0, 1].map(|which| spread(splits.iter().map(|split| split[which])));
    let name = format!("mean of {} splits", splits.len());
    let _ = writeln!(text, "{name:<28}{:>6}{accuracy:>10.3}{macro_f1:>10.3}", "");
    let _ = writeln!(text, "{:<28}{:>6}{wide:>10.3}{wide_f1:>10.3}", "standard deviation", "");
}

fn classes(text: &mut String, score: &Score) {
    let _ = writeln!(
        text,
        "\n{:<16}{:>6}{:>10}{:>8}{:>8}   predicted",
        "without buttons", "n", "precision", "recall", "F1"
    );
    for (class, row) in score.per_class.iter().zip(&score.confusion) {
        let (precision, recall, f1) = (class.precision, class.recall, class.f1);
        let _ = write!(text, "{:<16}{:>6}{precision:>10.3}{recall:>8.3}{f1:>8.3}   ", class.class, class.n);
        for count in row {
            let _ = write!(text, "{count:>5}");
        }
        text.push('\n');
    }
    let short: Vec<String> = Action::LABELS.iter().map(|action| format!("{:>5.3}", action.word())).collect();
    let _ = writeln!(text, "{:<51}{}", "", short.concat());
}
