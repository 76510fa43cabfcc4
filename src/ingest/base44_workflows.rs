//! Runs of Base44's workflows: what the running app consumed in integration credits. A run that failed for want of
//! credits cost nothing and says so.
use crate::{
    ingest::{
        batch::{Batch, Measure, RowError, summed},
        prompts::Written,
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
            notes,
        },
        value::{decimal::Decimals, instant::Instants, key_of, key_of_id, words},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Amount,
        cues::Cues,
        event::{Account, Event, Place, Tag, Thread},
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "base44-workflows",
    about: "Base44: workflow runs of an app with their integration credits, as its API lists them",
    same_event: "rows with the same id in the same second are one event, and those of files that tell the times of the same ids otherwise; without ids rows with the same time, app, workflow and trigger",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(Workflows::new(conventions)) },
};

/// The columns, in either of the API's ways of writing; the constants below are positions in it.
const COLUMNS: &[Column] = &[
    Column::new("credits_consumed", &["creditsused", "credits"]),
    Column::new("status", &[]),
    Column::new("status_reason", &[]),
    Column::new("started_at", &[]),
    Column::new("created_at", &["createddate"]),
    Column::new("completed_at", &["finishedat"]),
    Column::new("id", &["runid"]),
    Column::new("workflow_id", &[]),
    Column::new("workflow_name", &["workflow.name"]),
    Column::new("app_id", &[]),
    Column::new("app_name", &[]),
    Column::new("trigger_type", &[]),
    Column::new("is_test_run", &[]),
    Column::new("duration_ms", &[]),
    Column::new("steps_count", &[]),
    Column::new("error_message", &["error"]),
];
const CREDITS: usize = 0;
const STATUS: usize = 1;
const STATUS_REASON: usize = 2;
const STARTED: usize = 3;
const CREATED: usize = 4;
const COMPLETED: usize = 5;
const ID: usize = 6;
const WORKFLOW_ID: usize = 7;
const WORKFLOW_NAME: usize = 8;
const APP_ID: usize = 9;
const APP_NAME: usize = 10;
const TRIGGER: usize = 11;
/// A run that was blocked never started: then the next of these tells when.
const TIMES: [usize; 3] = [STARTED, CREATED, COMPLETED];

/// How sure it is that a header is of workflow runs; a ledger has no workflow.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let is_run = has(WORKFLOW_ID) || has(WORKFLOW_NAME) || has(TRIGGER);
    let is_whole = has(CREDITS) && has(STATUS) && TIMES.into_iter().any(has);
    header.score_of(is_run && is_whole)
}

struct Workflows {
    decimals: Decimals,
    instants: Instants,
}

impl Workflows {
    fn new(conventions: Conventions) -> Self {
        Self { decimals: Decimals::with_mark(conventions.mark), instants: Instants::new(Some(Zone::utc())) }
    }
}

fn status(row: &Row) -> Status {
    match (words::status(row.cell(STATUS_REASON)), words::status(row.cell(STATUS))) {
        (Status::Blocked, _) => Status::Blocked,
        (_, status) => status,
    }
}

impl TableReader for Workflows {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let (time, cell) = row.first_of(&TIMES).unwrap_or((STARTED, ""));
        let at = self.instants.read(cell).map_err(|cause| row.error(time, cause))?;
        let cell = row.cell(CREDITS);
        if cell.is_empty() {
            return Err(row.error(CREDITS, "empty: the run does not tell its credits; is it still running?"));
        }
        let amount = self.decimals.read(cell).map_err(|cause| row.error(CREDITS, cause))?;
        let id = row.cell(ID);
        let tag = Tag {
            account: Account { provider: names.word("base44"), meter: Meter::Integration, unit: Unit::Credits },
            entry: if amount < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis: Basis::Billed,
            kind: Kind::Workflow,
            status: status(row),
            model: None,
            has_id: !id.is_empty(),
            is_aggregate: false,
        };
        let first = |columns| row.first_of(columns).map_or("", |(_, cell)| cell);
        let workflow = first(&[WORKFLOW_NAME, WORKFLOW_ID]);
        let app = first(&[APP_ID, APP_NAME]);
        let app = names.word_if_any(app);
        if let Some(id) = app.filter(|_| !row.cell(APP_ID).is_empty()) {
            names.label(None, id, row.cell(APP_NAME), at);
        }
        let thread = Thread { app, ..Thread::default() };
        let event = Event {
            at,
            amount,
            key: if id.is_empty() {
                key_of((at, [APP_ID, APP_NAME, WORKFLOW_ID, WORKFLOW_NAME, TRIGGER].map(|c| row.cell(c))))
            } else {
                key_of_id(id)
            },
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: names.word_if_any(workflow).into(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        let id = (!id.is_empty()).then_some(id);
        let reason = Some(row.cell(STATUS_REASON)).filter(|cell| !cell.is_empty());
        let written = Written { id, reason, ..Written::default() };
        Ok(Parsed { written, ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        Evidence::of(&self.decimals)
    }

    fn finish(&mut self, batch: &mut Batch) {
        let part = |event: &Event| Measure {
            provider: "base44".to_owned(),
            meter: Meter::Integration,
            unit: Unit::Credits,
            basis: Basis::Billed,
            name: "credits_consumed".to_owned(),
            amount: event.amount.into(),
        };
        for sum in summed(batch.events.iter(), |event| event.tag, part) {
            batch.measure(sum);
        }
        batch.note(self.decimals.rounded, notes::ROUNDED);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        ingest::check::{events, inspected, settings},
        model::account::{Kind, ZeroCause},
    };

    const RUNS: &str = r#"{"runs": [
        {"id": "r1", "workflow_id": "w1", "workflow_name": "Nightly mail", "status": "success", "status_reason": null,
         "started_at": "2026-08-01T03:00:00Z", "credits_consumed": 1.25, "trigger_type": "scheduled"},
        {"id": "r2", "workflow_id": "w1", "workflow_name": "Nightly mail", "status": "failed",
         "status_reason": "insufficient_credits", "started_at": null, "created_at": "2026-08-02T03:00:00Z",
         "credits_consumed": 0, "trigger_type": "scheduled"},
        {"id": "r3", "workflow_id": "w1", "status": "running", "started_at": "2026-08-02T04:00:00Z",
         "credits_consumed": null}]}"#;

    #[test]
    fn runs_are_integration_use_and_blocked_ones_say_why_they_cost_nothing() {
        let (source, batch) = inspected(RUNS, &settings());
        assert_eq!(source.name, "base44-workflows");
        assert_eq!(
            events(&batch),
            [
                "2026-08-01T03:00:00Z 1.25 base44 integration credits billed",
                "2026-08-02T03:00:00Z 0 base44 integration credits billed",
            ]
        );
        let tag = batch.names.tag(batch.events[1].tag);
        assert_eq!((tag.kind, tag.zero_cause(batch.events[1].amount)), (Kind::Workflow, Some(ZeroCause::Blocked)));
        assert_eq!(batch.names.text_of(batch.events[0].about.feature()), Some("Nightly mail"));
        assert_eq!(batch.problems[0].problem.place.line, 3);
    }

    #[test]
    fn a_ledger_with_a_status_stays_a_ledger() {
        let ledger = "created_at,credits_consumed,status,status_reason,id\n2026-08-01T03:00:00Z,1,success,,a\n";
        assert_eq!(inspected(ledger, &settings()).0.name, "ledger");
    }
}
