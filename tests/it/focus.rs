//! `convert --as focus`: the rows follow the specification, and add up to what an audit counts.
use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use crate::command::{body, creditscope, file, shared, with_input};

/// Columns that every row must fill, by FOCUS 1.2.
const NEEDED: [&str; 17] = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCurrency",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
];
/// Columns that must be there and may be null.
const NULLABLE: [&str; 4] = ["BillingAccountName", "ChargeClass", "ChargeDescription", "PricingQuantity"];

type Row = BTreeMap<String, String>;

#[track_caller]
fn rows(path: &Path, options: &[&str]) -> Vec<Row> {
    let mut args: Vec<&std::ffi::OsStr> = vec!["convert".as_ref(), path.as_os_str()];
    args.extend(["--as", "focus", "--to", "-", "--format", "csv", "--tz", "UTC"].map(std::ffi::OsStr::new));
    args.extend(options.iter().map(|option| std::ffi::OsStr::new(*option)));
    let ran = creditscope(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    csv::Reader::from_reader(ran.stdout.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn nanos(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

/// Every row is complete, and the rows of each currency add up to the totals of the audit.
#[track_caller]
fn check(path: &Path, options: &[&str]) -> Vec<Row> {
    let rows = rows(path, options);
    let mut sums: BTreeMap<(String, String, String), i128> = BTreeMap::new();
    for row in &rows {
        for name in NEEDED {
            assert!(!row[name].is_empty(), "{name} is null in {row:?}");
        }
        assert!(row["SkuId"].is_empty() == row["SkuMeter"].is_empty() && row["SkuId"] == row["SkuPriceId"]);
        assert!(NULLABLE.iter().all(|name| row.contains_key(*name)));
        assert!(row["ChargePeriodStart"] < row["ChargePeriodEnd"] && row["ChargePeriodStart"].len() == 20);
        let period = row["BillingPeriodStart"].clone()..row["BillingPeriodEnd"].clone();
        assert!(period.contains(&row["ChargePeriodStart"]), "{row:?}");
        assert_eq!((row["ChargeCategory"].as_str(), row["ChargeClass"].as_str()), ("Usage", ""));
        let key = ["ProviderName", "x_Meter", "x_AmountUnit"].map(|name| row[name].clone()).into();
        *sums.entry(key).or_default() += nanos(&row["PricingCurrencyEffectiveCost"]);
    }
    let (report, _) = body(&[path], &[&["--tz", "UTC"], options].concat());
    let told = report["totals"].as_array().unwrap().iter().map(|total| {
        let text = |name: &str| total[name].as_str().unwrap().to_owned();
        ((text("provider"), text("meter"), text("unit")), nanos(&text("amount")))
    });
    assert_eq!(sums, told.collect());
    rows
}

#[test]
fn prepaid_credits_bill_nothing_and_are_a_currency() {
    let rows = check("sample-data".as_ref(), &["--plan", "builder"]);
    let first = &rows[0];
    let expected = [
        ("BilledCost", "0.0"),
        ("EffectiveCost", "0.26"),
        ("ConsumedQuantity", "1.0"),
        ("ConsumedUnit", "Messages"),
        ("PricingCurrency", "base44 message credits"),
        ("PricingCurrencyEffectiveCost", "1.3"),
        ("BillingPeriodStart", "2026-07-01T00:00:00Z"),
        ("BillingPeriodEnd", "2026-08-01T00:00:00Z"),
    ];
    for (name, value) in expected {
        assert_eq!(first[name], value, "{name}");
    }
    let tags: Value = serde_json::from_str(&first["Tags"]).unwrap();
    assert!(tags["user"].is_string() && first.values().all(|cell| !cell.contains("Build a")));
}

#[test]
fn dollars_are_billed_unless_they_are_included() {
    let (_dir, path) = file(
        "usage.csv",
        "Date,User,Kind,Model,Max Mode,Total Tokens,Cost\n\
         2026-09-01T08:00:00.250Z,ada@example.com,On-Demand,m,No,1200,0.25\n\
         2026-09-02T09:00:00Z,ada@example.com,Included,m,No,900,0.1\n",
    );
    let rows = check(&path, &[]);
    let of = |name: &str| rows.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
    assert_eq!(of("BilledCost"), ["0.25", "0.0"]);
    assert_eq!(of("EffectiveCost"), ["0.25", "0.1"]);
    assert_eq!(of("PricingCurrency"), ["USD", "USD"]);
    assert_eq!(
        (of("ChargePeriodStart")[0], of("ChargePeriodEnd")[0]),
        ("2026-09-01T08:00:00Z", "2026-09-01T08:00:01Z")
    );
    let with_cycle = check(&path, &["--reset-day", "2"]);
    assert_eq!(with_cycle[0]["BillingPeriodEnd"], "2026-09-02T00:00:00Z");
}

#[test]
fn every_form_has_the_same_cells() {
    let text = "timestamp,user,credits\n2026-09-01T08:00:00Z,=cmd(),1.5\n2026-09-01T09:00:00Z,ben,-0.5\n";
    let (dir, path) = file("ledger.csv", text);
    let rows = rows(&path, &[]);
    assert_eq!(rows[0]["x_User"], "'=cmd()");
    assert_eq!((rows[1]["x_Entry"].as_str(), rows[1]["PricingCurrencyEffectiveCost"].as_str()), ("refund", "-0.5"));
    let of = |name: &str| rows[1][name].as_str();
    assert_eq!(
        (of("ConsumedQuantity"), of("PricingQuantity"), of("PricingCurrencyListUnitPrice")),
        ("-1.0", "-1.0", "0.5")
    );
    let ran = with_input(&["convert", "-", "--as", "focus", "--to", "-", "--format", "jsonl"], text);
    let first: Value = serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&first["x_User"], &first["ChargeClass"]), (&"=cmd()".into(), &Value::Null));
    assert!(ran.stderr.contains("2 rows have an EffectiveCost of 0"), "{}", ran.stderr);
    let to = dir.path().join("focus.parquet");
    let args =
        ["convert".as_ref(), path.as_os_str(), "--as".as_ref(), "focus".as_ref(), "--to".as_ref(), to.as_os_str()];
    assert_eq!(creditscope(&args).code, 0);
    let read = std::fs::File::open(to).unwrap();
    let batches = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(read).unwrap();
    let names: Vec<String> = batches.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert!(names.iter().all(|name| rows[0].contains_key(name)) && names.len() == rows[0].len());
    assert_eq!(batches.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 2);
}

#[test]
fn totals_of_hours_do_not_overlap() {
    let row = |hour: u32| {
        let start = 1_788_220_800 + 3_600 * hour;
        let iso = |hour: u32| format!("2026-09-01T{hour:02}:00:00+00:00");
        format!("{start}\t{}\t{}\t{}\t0.5\tusd\t\t\torg\tPersonal\n", start + 3_600, iso(hour), iso(hour + 1))
    };
    let head = "start_time\tend_time\tstart_time_iso\tend_time_iso\tamount_value\tamount_currency\tline_item\tproject_id\t\
                organization_id\torganization_name\n";
    let (_dir, path) = file("usage.tsv", format!("{head}{}{}{}", row(0), row(1), row(4)));
    let rows = check(&path, &[]);
    let periods: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", &row["ChargePeriodStart"][11..16], &row["ChargePeriodEnd"][11..16]))
        .collect();
    assert_eq!(periods, ["00:00 01:00", "01:00 02:00", "04:00 05:00"]);
}

#[test]
fn real_exports_become_rows_of_focus() {
    for vendor in ["cursor", "copilot", "openai", "claude-code"] {
        let Some(folder) = shared(&format!("exports/{vendor}")) else { return };
        check(&folder, &[]);
    }
}

#[test]
fn a_file_named_focus_is_one() {
    let folder = tempfile::tempdir().unwrap();
    for (name, option, is_focus) in [
        ("focus.csv", None, true),
        ("focus-2026.csv", None, true),
        ("focused.csv", None, false),
        ("focus.csv", Some("ledger"), false),
    ] {
        let to = folder.path().join(name).display().to_string();
        let mut args = vec!["convert", "sample-data/ledger-2026-08.csv", "--to", &to];
        args.extend(option.iter().flat_map(|what| ["--as", *what]));
        let ran = creditscope(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let head = std::fs::read_to_string(&to).unwrap().lines().next().unwrap().to_owned();
        assert_eq!(head.contains("BilledCost"), is_focus, "{name} {option:?}: {head}");
        assert_eq!(ran.stderr.contains("of FOCUS 1.2, as the name says"), is_focus, "{}", ran.stderr);
    }
}
