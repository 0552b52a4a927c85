//! Every reader of foreign bytes, on small files with parts changed, cut off, doubled or made huge: the answer is a
//! table or one clear error, soon, and never a panic.
//!
//! `COMITY_FUZZ_SECONDS` (2 unless set) is how long each format is tried; `COMITY_FUZZ_SEED` begins elsewhere.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use comity_datasets::{self, formats};

/// A small generator: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

fn changed(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(7) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.next() as u8,
            2 => bytes.truncate(at),
            3 => {
                let end = (at + 1 + dice.below(64)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            4 => {
                let huge: &[u8] = [
                    &[0xFF, 0xFF, 0xFF, 0xFF][..],
                    &[0x7F, 0xFF, 0xFF, 0xFF],
                    &[0, 0, 0, 0],
                    &[0x80, 0, 0, 0],
                    &[0, 0, 0x10, 0],
                ][dice.below(5)];
                for (n, b) in huge.iter().enumerate() {
                    if let Some(slot) = bytes.get_mut(at + n) {
                        *slot = *b;
                    }
                }
            }
            5 => {
                let end = (at + dice.below(32)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let other = dice.below(bytes.len());
                bytes.swap(at, other);
            }
        }
    }
    bytes
}

/// Tries a seed and what comes of it until the time is up.
fn try_out(what: &str, seeds: &[Vec<u8>]) {
    for seed in seeds {
        let parts = formats::parts("seed", seed).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert!(!parts.is_empty(), "{what}: the seed holds no table");
    }
    let mut dice = Dice(setting("COMITY_FUZZ_SEED", 0x9E37_79B9_7F4A_7C15) | 1);
    let time = Duration::from_secs(setting("COMITY_FUZZ_SECONDS", 2));
    let (since, mut tried, mut opened) = (Instant::now(), 0_u64, 0_u64);
    while since.elapsed() < time {
        let bytes = changed(&seeds[dice.below(seeds.len())], &mut dice);
        let began = Instant::now();
        let answer = std::panic::catch_unwind(|| formats::parts("file", &bytes));
        let slow = began.elapsed() > Duration::from_secs(5);
        let (false, Ok(answer)) = (slow, answer) else {
            let file = std::env::temp_dir().join(format!("comity-fuzz-{what}"));
            std::fs::write(&file, &bytes).unwrap();
            let how = if slow { "took too long" } else { "panicked" };
            panic!("{what}: attempt {tried} {how}; the bytes are in {}", file.display());
        };
        match answer {
            Ok(_) => opened += 1,
            Err(e) => {
                let said = e.to_string();
                assert!(
                    said.starts_with("file") && !said.contains(|c: char| c.is_control()),
                    "{said:?}"
                );
            }
        }
        tried += 1;
    }
    println!("{what}: {tried} tried, {opened} opened");
}

fn int(bytes: &mut Vec<u8>, v: i32) {
    bytes.extend(v.to_be_bytes());
}

fn r_text(bytes: &mut Vec<u8>, text: &str) {
    int(bytes, 0x0004_0009);
    int(bytes, text.len() as i32);
    bytes.extend(text.as_bytes());
}

fn r_symbol(bytes: &mut Vec<u8>, name: &str) {
    int(bytes, 1);
    r_text(bytes, name);
}

fn r_texts(bytes: &mut Vec<u8>, texts: &[&str]) {
    int(bytes, 16);
    int(bytes, texts.len() as i32);
    for text in texts {
        r_text(bytes, text);
    }
}

/// A data frame of two rows: numbers, a factor, texts, a compact sequence.
fn r_frame(version: i32) -> Vec<u8> {
    let mut b = b"X\n".to_vec();
    int(&mut b, version);
    int(&mut b, 0x0004_0202);
    int(&mut b, 0x0002_0300);
    if version == 3 {
        int(&mut b, 5);
        b.extend(b"UTF-8");
    }
    int(&mut b, 0x313);
    int(&mut b, 4);
    int(&mut b, 14);
    int(&mut b, 2);
    b.extend(1.5_f64.to_be_bytes());
    b.extend(f64::NAN.to_be_bytes());
    int(&mut b, 0x30D);
    int(&mut b, 2);
    int(&mut b, 1);
    int(&mut b, i32::MIN);
    int(&mut b, 0x402);
    r_symbol(&mut b, "levels");
    r_texts(&mut b, &["a"]);
    int(&mut b, 0x402);
    r_symbol(&mut b, "class");
    r_texts(&mut b, &["factor"]);
    int(&mut b, 254);
    r_texts(&mut b, &["x", "Côte"]);
    if version == 3 {
        int(&mut b, 238);
        int(&mut b, 2);
        r_symbol(&mut b, "compact_intseq");
        int(&mut b, 2);
        r_symbol(&mut b, "base");
        int(&mut b, 2);
        int(&mut b, 13);
        int(&mut b, 1);
        int(&mut b, 13);
        int(&mut b, 254);
        int(&mut b, 14);
        int(&mut b, 3);
        for v in [2.0_f64, 1.0, 1.0] {
            b.extend(v.to_be_bytes());
        }
        int(&mut b, 254);
    } else {
        int(&mut b, 13);
        int(&mut b, 2);
        int(&mut b, 1);
        int(&mut b, 2);
    }
    int(&mut b, 0x402);
    r_symbol(&mut b, "names");
    r_texts(&mut b, &["num", "fac", "txt", "seq"]);
    int(&mut b, 0x402);
    r_symbol(&mut b, "class");
    r_texts(&mut b, &["data.frame"]);
    int(&mut b, 254);
    b
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const CSV: &[u8] = b"ccode,year,x\n2,1900,a\n200,1901,\"b, c\"\n";

#[test]
fn an_r_frame_reads_as_it_was_written() {
    for version in [2, 3] {
        let parts = formats::parts("f.rds", &gzip(&r_frame(version))).unwrap();
        let formats::Content::Table(cells) = &parts[0].content else { panic!("no table") };
        assert_eq!(cells.header, ["num", "fac", "txt", "seq"]);
        let row = |r| (0..4).map(|c| cells.get(r, c)).collect::<Vec<_>>();
        assert_eq!((row(0), row(1)), (vec!["1.5", "a", "x", "1"], vec!["", "", "Côte", "2"]));
    }
}

#[test]
fn r() {
    try_out("r", &[r_frame(2), r_frame(3), gzip(&r_frame(3))]);
}

#[test]
fn archives() {
    let inner = zipped(&[("a.csv", CSV), ("b/c.csv", CSV)]);
    try_out(
        "archives",
        &[gzip(CSV), inner.clone(), zipped(&[("inner.zip", &inner)]), gzip(&gzip(CSV))],
    );
}

#[test]
fn a_bomb_is_not_unpacked() {
    let bomb = gzip(&vec![0; 300 * 1024 * 1024]);
    let refused =
        |name, bytes: &[u8]| formats::parts(name, bytes).map(|_| ()).unwrap_err().to_string();
    let error = refused("bomb.gz", &bomb);
    assert!(error.contains("unpacks to more than") && error.contains("by hand"), "{error}");
    let mut nested = CSV.to_vec();
    for _ in 0..8 {
        nested = gzip(&nested);
    }
    let error = refused("nested.gz", &nested);
    assert!(error.contains("deep in each other") && error.contains("by hand"), "{error}");
    let many: Vec<String> = (0..2_001).map(|n| format!("{n}.csv")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), CSV)).collect();
    let error = refused("many.zip", &zipped(&many));
    assert!(error.contains("2001 members"), "{error}");
    // A name inside an archive is a name, whatever it says.
    let parts = formats::parts("t.zip", &zipped(&[("../../etc/passwd.csv", CSV)])).unwrap();
    assert_eq!(parts[0].inside, "passwd.csv");
}

#[test]
fn workbooks() {
    let book = zipped(&[
        ("[Content_Types].xml", br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>"#),
        ("_rels/.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/worksheets/sheet1.xml", br#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="2"><c r="A2" t="inlineStr"><is><t>name, "x"</t></is></c><c r="B2"><v>1.5</v></c></row></sheetData></worksheet>"#),
    ]);
    let parts = formats::parts("b.xlsx", &book).unwrap();
    let formats::Content::Text(text) = &parts[0].content else { panic!("no text") };
    assert_eq!(String::from_utf8_lossy(text), "\n\"name, \"\"x\"\"\",1.5\n");
    try_out("workbooks", &[book]);
}

#[test]
fn parquet() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("ccode", Arc::new(Int32Array::from(vec![Some(2), None]))),
        ("x", Arc::new(Float64Array::from(vec![0.5, 2.0]))),
        ("name", Arc::new(StringArray::from(vec![Some("a"), None]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    try_out("parquet", &[comity_record::store::parquet(&batch).unwrap()]);
}

#[test]
fn stata() {
    // Release 114: header, two variables (byte and str2), no value labels, two rows with a missing byte (.a).
    let mut b = vec![114, 2, 1, 0];
    b.extend(2_u16.to_le_bytes());
    b.extend(2_u32.to_le_bytes());
    b.extend([0; 81 + 18]);
    b.extend([251, 2]);
    for name in ["ccode", "abb"] {
        let mut field = [0; 33];
        field[..name.len()].copy_from_slice(name.as_bytes());
        b.extend(field);
    }
    b.extend([0; 2 * 3]);
    for format in ["%8.0g", "%2s"] {
        let mut field = [0; 49];
        field[..format.len()].copy_from_slice(format.as_bytes());
        b.extend(field);
    }
    b.extend([0; 33 * 2 + 81 * 2]);
    b.extend([0; 5]);
    b.extend([2, b'U', b'S', 102, b'C', 0]);
    let parts = formats::parts("s.dta", &b).unwrap();
    let formats::Content::Table(cells) = &parts[0].content else { panic!("no table") };
    assert_eq!(cells.header, ["ccode", "abb"]);
    assert_eq!(
        [cells.get(0, 0), cells.get(1, 0), cells.get(0, 1), cells.get(1, 1)],
        ["2", "", "US", "C"]
    );
    try_out("stata", &[b]);
}

#[test]
fn old_workbooks_and_plain_text() {
    let mut dice = Dice(7);
    let mut old = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    old.extend((0..2048).map(|_| dice.next() as u8));
    let time = Duration::from_secs(setting("COMITY_FUZZ_SECONDS", 2));
    let since = Instant::now();
    while since.elapsed() < time {
        let bytes = changed(&old, &mut dice);
        assert!(std::panic::catch_unwind(|| formats::parts("old.xls", &bytes)).is_ok());
    }
}

/// Whole files of every kind through the front door: found, or told why not.
#[test]
fn folders_of_broken_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(11);
    for (n, seed) in
        [CSV.to_vec(), r_frame(3), gzip(CSV), zipped(&[("a.csv", CSV)])].iter().enumerate()
    {
        for m in 0..20 {
            std::fs::write(folder.path().join(format!("{n}-{m}")), changed(seed, &mut dice))
                .unwrap();
        }
    }
    let search = comity_datasets::find(&[folder.path().to_owned()]);
    assert!(
        search.found.is_empty() && search.unrecognised.len() >= 80,
        "{}",
        search.unrecognised.len()
    );
}
