//! Sessions by length and cost: which are out of the ordinary, and whether by rework.
use std::collections::BTreeSet;

use crate::{
    model::{account::Unit, amount::Total},
    report::{
        charts::{
            Chart, Dot, Setting, axis,
            canvas::{self, Canvas, Heading, Plot, Type},
            measure,
            scale::Scale,
        },
        theme::{INK, LABEL, MARGIN, MUTED, PAPER, REWORK, TICK},
        words,
    },
};

const HEIGHT: i32 = 360;
/// So many sessions, the dearest, are drawn; more would only hide each other.
pub(super) const MOST: usize = 600;
/// So many are named.
const NAMED: usize = 5;
/// The upper ends of the shares of rework that have a colour.
const SHARES: [(f64, &str); 4] = [
    (0.1, "rework up to 10 %"),
    (0.3, "rework up to 30 %"),
    (0.6, "rework up to 60 %"),
    (f64::INFINITY, "rework above 60 %"),
];

/// Draws sessions, given the dearest first, `count` of them in all.
pub fn draw(sessions: &[Dot], count: u64, whole: Total, setting: &Setting) -> Option<Chart> {
    // one dot compares nothing
    sessions.get(1)?;
    let drawn = &sessions[..sessions.len().min(MOST)];
    let heading = heading(drawn, count, whole, setting);
    let head = canvas::heading_height(&heading, setting);
    let top = head + legend(None, setting.width, head, drawn) + 4;
    let amounts = || drawn.iter().map(|dot| dot.amount);
    let (low, high) = amounts().fold((Total::ZERO, Total::ZERO), |(low, high), at| (low.min(at), high.max(at)));
    let up = Scale::over(low, high, 6, top + HEIGHT, top);
    let most = drawn.iter().map(|dot| prompts(dot.prompts)).max().unwrap_or_default().max(prompts(5));
    let left = MARGIN + axis::room(&up, setting.unit);
    let plot = Plot { left, top, right: setting.width - MARGIN - 16, bottom: top + HEIGHT };
    let along = Scale::over(Total::ZERO, most, if setting.is_narrow() { 4 } else { 8 }, plot.left, plot.right);
    let at = |dot: &Dot| (along.at(prompts(dot.prompts)), up.at(dot.amount));
    let drawing = canvas::draw(setting, plot.bottom + 62, &heading, |canvas| {
        legend(Some(canvas), setting.width, head, drawn);
        axis::amounts_along(canvas, &plot, &along, Unit::Requests);
        axis::amounts_up(canvas, &plot, &up, setting.unit);
        let unseen: BTreeSet<_> = drawn.iter().rev().map(|dot| (at(dot), group(dot))).collect();
        for (at, group) in unseen {
            mark(canvas, at, 5, group);
        }
        name_worst(canvas, &plot, drawn, &at);
        canvas.text("Prompts in the session", (plot.right, plot.bottom + 36), Type::right(TICK, MUTED));
    });
    Some(Chart::new("sessions", heading.title, drawing))
}

/// A count on the scale of amounts.
fn prompts(count: u64) -> Total {
    Total::from_nanos(i128::from(count) * 1_000_000_000)
}

/// Which colour a session has; `None` where its rework is not known.
fn group(dot: &Dot) -> Option<usize> {
    let share = dot.rework?;
    SHARES.iter().position(|(end, _)| share <= *end)
}

fn mark(canvas: &Canvas, at: (i32, i32), radius: i32, group: Option<usize>) {
    if let Some(group) = group {
        canvas.dot(at, radius, REWORK[group]);
        canvas.ring(at, radius, PAPER);
    } else {
        canvas.ring(at, radius, MUTED);
    }
}

/// The colours that are there; says how high it is, and draws when given a canvas.
fn legend(canvas: Option<&Canvas>, width: i32, top: i32, drawn: &[Dot]) -> i32 {
    let (mut x, mut y) = (MARGIN, top - 4);
    let known = SHARES.iter().enumerate().map(|(group, (_, text))| (Some(group), *text));
    let there: BTreeSet<Option<usize>> = drawn.iter().map(group).collect();
    let all = known.chain([(None, "rework not known")]);
    for (group, text) in all.filter(|(group, _)| there.contains(group)) {
        let wide = 18 + measure::width(text, LABEL);
        if x > MARGIN && x + wide > width - MARGIN {
            (x, y) = (MARGIN, y + 20);
        }
        if let Some(canvas) = canvas {
            mark(canvas, (x + 6, y), 6, group);
            canvas.text(text, (x + 18, y), Type::left(LABEL, INK));
        }
        x += wide + 14;
    }
    y - top + 24
}

/// Names the dearest where their names cover neither each other nor the edge, and stand beside no other dot.
fn name_worst(canvas: &Canvas, plot: &Plot, dots: &[Dot], at: &impl Fn(&Dot) -> (i32, i32)) {
    let places: Vec<(i32, i32)> = dots.iter().map(at).collect();
    let mut taken: Vec<Plot> = Vec::new();
    for dot in &dots[..dots.len().min(NAMED)] {
        let (x, y) = at(dot);
        let others: Vec<Plot> = places.iter().filter(|other| **other != (x, y)).map(|at| around(*at, 14, 6)).collect();
        let text = measure::fit(&dot.name, TICK, (canvas.width() / 3).max(150));
        let wide = measure::width(&text, TICK);
        let places = [
            (x + 10, y),
            (x - 10 - wide, y),
            (x + 10, y - 15),
            (x - 10 - wide, y - 15),
            (x + 10, y + 15),
            (x - 10 - wide, y + 15),
        ];
        let free = places.into_iter().find(|(left, y)| {
            let place = Plot { left: *left, top: y - 8, right: left + wide, bottom: y + 8 };
            let inside = *left >= plot.left && place.right <= canvas.width() - 8;
            let is_free = !taken.iter().chain(&others).any(|other| overlap(&place, other));
            inside && place.bottom < plot.bottom && is_free
        });
        if let Some((left, y)) = free {
            canvas.text(&text, (left, y), Type::left(TICK, INK));
            taken.push(Plot { left, top: y - 8, right: left + wide, bottom: y + 8 });
        }
    }
}

fn around((x, y): (i32, i32), wide: i32, high: i32) -> Plot {
    Plot { left: x - wide, top: y - high, right: x + wide, bottom: y + high }
}

fn overlap(one: &Plot, other: &Plot) -> bool {
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

fn heading(drawn: &[Dot], count: u64, whole: Total, setting: &Setting) -> Heading {
    let unit = setting.unit;
    let top = drawn.len().min(NAMED);
    let sum: Total = drawn[..top].iter().map(|dot| dot.amount).sum();
    let sessions = words::counted(count, "session", "sessions");
    let title = if whole > Total::ZERO && drawn.len() > NAMED {
        format!(
            "The {top} dearest of {sessions} took {} of the {}",
            words::share(sum.share_of(whole)),
            words::unit(unit)
        )
    } else {
        format!("{sessions}, {}", words::amount::amount(whole, unit))
    };
    let shown = if drawn.len() as u64 == count {
        "each dot a session".to_owned()
    } else {
        format!("the {} dearest of {sessions}", words::count(drawn.len() as u64))
    };
    let subtitle = format!("{} by number of prompts, {shown}", words::unit_head(unit));
    let dearest = |dot: &Dot| {
        let amount = words::amount::bare(dot.amount, unit);
        let prompts = words::counted(dot.prompts, "prompt", "prompts");
        format!("{}: {amount} in {prompts}, {} rework", dot.name, words::known_share(dot.rework))
    };
    let description = canvas::described(&title, drawn[..top].iter().map(dearest));
    Heading { title, subtitle, description }
}
