//! Parquet, its row groups encoded beside the making of the rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::{Frame, Sink};
use crate::error::ReportError;

/// Rows of years in a row group.
const GROUP: usize = 128 * 1024;

pub(super) fn write(
    frame: &Frame<'_>,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::None)
        // The figures of a state come again with each of its partners: a page that is long enough holds them once.
        .set_data_page_row_count_limit(GROUP)
        .set_key_value_metadata(Some(vec![KeyValue::new("comity".to_owned(), notes.to_owned())]));
    let groups = frame.about();
    for field in frame.wide_schema().fields() {
        let column = ColumnPath::from(field.name().as_str());
        // Readers skip row groups by their keys; a column of small codes packs as well without a dictionary, and much faster.
        if groups.iter().any(|a| a.name == *field.name() && a.group.is_none()) {
            properties =
                properties.set_column_statistics_enabled(column.clone(), EnabledStatistics::Chunk);
        }
        match field.data_type() {
            DataType::Int32 | DataType::Int64 => {
                properties = properties.set_column_dictionary_enabled(column, false);
            }
            // Figures of a state come again and again: to find the repetition is faster than to number the values.
            DataType::Float64 => {
                properties = properties
                    .set_column_dictionary_enabled(column.clone(), false)
                    .set_column_compression(column, Compression::LZ4_RAW);
            }
            _ => {}
        }
    }
    let properties = properties.build();
    let writer = ArrowWriter::try_new(out, frame.wide_schema(), Some(properties))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let mut rows = 0;
    frame.each_wide(
        GROUP,
        |batch| (batch.num_rows(), encode(&factory, &batch)),
        |(many, columns)| {
            rows += many;
            let mut group = file.next_row_group()?;
            for column in columns? {
                column.append_to_row_group(&mut group)?;
            }
            group.close()?;
            Ok(())
        },
    )?;
    file.finish()?;
    Ok(rows)
}

fn encode(
    factory: &ArrowRowGroupWriterFactory,
    batch: &RecordBatch,
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    // What a page holds does not depend on which group it is in.
    let writers = factory.create_column_writers(0)?;
    let schema = batch.schema();
    let mut chunks = Vec::with_capacity(writers.len());
    for ((mut writer, field), column) in
        writers.into_iter().zip(schema.fields()).zip(batch.columns())
    {
        for leaf in compute_leaves(field, &Arc::clone(column))? {
            writer.write(&leaf)?;
        }
        chunks.push(writer.close()?);
    }
    Ok(chunks)
}
