//! Arrow IPC files.

use std::path::Path;

use arrow::ipc::writer::FileWriter;

use super::Frame;
use crate::exit::Trouble;
use crate::output::Output;

const ROWS: usize = 64 * 1024;

pub(super) fn write(
    frame: &Frame<'_>,
    output: Option<&Path>,
    notes: &str,
) -> Result<usize, Trouble> {
    let mut writer = FileWriter::try_new(Output::open(output)?, &frame.schema())?;
    writer.write_metadata("comity", notes);
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            writer.write(&batch)?;
            Ok(())
        },
    )?;
    super::finish(writer.into_inner()?, rows)
}
