//! Figures by state and year, written one state a line and expanded to a row a year.
//!
//! `ccode,values,source_row`. `values` is a first year and the figures from then on, with a dot for a year without one: `1961: 1.5 2 . 3`.

use super::StarterError;
use super::text::Lines;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::ColumnType;

/// Expands every line: the figures go to `column`, beside cells that are the same on every row.
pub(super) fn push_all(
    lines: &Lines,
    column: &'static str,
    same: &[(&'static str, &'static str)],
    rows: &mut TableRows,
) -> Result<(), StarterError> {
    for line in &lines.rows {
        let ccode = lines.value(line, "ccode", ColumnType::Int)?;
        let text = lines.cell(line, "values");
        let wrong = || lines.error(line, format!("values: `{text}` is not `year: figures`"));
        let (first, figures) = text.split_once(':').ok_or_else(wrong)?;
        let first: i32 = first.trim().parse().map_err(|_| wrong())?;
        for (year, figure) in (first..).zip(figures.split_whitespace()).filter(|(_, f)| *f != ".") {
            let value = Value::parse(ColumnType::Float, figure)
                .map_err(|wanted| lines.error(line, format!("`{figure}` is not {wanted}")))?;
            let mut cells = vec![("ccode", ccode.clone()), ("year", year.into()), (column, value)];
            cells.extend(same.iter().map(|(name, text)| (*name, Value::from(*text))));
            rows.push(
                &cells,
                lines.source_row(line, &format!("{},{year}", lines.cell(line, "ccode")))?,
            );
        }
    }
    Ok(())
}
