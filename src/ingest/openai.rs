//! OpenAI's exports of the usage page: cost and usage (completions, embeddings ...), by buckets of time, days as a rule.
//! A bucket without use holds nothing but its times. Cached input is part of the input: it is not added again.
use chrono::TimeDelta;

use crate::{
    ingest::{
        batch::{Batch, RowError, Second},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            amounts::Amounts,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
            notes,
        },
        value::{instant::Instants, key_of},
    },
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Amount,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
        names::Names,
        zone::Zone,
    },
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "openai",
    about: "OpenAI: cost and usage exports of the platform, CSV or TSV, totals by day",
    same_event: "rows with the same start, end, unit, line item, model, project, user, API key and other labels are one total, whatever its amount",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(OpenAi::new(conventions)) },
};

const PROVIDER: &str = "openai";

/// The columns of all exports; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("start_time", &[]),
    Column::new("end_time", &[]),
    Column::new("start_time_iso", &[]),
    Column::new("end_time_iso", &[]),
    Column::new("amount_value", &[]),
    Column::new("amount_currency", &[]),
    Column::new("line_item", &[]),
    Column::new("model", &[]),
    Column::new("project_name", &[]),
    Column::new("project_id", &[]),
    Column::new("organization_name", &[]),
    Column::new("organization_id", &[]),
    Column::new("user_email", &[]),
    Column::new("user_id", &[]),
    Column::new("api_key_name", &[]),
    Column::new("api_key_id", &[]),
    Column::new("batch", &[]),
    Column::new("service_tier", &[]),
    Column::new("input_tokens", &[]),
    Column::new("output_tokens", &[]),
    Column::new("num_model_requests", &[]),
    Column::new("input_cached_tokens", &[]),
    Column::new("input_uncached_tokens", &[]),
    Column::new("input_audio_tokens", &[]),
    Column::new("output_audio_tokens", &[]),
];
const START: usize = 0;
const END: usize = 1;
const START_ISO: usize = 2;
const END_ISO: usize = 3;
const TIMES: [usize; 4] = [START, END, START_ISO, END_ISO];
const COST: usize = 4;
const CURRENCY: usize = 5;
const LINE_ITEM: usize = 6;
const MODEL: usize = 7;
/// Names before ids.
const PROJECT: [usize; 2] = [8, 9];
const ORGANIZATION: [usize; 2] = [10, 11];
const PERSON: [usize; 2] = [12, 13];
const API_KEY: [usize; 2] = [14, 15];
const INPUT: usize = 18;
const OUTPUT: usize = 19;
const REQUESTS: usize = 20;
/// Parts of the input and the output, which hold them already.
const PARTS: [usize; 4] = [21, 22, 23, 24];

/// What tells the rows of one bucket apart: ids before names, which people change.
const LABELS: [usize; 8] = [LINE_ITEM, MODEL, 9, 11, 13, 15, 16, 17];

/// How sure it is that a header is OpenAI's. Without any use in its period, an export has the four times and no more.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let has_times = has(START_ISO) && has(END_ISO) && (has(START) || has(END));
    if [COST, INPUT, OUTPUT, REQUESTS].into_iter().any(has) {
        return header.score_of(has_times);
    }
    if TIMES.into_iter().all(has) { header.known_share() } else { 0.0 }
}

/// Reads OpenAI's rows.
struct OpenAi {
    instants: Instants,
    amounts: Amounts,
    days: u64,
    shorter: u64,
    keys_as_users: u64,
    has_cached: bool,
}

/// The amounts of a row: the audited one, its unit, the second one.
struct Use {
    amount: Amount,
    unit: Unit,
    second: Option<Second>,
}

impl OpenAi {
    fn new(conventions: Conventions) -> Self {
        Self {
            instants: Instants::new(Some(Zone::utc())),
            amounts: Amounts::new(PROVIDER, conventions),
            days: 0,
            shorter: 0,
            keys_as_users: 0,
            has_cached: false,
        }
    }

    /// The start of the bucket. Where it is told twice, both must agree.
    fn start(&mut self, row: &Row) -> Result<Instant, RowError> {
        let mut read = |column| self.instants.read(row.cell(column)).map_err(|cause| row.error(column, cause));
        match (row.cell(START).is_empty(), row.cell(START_ISO).is_empty()) {
            (true, _) => read(START_ISO),
            (false, true) => read(START),
            (false, false) => {
                let (at, iso) = (read(START)?, read(START_ISO)?);
                let differs = || row.error(START_ISO, format!("not the instant of {}, {at}", row.name(START)));
                (at == iso).then_some(at).ok_or_else(differs)
            }
        }
    }

    /// Counts the bucket as a day, or as shorter than that.
    fn measure_bucket(&mut self, row: &Row, start: Instant) -> Result<(), RowError> {
        let Some((column, end)) = row.first_of(&[END, END_ISO]) else { return Ok(()) };
        let end = self.instants.read(end).map_err(|cause| row.error(column, cause))?;
        let is_day = end.since(start) >= TimeDelta::days(1);
        self.days += u64::from(is_day);
        self.shorter += u64::from(!is_day);
        Ok(())
    }

    /// What was used, in the best unit that the header has: dollars, tokens, requests.
    fn usage(&mut self, row: &Row) -> Result<Use, RowError> {
        let has_tokens = row.has(INPUT) || row.has(OUTPUT);
        let [input, output, requests] = self.amounts.optional(row, [INPUT, OUTPUT, REQUESTS])?;
        let parts = self.amounts.optional(row, PARTS)?;
        let tokens = input.checked_add(output).ok_or_else(|| RowError::row("its tokens are beyond the range"))?;
        let (amount, unit) = if row.has(COST) {
            let currency = row.cell(CURRENCY);
            if !currency.is_empty() && !currency.eq_ignore_ascii_case("usd") {
                return Err(row.error(CURRENCY, "not usd: amounts of other currencies are not read"));
            }
            (self.amounts.required(row, COST)?, Unit::Usd)
        } else if has_tokens {
            row.first_of(&[INPUT, OUTPUT]).ok_or_else(|| row.error(INPUT, "empty: the bucket has no tokens"))?;
            (tokens, Unit::Tokens)
        } else if row.has(REQUESTS) {
            (self.amounts.required(row, REQUESTS)?, Unit::Requests)
        } else {
            return Err(RowError::row("the bucket holds something, but no column is a cost, tokens or requests"));
        };
        self.amounts.add(row, COST, amount, Unit::Usd, Basis::Billed);
        self.amounts.add(row, INPUT, input, Unit::Tokens, Basis::List);
        self.amounts.add(row, OUTPUT, output, Unit::Tokens, Basis::List);
        self.amounts.add(row, REQUESTS, requests, Unit::Requests, Basis::List);
        for (column, part) in PARTS.into_iter().zip(parts) {
            self.amounts.add(row, column, part, Unit::Tokens, Basis::List);
            self.has_cached |= row.has(column);
        }
        let second = match unit {
            Unit::Usd if has_tokens => Some((Unit::Tokens, tokens)),
            Unit::Usd | Unit::Tokens if row.has(REQUESTS) => Some((Unit::Requests, requests)),
            _ => None,
        };
        Ok(Use { amount, unit, second })
    }
}

/// The model: its own column, else what a line of the bill begins with (`gpt-5, input`).
fn model<'r>(row: &Row<'r>) -> &'r str {
    let line = row.cell(LINE_ITEM);
    let of_line = line.split_once(", ").map_or(line, |(model, _)| model);
    row.first_of(&[MODEL]).map_or(of_line, |(_, model)| model)
}

impl TableReader for OpenAi {
    fn empty_bucket(&mut self, row: &Row) -> Result<Option<Instant>, RowError> {
        if row.holds_only(&TIMES) { self.start(row).map(Some) } else { Ok(None) }
    }

    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.start(row)?;
        self.measure_bucket(row, at)?;
        let Use { amount, unit, second } = self.usage(row)?;
        let text = |columns: &[usize]| row.first_of(columns).map_or("", |(_, cell)| cell);
        let (person, key) = (text(&PERSON).to_lowercase(), text(&API_KEY));
        let user = if person.is_empty() { key } else { &person };
        self.keys_as_users += u64::from(person.is_empty() && !key.is_empty());
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit },
            entry: if amount < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis: if unit == Unit::Usd { Basis::Billed } else { Basis::List },
            kind: Kind::Unknown,
            status: Status::Unknown,
            model: names.word_if_any(model(row)),
            has_id: false,
            is_aggregate: true,
        };
        let thread = Thread {
            workspace: names.word_if_any(text(&ORGANIZATION)),
            user: names.word_if_any(user),
            app: names.word_if_any(text(&PROJECT)),
            session: None,
        };
        let event = Event {
            at,
            amount,
            key: key_of((at, row.cell(END), unit, LABELS.map(|column| row.cell(column)))),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        Ok(Parsed { second, ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        self.amounts.evidence()
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.amounts.finish(batch);
        if self.days > 0 {
            batch.remark(notes::DAY_TOTALS);
        }
        batch.note(self.shorter, "totals of less than a day: they cannot be classified or put into sessions");
        if self.has_cached {
            batch.remark("cached and audio tokens are part of input and output: not added again");
        }
        batch.note(self.keys_as_users, notes::KEYS_AS_USERS);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        ingest::tests::{events, problems, read, sums},
        model::{account::Unit, amount::Amount},
    };

    const COST: &str = "start_time\tend_time\tstart_time_iso\tend_time_iso\tamount_value\tamount_currency\tline_item\t\
        project_id\torganization_name\n";
    const DAY: &str = "1759622400\t1759708800\t2025-10-05T00:00:00+00:00\t2025-10-06T00:00:00+00:00";

    #[test]
    fn buckets_without_use_are_empty_even_when_cut_short_or_drawn_out() {
        let next = "1759708800\t1759795200\t2025-10-06T00:00:00+00:00\t2025-10-07T00:00:00+00:00";
        let text = format!(
            "{COST}{DAY}\t0.8958740000000000\tusd\tlarge-5, input\tproj_1\tAcme\n{next}\n{next}\t\t\t\t\t\t\t\n{next}\t\t\t\t\t\n"
        );
        let (_, _, batch) = read(&text);
        assert_eq!((batch.rows.accepted, batch.rows.empty, batch.rows.rejected), (1, 3, 0));
        assert_eq!(events(&batch), ["2025-10-05T00:00:00Z 0.895874 usd -@proj_1 of Acme, large-5, total"]);
        assert_eq!(sums(&batch), ["amount_value 0.895874 usd billed"]);
        assert_eq!(batch.period.unwrap().1.to_string(), "2025-10-06T00:00:00Z");
        assert_eq!(batch.sentences(), ["day totals: they cannot be classified or put into sessions"]);
    }

    #[test]
    fn tokens_and_requests_are_counted_once() {
        let text = "start_time,end_time,start_time_iso,end_time_iso,project_name,num_model_requests,api_key_id,model,\
            input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens\n\
            1761523200,1761523260,2025-10-27T00:00:00+00:00,2025-10-27T00:01:00+00:00,shop,3.0,key_1,large-5,7162,1673.0,1280,5882\n";
        let (_, _, batch) = read(text);
        assert_eq!(events(&batch), ["2025-10-27T00:00:00Z 8835 tokens key_1@shop of -, large-5, total"]);
        let expected = [
            "input_tokens 7162 tokens list",
            "output_tokens 1673 tokens list",
            "num_model_requests 3 requests list",
            "input_cached_tokens 1280 tokens list",
            "input_uncached_tokens 5882 tokens list",
        ];
        assert_eq!(sums(&batch), expected);
        assert_eq!(batch.second, [Some((Unit::Requests, Amount::from_units(3).unwrap()))]);
        assert!(
            batch.sentences().iter().any(|note| note.starts_with("1 totals of less than a day")),
            "{:?}",
            batch.notes
        );
    }

    #[test]
    fn an_export_of_a_period_without_use_has_only_times() {
        let (source, confidence, batch) =
            read("start_time,end_time,start_time_iso,end_time_iso\n1759622400,1759708800,,2025-10-06T00:00:00+00:00\n");
        assert_eq!((source.name, batch.rows.empty), ("openai", 1));
        assert!(confidence >= 0.9);
    }

    #[test]
    fn cells_that_cannot_be_read_are_problems() {
        let text = format!(
            "{COST}{DAY}\t\tusd\t\t\tAcme\n{DAY}\t1\teur\t\t\tAcme\n{DAY}\tx\tusd\t\t\tAcme\n\
             1759622401\t\t2025-10-05T00:00:00+00:00\t\t1\tusd\t\t\tAcme\n\t\t\t\t1\tusd\t\t\tAcme\n{DAY}\t1\tusd\n"
        );
        let (_, _, batch) = read(&text);
        let starts = [
            "2 amount_value \"\": empty",
            "3 amount_currency \"eur\": not usd",
            "4 amount_value \"x\": not a decimal number",
            "5 start_time_iso \"2025-10-05T00:00:00+00:00\": not the instant of start_time",
            "6 start_time_iso \"\": empty: each row needs a time",
            "7  \"\": the row has 6 cells",
        ];
        let got = problems(&batch);
        assert!(got.len() == 6 && got.iter().zip(starts).all(|(got, start)| got.starts_with(start)), "{got:?}");
    }
}
