//! Bad input: a clear message, exit code 2, no report.
use std::path::Path;

use crate::command::{audit, creditscope, file};

#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, expected: &[&str]) {
    let (_dir, path) = file(name, content);
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 2, "stderr: {}", ran.stderr);
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    for part in [name].iter().chain(expected) {
        assert!(ran.stderr.contains(part), "{part:?} is not in {}", ran.stderr);
    }
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    assert!(!report.exists(), "a report that looks fine");
}

/// The sum of a ledger's accepted rows, and how many were rejected.
fn booked(ledger: &str) -> (String, u64) {
    let (_dir, path) = file("ledger.csv", ledger);
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = crate::command::json(&report.join("report.json"));
    let rejected = report["input"]["files"][0]["rejected"].as_u64().unwrap();
    (report["totals"][0]["amount"].as_str().unwrap().to_owned(), rejected)
}

#[test]
fn an_empty_file() {
    check("empty.csv", "", &["the file is empty"]);
    check("blank.csv", "\n\n  \n", &["the file is empty"]);
}

#[test]
fn a_header_without_rows() {
    check("header.csv", "timestamp,credits\n", &["no row was accepted", "a header but no data"]);
    let (_dir, path) = file("header.csv", "timestamp,credits\n");
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("1 = 1 header"), "{}", ran.stdout);
}

#[test]
fn a_table_of_something_else() {
    check(
        "sales.csv",
        "region,product,units\nnorth,apples,3\n",
        &["region, product, units", "no known export has such columns", "template"],
    );
    check("bank.csv", "date,payee,memo,amount,balance,branch\n2026-10-01,x,y,1,2,z\n", &["unknown format"]);
}

#[test]
fn a_binary_file() {
    check("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", &["binary file"]);
}

#[test]
fn a_table_without_a_time_or_without_an_amount() {
    check("time.csv", "user,credits\nada,1\n", &["no column is a timestamp"]);
    check("amount.csv", "timestamp,user\n2026-10-01T00:00:00Z,ada\n", &["no column is an amount"]);
}

#[test]
fn unreadable_cells_are_located_and_never_zero() {
    let rows = "timestamp,credits,user\n2026-10-01T08:00:00Z,n/a,ada\nyesterday,1,ada\n";
    check("cells.csv", rows, &[":2: column credits: \"n/a\"", ":3: column timestamp: \"yesterday\"", "not a decimal"]);
    check("naive.csv", "timestamp,credits\n2026-10-01 08:00,1\n", &["--tz"]);
    check("slashes.csv", "timestamp,credits\n03/04/2026,1\n", &["03/04/2026"]);
}

#[test]
fn paths_that_are_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let (_out, _, ran) = audit(&[&dir.path().join("none.csv")], &[]);
    assert_eq!((ran.code, ran.stderr.contains("no such file or folder")), (2, true), "{}", ran.stderr);
    let (_out, _, ran) = audit(&[dir.path()], &[]);
    assert_eq!((ran.code, ran.stderr.contains("holds no files")), (2, true), "{}", ran.stderr);
}

#[test]
fn a_folder_without_exports() {
    let (dir, _) = file("notes.txt", "buy milk\n");
    let (_out, report, ran) = audit(&[dir.path()], &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no file is a known export") && ran.stderr.contains("notes.txt"), "{}", ran.stderr);
    assert!(!report.exists());
}

#[test]
fn options_with_values_they_cannot_have() {
    let sample = Path::new("sample-data/ledger-2026-08.csv");
    for (options, expected) in [
        (["--tz", "Mars/Base"], "unknown time zone \"Mars/Base\""),
        (["--gap", "soon"], "\"soon\" is no pause"),
        (["--unit", "euro"], "unknown unit \"euro\""),
        (["--plan", "gold"], "unknown plan \"gold\": use one of free"),
        (["--source", "excel"], "unknown source \"excel\": use one of ledger"),
        (["--from", "soon"], "--from \"soon\""),
        (["--max-rejects", "many"], "--max-rejects \"many\""),
    ] {
        let (_out, report, ran) = audit(&[sample], &options);
        assert_eq!(ran.code, 2, "{options:?}");
        assert!(ran.stderr.contains(expected), "{options:?}: {}", ran.stderr);
        assert!(!report.exists());
    }
}

#[test]
fn an_output_folder_of_other_things_is_left_alone() {
    let (dir, thesis) = file("thesis.txt", "years of work");
    let sample = "sample-data/ledger-2026-08.csv";
    let ran = creditscope(&["audit".as_ref(), sample.as_ref(), "-o".as_ref(), dir.path().as_os_str()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("holds other files"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(thesis).unwrap(), "years of work");
}

#[test]
fn a_header_that_lost_a_name_is_not_matched_by_what_other_rows_would_lose() {
    let row = |n: u32| {
        let credits = if n.is_multiple_of(5) { "n/a".to_owned() } else { n.to_string() };
        format!("2026-10-01T08:{n:02}:00Z,{credits},{},shop\n", 40 + n)
    };
    let rows: String = (0..10).map(row).collect();
    check("lost.csv", format!("timestamp,credits,app\n{rows}"), &["no row was accepted", "4 cells, the header 3"]);
}

#[test]
fn a_name_that_stands_twice_is_read_where_one_column_only_fits() {
    let rows = |more: &str| [1, 2, 3, 4].map(|n| format!("2026-10-01T08:0{n}:00Z,shop,{n},{more}\n")).concat();
    let twice = "has the name \"credits\" twice";
    check("both.csv", format!("timestamp,app,credits,credits\n{}", rows("7")), &[twice, "rename"]);
    check("case.csv", format!("timestamp,app,credits,Credits\n{}", rows("7")), &[twice]);
    for (header, more) in [("credits,credits", "yes"), ("credits,spare", "7")] {
        let (_dir, path) = file("one.csv", format!("timestamp,app,{header}\n{}", rows(more)));
        let (_out, report, ran) = audit(&[&path], &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(crate::command::json(&report.join("report.json"))["totals"][0]["amount"], "10", "{header}");
    }
}

#[test]
fn a_quote_that_is_never_closed_swallows_its_own_line_only() {
    for (rows, physical) in [
        ("2026-10-01T08:00:00Z,1,\"open\n2026-10-01T08:01:00Z,2,b\n2026-10-01T08:02:00Z,4,c\n", 4),
        ("2026-10-01T08:00:00Z,1,\"open\n2026-10-01T08:01:00Z,2,b\n2026-10-01T08:02:00Z,4,say \"c\n", 4),
    ] {
        let (_dir, path) = file("quote.csv", format!("timestamp,credits,prompt\n{rows}"));
        let (_out, report, ran) = audit(&[&path], &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = crate::command::json(&report.join("report.json"));
        assert_eq!(report["totals"][0]["amount"], "6", "{rows}");
        let counts = &report["input"]["files"][0];
        assert_eq!((&counts["physical_rows"], &counts["rejected"]), (&physical.into(), &1.into()), "{counts}");
    }
}

#[test]
fn what_may_be_a_pasted_row_or_two_stray_quotes_is_booked_as_neither() {
    let rows = "timestamp,user,app,credits,prompt\n2026-09-01T09:00:00Z,ann,a,1,hello\n\
                2026-09-01T10:00:00Z,ann,a,5,\"why is this row wrong?\n2026-08-30T10:00:00Z,bob,a,700,old\"\n\
                2026-09-01T11:00:00Z,ann,a,1,bye\n";
    assert_eq!(booked(rows), ("2".to_owned(), 1));
}

#[test]
fn a_prompt_of_several_lines_is_read_in_whatever_column_it_stands() {
    let cells = ["\"make a page\n- one\n- two, three\"", "2026-10-01T09:00:00Z", "ann", "2.5"];
    let names = ["prompt", "timestamp", "user", "credits"];
    for first in 0..4 {
        let turned = |cells: &[&str]| [&cells[first..], &cells[..first]].concat().join(",");
        let ledger = format!("{}\n{}\n{}\n", turned(&names), turned(&cells), turned(&cells).replace("09:00", "10:00"));
        assert_eq!(booked(&ledger), ("5".to_owned(), 0), "{ledger}");
    }
}

#[test]
fn a_row_of_words_is_the_header_of_another_table_only_where_columns_are_called_so() {
    let with =
        |line: &str| format!("timestamp,user,app,credits\n2026-10-01,ann,shop,1\n{line}\n2026-10-02,ben,shop,2\n");
    assert_eq!(booked(&with("later,unsure,somewhere,perhaps")), ("3".to_owned(), 1));
    assert_eq!(booked(&with("date,team,project,hours")), ("1".to_owned(), 2));
    assert_eq!(booked(&with("Timestamp,User,APP,Credits")), ("3".to_owned(), 0));
}

#[test]
fn a_foreign_table_is_nobodys_export() {
    for table in [
        "date,model,tokens,cost,user\n2026-09-01,gpt-5,100,0.5,ann\n",
        "date,user,type,units,cost\n2026-09-01,ann,call,12,0.5\n",
        "timestamp,type,amount,fee,id\n2026-09-01T00:00:00Z,buy,0.5,0.1,7\n",
    ] {
        check("table.csv", table, &["unknown format"]);
    }
}

#[test]
fn a_table_that_could_be_anybodys_is_read_and_doubted() {
    for (table, is_doubted) in [
        ("date,user,credits,semester\n2026-09-01,ann,5,winter\n", true),
        ("date,member,project,amount,tag\n2026-09-01,ann,A,5,dev\n", true),
        ("date,user,credits\n2026-09-01,ann,5\n", false),
        ("date,app,credits,semester\n2026-09-01,shop,5,winter\n", false),
    ] {
        let (_dir, path) = file("table.csv", table);
        let (_out, _, ran) = audit(&[&path], &[]);
        let is_said = ran.stderr.contains("taken for a ledger by the names of its time and amount only");
        assert_eq!((ran.code, is_said), (0, is_doubted), "{table}{}", ran.stderr);
    }
}

#[test]
fn many_stray_quotes_cost_their_own_lines_only() {
    let row = |n: usize| {
        let quote = if n % 1_500 == 7 { "\"" } else { "" };
        format!(
            "2026-09-01T09:{:02}:{:02}Z,ann,{quote}make the header of page {n} a little smaller please,1\n",
            n / 60 % 60,
            n % 60
        )
    };
    let rows: String = (0..150_000).map(row).collect();
    let (_dir, path) = file("strays.csv", format!("timestamp,user,prompt,credits\n{rows}"));
    let ran =
        crate::command::creditscope(&["inspect".as_ref(), path.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let counts = &told["files"][0];
    assert_eq!((&counts["accepted"], &counts["rejected"]), (&149_900.into(), &100.into()), "{counts}");
}

#[test]
fn rows_above_the_header_are_not_lost_without_a_word() {
    let text = "2026-09-01,ann,50\n2026-09-02,ann,50\ndate,user,credits\n2026-09-03,ann,1\n";
    assert_eq!(booked(text), ("1".to_owned(), 2));
}

#[test]
fn a_person_with_the_name_of_a_total_is_rejected_like_others() {
    let text = "user,date,app,credits\nann,2026-09-01,a,9\nSuma,2026-09-02,a,9x\nSuma,2026-13-04,a,99\nTotal,,,108\n";
    let (_dir, path) = file("suma.csv", text);
    let (_out, report, _) = audit(&[&path], &[]);
    let page = std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(page.contains("called a total and have no time"));
    let report = crate::command::json(&report.join("report.json"));
    let counts = &report["input"]["files"][0];
    assert_eq!((&counts["rejected"], &counts["skipped"]), (&2.into(), &1.into()), "{counts}");
}

#[test]
fn two_columns_that_could_be_the_amount_are_told() {
    let text =
        "timestamp,user,credits,credits_used\n2026-09-01T09:00:00Z,ann,98.5,1.5\n2026-09-01T10:00:00Z,ann,96.5,2\n";
    let (_dir, path) = file("two.csv", text);
    let (_out, report, ran) = audit(&[&path], &[]);
    let report = crate::command::json(&report.join("report.json"));
    assert_eq!(report["totals"][0]["amount"], "3.5");
    assert!(ran.stderr.contains("the column credits_used was read and not credits"), "{}", ran.stderr);
}

#[test]
fn another_unit_in_the_amount_is_refused() {
    let text = "timestamp,user,credits\n2026-09-01T09:00:00Z,ann,5 credits\n2026-09-01T10:00:00Z,ann,1200 tokens\n";
    assert_eq!(booked(text), ("5".to_owned(), 1));
}

#[test]
fn thousands_beside_dates_with_points_are_refused_until_somebody_says_so() {
    let text = "date;user;credits\n01.09.2026;ann;1.250\n02.09.2026;ann;12\n";
    let (_dir, path) = file("german.csv", text);
    let amount = |options: &[&str]| {
        let (_out, report, _) = audit(&[&path], options);
        crate::command::json(&report.join("report.json"))["totals"][0]["amount"].as_str().unwrap().to_owned()
    };
    assert_eq!(amount(&[]), "12");
    assert_eq!(amount(&["--decimal", "comma"]), "1262");
    assert_eq!(amount(&["--decimal", "point"]), "13.25");
}

#[test]
fn a_text_of_nothing_but_opening_quotes_ends_soon() {
    let line = format!("2026-10-01T08:00:00Z,1,\"{}\"\"x\n", "y".repeat(80));
    let (_dir, path) = file("quotes.csv", format!("timestamp,credits,prompt\n{}", line.repeat(20_000)));
    let started = std::time::Instant::now();
    let (_out, _, ran) = audit(&[&path], &[]);
    assert!(ran.code == 0 || ran.code == 2, "{}", ran.stderr);
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn a_format_that_a_command_has_not_is_refused_before_any_work() {
    let (_out, report, ran) = audit(&[Path::new("sample-data/ledger-2026-08.csv")], &["--format", "csv"]);
    assert_eq!((ran.code, report.exists()), (2, false), "{}", ran.stderr);
}

#[test]
fn prompts_of_failed_rows_reach_no_output() {
    let rows = "prompt,timestamp,credits\nAdd login, password hunter2,2026-10-01T08:00:00Z,1\n\
                fine,2026-10-01T08:00:00Z,make it blue\nfine,2026-10-01T08:00:00Z,1\n";
    let (_dir, path) = file("moved.csv", rows);
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for name in ["rejects.csv", "report.json", "report.html"] {
        let text = std::fs::read_to_string(report.join(name)).unwrap();
        assert!(!text.contains("hunter2") && !text.contains("make it"), "{name}");
    }
    assert!(!ran.stdout.contains("make it"), "{}", ran.stdout);
}

#[test]
fn a_unit_that_no_file_has_is_refused() {
    let (_out, report, ran) = audit(&[Path::new("sample-data/ledger-2026-08.csv")], &["--unit", "usd"]);
    assert_eq!((ran.code, report.exists()), (2, false));
    assert!(ran.stderr.contains("only in credits"), "{}", ran.stderr);
}

#[test]
fn a_row_pasted_into_a_prompt_is_no_charge() {
    let rows = "timestamp,user,app,prompt,credits\n2026-09-01T09:00:00Z,ann,a,hello,1\n\
                2026-09-01T10:00:00Z,ann,a,\"why is this row wrong?\n2026-08-30T10:00:00Z,bob,a,old,100\nthanks\",1\n\
                2026-09-01T11:00:00Z,ann,a,bye,1\n";
    assert_eq!(booked(rows), ("3".to_owned(), 0));
}

#[test]
fn a_decimal_mark_for_sheets_is_none_for_json_numbers() {
    let rows = "{\"timestamp\":\"2026-09-01T10:00:00Z\",\"credits\":12.345}\n{\"timestamp\":\"2026-09-01T10:01:00Z\",\"credits\":1.234}\n";
    let (_dir, path) = file("numbers.ndjson", rows);
    let (_out, report, ran) = audit(&[&path], &["--decimal", "comma"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(crate::command::json(&report.join("report.json"))["totals"][0]["amount"], "13.579");
}

#[test]
fn an_input_that_the_report_would_replace_is_refused() {
    let (_out, report, _) = audit(&[Path::new("sample-data/messy-export.csv")], &[]);
    let rejects = report.join("rejects.csv");
    let before = std::fs::read(&rejects).unwrap();
    let ran = creditscope(&["audit".as_ref(), rejects.as_os_str(), "-o".as_ref(), report.as_os_str()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("would be replaced"), "{}", ran.stderr);
    assert_eq!(std::fs::read(rejects).unwrap(), before);
}

#[test]
fn another_currency_in_a_vendors_dollars_is_no_dollar() {
    let cursor = "Date,Model,Max Mode,Total Tokens,Cost\n2026-07-10T09:00:00Z,composer-1,No,20,\"EUR 3,50\"\n";
    check("cursor.csv", cursor, &[":2: column Cost: \"EUR 3,50\"", "another currency"]);
    let router = "generation_id,created_at,cost_total,model_permaslug\ng1,2026-07-10 09:00:00,€0.5,x/y\n";
    check("router.csv", router, &[":2: column cost_total: \"€0.5\"", "another currency"]);
}
