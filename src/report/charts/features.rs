//! Which features took how much, and how few of them make up most (Pareto).
use crate::{
    model::amount::Total,
    report::{
        charts::{
            Bar, Bars, Chart, Setting,
            canvas::{self, Canvas, Heading, Plot, Type},
            ranking::{Line, Ranking},
            scale::pixel,
        },
        theme::{ACCENT, BACKED, MUTED, TICK},
        words,
    },
};

/// Fewer features make no curve.
const FEWEST: usize = 3;

/// Draws features, the dearest first, with the share that they and those above them make up.
pub fn draw(features: &Bars, setting: &Setting) -> Option<Chart> {
    features.bars.first()?;
    let heading = heading(features, setting);
    let amounts: Vec<Total> = features.bars.iter().map(Bar::total).collect();
    let shares = cumulative(&amounts, features.whole);
    let has_curve = has_curve(features, setting) && shares.iter().all(|share| (0.0..=1.0).contains(share));
    let lines = features.bars.iter().zip(&amounts).zip(&shares).map(|((bar, amount), share)| Line {
        name: bar.name.clone(),
        amount: words::amount::bare(*amount, setting.unit),
        share: if has_curve { words::share(*share) } else { features.share(*amount) },
        pieces: vec![(Total::ZERO, *amount, BACKED)],
    });
    let ends = amounts.iter().fold((Total::ZERO, Total::ZERO), |(low, high), at| (low.min(*at), high.max(*at)));
    let rest = features.rest_in_words("features", setting);
    let ranking = Ranking {
        lines: lines.collect(),
        rest,
        ends,
        unit: setting.unit,
        width: setting.width,
        shares: if has_curve { ACCENT } else { MUTED },
    };
    let top = canvas::heading_height(&heading, setting) + 12;
    let drawing = canvas::draw(setting, top + ranking.height() + 16, &heading, |canvas| {
        ranking.draw(canvas, top);
        if has_curve {
            curve(canvas, &ranking.plot(top), &shares);
        }
    });
    Some(Chart::new("features", heading.title, drawing))
}

/// A curve needs a few features, and room beside their names.
fn has_curve(features: &Bars, setting: &Setting) -> bool {
    features.bars.len() >= FEWEST && !setting.is_narrow()
}

/// The shares as a line down the rows, with its own scale above.
fn curve(canvas: &Canvas, plot: &Plot, shares: &[f64]) {
    for percent in [0, 25, 50, 75, 100] {
        let share = f64::from(percent) / 100.0;
        let x = pixel(plot.left, plot.right, share);
        canvas.line(&[(x, plot.top - 4), (x, plot.top)], ACCENT, 1);
        canvas.text(&format!("{percent} %"), (x, plot.top - 12), Type::middle(TICK, ACCENT));
    }
    let middle = |(index, share): (usize, &f64)| {
        let (above, below) = plot.row(index, shares.len());
        (pixel(plot.left, plot.right, *share), i32::midpoint(above, below))
    };
    let points: Vec<(i32, i32)> = shares.iter().enumerate().map(middle).collect();
    canvas.line(&points, ACCENT, 2);
    for point in points {
        canvas.dot(point, 3, ACCENT);
    }
    canvas.line(&[(plot.left, plot.top), (plot.right, plot.top)], MUTED, 1);
}

fn cumulative(amounts: &[Total], whole: Total) -> Vec<f64> {
    let mut sum = Total::ZERO;
    let share = |amount: &Total| {
        sum += *amount;
        if whole > Total::ZERO { sum.share_of(whole) } else { f64::NAN }
    };
    amounts.iter().map(share).collect()
}

fn heading(features: &Bars, setting: &Setting) -> Heading {
    let unit = words::unit(setting.unit);
    let all = words::amount::amount(features.whole, setting.unit);
    let counted = features.count("feature", "features");
    let nameless = features.whole - features.named.iter().copied().sum();
    let title = match features.reaching(0.8) {
        Some(n) if features.whole > Total::ZERO && features.named.len() > 1 => {
            format!("{} of {counted} took 80 % of the {unit}", words::count(n as u64))
        }
        _ if features.whole > Total::ZERO && nameless.share_of(features.whole) > 0.2 => {
            format!("{} of the {unit} are not attributed to a feature", features.share(nameless))
        }
        _ => format!("{counted} took {all}"),
    };
    let largest = |bar: &Bar| format!("{} {}", bar.name, words::amount::bare(bar.total(), setting.unit));
    let description = canvas::described(&title, features.bars.iter().take(5).map(largest));
    let curve = if has_curve(features, setting) {
        " (bars), and the share of all used by a feature and those above it (line)"
    } else {
        "; amount and share of all"
    };
    let subtitle = format!("{} by feature{curve}", words::unit_head(setting.unit));
    Heading { title, subtitle, description }
}
