//! Excel workbooks, old and new: each sheet as comma-separated text, a line a row, so that a sheet is read as if it
//! had been saved as CSV.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Sheets, open_workbook_auto_from_rs};

/// Cells of one sheet that are looked at.
const MAX_CELLS: usize = 64 * 1024 * 1024;

/// Whether a zip is a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
    ["xl/workbook.xml", "xl/workbook.bin"].iter().any(|name| zip.by_name(name).is_ok())
}

/// Every sheet: its name and its text.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let broken = |e: calamine::Error| format!("it is no workbook that can be read ({e})");
    let mut book: Sheets<Cursor<&[u8]>> =
        open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        // A sheet of charts alone has no cells.
        let Ok(range) = book.worksheet_range(&name) else { continue };
        if range.height().saturating_mul(range.width()) > MAX_CELLS {
            return Err(format!("the sheet {name} has more cells than any dataset"));
        }
        if !range.is_empty() {
            sheets.push((name, text(&range)));
        }
    }
    Ok(sheets)
}

fn text(range: &Range<Data>) -> String {
    let mut text = String::new();
    // Rows above the first used one count, so that lines are those of the sheet.
    let first = range.start().map_or(0, |(row, _)| row);
    text.extend(std::iter::repeat_n('\n', first as usize));
    for row in range.rows() {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            quoted(&shown(cell), &mut text);
        }
        text.push('\n');
    }
    text
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Int(v) => v.to_string(),
        Data::Float(v) => v.to_string(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Bool(b) => u8::from(*b).to_string(),
        Data::DateTime(d) => {
            let (year, month, day, ..) = d.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(_) | Data::Empty => String::new(),
    }
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
