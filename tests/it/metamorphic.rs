//! What must not matter: the format of a table, how it is packed, the order of its rows, how they are spread over files, and
//! how many threads read them. Whatever the ledger, the report stays the same outside `input`.
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::{
    command::body,
    twins::{Rows, delimited, gz, ods, parquet, xlsx, zip, zst},
};

const HEADER: [&str; 8] = ["timestamp", "credits", "user", "app", "session", "feature", "prompt", "event_id"];

/// A row of a ledger, without its id.
fn row() -> impl Strategy<Value = Vec<String>> {
    let prompt = prop_oneof![
        Just("Add a login page".to_owned()),
        Just("It fails, fix it; \"now\"".to_owned()),
        Just("make the button blue,\nplease".to_owned()),
        Just("Añade una página".to_owned()),
        Just(String::new()),
    ];
    let credits = prop_oneof![
        (0_u32..500).prop_map(|tenths| (f64::from(tenths) / 10.0).to_string()),
        Just("0.123456789".to_owned())
    ];
    let who = (0..3_usize).prop_map(|user| ["ada@example.com", "Bob", ""][user].to_owned());
    (0..50_000_u32, credits, who, 0..2_u8, 0..3_u8, prompt).prop_map(|(second, credits, user, app, session, prompt)| {
        let (day, time) = (second / 2_500 + 1, second % 2_500);
        let time = format!("2026-10-{day:02}T{:02}:{:02}:{:02}Z", 8 + time / 3_600, time / 60 % 60, time % 60);
        let session = if session == 0 { String::new() } else { format!("s{session}") };
        vec![time, credits, user, format!("app {app}"), session, String::new(), prompt]
    })
}

/// A ledger with a unique id in each row.
fn ledger() -> impl Strategy<Value = Rows> {
    proptest::collection::vec(row(), 1..40).prop_map(|rows| {
        let header = vec![HEADER.map(str::to_owned).to_vec()];
        let with_id = |(id, mut row): (usize, Vec<String>)| {
            row.push(format!("e{id}"));
            row
        };
        header.into_iter().chain(rows.into_iter().enumerate().map(with_id)).collect()
    })
}

fn objects(rows: &Rows) -> Vec<Value> {
    let object = |row: &Vec<String>| {
        let fields = rows[0].iter().zip(row).map(|(name, cell)| (name.clone(), Value::from(cell.as_str())));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    rows[1..].iter().map(object).collect()
}

/// The report of some files outside `input`.
fn report(files: &[(&str, Vec<u8>)], options: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let path = |(name, bytes): &(&str, Vec<u8>)| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(path).collect();
    let paths: Vec<&std::path::Path> = paths.iter().map(PathBuf::as_path).collect();
    body(&paths, &[&["--tz", "UTC"], options].concat()).0
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn formats_and_packing_do_not_matter(rows in ledger()) {
        let csv = delimited(&rows, b',');
        let expected = report(&[("a.csv", csv.clone().into_bytes())], &[]);
        let lines = objects(&rows).iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        for (name, bytes) in [
            ("a.tsv", delimited(&rows, b'\t').into_bytes()),
            ("semicolon.csv", delimited(&rows, b';').into_bytes()),
            ("bar.csv", delimited(&rows, b'|').into_bytes()),
            ("crlf.csv", csv.replace('\n', "\r\n").into_bytes()),
            ("utf-16.csv", utf_16(&csv)),
            ("a.ndjson", lines.into_bytes()),
            ("a.json", serde_json::to_vec(&objects(&rows)).unwrap()),
            ("a.xlsx", xlsx(&[("a", &rows)])),
            ("a.ods", ods(&rows)),
            ("a.parquet", parquet(&rows)),
            ("a.csv.gz", gz(csv.as_bytes())),
            ("a.csv.zst", zst(csv.as_bytes())),
            ("a.zip", zip(&[("a.csv", csv.as_bytes())])),
        ] {
            // A prompt over two lines has other line ends in one of them, which is another prompt.
            if name != "crlf.csv" || !csv.contains(",\nplease") {
                prop_assert_eq!(&report(&[(name, bytes)], &[]), &expected, "{}", name);
            }
        }
    }

    #[test]
    fn order_files_and_threads_do_not_matter(rows in ledger(), seed in any::<u64>(), cut in any::<prop::sample::Index>()) {
        let csv = |rows: &Rows| delimited(rows, b',').into_bytes();
        let expected = report(&[("a.csv", csv(&rows))], &[]);
        let mut shuffled = rows.clone();
        shuffled[1..].sort_by_key(|row| row[7].bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
        prop_assert_eq!(&report(&[("a.csv", csv(&shuffled))], &[]), &expected, "shuffled");
        let cut = 1 + cut.index(rows.len());
        let part = |range: std::ops::Range<usize>| -> Rows { [&rows[..1], &rows[range]].concat() };
        let (first, second) = (part(1..cut), part(cut..rows.len()));
        prop_assert_eq!(&report(&[("a.csv", csv(&first)), ("b.xlsx", xlsx(&[("b", &second)]))], &[]), &expected, "split");
        prop_assert_eq!(&report(&[("a.csv", csv(&rows))], &["--threads", "1"]), &expected, "one thread");
        prop_assert_eq!(&report(&[("a.csv", csv(&rows))], &["--threads", "7"]), &expected, "seven threads");
    }
}
