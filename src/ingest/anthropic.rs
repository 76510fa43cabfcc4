//! Anthropic Console's exports: cost (dollars by day, model, key and kind of token) and usage (tokens by day, model and
//! key). The columns vary from month to month. Tokens are audited in input-token equivalents, as in transcripts.
use crate::{
    ingest::{
        batch::{Batch, Measure, RowError},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            amounts::Amounts,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
            notes,
        },
        token_prices::{self, Tokens},
        value::{instant::Instants, key_of},
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
    name: "anthropic",
    about: "Anthropic Console: cost CSV and usage CSV, day totals by model and API key",
    same_event: "rows with the same day, unit, model, workspace, API key and kind of token or usage are one day total, whatever its amount",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(Anthropic::new(conventions)) },
};

const PROVIDER: &str = "anthropic";

/// The columns of all months; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("usage_date_utc", &[]),
    Column::new("model", &["modelversion"]),
    Column::new("workspace", &[]),
    Column::new("api_key", &[]),
    Column::new("api_key_id", &[]),
    Column::new("api_key_status", &[]),
    Column::new("usage_type", &[]),
    Column::new("context_window", &[]),
    Column::new("token_type", &[]),
    Column::new("cost_type", &[]),
    Column::new("inference_geo", &[]),
    Column::new("speed", &[]),
    Column::new("cost_usd", &[]),
    Column::new("list_price_usd", &[]),
    Column::new("usage_input_tokens_no_cache", &[]),
    Column::new("usage_input_tokens_cache_write", &[]),
    Column::new("usage_input_tokens_cache_write_5m", &[]),
    Column::new("usage_input_tokens_cache_write_1h", &[]),
    Column::new("usage_input_tokens_cache_read", &[]),
    Column::new("usage_output_tokens", &[]),
    Column::new("web_search_count", &[]),
];
const DATE: usize = 0;
const MODEL: usize = 1;
const WORKSPACE: usize = 2;
const API_KEY: usize = 3;
const API_KEY_ID: usize = 4;
const COST: usize = 12;
const LIST_PRICE: usize = 13;
/// Fresh input, cache writes (undivided, for five minutes, for an hour), cache reads, output.
const TOKENS: [usize; 6] = [14, 15, 16, 17, 18, 19];
const SEARCHES: usize = 20;

/// What tells the rows of one day apart.
const LABELS: [usize; 9] = [MODEL, WORKSPACE, API_KEY, 6, 7, 8, 9, 10, 11];

/// How sure it is that a header is Anthropic's: nobody else calls the day `usage_date_utc`.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    header.score_of(has(DATE) && (has(COST) || TOKENS.into_iter().any(has)))
}

/// Reads Anthropic's rows.
struct Anthropic {
    instants: Instants,
    amounts: Amounts,
    equivalents: Total,
    rows: u64,
    keys_as_users: u64,
    has_tokens: bool,
}

impl Anthropic {
    fn new(conventions: Conventions) -> Self {
        Self {
            instants: Instants::new(Some(Zone::utc())),
            amounts: Amounts::new(PROVIDER, conventions),
            equivalents: Total::ZERO,
            rows: 0,
            keys_as_users: 0,
            has_tokens: false,
        }
    }

    /// The audited amount and its unit.
    fn amount(&mut self, row: &Row) -> Result<(Amount, Unit), RowError> {
        let [list, searches] = self.amounts.optional(row, [LIST_PRICE, SEARCHES])?;
        let amount = if row.has(COST) {
            let cost = self.amounts.required(row, COST)?;
            self.amounts.add(row, COST, cost, Unit::Usd, Basis::Billed);
            (cost, Unit::Usd)
        } else {
            (self.tokens(row)?, Unit::Tokens)
        };
        self.amounts.add(row, LIST_PRICE, list, Unit::Usd, Basis::List);
        self.amounts.add(row, SEARCHES, searches, Unit::Requests, Basis::List);
        Ok(amount)
    }

    /// The tokens of a row as input-token equivalents.
    fn tokens(&mut self, row: &Row) -> Result<Amount, RowError> {
        if row.first_of(&TOKENS).is_none() {
            return Err(RowError::row("every count of tokens is empty: write 0 where nothing was used"));
        }
        let amounts = self.amounts.optional(row, TOKENS)?;
        let mut counts = [0; TOKENS.len()];
        for ((count, amount), column) in counts.iter_mut().zip(amounts).zip(TOKENS) {
            let not_whole = || row.error(column, "not a whole number of tokens");
            *count = whole(amount).ok_or_else(not_whole)?;
        }
        let [input, undivided, five_minutes, cache_write_1h, cache_read, output] = counts;
        let cache_write = undivided + five_minutes + cache_write_1h;
        let tokens = Tokens { input, cache_write, cache_write_1h, cache_read, output };
        let equivalents = token_prices::of(PROVIDER).equivalents(tokens);
        let equivalents = equivalents.ok_or_else(|| RowError::row("its tokens are beyond the range of amounts"))?;
        for (amount, column) in amounts.into_iter().zip(TOKENS) {
            self.amounts.add(row, column, amount, Unit::Tokens, Basis::List);
        }
        self.equivalents += equivalents;
        self.has_tokens = true;
        Ok(equivalents)
    }
}

/// A count; `None` for a fraction or less than nothing.
fn whole(amount: Amount) -> Option<u64> {
    let one = Amount::from_units(1)?.nanos();
    u64::try_from(amount.nanos()).ok().filter(|_| amount.nanos() % one == 0).map(|nanos| nanos / one.unsigned_abs())
}

/// A cell that names something; `--` stands for nothing.
fn label<'r>(row: &Row<'r>, column: usize) -> &'r str {
    Some(row.cell(column)).filter(|cell| *cell != "--").unwrap_or_default()
}

impl TableReader for Anthropic {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(DATE)).map_err(|cause| row.error(DATE, cause))?;
        let (amount, unit) = self.amount(row)?;
        let key = [API_KEY, API_KEY_ID].map(|column| label(row, column)).into_iter().find(|key| !key.is_empty());
        self.rows += 1;
        self.keys_as_users += u64::from(key.is_some());
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit },
            entry: if amount < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis: if unit == Unit::Usd { Basis::Billed } else { Basis::List },
            kind: Kind::Unknown,
            status: Status::Unknown,
            model: names.word_if_any(label(row, MODEL)),
            has_id: false,
            is_aggregate: true,
        };
        let thread = Thread {
            workspace: names.word_if_any(label(row, WORKSPACE)),
            user: key.and_then(|key| names.word_if_any(key)),
            app: None,
            session: None,
        };
        let event = Event {
            at,
            amount,
            key: key_of((at, unit, LABELS.map(|column| row.cell(column)))),
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
        if self.has_tokens {
            batch.measure(Measure {
                provider: PROVIDER.to_owned(),
                meter: Meter::Message,
                unit: Unit::Tokens,
                basis: Basis::List,
                name: "input-token equivalents".to_owned(),
                amount: self.equivalents,
            });
            let dated = &token_prices::of(PROVIDER).dated;
            batch.remark(&format!(
                "audited in input-token equivalents: kinds of tokens weighted by their relative price of {dated}"
            ));
        }
        if self.rows > 0 {
            batch.remark(notes::DAY_TOTALS);
        }
        batch.note(self.keys_as_users, notes::KEYS_AS_USERS);
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::tests::{events, problems, read, sums};

    #[test]
    fn costs_are_day_totals_in_dollars() {
        let text = "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd\n\
            2026-08-04,Large 5,Default,key one,message,\u{2264} 200k,input_no_cache,0.05,0.06\n\
            2026-08-04,Large 5,--,--,message,\u{2264} 200k,output,0.02,0.02\n";
        let (_, _, batch) = read(text);
        assert_eq!(
            events(&batch),
            [
                "2026-08-04T00:00:00Z 0.05 usd key one@- of Default, Large 5, total",
                "2026-08-04T00:00:00Z 0.02 usd -@- of -, Large 5, total",
            ]
        );
        assert_eq!(sums(&batch), ["cost_usd 0.07 usd billed", "list_price_usd 0.08 usd list"]);
        let notes = [
            "day totals: they cannot be classified or put into sessions",
            "1 rows name an API key and no person: the key stands for the user",
        ];
        assert_eq!(batch.sentences(), notes);
    }

    #[test]
    fn usage_is_weighed_by_kind_of_token() {
        let text = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,\
            usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count\n\
            2026-09-01,large-5,356,900,100,10000,20,3\n";
        let (_, _, batch) = read(text);
        assert_eq!(events(&batch), ["2026-09-01T00:00:00Z 2781 tokens -@- of -, large-5, total"]);
        let expected = [
            "usage_input_tokens_no_cache 356 tokens list",
            "usage_input_tokens_cache_write_5m 900 tokens list",
            "usage_input_tokens_cache_write_1h 100 tokens list",
            "usage_input_tokens_cache_read 10000 tokens list",
            "usage_output_tokens 20 tokens list",
            "web_search_count 3 requests list",
            "input-token equivalents 2781 tokens list",
        ];
        assert_eq!(sums(&batch), expected);
    }

    #[test]
    fn a_month_without_use_is_a_header() {
        let (source, confidence, batch) = read("usage_date_utc,model,usage_type,token_type,cost_usd\n");
        assert_eq!((source.name, batch.rows.header, batch.rows.accepted), ("anthropic", 1, 0));
        assert!(confidence >= 0.9 && batch.notes.is_empty());
    }

    #[test]
    fn cells_that_cannot_be_read_are_problems() {
        let (_, _, cost) =
            read("usage_date_utc,model,cost_usd\n2026-08-04,large,\n08/04/2026,large,1\n2026-08-04,large,x\n");
        let (_, _, usage) = read("usage_date_utc,usage_output_tokens\n2026-08-04,1.5\n2026-08-04,\n2026-08-04,-2\n");
        let got = [problems(&cost), problems(&usage)].concat();
        let starts = [
            "2 cost_usd \"\": empty",
            "3 usage_date_utc \"08/04/2026\": not a time",
            "4 cost_usd \"x\": not a decimal number",
            "2 usage_output_tokens \"1.5\": not a whole number of tokens",
            "3  \"\": every count of tokens is empty",
            "4 usage_output_tokens \"-2\": not a whole number of tokens",
        ];
        assert!(got.len() == 6 && got.iter().zip(starts).all(|(got, start)| got.starts_with(start)), "{got:?}");
        assert!(sums(&cost).is_empty());
    }
}
