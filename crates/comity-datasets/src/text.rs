//! Bytes to cells: encodings, line ends, delimiters, quotes and the caps on all of them.
//!
//! Published tables come as UTF-8 with or without a byte order mark, as UTF-16, Windows-1252 or Mac Roman, with LF, CRLF or
//! CR alone, and with commas, semicolons, tabs or bars. All of them become one [`Cells`], rectangular, with
//! the line of every row kept for messages.

use std::borrow::Cow;

pub use crate::cells::Cells;
use crate::cells::{Body, Texts};
use crate::error::ReadError;
use crate::formats::budget::Budget;
use crate::lines::{Lines, past};

/// The largest file that is read, packed or not. (The largest datasets of the field have some 300 MB as text.)
pub const MAX_BYTES: u64 = crate::formats::MAX_UNPACKED;
/// The widest header that is taken for a table.
const MAX_COLUMNS: usize = 2_000;

/// Text out of bytes: UTF-8 (a byte order mark is dropped), else as Windows writes it (Windows-1252, with Latin-1 in it), or Mac Roman
/// where the dataset is known for it. A few stray bytes in a text that is UTF-8 otherwise are read as Windows writes them.
///
/// Control characters become spaces, so that none reaches a terminal.
pub fn decode<'a>(file: &str, bytes: &'a [u8], mac: bool) -> Result<Cow<'a, str>, ReadError> {
    let not_text = |reason: String| ReadError::NotText { file: file.into(), reason };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return of_utf16(bytes).map(Cow::Owned).map_err(not_text);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(not_text(format!("byte {at} is zero (text in UTF-16 has such bytes)")));
    }
    let mut text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if mac && is_mac(bytes) => bytes.iter().map(|b| mac_roman(*b)).collect(),
        Err(_) => of_windows(bytes).map_err(not_text)?.into(),
    };
    let stray = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    // Of the bytes of UTF-8 only these can be of a control character.
    let may_be =
        |b: u8| (b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) || matches!(b, 0x7F | 0xC2);
    if text.bytes().any(may_be) && text.contains(stray) {
        text = text.replace(stray, " ").into();
    }
    Ok(text)
}

/// Text that is not UTF-8 as Windows writes it; what is valid UTF-8 stays where most of the letters are.
fn of_windows(bytes: &[u8]) -> Result<String, String> {
    let (mut letters, mut stray) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        stray += chunk.invalid().len();
    }
    let letter = |at: usize| {
        windows(bytes[at]).ok_or_else(|| {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
            format!(
                "line {line} holds the byte {:#04x}, which is no letter in UTF-8 or Windows-1252",
                bytes[at]
            )
        })
    };
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    if letters <= stray {
        for at in 0..bytes.len() {
            text.push(letter(at)?);
        }
        return Ok(text);
    }
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        for _ in chunk.invalid() {
            text.push(letter(at)?);
            at += 1;
        }
    }
    Ok(text)
}

/// Text in UTF-16, which begins with its byte order mark.
pub(crate) fn of_utf16(bytes: &[u8]) -> Result<String, String> {
    let big = bytes.starts_with(&[0xFE, 0xFF]);
    let units = bytes.get(2..).unwrap_or_default();
    if units.len() % 2 != 0 {
        return Err("it is UTF-16 that is cut off in a character".into());
    }
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    let text: Result<String, _> = char::decode_utf16(units.chunks_exact(2).map(unit)).collect();
    match text {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err("it begins as UTF-16 does and holds what is none".into()),
    }
}

/// Old Macintosh files end their lines with CR alone and put letters where Latin-1 has control codes.
fn is_mac(bytes: &[u8]) -> bool {
    !bytes.contains(&b'\n') && bytes.iter().any(|b| (0x80..0xA0).contains(b))
}

/// Windows-1252: Latin-1, with letters and punctuation where Latin-1 has control codes. Five bytes are none.
pub(crate) fn windows(byte: u8) -> Option<char> {
    /// What stands from 0x80 to 0x9F; a blank is nothing.
    const UPPER: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    match byte {
        0x80..0xA0 => UPPER.chars().nth(usize::from(byte - 0x80)).filter(|c| *c != ' '),
        _ => Some(char::from(byte)),
    }
}

fn mac_roman(byte: u8) -> char {
    /// The upper half of Mac Roman as far as letters go; the rest is seldom in a name and stays a mark.
    const LETTERS: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü";
    match byte {
        0x00..0x80 => char::from(byte),
        0x80..0xA0 => LETTERS.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{FFFD}'),
        0xAE => 'Æ',
        0xAF => 'Ø',
        0xBE => 'æ',
        0xBF => 'ø',
        0xCA => ' ',
        0xD0 => '–',
        0xD1 => '—',
        0xD5 => '’',
        0xA7 => 'ß',
        _ => '\u{FFFD}',
    }
}

/// The delimiter of a header line: the one of comma, semicolon, tab and bar that stands there most often.
pub fn delimiter(text: &str) -> u8 {
    let lines = || text.split(['\n', '\r']).filter(|l| !l.trim().is_empty()).take(30);
    // The first line decides, unless it is a title and has none of them: then the line that has most.
    let titled = lines().next().is_none_or(|first| !first.contains([',', ';', '\t', '|']));
    let count = |d: u8| {
        let of = |line: &str| line.bytes().filter(|b| *b == d).count();
        lines().take(if titled { 30 } else { 1 }).map(of).max().unwrap_or(0)
    };
    let mut best = b',';
    for d in [b';', b'\t', b'|'] {
        if count(d) > count(best) {
            best = d;
        }
    }
    best
}

/// The cells of the first lines, as column names: the first is the header, unless the table has lines above it.
pub fn headers(text: &str, lines: usize) -> Vec<Vec<String>> {
    let mut reader = csv_reader("", text);
    let mut all = Vec::new();
    while all.len() < lines
        && let Ok(Some(line)) = reader.line()
    {
        let usable = line.len() <= MAX_COLUMNS;
        all.push(if usable { line.iter().map(column_name).collect() } else { Vec::new() });
    }
    all
}

/// Lower case, with one underscore for any blanks inside: `Year of order` is `year_of_order`. What programs call a column of row numbers
/// that has no name (`Unnamed: 0`, `...1`, `__index_level_0__`) has none.
pub(crate) fn column_name(text: &str) -> String {
    let name = text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
    let number = name.strip_prefix("unnamed:_").or_else(|| name.strip_prefix("..."));
    let number = number.or_else(|| name.strip_prefix("__index_level_")?.strip_suffix("__"));
    match number {
        Some(n) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => String::new(),
        _ => name,
    }
}

fn csv_reader<'a>(file: &'a str, text: &'a str) -> Lines<'a> {
    let from = stated_delimiter(text);
    Lines::of(file, text, delimiter(&text[from..]), true).from(from)
}

/// A refusal of a text that ends inside a quotation: all lines below its beginning would be one cell.
pub(crate) fn check_closed(file: &str, text: &str) -> Result<(), ReadError> {
    let mut reader = csv_reader(file, text);
    let mut from = reader.at();
    while reader.line()?.is_some() {
        let last = text.get(from..).unwrap_or_default().trim();
        let whole = reader.at() == text.len() && last.contains(['\n', '\r']);
        if whole && last.matches('"').count() % 2 == 1 {
            let line = text.len() - text[from..].trim_start().len();
            let line = text[..line].lines().count() + 1;
            return Err(ReadError::Own {
                place: format!("{file} line {line}"),
                reason: "a quotation mark is not closed before the end of the file".into(),
                help: "close it, or take it out",
            });
        }
        from = reader.at();
    }
    Ok(())
}

/// Where a text goes on after a first line that tells Excel its delimiter (`sep=;`).
fn stated_delimiter(text: &str) -> usize {
    let line = text.split_inclusive(['\n', '\r']).next().unwrap_or("");
    let line_text = line.trim_matches(['"', '\n', '\r']);
    if line_text.len() == 5 && line_text.to_ascii_lowercase().starts_with("sep=") {
        line.len()
    } else {
        0
    }
}

/// Files without a header line are streams that no spreadsheet wrote: a quote in them is a letter, and one that opens a cell must not
/// swallow the lines up to the next.
fn bare_reader<'a>(file: &'a str, text: &'a str) -> Lines<'a> {
    Lines::of(file, text, delimiter(text), false)
}

impl Cells {
    /// Reads a whole table.
    ///
    /// Rows without any content are left out; a row may be longer than the header by empty cells only.
    pub fn parse(file: &str, text: &str) -> Result<Self, ReadError> {
        Self::parse_below(file, text, 0)
    }

    /// The same for a table whose header stands below other lines: `rows` of them are passed over.
    pub fn parse_below(file: &str, text: &str, rows: usize) -> Result<Self, ReadError> {
        let mut reader = csv_reader(file, text);
        for _ in 0..rows {
            reader.line()?;
        }
        let mut cells = Self::begin(file, &mut reader, text.len())?;
        cells.fill(&mut reader, text)?;
        Ok(cells)
    }

    /// A table without a header line, under these names.
    pub fn parse_bare(file: &str, text: &str, names: &[&str]) -> Result<Self, ReadError> {
        let mut cells =
            Self::empty(file, names.iter().map(|n| (*n).to_owned()).collect(), text.len());
        cells.fill(&mut bare_reader(file, text), text)?;
        Ok(cells)
    }

    /// Reads the rows of a sample below `rows` other lines, up to the first that is broken or cut off; none where the
    /// header is not usable.
    pub fn first_below(file: &str, text: &str, rows: usize) -> Self {
        let mut reader = csv_reader(file, text);
        for _ in 0..rows {
            if reader.line().is_err() {
                return Self::empty(file, Vec::new(), 0);
            }
        }
        let Ok(cells) = Self::begin(file, &mut reader, text.len()) else {
            return Self::empty(file, Vec::new(), 0);
        };
        cells.sampled(&mut reader, text)
    }

    /// The same without a header line, under these names.
    pub fn first_bare(file: &str, text: &str, names: &[&str]) -> Self {
        let names = names.iter().map(|n| (*n).to_owned()).collect();
        Self::empty(file, names, text.len()).sampled(&mut bare_reader(file, text), text)
    }

    fn sampled(mut self, reader: &mut Lines<'_>, text: &str) -> Self {
        let _ = self.fill(reader, text);
        let width = self.header.len().max(1);
        if let Body::Text(texts) = &mut self.body {
            texts.lines.truncate(texts.ends.len() / width);
        }
        self
    }

    fn empty(file: &str, header: Vec<String>, bytes: usize) -> Self {
        let texts = Texts { text: String::with_capacity(bytes), ..Texts::default() };
        Self {
            file: file.into(),
            header,
            body: Body::Text(texts),
            unread: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn begin(file: &str, reader: &mut Lines<'_>, bytes: usize) -> Result<Self, ReadError> {
        let Some(line) = reader.line()? else {
            return Err(ReadError::Header {
                file: file.into(),
                reason: "the file is empty".into(),
            });
        };
        let header: Vec<String> = line.iter().map(column_name).collect();
        let mut seen = std::collections::BTreeSet::new();
        for name in header.iter().filter(|n| !n.is_empty()) {
            if !seen.insert(name) {
                let name = crate::row::shorten(name);
                let reason = format!("the column {name} stands there twice");
                return Err(ReadError::Header { file: file.into(), reason });
            }
        }
        Ok(Self::empty(file, header, bytes))
    }

    fn fill(&mut self, reader: &mut Lines<'_>, text: &str) -> Result<(), ReadError> {
        let width = self.header.len();
        let mut lines = LineCounter { bytes: text.as_bytes(), at: 0, line: 1 };
        let mut budget = Budget::of_file();
        loop {
            let offset = reader.at();
            let Some(line) = reader.line()? else { return Ok(()) };
            if line.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            let Body::Text(texts) = &mut self.body else { return Ok(()) };
            texts.lines.push(lines.line_of(offset));
            if line.len() < width || line.iter().skip(width).any(|c| !c.trim().is_empty()) {
                let row = texts.lines.len() - 1;
                let place = Box::new(self.place(row));
                if row == 0 && line.len() == width + 1 {
                    return Err(ReadError::RowNames { place, columns: width });
                }
                return Err(ReadError::Cells { place, found: line.len(), expected: width });
            }
            let before = texts.text.len();
            for cell in line.iter().take(width) {
                texts.text.push_str(cell.trim());
                // The budget holds the text below four gigabytes.
                texts.ends.push(texts.text.len() as u32);
            }
            let counted = Budget::rows(texts.lines.len())
                .and_then(|()| budget.cells(width))
                .and_then(|()| budget.made(texts.text.len() - before));
            counted.map_err(|limit| past(&self.file, limit))?;
        }
    }
}

/// Counts line ends of all three kinds up to a byte, going forward only.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn line_of(&mut self, offset: usize) -> u32 {
        // The reader's position may still stand before the line end of the record it gave last.
        let mut to = offset.min(self.bytes.len());
        while self.bytes.get(to).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            to += 1;
        }
        while self.at < to {
            match self.bytes[self.at] {
                b'\r' if self.bytes.get(self.at + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Cells {
        Cells::parse("t.csv", text).unwrap()
    }

    #[test]
    fn a_text_that_ends_inside_a_quotation_is_refused() {
        let closed = |text: &str| check_closed("t.csv", text);
        for text in
            ["a,b\n1,\"x\ny\"\n", "a,b\n1,5\"\n", "a,b\r\n1,5\"\r\n", "a,b\n1,\"x\"", "a\n\n"]
        {
            assert!(closed(text).is_ok(), "{text}");
        }
        for text in ["a,b\n1,2\n1,\"x\n2,y\n", "a,b\r\n1,2\r\n1,\"x\r\n2,y"] {
            let refusal = closed(text).unwrap_err().to_string();
            assert!(refusal.contains("line 3: a quotation mark is not closed"), "{refusal}");
        }
    }

    #[test]
    fn all_line_ends_delimiters_and_quotes_give_the_same_cells() {
        for text in [
            "A,B\n1,x\n2,y\n",
            "a,b\r\n1,x\r\n2,y",
            "a,b\r1,x\r2,y\r",
            "a;b\n1;x\n\n;\n2;y",
            "a\tb\n1\tx\n2\ty",
            "a|b\n1|x\n2|y",
        ] {
            let cells = parse(text);
            assert_eq!(cells.header, ["a", "b"]);
            assert_eq!((cells.len(), cells.get(0, 1), cells.get(1, 0)), (2, "x", "2"), "{text:?}");
        }
        let cells = parse("a,b\n1,\"two\nlines, one cell\"\n2,y\n");
        assert_eq!(cells.get(0, 1), "two\nlines, one cell");
        assert_eq!(cells.place(1).line, 4);
    }

    #[test]
    fn what_programs_write_beside_a_table_is_no_part_of_it() {
        for name in ["Unnamed: 0", "...1", "__index_level_0__", " "] {
            assert_eq!(column_name(name), "", "{name}");
        }
        assert_eq!(
            (column_name("Unnamed: x"), column_name("...")),
            ("unnamed:_x".into(), "...".into())
        );
        let cells = parse("sep=;\r\na;b\r\n1;x\r\n2;y\r\n");
        assert_eq!(
            (cells.header.as_slice(), cells.get(1, 1)),
            (["a".to_owned(), "b".to_owned()].as_slice(), "y")
        );
        assert_eq!(cells.place(1).line, 4);
    }

    #[test]
    fn a_title_above_the_header_does_not_say_the_delimiter() {
        assert_eq!(delimiter("\nA title\nsources; methods\na,b,c\n1,2,3\n"), b',');
        assert_eq!(delimiter("a;b\n1;x, y, z\n"), b';');
        assert_eq!(delimiter(""), b',');
    }

    #[test]
    fn lines_are_counted_for_every_line_end() {
        for text in ["a,b\n1,x\n\n2,y\n", "a,b\r\n1,x\r\n\r\n2,y", "a,b\r1,x\r\r2,y\r"] {
            assert_eq!((parse(text).place(0).line, parse(text).place(1).line), (2, 4), "{text:?}");
        }
    }

    #[test]
    fn encodings() {
        let text = |bytes: &[u8], mac| decode("t", bytes, mac).unwrap().into_owned();
        assert_eq!(text(b"\xEF\xBB\xBFa", false), "a");
        assert_eq!(text(b"Lib\xE9ria\n", true), "Libéria\n");
        assert_eq!(text(b"S\x8Bo\rx", true), "São\rx");
        assert_eq!(text(b"the ruler\x92s\rx", false), "the ruler’s\rx");
        assert_eq!(text(b"bell\x07", false), "bell ");
        assert!(decode("t", b"PK\0", false).is_err());
    }

    #[test]
    fn every_byte_is_the_letter_that_windows_has_for_it_or_is_refused() {
        let text = |bytes: &[u8]| decode("t", bytes, false).map(Cow::into_owned);
        assert_eq!(text(b"\x80 \x8Cuf \x9Cil \x9F \x83 \x99 \xFF").unwrap(), "€ Œuf œil Ÿ ƒ ™ ÿ");
        for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
            let error = text(&[b'a', b'\n', byte]).unwrap_err().to_string();
            assert!(error.contains(&format!("line 2 holds the byte {byte:#04x}")), "{error}");
        }
        assert_eq!((0..=255).filter(|b| windows(*b).is_none()).count(), 5);
        // One stray byte does not turn all other letters into pairs of marks.
        assert_eq!(text("Côte, São Tomé\n".as_bytes()).unwrap(), "Côte, São Tomé\n");
        let mixed = ["Côte, São Tomé\nLib".as_bytes(), b"\xE9ria"].concat();
        assert_eq!(text(&mixed).unwrap(), "Côte, São Tomé\nLibéria");
        // Two letters of Windows-1252 in a row may look like one of UTF-8.
        assert_eq!(text(b"\xC9\x92, \xE9t\xE9").unwrap(), "É’, été");
    }

    #[test]
    fn text_in_utf_16_is_read_in_both_orders() {
        let units: Vec<u16> = "\u{feff}a\tÉ\n".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        for bytes in [&little, &big] {
            assert_eq!(decode("t", bytes, false).unwrap(), "a\tÉ\n");
            assert!(decode("t", &bytes[..bytes.len() - 1], false).is_err());
        }
        let error = decode("t", b"\xFF\xFE\0\xD8a\0", false).unwrap_err().to_string();
        assert!(error.contains("holds what is none"), "{error}");
    }

    #[test]
    fn a_row_that_is_cut_off_is_named() {
        let error = Cells::parse("t.csv", "a,b,c\n1,2,3\n4,5").unwrap_err().to_string();
        assert!(
            error.starts_with("t.csv line 3 (row 2): 2 cells where the header has 3"),
            "{error}"
        );
        assert_eq!(headers("Year  of\u{a0}order , B\n1,2\n", 1), [["year_of_order", "b"]]);
        let below = Cells::parse_below("t", "Title\n\"of, it\",\na,b\n1,2\n", 2).unwrap();
        assert_eq!(
            (below.header.as_slice(), below.get(0, 1), below.place(0).line),
            (["a".to_owned(), "b".to_owned()].as_slice(), "2", 4)
        );
        let bare = Cells::parse_bare("t", "1\t2\n3\t4\n", &["a", "b"]).unwrap();
        assert_eq!((bare.len(), bare.get(1, 0)), (2, "3"));
        assert!(Cells::parse("t.csv", "a,a\n").unwrap_err().to_string().contains("twice"));
        assert!(Cells::parse("t.csv", "").is_err());
        assert_eq!(parse("a,b\n1,2,,,\n").len(), 1);
    }
}
