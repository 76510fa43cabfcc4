//! v0's usage events, one a message: `/v2/usage/events` and the older `/v1/reports/usage`. What was waived or charged
//! at nothing keeps its place with an amount of 0; what it would have cost shows in the file's sums only.
use crate::{
    ingest::{
        batch::{Batch, RowError},
        prompts::Written,
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            amounts::Amounts,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
        },
        value::{instant::Instants, key_of_id, key_of_row, words},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::{Amount, Total},
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "v0",
    about: "v0: usage events of its API, JSON (v2/usage/events, v1/reports/usage)",
    same_event: "rows with the same event id in the same second are one event, and those of files that tell the times of the same ids otherwise; without ids rows with the same time, user, message and amount",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(V0::new(conventions)) },
};

/// The columns of both forms; the constants below are positions in it.
const COLUMNS: &[Column] = &[
    Column::new("createdAt", &[]),
    Column::new("creditsCost.total", &["totalcost"]),
    Column::new("creditsCost.charged", &[]),
    Column::new("id", &[]),
    Column::new("type", &[]),
    Column::new("user.email", &["userid", "user.id"]),
    Column::new("chatId", &[]),
    Column::new("messageId", &[]),
    Column::new("model", &["modelid"]),
    Column::new("sources", &["source"]),
    Column::new("waived", &[]),
    Column::new("object", &[]),
    Column::new("promptCost", &[]),
    Column::new("completionCost", &[]),
];
const CREATED: usize = 0;
const TOTAL: usize = 1;
const CHARGED: usize = 2;
const ID: usize = 3;
const TYPE: usize = 4;
const USER: usize = 5;
const CHAT: usize = 6;
const MESSAGE: usize = 7;
const MODEL: usize = 8;
const SOURCES: usize = 9;
const WAIVED: usize = 10;
const OBJECT: usize = 11;
const PROMPT_COST: usize = 12;

/// How sure it is that a header is of usage events: `totalCost` stands in other exports too, so the older form needs
/// more of its names.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let is_newer = header.name(TOTAL).eq_ignore_ascii_case("creditsCost.total");
    let is_older = has(CHAT) && has(MESSAGE) && (has(OBJECT) || has(PROMPT_COST));
    let is_own = has(CREATED) && has(TOTAL) && has(ID) && (is_newer || is_older);
    header.score_of(is_own)
}

const PROVIDER: &str = "v0";

struct V0 {
    amounts: Amounts,
    instants: Instants,
    /// Events that cost nothing though they have a price, and their prices.
    waived: (u64, Total),
    /// Events of which another amount than the total was charged.
    partly: u64,
}

/// The event's kind and whether it gives credits back.
fn kind(word: &str) -> (Kind, Entry) {
    let word = words::normal(word);
    match word.as_str() {
        "inlineedit" => (Kind::VisualEdit, Entry::Usage),
        _ if word.contains("refund") => (Kind::Unknown, Entry::Refund),
        _ => (words::kind(&word), Entry::Usage),
    }
}

impl V0 {
    fn new(conventions: Conventions) -> Self {
        Self {
            amounts: Amounts::new(PROVIDER, conventions),
            instants: Instants::new(Some(Zone::utc())),
            waived: (0, Total::ZERO),
            partly: 0,
        }
    }

    /// What the event consumed, and how that came about.
    fn amount(&mut self, row: &Row, entry: Entry) -> Result<(Amount, Basis), RowError> {
        let told = self.amounts.required(row, TOTAL)?;
        let [charged] = self.amounts.optional(row, [CHARGED])?;
        let tells_charge = !row.cell(CHARGED).is_empty();
        let sources = row.cell(SOURCES);
        let is_plan = sources.split('|').any(|source| source == "plan") && !sources.contains("demand");
        let is_waived = row.cell(WAIVED).eq_ignore_ascii_case("true");
        let is_free = is_waived || tells_charge && charged.is_zero() && !told.is_zero();
        let basis = match (is_waived, is_plan, is_free) {
            (false, true, _) => Basis::Included,
            (true, ..) | (_, _, true) => Basis::Waived,
            _ => Basis::Billed,
        };
        let total = match entry {
            Entry::Refund => Amount::from_nanos(told.nanos().saturating_abs().saturating_neg()),
            _ => told,
        };
        self.amounts.add(row, TOTAL, total, Unit::Credits, basis);
        self.amounts.add(row, CHARGED, charged, Unit::Credits, basis);
        self.partly += u64::from(tells_charge && !is_free && charged != told);
        if is_free {
            self.waived.0 += 1;
            self.waived.1 += total;
            return Ok((Amount::ZERO, basis));
        }
        Ok((total, basis))
    }
}

impl TableReader for V0 {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(CREATED)).map_err(|cause| row.error(CREATED, cause))?;
        let (kind, entry) = kind(row.cell(TYPE));
        let (amount, basis) = self.amount(row, entry)?;
        let id = row.cell(ID);
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Credits },
            entry: if amount < Amount::ZERO { Entry::Refund } else { entry },
            basis,
            kind,
            status: Status::Unknown,
            model: names.word_if_any(row.cell(MODEL)),
            has_id: !id.is_empty(),
            is_aggregate: false,
        };
        let user = row.cell(USER).to_lowercase();
        let thread = Thread {
            user: names.word_if_any(if user.contains('@') { &user } else { row.cell(USER) }),
            session: names.word_if_any(row.cell(CHAT)),
            ..Thread::default()
        };
        let event = Event {
            at,
            amount,
            key: if id.is_empty() { key_of_row((at, user, row.cell(MESSAGE)), amount) } else { key_of_id(id) },
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        let id = (!id.is_empty()).then_some(id);
        let written = Written { id, ..Written::default() };
        Ok(Parsed { written, ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        self.amounts.evidence()
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.amounts.finish(batch);
        let (count, worth) = self.waived;
        batch.note(count, &format!("events were waived or charged at nothing: their {worth} are not counted"));
        batch.note(self.partly, "events were charged other than their total, which is counted");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ingest::check::{events, inspected, settings},
        model::account::ZeroCause,
    };

    const NEWER: &str = r#"{"items": [
        {"id": "e1", "type": "message", "createdAt": "2026-09-01T08:00:00.5Z", "userId": "U1", "chatId": "c1",
         "messageId": "m1", "model": "v0-max", "sources": ["plan"], "waived": false, "tokens": {"input": 10},
         "creditsCost": {"input": 0.1, "output": 0.15, "total": 0.25, "charged": 0.25}},
        {"id": "e2", "type": "message", "createdAt": "2026-09-01T08:01:00Z", "chatId": "c1", "sources": ["plan", "on-demand"],
         "waived": false, "creditsCost": {"total": 1.5, "charged": 1.5}},
        {"id": "e3", "type": "message", "createdAt": "2026-09-01T08:02:00Z", "chatId": "c1", "sources": [],
         "waived": true, "creditsCost": {"total": 0.5, "charged": 0}},
        {"id": "e4", "type": "message", "createdAt": "2026-09-01T08:03:00Z", "waived": false, "creditsCost": {}}],
        "pagination": {"hasMore": true}}"#;

    #[test]
    fn newer_events_tell_who_paid() {
        let (source, batch) = inspected(NEWER, &settings());
        assert_eq!(source.name, "v0");
        assert_eq!(
            events(&batch),
            [
                "2026-09-01T08:00:00.500Z 0.25 v0 message credits included",
                "2026-09-01T08:01:00Z 1.5 v0 message credits billed",
                "2026-09-01T08:02:00Z 0 v0 message credits waived",
            ]
        );
        let tag = batch.names.tag(batch.events[2].tag);
        assert_eq!((tag.kind, tag.zero_cause(Amount::ZERO)), (Kind::Build, Some(ZeroCause::Waived)));
        assert_eq!((batch.rows.rejected, batch.problems[0].problem.place.line), (1, 4));
        assert!(batch.sentences().iter().any(|note| note.contains("their 0.5 are not counted")), "{:?}", batch.notes);
        assert!(batch.sentences().iter().any(|note| note.contains("more pages")), "{:?}", batch.notes);
    }

    #[test]
    fn older_events_write_costs_as_text_and_refund() {
        let text = r#"{"object": "list", "data": [
            {"id": "a", "object": "usage_event", "type": "inline-edit", "promptCost": "0.01", "completionCost": "0.02",
             "totalCost": "0.03", "chatId": "c", "messageId": "m", "createdAt": "2025-09-01T08:00:00Z"},
            {"id": "b", "object": "usage_event", "type": "refund", "totalCost": "0.03", "chatId": "c",
             "createdAt": "2025-09-01T09:00:00Z"}]}"#;
        let (source, batch) = inspected(text, &settings());
        assert_eq!(source.name, "v0");
        assert_eq!(
            events(&batch),
            [
                "2025-09-01T08:00:00Z 0.03 v0 message credits billed",
                "2025-09-01T09:00:00Z -0.03 v0 message credits billed",
            ]
        );
        assert_eq!(batch.names.tag(batch.events[1].tag).entry, Entry::Refund);
    }
}
