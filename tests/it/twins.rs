//! The rows of a CSV file in other formats: twins that must read the same.
use std::{
    io::{Cursor, Write as _},
    sync::Arc,
};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A header and rows of cells.
pub(crate) type Rows = Vec<Vec<String>>;

/// The rows of a CSV text.
pub(crate) fn rows(text: &str) -> Rows {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// As text with a delimiter.
pub(crate) fn delimited(rows: &Rows, delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// How a cell is typed in a workbook.
enum Typed<'c> {
    Number(f64),
    Time(&'c str),
    Text(&'c str),
}

/// Numbers and UTC times become typed cells where that loses nothing.
fn typed(cell: &str) -> Typed<'_> {
    let is_plain = |number: f64| number.to_string() == cell;
    match (cell.parse::<f64>(), cell.strip_suffix('Z')) {
        (Ok(number), _) if is_plain(number) => Typed::Number(number),
        (_, Some(time)) if time.len() == 19 && time.as_bytes()[10] == b'T' => Typed::Time(time),
        _ => Typed::Text(cell),
    }
}

/// As an XLSX workbook of sheets with names.
pub(crate) fn xlsx(sheets: &[(&str, &Rows)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (number, row) in (0..).zip(rows.iter()) {
            for (column, cell) in (0..).zip(row) {
                match typed(cell) {
                    Typed::Number(value) => sheet.write_number(number, column, value).unwrap(),
                    Typed::Time(text) => {
                        let time = ExcelDateTime::parse_from_str(text).unwrap();
                        sheet.write_datetime_with_format(number, column, &time, &format).unwrap()
                    }
                    Typed::Text("") => continue,
                    Typed::Text(text) => sheet.write_string(number, column, text).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// As an ODS workbook with one sheet.
pub(crate) fn ods(rows: &Rows) -> Vec<u8> {
    let cell = |cell: &String| match typed(cell) {
        Typed::Number(value) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{value}\"/>"),
        Typed::Time(time) => format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{time}\"/>"),
        Typed::Text("") => "<table:table-cell/>".to_owned(),
        Typed::Text(text) => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let paragraphs = text.replace('\n', "</text:p><text:p>");
            format!("<table:table-cell office:value-type=\"string\"><text:p>{paragraphs}</text:p></table:table-cell>")
        }
    };
    let row =
        |row: &Vec<String>| format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>());
    ods_of(&format!("<table:table table:name=\"Sheet1\">{}</table:table>", rows.iter().map(row).collect::<String>()))
}

/// An ODS workbook of some tables.
pub(crate) fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:automatic-styles>\
         <style:style style:name=\"hidden\" style:family=\"table\"><style:table-properties table:display=\"false\"/>\
         </style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet>\
         </office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ])
}

/// As Parquet: columns of numbers, of UTC times and of text.
pub(crate) fn parquet(rows: &Rows) -> Vec<u8> {
    let column = |position: usize| -> ArrayRef {
        let cells = || rows[1..].iter().map(|row| row[position].as_str());
        let filled = || cells().filter(|cell| !cell.is_empty());
        if filled().all(|cell| matches!(typed(cell), Typed::Number(_))) {
            return Arc::new(cells().map(|cell| cell.parse::<f64>().ok()).collect::<Float64Array>());
        }
        if filled().all(|cell| matches!(typed(cell), Typed::Time(_))) {
            let micros =
                |cell: &str| cell.parse::<chrono::DateTime<chrono::Utc>>().ok().map(|at| at.timestamp_micros());
            return Arc::new(cells().map(micros).collect::<TimestampMicrosecondArray>().with_timezone("UTC"));
        }
        Arc::new(cells().map(|cell| (!cell.is_empty()).then_some(cell)).collect::<StringArray>())
    };
    let columns = rows[0].iter().enumerate().map(|(position, name)| (name, column(position), true));
    parquet_of(&RecordBatch::try_from_iter_with_nullable(columns).unwrap())
}

/// A Parquet file of some columns.
pub(crate) fn parquet_of(batch: &RecordBatch) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

/// A zip archive.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A gzip stream.
pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A zstd frame.
pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}
