//! Amounts by class on top of each other: use upwards, what was given back downwards.
use crate::{
    model::{action::Action, amount::Total},
    report::{
        charts::{
            ByAction,
            canvas::{Canvas, Type},
            measure,
        },
        theme::{self, INK, LABEL, MARGIN},
        words,
    },
};

/// A piece of a bar.
pub(super) struct Piece {
    pub(super) action: Action,
    pub(super) from: Total,
    pub(super) to: Total,
}

/// The pieces of a bar, and its lower and upper end.
pub(super) fn pieces(actions: &ByAction) -> (Vec<Piece>, Total, Total) {
    let (mut low, mut high) = (Total::ZERO, Total::ZERO);
    let mut pieces = Vec::new();
    for (action, amount) in Action::ALL.into_iter().zip(actions) {
        let end = if *amount < Total::ZERO { &mut low } else { &mut high };
        let from = *end;
        *end += *amount;
        if !amount.is_zero() {
            pieces.push(Piece { action, from, to: *end });
        }
    }
    (pieces, low, high)
}

/// The lowest and highest end among bars.
pub(super) fn ends<'a>(bars: impl IntoIterator<Item = &'a ByAction>) -> (Total, Total) {
    bars.into_iter()
        .map(pieces)
        .fold((Total::ZERO, Total::ZERO), |(least, most), (_, low, high)| (least.min(low), most.max(high)))
}

/// The sums of several bars by class.
pub(super) fn sum<'a>(bars: impl IntoIterator<Item = &'a ByAction>) -> ByAction {
    let mut sums = ByAction::default();
    for bar in bars {
        for (sum, amount) in sums.iter_mut().zip(bar) {
            *sum += *amount;
        }
    }
    sums
}

/// The classes with their colours and shares; says how high it is, and draws when given a canvas.
pub(super) fn legend(canvas: Option<&Canvas>, width: i32, top: i32, actions: &ByAction) -> i32 {
    let whole: Total = actions.iter().copied().sum();
    let (mut x, mut y) = (MARGIN, top + 8);
    for (action, amount) in Action::ALL.into_iter().zip(actions).filter(|(_, amount)| !amount.is_zero()) {
        let inside = *amount > Total::ZERO && *amount <= whole;
        let text = if inside { format!("{action} {}", words::part(*amount, whole)) } else { action.to_string() };
        let wide = 18 + measure::width(&text, LABEL) + 14;
        if x > MARGIN && x + wide > width - MARGIN + 14 {
            (x, y) = (MARGIN, y + 20);
        }
        if let Some(canvas) = canvas {
            canvas.rectangle((x, y - 6), (x + 12, y + 6), theme::colour(action));
            canvas.text(&text, (x + 18, y), Type::left(LABEL, INK));
        }
        x += wide;
    }
    y - top + 16
}
