//! Tables of a user's own, to be joined to a panel.

use std::path::Path;

use comity_panel::Joined;

use crate::Error;

/// The table in a file (CSV, Excel, R, Stata, Parquet), named after it, to be joined to a panel ([`crate::PanelRequest::joined`]).
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// let file = folder.path().join("mine.csv");
/// std::fs::write(&file, "ccode,year,x\n710,1950,1.5\n")?;
/// let mine = comity::joined(&file)?;
/// assert_eq!((mine.name.as_str(), mine.table.num_rows()), ("mine", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A file that cannot be read as a table.
pub fn joined(path: &Path) -> Result<Joined, Error> {
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
    Ok(Joined { name: name.unwrap_or_default(), table: comity_datasets::free::read(path)? })
}
