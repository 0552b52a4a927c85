//! How much room the sheets of an old workbook (`.xls`) ask for, known before another library allocates it.
//!
//! Such a file is a small file system (sectors in chains) with one stream of records. Each sheet begins where the record of its
//! name says, and a cell has its row and its column.

use super::budget::{Budget, TooMuch};

/// Cells that the sheets of a workbook span together: the library makes room for all of them, some forty bytes for each.
const MAX_SPANNED: usize = 16 * 1024 * 1024;
/// Sectors, streams and records end where the chain of sectors does.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams shorter than this lie in the small sectors of another stream.
const SMALL: usize = 4096;
/// Bytes of a small sector, and of an entry of the directory.
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;
/// What the directory calls the whole.
const ROOT: u8 = 5;
/// Sheets of one workbook.
const MAX_SHEETS: usize = 1_000;

/// Refuses a workbook for which the library would make more room than there is, or take time without end: chains of sectors that are
/// circles, sheets that lie in each other or span too many cells, cells that together repeat too much text. What cannot be
/// followed is left to the library, which refuses it.
pub(super) fn check(bytes: &[u8], budget: &mut Budget) -> Result<(), String> {
    let Some(sectors) = Sectors::of(bytes) else { return Ok(()) };
    sectors.no_circles()?;
    let Some(stream) = sectors.workbook() else { return Ok(()) };
    let texts = texts(&stream);
    let begins = records(&stream, 0).filter(|r| r.kind == SHEET).filter_map(|r| u32_at(r.data, 0));
    let (mut spanned, mut passed) = (0_usize, 0_usize);
    for (at, begin) in begins.enumerate() {
        let sheet = spans(&stream, begin as usize, &texts);
        // Sheets lie one after the other; some slack for parts that have no place of their own.
        passed = passed.saturating_add(sheet.bytes);
        if passed / 4 > stream.len() {
            return Err("it is a workbook that is damaged: its sheets lie in each other".into());
        }
        spanned = spanned.saturating_add(sheet.cells);
        if spanned > MAX_SPANNED || at == MAX_SHEETS {
            return Err(TooMuch::Cells.into());
        }
        budget.made(sheet.text)?;
    }
    Ok(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The sectors of the file.
struct Sectors<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    size: usize,
    /// The sector after each sector.
    next: Vec<u32>,
}

impl<'a> Sectors<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut sectors = Self { bytes, size, next: Vec::new() };
        let all = bytes.len() / size + 1;
        // Where the chains are written down: 109 sectors are named in the header, the others in a chain of their own.
        let mut tables: Vec<u32> = (0..109)
            .filter_map(|n| u32_at(bytes, 76 + n * 4))
            .filter(|s| *s < LAST_SECTOR)
            .collect();
        let mut more = u32_at(bytes, 68)?;
        for _ in 0..all {
            if more >= LAST_SECTOR {
                break;
            }
            let Some(names) = sectors.sector(more) else { break };
            let listed = (0..size / 4 - 1).filter_map(|n| u32_at(names, n * 4));
            tables.extend(listed.filter(|s| *s < LAST_SECTOR));
            more = u32_at(names, size - 4)?;
        }
        tables.truncate(all);
        let next: Vec<u32> = tables
            .iter()
            .filter_map(|table| sectors.sector(*table))
            .flat_map(|table| table.chunks_exact(4))
            .filter_map(|word| u32_at(word, 0))
            .take(all)
            .collect();
        sectors.next = next;
        Some(sectors)
    }

    fn sector(&self, at: u32) -> Option<&'a [u8]> {
        let from = (at as usize).checked_add(1)?.checked_mul(self.size)?;
        self.bytes.get(from..(from + self.size).min(self.bytes.len()))
    }

    /// What is in a chain of sectors.
    fn chain(&self, first: u32) -> Vec<u8> {
        let (mut all, mut at) = (Vec::new(), first);
        for _ in 0..=self.next.len() {
            let Some(sector) = self.sector(at).filter(|_| at < LAST_SECTOR) else { break };
            all.extend_from_slice(sector);
            at = self.next.get(at as usize).copied().unwrap_or(LAST_SECTOR);
        }
        all
    }

    /// Refuses chains that come back to a sector of theirs: they would be followed for ever.
    fn no_circles(&self) -> Result<(), String> {
        let Some(first) = u32_at(self.bytes, 48) else { return Ok(()) };
        // A sector that is known to lead to an end is not followed again: many entries may begin in one long chain.
        let mut known = vec![false; self.next.len()];
        self.ends(first, "directory", &mut known)?;
        let directory = self.chain(first);
        let small = u32_at(self.bytes, 60).unwrap_or(LAST_SECTOR);
        self.ends(small, "list of small sectors", &mut known)?;
        for entry in directory.chunks_exact(ENTRY) {
            let length = u32_at(entry, 120).map_or(0, |length| length as usize);
            let small = length < SMALL && entry.get(66) != Some(&ROOT);
            if !small {
                let first = u32_at(entry, 116).unwrap_or(LAST_SECTOR);
                self.ends(first, "list of sectors", &mut known)?;
            }
        }
        Ok(())
    }

    /// Whether a chain ends, or comes to a sector that is known to lead to an end; its own sectors are known then.
    fn ends(&self, first: u32, what: &str, known: &mut [bool]) -> Result<(), String> {
        let step = |at: u32| self.next.get(at as usize).filter(|_| at < LAST_SECTOR);
        let mut at = first;
        for _ in 0..=self.next.len() {
            match step(at) {
                Some(next) if !known[at as usize] => at = *next,
                _ => {
                    let mut at = first;
                    while let Some(next) = step(at)
                        && !known[at as usize]
                    {
                        known[at as usize] = true;
                        at = *next;
                    }
                    return Ok(());
                }
            }
        }
        Err(format!("it is a workbook that is damaged: its {what} is a circle"))
    }

    /// The stream of records.
    fn workbook(&self) -> Option<Vec<u8>> {
        let directory = self.chain(u32_at(self.bytes, 48)?);
        let named = |entry: &&[u8]| {
            ["Workbook", "Book"].iter().any(|name| {
                let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
                entry.starts_with(&wide) && u16_at(entry, wide.len()) == Some(0)
            })
        };
        let entry = directory.chunks_exact(ENTRY).find(named)?;
        let (first, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        if length >= SMALL {
            return Some(self.chain(first));
        }
        let room = self.chain(u32_at(&directory, 116)?);
        let next = self.chain(u32_at(self.bytes, 60)?);
        let (mut all, mut at) = (Vec::new(), first as usize);
        while all.len() < length {
            let from = at.checked_mul(SMALL_SECTOR)?;
            all.extend_from_slice(room.get(from..from + SMALL_SECTOR)?);
            at = u32_at(&next, at * 4)? as usize;
        }
        Some(all)
    }
}

/// One record.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// The name of a sheet and where it begins; a part begins; a part ends; how far the sheet says that it reaches.
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const REACH: u16 = 0x0200;
/// Several cells of a row.
const MANY: u16 = 0x00BD;
/// One cell: a number, a text, a truth, a formula.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some(Record { kind, data })
    })
}

/// The list of the texts that cells share, what continues a record, and a cell that shows one of these texts.
const TEXTS: u16 = 0x00FC;
const MORE: u16 = 0x003C;
const SHOWS: u16 = 0x00FD;

/// About how many bytes each of the shared texts has.
fn texts(stream: &[u8]) -> Vec<u32> {
    let mut lengths = Vec::new();
    let mut pieces: Vec<&[u8]> = Vec::new();
    for record in records(stream, 0) {
        match record.kind {
            TEXTS if pieces.is_empty() => pieces.push(record.data.get(8..).unwrap_or_default()),
            MORE if !pieces.is_empty() => pieces.push(record.data),
            _ if !pieces.is_empty() => break,
            _ => {}
        }
    }
    let mut reader = Texts { pieces, piece: 0, at: 0 };
    while let Some(length) = reader.text() {
        lengths.push(length);
    }
    lengths
}

/// The bytes of a record and of those that continue it.
struct Texts<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl Texts<'_> {
    fn rest(&self) -> usize {
        self.pieces.get(self.piece).map_or(0, |piece| piece.len() - self.at.min(piece.len()))
    }

    fn byte(&mut self) -> Option<u8> {
        while self.rest() == 0 {
            self.piece += 1;
            self.at = 0;
            self.pieces.get(self.piece)?;
        }
        let byte = *self.pieces.get(self.piece)?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// Passes over a text: its letters, one or two bytes each, which a continuation may write otherwise; formats; other data.
    fn text(&mut self) -> Option<u32> {
        let letters = self.word()?;
        let mut flags = self.byte()?;
        let formats = if flags & 8 != 0 { self.word()? } else { 0 };
        let other = match flags & 4 {
            0 => 0,
            _ => u32::from(self.word()?) | u32::from(self.word()?) << 16,
        };
        let mut left = usize::from(letters);
        while left > 0 {
            if self.rest() == 0 {
                flags = self.byte()?;
            }
            let size = 1 + usize::from(flags & 1);
            let here = left.min(self.rest().div_ceil(size)).max(1);
            self.at += here * size;
            left -= here;
        }
        for _ in 0..usize::from(formats) * 4 + other as usize {
            self.byte()?;
        }
        Some(u32::from(letters) * 3)
    }
}

/// How large a sheet is.
struct Reach {
    cells: usize,
    text: usize,
    /// Bytes of its records.
    bytes: usize,
}

/// How many cells lie between the first and the last one of a sheet, and no fewer than it says; and what they show of shared texts.
fn spans(stream: &[u8], begin: usize, texts: &[u32]) -> Reach {
    let (mut depth, mut said, mut text, mut count) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut rows, mut columns) = (Span::default(), Span::default());
    let mut bytes = 0;
    for record in records(stream, begin) {
        bytes += 4 + record.data.len();
        let word = |at: usize| u16_at(record.data, at).map_or(0, usize::from);
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            REACH if record.data.len() >= 14 => {
                let row = |at: usize| u32_at(record.data, at).map_or(0, |v| v as usize);
                let area = (row(4).saturating_sub(row(0)) + 1)
                    .saturating_mul(word(10).saturating_sub(word(8)) + 1);
                said = said.max(area);
            }
            MANY => {
                count += record.data.len() / 6;
                rows.add(word(0));
                columns.add(word(2));
                columns.add(word(record.data.len().saturating_sub(2)));
            }
            kind if CELLS.contains(&kind) => {
                count += 1;
                if kind == SHOWS {
                    let shown = u32_at(record.data, 6).and_then(|at| texts.get(at as usize));
                    text = text.saturating_add(shown.map_or(0, |length| *length as usize));
                }
                rows.add(word(0));
                columns.add(word(2));
            }
            _ => {}
        }
    }
    // A cell may stand there many times.
    let spanned = rows.length().saturating_mul(columns.length());
    Reach { cells: said.max(spanned).max(count), text, bytes }
}

/// From the least to the greatest of some numbers.
#[derive(Default)]
struct Span(Option<(usize, usize)>);

impl Span {
    fn add(&mut self, at: usize) {
        let (least, most) = self.0.unwrap_or((at, at));
        self.0 = Some((least.min(at), most.max(at)));
    }

    fn length(&self) -> usize {
        self.0.map_or(0, |(least, most)| most - least + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::excel::sheets;
    use super::*;

    /// Bytes before the first sector.
    const HEADER: usize = 512;
    const NONE: u32 = 0xFFFF_FFFF;
    const STOP: u32 = 0xFFFF_FFFE;

    /// A workbook with a cell in the first row and column, and one there; its stream is so long that it has sectors of its own.
    fn workbook(row: u16, column: u16) -> Vec<u8> {
        let record = |kind: u16, data: &[u8]| {
            [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
        };
        let begin = |what: u8| record(BEGIN, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let cell = |row: u16, column: u16, v: f64| {
            let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
            record(0x0203, &[place, v.to_le_bytes().to_vec()].concat())
        };
        let sheet = |at: u32| record(SHEET, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'd']].concat());
        let head = begin(5).len() + sheet(0).len() + record(END, &[]).len();
        let mut stream = [begin(5), sheet(head as u32), record(END, &[])].concat();
        stream.extend(
            [begin(16), cell(0, 0, 1.0), cell(row, column, 2.0), record(END, &[])].concat(),
        );
        stream.resize(SMALL, 0);

        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.resize(HEADER, 0);
        let mut put = |at: usize, words: &[u32]| {
            for (n, word) in words.iter().enumerate() {
                bytes[at + n * 4..at + n * 4 + 4].copy_from_slice(&word.to_le_bytes());
            }
        };
        // Version 3, sectors of 512; one table of chains in sector 0, the directory in sector 1, the stream from sector 2.
        put(24, &[0x0003_003E, 0x0009_FFFE, 6, 0, 0, 1, 1, 0, 4096, STOP, 0, STOP, 0, 0]);
        put(80, &[NONE; 108]);
        let mut chains = vec![NONE; 128];
        chains[0] = 0xFFFF_FFFD;
        chains[1] = STOP;
        for (next, chain) in (3..).zip(&mut chains[2..9]) {
            *chain = next;
        }
        chains[9] = STOP;
        bytes.extend(chains.iter().flat_map(|word| word.to_le_bytes()));
        for (name, kind, first, length) in
            [("Root Entry", 5, STOP, 0), ("Workbook", 2, 2, 4096_u32)]
        {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let length_of_name = entry.len() as u16 + 2;
            entry.resize(64, 0);
            entry.extend(length_of_name.to_le_bytes());
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
    fn two_cells_far_from_each_other_take_no_room() {
        let sheets = |bytes: &[u8]| sheets(bytes, &mut Budget::of_file());
        let near = workbook(1, 2);
        assert_eq!(sheets(&near).unwrap(), [("d".to_owned(), Ok("1,,\n,,2\n".to_owned()))]);
        let refusal = sheets(&workbook(65_535, 65_535)).unwrap_err();
        assert!(refusal.contains("more cells than any dataset"), "{refusal}");
    }

    #[test]
    fn a_chain_that_is_a_circle_is_not_followed() {
        let whole = workbook(1, 2);
        let refusal = |bytes: &[u8]| sheets(bytes, &mut Budget::of_file()).unwrap_err();
        // The directory is in the second sector: its entry in the table of chains says that it is its own next.
        let first = u32_at(&whole, 48).unwrap();
        let mut bytes = whole.clone();
        let entry = HEADER + first as usize * 4;
        bytes[entry..entry + 4].copy_from_slice(&first.to_le_bytes());
        assert_eq!(refusal(&bytes), "it is a workbook that is damaged: its directory is a circle");
        // So does the stream.
        let last = (u32_at(&whole, HEADER + 2 * 4).unwrap(), HEADER + 2 * 4);
        assert_eq!(last.0, 3);
        let mut bytes = whole;
        bytes[last.1..last.1 + 4].copy_from_slice(&2_u32.to_le_bytes());
        assert!(
            refusal(&bytes).ends_with("its list of sectors is a circle"),
            "{}",
            refusal(&bytes)
        );
    }

    /// A workbook of so many sectors of stream, whose directory has many entries that begin at the same place.
    fn long(sectors: u32, entries: usize) -> Vec<u8> {
        let directory = entries.div_ceil(4) as u32;
        let tables = (sectors + directory).div_ceil(127);
        let (first, begin) = (tables, tables + directory);
        let mut bytes = workbook(0, 0);
        bytes.truncate(HEADER);
        let mut put = |at: usize, word: u32| {
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        };
        put(44, tables);
        put(48, first);
        (0..109).for_each(|n| put(76 + n as usize * 4, if n < tables { n } else { NONE }));
        assert!(tables <= 109);
        let end = begin + sectors;
        let next = (0..tables * 128).map(|at| match at {
            at if at < tables => 0xFFFF_FFFD,
            at if at + 1 == begin || at + 1 == end => STOP,
            at if at < end => at + 1,
            _ => NONE,
        });
        bytes.extend(next.flat_map(u32::to_le_bytes));
        for n in 0..directory as usize * 4 {
            let mut entry = [0; ENTRY];
            entry[66] = if n == 0 { ROOT } else { 2 };
            entry[116..120].copy_from_slice(&(if n == 0 { STOP } else { begin }).to_le_bytes());
            entry[120..124].copy_from_slice(&4096_u32.to_le_bytes());
            bytes.extend(entry);
        }
        bytes.resize(HEADER * (1 + end as usize), 0);
        bytes
    }

    #[test]
    fn many_streams_in_one_chain_are_followed_once() {
        let bytes = long(6_900, 27_600);
        let since = std::time::Instant::now();
        check(&bytes, &mut Budget::of_file()).unwrap();
        assert!(since.elapsed().as_secs_f64() < 2.0, "{:?}", since.elapsed());
    }

    #[test]
    fn sheets_that_lie_in_each_other_are_refused() {
        let mut bytes = workbook(1, 2);
        // The stream begins in the fourth part of 512 bytes: a beginning, the name of a sheet, an end.
        let stream = HEADER * 3;
        let name = stream + 20;
        assert_eq!(u16_at(&bytes, name), Some(SHEET));
        let sheet = bytes[name..name + 4 + 9].to_vec();
        let whole = bytes[name..stream + SMALL].to_vec();
        // Three hundred names of the one sheet, which then lies behind them.
        let names = 300;
        let begin = 20 + names * sheet.len() + 4;
        let mut names = sheet.repeat(names);
        for name in names.chunks_exact_mut(sheet.len()) {
            name[4..8].copy_from_slice(&(begin as u32).to_le_bytes());
        }
        let rest = [names.as_slice(), &whole[sheet.len()..]].concat();
        bytes.splice(name..stream + SMALL, rest.into_iter().take(SMALL - 20));
        let told = sheets(&bytes, &mut Budget::of_file()).unwrap_err();
        assert!(told.ends_with("its sheets lie in each other"), "{told}");
    }

    #[test]
    fn shared_texts_are_counted_for_every_cell_that_shows_them() {
        let record = |kind: u16, data: &[u8]| {
            let mut all = kind.to_le_bytes().to_vec();
            all.extend((data.len() as u16).to_le_bytes());
            all.extend(data);
            all
        };
        let mut list = vec![0; 8];
        // Three letters; two of two bytes each, continued in single bytes; one with a format and other data.
        list.extend(b"\x03\0\0abc\x02\0\x01a\0");
        let more = b"\0b\x01\0\x0C\x01\0\x02\0\0\0x\0\0\0\0??";
        let mut stream = [record(TEXTS, &list), record(MORE, more)].concat();
        assert_eq!(texts(&stream), [9, 6, 3]);
        let begin = stream.len();
        let shows = |text: u8| record(SHOWS, &[0, 0, 0, 0, 0, 0, text, 0, 0, 0]);
        stream
            .extend([record(BEGIN, &[]), shows(0), shows(2), shows(9), record(END, &[])].concat());
        assert_eq!(spans(&stream, begin, &texts(&stream)).text, 12);
    }

    #[test]
    fn no_bytes_bring_it_down() {
        let whole = workbook(1, 2);
        for at in 0..HEADER * 3 {
            for byte in [0, 1, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                let _ = check(&bytes, &mut Budget::of_file());
            }
        }
        for length in 0..whole.len() {
            let _ = check(&whole[..length], &mut Budget::of_file());
        }
    }
}
