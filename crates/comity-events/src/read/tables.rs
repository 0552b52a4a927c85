//! Rows of tables to events.

use std::borrow::Cow;
use std::io::Read;

use csv_core::ReadRecordResult;

use super::blocks::Lines;
use super::codes::Scheme;
use super::keds::{KedsRow, KedsRows};
use super::numbers::{thousandths, written_day};
use super::report::{Reason, Report};
use super::table::{Kind, Table, keds_day};
use super::{CHUNK, Known, Options, Sink, shorten};
use crate::counts::tally::day_of;
use crate::error::Error;
use crate::event::{Event, NONE, Rows};

/// The most bytes of a row: with more, a quote was never closed.
const MAX_ROW: usize = 4 * 1024 * 1024;

/// Why a row is left out, with what stands there.
type Refused<'a> = (Reason, Cow<'a, str>);

/// The cells of one row.
struct Cells<'a> {
    bytes: &'a [u8],
    ends: &'a [usize],
    table: &'a Table,
}

impl<'a> Cells<'a> {
    fn raw(&self, at: usize) -> &'a [u8] {
        let from = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) };
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// A declared column; what means "missing" is empty.
    fn get(&self, column: usize) -> Cow<'a, str> {
        let Some(at) = self.table.columns.get(column).copied().flatten() else { return "".into() };
        let text = String::from_utf8_lossy(self.raw(at));
        let missing = matches!(text.trim(), "NA" | "NULL" | "None" | "nan" | "--");
        match text {
            _ if missing => "".into(),
            Cow::Borrowed(text) => text.trim().into(),
            Cow::Owned(text) => text.trim().to_owned().into(),
        }
    }

    /// A count; −9 and nothing mean that the source does not say.
    fn count(&self, column: usize) -> Result<Option<i32>, Refused<'a>> {
        let text = self.get(column);
        let figures = text.strip_suffix(".0").unwrap_or(&text);
        match figures {
            "" | "-9" | "-99" => Ok(None),
            figures => match figures.parse::<i32>() {
                Ok(n) if n >= 0 => Ok(Some(n)),
                _ => Err((Reason::Number, text)),
            },
        }
    }

    fn day(&self, column: usize) -> Result<i32, Refused<'a>> {
        let text = self.get(column);
        written_day(&text).ok_or((Reason::NoDate, text))
    }

    fn score(&self, column: usize) -> Result<Option<f64>, Refused<'a>> {
        let text = self.get(column);
        let score = thousandths(text.as_bytes());
        let score = score.map_err(|()| (Reason::Number, text))?;
        Ok((score != NONE).then(|| f64::from(score) / 1000.0))
    }

    fn id(&self, column: usize) -> Result<Cow<'a, str>, Refused<'a>> {
        let text = self.get(column);
        if text.is_empty() || text.len() > 200 { Err((Reason::NoId, text)) } else { Ok(text) }
    }
}

/// What turns rows into events.
struct Maker<'a> {
    table: &'a Table,
    options: &'a Options<'a>,
    keds: KedsRows,
}

fn root_and_quad(scheme: Scheme, code: &str) -> (Option<u8>, Option<u8>) {
    let root = scheme.root(code);
    (root, root.and_then(|r| scheme.quad(r)))
}

impl Maker<'_> {
    /// When an event was known, by what was given.
    fn known(&self, day: i32) -> i64 {
        match self.options.known {
            Known::At(time) => time,
            Known::DaysAfter(days) => (i64::from(day) + i64::from(days)) * 86_400,
            // Refused before any row is read, but where the file says it.
            Known::Stated => i64::from(day) * 86_400,
        }
    }

    fn event<'a>(&mut self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        let event = match self.table.kind {
            Kind::Icews => self.icews(cells),
            Kind::Polecat => self.polecat(cells),
            Kind::Keds(_) => self.keds(cells),
            Kind::Ged => self.ged(cells),
            Kind::Mie => self.mie(cells),
        }?;
        let date = || Cow::from(super::date(event.day).to_string());
        if self.options.as_of.is_some_and(|now| event.known > now) {
            return Err((Reason::FutureKnown, date()));
        }
        if event.day > day_of(event.known).saturating_add(1) {
            return Err((Reason::Future, date()));
        }
        Ok(event)
    }

    fn icews<'a>(&self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        let (number, day) = (cells.id(0)?, cells.day(1)?);
        let id = number.parse::<u64>().ok().filter(|n| *n < 1_000_000_000_000);
        let id = id.and_then(|n| Some(n * 1_000_000 + u64::try_from(day).ok()?));
        let id = id.ok_or((Reason::NoId, number))?;
        let (code, story) = (cells.get(4), cells.get(9));
        let (root, quad) = root_and_quad(Scheme::Cameo, &code);
        Ok(Event {
            id: id.to_string().into(),
            day,
            exact: true,
            known: self.known(day),
            actor: cells.get(2),
            actor_state: cells.get(3),
            target: cells.get(5),
            target_state: cells.get(6),
            location: cells.get(8),
            code,
            root,
            quad,
            goldstein: cells.score(7)?,
            story: !story.is_empty(),
            report: story,
            ..Event::default()
        })
    }

    fn polecat<'a>(&self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        let day = cells.day(1)?;
        let published = cells.get(12);
        let known = match self.options.known {
            Known::Stated => match written_day(&published) {
                Some(day) => i64::from(day) * 86_400,
                None => return Err((Reason::NoKnown, published)),
            },
            _ => self.known(day),
        };
        let (kind, mode) = (cells.get(2), cells.get(3));
        let (root, quad) = root_and_quad(Scheme::Plover, &kind);
        let stated = cells.get(7).bytes().next().filter(|b| (b'1'..=b'4').contains(b));
        Ok(Event {
            id: cells.id(0)?,
            day,
            exact: true,
            known,
            actor: cells.get(8),
            actor_state: cells.get(4),
            target: cells.get(9),
            target_state: cells.get(5),
            location: cells.get(10),
            code: if mode.is_empty() { kind } else { format!("{kind}:{mode}").into() },
            root,
            quad: stated.map(|b| b - b'0').or(quad),
            goldstein: cells.score(6)?,
            report: cells.get(11),
            ..Event::default()
        })
    }

    fn keds<'a>(&mut self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        let [date, source, target, code] = [0, 1, 2, 3].map(|at| cells.get(at));
        let Some(day) = keds_day(&date) else { return Err((Reason::NoDate, date)) };
        let (known, row) = (self.known(day), KedsRow { day, source, target, code });
        let scale = self.options.scale.map(|scale| scale as &dyn Fn(Scheme, &str) -> Option<f64>);
        Ok(self.keds.event(row, known, scale))
    }

    fn ged<'a>(&self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        if cells.get(0).is_empty() && cells.get(5).starts_with('#') {
            return Err((Reason::Tags, cells.get(5)));
        }
        let (id, day) = (cells.id(0)?, cells.day(5)?);
        let code = cells.get(1);
        let root = match &*code {
            "1" => 1,
            "2" => 2,
            "3" => 3,
            _ => return Err((Reason::Number, code)),
        };
        Ok(Event {
            report: Some(cells.get(10)).filter(|r| !r.is_empty()).unwrap_or_else(|| id.clone()),
            id,
            day,
            exact: matches!(&*cells.get(11), "" | "1"),
            known: self.known(day),
            actor: cells.get(2),
            target: cells.get(3),
            actor_state: cells.get(12),
            target_state: cells.get(13),
            location: cells.get(4),
            code,
            root: Some(root),
            quad: Some(4),
            best: cells.count(7)?,
            low: cells.count(8)?,
            high: cells.count(9)?,
            ..Event::default()
        })
    }

    fn mie<'a>(&self, cells: &Cells<'a>) -> Result<Event<'a>, Refused<'a>> {
        let [year, month] = [4, 5].map(|at| cells.get(at));
        let stated = cells.count(6)?.filter(|d| *d > 0);
        let figures = |text: &str| text.parse::<u64>().unwrap_or(0);
        let number = u64::try_from(stated.unwrap_or(1)).unwrap_or(1);
        let day = super::numbers::day(figures(&year), figures(&month), number);
        let Some(day) = day else { return Err((Reason::NoDate, year)) };
        let (confrontation, number) = (cells.id(0)?, cells.id(1)?);
        let action = cells.get(7);
        let hostility = cells.count(8)?;
        let both = |a: Option<i32>, b: Option<i32>| Some(a?.saturating_add(b?));
        Ok(Event {
            report: confrontation.clone(),
            id: format!("{confrontation}-{number}").into(),
            day,
            exact: stated.is_some(),
            known: self.known(day),
            actor: cells.get(2),
            target: cells.get(3),
            actor_state: cells.get(2),
            target_state: cells.get(3),
            root: action.parse().ok().filter(|root| (1..=22).contains(root)),
            code: action,
            quad: match hostility {
                Some(2) => Some(3),
                Some(3..=5) => Some(4),
                _ => None,
            },
            low: both(cells.count(9)?, cells.count(10)?),
            high: both(cells.count(11)?, cells.count(12)?),
            ..Event::default()
        })
    }
}

/// Whether a file of the kind says itself when its events were known.
fn check_known(table: &Table, options: &Options<'_>, report: &Report) -> Result<(), Error> {
    let states = table.kind == Kind::Polecat && table.columns.get(12).copied().flatten().is_some();
    if options.known != Known::Stated || states {
        return Ok(());
    }
    let reason = "it does not say when its events were known: give the day of its release, or how many days after an event it is taken as known";
    Err(Error::Broken { file: report.file.clone(), line: None, reason: reason.into() })
}

/// Reads a table.
pub(super) fn read<R: Read>(
    mut lines: Lines<R>,
    table: &Table,
    options: &Options<'_>,
    report: &mut Report,
    sink: &mut impl Sink,
) -> Result<Lines<R>, Error> {
    check_known(table, options, report)?;
    let mut csv =
        csv_core::ReaderBuilder::new().delimiter(table.delimiter).quoting(table.quoted).build();
    let scheme = if let Kind::Keds(scheme) = table.kind { scheme } else { Scheme::Cameo };
    let mut maker = Maker { table, options, keds: KedsRows::of(scheme) };
    let (mut cells, mut ends) = (vec![0_u8; 1 << 16], vec![0_usize; 256]);
    let (mut filled, mut ended) = (0, 0);
    let (mut rows, mut header) = (Rows::default(), table.header);
    let mut line = 1;
    let mut spare = Vec::new();
    let file = report.file.clone();
    let broken = |line, reason| Error::Broken { file: file.clone(), line, reason };
    loop {
        let block = lines.next(spare).map_err(|reason| broken(None, reason))?;
        let done = block.is_none();
        let (first, bytes) = block.map(|b| (b.first, b.bytes)).unwrap_or_default();
        let mut input = &bytes[..];
        if first {
            input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
        }
        loop {
            let (result, read, wrote, found) =
                csv.read_record(input, &mut cells[filled..], &mut ends[ended..]);
            input = &input[read..];
            filled += wrote;
            ended += found;
            match result {
                ReadRecordResult::InputEmpty if done => break,
                ReadRecordResult::InputEmpty if input.is_empty() => break,
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if cells.len() < MAX_ROW => {
                    cells.resize(cells.len() * 2, 0);
                }
                ReadRecordResult::OutputFull => {
                    let reason = "a row is longer than 4 MB: a quote was not closed";
                    return Err(broken(Some(line), reason.into()));
                }
                ReadRecordResult::OutputEndsFull if ends.len() < 1 << 16 => {
                    ends.resize(ends.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    return Err(broken(Some(line), "a row has more than 65,536 columns".into()));
                }
                ReadRecordResult::Record => {
                    let this = Cells { bytes: &cells[..filled], ends: &ends[..ended], table };
                    if std::mem::take(&mut header) {
                        report.lines += 1;
                        report.header += 1;
                    } else {
                        one(&mut maker, &this, line, done, report, &mut rows);
                    }
                    (filled, ended) = (0, 0);
                    line = csv.line();
                }
                ReadRecordResult::End => break,
            }
        }
        if rows.len() >= CHUNK {
            sink.rows(std::mem::take(&mut rows))?;
        }
        if done {
            break;
        }
        spare = bytes;
    }
    sink.rows(rows)?;
    Ok(lines)
}

/// One row: an event, or a reason. `torn`: it ends with the text, without a line end.
fn one(
    maker: &mut Maker<'_>,
    cells: &Cells<'_>,
    line: u64,
    torn: bool,
    report: &mut Report,
    rows: &mut Rows,
) {
    report.lines += 1;
    let (width, has) = (maker.table.width, cells.ends.len());
    let extra = (width..has).any(|at| !cells.raw(at).is_empty());
    if has < width {
        let reason = if torn { Reason::Torn } else { Reason::TooFewColumns };
        return report.tell(reason, line, || format!("{has} of {width}"));
    }
    if extra {
        return report.tell(Reason::TooManyColumns, line, || format!("{has} for {width}"));
    }
    match maker.event(cells) {
        Ok(mut event) => {
            report.read += 1;
            event.line = line;
            if has > width {
                report.tell(Reason::EmptyColumns, line, String::new);
            }
            if event.root.is_none() {
                report.tell(Reason::UnknownCode, line, || shorten(event.code.as_bytes()));
            }
            if std::str::from_utf8(cells.bytes).is_err() {
                report.tell(Reason::Encoding, line, String::new);
            }
            rows.push(&event, 0);
        }
        Err((reason, found)) => report.tell(reason, line, || shorten(found.as_bytes())),
    }
}
