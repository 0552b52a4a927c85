//! Files that claim more than they hold, or hold what is damaged or not read: refused, with the place and the reason.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, ListArray, RecordBatch};
use arrow::datatypes::Int32Type;
use comity_datasets::formats::{Content, parts};
use comity_datasets::own::{self, Own};
use comity_datasets::{self, Why};

use super::{NMC, column};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
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

/// A table of the user's own of these bytes.
fn own(table: &str, bytes: &[u8]) -> Result<comity_record::SourceBundle, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine");
    fs::write(&path, bytes).unwrap();
    own_at(table, &path)
}

fn own_at(table: &str, path: &Path) -> Result<comity_record::SourceBundle, String> {
    let own = Own { table, years: None, scope: None, title: None, citation: None };
    let record = comity_datasets::starter::record();
    own::read(path, &own, record.states().unwrap()).map_err(|e| e.to_string())
}

#[test]
fn packed_commas_take_no_room() {
    let header = "organization,ccode,start_year,end_year\n";
    let row = format!("{header}UN,2,1945,{}\n", ",".repeat(3_000_000));
    for text in [",".repeat(3_000_000), row] {
        let told = own("memberships", &gzip(text.as_bytes())).unwrap_err();
        assert!(told.contains("more than 32768 cells in one line"), "{told}");
    }
    let told = own("memberships", &gzip("x".repeat(17 << 20).as_bytes())).unwrap_err();
    assert!(told.contains("a line of more than 16 MB"), "{told}");
    // A few blanks too many are nothing.
    assert!(own("memberships", format!("{header}UN,2,1945,,,,\n").as_bytes()).is_ok());
}

/// R's binary form, in the making.
struct R(Vec<u8>);

impl R {
    fn begin() -> Self {
        let mut r = Self(b"X\n".to_vec());
        r.words(&[2, 0x0004_0202, 0x0002_0300]);
        r
    }

    fn words(&mut self, words: &[i32]) -> &mut Self {
        self.0.extend(words.iter().flat_map(|w| w.to_be_bytes()));
        self
    }

    fn text(&mut self, text: &str) {
        self.words(&[9, text.len() as i32]);
        self.0.extend(text.as_bytes());
    }

    fn texts(&mut self, texts: &[&str]) {
        self.words(&[16, texts.len() as i32]);
        texts.iter().for_each(|t| self.text(t));
    }

    fn ints(&mut self, ints: &[i32]) {
        self.words(&[13, ints.len() as i32]).words(ints);
    }

    /// An attribute of texts; after the last of them, `end`.
    fn attribute(&mut self, name: &str, texts: &[&str]) {
        self.words(&[0x402, 1]);
        self.text(name);
        self.texts(texts);
    }

    fn end(&mut self) {
        self.words(&[254]);
    }
}

/// A data frame of memberships: who, of what, and since when, which `start` writes.
fn memberships(start: impl Fn(&mut R)) -> Vec<u8> {
    let mut r = R::begin();
    r.words(&[0x313, 3]);
    r.texts(&["UN", "AU"]);
    r.ints(&[2, 20]);
    start(&mut r);
    r.attribute("names", &["organization", "ccode", "start"]);
    r.attribute("class", &["data.frame"]);
    r.end();
    r.0
}

#[test]
fn days_that_r_keeps_in_parts_are_days_and_other_classes_are_refused_by_name() {
    let parts = |mday: i32| {
        move |r: &mut R| {
            r.words(&[0x313, 3]);
            r.ints(&[mday, i32::MIN]);
            r.ints(&[0, 5]);
            r.ints(&[90, 91]);
            r.attribute("names", &["mday", "mon", "year"]);
            r.attribute("class", &["POSIXlt", "POSIXt"]);
            r.end();
        }
    };
    let made = own("memberships", &memberships(parts(1))).unwrap();
    assert_eq!(column(&made, "memberships", "start"), ["1990-01-01", ""]);
    let refused = |bytes: Vec<u8>| own("memberships", &bytes).unwrap_err();
    let told = refused(memberships(parts(32)));
    assert!(
        told.contains("column start: it is of class POSIXlt, POSIXt, which is not read"),
        "{told}"
    );
    let complex = |r: &mut R| {
        r.words(&[15, 2]).words(&[0; 8]);
    };
    let told = refused(memberships(complex));
    assert!(told.contains("column start: it is of complex numbers"), "{told}");
    let shaped = |r: &mut R| {
        r.words(&[0x20D, 2, 1, 2, 0x402, 1]);
        r.text("dim");
        r.ints(&[2, 1]);
        r.end();
    };
    assert!(refused(memberships(shaped)).contains("column start: it is of several columns"));
}

#[test]
fn an_r_file_that_is_not_packed_is_one_whatever_its_first_line_end() {
    // Without a line end in its first 64 kilobytes but that of its mark.
    let mut r = R::begin();
    r.words(&[0x313, 2]);
    r.ints(&vec![2; 40_000]);
    r.ints(&vec![1; 40_000]);
    r.attribute("names", &["ccode", "nothing"]);
    r.attribute("class", &["data.frame"]);
    r.end();
    for bytes in [r.0.clone(), gzip(&r.0)] {
        let (_folder, search) = super::search(&[&bytes]);
        let told = &search.unrecognised[0];
        assert_eq!(told.reason, "is not a known dataset, and resembles none");
    }
}

#[test]
fn objects_of_r_are_counted_before_they_are_made() {
    let nothing = 8_000_000;
    let mut r = R::begin();
    r.words(&[19, nothing]);
    r.0.extend(std::iter::repeat_n(254_i32.to_be_bytes(), nothing as usize).flatten());
    let told = parts("l.rds", &r.0).map(|p| p.len()).unwrap_err().to_string();
    assert!(told.contains("comes to more than 1024 MB"), "{told}");
    let mut r = R::begin();
    for _ in 0..60 {
        r.words(&[19, 1]);
    }
    let told = parts("l.rds", &r.0).map(|p| p.len()).unwrap_err().to_string();
    assert!(told.contains("more than 48 deep in each other"), "{told}");
}

#[test]
fn a_damaged_member_is_named_and_hides_no_other() {
    let good = format!("{NMC}CUN,2,1900,1,1,1,1,1,1,.1,2021\n");
    let mut bytes = zipped(&[("bad.csv", good.as_bytes()), ("good.csv", good.as_bytes())]);
    // In the packed bytes of the first: its name begins at 30.
    bytes[30 + "bad.csv".len() + 20] ^= 0xFF;
    let read = parts("both.zip", &bytes).unwrap();
    assert_eq!(read[0].inside, "bad.csv");
    assert!(
        matches!(&read[0].content, Content::Damaged(why) if why.contains("damaged")),
        "{read:?}"
    );
    assert!(matches!(&read[1].content, Content::Text(_)));
    let stray = good.replace("CUN", "C\0N");
    let picture: Vec<u8> = (0..=255).cycle().take(2_000).collect();
    let members: [(&str, &[u8]); 3] =
        [("stray.csv", stray.as_bytes()), ("p.png", &picture), ("good.csv", good.as_bytes())];
    for (bytes, inside, why) in [
        (bytes, "bad.csv", Why::Unreadable),
        (zipped(&members[..1]), "stray.csv", Why::Unreadable),
        (zipped(&members[1..]), "p.png", Why::Foreign),
    ] {
        let (_folder, search) = super::search(&[&bytes]);
        let told = &search.unrecognised[0];
        assert_eq!((told.inside.as_str(), told.why), (inside, why), "{}", told.reason);
        assert_eq!(search.found.len(), usize::from(inside != "stray.csv"));
    }
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    comity_record::store::parquet(&RecordBatch::try_from_iter(columns).unwrap()).unwrap()
}

#[test]
fn numbers_of_64_bits_stay_what_they_are_and_nested_columns_are_refused_by_name() {
    let id = 9_007_199_254_740_993_i64;
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(id), None]));
    let ccodes: ArrayRef = Arc::new(Int64Array::from(vec![2, 20]));
    let made = own("memberships", &parquet(vec![("organization", ids), ("ccode", ccodes)]));
    assert!(made.unwrap_err().contains("is not a text"));
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![id, id + 1]));
    let ccodes: ArrayRef = Arc::new(Int64Array::from(vec![2, 20]));
    let made = own("memberships", &parquet(vec![("organization", ids), ("ccode", ccodes)]));
    assert_eq!(
        column(&made.unwrap(), "memberships", "organization"),
        [id.to_string(), (id + 1).to_string()]
    );
    let lists: ArrayRef =
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]));
    let ccodes: ArrayRef = Arc::new(Int32Array::from(vec![2]));
    let told = own("memberships", &parquet(vec![("ccode", ccodes), ("organization", lists)]));
    let told = told.unwrap_err();
    assert!(told.contains("column organization: it holds values of the type List"), "{told}");
}

#[test]
fn a_page_that_says_it_is_larger_than_any_file_is_not_unpacked() {
    let numbers: ArrayRef = Arc::new(Int32Array::from((0..50_000).collect::<Vec<_>>()));
    let bytes = parquet(vec![("a", numbers)]);
    // Before the first page header stands one that says that it unpacks to the largest number there is.
    let mut lying = bytes[..4].to_vec();
    lying.extend([0x15, 0x00, 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F]);
    lying.extend(&bytes[12..]);
    assert!(parts("p.parquet", &bytes).is_ok());
    assert!(parts("p.parquet", &lying).is_err());
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_by_name_and_never_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let told = own_at("memberships", path).unwrap_err();
        assert!(told.contains("is not a plain file"), "{told}");
        let search = comity_datasets::find(&[path.to_path_buf()]);
        assert!(search.unrecognised[0].reason.contains("neither a plain file nor a folder"));
        let told = comity_datasets::events::by_day_and_dyad(path, 1).unwrap_err().to_string();
        assert!(told.contains("is not a plain file"), "{told}");
    }
}

#[test]
fn figures_that_cannot_be_are_refused_with_their_rows() {
    let text = "ccode,year,milex,cinc\n2,2001,5,0.1\n255,2001,-9,0.025\n255,2002,-9999,-8\n";
    let told = own("capabilities", text.as_bytes()).unwrap_err();
    assert!(
        told.contains("line 3 (row 2), column milex: \"-9\" is not a number that is 0 or more"),
        "{told}"
    );
    assert!(told.contains("so is row 3"), "{told}");
    let text = "case_id,sender,target,start,end,trade\nc1,2,40,1990-01-01,1995-12-31,TRUE\n";
    let made = own("sanctions", text.as_bytes()).unwrap();
    assert_eq!(column(&made, "sanctions", "trade"), ["true"]);
}
