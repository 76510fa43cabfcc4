//! The current cycle: what was used so far, and the fan of what is expected up to the reset.
use crate::{
    audit::{forecast::Percentiles, outlook::Pool},
    model::{amount::Total, instant::Instant},
    report::{
        charts::{
            Chart, Setting,
            axis::{self, Days},
            canvas::{self, Heading, Plot, Type},
            scale::{Scale, pixel},
        },
        theme::{ACCENT, INK, LABEL, MARGIN, MUTED, SERIES},
        words,
    },
};

const HEIGHT: i32 = 270;

/// What the chart is drawn from.
pub struct Fan<'a> {
    /// The cycle's days.
    pub days: (crate::model::instant::Day, crate::model::instant::Day),
    /// The cycle's first and last instant.
    pub span: (Instant, Instant),
    /// The sum of use at moments of the cycle so far, in order.
    pub used: Vec<(Instant, Total)>,
    /// The percentiles of use from the moment of the forecast on.
    pub path: &'a [(Instant, Percentiles)],
    /// The plan's pool.
    pub pool: Option<&'a Pool>,
    /// The message of the chart.
    pub title: String,
}

/// Draws the fan.
pub fn draw(fan: &Fan, setting: &Setting) -> Option<Chart> {
    let (as_of, now) = fan.path.first().map(|(at, used)| (*at, used[2]))?;
    let (_, end) = fan.path.last()?;
    // nothing used and nothing expected is no picture
    (!now.is_zero() || !end[4].is_zero()).then_some(())?;
    let limit = fan.pool.map(|pool| now + pool.balance);
    let high = end[4].max(limit.unwrap_or_default()).max(now);
    let heading = Heading {
        title: fan.title.clone(),
        subtitle: format!(
            "{} used in the cycle, and the range expected with 50 % and 80 % ({})",
            words::unit_head(setting.unit),
            setting.zone
        ),
        description: format!(
            "A line up to {}, then a fan that ends between {} and {}.",
            words::amount::amount(now, setting.unit),
            words::amount::bare(end[0], setting.unit),
            words::amount::bare(end[4], setting.unit)
        ),
    };
    let top = canvas::heading_height(&heading, setting) + 12;
    let scale = Scale::over(Total::ZERO, high, 5, top + HEIGHT, top);
    let plot = Plot {
        left: MARGIN + axis::room(&scale, setting.unit),
        top,
        right: setting.width - MARGIN - if setting.is_narrow() { 64 } else { 90 },
        bottom: top + HEIGHT,
    };
    let x = |at: Instant| {
        let share = |at: Instant| at.since(fan.span.0).num_seconds();
        let whole = share(fan.span.1).max(1);
        let part = Total::from_nanos(share(at).clamp(0, whole).into()).share_of(Total::from_nanos(whole.into()));
        pixel(plot.left, plot.right, part)
    };
    let edge = |percentile: usize| fan.path.iter().map(move |(at, used)| (x(*at), scale.at(used[percentile])));
    let drawing = canvas::draw(setting, plot.bottom + 40, &heading, |canvas| {
        axis::amounts_up(canvas, &plot, &scale, setting.unit);
        Days::between(fan.days.0, fan.days.1).name(canvas, &plot);
        for (low, high) in [(0, 4), (1, 3)] {
            let mut shape: Vec<(i32, i32)> = edge(low).collect();
            shape.extend(edge(high).collect::<Vec<_>>().into_iter().rev());
            canvas.shade(&shape, SERIES);
        }
        let mut line = vec![(plot.left, scale.at(Total::ZERO))];
        line.extend(fan.used.iter().map(|(at, used)| (x(*at), scale.at(*used))));
        line.push((x(as_of), scale.at(now)));
        canvas.line(&line, INK, 2);
        canvas.line(&edge(2).collect::<Vec<_>>(), SERIES, 2);
        canvas.dot((x(as_of), scale.at(now)), 4, INK);
        if let Some(limit) = limit {
            canvas.line(&[(plot.left, scale.at(limit)), (plot.right, scale.at(limit))], ACCENT, 1);
            let text = format!("{} there are", words::amount::bare(limit, setting.unit));
            canvas.text(&text, (plot.left + 8, scale.at(limit) - 10), Type::left(LABEL, ACCENT));
        }
        let text = words::amount::bare(end[2], setting.unit);
        canvas.text(&text, (plot.right + 10, scale.at(end[2])), Type::left(LABEL, INK));
        for (percentile, name) in [(0, "10 %"), (4, "90 %")] {
            if (scale.at(end[percentile]) - scale.at(end[2])).abs() > 14 {
                canvas.text(name, (plot.right + 10, scale.at(end[percentile])), Type::left(LABEL, MUTED));
            }
        }
    });
    Some(Chart::new("forecast", heading.title, drawing))
}
