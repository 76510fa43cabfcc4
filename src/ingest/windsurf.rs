//! Windsurf's Cascade analytics: one row a day, conversation, model and mode. Numbers are strings, a zero is left out,
//! and prompt credits are told in hundredths.
use crate::{
    ingest::{
        batch::{Batch, RowError},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            amounts::Amounts,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
        },
        value::{instant::Instants, key_of, words},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Amount,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "windsurf",
    about: "Windsurf: Cascade analytics API, cascade_runs: prompt credits a conversation and day",
    same_event: "rows with the same day, user, cascade, model and mode are one event, whatever their credits",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(Windsurf::new(conventions)) },
};

/// The columns; the constants below are positions in it.
const COLUMNS: &[Column] = &[
    Column::new("day", &[]),
    Column::new("promptsUsed", &[]),
    Column::new("cascadeId", &[]),
    Column::new("model", &[]),
    Column::new("mode", &[]),
    Column::new("messagesSent", &[]),
    Column::new("email", &["user", "useremail"]),
];
const DAY: usize = 0;
const PROMPTS_USED: usize = 1;
const CASCADE: usize = 2;
const MODEL: usize = 3;
const MODE: usize = 4;
const MESSAGES_SENT: usize = 5;
const EMAIL: usize = 6;

/// How sure it is that a header is of cascade runs.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let is_own = has(DAY) && has(PROMPTS_USED) && (has(CASCADE) || has(MESSAGES_SENT));
    header.score_of(is_own)
}

const PROVIDER: &str = "windsurf";

struct Windsurf {
    amounts: Amounts,
    instants: Instants,
    left_out: u64,
}

impl Windsurf {
    fn new(conventions: Conventions) -> Self {
        let amounts = Amounts::new(PROVIDER, conventions);
        Self { amounts, instants: Instants::new(Some(Zone::utc())), left_out: 0 }
    }

    /// Hundredths as credits, exactly.
    fn amount(&mut self, row: &Row) -> Result<Amount, RowError> {
        const HUNDREDTHS: i64 = 100;
        let [hundredths] = self.amounts.optional(row, [PROMPTS_USED])?;
        self.left_out += u64::from(row.cell(PROMPTS_USED).is_empty());
        if hundredths.nanos() % HUNDREDTHS != 0 {
            return Err(row.error(PROMPTS_USED, "not a number of hundredths: it has too many decimals"));
        }
        Ok(Amount::from_nanos(hundredths.nanos() / HUNDREDTHS))
    }
}

/// The planner's modes: what writes code builds, what may only read talks.
fn kind(mode: &str) -> Kind {
    let mode = words::normal(mode);
    match () {
        () if mode.ends_with("readonly") || mode.ends_with("notool") => Kind::Discuss,
        () if mode.ends_with("planning") => Kind::Plan,
        () if mode.ends_with("default") => Kind::Build,
        () => Kind::Unknown,
    }
}

impl TableReader for Windsurf {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(DAY)).map_err(|cause| row.error(DAY, cause))?;
        let amount = self.amount(row)?;
        self.amounts.add(row, PROMPTS_USED, amount, Unit::Credits, Basis::Billed);
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Credits },
            entry: if amount < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis: Basis::Billed,
            kind: kind(row.cell(MODE)),
            status: Status::Unknown,
            model: names.word_if_any(row.cell(MODEL)),
            has_id: false,
            is_aggregate: false,
        };
        let user = row.cell(EMAIL).to_lowercase();
        let thread = Thread {
            user: names.word_if_any(&user),
            session: names.word_if_any(row.cell(CASCADE)),
            ..Thread::default()
        };
        let event = Event {
            at,
            amount,
            key: key_of((at, user, row.cell(CASCADE), row.cell(MODEL), row.cell(MODE))),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        Ok(Parsed::of(event))
    }

    fn evidence(&self) -> Evidence {
        self.amounts.evidence()
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.amounts.finish(batch);
        batch.remark("one row is a day of a conversation: single prompts and their times are not told");
        batch.remark("promptsUsed is told in hundredths of a prompt credit and counted in credits");
        batch.note(self.left_out, "rows tell no promptsUsed: the API leaves out a zero, so they are 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{
        check::{events, inspected, settings},
        tests::sums,
    };

    #[test]
    fn runs_of_all_queries_are_read_in_exact_hundredths() {
        let text = r#"{"queryResults": [{"cascadeRuns": {"cascadeRuns": [
            {"day": "2026-05-01T00:00:00Z", "model": "m", "mode": "PLANNER_MODE_DEFAULT", "messagesSent": "1",
             "cascadeId": "c1", "promptsUsed": "125"},
            {"day": "2026-05-02T00:00:00Z", "model": "m", "mode": "PLANNER_MODE_READ_ONLY", "messagesSent": "2",
             "cascadeId": "c1"},
            {"day": "2026-05-02T00:00:00Z", "model": "m", "mode": "x", "cascadeId": "c1", "promptsUsed": "many"}]}}]}"#;
        let (source, batch) = inspected(text, &settings());
        assert_eq!(source.name, "windsurf");
        assert_eq!(
            events(&batch),
            [
                "2026-05-01T00:00:00Z 1.25 windsurf message credits billed",
                "2026-05-02T00:00:00Z 0 windsurf message credits billed",
            ]
        );
        assert_eq!(sums(&batch), ["promptsUsed 1.25 credits billed"]);
        assert_eq!((batch.rows.rejected, batch.problems[0].problem.column.as_str()), (1, "promptsUsed"));
        assert_eq!(batch.names.tag(batch.events[1].tag).kind, Kind::Discuss);
        assert_eq!(batch.names.text_of(batch.names.thread(batch.events[0].thread).session), Some("c1"));
        assert!(
            batch.sentences().iter().any(|note| note.starts_with("1 rows tell no promptsUsed")),
            "{:?}",
            batch.notes
        );
    }
}
