//! Header rows: found by column names, whatever the delimiter, the order and the lines before.

use crate::{
    ingest::{
        Keep,
        batch::RowError,
        sheet::Candidate,
        table::{cells::Cells, dialect::Dialect},
        value::words::{is_normal, normal},
    },
    model::text::{self, trimmed},
};

/// A column that a source knows.
#[derive(Debug)]
pub struct Column {
    /// The field it is read as.
    pub field: &'static str,
    /// Header names besides the field's own, without case, spaces, underscores and hyphens; an earlier one is believed
    /// before a later one.
    pub synonyms: &'static [&'static str],
    /// Names that are believed before the field's own, where both stand in a header.
    pub plainer: &'static [&'static str],
    /// Whether it holds what people wrote and is kept out of outputs.
    pub is_prompt: bool,
    /// The name of a column beside it that holds the time of day, where it holds dates.
    pub clock: Option<&'static str>,
}

impl Column {
    /// A column that is read under some names.
    pub const fn new(field: &'static str, synonyms: &'static [&'static str]) -> Self {
        Self { field, synonyms, plainer: &[], is_prompt: false, clock: None }
    }

    /// The same, with names that say plainer what it is than its own.
    #[must_use]
    pub const fn or_plainer(self, plainer: &'static [&'static str]) -> Self {
        Self { plainer, ..self }
    }

    /// The same, with the name of a column for the time of day.
    #[must_use]
    pub const fn with_clock(self, clock: &'static str) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// A column of prompts.
    pub const fn prompt(field: &'static str, synonyms: &'static [&'static str]) -> Self {
        Self { is_prompt: true, ..Self::new(field, synonyms) }
    }

    /// Where it stands among the normal names of a header: all places, the one that is believed first.
    fn places(&self, names: &[String]) -> Vec<usize> {
        let of = |wanted: &&str| names.iter().position(|name| name == wanted);
        let plainer = self.plainer.iter().filter_map(of);
        let own = names.iter().position(|name| is_normal(self.field, name));
        let mut places: Vec<usize> = plainer.chain(own).chain(self.synonyms.iter().filter_map(of)).collect();
        let mut seen = Vec::new();
        places.retain(|at| {
            !seen.contains(at) && {
                seen.push(*at);
                true
            }
        });
        places
    }
}

/// A header row, matched with the columns of a source.
#[derive(Debug)]
pub struct Header {
    /// How the table is written.
    pub dialect: Dialect,
    /// Which record it is, from 0; those before it are preamble.
    pub record: usize,
    cells: Vec<String>,
    columns: &'static [Column],
    positions: Vec<Option<usize>>,
    /// What the columns behind those of the source are read as.
    further: Vec<&'static str>,
    /// What to say where it is not read as it is written.
    pub remark: Option<&'static str>,
}

impl Header {
    /// Matches a row of names with a source's columns; of two cells with one meaning, the first is read.
    pub fn new(dialect: Dialect, record: usize, mut cells: Vec<String>, columns: &'static [Column]) -> Self {
        if DEFUSED.iter().all(|name| cells.iter().any(|cell| cell == name)) {
            cells = cells.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell).to_owned()).collect();
        }
        let names: Vec<String> = cells.iter().map(|cell| normal(cell)).collect();
        let mut positions: Vec<Option<usize>> =
            columns.iter().map(|column| column.places(&names).first().copied()).collect();
        let clocks = columns.iter().filter_map(|column| column.clock);
        let mut clocks = clocks.filter_map(|clock| Some((clock, names.iter().position(|name| name == clock)?)));
        let clock = clocks.find(|(_, at)| !positions.contains(&Some(*at)));
        positions.extend(clock.map(|(_, at)| Some(at)));
        let further = clock.into_iter().map(|(name, _)| name).collect();
        Self { dialect, record, cells, columns, positions, further, remark: None }
    }

    /// A row of names whose columns were told from outside, with further ones behind the source's.
    pub fn told(
        (dialect, record, cells): Candidate,
        columns: &'static [Column],
        positions: Vec<Option<usize>>,
        further: Vec<&'static str>,
    ) -> Self {
        Self { dialect, record, cells, columns, positions, further, remark: None }
    }

    /// The name that a column of the source is read under, and others that could be meant and that nothing is read from.
    pub fn rivals(&self, column: usize) -> Option<(&str, Vec<&str>)> {
        let names: Vec<String> = self.cells.iter().map(|cell| normal(cell)).collect();
        let places = self.columns.get(column)?.places(&names);
        let rivals: Vec<&str> =
            places.iter().filter(|at| !self.is_read(**at)).map(|at| self.cells[*at].as_str()).collect();
        (!rivals.is_empty()).then(|| (self.name(column), rivals))
    }

    /// A name of a column that is read which stands a second time: which of the two is meant is not certain.
    pub fn doubled(&self) -> Option<&str> {
        self.twins().first().and_then(|places| places.first()).map(|at| self.cells[*at].as_str())
    }

    /// Where the columns stand that have the name of one that is read, each name for itself.
    pub fn twins(&self) -> Vec<Vec<usize>> {
        let of = |at: &usize| {
            let name = normal(&self.cells[*at]);
            self.cells.iter().enumerate().filter(|(_, cell)| is_normal(cell, &name)).map(|(at, _)| at).collect()
        };
        self.positions.iter().flatten().map(of).filter(|places: &Vec<usize>| places.len() > 1).collect()
    }

    /// The names in their order.
    pub fn cells(&self) -> &[String] {
        &self.cells
    }

    /// The same header without the cells that have no name, where the rows have none for them either, and with the
    /// delimiter that the rows have.
    #[must_use]
    pub fn narrowed(mut self, dialect: Dialect) -> Self {
        let is_named = |position: &usize| !self.cells[*position].is_empty();
        let places: Vec<usize> = (0..self.cells.len()).filter(is_named).collect();
        for at in &mut self.positions {
            *at = at.and_then(|at| places.iter().position(|place| *place == at));
        }
        self.cells.retain(|cell| !cell.is_empty());
        self.dialect = dialect;
        self
    }

    /// Gives a name to cells that have none, where the rows fill them.
    #[must_use]
    pub fn named(mut self, places: &[usize]) -> Self {
        for &at in places {
            self.cells[at] = unnamed(at);
        }
        self
    }

    /// The same header with something to say of it.
    #[must_use]
    pub fn remarked(mut self, remark: &'static str) -> Self {
        self.remark = Some(remark);
        self
    }

    /// Where each column of the source stands.
    pub fn positions(&self) -> &[Option<usize>] {
        &self.positions
    }

    /// What tables that are written alike share: their source, and the names of their columns in any order.
    pub fn key(&self, source: &str) -> String {
        let mut names: Vec<String> = self.cells.iter().map(|cell| normal(cell)).collect();
        names.sort_unstable();
        format!("{source}\n{}", names.join("\n"))
    }

    /// Adds cells without a name, which every row leaves empty.
    pub fn widen(&mut self, surplus: usize) {
        self.cells.extend(std::iter::repeat_n(String::new(), surplus));
    }

    /// How many cells it has.
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// Where a column of the source stands.
    #[inline]
    pub fn position(&self, column: usize) -> Option<usize> {
        self.positions.get(column).copied().flatten()
    }

    /// The columns of the source that it has, each with where it stands.
    pub fn places(&self) -> Vec<(usize, usize)> {
        self.positions.iter().enumerate().filter_map(|(column, at)| Some((column, (*at)?))).collect()
    }

    /// How the header calls a column.
    pub fn name(&self, column: usize) -> &str {
        self.position(column).map_or_else(|| self.field(column), |position| &self.cells[position])
    }

    /// What a column is read as.
    fn field(&self, column: usize) -> &'static str {
        let further = || self.further.get(column - self.columns.len()).copied().unwrap_or_default();
        self.columns.get(column).map_or_else(further, |column| column.field)
    }

    /// Which share of the header's cells the source knows.
    #[expect(clippy::cast_precision_loss, reason = "a header has few cells")]
    pub fn known_share(&self) -> f64 {
        let known = self.positions.iter().flatten().count();
        let named = self.cells.iter().filter(|cell| !cell.is_empty() && !is_own(cell)).count();
        known as f64 / named.max(1) as f64
    }

    /// How sure a vendor is of a header: where the names are there that nobody else uses, nearly, whatever else stands in
    /// it; without them not at all.
    pub fn score_of(&self, has_own_names: bool) -> f64 {
        if has_own_names { 0.9 + 0.1 * self.known_share() } else { 0.0 }
    }

    /// Header names with the fields they are read as, in the order of the header.
    pub fn matched(&self) -> Vec<(String, &'static str)> {
        let mut matched: Vec<(Option<usize>, usize)> = self.positions.iter().copied().zip(0..).collect();
        matched.sort_unstable();
        let pair =
            |(position, column): (Option<usize>, usize)| Some((self.cells[position?].clone(), self.field(column)));
        matched.into_iter().filter_map(pair).collect()
    }

    /// Header names that nothing is read from.
    pub fn unmatched(&self) -> Vec<String> {
        let unmatched = (0..self.cells.len()).filter(|position| !self.positions.contains(&Some(*position)));
        let is_foreign = |cell: &String| !cell.is_empty() && !is_own(cell);
        unmatched.map(|position| self.cells[position].clone()).filter(is_foreign).collect()
    }

    /// Whether some column has no name.
    pub fn is_nameless(&self) -> bool {
        self.cells.iter().any(String::is_empty)
    }

    /// Whether a row has as many cells as the header.
    ///
    /// # Errors
    /// When it has not: its cells may have moved, so none of them is read.
    pub fn check_width(&self, record: Cells) -> Result<(), RowError> {
        let (wanted, got) = (self.cells.len(), record.len());
        if got == wanted {
            let is_filled = |position: usize| record.get(position).is_some_and(|cell| !text::is_blank(cell));
            let is_moved = (0..wanted).any(|position| self.cells[position].is_empty() && is_filled(position));
            let cause =
                "a cell stands in a column without a name: name the column, or quote cells that hold the delimiter";
            return if is_moved { Err(RowError::row(cause)) } else { Ok(()) };
        }
        let cause = format!(
            "the row has {got} cells, the header {wanted}: quote cells that hold the delimiter, or add the missing ones"
        );
        Err(RowError::row(cause))
    }

    /// Whether a row is this header once more, in whatever case.
    pub fn is_repeated_by(&self, record: Cells) -> bool {
        let is_same = |(cell, name): (&str, &String)| trimmed(cell).eq_ignore_ascii_case(name);
        record.len() == self.cells.len() && record.iter().zip(&self.cells).all(is_same)
    }

    /// Whether a column at a position counts: its source reads it, and not for what people wrote.
    pub fn is_counted(&self, position: usize) -> bool {
        let mut columns = self.positions.iter().enumerate().filter(|(_, at)| **at == Some(position));
        columns.any(|(column, _)| self.columns.get(column).is_none_or(|column| !column.is_prompt))
    }

    /// Whether the column at a position is read.
    pub fn is_read(&self, position: usize) -> bool {
        self.positions.contains(&Some(position))
    }

    /// Whether some column holds prompts.
    pub fn has_prompts(&self) -> bool {
        self.columns.iter().zip(&self.positions).any(|(column, at)| column.is_prompt && at.is_some())
    }

    /// The header without the columns that this program adds.
    pub fn foreign(&self) -> Vec<String> {
        self.cells.iter().filter(|cell| !is_own(cell)).cloned().collect()
    }

    /// Whether this program wrote the file: then each cell that begins with an apostrophe has one more than was meant.
    pub fn is_defused(&self) -> bool {
        DEFUSED.iter().all(|name| self.cells.iter().any(|cell| cell == name))
    }

    /// What a row of a file that this program wrote says of its column.
    pub fn own_cell<'r>(&self, record: Cells<'r>, name: &str) -> Option<&'r str> {
        self.cells.iter().position(|cell| cell == name).and_then(|position| record.get(position))
    }

    /// What a row holds, in the order of the header and without the columns that this program adds; surplus cells come
    /// last. Unless they are kept, prompts are blank, and so is a column that is suspected to hold one. In a row of the
    /// wrong width a prompt may stand anywhere, so there every cell but times, numbers and names that other rows have is
    /// blank; so are texts in columns that nothing is read from.
    pub fn held(
        &self,
        record: Cells,
        keep: Keep,
        suspect: Option<&str>,
        is_name: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let shows = |position: usize, value: &str| {
            let column = self.positions.iter().position(|at| *at == Some(position));
            let is_prompt = column.and_then(|column| self.columns.get(column)).is_some_and(|column| column.is_prompt);
            let may_be_prompt = column.is_none() && value.split_whitespace().nth(1).is_some();
            let is_suspect = suspect.is_some_and(|name| self.cells.get(position).is_some_and(|cell| cell == name));
            !is_prompt && !may_be_prompt && !is_suspect
        };
        let may_have_moved = self.has_prompts() && self.check_width(record).is_err();
        self.cells_of(record, |position, value| {
            keep == Keep::IdsAndPrompts
                || !self.columns.iter().any(|column| column.is_prompt)
                || shows(position, value) && (!may_have_moved || is_figure(value))
                || may_have_moved && is_name(trimmed(value))
        })
    }

    /// As [`Header::held`], of a row whose cells may stand anywhere.
    pub fn held_anyhow(&self, record: Cells, keep: Keep) -> Vec<String> {
        let shows_all = keep == Keep::IdsAndPrompts || !self.has_prompts();
        self.cells_of(record, |_, value| shows_all || is_figure(value))
    }

    fn cells_of(&self, record: Cells, shows: impl Fn(usize, &str) -> bool) -> Vec<String> {
        let is_foreign = |position: &usize| self.cells.get(*position).is_none_or(|name| !is_own(name));
        let cell = |position| {
            let value = record.get(position).unwrap_or("");
            if shows(position, value) { value.to_owned() } else { String::new() }
        };
        (0..self.cells.len().max(record.len())).filter(is_foreign).map(cell).collect()
    }
}

/// How a column is called that has no name.
pub fn unnamed(position: usize) -> String {
    format!("(column {})", position + 1)
}

fn is_own(name: &str) -> bool {
    OWN_COLUMNS.contains(&name)
}

/// The columns that `rejects.csv` adds; they stand in files that are read again.
pub const OWN_COLUMNS: [&str; 4] = [FILE, LINE, COLUMN, CAUSE];
/// The file that a row comes from.
pub const FILE: &str = "_file";
/// Its line there.
pub const LINE: &str = "_line";
/// The column that is wrong.
pub const COLUMN: &str = "_column";
/// What is wrong.
pub const CAUSE: &str = "_cause";
/// By these columns a file is known as written by this program.
const DEFUSED: [&str; 2] = [FILE, LINE];

/// Whether a cell can only be a time or a number.
fn is_figure(cell: &str) -> bool {
    cell.chars().all(|c| c.is_ascii_digit() || matches!(c, 'T' | 'Z' | ':' | '-' | '+' | '.' | ',' | '$' | '~' | ' '))
}

/// Whether a row holds nothing.
pub fn is_blank(record: Cells) -> bool {
    record.iter().all(text::is_blank)
}
