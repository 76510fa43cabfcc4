//! Axes: the lines and numbers that amounts and days are read from.
use crate::{
    model::{account::Unit, instant::Day},
    report::{
        charts::{
            canvas::{Canvas, Plot, Type},
            measure,
            scale::Scale,
        },
        theme::{GRID, MUTED, TICK},
        words,
    },
};
use chrono::Datelike as _;

/// Lines across the plot with their amounts at the left.
pub(super) fn amounts_up(canvas: &Canvas, plot: &Plot, scale: &Scale, unit: Unit) {
    for tick in scale.ticks() {
        let y = scale.at(tick);
        canvas.line(&[(plot.left, y), (plot.right, y)], if tick.is_zero() { MUTED } else { GRID }, 1);
        let text = words::amount::tick(tick, scale.step(), scale.largest(), unit);
        canvas.text(&text, (plot.left - 8, y), Type::right(TICK, MUTED));
    }
}

/// Lines down the plot with their amounts below.
pub(super) fn amounts_along(canvas: &Canvas, plot: &Plot, scale: &Scale, unit: Unit) {
    for tick in scale.ticks() {
        let x = scale.at(tick);
        canvas.line(&[(x, plot.top), (x, plot.bottom)], if tick.is_zero() { MUTED } else { GRID }, 1);
        let text = words::amount::tick(tick, scale.step(), scale.largest(), unit);
        canvas.text(&text, (x, plot.bottom + 14), Type::middle(TICK, MUTED));
    }
}

/// How much room the amounts at the left need.
pub(super) fn room(scale: &Scale, unit: Unit) -> i32 {
    let text = |tick| words::amount::tick(tick, scale.step(), scale.largest(), unit);
    scale.ticks().into_iter().map(|tick| measure::width(&text(tick), TICK)).max().unwrap_or(0) + 12
}

/// Consecutive days along a plot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// The first day.
    pub(super) first: Day,
    /// How many.
    pub(super) count: usize,
}

impl Days {
    /// From the first to the last day, both included.
    pub(super) fn between(first: Day, last: Day) -> Self {
        let count = usize::try_from(last.epoch_days() - first.epoch_days()).unwrap_or(0) + 1;
        Self { first, count }
    }

    /// The position of a day.
    pub(super) fn index(&self, day: Day) -> usize {
        usize::try_from(day.epoch_days() - self.first.epoch_days()).unwrap_or(0)
    }

    /// The day at a position.
    pub(super) fn day(&self, index: usize) -> Day {
        Day::from_epoch_days(self.first.epoch_days() + i32::try_from(index).unwrap_or(0))
    }

    /// Names days, weeks or months below the plot, as densely as they have room.
    pub(super) fn name(&self, canvas: &Canvas, plot: &Plot) {
        // the longest names of a day and of a month, and a gap between two
        let [day_room, month_room] =
            ["30 Sep", "Sep 2026"].map(|longest| i64::from(measure::width(longest, TICK)) + 10);
        let per_day = plot.width() / i32::try_from(self.count).unwrap_or(1).max(1);
        let fits =
            |days: i64, room: i64| i64::from(plot.width()) * days >= room * i64::try_from(self.count).unwrap_or(0);
        let months =
            [1_u32, 2, 3, 6].into_iter().find(|months| fits(i64::from(*months) * 30, month_room)).unwrap_or(12);
        let days = [1_i64, 2, 7, 14, 28].into_iter().find(|days| fits(*days, day_room));
        for index in 0..self.count {
            let day = self.day(index);
            let monday = i64::from(day.epoch_days()) + 3;
            let text = match days {
                Some(1) => words::time::short_date(day),
                Some(2) if index % 2 == 0 => words::time::short_date(day),
                Some(step @ 7..) if monday % step == 0 => words::time::short_date(day),
                None if day.date().day() == 1 && day.date().month0().is_multiple_of(months) => words::time::month(day),
                _ => continue,
            };
            let (left, right) = plot.column(index, self.count);
            let x = if per_day >= 6 { i32::midpoint(left, right) } else { left };
            let half = measure::width(&text, TICK) / 2;
            canvas.line(&[(x, plot.bottom), (x, plot.bottom + 4)], MUTED, 1);
            let middle = x.clamp(plot.left + half - 40, plot.right - half + 16);
            canvas.text(&text, (middle, plot.bottom + 15), Type::middle(TICK, MUTED));
        }
    }
}
