//! CSV, and the first rows on a terminal.

use std::fmt::Write as _;

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{DataType, Int8Type, Int16Type, Int32Type};
use arrow::util::display::ArrayFormatter;

use super::{Frame, Sink, cells, is_text};
use crate::error::ReportError;
use crate::plain::{clean, width};
use crate::{csv, terminal};

const ROWS: usize = 64 * 1024;
/// Rows of a panel and of an answer that are shown.
const GLANCE: usize = 20;
const ANSWER: usize = 200;

pub(super) fn csv(frame: &Frame<'_>, out: &mut dyn Sink) -> Result<usize, ReportError> {
    let names: Vec<String> = frame.names().iter().map(|name| quoted(&csv::cell(name))).collect();
    writeln!(out, "{}", names.join(","))?;
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| (batch.num_rows(), lines(&batch)),
        |(many, lines)| {
            rows += many;
            out.write_all(&lines?)?;
            Ok(())
        },
    )?;
    Ok(rows)
}

/// A column whose cells are written. Most cells of a panel are whole numbers, which need no general formatter.
enum Column<'a> {
    Tiny(&'a PrimitiveArray<Int8Type>),
    Small(&'a PrimitiveArray<Int16Type>),
    Whole(&'a PrimitiveArray<Int32Type>),
    Text(ArrayFormatter<'a>),
    Other(ArrayFormatter<'a>),
}

impl<'a> Column<'a> {
    fn of(array: &'a dyn Array, formatter: ArrayFormatter<'a>) -> Self {
        match array.data_type() {
            DataType::Int8 => Self::Tiny(array.as_primitive()),
            DataType::Int16 => Self::Small(array.as_primitive()),
            DataType::Int32 => Self::Whole(array.as_primitive()),
            kind if is_text(kind) => Self::Text(formatter),
            _ => Self::Other(formatter),
        }
    }

    /// Writes one cell; nothing where it is null. `scratch` is empty.
    fn write(
        &self,
        row: usize,
        scratch: &mut String,
        out: &mut Vec<u8>,
    ) -> Result<(), ReportError> {
        match self {
            Self::Tiny(cells) => whole(cells, row, out),
            Self::Small(cells) => whole(cells, row, out),
            Self::Whole(cells) => whole(cells, row, out),
            Self::Text(cells) => {
                write!(scratch, "{}", cells.value(row))?;
                out.extend_from_slice(quoted(&csv::cell(scratch)).as_bytes());
            }
            Self::Other(cells) => {
                write!(scratch, "{}", cells.value(row))?;
                out.extend_from_slice(scratch.as_bytes());
            }
        }
        Ok(())
    }
}

fn whole<T>(cells: &PrimitiveArray<T>, row: usize, out: &mut Vec<u8>)
where
    T: ArrowPrimitiveType,
    T::Native: itoa::Integer,
{
    if cells.is_valid(row) {
        out.extend_from_slice(itoa::Buffer::new().format(cells.value(row)).as_bytes());
    }
}

fn lines(batch: &RecordBatch) -> Result<Vec<u8>, ReportError> {
    let formatters = cells(batch)?.into_iter();
    let columns: Vec<Column<'_>> =
        batch.columns().iter().zip(formatters).map(|(array, f)| Column::of(array, f)).collect();
    let (mut lines, mut scratch) =
        (Vec::with_capacity(batch.num_rows() * columns.len() * 3), String::new());
    for row in 0..batch.num_rows() {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                lines.push(b',');
            }
            scratch.clear();
            column.write(row, &mut scratch, &mut lines)?;
        }
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A cell in quotes, where it needs them.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The first rows, in as many columns as there is room for, and how many there are.
///
/// # Errors
/// Rows that cannot be made.
pub fn glance(frame: &Frame<'_>) -> Result<(String, usize), ReportError> {
    let names: Vec<String> = frame.names().iter().map(|n| clean(n).into_owned()).collect();
    // A panel is a file in the making: a glance is enough. An answer is shown whole.
    let most = match frame {
        Frame::Panel(_) => GLANCE,
        Frame::Answer(_) | Frame::Table(..) => ANSWER,
    };
    let mut shown: Vec<Vec<String>> = Vec::new();
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            let columns = cells(&batch)?;
            for row in 0..batch.num_rows().min(most - shown.len()) {
                let cell = |c: &ArrayFormatter<'_>| clean(&c.value(row).to_string()).into_owned();
                shown.push(columns.iter().map(cell).collect());
            }
            Ok(())
        },
    )?;
    let wide = |at: usize| {
        let cells = shown.iter().map(|row| row[at].chars().count());
        2 + cells.chain([names[at].chars().count()]).max().unwrap_or(0)
    };
    let (mut fit, mut room) = (0, width());
    while fit < names.len() && (fit == 0 || wide(fit) <= room) {
        room = room.saturating_sub(wide(fit));
        fit += 1;
    }
    let mut table = terminal::plain_table(width());
    table.set_header(&names[..fit]);
    for row in &shown {
        table.add_row(&row[..fit]);
    }
    let mut text = terminal::table_text(&table);
    if fit < names.len() {
        let more = format!("and {} more columns: {}", names.len() - fit, names[fit..].join(", "));
        terminal::lines(&mut text, &more, width(), "");
    }
    if rows > shown.len() {
        let first = format!(
            "the first {} of {rows} rows; --output FILE writes them all (.parquet, .csv, .json, .arrow, .dta, .rds)",
            shown.len()
        );
        terminal::lines(&mut text, &first, width(), "");
    } else {
        text.push_str(&crate::words::plural(rows, "row\n", "rows\n"));
    }
    Ok((text, rows))
}
