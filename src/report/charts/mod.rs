//! Charts as SVG text: each is a function of plain data in its own file. Titles say what the chart shows.
mod axis;
pub mod burn;
mod canvas;
mod columns;
pub mod days;
pub mod fan;
pub mod features;
pub mod hours;
mod measure;
mod pixels;
pub mod plans;
mod png;
mod ranking;
mod scale;
pub mod sessions;
mod stack;
#[cfg(test)]
mod tests;
pub mod users;
pub mod worst;

use crate::{
    model::{account::Unit, action::Action, amount::Total, zone::Zone},
    report::{charts::canvas::Drawing, cut::Cut, rework, summary, theme, words},
    rollup::{AccountRollup, Row, Tally},
};

/// So many users or features have a bar of their own.
const MOST_BARS: usize = 20;

/// Amounts by class, in the order of [`Action::ALL`].
pub type ByAction = [Total; Action::ALL.len()];

/// A drawn chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it is called in file names.
    pub name: &'static str,
    /// What it shows, one sentence.
    pub title: String,
    /// The drawing.
    pub svg: String,
    /// The same for a narrow page.
    pub narrow: String,
    /// The drawing as a picture, where it is asked for.
    pub png: Option<Vec<u8>>,
}

/// What all charts of an account share.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What is counted.
    pub unit: Unit,
    /// The name of the zone of days and hours.
    pub zone: &'a str,
    /// How wide the chart is, in pixels.
    pub width: i32,
    /// Whether it is wanted as a picture, too.
    pub with_png: bool,
}

/// In which forms charts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forms {
    /// As SVG.
    #[default]
    Svg,
    /// As SVG and PNG.
    SvgAndPng,
}

impl Forms {
    /// As a manifest tells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::SvgAndPng => "png",
        }
    }
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// Whether that is a name of its own.
    pub named: bool,
    /// Its amounts.
    pub actions: ByAction,
}

/// The bars of a ranking, and what has no bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The dearest first.
    pub bars: Vec<Bar>,
    /// How many names are without a bar.
    pub rest_count: u64,
    /// The amounts of names without a bar.
    pub rest: ByAction,
    /// What has no name and no bar either, since it would dwarf the others.
    pub nameless: Option<Bar>,
    /// What each name used, with or without a bar, the dearest first.
    pub named: Vec<Total>,
    /// Everything.
    pub whole: Total,
}

/// One session.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// What it is called.
    pub name: String,
    /// How many events.
    pub prompts: u64,
    /// What it cost.
    pub amount: Total,
    /// The share of fixes and regenerations, where it is known.
    pub rework: Option<f64>,
}

/// Draws a chart wide and narrow.
pub fn both((unit, zone): (Unit, &Zone), forms: Forms, draw: impl Fn(&Setting) -> Option<Chart>) -> Option<Chart> {
    let wide = Setting { unit, zone: zone.name(), width: theme::WIDTH, with_png: forms == Forms::SvgAndPng };
    let narrow = Setting { width: theme::NARROW, with_png: false, ..wide };
    Some(Chart { narrow: draw(&narrow)?.svg, ..draw(&wide)? })
}

/// The charts of an account, in the order they are shown.
pub fn all(account: &AccountRollup, zone: &Zone, forms: Forms) -> Vec<Chart> {
    let both = |draw: &dyn Fn(&Setting) -> Option<Chart>| both((account.account.unit, zone), forms, draw);
    let day = |row: &Row| row.subject.day.map(|day| (day, amounts(&row.actions)));
    let days: Vec<_> = account.by_day.iter().filter_map(day).collect();
    let sums: Vec<_> = days.iter().map(|(day, actions)| (*day, actions.iter().copied().sum())).collect();
    let steps: Vec<_> = account.worst_session.iter().map(|step| (step.action, step.amount.into())).collect();
    // What belongs to no session (day totals, the running app) is no dot.
    let named = || account.by_session.iter().filter(|row| !Cut::Session.is_nameless(row));
    let worst = named().next().map(|row| summary::session_name(row, zone)).unwrap_or_default();
    let sessions: Vec<Dot> = named().take(sessions::MOST).map(|row| dot(row, zone)).collect();
    let count = Cut::Session.named(account);
    // a ranking of names needs names
    let named = |cut: Cut| (cut.named(account) > 0).then(|| bars(account, cut));
    let charts = [
        both(&|setting| burn::draw(&sums, setting)),
        both(&|setting| days::draw(&days, setting)),
        named(Cut::User).and_then(|users| both(&|setting| users::draw(&users, setting))),
        named(Cut::Feature).and_then(|features| both(&|setting| features::draw(&features, setting))),
        both(&|setting| sessions::draw(&sessions, count, account.total.amount, setting)),
        both(&|setting| worst::draw(&worst, &steps, setting)),
        tells_hours(account)
            .then(|| both(&|setting| hours::draw(&account.by_hour, account.total.amount, setting)))
            .flatten(),
    ];
    charts.into_iter().flatten().collect()
}

/// Whether hours are told: not where everything was used at midnight, as the export holds dates without a time then, nor
/// where most of it is told by the day.
fn tells_hours(account: &AccountRollup) -> bool {
    let used = |hours: &[Total]| hours.iter().any(|amount| !amount.is_zero());
    let only_midnight =
        account.by_hour.iter().any(|day| used(&day[..1])) && !account.by_hour.iter().any(|day| used(&day[1..]));
    account.total.events > account.buckets.saturating_mul(2) && !only_midnight
}

impl Chart {
    fn new(name: &'static str, title: String, Drawing { svg, png }: Drawing) -> Self {
        Self { name, title, svg, narrow: String::new(), png }
    }
}

impl Setting<'_> {
    /// Whether there is little room beside names.
    const fn is_narrow(&self) -> bool {
        self.width < theme::WIDTH
    }
}

pub(super) fn amounts(actions: &[Tally; Action::ALL.len()]) -> ByAction {
    actions.map(|tally| tally.amount)
}

fn bars(account: &AccountRollup, cut: Cut) -> Bars {
    let shown = cut.shown(account, MOST_BARS);
    let bar = |row: &&Row| Bar { name: cut.name(row), named: !cut.is_nameless(row), actions: amounts(&row.actions) };
    let others = shown.others.unwrap_or_default();
    let named = cut.rows(account).iter().filter(|row| !cut.is_nameless(row));
    let named: Vec<Total> = named.map(|row| row.tally.amount).collect();
    let largest = named.iter().copied().max();
    // Use without a user's name is use all the same; features are often told for a part only.
    let dwarfs = |bar: &mut Bar| cut != Cut::User && !bar.named && largest.is_some_and(|largest| bar.total() > largest);
    let mut bars: Vec<Bar> = shown.rows.iter().map(bar).collect();
    Bars {
        nameless: bars.pop_if(dwarfs),
        bars,
        rest_count: others.rows,
        rest: amounts(&others.actions),
        named,
        whole: account.total.amount,
    }
}

fn dot(row: &Row, zone: &Zone) -> Dot {
    Dot {
        name: summary::session_name(row, zone),
        prompts: row.tally.events,
        amount: row.tally.amount,
        rework: rework::of(&row.actions).share,
    }
}

impl Bar {
    /// All its amounts.
    pub fn total(&self) -> Total {
        self.actions.iter().copied().sum()
    }
}

impl Bars {
    /// How many of the dearest names reach a share of the whole, or else have bars, and what these make up, in words.
    /// `None` where nothing was used, or more was given back.
    fn dearest(&self, share: f64) -> Option<(usize, String)> {
        let shown = self.bars.iter().filter(|bar| bar.named).count();
        let count = self.reaching(share).map_or(shown, |count| count.min(shown));
        let sum: Total = self.named.iter().take(count).copied().sum();
        (count > 0 && sum > Total::ZERO && sum <= self.whole).then(|| (count, self.share(sum)))
    }

    /// How many of the dearest names make up a share of the whole; `None` where all of them do not.
    fn reaching(&self, share: f64) -> Option<usize> {
        let mut sum = Total::ZERO;
        let reached = self.named.iter().position(|amount| {
            sum += *amount;
            sum.share_of(self.whole) >= share
        });
        reached.map(|index| index + 1)
    }

    /// How many have a name: `17 features`.
    fn count(&self, one: &str, many: &str) -> String {
        words::counted(self.named.len() as u64, one, many)
    }

    /// A share of the whole, in words.
    fn share(&self, amount: Total) -> String {
        words::part(amount, self.whole)
    }

    /// What has no bar, in words.
    fn rest_in_words(&self, many: &str, setting: &Setting) -> Vec<String> {
        let said = |what: String, amount: Total| {
            let said = format!("{what}: {}", words::amount::amount(amount, setting.unit));
            if self.whole > Total::ZERO { format!("{said}, {} of all", self.share(amount)) } else { said }
        };
        let others = (self.rest_count > 0)
            .then(|| said(format!("{} other {many}", words::count(self.rest_count)), self.rest.iter().copied().sum()));
        let nameless = self.nameless.as_ref().map(|bar| said(bar.name.clone(), bar.total()));
        others.into_iter().chain(nameless).collect()
    }
}
