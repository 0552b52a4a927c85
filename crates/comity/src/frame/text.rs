//! CSV, and the first rows on a terminal.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comity_panel::panel::Panel;

use crate::exit::Trouble;
use crate::output::Output;
use crate::render::plain::{clean, width};
use crate::render::{csv, terminal};

const ROWS: usize = 64 * 1024;
/// Rows that are shown.
const SHOWN: usize = 20;

fn cells(batch: &RecordBatch) -> Result<Vec<ArrayFormatter<'_>>, ArrowError> {
    let options = FormatOptions::default().with_display_error(true);
    batch.columns().iter().map(|c| ArrayFormatter::try_new(c.as_ref(), &options)).collect()
}

fn header(panel: &Panel) -> Vec<String> {
    panel.schema().fields().iter().map(|f| f.name().clone()).collect()
}

pub(super) fn csv(panel: &Panel, output: Option<&Path>) -> Result<usize, Trouble> {
    let mut out = Output::open(output)?;
    writeln!(out, "{}", header(panel).join(","))?;
    let mut rows = 0;
    panel.each(
        ROWS,
        |batch| (batch.num_rows(), lines(&batch)),
        |(many, lines)| {
            rows += many;
            out.write_all(&lines?)?;
            Ok::<_, Trouble>(())
        },
    )?;
    super::finish(out, rows)
}

fn lines(batch: &RecordBatch) -> Result<Vec<u8>, Trouble> {
    let columns = cells(batch)?;
    let texts: Vec<bool> =
        batch.columns().iter().map(|c| matches!(c.data_type(), DataType::Dictionary(..))).collect();
    let (mut lines, mut cell) =
        (Vec::with_capacity(batch.num_rows() * columns.len() * 3), String::new());
    for row in 0..batch.num_rows() {
        for (at, (column, text)) in columns.iter().zip(&texts).enumerate() {
            if at > 0 {
                lines.push(b',');
            }
            cell.clear();
            write!(cell, "{}", column.value(row))?;
            if *text {
                let safe = csv::cell(&cell);
                if safe.contains([',', '"', '\n', '\r']) {
                    write!(lines, "\"{}\"", safe.replace('"', "\"\""))?;
                } else {
                    lines.extend_from_slice(safe.as_bytes());
                }
            } else {
                lines.extend_from_slice(cell.as_bytes());
            }
        }
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The first rows, in as many columns as there is room for, and how many there are.
pub(super) fn show(panel: &Panel, output: Option<&Path>) -> Result<usize, Trouble> {
    let names = header(panel);
    let mut shown: Vec<Vec<String>> = Vec::new();
    let mut rows = 0;
    panel.each(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            let columns = cells(&batch)?;
            for row in 0..batch.num_rows().min(SHOWN - shown.len()) {
                let cell = |c: &ArrayFormatter<'_>| clean(&c.value(row).to_string()).into_owned();
                shown.push(columns.iter().map(cell).collect());
            }
            Ok::<_, Trouble>(())
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
            "the first {} of {rows} rows; --output FILE writes them all (.parquet, .csv, .arrow, .dta, .rds)",
            shown.len()
        );
        terminal::lines(&mut text, &first, width(), "");
    }
    let mut out = Output::open(output)?;
    out.screen(&text)?;
    super::finish(out, rows)
}
