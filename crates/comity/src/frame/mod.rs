//! A panel as a file: Parquet, CSV, Arrow, Stata, R. Rows go out as they are made; only R's form needs them all at once.

mod arrow_file;
mod parquet_file;
mod r_file;
mod stata_file;
mod text;

use std::path::Path;

use clap::ValueEnum;
use comity_panel::panel::Panel;

use crate::exit::Trouble;
use crate::output::Output;

/// Forms of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The first rows, for a terminal
    Text,
    /// For data tools, with types and notes
    Parquet,
    /// For spreadsheets and everything else
    Csv,
    /// Arrow IPC file (Feather 2)
    Arrow,
    /// Stata
    Dta,
    /// R: a data frame for `readRDS`
    Rds,
}

impl Format {
    /// The form that a file's name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "parquet" => Some(Self::Parquet),
            "csv" => Some(Self::Csv),
            "arrow" | "feather" | "ipc" => Some(Self::Arrow),
            "dta" => Some(Self::Dta),
            "rds" => Some(Self::Rds),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Writes the whole panel; how many rows there were. `notes` go into forms that can hold them.
pub fn write(
    panel: &Panel,
    format: Format,
    output: Option<&Path>,
    notes: &str,
) -> Result<usize, Trouble> {
    match format {
        Format::Text => text::show(panel, output),
        Format::Csv => text::csv(panel, output),
        Format::Parquet => parquet_file::write(panel, output, notes),
        Format::Arrow => arrow_file::write(panel, output, notes),
        Format::Dta => stata_file::write(panel, output),
        Format::Rds => r_file::write(panel, output),
    }
}

/// The number of rows that were written, and the finished output.
fn finish(out: Output, rows: usize) -> Result<usize, Trouble> {
    out.finish()?;
    Ok(rows)
}
