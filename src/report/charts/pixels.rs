//! Charts as pictures: shapes and letters filled by how much of each pixel they cover, twice as fine as the drawing, so that
//! slides and chats show it sharp. The letters are those of `DejaVu` Sans, which the program carries; a letter that it lacks is
//! a box.
use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use ab_glyph_rasterizer::{Rasterizer, point as corner};
use plotters::style::{RGBColor, text_anchor::HPos};

use crate::report::charts::png;

/// How many pixels one of the drawing becomes, along each side.
const SCALE: i32 = 2;
/// How high small letters are, as a part of the size: half of it lies below the middle of a text.
const SMALL_LETTERS: f32 = 0.547;
/// Corners of a circle.
const CORNERS: u8 = 48;

/// A picture in the making; coordinates are those of the drawing.
pub(super) struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    regular: Option<FontRef<'static>>,
    bold: Option<FontRef<'static>>,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    pub(super) size: i32,
    pub(super) colour: RGBColor,
    pub(super) side: HPos,
    pub(super) bold: bool,
}

type Corner = (f32, f32);

impl Pixels {
    /// A white picture of a size.
    pub(super) fn new(width: i32, height: i32) -> Self {
        let [width, height] = [width, height].map(|pixels| usize::try_from(pixels * SCALE).unwrap_or(0));
        let font = |bytes| FontRef::try_from_slice(bytes).ok();
        let (regular, bold) = (font(dejavu::sans::regular()), font(dejavu::sans::bold()));
        Self { width, height, rgb: vec![u8::MAX; width * height * 3], regular, bold }
    }

    /// The picture as a file.
    pub(super) fn png(&self) -> Vec<u8> {
        png::encode(self.width, self.height, &self.rgb)
    }

    /// Fills a shape, `opacity` from 0 to 1.
    pub(super) fn shape(&mut self, corners: &[(i32, i32)], colour: RGBColor, opacity: f32) {
        let corners: Vec<Corner> = corners.iter().copied().map(scaled).collect();
        self.fill(&[corners], colour, opacity);
    }

    /// A line through points.
    pub(super) fn line(&mut self, points: &[(i32, i32)], colour: RGBColor, thickness: i32) {
        let half = real(thickness * SCALE) / 2.0;
        // a line lies in the middle of its pixels, as in the drawing
        let points: Vec<Corner> = points.iter().copied().map(scaled).collect();
        let mut parts: Vec<Vec<Corner>> = Vec::new();
        for (n, pair) in points.windows(2).enumerate() {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            if length > 0.0 {
                let (dx, dy) = ((x1 - x0) / length * half, (y1 - y0) / length * half);
                parts.push(vec![(x0 - dy, y0 + dx), (x1 - dy, y1 + dx), (x1 + dy, y1 - dx), (x0 + dy, y0 - dx)]);
            }
            if n > 0 {
                parts.push(circle((x0, y0), half));
            }
        }
        self.fill(&parts, colour, 1.0);
    }

    /// A filled circle.
    pub(super) fn dot(&mut self, at: (i32, i32), radius: i32, colour: RGBColor) {
        self.fill(&[circle(scaled(at), real(radius * SCALE))], colour, 1.0);
    }

    /// A thin circle.
    pub(super) fn ring(&mut self, at: (i32, i32), radius: i32, colour: RGBColor) {
        let (middle, radius, half) = (scaled(at), real(radius * SCALE), real(SCALE) / 2.0);
        let mut inside = circle(middle, radius - half);
        inside.reverse();
        let mut band = circle(middle, radius + half);
        band.extend(band.first().copied());
        band.extend(inside.first().copied());
        inside.rotate_left(1);
        band.extend(inside);
        self.fill(&[band], colour, 1.0);
    }

    /// A text, its middle at a height.
    pub(super) fn text(&mut self, text: &str, at: (i32, i32), letters: Letters) {
        let font = if letters.bold { self.bold.clone() } else { self.regular.clone() };
        let Some(font) = font else { return };
        let size = real(letters.size * SCALE);
        // the library counts from the lowest to the highest point of any letter
        let scale = PxScale::from(size * font.height_unscaled() / font.units_per_em().unwrap_or(1.0));
        let (x, y) = scaled(at);
        let mut placed = Vec::new();
        let (mut end, mut before) = (0.0, None);
        let face = font.as_scaled(scale);
        for letter in text.chars() {
            let id = face.glyph_id(letter);
            end += before.map_or(0.0, |before| face.kern(before, id));
            placed.push((id, end));
            end += face.h_advance(id);
            before = Some(id);
        }
        let start = match letters.side {
            HPos::Left => x,
            HPos::Center => x - end / 2.0,
            HPos::Right => x - end,
        };
        let line = y + size * SMALL_LETTERS / 2.0;
        for (id, shift) in placed {
            let glyph = id.with_scale_and_position(scale, point(start + shift, line));
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let corner = (whole(corner.x), whole(corner.y));
            outline.draw(|x, y, cover| self.blend(corner, (x, y), letters.colour, cover));
        }
    }

    /// Fills what any of several shapes covers.
    fn fill(&mut self, shapes: &[Vec<Corner>], colour: RGBColor, opacity: f32) {
        let corners = || shapes.iter().flatten();
        let least = |part: fn(&Corner) -> f32| corners().map(part).fold(f32::INFINITY, f32::min).floor();
        let most = |part: fn(&Corner) -> f32| corners().map(part).fold(f32::NEG_INFINITY, f32::max).ceil();
        let (left, top) = (least(|at| at.0), least(|at| at.1));
        let (right, bottom) = (most(|at| at.0), most(|at| at.1));
        if !(left < right && top < bottom) {
            return;
        }
        let size = |length: f32| usize::try_from(whole(length)).unwrap_or(0) + 1;
        let mut raster = Rasterizer::new(size(right - left), size(bottom - top));
        for shape in shapes {
            // shapes that turn the same way cover twice where they overlap, and never cancel each other
            let turns_left = area(shape) < 0.0;
            for (one, next) in shape.iter().zip(shape.iter().cycle().skip(1)) {
                let (from, to) = if turns_left { (next, one) } else { (one, next) };
                raster.draw_line(corner(from.0 - left, from.1 - top), corner(to.0 - left, to.1 - top));
            }
        }
        let corner = (whole(left), whole(top));
        raster.for_each_pixel_2d(|x, y, cover| self.blend(corner, (x, y), colour, cover.min(1.0) * opacity));
    }

    /// Mixes a colour into a pixel.
    fn blend(&mut self, corner: (i64, i64), (x, y): (u32, u32), colour: RGBColor, share: f32) {
        let place =
            |from: i64, by: u32, most: usize| usize::try_from(from + i64::from(by)).ok().filter(|at| *at < most);
        let (Some(x), Some(y)) = (place(corner.0, x, self.width), place(corner.1, y, self.height)) else { return };
        if share <= 0.0 {
            return;
        }
        let from = (y * self.width + x) * 3;
        for (old, new) in self.rgb[from..from + 3].iter_mut().zip([colour.0, colour.1, colour.2]) {
            *old = mixed(*old, new, share.min(1.0));
        }
    }
}

/// The area within corners; negative where they turn to the left.
fn area(corners: &[Corner]) -> f32 {
    let pairs = corners.iter().zip(corners.iter().cycle().skip(1));
    pairs.map(|(one, next)| one.0 * next.1 - next.0 * one.1).sum()
}

fn circle((x, y): Corner, radius: f32) -> Vec<Corner> {
    let corner = |n: u8| {
        let (sin, cos) = (f32::from(n) / f32::from(CORNERS) * std::f32::consts::TAU).sin_cos();
        (x + radius * cos, y + radius * sin)
    };
    (0..CORNERS).map(corner).collect()
}

fn scaled((x, y): (i32, i32)) -> Corner {
    (real(x * SCALE), real(y * SCALE))
}

#[expect(clippy::cast_precision_loss, reason = "charts are a few thousand pixels wide")]
fn real(pixels: i32) -> f32 {
    pixels as f32
}

#[expect(clippy::cast_possible_truncation, reason = "charts are a few thousand pixels wide")]
fn whole(pixels: f32) -> i64 {
    pixels.floor() as i64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes lies a byte")]
fn mixed(old: u8, new: u8, share: f32) -> u8 {
    (f32::from(old) + (f32::from(new) - f32::from(old)) * share).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: RGBColor = RGBColor(0, 0, 0);

    /// The dark pixels, a text of the picture.
    fn shown(pixels: &Pixels) -> String {
        let rows = pixels.rgb.chunks(pixels.width * 3);
        let row = |row: &[u8]| row.chunks(3).map(|pixel| if pixel[0] < 128 { '#' } else { '.' }).collect::<String>();
        rows.map(row).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn shapes_cover_their_pixels() {
        let mut pixels = Pixels::new(4, 2);
        pixels.shape(&[(1, 0), (3, 0), (3, 1), (1, 1)], INK, 1.0);
        assert_eq!(shown(&pixels), "..####..\n..####..\n........\n........");
        pixels.line(&[(0, 1), (4, 1)], INK, 1);
        assert_eq!(shown(&pixels).lines().nth(2), Some("########"));
    }

    #[test]
    fn what_is_faint_stays_light_and_a_ring_is_empty() {
        let mut pixels = Pixels::new(10, 10);
        pixels.shape(&[(0, 0), (10, 0), (10, 10), (0, 10)], INK, 0.15);
        assert!(pixels.rgb.iter().all(|byte| *byte == 217));
        let mut pixels = Pixels::new(10, 10);
        pixels.ring((5, 5), 4, INK);
        let middle = (10 * pixels.width + 10) * 3;
        assert_eq!(pixels.rgb[middle], 255);
        assert!(shown(&pixels).contains('#'));
        pixels.dot((5, 5), 4, INK);
        assert_eq!(pixels.rgb[middle], 0);
    }

    #[test]
    fn letters_stand_where_they_are_set() {
        let ends = |side| {
            let mut pixels = Pixels::new(200, 20);
            pixels.text("credits", (100, 10), Letters { size: 13, colour: INK, side, bold: false });
            let columns: Vec<usize> = shown(&pixels)
                .lines()
                .flat_map(|line| line.match_indices('#').map(|(at, _)| at).collect::<Vec<_>>())
                .collect();
            (*columns.iter().min().unwrap(), *columns.iter().max().unwrap())
        };
        assert!(ends(HPos::Left).0 >= 200 && ends(HPos::Right).1 <= 200);
        let (left, right) = ends(HPos::Center);
        assert!((left + right).abs_diff(400) <= 4, "{left} {right}");
    }
}
