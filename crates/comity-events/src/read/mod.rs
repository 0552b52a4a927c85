//! Published event files, recognised by what is in them, to events.
//!
//! | format | known by | its id | when known |
//! |---|---|---|---|
//! | GDELT 1.0 and 2.0 exports, daily or of 15 minutes | 57, 58 or 61 columns between tabs, no header | `GLOBALEVENTID` | `DATEADDED` |
//! | ICEWS (`.tab` of Harvard Dataverse) | header | `Event ID` × 10⁶ + day: a number is used again on another day | given |
//! | POLECAT | header | `Event ID` | `Publication Date`, or given |
//! | KEDS tables (`date source target code`) | header, or dates and codes | its words, and how often they came before | given |
//! | UCDP GED and its candidates | header | `id` | given |
//! | MIE | header | `micnum`-`eventnum` | given |
//!
//! Plain, in gzip or in zip. The clock of the machine is never asked.

mod adding;
mod blocks;
mod codes;
mod gdelt;
mod keds;
mod numbers;
mod packed;
mod report;
mod scan;
mod table;
mod tables;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

pub use codes::Scheme;
pub use keds::{KedsRow, KedsRows};
pub use numbers::date;
pub use report::{Few, Reason, Report};

use crate::counts::tally::{Tally, Telling, Told};
use crate::error::Error;
use crate::event::Rows;
use blocks::{Block, Lines};
use packed::Used;
use table::Table;

pub(crate) use numbers::days_since;
#[cfg(test)]
pub(crate) use numbers::written_day;

/// What is known here, for errors.
pub(crate) const KNOWN: &str = "GDELT 1 and 2 event exports, ICEWS, POLECAT, KEDS (date source target code), UCDP GED and MIE, plain, in gzip or in zip";

/// When the events of a file were known, where the file does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// The file says it. One that does not is refused.
    #[default]
    Stated,
    /// At this time (the release of the file), in seconds since 1970-01-01.
    At(i64),
    /// So many days after each event: an assumption about a source whose releases are not dated.
    DaysAfter(u32),
}

/// How files are read.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// When the events were known, where the file does not say it.
    pub known: Known,
    /// The time of reading, in seconds since 1970-01-01: what says that it was known later is left out. None: nothing is of the future.
    pub as_of: Option<i64>,
    /// The source that the events belong to; none: that of the format (`gdelt2`, `icews`, …).
    pub source: Option<&'a str>,
    /// The scheme of the codes of a KEDS table, where they do not show it.
    pub scheme: Option<Scheme>,
    /// The score of a code, for sources without scores of their own (KEDS).
    pub scale: Option<&'a (dyn Fn(Scheme, &str) -> Option<f64> + Sync)>,
}

/// A text that was recognised.
pub(crate) enum Format {
    Gdelt(gdelt::Layout),
    Table(Table),
}

impl Format {
    /// The format of a text that begins so; else why it is of none.
    fn of(head: &[u8], options: &Options<'_>) -> Result<Self, String> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let lines = head.split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
        // A first line may be damaged as any other.
        for line in lines.filter(|l| !l.is_empty()).take(20) {
            if let Some(layout) = gdelt::Layout::of(line) {
                return Ok(Self::Gdelt(layout));
            }
        }
        Table::of(head, options).map(Self::Table)
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Gdelt(layout) => layout.source(),
            Self::Table(table) => table.source(),
        }
    }

    /// Whether counts are kept apart by the place of the events.
    pub(crate) fn by_location(&self) -> bool {
        matches!(self, Self::Table(table) if table.kind == table::Kind::Ged)
    }
}

/// The name of a source, if it can be one.
pub(crate) fn source_name(name: &str) -> Result<&str, Error> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=60).contains(&name.len()) && name.bytes().all(fine) {
        return Ok(name);
    }
    Err(Error::Name { name: comity_record::foreign::clean(name).into_owned() })
}

/// What takes the events of a file: rows with the report on their lines, in the order of the file.
pub(crate) trait Sink {
    /// A file begins.
    fn begin(&mut self, source: &str, by_location: bool) -> Result<(), Error>;
    /// Events of it.
    fn rows(&mut self, rows: Rows) -> Result<(), Error>;
    /// It ends: whether it is to count. `hash` is of its text.
    fn end(&mut self, report: &mut Report, hash: [u8; 32]) -> Result<(), Error>;
}

/// Reads a file and hands its events to `sink`.
///
/// # Errors
/// A file that cannot be read or is of no known format; those of the sink.
pub(crate) fn events(
    path: &Path,
    options: &Options<'_>,
    threads: usize,
    sink: &mut impl Sink,
) -> Result<(Vec<Report>, Vec<String>), Error> {
    each_text(path, options, true, |lines, format, report| {
        sink.begin(&report.source, format.by_location())?;
        let lines = match format {
            Format::Gdelt(layout) => exports(lines, layout, options, threads, report, sink)?,
            Format::Table(table) => tables::read(lines, &table, options, report, sink)?,
        };
        let hash = lines.hash().unwrap_or_default();
        report.sha256 = comity_record::hex(&hash);
        sink.end(report, hash)
    })
}

/// Hands over every text behind a path that is of a known format. Returns the report of each, and what else is in the file.
fn each_text(
    path: &Path,
    options: &Options<'_>,
    hashed: bool,
    mut read: impl FnMut(Lines<packed::Text<'_>>, Format, &mut Report) -> Result<(), Error>,
) -> Result<(Vec<Report>, Vec<String>), Error> {
    let mut reports = Vec::new();
    let others = packed::each(path, |name, text| {
        let mut lines = Lines::of(text, hashed);
        let broken = |reason| Error::Broken { file: name.to_owned(), line: None, reason };
        let format = match Format::of(lines.peek().map_err(broken)?, options) {
            Ok(format) => format,
            Err(reason) => return Ok(Used::No(reason)),
        };
        let source = source_name(options.source.unwrap_or(format.source()))?.to_owned();
        let mut report = Report { file: name.to_owned(), source, ..Report::default() };
        read(lines, format, &mut report)?;
        reports.push(report);
        Ok(Used::Yes)
    })?;
    Ok((reports, others))
}

/// Adds up the events of a file by source without keeping them; every line is an event of its own.
///
/// # Errors
/// A file that cannot be read or is of no known format.
pub(crate) fn tallied(
    path: &Path,
    options: &Options<'_>,
    threads: usize,
) -> Result<(BTreeMap<String, Tally>, Vec<Report>, Vec<String>), Error> {
    let mut tellings: BTreeMap<String, Vec<Telling>> = BTreeMap::new();
    let (reports, others) = each_text(path, options, false, |lines, format, report| {
        let own = match format {
            Format::Gdelt(layout) => adding::exports(lines, layout, options, threads, report)?,
            Format::Table(table) => {
                let by_location = table.kind == table::Kind::Ged;
                let mut adding = adding::Adding { by_location, ..adding::Adding::default() };
                tables::read(lines, &table, options, report, &mut adding)?;
                vec![adding.telling]
            }
        };
        tellings.entry(report.source.clone()).or_default().extend(own);
        Ok(())
    })?;
    let tallies = tellings.into_iter().map(|(source, tellings)| (source, Told::once(tellings)));
    Ok((tallies.collect(), reports, others))
}

/// The lines of a block one by one, with their numbers from 1 in it; what becomes of them is put into a report.
fn each_line<'a>(
    block: &'a Block,
    report: &mut Report,
    mut line: impl FnMut(&'a [u8], u64, &mut Report) -> Result<(), (Reason, &'a [u8])>,
) {
    let bytes = &block.bytes[..];
    let mut from = if block.first && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while from < bytes.len() {
        let end = scan::first(&bytes[from..], b'\n');
        let to = end.map_or(bytes.len(), |at| from + at);
        let text = &bytes[from..to];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        from = to + 1;
        report.lines += 1;
        let number = report.lines;
        if text.is_empty() {
            report.header += 1;
            continue;
        }
        let at_end = end.is_none() && block.last;
        match line(text, number, report) {
            Ok(()) => {
                report.read += 1;
                if at_end {
                    report.tell(Reason::NoLineEnd, number, String::new);
                }
            }
            Err((Reason::TooFewColumns, _)) if at_end => {
                report.tell(Reason::Torn, number, String::new);
            }
            Err((reason, found)) => report.tell(reason, number, || shorten(found)),
        }
    }
}

/// A cell as it is shown.
fn shorten(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell.get(..40).unwrap_or(cell));
    comity_record::foreign::clean(&text).into_owned()
}

/// An export, in pieces side by side.
fn exports<R: Read + Send>(
    lines: Lines<R>,
    layout: gdelt::Layout,
    options: &Options<'_>,
    threads: usize,
    report: &mut Report,
    sink: &mut impl Sink,
) -> Result<Lines<R>, Error> {
    let as_of = options.as_of;
    let mut gathered = Rows::default();
    let work = |reader: &mut gdelt::Reader, block: &Block| {
        let (mut rows, mut part) = (Rows::default(), Report::default());
        each_line(block, &mut part, |text, number, part| {
            let seen = reader.line(text)?;
            let (report, mended) = seen.report();
            let row = seen.row(&report, number, |text| rows.texts.number(text));
            rows.put(&row);
            odd(&seen, mended, number, part);
            Ok(())
        });
        (rows, part)
    };
    let file = report.file.clone();
    let broken = |reason| Error::Broken { file: file.clone(), line: None, reason };
    let take = |(mut rows, part): (Rows, Report)| {
        rows.line.iter_mut().for_each(|line| *line += report.lines);
        report.follow(part);
        gathered.append(rows);
        if gathered.len() >= CHUNK {
            sink.rows(std::mem::take(&mut gathered)).map_err(Failed::Sink)?;
        }
        Ok(())
    };
    let own = || gdelt::Reader::new(layout, as_of, false);
    let done = blocks::each(lines, threads, own, work, take);
    let (_, lines) = done.map_err(|failed| match failed {
        Failed::Read(reason) => broken(reason),
        Failed::Sink(error) => error,
    })?;
    sink.rows(gathered)?;
    Ok(lines)
}

/// Tells what is odd about a line that was read.
fn odd(seen: &gdelt::Seen<'_>, mended: bool, number: u64, part: &mut Report) {
    if seen.root == 0 {
        part.tell(Reason::UnknownCode, number, || shorten(seen.code));
    }
    if mended {
        part.tell(Reason::Encoding, number, String::new);
    }
}

/// Events that are handed on at a time.
pub(crate) const CHUNK: usize = 1_000_000;

/// Why reading ended.
enum Failed {
    Read(String),
    Sink(Error),
}

impl From<String> for Failed {
    fn from(reason: String) -> Self {
        Self::Read(reason)
    }
}
