//! Workbooks hold the same as the tables in them, cell for cell; hostile ones are refused.
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::Value;

use crate::{
    command::{audit, body, creditscope, file, inspected, shared},
    twins::{Rows, gz, ods, ods_of, rows, xlsx, zip},
};

fn sample(name: &str) -> Rows {
    rows(&std::fs::read_to_string(Path::new("sample-data").join(name)).unwrap())
}

/// Writes a workbook with one sheet by hand.
fn book(write: impl FnOnce(&mut Worksheet)) -> (tempfile::TempDir, PathBuf) {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    file("book.xlsx", book.save_to_buffer().unwrap())
}

#[test]
fn workbooks_read_the_same_as_the_tables_in_them() {
    for name in ["ledger-2026-10.csv", "cursor-usage.csv"] {
        let path = Path::new("sample-data").join(name);
        let (expected, counts) = body(&[&path], &["--tz", "UTC"]);
        let table = sample(name);
        let workbook = xlsx(&[("October", &table)]);
        let beside = xlsx(&[("Notes", &rows("read me\n")), ("October", &table)]);
        for (label, bytes) in [
            ("a.xlsx", workbook.clone()),
            ("packed.gz", gz(&workbook)),
            ("beside.xlsx", beside),
            ("a.ods", ods(&table)),
        ] {
            let (_dir, twin) = file(label, &bytes);
            let (got, twin) = body(&[&twin], &["--tz", "UTC"]);
            assert_eq!(got, expected, "{label} of {name}");
            for part in ["physical_rows", "header", "skipped", "accepted", "rejected"] {
                assert_eq!(twin[part], counts[part], "{label} of {name}: {part}");
            }
            assert!(twin["path"].as_str().unwrap().ends_with(label), "{twin}");
        }
    }
}

#[test]
fn each_sheet_that_is_an_export_is_a_file_of_its_own() {
    let months = ["ledger-2026-08.csv", "ledger-2026-09.csv"];
    let (expected, _) = body(
        &months.map(|name| Path::new("sample-data").join(name)).each_ref().map(PathBuf::as_path),
        &["--tz", "UTC"],
    );
    let bytes = xlsx(&[("Sep", &sample(months[1])), ("Aug", &sample(months[0])), ("Notes", &rows("hello\n"))]);
    let (_dir, path) = file("months.xlsx", bytes);
    assert_eq!(body(&[&path], &["--tz", "UTC"]).0, expected);
    let report = inspected(&path, 2);
    let files = report["files"].as_array().unwrap();
    let paths: Vec<&str> = files.iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(paths[0].ends_with("months.xlsx/Aug") && paths[1].ends_with("months.xlsx/Sep"), "{paths:?}");
    assert!(files[0]["notes"].to_string().contains("not read: Notes"), "{}", files[0]["notes"]);
    let (august, _) = body(&[Path::new("sample-data/ledger-2026-08.csv")], &["--tz", "UTC"]);
    assert_eq!(body(&[&path], &["--tz", "UTC", "--sheet", "aug"]).0, august);
    let (_out, _, ran) = audit(&[&path], &["--sheet", "Oct"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no sheet \"Oct\", but \"Sep\", \"Aug\", \"Notes\""), "{}", ran.stderr);
}

#[test]
fn hidden_sheets_are_left_out_and_told() {
    let mut workbook = Workbook::new();
    for (name, credits) in [("Shown", 1.0), ("Secret", 100.0)] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["timestamp", "credits"]).unwrap();
        sheet.write_string(1, 0, "2026-10-01T08:00:00Z").unwrap().write_number(1, 1, credits).unwrap();
        sheet.set_hidden(name == "Secret");
    }
    let (_dir, path) = file("hidden.xlsx", workbook.save_to_buffer().unwrap());
    let amount = |options: &[&str]| body(&[&path], options).0["totals"][0]["amount"].clone();
    assert_eq!((amount(&[]), amount(&["--sheet", "Secret"])), (Value::from("1"), Value::from("100")));
    assert!(inspected(&path, 0)["files"][0]["notes"].to_string().contains("hidden sheets that were not read: Secret"));
    let table = |name: &str, style: &str, credits: u8| {
        format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\"><table:table-row>\
             <table:table-cell><text:p>timestamp</text:p></table:table-cell><table:table-cell><text:p>credits</text:p>\
             </table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"2\"><table:table-cell \
             office:value-type=\"date\" office:date-value=\"2026-10-01\"/><table:table-cell office:value-type=\"currency\" \
             office:value=\"{credits}\"/></table:table-row><table:table-row table:number-rows-repeated=\"1048573\">\
             <table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>"
        )
    };
    let (_dir, path) = file("hidden.ods", ods_of(&(table("a", "", 1) + &table("b", "hidden", 7))));
    let (report, counts) = body(&[&path], &[]);
    assert_eq!((&report["totals"][0]["amount"], &counts["physical_rows"]), (&"2".into(), &3.into()));
}

#[test]
fn typed_cells_reach_the_readers_exactly() {
    let (_dir, path) = book(|sheet| {
        let date = Format::new().set_num_format("d/m/yyyy");
        let time = Format::new().set_num_format("d/m/yyyy h:mm");
        // A title over merged cells and an empty row stand before the header.
        sheet.merge_range(0, 0, 0, 3, "Credits of October", &Format::new()).unwrap();
        sheet.write_row(2, 0, ["timestamp", "credits", "user", "event_id"]).unwrap();
        sheet.write_number_with_format(3, 0, 46_298.0, &date).unwrap().write_number(3, 1, 0.1).unwrap();
        sheet
            .write_number_with_format(4, 0, 46_298.383_333_333_33, &time)
            .unwrap()
            .write_number(4, 1, 0.1 + 0.2)
            .unwrap();
        sheet.write_string(5, 0, "2026-10-03T10:00:00Z").unwrap().write_string(5, 1, "1,234.50").unwrap();
        sheet.write_number_with_format(6, 0, 46_298.5, &time).unwrap();
        sheet.write_formula(6, 1, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_boolean(6, 2, true).unwrap().write_number(6, 3, 1_234_567_890_123_456.0).unwrap();
        sheet.write_number_with_format(8, 0, 46_298.5, &time).unwrap();
        sheet.write_formula(8, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    });
    let ran = creditscope(&[
        "inspect".as_ref(),
        path.as_os_str(),
        "--tz".as_ref(),
        "Europe/Berlin".as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = &report["files"][0];
    let count = |part: &str| found[part].as_u64().unwrap();
    assert_eq!(
        (count("physical_rows"), count("header"), count("skipped"), count("accepted"), count("rejected")),
        (9, 1, 3, 4, 1)
    );
    assert_eq!(found["amounts"][0]["amount"], "1236.9");
    assert_eq!((&found["first"], &found["last"]), (&"2026-10-02T22:00:00Z".into(), &"2026-10-03T10:00:00Z".into()));
    let problem = &found["problems"][0];
    assert_eq!(
        (&problem["line"], &problem["column"], &problem["value"]),
        (&9.into(), &"credits".into(), &"#N/A".into())
    );
    let notes = found["notes"].to_string();
    assert!(notes.contains("1 numbers had more than 15 digits") && notes.contains("1 cells hold an error"), "{notes}");
}

#[test]
fn times_in_cells_need_a_zone_as_times_in_text_do() {
    let (_dir, path) = book(|sheet| {
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        sheet.write_row(0, 0, ["timestamp", "credits"]).unwrap();
        sheet.write_number_with_format(1, 0, 46_298.0, &time).unwrap().write_number(1, 1, 1).unwrap();
    });
    let (_out, _, ran) = audit(&[&path], &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("book.xlsx:2: column timestamp") && ran.stderr.contains("--tz"), "{}", ran.stderr);
}

#[track_caller]
fn check_refused(name: &str, bytes: &[u8], expected: &str) {
    let (_dir, path) = file(name, bytes);
    let started = std::time::Instant::now();
    let (_out, report, ran) = audit(&[&path], &[]);
    assert!(started.elapsed().as_secs() < 60, "{name} took {:?}", started.elapsed());
    assert_eq!((ran.code, report.exists()), (2, false), "{name}: {}", ran.stderr);
    assert!(ran.stderr.contains(name) && ran.stderr.contains(expected), "{name}: {}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{name}: {}", ran.stderr);
}

/// A workbook whose texts or cells are given as XML.
fn raw_xlsx(strings: &str, cells: &str) -> Vec<u8> {
    let part = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let parts = [
        part("[Content_Types].xml", "<Types/>"),
        part(
            "_rels/.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        part(
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        part("xl/sharedStrings.xml", strings),
        part("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")),
    ];
    zip(&parts.each_ref().map(|(name, text)| (name.as_str(), text.as_bytes())))
}

#[test]
fn a_raw_workbook_reads() {
    let strings = "<sst uniqueCount=\"2\"><si><t>timestamp</t></si><si><t>credits</t></si></sst>";
    let cells = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row><c t=\"str\"><v>2026-10-01T08:00:00Z</v></c><c><v>1.5</v></c></row>";
    let (_dir, path) = file("raw.xlsx", raw_xlsx(strings, cells));
    assert_eq!(body(&[&path], &[]).0["totals"][0]["amount"], "1.5");
}

#[test]
fn hostile_workbooks_are_refused() {
    let texts = |inner: &str| format!("<sst>{inner}</sst>");
    check_refused("strings.xlsx", &raw_xlsx(&texts(&"<si><t>aaaaaaaa</t></si>".repeat(6_000_000)), ""), "--max-size");
    check_refused("promise.xlsx", &raw_xlsx("<sst uniqueCount=\"99999999999999\"></sst>", ""), "promises more texts");
    let wide = (1..=100_000)
        .fold(String::new(), |cells, row| cells + &format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>"));
    check_refused("wide.xlsx", &raw_xlsx("<sst/>", &wide), "200 times its size");
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    check_refused(
        "long.xlsx",
        &raw_xlsx(&long, &"<row><c t=\"s\"><v>0</v></c></row>".repeat(10_000)),
        "200 times its size",
    );
    let many = "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
                table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>";
    check_refused("many.ods", &ods_of(many), "200 times its size");
    check_refused("broken.xlsx", &raw_xlsx("<sst>", "<row><c></row>"), "damaged");
    check_refused(
        "none.xlsx",
        &zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]),
        "workbook",
    );
    check_refused(
        "letter.docx",
        &zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<a/>")]),
        "no workbook",
    );
    check_refused("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "save it as .xlsx");
    let whole = xlsx(&[("a", &sample("cursor-usage.csv"))]);
    for cut in (0..whole.len()).step_by(whole.len() / 20).skip(1) {
        check_refused("cut.xlsx", &whole[..cut], "cut short or damaged");
    }
}

#[test]
fn other_files_are_read_or_refused_without_a_panic() {
    let Some(folder) = shared("csv") else { return };
    let ran = creditscope(&["inspect".as_ref(), folder.as_os_str()]);
    assert!(ran.code == 0 || ran.code == 2, "{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_workbook_is_read_or_refused(changes in proptest::collection::vec((any::<prop::sample::Index>(), "[ -~]"), 1..6)) {
        let change = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            for (at, letter) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = letter.as_bytes()[0];
            }
            String::from_utf8(bytes).unwrap()
        };
        let strings = change("<sst uniqueCount=\"2\"><si><t>timestamp</t></si><si><t>credits</t></si></sst>");
        let cells = change("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row><c s=\"1\"><v>46298.5</v></c><c><v>1.5</v></c></row>");
        let tables = change("<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1\"><table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>");
        for (name, bytes) in [("a.xlsx", raw_xlsx(&strings, &cells)), ("a.ods", ods_of(&tables))] {
            let (_dir, path) = file(name, bytes);
            let ran = creditscope(&["inspect".as_ref(), path.as_os_str()]);
            prop_assert!(matches!(ran.code, 0 | 2) && !ran.stderr.contains("panicked"), "{} {}", ran.code, ran.stderr);
        }
    }
}
