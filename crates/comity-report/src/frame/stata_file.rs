//! Stata, release 118: codes as `long`, counts and codes of states as `double`, texts as strings of their greatest length, null as `.`. What Stata cannot
//! hold is refused, not cut.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::dta_writer::DtaWriter;
use dta::stata::dta::header::Header;
use dta::stata::dta::release::Release;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_long::StataLong;

use super::{Frame, Sink, plain};
use crate::error::ReportError;

const ROWS: usize = 64 * 1024;
/// The greatest number that is no missing value.
const DOUBLE: f64 = 8.988_465_674_311_579e307;
/// Stata counts days from 1960.
const EPOCH: i32 = 3_653;
/// The longest name, the longest fixed string, the most variables of the widest edition, and the most rows of the common ones.
const NAME: usize = 32;
const TEXT: usize = 2_045;
const VARIABLES: usize = 32_767;
const OBSERVATIONS: usize = 2_147_483_620;

pub(super) fn write(frame: &Frame<'_>, out: &mut dyn Sink) -> Result<usize, ReportError> {
    let about = frame.about();
    let held;
    let (frame, answer) = match frame {
        Frame::Panel(panel) => (Frame::Panel(panel), None),
        Frame::Answer(batch) | Frame::Table(batch, _) => {
            held = plain(batch)?;
            (Frame::Answer(&held), Some(&held))
        }
    };
    let arrow = plain(&RecordBatch::new_empty(frame.schema()))?.schema();
    if arrow.fields().len() > VARIABLES {
        return Err(ReportError::new(format!(
            "Stata holds {VARIABLES} variables; here are {}",
            arrow.fields().len()
        )));
    }
    let rows = match &frame {
        Frame::Panel(panel) => panel.years_of_units(),
        Frame::Answer(batch) | Frame::Table(batch, _) => batch.num_rows(),
    };
    if rows > OBSERVATIONS {
        return Err(ReportError::new("there are more rows than Stata holds")
            .help("ask for fewer years, or for --format parquet"));
    }
    let mut schema = Schema::builder();
    for (at, field) in arrow.fields().iter().enumerate() {
        let name = field.name();
        check_name(name)?;
        let (kind, format) = match field.data_type() {
            DataType::Int32 => (VariableType::Long, "%12.0g".to_owned()),
            DataType::Date32 => (VariableType::Long, "%td".to_owned()),
            DataType::Float64 => (VariableType::Double, "%10.0g".to_owned()),
            _ => {
                let longest = match (&frame, answer) {
                    (Frame::Panel(panel), _) => panel.texts(at).as_deref().map_or(0, longest),
                    (_, Some(batch)) => longest(&texts(batch.column(at))?),
                    _ => 0,
                };
                if longest > TEXT {
                    return Err(ReportError::new(format!(
                        "Stata's texts have at most {TEXT} bytes; one in `{name}` has {longest}"
                    ))
                    .help("choose other columns, or another format"));
                }
                let width = longest.max(1);
                (VariableType::FixedString(width as u16), format!("%-{}s", width.min(80)))
            }
        };
        let doc = about.iter().find(|a| a.name == *name).map_or("", |a| a.doc.as_str());
        let label: String = doc.chars().take(80).collect();
        schema = schema.add_variable(Variable::builder(kind, name).format(format).label(label));
    }
    let header =
        Header::builder(Release::V118, ByteOrder::LittleEndian).dataset_label("Comity").build();
    let mut writer = DtaWriter::new()
        .from_writer(out)
        .write_header(header)?
        .write_schema(schema.build()?)?
        .into_record_writer()?;
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| plain(&batch),
        |batch| {
            let batch = batch?;
            let columns = columns(&batch)?;
            let mut values = Vec::with_capacity(columns.len());
            for row in 0..batch.num_rows() {
                values.clear();
                for (at, column) in columns.iter().enumerate() {
                    let value = value(column, row).ok_or_else(|| too_large(&batch, at, row))?;
                    values.push(value);
                }
                writer.write_record(&values)?;
            }
            rows += batch.num_rows();
            Ok(())
        },
    )?;
    writer.into_long_string_writer()?.into_value_label_writer()?.finish()?;
    Ok(rows)
}

/// Stata's names: letters, digits and underscores, not beginning with a digit.
fn check_name(name: &str) -> Result<(), ReportError> {
    if name.len() > NAME {
        return Err(ReportError::new(format!(
            "Stata's names have at most {NAME} characters; `{name}` has {}",
            name.len()
        ))
        .help("choose other columns, or another format"));
    }
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !name.starts_with(letter) || !name.chars().all(|c| letter(c) || c.is_ascii_digit()) {
        return Err(ReportError::new(format!("`{name}` is not a name in Stata"))
            .help("name the column: select count(*) as n …"));
    }
    Ok(())
}

fn too_large(batch: &RecordBatch, column: usize, row: usize) -> ReportError {
    let schema = batch.schema();
    let shown = arrow::util::display::array_value_to_string(batch.column(column), row);
    ReportError::new(format!(
        "`{}` has {}, which is not a number in Stata",
        schema.field(column).name(),
        shown.unwrap_or_default()
    ))
    .help("choose other columns, or --format parquet")
}

/// A column of texts without a dictionary.
fn texts(column: &ArrayRef) -> Result<StringArray, ReportError> {
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn longest(texts: &StringArray) -> usize {
    (0..texts.len()).filter(|r| texts.is_valid(*r)).map(|r| texts.value(r).len()).max().unwrap_or(0)
}

fn columns(batch: &RecordBatch) -> Result<Vec<ArrayRef>, ReportError> {
    let plain = |c: &ArrayRef| match c.data_type() {
        DataType::Dictionary(..) => cast(c, &DataType::Utf8),
        _ => Ok(c.clone()),
    };
    Ok(batch.columns().iter().map(plain).collect::<Result<_, _>>()?)
}

/// A cell; none where Stata cannot hold its number: it keeps the greatest of a type for missing values.
fn value(column: &ArrayRef, row: usize) -> Option<Value<'_>> {
    const NONE: MissingValue = MissingValue::System;
    let there = column.is_valid(row);
    Some(match column.data_type() {
        DataType::Int32 => long(there.then(|| column.as_primitive::<Int32Type>().value(row)))?,
        DataType::Date32 => {
            let day = there.then(|| column.as_primitive::<Date32Type>().value(row));
            long(day.map(|day| day.saturating_add(EPOCH)))?
        }
        DataType::Float64 => {
            match there.then(|| column.as_primitive::<Float64Type>().value(row)) {
                None => Value::Double(StataDouble::Missing(NONE)),
                Some(v) if v.abs() <= DOUBLE => Value::Double(StataDouble::Present(v)),
                // Larger, infinite, or no number at all.
                Some(_) => return None,
            }
        }
        _ => Value::string(if there { column.as_string::<i32>().value(row) } else { "" }),
    })
}

fn long(value: Option<i32>) -> Option<Value<'static>> {
    match value {
        None => Some(Value::Long(StataLong::Missing(MissingValue::System))),
        Some(v @ -2_147_483_647..=2_147_483_620) => Some(Value::Long(StataLong::Present(v))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Float64Array;

    use super::*;

    #[test]
    fn what_stata_keeps_for_missing_values_is_refused_and_null_alone_is_missing() {
        let least_missing = f64::from_bits(DOUBLE.to_bits() + 1);
        let refused = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, least_missing];
        let held = [DOUBLE, -DOUBLE, 0.0, f64::MIN_POSITIVE];
        for (values, holds) in [(&refused[..], false), (&held[..], true)] {
            let column: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
            for (row, number) in values.iter().enumerate() {
                assert_eq!(value(&column, row).is_some(), holds, "{number}");
            }
        }
        let none: ArrayRef = Arc::new(Float64Array::from(vec![None]));
        let missing = Value::Double(StataDouble::Missing(MissingValue::System));
        assert_eq!(value(&none, 0), Some(missing));
    }
}
