//! Proposes a map for a table that nobody knows: what each column seems to be, with the evidence for each guess. What is not
//! certain is left out, so that the map is refused until somebody fills it in. No cell of a text column is shown: it may be
//! what somebody wrote.
mod column;
mod doubts;
pub(in crate::ingest) mod lexicon;
mod open;
mod sign;

use std::fmt::Write as _;

use column::Column;
use open::Table;

use crate::ingest::{
    Settings, ledger,
    map::Map,
    table::evidence::Debit,
    value::{decimal::Mark, quoted, words::normal},
};

/// A proposed map.
#[derive(Debug)]
pub struct Proposal {
    /// The text of the map.
    pub text: String,
    /// What it lacks, in words; empty where it can be used as it is.
    pub lacks: Vec<String>,
}

/// Proposes a map for the bytes of a file.
///
/// # Errors
/// When it is damaged, or holds no table of rows below a header.
pub fn propose(bytes: &[u8], label: &str, settings: &Settings) -> anyhow::Result<Proposal> {
    let table = open::table(bytes, settings)?;
    let columns: Vec<Column> = (0..table.names.len()).map(|at| Column::of(&table, at)).collect();
    let mut draft = Draft { table: &table, text: String::new(), lacks: Vec::new() };
    let roles = Roles::of(&columns, &table);
    draft.columns(&columns, &roles, label);
    draft.amount(&columns, &roles);
    draft.time(&roles, settings);
    if let Some(sheet) = &table.sheet {
        draft.text += &format!("\n[file]\nsheet = {}  # of the sheets, the one with the most cells\n", quoted(sheet));
    }
    let Draft { text, mut lacks, .. } = draft;
    if let Some(err) = Map::parse(&text, label).err().filter(|_| lacks.is_empty()) {
        lacks.push(format!("it cannot be read: {err}"));
    }
    Ok(Proposal { text, lacks })
}

/// The columns that tell when and how much.
struct Roles<'c> {
    when: Option<&'c Column>,
    clock: Option<&'c Column>,
    amount: Option<&'c Column>,
    back: Option<&'c Column>,
    balance: Option<&'c Column>,
    /// The names of the columns that may be the amount that counts, where that is not certain.
    contested: Vec<&'c str>,
    /// Why the amounts of the column that is called so may be something else.
    doubt: Option<String>,
}

impl<'c> Roles<'c> {
    fn of(columns: &'c [Column], table: &Table) -> Self {
        let named = || columns.iter().filter(|column| !column.is_nameless);
        // Of equal ones the first.
        let when = named().rev().filter(|column| column.is_mostly(column.times));
        let when = when.max_by_key(|column| (lexicon::time_rank(&column.name).min(2), column.times));
        let is_when = |column: &Column| when.is_some_and(|when| when.at == column.at);
        let clock = named().find(|c| c.is_mostly(c.clocks) && !is_when(c) && c.times == 0);
        let clock = clock.filter(|_| when.is_some_and(|when| when.dates > 0));
        let amounts = || named().filter(|column| column.holds_amounts() && !is_when(column));
        let is_balance = |column: &&Column| lexicon::fields(&column.name).first() == Some(&"balance_after");
        let others = || amounts().filter(|column| !is_balance(column));
        let pairs = others().flat_map(|out| others().map(move |back| (out, back)));
        let pairs: Vec<(&Column, &Column)> =
            pairs.filter(|(out, back)| out.at != back.at && lexicon::may_be_sides(&out.name, &back.name)).collect();
        let mut sides = pairs.iter().filter(|(out, back)| lexicon::are_sides(&out.name, &back.name));
        let sides = sides.next().filter(|_| sides.next().is_none()).filter(|(out, back)| out.alternates(back, table));
        let weight = |column: &&Column| {
            let rank = lexicon::amount_rank(&column.name)?;
            Some(1 + rank + usize::from(column.fractions > 0) * 5 + usize::from(column.currency.is_some()) * 5)
        };
        let most = amounts().filter_map(|column| weight(&column)).max();
        let best: Vec<&Column> = amounts().filter(|column| most.is_some() && weight(column) == most).collect();
        let is_told = |c: &Column| c.currency.is_some() || lexicon::amount_rank(&c.name).is_some_and(|rank| rank > 0);
        let (amount, back, contested) = match (sides, best.as_slice()) {
            (Some((out, back)), _) => (Some(*out), Some(*back), Vec::new()),
            (None, [only]) if pairs.is_empty() && is_told(only) => (Some(*only), None, Vec::new()),
            (None, several) => {
                let is_one = |c: &&Column| {
                    pairs.iter().flat_map(|(out, back)| [out, back]).chain(several).any(|one| one.at == c.at)
                };
                (None, None, amounts().filter(is_one).map(|column| column.name.as_str()).collect())
            }
        };
        let doubt = amount.and_then(|amount| doubts::of_rows(amount, columns, table));
        let amount = amount.filter(|_| doubt.is_none());
        Self { when, clock, amount, back, balance: amounts().find(is_balance), contested, doubt }
    }

    fn has(&self, column: &Column) -> bool {
        [self.when, self.clock, self.amount, self.back].into_iter().flatten().any(|taken| taken.at == column.at)
    }
}

/// A map as far as it is written.
struct Draft<'t> {
    table: &'t Table,
    text: String,
    lacks: Vec<String>,
}

impl Draft<'_> {
    fn line(&mut self, line: impl std::fmt::Display) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// A key that cannot be told: the map is not loaded until it is filled in.
    fn lack(&mut self, key: &str, lack: &str) {
        self.lacks.push(lack.to_owned());
        self.line(format_args!("{key} = \"\"  # fill this in: {lack}"));
    }

    fn columns(&mut self, columns: &[Column], roles: &Roles, label: &str) {
        let n_rows = self.table.rows.len();
        self.line(format_args!(
            "# A map of {}, proposed from its first {n_rows} rows. Read it with --map; a # makes a line a remark.\n\n[columns]",
            quoted(label)
        ));
        match roles.when {
            Some(c) => self.told("timestamp", c, c.times, "times"),
            None => self.lack("timestamp", "no column reads as a time: name the one that tells when it was"),
        }
        if let Some(c) = roles.clock {
            self.line(format_args!(
                "time = {}  # {} of {} cells are times of day",
                quoted(&c.name),
                c.clocks,
                c.filled
            ));
        }
        match roles.amount {
            Some(c) => self.told("credits", c, c.amounts, "amounts"),
            None if roles.doubt.is_some() => self.lack("credits", roles.doubt.as_deref().unwrap_or_default()),
            None if roles.contested.is_empty() => {
                self.lack("credits", "no column reads as an amount: name the one that tells how much it was");
            }
            None if roles.contested.len() == 1 => {
                let name = quoted(roles.contested[0]);
                self.lack("credits", &format!("no column is called what was consumed: is it {name}?"));
            }
            None => {
                let several = roles.contested.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
                self.lack("credits", &format!("several columns may be the amount that counts: name one of {several}"));
            }
        }
        if let Some(c) = roles.back {
            self.told("given_back", c, c.amounts, "amounts");
        }
        let mut fields = Vec::new();
        let mut rest = Vec::new();
        for column in columns.iter().filter(|column| !roles.has(column)) {
            match field_of(column, n_rows).filter(|field| !fields.contains(field) && !column.is_nameless) {
                Some(field) => {
                    fields.push(field);
                    let (distinct, filled) = (column.distinct, column.filled);
                    self.line(format_args!(
                        "{field} = {}  # {distinct} distinct values in {filled} cells",
                        quoted(&column.name)
                    ));
                }
                None => rest.push(column),
            }
        }
        for c in rest {
            let name = if c.name.is_empty() { format!("(column {})", c.at + 1) } else { c.name.clone() };
            let (filled, distinct, amounts, times) = (c.filled, c.distinct, c.amounts, c.times);
            self.line(format_args!(
                "# not read: {}: {filled} cells, {distinct} distinct, {amounts} amounts, {times} times",
                quoted(&name)
            ));
        }
        let stem = label.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default().to_lowercase();
        let stem = if stem == "-" { "other" } else { &stem };
        self.line(format_args!(
            "\n[constants]\nprovider = {}  # whose bill it is: taken from the name of the file",
            quoted(stem)
        ));
    }

    /// A key with the column it names, and how many of its cells are what it is.
    fn told(&mut self, field: &str, c: &Column, n: usize, what: &str) {
        self.line(format_args!(
            "{field} = {}  # {n} of {} cells are {what}, as {}",
            quoted(&c.name),
            c.filled,
            quoted(&c.example)
        ));
    }

    fn amount(&mut self, columns: &[Column], roles: &Roles) {
        let Some(column) = roles.amount else { return };
        let unit = match (column.currency, lexicon::unit(&column.name)) {
            (Some(sign), _) if !sign.contains(['$', 'S']) => format!(
                "unit = \"credits\"  # the cells are in {sign}, which is counted as it stands: only US dollars have a unit of their own"
            ),
            (Some(sign), _) => format!("unit = \"usd\"  # the cells have {sign}: check which dollars they are"),
            (None, Some(unit)) => format!("unit = \"{unit}\"  # by its name"),
            (None, None) => {
                "unit = \"credits\"  # assumed: neither cells nor name tell it; credits, tokens, usd or requests"
                    .to_owned()
            }
        };
        self.line("\n[amount]");
        match doubts::of_unit(column, columns, self.table) {
            Some(doubt) => self.lack("unit", &doubt),
            None => self.line(unit),
        }
        if let Some(doubt) = doubts::of_sign(column, columns, self.table).filter(|_| roles.back.is_none()) {
            self.lack("sign", &doubt);
        } else if roles.back.is_none() {
            match sign::told(column, roles.balance, self.table) {
                Ok((Debit::Positive, evidence)) => self.line(format_args!("sign = \"positive\"  # {evidence}")),
                Ok((Debit::Negative, evidence)) => self.line(format_args!("sign = \"negative\"  # {evidence}")),
                Err(why) => self.lack("sign", &format!("{why}: write the sign of consumption, positive or negative")),
            }
        }
        let decimals = column.decimals;
        let evidence = format!("{} cells have a decimal comma, {} a decimal point", decimals.comma, decimals.point);
        match column.mark() {
            Mark::Comma => self.line(format_args!("decimal = \"comma\"  # {evidence}")),
            Mark::Point => self.line(format_args!("decimal = \"point\"  # {evidence}")),
            Mark::Unknown if decimals.ambiguous == 0 => (),
            Mark::Unknown | Mark::Contested => {
                let cells = decimals.ambiguous.max(decimals.three_digits);
                let lack = format!("{evidence}, {cells} can be read both ways: write point or comma");
                self.lack("decimal", &lack);
            }
        }
        let n_other = column.filled - column.amounts - column.worded;
        if !column.words.is_empty() || n_other > 0 {
            self.line("\n[words]");
        }
        for word in &column.words {
            let meaning = lexicon::meaning(word).unwrap_or_default();
            self.line(format_args!("{} = {}", quoted(word), quoted(meaning)));
        }
        if n_other > 0 {
            self.line(format_args!(
                "# {n_other} cells hold something else, which is not shown: give a word a meaning, such as \"n/a\" = \"problem\", free, included or skip"
            ));
        }
    }

    fn time(&mut self, roles: &Roles, settings: &Settings) {
        let Some(column) = roles.when else { return };
        self.line("\n[time]");
        let (day, month) = column.told;
        let evidence = format!("{day} of {} cells have a first part above 12, {month} a second part", column.filled);
        let mut parts = column.example.split(['/', '-']).map(|part| part.len() < 3 && part.parse::<u8>().is_ok());
        let is_parted = parts.next() == Some(true) && parts.next() == Some(true);
        match (day > 0, month > 0) {
            (true, false) => self.line(format_args!("order = \"day\"  # {evidence}")),
            (false, true) => self.line(format_args!("order = \"month\"  # {evidence}")),
            (true, true) => {
                self.lack("order", "its dates contradict each other: some have the day first, some the month");
            }
            (false, false) if is_parted => {
                self.lack("order", "whether its dates have the day or the month first is not told: write day or month");
            }
            (false, false) => (),
        }
        if column.naive > 0 || roles.clock.is_some() || column.dates > 0 {
            let name = settings.zone.as_ref().map_or("UTC", |zone| zone.name());
            self.line(format_args!(
                "zone = {}  # assumed, as times have no offset: write the zone they were written in",
                quoted(name)
            ));
        }
    }
}

/// The ledger's column that a column is by its name, where its cells agree, or because it holds addresses.
fn field_of(column: &Column, n_rows: usize) -> Option<&'static str> {
    let name = normal(&column.name);
    let of_ledger = ledger::COLUMNS[..ledger::BY_HAND].iter();
    let own = of_ledger.filter(|known| normal(known.field) == name || known.synonyms.contains(&name.as_str()));
    // Meters, entries and times are told by words of the ledger's own, which a column of the same name need not hold.
    let is_open = |field: &&str| !matches!(*field, "timestamp" | "credits" | "meter" | "entry");
    let own = own.map(|known| known.field).filter(is_open);
    let agrees = |field: &&str| match *field {
        // What is no id would make one event of several.
        "event_id" => column.distinct == n_rows,
        "balance_after" => column.is_mostly(column.amounts),
        "user" | "app" | "prompt" | "feature" | "model" => column.amounts * 2 < column.filled,
        _ => column.filled > 0,
    };
    if column.is_mostly(column.mails) {
        return Some("user");
    }
    own.chain(lexicon::fields(&column.name)).find(agrees)
}

#[cfg(test)]
mod tests;
