//! Parquet files of other programs.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::super::cells::{Data, NO_INT};

/// Rows of one file.
const MAX_ROWS: usize = 64 * 1024 * 1024;

/// The columns by name; nested ones are left out.
pub(super) fn columns(bytes: &[u8]) -> Result<Vec<(String, Data)>, String> {
    let broken = |e: &dyn std::fmt::Display| {
        format!("it is a Parquet file that is cut off or damaged ({e})")
    };
    // The file's own schema alone: another program's notes on it may say anything.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(
        Bytes::copy_from_slice(bytes),
        options,
    )
    .map_err(|e| broken(&e))?;
    let schema = builder.schema().clone();
    let mut columns: Vec<Option<Data>> =
        schema.fields().iter().map(|f| empty(f.data_type())).collect();
    let mut rows = 0;
    for batch in builder.build().map_err(|e| broken(&e))? {
        let batch = batch.map_err(|e| broken(&e))?;
        rows += batch.num_rows();
        if rows > MAX_ROWS {
            return Err("it has more rows than any dataset".into());
        }
        for (data, array) in columns.iter_mut().zip(batch.columns()) {
            if let Some(data) = data {
                push(data, array).map_err(|e| broken(&e))?;
            }
        }
    }
    let named = schema.fields().iter().zip(columns);
    Ok(named.filter_map(|(f, data)| Some((f.name().clone(), data?))).collect())
}

fn empty(kind: &DataType) -> Option<Data> {
    Some(match kind {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::UInt8
        | DataType::UInt16 => Data::Int(Vec::new()),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Data::Date(Vec::new()),
        kind if kind.is_numeric() => Data::Float(Vec::new()),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
            Data::Text { text: String::new(), ends: Vec::new() }
        }
        _ => return None,
    })
}

fn push(data: &mut Data, array: &ArrayRef) -> Result<(), arrow::error::ArrowError> {
    match data {
        Data::Int(v) => {
            let array = cast(array, &DataType::Int32)?;
            v.extend(array.as_primitive::<Int32Type>().iter().map(|x| x.unwrap_or(NO_INT)));
        }
        Data::Date(v) => {
            let array = cast(array, &DataType::Date32)?;
            v.extend(array.as_primitive::<Date32Type>().iter().map(|x| x.unwrap_or(NO_INT)));
        }
        Data::Float(v) => {
            let array = cast(array, &DataType::Float64)?;
            v.extend(array.as_primitive::<Float64Type>().iter().map(|x| x.unwrap_or(f64::NAN)));
        }
        Data::Text { text, ends } => {
            let array = cast(array, &DataType::Utf8)?;
            let texts = array.as_string::<i32>();
            for row in 0..texts.len() {
                if !texts.is_null(row) {
                    super::push_text(texts.value(row).as_bytes(), false, text);
                }
                ends.push(text.len());
            }
        }
        Data::Labels { .. } => {}
    }
    Ok(())
}
