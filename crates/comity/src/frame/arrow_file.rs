//! Arrow IPC files.

use std::path::Path;

use arrow::ipc::writer::FileWriter;
use comity_panel::panel::Panel;

use crate::exit::Trouble;
use crate::output::Output;

const ROWS: usize = 64 * 1024;

pub(super) fn write(panel: &Panel, output: Option<&Path>, notes: &str) -> Result<usize, Trouble> {
    let mut writer = FileWriter::try_new(Output::open(output)?, &panel.schema())?;
    writer.write_metadata("comity", notes);
    let mut rows = 0;
    panel.each(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            writer.write(&batch)?;
            Ok::<_, Trouble>(())
        },
    )?;
    super::finish(writer.into_inner()?, rows)
}
