//! Formats, recognition, event lines and manifests.

use std::cell::RefCell;
use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use comity_datasets::formats::{self, Content};
use comity_datasets::own::{self, Own};
use comity_datasets::{events, text};
use comity_record::{Record, Store};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::is_clear;

/// Reads a file of any format, and every cell of its tables.
pub fn table(bytes: &[u8]) {
    let parts = match formats::parts("file", bytes) {
        Ok(parts) => parts,
        Err(error) => return is_clear(&error.to_string()),
    };
    for part in parts {
        match part.content {
            Content::Text(text) => match as_cells(&text) {
                Ok(cells) => look_at(&cells),
                Err(error) => is_clear(&error.to_string()),
            },
            Content::Table(cells) => look_at(&cells),
            Content::Nothing(why) | Content::Damaged(why) => assert!(!why.is_empty()),
        }
    }
}

fn as_cells(text: &[u8]) -> Result<text::Cells, comity_datasets::ReadError> {
    let text = text::decode("file", text, false)?;
    text::Cells::parse("file", &text)
}

fn look_at(cells: &text::Cells) {
    for row in 0..cells.len().min(50) {
        for column in 0..cells.header.len().min(50) {
            let _ = (cells.get(row, column).len(), cells.cell(row, column));
        }
        let _ = cells.place(row).to_string();
    }
}

/// Reads a workbook. Bytes that are no archive are its members, each below a line `=== name`: so what is inside an
/// archive is changed without breaking the archive.
pub fn workbook(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return table(bytes);
    }
    if let Some(archive) = packed(bytes) {
        table(&archive);
    }
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    const MARK: &[u8] = b"=== ";
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|&at| bytes[at..].starts_with(MARK) && (at == 0 || bytes[at - 1] == b'\n'))
        .collect();
    for (n, &from) in starts.iter().enumerate() {
        let to = starts.get(n + 1).map_or(bytes.len(), |next| next - 1);
        let member = bytes.get(from + MARK.len()..to)?;
        let line = member.iter().position(|&b| b == b'\n')?;
        out.start_file(String::from_utf8_lossy(&member[..line]), options).ok()?;
        out.write_all(&member[line + 1..]).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}

thread_local! {
    /// One folder for all tries of a process.
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// Writes the bytes where a target reads them.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| tempfile::tempdir().expect("a folder"));
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    })
}

/// Recognises a file, reads what it holds whole and in part, and reads it as a table of one's own.
pub fn recognition(bytes: &[u8]) {
    let path = written("file", bytes);
    let paths = [path.clone()];
    for search in [comity_datasets::find(&paths), comity_datasets::find_loosely(&paths)] {
        for found in &search.found {
            for read in [comity_datasets::read_part(found), comity_datasets::read(found)] {
                let Err(error) = read else { continue };
                assert!(!error.to_string().contains(|c: char| c.is_control()), "{error:?}");
            }
        }
        for left_out in &search.unrecognised {
            assert!(!left_out.reason.is_empty());
            assert!(!left_out.reason.contains(|c: char| c.is_control()), "{}", left_out.reason);
        }
    }
    static STARTER: LazyLock<Record> = LazyLock::new(comity_datasets::starter::record);
    let states = STARTER.states().expect("states");
    for table in ["capabilities", "pledges"] {
        let own = Own { table, years: None, scope: None, title: None, citation: None };
        if let Err(error) = own::read(&path, &own, states) {
            is_clear(&error.to_string());
        }
    }
}

/// Counts event lines by day and dyad.
pub fn tally(bytes: &[u8]) {
    if let Err(error) = events::by_day_and_dyad(&written("file", bytes), 1) {
        is_clear(&error.to_string());
    }
}

/// Opens and checks a record with these bytes as its manifest. An empty checksum is replaced by the right one: so what
/// lies behind the checksum is reached.
pub fn manifest(bytes: &[u8]) {
    const EMPTY: &str = "\"checksum\": \"\"";
    let bytes = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains(EMPTY) => {
            let sum = format!("\"checksum\": \"{}\"", comity_record::sha256(text.as_bytes()));
            text.replacen(EMPTY, &sum, 1).into_bytes()
        }
        _ => bytes.to_vec(),
    };
    let path = written("manifest.json", &bytes);
    let store = Store::at(path.parent().expect("a folder"), comity_datasets::catalogue());
    let _ = store.verify();
    match store.open() {
        Ok(record) => {
            let baseline = record.baseline();
            for table in comity_record::schema::TABLES {
                let _ = (record.coverage(table.name, &baseline), record.every(table.name).is_ok());
            }
            let _ = (record.last_year(), record.states().is_ok());
        }
        Err(error) => {
            let error = error.to_string();
            assert!(!error.contains(|c: char| c.is_control()), "{error:?}");
        }
    }
}
