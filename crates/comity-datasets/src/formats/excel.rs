//! Excel workbooks, old and new: each sheet as comma-separated text, a line a row, so that a sheet is read as if it
//! had been saved as CSV.

use std::io::Cursor;

use calamine::{Cell, DataRef, DataType, Reader, Xls, Xlsb, Xlsx};

/// Cells of one sheet that are looked at, the empty ones between the others among them.
const MAX_CELLS: usize = 64 * 1024 * 1024;
/// Cells of one sheet that hold something, and bytes of its text: a text that many cells share is written for each.
const MAX_FILLED: usize = 32 * 1024 * 1024;
const MAX_TEXT: usize = super::MAX_UNPACKED as usize;

/// Cells that hold something, by row and column.
type Filled<T> = Vec<(u32, u32, T)>;

/// A member that an old or new workbook has.
fn has(bytes: &[u8], name: &str) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|mut zip| zip.by_name(name).is_ok())
}

/// Whether a zip is a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    ["xl/workbook.xml", "xl/workbook.bin"].iter().any(|name| has(bytes, name))
}

/// Every sheet: its name and its text. A sheet of charts alone has no cells.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let broken = |e: &dyn std::fmt::Display| format!("it is no workbook that can be read ({e})");
    let mut sheets = Vec::new();
    if !bytes.starts_with(b"PK") {
        if !super::xls_room::sheets_fit(bytes) {
            return Err(too_many("it"));
        }
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        for (name, range) in book.worksheets() {
            let (top, left) = range.start().unwrap_or_default();
            let mut cells = Vec::new();
            for (row, column, cell) in range.used_cells() {
                cells.push((top + row as u32, left + column as u32, cell.clone()));
            }
            sheets.extend(text(&name, cells)?.map(|text| (name, text)));
        }
    } else if has(bytes, "xl/workbook.xml") {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        for name in book.sheet_names() {
            let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
            let cells = filled(&name, || reader.next_cell())?;
            sheets.extend(text(&name, cells)?.map(|text| (name, text)));
        }
    } else {
        let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        for name in book.sheet_names() {
            let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
            let cells = filled(&name, || reader.next_cell())?;
            sheets.extend(text(&name, cells)?.map(|text| (name, text)));
        }
    }
    Ok(sheets)
}

/// The cells of a sheet one after the other: never a room for all that could lie between them.
fn filled<'a, E: std::fmt::Display>(
    sheet: &str,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, E>,
) -> Result<Filled<DataRef<'a>>, String> {
    let mut cells = Vec::new();
    while let Some(cell) =
        next().map_err(|e| format!("the sheet {sheet} is cut off or damaged ({e})"))?
    {
        if *cell.get_value() == DataRef::Empty {
            continue;
        }
        let (row, column) = cell.get_position();
        cells.push((row, column, cell.get_value().clone()));
        if cells.len() > MAX_FILLED {
            return Err(too_many(&format!("the sheet {sheet}")));
        }
    }
    Ok(cells)
}

fn too_many(what: &str) -> String {
    format!(
        "{what} has more cells than any dataset; remove what lies far from its table, or save the table as CSV"
    )
}

/// A sheet as text; none if it is empty.
fn text<T: DataType>(sheet: &str, mut cells: Filled<T>) -> Result<Option<String>, String> {
    cells.sort_by_key(|(row, column, _)| (*row, *column));
    let columns = cells.iter().map(|(_, column, _)| *column);
    let (Some(left), Some(right)) = (columns.clone().min(), columns.max()) else { return Ok(None) };
    let (top, bottom) = (cells[0].0, cells[cells.len() - 1].0);
    let area = (bottom as usize + 1).saturating_mul((right - left) as usize + 1);
    if area > MAX_CELLS {
        return Err(too_many(&format!("the sheet {sheet}")));
    }
    let mut text = String::new();
    // Rows above the first used one count, so that lines are those of the sheet.
    text.extend(std::iter::repeat_n('\n', top as usize));
    let mut cells = cells.iter().peekable();
    for row in top..=bottom {
        for column in left..=right {
            if column > left {
                text.push(',');
            }
            let mut last = None;
            // A cell may stand there twice: the later one holds.
            while let Some((.., cell)) = cells.next_if(|(r, c, _)| (*r, *c) == (row, column)) {
                last = Some(cell);
            }
            if let Some(cell) = last {
                quoted(&shown(cell), &mut text);
            }
        }
        text.push('\n');
        if text.len() > MAX_TEXT {
            return Err(too_many(&format!("the sheet {sheet}")));
        }
    }
    Ok(Some(text))
}

fn shown(cell: &impl DataType) -> String {
    if let Some(date) = cell.get_datetime() {
        let (year, month, day, ..) = date.to_ymd_hms_milli();
        return format!("{year:04}-{month:02}-{day:02}");
    }
    let number = cell.get_int().map(|v| v.to_string());
    let number = number.or_else(|| cell.get_float().map(|v| v.to_string()));
    let number = number.or_else(|| cell.get_bool().map(|v| u8::from(v).to_string()));
    let text = || {
        cell.get_string().or_else(|| cell.get_datetime_iso()).or_else(|| cell.get_duration_iso())
    };
    number.or_else(|| text().map(str::to_owned)).unwrap_or_default()
}

/// One cell on one line: line ends inside become blanks.
fn quoted(cell: &str, into: &mut String) {
    let plain = !cell.contains(['"', ',', ';', '\t']) && !cell.contains(char::is_control);
    if plain {
        into.push_str(cell);
        return;
    }
    into.push('"');
    for c in cell.chars() {
        match c {
            '"' => into.push_str("\"\""),
            c if c.is_control() => into.push(' '),
            c => into.push(c),
        }
    }
    into.push('"');
}
