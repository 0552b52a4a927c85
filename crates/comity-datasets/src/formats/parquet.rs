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

use super::budget::{Budget, TooMuch};
use super::parquet_pages::{footer_fits, unpacked};
use crate::cells::{Data, NO_INT};

/// What the end of a text takes, and a number as text.
const CELL: usize = 8;
const NUMBER: usize = 24;

/// The columns by name; nested ones are not read, and say so.
pub(super) fn columns(bytes: &Bytes, budget: &mut Budget) -> Result<Vec<(String, Data)>, String> {
    let broken = |e: &dyn std::fmt::Display| {
        format!("it is a Parquet file that is cut off or damaged ({e})")
    };
    if !footer_fits(bytes) {
        return Err(broken(&"its footer is longer than what it describes"));
    }
    let bytes = bytes.clone();
    // The file's own schema alone: another program's notes on it may say anything.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&bytes, options.clone()).map_err(|e| broken(&e))?;
    let file = Arc::clone(metadata.metadata());
    let schema = Arc::clone(metadata.schema());
    let wanted: Vec<usize> = (0..schema.fields().len())
        .filter(|at| empty(schema.field(*at).data_type()).is_some())
        .collect();
    check(&file, wanted.len(), budget)?;
    pages(&file, &bytes)?;
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
    for batch in builder.with_projection(mask).build().map_err(|e| broken(&e))? {
        let batch = batch.map_err(|e| broken(&e))?;
        budget.made(batch.columns().iter().map(text_bytes).sum())?;
        for ((_, data), array) in columns.iter_mut().zip(batch.columns()) {
            push(data, array).map_err(|e| broken(&e))?;
        }
    }
    let all = schema.fields().iter();
    let nested = all.filter(|field| empty(field.data_type()).is_none()).map(|field| {
        let kind = super::clean(&field.data_type().to_string());
        let reason =
            format!("it holds values of the type {kind}, which is not read; save it as text");
        (field.name().clone(), Data::Unread(reason))
    });
    columns.extend(nested);
    Ok(columns)
}

/// Refuses pages that say that they unpack to more than their file may.
fn pages(file: &ParquetMetaData, bytes: &[u8]) -> Result<(), String> {
    let mut pages = Budget::of_file();
    for column in
        file.row_groups().iter().flat_map(parquet::file::metadata::RowGroupMetaData::columns)
    {
        let start = column.dictionary_page_offset().filter(|at| *at > 0);
        let start = start.unwrap_or(i64::MAX).min(column.data_page_offset());
        let part = usize::try_from(start).ok().zip(usize::try_from(column.compressed_size()).ok());
        let part = part.and_then(|(at, length)| bytes.get(at..at.checked_add(length)?));
        let Some(size) = part.and_then(unpacked) else {
            return Err("it is a Parquet file that is cut off or damaged (its pages do not follow each other)".into());
        };
        pages.made(size)?;
    }
    Ok(())
}

/// Refuses what says of itself that it is too large, or is packed as is not read.
fn check(file: &ParquetMetaData, columns: usize, budget: &mut Budget) -> Result<(), String> {
    let mut rows = 0_usize;
    for group in file.row_groups() {
        rows = rows.saturating_add(usize::try_from(group.num_rows()).unwrap_or(usize::MAX));
        for column in group.columns() {
            let packed = match column.compression() {
                Compression::BROTLI(_) => "Brotli",
                Compression::LZO => "LZO",
                _ if column.uncompressed_size() < 0 => return Err(TooMuch::Bytes.into()),
                _ => continue,
            };
            return Err(format!(
                "it is packed with {packed}, which this program does not read; save it as zstd or snappy"
            ));
        }
    }
    Ok(budget.table(rows, columns)?)
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
    let Some(texts) = array.as_string_view_opt() else { return array.len() * NUMBER };
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
        // What a number of 64 bits may not hold is text.
        DataType::UInt32 | DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            Data::Float(Vec::new())
        }
        kind if kind.is_numeric() => Data::Text { text: String::new(), ends: Vec::new() },
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
            let array = match array.data_type() {
                kind if kind.is_numeric() => {
                    cast(&cast(array, &DataType::Utf8)?, &DataType::Utf8View)?
                }
                _ => cast(array, &DataType::Utf8View)?,
            };
            let texts = array.as_string_view();
            for row in 0..texts.len() {
                if !texts.is_null(row) {
                    super::push_text(texts.value(row).as_bytes(), false, text);
                }
                ends.push(text.len());
            }
        }
        Data::Labels { .. } | Data::Labelled { .. } | Data::Unread(_) => {}
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
        let check =
            |rows, unpacked, columns| check(&file(rows, unpacked), columns, &mut Budget::of_file());
        assert!(check(1_000_000, 1_000, 100).is_ok());
        for (rows, unpacked, columns) in
            [(i64::MAX, 10, 1), (-1, 10, 1), (60_000_000, 10, 3), (10, -1, 1)]
        {
            let refusal = check(rows, unpacked, columns).unwrap_err();
            assert!(refusal.contains("dataset of the field"), "{refusal}");
        }
    }

    #[test]
    fn a_name_in_the_message_of_the_library_is_safe_to_print() {
        let text: ArrayRef = Arc::new(arrow::array::StringArray::from(vec!["a"]));
        let batch = arrow::array::RecordBatch::try_from_iter([("name", text)]).unwrap();
        let mut bytes = comity_record::store::parquet(&batch).unwrap();
        // The text is called a map, which the library refuses by its name: one that a terminal would obey.
        let was = b"\x04name\x25\x00";
        let at = bytes.windows(was.len()).position(|w| w == was).unwrap();
        bytes[at..at + was.len()].copy_from_slice(b"\x04na\x1b[\x25\x02");
        let told = super::super::parts("f", &bytes).unwrap_err().to_string();
        assert!(told.contains("na?[") && !told.contains(char::is_control), "{told:?}");
    }
}
