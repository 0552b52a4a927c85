//! Every reader of foreign bytes, on small invented files with parts changed, cut off, doubled or made huge: the answer is a
//! table or one clear error, soon, and never a panic.
//!
//! Each kind is tried so many times that the whole takes seconds. `COMITY_FUZZ_SECONDS` is how long each is tried instead, by
//! hand; `COMITY_FUZZ_SEED` begins elsewhere.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use comity_datasets::events;
use comity_datasets::formats::{self, Content};
use comity_datasets::own::{self, Own};
use comity_datasets::{self, text};

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

/// How often each kind is tried.
const TRIES: u64 = 600;

/// Tries seeds and what comes of them, as tables.
fn try_out(what: &str, seeds: &[Vec<u8>]) {
    for seed in seeds {
        let parts = formats::parts("seed", seed).unwrap_or_else(|e| panic!("{what}: {e}"));
        let table = |p: &formats::Part| matches!(p.content, Content::Text(_) | Content::Table(_));
        assert!(parts.iter().any(table), "{what}: the seed holds no table: {parts:?}");
    }
    attempt(what, seeds, TRIES, |bytes| {
        let parts = formats::parts("file", bytes).map_err(|e| e.to_string())?;
        // What a text says is read too, and every cell of a table.
        for part in parts {
            match part.content {
                Content::Text(text) => {
                    let text = text::decode("file", &text, false).map_err(|e| e.to_string())?;
                    let cells = text::Cells::parse("file", &text).map_err(|e| e.to_string())?;
                    look_at(&cells);
                }
                Content::Table(cells) => look_at(&cells),
                Content::Nothing(why) | Content::Damaged(why) => assert!(!why.is_empty()),
            }
        }
        Ok(())
    });
}

fn look_at(cells: &text::Cells) {
    for row in 0..cells.len().min(20) {
        for column in 0..cells.header.len().min(20) {
            let _ = (cells.get(row, column).len(), cells.cell(row, column));
        }
        let _ = cells.place(row).to_string();
    }
}

/// Tries seeds and what comes of them so many times, or for as long as is set.
fn attempt(
    what: &str,
    seeds: &[Vec<u8>],
    tries: u64,
    read: impl Fn(&[u8]) -> Result<(), String> + std::panic::RefUnwindSafe,
) {
    let mut dice = Dice(setting("COMITY_FUZZ_SEED", 0x9E37_79B9_7F4A_7C15) | 1);
    let long = if std::env::var_os("COMITY_LONG").is_some() { 60 } else { 0 };
    let time = Duration::from_secs(setting("COMITY_FUZZ_SECONDS", long));
    let (since, mut tried, mut opened) = (Instant::now(), 0_u64, 0_u64);
    while tried < tries || since.elapsed() < time {
        let bytes = changed(&seeds[dice.below(seeds.len())], &mut dice);
        let began = Instant::now();
        let answer = std::panic::catch_unwind(|| read(&bytes));
        let slow = began.elapsed() > Duration::from_secs(5);
        let (false, Ok(answer)) = (slow, answer) else {
            let file = std::env::temp_dir().join(format!("comity-fuzz-{what}"));
            std::fs::write(&file, &bytes).unwrap();
            let how = if slow { "took too long" } else { "panicked" };
            panic!("{what}: attempt {tried} {how}; the bytes are in {}", file.display());
        };
        match answer {
            Ok(()) => opened += 1,
            Err(said) => {
                assert!(
                    said.starts_with("file") && !said.contains(|c: char| c.is_control()),
                    "{what}: {said:?}"
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
        let Content::Table(cells) = &parts[0].content else { panic!("no table") };
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
        &[
            gzip(CSV),
            bzip2(CSV),
            XZ.to_vec(),
            inner.clone(),
            zipped(&[("inner.zip", &inner), ("d.csv.gz", &gzip(CSV))]),
            gzip(&gzip(CSV)),
        ],
    );
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// [`CSV`] packed by xz: the library here unpacks alone.
#[rustfmt::skip]
const XZ: &[u8] = &[
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x01, 0x69, 0x22, 0xDE, 0x36, 0x02, 0x00, 0x21, 0x01,
    0x0C, 0x00, 0x00, 0x00, 0x8F, 0x98, 0x41, 0x9C, 0x01, 0x00, 0x25, 0x63, 0x63, 0x6F, 0x64, 0x65,
    0x2C, 0x79, 0x65, 0x61, 0x72, 0x2C, 0x78, 0x0A, 0x32, 0x2C, 0x31, 0x39, 0x30, 0x30, 0x2C, 0x61,
    0x0A, 0x32, 0x30, 0x30, 0x2C, 0x31, 0x39, 0x30, 0x31, 0x2C, 0x22, 0x62, 0x2C, 0x20, 0x63, 0x22,
    0x0A, 0x00, 0x00, 0x00, 0x5C, 0x21, 0x3C, 0xAA, 0x00, 0x01, 0x3A, 0x26, 0xAF, 0xEE, 0x22, 0xD7,
    0x90, 0x42, 0x99, 0x0D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x59, 0x5A,
];

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
    let Content::Text(text) = &parts[0].content else { panic!("no text") };
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
    let Content::Table(cells) = &parts[0].content else { panic!("no table") };
    assert_eq!(cells.header, ["ccode", "abb"]);
    assert_eq!(
        [cells.get(0, 0), cells.get(1, 0), cells.get(0, 1), cells.get(1, 1)],
        ["2", "", "US", "C"]
    );
    try_out("stata", &[b]);
}

/// An old workbook of two cells: a small file system with one stream of records.
fn old_workbook() -> Vec<u8> {
    const HEADER: usize = 512;
    const NONE: u32 = 0xFFFF_FFFF;
    const STOP: u32 = 0xFFFF_FFFE;
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    let begin = |what: u8| record(0x0809, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let cell = |row: u16, column: u16, v: f64| {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        record(0x0203, &[place, v.to_le_bytes().to_vec()].concat())
    };
    let shown = |row: u16, text: u32| {
        let place = [row.to_le_bytes(), [1, 0], [0, 0]].concat();
        record(0x00FD, &[place, text.to_le_bytes().to_vec()].concat())
    };
    let end = record(0x000A, &[]);
    let texts = record(0x00FC, b"\x02\0\0\0\x02\0\0\0\x03\0\0abc\x02\0\x01a\0b\0");
    let sheet = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'd']].concat());
    let head = begin(5).len() + sheet(0).len() + texts.len() + end.len();
    let mut stream = [begin(5), sheet(head as u32), texts, end.clone()].concat();
    stream.extend([begin(16), cell(0, 0, 1.0), shown(0, 1), cell(1, 2, 2.0), end].concat());
    stream.resize(4096, 0);
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(HEADER, 0);
    let mut put = |at: usize, words: &[u32]| {
        for (n, word) in words.iter().enumerate() {
            bytes[at + n * 4..at + n * 4 + 4].copy_from_slice(&word.to_le_bytes());
        }
    };
    put(24, &[0x0003_003E, 0x0009_FFFE, 6, 0, 0, 1, 1, 0, 4096, STOP, 0, STOP, 0, 0]);
    put(80, &[NONE; 108]);
    let mut chains = vec![NONE; 128];
    chains[..10].copy_from_slice(&[0xFFFF_FFFD, STOP, 3, 4, 5, 6, 7, 8, 9, STOP]);
    bytes.extend(chains.iter().flat_map(|word| word.to_le_bytes()));
    for (name, kind, first, length) in [("Root Entry", 5, STOP, 0), ("Workbook", 2, 2, 4096_u32)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let letters = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(letters.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([NONE, NONE, NONE].iter().flat_map(|w| w.to_le_bytes()));
        entry.resize(116, 0);
        entry.extend([first, length, 0].iter().flat_map(|w| w.to_le_bytes()));
        bytes.extend(entry);
    }
    bytes.resize(HEADER * 3, 0);
    bytes.extend(stream);
    bytes
}

#[test]
fn old_workbooks() {
    let parts = formats::parts("o.xls", &old_workbook()).unwrap();
    let Content::Text(text) = &parts[0].content else { panic!("no text") };
    assert_eq!(String::from_utf8_lossy(text), "1,ab,\n,,2\n");
    try_out("old workbooks", &[old_workbook()]);
}

/// A workbook in records: a sheet with a number.
fn binary_workbook() -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let kind = match kind {
            0..0x80 => vec![kind as u8],
            _ => vec![(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8],
        };
        [&kind[..], &[data.len() as u8], data].concat()
    };
    let wide = |text: &str| {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(text.len() as u32).to_le_bytes()[..], &letters].concat()
    };
    let named = [&[0, 0, 0, 0, 1, 0, 0, 0][..], &wide("rId1"), &wide("S")].concat();
    let book = [record(0x9C, &named), record(0x90, &[]), record(0x84, &[])].concat();
    let number = [&[0; 8][..], &1.5_f64.to_le_bytes()].concat();
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        record(0, &[0; 17]),
        record(5, &number),
        record(0x92, &[]),
    ];
    let links = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    zipped(&[
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", links),
        ("xl/worksheets/sheet1.bin", &sheet.concat()),
    ])
}

#[test]
fn binary_workbooks() {
    let parts = formats::parts("b.xlsb", &binary_workbook()).unwrap();
    let Content::Text(text) = &parts[0].content else { panic!("{parts:?}") };
    assert_eq!(String::from_utf8_lossy(text), "1.5\n");
    try_out("binary workbooks", &[binary_workbook()]);
}

#[test]
fn plain_text() {
    let seeds: [&[u8]; 5] = [
        CSV,
        b"\xEF\xBB\xBFa;b\r\n1;\"x;\"\"y\"\"\"\r\n",
        b"a\tb\rC\xF4te\tx\r",
        b"Title\n\na,b\n1,2,,,\n",
        b"a,b\n\"open,1\n2,3\n",
    ];
    try_out("plain text", &seeds.map(<[u8]>::to_vec));
}

#[test]
fn maps() {
    let seeds: [&[u8]; 3] = [
        br#"{"type":"Topology","arcs":[[[1,0],[1.5,0],[1,1]],[[1,1],[0,1],[0,0],[1,0]]],"objects":{"land":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0,1]],"properties":{"code":2,"name":"A\u00e9"}},{"type":"MultiPolygon","arcs":[[[-2,-1]]],"properties":{"code":null}}]}}}"#,
        br#"{"objects":{"x":{"type":"Polygon","arcs":[[0]]}},"type":"Topology","transform":{"scale":[0.5,0.25],"translate":[10,-1]},"arcs":[[[0,0],[2,0],[0,4],[-2,-4]]]}"#,
        br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":1.10},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1.0,0],[1,1],[0,0]]]}}]}"#,
    ];
    try_out("maps", &seeds.map(<[u8]>::to_vec));
}

const STATES: &[u8] = b"stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\nCUN,9,Cunard,1900,1,1,2016,12,31,2016\n";
const NMC: &[u8] = b"stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\nCUN,2,1900,-9,1,1.5,0,10,-9,.001,2021\n";
const LIST: &[u8] =
    b"gwcode,gwc,country_name,start,end,microstate\n260,GFR,Germany,1950-01-01,9999-12-31,FALSE\n";
const WIDE: &[u8] = b"Country Name,Country Code,Indicator Name,Indicator Code,1960,1961\nFrance,FRA,Output,NY.GDP.MKTP.CD,1,2.5\n";
const LONG: &[u8] = b"Country Name,Country Code,Year,Value\nArgentina,ARG,2000,284203750000\n";
const REGION: &[u8] =
    b"date,source,target,code\n1979-04-15,EGYGOV,SUNREB,190\n1985-01-01,USR,GMW,0211]\n";

/// Through the front door: recognised, read whole and in part, and as tables of one's own.
#[test]
fn recognition_and_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let record = comity_datasets::starter::record();
    let states = record.states().unwrap();
    let seeds: Vec<Vec<u8>> = [STATES, NMC, LIST, WIDE, LONG, REGION]
        .iter()
        .flat_map(|text| [text.to_vec(), gzip(text), zipped(&[("a.csv", text), ("b.csv", CSV)])])
        .chain([r_frame(3), gzip(CSV)])
        .collect();
    attempt("recognition", &seeds, 1_000, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        let paths = [path.clone()];
        for search in [comity_datasets::find(&paths), comity_datasets::find_loosely(&paths)] {
            for found in &search.found {
                let _ = (comity_datasets::read_part(found), comity_datasets::read(found));
            }
            for left_out in &search.unrecognised {
                assert!(!left_out.reason.is_empty());
                assert!(!left_out.reason.contains(|c: char| c.is_control()), "{}", left_out.reason);
            }
        }
        let own =
            Own { table: "capabilities", years: None, scope: None, title: None, citation: None };
        own::read(&path, &own, states).map(|_| ()).map_err(|e| e.to_string())
    });
}

/// The tally of event lines, plain and packed.
#[test]
fn tallies_of_events() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let mut cells = vec![""; 61];
    (cells[0], cells[1], cells[7], cells[17]) = ("1", "20180101", "USA", "CHN");
    (cells[29], cells[30]) = ("1", "2.8");
    let text = (cells.join("\t") + "\n").repeat(3).into_bytes();
    let seeds = [text.clone(), gzip(&text), zipped(&[("a.export.CSV", &text)])];
    attempt("tallies", &seeds, 400, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        events::by_day_and_dyad(&path, 2).map(|_| ()).map_err(|e| e.to_string())
    });
}
