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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::{Float64Type, Int32Type};
    use comity_record::schema::table;

    use super::*;
    use crate::starter::files::StarterFile;

    fn economy(values: &str) -> Result<arrow::array::RecordBatch, StarterError> {
        let file = StarterFile {
            source: "starter-economy",
            table: "growth",
            path: "economy/invented.csv",
            text: format!("ccode,values,source_row\n2,{values},World Bank\n").leak(),
        };
        let lines = Lines::read(Box::leak(Box::new(file)))?;
        let mut rows = TableRows::new(table("economy").unwrap(), "starter-economy");
        push_all(&lines, "gdp_growth", &[], &mut rows)?;
        Ok(rows.finish())
    }

    #[test]
    fn a_dot_is_a_year_without_a_figure() {
        let batch = economy("1961: 1.5 . -3 0").unwrap();
        let years = batch.column_by_name("year").unwrap().as_primitive::<Int32Type>();
        let growth = batch.column_by_name("gdp_growth").unwrap().as_primitive::<Float64Type>();
        assert_eq!(years.values(), &[1961, 1963, 1964]);
        assert_eq!(growth.values(), &[1.5, -3.0, 0.0]);
        for wrong in ["1961 1.5", "soon: 1", "1961: many"] {
            assert!(
                economy(wrong).unwrap_err().to_string().contains(wrong.split(": ").last().unwrap())
            );
        }
    }
}
