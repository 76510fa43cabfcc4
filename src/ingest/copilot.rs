//! GitHub Copilot's usage reports, in generations of columns: single requests (2025), day totals of requests with and
//! without a unit, day totals of AI credits (2026). The unit stands in each row; requests and credits are never added. Dates are UTC,
//! month first where they have slashes, unless the user or the dates of the file say otherwise: a spreadsheet may have saved it.
use crate::{
    ingest::{
        batch::{Batch, RowError},
        source::{Shape, Source},
        table::{
            Parsed, Row, TableReader,
            amounts::Amounts,
            evidence::{Conventions, Evidence},
            header::{Column, Header},
            notes,
        },
        value::{
            instant::Instants,
            key_of,
            order::{DateOrder, Dates},
            words::normal,
        },
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
    name: "copilot",
    about: "GitHub Copilot: usage report CSV, single requests or day totals of requests and AI credits",
    same_event: "rows with the same time, user, organization, repository, cost center, product, SKU, model and unit are one total, whatever its amount and who paid",
    shape: Shape::Table { columns: COLUMNS, score, reader: |_, conventions| Box::new(Copilot::new(conventions)) },
};

const PROVIDER: &str = "github-copilot";

/// The columns of all generations; the constants below are positions in it.
pub const COLUMNS: &[Column] = &[
    Column::new("date", &["timestamp"]),
    Column::new("username", &["user"]),
    Column::new("product", &[]),
    Column::new("sku", &[]),
    Column::new("model", &[]),
    Column::new("quantity", &[]),
    Column::new("unit_type", &[]),
    Column::new("applied_cost_per_quantity", &[]),
    Column::new("gross_amount", &[]),
    Column::new("discount_amount", &[]),
    Column::new("net_amount", &[]),
    Column::new("exceeds_quota", &["exceedsmonthlyquota"]),
    Column::new("total_monthly_quota", &[]),
    Column::new("organization", &[]),
    Column::new("repository", &[]),
    Column::new("cost_center_name", &[]),
    Column::new("aic_quantity", &[]),
    Column::new("aic_gross_amount", &[]),
    Column::new("input", &[]),
    Column::new("output", &[]),
    Column::new("cache_read", &[]),
    Column::new("cache_write", &[]),
    Column::new("requests used", &[]),
];
const DATE: usize = 0;
const USER: usize = 1;
const PRODUCT: usize = 2;
const SKU: usize = 3;
const MODEL: usize = 4;
const QUANTITY: usize = 5;
const UNIT_TYPE: usize = 6;
const PRICE: usize = 7;
const GROSS: usize = 8;
const DISCOUNT: usize = 9;
const NET: usize = 10;
const EXCEEDS: usize = 11;
const QUOTA: usize = 12;
const ORGANIZATION: usize = 13;
const REPOSITORY: usize = 14;
const COST_CENTER: usize = 15;
const REQUESTS_USED: usize = 22;

/// The columns that go with the quantity, with their units and bases. The three amounts of money come first.
const FURTHER: [usize; 9] = [GROSS, DISCOUNT, NET, 16, 17, 18, 19, 20, 21];
const MEANINGS: [(Unit, Basis); 9] = [
    (Unit::Usd, Basis::List),
    (Unit::Usd, Basis::Included),
    (Unit::Usd, Basis::Billed),
    // What the row would have been in AI credits: a preview beside the quantity that counts.
    (Unit::Credits, Basis::List),
    (Unit::Usd, Basis::List),
    (Unit::Tokens, Basis::List),
    (Unit::Tokens, Basis::List),
    (Unit::Tokens, Basis::List),
    (Unit::Tokens, Basis::List),
];
/// How far gross, discount and net may be apart, in 1e-9 units: each was rounded on its own.
const ROUNDING: i128 = 1;

/// How sure it is that a header is Copilot's. GitHub's reports on other products have no model.
fn score(header: &Header) -> f64 {
    let has = |column| header.position(column).is_some();
    let requests = has(REQUESTS_USED) && (has(EXCEEDS) || has(QUOTA));
    let is_quantity_told = has(UNIT_TYPE) && (has(PRICE) || has(QUOTA) || has(EXCEEDS)) || has(EXCEEDS) && has(QUOTA);
    let totals = has(QUANTITY) && is_quantity_told;
    header.score_of(has(DATE) && has(MODEL) && (requests || totals))
}

/// Reads Copilot's rows.
struct Copilot {
    instants: Instants,
    amounts: Amounts,
    totals: u64,
    unbalanced: u64,
}

impl Copilot {
    fn new(conventions: Conventions) -> Self {
        let order = match conventions.dates.order {
            DateOrder::Undeclared => DateOrder::MonthFirst,
            told => told,
        };
        Self {
            instants: Instants { dates_as: Dates { order, ..conventions.dates }, ..Instants::new(Some(Zone::utc())) },
            amounts: Amounts::new(PROVIDER, conventions),
            totals: 0,
            unbalanced: 0,
        }
    }
}

/// The unit of a row.
fn unit_of(row: &Row) -> Result<Unit, RowError> {
    // Before there were credits, nothing else was counted.
    if !row.has(QUANTITY) || !row.has(UNIT_TYPE) {
        return Ok(Unit::Requests);
    }
    match normal(row.cell(UNIT_TYPE)).as_str() {
        "request" | "requests" => Ok(Unit::Requests),
        "aiunit" | "aiunits" | "aicredit" | "aicredits" | "credits" => Ok(Unit::Credits),
        _ => Err(row.error(UNIT_TYPE, "not a unit of Copilot: requests, ai-units and ai-credits are read")),
    }
}

/// Who paid: the plan where the discount took all of it, or where the quota was not exceeded.
fn basis_of(row: &Row, gross: Amount, net: Amount) -> Basis {
    let exceeds = row.cell(EXCEEDS);
    match () {
        () if !net.is_zero() => Basis::Billed,
        () if !gross.is_zero() && row.has(NET) => Basis::Included,
        () if exceeds.eq_ignore_ascii_case("false") => Basis::Included,
        () => Basis::Billed,
    }
}

impl TableReader for Copilot {
    fn row<'r>(&mut self, row: &Row<'r>, names: &mut Names) -> Result<Parsed<'r>, RowError> {
        let at = self.instants.read(row.cell(DATE)).map_err(|cause| row.error(DATE, cause))?;
        let unit = unit_of(row)?;
        let is_total = row.has(QUANTITY);
        let quantity = if is_total { QUANTITY } else { REQUESTS_USED };
        let amount = self.amounts.required(row, quantity)?;
        let further = self.amounts.optional(row, FURTHER)?;
        let [gross, discount, net, ..] = further;
        let basis = basis_of(row, gross, net);
        self.amounts.add(row, quantity, amount, unit, basis);
        for ((column, amount), (unit, basis)) in FURTHER.into_iter().zip(further).zip(MEANINGS) {
            self.amounts.add(row, column, amount, unit, basis);
        }
        let has_all = [GROSS, DISCOUNT, NET].iter().all(|&column| row.has(column));
        let [list, less, paid] = [gross, discount, net].map(|amount| i128::from(amount.nanos()));
        self.unbalanced += u64::from(has_all && (list - less - paid).abs() > ROUNDING);
        self.totals += u64::from(is_total);
        let tag = Tag {
            account: Account { provider: names.word(PROVIDER), meter: Meter::Message, unit },
            entry: if amount < Amount::ZERO { Entry::Refund } else { Entry::Usage },
            basis,
            kind: Kind::Unknown,
            status: Status::Unknown,
            model: names.word_if_any(row.cell(MODEL)),
            has_id: false,
            is_aggregate: is_total,
        };
        let thread = Thread {
            workspace: names.word_if_any(row.cell(ORGANIZATION)),
            user: names.word_if_any(row.cell(USER)),
            app: names.word_if_any(row.cell(REPOSITORY)),
            session: None,
        };
        let who = (row.cell(USER).to_lowercase(), row.cell(ORGANIZATION), row.cell(REPOSITORY), row.cell(COST_CENTER));
        let what = (row.cell(PRODUCT), row.cell(SKU), row.cell(MODEL), unit);
        let event = Event {
            at,
            amount,
            key: key_of((at, who, what)),
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file: 0, line: row.line },
            cues: Cues::default(),
        };
        // What was paid, in dollars.
        Ok(Parsed { second: row.has(NET).then_some((Unit::Usd, net)), ..Parsed::of(event) })
    }

    fn evidence(&self) -> Evidence {
        Evidence { dates: self.instants.told, ..self.amounts.evidence() }
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.amounts.finish(batch);
        let dates = self.instants.dates_as;
        if let Some(note) = dates.note(self.instants.told).filter(|_| dates.order != DateOrder::MonthFirst) {
            batch.remark(note);
        }
        if self.totals > 0 {
            batch.remark(notes::DAY_TOTALS);
        }
        batch.note(self.unbalanced, "rows, where gross less discount is not net: taken as written");
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::tests::{events, problems, read, sums};

    const TOTALS: &str = "date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,gross_amount,\
        discount_amount,net_amount,total_monthly_quota,organization,repository,aic_quantity\n";

    #[test]
    fn single_requests_have_their_instant() {
        let text = "Timestamp,User,Model,Requests Used,Exceeds Monthly Quota,Total Monthly Quota\n\
            2025-06-18T10:43:41.8378480Z,Ada,large,1.5,FALSE,Unlimited\n\
            2025-06-18T10:44:00Z,ada,large,2,true,300\n";
        let (_, _, batch) = read(text);
        assert_eq!(
            events(&batch),
            [
                "2025-06-18T10:43:41.837848Z 1.5 requests Ada@- of -, large",
                "2025-06-18T10:44:00Z 2 requests ada@- of -, large",
            ]
        );
        assert_eq!(sums(&batch), ["Requests Used 2 requests billed", "Requests Used 1.5 requests included"]);
        assert!(batch.second.is_empty() && batch.notes.is_empty(), "{:?}", batch.notes);
    }

    #[test]
    fn totals_without_a_unit_are_requests() {
        let text = "date,username,model,quantity,exceeds_quota,total_monthly_quota\n2025-10-11,ada,large,3,False,300\n";
        let (_, _, batch) = read(text);
        assert_eq!(events(&batch), ["2025-10-11T00:00:00Z 3 requests ada@- of -, large, total"]);
        assert_eq!(sums(&batch), ["quantity 3 requests included"]);
    }

    #[test]
    fn requests_and_credits_of_one_file_are_never_added() {
        let text = TOTALS.to_owned()
            + "5/29/26,ada,copilot,premium,large,3.6300000000000003,requests,0.04,0.1452,0.1452,0,300,acme,,7\n"
            + "05/29/2026,ben,spark,credit,large,25,ai-units,0.01,0.25,0.05,0.2,300,acme,acme/shop,\n"
            + "2026-05-30,,copilot,credit,large,4,AI credits,0.01,0.04,0,0.04,300,,,\n";
        let (_, _, batch) = read(&text);
        assert_eq!(
            events(&batch),
            [
                "2026-05-29T00:00:00Z 3.63 requests ada@- of acme, large, total",
                "2026-05-29T00:00:00Z 25 credits ben@acme/shop of acme, large, total",
                "2026-05-30T00:00:00Z 4 credits -@- of -, large, total",
            ]
        );
        let expected = [
            "quantity 29 credits billed",
            "quantity 3.63 requests included",
            "gross_amount 0.4352 usd list",
            "discount_amount 0.1952 usd included",
            "net_amount 0.24 usd billed",
            "aic_quantity 7 credits list",
        ];
        let mut got = sums(&batch);
        got[..2].sort();
        assert_eq!(got, expected);
        let paid: Vec<_> = batch.second.iter().flatten().map(|(unit, paid)| format!("{paid} {unit}")).collect();
        assert_eq!(paid, ["0 usd", "0.2 usd", "0.04 usd"]);
        let notes = [
            "1 amounts had more than nine decimals and were rounded half to even",
            "day totals: they cannot be classified or put into sessions",
        ];
        assert_eq!(batch.sentences(), notes);
    }

    #[test]
    fn a_net_that_is_not_gross_less_discount_is_noted() {
        let row =
            |net: &str| format!("2026-05-30,ada,copilot,credit,large,4,requests,0.04,0.16,0.06,{net},300,acme,,\n");
        let (_, _, batch) = read(&(TOTALS.to_owned() + &row("0.11") + &row("0.10") + &row("0.10000000000000002")));
        assert_eq!(batch.rows.accepted, 3);
        assert!(
            batch.sentences().iter().any(|note| note.starts_with("1 rows, where gross less discount")),
            "{:?}",
            batch.notes
        );
    }

    #[test]
    fn other_units_and_cells_that_cannot_be_read_are_problems() {
        let text = TOTALS.to_owned()
            + "2026-05-30,,actions,linux,,4,minutes,0.01,0.04,0,0.04,,acme,acme/shop,\n"
            + "31/31/2026,ada,copilot,credit,large,4,requests,0.01,0.04,0,0.04,,acme,,\n"
            + "2026-05-30,ada,copilot,credit,large,Unlimited,requests,0.01,0.04,0,0.04,,acme,,\n"
            + "2026-05-30,ada,copilot,credit,large,,requests,0.01,0.04,0,0.04,,acme,,\n";
        let (_, _, batch) = read(&text);
        let starts = [
            "2 unit_type \"minutes\": not a unit of Copilot",
            "3 date \"31/31/2026\": not a time",
            "4 quantity \"Unlimited\": not a decimal number",
            "5 quantity \"\": empty",
        ];
        let got = problems(&batch);
        assert!(got.len() == 4 && got.iter().zip(starts).all(|(got, start)| got.starts_with(start)), "{got:?}");
    }

    #[test]
    fn dates_with_slashes_have_the_month_first_unless_they_disprove_it() {
        let with = |dates: [&str; 2]| {
            let row = |date: &&str| format!("{date},ada,copilot,credit,large,4,requests,0.01,0.04,0,0.04,,acme,,\n");
            read(&(TOTALS.to_owned() + &dates.iter().map(row).collect::<String>())).2
        };
        for (dates, expected) in [
            (["3/4/26", "3/5/26"], "03-04 03-05"),
            (["3/4/26", "13/4/26"], "04-03 04-13"),
            (["13/4/26", "4/14/26"], ""),
        ] {
            let batch = with(dates);
            let days: Vec<String> = batch.events.iter().map(|event| event.at.to_string()[5..10].to_owned()).collect();
            assert_eq!(days.join(" "), expected);
            let is_said = batch.sentences().iter().any(|note| note.contains("the day first"));
            assert_eq!(is_said, expected.starts_with("04"), "{dates:?}");
        }
    }
}
