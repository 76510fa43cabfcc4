//! Which features took how much, and how few of them make up most: those that the title counts are dark.
use crate::{
    model::amount::Total,
    report::{
        charts::{
            Bar, Bars, Chart, Setting,
            canvas::{self, Heading},
            ranking::{Line, Ranking},
        },
        theme::{BACKED, MUTED, SERIES},
        words,
    },
};

/// What most is: the title counts those that reach it, as far as they have bars.
const MOST: f64 = 0.8;

/// Draws features, the dearest first.
pub fn draw(features: &Bars, setting: &Setting) -> Option<Chart> {
    features.bars.first()?;
    let (heading, counted) = heading(features, setting);
    let amounts: Vec<Total> = features.bars.iter().map(Bar::total).collect();
    let lines = features.bars.iter().zip(&amounts).enumerate().map(|(rank, (bar, amount))| {
        let is_counted = bar.named && rank < counted;
        Line {
            name: bar.name.clone(),
            amount: words::amount::bare(*amount, setting.unit),
            share: features.share(*amount),
            pieces: vec![(Total::ZERO, *amount, if is_counted { SERIES } else { BACKED })],
        }
    });
    let ends = amounts.iter().fold((Total::ZERO, Total::ZERO), |(low, high), at| (low.min(*at), high.max(*at)));
    let rest = features.rest_in_words("features", setting);
    let ranking =
        Ranking { lines: lines.collect(), rest, ends, unit: setting.unit, width: setting.width, shares: MUTED };
    let top = canvas::heading_height(&heading, setting) + 12;
    let drawing = canvas::draw(setting, top + ranking.height() + 16, &heading, |canvas| ranking.draw(canvas, top));
    Some(Chart::new("features", heading.title, drawing))
}

/// The heading, and how many of the first bars its title counts.
fn heading(features: &Bars, setting: &Setting) -> (Heading, usize) {
    let unit = words::unit(setting.unit);
    let all = words::amount::amount(features.whole, setting.unit);
    let counted = features.count("feature", "features");
    let nameless = features.whole - features.named.iter().copied().sum();
    let dearest = features.dearest(MOST);
    let (title, count) = match dearest {
        Some((n, share)) if features.named.len() > 1 => {
            let n_of = if n < features.named.len() {
                format!("{} of {counted}", words::count(n as u64))
            } else {
                format!("All {counted}")
            };
            (format!("{n_of} took {share} of the {unit}"), n)
        }
        _ if features.whole > Total::ZERO && nameless.share_of(features.whole) > 0.2 => {
            (format!("{} of the {unit} are not attributed to a feature", features.share(nameless)), 0)
        }
        _ => (format!("{counted} took {all}"), 0),
    };
    let largest = |bar: &Bar| format!("{} {}", bar.name, words::amount::bare(bar.total(), setting.unit));
    let description = canvas::described(&title, features.bars.iter().take(5).map(largest));
    let of_title = if count > 0 { "; dark: those of the title" } else { "" };
    let subtitle = format!("{} by feature; amount and share of all{of_title}", words::unit_head(setting.unit));
    (Heading { title, subtitle, description }, count)
}
