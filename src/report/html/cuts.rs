//! The cuts of an account as tables.
use crate::{
    model::{account::Unit, action::Action, amount::Total},
    report::{
        Report,
        cut::{self, Cut, Key, Others},
        html::table::{Cell, Head, Line, Table},
        rework, summary, words,
        words::amount::Decimals,
    },
    rollup::{
        AccountRollup, Row, Tally,
        lineage::{Part, Parts},
    },
};

/// So many rows of a cut are shown; what follows is summed in one row.
pub(super) const MOST_ROWS: usize = 1_000;

/// What an amount went into: by class, and for a feature by what it was spent for.
type Spent<'a> = (&'a [Tally; Action::ALL.len()], Parts);

/// What the columns of a table have in common.
struct Columns<'a> {
    cut: Cut,
    account: &'a AccountRollup,
    report: &'a Report<'a>,
    decimals: Decimals,
    /// The columns that name a row, as far as they are known; the workspace only where there are several.
    keys: Vec<Key>,
    /// The classes that occur; none of features.
    classes: Vec<Action>,
    /// The parts of what a feature cost; none in other cuts.
    parts: &'static [Part],
    priced: bool,
}

/// The table of a cut; `None` where the account says nothing of it.
pub(super) fn table(cut: Cut, account: &AccountRollup, report: &Report, id: String) -> Option<Table> {
    let shown = cut.shown(account, MOST_ROWS);
    if cut.named(account) == 0 {
        return None;
    }
    let sums = cut::actions_of(account);
    let rows = cut.rows(account);
    let workspace = rows.first().map(|row| &row.subject.workspace);
    let known = |key: &&Key| match key {
        Key::Workspace => {
            rows.iter().any(|row| Some(&row.subject.workspace) != workspace && cut.key().is_known(&row.subject))
        }
        key => rows.iter().any(|row| key.is_known(&row.subject)),
    };
    let columns = Columns {
        keys: cut.keys().iter().filter(known).rev().copied().collect(),
        cut,
        account,
        report,
        decimals: Decimals::of(account.account.unit, shown.rows.iter().map(|row| row.tally.amount)),
        // a feature is told by what it was spent for; the classes beside it would not fit the page, and its CSV file has them
        classes: match cut {
            Cut::Feature => Vec::new(),
            _ => Action::ALL.into_iter().filter(|action| sums[action.index()].events > 0).collect(),
        },
        parts: if cut == Cut::Feature { &Part::ALL } else { &[] },
        priced: account.account.unit != Unit::Usd && account.price.is_some(),
    };
    let mut rows: Vec<Line> = shown.rows.iter().map(|row| Line { cells: columns.row(row), others: false }).collect();
    rows.extend(shown.others.map(|others| Line { cells: columns.others(&others), others: true }));
    let total = columns.total(&sums);
    Some(Table { id: Some(id), caption: columns.caption(), heads: columns.heads(), rows, total: Some(total) })
}

impl Columns<'_> {
    fn caption(&self) -> String {
        let unit = words::unit(self.account.account.unit);
        let rows = words::count(self.cut.named(self.account));
        let has_nameless = self.cut.rows(self.account).iter().any(|row| self.cut.is_nameless(row));
        let ranked = |what: &str| {
            let nameless = if has_nameless { "; what has no name stands last" } else { "" };
            format!("{what} ({rows}), dearest first{nameless}")
        };
        match self.cut {
            Cut::Action => format!("What the {unit} went into"),
            Cut::User => ranked("Users"),
            Cut::Feature => ranked("Features"),
            Cut::App => ranked("Apps"),
            Cut::Session => ranked("Sessions"),
            Cut::Day => format!("Days with use ({rows}), in order"),
            Cut::Model => ranked("Models"),
        }
    }

    fn heads(&self) -> Vec<Head> {
        let head = |key: Key| Head::text(words::capital(key.word()));
        let mut heads: Vec<Head> = self.keys.iter().copied().map(head).collect();
        heads.push(Head::number(words::unit_head(self.account.account.unit)));
        heads.push(Head::number("Share"));
        if self.priced {
            heads.push(Head::number("Value"));
        }
        heads.push(Head::number(words::capital(&summary::events(self.account, 0)[2..])));
        heads.push(Head::number("Each"));
        if self.cut != Cut::Action {
            heads.push(Head::number("Rework, by amount"));
            heads.extend(self.parts.iter().map(|part| Head::number(words::capital(part.word()))));
            heads.extend(self.classes.iter().map(|action| Head::number(words::capital(action.word())).minor()));
        }
        match self.cut {
            Cut::Session => heads.extend([Head::text("Start"), Head::number("Length")]),
            Cut::Day => heads.push(Head::number("Sessions")),
            _ => {
                // names and classes leave no room for more than the last day
                let first = (self.cut == Cut::Action).then(|| Head::text("First"));
                heads.extend(first.into_iter().chain([Head::text("Last"), Head::number("Sessions")]));
                if self.has_ranges() {
                    heads.push(Head::text("Likely share"));
                }
            }
        }
        heads
    }

    fn row(&self, row: &Row) -> Vec<Cell> {
        let name = |key: Key| {
            let text = key.text(&row.subject);
            let mark = if key == Key::Feature { cut::inferred_mark(row) } else { "" };
            Cell::Name(text.unwrap_or_else(|| words::nameless(key).to_owned()), mark)
        };
        let mut cells: Vec<Cell> = self.keys.iter().copied().map(name).collect();
        self.figures(&mut cells, row.tally, (&row.actions, row.parts));
        let moment = |at| Cell::Moment(words::time::moment(at, self.report.zone));
        match self.cut {
            Cut::Session => {
                let length = words::time::duration(row.last.since(row.first));
                cells.push(moment(row.first));
                cells.push(Cell::Number(length, row.last.since(row.first).num_seconds().to_string()));
            }
            Cut::Day => cells.push(whole(row.sessions)),
            Cut::Action => cells.extend([moment(row.first), moment(row.last), whole(row.sessions)]),
            _ => {
                let last = self.report.zone.day(row.last).date().to_string();
                cells.extend([Cell::Moment(last), whole(row.sessions)]);
            }
        }
        if self.has_ranges() {
            let range = row.subject.action.and_then(|action| self.account.ranges[action.index()]);
            let likely =
                [words::range(range, self.account.total.amount), words::leaning(range, row.tally.amount).to_owned()];
            cells.push(Cell::Text(likely.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", ")));
        }
        cells
    }

    /// Whether rows tell between which shares a class total lies, given how sure labels are.
    fn has_ranges(&self) -> bool {
        self.cut == Cut::Action && self.account.ranges.iter().any(Option::is_some)
    }

    fn others(&self, others: &Others) -> Vec<Cell> {
        self.summed(words::counted(others.rows, "other", "others"), others.tally, (&others.actions, others.parts))
    }

    fn total(&self, actions: &[Tally; Action::ALL.len()]) -> Vec<Cell> {
        let rows = self.cut.rows(self.account).iter();
        let parts = rows.fold(Parts::default(), |sum, row| sum.plus(row.parts));
        self.summed("Total".to_owned(), self.account.total, (actions, parts))
    }

    /// A row without names, sessions and moments of its own.
    fn summed(&self, name: String, tally: Tally, spent: Spent) -> Vec<Cell> {
        let mut cells = vec![Cell::Text(name)];
        cells.extend(self.keys.iter().skip(1).map(|_| Cell::Blank));
        self.figures(&mut cells, tally, spent);
        cells.extend((cells.len()..self.heads().len()).map(|_| Cell::Blank));
        cells
    }

    fn figures(&self, cells: &mut Vec<Cell>, tally: Tally, (actions, parts): Spent) {
        let whole_amount = self.account.total.amount;
        cells.push(self.amount(tally.amount));
        cells.push(share(tally.amount, whole_amount));
        if self.priced {
            let value = cut::value(self.account, tally.amount).unwrap_or_default();
            cells.push(Cell::Number(words::amount::money(value), value.to_string()));
        }
        cells.push(whole(tally.events));
        cells.push(summary::per_event(tally).map_or(Cell::Blank, |each| {
            let text = words::amount::bare(each, self.account.account.unit);
            let is_plain = text.starts_with(|first: char| first.is_ascii_digit()) && !text.contains(' ');
            let exact = if is_plain { plain_number(&text) } else { each.to_string() };
            Cell::Number(text, exact)
        }));
        if self.cut != Cut::Action {
            cells.push(rework::of(actions).share.map_or(Cell::Blank, |share| Cell::Share(words::share(share), share)));
            cells.extend(self.parts.iter().map(|part| self.shown(parts.of(*part))));
            cells.extend(self.classes.iter().map(|action| self.shown(actions[action.index()].amount)));
        }
    }

    /// An amount that is sorted by what is shown of it.
    fn shown(&self, amount: Total) -> Cell {
        let text = words::amount::cell(amount, self.decimals);
        let exact = amount.to_string();
        Cell::Number(text.clone(), if text.starts_with(['<', '>']) { exact } else { plain_number(&text) })
    }

    fn amount(&self, amount: Total) -> Cell {
        Cell::Number(words::amount::cell(amount, self.decimals), amount.to_string())
    }
}

fn share(part: Total, whole: Total) -> Cell {
    if whole > Total::ZERO { Cell::Share(words::part(part, whole), part.share_of(whole)) } else { Cell::Blank }
}

/// A number without its grouping and without zeros at the end.
fn plain_number(text: &str) -> String {
    let number = text.replace(',', "");
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
}

fn whole(count: u64) -> Cell {
    Cell::Number(words::count(count), count.to_string())
}
