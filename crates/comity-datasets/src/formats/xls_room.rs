//! How much room the sheets of an old workbook (`.xls`) ask for, told before another library makes it.
//!
//! Such a file is a small file system (sectors in chains) with one stream of records. Each sheet begins where the record of its
//! name says, and a cell tells its row and its column.

/// Cells that the sheets of a workbook span together.
const MAX_SPANNED: usize = 32 * 1024 * 1024;
/// Sectors, streams and records end where the chain of sectors does.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams shorter than this lie in the small sectors of another stream.
const SMALL: usize = 4096;
/// Bytes of a small sector, and of an entry of the directory.
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;
/// Sheets of one workbook.
const MAX_SHEETS: usize = 1_000;

/// Whether the sheets span no more cells than are looked at. What cannot be followed is left to the library, which refuses it.
pub(super) fn sheets_fit(bytes: &[u8]) -> bool {
    let Some(stream) = Sectors::of(bytes).and_then(|sectors| sectors.workbook()) else {
        return true;
    };
    let begins = records(&stream, 0).filter(|r| r.kind == SHEET).filter_map(|r| u32_at(r.data, 0));
    let mut spanned = 0_usize;
    for (at, begin) in begins.enumerate() {
        spanned = spanned.saturating_add(spans(&stream, begin as usize));
        if spanned > MAX_SPANNED || at == MAX_SHEETS {
            return false;
        }
    }
    true
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

    /// What lies in a chain of sectors.
    fn chain(&self, first: u32) -> Vec<u8> {
        let (mut all, mut at) = (Vec::new(), first);
        for _ in 0..=self.next.len() {
            let Some(sector) = self.sector(at).filter(|_| at < LAST_SECTOR) else { break };
            all.extend_from_slice(sector);
            at = self.next.get(at as usize).copied().unwrap_or(LAST_SECTOR);
        }
        all
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
            all.extend_from_slice(room.get(at * SMALL_SECTOR..(at + 1) * SMALL_SECTOR)?);
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

/// How many cells lie between the first and the last one of a sheet; and no fewer than it says.
fn spans(stream: &[u8], begin: usize) -> usize {
    let (mut depth, mut said) = (0_usize, 0_usize);
    let (mut rows, mut columns) = (Span::default(), Span::default());
    for record in records(stream, begin) {
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
                rows.add(word(0));
                columns.add(word(2));
                columns.add(word(record.data.len().saturating_sub(2)));
            }
            kind if CELLS.contains(&kind) => {
                rows.add(word(0));
                columns.add(word(2));
            }
            _ => {}
        }
    }
    said.max(rows.length().saturating_mul(columns.length()))
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
        let near = workbook(1, 2);
        assert!(sheets_fit(&near));
        assert_eq!(sheets(&near).unwrap(), [("d".to_owned(), "1,,\n,,2\n".to_owned())]);
        let told = sheets(&workbook(65_535, 65_535)).unwrap_err();
        assert!(told.contains("more cells than any dataset"), "{told}");
    }

    #[test]
    fn no_bytes_bring_it_down() {
        let whole = workbook(1, 2);
        for at in 0..HEADER * 3 {
            for byte in [0, 1, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                sheets_fit(&bytes);
            }
        }
        for length in 0..whole.len() {
            sheets_fit(&whole[..length]);
        }
    }
}
