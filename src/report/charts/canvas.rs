//! A sheet to draw on: a thin layer over the SVG backend of plotters, in pixels, with the heading every chart has.
use plotters::{
    backend::SVGBackend,
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea as _},
    element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text},
    style::{
        Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::report::{
    charts::measure,
    clean,
    theme::{INK, LABEL, MARGIN, MUTED, PAPER, TITLE, WIDTH},
};

/// Where a chart is drawn.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// What stands above a chart.
pub(super) struct Heading {
    /// The message, one sentence.
    pub(super) title: String,
    /// What is drawn, in which unit.
    pub(super) subtitle: String,
    /// The chart in words, for those who do not see it.
    pub(super) description: String,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    size: i32,
    colour: RGBColor,
    side: HPos,
    bold: bool,
}

/// A rectangle that data is drawn in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Type {
    /// Set from its left end.
    pub(super) const fn left(size: i32, colour: RGBColor) -> Self {
        Self { size, colour, side: HPos::Left, bold: false }
    }

    /// Set up to its right end.
    pub(super) const fn right(size: i32, colour: RGBColor) -> Self {
        Self { size, colour, side: HPos::Right, bold: false }
    }

    /// Set around its middle.
    pub(super) const fn middle(size: i32, colour: RGBColor) -> Self {
        Self { size, colour, side: HPos::Center, bold: false }
    }
}

impl Plot {
    pub(super) const fn width(&self) -> i32 {
        self.right - self.left
    }

    /// The `index`th of `count` equal columns.
    pub(super) fn column(&self, index: usize, count: usize) -> (i32, i32) {
        (part(self.left, self.right, index, count), part(self.left, self.right, index + 1, count))
    }

    /// The `index`th of `count` equal rows.
    pub(super) fn row(&self, index: usize, count: usize) -> (i32, i32) {
        (part(self.top, self.bottom, index, count), part(self.top, self.bottom, index + 1, count))
    }
}

fn part(from: i32, to: i32, index: usize, count: usize) -> i32 {
    let (index, count) = (i64::try_from(index).unwrap_or(0), i64::try_from(count.max(1)).unwrap_or(1));
    from + i32::try_from(i64::from(to - from) * index / count).unwrap_or(0)
}

/// How much room the heading takes.
pub(super) fn heading_height(heading: &Heading) -> i32 {
    let lines = i32::try_from(title_lines(heading).len() + subtitle_lines(heading).len()).unwrap_or(2);
    MARGIN + lines * 24
}

/// A chart in words: its message and its largest parts.
pub(super) fn described(title: &str, parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    format!("{title}: {}", parts.join("; "))
}

/// The text of a chart: its heading and what `paint` adds.
pub(super) fn draw(height: i32, heading: &Heading, paint: impl FnOnce(&Canvas)) -> String {
    let mut body = String::new();
    let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
    let canvas = Canvas { area: SVGBackend::with_string(&mut body, size).into_drawing_area() };
    canvas.rectangle((0, 0), (WIDTH, height), PAPER);
    let mut y = MARGIN;
    for line in title_lines(heading) {
        canvas.text(&line, (MARGIN, y), Type { bold: true, ..Type::left(TITLE, INK) });
        y += 24;
    }
    for line in subtitle_lines(heading) {
        canvas.text(&line, (MARGIN, y), Type::left(LABEL, MUTED));
        y += 24;
    }
    paint(&canvas);
    canvas.finish();
    // plotters ends its document when the canvas is dropped; the text alternative goes after its first tag
    let (open, rest) = body.split_once('\n').unwrap_or(("", &body));
    let open = open.replace("<svg ", "<svg role=\"img\" ");
    let (title, description) = (clean::html(&heading.title), clean::html(&heading.description));
    format!("{open}\n<title>{title}</title>\n<desc>{description}</desc>\n{rest}")
}

fn title_lines(heading: &Heading) -> Vec<String> {
    measure::wrap(&heading.title, WIDTH - 2 * MARGIN, |text| measure::bold_width(text, TITLE))
}

fn subtitle_lines(heading: &Heading) -> Vec<String> {
    measure::wrap(&heading.subtitle, WIDTH - 2 * MARGIN, |text| measure::width(text, LABEL))
}

impl Canvas<'_> {
    /// A filled rectangle between two corners; at least a pixel wide and high.
    pub(super) fn rectangle(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        let (left, right) = (from.0.min(to.0), from.0.max(to.0).max(from.0.min(to.0) + 1));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1).max(from.1.min(to.1) + 1));
        self.add(&Rectangle::new([(left, top), (right, bottom)], colour.filled()));
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[(i32, i32)], colour: RGBColor, thickness: u32) {
        self.add(&PathElement::new(points.to_vec(), colour.stroke_width(thickness)));
    }

    /// A filled shape, so faint that the grid is seen through it.
    pub(super) fn shade(&self, points: &[(i32, i32)], colour: RGBColor) {
        self.add(&Polygon::new(points.to_vec(), colour.mix(0.15).filled()));
    }

    /// A filled circle.
    pub(super) fn dot(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.add(&Circle::new(at, radius, colour.filled()));
    }

    /// A thin circle.
    pub(super) fn ring(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.add(&Circle::new(at, radius, ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: 1 }));
    }

    /// A text, vertically centred.
    pub(super) fn text(&self, text: &str, at: (i32, i32), face: Type) {
        let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
        // plotters writes size / 1.24 into the document
        let font = FontDesc::new(FontFamily::Name(crate::report::theme::FONT), f64::from(face.size) * 1.24, style);
        let style = font.color(&face.colour).pos(Pos::new(face.side, VPos::Center));
        // the backend centres small letters; a pixel more centres capitals and digits
        self.add(&Text::new(clean::line(text), (at.0, at.1 + 1), style));
    }

    fn finish(self) {
        // a document in memory has nothing that could fail
        let _ = self.area.present();
    }

    fn add<E>(&self, element: &E)
    where
        for<'e> &'e E: PointCollection<'e, (i32, i32)>,
        for<'b> E: Drawable<SVGBackend<'b>>,
    {
        // writing into a string cannot fail
        let _ = self.area.draw(element);
    }
}
