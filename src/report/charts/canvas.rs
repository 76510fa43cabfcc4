//! A sheet to draw on, in pixels, with the heading every chart has: a thin layer over the SVG backend of plotters and over
//! [`pixels`](super::pixels).
use std::cell::RefCell;

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
    charts::{
        Setting, measure,
        pixels::{Letters, Pixels},
    },
    clean,
    theme::{FONT, INK, LABEL, MARGIN, MUTED, PAPER, TITLE},
};

/// Where a chart is drawn: what is drawn is kept in order, and becomes a document and, where it is asked for, a picture.
pub(super) struct Canvas {
    width: i32,
    marks: RefCell<Vec<Mark>>,
}

/// Something drawn.
enum Mark {
    Rectangle { from: (i32, i32), to: (i32, i32), colour: RGBColor },
    Line { points: Vec<(i32, i32)>, colour: RGBColor, thickness: u32 },
    Shade { points: Vec<(i32, i32)>, colour: RGBColor },
    Dot { at: (i32, i32), radius: i32, colour: RGBColor },
    Ring { at: (i32, i32), radius: i32, colour: RGBColor },
    Text { text: String, at: (i32, i32), face: Type },
}

/// A chart on its way out.
pub(super) struct Drawing {
    /// The document.
    pub(super) svg: String,
    /// The picture.
    pub(super) png: Option<Vec<u8>>,
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
pub(super) fn heading_height(heading: &Heading, setting: &Setting) -> i32 {
    let room = setting.width - 2 * MARGIN;
    let [title, subtitle] = [title_lines(heading, room), subtitle_lines(heading, room)].map(|lines| lines.len());
    let height = |lines: usize, each: i32| i32::try_from(lines).unwrap_or(1) * each;
    MARGIN + height(title, 24) + height(subtitle, 20) + 4
}

/// A chart in words: its message and its largest parts.
pub(super) fn described(title: &str, parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    format!("{title}: {}", parts.join("; "))
}

/// A chart: its heading and what `paint` adds.
pub(super) fn draw(setting: &Setting, height: i32, heading: &Heading, paint: impl FnOnce(&Canvas)) -> Drawing {
    let width = setting.width;
    let canvas = Canvas { width, marks: RefCell::new(Vec::new()) };
    canvas.rectangle((0, 0), (width, height), PAPER);
    let mut y = MARGIN;
    for line in title_lines(heading, width - 2 * MARGIN) {
        canvas.text(&line, (MARGIN, y), Type { bold: true, ..Type::left(TITLE, INK) });
        y += 24;
    }
    for line in subtitle_lines(heading, width - 2 * MARGIN) {
        canvas.text(&line, (MARGIN, y), Type::left(LABEL, MUTED));
        y += 20;
    }
    paint(&canvas);
    let marks = canvas.marks.into_inner();
    Drawing { svg: svg((width, height), heading, &marks), png: setting.with_png.then(|| png((width, height), &marks)) }
}

/// The document, with the chart in words.
fn svg((width, height): (i32, i32), heading: &Heading, marks: &[Mark]) -> String {
    let mut body = String::new();
    let area = SVGBackend::with_string(&mut body, (width.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
    for mark in marks {
        mark.write(&area);
    }
    // a document in memory has nothing that could fail
    let _ = area.present();
    drop(area);
    // plotters ends its document when the area is dropped; the text alternative goes after its first tag
    let body: String = body.lines().map(|line| lean(line) + "\n").collect();
    let (open, rest) = body.split_once('\n').unwrap_or(("", &body));
    let open = open.replace("<svg ", &format!("<svg role=\"img\" font-family=\"{FONT}\" "));
    let (title, description) = (clean::html(&heading.title), clean::html(&heading.description));
    format!("{open}\n<title>{title}</title>\n<desc>{description}</desc>\n{rest}")
}

/// A line of the document without what is so anyway; plotters puts each element on a line of its own, names on others.
fn lean(line: &str) -> String {
    if !line.starts_with('<') {
        return line.to_owned();
    }
    let font = format!(" font-family=\"{FONT}\"");
    let plain = [font.as_str(), " opacity=\"1\"", " text-anchor=\"start\"", " stroke-width=\"1\""];
    plain.into_iter().fold(line.replace(" stroke=\"none\"", ""), |line, default| line.replace(default, ""))
}

/// The picture.
fn png((width, height): (i32, i32), marks: &[Mark]) -> Vec<u8> {
    let mut pixels = Pixels::new(width, height);
    for mark in marks {
        mark.paint(&mut pixels);
    }
    pixels.png()
}

fn title_lines(heading: &Heading, room: i32) -> Vec<String> {
    measure::wrap(&heading.title, room, |text| measure::bold_width(text, TITLE))
}

fn subtitle_lines(heading: &Heading, room: i32) -> Vec<String> {
    measure::wrap(&heading.subtitle, room, |text| measure::width(text, LABEL))
}

impl Mark {
    /// Adds it to a document.
    fn write(&self, area: &DrawingArea<SVGBackend, Shift>) {
        match self {
            Self::Rectangle { from, to, colour } => add(area, &Rectangle::new([*from, *to], colour.filled())),
            Self::Line { points, colour, thickness } => {
                add(area, &PathElement::new(points.clone(), colour.stroke_width(*thickness)));
            }
            Self::Shade { points, colour } => add(area, &Polygon::new(points.clone(), colour.mix(FAINT).filled())),
            Self::Dot { at, radius, colour } => add(area, &Circle::new(*at, *radius, colour.filled())),
            Self::Ring { at, radius, colour } => {
                let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: 1 };
                add(area, &Circle::new(*at, *radius, style));
            }
            Self::Text { text, at, face } => {
                let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
                // plotters writes size / 1.24 into the document
                let font = FontDesc::new(FontFamily::Name(FONT), f64::from(face.size) * 1.24, style);
                let style = font.color(&face.colour).pos(Pos::new(face.side, VPos::Center));
                add(area, &Text::new(text.clone(), *at, style));
            }
        }
    }

    /// Paints it.
    fn paint(&self, pixels: &mut Pixels) {
        match self {
            Self::Rectangle { from: (left, top), to: (right, bottom), colour } => {
                pixels.shape(&[(*left, *top), (*right, *top), (*right, *bottom), (*left, *bottom)], *colour, 1.0);
            }
            Self::Line { points, colour, thickness } => {
                pixels.line(points, *colour, i32::try_from(*thickness).unwrap_or(1));
            }
            Self::Shade { points, colour } => pixels.shape(points, *colour, FAINT_PIXELS),
            Self::Dot { at, radius, colour } => pixels.dot(*at, *radius, *colour),
            Self::Ring { at, radius, colour } => pixels.ring(*at, *radius, *colour),
            Self::Text { text, at, face } => {
                let Type { size, colour, side, bold } = *face;
                pixels.text(text, *at, Letters { size, colour, side, bold });
            }
        }
    }
}

/// How faint a shade is.
const FAINT: f64 = 0.15;
/// The same for pictures.
const FAINT_PIXELS: f32 = 0.15;

fn add<'a, E>(area: &DrawingArea<SVGBackend<'a>, Shift>, element: &E)
where
    for<'e> &'e E: PointCollection<'e, (i32, i32)>,
    for<'b> E: Drawable<SVGBackend<'b>>,
{
    // writing into a string cannot fail
    let _ = area.draw(element);
}

impl Canvas {
    /// How wide it is.
    pub(super) const fn width(&self) -> i32 {
        self.width
    }

    /// A filled rectangle between two corners; at least a pixel wide and high.
    pub(super) fn rectangle(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        let (left, right) = (from.0.min(to.0), from.0.max(to.0).max(from.0.min(to.0) + 1));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1).max(from.1.min(to.1) + 1));
        self.add(Mark::Rectangle { from: (left, top), to: (right, bottom), colour });
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[(i32, i32)], colour: RGBColor, thickness: u32) {
        self.add(Mark::Line { points: points.to_vec(), colour, thickness });
    }

    /// A filled shape, so faint that the grid is seen through it.
    pub(super) fn shade(&self, points: &[(i32, i32)], colour: RGBColor) {
        self.add(Mark::Shade { points: points.to_vec(), colour });
    }

    /// A filled circle.
    pub(super) fn dot(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.add(Mark::Dot { at, radius, colour });
    }

    /// A thin circle.
    pub(super) fn ring(&self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.add(Mark::Ring { at, radius, colour });
    }

    /// A text, vertically centred.
    pub(super) fn text(&self, text: &str, at: (i32, i32), face: Type) {
        // a document centres small letters; a pixel more centres capitals and digits
        self.add(Mark::Text { text: clean::line(text), at: (at.0, at.1 + 1), face });
    }

    fn add(&self, mark: Mark) {
        self.marks.borrow_mut().push(mark);
    }
}
