//! The plans below each other: up to which use each pays, what the next cycle is expected to cost in it, and how likely it
//! runs dry, against the risk that is allowed.
use crate::{
    model::amount::Total,
    report::{
        charts::{
            Chart, Setting,
            canvas::{self, Heading, Type},
            measure,
            ranking::ROW,
            scale::{Scale, pixel},
        },
        theme::{ACCENT, BACKED, INK, LABEL, MARGIN, MUTED, NONE, SERIES, TICK, WIDTH},
    },
};

/// The longest name that is shown whole, on a wide chart and on a narrow one.
const NAME: [i32; 2] = [250, 80];
/// The column of break-even uses, which a narrow chart has no room for.
const PAYS: [i32; 2] = [120, 0];
/// Room for a figure at the right of a bar.
const FIGURE: [i32; 2] = [84, 60];
/// Between two columns.
const GAP: [i32; 2] = [16, 8];
/// The heads of the columns.
const HEADS: i32 = 26;

/// A plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Up to which use it pays, in words.
    pub pays: String,
    /// What the next cycle is expected to cost, and in words.
    pub cost: (Total, String),
    /// How likely it runs dry, and in words; absent where nothing is expected.
    pub risk: (Option<f64>, String),
    /// Whether it is the recommended one.
    pub is_best: bool,
}

/// Draws the plans in their order; `allowed` is the risk that is allowed. Nothing without plans.
pub fn draw(title: &str, lines: &[Line], allowed: f64, setting: &Setting) -> Option<Chart> {
    let is_narrow = setting.width < WIDTH;
    let [longest, pays, figure, gap] = [NAME, PAYS, FIGURE, GAP].map(|sizes| sizes[usize::from(is_narrow)]);
    let dearest = lines.iter().map(|line| line.cost.0).max()?;
    let said = |line: &Line| format!("{}: {}, {}", line.name, line.cost.1, line.risk.1);
    let heading = Heading {
        title: title.to_owned(),
        subtitle: "Cost and risk by plan in the next whole cycle, both meters; the line marks the risk that is allowed"
            .to_owned(),
        description: canvas::described(title, lines.iter().map(said)),
    };
    let top = canvas::heading_height(&heading, setting) + HEADS;
    let name = lines.iter().map(|line| measure::bold_width(&line.name, LABEL)).max().unwrap_or(0).min(longest);
    let pays = MARGIN + name + if is_narrow { 0 } else { gap + pays };
    let cost = pays + gap;
    let half = (setting.width - MARGIN - cost - 2 * figure - gap) / 2;
    let risk = cost + half + figure + gap;
    let scale = Scale::over(Total::ZERO, dearest, 1, cost, cost + half);
    let rows = i32::try_from(lines.len()).unwrap_or(0);
    let drawing = canvas::draw(setting, top + rows * ROW + MARGIN, &heading, |canvas| {
        let y = top - HEADS / 2;
        if !is_narrow {
            canvas.text("pays up to, credits", (pays, y), Type::right(TICK, MUTED));
        }
        canvas.text(if is_narrow { "cost" } else { "expected cost" }, (cost, y), Type::left(TICK, MUTED));
        let dry = if is_narrow { "runs dry" } else { "chance of running dry" };
        canvas.text(dry, (risk, y), Type::left(TICK, MUTED));
        for (row, line) in (0..).zip(lines) {
            let (above, below) = (top + row * ROW, top + (row + 1) * ROW);
            let y = i32::midpoint(above, below);
            let (ink, bar) = if line.is_best { (SERIES, SERIES) } else { (INK, BACKED) };
            canvas.text(&measure::fit(&line.name, LABEL, longest), (MARGIN, y), Type::left(LABEL, ink));
            if !is_narrow {
                canvas.text(&line.pays, (pays, y), Type::right(LABEL, INK));
            }
            let end = scale.at(line.cost.0);
            if end > cost {
                canvas.rectangle((cost, above + 4), (end, below - 4), bar);
            }
            canvas.text(&line.cost.1, (end + 8, y), Type::left(LABEL, ink));
            let chance = line.risk.0.unwrap_or(0.0).clamp(0.0, 1.0);
            let end = pixel(risk, risk + half, chance);
            canvas.rectangle((risk, above + 4), (risk + half, below - 4), NONE);
            if end > risk {
                canvas.rectangle((risk, above + 4), (end, below - 4), bar);
            }
            canvas.text(&line.risk.1, (risk + half + 8, y), Type::left(LABEL, ink));
        }
        let x = pixel(risk, risk + half, allowed);
        canvas.line(&[(x, top), (x, top + rows * ROW)], ACCENT, 2);
    });
    Some(Chart::new("plans", heading.title, drawing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::account::Unit, report::theme::NARROW};

    fn line(name: &str, cost: u64, risk: Option<f64>) -> Line {
        Line {
            name: name.to_owned(),
            pays: "250".to_owned(),
            cost: (Total::from_units(cost), format!("${cost}")),
            risk: (risk, risk.map_or("–".to_owned(), |risk| format!("{:.0} %", risk * 100.0))),
            is_best: cost == 50,
        }
    }

    #[test]
    fn plans_stand_with_their_cost_and_risk() {
        let lines = [line("Free", 0, Some(1.0)), line("<Builder>", 50, Some(0.2)), line("Pro", 100, None)];
        let wide = Setting { unit: Unit::Credits, zone: "UTC", width: WIDTH, with_png: false };
        let chart = draw("Builder holds", &lines, 0.1, &wide).unwrap();
        assert_eq!(draw("Builder holds", &lines, 0.1, &wide).unwrap(), chart, "the same data draws the same bytes");
        let narrow = draw("Builder holds", &lines, 0.1, &Setting { width: NARROW, ..wide }).unwrap();
        assert!(narrow.svg.contains("runs dry") && !narrow.svg.contains("pays up to"));
        assert!(chart.svg.contains("&lt;Builder&gt;") && chart.svg.contains("$100") && !chart.svg.contains("NaN"));
        assert!(draw("none", &[], 0.1, &wide).is_none());
    }
}
