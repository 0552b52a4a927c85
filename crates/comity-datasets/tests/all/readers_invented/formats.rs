//! Files of other programs, made here: what they are packed with, and what they claim to hold.

use std::io::{Cursor, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringViewArray};
use comity_datasets::formats::{Content, Part, parts};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

fn parquet(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_page_size_limit(64 * 1024 * 1024)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties)).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
    bytes
}

fn weights(compression: Compression) -> Vec<u8> {
    let weights: ArrayRef = Arc::new(Float64Array::from(vec![0.5, 2.0]));
    let names: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a"), None]));
    parquet(vec![("weight", weights), ("name", names)], compression)
}

fn refused(name: &str, bytes: &[u8]) -> String {
    parts(name, bytes).map(|p| p.len()).unwrap_err().to_string()
}

#[test]
fn parquet_is_read_whatever_it_is_packed_with() {
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let read = parts("w.parquet", &weights(compression)).unwrap();
        let [Part { content: Content::Table(cells), .. }] = read.as_slice() else {
            panic!("{read:?}")
        };
        assert_eq!(cells.header, ["weight", "name"], "{compression}");
        let row = |row| (cells.get(row, 0).to_owned(), cells.get(row, 1).to_owned());
        assert_eq!((row(0), row(1)), (("0.5".into(), "a".into()), ("2".into(), String::new())));
    }
}

#[test]
fn parquet_packed_as_is_not_read_says_so() {
    let mut bytes = weights(Compression::UNCOMPRESSED);
    // In the footer, after the name of a column: the field of its codec, and the codec (4 is Brotli).
    let at = bytes.windows(8).rposition(|w| w == b"weight\x15\x00").unwrap();
    bytes[at + 7] = 8;
    let told = refused("w.parquet", &bytes);
    assert!(told.contains("packed with Brotli, which this program does not read"), "{told}");
    assert!(!told.contains("damaged"), "{told}");
}

#[test]
fn a_text_that_many_rows_of_parquet_share_is_counted_for_each() {
    let long = "x".repeat(1 << 20);
    let texts: ArrayRef = Arc::new(StringViewArray::from(vec![long.as_str(); 1_100]));
    let bytes = parquet(vec![("text", texts)], Compression::SNAPPY);
    assert!(bytes.len() < 200_000, "{}", bytes.len());
    let told = refused("w.parquet", &bytes);
    assert!(told.contains("1024 MB, which no dataset of the field does"), "{told}");
}

/// A workbook of one sheet with these cells.
fn workbook(cells: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    );
    let members = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_takes_room_for_its_cells_alone() {
    let two = |last: &str, row: u32| {
        workbook(&format!(
            r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{last}{row}"><v>2</v></c></row>"#
        ))
    };
    let read = parts("w.xlsx", &two("C", 3)).unwrap();
    let [Part { content: Content::Text(text), inside }] = read.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!((inside.as_str(), text.as_slice()), ("data", b"1,,\n,,\n,,2\n".as_slice()));
    let told = refused("w.xlsx", &two("XFD", 1_048_576));
    assert!(told.contains("the sheet data has more cells than any dataset"), "{told}");
}

/// A list of sequences in R's binary form, each of which takes a hundred bytes and stands for 2^25 numbers.
#[test]
fn sequences_of_r_are_counted_together() {
    let mut bytes = b"X\n".to_vec();
    let int = |bytes: &mut Vec<u8>, v: u32| bytes.extend(v.to_be_bytes());
    for word in [2, 0, 0, 19, 40] {
        int(&mut bytes, word);
    }
    for _ in 0..40 {
        // In another form: a list with the name of the form.
        for word in [238, 2, 1, 9, 14] {
            int(&mut bytes, word);
        }
        bytes.extend(b"compact_intseq");
        // Its state: how many, from, by; and no attributes.
        for word in [254, 14, 3] {
            int(&mut bytes, word);
        }
        for number in [f64::from(1 << 25), 1.0, 1.0] {
            bytes.extend(number.to_be_bytes());
        }
        int(&mut bytes, 254);
    }
    let told = refused("s.rds", &bytes);
    assert!(told.contains("comes to more than 1024 MB"), "{told}");
}
