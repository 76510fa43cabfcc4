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
        theme::{self, ACCENT, INK, LABEL, MARGIN, MUTED, NONE, PALE, REFUND, SERIES, TICK, WIDTH},
        words,
    },
};

const ROW: i32 = 30;
/// Room for the names of the days.
const NAMES: i32 = 96;

/// Draws the amounts by weekday (Monday first) and local hour, of `all` amounts those that tell their hour.
pub fn draw(hours: &[[Total; 24]; 7], all: Total, setting: &Setting) -> Chart {
    let heading = heading(hours, all, setting);
    let sums = hours.map(|day| day.into_iter().sum::<Total>());
    let figures = sums.map(|sum| words::amount::bare(sum, setting.unit));
    let widest = figures.iter().map(|text| measure::width(text, LABEL)).max().unwrap_or(0);
    let top = canvas::heading_height(&heading) + 14;
    let plot = Plot { left: MARGIN + NAMES, top, right: WIDTH - MARGIN - widest - 12, bottom: top + 7 * ROW };
    let most = hours.iter().flatten().copied().max().unwrap_or_default();
    let svg = canvas::draw(plot.bottom + 56, &heading, |canvas| {
        for (hour, x) in (0..24).step_by(2).map(|hour| (hour, plot.column(hour, 24).0)) {
            canvas.text(&format!("{hour:02}"), (x, top - 12), Type::middle(TICK, MUTED));
        }
        for (weekday, day) in hours.iter().enumerate() {
            let (above, below) = plot.row(weekday, 7);
            let y = i32::midpoint(above, below);
            canvas.text(words::time::WEEKDAYS[weekday], (plot.left - 10, y), Type::right(LABEL, INK));
            for (hour, amount) in day.iter().enumerate() {
                let (left, right) = plot.column(hour, 24);
                canvas.rectangle((left, above), (right - 2, below - 2), shade(*amount, most));
                if *amount == most && most > Total::ZERO {
                    outline(canvas, (left, above), (right - 2, below - 2));
                }
            }
            canvas.text(&figures[weekday], (WIDTH - MARGIN, y), Type::right(LABEL, INK));
        }
        key(canvas, &plot, most, hours, setting);
    });
    Chart { name: "hours", title: heading.title, svg }
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

fn key(canvas: &Canvas, plot: &Plot, most: Total, hours: &[[Total; 24]; 7], setting: &Setting) {
    let y = plot.bottom + 28;
    let mut x = plot.left;
    let mut swatch = |colour, text: &str| {
        canvas.rectangle((x, y - 7), (x + 26, y + 7), colour);
        canvas.text(text, (x + 32, y), Type::left(TICK, MUTED));
        x += 32 + measure::width(text, TICK) + 16;
    };
    swatch(NONE, "none");
    if most > Total::ZERO {
        swatch(PALE, "little");
        swatch(theme::between(PALE, SERIES, 0.5), "half of the most");
        swatch(SERIES, &format!("{}, the most", words::amount::bare(most, setting.unit)));
    }
    if hours.iter().flatten().any(|amount| *amount < Total::ZERO) {
        swatch(REFUND, "more given back than used");
    }
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
