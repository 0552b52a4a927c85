//! Arrow IPC files.

use arrow::ipc::writer::FileWriter;

use super::{Frame, Sink};
use crate::error::ReportError;

const ROWS: usize = 64 * 1024;

pub(super) fn write(
    frame: &Frame<'_>,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    let mut writer = FileWriter::try_new(out, &frame.wide_schema())?;
    writer.write_metadata("comity", notes);
    let mut rows = 0;
    frame.each_wide(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            writer.write(&batch)?;
            Ok(())
        },
    )?;
    writer.finish()?;
    Ok(rows)
}
