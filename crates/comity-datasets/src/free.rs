//! A table of a user's own in any columns: to join to a panel, or to query beside the record. Nothing of it enters a record.
//!
//! A column is of whole numbers, numbers, days or texts: of the first of these that all of its cells are. In a column of numbers an empty
//! cell and what programs write for nothing (`NA`, `NaN`, `.`, …) are missing; in one of texts an empty cell and `NA` are, but for lists of
//! codes of two letters. An infinite number in a column of numbers is refused with its row.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};

use crate::cells::{Cell, Cells};
use crate::decimals;
use crate::error::ReadError;
use crate::find::file_name;
use crate::missing::{is_no_text, is_nothing, na_is_code};
use crate::own;
use crate::read::load;
use crate::row::shorten;

/// Reads a file with one table.
pub fn read(path: &Path) -> Result<RecordBatch, ReadError> {
    made(path).map_err(|error| match error.of_own_file() {
        // It is added to nothing.
        ReadError::Own { place, reason, help } => {
            let help = help.strip_suffix(" and add it again").unwrap_or(help);
            ReadError::Own { place, reason, help }
        }
        other => other,
    })
}

fn made(path: &Path) -> Result<RecordBatch, ReadError> {
    let file = file_name(path);
    let cells = own::cells(&file, &load(path)?)?;
    if let Some((column, reason)) = cells.unread.first() {
        let (column, reason) = (shorten(column), reason.clone());
        return Err(ReadError::Unread { file, column, reason });
    }
    let named: Vec<(String, ArrayRef)> = (0..cells.header.len())
        .filter(|at| !cells.header[*at].is_empty())
        .map(|at| Ok((cells.header[at].clone(), column(&cells, at)?)))
        .collect::<Result<_, ReadError>>()?;
    RecordBatch::try_from_iter(named)
        .map_err(|error| ReadError::Broken { file, reason: error.to_string() })
}

/// A cell of a column that may be of numbers.
enum Number {
    Missing,
    Whole(i64),
    Real(f64),
    Infinite,
    No,
}

fn number(cell: &Cell<'_>) -> Number {
    match cell {
        Cell::Missing => Number::Missing,
        Cell::Int(v) => Number::Whole(i64::from(*v)),
        Cell::Float(v) => real(*v),
        Cell::Date(_) => Number::No,
        Cell::Text(text) => match text.trim() {
            "" => Number::Missing,
            text if is_nothing(text) => Number::Missing,
            "TRUE" | "True" | "true" => Number::Whole(1),
            "FALSE" | "False" | "false" => Number::Whole(0),
            text => match text.parse::<i64>() {
                Ok(whole) => Number::Whole(whole),
                Err(_) => text.parse().map_or(Number::No, real),
            },
        },
    }
}

/// A number; whole where it is: as `2016.0` is written for a whole number in a column with gaps.
fn real(value: f64) -> Number {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        value if value.is_nan() => Number::Missing,
        value if value.is_infinite() => Number::Infinite,
        value if value.fract() == 0.0 && value.abs() <= EXACT => Number::Whole(value as i64),
        value => Number::Real(value),
    }
}

fn column(cells: &Cells, at: usize) -> Result<ArrayRef, ReadError> {
    let rows = 0..cells.len();
    let commas = decimals::stand_behind_commas(rows.clone().map(|row| cells.get(row, at)));
    let of = |row: usize| match cells.cell(row, at) {
        Cell::Text(text) if commas && text.contains(',') => {
            decimals::number(text).map_or(Number::No, real)
        }
        cell => number(&cell),
    };
    let numbers: Vec<Number> = rows.clone().map(of).collect();
    let known = numbers.iter().any(|n| !matches!(n, Number::Missing));
    if known && !numbers.iter().any(|n| matches!(n, Number::No)) {
        check_finite(cells, at, &numbers)?;
        let whole = |n: &Number| match n {
            Number::Whole(v) => Some(*v),
            _ => None,
        };
        if !numbers.iter().any(|n| matches!(n, Number::Real(_))) {
            return Ok(Arc::new(numbers.iter().map(whole).collect::<Int64Array>()));
        }
        let value = |n: &Number| match n {
            Number::Real(v) => Some(*v),
            n => whole(n).map(|v| v as f64),
        };
        return Ok(Arc::new(numbers.iter().map(value).collect::<Float64Array>()));
    }
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    let day = |row: usize| match cells.cell(row, at) {
        Cell::Date(day) => (day - epoch).get_days().into(),
        _ => None,
    };
    let is_day = |row: usize| matches!(cells.cell(row, at), Cell::Date(_) | Cell::Missing);
    if rows.clone().all(is_day) && rows.clone().any(|row| day(row).is_some()) {
        return Ok(Arc::new(rows.map(day).collect::<Date32Array>()));
    }
    let name = &cells.header[at];
    let na_is_code = na_is_code(name, rows.clone().map(|row| cells.get(row, at)));
    let text = |row: usize| {
        let there = |t: &&str| !t.is_empty() && (*t == "NA" && na_is_code || !is_no_text(name, t));
        Some(cells.get(row, at)).filter(there)
    };
    Ok(Arc::new(rows.map(text).collect::<StringArray>()))
}

/// A refusal of infinite numbers, as the logarithm of zero is written: no figure, and not missing either.
fn check_finite(cells: &Cells, at: usize, numbers: &[Number]) -> Result<(), ReadError> {
    let mut rows = (0..numbers.len()).filter(|row| matches!(numbers[*row], Number::Infinite));
    let Some(row) = rows.next() else { return Ok(()) };
    let others = match rows.count() {
        0 => String::new(),
        many => format!(" (nor are {many} further cells of the column)"),
    };
    Err(ReadError::Value {
        place: Box::new(cells.place(row)),
        column: cells.header[at].clone(),
        value: shorten(cells.get(row, at)),
        expected: format!("a finite number{others}: leave the cell empty where nothing is known"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::DataType;

    #[test]
    fn a_column_is_what_all_of_its_cells_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.csv");
        let text =
            "ccode,year,GDP per head,ok,note,code\n2,2016.0,1.5,TRUE,NA,NA\n20,NA,.,FALSE,a,XK\n";
        std::fs::write(&path, text).unwrap();
        let batch = read(&path).unwrap();
        let types: Vec<(String, DataType, usize)> = batch
            .schema()
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(f, c)| (f.name().clone(), f.data_type().clone(), c.null_count()))
            .collect();
        let wanted = [
            ("ccode", DataType::Int64, 0),
            ("year", DataType::Int64, 1),
            ("gdp_per_head", DataType::Float64, 1),
            ("ok", DataType::Int64, 0),
            ("note", DataType::Utf8, 1),
            ("code", DataType::Utf8, 0),
        ];
        assert_eq!(types, wanted.map(|(name, kind, nulls)| (name.to_owned(), kind, nulls)));
        std::fs::write(&path, "ccode,lgdp,word\n2,0.5,inf\n20,-Inf,a\n31,Inf,b\n").unwrap();
        let infinite = read(&path).unwrap_err().to_string();
        assert!(
            infinite.contains("mine.csv line 3 (row 2), column lgdp: \"-Inf\" is not a finite number (nor are 1 further cells of the column)"),
            "{infinite}"
        );
        std::fs::write(&path, "a;b;c\n1,5;1,234;1,2\n-0,25;2,000;x\n").unwrap();
        let german = read(&path).unwrap();
        let kinds: Vec<DataType> = german.columns().iter().map(|c| c.data_type().clone()).collect();
        assert_eq!(kinds, [DataType::Float64, DataType::Utf8, DataType::Utf8]);
        std::fs::write(&path, "a,b\n1\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("mine.csv line 2"));
    }
}
