//! Lying bars below each other, each with its name at the left and its figures at the right, the largest first.
use plotters::style::RGBColor;

use crate::{
    model::{account::Unit, amount::Total},
    report::{
        charts::{
            axis,
            canvas::{Canvas, Plot, Type},
            measure,
            scale::Scale,
        },
        theme::{self, INK, LABEL, MARGIN, MUTED},
    },
};

/// How high a row is.
pub(super) const ROW: i32 = 24;
/// How high it is where names stand above their bars.
const TALL_ROW: i32 = 44;
/// A name of forty letters is shown whole.
const LONGEST_NAME: i32 = 372;
/// Room below the bars for the amounts, and for the line that sums what is not shown.
const BELOW: i32 = 34;

/// One row.
pub(super) struct Line {
    /// Its name.
    pub(super) name: String,
    /// Its amount.
    pub(super) amount: String,
    /// Its share, or the share up to it.
    pub(super) share: String,
    /// Its pieces from one amount to another.
    pub(super) pieces: Vec<(Total, Total, RGBColor)>,
}

/// Rows on a sheet.
pub(super) struct Ranking {
    /// The rows, the largest first.
    pub(super) lines: Vec<Line>,
    /// What is not shown, in words.
    pub(super) rest: Vec<String>,
    /// The lowest and the highest amount.
    pub(super) ends: (Total, Total),
    /// What the lengths are.
    pub(super) unit: Unit,
    /// How wide the sheet is.
    pub(super) width: i32,
    /// The colour of the shares: that of the line they belong to, where there is one.
    pub(super) shares: RGBColor,
}

impl Ranking {
    /// How high it is.
    pub(super) fn height(&self) -> i32 {
        let rows = i32::try_from(self.lines.len()).unwrap_or(0);
        let rest = i32::try_from(self.rest.len()).unwrap_or(0);
        rows * self.row() + rest * ROW + BELOW
    }

    /// Whether names stand above their bars, since there is no room beside them.
    const fn is_narrow(&self) -> bool {
        self.width < theme::WIDTH
    }

    const fn row(&self) -> i32 {
        if self.is_narrow() { TALL_ROW } else { ROW }
    }

    /// Where its bars are, when it begins at `top`.
    pub(super) fn plot(&self, top: i32) -> Plot {
        let widest = |text: fn(&Line) -> &str| self.widest(text);
        let rows = i32::try_from(self.lines.len()).unwrap_or(0);
        if self.is_narrow() {
            return Plot { left: MARGIN, top, right: self.width - MARGIN, bottom: top + rows * TALL_ROW };
        }
        Plot {
            left: MARGIN + widest(|line| &line.name).min(LONGEST_NAME) + 12,
            top,
            right: self.amounts_end() - widest(|line| &line.amount) - 16,
            bottom: top + rows * ROW,
        }
    }

    fn widest(&self, text: impl Fn(&Line) -> &str) -> i32 {
        self.lines.iter().map(|line| measure::width(text(line), LABEL)).max().unwrap_or(0)
    }

    /// Where the column of amounts ends and that of shares begins.
    fn amounts_end(&self) -> i32 {
        self.width - MARGIN - self.widest(|line| &line.share) - 14
    }

    /// Draws it.
    pub(super) fn draw(&self, canvas: &Canvas, top: i32) {
        let plot = self.plot(top);
        let steps = i128::from(plot.width() / 90).max(2);
        let scale = Scale::over(self.ends.0, self.ends.1, steps, plot.left, plot.right);
        axis::amounts_along(canvas, &plot, &scale, self.unit);
        for (index, line) in self.lines.iter().enumerate() {
            let (above, below) = plot.row(index, self.lines.len());
            let (y, bar) =
                if self.is_narrow() { (above + 12, above + 24) } else { (i32::midpoint(above, below), above + 4) };
            if self.is_narrow() {
                let room = self.amounts_end() - self.widest(|line| &line.amount) - 12 - MARGIN;
                canvas.text(&measure::fit(&line.name, LABEL, room), (MARGIN + 4, y), Type::left(LABEL, INK));
            } else {
                let name = measure::fit(&line.name, LABEL, LONGEST_NAME);
                canvas.text(&name, (plot.left - 12, y), Type::right(LABEL, INK));
            }
            for (from, to, colour) in &line.pieces {
                let (from, to) = (scale.at(*from), scale.at(*to));
                if from != to {
                    canvas.rectangle((from, bar), (to, below - 4), *colour);
                }
            }
            canvas.text(&line.amount, (self.amounts_end(), y), Type::right(LABEL, INK));
            canvas.text(&line.share, (self.width - MARGIN, y), Type::right(LABEL, self.shares));
        }
        let mut y = plot.bottom + BELOW + 4;
        for rest in &self.rest {
            let rest = measure::fit(rest, LABEL, self.width - MARGIN - plot.left);
            canvas.text(&rest, (plot.left, y), Type::left(LABEL, MUTED));
            y += ROW;
        }
    }
}
