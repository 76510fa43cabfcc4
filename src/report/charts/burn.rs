//! How the use added up over the period.
use crate::{
    model::{amount::Total, instant::Day},
    report::{
        charts::{
            Chart, Setting,
            axis::{self, Days},
            canvas::{self, Heading, Plot, Type},
            measure,
            scale::{Scale, pixel},
        },
        theme::{INK, LABEL, MARGIN, SERIES},
        words,
    },
};

const HEIGHT: i32 = 270;

/// Draws the sum up to each day. Days are in order; days without use may be absent.
pub fn draw(days: &[(Day, Total)], setting: &Setting) -> Option<Chart> {
    let (first, last) = (days.first()?.0, days.last()?.0);
    let axis = Days::between(first, last);
    // the use of one day is no line
    (axis.count > 1).then_some(())?;
    let mut sums = vec![Total::ZERO; axis.count];
    for (day, amount) in days {
        sums[axis.index(*day)] += *amount;
    }
    let mut sum = Total::ZERO;
    for day in &mut sums {
        sum += *day;
        *day = sum;
    }
    let heading = heading(&axis, &sums, sum, setting);
    let top = canvas::heading_height(&heading, setting);
    let (low, high) = sums.iter().fold((Total::ZERO, Total::ZERO), |(low, high), at| (low.min(*at), high.max(*at)));
    let scale = Scale::over(low, high, 5, top + HEIGHT, top);
    let end = words::amount::bare(sum, setting.unit);
    let left = MARGIN + axis::room(&scale, setting.unit);
    let right = setting.width - MARGIN - measure::bold_width(&end, LABEL) - 12;
    let plot = Plot { left, top, right, bottom: top + HEIGHT };
    let drawing = canvas::draw(setting, plot.bottom + 40, &heading, |canvas| {
        axis::amounts_up(canvas, &plot, &scale, setting.unit);
        axis.name(canvas, &plot);
        let mut line = vec![(plot.left, scale.at(Total::ZERO))];
        line.extend(sums.iter().enumerate().map(|(index, sum)| (plot.column(index, axis.count).1, scale.at(*sum))));
        let ground = [(plot.right, scale.at(Total::ZERO)), (plot.left, scale.at(Total::ZERO))];
        canvas.shade(&line.iter().copied().chain(ground).collect::<Vec<_>>(), SERIES);
        canvas.line(&line, SERIES, 2);
        let at = (pixel(plot.left, plot.right, 1.0), scale.at(sum));
        canvas.dot(at, 4, SERIES);
        canvas.text(&end, (at.0 + 10, at.1), Type::left(LABEL, INK));
    });
    Some(Chart::new("burn", heading.title, drawing))
}

fn heading(axis: &Days, sums: &[Total], sum: Total, setting: &Setting) -> Heading {
    let (unit, period) = (setting.unit, words::time::period(axis.first, axis.day(axis.count - 1)));
    let days = words::counted(axis.count as u64, "day", "days");
    let amount = words::amount::amount(sum, unit);
    let half = sums.iter().position(|at| at.approx() >= sum.approx() / 2.0);
    let title = match half {
        Some(index) if sum > Total::ZERO => {
            let at = words::time::date(axis.day(index));
            format!(
                "Half of {amount} was used by {at}, day {} of {}",
                words::count(index as u64 + 1),
                words::count(axis.count as u64)
            )
        }
        _ => format!("{amount} in {days}"),
    };
    Heading {
        title,
        subtitle: format!("{} used up to the end of each day, {period} ({})", words::unit_head(unit), setting.zone),
        description: format!("A line that climbs to {amount} over {period}."),
    }
}
