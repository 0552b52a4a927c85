//! Stata, release 118: small types where the values fit, texts as strings of their greatest length, null as `.`.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int8Type, Int16Type, Int32Type};
use comity_panel::panel::Panel;
use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::dta_writer::DtaWriter;
use dta::stata::dta::header::Header;
use dta::stata::dta::release::Release;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;

use crate::exit::Trouble;
use crate::output::Output;

const ROWS: usize = 64 * 1024;
/// Stata counts days from 1960.
const EPOCH: i32 = 3_653;
/// The longest name, the longest fixed string, the most variables of the widest edition, and the most rows of the common ones.
const NAME: usize = 32;
const TEXT: usize = 2_045;
const VARIABLES: usize = 32_767;
const OBSERVATIONS: usize = 2_147_483_620;

pub(super) fn write(panel: &Panel, output: Option<&Path>) -> Result<usize, Trouble> {
    if output.is_none() {
        return Err(Trouble::new("a Stata file cannot be written to standard output")
            .help("name a file: --output panel.dta"));
    }
    let arrow = panel.schema();
    if arrow.fields().len() > VARIABLES {
        return Err(Trouble::new(format!(
            "Stata holds {VARIABLES} variables; the panel has {}",
            arrow.fields().len()
        )));
    }
    if panel.years_of_units() > OBSERVATIONS {
        return Err(Trouble::new("the panel has more rows than Stata holds")
            .help("ask for fewer years, or for --format parquet"));
    }
    let about = panel.about();
    let mut schema = Schema::builder();
    for field in arrow.fields() {
        let name = field.name();
        if name.len() > NAME {
            return Err(Trouble::new(format!(
                "Stata's names have at most {NAME} characters; `{name}` has {}",
                name.len()
            ))
            .help("choose other columns with --columns, or another format"));
        }
        let (kind, format) = match field.data_type() {
            DataType::Int8 => (VariableType::Byte, "%8.0g"),
            DataType::Int16 => (VariableType::Int, "%8.0g"),
            DataType::Int32 => (VariableType::Long, "%12.0g"),
            DataType::Date32 => (VariableType::Long, "%td"),
            DataType::Float64 => (VariableType::Double, "%10.0g"),
            _ => (VariableType::FixedString(80), "%-80s"),
        };
        let doc = about.iter().find(|a| a.name == *name).map_or("", |a| a.doc.as_str());
        let label: String = doc.chars().take(80).collect();
        schema = schema.add_variable(Variable::builder(kind, name).format(format).label(label));
    }
    let out = Output::open(output)?;
    let header = Header::builder(Release::V118, ByteOrder::LittleEndian)
        .dataset_label("Comity panel")
        .build();
    let mut writer = DtaWriter::new()
        .from_writer(out)
        .write_header(header)?
        .write_schema(schema.build()?)?
        .into_record_writer()?;
    let mut rows = 0;
    panel.each(
        ROWS,
        |batch| batch,
        |batch| {
            rows += batch.num_rows();
            let columns = columns(&batch)?;
            let mut values = Vec::with_capacity(columns.len());
            for row in 0..batch.num_rows() {
                values.clear();
                values.extend(columns.iter().map(|c| value(c, row)));
                writer.write_record(&values)?;
            }
            Ok::<_, Trouble>(())
        },
    )?;
    let out = writer.into_long_string_writer()?.into_value_label_writer()?.finish()?;
    super::finish(out, rows)
}

/// Texts without their dictionaries.
fn columns(batch: &RecordBatch) -> Result<Vec<ArrayRef>, Trouble> {
    let plain = |c: &ArrayRef| match c.data_type() {
        DataType::Dictionary(..) => cast(c, &DataType::Utf8),
        _ => Ok(c.clone()),
    };
    Ok(batch.columns().iter().map(plain).collect::<Result<_, _>>()?)
}

fn value(column: &ArrayRef, row: usize) -> Value<'_> {
    const NONE: MissingValue = MissingValue::System;
    let there = column.is_valid(row);
    match column.data_type() {
        DataType::Int8 => {
            let value = there.then(|| column.as_primitive::<Int8Type>().value(row));
            Value::Byte(
                value.filter(|v| *v <= 100).map_or(StataByte::Missing(NONE), StataByte::Present),
            )
        }
        DataType::Int16 => {
            let value = there.then(|| column.as_primitive::<Int16Type>().value(row));
            Value::Int(
                value.filter(|v| *v <= 32_740).map_or(StataInt::Missing(NONE), StataInt::Present),
            )
        }
        DataType::Int32 => {
            let value = there.then(|| column.as_primitive::<Int32Type>().value(row));
            Value::Long(value.map_or(StataLong::Missing(NONE), StataLong::Present))
        }
        DataType::Date32 => {
            let value = there.then(|| column.as_primitive::<Date32Type>().value(row) + EPOCH);
            Value::Long(value.map_or(StataLong::Missing(NONE), StataLong::Present))
        }
        DataType::Float64 => {
            let value = there.then(|| column.as_primitive::<Float64Type>().value(row));
            Value::Double(value.map_or(StataDouble::Missing(NONE), StataDouble::Present))
        }
        _ => {
            let text = if there { column.as_string::<i32>().value(row) } else { "" };
            let end = (0..=text.len().min(80.min(TEXT)))
                .rev()
                .find(|e| text.is_char_boundary(*e))
                .unwrap_or(0);
            Value::string(&text[..end])
        }
    }
}
