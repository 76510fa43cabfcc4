//! Standing bars, stacked by class, side by side in an order that means something: days, prompts.
use crate::{
    model::{account::Unit, amount::Total},
    report::{
        charts::{
            ByAction, Setting, axis,
            canvas::{self, Canvas, Drawing, Heading, Plot, Type},
            measure,
            scale::Scale,
            stack,
        },
        theme::{self, INK, MARGIN, MUTED, TICK},
        words,
    },
};

const HEIGHT: i32 = 260;

/// What is drawn.
pub(super) struct Columns<'a> {
    /// The bars, from left to right.
    pub(super) bars: &'a [ByAction],
    /// Their names below.
    pub(super) labels: &'a [String],
    /// Every how many bars a name may stand, densest first.
    pub(super) steps: &'static [usize],
    /// The first bar that may have a name when there is no room for all.
    pub(super) offset: usize,
    /// What the names are.
    pub(super) axis: String,
    /// What the heights are.
    pub(super) unit: Unit,
}

/// The chart.
pub(super) fn draw(setting: &Setting, heading: &Heading, columns: &Columns) -> Drawing {
    let (low, high) = stack::ends(columns.bars);
    let sums = stack::sum(columns.bars);
    let top = canvas::heading_height(heading, setting) - 10;
    let start = top + stack::legend(None, setting.width, top, &sums);
    let scale = Scale::over(low, high, 5, start + HEIGHT, start + 20);
    let left = MARGIN + axis::room(&scale, columns.unit);
    let plot = Plot { left, top: start + 20, right: setting.width - MARGIN, bottom: start + HEIGHT };
    canvas::draw(setting, plot.bottom + 62, heading, |canvas| {
        stack::legend(Some(canvas), setting.width, top, &sums);
        axis::amounts_up(canvas, &plot, &scale, columns.unit);
        for (index, bar) in columns.bars.iter().enumerate() {
            let (left, right) = plot.column(index, columns.bars.len());
            let (left, right) = slim(left, right);
            for piece in stack::pieces(bar).0 {
                let (from, to) = (scale.at(piece.from), scale.at(piece.to));
                if from != to {
                    canvas.rectangle((left, from), (right, to), theme::colour(piece.action));
                }
            }
        }
        name_highest(canvas, &plot, columns, &scale);
        names(canvas, &plot, columns);
        canvas.text(&columns.axis, (plot.right, plot.bottom + 40), Type::right(TICK, MUTED));
    })
}

/// Leaves a gap between bars that have room for it, and keeps a few bars from becoming walls.
fn slim(left: i32, right: i32) -> (i32, i32) {
    let wide = right - left;
    let bar = if wide < 4 { wide } else { (wide - (wide / 5).max(1)).min(64) };
    let edge = left + (wide - bar) / 2;
    (edge, edge + bar)
}

/// Writes its amount above the first of the highest bars.
fn name_highest(canvas: &Canvas, plot: &Plot, columns: &Columns, scale: &Scale) {
    let heights = columns.bars.iter().map(|bar| stack::pieces(bar).2).enumerate();
    let highest = heights.rev().max_by_key(|(_, height)| *height).filter(|(_, height)| *height > Total::ZERO);
    if let Some((index, height)) = highest {
        let (left, right) = plot.column(index, columns.bars.len());
        let text = words::amount::bare(height, columns.unit);
        let half = measure::width(&text, TICK) / 2;
        let x = i32::midpoint(left, right).clamp(plot.left + half, canvas.width() - MARGIN - half);
        canvas.text(&text, (x, scale.at(height) - 9), Type::middle(TICK, INK));
    }
}

fn names(canvas: &Canvas, plot: &Plot, columns: &Columns) {
    let count = columns.bars.len().max(1);
    let widest = columns.labels.iter().map(|label| measure::width(label, TICK)).max().unwrap_or(0) + 14;
    let room = |step: usize| i64::from(plot.width()) * i64::try_from(step).unwrap_or(0);
    let needed = i64::from(widest) * i64::try_from(count).unwrap_or(0);
    let step = columns.steps.iter().copied().find(|&step| room(step) >= needed).unwrap_or(count);
    for (index, label) in columns.labels.iter().enumerate() {
        if step > 1 && index % step != columns.offset % step {
            continue;
        }
        let (left, right) = plot.column(index, count);
        let half = measure::width(label, TICK) / 2;
        let x = i32::midpoint(left, right);
        canvas.line(&[(x, plot.bottom), (x, plot.bottom + 4)], MUTED, 1);
        canvas.text(
            label,
            (x.clamp(MARGIN + half, canvas.width() - MARGIN - half), plot.bottom + 16),
            Type::middle(TICK, MUTED),
        );
    }
}
