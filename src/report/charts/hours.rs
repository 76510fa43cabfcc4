//! When in the week the credits go.
use plotters::style::RGBColor;

use crate::{
    model::amount::Total,
    report::{
        charts::{
            Chart, Setting,
            canvas::{self, Canvas, Heading, Plot, Type},
            measure,
        },
        theme::{self, ACCENT, INK, LABEL, MARGIN, MUTED, NONE, PALE, REFUND, SERIES, TICK},
        words,
    },
};

const ROW: i32 = 30;
/// Room for the names of the days.
const NAMES: i32 = 96;
/// Room for their first three letters.
const SHORT_NAMES: i32 = 40;

/// Draws the amounts by weekday (Monday first) and local hour, of `all` amounts those that tell their hour; not where there
/// is a single such hour.
pub fn draw(hours: &[[Total; 24]; 7], all: Total, setting: &Setting) -> Option<Chart> {
    hours.iter().flatten().filter(|amount| !amount.is_zero()).nth(1)?;
    let heading = heading(hours, all, setting);
    let sums = hours.map(|day| day.into_iter().sum::<Total>());
    let figures = sums.map(|sum| words::amount::bare(sum, setting.unit));
    let widest = figures.iter().map(|text| measure::width(text, LABEL)).max().unwrap_or(0);
    let top = canvas::heading_height(&heading, setting) + 14;
    let names = if setting.is_narrow() { SHORT_NAMES } else { NAMES };
    let plot = Plot { left: MARGIN + names, top, right: setting.width - MARGIN - widest - 12, bottom: top + 7 * ROW };
    let gap = if setting.is_narrow() { 1 } else { 2 };
    let most = hours.iter().flatten().copied().max().unwrap_or_default();
    let drawing = canvas::draw(setting, plot.bottom + key(None, &plot, most, hours, setting), &heading, |canvas| {
        for (hour, x) in
            (0..24).step_by(if setting.is_narrow() { 6 } else { 2 }).map(|hour| (hour, plot.column(hour, 24).0))
        {
            canvas.text(&format!("{hour:02}"), (x, top - 12), Type::middle(TICK, MUTED));
        }
        for (weekday, day) in hours.iter().enumerate() {
            let (above, below) = plot.row(weekday, 7);
            let y = i32::midpoint(above, below);
            let name = words::time::WEEKDAYS[weekday];
            let name = if setting.is_narrow() { &name[..3] } else { name };
            canvas.text(name, (plot.left - 10, y), Type::right(LABEL, INK));
            for (hour, amount) in day.iter().enumerate() {
                let (left, right) = plot.column(hour, 24);
                canvas.rectangle((left, above), (right - gap, below - gap), shade(*amount, most));
                if *amount == most && most > Total::ZERO {
                    outline(canvas, (left, above), (right - gap, below - gap));
                }
            }
            canvas.text(&figures[weekday], (setting.width - MARGIN, y), Type::right(LABEL, INK));
        }
        key(Some(canvas), &plot, most, hours, setting);
    });
    Some(Chart::new("hours", heading.title, drawing))
}

/// The darker, the more; next to nothing for none.
fn shade(amount: Total, most: Total) -> RGBColor {
    match amount {
        Total::ZERO => NONE,
        amount if amount < Total::ZERO => REFUND,
        amount => theme::between(PALE, SERIES, amount.share_of(most)),
    }
}

fn outline(canvas: &Canvas, (left, top): (i32, i32), (right, bottom): (i32, i32)) {
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&corners, ACCENT, 3);
}

/// What the colours mean; says how much room it takes below the plot, and draws when given a canvas.
fn key(canvas: Option<&Canvas>, plot: &Plot, most: Total, hours: &[[Total; 24]; 7], setting: &Setting) -> i32 {
    let mut swatches = vec![(NONE, "none".to_owned())];
    if most > Total::ZERO {
        swatches.push((PALE, "little".to_owned()));
        swatches.push((theme::between(PALE, SERIES, 0.5), "half of the most".to_owned()));
        swatches.push((SERIES, format!("{}, the most", words::amount::bare(most, setting.unit))));
    }
    if hours.iter().flatten().any(|amount| *amount < Total::ZERO) {
        swatches.push((REFUND, "more given back than used".to_owned()));
    }
    let left = if setting.is_narrow() { MARGIN } else { plot.left };
    let (mut x, mut y) = (left, plot.bottom + 28);
    for (colour, text) in &swatches {
        let wide = 32 + measure::width(text, TICK);
        if x > left && x + wide > setting.width - MARGIN {
            (x, y) = (left, y + 22);
        }
        if let Some(canvas) = canvas {
            canvas.rectangle((x, y - 7), (x + 26, y + 7), *colour);
            canvas.text(text, (x + 32, y), Type::left(TICK, MUTED));
        }
        x += wide + 16;
    }
    y - plot.bottom + 28
}

fn heading(hours: &[[Total; 24]; 7], all: Total, setting: &Setting) -> Heading {
    let whole: Total = hours.iter().flatten().copied().sum();
    let cells = || (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let dearest = cells().rev().max_by_key(|(day, hour)| hours[*day][*hour]);
    let title = match dearest {
        Some((day, hour)) if whole > Total::ZERO => format!(
            "The dearest hour of the week: {}s {}, {} of the {}",
            words::time::WEEKDAYS[day],
            words::time::hour(hour),
            words::share(hours[day][hour].share_of(whole)),
            words::unit(setting.unit)
        ),
        _ => format!("{} over the week", words::amount::amount(whole, setting.unit)),
    };
    let day = |(weekday, day): (&&str, &[Total; 24])| {
        let sum: Total = day.iter().copied().sum();
        format!("{weekday} {}", words::amount::bare(sum, setting.unit))
    };
    let description = canvas::described(&title, words::time::WEEKDAYS.iter().zip(hours).map(day));
    let untold = match all - whole {
        Total::ZERO => String::new(),
        rest => format!("; {} more tell no hour", words::amount::bare(rest, setting.unit)),
    };
    let subtitle = format!(
        "{} by weekday and hour of the day ({}), all weeks together{untold}",
        words::unit_head(setting.unit),
        setting.zone
    );
    Heading { title, subtitle, description }
}
