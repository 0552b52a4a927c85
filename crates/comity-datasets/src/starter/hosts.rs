//! Bases on foreign soil, written one a line and expanded to a row of `deployments` a year.
//!
//! `ccode,host,start,end,source_row`: whose it is, where, and the first and the last year.

use super::StarterError;
use super::text::Lines;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::ColumnType;

/// Expands every line.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let int = |column| lines.value(line, column, ColumnType::Int);
        let (sender, host) = (int("ccode")?, int("host")?);
        let (Value::Int(start), Value::Int(end)) = (int("start")?, int("end")?) else {
            return Err(lines.error(line, "a base needs its first and its last year"));
        };
        let pair = format!("{},{}", lines.cell(line, "ccode"), lines.cell(line, "host"));
        for year in start..=end {
            let cells = [
                ("ccode", sender.clone()),
                ("host", host.clone()),
                ("year", year.into()),
                ("bases", Value::Int(1)),
            ];
            rows.push(&cells, lines.source_row(line, &format!("{pair},{year}"))?);
        }
    }
    Ok(())
}
