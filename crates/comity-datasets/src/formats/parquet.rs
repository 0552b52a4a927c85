//! Parquet files of other programs.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int32Type, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use crate::cells::{Data, NO_INT};

/// Rows of one file.
const MAX_ROWS: usize = 64 * 1024 * 1024;
/// Bytes that the columns of one file may come to.
const MAX_BYTES: usize = super::MAX_UNPACKED as usize;
/// What a cell takes at least, or the end of its text.
const CELL: usize = 8;

/// The columns by name; nested ones are left out.
pub(super) fn columns(bytes: &[u8]) -> Result<Vec<(String, Data)>, String> {
    let broken = |e: &dyn std::fmt::Display| {
        format!("it is a Parquet file that is cut off or damaged ({e})")
    };
    let bytes = Bytes::copy_from_slice(bytes);
    // The file's own schema alone: another program's notes on it may say anything.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&bytes, options.clone()).map_err(|e| broken(&e))?;
    let file = Arc::clone(metadata.metadata());
    let schema = Arc::clone(metadata.schema());
    let wanted: Vec<usize> = (0..schema.fields().len())
        .filter(|at| empty(schema.field(*at).data_type()).is_some())
        .collect();
    check(&file, wanted.len())?;
    let metadata =
        ArrowReaderMetadata::try_new(Arc::clone(&file), options.with_schema(views(&schema)))
            .map_err(|e| broken(&e))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata);
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let mut columns: Vec<(String, Data)> = wanted
        .iter()
        .filter_map(|at| {
            Some((schema.field(*at).name().clone(), empty(schema.field(*at).data_type())?))
        })
        .collect();
    let mut rows = 0;
    for batch in builder.with_projection(mask).build().map_err(|e| broken(&e))? {
        let batch = batch.map_err(|e| broken(&e))?;
        rows += batch.num_rows();
        let more: usize = batch.columns().iter().map(text_bytes).sum();
        let so_far: usize = columns.iter().map(|(_, data)| data.bytes()).sum();
        if rows > MAX_ROWS || so_far.saturating_add(more) > MAX_BYTES {
            return Err(too_much());
        }
        for ((_, data), array) in columns.iter_mut().zip(batch.columns()) {
            push(data, array).map_err(|e| broken(&e))?;
        }
    }
    Ok(columns)
}

fn too_much() -> String {
    format!(
        "it holds more than {MAX_ROWS} rows or {} MB, which no dataset of the field does",
        MAX_BYTES / (1024 * 1024)
    )
}

/// Refuses what says of itself that it is too large, or is packed as is not read.
fn check(file: &ParquetMetaData, columns: usize) -> Result<(), String> {
    let mut rows = 0_usize;
    let mut unpacked = 0_usize;
    for group in file.row_groups() {
        rows = rows.saturating_add(usize::try_from(group.num_rows()).unwrap_or(usize::MAX));
        for column in group.columns() {
            let size = usize::try_from(column.uncompressed_size()).unwrap_or(usize::MAX);
            unpacked = unpacked.saturating_add(size);
            let packed = match column.compression() {
                Compression::BROTLI(_) => "Brotli",
                Compression::LZO => "LZO",
                _ => continue,
            };
            return Err(format!(
                "it is packed with {packed}, which this program does not read; save it as zstd or snappy"
            ));
        }
    }
    let least = rows.saturating_mul(columns).saturating_mul(CELL);
    if rows > MAX_ROWS || least > MAX_BYTES || unpacked > MAX_BYTES {
        return Err(too_much());
    }
    Ok(())
}

/// The schema with texts as views: a text that many rows share is decoded once.
fn views(schema: &Schema) -> Arc<Schema> {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View))
        }
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

/// What the texts of a column come to.
fn text_bytes(array: &ArrayRef) -> usize {
    let Some(texts) = array.as_string_view_opt() else { return array.len() * CELL };
    texts.lengths().map(|length| length as usize + CELL).sum()
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
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
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
            let array = cast(array, &DataType::Utf8View)?;
            let texts = array.as_string_view();
            for row in 0..texts.len() {
                if !texts.is_null(row) {
                    super::push_text(texts.value(row).as_bytes(), false, text);
                }
                ends.push(text.len());
            }
        }
        Data::Labels { .. } | Data::Labelled { .. } => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use parquet::file::metadata::{ColumnChunkMetaData, FileMetaData, RowGroupMetaData};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    /// What a file of one column says of itself: its rows, and the bytes of the column.
    fn file(rows: i64, unpacked: i64) -> ParquetMetaData {
        let schema = parse_message_type("message m { required int32 a; }").unwrap();
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
        let column = ColumnChunkMetaData::builder(schema.column(0))
            .set_total_uncompressed_size(unpacked)
            .build()
            .unwrap();
        let group = RowGroupMetaData::builder(Arc::clone(&schema))
            .set_num_rows(rows)
            .set_column_metadata(vec![column])
            .build()
            .unwrap();
        ParquetMetaData::new(FileMetaData::new(1, rows, None, None, schema, None), vec![group])
    }

    #[test]
    fn what_a_file_says_of_itself_is_believed_before_it_is_decoded() {
        assert!(check(&file(1_000_000, 1_000), 100).is_ok());
        for (rows, unpacked, columns) in
            [(i64::MAX, 10, 1), (-1, 10, 1), (60_000_000, 10, 3), (10, 1 << 31, 1), (10, -1, 1)]
        {
            let told = check(&file(rows, unpacked), columns).unwrap_err();
            assert!(told.contains("which no dataset of the field does"), "{told}");
        }
    }
}
