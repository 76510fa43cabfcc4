//! Parquet holds the same as the table in it, exactly; hostile files are refused without a panic.
use std::{path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray, StructArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use proptest::prelude::*;

use crate::{
    command::{audit, body, creditscope, file, inspected, shared},
    twins::{self, gz, parquet_of, rows},
};

#[test]
fn parquet_reads_the_same_as_the_table_in_it() {
    for name in ["ledger-2026-10.csv", "cursor-usage.csv"] {
        let path = Path::new("sample-data").join(name);
        let (expected, counts) = body(&[&path], &[]);
        let bytes = twins::parquet(&rows(&std::fs::read_to_string(&path).unwrap()));
        for (label, bytes) in [("a.parquet", bytes.clone()), ("a.parquet.gz", gz(&bytes))] {
            let (_dir, twin) = file(label, &bytes);
            let (got, twin) = body(&[&twin], &[]);
            assert_eq!(got, expected, "{label} of {name}");
            let n_rows = counts["physical_rows"].as_u64().unwrap() - 1;
            assert_eq!((&twin["physical_rows"], &twin["accepted"]), (&n_rows.into(), &counts["accepted"]));
        }
    }
}

#[test]
fn typed_values_reach_the_readers_exactly() {
    let column = |array| -> ArrayRef { array };
    let amounts =
        Decimal128Array::from(vec![Some(1_000_000_000_000_000_001), Some(-1), None]).with_precision_and_scale(38, 9);
    let who = StructArray::from(vec![(
        Arc::new(Field::new("user", DataType::Utf8, true)),
        column(Arc::new(StringArray::from(vec![Some("ada"), None, Some("bob")]))),
    )]);
    let batch = RecordBatch::try_from_iter_with_nullable([
        (
            "timestamp",
            column(Arc::new(TimestampMillisecondArray::from(vec![1_790_841_600_120; 3]).with_timezone("UTC"))),
            true,
        ),
        ("credits", column(Arc::new(amounts.unwrap())), true),
        ("by", column(Arc::new(who)), true),
        ("event_id", column(Arc::new(Int64Array::from(vec![i64::MAX, 2, 3]))), true),
    ]);
    let (_dir, path) = file("typed.parquet", parquet_of(&batch.unwrap()));
    let found = &inspected(&path, 0)["files"][0];
    assert_eq!(
        (&found["physical_rows"], &found["accepted"], &found["rejected"]),
        (&3.into(), &2.into(), &1.into()),
        "{found}"
    );
    assert_eq!(
        (&found["amounts"][0]["amount"], &found["first"]),
        (&"1000000000".into(), &"2026-10-01T08:00:00.120Z".into())
    );
    assert_eq!(
        (&found["problems"][0]["line"], &found["columns"]["unmatched"]),
        (&3.into(), &serde_json::json!(["by.user"]))
    );
}

#[test]
fn times_that_are_not_utc_need_a_zone() {
    let times: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1_790_841_600_000]));
    let batch = RecordBatch::try_from_iter([("timestamp", times), ("credits", Arc::new(Int64Array::from(vec![1])))]);
    let (_dir, path) = file("naive.parquet", parquet_of(&batch.unwrap()));
    let (_out, _, ran) = audit(&[&path], &[]);
    assert!(ran.code == 2 && ran.stderr.contains("--tz"), "{}", ran.stderr);
    assert_eq!(body(&[&path], &["--tz", "Europe/Berlin"]).0["totals"][0]["amount"], "1");
}

/// Inspects bytes as a file: whatever they are, the program ends well.
#[track_caller]
fn check_harmless(bytes: &[u8]) {
    let (_dir, path) = file("hostile.parquet", bytes);
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str()]);
    assert!(matches!(ran.code, 0 | 2) && !ran.stderr.contains("panicked"), "{} {}", ran.code, ran.stderr);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_file_is_read_or_refused(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in 0.5..1.0_f64, is_cut in any::<bool>()) {
        let mut bytes = twins::parquet(&rows("timestamp,credits,user\n2026-10-01T08:00:00Z,1,ada\n2026-10-01T08:01:00Z,2.5,bob\n"));
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "short")]
        bytes.truncate(if is_cut { (bytes.len() as f64 * cut) as usize } else { bytes.len() });
        check_harmless(&bytes);
    }
}

#[test]
fn files_that_broke_other_readers_are_read_or_refused() {
    let Some(folder) = shared("csv/parquet-testing/bad_data") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        check_harmless(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}

#[track_caller]
fn check_bomb(name: &str, batches: &[RecordBatch]) {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    let (_dir, path) = file(name, writer.into_inner().unwrap());
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!((ran.code, report.exists()), (2, false), "{}", ran.stderr);
    assert!(ran.stderr.contains("200 times its size"), "{}", ran.stderr);
}

#[test]
fn values_that_are_written_once_and_repeated_for_ever_are_a_bomb() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1; 2_000_000]));
    check_bomb(
        "rows.parquet",
        &[RecordBatch::try_from_iter([("timestamp", numbers.clone()), ("credits", numbers)]).unwrap()],
    );
    let long = "x".repeat(60_000);
    let texts: ArrayRef = Arc::new(StringArray::from(vec![long.as_str(); 500]));
    let batch = RecordBatch::try_from_iter([("timestamp", texts)]).unwrap();
    check_bomb("texts.parquet", &[batch.clone(), batch.clone(), batch.clone(), batch.clone(), batch]);
}

#[test]
fn a_page_that_lies_about_its_size_is_refused_before_room_is_made_for_it() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(3 << 19)]));
    let batch = RecordBatch::try_from_iter([("timestamp", texts)]).unwrap();
    let codec = Compression::SNAPPY;
    let properties = WriterProperties::builder().set_compression(codec).set_dictionary_enabled(false).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let mut bytes = writer.into_inner().unwrap();
    // The first page is a data page (0), its size in Thrift's zigzag, four bytes of seven bits.
    assert_eq!((bytes[4..7].to_vec(), bytes[10] & 0x80), (vec![0x15, 0, 0x15], 0), "{:?}", &bytes[..16]);
    bytes[7..11].copy_from_slice(&[0xfe, 0xff, 0xff, 0x7f]);
    let (_dir, path) = file("lie.parquet", &bytes);
    let (_out, report, ran) = audit(&[&path], &[]);
    assert_eq!((ran.code, report.exists()), (2, false), "{}", ran.stderr);
    assert!(ran.stderr.contains("200 times its size"), "{}", ran.stderr);
}
