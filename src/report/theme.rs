//! One look for every chart: colours, sizes, the typeface.
//!
//! The classes have the colours of Okabe and Ito (2008, "Color Universal Design"), which people with any common colour
//! blindness tell apart; a class has the same colour everywhere. `html/style.css` names the neutral colours again to
//! turn them in the dark.
use plotters::style::RGBColor;

use crate::model::action::Action;

/// How wide every chart is, in pixels.
pub const WIDTH: i32 = 960;
/// How wide a chart is for a narrow page: as a phone of 390 pixels shows it without making it smaller.
pub const NARROW: i32 = 364;
/// The blank edge of a chart.
pub const MARGIN: i32 = 24;
/// The typefaces, best first.
pub const FONT: &str = "Inter, Helvetica Neue, Arial, Noto Sans, sans-serif";
/// Size of a title.
pub const TITLE: i32 = 18;
/// Size of names and values.
pub const LABEL: i32 = 13;
/// Size of the words at an axis.
pub const TICK: i32 = 12;

/// The ground.
pub const PAPER: RGBColor = RGBColor(255, 255, 255);
/// Titles and names.
pub const INK: RGBColor = RGBColor(31, 35, 40);
/// Axes and remarks.
pub const MUTED: RGBColor = RGBColor(89, 96, 105);
/// Lines behind the data.
pub const GRID: RGBColor = RGBColor(225, 228, 232);
/// One series without a class, and where an ordered scale ends.
pub const SERIES: RGBColor = RGBColor(8, 64, 129);
/// Bars that stand behind what a chart is about.
pub const BACKED: RGBColor = RGBColor(158, 190, 222);
/// None, where colour tells the amount.
pub const NONE: RGBColor = RGBColor(246, 247, 249);
/// Where an ordered scale begins.
pub const PALE: RGBColor = RGBColor(222, 235, 247);
/// Amounts given back, where colour tells the amount.
pub const REFUND: RGBColor = RGBColor(252, 205, 229);
/// What a message points at.
pub const ACCENT: RGBColor = RGBColor(179, 0, 60);
/// Shares of rework, from few to most: a scale of its own, since the colours of fix and regeneration mean amounts.
pub const REWORK: [RGBColor; 4] =
    [RGBColor(178, 186, 195), RGBColor(201, 148, 199), RGBColor(221, 28, 119), RGBColor(103, 0, 65)];

/// The colour of a class.
pub const fn colour(action: Action) -> RGBColor {
    match action {
        Action::Generation => RGBColor(0, 114, 178),
        Action::Revision => RGBColor(86, 180, 233),
        Action::Fix => RGBColor(213, 94, 0),
        Action::Regeneration => RGBColor(230, 159, 0),
        Action::Other => RGBColor(0, 158, 115),
        Action::Runtime => RGBColor(204, 121, 167),
        Action::Unclassified => RGBColor(153, 153, 153),
    }
}

/// The colour at a share between two others.
pub fn between(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| {
        let value = f64::from(from) + (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0);
        (0..=u8::MAX).rev().find(|byte| f64::from(*byte) <= value + 0.5).unwrap_or(from)
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// `#1F2328`, as in a style sheet.
pub fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
