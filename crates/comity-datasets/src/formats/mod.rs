//! Bytes of any published format to tables: a format is recognised by its first bytes, never by its name.
//!
//! R (`.rds`, `.rda`), Stata (`.dta`), Excel (`.xls`, `.xlsx`), Parquet and maps (`TopoJSON`, `GeoJSON`) become typed columns or
//! text; gzip, bzip2, xz, zip and tar around them are taken off. Whatever a file claims of itself, the caps below hold.

pub(super) mod budget;
mod excel;
mod foreign_kinds;
mod json;
mod maps;
mod parquet;
mod parquet_pages;
mod r;
mod r_columns;
mod stata;
mod stata_lengths;
mod tar;
mod unpack;
mod xls_room;

use std::borrow::Cow;

use super::cells::Cells;
use super::error::ReadError;
use super::text;
use comity_record::foreign::is_obeyed;

use budget::Budget;
pub use budget::{FREE_UNPACKED, MAX_MEMBERS, MAX_NESTED, MAX_RATIO, MAX_UNPACKED};

/// One table in a file, or what could be one.
#[derive(Debug)]
pub struct Part {
    /// Where it is inside the file (`votes.rda/un_votes`); empty: it is the file.
    pub inside: String,
    /// What it holds.
    pub content: Content,
}

/// What a part of a file holds.
#[derive(Debug)]
pub enum Content {
    /// Text, not yet taken apart: CSV and its kin, or the rows of a sheet.
    Text(Vec<u8>),
    /// A table with typed columns.
    Table(Cells),
    /// Nothing for a table, for this reason.
    Nothing(String),
    /// Something that is cut off or damaged, as this says.
    Damaged(String),
}

/// Whether a file that begins so is plain text, to be read in place.
pub fn is_text(head: &[u8]) -> bool {
    Kind::of(head) == Kind::Text
}

/// Whether a file that begins so takes long to unpack for its size.
pub(super) fn is_slow(head: &[u8]) -> bool {
    Kind::of(head) == Kind::Bzip2
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gzip,
    Bzip2,
    Xz,
    Zip,
    Tar,
    Xls,
    R,
    Stata,
    Parquet,
    Map,
    /// Text in UTF-16.
    Wide,
    /// A format that is not read; which, [`foreign_kinds::not_read`] says.
    Foreign,
    Text,
}

impl Kind {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Zip,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Self::Xls,
            [b'R', b'D', b'X' | b'A' | b'B', b'2' | b'3', b'\n', ..]
            | [b'A', b'\n', b'2' | b'3', b'\n', ..]
            | [b'X' | b'B', b'\n', 0, 0, ..]
            | [b'X' | b'B', b'\n', _, 0, 0, 0, ..] => Self::R,
            [b'P', b'A', b'R', b'1', ..] => Self::Parquet,
            _ if head.starts_with(b"<stata_dta>") => Self::Stata,
            // Releases 102 to 115: the release, the byte order, the file type 1, and a byte that means nothing.
            [102..=115, 1 | 2, 1, _, ..] => Self::Stata,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Wide,
            _ if tar::is_tar(head) => Self::Tar,
            _ if foreign_kinds::not_read(head).is_some() => Self::Foreign,
            _ if maps::is_map(head) => Self::Map,
            _ => Self::Text,
        }
    }
}

/// The tables of a file's bytes. A part that cannot be read says why and does not hide the others; a broken
/// wrapping is an error.
pub fn parts(file: &str, bytes: &[u8]) -> Result<Vec<Part>, ReadError> {
    let mut parts = Vec::new();
    let mut budget = Budget::of_file();
    open(file, "", Cow::Borrowed(bytes), 0, &mut budget, &mut parts)?;
    Ok(parts)
}

fn open(
    file: &str,
    inside: &str,
    bytes: Cow<'_, [u8]>,
    depth: usize,
    budget: &mut Budget,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let named = shown(file, inside);
    let fail =
        |reason: String| ReadError::Broken { file: named.clone(), reason: shown_reason(reason) };
    let refuse = |refused| match refused {
        unpack::Refused::Damaged(reason) => fail(reason),
        unpack::Refused::ByHand(reason) => {
            ReadError::NotUnpacked { file: named.clone(), reason: shown_reason(reason) }
        }
    };
    if depth > MAX_NESTED {
        let reason = format!("archives lie more than {MAX_NESTED} deep in each other");
        return Err(refuse(unpack::Refused::ByHand(reason)));
    }
    let mut push = |inside: String, content| parts.push(Part { inside, content });
    match Kind::of(&bytes) {
        Kind::Text => push(inside.to_owned(), Content::Text(bytes.into_owned())),
        Kind::Wide => {
            let text = text::of_utf16(&bytes).map_err(fail)?;
            push(inside.to_owned(), Content::Text(text.into_bytes()));
        }
        Kind::Foreign => {
            let reason = foreign_kinds::not_read(&bytes).unwrap_or_default();
            push(inside.to_owned(), Content::Nothing(reason.to_owned()));
        }
        kind @ (Kind::Gzip | Kind::Bzip2 | Kind::Xz) => {
            let plain = unpack::stream(kind, &bytes, budget).map_err(refuse)?;
            drop(bytes);
            open(file, inside, plain.into(), depth + 1, budget, parts)?;
        }
        Kind::Zip if excel::is_workbook(&bytes) => {
            unpack::check_workbook(&bytes, budget).map_err(refuse)?;
            sheets(inside, &bytes, budget, parts).map_err(fail)?;
        }
        Kind::Zip => {
            let mut zip = unpack::archive(&bytes).map_err(refuse)?;
            for at in 0..zip.len() {
                let member = unpack::member(&mut zip, &bytes, at, budget);
                opened_member(file, inside, member, depth, budget, parts)?;
            }
        }
        Kind::Tar => {
            let mut members = tar::Members::of(&bytes);
            while let Some(member) = members.next() {
                let member = member.map(|(name, plain)| Some((name, plain.to_vec())));
                opened_member(file, inside, member, depth, budget, parts)?;
            }
        }
        Kind::Xls => sheets(inside, &bytes, budget, parts).map_err(fail)?,
        Kind::R => {
            let (frames, others) = r::frames(&bytes, budget).map_err(fail)?;
            for (name, columns) in frames {
                let inside = join(inside, &clean(&name));
                let cells = Cells::of_columns(&shown(file, &inside), columns)?;
                parts.push(Part { inside, content: Content::Table(cells) });
            }
            for name in others {
                let reason = "is an R object that is not a data frame".to_owned();
                parts.push(Part {
                    inside: join(inside, &clean(&name)),
                    content: Content::Nothing(reason),
                });
            }
        }
        Kind::Stata => {
            let (columns, note) = foreign(|| stata::columns(&bytes, budget)).map_err(fail)?;
            let mut cells = Cells::of_columns(&named, columns)?;
            cells.notes.extend(note);
            push(inside.to_owned(), Content::Table(cells));
        }
        Kind::Map => {
            for (name, cells) in maps::tables(&named, &bytes, budget)? {
                push(join(inside, &clean(&name)), Content::Table(cells));
            }
        }
        Kind::Parquet => {
            let bytes = bytes::Bytes::from(bytes.into_owned());
            let columns = foreign(|| parquet::columns(&bytes, budget)).map_err(fail)?;
            push(inside.to_owned(), Content::Table(Cells::of_columns(&named, columns)?));
        }
    }
    Ok(())
}

/// The tables of one member of an archive. Where it is damaged another may be whole: this one is named.
fn opened_member(
    file: &str,
    inside: &str,
    member: Result<Option<(String, Vec<u8>)>, (String, unpack::Refused)>,
    depth: usize,
    budget: &mut Budget,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut damaged = |name: &str, reason: String| {
        parts.push(Part { inside: join(inside, name), content: Content::Damaged(reason) });
    };
    let (name, plain) = match member {
        Ok(Some(member)) => member,
        Ok(None) => return Ok(()),
        Err((name, unpack::Refused::Damaged(reason))) => {
            damaged(&name, shown_reason(reason));
            return Ok(());
        }
        Err((name, unpack::Refused::ByHand(reason))) => {
            let reason = shown_reason(format!("{name}: {reason}"));
            return Err(ReadError::NotUnpacked { file: shown(file, inside), reason });
        }
    };
    let inside = join(inside, &name);
    match open(file, &inside, plain.into(), depth + 1, budget, parts) {
        Err(ReadError::Broken { reason, .. }) => {
            parts.push(Part { inside, content: Content::Damaged(reason) });
            Ok(())
        }
        opened => opened,
    }
}

fn sheets(
    inside: &str,
    bytes: &[u8],
    budget: &mut Budget,
    parts: &mut Vec<Part>,
) -> Result<(), String> {
    for (name, text) in foreign(|| excel::sheets(bytes, budget))? {
        let content = match text {
            Ok(text) => Content::Text(text.into_bytes()),
            Err(reason) => Content::Damaged(shown_reason(reason)),
        };
        parts.push(Part { inside: join(inside, &clean(&name)), content });
    }
    Ok(())
}

/// Runs the decoder of another library: where it panics, the file is damaged, and the place in its code is not shown.
fn foreign<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    thread_local! {
        static DECODING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !DECODING.get() {
                before(info);
            }
        }));
    });
    DECODING.set(true);
    let decoded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode));
    DECODING.set(false);
    decoded.unwrap_or_else(|_| Err("it is cut off or damaged".into()))
}

fn join(inside: &str, name: &str) -> String {
    match (inside.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => inside.to_owned(),
        _ => format!("{inside}/{name}"),
    }
}

/// A file, with the place inside it, for messages.
pub fn shown(file: &str, inside: &str) -> String {
    if inside.is_empty() { file.to_owned() } else { format!("{file} ({inside})") }
}

/// A name from inside a file, safe to print; it is never a path.
fn clean(name: &str) -> String {
    name.chars().map(|c| if is_obeyed(c) { '?' } else { c }).take(200).collect()
}

/// What is wrong with a file, safe to print: other libraries repeat names and values of the file as they stand.
fn shown_reason(reason: String) -> String {
    const LONGEST: usize = 1_000;
    if reason.len() <= LONGEST && !reason.contains(is_obeyed) {
        return reason;
    }
    reason.chars().map(|c| if is_obeyed(c) { '?' } else { c }).take(LONGEST).collect()
}

/// Adds the text of some bytes, UTF-8 or as Windows writes it, without control characters.
fn push_text(bytes: &[u8], ascii: bool, into: &mut String) {
    let stray = |c: char| c.is_control();
    match std::str::from_utf8(bytes) {
        Ok(t) if ascii && !bytes.iter().any(u8::is_ascii_control) => into.push_str(t),
        Ok(t) if !t.contains(stray) => into.push_str(t),
        Ok(t) => into.extend(t.chars().map(|c| if stray(c) { ' ' } else { c })),
        Err(_) => {
            let letters = bytes.iter().map(|b| text::windows(*b).unwrap_or('\u{FFFD}'));
            into.extend(letters.map(|c| if stray(c) { ' ' } else { c }));
        }
    }
}
