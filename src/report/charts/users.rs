//! Who used how much, by class.
use crate::{
    model::amount::Total,
    report::{
        charts::{
            Bar, Bars, Chart, Setting,
            canvas::{self, Heading},
            ranking::{Line, Ranking},
            stack,
        },
        theme, words,
    },
};

/// Draws users, the dearest first.
pub fn draw(users: &Bars, setting: &Setting) -> Option<Chart> {
    users.bars.first()?;
    let heading = heading(users, setting);
    let lines = users.bars.iter().map(|bar| {
        let amount = bar.total();
        let pieces = stack::pieces(&bar.actions).0.into_iter();
        Line {
            name: bar.name.clone(),
            amount: words::amount::bare(amount, setting.unit),
            share: users.share(amount),
            pieces: pieces.map(|piece| (piece.from, piece.to, theme::colour(piece.action))).collect(),
        }
    });
    let ranking = Ranking {
        lines: lines.collect(),
        rest: users.rest_in_words("users", setting),
        ends: stack::ends(users.bars.iter().map(|bar| &bar.actions)),
        unit: setting.unit,
        width: setting.width,
        shares: theme::MUTED,
    };
    let sums = stack::sum(users.bars.iter().map(|bar| &bar.actions).chain([&users.rest]));
    let top = canvas::heading_height(&heading, setting) - 10;
    let start = top + stack::legend(None, setting.width, top, &sums) + 4;
    let drawing = canvas::draw(setting, start + ranking.height() + 16, &heading, |canvas| {
        stack::legend(Some(canvas), setting.width, top, &sums);
        ranking.draw(canvas, start);
    });
    Some(Chart::new("users", heading.title, drawing))
}

fn heading(users: &Bars, setting: &Setting) -> Heading {
    let unit = words::unit(setting.unit);
    let all = words::amount::amount(users.whole, setting.unit);
    let title = match (users.whole > Total::ZERO, users.reaching(0.5), users.named.as_slice()) {
        (true, _, []) => format!("No user is named for any of the {unit}"),
        (true, _, [one]) if *one == users.whole => format!("One user used all {unit}"),
        (true, Some(1), [first, ..]) => format!("{} used {} of the {unit}", users.bars[0].name, users.share(*first)),
        (true, Some(_), _) => {
            let (n, share) = users.dearest(0.5).unwrap_or_default();
            format!("{} of {} used {share} of the {unit}", words::count(n as u64), users.count("user", "users"))
        }
        (true, None, _) => format!("More than half of the {unit} were used without a user's name"),
        (false, ..) => format!("{all} among {}", users.count("user", "users")),
    };
    let largest = |bar: &Bar| format!("{} {}", bar.name, words::amount::bare(bar.total(), setting.unit));
    let description = canvas::described(&title, users.bars.iter().take(5).map(largest));
    let subtitle = format!("{} by user and action; amount and share of all", words::unit_head(setting.unit));
    Heading { title, subtitle, description }
}
