//! Excel workbooks, old and new: each sheet as comma-separated text, a line a row, so that a sheet is read as if it
//! had been saved as CSV.

use std::io::Cursor;

use calamine::{Cell, DataRef, DataType, Reader, SheetType, Xls, Xlsb, Xlsx, XlsxError};

use super::budget::Budget;

/// A member that an old or new workbook has.
fn has(bytes: &[u8], name: &str) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|mut zip| zip.by_name(name).is_ok())
}

/// Whether a zip is a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    ["xl/workbook.xml", "xl/workbook.bin"].iter().any(|name| has(bytes, name))
}

/// The text of a sheet, or why there is none.
type Sheet = (String, Result<String, String>);

/// Every sheet: its name and its text. A sheet of charts alone has no cells; one that cannot be read says why.
pub(super) fn sheets(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, String> {
    let broken = |e: &dyn std::fmt::Display| format!("it is not a workbook that can be read ({e})");
    let unread = |e: &dyn std::fmt::Display| format!("it is cut off or damaged ({e})");
    let mut sheets = Vec::new();
    if !bytes.starts_with(b"PK") {
        super::xls_room::check(bytes, budget)?;
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        for (name, range) in book.worksheets() {
            let (top, left) = range.start().unwrap_or_default();
            let mut cells = Cells::default();
            for (row, column, cell) in range.used_cells() {
                cells.push(&name, top + row as u32, left + column as u32, cell, budget)?;
            }
            sheets.extend(cells.text(&name, budget)?.map(|text| (name, Ok(text))));
        }
    } else if has(bytes, "xl/workbook.xml") {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        for name in book.sheet_names() {
            match book.worksheet_cells_reader(&name) {
                Ok(mut reader) => {
                    let text = filled(&name, || reader.next_cell(), budget)?;
                    sheets.extend(text.map(|text| (name, text)));
                }
                Err(XlsxError::NotAWorksheet(_)) => {}
                Err(e) => sheets.push((name, Err(unread(&e)))),
            }
        }
    } else {
        let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        let tables = book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet);
        let names: Vec<String> = tables.map(|sheet| sheet.name.clone()).collect();
        for name in names {
            match book.worksheet_cells_reader(&name) {
                Ok(mut reader) => {
                    let text = filled(&name, || reader.next_cell(), budget)?;
                    sheets.extend(text.map(|text| (name, text)));
                }
                Err(e) => sheets.push((name, Err(unread(&e)))),
            }
        }
    }
    Ok(sheets)
}

/// The text of a sheet from its cells one after the other: never a room for all that could lie between them.
fn filled<'a, E: std::fmt::Display>(
    sheet: &str,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, E>,
    budget: &mut Budget,
) -> Result<Option<Result<String, String>>, String> {
    let mut cells = Cells::default();
    loop {
        match next() {
            Ok(Some(cell)) if *cell.get_value() == DataRef::Empty => {}
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                cells.push(sheet, row, column, cell.get_value(), budget)?;
            }
            Ok(None) => return Ok(cells.text(sheet, budget)?.map(Ok)),
            Err(e) => return Ok(Some(Err(format!("it is cut off or damaged ({e})")))),
        }
    }
}

/// The cells of a sheet that hold something: where each stands, and its text among that of all.
#[derive(Default)]
struct Cells {
    at: Vec<(u32, u32, usize, usize)>,
    text: String,
}

impl Cells {
    fn push(
        &mut self,
        sheet: &str,
        row: u32,
        column: u32,
        cell: &impl DataType,
        budget: &mut Budget,
    ) -> Result<(), String> {
        let from = self.text.len();
        quoted(&shown(cell), &mut self.text);
        let to = self.text.len();
        self.at.push((row, column, from, to));
        // A text that many cells share is written for each.
        let counted = budget.made(to - from + size_of::<(u32, u32, usize, usize)>());
        counted.map_err(|limit| format!("the sheet {sheet} {limit}"))
    }

    /// All of it, a line a row; none if it is empty.
    fn text(mut self, sheet: &str, budget: &mut Budget) -> Result<Option<String>, String> {
        // A cell may stand there twice: the later one holds.
        if !self.at.is_sorted_by_key(|(row, column, ..)| (*row, *column)) {
            self.at.sort_by_key(|(row, column, ..)| (*row, *column));
        }
        let columns = self.at.iter().map(|(_, column, ..)| *column);
        let (Some(left), Some(right)) = (columns.clone().min(), columns.max()) else {
            return Ok(None);
        };
        let (top, bottom) = (self.at[0].0, self.at[self.at.len() - 1].0);
        let (rows, width) = (bottom as usize + 1, (right - left) as usize + 1);
        let area = rows.saturating_mul(width);
        let counted = budget.cells(area).and_then(|()| budget.made(area));
        counted.map_err(|limit| format!("the sheet {sheet} {limit}"))?;
        let mut text = String::with_capacity(self.text.len() + area);
        // Rows above the first used one count, so that lines are those of the sheet.
        text.extend(std::iter::repeat_n('\n', top as usize));
        let mut cells = self.at.iter().peekable();
        for row in top..=bottom {
            for column in left..=right {
                if column > left {
                    text.push(',');
                }
                let mut last = "";
                while let Some((.., from, to)) =
                    cells.next_if(|(r, c, ..)| (*r, *c) == (row, column))
                {
                    last = &self.text[*from..*to];
                }
                text.push_str(last);
            }
            text.push('\n');
        }
        Ok(Some(text))
    }
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
