//! Rows that add up others. A sheet kept by hand may end a day, a person or itself with a row that has a time and an
//! amount like any event, and `Total` for a user or an app. It is told from an event by its arithmetic: its amount is, to
//! the last digit, that of the rows above it, of those since the total before, of those of its day, its user or its app,
//! or of all others. Where it is not, the row counts as use, and that is said.
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    ingest::{
        batch::{Batch, RowError},
        table::{Parsed, Row, TableReader, evidence::Evidence, notes, total_words},
    },
    model::{
        cues::Cues,
        event::{Account, Event, Thread, Word},
        instant::{Day, Instant},
        names::Names,
        zone::Zone,
    },
};

/// So many rows at least are added up by a row that proves by itself to be a total.
const LEAST: u64 = 2;

/// So many lines are listed.
const LISTED: usize = 8;

/// The rows of a table that are called a total.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Sums {
    /// The lines of those that are one.
    pub(in crate::ingest) lines: Arc<BTreeSet<u32>>,
    /// The lines of those that are none as far as can be told.
    unproven: Vec<u32>,
}

impl Sums {
    /// Finds them among the events that a table gave.
    pub(in crate::ingest) fn find(batch: &Batch) -> Self {
        let suspects = Suspects::of(batch);
        if suspects.is_none() {
            return Self::default();
        }
        let amounts = |at: usize| {
            let second = batch.second_of(at).map_or(0, |(_, second)| second.nanos().into());
            Figures { amount: batch.events[at].amount.nanos().into(), second, rows: 1 }
        };
        let mut streams: BTreeMap<Option<Account>, Stream> = BTreeMap::new();
        let mut proofs: Vec<(usize, Proof)> = Vec::new();
        for (at, event) in batch.events.iter().enumerate() {
            let account = batch.names.tag(event.tag).account;
            let name = suspects.name_of(event);
            for key in [None, Some(account)] {
                let stream = streams.entry(key).or_default();
                match &name {
                    Some(name) => proofs.push((at, stream.proof(name, event, amounts(at)))),
                    None => stream.add(event, batch.names.thread(event.thread), amounts(at)),
                }
            }
            if name.is_some() {
                for stream in streams.values_mut() {
                    stream.since = Figures::default();
                }
            }
        }
        for (at, proof) in &mut proofs {
            let account = batch.names.tag(batch.events[*at].tag).account;
            let names_nobody = suspects.name_of(&batch.events[*at]).is_some_and(|name| name == Thread::default());
            let is_all =
                |key| streams.get(&key).is_some_and(|stream| stream.all.is_told_by(amounts(*at)) == Proof::Sure);
            if names_nobody && (is_all(None) || is_all(Some(account))) {
                *proof = Proof::Sure;
            }
        }
        // A single row may be added up, too, in a table that has totals.
        let least = if proofs.iter().any(|(_, proof)| *proof == Proof::Sure) { Proof::Likely } else { Proof::Sure };
        let line = |at: usize| batch.events[at].place.line;
        let lines: BTreeSet<u32> =
            proofs.iter().filter(|(_, proof)| *proof >= least).map(|(at, _)| line(*at)).collect();
        let is_open = |(at, _): &(usize, Proof)| !lines.contains(&line(*at)) && !amounts(*at).is_nothing();
        let open: BTreeSet<u32> = proofs.iter().copied().filter(is_open).map(|(at, _)| line(at)).collect();
        Self { lines: Arc::new(lines), unproven: open.into_iter().collect() }
    }

    /// Says what was found.
    pub(in crate::ingest) fn note(&self, batch: &mut Batch) {
        batch.note(self.lines.len() as u64, notes::PROVEN);
        batch.note(self.unproven.len() as u64, notes::UNPROVEN);
        if let Some((first, more)) = self.unproven.split_first() {
            let lines: Vec<String> = [first].into_iter().chain(more).take(LISTED).map(u32::to_string).collect();
            let dots = if self.unproven.len() > LISTED { " ..." } else { "" };
            batch.remark(&format!("lines that are called a total and count as use: {}{dots}", lines.join(", ")));
        }
    }
}

/// How sure it is that a row adds up others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    None,
    /// It has the amount of a single row.
    Likely,
    Sure,
}

/// What some rows add up to, in 1e-9 units.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    amount: i128,
    second: i128,
    rows: u64,
}

impl Figures {
    fn add(&mut self, more: Self) {
        self.amount += more.amount;
        self.second += more.second;
        self.rows += more.rows;
    }

    fn is_nothing(self) -> bool {
        self.amount == 0 && self.second == 0
    }

    fn is_told_by(self, total: Self) -> Proof {
        let is_second = total.second == self.second || total.second == 0 && total.amount != 0;
        if total.is_nothing() || total.amount != self.amount || !is_second {
            return Proof::None;
        }
        match self.rows {
            0 => Proof::None,
            rows if rows < LEAST => Proof::Likely,
            _ => Proof::Sure,
        }
    }
}

/// What the rows above a row add up to.
#[derive(Debug, Default)]
struct Stream {
    all: Figures,
    since: Figures,
    day: (Option<Day>, Figures),
    user: (Option<Word>, Figures),
    app: (Option<Word>, Figures),
}

impl Stream {
    fn add(&mut self, event: &Event, thread: Thread, figures: Figures) {
        fn run<T: PartialEq>(run: &mut (T, Figures), of: T, figures: Figures) {
            if run.0 != of {
                *run = (of, Figures::default());
            }
            run.1.add(figures);
        }
        self.all.add(figures);
        self.since.add(figures);
        run(&mut self.day, Some(Zone::utc().day(event.at)), figures);
        run(&mut self.user, thread.user, figures);
        run(&mut self.app, thread.app, figures);
    }

    /// Whether a row is the sum of some above: of the user or the app that it names, else of any.
    fn proof(&self, name: &Thread, event: &Event, total: Figures) -> Proof {
        let blocks = match (name.user, name.app) {
            (None, None) => {
                let is_same_day = self.day.0 == Some(Zone::utc().day(event.at));
                vec![self.all, self.since, if is_same_day { self.day.1 } else { Figures::default() }]
            }
            (user, None) if user == self.user.0 => vec![self.user.1],
            (None, app) if app == self.app.0 => vec![self.app.1],
            _ => Vec::new(),
        };
        blocks.into_iter().map(|block| block.is_told_by(total)).max().unwrap_or(Proof::None)
    }
}

/// Which rows are called a total and say nothing that only an event does.
struct Suspects<'b> {
    names: &'b Names,
    words: BTreeSet<Word>,
}

impl<'b> Suspects<'b> {
    fn of(batch: &'b Batch) -> Self {
        let names = &batch.names;
        let words = (0..names.n_words()).map(Word::from_index);
        Self { names, words: words.filter(|word| total_words::is_total_word(names.text(*word))).collect() }
    }

    fn is_none(&self) -> bool {
        self.words.is_empty()
    }

    fn is_total(&self, word: Option<Word>) -> bool {
        word.is_some_and(|word| self.words.contains(&word))
    }

    /// Whom and what such a row names beside; `None` for any other row.
    fn name_of(&self, event: &Event) -> Option<Thread> {
        let (thread, tag) = (self.names.thread(event.thread), self.names.tag(event.tag));
        let words = [thread.user, thread.app, thread.workspace, thread.session, event.about.feature(), tag.model];
        let is_event = tag.has_id || event.cues != Cues::default();
        let other = |word: Option<Word>| word.filter(|word| !self.words.contains(word));
        let is_called = words.iter().any(|word| self.is_total(*word));
        let has_session = other(thread.session).is_some();
        (is_called && !is_event && !has_session).then(|| Thread {
            user: other(thread.user),
            app: other(thread.app),
            ..Thread::default()
        })
    }
}

/// A reader that passes over some rows.
pub(in crate::ingest) struct Without {
    pub(in crate::ingest) inner: Box<dyn TableReader>,
    pub(in crate::ingest) lines: Arc<BTreeSet<u32>>,
}

impl TableReader for Without {
    fn empty_bucket(&mut self, row: &Row) -> Result<Option<Instant>, RowError> {
        self.inner.empty_bucket(row)
    }

    fn passes_over(&mut self, row: &Row) -> bool {
        self.lines.contains(&row.line) || self.inner.passes_over(row)
    }

    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        self.inner.row(row, names)
    }

    fn evidence(&self) -> Evidence {
        self.inner.evidence()
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.inner.finish(batch);
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::tests::{events, read};

    /// Of a ledger's rows below `timestamp,user,app,credits`: how many count and how many are left out, and whether a
    /// note asks to check some.
    #[track_caller]
    fn check(rows: &str, counted: usize, left_out: u64, asks: bool) {
        let lines: Vec<String> = rows.split_whitespace().map(|row| format!("2026-09-{row}\n")).collect();
        let (.., batch) = read(&format!("timestamp,user,app,credits\n{}", lines.concat()));
        let sentences = batch.sentences();
        let found =
            (batch.events.len(), batch.rows.skipped, sentences.iter().any(|note| note.contains("called a total")));
        assert_eq!(found, (counted, left_out, asks), "{rows}{:#?}{sentences:?}", events(&batch));
        assert_eq!(sentences.iter().any(|note| note.contains("as their amounts prove")), left_out > 0);
    }

    #[test]
    fn a_row_that_adds_up_others_is_no_use() {
        check("01,ada,shop,1.5 02,ben,shop,0.25 02,Total,,1.75", 2, 1, false);
        check("01,ada,shop,1.5 02,ben,shop,0.25 02,,Summe:,1.75", 2, 1, false);
        check("30,,TOTAL,1.75 01,ada,shop,1.5 02,ben,shop,0.25", 2, 1, false);
        check("01,ada,shop,1 01,ben,shop,2 01,Total,,3 02,ada,shop,4 02,ben,shop,5 02,Total,,9", 4, 2, false);
        check("01,ada,shop,1 01,ben,shop,2 01,Subtotal,,3 02,ada,shop,4 02,Subtotal,,4 03,Total,,7", 3, 3, false);
        check("01,ada,shop,1 02,ada,cms,2 02,ada,Total,3 01,ben,shop,4 02,ben,cms,5 02,ben,Total,9", 4, 2, false);
    }

    #[test]
    fn what_does_not_add_up_counts_and_is_said() {
        check("01,ada,shop,1.5 02,ben,shop,0.25 02,Total,,1.76", 3, 0, true);
        check("01,ada,shop,1.5 02,Total,,1.5", 2, 0, true);
        check("01,ada,shop,1 01,ben,shop,2 01,cy,Total,3", 3, 0, true);
        check("01,ada,shop,1 01,ben,shop,2 01,Totally,,3", 3, 0, false);
        check("01,ada,shop,0 01,ben,shop,0 01,Total,,0", 3, 0, false);
    }

    #[test]
    fn a_prompt_an_id_or_a_session_make_an_event() {
        for (column, cell) in [("prompt", "Add totals"), ("event_id", "e-3"), ("session", "s1")] {
            let row = |n: u8, app: &str, credits: u8, cell: &str| format!("2026-09-0{n},{app},{credits},{cell}\n");
            let rows = [row(1, "shop", 1, ""), row(2, "shop", 2, ""), row(2, "Total", 3, cell)].concat();
            let (.., batch) = read(&format!("timestamp,app,credits,{column}\n{rows}"));
            assert_eq!((batch.events.len(), batch.rows.skipped), (3, 0), "{column}");
        }
    }

    #[test]
    fn a_total_of_dollars_and_tokens_is_one_of_both() {
        let text = |dollars: &str, tokens: &str| {
            format!(
                "Date,User,Kind,Model,Max Mode,Total Tokens,Cost\n\
                 2026-09-01T08:00:00Z,ada@example.com,On-Demand,m,No,100,0.1\n\
                 2026-09-02T08:00:00Z,ada@example.com,On-Demand,m,No,300,0.2\n\
                 2026-09-02T23:59:59Z,Total,,,,{tokens},{dollars}\n"
            )
        };
        for (dollars, tokens, counted) in [("0.3", "400", 2), ("0.3", "", 2), ("0.3", "401", 3), ("", "400", 3)] {
            let (.., batch) = read(&text(dollars, tokens));
            assert_eq!(batch.events.len(), counted, "{dollars} {tokens}");
            assert_eq!(batch.second.len(), counted);
        }
    }
}
