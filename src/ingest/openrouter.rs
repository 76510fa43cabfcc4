//! OpenRouter's exports: the activity log, one row a call, and the daily totals, which cover the same calls. The cost of
//! a call holds the price or the discount of its cache already. Times are UTC.
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
            notes,
        },
        value::{instant::Instants, key_of, words::normal},
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
    name: "openrouter",
    about: "OpenRouter: activity CSV (one row a call) and daily totals CSV",
    same_event: "rows with the same generation id in the same second are one event, and those of files that tell the times of the same ids otherwise; without ids rows with the same time, model, provider, endpoint, user and API key",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(OpenRouter::new(conventions)) },
};

const PROVIDER: &str = "openrouter";

/// The columns of both exports; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("generation_id", &[]),
    Column::new("created_at", &["date"]),
    Column::new("model_permaslug", &["slug", "model"]),
    Column::new("provider_name", &[]),
    Column::new("user", &[]),
    Column::new("api_key_name", &[]),
    Column::new("app_name", &[]),
    Column::new("cancelled", &[]),
    Column::new("finish_reason_normalized", &[]),
    Column::new("cost_total", &["usage"]),
    Column::new("cost_web_search", &[]),
    Column::new("cost_cache", &[]),
    Column::new("cost_file_processing", &[]),
    Column::new("byok_usage_inference", &["byokusage"]),
    Column::new("tokens_prompt", &["prompttokens"]),
    Column::new("tokens_completion", &["completiontokens"]),
    Column::new("tokens_reasoning", &["reasoningtokens"]),
    Column::new("tokens_cached", &["cachedtokens"]),
    Column::new("requests", &[]),
    Column::new("endpoint_id", &[]),
    Column::new("variant", &[]),
    Column::new("streamed", &[]),
    Column::new("finish_reason_raw", &[]),
    Column::new("generation_time_ms", &[]),
    Column::new("time_to_first_token_ms", &[]),
    Column::new("api_key_disabled", &[]),
];
const ID: usize = 0;
const DATE: usize = 1;
const MODEL: usize = 2;
const SERVED_BY: usize = 3;
const USER: usize = 4;
const API_KEY: usize = 5;
const APP: usize = 6;
const CANCELLED: usize = 7;
const FINISH: usize = 8;
const COST: usize = 9;
const BYOK: usize = 13;
const PROMPT: usize = 14;
const COMPLETION: usize = 15;
const REQUESTS: usize = 18;
const ENDPOINT: usize = 19;

/// The further amounts of a row. Parts of the cost are inside it; reasoning and cached tokens are inside the others; what
/// a provider charges to a key of one's own is outside.
const FURTHER: [(usize, Unit); 9] = [
    (PROMPT, Unit::Tokens),
    (COMPLETION, Unit::Tokens),
    (10, Unit::Usd),
    (11, Unit::Usd),
    (12, Unit::Usd),
    (BYOK, Unit::Usd),
    (16, Unit::Tokens),
    (17, Unit::Tokens),
    (REQUESTS, Unit::Requests),
];

/// How sure it is that a header is OpenRouter's: only it counts what went to one's own keys beside the use of a day.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let calls = has(ID) && normal(header.name(COST)) == "costtotal";
    let totals = has(BYOK) && has(REQUESTS) && (has(PROMPT) || has(COMPLETION));
    header.score_of(has(DATE) && has(MODEL) && has(COST) && (calls || totals))
}

/// Reads OpenRouter's rows.
struct OpenRouter {
    instants: Instants,
    amounts: Amounts,
    totals: u64,
    keys_as_users: u64,
}

impl OpenRouter {
    fn new(conventions: Conventions) -> Self {
        Self {
            instants: Instants::new(Some(Zone::utc())),
            amounts: Amounts::new(PROVIDER, conventions),
            totals: 0,
            keys_as_users: 0,
        }
    }
}

/// How a call ended.
fn status_of(row: &Row) -> Status {
    match (row.cell(CANCELLED), row.cell(FINISH)) {
        (cancelled, _) if cancelled.eq_ignore_ascii_case("true") => Status::Cancelled,
        (_, finish) if finish.eq_ignore_ascii_case("error") => Status::Failed,
        (_, "") => Status::Unknown,
        _ => Status::Success,
    }
}

impl TableReader for OpenRouter {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(DATE)).map_err(|cause| row.error(DATE, cause))?;
        let is_total = !row.has(ID);
        let cost = self.amounts.required(row, COST)?;
        let further = self.amounts.optional(row, FURTHER.map(|(column, _)| column))?;
        let [prompt, completion, ..] = further;
        let tokens = prompt.checked_add(completion).ok_or_else(|| RowError::row("its tokens are beyond the range"))?;
        self.amounts.add(row, COST, cost, Unit::Usd, Basis::Billed);
        for (amount, (column, unit)) in further.into_iter().zip(FURTHER) {
            self.amounts.add(row, column, amount, unit, Basis::List);
        }
        let (user, key) = (row.cell(USER), row.cell(API_KEY));
        self.totals += u64::from(is_total);
        self.keys_as_users += u64::from(user.is_empty() && !key.is_empty());
        let has_tokens = row.has(PROMPT) || row.has(COMPLETION);
        let id = row.cell(ID);
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit: Unit::Usd },
            entry: if cost < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis: Basis::Billed,
            kind: Kind::Unknown,
            status: status_of(row),
            model: names.word_if_any(row.cell(MODEL)),
            has_id: !id.is_empty(),
            is_aggregate: is_total,
        };
        let thread = Thread {
            workspace: None,
            user: names.word_if_any(if user.is_empty() { key } else { user }),
            app: names.word_if_any(row.cell(APP)),
            session: None,
        };
        let of_row = || key_of((at, [MODEL, SERVED_BY, ENDPOINT, USER, API_KEY].map(|column| row.cell(column))));
        let event = Event {
            at,
            amount: cost,
            key: if id.is_empty() { of_row() } else { key_of(id) },
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        let id = (!id.is_empty()).then_some(id);
        let written = Written { id, ..Written::default() };
        Ok(Parsed { second: has_tokens.then_some((Unit::Tokens, tokens)), written, ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        self.amounts.evidence()
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.amounts.finish(batch);
        if self.totals > 0 {
            batch.remark(notes::DAY_TOTALS);
        } else if self.instants.naive > 0 {
            batch.remark("times are UTC, as OpenRouter writes them");
        }
        batch.note(self.keys_as_users, notes::KEYS_AS_USERS);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        ingest::tests::{events, problems, read, sums},
        model::account::Status,
    };

    const CALLS: &str = "generation_id,created_at,cost_total,cost_cache,byok_usage_inference,tokens_prompt,\
        tokens_completion,tokens_reasoning,model_permaslug,cancelled,user,finish_reason_normalized,app_name,api_key_name\n";

    #[test]
    fn a_call_costs_its_total_whatever_its_cache_gave_or_took() {
        let text = CALLS.to_owned()
            + "gen-1,2026-09-03 10:00:00.5,0.25,-0.1,0,100,20,5,acme/large,false,,stop,Shop,key one\n"
            + "gen-2,2026-09-03 11:00:00,0.5,0.05,,80,10,,acme/large,true,ada,stop,Shop,key one\n"
            + "gen-3,2026-09-03 12:00:00,0,,,,,,acme/small,false,,error,,\n";
        let (_, confidence, batch) = read(&text);
        assert!(confidence >= 0.9);
        assert_eq!(
            events(&batch),
            [
                "2026-09-03T10:00:00.500Z 0.25 usd key one@Shop of -, acme/large",
                "2026-09-03T11:00:00Z 0.5 usd ada@Shop of -, acme/large",
                "2026-09-03T12:00:00Z 0 usd -@- of -, acme/small",
            ]
        );
        let expected = [
            "cost_total 0.75 usd billed",
            "cost_cache -0.05 usd list",
            "byok_usage_inference 0 usd list",
            "tokens_prompt 180 tokens list",
            "tokens_completion 30 tokens list",
            "tokens_reasoning 5 tokens list",
        ];
        assert_eq!(sums(&batch), expected);
        let tokens: Vec<_> = batch.second.iter().flatten().map(|(_, tokens)| tokens.to_string()).collect();
        assert_eq!(tokens, ["120", "90", "0"]);
        let status: Vec<_> = batch.events.iter().map(|event| batch.names.tag(event.tag).status).collect();
        assert_eq!(status, [Status::Success, Status::Cancelled, Status::Failed]);
        assert!(batch.sentences().iter().any(|note| note.starts_with("1 rows name an API key")), "{:?}", batch.notes);
    }

    #[test]
    fn the_daily_file_holds_totals() {
        let header = "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n";
        let (_, _, batch) = read(&(header.to_owned() + "2026-09-03 00:00:00,acme/large,430.07,1,41,7000,30,0\n"));
        assert_eq!(events(&batch), ["2026-09-03T00:00:00Z 430.07 usd -@- of -, acme/large, total"]);
        assert_eq!(
            sums(&batch)[..3],
            ["Usage 430.07 usd billed", "BYOK Usage 1 usd list", "Prompt Tokens 7000 tokens list"]
        );
        assert_eq!(batch.sentences(), ["day totals: they cannot be classified or put into sessions"]);
    }

    #[test]
    fn a_cost_that_cannot_be_read_is_a_problem() {
        let text = CALLS.to_owned()
            + "gen-1,2026-09-03 10:00:00,,,,,,,acme/large,,,,,\n"
            + "gen-2,03.09.2026,1,,,,,,acme/large,,,,,\n"
            + "gen-3,2026-09-03 10:00:00,1,n/a,,,,,acme/large,,,,,\n";
        let (_, _, batch) = read(&text);
        let starts =
            ["2 cost_total \"\": empty", "3 created_at \"03.09.2026\": not a time", "4 cost_cache \"n/a\": not a"];
        let got = problems(&batch);
        assert!(got.len() == 3 && got.iter().zip(starts).all(|(got, start)| got.starts_with(start)), "{got:?}");
        assert!(sums(&batch).is_empty());
    }
}
