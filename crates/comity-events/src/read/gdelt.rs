//! Lines of GDELT's event exports: no header, 61 columns between tabs in 2.0, 58 in 1.0 and 57 before it had addresses.
//!
//! Leetaru, Kalev and Philip A. Schrodt. 2013. GDELT: Global Data on Events, Location and Tone, 1979–2012. ISA Annual Convention.

use std::borrow::Cow;

use super::numbers::{Days, count, thousandths, unsigned};
use super::report::Reason;
use super::scan::{last, marked};
use crate::event::{NONE, Row, story_of};

/// The most columns that are looked for in a line.
const MOST: usize = 64;
/// Columns up to the last that counts need, but for those at the end of the line.
const EARLY: usize = 34;

/// Where the columns are that differ between the layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    columns: usize,
    location: usize,
    added: usize,
    report: Option<usize>,
}

const LAYOUTS: [Layout; 3] = [
    Layout { columns: 61, location: 53, added: 59, report: Some(60) },
    Layout { columns: 58, location: 51, added: 56, report: Some(57) },
    Layout { columns: 57, location: 51, added: 56, report: None },
];

impl Layout {
    /// The source that files of this layout belong to.
    pub(crate) fn source(self) -> &'static str {
        if self.columns == 61 { "gdelt2" } else { "gdelt1" }
    }

    /// The layout of a line, if it is one of an export.
    pub(crate) fn of(line: &[u8]) -> Option<Self> {
        let mut cells = Cells::default();
        let columns = cells.split(line);
        let layout = LAYOUTS.into_iter().find(|l| l.columns == columns)?;
        let cell = |at| cells.get(line, at);
        let quad = matches!(cell(29), b"" | b"0" | b"1" | b"2" | b"3" | b"4");
        let day = unsigned(cell(1)).and_then(|figures| Days::default().day(figures));
        let year = cell(3).len() == 4 && cell(1).starts_with(cell(3));
        let id = unsigned(cell(0));
        (quad && year && day.is_some() && id.is_some()).then_some(layout)
    }
}

/// Where the cells of a line are.
#[derive(Debug)]
pub(crate) struct Cells {
    /// The place after the tab that ends each.
    ends: [u32; MOST],
}

impl Default for Cells {
    fn default() -> Self {
        Self { ends: [0; MOST] }
    }
}

impl Cells {
    /// Finds the first `most` cells of a line (fewer than [`MOST`]) and says how many there are; the last of those found may be cut off where
    /// it has more. Where it was not looked at to its end: how many tabs were found, and where the rest begins.
    #[inline]
    fn find(&mut self, line: &[u8], most: usize) -> (usize, Option<usize>) {
        let (mut found, mut at) = (0_usize, 0_u32);
        let mut words = line.chunks_exact(8);
        for word in words.by_ref() {
            let Ok(word) = word.try_into() else { break };
            let mut tabs = marked(u64::from_le_bytes(word), b'\t');
            while tabs != 0 {
                let end = at.wrapping_add(tabs.trailing_zeros() / 8).wrapping_add(1);
                self.ends[found % MOST] = end;
                found = found.wrapping_add(1);
                tabs &= tabs.wrapping_sub(1);
            }
            at = at.wrapping_add(8);
            if found >= most {
                return (found, Some(at as usize));
            }
        }
        for byte in words.remainder() {
            at = at.wrapping_add(1);
            if *byte == b'\t' {
                self.ends[found % MOST] = at;
                found = found.wrapping_add(1);
            }
        }
        self.ends[found % MOST] = at.wrapping_add(1);
        (found.wrapping_add(1), None)
    }

    /// Finds the cells of a line and says how many it has; of one with more than [`MOST`] they are not to be read.
    pub(crate) fn split(&mut self, line: &[u8]) -> usize {
        self.find(line, usize::MAX).0
    }

    /// The same, but that cells from [`EARLY`] on are found only if they are among the last two.
    #[inline]
    fn split_early(&mut self, line: &[u8], layout: &Layout) -> usize {
        let (found, at) = self.find(line, EARLY);
        let Some(rest) = at.and_then(|at| line.get(at..)) else { return found };
        // Eight bits hold a count of 255: blocks are shorter.
        let tabs =
            |block: &[u8]| block.iter().map(|b| u8::from(*b == b'\t')).fold(0_u8, u8::wrapping_add);
        let tabs: usize = rest.chunks(192).map(|block| usize::from(tabs(block))).sum();
        let columns = found + tabs + 1;
        if columns == layout.columns && columns > EARLY + 10 {
            // The last cell, and the one or two before it.
            let mut to = line.len();
            for cell in (columns.saturating_sub(3)..columns).rev() {
                self.ends[cell % MOST] = to as u32 + 1;
                to = last(&line[..to], b'\t').unwrap_or(0);
            }
            self.ends[columns.saturating_sub(4) % MOST] = to as u32 + 1;
        }
        columns
    }

    /// A cell of the line that was split.
    #[inline]
    pub(crate) fn get<'a>(&self, line: &'a [u8], at: usize) -> &'a [u8] {
        let from = if at == 0 { 0 } else { self.ends[(at - 1) % MOST] as usize };
        let to = (self.ends[at % MOST] as usize).wrapping_sub(1);
        line.get(from..to).unwrap_or_default()
    }
}

/// One line taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub id: u64,
    pub day: i32,
    pub known: i64,
    pub actor: &'a [u8],
    pub target: &'a [u8],
    pub actor_state: &'a [u8],
    pub target_state: &'a [u8],
    pub location: &'a [u8],
    pub code: &'a [u8],
    pub root: u8,
    pub quad: u8,
    pub goldstein: i32,
    pub mentions: i32,
    pub sources: i32,
    pub articles: i32,
    pub report: &'a [u8],
}

/// What takes lines apart.
#[derive(Debug)]
pub(crate) struct Reader {
    layout: Layout,
    /// Lines that say that they were known later are of the future.
    as_of: i64,
    cells: Cells,
    days: Days,
    /// Whether the place of the event is not wanted: then most of a line is passed over.
    early: bool,
}

fn code(cell: &[u8]) -> Option<&[u8]> {
    // Codes of countries have three letters; one was published with four.
    (cell.len() <= 4 && cell.iter().all(u8::is_ascii_alphanumeric)).then_some(cell)
}

fn plain(cell: &[u8]) -> Option<&[u8]> {
    (cell.len() <= 64 && cell.is_ascii()).then_some(cell)
}

/// The root of a CAMEO code, 1 to 20; 0: it is none.
pub(crate) fn cameo_root(code: &[u8]) -> u8 {
    match code {
        [tens @ b'0'..=b'2', ones @ b'0'..=b'9', rest @ ..] if rest.len() <= 2 => {
            let root = (tens - b'0') * 10 + (ones - b'0');
            let figures = rest.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
            if root <= 20 && figures { root } else { 0 }
        }
        _ => 0,
    }
}

impl Reader {
    pub(crate) fn new(layout: Layout, as_of: Option<i64>, early: bool) -> Self {
        let (cells, days) = (Cells::default(), Days::default());
        Self { layout, as_of: as_of.unwrap_or(i64::MAX), cells, days, early }
    }

    /// A line taken apart, or why it cannot be.
    pub(crate) fn line<'a>(&mut self, line: &'a [u8]) -> Result<Seen<'a>, (Reason, &'a [u8])> {
        let columns = match self.early {
            true => self.cells.split_early(line, &self.layout),
            false => self.cells.split(line),
        };
        if columns != self.layout.columns {
            let most = columns > self.layout.columns;
            let reason = if most { Reason::TooManyColumns } else { Reason::TooFewColumns };
            return Err((reason, b""));
        }
        let cells = &self.cells;
        let cell = |at| cells.get(line, at);
        let refused = |reason, at| (reason, cells.get(line, at));
        let id = unsigned(cell(0)).ok_or_else(|| refused(Reason::NoId, 0))?;
        let day = unsigned(cell(1)).filter(|_| cell(1).len() == 8);
        let day = day.and_then(|d| self.days.day(d)).ok_or_else(|| refused(Reason::NoDate, 1))?;
        let added = cell(self.layout.added);
        let known = unsigned(added).filter(|_| matches!(added.len(), 8 | 14));
        let known = known.and_then(|k| self.days.time(k));
        let known = known.ok_or_else(|| refused(Reason::NoKnown, self.layout.added))?;
        if known > self.as_of {
            return Err(refused(Reason::FutureKnown, self.layout.added));
        }
        // Where it happened the day may have begun before it does in Greenwich.
        if i64::from(day) > known.div_euclid(86_400) + 1 {
            return Err(refused(Reason::Future, 1));
        }
        let plain = |at| plain(cell(at)).ok_or_else(|| refused(Reason::ActorCode, at));
        let state = |at| code(cell(at)).ok_or_else(|| refused(Reason::ActorCode, at));
        let number = |at| count(cell(at)).map_err(|()| refused(Reason::Number, at));
        let quad = match cell(29) {
            [digit @ b'1'..=b'4'] => digit - b'0',
            b"" | b"0" => 0,
            _ => return Err(refused(Reason::Number, 29)),
        };
        Ok(Seen {
            id,
            day,
            known,
            actor: plain(5)?,
            target: plain(15)?,
            actor_state: state(7)?,
            target_state: state(17)?,
            location: if self.early { b"" } else { plain(self.layout.location)? },
            code: plain(26)?,
            root: cameo_root(cell(26)),
            quad,
            goldstein: thousandths(cell(30)).map_err(|()| refused(Reason::Number, 30))?,
            mentions: number(31)?,
            sources: number(32)?,
            articles: number(33)?,
            report: self.layout.report.map_or(b"", cell),
        })
    }
}

impl<'a> Seen<'a> {
    /// What two events of one story share: day, actors, code and address. 0: it has no address.
    pub(crate) fn story(&self) -> u64 {
        if self.report.is_empty() {
            return 0;
        }
        let states = [self.actor_state, self.target_state];
        let texts = [states[0], states[1], self.actor, self.target, self.code, self.report];
        story_of(self.day, self.quad, texts)
    }

    /// The address as text, and whether bytes had to be replaced.
    pub(crate) fn report(&self) -> (Cow<'a, str>, bool) {
        let text = String::from_utf8_lossy(self.report);
        let mended = matches!(text, Cow::Owned(_));
        (text, mended)
    }

    /// The row of it; texts are numbered by `number`.
    pub(crate) fn row<'t>(
        &self,
        report: &'t str,
        line: u64,
        mut number: impl FnMut(&str) -> u32,
    ) -> Row<'t> {
        let mut text = |bytes: &[u8]| number(std::str::from_utf8(bytes).unwrap_or_default());
        Row {
            id: self.id,
            name: "",
            day: self.day,
            exact: true,
            known: self.known,
            actor: text(self.actor),
            target: text(self.target),
            actor_state: text(self.actor_state),
            target_state: text(self.target_state),
            location: text(self.location),
            code: text(self.code),
            root: self.root,
            quad: self.quad,
            goldstein: self.goldstein,
            mentions: self.mentions,
            sources: self.sources,
            articles: self.articles,
            best: NONE,
            low: NONE,
            high: NONE,
            report,
            story: self.story(),
            file: 0,
            line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_where_they_are_whatever_way_they_are_looked_for() {
        for layout in LAYOUTS {
            for seed in 0..40_usize {
                let cell = |at: usize| "x".repeat((at * 7 + seed * 13) % 23);
                let cells: Vec<String> = (0..layout.columns).map(cell).collect();
                let line = cells.join("\t");
                let (mut whole, mut early) = (Cells::default(), Cells::default());
                assert_eq!(whole.split(line.as_bytes()), layout.columns);
                assert_eq!(early.split_early(line.as_bytes(), &layout), layout.columns);
                for (at, cell) in cells.iter().enumerate() {
                    assert_eq!(whole.get(line.as_bytes(), at), cell.as_bytes(), "{at} of {line}");
                    if at < EARLY || at >= layout.columns - 2 {
                        assert_eq!(
                            early.get(line.as_bytes(), at),
                            cell.as_bytes(),
                            "{at} of {line}"
                        );
                    }
                }
            }
        }
        for columns in [1, 5, 33, 34, 35, 60, 62, 64, 65, 500] {
            let line = vec!["ab"; columns].join("\t");
            assert_eq!(Cells::default().split(line.as_bytes()), columns);
            assert_eq!(Cells::default().split_early(line.as_bytes(), &LAYOUTS[0]), columns);
        }
        assert_eq!(Cells::default().split(b""), 1);
    }
}
