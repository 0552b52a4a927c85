//! R: a data frame in the form of `saveRDS`, compressed; texts of a panel are factors, days are Dates, truths are logical, null is NA.
//!
//! A column has the attributes that R's packages look for: `label`, what it means; `units`; `labels`, what the values of a code mean. The frame
//! has `comity`, the description that stands beside other files, as JSON.

use std::io::{self, BufWriter, IntoInnerError, Write};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int32Type};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::meaning::{Meaning, meaning};
use super::{Frame, Sink, plain};
use crate::error::ReportError;

/// R's NA among whole numbers, and the bits of its NA among real ones.
const NA: i32 = i32::MIN;
const NA_REAL: u64 = 0x7ff0_0000_0000_07a2;
const BUFFER: usize = 256 * 1024;
/// Types of R's serialization.
const SYMBOL: u32 = 1;
const PAIRS: u32 = 2;
const CHARS: u32 = 9;
const LOGICALS: u32 = 10;
const INTEGERS: u32 = 13;
const REALS: u32 = 14;
const STRINGS: u32 = 16;
const LIST: u32 = 19;
const NIL: u32 = 254;
const OBJECT: u32 = 1 << 8;
const ATTRIBUTES: u32 = 1 << 9;
const TAGGED: u32 = 1 << 10;
const UTF8: u32 = 1 << 15;

pub(super) fn write(
    frame: &Frame<'_>,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    let about = frame.about();
    // R holds a frame column by column: all rows must be there before the first column ends.
    let batch = match frame {
        Frame::Panel(panel) => plain(&concat_batches(&panel.schema(), &panel.batches()?)?)?,
        Frame::Answer(batch) | Frame::Table(batch, _) => plain(batch)?,
    };
    let rows = i32::try_from(batch.num_rows()).map_err(|_| {
        ReportError::new("R's data frames hold 2,147,483,647 rows")
            .help("ask for fewer years, or for --format parquet")
    })?;
    // Cells are a few bytes each: packed one by one they would take longer than they are.
    let packed = GzEncoder::new(out, Compression::fast());
    let mut out = Stream(BufWriter::with_capacity(BUFFER, packed));
    let says = |field: &Arc<Field>| {
        let truth = *field.data_type() == DataType::Boolean;
        match about.iter().find(|a| a.name == *field.name()) {
            Some(about) => Says { label: &about.doc, meaning: meaning(about), truth },
            None => Says { truth, ..Says::default() },
        }
    };
    let schema = frame.schema();
    let says: Vec<Says<'_>> = schema.fields().iter().map(says).collect();
    data_frame(&mut out, &batch, rows, &says, notes)?;
    out.0.into_inner().map_err(IntoInnerError::into_error)?.finish()?;
    Ok(batch.num_rows())
}

/// What is said of a column.
#[derive(Default)]
struct Says<'a> {
    label: &'a str,
    meaning: Meaning,
    /// Whether its numbers are truths.
    truth: bool,
}

impl Says<'_> {
    fn is_empty(&self) -> bool {
        self.label.is_empty() && self.meaning == Meaning::default()
    }

    /// The bits of a column that has attributes, and a class or none.
    fn flags(&self, class: bool) -> u32 {
        match (class, self.is_empty()) {
            (true, _) => OBJECT | ATTRIBUTES,
            (false, false) => ATTRIBUTES,
            (false, true) => 0,
        }
    }

    /// The attributes behind the cells, with the class and its end.
    fn write<W: Write>(&self, out: &mut Stream<W>, class: Option<&str>) -> io::Result<()> {
        if class.is_none() && self.is_empty() {
            return Ok(());
        }
        let Meaning { unit, values } = &self.meaning;
        for (name, text) in [("label", self.label), ("units", unit)] {
            if !text.is_empty() {
                out.attribute(name)?;
                out.strings([text].into_iter())?;
            }
        }
        if !values.is_empty() {
            out.attribute("labels")?;
            out.int(INTEGERS | ATTRIBUTES)?;
            out.int(values.len() as u32)?;
            values.iter().try_for_each(|(value, _)| out.signed(*value))?;
            out.attribute("names")?;
            out.strings(values.iter().map(|(_, says)| *says))?;
            out.end()?;
        }
        if let Some(class) = class {
            out.attribute("class")?;
            out.strings([class].into_iter())?;
        }
        out.end()
    }
}

struct Stream<W: Write>(W);

impl<W: Write> Stream<W> {
    fn int(&mut self, v: u32) -> io::Result<()> {
        self.0.write_all(&v.to_be_bytes())
    }

    fn signed(&mut self, v: i32) -> io::Result<()> {
        self.0.write_all(&v.to_be_bytes())
    }

    fn chars(&mut self, text: &str) -> io::Result<()> {
        self.int(CHARS | UTF8)?;
        self.int(text.len() as u32)?;
        self.0.write_all(text.as_bytes())
    }

    /// R's NA among texts.
    fn no_chars(&mut self) -> io::Result<()> {
        self.int(CHARS)?;
        self.signed(-1)
    }

    fn strings<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a str>) -> io::Result<()> {
        self.int(STRINGS)?;
        self.int(texts.len() as u32)?;
        texts.into_iter().try_for_each(|t| self.chars(t))
    }

    /// The name of an attribute; its value follows.
    fn attribute(&mut self, name: &str) -> io::Result<()> {
        self.int(PAIRS | TAGGED)?;
        self.int(SYMBOL)?;
        self.chars(name)
    }

    fn end(&mut self) -> io::Result<()> {
        self.int(NIL)
    }
}

fn data_frame<W: Write>(
    out: &mut Stream<W>,
    batch: &RecordBatch,
    rows: i32,
    says: &[Says<'_>],
    notes: &str,
) -> Result<(), ReportError> {
    // Big-endian, version 2, as written by R 4.0 and read since 2.3.
    out.0.write_all(b"X\n")?;
    for version in [2, 0x0004_0000, 0x0002_0300] {
        out.int(version)?;
    }
    out.int(LIST | OBJECT | ATTRIBUTES)?;
    out.int(batch.num_columns() as u32)?;
    for (column, says) in batch.columns().iter().zip(says) {
        self::column(out, column.as_ref(), says)?;
    }
    out.attribute("names")?;
    let schema = batch.schema();
    out.strings(schema.fields().iter().map(|f| f.name().as_str()))?;
    out.attribute("row.names")?;
    // Rows numbered from 1: NA and minus their number.
    out.int(INTEGERS)?;
    out.int(2)?;
    out.signed(NA)?;
    out.signed(-rows)?;
    out.attribute("class")?;
    out.strings(["data.frame"].into_iter())?;
    out.attribute("comity")?;
    out.strings([notes].into_iter())?;
    out.end()?;
    Ok(())
}

fn column<W: Write>(
    out: &mut Stream<W>,
    column: &dyn Array,
    says: &Says<'_>,
) -> Result<(), ReportError> {
    let rows = column.len();
    let integers =
        |out: &mut Stream<W>, flags: u32, value: &dyn Fn(usize) -> i32| -> io::Result<()> {
            out.int(flags | if says.truth { LOGICALS } else { INTEGERS })?;
            out.int(rows as u32)?;
            (0..rows)
                .try_for_each(|row| out.signed(if column.is_valid(row) { value(row) } else { NA }))
        };
    match column.data_type() {
        DataType::Int32 => {
            let codes = column.as_primitive::<Int32Type>();
            integers(out, says.flags(false), &|r| codes.value(r))?;
            says.write(out, None)?;
        }
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>();
            reals(out, says.flags(true), rows, |row| {
                days.is_valid(row).then(|| f64::from(days.value(row)))
            })?;
            says.write(out, Some("Date"))?;
        }
        DataType::Float64 => {
            let numbers = column.as_primitive::<Float64Type>();
            reals(out, says.flags(false), rows, |row| {
                numbers.is_valid(row).then(|| numbers.value(row))
            })?;
            says.write(out, None)?;
        }
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            out.int(STRINGS | says.flags(false))?;
            out.int(rows as u32)?;
            for row in 0..rows {
                if texts.is_valid(row) {
                    out.chars(texts.value(row))?;
                } else {
                    out.no_chars()?;
                }
            }
            says.write(out, None)?;
        }
        _ => {
            // Levels are the texts in use, in the order of the alphabet; a level may stand once.
            let texts = column.as_dictionary::<Int32Type>();
            let values = texts.values().as_string::<i32>();
            let text = |row: usize| values.value(texts.keys().value(row) as usize);
            let mut levels: Vec<&str> =
                (0..rows).filter(|r| column.is_valid(*r)).map(text).collect();
            levels.sort_unstable();
            levels.dedup();
            integers(out, says.flags(true), &|r| {
                levels.binary_search(&text(r)).map_or(NA, |at| at as i32 + 1)
            })?;
            out.attribute("levels")?;
            out.strings(levels.iter().copied())?;
            says.write(out, Some("factor"))?;
        }
    }
    Ok(())
}

fn reals<W: Write>(
    out: &mut Stream<W>,
    flags: u32,
    rows: usize,
    value: impl Fn(usize) -> Option<f64>,
) -> io::Result<()> {
    out.int(REALS | flags)?;
    out.int(rows as u32)?;
    for row in 0..rows {
        let bits = value(row).map_or(NA_REAL, f64::to_bits);
        out.0.write_all(&bits.to_be_bytes())?;
    }
    Ok(())
}
