//! Trade agreements written one a line, and expanded to a row per member.
//!
//! `agreement_id,name,kind,members,source_row`. `members` holds `ccode=start..end`.

use super::StarterError;
use super::participation::Item;
use super::text::Lines;
use comity_record::rows::TableRows;

/// Expands every line.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let id = lines.cell(line, "agreement_id");
        for text in lines.cell(line, "members").split_whitespace() {
            let member = Item::read(lines, line, text)?;
            let cells = [
                ("agreement_id", id.into()),
                ("name", lines.cell(line, "name").into()),
                ("ccode", member.ccode.into()),
                ("kind", lines.cell(line, "kind").into()),
                ("start", member.start.day.into()),
                ("start_year", member.start.year.into()),
                ("end", member.end.day.into()),
                ("end_year", member.end.year.into()),
            ];
            let key = format!("{id},{},{text}", member.ccode);
            rows.push(&cells, lines.source_row(line, &key)?);
        }
    }
    Ok(())
}
