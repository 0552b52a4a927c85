//! JSON: a list of objects; numbers and truths as such, everything else as text, nothing as null.

use std::io::Write as _;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;

use super::{Frame, Sink};
use crate::error::ReportError;

const ROWS: usize = 16 * 1024;

pub(super) fn write(frame: &Frame<'_>, out: &mut dyn Sink) -> Result<usize, ReportError> {
    out.write_all(b"[")?;
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| (batch.num_rows(), objects(&batch)),
        |(many, objects)| {
            let objects = objects?;
            // Every object begins with its comma; the first one needs none.
            out.write_all(&objects[usize::from(rows == 0 && many > 0)..])?;
            rows += many;
            Ok(())
        },
    )?;
    out.write_all(b"\n]\n")?;
    Ok(rows)
}

/// The rows of a batch, each with a comma before it.
fn objects(batch: &RecordBatch) -> Result<Vec<u8>, ReportError> {
    let cells = super::cells(batch)?;
    let schema = batch.schema();
    let names = schema
        .fields()
        .iter()
        .map(|f| serde_json::to_string(f.name()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut out = Vec::new();
    for row in 0..batch.num_rows() {
        out.extend_from_slice(b",\n  {");
        for (at, ((name, cell), column)) in
            names.iter().zip(&cells).zip(batch.columns()).enumerate()
        {
            let text = || cell.value(row).to_string();
            let value = if column.is_null(row) {
                serde_json::Value::Null
            } else if column.data_type().is_numeric() || *column.data_type() == DataType::Boolean {
                serde_json::from_str(&text()).unwrap_or(serde_json::Value::Null)
            } else {
                serde_json::Value::String(text())
            };
            // In the order of the columns, which a map would not keep.
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}{name}:{value}")?;
        }
        out.push(b'}');
    }
    Ok(match String::from_utf8(out) {
        Ok(text) => crate::plain::json(text).into_bytes(),
        Err(other) => other.into_bytes(),
    })
}
