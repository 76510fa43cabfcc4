//! Use by day, week or month, stacked by class.
use chrono::Datelike as _;

use crate::{
    model::{action::Action, amount::Total, instant::Day},
    report::{
        charts::{
            ByAction, Chart, Setting,
            axis::Days,
            canvas::{self, Heading},
            columns, stack,
        },
        rework, words,
    },
};

/// More days than this are drawn as weeks: a bar would be less than 7 pixels wide.
const MOST_DAYS: usize = 120;
/// More days than this are drawn as months, for the same reason.
const MOST_DAYS_IN_WEEKS: usize = 840;

/// How long a bar is.
#[derive(Clone, Copy, PartialEq)]
enum Bin {
    Day,
    Week,
    Month,
}

/// Draws the use of each day by class. Days are in order; days without use may be absent.
pub fn draw(days: &[(Day, ByAction)], setting: &Setting) -> Option<Chart> {
    let axis = Days::between(days.first()?.0, days.last()?.0);
    let bin = if axis.count <= MOST_DAYS {
        Bin::Day
    } else if axis.count <= MOST_DAYS_IN_WEEKS {
        Bin::Week
    } else {
        Bin::Month
    };
    let mut bars: Vec<(Day, ByAction)> = Vec::new();
    for index in 0..axis.count {
        let start = bin.start(axis.day(index));
        if bars.last().is_none_or(|(last, _)| *last != start) {
            bars.push((start, ByAction::default()));
        }
    }
    for (day, actions) in days {
        let start = bin.start(*day);
        if let Ok(index) = bars.binary_search_by_key(&start, |(start, _)| *start) {
            bars[index].1 = stack::sum([&bars[index].1, actions]);
        }
    }
    let heading = heading(&bars, bin, &axis, setting);
    let label = |day: Day| if bin == Bin::Month { words::time::month(day) } else { words::time::short_date(day) };
    let labels: Vec<String> = bars.iter().map(|(day, _)| label(*day)).collect();
    let actions: Vec<ByAction> = bars.iter().map(|(_, actions)| *actions).collect();
    let monday = bars.iter().position(|(day, _)| day.weekday() == chrono::Weekday::Mon).unwrap_or(0);
    let columns = columns::Columns {
        bars: &actions,
        labels: &labels,
        steps: if bin == Bin::Day { &[1, 7, 14, 28, 56] } else { &[1, 2, 3, 4, 6, 8, 12, 24] },
        offset: if bin == Bin::Day { monday } else { 0 },
        axis: format!("{} ({})", words::time::period(axis.first, axis.day(axis.count - 1)), setting.zone),
        unit: setting.unit,
    };
    let drawing = columns::draw(setting, &heading, &columns);
    Some(Chart::new("days", heading.title, drawing))
}

fn heading(bars: &[(Day, ByAction)], bin: Bin, axis: &Days, setting: &Setting) -> Heading {
    let sums = stack::sum(bars.iter().map(|(_, actions)| actions));
    let whole: Total = sums.iter().copied().sum();
    let total = |actions: &ByAction| actions.iter().copied().sum::<Total>();
    let dearest = bars.iter().max_by_key(|(day, actions)| (total(actions), std::cmp::Reverse(*day)));
    let unit = setting.unit;
    let rework = rework::among(&sums)
        .share
        .filter(|share| *share > 0.0)
        .map(|share| format!("Fixes and regenerations took {} of the {}", words::share(share), words::unit(unit)));
    let dearest = dearest.filter(|_| whole > Total::ZERO && bars.len() > 1);
    let dearest = dearest.map(|(day, _)| format!("dearest {} {}", bin.word(), bin.when(*day)));
    let title = match (rework, dearest) {
        (Some(rework), _) => rework,
        (None, Some(dearest)) => format!("The {dearest}"),
        (None, None) => format!("{} in all", words::amount::amount(whole, unit)),
    };
    let subtitle = format!("{} a {} by action", words::unit_head(unit), bin.word());
    let most = bars.iter().map(|(_, actions)| total(actions)).max().unwrap_or_default();
    let most = format!("the most in a {} {}", bin.word(), words::amount::amount(most, unit));
    let parts = Action::ALL.iter().zip(&sums).filter(|(_, amount)| **amount > Total::ZERO);
    let parts = parts.map(|(action, amount)| format!("{} {}", action.word(), words::amount::bare(*amount, unit)));
    let description = format!(
        "{} {} from {} on, {most}.",
        canvas::described(&title, parts),
        words::counted(bars.len() as u64, "bar", "bars"),
        words::time::date(axis.first)
    );
    Heading { title, subtitle, description }
}

impl Bin {
    const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    fn when(self, start: Day) -> String {
        match self {
            Self::Day => format!("was {}", words::time::date(start)),
            Self::Week => format!("began on {}", words::time::date(start)),
            Self::Month => format!("was {}", words::time::month(start)),
        }
    }

    /// The first day of the bin of a day; weeks begin on Monday.
    fn start(self, day: Day) -> Day {
        let back = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.date().day0(),
        };
        Day::from_epoch_days(day.epoch_days() - i32::try_from(back).unwrap_or(0))
    }
}
