//! Recognition of every table source, whatever the order, the case and the company of its columns; and what the tests of
//! the sources share.
use crate::ingest::{
    Keep, Settings,
    batch::Batch,
    prompts::Prompts,
    source::{self, Source},
    table::evidence::Pooled,
    value::{decimal::Mark, order::DateOrder},
};

/// Settings as they are without options.
pub(super) fn settings() -> Settings {
    Settings {
        source: None,
        zone: None,
        unit: None,
        map: None,
        map_must_fit: false,
        date_order: DateOrder::Undeclared,
        pooled: Pooled::default(),
        decimal_mark: Mark::Unknown,
        ledger_provider: "base44".to_owned(),
        sheet: None,
        max_size: None,
        keep: Keep::Nothing,
        aliases: super::identity::Aliases::default(),
        prompts: Prompts::default(),
    }
}

/// Reads a text as one file.
#[track_caller]
pub(super) fn read(text: &str) -> (Source, f64, Batch) {
    let read = source::read(text.as_bytes(), &settings()).unwrap();
    assert!(read.2.rows.balances(), "{:?}", read.2.rows);
    read
}

/// The sums of a batch, a line each: `cost_usd 1.5 usd billed`.
pub(super) fn sums(batch: &Batch) -> Vec<String> {
    let line = |sum: &super::batch::Measure| format!("{} {} {} {}", sum.name, sum.amount, sum.unit, sum.basis);
    batch.measures.iter().map(line).collect()
}

/// The events of a batch, a line each: `2026-09-03T00:00:00Z 1.5 usd ada@shop of team, model, total`.
pub(super) fn events(batch: &Batch) -> Vec<String> {
    let names = &batch.names;
    let text = |word| names.text_of(word).unwrap_or("-");
    let line = |event: &crate::model::event::Event| {
        let (thread, tag) = (names.thread(event.thread), names.tag(event.tag));
        let (user, app, workspace) = (text(thread.user), text(thread.app), text(thread.workspace));
        let total = if tag.is_aggregate { ", total" } else { "" };
        let (at, amount, unit) = (event.at, event.amount, tag.account.unit);
        format!("{at} {amount} {unit} {user}@{app} of {workspace}, {}{total}", text(tag.model))
    };
    batch.events.iter().map(line).collect()
}

/// The problems of a batch, a line each: `3 cost_usd "x": not a decimal number`.
pub(super) fn problems(batch: &Batch) -> Vec<String> {
    let line = |rejected: &super::Rejected| {
        let problem = &rejected.problem;
        format!("{} {} {:?}: {}", problem.place.line, problem.column, problem.value, problem.cause)
    };
    batch.problems.iter().map(line).collect()
}

const HEADERS: &[(&str, &str)] = &[
    ("ledger", "timestamp,credits,user,app,session,prompt,kind"),
    ("cursor", "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Cache Read,Output Tokens,Total Tokens,Cost"),
    ("copilot", "Timestamp,User,Model,Requests Used,Exceeds Monthly Quota,Total Monthly Quota"),
    (
        "copilot",
        "date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,\
         net_amount,exceeds_quota,total_monthly_quota,organization,cost_center_name",
    ),
    (
        "copilot",
        "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,username,\
         organization,repository,cost_center_name,model,input,output,cache_read,cache_write,total_monthly_quota",
    ),
    ("anthropic", "usage_date_utc,model,usage_type,token_type,cost_usd"),
    (
        "anthropic",
        "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,\
         inference_geo,speed,api_key_id,api_key_status",
    ),
    ("anthropic", "usage_date_utc,model_version,api_key,workspace,usage_input_tokens_no_cache,usage_output_tokens"),
    (
        "openai",
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,\
         organization_id,organization_name",
    ),
    ("openai", "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,input_tokens"),
    ("openrouter", "generation_id,created_at,cost_total,cost_cache,tokens_prompt,model_permaslug,user,app_name"),
    ("v0", "id,type,createdAt,userId,chatId,messageId,model,sources,waived,creditsCost.total,creditsCost.charged"),
    ("v0", "id,object,type,promptCost,completionCost,totalCost,chatId,messageId,userId,createdAt"),
    ("windsurf", "day,model,mode,messagesSent,cascadeId,promptsUsed"),
    ("base44-workflows", "id,workflow_id,workflow_name,status,status_reason,started_at,credits_consumed,trigger_type"),
    ("base44-monitoring", "user_id,email,role,created_at,total_message_credits,total_integration_credits"),
    ("base44-monitoring", "app_id,app_name,message_credits_consumed,integration_credits_consumed"),
    ("openrouter", "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens"),
];

/// The sources whose names nobody else uses; the others, with foreign columns, are only likely.
const SIGNED: [&str; 8] =
    ["copilot", "anthropic", "openai", "openrouter", "v0", "windsurf", "base44-workflows", "base44-monitoring"];

#[test]
fn a_header_is_recognised_in_any_order_and_case_and_with_more_columns() {
    for &(source, header) in HEADERS {
        let cells: Vec<&str> = header.split(',').collect();
        for turn in 0..cells.len() {
            let mut turned = cells.clone();
            turned.rotate_left(turn);
            let mut reversed = turned.clone();
            reversed.reverse();
            let mut more = reversed.clone();
            more.insert(turn, "Region");
            more.push("remark 2");
            for (cells, least) in [(turned, 0.9), (reversed, 0.9), (more, 0.6)] {
                let least = if SIGNED.contains(&source) { 0.9 } else { least };
                let plain = cells.join(",");
                for text in [plain.to_uppercase(), plain.to_lowercase(), plain.replace('_', " "), plain] {
                    let (found, confidence, _) = read(&(text.clone() + "\n"));
                    assert_eq!(found.name, source, "{text}");
                    assert!(confidence >= least, "{confidence} for {text}");
                }
            }
        }
    }
}

#[test]
fn foreign_tables_are_not_recognised() {
    for header in FOREIGN {
        let read = source::read(format!("{header}\n").as_bytes(), &settings());
        assert!(read.is_err(), "{header}: {:?}", read.map(|(source, confidence, _)| (source, confidence)));
    }
}

#[test]
fn foreign_tables_with_rows_are_not_recognised_either() {
    for header in FOREIGN {
        let cell = |name: &str| match name.to_lowercase() {
            name if ["date", "time", "created", "start", "day"].iter().any(|word| name.contains(word)) => "2026-10-03",
            name if ["amount", "cost", "total", "credit", "debit", "price"].iter().any(|word| name.contains(word)) => {
                "12.50"
            }
            _ => "some",
        };
        let cells: Vec<&str> = header.split(',').map(cell).collect();
        let text = format!("{header}\n{}", (cells.join(",") + "\n").repeat(3));
        let read = source::read(text.as_bytes(), &settings());
        assert!(read.is_err(), "{header}: {:?}", read.map(|(source, confidence, _)| (source, confidence)));
    }
}

/// Headers of tables that are no exports of consumption.
const FOREIGN: &[&str] = &[
    "Date,Amount,Balance",
    "Date,Description,Amount,Balance",
    "Date,Type,Amount,Balance,Reason",
    "Date,Description,Debits,Credits,Balance",
    "Booking date,Value date,Payee,Purpose,Amount,Currency",
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email,Balance",
    "Date,Time,Name,Type,Status,Amount,Balance,Email",
    "id,Amount,Currency,Created,Arrival Date,Status,Type,Description",
    "id,Description,Seller Message,Created,Amount,Amount Refunded,Currency,Fee,Customer Email,Status",
    "Invoice,Date,Client,Item,Quantity,Price,Amount,Tax",
    "Date,Vendor,Amount,Type",
    "Date,Client,Project,Hours,Rate,Amount",
    "Date,Project,Task,Start time,End time,Hours",
    "First name,Last name,Company,E-mail,Phone,Created at",
    "Deal,Stage,Owner,Amount,Close date",
    "time,host,method,path,status,bytes,duration",
    "timestamp,level,logger,message",
    "timestamp,temperature,humidity,pressure,wind",
    "lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/UnblendedCost",
    "Date,Service,Region,Usage quantity,Cost,Currency",
    "Date,Page,Sessions,Users,Bounce rate",
    "Date,Campaign,Platform,Impressions,Clicks,Cost",
    "Issue key,Summary,Status,Assignee,Reporter,Created,Updated,Story points",
    "Course,Date,Credits,Grade,Teacher",
    "Name,Given Name,Family Name,Birthday,E-mail 1 - Value,Phone 1 - Value",
    "Order ID,Order date,Customer,Product,Quantity,Total",
    "date,open,high,low,close,volume",
    "Employee,Date,Type,Amount,Cost centre",
    "commit,author,date,message",
    "id,type,status,amount,date,email",
    "time,lat,lon,depth,magnitude,place",
    "ticket,created_at,priority,status,agent,satisfaction",
    "date,product,sku,model,quantity,unit_type,net_amount,region",
    "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,net_amount,repository,workflow_path",
    "start_time,end_time,employee,hours,project",
    "id,created_at,customer,total,status",
    "date,model,requests,usage,latency",
    "model,workspace,api_key,cost_usd",
    "order,when,who,what,price",
];

/// Whatever the vendor: of two columns of one name, the rows must tell which is meant.
#[test]
fn a_name_that_stands_twice_is_read_where_its_columns_are_equal_only() {
    let said = |text: &str| match source::read(text.as_bytes(), &settings()) {
        Ok((.., batch)) => batch.sentences().into_iter().find(|note| note.contains("a name twice")),
        Err(err) => Some(err.to_string()),
    };
    for (source, header) in HEADERS {
        let n_cells = header.split(',').count();
        for (at, name) in header.split(',').enumerate() {
            let row = |second: &str| format!("{},{second}", vec!["7"; n_cells].join(","));
            let equal = format!("{header},{}\n{}\n", name.to_uppercase(), row("7"));
            let differs = format!("{equal}{}\n", row("8"));
            let is_read = said(&equal).is_some_and(|note| note.contains("the first was read"));
            assert!(is_read, "{source}: {name} {at}: {:?}", said(&equal));
            let refusal = said(&differs).unwrap_or_default();
            assert!(refusal.contains("twice") && refusal.contains("differ on line 3"), "{source}: {name}: {refusal}");
        }
    }
}

/// Accepted and rejected rows of a text.
#[track_caller]
fn check_rows(text: &str, accepted: u64, rejected: u64) {
    let (.., batch) = read(text);
    assert_eq!((batch.rows.accepted, batch.rows.rejected), (accepted, rejected), "{text}\n{:?}", problems(&batch));
}

#[test]
fn rows_may_end_with_delimiters_that_the_header_has_not() {
    let row = |second: u8, rest: &str| format!("2026-10-01T08:00:0{second}Z;1.5;{rest}\n");
    let header = "timestamp;credits;user;note\n";
    let text =
        |rests: [&str; 4]| header.to_owned() + &(0..).zip(rests).map(|(n, rest)| row(n, rest)).collect::<String>();
    check_rows(&text(["ada;x;", "ada;;", "bob;y;", ";;"]), 4, 0);
    check_rows(&text(["ada;x;;", "ada;;;", "bob;y;;", ";;;"]), 4, 0);
    // One row without it, or with something in it: cells may have moved.
    check_rows(&text(["ada;x;", "ada;;", "bob;y;", "bob;"]), 1, 3);
    check_rows(&text(["ada;x;", "ada;;", "bob;y;z", "bob;x;"]), 0, 4);
    // Decimals that the delimiter tore end in an empty cell too.
    check_rows(
        "timestamp,credits,user,note\n2026-10-01T08:00:00Z,1,50,ada,\n2026-10-01T08:00:01Z,2,25,ada,\n2026-10-01T08:00:02Z,3,75,bob,\n",
        0,
        3,
    );
}

#[test]
fn where_a_file_may_have_been_cut_is_told() {
    let check = |end: &str, told: [bool; 2]| {
        let (.., batch) = read(&format!("user,timestamp,credits\nada,2026-10-01T08:00:00Z,1\n{end}"));
        let row = batch.problems.last().is_some_and(|last| last.problem.cause.contains("may have been cut there"));
        let cell = batch.sentences().iter().any(|note| note.contains("its last cell may lack something"));
        assert_eq!([row, cell], told, "{end:?} {:?}", problems(&batch));
    };
    check("ada,2026-10-01T09:00:00Z,12\n", [false, false]);
    check("ada,2026-10-01T09:00:00Z,12", [false, true]);
    check("ada,2026-10-01T09:00:00Z,\"12\"", [false, false]);
    check("ada,2026-10-01T09:00", [true, false]);
    check("ada,2026-10-01T09:00:00Z,", [true, false]);
    check("ada,2026-10-01\nada,2026-10-01T09:00:00Z,12", [false, true]);
    check("ada,2026-10-01\n", [false, false]);
}

#[test]
fn a_ledger_may_have_its_time_of_day_in_a_column_of_its_own() {
    let read = |text: &str| {
        let settings = Settings { zone: Some("Europe/Berlin".parse().unwrap()), ..settings() };
        let (_, _, batch) = source::read(text.as_bytes(), &settings).unwrap();
        batch.events.iter().map(|event| event.at.to_string()).collect::<Vec<_>>().join(" ")
    };
    let with = |names: &str, cells: &str| format!("{names},user,credits\n{cells},ann,1\n");
    for (names, cells, expected) in [
        ("Date,Time", "2026-10-03,09:12", "2026-10-03T07:12:00Z"),
        ("Time,Date", "9:12 PM,03.10.2026", "2026-10-03T19:12:00Z"),
        ("Date,Time", "2026-10-03T00:00:00,09:12", "2026-10-03T07:12:00Z"),
        // A duration is no time of day, and what tells the time itself needs no other.
        ("Date,Time", "2026-10-03,35.5", "2026-10-02T22:00:00Z"),
        ("Date,Time", "2026-10-03,", "2026-10-02T22:00:00Z"),
        ("timestamp,time", "2026-10-03T10:00:00Z,09:12", "2026-10-03T10:00:00Z"),
        ("time,app", "2026-10-03T10:00:00Z,shop", "2026-10-03T10:00:00Z"),
    ] {
        assert_eq!(read(&with(names, cells)), expected, "{names} {cells}");
    }
}

#[test]
fn line_ends_of_every_kind_may_be_mixed() {
    check_rows(
        "timestamp,credits\r\n2026-10-01T08:00:00Z,1\n2026-10-01T08:00:01Z,2\r\r\n2026-10-01T08:00:02Z,3\r",
        3,
        0,
    );
}
